"""Antennas: how much weaker than its strongest direction an antenna radiates in another."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError
from coverage.radio._compiled import njit

FRONT_TO_BACK_DB = 25.0
"""Largest attenuation of a sector antenna, A_m. 3GPP TR 36.814, table A.2.1.1-2."""
SIDE_LOBE_DB = 20.0
"""Largest attenuation of its vertical pattern, SLA_v. 3GPP TR 36.814, table A.2.1.1-2."""


@njit
def sector_gain_db(
    azimuth_deg: float,
    elevation_deg: float,
    boresight_deg: float,
    downtilt_deg: float,
    beamwidth_deg: float,
    vertical_beamwidth_deg: float,
) -> float:
    """
    Gain of a 3GPP sector antenna relative to its peak; compiled, to be called in compiled loops.

    Parameters
    ----------
    azimuth_deg
        Direction from the mast, degrees clockwise from north.
    elevation_deg
        Direction above the horizontal, degrees, positive upwards.
    boresight_deg
        Azimuth of the beam, degrees clockwise from north; NaN makes it omnidirectional in azimuth.
    downtilt_deg
        Electrical tilt of the beam (the same at every azimuth), degrees, positive downwards.
    beamwidth_deg
        Horizontal width at half power, degrees; 360 or more makes it omnidirectional in azimuth.
    vertical_beamwidth_deg
        Vertical width at half power, degrees; 360 or more makes it the same at every elevation.

    Returns
    -------
    float
        0 or negative, dB, never below -`FRONT_TO_BACK_DB`; NaN where an angle that it needs is NaN.

    References
    ----------
    3GPP TR 36.814, table A.2.1.1-2: A_H, A_V and their combination.
    """
    loss = 0.0
    if not vertical_beamwidth_deg >= 360.0:  # so that NaN stays NaN
        share = (elevation_deg + downtilt_deg) / vertical_beamwidth_deg
        loss = 12.0 * share * share
        if loss > SIDE_LOBE_DB:
            loss = SIDE_LOBE_DB
    if not (beamwidth_deg >= 360.0 or math.isnan(boresight_deg)):
        away = abs(azimuth_deg - boresight_deg)
        if away > 360.0:
            away = away % 360.0
        if away > 180.0:
            away = 360.0 - away
        share = away / beamwidth_deg
        loss += 12.0 * share * share
    if loss > FRONT_TO_BACK_DB:
        loss = FRONT_TO_BACK_DB
    return -loss


@njit
def _sector_gains_db(
    azimuth_deg: NDArray[np.float64],
    elevation_deg: NDArray[np.float64],
    boresight_deg: float,
    downtilt_deg: float,
    beamwidth_deg: float,
    vertical_beamwidth_deg: float,
) -> NDArray[np.float64]:
    gain_db = np.empty(azimuth_deg.size)
    for i in range(azimuth_deg.size):
        gain_db[i] = sector_gain_db(
            azimuth_deg[i], elevation_deg[i], boresight_deg, downtilt_deg, beamwidth_deg, vertical_beamwidth_deg
        )
    return gain_db


@dataclass(frozen=True)
class Pattern:
    """A measured pattern: losses against the peak along a horizontal and a vertical circle."""

    horizontal: tuple[tuple[float, float], ...]
    """(degrees clockwise from the boresight, loss in dB), at least one, ascending."""
    vertical: tuple[tuple[float, float], ...]
    """(degrees downwards from the horizon ahead, through the nadir at 90, loss in dB), at least one, ascending."""

    def gain_db(self, azimuth_deg: NDArray[np.float64], elevation_deg: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Gain relative to the peak, the two cuts joined by horizontal projection interpolation.

        Parameters
        ----------
        azimuth_deg
            Degrees clockwise from the boresight, any shape.
        elevation_deg
            Degrees above the horizontal, -90 to 90, same shape.

        Returns
        -------
        NDArray[np.float64]
            dB, 0 or negative: where the two cuts contradict each other, no direction beats the peak.

        References
        ----------
        F. Gil et al., "A 3D interpolation method for base-station-antenna radiation patterns", IEEE Antennas and
        Propagation Magazine 43(2), 2001.
        """
        behind = np.abs((azimuth_deg + 180) % 360 - 180) / 180
        ahead_db = _along(self.vertical, -elevation_deg) - _along(self.horizontal, 0)
        behind_db = _along(self.vertical, 180 + elevation_deg) - _along(self.horizontal, 180)
        loss_db = _along(self.horizontal, azimuth_deg) + (1 - behind) * ahead_db + behind * behind_db
        return -np.maximum(loss_db, 0)


