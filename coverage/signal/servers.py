"""Servers: the strongest cells at every pixel, and how many of them are about as strong."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit
from coverage.radio.antenna import sector_gain_db
from coverage.signal.footprint import BEYOND, OVERLAP_DB, TENTHS, VOID
from coverage.signal.sight import Sight, direction, least_turn_deg

SILENT = -32767
"""A level where no cell reaches."""
UNKNOWN = -32768
"""A level where it is not modelled."""
NO_CELL = -1
NEAR = round(OVERLAP_DB * TENTHS)
"""Cells no further below the best are servers too."""

_STRONGEST = 8
"""How many levels are kept of a pixel, and so how many servers are told apart; the last stands for all beyond."""
_HALF_UP = 0.5 + 1e-6
"""A half rounds up; and a little more, so that no rounding makes a bound too low."""


class Stack(NamedTuple):
    """What is known of the pixels of a tile, per operator and technology: [pairs, rows, columns]."""

    levels: NDArray[np.int16]
    """[pairs, rows, columns, _STRONGEST] tenths of a dBm of the strongest cells, falling."""
    server: NDArray[np.int32]
    """The strongest cell."""
    matters: NDArray[np.int16]
    """Below this a further cell changes nothing: it reaches no more, or is neither second nor near the best."""


class Cells(NamedTuple):
    """The cells of a mast in the order of their bands, one value each."""

    number: NDArray[np.int64]
    pair: NDArray[np.int64]
    pattern: NDArray[np.int64]
    """Which of the gains is its own; -1 for a sector."""
    correction: NDArray[np.int64]
    """Which of the corrections is its own; -1 for none."""
    reach2: NDArray[np.int64]
    """Pixels, squared."""
    power: NDArray[np.float64]
    """Tenths of a dBm."""
    azimuth_deg: NDArray[np.float64]
    tilt_deg: NDArray[np.float64]
    beamwidth_deg: NDArray[np.float64]
    vertical_beamwidth_deg: NDArray[np.float64]
    first: NDArray[np.int64]
    """[bands + 1] where the cells of each band begin."""


def empty_stack(shape: tuple[int, ...], least: list[int]) -> Stack:
    """Return a stack that has heard nothing yet, and listens down to so many tenths of a dBm of each pair."""
    full = (len(least), *shape)
    return Stack(
        np.full((*full, _STRONGEST), SILENT, np.int16),
        np.full(full, NO_CELL, np.int32),
        np.full(full, np.array(least, np.int16)[:, np.newaxis, np.newaxis]),
    )


@njit()  # type: ignore[untyped-decorator]
def lay_over(
    stack: Stack,
    void: NDArray[np.bool_],
    loss: NDArray[np.int16],
    top: int,
    left: int,
    terrain_m: NDArray[np.float32],
    sight: Sight,
    cells: Cells,
    gains_db: NDArray[np.float32],
    corrections: NDArray[np.int16],
) -> None:
    """Let every cell of a mast be heard where it reaches; `loss` starts at `top`, `left` of the tile."""
    rows, cols = loss.shape[1:]
    seen = np.zeros((rows, cols), np.bool_)
    azimuth_deg, elevation_deg = np.empty((rows, cols)), np.empty((rows, cols))
    for band in range(loss.shape[0]):
        for cell in range(cells.first[band], cells.first[band + 1]):
            pair, number, pattern = cells.pair[cell], cells.number[cell], cells.pattern[cell]
            reach2, power, boresight_deg = cells.reach2[cell], cells.power[cell], cells.azimuth_deg[cell]
            tilt_deg, width_deg = cells.tilt_deg[cell], cells.beamwidth_deg[cell]
            height_deg = cells.vertical_beamwidth_deg[cell]
            strongest = power  # that it can be in any direction of the piece, before the loss
            if pattern < 0:
                away_deg = least_turn_deg(boresight_deg, top, left, rows, cols, sight)
                strongest += TENTHS * sector_gain_db(away_deg, -tilt_deg, 0.0, tilt_deg, width_deg, 360.0)
            bound, correction = math.floor(strongest + _HALF_UP), cells.correction[cell]
            if correction >= 0:
                bound += corrections[correction].max()
            levels, server, matters = stack.levels[pair], stack.server[pair], stack.matters[pair]
            for i in range(rows):
                for j in range(cols):
                    tenths = loss[band, i, j]
                    if tenths == BEYOND:
                        continue
                    row, col = top + i, left + j
                    if (row - sight.row) ** 2 + (col - sight.col) ** 2 > reach2:
                        continue
                    if tenths == VOID:
                        void[pair, row, col] = True
                        continue
                    if bound - tenths < matters[row, col]:
                        continue
                    if pattern >= 0:
                        gain_db = float(gains_db[pattern, i, j])
                    else:
                        if not seen[i, j]:
                            seen[i, j] = True
                            azimuth_deg[i, j], elevation_deg[i, j] = direction(terrain_m[row, col], row, col, sight)
                        gain_db = sector_gain_db(
                            azimuth_deg[i, j],
                            elevation_deg[i, j],
                            boresight_deg,
                            tilt_deg,
                            width_deg,
                            height_deg,
                        )
                    level = math.floor(power + TENTHS * gain_db - tenths + 0.5)
                    if correction >= 0:
                        level += corrections[correction, i, j]
                    if level >= matters[row, col]:
                        _hear(levels, server, matters, row, col, level, number)


@njit()  # type: ignore[untyped-decorator]
def _hear(
    levels: NDArray[np.int16],
    server: NDArray[np.int32],
    matters: NDArray[np.int16],
    row: int,
    col: int,
    level: int,
    cell: int,
) -> None:
    """Take account of one more cell, whose level is in tenths of a dBm, at a pixel."""
    best = levels[row, col, 0]
    if level > best or (level == best and cell < server[row, col]):
        server[row, col] = cell
    _insert(levels, row, col, level)
    strongest, second, last = levels[row, col, 0], levels[row, col, 1], levels[row, col, _STRONGEST - 1]
    enough = min(int(second), max(int(strongest) - NEAR, int(last) + 1))
    if enough > matters[row, col]:
        matters[row, col] = enough


@njit()  # type: ignore[untyped-decorator]
def merge(ours: Stack, theirs: Stack, pair: int) -> None:
    """Take account of all the cells of a pair of other stacks in the only pair of ours."""
    rows, cols = ours.server.shape[1:]
    for row in range(rows):
        for col in range(cols):
            server, best = theirs.server[pair, row, col], theirs.levels[pair, row, col, 0]
            known = ours.levels[0, row, col, 0]
            if best > known or (best == known and server < ours.server[0, row, col]):
                ours.server[0, row, col] = server
            for place in range(_STRONGEST):
                level = theirs.levels[pair, row, col, place]
                if level <= ours.levels[0, row, col, _STRONGEST - 1]:
                    break
                _insert(ours.levels[0], row, col, level)


@njit()  # type: ignore[untyped-decorator]
def _insert(levels: NDArray[np.int16], row: int, col: int, level: int) -> None:
    """Put one more level in its place among the strongest of a pixel."""
    place = _STRONGEST - 1
    if level <= levels[row, col, place]:
        return
    while place > 0 and levels[row, col, place - 1] < level:
        levels[row, col, place] = levels[row, col, place - 1]
        place -= 1
    levels[row, col, place] = level


@njit()  # type: ignore[untyped-decorator]
def surfaces(
    levels: NDArray[np.int16], blind: NDArray[np.bool_], weak: int
) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.uint8]]:
    """
    Return what people see of the levels of one pair, [rows, columns, _STRONGEST].

    The best level and the second, UNKNOWN where a `blind` pixel hears none, and how many cells are within `OVERLAP_DB`
    of the best, itself among them; 0 where the best is below weak.
    """
    rows, cols = blind.shape
    best, second = np.empty((rows, cols), np.int16), np.empty((rows, cols), np.int16)
    near = np.zeros((rows, cols), np.uint8)
    for row in range(rows):
        for col in range(cols):
            strongest, nothing = levels[row, col, 0], UNKNOWN if blind[row, col] else SILENT
            best[row, col] = nothing if strongest == SILENT else strongest
            second[row, col] = nothing if levels[row, col, 1] == SILENT else levels[row, col, 1]
            if strongest >= weak:
                for place in range(_STRONGEST):
                    near[row, col] += levels[row, col, place] >= strongest - NEAR
    return best, second, near
