"""Boundaries of communes: they meet without overlap or gap and enclose the area that is stated."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from coverage.layers.draft import Draft

_EQUAL_AREA = "EPSG:6933"
_AREA_PERCENT = 5.0
_SLIVER_M = 25.0
"""What is narrower than this is how lines are drawn: half a millimetre at 1:50,000."""
_LEAST_M2 = 10_000.0
"""Smaller than a hectare holds no village."""
_CLOSED_M = 50.0
"""A gap that opens outwards is found up to twice this wide; one that is closed all around, whatever its width."""


def check_borders(draft: Draft, crs: CRS) -> None:
    """Note communes that overlap or leave a gap between them; `crs` measures."""
    frame = draft.frame
    shapes = frame.geometry.to_crs(crs)[frame.geometry.notna()]
    _overlaps(draft, shapes)
    _gaps(draft, shapes)


def check_area(draft: Draft) -> None:
    """Note communes whose stated area is not the one they are drawn with."""
    stated_km2 = draft.frame["area_km2"]
    drawn_km2 = draft.frame.geometry.to_crs(_EQUAL_AREA).area / 1e6
    drawn_km2 = drawn_km2.where(draft.frame.geometry.notna() & (drawn_km2 > 0))
    off = (stated_km2 - drawn_km2).abs() > drawn_km2 * _AREA_PERCENT / 100
    draft.report(
        off,
        lambda row: (
            f"commune {row['code']} {row['name']} of {row['area_km2']:.4g} km² "
            f"is drawn with {drawn_km2[row.name]:.4g} km²"
        ),
        f"the same area to {_AREA_PERCENT:g} %",
        "Check the boundary; the stated area may be of another date.",
        column="area_km2",
        fatal=False,
        kind="area_differs",
    )


def _overlaps(draft: Draft, shapes: gpd.GeoSeries) -> None:
    values = shapes.to_numpy()
    one, other = shapely.STRtree(values).query(values, predicate="intersects")
    one, other = one[one < other], other[one < other]
    number, parts = _wide_parts(shapely.intersection(values[one], values[other]))
    both = np.concatenate([one[number], other[number]])
    with_them = np.concatenate([other[number], one[number]])
    found = pd.DataFrame({"commune": both, "with": with_them, "area_m2": np.tile(shapely.area(parts), 2)})
    largest = found.sort_values("area_m2", ascending=False).drop_duplicates("commune").set_index("commune")
    largest.index = shapes.index[largest.index]
    codes = draft.frame["code"].loc[shapes.index].iloc[largest["with"]].set_axis(largest.index)
    draft.report(
        pd.Series(draft.frame.index.isin(largest.index), index=draft.frame.index),
        lambda row: (
            f"commune {row['code']} {row['name']} overlaps {codes[row.name]} "
            f"by {largest['area_m2'][row.name] / 1e6:.3g} km²"
        ),
        "communes that meet without overlap",
        "Correct the boundary; a village there counts for the one it declares, else for the lower code.",
        fatal=False,
        kind="communes_overlap",
    )


def _gaps(draft: Draft, shapes: gpd.GeoSeries) -> None:
    values = shapes.to_numpy()
    whole = shapely.union_all(values)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    closed = shapely.buffer(shapely.buffer(whole, _CLOSED_M, join_style="mitre"), -_CLOSED_M, join_style="mitre")
    narrow = shapely.difference(closed, whole)
    _, gaps = _wide_parts(np.array([*holes, narrow], dtype=object))
    beside, which = shapely.STRtree(gaps).query(values, predicate="dwithin", distance=_SLIVER_M)
    # Where one commune alone lies beside it, the border turns in on itself: a bay, not a gap.
    between = np.bincount(which, minlength=len(gaps))[which] > 1
    area_m2 = pd.Series(shapely.area(gaps)[which[between]], index=shapes.index[beside[between]])
    largest = area_m2.groupby(level=0).max()
    draft.report(
        pd.Series(draft.frame.index.isin(largest.index), index=draft.frame.index),
        lambda row: (
            f"a gap of {largest[row.name] / 1e6:.3g} km² between commune {row['code']} {row['name']} and its neighbours"
        ),
        "communes that meet without a gap",
        "Correct the boundary, or add the commune that is missing; a village there lies in none.",
        fatal=False,
        kind="communes_leave_a_gap",
    )


def _wide_parts(shapes: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return the parts of shapes that are more than slivers, and the number of the shape each comes from."""
    # Shrunk and grown again, a shape keeps what is wide and loses the rims and tails that hang on it.
    shrunk = shapely.buffer(shapes, -_SLIVER_M / 2, join_style="mitre")
    parts, number = shapely.get_parts(shapely.buffer(shrunk, _SLIVER_M / 2, join_style="mitre"), return_index=True)
    wide = shapely.area(parts) >= _LEAST_M2
    return number[wide], parts[wide]
