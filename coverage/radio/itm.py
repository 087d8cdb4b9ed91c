"""Longley-Rice: the Irregular Terrain Model of NTIA, version 1.2.2 of the algorithm. 20 MHz to 20 GHz, 1 to 2000 km."""

import cmath
import math
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError
from coverage.radio.itm_attenuation import Link, reference_attenuation_db
from coverage.radio.itm_profile import path_geometry, smooth_horizon_angle, smooth_horizon_m
from coverage.radio.itm_variability import CLIMATES, MODES, attenuation_not_exceeded_db

Siting = Literal["random", "careful", "very_careful"]
Polarization = Literal["horizontal", "vertical"]

_MODEL = "ITM"
_DISTANCE_KM = (1.0, 2000.0)
_RADIUS_M = (4_000_000.0, 13_333_333.0)
_REFRACTIVITY = (150.0, 400.0)


def _within(name: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        expected = f"{low:g} to {high:g}" if high < math.inf else f"{low:g} or more"
        raise ModelRangeError(_MODEL, name, value, f"{expected} {unit}".strip())


@dataclass(frozen=True)
class Surroundings:
    """
    Air and ground along a path.

    Parameters
    ----------
    climate
        One of `CLIMATES`.
    n0
        Surface refractivity reduced to sea level, 250 to 400 N-units.
    permittivity
        Relative, at least 1; 15 is average ground.
    conductivity_s_m
        Above 0, S/m; 0.005 is average ground.

    Raises
    ------
    ModelRangeError
        A value out of range.

    References
    ----------
    Defaults: NTIA Report 82-100, 1982, tables of suggested values (320 N-units for continental subtropical climate).
    """

    climate: str = "continental_subtropical"
    n0: float = 320.0
    permittivity: float = 15.0
    conductivity_s_m: float = 0.005

    def __post_init__(self) -> None:
        if self.climate not in CLIMATES:
            raise ModelRangeError(_MODEL, "climate", self.climate, "one of " + ", ".join(CLIMATES))
        _within("n0", self.n0, 250, 400, "N-units")
        _within("permittivity", self.permittivity, 1, math.inf, "")
        if not 0 < self.conductivity_s_m < math.inf:
            raise ModelRangeError(_MODEL, "conductivity_s_m", self.conductivity_s_m, "above 0 S/m")

    def impedance(self, freq_mhz: float, polarization: Polarization) -> complex:
        """Return the relative impedance of the ground (Hufford, the algorithm, equations 1.5 and 4.8)."""
        if polarization not in ("horizontal", "vertical"):
            raise ModelRangeError(_MODEL, "polarization", polarization, "one of horizontal, vertical")
        permittivity = complex(self.permittivity, 18000 * self.conductivity_s_m / freq_mhz)
        impedance = cmath.sqrt(permittivity - 1)
        if polarization == "vertical":
            impedance /= permittivity
        if impedance.real <= abs(impedance.imag):
            raise ModelRangeError(_MODEL, "permittivity", self.permittivity, "a ground whose Re(Z) is above |Im(Z)|")
        return impedance


@dataclass(frozen=True)
class Quantile:
    """
    In how many times, places and situations the loss is not exceeded.

    Parameters
    ----------
    time_percent, location_percent, situation_percent
        Above 0 and below 100 %; 50 is the median.
    mode
        What varies together; one of `MODES`.
    with_location, with_situation
        Whether places vary, and situations directly (not when interference is assessed).

    Raises
    ------
    ModelRangeError
        A percentage or mode out of range.
    """

    time_percent: float = 50.0
    location_percent: float = 50.0
    situation_percent: float = 50.0
    mode: str = "broadcast"
    with_location: bool = True
    with_situation: bool = True

    def __post_init__(self) -> None:
        for name in ("time_percent", "location_percent", "situation_percent"):
            if not 0 < getattr(self, name) < 100:
                raise ModelRangeError(_MODEL, name, getattr(self, name), "above 0 and below 100 %")
        if self.mode not in MODES:
            raise ModelRangeError(_MODEL, "mode", self.mode, "one of " + ", ".join(MODES))

    @classmethod
    def of_confidence(cls, confidence_percent: float, reliability_percent: float, *, mode: str = "broadcast") -> Self:
        """Return the quantile asked for as confidence (situations) and reliability (time), at the median of places."""
        return cls(time_percent=reliability_percent, situation_percent=confidence_percent, mode=mode)


_AVERAGE = Surroundings()
_MEDIAN = Quantile()


def basic_transmission_loss_db(
    *,
    freq_mhz: float,
    distance_km: ArrayLike,
    terrain_m: ArrayLike,
    tx_height_m: float,
    rx_height_m: float,
    polarization: Polarization = "vertical",
    surroundings: Surroundings = _AVERAGE,
    quantile: Quantile = _MEDIAN,
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
    _check_terminals(freq_mhz, tx_height_m, rx_height_m)
    impedance = surroundings.impedance(freq_mhz, polarization)
    distance = np.asarray(distance_km, dtype=np.float64)
    terrain = np.ascontiguousarray(terrain_m, dtype=np.float64)
    if distance.ndim != 1 or distance.shape != terrain.shape or distance.size < 3:
        raise ModelRangeError(_MODEL, "points of the profile", distance.size, "3 or more, a distance and a height each")
    step_km = distance[-1] / (distance.size - 1)
    if not np.allclose(distance, step_km * np.arange(distance.size), rtol=0, atol=1e-3 * step_km) or not step_km > 0:
        raise ModelRangeError(_MODEL, "distance_km", "a profile of unequal steps", "equal steps from 0")
    if np.isnan(terrain).any() or not _DISTANCE_KM[0] <= distance[-1] <= _DISTANCE_KM[1]:
        return math.nan
    tenth = (terrain.size - 1) // 10  # the ends, where antennas stand on hills, do not count: Hufford, section 6
    refractivity = surroundings.n0 * math.exp(-float(terrain[tenth : terrain.size - tenth].mean()) / 9460.0)
    radius_m = _effective_radius_m(refractivity)
    if not (_REFRACTIVITY[0] <= refractivity <= _REFRACTIVITY[1] and _RADIUS_M[0] <= radius_m <= _RADIUS_M[1]):
        return math.nan
    heights_m = (float(tx_height_m), float(rx_height_m))
    angles, horizons_m, effective_m, delta_h_m = path_geometry(terrain, step_km * 1000, radius_m, heights_m)
    link = Link(
        float(freq_mhz), radius_m, refractivity, impedance, angles, horizons_m, effective_m, heights_m, delta_h_m, True
    )
    return _loss_db(float(distance[-1]), link, surroundings, quantile)


def area_mode_loss_db(
    *,
    freq_mhz: float,
    distance_km: ArrayLike,
    irregularity_m: float,
    tx_height_m: float,
    rx_height_m: float,
    siting: tuple[Siting, Siting] = ("random", "random"),
    polarization: Polarization = "vertical",
    surroundings: Surroundings = _AVERAGE,
    quantile: Quantile = _MEDIAN,
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
    _check_terminals(freq_mhz, tx_height_m, rx_height_m)
    _within("irregularity_m", irregularity_m, 0, math.inf, "m")
    impedance = surroundings.impedance(freq_mhz, polarization)
    radius_m = _effective_radius_m(surroundings.n0)
    heights_m = (float(tx_height_m), float(rx_height_m))
    delta_h_m = float(irregularity_m)
    tx_m, rx_m = (_effective_height_m(*of, delta_h_m) for of in zip(heights_m, siting, strict=True))
    horizons_m = (smooth_horizon_m(tx_m, radius_m, delta_h_m), smooth_horizon_m(rx_m, radius_m, delta_h_m))
    angles = (
        smooth_horizon_angle(tx_m, radius_m, delta_h_m, horizons_m[0]),
        smooth_horizon_angle(rx_m, radius_m, delta_h_m, horizons_m[1]),
    )
    link = Link(
        float(freq_mhz), radius_m, float(surroundings.n0), impedance, angles, horizons_m, (tx_m, rx_m), heights_m,
        delta_h_m, False,
    )  # fmt: skip
    distance = np.asarray(distance_km, dtype=np.float64)
    loss_db = np.full(distance.shape, np.nan)
    for at, length_km in np.ndenumerate(distance):
        if _DISTANCE_KM[0] <= length_km <= _DISTANCE_KM[1]:
            loss_db[at] = _loss_db(float(length_km), link, surroundings, quantile)
    return loss_db


def _loss_db(distance_km: float, link: Link, surroundings: Surroundings, quantile: Quantile) -> float:
    """Free space, and the attenuation at a quantile beside it."""
    free_space_db = 32.45 + 20 * math.log10(link.freq_mhz) + 20 * math.log10(distance_km)
    return free_space_db + float(
        attenuation_not_exceeded_db(
            reference_attenuation_db(distance_km * 1000, link), distance_km * 1000, link.freq_mhz, link.effective_m,
            link.delta_h_m, CLIMATES.index(surroundings.climate), MODES.index(quantile.mode),
            quantile.with_location, quantile.with_situation,
            quantile.time_percent / 100, quantile.location_percent / 100, quantile.situation_percent / 100,
        )
    )  # fmt: skip


def _effective_radius_m(refractivity: float) -> float:
    """Radius of the Earth on which rays are straight. NBS Technical Note 101, equation (4.4)."""
    return 1 / (157e-9 * (1 - 0.04665 * math.exp(refractivity / 179.3)))


def _effective_height_m(height_m: float, siting: Siting, delta_h_m: float) -> float:
    """Height above the effective ground of an antenna placed with some care. Hufford, the algorithm, equation (3.2)."""
    if siting == "random":
        return height_m
    if siting not in ("careful", "very_careful"):
        raise ModelRangeError(_MODEL, "siting", siting, "one of random, careful, very_careful")
    gain_m = 4.0 if siting == "careful" else 9.0
    if height_m < 5:
        gain_m *= math.sin(0.1 * math.pi * height_m)
    return height_m + (1 + gain_m) * math.exp(-min(20.0, 2 * height_m / max(1e-3, delta_h_m)))


def _check_terminals(freq_mhz: float, tx_height_m: float, rx_height_m: float) -> None:
    _within("freq_mhz", freq_mhz, 20, 20_000, "MHz")
    _within("tx_height_m", tx_height_m, 0.5, 3000, "m")
    _within("rx_height_m", rx_height_m, 0.5, 3000, "m")
