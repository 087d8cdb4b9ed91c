"""Longley-Rice: what a link has beside the ground under it, and the ranges of it."""

import cmath
import math
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from coverage.errors import ModelRangeError
from coverage.radio.itm_profile import Pair
from coverage.radio.itm_variability import CLIMATES, MODES

Polarization = Literal["horizontal", "vertical"]

MODEL = "ITM"


def within(name: str, value: float, low: float, high: float, unit: str) -> None:
    """Raise ModelRangeError for a value out of its range."""
    if not low <= value <= high:
        expected = f"{low:g} to {high:g}" if high < math.inf else f"{low:g} or more"
        raise ModelRangeError(MODEL, name, value, f"{expected} {unit}".strip())


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
            raise ModelRangeError(MODEL, "climate", self.climate, "one of " + ", ".join(CLIMATES))
        within("n0", self.n0, 250, 400, "N-units")
        within("permittivity", self.permittivity, 1, math.inf, "")
        if not 0 < self.conductivity_s_m < math.inf:
            raise ModelRangeError(MODEL, "conductivity_s_m", self.conductivity_s_m, "above 0 S/m")

    def impedance(self, freq_mhz: float, polarization: Polarization) -> complex:
        """Return the relative impedance of the ground (Hufford, the algorithm, equations 1.5 and 4.8)."""
        if polarization not in ("horizontal", "vertical"):
            raise ModelRangeError(MODEL, "polarization", polarization, "one of horizontal, vertical")
        permittivity = complex(self.permittivity, 18000 * self.conductivity_s_m / freq_mhz)
        impedance = cmath.sqrt(permittivity - 1)
        if polarization == "vertical":
            impedance /= permittivity
        if impedance.real <= abs(impedance.imag):
            raise ModelRangeError(MODEL, "permittivity", self.permittivity, "a ground whose Re(Z) is above |Im(Z)|")
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
                raise ModelRangeError(MODEL, name, getattr(self, name), "above 0 and below 100 %")
        if self.mode not in MODES:
            raise ModelRangeError(MODEL, "mode", self.mode, "one of " + ", ".join(MODES))

    @classmethod
    def of_confidence(cls, confidence_percent: float, reliability_percent: float, *, mode: str = "broadcast") -> Self:
        """Return the quantile asked for as confidence (situations) and reliability (time), at the median of places."""
        return cls(time_percent=reliability_percent, situation_percent=confidence_percent, mode=mode)


AVERAGE = Surroundings()
MEDIAN = Quantile()


class Conditions(NamedTuple):
    """All of a link but the ground under it, checked, as compiled code takes it."""

    freq_mhz: float
    heights_m: Pair
    impedance: complex
    n0: float
    climate: int
    mode: int
    with_location: bool
    with_situation: bool
    time: float
    location: float
    situation: float


def conditions(
    *,
    freq_mhz: float,
    tx_height_m: float,
    rx_height_m: float,
    polarization: Polarization = "vertical",
    surroundings: Surroundings = AVERAGE,
    quantile: Quantile = MEDIAN,
) -> Conditions:
    """
    Check all of a link but the ground under it.

    Parameters
    ----------
    freq_mhz, tx_height_m, rx_height_m, polarization, surroundings, quantile
        As `basic_transmission_loss_db`.

    Raises
    ------
    ModelRangeError
        A value out of range.
    """
    within("freq_mhz", freq_mhz, 20, 20_000, "MHz")
    within("tx_height_m", tx_height_m, 0.5, 3000, "m")
    within("rx_height_m", rx_height_m, 0.5, 3000, "m")
    return Conditions(
        freq_mhz=float(freq_mhz),
        heights_m=(float(tx_height_m), float(rx_height_m)),
        impedance=surroundings.impedance(freq_mhz, polarization),
        n0=float(surroundings.n0),
        climate=CLIMATES.index(surroundings.climate),
        mode=MODES.index(quantile.mode),
        with_location=quantile.with_location,
        with_situation=quantile.with_situation,
        time=quantile.time_percent / 100,
        location=quantile.location_percent / 100,
        situation=quantile.situation_percent / 100,
    )
