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
from coverage.signal.footprint import BEYOND, OVERLAP_DB, TENTHS, VOID, Cell, Mast, Propagation
from coverage.signal.packing import pack, pack_plain, unpack

UNKNOWN = -32768
"""In a level: not modelled."""
SILENT = -32767
"""In a level: no cell reaches."""
NO_CELL = -1

_EARTH_RADIUS_M = 6_371_000.0
_REFERENCE_LAPSE = 157.0  # N-units/km at which rays curve with the Earth; P.1812-8 equation (1)
_NEAR = round(OVERLAP_DB * TENTHS)
_STRONGEST = 8
"""How many levels are kept of a pixel, and so how many servers are told apart; the last stands for all beyond."""

_HALF_UP = 0.5 + 1e-6
"""A half rounds up; and a little more, so that no rounding makes a bound too low."""


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


class _Stack(NamedTuple):
    """What is known of the pixels of a tile, per operator and technology: [rows, columns, pairs]."""

    levels: NDArray[np.int16]
    """[rows, columns, pairs, _STRONGEST] tenths of a dBm of the strongest cells, falling."""
    server: NDArray[np.int32]
    """The strongest cell."""
    matters: NDArray[np.int16]
    """Below this a further cell changes nothing: it reaches no more, or is neither second nor near the best."""


class _Cells(NamedTuple):
    """The cells of a mast in the order of their bands, one value each."""

    number: NDArray[np.int32]
    pair: NDArray[np.int32]
    pattern: NDArray[np.int32]
    """Which of the gains is its own; -1 for a sector."""
    power: NDArray[np.float64]
    """Tenths of a dBm."""
    strongest: NDArray[np.float64]
    """The most that it can be in any direction of the piece, before the loss, in tenths of a dBm."""
    azimuth_deg: NDArray[np.float64]
    tilt_deg: NDArray[np.float64]
    beamwidth_deg: NDArray[np.float64]
    vertical_beamwidth_deg: NDArray[np.float64]
    reach2: NDArray[np.int64]
    """Pixels, squared."""
    first: NDArray[np.int64]
    """[bands + 1] where the cells of each band begin."""


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
    stack = _empty(shape, [weak[technology] - _NEAR for _, technology in pairs])
    void = np.zeros((*shape, len(pairs)), np.bool_)
    middle = np.array(shape) / 2
    for piece in sorted(job.pieces, key=lambda one: math.dist((one.mast.row, one.mast.col), middle)):
        # From the nearest on, so that of the others most matter nowhere.
        loss = unpack(piece.packed, piece.shape)
        sight = _sight(piece, job)
        cells, gains_db = _tabulate(piece, job, pairs, sight)
        _lay_over(stack, void, loss, piece.top, piece.left, job.terrain_m, sight, cells, gains_db)
    unknown = np.isnan(job.terrain_m)
    parts = {"unknown": pack_plain(unknown)}
    for technology in weak:
        any_stack, any_void = _empty(shape, [SILENT]), np.zeros(shape, np.bool_)
        for at, pair in enumerate(pairs):
            if pair[1] == technology:
                _merge(any_stack, stack, at)
                any_void |= void[:, :, at]
                parts |= _parts(stack, at, pair, unknown | void[:, :, at], weak[technology])
        parts |= _parts(any_stack, 0, (ANY, technology), unknown | any_void, weak[technology])
        if any_void.any():
            parts[part_name("void", (ANY, technology))] = pack_plain(any_void)
    return job.key, parts


def part_name(quantity: str, pair: tuple[str, str]) -> str:
    """Return the name of a part of a tile: what, of which operator and technology."""
    return "/".join((quantity, *pair))


