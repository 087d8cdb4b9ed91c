"""Footprint: the received level around one antenna position, of every operator and technology that it carries."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit
from coverage.radio.antenna import Antenna, Pattern, sector_gain_db
from coverage.radio.indoor import indoor_loss_db
from coverage.radio.models import Environment, Model, area_loss_db

_EARTH_RADIUS_M = 6_371_000.0
_REFERENCE_LAPSE = 157.0  # N-units/km at which rays curve with the Earth; P.1812-8 equation (1)


@dataclass(frozen=True)
class Cell:
    """One cell: who sends what, how strongly, and where to."""

    index: int
    """Row of the cell in the layer; names the server."""
    operator: str
    technology: str
    freq_mhz: float
    power_dbm: float
    """EIRP of what a phone measures (resource element, pilot or carrier), dBm."""
    azimuth_deg: float
    """NaN for an omnidirectional antenna."""
    tilt_deg: float
    beamwidth_deg: float
    vertical_beamwidth_deg: float
    max_radius_m: float
    pattern: Pattern | None = None
    """In the place of the beam widths."""


@dataclass(frozen=True)
class Mast:
    """Cells at one height over one pixel: all that one sweep of the terrain serves."""

    row: int
    col: int
    height_m: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Propagation:
    """What the loss depends on beside the ground; see `Study.radio`."""

    model: Model
    environment: Environment
    rx_height_m: float
    time_percent: float
    location_percent: float
    location_sigma_db: float
    delta_n: float
    n0: float
    latitude_deg: float
    building: Literal["none", "traditional", "thermally_efficient"] = "none"
    """Where the receiver is: outdoors, or at the ground floor of such a building."""

    def spread_db(self, freq_mhz: float) -> float:
        """
        Loss beyond the outdoor median, indoors and for the share of places asked for, dB; 0 outdoors.

        Outdoors the model itself adds what the share of places costs. Indoors a small share would lift the level above
        that in the open without obstacles, which P.1812-8, equation (69), does not allow: no less than 0.
        """
        if self.building == "none":
            return 0.0
        loss_db = indoor_loss_db(
            freq_mhz=freq_mhz,
            percent=self.location_percent,
            building=self.building,
            location_sigma_db=self.location_sigma_db,
        )
        return max(loss_db, 0.0)


@dataclass(frozen=True)
class Footprint:
    """
    Levels of the cells of one operator and technology at a mast.

    `level_dbm` and `server` are [2n+1, 2n+1] around the mast's pixel: the strongest cell's level, NaN where not
    modelled or out of reach, and its index, -1 there. `void` is True where a pixel in reach has no modelled level.
    """

    operator: str
    technology: str
    level_dbm: NDArray[np.float32]
    server: NDArray[np.int32]
    void: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ground:
    """What the loss is predicted over."""

    terrain_m: NDArray[np.float32]
    """[rows, cols] heights above sea level, m; NaN where there is none."""
    cell_m: float
    """Side of a pixel."""
    cover_m: NDArray[np.float32] | None = None
    """[rows, cols] heights of trees and houses above it, m; None where nothing is known of them."""


def loss_around_db(
    ground: Ground,
    propagation: Propagation,
    *,
    row: int,
    col: int,
    height_m: float,
    freq_mhz: Sequence[float],
    radius_m: float,
) -> NDArray[np.float32]:
    """
    Predict the loss around an antenna by the model of the study, up to the receiver outdoors or indoors.

    Parameters
    ----------
    ground, propagation
        What it is predicted over, and how.
    row, col, height_m
        Pixel that the antenna stands on, and its height above ground, m.
    freq_mhz, radius_m
        Frequencies, MHz, and how far to go, m.

    Returns
    -------
    NDArray[np.float32]
        As `radio.models.area_loss_db`, which says what it raises: [frequencies, 2n+1, 2n+1], dB.
    """
    outdoors = propagation.building == "none"
    loss_db = area_loss_db(
        propagation.model,
        ground.terrain_m,
        cell_m=ground.cell_m,
        tx_row=row,
        tx_col=col,
        tx_height_m=height_m,
        rx_height_m=propagation.rx_height_m,
        freq_mhz=freq_mhz,
        radius_m=radius_m,
        cover_m=ground.cover_m,
        time_percent=propagation.time_percent,
        location_percent=propagation.location_percent if outdoors else 50.0,
        location_sigma_db=propagation.location_sigma_db,
        delta_n=propagation.delta_n,
        n0=propagation.n0,
        latitude_deg=propagation.latitude_deg,
        environment=propagation.environment,
    )
    if not outdoors:
        loss_db += np.array([propagation.spread_db(freq) for freq in freq_mhz], np.float32)[:, np.newaxis, np.newaxis]
    return loss_db


def footprints(mast: Mast, ground: Ground, *, propagation: Propagation) -> Sequence[Footprint]:
    """
    Predict the level around a mast, terrain swept once for all its bands.

    Parameters
    ----------
    mast
        Position as a pixel of the ground, and its cells.
    ground
        Terrain, and what stands on it.
    propagation
        The propagation model, its receiver and statistics.

    Returns
    -------
    sequence of Footprint
        One per operator and technology, in order of their names.

    Raises
    ------
    CoverageError
        The mast stands outside the terrain or on nodata.
    ModelRangeError
        A frequency or height is out of the model's range.
    """
    freqs = sorted({cell.freq_mhz for cell in mast.cells})
    loss = loss_around_db(
        ground,
        propagation,
        row=mast.row,
        col=mast.col,
        height_m=mast.height_m,
        freq_mhz=freqs,
        radius_m=max(cell.max_radius_m for cell in mast.cells),
    )
    earth_radius_m = _EARTH_RADIUS_M * _REFERENCE_LAPSE / (_REFERENCE_LAPSE - propagation.delta_n)
    azimuth_deg, elevation_deg = _directions(
        ground.terrain_m,
        mast.row,
        mast.col,
        loss.shape[1] // 2,
        ground.cell_m,
        mast.height_m,
        propagation.rx_height_m,
        earth_radius_m,
    )
    found = []
    for operator, technology in sorted({(cell.operator, cell.technology) for cell in mast.cells}):
        level = np.full(loss.shape[1:], np.nan, dtype=np.float32)
        server = np.full(loss.shape[1:], -1, dtype=np.int32)
        void = np.zeros(loss.shape[1:], dtype=np.bool_)
        for cell in mast.cells:
            if (cell.operator, cell.technology) == (operator, technology):
                loss_db = loss[freqs.index(cell.freq_mhz)]
                if cell.pattern is not None:
                    loss_db = loss_db - _pattern_gain_db(cell, azimuth_deg, elevation_deg)
                    cell = replace(cell, pattern=None, azimuth_deg=math.nan, vertical_beamwidth_deg=360.0)
                _add_cell(
                    level, server, void, loss_db, azimuth_deg, elevation_deg,
                    cell.index, cell.power_dbm, cell.azimuth_deg, cell.tilt_deg, cell.beamwidth_deg,
                    cell.vertical_beamwidth_deg, cell.max_radius_m / ground.cell_m,
                )  # fmt: skip
        found.append(Footprint(operator, technology, level, server, void))
    return found


def _pattern_gain_db(
    cell: Cell, azimuth_deg: NDArray[np.float32], elevation_deg: NDArray[np.float32]
) -> NDArray[np.float32]:
    """
    Gain of a measured pattern relative to its peak towards every pixel, dB.

    The tilt of the site is mechanical, for the pattern holds its electrical one; an antenna without a direction to lean
    to is tilted alike all around.
    """
    if math.isnan(cell.azimuth_deg):
        antenna = Antenna(electrical_downtilt_deg=cell.tilt_deg, pattern=cell.pattern)
    else:
        antenna = Antenna(cell.azimuth_deg, mechanical_downtilt_deg=cell.tilt_deg, pattern=cell.pattern)
    return antenna.gain_db(azimuth_deg, elevation_deg).astype(np.float32)


@njit()  # type: ignore[untyped-decorator]
def _directions(
    terrain_m: NDArray[np.float32],
    row: int,
    col: int,
    n: int,
    cell_m: float,
    tx_height_m: float,
    rx_height_m: float,
    earth_radius_m: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return azimuth and elevation, degrees, of every pixel of a window as seen from the antenna."""
    rows, cols = terrain_m.shape
    azimuth = np.zeros((2 * n + 1, 2 * n + 1), dtype=np.float32)
    elevation = np.zeros((2 * n + 1, 2 * n + 1), dtype=np.float32)
    antenna_m = terrain_m[row, col] + tx_height_m
    for i in range(max(0, n - row), min(2 * n + 1, rows - row + n)):
        for j in range(max(0, n - col), min(2 * n + 1, cols - col + n)):
            east, north = (j - n) * cell_m, (n - i) * cell_m
            distance = np.sqrt(east * east + north * north)
            rise = terrain_m[row + i - n, col + j - n] + rx_height_m - antenna_m - distance**2 / (2 * earth_radius_m)
            azimuth[i, j] = np.degrees(np.arctan2(east, north))
            elevation[i, j] = np.degrees(np.arctan2(rise, distance))
    return azimuth, elevation


