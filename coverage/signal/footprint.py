"""Footprint: the loss around one antenna position at every frequency that it carries, as far as its cells reach."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit
from coverage.radio.antenna import Pattern
from coverage.radio.correction import Correction
from coverage.radio.indoor import indoor_loss_db
from coverage.radio.models import Environment, Model, area_loss_db

TENTHS = 10
"""Losses and levels are whole tenths of a dB, so that what is kept on disk and what was just computed are the same."""
BEYOND = -32768
"""In a footprint: too far, or too weak to matter."""
VOID = -32767
"""In a footprint: not modelled."""
OVERLAP_DB = 6.0
"""Cells this far under the best server still count as servers, so footprints go as far below the weakest class."""


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
    weak_dbm: float
    """Level from which it counts as signal, dBm."""
    pattern: Pattern | None = None
    """In the place of the beam widths."""
    correction: Correction | None = None
    """What measurements add to its levels; never part of a loss."""

    @property
    def most_db(self) -> float:
        """Loss at which it is weak in its strongest direction, where a correction raises it most, dB."""
        raised_db = 0.0 if self.correction is None else max(self.correction.most_db, 0.0)
        return self.power_dbm - self.weak_dbm + raised_db


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


@dataclass(frozen=True)
class Band:
    """A frequency of a mast, and how far its cells reach on it."""

    freq_mhz: float
    radius_m: float
    limit_db: float
    """Loss beyond which even the strongest cell, in its strongest direction, matters to nobody."""


def bands_of(mast: Mast) -> tuple[Band, ...]:
    """Return the frequencies of a mast in ascending order, each to the reach of the cell that reaches farthest."""
    return tuple(
        Band(
            freq,
            max(cell.max_radius_m for cell in mast.cells if cell.freq_mhz == freq),
            max(cell.most_db for cell in mast.cells if cell.freq_mhz == freq) + OVERLAP_DB,
        )
        for freq in sorted({cell.freq_mhz for cell in mast.cells})
    )


def footprint(mast: Mast, ground: Ground, *, propagation: Propagation) -> NDArray[np.int16]:
    """
    Predict the loss around a mast, terrain swept once for all its bands.

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
    NDArray[np.int16]
        [bands, 2n+1, 2n+1] in tenths of dB, in the order of `bands_of`, the mast at [n, n]; `BEYOND` out of reach and
        `VOID` where not modelled.

    Raises
    ------
    CoverageError
        The mast stands outside the terrain or on nodata.
    ModelRangeError
        A frequency or height is out of the model's range.
    """
    bands = bands_of(mast)
    loss_db = loss_around_db(
        ground,
        propagation,
        row=mast.row,
        col=mast.col,
        height_m=mast.height_m,
        freq_mhz=[band.freq_mhz for band in bands],
        radius_m=max(band.radius_m for band in bands),
    )
    reach = np.array([band.radius_m for band in bands]) / ground.cell_m
    return np.asarray(_within_reach(loss_db, reach, np.array([band.limit_db for band in bands])))


@njit()  # type: ignore[untyped-decorator]
def _within_reach(
    loss_db: NDArray[np.float32], reach: NDArray[np.float64], limit_db: NDArray[np.float64]
) -> NDArray[np.int16]:
    """Turn losses into tenths of dB as far as a band reaches; `reach` is in pixels."""
    n = loss_db.shape[1] // 2
    found = np.full(loss_db.shape, BEYOND, np.int16)
    for band in range(len(loss_db)):
        for i in range(2 * n + 1):
            for j in range(2 * n + 1):
                loss = loss_db[band, i, j]
                if (i - n) ** 2 + (j - n) ** 2 > reach[band] * reach[band] or loss > limit_db[band]:
                    continue
                found[band, i, j] = VOID if np.isnan(loss) else math.floor(TENTHS * np.float64(loss) + 0.5)
    return found
