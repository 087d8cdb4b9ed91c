"""One radial from a mast: the terrain along it, and which sample comes closest to a ray over it, compiled."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit
from coverage.radio.hull import dip


class Mast(NamedTuple):
    """A mast on its terrain, and the receivers around it."""

    terrain: NDArray[np.float32]
    """[rows, columns], m above sea level, NaN where unknown."""
    cover: NDArray[np.float32]
    """The same of the representative clutter heights, m; without pixels where there is none."""
    row: int
    col: int
    tx_height_m: float
    rx_height_m: float
    """Antennas above ground."""
    cell_km: float


class Radial(NamedTuple):
    """Samples along a radial, 0 at the mast; the first three are the same for every radial."""

    distance: NDArray[np.float64]
    """km."""
    drop: NDArray[np.float64]
    """How far the curved Earth falls below the mast's horizontal, m."""
    inverse: NDArray[np.float64]
    """1 / distance; 0 at the mast."""
    ground: NDArray[np.float64]
    """Terrain, m above the mast's antenna."""
    obstacle: NDArray[np.float64]
    """Terrain with clutter, m above the mast's antenna, less the drop: over it rays are straight lines."""


def new_radial(samples: int, cell_km: float, radius_km: float) -> Radial:
    """Make radials of so many samples, `cell_km` apart, on an Earth of this effective radius."""
    distance = np.arange(samples, dtype=np.float64) * cell_km
    inverse = np.zeros(samples)
    inverse[1:] = 1.0 / distance[1:]
    return Radial(
        distance,
        500.0 / radius_km * distance**2,
        inverse,
        np.zeros(samples),
        np.zeros(samples),
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
    return float(upper + (lower - upper) * y)


@njit
def _steps_within(start: int, step: float, size: int) -> int:
    """How many steps stay between the first and the last pixel centre, short of the last by rounding errors."""
    if step == 0.0:
        return 2**31 if start < size - 1 else 0
    room = size - 1.000001 - start if step > 0.0 else start - 0.000001
    return max(0, int(room / abs(step)))


@njit
def read_line(radial: Radial, mast: Mast, row_step: float, col_step: float) -> int:
    """Fill the radial in steps of one pixel; returns how many samples, with the mast's, come before the first void."""
    terrain, cover = mast.terrain, mast.cover
    rows, cols = terrain.shape
    drop, ground, obstacle = radial.drop, radial.ground, radial.obstacle
    tx_m = terrain[mast.row, mast.col] + mast.tx_height_m
    # Between the outermost pixel centres nothing has to be clamped; without branches that takes half the time.
    simple = min(_steps_within(mast.row, row_step, rows), _steps_within(mast.col, col_step, cols), len(drop) - 1)
    for i in range(1, simple + 1):
        row, col = mast.row + i * row_step, mast.col + i * col_step
        top, left = np.uint32(row), np.uint32(col)
        y, x = row - top, col - left
        upper = terrain[top, left] + (terrain[top, left + 1] - terrain[top, left]) * x
        lower = terrain[top + 1, left] + (terrain[top + 1, left + 1] - terrain[top + 1, left]) * x
        ground[i] = upper + (lower - upper) * y
    for i in range(simple + 1, len(drop)):
        row, col = mast.row + i * row_step, mast.col + i * col_step
        inside = -0.5 <= row <= rows - 0.5 and -0.5 <= col <= cols - 0.5
        ground[i] = sample(terrain, row, col) if inside else math.nan
        if not inside:
            break
    for i in range(1, len(drop)):
        ground[i] -= tx_m
        obstacle[i] = ground[i] - drop[i]
        if cover.size > 0:
            obstacle[i] += sample(cover, mast.row + i * row_step, mast.col + i * col_step)
        if not obstacle[i] > -math.inf:
            return i
    return len(drop)


@njit
def least_clearance(
    xs: Any, ys: Any, at: int, size: int, obstacle: Any, total: float, slope: float, worst: float
) -> float:
    """
    Smallest squared clearance over the product of the distances to both ends, among samples that a ray passes over.

    Along the hull that ratio has one minimum. Samples below an edge are farther from the ray than the edge, so that
    only those can beat the best corner under whose edge the ratio dips below that corner's: one edge beside it.

    Parameters
    ----------
    xs, ys, size
        Hull of the samples, km and m from the mast's antenna.
    at
        Its corner nearest to the ray (`hull.corner`).
    obstacle
        All samples, equally spaced, m.
    total, slope
        The ray, km and m/km.
    worst
        Look only for values below this one, m²/km².

    Returns
    -------
    float
        The smallest value, or `worst`; -sqrt(0.002 * total / wavelength * value) is the Fresnel parameter (eq. 15).
    """
    clearance = slope * xs[at] - ys[at]
    worst = min(worst, clearance * clearance / (xs[at] * (total - xs[at])))
    step = xs[0]
    for left in range(max(at - 1, 0), min(at + 1, size - 1)):
        if xs[left + 1] - xs[left] < 1.5 * step:
            continue
        start, final = dip(xs[left], ys[left], xs[left + 1], ys[left + 1], total, slope, worst)
        for i in range(math.ceil(start / step), math.floor(final / step) + 1):
            d = i * step
            clearance = slope * d - obstacle[i]
            product = d * (total - d)
            if clearance * clearance < worst * product:
                worst = clearance * clearance / product
    return worst
