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
_NOTHING: np.int64 = np.int64(_FIRST_MARK)
"""What all pixels outside a box have; of the type in which the kernels reckon."""
_MARKS = 2
"""The lowest values stand for what has no level; they are kept apart so as not to spoil the differences."""


def pack(values: NDArray[np.int16]) -> bytes:
    """
    Pack a stack of rasters of tenths of a dB without loss.

    Of each band only the box around what is above the lowest mark is kept. Each value there is foretold from its
    neighbours above and before it; what is kept is how much it differs, low bytes and high bytes apart, and where the
    marks are.

    Parameters
    ----------
    values
        [bands, rows, columns]; the two lowest values are marks.
    """
    return _packed(values, _boxes(values))


def _packed(values: NDArray[np.int16], boxes: NDArray[np.uint16]) -> bytes:
    size = _size(boxes)
    marks, differences = np.empty(size, np.uint8), np.empty((2, size), np.uint8)
    count = int(_differ(values, boxes, marks, differences))
    planes = np.concatenate((marks, differences[0, :count], differences[1, :count]))
    return count.to_bytes(4, "little") + boxes.tobytes() + _compressed(planes)


def unpack(packed: bytes, shape: tuple[int, int, int]) -> NDArray[np.int16]:
    """Return what was packed, given its shape."""
    values = np.full(shape, _FIRST_MARK, np.int16)
    start = 4 + 8 * shape[0]
    count = int.from_bytes(packed[:4], "little")
    boxes = np.frombuffer(packed[4:start], np.uint16).reshape(shape[0], 4)
    for top, left, rows, cols in boxes.tolist():
        if top + rows > shape[1] or left + cols > shape[2]:  # or more would be written than there is
            raise _no_raster()
    size = _size(boxes)
    planes = np.frombuffer(pa.decompress(packed[start:], size + 2 * count, _CODEC), np.uint8)
    marks, low, high = np.split(planes, [size, size + count])
    if np.count_nonzero(marks) != size - count:  # or more would be read than there is
        raise _no_raster()
    _restore(marks, low, high, boxes, values)
    return values


def _size(boxes: NDArray[np.uint16]) -> int:
    return sum(rows * cols for _, _, rows, cols in boxes.tolist())


def _no_raster() -> StoreError:
    return StoreError("the store holds a raster that is not one; remove it: coverage cache --clear")


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
        piece = np.ascontiguousarray(piece)
        boxes = _boxes(piece)
        if boxes.any():
            pieces[tile] = _packed(piece, boxes)
    return pieces


@njit()  # type: ignore[untyped-decorator]
def _foretell(above: int, before: int, corner: int, last: int) -> int:
    """Continue the slope above and before a pixel; where a neighbour is a mark, the one that is none, else `last`."""
    lowest = _FIRST_MARK + _MARKS
    if before >= lowest:
        return above + before - corner if above >= lowest and corner >= lowest else before
    return above if above >= lowest else last


@njit()  # type: ignore[untyped-decorator]
def _boxes(values: NDArray[np.int16]) -> NDArray[np.uint16]:
    """Return first row and column, rows and columns of the box around what is not the lowest mark, of every band."""
    bands, rows, cols = values.shape
    boxes = np.zeros((bands, 4), np.uint16)
    for band in range(bands):
        top, left, bottom, right = rows, cols, 0, 0
        for i in range(rows):
            for j in range(cols):
                if values[band, i, j] != _FIRST_MARK:
                    top, bottom = min(top, i), i + 1
                    left, right = min(left, j), max(right, j + 1)
        if bottom:
            boxes[band, 0], boxes[band, 1], boxes[band, 2], boxes[band, 3] = top, left, bottom - top, right - left
    return boxes


@njit()  # type: ignore[untyped-decorator]
def _differ(
    values: NDArray[np.int16], boxes: NDArray[np.uint16], marks: NDArray[np.uint8], differences: NDArray[np.uint8]
) -> int:
    """Write a mark (0 for a value) for every pixel, and low and high bytes of the differences of the values, signs
    folded in; return how many values there are."""
    at, count, last = 0, 0, np.int64(0)
    for band in range(len(boxes)):
        top, left, rows, cols = boxes[band].astype(np.int64)
        for i in range(top, top + rows):
            before = corner = _NOTHING
            for j in range(left, left + cols):
                value = np.int64(values[band, i, j])
                above = np.int64(values[band, i - 1, j]) if i > top else _NOTHING
                marks[at] = 0
                if value < _FIRST_MARK + _MARKS:
                    marks[at] = value - _FIRST_MARK + 1
                else:
                    difference = value - _foretell(above, before, corner, last)
                    difference = ((difference + 32768) & 65535) - 32768
                    folded = 2 * difference if difference >= 0 else -2 * difference - 1
                    differences[0, count] = folded & 255
                    differences[1, count] = folded >> 8
                    count += 1
                    last = value
                at += 1
                before, corner = value, above
    return count


@njit()  # type: ignore[untyped-decorator]
def _restore(
    marks: NDArray[np.uint8],
    low: NDArray[np.uint8],
    high: NDArray[np.uint8],
    boxes: NDArray[np.uint16],
    values: NDArray[np.int16],
) -> None:
    at, count, last = 0, 0, np.int64(0)
    for band in range(len(boxes)):
        top, left, rows, cols = boxes[band].astype(np.int64)
        for i in range(top, top + rows):
            before = corner = _NOTHING
            for j in range(left, left + cols):
                above = np.int64(values[band, i - 1, j]) if i > top else _NOTHING
                value = np.int64(marks[at]) - 1 + _FIRST_MARK
                if marks[at] == 0:
                    folded = np.int64(low[count]) | np.int64(high[count]) << 8
                    difference = folded >> 1 if folded & 1 == 0 else -((folded + 1) >> 1)
                    value = ((_foretell(above, before, corner, last) + difference + 32768) & 65535) - 32768
                    last = value
                    count += 1
                values[band, i, j] = value
                at += 1
                before, corner = value, above
