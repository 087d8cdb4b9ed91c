"""What stands in a cell, as text, number, integer or yes/no; what cannot be understood is pointed at, not guessed."""

import re
from typing import Any

import numpy as np
import pandas as pd

from coverage.layers.text import clean, fold

_YES = frozenset({"co", "yes", "y", "true", "1", "x", "roi", "daco", "dung"})
_NO = frozenset({"khong", "no", "n", "false", "0", "k", "chua", "chuaco", "khongco", "sai"})
_NOTHING = frozenset({"", "nan", "na", "null", "none"})
"""Folded, so that `-`, `N/A` and `#N/A` count too. For numbers and flags only: a village may be called Na or Nan."""
_THOUSANDS = re.compile(r"[+-]?\d{1,3}((\.\d{3})+|(,\d{3})+)")

_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
"""What most cells hold; anything else takes the long way."""


def to_text(raw: pd.Series) -> pd.Series:
    """Return text, NaN where a cell is empty."""
    return pd.Series([clean(value) for value in raw], index=raw.index, dtype="str")


def to_number(raw: pd.Series, *, integer: bool = False) -> tuple[pd.Series, pd.Series]:
    """
    Read numbers written with a point or a comma.

    Parameters
    ----------
    raw
        Cells as the file holds them.
    integer
        Whole numbers are expected, so `1.234` is one thousand two hundred and thirty-four.

    Returns
    -------
    tuple[Series, Series]
        float64 or Int64 with NaN or NA where a cell is empty; and a mask of cells that hold no such number.
    """
    if pd.api.types.is_numeric_dtype(raw.dtype) and not pd.api.types.is_bool_dtype(raw.dtype):
        values = raw.to_numpy(dtype=float, na_value=np.nan)
        bad = np.isinf(values)
    else:
        cells = [_number(value, integer=integer) for value in raw]
        values = np.array([value for value, _ in cells], dtype=float)
        bad = np.array([not understood for _, understood in cells], dtype=bool)
    if integer:
        bad = bad | (~np.isnan(values) & (values != np.round(values)))
    bad = bad | (np.abs(values) > 2**53)
    series = pd.Series(np.where(bad, np.nan, values), index=raw.index)
    return (series.astype("Int64") if integer else series), pd.Series(bad, index=raw.index)


def to_flag(raw: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return nullable booleans from có/không, yes/no, 1/0, true/false or x; and a mask of cells that say neither."""
    folded = pd.Series([fold(clean(value) or "") for value in raw], index=raw.index, dtype=object)
    yes, no = folded.isin(_YES), folded.isin(_NO)
    values = pd.Series(pd.NA, index=raw.index, dtype="boolean")
    values[yes], values[no] = True, False
    return values, ~(yes | no | folded.isin(_NOTHING))


def _number(value: Any, *, integer: bool) -> tuple[float, bool]:
    """Return a number, or NaN, and whether the cell was understood."""
    if isinstance(value, bool | np.bool_):
        return np.nan, False
    if isinstance(value, int | float | np.number):
        return (float(value), True) if not np.isinf(value) else (np.nan, False)
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not (integer and "." in value):
        return float(value), True
    text = (clean(value) or "").replace(" ", "").replace("−", "-")
    if fold(text) in _NOTHING:
        return np.nan, True
    if integer and _THOUSANDS.fullmatch(text):
        text = re.sub("[.,]", "", text)
    elif "," in text and "." in text:
        decimal = max(",", ".", key=text.rfind)
        whole, _, fraction = text.rpartition(decimal)
        grouped = _THOUSANDS.fullmatch(whole) and decimal not in whole
        text = f"{re.sub('[.,]', '', whole)}.{fraction}" if grouped else "?"
    elif text.count(",") > 1 or text.count(".") > 1:
        text = re.sub("[.,]", "", text) if _THOUSANDS.fullmatch(text) else "?"
    else:
        text = text.replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return np.nan, False
    return (number, True) if np.isfinite(number) and "_" not in text else (np.nan, False)
