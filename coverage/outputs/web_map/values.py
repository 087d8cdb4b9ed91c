"""Values as a page reads them: JSON that is safe inside it, columns as lists, the view that holds most points."""

import json
import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

VIEW_GAP_DEG = 0.75
"""Villages beyond an empty stretch this wide, such as islands, do not widen the first view."""


def to_json(data: Any) -> str:
    """Return JSON that is safe inside a `<script>` block and inside a template."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)


def main_view(points: pd.DataFrame) -> list[list[float]] | None:
    """Return south-west and north-east of the main body of points with `lon` and `lat`; None without any."""
    lon, lat = numbers(points["lon"]), numbers(points["lat"])
    keep = np.isfinite(lon) & np.isfinite(lat)
    if not keep.any():
        return None
    for axis in (lon, lat):
        keep[keep] = _main_body(axis[keep])
    return [[float(lat[keep].min()), float(lon[keep].min())], [float(lat[keep].max()), float(lon[keep].max())]]


def _main_body(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Cut an axis at its wide gaps and mark the part that holds most points."""
    order = np.argsort(values, kind="stable")
    part = np.concatenate([[0], np.cumsum(np.diff(values[order]) > VIEW_GAP_DEG)])
    keep = np.zeros(len(values), dtype=bool)
    keep[order] = part == np.bincount(part).argmax()
    return keep


def numbers(values: pd.Series) -> NDArray[np.float64]:
    """Return numbers, NaN where there is none."""
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def rounded(values: pd.Series, decimals: int) -> list[float | int | None]:
    """Return numbers as JSON has them, None where there is none."""
    near = np.round(numbers(values), decimals)
    known = np.isfinite(near)
    whole = known & (near == np.floor(near))
    found = near.astype(object)
    found[~known] = None
    found[whole] = near[whole].astype(np.int64)
    rows: list[float | int | None] = found.tolist()
    return rows


def strings(values: pd.Series) -> list[str]:
    """Return text, empty where there is none."""
    known = values.notna().to_numpy(dtype=bool)
    return [str(value) if there else "" for value, there in zip(values.to_numpy(dtype=object), known, strict=True)]


def flags(values: pd.Series) -> list[int | None]:
    """Return 1 and 0, None where it is not known."""
    return [None if pd.isna(value) else int(bool(value)) for value in values]
