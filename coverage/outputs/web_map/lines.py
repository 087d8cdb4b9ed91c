"""Lines and borders for the web map: simplified, and written as short text that a browser decodes."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

WGS84 = "EPSG:4326"
DECIMALS = 4
"""Digits kept of a degree along lines: 11 m, a pixel or two at the closest zoom."""

_SNAP_M = 5.0
"""Borders closer than this are one when the outline is drawn: neighbours seldom match to the millimetre."""


def encode_path(lonlat: NDArray[np.float64], *, decimals: int = DECIMALS) -> str:
    """
    Write a path as text.

    Parameters
    ----------
    lonlat
        [n, 2] longitude and latitude, degrees.
    decimals
        Digits kept of a degree.

    Returns
    -------
    str
        Printable ASCII from `?` to `~`; empty for an empty path. A vertex that repeats its predecessor is left out.

    References
    ----------
    Google, Encoded Polyline Algorithm Format (latitude first, five bits a character).
    """
    whole = np.rint(np.asarray(lonlat, dtype=float)[:, ::-1] * 10**decimals).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    steps = steps[np.any(steps != 0, axis=1) | (np.arange(len(steps)) == 0)]
    text: list[str] = []
    for step in np.where(steps < 0, ~(steps << 1), steps << 1).ravel().tolist():
        while step >= 0x20:
            text.append(chr((0x20 | (step & 0x1F)) + 63))
            step >>= 5
        text.append(chr(step + 63))
    return "".join(text)


def encode_lines(frame: gpd.GeoDataFrame, *, tolerance_m: float) -> list[str]:
    """
    Return one text per row of a frame of lines in metres: parts joined by `,`; empty where there is no geometry.

    To the millimetre first: on lines between pixels many vertices lie equally far from a simpler line, and the noise of
    degrees, through which a file takes them, must not decide which of them stays.
    """
    whole = shapely.transform(frame.geometry.to_numpy(), lambda metres: np.round(metres, 3))
    simple = gpd.GeoSeries(whole, crs=frame.crs).simplify(tolerance_m).to_crs(WGS84)
    return [",".join(encode_path(_vertices(part)) for part in _parts(shape)) for shape in simple]


def encode_areas(frame: gpd.GeoDataFrame, *, tolerance_m: float) -> tuple[list[str], str]:
    """
    Return one text per row of a frame of polygons in metres, and one for their outline.

    Rings are joined by `,`, polygons by `;`.

    Neighbours keep a common border: the frame is simplified as one coverage, `tolerance_m` being the side of the
    triangles that may vanish.
    """
    simple = simple_areas(frame, tolerance_m=tolerance_m)
    outline = shapely.union_all(simple, grid_size=_SNAP_M)
    *shapes, around = gpd.GeoSeries([*simple, outline], crs=frame.crs).to_crs(WGS84)
    return [_area(shape) for shape in shapes], _area(around)


def simple_areas(frame: gpd.GeoDataFrame, *, tolerance_m: float) -> NDArray[np.object_]:
    """Return polygons in metres with fewer vertices, as one coverage; `tolerance_m` as `encode_areas` takes it."""
    simple: NDArray[np.object_] = frame.geometry.to_numpy().copy()
    known = ~(shapely.is_missing(simple) | shapely.is_empty(simple))
    simple[known] = shapely.coverage_simplify(simple[known], tolerance_m)
    return simple


def _area(shape: BaseGeometry | None) -> str:
    return ";".join(",".join(encode_path(_vertices(ring)) for ring in _rings(part)) for part in _parts(shape))


def _parts(shape: BaseGeometry | None) -> Iterable[BaseGeometry]:
    if shape is None or shape.is_empty:
        return ()
    return tuple(shapely.get_parts(shape))


def _rings(polygon: BaseGeometry) -> Iterable[BaseGeometry]:
    return tuple(shapely.get_rings(polygon))


def _vertices(line: BaseGeometry) -> NDArray[np.float64]:
    return shapely.get_coordinates(line)
