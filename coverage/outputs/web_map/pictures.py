"""Pictures of the web map: relief and water under it, signal and servers over it, in the map's own projection."""

import io
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
from affine import Affine
from numpy.typing import NDArray
from PIL import Image
from pyproj import CRS, Transformer
from rasterio.features import geometry_mask
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, reproject, transform_bounds
from scipy.ndimage import zoom

from coverage.classes import SignalClass, signal_class
from coverage.grid import Grid
from coverage.result import Pair, Raster, Signal
from coverage.study import Study

Corners = tuple[tuple[float, float], tuple[float, float]]
"""South-west and north-east as latitude, longitude."""

WEB_MERCATOR = CRS.from_epsg(3857)

CLASS_COLOURS = ("#1f7a8c", "#f2b35d", "#6d597a")
"""Good, weak, none: apart for every kind of colour vision, and in grey."""

MAX_SIGNAL_PIXELS = 6_000_000
MAX_SERVER_PIXELS = 1_500_000
MAX_COMPARED_PIXELS = 1_500_000
MAX_RELIEF_SIDE = 1_500
_ROWS_AT_ONCE = 512
"""Rows of the signal in memory."""
_WATER = 80
"""Permanent water bodies, in the codes of ESA WorldCover."""
_WATER_COLOUR = "#3d86bd"
_OUTSIDE = np.array([233.0, 237.0, 240.0])
_TINTS = np.array([[214, 226, 208], [231, 233, 211], [240, 231, 209], [229, 213, 190], [238, 234, 230]], dtype=float)
"""Relief from low to high."""


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


def _colour_numbers(level_dbm: NDArray[np.float32], technology: str, study: Study) -> NDArray[np.uint8]:
    """Return 1 good, 2 weak, 3 none and 0 where not modelled."""
    return np.where(np.isnan(level_dbm), 0, 3 - signal_class(level_dbm, technology, study)).astype(np.uint8)


def signal_pictures(
    grid: Grid, levels: Mapping[Pair, Raster], communes: gpd.GeoDataFrame, study: Study, *, crs: CRS = WEB_MERCATOR
) -> Iterator[tuple[Pair, Picture]]:
    """
    Draw the classes of signal, one PNG of four colours per operator and technology.

    Parameters
    ----------
    grid
        Where the pixels of `levels` lie.
    levels
        (operator, technology) -> [rows, cols] dBm, read by bands of rows; -inf, where no cell reaches, is drawn as no
        signal; NaN is "not modelled" and stays clear.
    communes
        Nothing is drawn outside them: who sends there is not known. Everything is where there are none.
    study
        Thresholds of the classes.
    crs
        Of the pictures.

    Yields
    ------
    tuple
        Key of `levels`, and its picture: every pixel is that of the grid whose cell holds its centre.
    """
    frame = _frame(grid, max_pixels=MAX_SIGNAL_PIXELS, crs=crs)
    bands = _bands(grid, frame, ~_outside(communes, frame))

    def drawn(pair: Pair) -> Picture:
        numbers = np.zeros(frame.shape, dtype=np.uint8)
        for band in bands:
            classes = _colour_numbers(levels[pair][band.rows, :], pair[1], study)
            numbers.ravel()[band.pixels] = classes[band.row, band.col]
        return Picture("image/png", _png(numbers, CLASS_COLOURS, bits=2), frame.corners)

    with ThreadPoolExecutor(study.threads or os.cpu_count()) as threads:
        yield from zip(levels, threads.map(drawn, levels), strict=True)


def class_picture(grid: Grid, classes: NDArray[np.uint8], communes: gpd.GeoDataFrame) -> Picture:
    """
    Draw classes of signal that are known already, such as those of a finished run.

    Parameters
    ----------
    grid
        Where they lie.
    classes
        [rows, cols] of `classes.SignalClass`; any other number is "not modelled" and stays clear.
    communes
        As `signal_pictures` takes them.
    """
    frame = _frame(grid, max_pixels=MAX_COMPARED_PIXELS)
    numbers = np.zeros(frame.shape, dtype=np.uint8)
    for band in _bands(grid, frame, ~_outside(communes, frame)):
        found = classes[band.rows, :][band.row, band.col]
        numbers.ravel()[band.pixels] = np.where(found <= SignalClass.GOOD, 3 - found, 0)
    return Picture("image/png", _png(numbers, CLASS_COLOURS, bits=2), frame.corners)


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
        `servers` and, for the classes, `levels`; read by bands of rows.
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
    named = np.append(number, number.dtype.type(0))  # -1, no server, finds the last
    for pair, server in sorted(signal.servers.items(), key=lambda item: item[0]):  # the same of a run read back
        if pair[1] not in study.in_service() or pair not in signal.levels:
            continue
        values = np.zeros(frame.shape, dtype=number.dtype)
        for band in bands:
            level_dbm = signal.levels[pair][band.rows, :][band.row, band.col]
            found = named[server[band.rows, :][band.row, band.col]]
            values.ravel()[band.pixels] = np.where(signal_class(level_dbm, pair[1], study) > 0, found, 0)
        yield pair, Numbers(values, frame.corners)


