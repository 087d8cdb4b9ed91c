"""Free space: the loss between two antennas with nothing around them. Recommendation ITU-R P.525-4."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError

_LIGHT_KM_MHZ = 0.299792458
"""Speed of light, km·MHz: wavelength in km = this / frequency in MHz."""


def basic_transmission_loss_db(
    *, freq_mhz: float, distance_km: ArrayLike, tx_height_m: float = 0.0, rx_height_m: float = 0.0
) -> NDArray[np.float64]:
    """
    Free-space basic transmission loss.

    Parameters
    ----------
    freq_mhz
        Frequency, MHz, above 0.
    distance_km
        Distances along the ground, km, any shape.
    tx_height_m, rx_height_m
        Heights above the same level, m; equal heights leave the distance as it is.

    Returns
    -------
    NDArray[np.float64]
        dB, in the shape of `distance_km`; NaN where the antennas are not apart.

    Raises
    ------
    ModelRangeError
        Frequency not above 0, or a height that is not finite.

    References
    ----------
    Recommendation ITU-R P.525-4, section 2.2: 20 log(4 pi d / wavelength), that is 32.4 + 20 log f + 20 log d.

    Examples
    --------
    >>> round(float(basic_transmission_loss_db(freq_mhz=900, distance_km=20)), 2)
    117.55
    """
    if not 0 < freq_mhz < math.inf:
        raise ModelRangeError("free space", "freq_mhz", freq_mhz, "above 0 MHz")
    for name, height_m in (("tx_height_m", tx_height_m), ("rx_height_m", rx_height_m)):
        if not math.isfinite(height_m):
            raise ModelRangeError("free space", name, height_m, "a height in m")
    along_km = np.asarray(distance_km, dtype=float)
    apart_km = np.hypot(np.where(along_km >= 0, along_km, np.nan), (tx_height_m - rx_height_m) / 1000)
    apart_km = np.where((apart_km > 0) & np.isfinite(apart_km), apart_km, np.nan)
    return np.asarray(20 * np.log10(4 * math.pi * apart_km * freq_mhz / _LIGHT_KM_MHZ), dtype=np.float64)
