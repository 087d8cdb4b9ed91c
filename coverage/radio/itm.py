"""Longley-Rice: the Irregular Terrain Model of NTIA, version 1.2.2 of the algorithm. 20 MHz to 20 GHz, 1 to 2000 km."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError
from coverage.radio._numba import njit
from coverage.radio.itm_attenuation import Link, reference_attenuation_db
from coverage.radio.itm_conditions import (
    AVERAGE,
    MEDIAN,
    MODEL,
    Conditions,
    Polarization,
    Quantile,
    Surroundings,
    conditions,
    within,
)
from coverage.radio.itm_profile import path_geometry, smooth_horizon_angle, smooth_horizon_m
from coverage.radio.itm_variability import attenuation_not_exceeded_db

Siting = Literal["random", "careful", "very_careful"]

_DISTANCE_KM = (1.0, 2000.0)
_RADIUS_M = (4_000_000.0, 13_333_333.0)
_REFRACTIVITY = (150.0, 400.0)


def basic_transmission_loss_db(
    *,
    freq_mhz: float,
    distance_km: ArrayLike,
    terrain_m: ArrayLike,
    tx_height_m: float,
    rx_height_m: float,
    polarization: Polarization = "vertical",
    surroundings: Surroundings = AVERAGE,
    quantile: Quantile = MEDIAN,
) -> float:
    """
    Basic transmission loss over a known profile (point-to-point mode).

    Parameters
    ----------
    freq_mhz
        Frequency, 20 to 20 000 MHz.
    distance_km
        `[n]` distances of the points from the mast, km, from 0 in equal steps; at least 3.
    terrain_m
        `[n]` heights above sea level, m.
    tx_height_m, rx_height_m
        Antennas above ground, 0.5 to 3000 m.
    polarization
        `horizontal` or `vertical`.
    surroundings
        Climate, refractivity and ground.
    quantile
        Share of times, places and situations.

    Returns
    -------
    float
        dB; NaN where the profile has voids, is not 1 to 2000 km long, or lies so high or low that the air above it is
        out of range.

    Raises
    ------
    ModelRangeError
        A frequency or height out of range, fewer than 3 points, or unequal steps.

    References
    ----------
    G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", NTIA.
    """
    link = conditions(
        freq_mhz=freq_mhz, tx_height_m=tx_height_m, rx_height_m=rx_height_m, polarization=polarization,
        surroundings=surroundings, quantile=quantile,
    )  # fmt: skip
    distance = np.asarray(distance_km, dtype=np.float64)
    terrain = np.ascontiguousarray(terrain_m, dtype=np.float64)
    if distance.ndim != 1 or distance.shape != terrain.shape or distance.size < 3:
        raise ModelRangeError(MODEL, "points of the profile", distance.size, "3 or more, a distance and a height each")
    step_km = distance[-1] / (distance.size - 1)
    if not np.allclose(distance, step_km * np.arange(distance.size), rtol=0, atol=1e-3 * step_km) or not step_km > 0:
        raise ModelRangeError(MODEL, "distance_km", "a profile of unequal steps", "equal steps from 0")
    return float(profile_loss_db(terrain, float(distance[-1]), link))


@njit
def profile_loss_db(terrain_m: Any, length_km: float, given: Conditions) -> float:
    """
    Evaluate `basic_transmission_loss_db` over heights at equal steps, compiled and unchecked.

    Returns
    -------
    float
        dB; NaN where the profile has voids, or its length or the air above it is out of range.
    """
    size = terrain_m.size
    if not _DISTANCE_KM[0] <= length_km <= _DISTANCE_KM[1] or np.isnan(terrain_m).any():
        return math.nan
    tenth = (size - 1) // 10  # the ends, where antennas stand on hills, do not count: Hufford, section 6
    refractivity = given.n0 * math.exp(-terrain_m[tenth : size - tenth].mean() / 9460.0)
    radius_m = _effective_radius_m(refractivity)
    if not (_REFRACTIVITY[0] <= refractivity <= _REFRACTIVITY[1] and _RADIUS_M[0] <= radius_m <= _RADIUS_M[1]):
        return math.nan
    angles, horizons_m, effective_m, delta_h_m = path_geometry(
        terrain_m, length_km / (size - 1) * 1000.0, radius_m, given.heights_m
    )
    link = Link(
        given.freq_mhz, radius_m, refractivity, given.impedance, angles, horizons_m, effective_m,
        given.heights_m, delta_h_m, True,
    )  # fmt: skip
    return float(_loss_db(length_km, link, given))


def area_mode_loss_db(
    *,
    freq_mhz: float,
    distance_km: ArrayLike,
    irregularity_m: float,
    tx_height_m: float,
    rx_height_m: float,
    siting: tuple[Siting, Siting] = ("random", "random"),
    polarization: Polarization = "vertical",
    surroundings: Surroundings = AVERAGE,
    quantile: Quantile = MEDIAN,
) -> NDArray[np.float64]:
    """
    Basic transmission loss where only the kind of terrain is known (area mode).

    Parameters
    ----------
    freq_mhz, tx_height_m, rx_height_m, polarization, surroundings, quantile
        As `basic_transmission_loss_db`.
    distance_km
        Distances, km, any shape, 1 to 2000.
    irregularity_m
        Terrain irregularity delta h, m, 0 or more: 30 plains, 90 hills, 200 mountains, 500 rugged mountains.
    siting
        How the antennas of mast and receiver were placed: `random`, `careful` or `very_careful`.

    Returns
    -------
    NDArray[np.float64]
        dB, in the shape of `distance_km`; NaN outside 1 to 2000 km.

    Raises
    ------
    ModelRangeError
        A value out of range.

    References
    ----------
    Hufford, the algorithm, section 3; NTIA Report 82-100, 1982.
    """
    given = conditions(
        freq_mhz=freq_mhz, tx_height_m=tx_height_m, rx_height_m=rx_height_m, polarization=polarization,
        surroundings=surroundings, quantile=quantile,
    )  # fmt: skip
    within("irregularity_m", irregularity_m, 0, math.inf, "m")
    radius_m = float(_effective_radius_m(given.n0))
    delta_h_m = float(irregularity_m)
    tx_m, rx_m = (_effective_height_m(*of, delta_h_m) for of in zip(given.heights_m, siting, strict=True))
    horizons_m = (smooth_horizon_m(tx_m, radius_m, delta_h_m), smooth_horizon_m(rx_m, radius_m, delta_h_m))
    angles = (
        smooth_horizon_angle(tx_m, radius_m, delta_h_m, horizons_m[0]),
        smooth_horizon_angle(rx_m, radius_m, delta_h_m, horizons_m[1]),
    )
    link = Link(
        given.freq_mhz, radius_m, given.n0, given.impedance, angles, horizons_m, (tx_m, rx_m), given.heights_m,
        delta_h_m, False,
    )  # fmt: skip
    distance = np.asarray(distance_km, dtype=np.float64)
    loss_db = np.full(distance.shape, np.nan)
    for at, length_km in np.ndenumerate(distance):
        if _DISTANCE_KM[0] <= length_km <= _DISTANCE_KM[1]:
            loss_db[at] = _loss_db(float(length_km), link, given)
    return loss_db


@njit
def _loss_db(distance_km: float, link: Link, given: Conditions) -> float:
    """Free space, and the attenuation at a quantile beside it."""
    free_space_db = 32.45 + 20 * math.log10(link.freq_mhz) + 20 * math.log10(distance_km)
    return free_space_db + float(
        attenuation_not_exceeded_db(
            reference_attenuation_db(distance_km * 1000, link), distance_km * 1000, link.freq_mhz, link.effective_m,
            link.delta_h_m, given.climate, given.mode, given.with_location, given.with_situation,
            given.time, given.location, given.situation,
        )
    )  # fmt: skip


@njit
def _effective_radius_m(refractivity: float) -> float:
    """Radius of the Earth on which rays are straight. NBS Technical Note 101, equation (4.4)."""
    return 1 / (157e-9 * (1 - 0.04665 * math.exp(refractivity / 179.3)))


def _effective_height_m(height_m: float, siting: Siting, delta_h_m: float) -> float:
    """Height above the effective ground of an antenna placed with some care. Hufford, the algorithm, equation (3.2)."""
    if siting == "random":
        return height_m
    if siting not in ("careful", "very_careful"):
        raise ModelRangeError(MODEL, "siting", siting, "one of random, careful, very_careful")
    gain_m = 4.0 if siting == "careful" else 9.0
    if height_m < 5:
        gain_m *= math.sin(0.1 * math.pi * height_m)
    return height_m + (1 + gain_m) * math.exp(-min(20.0, 2 * height_m / max(1e-3, delta_h_m)))
