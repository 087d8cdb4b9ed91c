"""Voids of the terrain: small ones inside it are interpolated where the study asks for that."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator
from scipy.ndimage import binary_dilation, find_objects, label
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coverage.errors import Problem
from coverage.grid import STRIP_ROWS, Grid, strips
from coverage.layers.sources.gridded import gathered
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
    filled = gathered((terrain_m[rows] for rows in strips(len(terrain_m))), terrain_m.shape)
    pixels, sides_m, left = 0, [], 0
    for void in _voids(terrain_m):
        if not (void.top and void.left and void.bottom < terrain_m.shape[0] and void.right < terrain_m.shape[1]):
            continue
        side_m = max(void.bottom - void.top, void.right - void.left) * cell_m
        if side_m > up_to_m:
            left += 1
            continue
        around = np.s_[void.top - 1 : void.bottom + 1, void.left - 1 : void.right + 1]
        near, _ = label(np.isnan(terrain_m[around]), structure=_NEIGHBOURS)
        inside = near == near[1, void.first - void.left + 1]
        rim = binary_dilation(inside, _NEIGHBOURS) & ~inside
        between = LinearNDInterpolator(np.argwhere(rim), terrain_m[around][rim])
        filled[around][inside] = between(np.argwhere(inside))
        pixels += int(inside.sum())
        sides_m.append(side_m)
    return Filled(filled, pixels, len(sides_m), max(sides_m, default=0.0), left)


class _Void(NamedTuple):
    """Pixels without a height that touch each other: the box around them, and one of them in its first row."""

    top: int
    bottom: int
    left: int
    right: int
    first: int
    """Column."""


def _voids(terrain_m: NDArray[np.float32], height: int = STRIP_ROWS) -> Iterator[_Void]:
    """Give every void. Only a strip is labelled at a time; parts that touch across its edge are one void."""
    parts: list[_Void] = []
    touching: list[NDArray[np.int64]] = []
    above = np.zeros(terrain_m.shape[1], dtype=np.int64)
    for rows in strips(len(terrain_m), height):
        labels, _ = label(np.isnan(terrain_m[rows]), structure=_NEIGHBOURS)
        before = len(parts)
        for number, (high, wide) in enumerate(find_objects(labels), start=1):
            first = wide.start + int(np.argmax(labels[high.start, wide] == number))
            parts.append(_Void(rows.start + high.start, rows.start + high.stop, wide.start, wide.stop, first))
        below = np.where(labels[0] > 0, labels[0].astype(np.int64) + before, 0)
        touching += [np.stack([above, below]), np.stack([above[1:], below[:-1]]), np.stack([above[:-1], below[1:]])]
        above = np.where(labels[-1] > 0, labels[-1].astype(np.int64) + before, 0)
    if not parts:
        return
    one, other = np.unique(np.concatenate(touching, axis=1), axis=1)
    met = (one > 0) & (other > 0)
    links = coo_array((np.ones(met.sum()), (one[met] - 1, other[met] - 1)), shape=(len(parts), len(parts)))
    _, void = connected_components(links, directed=False)
    for _, group in itertools.groupby(np.argsort(void, kind="stable").tolist(), key=void.__getitem__):
        mine = [parts[index] for index in group]
        top, bottoms, lefts, rights, _ = zip(*mine, strict=True)
        yield _Void(min(top), max(bottoms), min(lefts), max(rights), min(mine).first)


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
