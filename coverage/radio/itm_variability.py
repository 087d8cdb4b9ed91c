"""Longley-Rice: how losses spread over time, places and situations, by climate."""

import math

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit
from coverage.radio.itm_attenuation import roughness_m
from coverage.radio.itm_profile import Pair

CLIMATES = (
    "equatorial",
    "continental_subtropical",
    "maritime_subtropical",
    "desert",
    "continental_temperate",
    "maritime_temperate_land",
    "maritime_temperate_sea",
)
MODES = ("single_message", "accidental", "mobile", "broadcast")
SINGLE_MESSAGE, ACCIDENTAL, MOBILE, BROADCAST = range(4)

# One column per climate; Hufford, the algorithm, section 5 (curves of NBS Technical Note 101, figure 10.13).
# A curve is c1 (dB), c2 (dB), x1, x2, x3 (m).
_MEDIAN = np.array([
    [-9.67, -0.62, 1.26, -9.21, -0.62, -0.39, 3.15],
    [12.7, 9.19, 15.5, 9.05, 9.19, 2.86, 857.9],
    [144.9e3, 228.9e3, 262.6e3, 84.1e3, 228.9e3, 141.7e3, 2222e3],
    [190.3e3, 205.2e3, 185.2e3, 101.1e3, 205.2e3, 315.9e3, 164.8e3],
    [133.8e3, 143.6e3, 99.8e3, 98.6e3, 143.6e3, 167.4e3, 116.3e3],
])  # fmt: skip
_SIGMA_BELOW = np.array([
    [2.13, 2.66, 6.11, 1.98, 2.68, 6.86, 8.51],
    [159.5, 7.67, 6.65, 13.11, 7.16, 10.38, 169.8],
    [762.2e3, 100.4e3, 138.2e3, 139.1e3, 93.7e3, 187.8e3, 609.8e3],
    [123.6e3, 172.5e3, 242.2e3, 132.7e3, 186.8e3, 169.6e3, 119.9e3],
    [94.5e3, 136.4e3, 178.6e3, 193.5e3, 133.5e3, 108.9e3, 106.6e3],
])  # fmt: skip
_SIGMA_ABOVE = np.array([
    [2.11, 6.87, 10.08, 3.68, 4.75, 8.58, 8.43],
    [102.3, 15.53, 9.60, 159.3, 8.12, 13.97, 8.19],
    [636.9e3, 138.7e3, 165.3e3, 464.4e3, 93.2e3, 216.0e3, 136.2e3],
    [134.8e3, 143.7e3, 225.7e3, 93.1e3, 135.9e3, 152.0e3, 188.5e3],
    [95.6e3, 98.6e3, 129.7e3, 94.2e3, 113.4e3, 122.7e3, 122.9e3],
])  # fmt: skip
# Gain of the deviations with frequency: b1, b2, b3.
_GAIN_BELOW = np.array([
    [1.0, 1.0, 1.0, 1.0, 0.92, 1.0, 1.0],
    [0.0, 0.0, 0.0, 0.0, 0.25, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 1.77, 0.0, 0.0],
])  # fmt: skip
_GAIN_ABOVE = np.array([
    [1.0, 0.93, 1.0, 0.93, 0.93, 1.0, 1.0],
    [0.0, 0.31, 0.0, 0.19, 0.31, 0.0, 0.0],
    [0.0, 2.00, 0.0, 1.79, 2.00, 0.0, 0.0],
])  # fmt: skip
# Ducting tail of the time distribution: C_D and z_D, table 5.1.
_DUCTING = np.array([
    [1.224, 0.801, 1.380, 1.000, 1.224, 1.518, 1.518],
    [1.282, 2.161, 1.282, 20.0, 1.282, 1.282, 1.282],
])  # fmt: skip


@njit
def _curve(table: NDArray[np.float64], climate: int, distance_m: float) -> float:
    """Value of a climate's curve at an effective distance. Hufford, the algorithm, equations (5.5) and (5.7)."""
    far = (distance_m / table[2, climate]) ** 2
    peak = 1.0 + ((distance_m - table[3, climate]) / table[4, climate]) ** 2
    return float((table[0, climate] + table[1, climate] / peak) * far / (1.0 + far))


@njit
def _frequency_gain(table: NDArray[np.float64], climate: int, freq_mhz: float) -> float:
    """How a time deviation grows or shrinks with frequency. Hufford, the algorithm, equation (5.8)."""
    width = table[2, climate] * math.log(0.133 * freq_mhz / 47.7)
    return float(table[0, climate] + table[1, climate] / (width**2 + 1.0))


