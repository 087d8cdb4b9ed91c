"""Loss to every pixel around one mast: ITU-R P.1812 along radials."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import CoverageError, ModelRangeError
from coverage.radio._numba import njit
from coverage.radio.p1812_diffraction import delta_bullington_db
from coverage.radio.p1812_profile import diffraction_surface_m, smooth_earth_m


def area_loss_db(
    terrain_m: ArrayLike,
    *,
    cell_m: float,
    tx_row: int,
    tx_col: int,
    tx_height_m: float,
    rx_height_m: float,
    freq_mhz: float | ArrayLike,
    radius_m: float,
    cover_m: ArrayLike | None = None,
    time_percent: float = 50.0,
    location_percent: float = 50.0,
    location_sigma_db: float = 0.0,
    polarization: str = "vertical",
    delta_n: float = 45.0,
    n0: float = 325.0,
    latitude_deg: float = 21.0,
) -> NDArray[np.float32]:
    """Loss in dB, float32 [bands, 2n+1, 2n+1] around the mast, n = floor(radius_m / cell_m); NaN where not modelled."""
    terrain = np.asarray(terrain_m)
    rows, cols = terrain.shape
    if not (0 <= tx_row < rows and 0 <= tx_col < cols):
        raise CoverageError(
            f"mast at row {tx_row}, column {tx_col} lies outside the terrain of {rows} x {cols} pixels."
        )
    if not np.isfinite(terrain[tx_row, tx_col]):
        raise CoverageError(f"mast at row {tx_row}, column {tx_col} stands on a pixel without terrain.")
    n = math.floor(radius_m / cell_m)
    top, left = max(tx_row - n, 0), max(tx_col - n, 0)
    here = np.s_[top : tx_row + n + 1, left : tx_col + n + 1]
    window = np.ascontiguousarray(terrain[here], dtype=np.float32)
    cover = (
        np.zeros((0, 0), np.float32) if cover_m is None else np.ascontiguousarray(np.asarray(cover_m)[here], np.float32)
    )
    freq = np.atleast_1d(np.asarray(freq_mhz, dtype=np.float64)) / 1000.0
    if not ((freq >= 0.03) & (freq <= 6.0)).all():
        raise ModelRangeError("ITU-R P.1812-8", "freq_mhz", freq_mhz, "30 to 6000")
    loss = np.full((len(freq), 2 * n + 1, 2 * n + 1), np.nan, np.float32)
    radius_km = 6371.0 * 157.0 / (157.0 - delta_n)
    _slow_sweep(
        window, cover, float(cell_m), tx_row - top, tx_col - left, float(tx_height_m), float(rx_height_m), freq,
        radius_m / cell_m, radius_km, polarization == "vertical", loss,
    )  # fmt: skip
    return loss


@njit
def _sample(raster: Any, row: float, col: float) -> float:
    rows, cols = raster.shape
    row = min(max(row, 0.0), rows - 1.0)
    col = min(max(col, 0.0), cols - 1.0)
    i = min(int(row), max(rows - 2, 0))
    j = min(int(col), max(cols - 2, 0))
    y, x = row - i, col - j
    below, right = min(i + 1, rows - 1), min(j + 1, cols - 1)
    upper = raster[i, j] * (1.0 - x) + raster[i, right] * x
    lower = raster[below, j] * (1.0 - x) + raster[below, right] * x
    return upper * (1.0 - y) + lower * y


@njit
def _slow_sweep(
    terrain: Any,
    cover: Any,
    cell_m: float,
    tx_row: int,
    tx_col: int,
    tx_height_m: float,
    rx_height_m: float,
    freq_ghz: Any,
    radius_cells: float,
    radius_km: float,
    vertical: bool,
    loss: Any,
) -> None:
    rows, cols = terrain.shape
    n = loss.shape[1] // 2
    q = int(math.ceil(0.5 * math.pi * radius_cells))
    step = 0.25 * math.pi / q
    cell_km = cell_m / 1000.0
    distance = np.arange(n + 2) * cell_km
    ground = np.zeros(n + 2)
    obstacle = np.zeros(n + 2)
    level = np.zeros(n + 2)
    ground[0] = obstacle[0] = terrain[tx_row, tx_col]
    tx_m = ground[0] + tx_height_m
    bands = len(freq_ghz)
    for band in range(bands):
        d = math.hypot(0.5 * cell_km, (tx_height_m - rx_height_m) / 1000.0)
        loss[band, n, n] = 92.4 + 20.0 * math.log10(freq_ghz[band] * d)
    for sector in range(4):
        ux, uy = (1, 0, -1, 0)[sector], (0, 1, 0, -1)[sector]
        for k in range(-q, q):
            cos, sin = math.cos(k * step), math.sin(k * step)
            below, above = math.tan((k - 0.5) * step), math.tan((k + 0.5) * step)
            drow, dcol = uy * cos + ux * sin, ux * cos - uy * sin
            known = 0
            for i in range(1, n + 1):
                row, col = tx_row + i * drow, tx_col + i * dcol
                if row < -0.5 or row > rows - 0.5 or col < -0.5 or col > cols - 0.5:
                    break
                height = _sample(terrain, row, col)
                extra = 0.0
                if cover.size > 0:
                    extra = _sample(cover, row, col)
                if not height + extra > -math.inf:
                    break
                ground[i] = height
                obstacle[i] = height + extra
                known = i
            for x in range(1, n + 1):
                y = int(math.ceil(x * below))
                while y < x * above:
                    dr, dc = uy * x + ux * y, ux * x - uy * y
                    cells = math.sqrt(x * x + y * y)
                    last = int(cells + 0.5)
                    row, col = tx_row + dr, tx_col + dc
                    y += 1
                    if cells > radius_cells or last - 1 > known or not (0 <= row < rows and 0 <= col < cols):
                        continue
                    height = terrain[row, col]
                    if not height > -math.inf:
                        continue
                    kept = distance[last], ground[last], obstacle[last]
                    total = cells * cell_km
                    distance[last] = total
                    ground[last] = obstacle[last] = height
                    rx_m = height + rx_height_m
                    slant = math.hypot(total, (tx_m - rx_m) / 1000.0)
                    if last > 1:
                        tx_fit, rx_fit = smooth_earth_m(distance, ground, last + 1)
                        smooth = diffraction_surface_m(distance, ground, last + 1, tx_m, rx_m, tx_fit, rx_fit)
                    for band in range(bands):
                        total_db = 92.4 + 20.0 * math.log10(freq_ghz[band] * slant)
                        if last > 1:
                            actual, even, sphere = delta_bullington_db(
                                distance, obstacle, level, last + 1, tx_m, rx_m, smooth[0], smooth[1],
                                radius_km, freq_ghz[band], 0.0, vertical,
                            )  # fmt: skip
                            total_db += actual + max(sphere - even, 0.0)
                        loss[band, n + dr, n + dc] = total_db
                    distance[last], ground[last], obstacle[last] = kept