def _parts(stack: _Stack, at: int, pair: tuple[str, str], blind: NDArray[np.bool_], weak: int) -> dict[str, bytes]:
    """Return the parts of one pair; a `blind` pixel that no cell reaches is unknown, for one might."""

    def level(rank: int) -> bytes:
        known = stack.levels[:, :, at, rank]
        return pack(np.where(blind & (known == SILENT), np.int16(UNKNOWN), known)[np.newaxis])

    return {
        part_name("level", pair): level(0),
        part_name("second", pair): level(1),
        part_name("server", pair): pack_plain(stack.server[:, :, at]),
        part_name("overlap", pair): pack_plain(_servers_near(stack.levels, at, weak)),
    }


def _empty(shape: tuple[int, ...], least: list[int]) -> _Stack:
    """Return a stack that has heard nothing yet, and listens down to so many tenths of a dBm of each pair."""
    full = (*shape, len(least))
    return _Stack(
        np.full((*full, _STRONGEST), SILENT, np.int16),
        np.full(full, NO_CELL, np.int32),
        np.full(full, np.array(least, np.int16)),
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
    by_band = sorted(zip(piece.mast.cells, piece.numbers, strict=True), key=lambda one: one[0].freq_mhz)
    cells = [cell for cell, _ in by_band]
    freqs = [cell.freq_mhz for cell in cells]
    measured = [at for at, cell in enumerate(cells) if cell.pattern is not None]
    gains_db = np.zeros((len(measured), *piece.shape[1:]), np.float32)
    if measured:
        azimuth_deg, elevation_deg = _directions(job.terrain_m, piece.top, piece.left, piece.shape[1:], sight)
        for gain_db, at in zip(gains_db, measured, strict=True):
            gain_db[:] = _pattern_gain_db(cells[at], azimuth_deg, elevation_deg)
    table = _Cells(
        np.array([number for _, number in by_band], np.int32),
        np.array([pairs.index((cell.operator, cell.technology)) for cell in cells], np.int32),
        np.array([measured.index(at) if at in measured else -1 for at in range(len(cells))], np.int32),
        np.array([cell.power_dbm * TENTHS for cell in cells]),
        np.array([(cell.power_dbm + _peak_db(cell, piece, sight)) * TENTHS for cell in cells]),
        np.array([cell.azimuth_deg for cell in cells]),
        np.array([cell.tilt_deg for cell in cells]),
        np.array([cell.beamwidth_deg for cell in cells]),
        np.array([cell.vertical_beamwidth_deg for cell in cells]),
        np.array([math.floor((cell.max_radius_m / job.cell_m) ** 2) for cell in cells]),
        np.array([*(at for at, freq in enumerate(freqs) if freq not in freqs[:at]), len(freqs)]),
    )
    return table, gains_db


def _peak_db(cell: Cell, piece: Piece, sight: _Sight) -> float:
    """Return the greatest gain of a cell towards any pixel of a piece, or more."""
    if cell.pattern is not None or math.isnan(cell.azimuth_deg):
        return 0.0
    away_deg = _least_turn_deg(cell.azimuth_deg, piece.top, piece.left, piece.shape[1:], sight)
    gain_db = sector_gain_db(
        away_deg, -cell.tilt_deg, 0.0, cell.tilt_deg, cell.beamwidth_deg, cell.vertical_beamwidth_deg
    )
    return float(gain_db)


@njit()  # type: ignore[untyped-decorator]
def _least_turn_deg(azimuth_deg: float, top: int, left: int, shape: tuple[int, int], sight: _Sight) -> float:
    """Return the angle between a direction and the nearest pixel of a window, degrees; 0 for one around the mast."""
    last_row, last_col = top + shape[0] - 1, left + shape[1] - 1
    if top <= sight.row <= last_row and left <= sight.col <= last_col:
        return 0.0
    ahead = _bearing_deg((top + last_row) / 2, (left + last_col) / 2, sight)
    lowest = highest = 0.0
    for row in (top, last_row):
        for col in (left, last_col):
            turn = _turn_deg(_bearing_deg(row, col, sight) - ahead)
            lowest, highest = min(lowest, turn), max(highest, turn)
    turn = _turn_deg(azimuth_deg - ahead)
    if lowest <= turn <= highest:
        return 0.0
    return float(min(abs(_turn_deg(turn - lowest)), abs(_turn_deg(turn - highest))))


@njit()  # type: ignore[untyped-decorator]
def _turn_deg(angle_deg: float) -> float:
    """Return an angle as -180 to 180 degrees."""
    return (angle_deg + 180.0) % 360.0 - 180.0


@njit()  # type: ignore[untyped-decorator]
def _bearing_deg(row: float, col: float, sight: _Sight) -> float:
    """Return the azimuth of a place, in pixels, as seen from an antenna."""
    return math.degrees(math.atan2(col - sight.col, sight.row - row))


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
    distance = sight.cell_m * math.sqrt(float((i - sight.row) ** 2 + (j - sight.col) ** 2))
    rise = ground_m - sight.antenna_m - distance * distance / (2.0 * sight.earth_radius_m)
    return _bearing_deg(i, j, sight), math.degrees(math.atan2(rise, distance))


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
            for band in range(loss.shape[0]):
                tenths = loss[band, i, j]
                if tenths == BEYOND:
                    continue
                for cell in range(cells.first[band], cells.first[band + 1]):
                    if apart2 > cells.reach2[cell]:
                        continue
                    pair = cells.pair[cell]
                    if tenths == VOID:
                        void[row, col, pair] = True
                        continue
                    if cells.strongest[cell] - tenths + _HALF_UP < stack.matters[row, col, pair]:
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
                    level = math.floor(cells.power[cell] + TENTHS * gain_db - tenths + 0.5)
                    if level >= stack.matters[row, col, pair]:
                        _hear(stack, row, col, pair, level, cells.number[cell])


@njit()  # type: ignore[untyped-decorator]
def _hear(stack: _Stack, row: int, col: int, pair: int, level: int, cell: int) -> None:
    """Take account of one more cell, whose level is in tenths of a dBm, at a pixel."""
    levels = stack.levels[row, col, pair]
    if level > levels[0] or (level == levels[0] and cell < stack.server[row, col, pair]):
        stack.server[row, col, pair] = cell
    _insert(levels, level)
    enough = min(int(levels[1]), max(int(levels[0]) - _NEAR, int(levels[_STRONGEST - 1]) + 1))
    if enough > stack.matters[row, col, pair]:
        stack.matters[row, col, pair] = enough


@njit()  # type: ignore[untyped-decorator]
def _merge(ours: _Stack, theirs: _Stack, pair: int) -> None:
    """Take account of all the cells of a pair of other stacks in the only pair of ours."""
    rows, cols = ours.server.shape[:2]
    for row in range(rows):
        for col in range(cols):
            levels, server = ours.levels[row, col, 0], theirs.server[row, col, pair]
            best = theirs.levels[row, col, pair, 0]
            if best > levels[0] or (best == levels[0] and server < ours.server[row, col, 0]):
                ours.server[row, col, 0] = server
            for level in theirs.levels[row, col, pair]:
                if level <= levels[_STRONGEST - 1]:
                    break
                _insert(levels, level)


@njit()  # type: ignore[untyped-decorator]
def _insert(levels: NDArray[np.int16], level: int) -> None:
    """Put one more level in its place among the strongest."""
    place = _STRONGEST - 1
    if level <= levels[place]:
        return
    while place > 0 and levels[place - 1] < level:
        levels[place] = levels[place - 1]
        place -= 1
    levels[place] = level


@njit()  # type: ignore[untyped-decorator]
def _servers_near(levels: NDArray[np.int16], pair: int, weak: int) -> NDArray[np.uint8]:
    """Return how many cells are within `OVERLAP_DB` of the best, itself among them; 0 where the best is below weak."""
    rows, cols = levels.shape[:2]
    found = np.zeros((rows, cols), np.uint8)
    for row in range(rows):
        for col in range(cols):
            best = int(levels[row, col, pair, 0])
            if best >= weak:
                for level in levels[row, col, pair]:
                    found[row, col] += level >= best - _NEAR
    return found
