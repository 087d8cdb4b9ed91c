"""Recommendation ITU-R P.2109: loss on entering a building."""

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError
from coverage.radio.p1812_profile import inverse_normal

MODEL = "ITU-R P.2109-2"

Building = Literal["traditional", "thermally_efficient"]


class _Building(NamedTuple):
    r: float
    s: float
    t: float
    u: float
    v: float
    w: float
    x: float
    y: float
    z: float


_BUILDINGS = {
    "traditional": _Building(12.64, 3.72, 0.96, 9.6, 2.0, 9.1, -3.0, 4.5, -2.0),
    "thermally_efficient": _Building(28.19, -3.00, 8.48, 13.5, 3.8, 27.8, -2.9, 9.4, -2.1),
}
# Table 1 of the Recommendation.


def building_entry_loss_db(
    *,
    freq_mhz: float,
    percent: float = 50.0,
    building: Building = "traditional",
    elevation_deg: float = 0.0,
) -> float:
    """
    Loss not exceeded at a share of the places inside buildings of one kind.

    Parameters
    ----------
    freq_mhz
        80 to 100,000 MHz.
    percent
        Share of places, 0.1 to 99.9 %.
    building
        "traditional" (wood, brick, plain glass) or "thermally_efficient" (foil, metallised glass).
    elevation_deg
        Angle at which the signal arrives at the facade, -90 to 90 degrees.

    Returns
    -------
    float
        Loss, dB.

    Raises
    ------
    ModelRangeError
        A value outside these ranges.

    References
    ----------
    ITU-R P.2109-2, annex 1, equations (1) to (10).

    Examples
    --------
    >>> round(building_entry_loss_db(freq_mhz=1800), 1)
    14.8
    >>> round(building_entry_loss_db(freq_mhz=1800, percent=90, building="thermally_efficient"), 1)
    47.1
    """
    if not 0.1 <= percent <= 99.9:
        raise ModelRangeError(MODEL, "percent", percent, "0.1 to 99.9 %")
    deviate = -inverse_normal(percent / 100.0)
    return float(loss_at_deviate_db(deviate, freq_mhz=freq_mhz, building=building, elevation_deg=elevation_deg))


def loss_at_deviate_db(
    deviate: ArrayLike, *, freq_mhz: float, building: Building, elevation_deg: float = 0.0
) -> NDArray[np.float64]:
    """
    The same loss with the share of places as a standard normal deviate: 0 for half of them, 1.28 for 90 %.

    Parameters
    ----------
    deviate
        Any shape; the loss grows with it.
    freq_mhz, building, elevation_deg
        As `building_entry_loss_db`.

    Returns
    -------
    NDArray[np.float64]
        Losses, dB.

    Raises
    ------
    ModelRangeError
        A value outside these ranges.

    References
    ----------
    ITU-R P.2109-2, annex 1, equations (1) to (10).
    """
    for name, value, low, high, unit in (
        ("freq_mhz", freq_mhz, 80.0, 100_000.0, "MHz"),
        ("elevation_deg", elevation_deg, -90.0, 90.0, "degrees"),
    ):
        if not low <= value <= high:
            raise ModelRangeError(MODEL, name, value, f"{low:g} to {high:g} {unit}")
    if building not in _BUILDINGS:
        raise ModelRangeError(MODEL, "building", repr(building), " or ".join(map(repr, _BUILDINGS)))
    kind, z = _BUILDINGS[building], np.asarray(deviate, dtype=np.float64)
    log_f = math.log10(freq_mhz / 1000.0)
    horizontal = kind.r + kind.s * log_f + kind.t * log_f**2
    walls = z * (kind.u + kind.v * log_f) + horizontal + 0.212 * abs(elevation_deg)
    inside = z * (kind.y + kind.z * log_f) + kind.w + kind.x * log_f
    return np.asarray(10.0 * np.log10(10.0 ** (0.1 * walls) + 10.0 ** (0.1 * inside) + 10.0**-0.3))
