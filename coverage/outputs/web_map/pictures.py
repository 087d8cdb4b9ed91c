"""Pictures of the web map: relief and water under it, signal and servers over it, in the map's own projection."""

import io
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
from affine import Affine
from numpy.typing import NDArray
from PIL import Image
from pyproj import CRS, Transformer
from rasterio.features import geometry_mask
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, reproject, transform_bounds

from coverage.classes import SignalClass
from coverage.grid import Grid
from coverage.result import Pair, Raster, Signal
from coverage.study import Study

Corners = tuple[tuple[float, float], tuple[float, float]]
"""South-west and north-east as latitude, longitude."""

_Value = TypeVar("_Value", bound=np.generic)

WEB_MERCATOR = CRS.from_epsg(3857)

CLASS_COLOURS = ("#1f7a8c", "#f2b35d", "#6d597a")
"""Good, weak, none: apart for every kind of colour vision, and in grey."""

MAX_SIGNAL_PIXELS = 6_000_000
MAX_SERVER_PIXELS = 1_500_000
MAX_COMPARED_PIXELS = 1_500_000
MAX_RELIEF_SIDE = 1_500
_ROWS_AT_ONCE = 512
"""Rows of the signal in memory."""
_SOME_SIGNAL = (SignalClass.WEAK, SignalClass.GOOD)
_WATER = 80
"""Permanent water bodies, in the codes of ESA WorldCover."""
_WATER_COLOUR = "#3d86bd"
_OUTSIDE = np.array([233, 237, 240], dtype=np.float32)
_TINTS = np.array([[214, 226, 208], [231, 233, 211], [240, 231, 209], [229, 213, 190], [238, 234, 230]], dtype=float)
"""Relief from low to high."""
_TINT_STEPS = 1_000
"""Heights apart by less have one tint."""


@dataclass(frozen=True)
class Picture:
    """An image file and where it lies."""

    mime: str
    content: bytes
    bounds: Corners


@dataclass(frozen=True)
class _Frame:
    transform: Affine
    shape: tuple[int, int]
    crs: CRS = WEB_MERCATOR

    @property
    def corners(self) -> Corners:
        to_degrees = Transformer.from_crs(self.crs, 4326, always_xy=True).transform
        left, bottom, right, top = array_bounds(*self.shape, self.transform)
        (west, south), (east, north) = to_degrees(left, bottom), to_degrees(right, top)
        return (round(south, 7), round(west, 7)), (round(north, 7), round(east, 7))


def _frame(grid: Grid, *, max_pixels: float, crs: CRS = WEB_MERCATOR) -> _Frame:
    """Lay pixels of the web's projection, or another, over a grid, as fine as its own where `max_pixels` allows."""
    west, south, east, north = transform_bounds(grid.crs, crs, *grid.bounds, densify_pts=21)
    rows, cols = grid.shape
    cell = max(((east - west) * (north - south) / (rows * cols)) ** 0.5,
               ((east - west) * (north - south) / max_pixels) ** 0.5)  # fmt: skip
    shape = (max(1, round((north - south) / cell)), max(1, round((east - west) / cell)))
    step = Affine((east - west) / shape[1], 0, west, 0, -(north - south) / shape[0], north)
    return _Frame(step, shape, crs)


def signal_pictures(
    grid: Grid,
    classes: Mapping[Pair, Raster],
    communes: gpd.GeoDataFrame,
    *,
    crs: CRS = WEB_MERCATOR,
    max_pixels: int = MAX_SIGNAL_PIXELS,
    threads: int | None = None,
) -> Iterator[tuple[Pair, Picture]]:
    """
    Draw the classes of signal, one PNG of four colours per operator and technology.

    Parameters
    ----------
    grid
        Where the pixels of `classes` lie.
    classes
        (operator, technology) -> [rows, cols] of `classes.SignalClass`, read by bands of rows; any other number is "not
        modelled" and stays clear.
    communes
        Nothing is drawn outside them: who sends there is not known. Everything is where there are none.
    crs
        Of the pictures.
    max_pixels
        Of each picture.
    threads
        That draw; as many as there are processors where None.

    Yields
    ------
    tuple
        Key of `classes`, and its picture: every pixel is that of the grid whose cell holds its centre.
    """
    frame = _frame(grid, max_pixels=max_pixels, crs=crs)
    bands = _bands(grid, frame, ~_outside(communes, frame))

    def drawn(pair: Pair) -> Picture:
        numbers = np.zeros(frame.shape, dtype=np.uint8)
        for band in bands:
            found = band.under(classes[pair][band.rows, :])
            numbers.ravel()[band.pixels] = np.where(found <= SignalClass.GOOD, SignalClass.GOOD + 1 - found, 0)
        return Picture("image/png", _png(numbers, CLASS_COLOURS, bits=2), frame.corners)

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        yield from zip(classes, pool.map(drawn, classes), strict=True)


