"""Voids of the terrain: small ones inside it are interpolated where the study asks for that."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator
from scipy.ndimage import binary_dilation, find_objects, label

from coverage.errors import Problem
from coverage.grid import Grid
from coverage.study import Study

_NEIGHBOURS = np.ones((3, 3), dtype=np.bool_)


class Filled(NamedTuple):
    """Terrain whose small voids are interpolated, and what was done."""

    terrain_m: NDArray[np.float32]
    pixels: int
    voids: int
    widest_m: float
    """Longer side of the largest void that was filled; 0 where none was."""
    left: int
    """Voids inside the terrain that are larger than was asked for."""


def fill_voids(terrain_m: NDArray[np.float32], *, cell_m: float, up_to_m: float) -> Filled:
    """
    Interpolate voids that lie wholly inside the terrain.

    Parameters
    ----------
    terrain_m
        [rows, cols] heights, m; NaN where there is none. It stays as it is.
    cell_m
        Side of a pixel, m.
    up_to_m
        Voids as wide and as high as this are filled, m; pixels that touch at a corner are one void.

    Returns
    -------
    Filled
        Linear between the heights around each void, so that a plane is continued exactly. A void that reaches the
        edge of the raster is never filled: beyond the terrain nothing is known.
    """
    voids, _ = label(np.isnan(terrain_m), structure=_NEIGHBOURS)
    filled = terrain_m.copy()
    pixels, sides_m, left = 0, [], 0
    for number, (rows, cols) in enumerate(find_objects(voids), start=1):
        if not (rows.start and cols.start and rows.stop < voids.shape[0] and cols.stop < voids.shape[1]):
            continue
        side_m = max(rows.stop - rows.start, cols.stop - cols.start) * cell_m
        if side_m > up_to_m:
            left += 1
            continue
        around = np.s_[rows.start - 1 : rows.stop + 1, cols.start - 1 : cols.stop + 1]
        void = voids[around] == number
        rim = binary_dilation(void, _NEIGHBOURS) & ~void
        between = LinearNDInterpolator(np.argwhere(rim), terrain_m[around][rim])
        filled[around][void] = between(np.argwhere(void))
        pixels += int(void.sum())
        sides_m.append(side_m)
    return Filled(filled, pixels, len(sides_m), max(sides_m, default=0.0), left)


def fill_terrain(
    study: Study, file: str, grid: Grid, terrain_m: NDArray[np.float32]
) -> tuple[NDArray[np.float32], list[Problem]]:
    """Return the terrain with its voids filled as far as `[grid] fill_voids_m` asks, and what was done in `file`."""
    up_to_m = study.grid.fill_voids_m
    if up_to_m == 0:
        return terrain_m, []
    filled = fill_voids(terrain_m, cell_m=grid.cell_m, up_to_m=up_to_m)
    if not filled.voids:
        return filled.terrain_m, []
    found = f"{filled.pixels} heights in {filled.voids} voids interpolated, the largest {filled.widest_m:g} m across"
    if filled.left:
        found += f"; {filled.left} larger ones are left"
    remedy = f"Supply terrain without voids; [grid] fill_voids_m = {up_to_m:g} asked for this."
    return filled.terrain_m, [Problem(file, found, "a height at every pixel", remedy, fatal=False, kind="voids_filled")]
