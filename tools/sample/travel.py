"""Travel: cheapest ways over a raster of costs."""

import heapq

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit


@njit
def travel(cost, rows_from, cols_from, limit):  # type: ignore[no-untyped-def]
    """Cost of the cheapest way from the nearest of some cells to every cell, in cells of unit cost; infinite beyond."""
    rows, cols = cost.shape
    best = np.full((rows, cols), np.inf)
    heap = [(0.0, np.int64(rows_from[0] * cols + cols_from[0]))]
    for k in range(len(rows_from)):
        best[rows_from[k], cols_from[k]] = 0.0
        heapq.heappush(heap, (0.0, np.int64(rows_from[k] * cols + cols_from[k])))
    while len(heap) > 0:
        sofar, cell = heapq.heappop(heap)
        r0, c0 = cell // cols, cell % cols
        if sofar > best[r0, c0] or sofar > limit:
            continue
        for drow in range(-1, 2):
            for dcol in range(-1, 2):
                r, c = r0 + drow, c0 + dcol
                if (drow == 0 and dcol == 0) or r < 0 or c < 0 or r >= rows or c >= cols:
                    continue
                step = 0.5 * (cost[r, c] + cost[r0, c0]) * (1.4142135623730951 if drow != 0 and dcol != 0 else 1.0)
                if sofar + step < best[r, c]:
                    best[r, c] = sofar + step
                    heapq.heappush(heap, (sofar + step, np.int64(r * cols + c)))
    return best


@njit
def _walk(best, cost, row, col):  # type: ignore[no-untyped-def]
    rows, cols = cost.shape
    path = [(row, col)]
    while best[row, col] > 0:
        found, to_row, to_col = np.inf, row, col
        for drow in range(-1, 2):
            for dcol in range(-1, 2):
                r, c = row + drow, col + dcol
                if (
                    (drow == 0 and dcol == 0)
                    or r < 0
                    or c < 0
                    or r >= rows
                    or c >= cols
                    or best[r, c] >= best[row, col]
                ):
                    continue
                step = 0.5 * (cost[r, c] + cost[row, col]) * (1.4142135623730951 if drow != 0 and dcol != 0 else 1.0)
                if best[r, c] + step < found:
                    found, to_row, to_col = best[r, c] + step, r, c
        if not found < np.inf:
            break
        row, col = to_row, to_col
        path.append((row, col))
    return path


def walk(best: NDArray[np.float64], cost: NDArray[np.float64], row: int, col: int) -> NDArray[np.int64]:
    """Return the [steps, 2] cells from one cell back to where `best` is zero, the cheapest way; empty if none."""
    if not np.isfinite(best[row, col]):
        return np.empty((0, 2), np.int64)
    return np.array(_walk(best, cost, row, col), np.int64)
