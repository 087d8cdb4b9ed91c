"""The plan: what there is to do for a network, in pieces that know nothing of each other, and their keys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

import numpy as np
from numpy.typing import NDArray

from coverage.radio.models import terrain_needed_m
from coverage.radio.sweep import check_ground
from coverage.result import Layers
from coverage.signal.footprint import Ground, Mast, Propagation, bands_of
from coverage.signal.keys import footprint_key, ground_digests, mast_key, tile_key
from coverage.signal.network import categories_of, ground_of, masts_of, propagation_of
from coverage.signal.tiling import Tile, Tiling, around
from coverage.study import Study


@dataclass(frozen=True, eq=False)
class SweepJob:
    """Masts near each other, and the ground around them all."""

    masts: tuple[Mast, ...]
    """In pixels of the grid."""
    keys: tuple[str, ...]
    ground: Ground
    top: int
    left: int
    propagation: Propagation
    tiling: Tiling


@dataclass(frozen=True, eq=False)
class Plan:
    """What there is to do, and under which keys it is kept."""

    layers: Layers
    study: Study
    tiling: Tiling
    propagation: Propagation
    masts: Sequence[Mast]
    footprint_shapes: Sequence[tuple[int, int]]
    """Bands, and pixels to every side of the mast."""
    footprint_keys: Sequence[str]
    near: dict[Tile, NDArray[np.int64]]
    """Numbers of the masts that may touch a tile."""
    tile_keys: dict[Tile, str]

    @classmethod
    def of(cls, layers: Layers, study: Study, tiling: Tiling) -> "Plan":
        """Plan the network of some layers; CoverageError where a mast stands outside the terrain or on a void."""
        masts = masts_of(layers, study)
        for mast in masts:
            check_ground(layers.terrain_m, mast.row, mast.col)
        propagation = propagation_of(study, layers.grid)
        rows, cols = tiling.tiles
        tiles = [(row, col) for row in range(rows) for col in range(cols)]
        digests = ground_digests((ground_of(layers, study, tiling.window(tile)) for tile in tiles), tiling)
        windows = [_ground_window(mast, propagation, layers.grid.cell_m) for mast in masts]
        keys = [
            footprint_key(mast, window, digests, propagation, tiling)
            for mast, window in zip(masts, windows, strict=True)
        ]
        shapes = [_shape(mast, layers.grid.cell_m) for mast in masts]
        near = _near(masts, tiling, layers.grid.cell_m)
        mast_keys = [mast_key(mast, key) for mast, key in zip(masts, keys, strict=True)]
        plan = cls(layers, study, tiling, propagation, masts, shapes, keys, near, {})
        for tile in tiles:
            own = [mast_keys[number] for number in near[tile]]
            categories = categories_of(layers, study, tiling.window(tile))
            plan.tile_keys[tile] = tile_key(tile, digests, own, plan.ranks(tile), categories, propagation, tiling)
        return plan

    def cells(self, tile: Tile) -> NDArray[np.int32]:
        """Return the rows in the layer of all the cells that may touch a tile, ascending."""
        return np.sort(self._cells(tile))

    def ranks(self, tile: Tile) -> NDArray[np.int32]:
        """Return the place of every cell that may touch a tile among them, one mast after the other."""
        return np.argsort(np.argsort(self._cells(tile))).astype(np.int32)

    def _cells(self, tile: Tile) -> NDArray[np.int32]:
        return np.array([cell.index for number in self.near[tile] for cell in self.masts[number].cells], np.int32)

    def near_any(self, tiles: Sequence[Tile]) -> list[int]:
        """Return the masts that may touch any of some tiles."""
        return sorted({int(number) for tile in tiles for number in self.near[tile]})

    def sweep_jobs(self, numbers: Sequence[int], batch: int) -> Iterator[SweepJob]:
        """Yield the work on some masts, up to so many of one tile together."""

        def home(number: int) -> Tile:
            return self.masts[number].row // self.tiling.side, self.masts[number].col // self.tiling.side

        for _, neighbours in groupby(sorted(numbers, key=home), key=home):
            group = list(neighbours)
            for first in range(0, len(group), batch):
                yield self.sweep_job(group[first : first + batch])

    def sweep_job(self, numbers: Sequence[int]) -> SweepJob:
        """Return the work on some masts."""
        masts = [self.masts[number] for number in numbers]
        windows = [_ground_window(mast, self.propagation, self.layers.grid.cell_m) for mast in masts]
        top, left = (max(0, min(window[axis].start for window in windows)) for axis in (0, 1))
        bottom, right = (max(window[axis].stop for window in windows) for axis in (0, 1))
        ground = ground_of(self.layers, self.study, np.s_[top:bottom, left:right])
        keys = tuple(self.footprint_keys[number] for number in numbers)
        return SweepJob(tuple(masts), keys, ground, top, left, self.propagation, self.tiling)

    def used(self) -> Iterator[tuple[str, str]]:
        """Yield the kind and key of everything that belongs to this network."""
        yield from (("footprints", key) for key in self.footprint_keys)
        yield from (("tiles", key) for key in self.tile_keys.values())


def _ground_window(mast: Mast, propagation: Propagation, cell_m: float) -> tuple[slice, slice]:
    """Return the pixels whose ground matters to a footprint."""
    radius_m = max(band.radius_m for band in bands_of(mast))
    return around(mast.row, mast.col, ceil(terrain_needed_m(propagation.model, radius_m) / cell_m) + 1)


def _shape(mast: Mast, cell_m: float) -> tuple[int, int]:
    bands = bands_of(mast)
    return len(bands), int(max(band.radius_m for band in bands) / cell_m)


def _near(masts: Sequence[Mast], tiling: Tiling, cell_m: float) -> dict[Tile, NDArray[np.int64]]:
    """Return which masts lie so near to a tile that they may touch it."""
    rows, cols = tiling.tiles
    place = np.array([(mast.row, mast.col) for mast in masts], np.int64).reshape(-1, 2)
    radius = np.array([max(cell.max_radius_m for cell in mast.cells) / cell_m for mast in masts])
    found = {}
    for row in range(rows):
        south2 = _apart(place[:, 0], row * tiling.side, tiling.side) ** 2
        for col in range(cols):
            east2 = _apart(place[:, 1], col * tiling.side, tiling.side) ** 2
            found[row, col] = np.flatnonzero(south2 + east2 <= radius**2)
    return found


def _apart(at: NDArray[np.int64], first: int, side: int) -> NDArray[np.int64]:
    """Return the distance along one axis from each pixel to the nearest of `side` pixels from `first` on."""
    return np.maximum(np.maximum(first - at, at - first - side + 1), 0)
