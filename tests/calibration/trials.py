"""Measurements made from known offsets under shadowing that neighbours share, along roads; for tests and benchmarks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 256
"""Pixels along the square that shadowing is drawn on."""
PIXEL_M = 100.0


@dataclass(frozen=True)
class Trial:
    """Pixels that were measured, and what was added to them."""

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    category: NDArray[np.int64]
    mast: NDArray[np.int64]
    distance_km: NDArray[np.float64]
    predicted_dbm: NDArray[np.float64]
    measured_dbm: NDArray[np.float64]


def shadowing_db(random: np.random.Generator, sigma_db: float, distance_m: float) -> NDArray[np.float64]:
    """
    Return [SIDE, SIDE] normal values whose correlation falls to 1/e over a distance (Gudmundson 1991).

    By the spectrum of the covariance on a torus twice as large, which is exact where its values are positive.
    """
    lag = np.minimum(np.arange(2 * SIDE), 2 * SIDE - np.arange(2 * SIDE)) * PIXEL_M
    covariance = sigma_db**2 * np.exp(-np.hypot(lag[:, None], lag[None]) / distance_m)
    spectrum = np.clip(np.fft.fft2(covariance).real, 0, None)
    noise = random.standard_normal(spectrum.shape) + 1j * random.standard_normal(spectrum.shape)
    field = np.fft.fft2(noise * np.sqrt(spectrum / spectrum.size)).real
    return field[:SIDE, :SIDE]


def drive(random: np.random.Generator, pixels: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows and columns of distinct pixels along winding roads that cross the square."""
    found: set[tuple[int, int]] = set()
    while len(found) < pixels:
        place, heading = random.uniform(0, SIDE, 2), random.uniform(0, 2 * np.pi)
        for _ in range(SIDE):
            heading += random.normal(0, 0.15)
            place = place + np.array([np.sin(heading), np.cos(heading)])
            if not ((place >= 0) & (place < SIDE)).all():
                break
            found.add((int(place[0]), int(place[1])))
    row, col = np.array(sorted(found)).T
    return row, col


def trial(
    seed: int,
    offsets_db: tuple[float, ...],
    *,
    pixels: int = 2000,
    sigma_db: float = 7.0,
    correlation_m: float = 300.0,
    masts: int = 16,
    slope_db: float = 0.0,
) -> Trial:
    """Draw one; categories change every 800 m, and each mast serves what lies nearest to it."""
    random = np.random.default_rng(seed)
    row, col = drive(random, pixels)
    patches = random.integers(0, len(offsets_db), (SIDE // 8, SIDE // 8)).repeat(8, 0).repeat(8, 1)
    sites = random.uniform(0, SIDE, (masts, 2))
    away = np.hypot(row[:, None] - sites[:, 0], col[:, None] - sites[:, 1])
    mast = away.argmin(axis=1)
    distance_km = np.maximum(away.min(axis=1), 0.5) * PIXEL_M / 1000
    predicted = np.round(-70.0 - 35.0 * np.log10(np.maximum(distance_km, 0.2)), 1)
    category = patches[row, col]
    added = np.array(offsets_db)[category] + slope_db * np.log10(distance_km)
    measured = predicted + added + shadowing_db(random, sigma_db, correlation_m)[row, col]
    return Trial(col * PIXEL_M, -row * PIXEL_M, category, mast, distance_km, predicted, measured)
