"""Indoor reception: the variability between places outdoors and the loss on entering a building, taken together."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from coverage.errors import ModelRangeError
from coverage.radio.p2109 import Building, loss_at_deviate_db

_MODEL = "indoor reception"
_DEVIATES = np.linspace(-8.0, 8.0, 641)
"""Nodes over the buildings. For a smooth integrand that vanishes at both ends the trapezoidal rule converges faster
than any power of the step: half of this step changes no loss by 1e-9 dB where `location_sigma_db` is 0.5 dB or more."""
_WEIGHTS = np.exp(-0.5 * _DEVIATES**2) / np.exp(-0.5 * _DEVIATES**2).sum()
_LEAST_SIGMA_DB = 0.5
"""Below, the nodes would show as steps; a spread this small beside the building's changes no loss by 0.1 dB."""
_TABLE_STEP_DB = 0.05


@lru_cache(maxsize=256)
def indoor_loss_db(
    *,
    freq_mhz: float,
    percent: float = 50.0,
    building: Building = "traditional",
    location_sigma_db: float = 5.5,
    elevation_deg: float = 0.0,
) -> float:
    """
    Loss beyond the outdoor median that a share of the places indoors does not exceed.

    The level varies from place to place outdoors, normally in dB, and from room to room by P.2109, which is skewed;
    the two are independent, so that the distribution of their sum is the convolution of both. At the ground floor the
    signal arrives level: `elevation_deg` is 0.

    Parameters
    ----------
    freq_mhz
        80 to 100,000 MHz.
    percent
        Share of places, 0.1 to 99.9 %.
    building
        As `p2109.building_entry_loss_db`.
    location_sigma_db
        Standard deviation between places outdoors, dB, at least 0; below 0.5 dB it is left out.
    elevation_deg
        Angle at which the signal arrives at the facade, -90 to 90 degrees.

    Returns
    -------
    float
        Loss, dB; at small shares it may be negative, as places outdoors may be better than their median.

    Raises
    ------
    ModelRangeError
        A value outside these ranges.

    References
    ----------
    ITU-R P.1812-8, § 4.8 (places outdoors, normal in dB); ITU-R P.2109-2, annex 1, equations (1) to (10). The two are
    taken as independent of each other.

    Examples
    --------
    >>> round(indoor_loss_db(freq_mhz=1800, percent=50), 1)
    15.1
    """
    if not 0.1 <= percent <= 99.9:
        raise ModelRangeError(_MODEL, "percent", percent, "0.1 to 99.9 %")
    entry_db = _entry_db(freq_mhz, building, location_sigma_db, elevation_deg)
    if location_sigma_db < _LEAST_SIGMA_DB:
        deviate = float(ndtri(percent / 100.0))
        return float(loss_at_deviate_db(deviate, freq_mhz=freq_mhz, building=building, elevation_deg=elevation_deg))

    def beyond(loss_db: float) -> float:
        return float(_share(loss_db, entry_db, location_sigma_db)) - percent / 100.0

    around_db = 9.0 * location_sigma_db
    return float(brentq(beyond, entry_db[0] - around_db, entry_db[-1] + around_db, xtol=1e-9))


def indoor_share(
    loss_db: ArrayLike,
    *,
    freq_mhz: float,
    building: Building = "traditional",
    location_sigma_db: float = 5.5,
    elevation_deg: float = 0.0,
) -> NDArray[np.float64]:
    """
    Share of the places indoors whose loss beyond the outdoor median is at most `loss_db`: `indoor_loss_db` inverted.

    Parameters
    ----------
    loss_db
        dB, any shape.
    freq_mhz, building, location_sigma_db, elevation_deg
        As `indoor_loss_db`; a deviation below 0.5 dB counts as 0.5 dB.

    Returns
    -------
    NDArray[np.float64]
        0 to 1; NaN where the loss is.

    Raises
    ------
    ModelRangeError
        As `indoor_loss_db`.
    """
    entry_db = _entry_db(freq_mhz, building, location_sigma_db, elevation_deg)
    sigma_db = max(location_sigma_db, _LEAST_SIGMA_DB)
    # Between the steps of a table the share bends by less than 1e-5; a raster has too many pixels to sum each one.
    table_db = np.arange(entry_db[0] - 9.0 * sigma_db, entry_db[-1] + 9.0 * sigma_db, _TABLE_STEP_DB)
    return np.asarray(
        np.interp(np.asarray(loss_db, dtype=np.float64), table_db, _share(table_db, entry_db, sigma_db)),
        dtype=np.float64,
    )


def _entry_db(
    freq_mhz: float, building: Building, location_sigma_db: float, elevation_deg: float
) -> NDArray[np.float64]:
    """Return the loss of entering at every node."""
    if not 0.0 <= location_sigma_db < math.inf:
        raise ModelRangeError(_MODEL, "location_sigma_db", location_sigma_db, "0 dB or more")
    return loss_at_deviate_db(_DEVIATES, freq_mhz=freq_mhz, building=building, elevation_deg=elevation_deg)


def _share(loss_db: ArrayLike, entry_db: NDArray[np.float64], sigma_db: float) -> NDArray[np.float64]:
    """Return the mean over the buildings of the share of places outdoors that leaves room for the loss of entering."""
    room_db = np.asarray(loss_db, dtype=np.float64)[..., np.newaxis] - entry_db
    return np.asarray(ndtr(room_db / sigma_db) @ _WEIGHTS, dtype=np.float64)
