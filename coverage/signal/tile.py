"""A tile of the grid: the footprints that touch it, antennas and budgets applied, laid over one another."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coverage.columns.words import ANY
from coverage.radio.correction import Correction
from coverage.signal.footprint import TENTHS, Mast, Propagation
from coverage.signal.packing import pack, pack_plain, unpack
from coverage.signal.servers import NEAR, SILENT, Cells, Stack, empty_stack, lay_over, merge, surfaces
from coverage.signal.sight import Sight, directions, pattern_gain_db, sight_of


@dataclass(frozen=True, eq=False)
class Piece:
    """The part of a mast's footprint that lies in a tile."""

    mast: Mast
    row: int
    """Of the mast, in the tile; it may lie outside."""
    col: int
    ground_m: float
    """Above sea level, of its pixel."""
    numbers: tuple[int, ...]
    """Of its cells, among those of all the masts that may touch the tile, in the order of the layer."""
    top: int
    left: int
    shape: tuple[int, int, int]
    """Bands, rows, columns."""
    packed: bytes


@dataclass(frozen=True, eq=False)
class TileJob:
    """All that a tile is made from."""

    key: str
    terrain_m: NDArray[np.float32]
    cell_m: float
    propagation: Propagation
    pieces: tuple[Piece, ...]
    categories: NDArray[np.uint8] | None = None
    """What stands at its pixels, by number; None where no cell has a correction."""


def compose(job: TileJob) -> tuple[str, dict[str, bytes]]:
    """
    Lay the footprints of a tile over one another.

    Of two equally strong cells the first in the layer serves, in whichever order they come.

    Parameters
    ----------
    job
        The tile and the pieces of footprints on it.

    Returns
    -------
    key, parts
        `level`, `second`, `server` and `overlap` of every pair and of any operator, and `void` of every technology that
        has one, each under the name that `part_name` gives; `unknown`, where there is no terrain.
    """
    shape = job.terrain_m.shape
    heard = [cell for piece in job.pieces for cell in piece.mast.cells]
    pairs = sorted({(cell.operator, cell.technology) for cell in heard})
    weak = {cell.technology: math.ceil(cell.weak_dbm * TENTHS) for cell in heard}
    stack = empty_stack(shape, [weak[technology] - NEAR for _, technology in pairs])
    void = np.zeros((len(pairs), *shape), np.bool_)
    middle = np.array(shape) / 2
    # From the nearest on, so that of the others most matter nowhere.
    pieces = sorted(job.pieces, key=lambda one: math.dist((one.row, one.col), middle))
    for piece, cells in zip(pieces, _tabulate(pieces, pairs, job.cell_m), strict=True):
        loss = unpack(piece.packed, piece.shape)
        sight = sight_of(piece.row, piece.col, piece.ground_m + piece.mast.height_m, job.cell_m, job.propagation)
        gains_db, corrections = _gains_db(piece, job, sight), _corrections(piece, job)
        lay_over(stack, void, loss, piece.top, piece.left, job.terrain_m, sight, cells, gains_db, corrections)
    unknown = np.isnan(job.terrain_m)
    parts = {"unknown": pack_plain(unknown)}
    for technology in sorted(weak):
        any_stack, any_void = empty_stack(shape, [SILENT]), np.zeros(shape, np.bool_)
        for at, pair in enumerate(pairs):
            if pair[1] == technology:
                merge(any_stack, stack, at)
                any_void |= void[at]
                parts |= _parts(stack, at, pair, unknown | void[at], weak[technology])
        parts |= _parts(any_stack, 0, (ANY, technology), unknown | any_void, weak[technology])
        if any_void.any():
            parts[part_name("void", (ANY, technology))] = pack_plain(any_void)
    return job.key, parts


def part_name(quantity: str, pair: tuple[str, str]) -> str:
    """Return the name of a part of a tile: what, of which operator and technology."""
    return "/".join((quantity, *pair))


def _parts(stack: Stack, at: int, pair: tuple[str, str], blind: NDArray[np.bool_], weak: int) -> dict[str, bytes]:
    """Return the parts of one pair; a `blind` pixel that no cell reaches is unknown, for one might."""
    level, second, near = surfaces(stack.levels[at], blind, weak)
    return {
        part_name("level", pair): pack(level[np.newaxis]),
        part_name("second", pair): pack(second[np.newaxis]),
        part_name("server", pair): pack_plain(stack.server[at]),
        part_name("overlap", pair): pack_plain(near),
    }


