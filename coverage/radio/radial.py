"""One radial from a mast: its terrain, and Bullington's geometry at any point of it in nearly constant time, compiled."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit

BLOCK = 8
SUPERBLOCK = 8 * BLOCK


class Radial(NamedTuple):
    """Samples along a radial, 0 at the mast; the first three are the same for every radial."""

    distance: NDArray[np.float64]
    """km."""
    drop: NDArray[np.float64]
    """How far the curved Earth falls below the mast's horizontal, m."""
    inverse_root: NDArray[np.float64]
    """1 / square root of the distance; 0 at the mast."""
    ground: NDArray[np.float64]
    """Terrain, m above the mast's antenna."""
    obstacle: NDArray[np.float64]
    """Terrain with clutter, m above the mast's antenna, less the drop: over it rays are straight lines."""
    block: NDArray[np.float64]
    """Largest obstacle / root of distance among 8 samples."""
    superblock: NDArray[np.float64]
    """The same among 64 samples."""


def new_radial(samples: int, cell_km: float, radius_km: float) -> Radial:
    """Make radials of so many samples, `cell_km` apart, on an Earth of this effective radius."""
    distance = np.arange(samples) * cell_km
    inverse_root = np.zeros(samples)
    inverse_root[1:] = 1.0 / np.sqrt(distance[1:])
    return Radial(
        distance,
        500.0 / radius_km * distance**2,
        inverse_root,
        np.zeros(samples),
        np.zeros(samples),
        np.zeros(samples // BLOCK + 1),
        np.zeros(samples // SUPERBLOCK + 1),
    )


@njit
def sample(raster: Any, row: float, col: float) -> float:
    """Bilinear value between pixel centres; the outermost half pixel repeats the edge."""
    rows, cols = raster.shape
    row = min(max(row, 0.0), rows - 1.0)
    col = min(max(col, 0.0), cols - 1.0)
    i, j = np.uint32(row), np.uint32(col)
    below, right = min(i + 1, rows - 1), min(j + 1, cols - 1)
    y, x = row - i, col - j
    upper = raster[i, j] + (raster[i, right] - raster[i, j]) * x
    lower = raster[below, j] + (raster[below, right] - raster[below, j]) * x
    return upper + (lower - upper) * y


@njit
def read_line(
    radial: Radial, terrain: Any, cover: Any, row: int, col: int, row_step: float, col_step: float, count: int, tx_m: float
) -> int:
    """Fill the radial with samples 1 … count - 1; returns the number of samples before the first void."""
    rows, cols = terrain.shape
    distance, drop, ground, obstacle = radial.distance, radial.drop, radial.ground, radial.obstacle
    known = 1
    for i in range(1, count):
        at_row, at_col = row + i * row_step, col + i * col_step
        if at_row < -0.5 or at_row > rows - 0.5 or at_col < -0.5 or at_col > cols - 0.5:
            break
        height = sample(terrain, at_row, at_col) - tx_m
        seen = height - drop[i]
        if cover.size > 0:
            seen += sample(cover, at_row, at_col)
        if not seen > -math.inf:
            break
        ground[i] = height
        obstacle[i] = seen
        known += 1
    return known


@njit
def fill_blocks(radial: Radial, count: int) -> None:
    """Prepare the maxima over blocks of samples 1 … count - 1 that `least_clearance` uses."""
    obstacle, inverse_root, block, superblock = radial.obstacle, radial.inverse_root, radial.block, radial.superblock
    for b in range((count + BLOCK - 1) // BLOCK):
        highest = -math.inf
        for i in range(max(b * BLOCK, 1), min((b + 1) * BLOCK, count)):
            highest = max(highest, obstacle[i] * inverse_root[i])
        block[b] = highest
    for b in range((count + SUPERBLOCK - 1) // SUPERBLOCK):
        highest = -math.inf
        for i in range(b * SUPERBLOCK // BLOCK, min((b + 1) * SUPERBLOCK // BLOCK, (count + BLOCK - 1) // BLOCK)):
            highest = max(highest, block[i])
        superblock[b] = highest


@njit
def least_clearance(
    distance: Any, obstacle: Any, block: Any, superblock: Any, last: int, total: float, slope: float, worst: float
) -> float:
    """
    Smallest squared clearance over the product of both distances, among samples that a ray passes over.

    The Fresnel parameter of a sample is -sqrt(0.002 * total / wavelength * that value); see equation (15). Whole blocks
    are skipped where even their highest sample cannot come closer.

    Parameters
    ----------
    distance, obstacle, block, superblock
        Of the `Radial`.
    last
        Samples 1 … last are passed.
    total
        Length of the path, km.
    slope
        Of the ray from the mast's antenna, m/km; every sample lies below it.
    worst
        Look only for values below this one, m²/km².

    Returns
    -------
    float
        The smallest value, or `worst`.
    """
    for big in range(last // SUPERBLOCK, -1, -1):
        start, final = max(big * SUPERBLOCK, 1), min(big * SUPERBLOCK + SUPERBLOCK - 1, last)
        if not _may_come_closer(distance[start], distance[final], superblock[big], total, slope, worst):
            continue
        for small in range(final // BLOCK, start // BLOCK - 1, -1):
            begin, end = max(small * BLOCK, 1), min(small * BLOCK + BLOCK - 1, last)
            if not _may_come_closer(distance[begin], distance[end], block[small], total, slope, worst):
                continue
            for i in range(begin, end + 1):
                clearance = slope * distance[i] - obstacle[i]
                product = distance[i] * (total - distance[i])
                if clearance * clearance < worst * product:
                    worst = clearance * clearance / product
    return worst


@njit
def _may_come_closer(start: float, final: float, highest: float, total: float, slope: float, worst: float) -> bool:
    """Whether a sample between two distances may beat `worst`: clearance / root >= the ray's least / root - highest."""
    bound = slope * math.sqrt(start if slope > 0.0 else final) - highest
    return bound <= 0.0 or bound * bound < worst * (total - start)
