"""The prediction: what has to be done for a network, done by the workers, kept in the store, never done twice."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from coverage.columns.words import ANY
from coverage.errors import Problem
from coverage.progress import Progress, Silent
from coverage.result import Layers, Pair, Signal
from coverage.signal.footprint import footprint
from coverage.signal.network import categories_of
from coverage.signal.packing import pack_footprint
from coverage.signal.plan import Plan, SweepJob
from coverage.signal.rasters import TiledRaster, Tiles
from coverage.signal.store import Damaged, Store
from coverage.signal.tile import Piece, TileJob, compose
from coverage.signal.tiling import Tile, Tiling, around
from coverage.signal.workers import workers
from coverage.study import Study

TILE_PIXELS = 192
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
        plan = Plan.of(layers, study, Tiling(layers.grid.shape, tile_pixels))
        work = Work(plan, store)
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
    return _signal(plan, store, tuple(work.problems))


def _sweep(job: SweepJob) -> list[tuple[str, dict[str, bytes]]]:
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


class Work:
    """A plan and what of it is already done; what turns out to be damaged is done again."""

    def __init__(self, plan: Plan, store: Store) -> None:
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
                bands, n = plan.footprint_shapes[number]
                down, across = plan.tiling.shared(tile, *around(mast.row, mast.col, n))
                pieces.append(
                    Piece(
                        mast,
                        mast.row - rows.start,
                        mast.col - cols.start,
                        float(plan.layers.terrain_m[mast.row, mast.col]),
                        numbers,
                        down.start - rows.start,
                        across.start - cols.start,
                        (bands, down.stop - down.start, across.stop - across.start),
                        packed,
                    )
                )
        return TileJob(
            plan.tile_keys[tile],
            terrain_m,
            plan.layers.grid.cell_m,
            plan.propagation,
            tuple(pieces),
            categories_of(plan.layers, plan.study, (rows, cols)),
        )

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


def _signal(plan: Plan, store: Store, problems: tuple[Problem, ...]) -> Signal:
    """Return the signal, given that all tiles are in the store."""
    own = {(cell.operator, cell.technology) for mast in plan.masts for cell in mast.cells}
    technologies = sorted({technology for _, technology in own})
    pairs: list[Pair] = sorted(own) + [(ANY, technology) for technology in technologies]
    tiles = Tiles(store, plan.tiling, plan.tile_keys, plan.cells)
    return Signal(
        plan.layers.grid,
        levels={pair: TiledRaster(tiles, "level", pair) for pair in pairs},
        seconds={pair: TiledRaster(tiles, "second", pair) for pair in pairs},
        servers={pair: TiledRaster(tiles, "server", pair) for pair in pairs},
        overlaps={pair: TiledRaster(tiles, "overlap", pair) for pair in pairs},
        voids={technology: TiledRaster(tiles, "void", (ANY, technology)) for technology in technologies},
        operators=tuple(sorted({operator for operator, _ in own})),
        problems=problems,
    )
