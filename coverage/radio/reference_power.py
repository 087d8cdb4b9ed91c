"""From the power of a carrier to the power of what a phone measures: a resource element, a pilot, the carrier."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError

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

    Examples
    --------
    >>> round(reference_power_dbm("4g", eirp_dbm=62, bandwidth_mhz=10), 1)
    34.2
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


def _one_of(table: Mapping[float, object]) -> str:
    return "one of " + ", ".join(f"{value:g}" for value in table)
