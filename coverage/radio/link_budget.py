"""From the power of a carrier to the level a phone reports, and from a median level to a probability of coverage."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from coverage.errors import ModelRangeError
from coverage.radio.indoor import indoor_loss_db, indoor_share
from coverage.radio.p2109 import Building

LTE_RESOURCE_BLOCKS: Mapping[float, int] = MappingProxyType({1.4: 6, 3: 15, 5: 25, 10: 50, 15: 75, 20: 100})
"""Channel bandwidth, MHz -> resource blocks. 3GPP TS 36.101, table 5.6-1."""

NR_RESOURCE_BLOCKS: Mapping[float, Mapping[float, int]] = MappingProxyType({
    15: MappingProxyType({5: 25, 10: 52, 15: 79, 20: 106, 25: 133, 30: 160, 35: 188, 40: 216, 45: 242, 50: 270}),
    30: MappingProxyType({5: 11, 10: 24, 15: 38, 20: 51, 25: 65, 30: 78, 35: 92, 40: 106, 45: 119, 50: 133,
                          60: 162, 70: 189, 80: 217, 90: 245, 100: 273}),
    60: MappingProxyType({10: 11, 15: 18, 20: 24, 25: 31, 30: 38, 35: 44, 40: 51, 45: 58, 50: 65,
                          60: 79, 70: 93, 80: 107, 90: 121, 100: 135}),
})  # fmt: skip
"""Subcarrier spacing, kHz -> channel bandwidth, MHz -> resource blocks. 3GPP TS 38.101-1, table 5.3.2-1 (FR1)."""

SUBCARRIERS_PER_BLOCK = 12
NR_WIDEST_15_KHZ_MHZ = 20.0
"""Widest 5G channel taken to have 15 kHz subcarriers (bands shared with LTE); wider ones have 30 kHz."""

CPICH_SHARE = 0.10
"""Share of a 3G carrier's power in the common pilot, CPICH Ec/Ior = -10 dB. 3GPP TS 25.101, table C.3."""

_MODEL = "link budget"


def reference_power_dbm(
    technology: str,
    *,
    eirp_dbm: float,
    bandwidth_mhz: float,
    subcarrier_khz: float | None = None,
    cpich_share: float = CPICH_SHARE,
) -> float:
    """
    EIRP of the signal whose level a phone reports, from the EIRP of the whole carrier.

    Parameters
    ----------
    technology
        `2g` (RxLev: the whole BCCH carrier), `3g` (RSCP: the common pilot), `4g` (RSRP) or `5g` (SS-RSRP), the last
        two per resource element.
    eirp_dbm
        EIRP of the whole carrier, dBm.
    bandwidth_mhz
        Channel bandwidth, MHz: one of the widths of the standard for `4g` and `5g`; it does not enter for `2g`, `3g`.
    subcarrier_khz
        Subcarrier spacing of `5g`, kHz: 15, 30 or 60; where None, 15 up to 20 MHz and 30 above.
    cpich_share
        Share of the carrier in the common pilot of `3g`, 0 to 1.

    Returns
    -------
    float
        dBm; NaN where `eirp_dbm` is NaN.

    Raises
    ------
    ModelRangeError
        Unknown technology, bandwidth, subcarrier spacing, or a share outside 0 to 1.

    References
    ----------
    3GPP TS 36.214, 5.1.1 (RSRP); TS 38.215, 5.1.1 (SS-RSRP); TS 25.215, 5.1.1 (RSCP); TS 45.008, 8.1.4 (RxLev).
    """
    if technology == "2g":
        return float(eirp_dbm)
    if technology == "3g":
        if not 0 < cpich_share <= 1:
            raise ModelRangeError(_MODEL, "cpich_share", cpich_share, "above 0, at most 1")
        return float(eirp_dbm) + 10 * math.log10(cpich_share)
    if technology == "4g":
        table = LTE_RESOURCE_BLOCKS
    elif technology == "5g":
        if subcarrier_khz is None:
            subcarrier_khz = 15 if bandwidth_mhz <= NR_WIDEST_15_KHZ_MHZ else 30
        if subcarrier_khz not in NR_RESOURCE_BLOCKS:
            raise ModelRangeError(_MODEL, "subcarrier_khz", subcarrier_khz, _one_of(NR_RESOURCE_BLOCKS))
        table = NR_RESOURCE_BLOCKS[subcarrier_khz]
    else:
        raise ModelRangeError(_MODEL, "technology", technology, "one of 2g, 3g, 4g, 5g")
    if bandwidth_mhz not in table:
        raise ModelRangeError(_MODEL, f"{technology} bandwidth_mhz", bandwidth_mhz, _one_of(table))
    return float(eirp_dbm) - 10 * math.log10(SUBCARRIERS_PER_BLOCK * table[bandwidth_mhz])


