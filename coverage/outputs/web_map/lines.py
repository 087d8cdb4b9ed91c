"""Lines and borders for the web map: simplified, and written as short text that a browser decodes."""

import itertools
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

WGS84 = "EPSG:4326"
DECIMALS = 4
"""Digits kept of a degree along lines: 11 m, a pixel or two at the closest zoom."""

_LETTERS = 6
"""At most, of a number: 30 bits, of which a whole turn at six decimals takes 29."""
_SNAP_M = 5.0
"""Borders closer than this are one when the outline is drawn: neighbours seldom match to the millimetre."""


def encode_paths(paths: Sequence[BaseGeometry] | NDArray[np.object_], *, decimals: int = DECIMALS) -> list[str]:
    """
    Write paths as text.

    Parameters
    ----------
    paths
        Lines in degrees of longitude and latitude.
    decimals
        Digits kept of a degree.

    Returns
    -------
    list of str
        Printable ASCII from `?` to `~`; empty for an empty path. A vertex that repeats its predecessor is left out.

    References
    ----------
    Google, Encoded Polyline Algorithm Format (latitude first, five bits a character).
    """
    lonlat, path = shapely.get_coordinates(paths, return_index=True)
    whole = np.rint(lonlat[:, ::-1] * 10**decimals).astype(np.int64)
    first = np.diff(path, prepend=-1) != 0
    steps = np.where(first[:, None], whole, np.diff(whole, axis=0, prepend=whole[:1]))
    kept = first | np.any(steps != 0, axis=1)
    numbers, path = np.where(steps < 0, ~(steps << 1), steps << 1)[kept], path[kept]
    letters = numbers[..., None] >> np.arange(0, 5 * _LETTERS, 5)
    written = (letters > 0) | (np.arange(_LETTERS) == 0)
    more = np.roll(written, -1, axis=-1) & (np.arange(_LETTERS) < _LETTERS - 1)
    text = (((letters & 0x1F) | np.where(more, 0x20, 0)) + 63)[written].astype(np.uint8).tobytes().decode("ascii")
    lengths = np.bincount(path, weights=written.sum(axis=(1, 2)), minlength=len(paths)).astype(int)
    ends = np.cumsum(lengths).tolist()
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def encode_lines(frame: gpd.GeoDataFrame, *, tolerance_m: float) -> list[str]:
    """
    Return one text per row of a frame of lines in metres: parts joined by `,`; empty where there is no geometry.

    To the millimetre first: on lines between pixels many vertices lie equally far from a simpler line, and the noise of
    degrees, through which a file takes them, must not decide which of them stays.
    """
    whole = shapely.transform(frame.geometry.to_numpy(), lambda metres: np.round(metres, 3))
    simple = gpd.GeoSeries(whole, crs=frame.crs).simplify(tolerance_m).to_crs(WGS84)
    parts, row = shapely.get_parts(simple.to_numpy(), return_index=True)
    return _joined(",", encode_paths(parts), row, len(simple))


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
    return _areas(shapes), _areas([around])[0]


def simple_areas(frame: gpd.GeoDataFrame, *, tolerance_m: float) -> NDArray[np.object_]:
    """Return polygons in metres with fewer vertices, as one coverage; `tolerance_m` as `encode_areas` takes it."""
    simple: NDArray[np.object_] = frame.geometry.to_numpy().copy()
    known = ~(shapely.is_missing(simple) | shapely.is_empty(simple))
    simple[known] = shapely.coverage_simplify(simple[known], tolerance_m)
    return simple


def _areas(shapes: Sequence[BaseGeometry | None]) -> list[str]:
    polygons, row = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    return _joined(";", _joined(",", encode_paths(rings), polygon, len(polygons)), row, len(shapes))


def _joined(mark: str, texts: Sequence[str], of: NDArray[np.int64], count: int) -> list[str]:
    """Join the texts of each of `count` shapes; `of` says whose each is, in rising order."""
    bounds = np.searchsorted(of, np.arange(count + 1))
    return [mark.join(texts[start:end]) for start, end in itertools.pairwise(bounds)]