@dataclass(frozen=True)
class _Band:
    """Some rows of a grid, and the pixels of a picture that show them."""

    rows: slice
    pixels: NDArray[np.int32]
    """Numbers of the picture's pixels, counted along its rows."""
    row: NDArray[np.int16]
    """Of each pixel's cell in the grid, counted from the start of `rows`."""
    col: NDArray[np.int32]


def _bands(grid: Grid, frame: _Frame, inside: NDArray[np.bool_]) -> list[_Band]:
    """Find the cell of the grid under every pixel of a picture that is `inside`, by bands of rows."""
    row, col = grid.pixel(*_centres(grid, frame))
    shown = inside & (row >= 0)
    bands = []
    for top in range(0, grid.shape[0], _ROWS_AT_ONCE):
        rows = slice(top, min(top + _ROWS_AT_ONCE, grid.shape[0]))
        here = shown & (row >= rows.start) & (row < rows.stop)
        if here.any():
            pixels = np.flatnonzero(here).astype(np.int32)
            bands.append(_Band(rows, pixels, (row[here] - top).astype(np.int16), col[here].astype(np.int32)))
    return bands


def _centres(grid: Grid, frame: _Frame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Return x and y, in the CRS of the grid, of the centres of a picture's pixels.

    One in sixteen is transformed, each way, and the others lie between: PROJ would take seconds for all of them, and
    over so few pixels two projections differ by a straight stretch to far less than a pixel.
    """
    rows, cols = (np.linspace(0.5, count - 0.5, count // 16 + 2) for count in frame.shape)
    step = frame.transform
    known = Transformer.from_crs(frame.crs, grid.crs, always_xy=True).transform(
        *np.meshgrid(step.c + cols * step.a, step.f + rows * step.e)
    )
    x, y = (zoom(values, np.divide(frame.shape, values.shape), order=1) for values in known)
    return x, y


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
    rgb = _tint(height) * _shade(height, cell_m=frame.transform.a)[..., None]
    outside = _outside(communes, frame)
    strength = np.where(np.isnan(height), 0.0, np.where(outside, 0.35 * _fade_to_edge(frame.shape), 1.0))[..., None]
    rgb = strength * rgb + (1.0 - strength) * _OUTSIDE
    file = io.BytesIO()
    Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8)).save(file, "WEBP", quality=72, method=4)
    return Picture("image/webp", file.getvalue(), frame.corners)


def water_picture(grid: Grid, land_cover: NDArray[np.uint8] | None) -> Picture | None:
    """Draw rivers and lakes, where land cover says water; None where there is no land cover, or no water in it."""
    if land_cover is None or not (land_cover == _WATER).any():
        return None
    frame = _frame(grid, max_pixels=MAX_SIGNAL_PIXELS)
    row, col = grid.pixel(*_centres(grid, frame))
    wet = np.where(row >= 0, land_cover[row, col] == _WATER, False).astype(np.uint8)
    return Picture("image/png", _png(wet, (_WATER_COLOUR,), bits=1), frame.corners)


def _outside(communes: gpd.GeoDataFrame, frame: _Frame) -> NDArray[np.bool_]:
    """Mark the pixels that no commune touches; none where there are no communes."""
    shapes = communes.geometry.dropna().to_crs(frame.crs).simplify(frame.transform.a / 2)
    if shapes.empty:
        return np.zeros(frame.shape, dtype=bool)
    mask: NDArray[np.bool_] = geometry_mask(list(shapes), frame.shape, frame.transform, all_touched=True)
    return mask


def _fade_to_edge(shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return 1 inside, falling to 0 over the outer twelfth of a picture."""
    rows, cols = (np.minimum(np.arange(count), np.arange(count)[::-1]) * 12 / count for count in shape)
    faded: NDArray[np.float64] = np.clip(np.minimum(rows[:, None], cols), 0.0, 1.0)
    return faded


def _tint(height_m: NDArray[np.float32]) -> NDArray[np.float64]:
    known = height_m[np.isfinite(height_m)]
    if known.size == 0:
        return np.broadcast_to(_OUTSIDE, (*height_m.shape, 3)).copy()
    stops = np.percentile(known, [2, 30, 60, 88, 99.8])
    filled = np.nan_to_num(height_m, nan=float(stops[0]))
    return np.stack([np.interp(filled, stops, _TINTS[:, band]) for band in range(3)], axis=-1)


def _shade(height_m: NDArray[np.float32], *, cell_m: float) -> NDArray[np.float64]:
    """Light from the north-west, 45° high, on relief raised threefold; 1 on level ground."""
    if min(height_m.shape) < 2:
        return np.ones(height_m.shape)
    to_south, to_east = np.gradient(np.nan_to_num(height_m.astype(float)) * 3.0, cell_m)
    lit = (1.0 + (to_east + to_south) * 0.5**0.5) / np.sqrt(1.0 + to_east**2 + to_south**2)
    shade: NDArray[np.float64] = np.clip(0.45 + 0.55 * lit, 0.35, 1.18)
    return shade