def _along(cut: tuple[tuple[float, float], ...], angle_deg: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Interpolate a cut around the circle."""
    angles, losses = np.array(cut).T
    return np.asarray(np.interp(angle_deg, angles, losses, period=360), dtype=np.float64)


@dataclass(frozen=True)
class Antenna:
    """
    An antenna as it hangs on the mast.

    Parameters
    ----------
    boresight_deg
        Azimuth, degrees clockwise from north; NaN for an antenna that points nowhere (omnidirectional).
    beamwidth_deg
        Horizontal width at half power, degrees, above 0; 360 or more is omnidirectional. A pattern overrides it.
    vertical_beamwidth_deg
        Vertical width at half power, degrees, above 0; 360 or more is the same everywhere. A pattern overrides it.
    mechanical_downtilt_deg
        By how much the whole antenna leans forward, degrees, -90 to 90: down ahead, up behind.
    electrical_downtilt_deg
        By how much the beam is bent down at every azimuth, degrees, -90 to 90, beyond what a pattern already holds.
    pattern
        Measured pattern; without one the 3GPP sector.

    Raises
    ------
    ModelRangeError
        A width or tilt out of range, or a mechanical tilt without a direction to lean to.
    """

    boresight_deg: float = math.nan
    beamwidth_deg: float = 360.0
    vertical_beamwidth_deg: float = 360.0
    mechanical_downtilt_deg: float = 0.0
    electrical_downtilt_deg: float = 0.0
    pattern: Pattern | None = None

    def __post_init__(self) -> None:
        for name in ("beamwidth_deg", "vertical_beamwidth_deg"):
            if not getattr(self, name) > 0:
                raise ModelRangeError("antenna", name, getattr(self, name), "above 0 degrees")
        for name in ("mechanical_downtilt_deg", "electrical_downtilt_deg"):
            if not -90 <= getattr(self, name) <= 90:
                raise ModelRangeError("antenna", name, getattr(self, name), "-90 to 90 degrees")
        if math.isnan(self.boresight_deg) and self.mechanical_downtilt_deg != 0:
            raise ModelRangeError(
                "antenna", "boresight_deg", self.boresight_deg, "an azimuth where it leans mechanically"
            )

    def gain_db(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> NDArray[np.float64]:
        """
        Gain relative to the peak in directions from the mast.

        Parameters
        ----------
        azimuth_deg
            Degrees clockwise from north, any shape.
        elevation_deg
            Degrees above the horizontal, -90 to 90, broadcast against `azimuth_deg`.

        Returns
        -------
        NDArray[np.float64]
            dB, 0 or negative; NaN where a direction is.
        """
        boresight_deg = 0.0 if math.isnan(self.boresight_deg) else self.boresight_deg
        azimuth, elevation = np.broadcast_arrays(
            np.asarray(azimuth_deg, dtype=float) - boresight_deg, np.asarray(elevation_deg, dtype=float)
        )
        azimuth, elevation = _lean(azimuth, elevation, self.mechanical_downtilt_deg)
        if self.pattern is not None:
            return self.pattern.gain_db(azimuth, elevation + self.electrical_downtilt_deg)
        gain_db: NDArray[np.float64] = _sector_gains_db(
            azimuth.ravel(),
            elevation.ravel(),
            self.boresight_deg - boresight_deg,
            self.electrical_downtilt_deg,
            self.beamwidth_deg,
            self.vertical_beamwidth_deg,
        )
        return gain_db.reshape(azimuth.shape)


def measured_antenna(pattern: Pattern, *, azimuth_deg: float, tilt_deg: float) -> Antenna:
    """
    Hang an antenna of a measured pattern as a list of sites describes it.

    The tilt of the site is mechanical, for the pattern holds its electrical one; an antenna without a direction to lean
    to, whose azimuth is NaN, is tilted alike all around.
    """
    if math.isnan(azimuth_deg):
        return Antenna(electrical_downtilt_deg=tilt_deg, pattern=pattern)
    return Antenna(azimuth_deg, mechanical_downtilt_deg=tilt_deg, pattern=pattern)


def _lean(
    azimuth_deg: NDArray[np.float64], elevation_deg: NDArray[np.float64], downtilt_deg: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Directions as the antenna sees them when it leans forward: a rotation about its own left-right axis."""
    if downtilt_deg == 0:
        return azimuth_deg, elevation_deg
    azimuth, elevation, tilt = np.radians(azimuth_deg), np.radians(elevation_deg), math.radians(downtilt_deg)
    ahead, aside, up = np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)
    ahead, up = ahead * math.cos(tilt) - up * math.sin(tilt), ahead * math.sin(tilt) + up * math.cos(tilt)
    return np.degrees(np.arctan2(aside, ahead)), np.degrees(np.arcsin(np.clip(up, -1, 1)))
