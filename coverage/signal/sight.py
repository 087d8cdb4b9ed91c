"""Sight: a mast as the pixels around it see it, and how strongly its antennas send towards them."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit
from coverage.radio.antenna import measured_antenna
from coverage.signal.footprint import Cell, Propagation

_EARTH_RADIUS_M = 6_371_000.0
_REFERENCE_LAPSE = 157.0  # N-units/km at which rays curve with the Earth; P.1812-8 equation (1)

Window = tuple[int, int, int, int]
"""Top, left, rows, columns of some pixels."""


class Sight(NamedTuple):
    """A mast as pixels see it."""

    row: int
    col: int
    antenna_m: float
    """Above sea level, less the height of the receiver above its own ground."""
    cell_m: float
    earth_radius_m: float


def sight_of(row: int, col: int, antenna_m: float, cell_m: float, propagation: Propagation) -> Sight:
    """Return how an antenna this high above sea level is seen from the pixels around."""
    return Sight(
        row,
        col,
        antenna_m - propagation.rx_height_m,
        cell_m,
        _EARTH_RADIUS_M * _REFERENCE_LAPSE / (_REFERENCE_LAPSE - propagation.delta_n),
    )


@njit()  # type: ignore[untyped-decorator]
def least_turn_deg(azimuth_deg: float, top: int, left: int, rows: int, cols: int, sight: Sight) -> float:
    """
    Return the angle between a direction and the nearest pixel of a window, degrees.

    0 for a window around the mast, and for an antenna without a direction.
    """
    last_row, last_col = top + rows - 1, left + cols - 1
    around = top <= sight.row <= last_row and left <= sight.col <= last_col
    if around or math.isnan(azimuth_deg):
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
def _bearing_deg(row: float, col: float, sight: Sight) -> float:
    """Return the azimuth of a place, in pixels, as seen from an antenna."""
    return math.degrees(math.atan2(col - sight.col, sight.row - row))


def pattern_gain_db(
    cell: Cell, azimuth_deg: NDArray[np.float64], elevation_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Gain of a measured pattern, which the cell must have, relative to its peak towards every pixel, dB."""
    if cell.pattern is None:
        raise ValueError("a cell without a measured pattern")
    antenna = measured_antenna(cell.pattern, azimuth_deg=cell.azimuth_deg, tilt_deg=cell.tilt_deg)
    return antenna.gain_db(azimuth_deg, elevation_deg)


@njit()  # type: ignore[untyped-decorator]
def direction(ground_m: float, i: int, j: int, sight: Sight) -> tuple[float, float]:
    """Return azimuth and elevation, degrees, of a pixel as seen from an antenna."""
    distance = sight.cell_m * math.sqrt(float((i - sight.row) ** 2 + (j - sight.col) ** 2))
    rise = ground_m - sight.antenna_m - distance * distance / (2.0 * sight.earth_radius_m)
    return _bearing_deg(i, j, sight), math.degrees(math.atan2(rise, distance))


@njit()  # type: ignore[untyped-decorator]
def directions(
    terrain_m: NDArray[np.float32], window: Window, sight: Sight
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return azimuth and elevation, degrees, of the pixels of a window of a tile."""
    top, left, rows, cols = window
    azimuth, elevation = np.empty((rows, cols)), np.empty((rows, cols))
    for i in range(rows):
        for j in range(cols):
            azimuth[i, j], elevation[i, j] = direction(terrain_m[top + i, left + j], top + i, left + j, sight)
    return azimuth, elevation
