"""COST 231-Hata: Hata's model carried on to 2000 MHz, for the surroundings of towns."""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.radio.hata import check_range, distance_term_db, medium_city_gain_db

Environment = Literal["suburban", "urban", "metropolitan"]
ENVIRONMENTS: tuple[Environment, ...] = ("suburban", "urban", "metropolitan")

FREQ_MHZ = (1500.0, 2000.0)
_METROPOLITAN_DB = 3.0
"""C_m of metropolitan centres; it is 0 dB in medium cities and in suburban centres with some trees."""


def basic_transmission_loss_db(
    *,
    freq_mhz: float,
    distance_km: ArrayLike,
    tx_height_m: ArrayLike,
    rx_height_m: float,
    environment: Environment = "suburban",
) -> NDArray[np.float64]:
    """
    Median basic transmission loss of COST 231-Hata.

    Parameters
    ----------
    freq_mhz
        Frequency, 1500 to 2000 MHz.
    distance_km
        Distances, any shape, 1 to 20 km.
    tx_height_m
        Effective height of the mast's antenna, 30 to 200 m, above the roofs around it; one, or an array that goes with
        `distance_km`.
    rx_height_m
        Height of the receiver above ground, 1 to 10 m.
    environment
        `suburban` or `urban` (the same in this model) or `metropolitan`; it has no open country.

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
    COST Action 231, "Digital mobile radio towards future generation systems", final report, 1999, equation 4.4.3.

    Examples
    --------
    >>> basic_transmission_loss_db(freq_mhz=1800, distance_km=[1, 5], tx_height_m=30, rx_height_m=1.5).round(1)
    array([136.2, 160.8])
    """
    check_range(
        "COST 231-Hata", freq_mhz, FREQ_MHZ, environment, ENVIRONMENTS, tx_height_m=tx_height_m, rx_height_m=rx_height_m
    )
    loss_db = 46.3 + 33.9 * math.log10(freq_mhz) - medium_city_gain_db(freq_mhz, rx_height_m)
    return (
        loss_db
        + distance_term_db(distance_km, tx_height_m)
        + (_METROPOLITAN_DB if environment == "metropolitan" else 0)
    )