def _tabulate(pieces: Sequence[Piece], pairs: Sequence[tuple[str, str]], cell_m: float) -> Iterator[Cells]:
    """Yield the cells of every piece as columns, in the order of their bands."""
    pair_of = {pair: at for at, pair in enumerate(pairs)}
    whole: list[tuple[int, ...]] = []
    real: list[tuple[float, ...]] = []
    firsts = []
    for piece in pieces:
        by_band = sorted(zip(piece.mast.cells, piece.numbers, strict=True), key=lambda one: one[0].freq_mhz)
        patterns, corrections = 0, _distinct(piece.mast)
        for cell, number in by_band:
            reach2 = math.floor((cell.max_radius_m / cell_m) ** 2)
            pair = pair_of[cell.operator, cell.technology]
            correction = -1 if cell.correction is None else corrections.index(cell.correction)
            whole.append((number, pair, -1 if cell.pattern is None else patterns, correction, reach2))
            real.append((
                cell.power_dbm * TENTHS, cell.azimuth_deg, cell.tilt_deg, cell.beamwidth_deg,
                cell.vertical_beamwidth_deg,
            ))  # fmt: skip
            patterns += cell.pattern is not None
        freqs = [cell.freq_mhz for cell, _ in by_band]
        firsts.append([*(at for at, freq in enumerate(freqs) if at == 0 or freq != freqs[at - 1]), len(freqs)])
    columns = (*np.array(whole, np.int64).reshape(-1, 5).T.copy(), *np.array(real).reshape(-1, 5).T.copy())
    start = 0
    for first in firsts:
        yield Cells._make((*(column[start : start + first[-1]] for column in columns), np.array(first)))
        start += first[-1]


def _gains_db(piece: Piece, job: TileJob, sight: Sight) -> NDArray[np.float32]:
    """Return the gains of the cells with a measured pattern, in the order of their bands, [patterns, rows, cols]."""
    measured = sorted((cell for cell in piece.mast.cells if cell.pattern is not None), key=lambda cell: cell.freq_mhz)
    gains_db = np.zeros((len(measured), *piece.shape[1:]), np.float32)
    if measured:
        azimuth_deg, elevation_deg = directions(job.terrain_m, (piece.top, piece.left, *piece.shape[1:]), sight)
        for gain_db, cell in zip(gains_db, measured, strict=True):
            gain_db[:] = pattern_gain_db(cell, azimuth_deg, elevation_deg)
    return gains_db


def _distinct(mast: Mast) -> list[Correction]:
    """Return the corrections that cells of a mast have, each once."""
    return list(dict.fromkeys(cell.correction for cell in mast.cells if cell.correction is not None))


def _corrections(piece: Piece, job: TileJob) -> NDArray[np.int16]:
    """Return what each of the corrections of a mast adds over the piece, tenths of a dB, [corrections, rows, cols]."""
    _, rows, cols = piece.shape
    distinct = _distinct(piece.mast)
    found = np.zeros((len(distinct), rows, cols), np.int16)
    if job.categories is not None and distinct:
        row, col = np.ogrid[piece.top : piece.top + rows, piece.left : piece.left + cols]
        here = job.categories[piece.top : piece.top + rows, piece.left : piece.left + cols]
        for tenths, correction in zip(found, distinct, strict=True):
            tenths[:] = correction_tenths(correction, here, row - piece.row, col - piece.col, job.cell_m)
    return found


def correction_tenths(
    correction: Correction,
    categories: NDArray[np.uint8],
    rows: NDArray[np.int64],
    cols: NDArray[np.int64],
    cell_m: float,
) -> NDArray[np.int16]:
    """Return what is added to levels so many rows and columns away from a mast, tenths of a dB; a half rounds up."""
    distance_m = np.maximum(cell_m * np.hypot(rows, cols), cell_m / 2)  # its own pixel, as in the loss
    return np.floor(TENTHS * correction.db(categories, distance_m / 1000) + 0.5).astype(np.int16)
