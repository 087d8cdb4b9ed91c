"""The signal as GIS people open it: cloud-optimised GeoTIFFs, written window by window, for they may outgrow memory."""

import errno
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.io import DatasetReader, MemoryFile
from rasterio.windows import Window

from coverage.classes import NOT_MODELLED, class_numbers
from coverage.columns.words import ANY
from coverage.errors import OutputError
from coverage.grid import Grid
from coverage.outputs.web_map.pictures import CLASS_COLOURS
from coverage.result import Pair, Raster, Signal
from coverage.study import Study

ROWS_AT_ONCE = 512
"""Rows of a window; windows are as wide as the raster."""

_GDAL_CACHE_BYTES = 64_000_000
"""Left to itself GDAL keeps a twentieth of the machine's memory full of what is never read again."""
_LEVEL_SCALE_DB = 0.1
_LEVEL_NODATA = -32768
_BLOCK_PX = 256
_OVERLAP_COLOURS = ("#d6e9ec", "#a9d0d6", "#f8e3b0", "#f2b35d", "#dd7f3b", "#c2412d", "#8e1f3a")
"""One server, two, … seven and more: calm where few overlap, warm where many do."""

_Values = NDArray[Any]


@dataclass(frozen=True)
class _Quantity:
    """How one quantity of the signal is written."""

    title: str
    dtype: str
    nodata: int
    rasters: Callable[[Signal], Mapping[Pair, Raster]]
    values: Callable[[Any, str, Study], _Values]
    """A window of the raster, its technology and the thresholds -> what the file holds."""
    overviews: str
    """How GDAL thins pixels out; classes and numbers of cells have no average."""
    unit: str = ""
    scale: float = 1.0
    predictor: str = "NO"
    effort: int = 6
    """Of DEFLATE; less where more makes the file hardly smaller, for it is most of the time that a file takes."""
    palette: Mapping[int, str] | None = None
    statistics: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


def _level_steps(level_dbm: Any, technology: str, study: Study) -> _Values:
    steps = np.round(np.asarray(level_dbm, dtype=np.float32) / np.float32(_LEVEL_SCALE_DB))
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(steps), np.clip(steps, -32767, 32767), _LEVEL_NODATA).astype(np.int16)


def _as_it_is(values: Any, technology: str, study: Study) -> _Values:
    return np.ascontiguousarray(values)


_QUANTITIES = {
    "level": _Quantity(
        "Received level", "int16", _LEVEL_NODATA, lambda signal: signal.levels, _level_steps, "AVERAGE",
        unit="dBm", scale=_LEVEL_SCALE_DB, predictor="YES", effort=1, statistics=True,
        tags={"nodata_means": "no cell reaches here, or not modelled; signal/class tells them apart"},
    ),
    "class": _Quantity(
        "Class of signal", "uint8", NOT_MODELLED, lambda signal: signal.levels, class_numbers, "MODE",
        effort=3, palette=dict(enumerate(reversed(CLASS_COLOURS))),
        tags={"class_0": "none", "class_1": "weak", "class_2": "good", "nodata_means": "not modelled"},
    ),
    "second": _Quantity(
        "Level of the second server", "int16", _LEVEL_NODATA, lambda signal: signal.seconds, _level_steps, "AVERAGE",
        unit="dBm", scale=_LEVEL_SCALE_DB, predictor="YES", effort=1, statistics=True,
        tags={"nodata_means": "no second cell reaches here, or not modelled"},
    ),
    "overlap": _Quantity(
        "Servers within 6 dB of the best", "uint8", 0, lambda signal: signal.overlaps, _as_it_is, "MODE",
        unit="servers", effort=3,
        palette={count: _OVERLAP_COLOURS[min(count, len(_OVERLAP_COLOURS)) - 1] for count in range(1, 256)},
        tags={
            "nodata_means": "the best server is below weak, or not modelled; signal/class tells them apart",
            "value_8": "eight servers or more",
        },
    ),
    "server": _Quantity(
        "Best server", "int32", -1, lambda signal: signal.servers, _as_it_is, "NEAREST",
        tags={
            "values_are": "column `cell` of layer `cells` in coverage.gpkg",
            "nodata_means": "no cell reaches here, or not modelled",
        },
    ),
}  # fmt: skip


def raster_names(signal: Signal) -> dict[str, tuple[str, Pair]]:
    """Return the name below the out folder of every raster -> its quantity, its operator and technology."""
    return {
        raster_name(*pair, quantity=name): (name, pair)
        for name, quantity in _QUANTITIES.items()
        for pair in sorted(quantity.rasters(signal))
    }


def raster_name(operator: str, technology: str, *, quantity: str = "level") -> str:
    """Return the name of a raster below the out folder, such as `signal/viettel_4g.tif`."""
    safe = re.sub(r"[^\w-]+", "-", operator)
    folder = "signal" if quantity == "level" else f"signal/{quantity}"
    return f"{folder}/{safe}_{technology}.tif"


