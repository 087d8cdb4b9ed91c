"""A tile of the grid: the footprints that touch it, antennas and budgets applied, laid over one another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coverage.columns import ANY
from coverage.signal.footprint import TENTHS, Mast, Propagation
from coverage.signal.packing import pack, pack_plain, unpack
from coverage.signal.servers import NEAR, SILENT, Cells, Stack, empty_stack, lay_over, merge, servers_near
from coverage.signal.sight import Sight, directions, pattern_gain_db, sight_of

UNKNOWN = -32768
"""A level where it is not modelled."""


@dataclass(frozen=True, eq=False)
class Piece:
    """The part of a mast's footprint that lies in a tile."""

    mast: Mast
    """Its row and column are those in the tile; they may lie outside."""
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
    void = np.zeros((*shape, len(pairs)), np.bool_)
    middle = np.array(shape) / 2
    for piece in sorted(job.pieces, key=lambda one: math.dist((one.mast.row, one.mast.col), middle)):
        # From the nearest on, so that of the others most matter nowhere.
        loss = unpack(piece.packed, piece.shape)
        sight = sight_of(piece.mast, piece.ground_m, job.cell_m, job.propagation)
        cells, gains_db = _tabulate(piece, job, pairs, sight)
        lay_over(stack, void, loss, piece.top, piece.left, job.terrain_m, sight, cells, gains_db)
    unknown = np.isnan(job.terrain_m)
    parts = {"unknown": pack_plain(unknown)}
    for technology in sorted(weak):
        any_stack, any_void = empty_stack(shape, [SILENT]), np.zeros(shape, np.bool_)
        for at, pair in enumerate(pairs):
            if pair[1] == technology:
                merge(any_stack, stack, at)
                any_void |= void[:, :, at]
                parts |= _parts(stack, at, pair, unknown | void[:, :, at], weak[technology])
        parts |= _parts(any_stack, 0, (ANY, technology), unknown | any_void, weak[technology])
        if any_void.any():
            parts[part_name("void", (ANY, technology))] = pack_plain(any_void)
    return job.key, parts


def part_name(quantity: str, pair: tuple[str, str]) -> str:
    """Return the name of a part of a tile: what, of which operator and technology."""
    return "/".join((quantity, *pair))


def _parts(stack: Stack, at: int, pair: tuple[str, str], blind: NDArray[np.bool_], weak: int) -> dict[str, bytes]:
    """Return the parts of one pair; a `blind` pixel that no cell reaches is unknown, for one might."""

    def level(rank: int) -> bytes:
        known = stack.levels[:, :, at, rank]
        return pack(np.where(blind & (known == SILENT), np.int16(UNKNOWN), known)[np.newaxis])

    return {
        part_name("level", pair): level(0),
        part_name("second", pair): level(1),
        part_name("server", pair): pack_plain(stack.server[:, :, at]),
        part_name("overlap", pair): pack_plain(servers_near(stack.levels, at, weak)),
    }


def _tabulate(
    piece: Piece, job: TileJob, pairs: Sequence[tuple[str, str]], sight: Sight
) -> tuple[Cells, NDArray[np.float32]]:
    """Return the cells of a mast as columns, and the gains of those with a measured pattern [patterns, rows, cols]."""
    by_band = sorted(zip(piece.mast.cells, piece.numbers, strict=True), key=lambda one: one[0].freq_mhz)
    cells = [cell for cell, _ in by_band]
    freqs = [cell.freq_mhz for cell in cells]
    measured = [at for at, cell in enumerate(cells) if cell.pattern is not None]
    gains_db = np.zeros((len(measured), *piece.shape[1:]), np.float32)
    if measured:
        azimuth_deg, elevation_deg = directions(job.terrain_m, (piece.top, piece.left, *piece.shape[1:]), sight)
        for gain_db, at in zip(gains_db, measured, strict=True):
            gain_db[:] = pattern_gain_db(cells[at], azimuth_deg, elevation_deg)
    whole = [
        (
            number,
            pairs.index((cell.operator, cell.technology)),
            measured.index(at) if at in measured else -1,
            math.floor((cell.max_radius_m / job.cell_m) ** 2),
        )
        for at, (cell, number) in enumerate(by_band)
    ]
    real = [
        (
            cell.power_dbm * TENTHS, cell.azimuth_deg, cell.tilt_deg, cell.beamwidth_deg, cell.vertical_beamwidth_deg
        )
        for cell in cells
    ]  # fmt: skip
    first = [*(at for at, freq in enumerate(freqs) if freq not in freqs[:at]), len(freqs)]
    return Cells._make((*np.array(whole).T.copy(), *np.array(real).T.copy(), np.array(first))), gains_db
