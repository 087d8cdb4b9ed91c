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
NO_CELL = -1
NEAR = round(OVERLAP_DB * TENTHS)
"""Cells no further below the best are servers too."""

_STRONGEST = 8
"""How many levels are kept of a pixel, and so how many servers are told apart; the last stands for all beyond."""
_HALF_UP = 0.5 + 1e-6
"""A half rounds up; and a little more, so that no rounding makes a bound too low."""


class Stack(NamedTuple):
    """What is known of the pixels of a tile, per operator and technology: [rows, columns, pairs]."""

    levels: NDArray[np.int16]
    """[rows, columns, pairs, _STRONGEST] tenths of a dBm of the strongest cells, falling."""
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
    full = (*shape, len(least))
    return Stack(
        np.full((*full, _STRONGEST), SILENT, np.int16),
        np.full(full, NO_CELL, np.int32),
        np.full(full, np.array(least, np.int16)),
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
) -> None:
    """Let every cell of a mast be heard where it reaches; `loss` starts at `top`, `left` of the tile."""
    rows, cols = loss.shape[1:]
    strongest = cells.power.copy()  # that it can be in any direction of the piece, before the loss
    for cell in range(len(strongest)):
        if cells.pattern[cell] < 0:
            away_deg = least_turn_deg(cells.azimuth_deg[cell], top, left, rows, cols, sight)
            tilt_deg, width_deg = cells.tilt_deg[cell], cells.beamwidth_deg[cell]
            strongest[cell] += TENTHS * sector_gain_db(away_deg, -tilt_deg, 0.0, tilt_deg, width_deg, 360.0)
    for i in range(rows):
        matters = stack.matters[top + i]
        for j in range(cols):
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
                    if strongest[cell] - tenths + _HALF_UP < matters[col, pair]:
                        continue
                    if cells.pattern[cell] >= 0:
                        gain_db = float(gains_db[cells.pattern[cell], i, j])
                    else:
                        if not seen:
                            azimuth_deg, elevation_deg = direction(terrain_m[row, col], row, col, sight)
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
                    if level >= matters[col, pair]:
                        _hear(stack, row, col, pair, level, cells.number[cell])


@njit()  # type: ignore[untyped-decorator]
def _hear(stack: Stack, row: int, col: int, pair: int, level: int, cell: int) -> None:
    """Take account of one more cell, whose level is in tenths of a dBm, at a pixel."""
    levels = stack.levels[row, col, pair]
    if level > levels[0] or (level == levels[0] and cell < stack.server[row, col, pair]):
        stack.server[row, col, pair] = cell
    _insert(levels, level)
    enough = min(int(levels[1]), max(int(levels[0]) - NEAR, int(levels[_STRONGEST - 1]) + 1))
    if enough > stack.matters[row, col, pair]:
        stack.matters[row, col, pair] = enough


@njit()  # type: ignore[untyped-decorator]
def merge(ours: Stack, theirs: Stack, pair: int) -> None:
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
def servers_near(levels: NDArray[np.int16], pair: int, weak: int) -> NDArray[np.uint8]:
    """Return how many cells are within `OVERLAP_DB` of the best, itself among them; 0 where the best is below weak."""
    rows, cols = levels.shape[:2]
    found = np.zeros((rows, cols), np.uint8)
    for row in range(rows):
        for col in range(cols):
            best = int(levels[row, col, pair, 0])
            if best >= weak:
                for level in levels[row, col, pair]:
                    found[row, col] += level >= best - NEAR
    return found
