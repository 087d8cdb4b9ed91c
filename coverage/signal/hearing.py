"""Hearing: which positions each of some places receives, and how strongly each cell of them."""

import math
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.radio.antenna import Antenna
from coverage.result import Layers
from coverage.signal.footprint import BEYOND, TENTHS, VOID, Cell, bands_of
from coverage.signal.packing import unpack
from coverage.signal.plan import Plan
from coverage.signal.prediction import TILE_PIXELS, Work
from coverage.signal.sight import direction, pattern_gain_db, sight_of
from coverage.signal.store import Store
from coverage.signal.tile import TileJob, correction_tenths
from coverage.signal.tiling import Tiling
from coverage.study import Study

Numbers = NDArray[np.int64]


def positions_heard(
    layers: Layers, study: Study, x: NDArray[np.float64], y: NDArray[np.float64], technologies: Iterable[str]
) -> tuple[csr_array, list[str]]:
    """
    Tell which positions each place receives as weak or better.

    Parameters
    ----------
    layers, study
        A network whose signal was predicted; what the store lacks of it is computed again.
    x, y
        [places] in the CRS of the grid, m; a place outside it receives nothing.
    technologies
        Those that count, of whichever operator.

    Returns
    -------
    csr_array, list of str
        [places, positions] of bool, and the `site_id` of each position, sorted. A place receives any of them exactly
        where the rasters have one of the technologies as weak or better.

    Raises
    ------
    StoreError
        The store cannot be written.
    """
    positions, position = np.unique(layers.cells["site_id"].to_numpy(dtype=str), return_inverse=True)
    counted = frozenset(technologies)
    row, col = layers.grid.pixel(x, y)
    found: list[NDArray[np.int64]] = [np.zeros((0, 2), np.int64)]
    for cell, places, level in _heard(layers, study, row, col):
        if cell.technology in counted:
            here = places[level >= math.ceil(cell.weak_dbm * TENTHS)]
            found.append(np.column_stack([here, np.full(len(here), position[cell.index])]))
    pairs = np.unique(np.concatenate(found), axis=0)
    shape = (len(row), len(positions))
    return csr_array((np.ones(len(pairs), np.bool_), (pairs[:, 0], pairs[:, 1])), shape=shape), positions.tolist()


def cell_levels(layers: Layers, study: Study, x: NDArray[np.float64], y: NDArray[np.float64]) -> pd.DataFrame:
    """
    Predict the level of every cell that reaches some places.

    Parameters
    ----------
    layers, study, x, y
        As `positions_heard`.

    Returns
    -------
    DataFrame
        `place` (number among those asked for), `cell` (row in the layer) and `level_dbm`, sorted by both; without the
        cells that do not reach a place, down to 6 dB below weak at least.

    Raises
    ------
    StoreError
        The store cannot be written.
    """
    parts: list[tuple[Numbers, Numbers, NDArray[np.float64]]] = [
        (places, np.full(len(places), cell.index), level / TENTHS)
        for cell, places, level in _heard(layers, study, *layers.grid.pixel(x, y))
    ]
    place, cells, level_dbm = map(np.concatenate, zip(*parts, strict=True)) if parts else ([], [], [])
    frame = pd.DataFrame({"place": place, "cell": cells, "level_dbm": level_dbm})
    return frame.sort_values(["place", "cell"], ignore_index=True)


def _heard(
    layers: Layers, study: Study, row: Numbers, col: Numbers
) -> Iterator[tuple[Cell, Numbers, NDArray[np.float64]]]:
    """Yield each cell with places that it reaches, by number, and its level there, whole tenths of a dBm."""
    inside = np.flatnonzero(row >= 0)
    with Store.open(study.folder) as store:
        plan = Plan.of(layers, study, Tiling(layers.grid.shape, TILE_PIXELS))
        work = Work(plan, store)
        for tile, of_inside in plan.tiling.grouped(row[inside], col[inside]):
            places = inside[of_inside]
            rows, cols = plan.tiling.window(tile)
            job = work.tile_job(tile)
            for cell, here, level in _cells_reaching(job, row[places] - rows.start, col[places] - cols.start):
                yield cell, places[here], level


def _cells_reaching(job: TileJob, row: Numbers, col: Numbers) -> Iterator[tuple[Cell, Numbers, NDArray[np.float64]]]:
    """Yield each cell with the places that it reaches, by number, and its level; as `tile.compose` reckons."""
    for piece in job.pieces:
        _, rows, cols = piece.shape
        near = np.flatnonzero(((row - piece.top) // rows == 0) & ((col - piece.left) // cols == 0))
        if len(near) == 0:
            continue
        at_row, at_col = row[near], col[near]
        losses = unpack(piece.packed, piece.shape)[:, at_row - piece.top, at_col - piece.left]
        sight = sight_of(piece.row, piece.col, piece.ground_m + piece.mast.height_m, job.cell_m, job.propagation)
        towards = [direction(job.terrain_m[i, j], i, j, sight) for i, j in zip(at_row, at_col, strict=True)]
        azimuth_deg, elevation_deg = np.array(towards).T
        pixels2 = (at_row - piece.row) ** 2 + (at_col - piece.col) ** 2
        for band, loss in zip(bands_of(piece.mast), losses.astype(np.int64), strict=True):
            modelled = (loss != BEYOND) & (loss != VOID)
            for cell in piece.mast.cells:
                if cell.freq_mhz != band.freq_mhz:
                    continue
                gain_db = _gain_db(cell, azimuth_deg, elevation_deg)
                level = np.floor(cell.power_dbm * TENTHS + TENTHS * gain_db - loss + 0.5)
                if cell.correction is not None and job.categories is not None:
                    around = job.categories[at_row, at_col]
                    level += correction_tenths(
                        cell.correction, around, at_row - piece.row, at_col - piece.col, job.cell_m
                    )
                reached = modelled & (pixels2 <= math.floor((cell.max_radius_m / job.cell_m) ** 2))
                yield cell, near[reached], level[reached]


def _gain_db(cell: Cell, azimuth_deg: NDArray[np.float64], elevation_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    if cell.pattern is not None:
        return pattern_gain_db(cell, azimuth_deg, elevation_deg).astype(np.float32).astype(np.float64)  # as in a tile
    sector = Antenna(
        cell.azimuth_deg, cell.beamwidth_deg, cell.vertical_beamwidth_deg, electrical_downtilt_deg=cell.tilt_deg
    )
    return sector.gain_db(azimuth_deg, elevation_deg)
