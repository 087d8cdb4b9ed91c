"""Any raster file -> its values on a grid, NaN where there is none."""

import itertools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.errors
import rasterio.io
import rasterio.warp
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.windows import Window

from coverage.errors import refuse
from coverage.grid import Grid
from coverage.layers.position.geometry import WGS84, layer_crs
from coverage.layers.sources.outside import OWN_FORMATS
from coverage.study import Study

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""

_SLACK_PIXELS = 3
"""Source pixels read around what is asked for, so that interpolation sees its neighbours."""
_DENSE = 41
"""Points along each side of a box that is turned into another reference system."""
_FOOT_M, _US_FOOT_M = 0.3048, 1200 / 3937
_UNITS_M = {"ft": _FOOT_M, "foot": _FOOT_M, "feet": _FOOT_M, "us-ft": _US_FOOT_M, "ftus": _US_FOOT_M,
            "us survey foot": _US_FOOT_M, "us_survey_foot": _US_FOOT_M}  # fmt: skip
_MOST_PIXELS, _LARGEST_BLOCK = 20_000_000_000, 1_000_000_000
"""Pixels of a file: the country at 10 m has half as many. Bytes of a block, which GDAL holds whole."""


@dataclass(frozen=True)
class Raster:
    """A raster file that was found whole: where its pixels lie."""

    path: Path | str
    """What GDAL opens: a file, or the text of a VRT."""
    name: str
    crs: CRS
    transform: Affine
    shape: tuple[int, int]
    formats: tuple[str, ...] = ()
    """Formats it may be of; any where empty."""
    unit_m: float = 1.0
    """Metres in the unit of its values, where they are heights."""
    tiles: tuple[Bounds, ...] = ()
    """Bounds of the files it was put together from, in its CRS; none where it is one file."""

    @property
    def upright(self) -> bool:
        """Whether rows run east and columns south."""
        step = self.transform
        return bool(step.b == 0 and step.d == 0 and step.a > 0 and step.e < 0)

    @property
    def bounds(self) -> Bounds:
        """Bounds in its own CRS."""
        rows, cols = self.shape
        corners = [self.transform @ corner for corner in itertools.product((0, cols), (0, rows))]
        x, y = zip(*corners, strict=True)
        return min(x), min(y), max(x), max(y)

    def bounds_in(self, crs: CRS) -> Bounds:
        """Return bounds in another CRS."""
        return turned(self.bounds, self.crs, crs)


def turned(bounds: Bounds, source: CRS, target: CRS) -> Bounds:
    """Return the box in `target` that holds a box in `source`."""
    transformer = Transformer.from_crs(source, target, always_xy=True)
    west, south, east, north = transformer.transform_bounds(*bounds, densify_pts=_DENSE)
    return west, south, east, north


def open_raster(study: Study, layer: str, path: Path | str, *, name: str, holds: str = "heights in m") -> Raster:
    """
    Open a raster of one band and read every block of it once, so that a truncated file is found here.

    Parameters
    ----------
    study
        Its `[crs]` names the reference system of a file that carries none.
    layer, path, name
        Our name of the layer, its file, and the file's name for messages.
    holds
        What is expected in it, for messages.

    Raises
    ------
    LayerError
        Not a raster, cut short, without a position or reference system, or of several bands.
    """
    try:
        # A file without a position is refused below, in one line.
        quiet = warnings.catch_warnings(action="ignore", category=rasterio.errors.NotGeoreferencedWarning)
        formats = () if study.allow_outside else OWN_FORMATS
        with quiet, opened(path, formats) as dataset:
            written = dataset.crs.to_wkt() if dataset.crs else None
            raster = Raster(path, name, WGS84, dataset.transform, dataset.shape, formats)
            bands, unit = dataset.count, (dataset.units or [None])[0]
            _check_size(dataset, name)
            for _, window in dataset.block_windows(1):
                dataset.read(1, window=window)
    except (rasterio.errors.RasterioError, rasterio.errors.CRSError, UnicodeDecodeError) as error:
        found = f"a raster that cannot be read to its end ({_first_line(error)})"
        remedy = "It is cut short or damaged; copy or download it again."
        raise refuse(file=name, found=found, expected="a whole GeoTIFF", remedy=remedy, kind="damaged_file") from None
    if bands != 1:
        remedy = f"Supply {holds}, not a picture."
        raise refuse(
            file=name,
            found=f"{bands} bands",
            expected=f"one band of {holds}",
            remedy=remedy,
            kind="several_bands",
        )
    if raster.transform.is_identity:
        remedy = "Supply the GeoTIFF with its georeference, or its .tfw file beside it."
        raise refuse(
            file=name,
            found="no position on Earth",
            expected="a georeferenced raster",
            remedy=remedy,
            kind="no_position",
        )
    crs = layer_crs(study, layer, file=name, written=written, fallback=None)
    raster = Raster(path, name, crs, raster.transform, raster.shape, formats, _unit_m(unit, crs))
    on_earth = raster.bounds_in(WGS84)
    if not np.isfinite(on_earth).all() or max(abs(on_earth[0]), abs(on_earth[2])) > 181 or abs(on_earth[3]) > 91:
        x, y = raster.bounds[0], raster.bounds[3]
        found = f"a corner at {x:.10g}, {y:.10g}, which is nowhere on Earth in {crs.name}"
        raise refuse(
            name,
            found,
            "a corner on Earth",
            "Correct the reference system of the file.",
            kind="nowhere_on_earth",
        )
    return raster


@contextmanager
def opened(path: Path | str, formats: tuple[str, ...] = ()) -> Iterator[Any]:
    """Open a raster of one of some formats, or of any; `rasterio.open` takes no more than one."""
    with rasterio.Env() as env:
        known = [name for name in formats if name in env.drivers()] or None
        with rasterio.io.DatasetReader(str(path), driver=known) as dataset:
            yield dataset


