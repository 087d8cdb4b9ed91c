"""From a median level to a probability of coverage, and back to the margin that a probability needs."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from coverage.errors import ModelRangeError
from coverage.radio.indoor import indoor_loss_db, indoor_share
from coverage.radio.p2109 import Building

_MODEL = "link budget"


def total_sigma_db(*, location_sigma_db: float, model_sigma_db: float = 0.0) -> float:
    """
    Standard deviation of a level about its prediction, both causes taken as independent and normal in dB.

    Parameters
    ----------
    location_sigma_db
        Variability between places within a pixel, dB, at least 0.
    model_sigma_db
        Error of the model about the local median, dB, at least 0.

    Returns
    -------
    float
        dB.

    Raises
    ------
    ModelRangeError
        Negative or not finite.
    """
    for name, value in (("location_sigma_db", location_sigma_db), ("model_sigma_db", model_sigma_db)):
        if not 0 <= value < math.inf:
            raise ModelRangeError(_MODEL, name, value, "0 dB or more")
    return math.hypot(location_sigma_db, model_sigma_db)


def margin_db(
    probability_percent: float,
    *,
    location_sigma_db: float,
    model_sigma_db: float = 0.0,
    building: Building | None = None,
    freq_mhz: float = math.nan,
) -> float:
    """
    Level above the threshold that a median prediction outdoors needs for a probability of coverage at that place.

    Parameters
    ----------
    probability_percent
        Probability wanted at the edge of the cell, above 0 and below 100 %; 50 needs no margin.
    location_sigma_db, model_sigma_db
        As `total_sigma_db`.
    building, freq_mhz
        For coverage inside such buildings, 0.1 to 99.9 %, as `indoor.indoor_loss_db`; None is outdoors.

    Returns
    -------
    float
        dB; outdoors negative below 50 %.

    Raises
    ------
    ModelRangeError
        A percentage, deviation or frequency out of range.

    References
    ----------
    ITU-R P.1812-8, 4.8 (log-normal variability between locations); the two deviations added as variances.

    Examples
    --------
    >>> round(margin_db(90, location_sigma_db=5.5), 1)
    7.0
    """
    sigma_db = total_sigma_db(location_sigma_db=location_sigma_db, model_sigma_db=model_sigma_db)
    if building is not None:
        return indoor_loss_db(
            freq_mhz=freq_mhz, percent=probability_percent, building=building, location_sigma_db=sigma_db
        )
    if not 0 < probability_percent < 100:
        raise ModelRangeError(_MODEL, "probability_percent", probability_percent, "above 0 and below 100 %")
    return sigma_db * float(ndtri(probability_percent / 100))


def coverage_probability(
    level_dbm: ArrayLike,
    threshold_dbm: ArrayLike,
    *,
    sigma_db: float,
    building: Building | None = None,
    freq_mhz: float = math.nan,
) -> NDArray[np.float64]:
    """
    Probability that a place has at least the threshold, where the prediction is the median outdoors.

    Parameters
    ----------
    level_dbm
        Predicted median level, dBm; any shape, NaN where not modelled.
    threshold_dbm
        Level needed, dBm; broadcast against `level_dbm`.
    sigma_db
        Standard deviation, dB, at least 0 (`total_sigma_db`); outdoors 0 makes it a plain comparison.
    building, freq_mhz
        For places inside such buildings, as `indoor.indoor_share`; None is outdoors.

    Returns
    -------
    NDArray[np.float64]
        0 to 1; NaN where the level or the threshold is.

    Raises
    ------
    ModelRangeError
        Deviation negative or not finite; frequency out of range.

    Examples
    --------
    >>> coverage_probability([-115, -109.5, -120.5], -115, sigma_db=5.5).round(2)
    array([0.5 , 0.84, 0.16])
    """
    sigma_db = total_sigma_db(location_sigma_db=sigma_db)
    excess_db = np.asarray(level_dbm, dtype=float) - np.asarray(threshold_dbm, dtype=float)
    if building is not None:
        return indoor_share(excess_db, freq_mhz=freq_mhz, building=building, location_sigma_db=sigma_db)
    if sigma_db == 0:
        return np.where(np.isnan(excess_db), np.nan, (excess_db >= 0).astype(float))
    return np.asarray(ndtr(excess_db / sigma_db), dtype=float)
