"""Packing: rasters of tenths of a dB as few bytes, a footprint cut along the tiles of the grid."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coverage.errors import StoreError
from coverage.radio._numba import njit
from coverage.signal.tiling import Tile, Tiling, around

_CODEC = "zstd"
_FIRST_MARK = -32768
_MARKS = 2
"""The lowest values stand for what has no level; they are kept apart so as not to spoil the differences."""


def pack(values: NDArray[np.int16]) -> bytes:
    """
    Pack a stack of rasters of tenths of a dB without loss.

    Each value is foretold from its neighbours above and before it; what is kept is how much it differs, low bytes and
    high bytes apart, and where the marks are.

    Parameters
    ----------
    values
        [bands, rows, columns]; the two lowest values are marks.
    """
    marks, differences = np.empty(values.size, np.uint8), np.empty((2, values.size), np.uint8)
    count = int(_differ(values, marks, differences))
    planes = np.concatenate((marks, differences[0, :count], differences[1, :count]))
    return count.to_bytes(4, "little") + _compressed(planes)


def unpack(packed: bytes, shape: tuple[int, int, int]) -> NDArray[np.int16]:
    """Return what was packed, given its shape."""
    values = np.empty(shape, np.int16)
    count = int.from_bytes(packed[:4], "little")
    planes = np.frombuffer(pa.decompress(packed[4:], values.size + 2 * count, _CODEC), np.uint8)
    marks, low, high = np.split(planes, [values.size, values.size + count])
    if np.count_nonzero(marks) != values.size - count:  # or more would be read than there is
        raise StoreError("the store holds a raster that is not one; remove it: coverage cache --clear")
    _restore(marks, low, high, values)
    return values


def pack_plain(values: NDArray[np.generic]) -> bytes:
    """Pack an array of any kind as it is."""
    return _compressed(np.ascontiguousarray(values))


def unpack_plain(packed: bytes, dtype: type[np.generic], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return what was packed, given its type and shape."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    return np.frombuffer(pa.decompress(packed, size, _CODEC), dtype).reshape(shape)


def _compressed(values: NDArray[np.generic]) -> bytes:
    packed: bytes = pa.compress(values, _CODEC, asbytes=True)
    return packed


def pack_footprint(loss: NDArray[np.int16], row: int, col: int, tiling: Tiling) -> dict[Tile, bytes]:
    """
    Cut a footprint along the tiles of the grid, and pack the pieces in which anything is in reach.

    Parameters
    ----------
    loss
        As `footprint` returns it, [bands, 2n+1, 2n+1].
    row, col
        Pixel of the grid that the mast stands on.
    tiling
        The tiles.
    """
    n = loss.shape[1] // 2
    top, left = row - n, col - n
    pieces = {}
    for tile, (rows, cols) in tiling.touched(*around(row, col, n)):
        piece = loss[:, rows.start - top : rows.stop - top, cols.start - left : cols.stop - left]
        if (piece != _FIRST_MARK).any():
            pieces[tile] = pack(np.ascontiguousarray(piece))
    return pieces


@njit()  # type: ignore[untyped-decorator]
def _foretell(values: NDArray[np.int16], band: int, i: int, j: int, last: int) -> int:
    """Continue the slope above and before a pixel; where a neighbour is a mark, the one that is none, else `last`."""
    lowest = _FIRST_MARK + _MARKS
    above = int(values[band, i - 1, j]) if i > 0 else _FIRST_MARK
    before = int(values[band, i, j - 1]) if j > 0 else _FIRST_MARK
    if above >= lowest and before >= lowest:
        corner = int(values[band, i - 1, j - 1])
        return above + before - corner if corner >= lowest else before
    if before >= lowest:
        return before
    return above if above >= lowest else last


@njit()  # type: ignore[untyped-decorator]
def _differ(values: NDArray[np.int16], marks: NDArray[np.uint8], differences: NDArray[np.uint8]) -> int:
    """Write a mark (0 for a value) for every pixel, and low and high bytes of the differences of the values, signs
    folded in; return how many values there are."""
    bands, rows, cols = values.shape
    at, count, last = 0, 0, 0
    for band in range(bands):
        for i in range(rows):
            for j in range(cols):
                value = int(values[band, i, j])
                marks[at] = 0
                if value < _FIRST_MARK + _MARKS:
                    marks[at] = value - _FIRST_MARK + 1
                else:
                    difference = value - _foretell(values, band, i, j, last)
                    difference = (difference + 32768) % 65536 - 32768
                    folded = 2 * difference if difference >= 0 else -2 * difference - 1
                    differences[0, count] = folded & 255
                    differences[1, count] = folded >> 8
                    count += 1
                    last = value
                at += 1
    return count


@njit()  # type: ignore[untyped-decorator]
def _restore(
    marks: NDArray[np.uint8], low: NDArray[np.uint8], high: NDArray[np.uint8], values: NDArray[np.int16]
) -> None:
    bands, rows, cols = values.shape
    at, count, last = 0, 0, 0
    for band in range(bands):
        for i in range(rows):
            for j in range(cols):
                mark = marks[at]
                if mark:
                    values[band, i, j] = int(mark) - 1 + _FIRST_MARK
                else:
                    folded = int(low[count]) | int(high[count]) << 8
                    difference = folded >> 1 if folded & 1 == 0 else -((folded + 1) >> 1)
                    last = (_foretell(values, band, i, j, last) + difference + 32768) % 65536 - 32768
                    values[band, i, j] = last
                    count += 1
                at += 1