def _png(numbers: NDArray[np.uint8], colours: Sequence[str], *, bits: int) -> bytes:
    """Return pixels as a file: 0 is clear, n the n-th colour."""
    image = Image.fromarray(numbers)
    image.putpalette([0, 0, 0, *(int(colour[at : at + 2], 16) for colour in colours for at in (1, 3, 5))])
    file = io.BytesIO()
    image.save(file, "PNG", bits=bits, transparency=bytes([0]), compress_type=zlib.Z_RLE)  # 40 times faster than best
    return file.getvalue()


@dataclass(frozen=True)
class Numbers:
    """Whole numbers on the pixels of a picture."""

    values: NDArray[np.unsignedinteger[Any]]
    """[rows, cols]"""
    bounds: Corners


def server_numbers(
    signal: Signal, number: NDArray[np.unsignedinteger[Any]], communes: gpd.GeoDataFrame, study: Study
) -> Iterator[tuple[Pair, Numbers]]:
    """
    Lay out who serves best, for every network in service.

    Parameters
    ----------
    signal
        `servers` and the classes of `levels`; read by bands of rows.
    number
        [cells] what stands for each cell; 0 is nobody.
    communes
        Nobody serves outside them, for who sends there is not known.
    study
        Thresholds: where the best signal is no signal, nobody serves.

    Yields
    ------
    tuple
        Key of `signal.servers`, and the numbers on pixels of Web Mercator, in the type of `number`.
    """
    frame = _frame(signal.grid, max_pixels=MAX_SERVER_PIXELS)
    bands = _bands(signal.grid, frame, ~_outside(communes, frame))
    classes = signal.classified(study)
    named = np.append(number, number.dtype.type(0))  # -1, no server, finds the last
    for pair, server in sorted(signal.servers.items(), key=lambda item: item[0]):  # the same of a run read back
        if pair[1] not in study.in_service() or pair not in classes:
            continue
        values = np.zeros(frame.shape, dtype=number.dtype)
        for band in bands:
            heard = np.isin(band.under(classes[pair][band.rows, :]), _SOME_SIGNAL)
            values.ravel()[band.pixels] = np.where(heard, named[band.under(server[band.rows, :])], 0)
        yield pair, Numbers(values, frame.corners)


@dataclass(frozen=True)
class _Band:
    """Some rows of a grid, and the pixels of a picture that show them."""

    rows: slice
    pixels: NDArray[np.int32]
    """Numbers of the picture's pixels, counted along its rows."""
    cells: NDArray[np.int32]
    """Of each pixel, the number of its cell in these rows of the grid, counted along them."""

    def under(self, values: NDArray[_Value]) -> NDArray[_Value]:
        """Return which of the values of these rows lies under each pixel."""
        return values.ravel()[self.cells]


def _bands(grid: Grid, frame: _Frame, inside: NDArray[np.bool_]) -> list[_Band]:
    """Find the cell of the grid under every pixel of a picture that is `inside`, by bands of rows."""
    rows, cols = grid.shape
    row, col = _under(grid, frame)
    pixels = np.flatnonzero(inside & (row >= 0) & (row < rows) & (col >= 0) & (col < cols)).astype(np.int32)
    row, col = row.ravel()[pixels], col.ravel()[pixels]
    bands = []
    for top in range(0, rows, _ROWS_AT_ONCE):
        here = (row >= top) & (row < top + _ROWS_AT_ONCE)
        if here.any():
            cells = (row[here] - top) * np.int32(cols) + col[here]
            bands.append(_Band(slice(top, min(top + _ROWS_AT_ONCE, rows)), pixels[here], cells))
    return bands


