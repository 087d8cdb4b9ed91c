"""Landforms: the ridges, spurs and knolls of a terrain on which a mast would see far."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter, uniform_filter
from scipy.spatial import cKDTree

from coverage.grid import Grid, strips
from coverage.planning.demand import Demand

_SCALES_M = (500.0, 1000.0, 4000.0)
"""Ground is compared with the means of squares this wide, m: a knoll, a spur, and a ridge between two valleys."""
_RISE_M = 15.0
"""Ground stands out when it is this far above its neighbourhood, m: half a mast; below it the mast matters more."""


def standing_ground(
    grid: Grid, terrain_m: NDArray[np.float32], demand: Demand, *, spacing_m: float, reach_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Find the ridges, spurs and knolls near demand, and the highest ground beside each place of demand.

    A pixel stands out where it is above the mean of its neighbourhood, by more than any other pixel within half of
    the spacing, at one scale at least: a knoll in a valley is nothing beside the ridges around, and a broad ridge
    hardly rises above itself. On a plain nothing stands out, and the highest pixel within half of the spacing of each
    place (of equals the nearest to it) is all there is.

    Parameters
    ----------
    grid, terrain_m
        Heights above sea level, m.
    demand
        Where people are; at least one place.
    spacing_m
        Distance that will be kept between masts, m.
    reach_m
        Ground further than this from any demand is left out, m.

    Returns
    -------
    x, y
        Centres of pixels in the CRS of the grid, sorted from north to south, then from west to east.

    References
    ----------
    The topographic position index: Weiss, Topographic position and landforms analysis, Esri user conference 2001.
    """
    half = max(1, round(spacing_m / 2 / grid.cell_m))
    # Two scales of one width in pixels are one.
    widths = sorted({max(1, round(scale_m / 2 / grid.cell_m)) for scale_m in _SCALES_M})
    pixels = np.concatenate(
        [_standing_out(terrain_m, rows, around, half) for around in widths for rows in strips(len(terrain_m))]
    )
    pixels = np.unique(pixels, axis=0)
    places = np.column_stack([demand.x_m, demand.y_m])
    xy = np.column_stack(grid.centre(pixels[:, 0], pixels[:, 1]))
    pixels = pixels[cKDTree(places).query(xy)[0] <= reach_m] if len(xy) else pixels

    row, col = grid.pixel(demand.x_m, demand.y_m)
    beside = [
        _highest_near(terrain_m, int(i), int(j), half)
        for i, j in np.unique(np.column_stack([row, col])[row >= 0], axis=0)
        if np.isfinite(terrain_m[i, j])
    ]
    pixels = np.unique(np.concatenate([pixels, np.array(beside, dtype=np.int64).reshape(-1, 2)]), axis=0)
    return grid.centre(pixels[:, 0], pixels[:, 1])


def _standing_out(terrain_m: NDArray[np.float32], rows: slice, around: int, half: int) -> NDArray[np.int64]:
    """Return row and column of pixels of a strip that rise above those around, most of all within half; in pixels."""
    top = max(0, rows.start - around - half)
    strip_m = terrain_m[top : rows.stop + around + half]
    known = np.isfinite(strip_m)
    ground = np.where(known, strip_m, np.float32(0)).astype(np.float64)
    share = uniform_filter(known.astype(np.float64), 2 * around + 1, mode="constant")
    mean = uniform_filter(ground, 2 * around + 1, mode="constant") / np.maximum(share, 1e-9)
    rise = np.where(known, ground - mean, -np.inf)
    stands_out = (rise >= _RISE_M) & (rise == maximum_filter(rise, 2 * half + 1, mode="nearest"))
    row, col = np.nonzero(stands_out[rows.start - top : rows.stop - top])
    return np.column_stack([row + rows.start, col])


def _highest_near(terrain_m: NDArray[np.float32], row: int, col: int, half: int) -> tuple[int, int]:
    top, left = max(0, row - half), max(0, col - half)
    window = terrain_m[top : row + half + 1, left : col + half + 1]
    rows, cols = np.nonzero(window == np.nanmax(window))
    best = int(np.argmin(np.hypot(rows + top - row, cols + left - col)))
    return int(rows[best]) + top, int(cols[best]) + left
