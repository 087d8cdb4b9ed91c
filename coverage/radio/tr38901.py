"""3GPP TR 38.901: median loss of rural (RMa) and urban (UMa) macro cells, with or without line of sight."""

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError

Scenario = Literal["rma", "uma"]

_MODEL = "3GPP TR 38.901"
_LIGHT_M_S = 3.0e8
"""As table 7.4.1-1 has it."""
_RANGES: Mapping[Scenario, Mapping[str, tuple[float, float]]] = {
    "rma": {
        "freq_mhz": (500, 30_000),
        "tx_height_m": (10, 150),
        "rx_height_m": (1, 10),
        "building_height_m": (5, 50),
        "street_width_m": (5, 50),
    },
    # Above 13 m the table draws the height of the surroundings of an urban receiver at random: no median to compute.
    "uma": {"freq_mhz": (500, 100_000), "tx_height_m": (25, 25), "rx_height_m": (1.5, 13)},
}
_NEAREST_M = 10.0
_FARTHEST_M: Mapping[tuple[Scenario, bool], float] = {
    ("rma", True): 10_000,
    ("rma", False): 5_000,
    ("uma", True): 5_000,
    ("uma", False): 5_000,
}
_SURROUNDINGS_M = 1.0
"""Effective height h_E of the surroundings of an urban receiver below 13 m; note 1 of table 7.4.1-1."""


def basic_transmission_loss_db(
    *,
    freq_mhz: float,
    distance_km: ArrayLike,
    tx_height_m: float,
    rx_height_m: float,
    scenario: Scenario = "rma",
    line_of_sight: bool = False,
    building_height_m: float = 5.0,
    street_width_m: float = 20.0,
) -> NDArray[np.float64]:
    """
    Median path loss of a macro cell.

    Parameters
    ----------
    freq_mhz
        Centre frequency, MHz: 500 to 30 000 for `rma`, to 100 000 for `uma`.
    distance_km
        Distances along the ground, km, any shape: from 0.01 to 5, and to 10 for `rma` in line of sight.
    tx_height_m
        Mast antenna above ground: 10 to 150 m for `rma`, 25 m for `uma`.
    rx_height_m
        Receiver above ground: 1 to 10 m for `rma`, 1.5 to 13 m for `uma`.
    scenario
        `rma` (rural macro) or `uma` (urban macro).
    line_of_sight
        Whether the receiver sees the mast (LOS) or not (NLOS).
    building_height_m, street_width_m
        Mean height of buildings and width of streets, 5 to 50 m each; `rma` only.

    Returns
    -------
    NDArray[np.float64]
        dB, in the shape of `distance_km`; NaN outside the range of distances.

    Raises
    ------
    ModelRangeError
        Frequency, height, width or scenario out of range.

    References
    ----------
    3GPP TR 38.901 V17.0.0, table 7.4.1-1.

    Examples
    --------
    >>> basic_transmission_loss_db(freq_mhz=2600, distance_km=[1, 5], tx_height_m=35, rx_height_m=1.5).round(1)
    array([127.8, 154.8])
    """
    if scenario not in _RANGES:
        raise ModelRangeError(_MODEL, "scenario", scenario, "one of rma, uma")
    given = {
        "freq_mhz": freq_mhz,
        "tx_height_m": tx_height_m,
        "rx_height_m": rx_height_m,
        "building_height_m": building_height_m,
        "street_width_m": street_width_m,
    }
    for name, (low, high) in _RANGES[scenario].items():
        if not low <= given[name] <= high:
            raise ModelRangeError(f"{_MODEL} {scenario}", name, given[name], f"{low:g} to {high:g}")
    along_m = np.asarray(distance_km, dtype=float) * 1000
    inside = (along_m >= _NEAREST_M) & (along_m <= _FARTHEST_M[scenario, line_of_sight])
    along_m = np.where(inside, along_m, np.nan)
    apart_m = np.hypot(along_m, tx_height_m - rx_height_m)
    freq_ghz = freq_mhz / 1000
    if scenario == "uma":
        loss_db = _urban_los_db(along_m, apart_m, freq_ghz, tx_height_m, rx_height_m)
        if not line_of_sight:
            hidden_db = 13.54 + 39.08 * np.log10(apart_m) + 20 * math.log10(freq_ghz) - 0.6 * (rx_height_m - 1.5)
            loss_db = np.maximum(loss_db, hidden_db)
        return loss_db
    loss_db = _rural_los_db(along_m, apart_m, freq_ghz, tx_height_m, rx_height_m, building_height_m)
    if not line_of_sight:
        hidden_db = (
            161.04
            - 7.1 * math.log10(street_width_m)
            + 7.5 * math.log10(building_height_m)
            - (24.37 - 3.7 * (building_height_m / tx_height_m) ** 2) * math.log10(tx_height_m)
            + (43.42 - 3.1 * math.log10(tx_height_m)) * (np.log10(apart_m) - 3)
            + 20 * math.log10(freq_ghz)
            - (3.2 * math.log10(11.75 * rx_height_m) ** 2 - 4.97)
        )
        loss_db = np.maximum(loss_db, hidden_db)
    return loss_db