def _under(grid: Grid, frame: _Frame) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """
    Return row and column, in the grid and beyond it, of the cells that hold the centres of a picture's pixels.

    One in sixteen is transformed, each way, and the others lie between: PROJ would take seconds for all of them, and
    over so few pixels two projections differ by a straight stretch to far less than a pixel.
    """
    rows, cols = (np.linspace(0.5, count - 0.5, count // 16 + 2) for count in frame.shape)
    step = frame.transform
    known = Transformer.from_crs(frame.crs, grid.crs, always_xy=True).transform(
        *np.meshgrid(step.c + cols * step.a, step.f + rows * step.e)
    )
    to_cells = ~grid.transform
    row, col = (
        np.floor(_between(_between(values.T, frame.shape[1]).T, frame.shape[0])).astype(np.int32)
        for values in (known[1] * to_cells.e + to_cells.f, known[0] * to_cells.a + to_cells.c)
    )
    return row, col


def _between(values: NDArray[np.floating[Any]], count: int) -> NDArray[np.float32]:
    """Return `count` rows, evenly from the first of [n >= 2, ...] values to the last, on straight lines between."""
    values = np.ascontiguousarray(values, dtype=np.float32)
    at = np.linspace(0, len(values) - 1, count)
    before = np.minimum(at.astype(int), len(values) - 2)
    rows: NDArray[np.float32] = values[before + 1] - values[before]
    rows *= (at - before).astype(np.float32)[:, None]
    rows += values[before]
    return rows


def relief_picture(grid: Grid, terrain_m: NDArray[np.float32], communes: gpd.GeoDataFrame) -> Picture:
    """
    Draw a tinted hillshade, paler outside the communes.

    Parameters
    ----------
    grid
        Where the terrain lies.
    terrain_m
        [rows, cols] m; NaN is drawn as background.
    communes
        In the CRS of the grid.
    """
    rows, cols = grid.shape
    frame = _frame(grid, max_pixels=min(rows * cols, MAX_RELIEF_SIDE**2 * min(rows, cols) / max(rows, cols)))
    height = np.full(frame.shape, np.nan, dtype=np.float32)
    reproject(
        terrain_m, height, src_transform=grid.transform, src_crs=grid.crs, src_nodata=np.nan,
        dst_transform=frame.transform, dst_crs=WEB_MERCATOR, dst_nodata=np.nan, resampling=Resampling.average,
    )  # fmt: skip
    strength = np.where(_outside(communes, frame), np.float32(0.35) * _fade_to_edge(frame.shape), np.float32(1.0))
    strength[np.isnan(height)] = 0.0
    rgb = _tint(height)
    rgb *= _shade(height, cell_m=frame.transform.a)[..., None]
    rgb -= _OUTSIDE
    rgb *= strength[..., None]
    rgb += _OUTSIDE
    file = io.BytesIO()
    Image.fromarray(np.clip(rgb, 0, 255, out=rgb).astype(np.uint8)).save(file, "WEBP", quality=72, method=2)
    return Picture("image/webp", file.getvalue(), frame.corners)


def water_picture(grid: Grid, land_cover: NDArray[np.uint8] | None) -> Picture | None:
    """Draw rivers and lakes, where land cover says water; None where there is no land cover, or no water in it."""
    if land_cover is None or not (land_cover == _WATER).any():
        return None
    frame = _frame(grid, max_pixels=MAX_SIGNAL_PIXELS)
    wet = np.zeros(frame.shape, dtype=np.uint8)
    for band in _bands(grid, frame, np.ones(frame.shape, dtype=bool)):
        wet.ravel()[band.pixels] = band.under(land_cover[band.rows, :]) == _WATER
    return Picture("image/png", _png(wet, (_WATER_COLOUR,), bits=1), frame.corners)


def _outside(communes: gpd.GeoDataFrame, frame: _Frame) -> NDArray[np.bool_]:
    """Mark the pixels that no commune touches; none where there are no communes."""
    shapes = communes.geometry.dropna().to_crs(frame.crs).simplify(frame.transform.a / 2)
    if shapes.empty:
        return np.zeros(frame.shape, dtype=bool)
    mask: NDArray[np.bool_] = geometry_mask(list(shapes), frame.shape, frame.transform, all_touched=True)
    return mask


def _fade_to_edge(shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return 1 inside, falling to 0 over the outer twelfth of a picture."""
    rows, cols = (np.minimum(np.arange(count), np.arange(count)[::-1]) * 12 / count for count in shape)
    faded: NDArray[np.float32] = np.clip(np.minimum(rows[:, None], cols), 0.0, 1.0, dtype=np.float32)
    return faded


def _tint(height_m: NDArray[np.float32]) -> NDArray[np.float32]:
    known = height_m[np.isfinite(height_m)]
    if known.size == 0:
        return np.broadcast_to(_OUTSIDE, (*height_m.shape, 3)).copy()
    stops = np.percentile(known, [2, 30, 60, 88, 99.8])
    step_m = max((stops[-1] - stops[0]) / _TINT_STEPS, 0.01)
    heights = stops[0] + step_m * np.arange(_TINT_STEPS + 1)
    tints = np.stack([np.interp(heights, stops, band) for band in _TINTS.T], axis=-1).astype(np.float32)
    at = np.nan_to_num((height_m - np.float32(stops[0])) / np.float32(step_m))
    tinted: NDArray[np.float32] = tints[np.clip(at, 0, _TINT_STEPS).astype(np.int16)]
    return tinted


def _shade(height_m: NDArray[np.float32], *, cell_m: float) -> NDArray[np.float32]:
    """Light from the north-west, 45° high, on relief raised threefold; 1 on level ground."""
    if min(height_m.shape) < 2:
        return np.ones(height_m.shape, dtype=np.float32)
    to_south, to_east = np.gradient(np.nan_to_num(height_m) * np.float32(3.0 / cell_m))
    lit = (1.0 + (to_east + to_south) * 0.5**0.5) / np.sqrt(1.0 + to_east**2 + to_south**2)
    shade: NDArray[np.float32] = np.clip(0.45 + 0.55 * lit, 0.35, 1.18)
    return shade
