"""Rasters that lie in the store tile by tile, and are read like arrays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from coverage.result import Pair
from coverage.signal.footprint import TENTHS
from coverage.signal.packing import unpack, unpack_plain
from coverage.signal.servers import NO_CELL, SILENT, UNKNOWN
from coverage.signal.store import Store
from coverage.signal.tile import part_name
from coverage.signal.tiling import Tile, Tiling

Quantity = Literal["level", "second", "server", "overlap", "void"]

_DTYPES: dict[Quantity, type[np.generic]] = {
    "level": np.float32, "second": np.float32, "server": np.int32, "overlap": np.uint8, "void": np.bool_,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Tiles:
    """Finished tiles of a grid, in the store."""

    store: Store
    tiling: Tiling
    keys: Mapping[Tile, str]
    cells: Callable[[Tile], NDArray[np.int32]]
    """Row in the layer of every cell that may touch a tile, in that order."""


@dataclass(frozen=True, eq=False)
class TiledRaster:
    """One quantity of one operator and technology over the whole grid; see `coverage.result.Raster`."""

    tiles: Tiles
    quantity: Quantity
    pair: Pair
    dtype: np.dtype[Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dtype", np.dtype(_DTYPES[self.quantity]))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return self.tiles.tiling.shape

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return all of it."""
        return self[:, :].astype(dtype or self.dtype, copy=False)

    def __getitem__(self, where: Any) -> NDArray[Any]:
        """Return the values of a window, two slices without a step, or of pixels, by row and column."""
        row, col = where
        if isinstance(row, slice) and isinstance(col, slice):
            return self._window(*(slice(*part.indices(size)[:2]) for part, size in zip(where, self.shape, strict=True)))
        return self._pixels(np.asarray(row), np.asarray(col))

    def _window(self, rows: slice, cols: slice) -> NDArray[Any]:
        found = np.empty((max(rows.stop - rows.start, 0), max(cols.stop - cols.start, 0)), self.dtype)
        for tile, shared in self.tiles.tiling.touched(rows, cols):
            start = tuple(part.start for part in self.tiles.tiling.window(tile))
            found[_less(shared, (rows.start, cols.start))] = self._tile(tile)[_less(shared, start)]
        return found

    def _pixels(self, row: NDArray[Any], col: NDArray[Any]) -> NDArray[Any]:
        rows, cols = self.shape
        row, col = np.broadcast_arrays(np.where(row < 0, row + rows, row), np.where(col < 0, col + cols, col))
        if ((row < 0) | (row >= rows) | (col < 0) | (col >= cols)).any():
            raise IndexError(f"a pixel outside {rows} x {cols}")
        side = self.tiles.tiling.side
        found = np.empty(row.shape, self.dtype)
        for tile, here in self.tiles.tiling.grouped(row.ravel(), col.ravel()):
            found.flat[here] = self._tile(tile)[row.flat[here] - tile[0] * side, col.flat[here] - tile[1] * side]
        return found

    def _tile(self, tile: Tile) -> NDArray[Any]:
        rows, cols = self.tiles.tiling.window(tile)
        shape = (rows.stop - rows.start, cols.stop - cols.start)
        packed = self._part(tile, part_name(self.quantity, self.pair))
        match self.quantity:
            case "level" | "second":
                if packed is None:  # no mast of this network is near
                    level = np.full(shape, SILENT, np.int16)
                    unknown = self.tiles.store.get("tiles", self.tiles.keys[tile], "unknown")
                    level[unpack_plain(unknown, np.bool_, shape)] = UNKNOWN
                else:
                    level = unpack(packed, (1, *shape))[0]
                dbm = level.astype(np.float32) / np.float32(TENTHS)
                dbm[level == SILENT] = -np.inf
                dbm[level == UNKNOWN] = np.nan
                return dbm
            case "server":
                if packed is None:
                    return np.full(shape, NO_CELL, np.int32)
                number = unpack_plain(packed, np.int32, shape)
                rows_in_layer: NDArray[np.int32] = np.append(self.tiles.cells(tile), np.int32(NO_CELL))
                return np.take(rows_in_layer, number)  # the last of them for -1
            case _:
                return np.zeros(shape, self.dtype) if packed is None else unpack_plain(packed, self.dtype.type, shape)

    def _part(self, tile: Tile, name: str) -> bytes | None:
        try:
            return self.tiles.store.get("tiles", self.tiles.keys[tile], name)
        except KeyError:
            return None


def _less(window: tuple[slice, slice], start: tuple[int, ...]) -> tuple[slice, ...]:
    """Return a window counted from another start."""
    return tuple(slice(part.start - first, part.stop - first) for part, first in zip(window, start, strict=True))
