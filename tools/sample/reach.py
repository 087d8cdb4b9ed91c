"""Reach: a quick estimate of the loss between points over the terrain, to site masts the way a planner would."""

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from coverage.radio._numba import njit
from sample.frame import CELL_M

EARTH_M = 6_371_000.0 * 157.0 / (157.0 - 50.0)
"""Effective earth radius for a refractivity lapse of 50 N/km, m. ITU-R P.1812-8, equation (5)."""


@njit
def _profile(height, cell_m, x0, y0, up0, x1, y1, up1):  # type: ignore[no-untyped-def]
    """Distance, m, and the Bullington parameter at 1 GHz of one path."""
    far = math.hypot(x1 - x0, y1 - y0)
    rows, cols = height.shape
    steps = max(int(far / cell_m), 1)
    base0 = height[min(int(y0 / cell_m), rows - 1), min(int(x0 / cell_m), cols - 1)] + up0
    base1 = height[min(int(y1 / cell_m), rows - 1), min(int(x1 / cell_m), cols - 1)] + up1
    direct = (base1 - base0) / far
    from0, from1, worst = -np.inf, -np.inf, -np.inf
    for i in range(1, steps):
        d = far * i / steps
        px, py = (x0 + (x1 - x0) * i / steps) / cell_m - 0.5, (y0 + (y1 - y0) * i / steps) / cell_m - 0.5
        c, r = min(max(int(px), 0), cols - 2), min(max(int(py), 0), rows - 2)
        fx, fy = px - c, py - r
        ground = (height[r, c] * (1 - fx) + height[r, c + 1] * fx) * (1 - fy)
        ground += (height[r + 1, c] * (1 - fx) + height[r + 1, c + 1] * fx) * fy
        ground += d * (far - d) / (2 * EARTH_M)
        from0 = max(from0, (ground - base0) / d)
        from1 = max(from1, (ground - base1) / (far - d))
        over = ground - (base0 * (far - d) + base1 * d) / far
        worst = max(worst, over * math.sqrt(2 / 0.299792458 * far / (d * (far - d))))
    if from0 < direct or steps < 2:
        return far, worst
    meet = min(max((base1 - base0 + from1 * far) / (from0 + from1), 1.0), far - 1.0)
    over = base0 + from0 * meet - (base0 * (far - meet) + base1 * meet) / far
    return far, over * math.sqrt(2 / 0.299792458 * far / (meet * (far - meet)))


@njit
def _paths(height, cell_m, tx, up_tx, rx, up_rx, first, second):  # type: ignore[no-untyped-def]
    far, nu = np.empty(len(first)), np.empty(len(first))
    for k in range(len(first)):
        i, j = first[k], second[k]
        far[k], nu[k] = _profile(height, cell_m, tx[i, 0], tx[i, 1], up_tx[i], rx[j, 0], rx[j, 1], up_rx)
    return far, nu


class Paths:
    """All paths between masts and places within a radius."""

    def __init__(
        self, height_m: NDArray[np.float64], masts: pd.DataFrame, places: NDArray[np.float64], radius_m: float
    ) -> None:
        at = masts[["x", "y"]].to_numpy()
        near = cKDTree(places).query_ball_point(at, radius_m, return_sorted=True)
        self.mast = np.repeat(np.arange(len(at)), [len(row) for row in near])
        self.place = np.concatenate([np.array(row, np.int64) for row in near])
        antenna_m = masts.height_m.to_numpy(float)
        self.far_m, self.nu = _paths(height_m, CELL_M, at, antenna_m, places, 1.5, self.mast, self.place)
        delta = places[self.place] - at[self.mast]
        self.azimuth_deg = np.degrees(np.arctan2(delta[:, 0], -delta[:, 1])) % 360
        self.first_deg = masts.first_deg.to_numpy()[self.mast]
        self.sectors = masts.sectors.to_numpy()[self.mast]

    def loss_db(self, freq_mhz: float) -> NDArray[np.float64]:
        """Return free space plus Bullington's knife edge. ITU-R P.525-5 (4), P.526-16 (31) and 4.5.1."""
        free = 32.4 + 20 * np.log10(freq_mhz) + 20 * np.log10(np.maximum(self.far_m, 30.0) / 1000)
        nu = self.nu * math.sqrt(freq_mhz / 1000)
        v = np.maximum(nu, -0.78)
        edge = np.where(nu > -0.78, 6.9 + 20 * np.log10(np.sqrt((v - 0.1) ** 2 + 1) + v - 0.1), 0.0)
        edge = np.maximum(edge, 0.0)
        return free + edge + (1 - np.exp(-edge / 6)) * (10 + 0.02 * self.far_m / 1000)

    def antenna_db(self) -> NDArray[np.float64]:
        """Return how far below its peak the best of the mast's evenly spread 65° sectors is; 5 dB for a single omni."""
        gap = 360.0 / self.sectors
        off = np.abs((self.azimuth_deg - self.first_deg + gap / 2) % gap - gap / 2)
        return np.where(self.sectors == 1, 5.0, np.minimum(12 * (off / 65.0) ** 2, 25.0))

    def strongest(self, level_dbm: NDArray[np.float64], places: int) -> NDArray[np.float64]:
        """Return the best level at each place; minus infinity where no mast is near."""
        best = np.full(places, -np.inf)
        np.maximum.at(best, self.place, level_dbm)
        return best