@njit
def exceeded_deviate(share: float) -> float:
    """
    Standard normal deviate exceeded in a share of cases, by the approximation that is part of the algorithm.

    Parameters
    ----------
    share
        Above 0 and below 1.

    Returns
    -------
    float
        Deviate, to 4.5e-4.

    References
    ----------
    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
    """
    t = math.sqrt(-2.0 * math.log(min(share, 1.0 - share)))
    z = t - ((0.010328 * t + 0.802853) * t + 2.515516) / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0)
    return -z if share > 0.5 else z


@njit
def attenuation_not_exceeded_db(
    reference_db: float,
    distance_m: float,
    freq_mhz: float,
    effective_m: Pair,
    delta_h_m: float,
    climate: int,
    mode: int,
    with_location: bool,
    with_situation: bool,
    time: float,
    location: float,
    situation: float,
) -> float:
    """
    Attenuation relative to free space at chosen shares of time, places and situations.

    Parameters
    ----------
    reference_db
        Median attenuation, dB.
    distance_m, freq_mhz, effective_m, delta_h_m
        As `reference_attenuation_db`.
    climate, mode
        Position in `CLIMATES`, `MODES`.
    with_location, with_situation
        Whether places vary, and situations directly.
    time, location, situation
        Shares in which the attenuation is not exceeded, above 0 and below 1.

    Returns
    -------
    float
        dB, negative where the field exceeds that of free space.

    References
    ----------
    Hufford, the algorithm, section 5.
    """
    deviate_time = exceeded_deviate(time)
    deviate_place = exceeded_deviate(location)
    deviate_situation = exceeded_deviate(situation)
    if mode == SINGLE_MESSAGE:
        deviate_time = deviate_situation
        deviate_place = deviate_situation
    elif mode == ACCIDENTAL:
        deviate_place = deviate_situation
    elif mode == MOBILE:
        deviate_place = deviate_time

    wave = freq_mhz / 47.7
    edge_m = math.sqrt(2.0 * 9000e3 * effective_m[0]) + math.sqrt(2.0 * 9000e3 * effective_m[1])
    edge_m += (575.7e12 / wave) ** (1.0 / 3.0)  # equation (5.3)
    effective_distance_m = 130e3 * distance_m / edge_m if distance_m < edge_m else 130e3 + distance_m - edge_m

    sigma_situation = 5.0 + 3.0 * math.exp(-effective_distance_m / 100e3) if with_situation else 0.0  # (5.10)
    rough = wave * roughness_m(distance_m, delta_h_m)
    sigma_place = 10.0 * rough / (rough + 13.0) if with_location else 0.0  # (5.9)
    above = _curve(_SIGMA_ABOVE, climate, effective_distance_m) * _frequency_gain(_GAIN_ABOVE, climate, freq_mhz)
    if deviate_time < 0.0:
        sigma_time = _curve(_SIGMA_BELOW, climate, effective_distance_m)
        sigma_time *= _frequency_gain(_GAIN_BELOW, climate, freq_mhz)
    elif deviate_time <= _DUCTING[1, climate]:
        sigma_time = above
    else:
        ducting = _DUCTING[0, climate] * above
        sigma_time = ducting + (above - ducting) * _DUCTING[1, climate] / deviate_time

    spread_time_db = sigma_time * deviate_time
    spread_place_db = sigma_place * deviate_place
    rest = sigma_situation**2
    rest += spread_time_db**2 / (7.8 + deviate_situation**2)
    rest += spread_place_db**2 / (24.0 + deviate_situation**2)  # (5.11)
    if mode == SINGLE_MESSAGE:
        spread_db = math.sqrt(sigma_time**2 + sigma_place**2 + rest) * deviate_situation
    elif mode == ACCIDENTAL:
        spread_db = spread_time_db + math.sqrt(sigma_place**2 + rest) * deviate_situation
    elif mode == MOBILE:
        spread_db = math.sqrt(sigma_time**2 + sigma_place**2) * deviate_time + math.sqrt(rest) * deviate_situation
    else:
        spread_db = spread_time_db + spread_place_db + math.sqrt(rest) * deviate_situation

    result_db = reference_db - _curve(_MEDIAN, climate, effective_distance_m) - spread_db
    if result_db < 0.0:  # no more gain over free space than the atmosphere gives: equation (5.2)
        result_db = result_db * (29.0 - result_db) / (29.0 - 10.0 * result_db)
    return float(result_db)
