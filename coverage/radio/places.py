"""How many of the places within a pixel have a level, when one share of them is known to."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from coverage.errors import ModelRangeError
from coverage.radio.indoor import indoor_loss_db, indoor_share
from coverage.radio.p2109 import Building

_MODEL = "places within a pixel"


def share_of_places(
    margin_db: ArrayLike,
    *,
    percent: float = 50.0,
    location_sigma_db: float = 5.5,
    building: Building | None = None,
    freq_mhz: float = 900.0,
) -> NDArray[np.float64]:
    """
    Share of the places within a pixel whose level is at least a threshold.

    Parameters
    ----------
    margin_db
        The level that `percent` of the places have, above the threshold; dB, any shape. -inf where there is none.
    percent
        Share of places the level is of, 1 to 99 %.
    location_sigma_db
        Standard deviation between places outdoors, dB, at least 0; 0 where all are alike.
    building
        Kind of building that the places are in; None outdoors.
    freq_mhz
        Carrier, 80 to 100,000 MHz; only for places in buildings.

    Returns
    -------
    NDArray[np.float64]
        0 to 1; NaN where the margin is.

    Raises
    ------
    ModelRangeError
        A value outside these ranges.

    References
    ----------
    ITU-R P.1812-8, § 4.8: levels between places are normal in dB; indoors as `indoor.indoor_share`.
    """
    if not 1.0 <= percent <= 99.0:
        raise ModelRangeError(_MODEL, "percent", percent, "1 to 99 %")
    if not location_sigma_db >= 0.0:
        raise ModelRangeError(_MODEL, "location_sigma_db", location_sigma_db, "0 dB or more")
    margin = np.asarray(margin_db, dtype=np.float64)
    if building is not None:
        places = {"freq_mhz": freq_mhz, "building": building, "location_sigma_db": location_sigma_db}
        return indoor_share(margin + indoor_loss_db(percent=percent, **places), **places)  # type: ignore[arg-type]
    if location_sigma_db == 0.0:
        return np.where(np.isnan(margin), np.nan, (margin >= 0.0).astype(np.float64))
    return np.asarray(ndtr(margin / location_sigma_db + ndtri(percent / 100.0)), dtype=np.float64)
