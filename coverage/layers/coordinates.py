"""Degrees as people write them: 103.914, 103,914, 103°54'50,4"Đ; and longitude put where latitude belongs."""

import re
from typing import Any

import numpy as np
import pandas as pd

from coverage.layers.text import clean

VIETNAM_LON = (102.0, 118.0)
"""Degrees; to the Trường Sa islands, which belong to Khánh Hòa."""
VIETNAM_LAT = (8.0, 23.5)

_SIGNS = {"N": 1, "B": 1, "E": 1, "Đ": 1, "D": 1, "S": -1, "W": -1, "T": -1}
"""North/Bắc, East/Đông, South, West/Tây. N is never Nam: nothing in Vietnam lies south of the equator."""
_HEMISPHERE = r"[NSEWBĐDT]"
_DEGREE, _MINUTE, _SECOND = r"(?:[°º˚*:d]|deg|độ)", r"(?:['’′´‘:m]|phút)", r"""(?:["”″“s]|''|’’|′′|giây)"""
_DMS = re.compile(
    rf"""(?P<before>{_HEMISPHERE})?\s*(?P<sign>[+-])?\s*
    (?P<deg>\d{{1,3}}(?:[.,]\d+)?)
    (?:(?:\s*{_DEGREE}\s*|\s+)(?P<min>\d{{1,2}}(?:[.,]\d+)?)
       (?:(?:\s*{_MINUTE}\s*|\s+)(?P<sec>\d{{1,2}}(?:[.,]\d+)?)\s*{_SECOND}?|\s*{_MINUTE})?
      |\s*{_DEGREE})?
    \s*(?P<after>{_HEMISPHERE})?""",
    re.VERBOSE | re.IGNORECASE,
)

_PLAIN = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
"""What most cells hold; anything else takes the long way."""


def to_degrees(raw: pd.Series) -> tuple[pd.Series, pd.Series]:
    """
    Read a column of longitudes or latitudes.

    Parameters
    ----------
    raw
        Decimal degrees with a point or a comma, or degrees, minutes and seconds with or without a hemisphere.

    Returns
    -------
    tuple[Series, Series]
        float64 degrees, NaN where empty; and a mask of cells that hold no angle.
    """
    cells = [_degrees(value) for value in raw]
    degrees = pd.Series([value for value, _ in cells], index=raw.index, dtype="float64")
    return degrees, pd.Series([not understood for _, understood in cells], index=raw.index, dtype=bool)


def swapped(lon: pd.Series, lat: pd.Series) -> pd.Series:
    """Return a mask of points whose two numbers only make sense, in Vietnam, the other way round."""
    return lon.between(*VIETNAM_LAT) & lat.between(*VIETNAM_LON)


def _degrees(value: Any) -> tuple[float, bool]:
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return (float(value), True) if not np.isinf(value) else (np.nan, False)
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return float(value), True
    text = clean(value)
    if text is None or text.casefold() in {"nan", "-", "na", "n/a", "null"}:
        return np.nan, True
    found = _DMS.fullmatch(text)
    if found is None or (found["before"] and found["after"]) or (found["sign"] and (found["before"] or found["after"])):
        return np.nan, False
    degrees, minutes, seconds = (float((found[part] or "0").replace(",", ".")) for part in ("deg", "min", "sec"))
    if minutes >= 60 or seconds >= 60 or (found["min"] and not degrees.is_integer()):
        return np.nan, False
    hemisphere = found["before"] or found["after"]
    sign = -1 if found["sign"] == "-" else _SIGNS[hemisphere.upper()] if hemisphere else 1
    return sign * (degrees + minutes / 60 + seconds / 3600), True
