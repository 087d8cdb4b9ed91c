"""Okumura-Hata: median loss over nearly flat ground, from the surroundings alone. 150 to 1500 MHz."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError

Environment = Literal["open", "suburban", "urban", "large_city"]
ENVIRONMENTS: tuple[Environment, ...] = ("open", "suburban", "urban", "large_city")

TX_HEIGHT_M = (30.0, 200.0)
RX_HEIGHT_M = (1.0, 10.0)
DISTANCE_KM = (1.0, 20.0)
FREQ_MHZ = (150.0, 1500.0)
_LARGE_CITY_SPLIT_MHZ = 300.0
"""Between Hata's two fits for a large city (to 200 MHz, from 400 MHz), which leave the gap to the reader."""


def basic_transmission_loss_db(
    *,
    freq_mhz: float,
    distance_km: ArrayLike,
    tx_height_m: ArrayLike,
    rx_height_m: float,
    environment: Environment = "open",
) -> NDArray[np.float64]:
    """
    Median basic transmission loss of Okumura-Hata.

    Parameters
    ----------
    freq_mhz
        Frequency, 150 to 1500 MHz.
    distance_km
        Distances, any shape, 1 to 20 km.
    tx_height_m
        Effective height of the mast's antenna (above the mean ground 3 to 15 km ahead), 30 to 200 m; one, or an array
        that goes with `distance_km`.
    rx_height_m
        Height of the receiver above ground, 1 to 10 m.
    environment
        `open` country, `suburban`, `urban` (a small or medium city) or `large_city`.

    Returns
    -------
    NDArray[np.float64]
        dB, in the shape of `distance_km`; NaN outside 1 to 20 km, and where one of many heights is out of range.

    Raises
    ------
    ModelRangeError
        Frequency, environment or a single height out of range.

    References
    ----------
    M. Hata, "Empirical formula for propagation loss in land mobile radio services", IEEE Transactions on Vehicular
    Technology 29(3), 1980; the same in 3GPP TR 43.030, annex B.1.

    Examples
    --------
    >>> basic_transmission_loss_db(
    ...     freq_mhz=900, distance_km=[0.5, 1, 10], tx_height_m=30, rx_height_m=1.5, environment="urban"
    ... ).round(1)
    array([  nan, 126.4, 161.6])
    """
    check_range(
        "Okumura-Hata", freq_mhz, FREQ_MHZ, environment, ENVIRONMENTS, tx_height_m=tx_height_m, rx_height_m=rx_height_m
    )
    log_f = math.log10(freq_mhz)
    if environment == "large_city":
        gain_db = large_city_gain_db(freq_mhz, rx_height_m)
    else:
        gain_db = medium_city_gain_db(freq_mhz, rx_height_m)
    loss_db = 69.55 + 26.16 * log_f - gain_db + distance_term_db(distance_km, tx_height_m)
    if environment == "suburban":
        loss_db = loss_db - 2 * math.log10(freq_mhz / 28) ** 2 - 5.4
    elif environment == "open":
        loss_db = loss_db - 4.78 * log_f**2 + 18.33 * log_f - 40.94
    return loss_db


def check_range(
    model: str,
    freq_mhz: float,
    within_mhz: tuple[float, float],
    environment: str,
    environments: Sequence[str],
    *,
    tx_height_m: ArrayLike,
    rx_height_m: float,
) -> None:
    """
    Hold what a model of the Hata family is given to its ranges; many heights of the mast are not looked at.

    Raises
    ------
    ModelRangeError
        The first that is out of range, with the model's name.
    """
    for name, value, (low, high), unit in (
        ("freq_mhz", freq_mhz, within_mhz, "MHz"),
        ("tx_height_m", tx_height_m, TX_HEIGHT_M, "m"),
        ("rx_height_m", rx_height_m, RX_HEIGHT_M, "m"),
    ):
        if np.ndim(value) == 0 and not low <= np.asarray(value) <= high:
            raise ModelRangeError(model, name, value, f"{low:g} to {high:g} {unit}")
    if environment not in environments:
        raise ModelRangeError(model, "environment", environment, "one of " + ", ".join(environments))


def distance_term_db(distance_km: ArrayLike, tx_height_m: ArrayLike) -> NDArray[np.float64]:
    """Return what distance and mast height add, dB; NaN outside the model's 1 to 20 km and 30 to 200 m (Hata 1980)."""
    log_d, log_h = np.log10(_within(distance_km, DISTANCE_KM)), np.log10(_within(tx_height_m, TX_HEIGHT_M))
    return np.asarray(-13.82 * log_h + (44.9 - 6.55 * log_h) * log_d, dtype=np.float64)


def _within(values: ArrayLike, limits: tuple[float, float]) -> NDArray[np.float64]:
    """Keep what lies within limits; NaN for the rest."""
    given = np.asarray(values, dtype=np.float64)
    return np.where((given >= limits[0]) & (given <= limits[1]), given, np.nan)


def medium_city_gain_db(freq_mhz: float, rx_height_m: float) -> float:
    """Return a(h_m), what the receiver's height gains outside large cities, dB (Hata 1980)."""
    log_f = math.log10(freq_mhz)
    return (1.1 * log_f - 0.7) * rx_height_m - (1.56 * log_f - 0.8)


def large_city_gain_db(freq_mhz: float, rx_height_m: float) -> float:
    """Return a(h_m), what the receiver's height gains in a large city, dB (Hata 1980)."""
    if freq_mhz < _LARGE_CITY_SPLIT_MHZ:
        return 8.29 * math.log10(1.54 * rx_height_m) ** 2 - 1.1
    return 3.2 * math.log10(11.75 * rx_height_m) ** 2 - 4.97
