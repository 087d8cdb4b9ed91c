"""The prediction: what has to be done for a network, done by the workers, kept in the store, never done twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from math import ceil

import numpy as np
from numpy.typing import NDArray

from coverage.columns import ANY
from coverage.errors import Problem
from coverage.progress import Progress, Silent
from coverage.radio.models import terrain_needed_m
from coverage.radio.sweep import check_ground
from coverage.result import Layers, Pair, Signal
from coverage.signal.footprint import Ground, Mast, Propagation, bands_of, footprint
from coverage.signal.keys import footprint_key, ground_digests, mast_key, tile_key
from coverage.signal.network import ground_of, masts_of, propagation_of
from coverage.signal.packing import Tile, Tiling, around, pack_footprint
from coverage.signal.rasters import TiledRaster, Tiles
from coverage.signal.store import Damaged, Store
from coverage.signal.tile import Piece, TileJob, compose
from coverage.signal.workers import workers
from coverage.study import Study

TILE_PIXELS = 128
"""Side of a tile: so small that a moved mast touches few pixels, so large that there are not too many files."""

_MOST_NAMES = 8192
"""Masts whose pieces are known by name; as many as lie around a row of tiles across a country."""


def predict(
    layers: Layers,
    study: Study,
    *,
    progress: Progress | None = None,
    scheduler: str | None = None,
    tile_pixels: int = TILE_PIXELS,
) -> Signal:
    """
    Predict the signal at every pixel, per operator and technology and for any operator.

    What an earlier run left in the study's store is taken from there. The result depends neither on that nor on the
    number of threads or machines, nor on the tiles. Of two equally strong cells the first in the layer serves.

    Parameters
    ----------
    layers
        Cells, and the terrain and land cover they stand on.
    study
        Propagation, radii and threads.
    progress
        Told of every finished mast and tile.
    scheduler
        Address of a Dask scheduler whose workers do the work; threads of this process where None.
    tile_pixels
        Side of the tiles that the grid is cut into.

    Returns
    -------
    Signal
        Its rasters are read from the store.

    Raises
    ------
    CoverageError
        A mast without ground, a store that cannot be written, a scheduler that does not answer.
    ModelRangeError
        A frequency, height or percentage is out of the model's range.
    """
    watch = progress or Silent()
    with Store.open(study.folder, waiting=lambda: watch.tell("waiting")) as store:
        plan = _Plan.of(layers, study, Tiling(layers.grid.shape, tile_pixels))
        work = _Work(plan, store)
        tiles = [tile for tile in plan.tile_keys if not work.has_tile(tile)]
        masts = [number for number in plan.near_any(tiles) if not work.has_footprint(number)]
        with workers(study.threads, scheduler) as crew:
            with watch.step("signal", len(masts)) as advance:
                for done in crew.run(_sweep, plan.sweep_jobs(masts, crew.batch)):
                    for key, pieces in done:
                        store.put("footprints", key, pieces)
                    advance(len(done))
            with watch.step("tiles", len(tiles)) as advance:
                for key, parts in crew.run(compose, map(work.tile_job, tiles)):
                    store.put("tiles", key, parts)
                    advance(1)
        store.remember(plan.used())
    return plan.signal(store, tuple(work.problems))


@dataclass(frozen=True, eq=False)
class _SweepJob:
    """Masts near each other, and the ground around them all."""

    masts: tuple[Mast, ...]
    """In pixels of the grid."""
    keys: tuple[str, ...]
    ground: Ground
    top: int
    left: int
    propagation: Propagation
    tiling: Tiling


def _sweep(job: _SweepJob) -> list[tuple[str, dict[str, bytes]]]:
    """Return key and pieces, by the name of their tile, of the footprint of every mast."""
    found = []
    for mast, key in zip(job.masts, job.keys, strict=True):
        here = replace(mast, row=mast.row - job.top, col=mast.col - job.left)
        loss = footprint(here, job.ground, propagation=job.propagation)
        pieces = pack_footprint(loss, mast.row, mast.col, job.tiling)
        found.append((key, {_piece_name(tile): packed for tile, packed in pieces.items()}))
    return found


def _piece_name(tile: Tile) -> str:
    return f"{tile[0]}/{tile[1]}"


@dataclass(frozen=True, eq=False)
class _Plan:
    """What there is to do, and under which keys it is kept."""

    layers: Layers
    study: Study
    tiling: Tiling
    propagation: Propagation
    masts: Sequence[Mast]
    footprint_keys: Sequence[str]
    near: dict[Tile, NDArray[np.int64]]
    """Numbers of the masts that may touch a tile."""
    tile_keys: dict[Tile, str]

    @classmethod
    def of(cls, layers: Layers, study: Study, tiling: Tiling) -> "_Plan":
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
        near = _near(masts, tiling, layers.grid.cell_m)
        mast_keys = [mast_key(mast, key) for mast, key in zip(masts, keys, strict=True)]
        plan = cls(layers, study, tiling, propagation, masts, keys, near, {})
        for tile in tiles:
            own = [mast_keys[number] for number in near[tile]]
            plan.tile_keys[tile] = tile_key(tile, digests, own, plan.ranks(tile), propagation, tiling)
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

    def sweep_jobs(self, numbers: Sequence[int], batch: int) -> Iterator[_SweepJob]:
        """Yield the work on some masts, up to so many of one tile together."""

        def home(number: int) -> Tile:
            return self.masts[number].row // self.tiling.side, self.masts[number].col // self.tiling.side

        for _, neighbours in groupby(sorted(numbers, key=home), key=home):
            group = list(neighbours)
            for first in range(0, len(group), batch):
                yield self.sweep_job(group[first : first + batch])

    def sweep_job(self, numbers: Sequence[int]) -> _SweepJob:
        """Return the work on some masts."""
        masts = [self.masts[number] for number in numbers]
        windows = [_ground_window(mast, self.propagation, self.layers.grid.cell_m) for mast in masts]
        top, left = (max(0, min(window[axis].start for window in windows)) for axis in (0, 1))
        bottom, right = (max(window[axis].stop for window in windows) for axis in (0, 1))
        ground = ground_of(self.layers, self.study, np.s_[top:bottom, left:right])
        keys = tuple(self.footprint_keys[number] for number in numbers)
        return _SweepJob(tuple(masts), keys, ground, top, left, self.propagation, self.tiling)

    def used(self) -> Iterator[tuple[str, str]]:
        """Yield the kind and key of everything that belongs to this network."""
        yield from (("footprints", key) for key in self.footprint_keys)
        yield from (("tiles", key) for key in self.tile_keys.values())

    def signal(self, store: Store, problems: tuple[Problem, ...]) -> Signal:
        """Return the signal, given that all tiles are in the store."""
        own = {(cell.operator, cell.technology) for mast in self.masts for cell in mast.cells}
        technologies = sorted({technology for _, technology in own})
        pairs: list[Pair] = sorted(own) + [(ANY, technology) for technology in technologies]
        tiles = Tiles(store, self.tiling, self.tile_keys, self.cells)
        return Signal(
            self.layers.grid,
            levels={pair: TiledRaster(tiles, "level", pair) for pair in pairs},
            seconds={pair: TiledRaster(tiles, "second", pair) for pair in pairs},
            servers={pair: TiledRaster(tiles, "server", pair) for pair in pairs},
            overlaps={pair: TiledRaster(tiles, "overlap", pair) for pair in pairs},
            voids={technology: TiledRaster(tiles, "void", (ANY, technology)) for technology in technologies},
            operators=tuple(sorted({operator for operator, _ in own})),
            problems=problems,
        )


def _ground_window(mast: Mast, propagation: Propagation, cell_m: float) -> tuple[slice, slice]:
    """Return the pixels whose ground matters to a footprint."""
    radius_m = max(band.radius_m for band in bands_of(mast))
    return around(mast.row, mast.col, ceil(terrain_needed_m(propagation.model, radius_m) / cell_m) + 1)


def _near(masts: Sequence[Mast], tiling: Tiling, cell_m: float) -> dict[Tile, NDArray[np.int64]]:
    """Return which masts lie so near to a tile that they may touch it."""
    rows, cols = tiling.tiles
    found: dict[Tile, list[int]] = {(row, col): [] for row in range(rows) for col in range(cols)}
    for number, mast in enumerate(masts):
        radius = max(cell.max_radius_m for cell in mast.cells) / cell_m
        down, across = tiling.span(*around(mast.row, mast.col, int(radius)))
        row, col = np.mgrid[down, across]
        south = _apart(mast.row, row * tiling.side, tiling.side)
        east = _apart(mast.col, col * tiling.side, tiling.side)
        for tile in zip(*(axis[south**2 + east**2 <= radius**2].tolist() for axis in (row, col)), strict=True):
            found[tile].append(number)
    return {tile: np.array(numbers, np.int64) for tile, numbers in found.items()}


def _apart(at: int, first: NDArray[np.int64], side: int) -> NDArray[np.int64]:
    """Return the distance along one axis from a pixel to the nearest of `side` pixels from `first` on."""
    return np.maximum(np.maximum(first - at, at - first - side + 1), 0)


class _Work:
    """A plan and what of it is already done."""

    def __init__(self, plan: _Plan, store: Store) -> None:
        self.plan = plan
        self.store = store
        self.problems: list[Problem] = []
        self._pieces_of = lru_cache(_MOST_NAMES)(self._names)

    def has_tile(self, tile: Tile) -> bool:
        """Return whether a tile is finished, every byte of it."""
        key = self.plan.tile_keys[tile]
        try:
            return self.store.whole("tiles", key)
        except Damaged as fault:
            self._report(fault)
            self.store.drop("tiles", key)
            return False

    def has_footprint(self, number: int) -> bool:
        """Return whether a footprint is finished; its pieces are examined when they are read."""
        return self._names(number) is not None

    def _names(self, number: int) -> frozenset[str] | None:
        """Return which pieces a footprint has; None where it is not finished."""
        key = self.plan.footprint_keys[number]
        try:
            return self.store.parts("footprints", key)
        except Damaged as fault:
            self._report(fault)
            self.store.drop("footprints", key)
            return None

    def tile_job(self, tile: Tile) -> TileJob:
        """Return the work on a tile, given the footprints around it."""
        plan = self.plan
        rows, cols = plan.tiling.window(tile)
        terrain_m = np.asarray(plan.layers.terrain_m[rows, cols])
        pieces, ranks, first = [], plan.ranks(tile), 0
        for number in plan.near[tile]:
            mast = plan.masts[number]
            numbers = tuple(ranks[first : first + len(mast.cells)].tolist())
            first += len(mast.cells)
            packed = self._piece(int(number), tile)
            if packed is not None:
                bands = bands_of(mast)
                n = int(max(band.radius_m for band in bands) / plan.layers.grid.cell_m)
                down, across = plan.tiling.shared(tile, *around(mast.row, mast.col, n))
                pieces.append(
                    Piece(
                        replace(mast, row=mast.row - rows.start, col=mast.col - cols.start),
                        float(plan.layers.terrain_m[mast.row, mast.col]),
                        numbers,
                        down.start - rows.start,
                        across.start - cols.start,
                        (len(bands), down.stop - down.start, across.stop - across.start),
                        packed,
                    )
                )
        return TileJob(plan.tile_keys[tile], terrain_m, plan.layers.grid.cell_m, plan.propagation, tuple(pieces))

    def _piece(self, number: int, tile: Tile) -> bytes | None:
        """Return the piece of a footprint on a tile, computed again where it was lost; None where it does not reach."""
        key, name = self.plan.footprint_keys[number], _piece_name(tile)
        names = self._pieces_of(number)
        if names is not None and name not in names:
            return None
        try:
            if names is not None:
                return self.store.get("footprints", key, name)
        except Damaged as fault:
            self._report(fault)
        ((_, pieces),) = _sweep(self.plan.sweep_job([number]))
        self.store.put("footprints", key, pieces)
        self._pieces_of.cache_clear()
        return pieces.get(name)

    def _report(self, fault: Damaged) -> None:
        self.problems.append(
            Problem(
                file=str(fault.file),
                found="finished work that is damaged",
                expected="the bytes that were written",
                remedy="It was computed again; if this happens often, have the disk examined.",
                fatal=False,
                kind="store_damaged",
            )
        )
