"""A tile of the grid: the footprints that touch it, antennas and budgets applied, laid over one another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coverage.columns import ANY
from coverage.radio._numba import njit
from coverage.radio.antenna import Antenna, sector_gain_db
from coverage.signal.footprint import BEYOND, OVERLAP_DB, TENTHS, VOID, Cell, Mast, Propagation, bands_of
from coverage.signal.packing import pack, pack_plain, unpack

UNKNOWN = -32768
"""In a level: not modelled."""
SILENT = -32767
"""In a level: no cell reaches."""
NO_CELL = -1

_EARTH_RADIUS_M = 6_371_000.0
_REFERENCE_LAPSE = 157.0  # N-units/km at which rays curve with the Earth; P.1812-8 equation (1)
_NEAR = round(OVERLAP_DB * TENTHS) + 1


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
    shape: tuple[int, int]
    packed: bytes


@dataclass(frozen=True, eq=False)
class TileJob:
    """All that a tile is made from."""

    key: str
    terrain_m: NDArray[np.float32]
    cell_m: float
    propagation: Propagation
    pieces: tuple[Piece, ...]


class _Stack(NamedTuple):
    """What is known of the pixels of a tile, per operator and technology: [pairs, rows, columns]."""

    best: NDArray[np.int16]
    second: NDArray[np.int16]
    server: NDArray[np.int32]
    near: NDArray[np.uint8]
    """[pairs, rows, columns, _NEAR] how many cells are so many tenths of a dB below the best."""


class _Cells(NamedTuple):
    """The cells of a mast, one value each."""

    number: NDArray[np.int32]
    band: NDArray[np.int32]
    pair: NDArray[np.int32]
    pattern: NDArray[np.int32]
    """Which of the gains is its own; -1 for a sector."""
    power_dbm: NDArray[np.float64]
    least_dbm: NDArray[np.float64]
    azimuth_deg: NDArray[np.float64]
    tilt_deg: NDArray[np.float64]
    beamwidth_deg: NDArray[np.float64]
    vertical_beamwidth_deg: NDArray[np.float64]
    reach: NDArray[np.float64]
    """Pixels."""


class _Sight(NamedTuple):
    """A mast as pixels see it."""

    row: int
    col: int
    antenna_m: float
    """Above sea level, less the height of the receiver above its own ground."""
    cell_m: float
    earth_radius_m: float


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
    stack, void = _empty(len(pairs), shape), np.zeros((len(pairs), *shape), np.bool_)
    for piece in job.pieces:
        loss = unpack(piece.packed, (len(bands_of(piece.mast)), *piece.shape))
        sight = _sight(piece, job)
        cells, gains_db = _tabulate(piece, job, pairs, sight)
        _lay_over(stack, void, loss, piece.top, piece.left, job.terrain_m, sight, cells, gains_db)
    unknown = np.isnan(job.terrain_m)
    parts = {"unknown": pack_plain(unknown)}
    for technology in weak:
        any_stack, any_void = _empty(1, shape), np.zeros(shape, np.bool_)
        for at, pair in enumerate(pairs):
            if pair[1] == technology:
                one = _Stack(*(part[at : at + 1] for part in stack))
                _merge(any_stack, one)
                any_void |= void[at]
                parts |= _parts(one, pair, unknown | void[at], weak[technology])
        parts |= _parts(any_stack, (ANY, technology), unknown | any_void, weak[technology])
        if any_void.any():
            parts[part_name("void", (ANY, technology))] = pack_plain(any_void)
    return job.key, parts


def part_name(quantity: str, pair: tuple[str, str]) -> str:
    """Return the name of a part of a tile: what, of which operator and technology."""
    return "/".join((quantity, *pair))


def _parts(stack: _Stack, pair: tuple[str, str], blind: NDArray[np.bool_], weak: int) -> dict[str, bytes]:
    """Return the parts of one pair; a `blind` pixel that no cell reaches is unknown, for one might."""
    for level in (stack.best, stack.second):
        level[0][blind & (level[0] == SILENT)] = UNKNOWN
    overlap = _servers_near(stack.near[0], stack.best[0], weak)
    return {
        part_name("level", pair): pack(stack.best),
        part_name("second", pair): pack(stack.second),
        part_name("server", pair): pack_plain(stack.server[0]),
        part_name("overlap", pair): pack_plain(overlap),
    }


def _empty(pairs: int, shape: tuple[int, ...]) -> _Stack:
    return _Stack(
        np.full((pairs, *shape), SILENT, np.int16),
        np.full((pairs, *shape), SILENT, np.int16),
        np.full((pairs, *shape), NO_CELL, np.int32),
        np.zeros((pairs, *shape, _NEAR), np.uint8),
    )


def _sight(piece: Piece, job: TileJob) -> _Sight:
    given = job.propagation
    return _Sight(
        piece.mast.row,
        piece.mast.col,
        piece.ground_m + piece.mast.height_m - given.rx_height_m,
        job.cell_m,
        _EARTH_RADIUS_M * _REFERENCE_LAPSE / (_REFERENCE_LAPSE - given.delta_n),
    )


def _tabulate(
    piece: Piece, job: TileJob, pairs: Sequence[tuple[str, str]], sight: _Sight
) -> tuple[_Cells, NDArray[np.float32]]:
    """Return the cells of a mast as columns, and the gains of those with a measured pattern [patterns, rows, cols]."""
    cells = piece.mast.cells
    freqs = [band.freq_mhz for band in bands_of(piece.mast)]
    measured = [cell for cell in cells if cell.pattern is not None]
    gains_db = np.zeros((len(measured), *piece.shape), np.float32)
    if measured:
        azimuth_deg, elevation_deg = _directions(job.terrain_m, piece.top, piece.left, piece.shape, sight)
        for gain_db, cell in zip(gains_db, measured, strict=True):
            gain_db[:] = _pattern_gain_db(cell, azimuth_deg, elevation_deg)
    own = {id(cell): at for at, cell in enumerate(measured)}
    table = _Cells(
        np.array(piece.numbers, np.int32),
        np.array([freqs.index(cell.freq_mhz) for cell in cells], np.int32),
        np.array([pairs.index((cell.operator, cell.technology)) for cell in cells], np.int32),
        np.array([own.get(id(cell), -1) for cell in cells], np.int32),
        np.array([cell.power_dbm for cell in cells]),
        np.array([cell.weak_dbm - OVERLAP_DB for cell in cells]),
        np.array([cell.azimuth_deg for cell in cells]),
        np.array([cell.tilt_deg for cell in cells]),
        np.array([cell.beamwidth_deg for cell in cells]),
        np.array([cell.vertical_beamwidth_deg for cell in cells]),
        np.array([cell.max_radius_m / job.cell_m for cell in cells]),
    )
    return table, gains_db


def _pattern_gain_db(
    cell: Cell, azimuth_deg: NDArray[np.float64], elevation_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    """
    Gain of a measured pattern relative to its peak towards every pixel, dB.

    The tilt of the site is mechanical, for the pattern holds its electrical one; an antenna without a direction to lean
    to is tilted alike all around.
    """
    if math.isnan(cell.azimuth_deg):
        antenna = Antenna(electrical_downtilt_deg=cell.tilt_deg, pattern=cell.pattern)
    else:
        antenna = Antenna(cell.azimuth_deg, mechanical_downtilt_deg=cell.tilt_deg, pattern=cell.pattern)
    return antenna.gain_db(azimuth_deg, elevation_deg)


@njit()  # type: ignore[untyped-decorator]
def _direction(ground_m: float, i: int, j: int, sight: _Sight) -> tuple[float, float]:
    """Return azimuth and elevation, degrees, of a pixel as seen from an antenna."""
    east, north = (j - sight.col) * sight.cell_m, (sight.row - i) * sight.cell_m
    distance = math.sqrt(east * east + north * north)
    rise = ground_m - sight.antenna_m - distance * distance / (2.0 * sight.earth_radius_m)
    return math.degrees(math.atan2(east, north)), math.degrees(math.atan2(rise, distance))


@njit()  # type: ignore[untyped-decorator]
def _directions(
    terrain_m: NDArray[np.float32], top: int, left: int, shape: tuple[int, int], sight: _Sight
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    azimuth, elevation = np.empty(shape), np.empty(shape)
    for i in range(shape[0]):
        for j in range(shape[1]):
            azimuth[i, j], elevation[i, j] = _direction(terrain_m[top + i, left + j], top + i, left + j, sight)
    return azimuth, elevation


@njit()  # type: ignore[untyped-decorator]
def _lay_over(
    stack: _Stack,
    void: NDArray[np.bool_],
    loss: NDArray[np.int16],
    top: int,
    left: int,
    terrain_m: NDArray[np.float32],
    sight: _Sight,
    cells: _Cells,
    gains_db: NDArray[np.float32],
) -> None:
    """Let every cell of a mast be heard where it reaches; `loss` starts at `top`, `left` of the tile."""
    for i in range(loss.shape[1]):
        for j in range(loss.shape[2]):
            row, col = top + i, left + j
            apart2 = (row - sight.row) ** 2 + (col - sight.col) ** 2
            seen = False
            azimuth_deg = elevation_deg = 0.0
            for cell in range(len(cells.number)):
                tenths = loss[cells.band[cell], i, j]
                if tenths == BEYOND or apart2 > cells.reach[cell] * cells.reach[cell]:
                    continue
                pair = cells.pair[cell]
                if tenths == VOID:
                    void[pair, row, col] = True
                    continue
                strongest = cells.power_dbm[cell] * TENTHS - tenths  # on the antenna's axis
                best, second = int(stack.best[pair, row, col]), int(stack.second[pair, row, col])
                if strongest + 1 < cells.least_dbm[cell] * TENTHS or (
                    strongest + 1 <= second and strongest + _NEAR < best
                ):
                    continue
                if cells.pattern[cell] >= 0:
                    gain_db = float(gains_db[cells.pattern[cell], i, j])
                else:
                    if not seen:
                        azimuth_deg, elevation_deg = _direction(terrain_m[row, col], row, col, sight)
                        seen = True
                    gain_db = sector_gain_db(
                        azimuth_deg,
                        elevation_deg,
                        cells.azimuth_deg[cell],
                        cells.tilt_deg[cell],
                        cells.beamwidth_deg[cell],
                        cells.vertical_beamwidth_deg[cell],
                    )
                level = math.floor((cells.power_dbm[cell] + gain_db) * TENTHS - tenths + 0.5)
                if level >= cells.least_dbm[cell] * TENTHS:
                    _hear(stack, pair, row, col, level, cells.number[cell])


@njit()  # type: ignore[untyped-decorator]
def _hear(stack: _Stack, pair: int, row: int, col: int, level: int, cell: int) -> None:
    """Take account of one more cell, whose level is in tenths of a dBm, at a pixel."""
    best = int(stack.best[pair, row, col])
    near = stack.near[pair, row, col]
    if level > best or (level == best and cell < stack.server[pair, row, col]):
        _move(near, level - best)
        stack.second[pair, row, col] = best
        stack.best[pair, row, col] = level
        stack.server[pair, row, col] = cell
        best = level
    elif level > stack.second[pair, row, col]:
        stack.second[pair, row, col] = level
    if best - level < _NEAR:
        _count(near, best - level, 1)


@njit()  # type: ignore[untyped-decorator]
def _merge(ours: _Stack, theirs: _Stack) -> None:
    """Take account of all the cells of other stacks, of one pair each."""
    rows, cols = ours.best.shape[1:]
    for row in range(rows):
        for col in range(cols):
            new, old = int(theirs.best[0, row, col]), int(ours.best[0, row, col])
            if new == SILENT:
                continue
            near = ours.near[0, row, col]
            if new > old or (new == old and theirs.server[0, row, col] < ours.server[0, row, col]):
                _move(near, new - old)
                ours.best[0, row, col] = new
                ours.server[0, row, col] = theirs.server[0, row, col]
                ours.second[0, row, col] = max(old, theirs.second[0, row, col])
            else:
                ours.second[0, row, col] = max(new, ours.second[0, row, col])
            lower = int(ours.best[0, row, col]) - new
            for below in range(_NEAR - lower):
                _count(near, below + lower, int(theirs.near[0, row, col, below]))


@njit()  # type: ignore[untyped-decorator]
def _move(near: NDArray[np.uint8], rise: int) -> None:
    """Count from a best that rose by so many tenths of a dB."""
    for below in range(_NEAR - 1, -1, -1):
        near[below] = near[below - rise] if below >= rise else 0


@njit()  # type: ignore[untyped-decorator]
def _count(near: NDArray[np.uint8], below: int, cells: int) -> None:
    near[below] = min(255, int(near[below]) + cells)


@njit()  # type: ignore[untyped-decorator]
def _servers_near(near: NDArray[np.uint8], best: NDArray[np.int16], weak: int) -> NDArray[np.uint8]:
    """Return how many cells are within `OVERLAP_DB` of the best, itself among them; 0 where the best is below weak."""
    found = np.zeros(best.shape, np.uint8)
    for row in range(best.shape[0]):
        for col in range(best.shape[1]):
            if best[row, col] >= weak:
                total = 0
                for count in near[row, col]:
                    total += count
                found[row, col] = min(255, total)
    return found