def write_raster(signal: Signal, quantity: str, pair: Pair, study: Study, path: Path) -> None:
    """
    Write one quantity of the signal as a cloud-optimised GeoTIFF; the same signal gives the same bytes.

    Parameters
    ----------
    signal
        Rasters of a run; read window by window, never as a whole.
    quantity
        `level` and `second`: 16-bit steps of 0.1 dBm; `class`: 0 none, 1 weak, 2 good, in colours; `overlap`: number
        of servers, in colours; `server`: number of the cell, as in layer `cells` of the GeoPackage.
    pair
        Operator and technology.
    study
        Thresholds of the classes.
    path
        A file that does not exist yet, in a folder that does. Room for the raster without compression is taken
        beside it while it is written.

    Raises
    ------
    OSError
        The file does not hold what was written, as on a full disk.
    """
    form = _QUANTITIES[quantity]
    rows, cols = signal.grid.shape
    if shutil.disk_usage(path.parent).free < rows * cols * np.dtype(form.dtype).itemsize:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # before libtiff says so, in words of its own
    with (
        rasterio.Env(GDAL_CACHEMAX=_GDAL_CACHE_BYTES),
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".plain-") as aside,
    ):
        plain = Path(aside) / "plain.tif"
        written = _write_plain(signal, form, pair, study, plain, {"quantity": quantity})
        with rasterio.open(plain) as dataset:
            rasterio.shutil.copy(
                dataset, path, driver="COG", compress="DEFLATE", level=str(form.effort),
                predictor=form.predictor, blocksize=str(_BLOCK_PX), overview_resampling=form.overviews,
            )  # fmt: skip
    with rasterio.open(path) as dataset:
        read = 0
        for window in _windows(signal.grid):
            read = zlib.crc32(dataset.read(1, window=window).data, read)
    if read != written:
        raise OSError("the file does not read back as it was written; the disk may be full")


def open_raster(signal: Signal, operator: str = ANY, technology: str = "4g") -> DatasetReader:
    """
    Open received levels as a rasterio dataset in memory.

    Parameters
    ----------
    signal
        Levels of a run.
    operator, technology
        A key of `signal.levels`; `any` is the best of all.

    Returns
    -------
    DatasetReader
        One band of 32-bit dBm; NaN, the nodata value, where no cell reaches or nothing was modelled.

    Raises
    ------
    OutputError
        No such operator or technology.
    """
    level = signal.levels.get((operator, technology))
    if level is None:
        known = ", ".join("/".join(key) for key in sorted(signal.levels))
        raise OutputError(f"signal: no levels for {operator} {technology}; there are {known or 'none'}.")
    memory = MemoryFile()
    with memory.open(**_profile(signal.grid, "float32", float("nan"))) as dataset:
        dataset.units = ("dBm",)
        for window in _windows(signal.grid):
            level_dbm = np.asarray(level[window.toslices()], dtype=np.float32)
            dataset.write(np.where(np.isneginf(level_dbm), np.float32(np.nan), level_dbm), 1, window=window)
    return memory.open()


@dataclass
class _Statistics:
    """What GIS programs need to spread their colours; summed in whole steps, so that windows do not matter."""

    count: int = 0
    total: int = 0
    squares: int = 0
    lowest: int = np.iinfo(np.int64).max
    highest: int = np.iinfo(np.int64).min

    def add(self, values: _Values, nodata: int) -> None:
        known = values[values != nodata].astype(np.int64)
        if known.size:
            self.count += known.size
            self.total += int(known.sum())
            self.squares += int((known * known).sum())
            self.lowest = min(self.lowest, int(known.min()))
            self.highest = max(self.highest, int(known.max()))

    def tags(self) -> dict[str, str]:
        if not self.count:
            return {}
        mean = self.total / self.count
        spread = max(self.squares / self.count - mean * mean, 0.0) ** 0.5
        numbers = {"MINIMUM": self.lowest, "MAXIMUM": self.highest, "MEAN": round(mean, 3), "STDDEV": round(spread, 3)}
        return {f"STATISTICS_{name}": str(number) for name, number in numbers.items()}


def _write_plain(signal: Signal, form: _Quantity, pair: Pair, study: Study, path: Path, tags: Mapping[str, str]) -> int:
    """Write a plain GeoTIFF for GDAL to copy from; return the checksum of its pixels."""
    operator, technology = pair
    raster = form.rasters(signal)[pair]
    statistics, checksum = _Statistics(), 0
    with rasterio.open(
        path, "w", tiled=True, blockxsize=_BLOCK_PX, blockysize=_BLOCK_PX, bigtiff="IF_SAFER",
        **_profile(signal.grid, form.dtype, form.nodata),
    ) as dataset:  # fmt: skip
        if form.palette is not None:
            dataset.write_colormap(1, {value: _rgb(colour) for value, colour in form.palette.items()})
        dataset.set_band_description(1, f"{form.title}, {operator} {technology.upper()}")
        dataset.scales, dataset.offsets, dataset.units = (form.scale,), (0.0,), (form.unit,)
        dataset.update_tags(operator=operator, technology=technology, **tags, unit=form.unit, **form.tags)
        for window in _windows(signal.grid):
            values = form.values(raster[window.toslices()], technology, study)
            dataset.write(values, 1, window=window)
            checksum = zlib.crc32(values.data, checksum)
            if form.statistics:
                statistics.add(values, form.nodata)
        dataset.update_tags(1, **statistics.tags())
    return checksum


def _profile(grid: Grid, dtype: str, nodata: float) -> dict[str, Any]:
    rows, cols = grid.shape
    return {
        "driver": "GTiff", "height": rows, "width": cols, "count": 1, "dtype": dtype, "nodata": nodata,
        "crs": grid.crs, "transform": grid.transform,
    }  # fmt: skip


def _windows(grid: Grid) -> Iterator[Window]:
    rows, cols = grid.shape
    for top in range(0, rows, ROWS_AT_ONCE):
        yield Window(0, top, cols, min(ROWS_AT_ONCE, rows - top))


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue
