"""Tiling: the grid cut into squares, and which of them a window shares pixels with."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Tile = tuple[int, int]
"""Row and column of a tile."""


@dataclass(frozen=True)
class Tiling:
    """A grid cut into square tiles; those at its far edges may be smaller."""

    shape: tuple[int, int]
    """Rows, columns of pixels."""
    side: int
    """Pixels along a tile."""

    @property
    def tiles(self) -> tuple[int, int]:
        """Rows and columns of tiles."""
        rows, cols = self.shape
        return -(-rows // self.side), -(-cols // self.side)

    def window(self, tile: Tile) -> tuple[slice, slice]:
        """Return the pixels of a tile."""
        (row, col), (rows, cols) = tile, self.shape
        return (
            slice(row * self.side, min((row + 1) * self.side, rows)),
            slice(col * self.side, min((col + 1) * self.side, cols)),
        )

    def span(self, rows: slice, cols: slice) -> tuple[slice, slice]:
        """Return the rows and columns of tiles that a window, which may reach beyond the grid, shares pixels with."""
        (last_row, last_col), side = self.shape, self.side
        return (
            slice(max(rows.start, 0) // side, -(-min(rows.stop, last_row) // side)),
            slice(max(cols.start, 0) // side, -(-min(cols.stop, last_col) // side)),
        )

    def touched(self, rows: slice, cols: slice) -> Iterator[tuple[Tile, tuple[slice, slice]]]:
        """Yield the tiles that a window of the grid shares pixels with, and which pixels those are."""
        down, across = self.span(rows, cols)
        for row in range(down.start, down.stop):
            for col in range(across.start, across.stop):
                yield (row, col), self.shared((row, col), rows, cols)

    def grouped(self, row: NDArray[np.int64], col: NDArray[np.int64]) -> Iterator[tuple[Tile, NDArray[np.int64]]]:
        """Yield each tile that holds any of some pixels, with their numbers."""
        across = self.tiles[1]
        which = (row // self.side) * across + col // self.side
        order = np.argsort(which, kind="stable")
        numbers, first = np.unique(which[order], return_index=True)
        for number, here in zip(numbers.tolist(), np.split(order, first)[1:], strict=True):
            yield divmod(number, across), here

    def shared(self, tile: Tile, rows: slice, cols: slice) -> tuple[slice, slice]:
        """Return the pixels that a tile shares with a window."""
        down, across = self.window(tile)
        return (
            slice(max(down.start, rows.start), min(down.stop, rows.stop)),
            slice(max(across.start, cols.start), min(across.stop, cols.stop)),
        )


def around(row: int, col: int, n: int) -> tuple[slice, slice]:
    """Return the window of n pixels to every side of one."""
    return slice(row - n, row + n + 1), slice(col - n, col + n + 1)
