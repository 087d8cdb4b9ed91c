"""The way back from the phone: how strongly it sends, and the weakest signal that a base station must understand."""

from collections.abc import Mapping
from types import MappingProxyType

from coverage.errors import ModelRangeError
from coverage.radio.reference_power import NR_WIDEST_15_KHZ_MHZ

PHONE_DBM: Mapping[str, float] = MappingProxyType({"2g": 33.0, "3g": 24.0, "4g": 23.0, "5g": 23.0})
"""Largest power of a phone of the usual class, dBm: GSM 900 class 4 (3GPP TS 45.005, 4.1.1), UTRA class 3 (TS 25.101,
6.2.1), E-UTRA class 3 (TS 36.101, 6.2.2), NR class 3 (TS 38.101-1, 6.2.1)."""
DCS_PHONE_DBM = 30.0
"""The same for GSM 1800 class 1 (TS 45.005, 4.1.1)."""
_DCS_FROM_MHZ = 1700.0

_LTE_DBM = {1.4: -106.8, 3.0: -103.0}
_LTE_WIDE_DBM = -101.5


def phone_power_dbm(technology: str, *, freq_mhz: float) -> float:
    """Return the largest power of a phone of the usual class, dBm; ModelRangeError for an unknown technology."""
    if technology == "2g" and freq_mhz >= _DCS_FROM_MHZ:
        return DCS_PHONE_DBM
    if technology not in PHONE_DBM:
        raise ModelRangeError("uplink", "technology", technology, f"one of {', '.join(PHONE_DBM)}")
    return PHONE_DBM[technology]


def reference_sensitivity_dbm(technology: str, *, bandwidth_mhz: float) -> float:
    """
    Weakest signal at its antenna connector that a wide-area base station must understand.

    Parameters
    ----------
    technology
        `2g` to `5g`.
    bandwidth_mhz
        Channel of `4g` and `5g`, MHz; it does not enter for `2g` and `3g`.

    Returns
    -------
    float
        dBm, of the part of the channel that the standard measures with: speech in GSM and UMTS; in LTE 25 resource
        blocks (all of them in channels of 1.4 and 3 MHz); in NR the blocks of its narrow or its wide reference channel.

    Raises
    ------
    ModelRangeError
        Unknown technology.

    References
    ----------
    3GPP TS 45.005, 6.2 (normal BTS); TS 25.104, 7.2.1; TS 36.104, table 7.2.1-1; TS 38.104, table 7.2.2-1 with
    subcarriers of 15 kHz up to 20 MHz and of 30 kHz above, as `reference_power` has it.
    """
    if technology == "2g":
        return -104.0
    if technology == "3g":
        return -121.0
    if technology == "4g":
        return _LTE_DBM.get(bandwidth_mhz, _LTE_WIDE_DBM)
    if technology == "5g":
        if bandwidth_mhz < 20.0:
            return -101.7
        return -95.3 if bandwidth_mhz <= NR_WIDEST_15_KHZ_MHZ else -95.6
    raise ModelRangeError("uplink", "technology", technology, f"one of {', '.join(PHONE_DBM)}")
