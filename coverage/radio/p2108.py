"""Clutter around a terminal: what houses and trees beside an antenna cost. Recommendation ITU-R P.2108-1, section 3."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError

Category = Literal["water", "open", "suburban", "urban", "trees", "dense_urban"]

CLUTTER_HEIGHT_M: Mapping[Category, float] = MappingProxyType(
    {"water": 10.0, "open": 10.0, "suburban": 10.0, "urban": 15.0, "trees": 15.0, "dense_urban": 20.0}
)
"""Representative height R where no local one is known. P.2108-1, table 3."""
STREET_WIDTH_M = 27.0
"""Width of streets w_s where no local one is known. P.2108-1, section 3.1."""

_HEIGHT_GAIN, _TERRESTRIAL, _SLANT = ("P.2108 height gain", "P.2108 terrestrial", "P.2108 Earth-space and aeronautical")


def height_gain_correction_db(
    *,
    freq_mhz: float,
    antenna_height_m: float,
    category: Category,
    clutter_height_m: ArrayLike | None = None,
    street_width_m: float = STREET_WIDTH_M,
) -> NDArray[np.float64]:
    """
    Median loss due to the surroundings of a terminal, to be added to a loss computed down to the top of the clutter.

    Parameters
    ----------
    freq_mhz
        Frequency, 30 to 3000 MHz.
    antenna_height_m
        Antenna above ground, m, above 0.
    category
        Kind of clutter.
    clutter_height_m
        Representative heights R, m, any shape; the category's own where None.
    street_width_m
        Width of streets, m, above 0.

    Returns
    -------
    NDArray[np.float64]
        dB, in the shape of `clutter_height_m`; 0 where the antenna stands above the clutter, NaN where a height is not
        above 0.

    Raises
    ------
    ModelRangeError
        Frequency, antenna height, street width or category out of range.

    References
    ----------
    Recommendation ITU-R P.2108-1, section 3.1, equations (2a) to (2g).

    Examples
    --------
    >>> float(height_gain_correction_db(freq_mhz=900, antenna_height_m=1.5, category="trees").round(1))
    22.6
    """
    if not 30 <= freq_mhz <= 3000:
        raise ModelRangeError(_HEIGHT_GAIN, "freq_mhz", freq_mhz, "30 to 3000 MHz")
    if category not in CLUTTER_HEIGHT_M:
        raise ModelRangeError(_HEIGHT_GAIN, "category", category, "one of " + ", ".join(CLUTTER_HEIGHT_M))
    for name, value in (("antenna_height_m", antenna_height_m), ("street_width_m", street_width_m)):
        if not 0 < value < math.inf:
            raise ModelRangeError(_HEIGHT_GAIN, name, value, "above 0 m")
    height_m = np.asarray(CLUTTER_HEIGHT_M[category] if clutter_height_m is None else clutter_height_m, dtype=float)
    height_m = np.where(height_m > 0, height_m, np.nan)
    freq_ghz = freq_mhz / 1000
    if category in ("water", "open"):
        loss_db = -(21.8 + 6.2 * math.log10(freq_ghz)) * np.log10(antenna_height_m / height_m)
    else:
        below_m = np.maximum(height_m - antenna_height_m, 0)
        nu = 0.342 * math.sqrt(freq_ghz) * np.sqrt(below_m * np.degrees(np.arctan(below_m / street_width_m)))
        # nu is never negative here, so the branch of J below -0.78 is never needed.
        loss_db = 6.9 + 20 * np.log10(np.sqrt((nu - 0.1) ** 2 + 1) + nu - 0.1) - 6.03
    return np.where(antenna_height_m >= height_m, 0.0, loss_db)


def terrestrial_clutter_loss_db(
    *, freq_mhz: float, distance_km: ArrayLike, location_percent: float = 50.0
) -> NDArray[np.float64]:
    """
    Loss at one end of a path that lies in urban or suburban clutter.

    Parameters
    ----------
    freq_mhz
        Frequency, 500 to 67 000 MHz.
    distance_km
        Length of the path, km, any shape, at least 0.25 (1 to correct both ends).
    location_percent
        Share of places where the loss is not exceeded, above 0 and below 100 %.

    Returns
    -------
    NDArray[np.float64]
        dB, in the shape of `distance_km`; NaN below 0.25 km.

    Raises
    ------
    ModelRangeError
        Frequency or percentage out of range.

    References
    ----------
    Recommendation ITU-R P.2108-1, section 3.2, equations (3) to (6).
    """
    if not 500 <= freq_mhz <= 67_000:
        raise ModelRangeError(_TERRESTRIAL, "freq_mhz", freq_mhz, "500 to 67000 MHz")
    quantile = _quantile(_TERRESTRIAL, location_percent)
    log_f = math.log10(freq_mhz / 1000)
    long_power = (10 ** (-5 * log_f - 12.5) + 10**-16.5) ** 0.4

    def loss_db(length_km: NDArray[np.float64]) -> NDArray[np.float64]:
        short_power = 10 ** (-0.2 * (32.98 + 23.9 * np.log10(length_km) + 3.0 * log_f))
        total_power = long_power + short_power
        sigma_db = np.sqrt((4.0**2 * long_power + 6.0**2 * short_power) / total_power)
        return np.asarray(-5 * np.log10(total_power) + sigma_db * quantile, dtype=np.float64)

    distance = np.asarray(distance_km, dtype=float)
    distance = np.where(distance >= 0.25, distance, np.nan)
    return np.minimum(loss_db(distance), loss_db(np.array(2.0)))  # equation (6): never more than at 2 km


def slant_clutter_loss_db(
    *, freq_mhz: float, elevation_deg: ArrayLike, location_percent: float = 50.0
) -> NDArray[np.float64]:
    """
    Loss of a path from within clutter to a satellite, an aircraft or another platform above it.

    Parameters
    ----------
    freq_mhz
        Frequency, 10 000 to 100 000 MHz.
    elevation_deg
        Elevation of the platform as seen from the ground, degrees, any shape, 0 to 90.
    location_percent
        Share of places where the loss is not exceeded, above 0 and below 100 %.

    Returns
    -------
    NDArray[np.float64]
        dB, in the shape of `elevation_deg`; NaN outside 0 to 90 degrees.

    Raises
    ------
    ModelRangeError
        Frequency or percentage out of range.

    References
    ----------
    Recommendation ITU-R P.2108-1, section 3.3, equation (7).
    """
    if not 10_000 <= freq_mhz <= 100_000:
        raise ModelRangeError(_SLANT, "freq_mhz", freq_mhz, "10000 to 100000 MHz")
    quantile = _quantile(_SLANT, location_percent)
    angle = np.asarray(elevation_deg, dtype=float)
    angle = np.where((angle >= 0) & (angle <= 90), angle, np.nan)
    strength = -93 * (freq_mhz / 1000) ** 0.175 * math.log(1 - location_percent / 100)
    cotangent = 1 / np.tan(0.05 * (1 - angle / 90) + np.radians(angle))
    return np.asarray((strength * cotangent) ** (0.5 * (90 - angle) / 90) - 1 + 0.6 * quantile, dtype=np.float64)


def _quantile(model: str, location_percent: float) -> float:
    """Standard normal deviate that a share of places stays below."""
    if not 0 < location_percent < 100:
        raise ModelRangeError(model, "location_percent", location_percent, "above 0 and below 100 %")
    from scipy.special import ndtri  # takes long to load, and who asks for the heights of clutter needs none of it

    return float(ndtri(location_percent / 100))
