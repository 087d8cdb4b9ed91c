"""The signal of a finished run, read back from its GeoTIFFs window by window: a country does not fit in memory."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from coverage.columns.words import ANY
from coverage.errors import refuse
from coverage.grid import Grid
from coverage.layers.finished import AGAIN
from coverage.result import Pair, Signal

_BLOCK_PX = 256
"""Pixels asked for one by one are read by squares of this side, as the files hold them."""
_NAME = re.compile(r"signal/(?:(class|second|overlap|server)/)?[^/]+\.tif")
_Values = NDArray[Any]
_Turn = Callable[..., _Values]


def read_signal(folder: Path, names: Iterable[str], grid: Grid) -> Signal:
    """
    Open the signal of a finished run.

    Parameters
    ----------
    folder
        Out folder of `coverage analyze`.
    names
        Of files in it, such as run.json lists; what is no raster of the signal is passed over.
    grid
        Where their pixels lie.

    Returns
    -------
    Signal
        Levels in steps of 0.1 dB, as they were predicted; -inf where no cell reaches, NaN where not modelled.

    Raises
    ------
    LayerError
        A raster cannot be read, lies on another grid, or lacks its raster of classes.
    """
    found: dict[str, dict[Pair, _Raster]] = {kind: {} for kind in ("level", "class", "second", "overlap", "server")}
    for name in sorted(names):
        if match := _NAME.fullmatch(name):
            pair, raster = _opened(folder / name, grid)
            found[match[1] or "level"][pair] = raster
    if lacking := sorted({*found["level"], *found["second"]} - found["class"].keys()):
        wanted = f"signal/class/{'_'.join(lacking[0])}.tif"
        raise refuse(str(folder / "run.json"), f"no {wanted}", "one beside each raster of levels", AGAIN)
    levels, seconds = (
        {pair: raster.beside(found["class"][pair], _levels) for pair, raster in found[kind].items()}
        for kind in ("level", "second")
    )
    return Signal(
        grid,
        levels,
        classes=found["class"],
        seconds=seconds,
        servers=found["server"],
        overlaps=found["overlap"],
        operators=tuple(sorted({operator for operator, _ in levels} - {ANY})),
    )


@dataclass(frozen=True)
class _Source:
    """One GeoTIFF of one band."""

    file: Path
    nodata: float | None
    scale: float


@dataclass(frozen=True, eq=False)
class _Raster:
    """Values that lie in files; see `coverage.result.Raster`."""

    shape: tuple[int, int]
    sources: tuple[_Source, ...]
    turn: _Turn
    """Windows of the sources, each with its nodata and scale -> the values."""

    def beside(self, other: "_Raster", turn: _Turn) -> "_Raster":
        """Return the raster that is made of two."""
        return _Raster(self.shape, (*self.sources, *other.sources), turn)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> _Values:
        """Return all of it."""
        values = self[:, :]
        return values if dtype is None else values.astype(dtype, copy=False)

    def __getitem__(self, where: Any) -> _Values:
        """Return the values of a window, two slices without a step, or of pixels, by row and column."""
        row, col = where
        if isinstance(row, slice):
            return self._window(*(slice(*part.indices(size)[:2]) for part, size in zip(where, self.shape, strict=True)))
        return self._pixels(*np.broadcast_arrays(np.mod(row, self.shape[0]), np.mod(col, self.shape[1])))

    def _window(self, rows: slice, cols: slice) -> _Values:
        with self._reader() as read:
            return read(rows, cols)

    def _pixels(self, row: _Values, col: _Values) -> _Values:
        blocks, of_block = np.unique(
            np.column_stack([row.ravel(), col.ravel()]) // _BLOCK_PX, axis=0, return_inverse=True
        )
        with self._reader() as read:
            found = np.empty(row.size, read(slice(0, 1), slice(0, 1)).dtype)
            for number, (top, left) in enumerate(blocks * _BLOCK_PX):
                here = np.flatnonzero(of_block.ravel() == number)
                block = read(slice(top, top + _BLOCK_PX), slice(left, left + _BLOCK_PX))
                found[here] = block[row.flat[here] - top, col.flat[here] - left]
        return found.reshape(row.shape)

    @contextmanager
    def _reader(self) -> Iterator[Callable[[slice, slice], _Values]]:
        """Yield what reads the values of a window, cut off at the edge of the grid."""
        with ExitStack() as open_files:
            files = [open_files.enter_context(rasterio.open(source.file)) for source in self.sources]

            def read(rows: slice, cols: slice) -> _Values:
                window = Window.from_slices(
                    *((part.start, min(part.stop, size)) for part, size in zip((rows, cols), self.shape, strict=True))
                )
                windows = [file.read(1, window=window) for file in files]
                return self.turn(*zip(windows, self.sources, strict=True))

            try:
                yield read
            except RasterioError as error:
                names = " and ".join(source.file.name for source in self.sources)
                raise refuse(str(self.sources[0].file.parent), f"{names}: {error}", "rasters of a run", AGAIN) from None


def _opened(file: Path, grid: Grid) -> tuple[Pair, _Raster]:
    try:
        with rasterio.open(file) as dataset:
            tags: Mapping[str, str] = dataset.tags()
            pair = (tags["operator"], tags["technology"])
            shape, step = dataset.shape, dataset.transform
            source = _Source(file, dataset.nodata, float(dataset.scales[0]))
    except (RasterioError, KeyError) as error:
        raise refuse(str(file), str(error), "a raster as the run wrote it", AGAIN) from None
    if shape != grid.shape or not step.almost_equals(grid.transform, 1e-6 * grid.cell_m):
        found, expected = f"{shape[0]} x {shape[1]} pixels", f"the grid of the study, {grid.shape[0]} x {grid.shape[1]}"
        raise refuse(str(file), found, expected, AGAIN)
    return pair, _Raster(grid.shape, (source,), _as_it_is)


def _as_it_is(values: tuple[_Values, _Source]) -> _Values:
    return values[0]


def _levels(steps: tuple[_Values, _Source], classes: tuple[_Values, _Source]) -> _Values:
    """Return dBm: a level that the file leaves out is one that is not there, unless the class is left out too."""
    values, source = steps
    known, of_class = classes
    level_dbm = values.astype(np.float32) / np.float32(round(1 / source.scale))
    level_dbm[values == source.nodata] = -np.inf
    level_dbm[known == of_class.nodata] = np.nan
    return level_dbm