@njit()  # type: ignore[untyped-decorator]
def _add_cell(
    level: NDArray[np.float32],
    server: NDArray[np.int32],
    void: NDArray[np.bool_],
    loss: NDArray[np.float32],
    azimuth_deg: NDArray[np.float32],
    elevation_deg: NDArray[np.float32],
    index: int,
    power_dbm: float,
    boresight_deg: float,
    tilt_deg: float,
    beamwidth_deg: float,
    vertical_beamwidth_deg: float,
    reach: float,
) -> None:
    """Keep a cell's level wherever it is the strongest so far; `reach` is in pixels."""
    n = loss.shape[0] // 2
    for i in range(2 * n + 1):
        for j in range(2 * n + 1):
            if (i - n) ** 2 + (j - n) ** 2 > reach * reach:
                continue
            if np.isnan(loss[i, j]):
                void[i, j] = True
                continue
            if power_dbm - loss[i, j] <= level[i, j]:  # even on the antenna's axis it would not win
                continue
            gain = sector_gain_db(
                azimuth_deg[i, j], elevation_deg[i, j], boresight_deg, tilt_deg, beamwidth_deg, vertical_beamwidth_deg
            )
            received = np.float32(power_dbm + gain - loss[i, j])
            if np.isnan(level[i, j]) or received > level[i, j]:
                level[i, j] = received
                server[i, j] = index
