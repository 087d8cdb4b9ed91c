"""Any raster file -> a raster that was read once to its end: where its pixels lie."""

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
from affine import Affine
from pyproj import CRS, Geod

from coverage.errors import LayerError, refuse
from coverage.layers.position.reference import WGS84, layer_crs, transformer
from coverage.layers.sources.outside import OWN_FORMATS
from coverage.study import Study

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""

_DENSE = 41
"""Points along each side of a box that is turned into another reference system."""
_CORNER = ((0, 0), (1, 0), (0, 1))
_CACHE_BYTES = 64_000_000
"""Of blocks that GDAL keeps; by itself it takes a twentieth of the memory of the machine."""
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
    def sides_m(self) -> tuple[float, float]:
        """Width and height in metres of the pixel at its centre."""
        rows, cols = self.shape
        here, east, south = (self.transform @ (cols / 2 + right, rows / 2 + down) for right, down in _CORNER)
        if self.crs.is_projected:
            unit_m = self.crs.axis_info[0].unit_conversion_factor
            across, along = (float(np.hypot(to[0] - here[0], to[1] - here[1])) * unit_m for to in (east, south))
        else:
            across, along = (float(Geod(ellps="WGS84").inv(*here, *to)[2]) for to in (east, south))
        return across, along

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
    west, south, east, north = transformer(source, target).transform_bounds(*bounds, densify_pts=_DENSE)
    return west, south, east, north


def open_raster(
    study: Study, layer: str, path: Path | str, *, name: str, holds: str = "heights in m", whole: bool = True
) -> Raster:
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
    whole
        Whether to read it all; where a few of its pixels are asked for, that they can be read is found out then.

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
            for _, window in dataset.block_windows(1) if whole else ():
                dataset.read(1, window=window)
    except (rasterio.errors.RasterioError, rasterio.errors.CRSError, UnicodeDecodeError) as error:
        raise damaged(name, error) from None
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


def damaged(name: str, error: BaseException) -> LayerError:
    """Return the error of a raster that its reader gives up."""
    found = f"a raster that cannot be read to its end ({_first_line(error)})"
    remedy = "It is cut short or damaged; copy or download it again."
    return refuse(file=name, found=found, expected="a whole GeoTIFF", remedy=remedy, kind="damaged_file")


@contextmanager
def opened(path: Path | str, formats: tuple[str, ...] = ()) -> Iterator[Any]:
    """Open a raster of one of some formats, or of any; `rasterio.open` takes no more than one."""
    with rasterio.Env(GDAL_CACHEMAX=_CACHE_BYTES) as env:
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


def fits(raster: Raster, crs: CRS, cell_m: float) -> bool:
    """Return whether the pixels of a raster are square cells of a CRS and size, to be kept as they are."""
    step = raster.transform
    square = np.allclose((step.a, -step.e), cell_m, rtol=1e-6, atol=0)
    return bool(raster.upright and square and raster.crs.equals(crs, ignore_axis_order=True))


def _first_line(error: BaseException) -> str:
    cause = error.__cause__ or error
    return " ".join(str(cause).split())[:200]
