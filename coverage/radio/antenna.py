"""Antennas: how much weaker than its strongest direction an antenna radiates in another."""

import math

from coverage.radio._numba import njit

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
