"""How high an antenna stands over the country it looks at, as the models fitted to Okumura's curves want it."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.radio._numba import njit
from coverage.radio.radial import sample

AHEAD_M = (3_000.0, 15_000.0)
"""Ground from here to here counts."""


def effective_height_m(
    terrain_m: ArrayLike, *, cell_m: float, tx_row: int, tx_col: int, tx_height_m: float, reach: int
) -> NDArray[np.float64]:
    """
    Effective height of an antenna in the direction of every pixel around it.

    Parameters
    ----------
    terrain_m
        [rows, columns] heights above sea level, m; NaN where unknown. The whole raster, as far as there is one.
    cell_m
        Side of a square pixel, m.
    tx_row, tx_col
        The mast's pixel; it has a height.
    tx_height_m
        Antenna above ground, m.
    reach
        Pixels to each side of the mast.

    Returns
    -------
    NDArray[np.float64]
        [2 reach + 1, 2 reach + 1] antenna above the mean ground 3 to 15 km ahead, m, voids left out; NaN where no
        ground is known there. May be negative: the mast stands in a valley.

    References
    ----------
    Y. Okumura et al., "Field strength and its variability in VHF and UHF land-mobile radio service", Review of the
    Electrical Communication Laboratory 16(9-10), 1968; the height that M. Hata's formula (1980) takes.
    """
    terrain = np.ascontiguousarray(terrain_m, dtype=np.float32)
    radials = 4 * math.ceil(0.5 * math.pi * AHEAD_M[1] / cell_m)
    mean_m = _mean_ground_m(terrain, tx_row, tx_col, AHEAD_M[0] / cell_m, AHEAD_M[1] / cell_m, radials)
    south, east = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    nearest = np.rint(np.arctan2(south, east) / (2 * math.pi) * radials).astype(np.int64) % radials
    return np.asarray(terrain[tx_row, tx_col] + tx_height_m - mean_m[nearest], dtype=np.float64)


@njit
def _mean_ground_m(
    terrain: Any, tx_row: int, tx_col: int, first_cells: float, last_cells: float, radials: int
) -> NDArray[np.float64]:
    """Mean height along radials, sampled at every cell between two distances; 0 points east, a quarter on south."""
    rows, cols = terrain.shape
    mean = np.full(radials, np.nan)
    for k in range(radials):
        angle = 2.0 * math.pi * k / radials
        row_step, col_step = math.sin(angle), math.cos(angle)
        total, known = 0.0, 0
        for i in range(math.ceil(first_cells), math.floor(last_cells) + 1):
            row, col = tx_row + i * row_step, tx_col + i * col_step
            if row < -0.5 or row > rows - 0.5 or col < -0.5 or col > cols - 0.5:
                break
            height = sample(terrain, row, col)
            if height > -math.inf:
                total += height
                known += 1
        if known > 0:
            mean[k] = total / known
    return mean