def _check_size(dataset: Any, name: str) -> None:
    rows, cols = dataset.block_shapes[0]
    block = rows * cols * np.dtype(dataset.dtypes[0]).itemsize
    if dataset.width * dataset.height > _MOST_PIXELS or block > _LARGEST_BLOCK:
        found = f"{dataset.width:,} by {dataset.height:,} pixels in blocks of {block / 1e6:,.0f} MB"
        expected = f"at most {_MOST_PIXELS:,} pixels, and blocks of at most {_LARGEST_BLOCK / 1e6:,.0f} MB"
        raise refuse(name, found, expected, "Cut it to the area of the study and save it in tiles.", kind="too_large")


def _unit_m(written: str | None, crs: CRS) -> float:
    """Return the metres in the unit of heights: the band's own, else that of the height axis of its CRS."""
    vertical = crs.axis_info[2].unit_conversion_factor if len(crs.axis_info) > 2 else 1.0
    return _UNITS_M.get((written or "").strip().lower(), 1.0) if written else float(vertical)


def onto_grid(raster: Raster, grid: Grid) -> NDArray[np.float32]:
    """
    Return the values of a raster on a grid: its own pixels where they fit, else interpolated.

    Parameters
    ----------
    raster
        Source.
    grid
        Target; pixels beyond the source are NaN.

    Returns
    -------
    NDArray
        float32 `[rows, cols]`; NaN where the source has none. A missing pixel is never blended into its neighbours.
    """
    window = _window(raster, turned(grid.bounds, grid.crs, raster.crs))
    values = np.full(grid.shape, np.nan, dtype=np.float32)
    if window.width < 1 or window.height < 1:
        return values
    source = _read(raster, window)
    transform = raster.transform @ Affine.translation(window.col_off, window.row_off)
    offset = ~transform @ (grid.transform.c, grid.transform.f)
    start = round(offset[0]), round(offset[1])
    if fits(raster, grid.crs, grid.cell_m) and np.allclose(offset, start, atol=1e-3):
        return _shifted(source, start[1], start[0], values)
    rasterio.warp.reproject(
        source,
        values,
        src_transform=transform,
        src_crs=raster.crs.to_wkt(),
        src_nodata=np.nan,
        dst_transform=grid.transform,
        dst_crs=grid.crs.to_wkt(),
        dst_nodata=np.nan,
        resampling=rasterio.warp.Resampling.bilinear,
    )
    return values


def nearest_on_grid(raster: Raster, grid: Grid) -> NDArray[np.float32]:
    """
    Return the value of a raster at the centre of every pixel of a grid, never a blend of values.

    GDAL reads the file piece by piece, for a raster of classes may be far finer than the grid.

    Parameters
    ----------
    raster
        Source.
    grid
        Target; pixels beyond the source are NaN.

    Returns
    -------
    NDArray
        float32 `[rows, cols]`; NaN where the source has none.
    """
    values = np.full(grid.shape, np.nan, dtype=np.float32)
    with opened(raster.path, raster.formats) as dataset:
        rasterio.warp.reproject(
            rasterio.band(dataset, 1),
            values,
            src_transform=raster.transform,
            src_crs=raster.crs.to_wkt(),
            src_nodata=dataset.nodata,
            dst_transform=grid.transform,
            dst_crs=grid.crs.to_wkt(),
            dst_nodata=np.nan,
            resampling=rasterio.warp.Resampling.nearest,
        )
    return values


def fits(raster: Raster, crs: CRS, cell_m: float) -> bool:
    """Return whether the pixels of a raster are square cells of a CRS and size, to be kept as they are."""
    step = raster.transform
    square = np.allclose((step.a, -step.e), cell_m, rtol=1e-6, atol=0)
    return bool(raster.upright and square and raster.crs.equals(crs, ignore_axis_order=True))


def _window(raster: Raster, bounds: Bounds) -> Window:
    """Return the pixels of a raster around bounds in its CRS; all of them where it is rotated."""
    rows, cols = raster.shape
    if not raster.upright:
        return Window(0, 0, cols, rows)
    left, top = ~raster.transform @ (bounds[0], bounds[3])
    right, bottom = ~raster.transform @ (bounds[2], bounds[1])
    first_col, first_row = (max(0, int(np.floor(edge)) - _SLACK_PIXELS) for edge in (left, top))
    last_col = min(cols, int(np.ceil(right)) + _SLACK_PIXELS)
    last_row = min(rows, int(np.ceil(bottom)) + _SLACK_PIXELS)
    return Window(first_col, first_row, last_col - first_col, last_row - first_row)


def _read(raster: Raster, window: Window) -> NDArray[np.float32]:
    with opened(raster.path, raster.formats) as dataset:
        band = dataset.read(1, window=window, masked=True)
        values: NDArray[np.float32] = band.astype(np.float32).filled(np.nan)
        scale, offset = dataset.scales[0] * raster.unit_m, dataset.offsets[0] * raster.unit_m
    return values if (scale, offset) == (1.0, 0.0) else (values * np.float32(scale) + np.float32(offset))


def _shifted(source: NDArray[np.float32], row: int, col: int, target: NDArray[np.float32]) -> NDArray[np.float32]:
    """Copy the part of a source that starts at row and col into a target; what lies beyond the source stays."""
    rows, cols = target.shape
    top, left = max(row, 0), max(col, 0)
    part = source[top : row + rows, left : col + cols]
    target[top - row : top - row + part.shape[0], left - col : left - col + part.shape[1]] = part
    return target


def _first_line(error: BaseException) -> str:
    cause = error.__cause__ or error
    return " ".join(str(cause).split())[:200]