def line_of_sight_probability(distance_km: ArrayLike, *, scenario: Scenario = "rma") -> NDArray[np.float64]:
    """
    Share of receivers that see the mast.

    Parameters
    ----------
    distance_km
        Distances along the ground, km, any shape, at least 0.
    scenario
        `rma`, or `uma` for receivers up to 13 m.

    Returns
    -------
    NDArray[np.float64]
        0 to 1; NaN where the distance is negative.

    Raises
    ------
    ModelRangeError
        Unknown scenario.

    References
    ----------
    3GPP TR 38.901 V17.0.0, table 7.4.2-1.
    """
    if scenario not in _RANGES:
        raise ModelRangeError(_MODEL, "scenario", scenario, "one of rma, uma")
    along_m = np.asarray(distance_km, dtype=float) * 1000
    along_m = np.where(along_m >= 0, along_m, np.nan)
    if scenario == "rma":
        return np.asarray(np.exp(-np.maximum(along_m - 10, 0) / 1000), dtype=np.float64)
    beyond_m = np.maximum(along_m, 18)
    return np.asarray(18 / beyond_m + np.exp(-beyond_m / 63) * (1 - 18 / beyond_m), dtype=np.float64)


def _rural_los_db(
    along_m: NDArray[np.float64],
    apart_m: NDArray[np.float64],
    freq_ghz: float,
    tx_height_m: float,
    rx_height_m: float,
    building_height_m: float,
) -> NDArray[np.float64]:
    """PL1 up to the break point of the two-ray field and PL2 beyond."""
    slope = min(0.03 * building_height_m**1.72, 10)
    offset_db = min(0.044 * building_height_m**1.72, 14.77)

    def near_db(distance_m: NDArray[np.float64]) -> NDArray[np.float64]:
        free_db = 20 * np.log10(40 * math.pi * distance_m * freq_ghz / 3)
        rough_db = slope * np.log10(distance_m) - offset_db + 0.002 * math.log10(building_height_m) * distance_m
        return np.asarray(free_db + rough_db, dtype=np.float64)

    break_m = 2 * math.pi * tx_height_m * rx_height_m * freq_ghz * 1e9 / _LIGHT_M_S
    far_db = near_db(np.array(break_m)) + 40 * np.log10(apart_m / break_m)
    return np.where(along_m <= break_m, near_db(apart_m), far_db)


def _urban_los_db(
    along_m: NDArray[np.float64],
    apart_m: NDArray[np.float64],
    freq_ghz: float,
    tx_height_m: float,
    rx_height_m: float,
) -> NDArray[np.float64]:
    """PL1 up to the break point of the two-ray field and PL2 beyond."""
    break_m = 4 * (tx_height_m - _SURROUNDINGS_M) * (rx_height_m - _SURROUNDINGS_M) * freq_ghz * 1e9 / _LIGHT_M_S
    base_db = 28.0 + 20 * math.log10(freq_ghz)
    near_db = base_db + 22 * np.log10(apart_m)
    far_db = base_db + 40 * np.log10(apart_m) - 9 * math.log10(break_m**2 + (tx_height_m - rx_height_m) ** 2)
    return np.where(along_m <= break_m, near_db, far_db)