def reference_powers_dbm(
    technology: Sequence[str], *, eirp_dbm: ArrayLike, bandwidth_mhz: ArrayLike
) -> NDArray[np.float64]:
    """
    `reference_power_dbm` of many cells.

    Parameters
    ----------
    technology
        `[n]`, `2g` to `5g`.
    eirp_dbm
        EIRP of the whole carriers, dBm; `[n]` or one for all.
    bandwidth_mhz
        Channel bandwidths, MHz; `[n]` or one for all.

    Returns
    -------
    NDArray[np.float64]
        `[n]` dBm.

    Raises
    ------
    ModelRangeError
        As `reference_power_dbm`, for the first cell out of range.
    """
    eirp = np.broadcast_to(np.asarray(eirp_dbm, dtype=float), len(technology))
    width = np.broadcast_to(np.asarray(bandwidth_mhz, dtype=float), len(technology))
    return np.array(
        [
            reference_power_dbm(name, eirp_dbm=power, bandwidth_mhz=mhz)
            for name, power, mhz in zip(technology, eirp.tolist(), width.tolist(), strict=True)
        ],
        dtype=float,
    )


def total_sigma_db(*, location_sigma_db: float, model_sigma_db: float = 0.0) -> float:
    """
    Standard deviation of a level about its prediction, both causes taken as independent and normal in dB.

    Parameters
    ----------
    location_sigma_db
        Variability between places within a pixel, dB, at least 0.
    model_sigma_db
        Error of the model about the local median, dB, at least 0.

    Returns
    -------
    float
        dB.

    Raises
    ------
    ModelRangeError
        Negative or not finite.
    """
    for name, value in (("location_sigma_db", location_sigma_db), ("model_sigma_db", model_sigma_db)):
        if not 0 <= value < math.inf:
            raise ModelRangeError(_MODEL, name, value, "0 dB or more")
    return math.hypot(location_sigma_db, model_sigma_db)


def margin_db(
    probability_percent: float,
    *,
    location_sigma_db: float,
    model_sigma_db: float = 0.0,
    building: Building | None = None,
    freq_mhz: float = math.nan,
) -> float:
    """
    Level above the threshold that a median prediction outdoors needs for a probability of coverage at that place.

    Parameters
    ----------
    probability_percent
        Probability wanted at the edge of the cell, above 0 and below 100 %; 50 needs no margin.
    location_sigma_db, model_sigma_db
        As `total_sigma_db`.
    building, freq_mhz
        For coverage inside such buildings, 0.1 to 99.9 %, as `indoor.indoor_loss_db`; None is outdoors.

    Returns
    -------
    float
        dB; outdoors negative below 50 %.

    Raises
    ------
    ModelRangeError
        A percentage, deviation or frequency out of range.

    References
    ----------
    ITU-R P.1812-8, 4.8 (log-normal variability between locations); the two deviations added as variances.

    Examples
    --------
    >>> round(margin_db(90, location_sigma_db=5.5), 1)
    7.0
    """
    sigma_db = total_sigma_db(location_sigma_db=location_sigma_db, model_sigma_db=model_sigma_db)
    if building is not None:
        return indoor_loss_db(
            freq_mhz=freq_mhz, percent=probability_percent, building=building, location_sigma_db=sigma_db
        )
    if not 0 < probability_percent < 100:
        raise ModelRangeError(_MODEL, "probability_percent", probability_percent, "above 0 and below 100 %")
    return sigma_db * float(ndtri(probability_percent / 100))


def coverage_probability(
    level_dbm: ArrayLike,
    threshold_dbm: ArrayLike,
    *,
    sigma_db: float,
    building: Building | None = None,
    freq_mhz: float = math.nan,
) -> NDArray[np.float64]:
    """
    Probability that a place has at least the threshold, where the prediction is the median outdoors.

    Parameters
    ----------
    level_dbm
        Predicted median level, dBm; any shape, NaN where not modelled.
    threshold_dbm
        Level needed, dBm; broadcast against `level_dbm`.
    sigma_db
        Standard deviation, dB, at least 0 (`total_sigma_db`); outdoors 0 makes it a plain comparison.
    building, freq_mhz
        For places inside such buildings, as `indoor.indoor_share`; None is outdoors.

    Returns
    -------
    NDArray[np.float64]
        0 to 1; NaN where the level or the threshold is.

    Raises
    ------
    ModelRangeError
        Deviation negative or not finite; frequency out of range.

    Examples
    --------
    >>> coverage_probability([-115, -109.5, -120.5], -115, sigma_db=5.5).round(2)
    array([0.5 , 0.84, 0.16])
    """
    sigma_db = total_sigma_db(location_sigma_db=sigma_db)
    excess_db = np.asarray(level_dbm, dtype=float) - np.asarray(threshold_dbm, dtype=float)
    if building is not None:
        return indoor_share(excess_db, freq_mhz=freq_mhz, building=building, location_sigma_db=sigma_db)
    if sigma_db == 0:
        return np.where(np.isnan(excess_db), np.nan, (excess_db >= 0).astype(float))
    return np.asarray(ndtr(excess_db / sigma_db), dtype=float)


def _one_of(table: Mapping[float, object]) -> str:
    return "one of " + ", ".join(f"{value:g}" for value in table)
