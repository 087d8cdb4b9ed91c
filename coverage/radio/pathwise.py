"""ITU-R P.1812-8 path by path: the whole Recommendation for chosen pixels, each along the exact line to it, compiled."""

import math
from typing import Any

import numpy as np

from coverage.radio._numba import njit
from coverage.radio.p1812 import terms_of_path
from coverage.radio.p1812_profile import INLAND
from coverage.radio.radial import sample


@njit
def read_profile(
    terrain: Any,
    cover: Any,
    cell_km: float,
    tx_row: int,
    tx_col: int,
    row: int,
    col: int,
    turns: float,
    distance: Any,
    ground: Any,
    obstacle: Any,
) -> int:
    """
    Fill a profile from the mast to a pixel: one sample per cell, the last interval half to one and a half cells.

    `turns` is how far the line is turned about the mast away from the exact one, radians.

    Returns
    -------
    int
        Number of points; 0 where the line leaves the raster or meets a void.
    """
    cells = math.hypot(row - tx_row, col - tx_col)
    count = int(cells + 0.5)
    angle = math.atan2(row - tx_row, col - tx_col) + turns
    row_step, col_step = math.sin(angle), math.cos(angle)
    distance[0] = 0.0
    ground[0] = obstacle[0] = terrain[tx_row, tx_col]
    for i in range(1, count):
        height = sample(terrain, tx_row + i * row_step, tx_col + i * col_step)
        distance[i] = i * cell_km
        ground[i] = obstacle[i] = height
        if cover.size > 0:
            obstacle[i] += sample(cover, tx_row + i * row_step, tx_col + i * col_step)
        if not obstacle[i] > -math.inf:
            return 0
    distance[count] = cells * cell_km
    ground[count] = obstacle[count] = terrain[row, col]
    return count + 1 if ground[count] > -math.inf else 0


@njit
def exact_losses_db(
    terrain: Any,
    cover: Any,
    cell_km: float,
    tx_row: int,
    tx_col: int,
    tx_height_m: float,
    rx_height_m: float,
    latitude_deg: float,
    freq_ghz: float,
    time_percent: float,
    vertical: bool,
    delta_n: float,
    n0: float,
    rows: Any,
    cols: Any,
    turns: Any,
    loss: Any,
) -> None:
    """Fill `loss` with Lb of the median location at pixels (rows, cols), each line turned by its `turns`, radians."""
    longest = terrain.shape[0] + terrain.shape[1]
    distance, ground, obstacle = np.zeros(longest), np.zeros(longest), np.zeros(longest)
    zone = np.full(longest, INLAND)
    for i in range(len(rows)):
        points = read_profile(
            terrain, cover, cell_km, tx_row, tx_col, rows[i], cols[i], turns[i], distance, ground, obstacle
        )
        if points == 0:
            loss[i] = math.nan
        elif points < 3:
            rise = (ground[points - 1] + rx_height_m - ground[0] - tx_height_m) / 1000.0
            loss[i] = 92.4 + 20.0 * math.log10(freq_ghz * math.hypot(distance[points - 1], rise))
        else:
            loss[i] = terms_of_path(
                distance[:points], ground[:points], obstacle[:points], zone[:points], tx_height_m, rx_height_m,
                latitude_deg, freq_ghz, time_percent, 50.0, 0.0, vertical, delta_n, n0, 500.0, 500.0,
            ).Lb  # fmt: skip


def exact_sweep(
    terrain: Any,
    cover: Any,
    cell_km: float,
    tx_row: int,
    tx_col: int,
    tx_height_m: float,
    rx_height_m: float,
    radius_cells: float,
    latitude_deg: float,
    freq_ghz: Any,
    time_percent: float,
    vertical: bool,
    delta_n: float,
    n0: float,
    loss: Any,
) -> None:
    """Fill `loss` [bands, 2n+1, 2n+1], but for the mast's own pixel, with exact losses within the radius."""
    n = loss.shape[1] // 2
    rows, cols = np.indices(terrain.shape).reshape(2, -1)
    near = np.hypot(rows - tx_row, cols - tx_col)
    chosen = (near > 0.0) & (near <= radius_cells)
    rows, cols = rows[chosen], cols[chosen]
    for band, freq in enumerate(freq_ghz):
        found = np.empty(len(rows))
        exact_losses_db(
            terrain, cover, cell_km, tx_row, tx_col, tx_height_m, rx_height_m, latitude_deg, float(freq), time_percent,
            vertical, delta_n, n0, rows, cols, np.zeros(len(rows)), found,
        )  # fmt: skip
        loss[band, rows - tx_row + n, cols - tx_col + n] = found
