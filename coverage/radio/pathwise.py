"""ITU-R P.1812-8 path by path: the whole Recommendation for chosen pixels, along the exact line to each, compiled."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit
from coverage.radio.p1812 import terms_of_path
from coverage.radio.p1812_mechanisms import free_space_db
from coverage.radio.p1812_profile import INLAND, location_db
from coverage.radio.radial import Mast, sample


class Setting(NamedTuple):
    """What all paths of an area share (see `p1812.path_terms`)."""

    latitude_deg: float
    time_percent: float
    vertical: bool
    delta_n: float
    n0: float
    location_percent: float
    location_sigma_db: float


@njit
def read_profile(mast: Mast, row: int, col: int, turn: float, distance: Any, ground: Any, obstacle: Any) -> int:
    """
    Fill a profile from the mast to a pixel: one sample per cell, the last interval half to one and a half cells long.

    `turn` is how far the line is turned about the mast away from the exact one, radians.

    Returns
    -------
    int
        Number of points; 0 where the line meets a void.
    """
    terrain, cover = mast.terrain, mast.cover
    cells = math.hypot(row - mast.row, col - mast.col)
    count = int(cells + 0.5)
    angle = math.atan2(row - mast.row, col - mast.col) + turn
    row_step, col_step = math.sin(angle), math.cos(angle)
    distance[0] = 0.0
    ground[0] = obstacle[0] = terrain[mast.row, mast.col]
    for i in range(1, count):
        height = sample(terrain, mast.row + i * row_step, mast.col + i * col_step)
        distance[i] = i * mast.cell_km
        ground[i] = obstacle[i] = height
        if cover.size > 0:
            obstacle[i] += sample(cover, mast.row + i * row_step, mast.col + i * col_step)
        if not obstacle[i] > -math.inf:
            return 0
    distance[count] = cells * mast.cell_km
    ground[count] = obstacle[count] = terrain[row, col]
    return count + 1 if ground[count] > -math.inf else 0


@njit
def exact_losses_db(mast: Mast, setting: Setting, freq_ghz: float, rows: Any, cols: Any, turns: Any) -> Any:
    """
    Loss at pixels, path by path.

    Parameters
    ----------
    mast, setting, freq_ghz
        The transmitter, and what all paths share.
    rows, cols
        Pixels, at least one cell from the mast.
    turns
        How far each line is turned away from the exact one, radians; zeros but in comparisons.

    Returns
    -------
    ndarray
        Lb, dB; NaN behind voids.
    """
    longest = 2
    for i in range(len(rows)):
        longest = max(longest, math.ceil(math.hypot(rows[i] - mast.row, cols[i] - mast.col)) + 1)
    distance, ground, obstacle = np.zeros(longest), np.zeros(longest), np.zeros(longest)
    zone = np.full(longest, INLAND)
    loss = np.full(len(rows), math.nan)
    for i in range(len(rows)):
        points = read_profile(mast, rows[i], cols[i], turns[i], distance, ground, obstacle)
        if points == 2:
            free = free_space_db(freq_ghz, distance[1], ground[0] + mast.tx_height_m, ground[1] + mast.rx_height_m)
            loss[i] = free + max(0.0, location_db(setting.location_percent, setting.location_sigma_db))
        elif points > 2:
            loss[i] = terms_of_path(
                distance[:points], ground[:points], obstacle[:points], zone[:points], mast.tx_height_m,
                mast.rx_height_m, setting.latitude_deg, freq_ghz, setting.time_percent, setting.location_percent,
                setting.location_sigma_db, setting.vertical, setting.delta_n, setting.n0, 500.0, 500.0,
            ).Lb  # fmt: skip
    return loss


def exact_sweep(
    mast: Mast, setting: Setting, radius_cells: float, freq_ghz: NDArray[np.float64], loss: NDArray[np.float32]
) -> None:
    """Fill `loss` [bands, 2n+1, 2n+1] within the radius, but for the mast's own pixel."""
    n = loss.shape[1] // 2
    reach = math.ceil(radius_cells)
    for row in range(max(mast.row - reach, 0), min(mast.row + reach + 1, mast.terrain.shape[0])):
        away = np.hypot(row - mast.row, np.arange(mast.terrain.shape[1]) - mast.col)
        cols = np.flatnonzero((away > 0.0) & (away <= radius_cells))
        for band, freq in enumerate(freq_ghz):
            loss[band, row - mast.row + n, cols - mast.col + n] = exact_losses_db(
                mast, setting, float(freq), np.full(len(cols), row), cols, np.zeros(len(cols))
            )
