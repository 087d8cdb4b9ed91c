"""Figures of cells that were written in another unit, or twice; what one table tells by itself."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.layers.draft import Draft
from coverage.study import Study

_Range = tuple[float, float]
_BANDS_MHZ: Mapping[str, tuple[_Range, ...]] = MappingProxyType(
    {
        "2g": ((824, 960), (1710, 1990)),
        "3g": ((824, 960), (1710, 2170)),
        "4g": ((450, 470), (698, 960), (1710, 2200), (2300, 2400), (2496, 2690)),
        "5g": ((698, 960), (1710, 2200), (2300, 2400), (2496, 2690), (3300, 5000)),
    }
)
"""Bands in use, both directions and the round figures they go by; 3GPP TS 45.005, 25.101, 36.101 and 38.101-1."""
_CHANNELS: Mapping[str, tuple[tuple[int, int, float, float], ...]] = MappingProxyType(
    {
        "2g": ((1, 124, 935.2, 0.2), (512, 885, 1805.2, 0.2), (975, 1023, 925.2, 0.2)),
        "3g": ((2937, 3088, 927.4, 0.2), (9612, 9888, 1922.4, 0.2), (10562, 10838, 2112.4, 0.2)),
        "4g": ((0, 599, 2110, 0.1), (1200, 1949, 1805, 0.1), (2400, 2649, 869, 0.1), (2750, 3449, 2620, 0.1),
               (3450, 3799, 925, 0.1), (9210, 9659, 758, 0.1), (37750, 38249, 2570, 0.1), (38650, 39649, 2300, 0.1),
               (39650, 41589, 2496, 0.1)),
        "5g": ((140_000, 599_999, 700, 0.005), (620_000, 680_000, 3300, 0.015)),
    }
)  # fmt: skip
"""Channel numbers: first, last, MHz of the first, MHz per channel; the documents named above and TS 38.104, 5.4.2."""
_UNITS = (("frequency_in_khz", "kHz", 1e-3), ("frequency_in_hz", "Hz", 1e-6), ("frequency_in_ghz", "GHz", 1e3))

_ANTENNA_DB = MappingProxyType({"2g": 15.0, "3g": 15.0, "4g": 15.0, "5g": 24.0})
"""Gain less feeder loss between transmitter and EIRP, dB: a sector of 17 dBi less 2 dB, a 5G panel; practice."""
_ELEMENTS_PER_MHZ = MappingProxyType({"4g": 60.0, "5g": 32.0})
"""Resource elements across a MHz: 15 and 30 kHz apart, less the guard bands; 3GPP TS 36.101 and 38.101-1."""
_SHARE = 0.2
"""Cells of an operator's technology that must look alike before their unit is doubted; a few small cells are normal."""


def check_figures(draft: Draft, study: Study) -> None:
    """
    Note frequencies and powers in another unit, lost azimuths and cells given twice.

    Parameters
    ----------
    draft
        Cells before they are held against the schema; a figure that is explained here is not reported there again.
    study
        Its technologies say what power is usual.
    """
    if "freq_mhz" in draft.given:
        _frequencies(draft)
    if "eirp_dbm" in draft.given:
        _powers(draft, study)
    _azimuths(draft)
    _copies(draft)


def _frequencies(draft: Draft) -> None:
    freq_mhz, technology = draft.frame["freq_mhz"], draft.frame["technology"]
    off = freq_mhz.notna() & technology.isin(list(_BANDS_MHZ)) & ~_in_band(freq_mhz, technology)
    beyond = off & ~freq_mhz.between(draft.table["freq_mhz"].minimum, draft.table["freq_mhz"].maximum)

    def report(bad: pd.Series, kind: str, looks_like: str, remedy: str, mhz: pd.Series) -> None:
        draft.report(
            bad,
            lambda row: (
                f"{row['freq_mhz']:.7g} for {row['technology']} of site {row['site_id']}"
                f"{looks_like.format(mhz=mhz[row.name])}"
            ),
            "MHz in a band of the technology",
            remedy,
            column="freq_mhz",
            fatal=bool((bad & beyond).any()),
            kind=kind,
        )

    for kind, unit, factor in _UNITS:
        mhz = freq_mhz * factor
        alike = off & _in_band(mhz, technology)
        report(alike, kind, f", which looks like {unit} ({{mhz:g}} MHz)", "Give MHz.", mhz)
        off &= ~alike
    mhz = _of_channel(freq_mhz, technology)
    # A round figure from another technology's band is that band, not the channel of the same number.
    elsewhere = pd.concat([_within(freq_mhz, bands) for bands in _BANDS_MHZ.values()], axis="columns").any(
        axis="columns"
    )
    channel = off & mhz.notna() & ~(elsewhere & (freq_mhz % 100 == 0))
    said = ", which looks like a channel number ({mhz:g} MHz)"
    report(channel, "frequency_is_channel", said, "Give MHz in place of the channel number.", mhz)
    remedy = "Correct the frequency or the technology."
    report(off & ~channel & ~beyond, "frequency_not_of_technology", "", remedy, mhz)
    draft.unread["freq_mhz"] = draft.misread("freq_mhz") | (beyond & (~off | channel))


def _within(mhz: pd.Series, bands: tuple[_Range, ...]) -> pd.Series:
    return pd.concat([mhz.between(low, high) for low, high in bands], axis="columns").any(axis="columns")


def _in_band(mhz: pd.Series, technology: pd.Series) -> pd.Series:
    found = pd.Series(False, index=mhz.index)
    for name, bands in _BANDS_MHZ.items():
        found |= (technology == name) & _within(mhz, bands)
    return found


def _of_channel(number: pd.Series, technology: pd.Series) -> pd.Series:
    """Return the carrier of a channel number, MHz; NaN where the technology has no such channel."""
    mhz = pd.Series(np.nan, index=number.index)
    for name, channels in _CHANNELS.items():
        for first, last, start_mhz, step_mhz in channels:
            here = (technology == name) & number.between(first, last) & (number % 1 == 0)
            mhz = mhz.mask(here, start_mhz + (number - first) * step_mhz)
    return mhz


def _powers(draft: Draft, study: Study) -> None:
    """Note EIRP in watts, of a resource element in place of the carrier, and power before the antenna."""
    frame, eirp_dbm = draft.frame, draft.frame["eirp_dbm"]
    watts = eirp_dbm > (draft.table["eirp_dbm"].maximum or np.inf)
    draft.report(
        watts,
        lambda row: (
            f"{row['eirp_dbm']:g} at site {row['site_id']}, which looks like watts "
            f"({10 * np.log10(row['eirp_dbm']) + 30:.1f} dBm)"
        ),
        "EIRP of the whole carrier in dBm",
        "Give dBm: 10·log10(watts) + 30.",
        column="eirp_dbm",
        kind="eirp_in_watts",
    )
    draft.unread["eirp_dbm"] = draft.misread("eirp_dbm") | watts
    usual, element, power = _expected(frame, study)
    misses = np.abs(np.column_stack([each - eirp_dbm for each in (usual, element, power)]))
    nearest = pd.Series(np.argmin(np.nan_to_num(misses, nan=np.inf), axis=1), index=frame.index)
    whole = frame["bandwidth_mhz"].map("{:g}".format)
    for number, kind, what, remedy in (
        (1, "eirp_per_element", "one resource element", "Add 10·log10 of the subcarriers: 27.8 dB at 10 MHz of 4G."),
        (2, "eirp_is_power", "the transmitter, before the antenna", "Add the gain of the antenna, less feeder losses."),
    ):
        alike = (nearest == number) & ~watts & eirp_dbm.notna()
        often = alike.groupby([frame["operator"], frame["technology"]]).transform("mean") >= _SHARE
        draft.report(
            alike & often.eq(True),
            lambda row, what=what: (  # type: ignore[misc]
                f"{row['eirp_dbm']:g} dBm for {row['technology']} of {whole[row.name]} MHz at site {row['site_id']}, "
                f"which looks like {what}; about {usual[row.name]:.0f} dBm is usual"
            ),
            "EIRP of the whole carrier in dBm",
            remedy,
            column="eirp_dbm",
            fatal=False,
            kind=kind,
        )


def _expected(frame: pd.DataFrame, study: Study) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return the usual EIRP of each cell's carrier, what it is per resource element, and at the transmitter, dBm."""
    technology, bandwidth_mhz = frame["technology"], frame["bandwidth_mhz"]
    carrier_dbm = technology.map({name: row.eirp_dbm for name, row in study.technologies.items()}).astype("float64")
    per_mhz = technology.map(dict(_ELEMENTS_PER_MHZ)).astype("float64")
    common_mhz = technology.map({name: row.bandwidth_mhz for name, row in study.technologies.items()}).astype("float64")
    wider = (bandwidth_mhz / common_mhz).where(per_mhz.notna() & (bandwidth_mhz > 0), 1.0)
    usual: pd.Series = carrier_dbm + _db(wider)
    element = usual - _db((per_mhz * bandwidth_mhz).where(bandwidth_mhz > 0))
    return usual, element, usual - technology.map(dict(_ANTENNA_DB)).astype("float64")


def _db(ratio: pd.Series) -> pd.Series:
    values: NDArray[np.float64] = 10.0 * np.log10(ratio.to_numpy(dtype=float))
    return pd.Series(values, index=ratio.index)


def _azimuths(draft: Draft) -> None:
    """Note sectors without a direction: they would count as radiating all around."""
    frame = draft.frame
    none = frame["azimuth_deg"].isna() & ~draft.misread("azimuth_deg")
    sectors = (~none).groupby([frame["site_id"], frame["operator"], frame["technology"]]).transform("any").eq(True)
    draft.report(
        none & (sectors | (frame["beamwidth_deg"] < 360)) & ~(frame["beamwidth_deg"] == 360),
        lambda row: f"a sector of site {row['site_id']} ({row['operator']} {row['technology']}) without an azimuth",
        "a direction for every sector; only a mast that radiates all around has none",
        "Fill it in; until then the cell counts as radiating all around.",
        column="azimuth_deg",
        fatal=False,
        kind="azimuth_missing",
    )


def _copies(draft: Draft) -> None:
    frame = draft.frame
    same = ["site_id", "operator", "technology", "freq_mhz", "azimuth_deg"]
    draft.report(
        frame.duplicated(same) & frame["site_id"].notna(),
        lambda row: (
            f"a cell of site {row['site_id']} like an earlier one: {row['operator']} {row['technology']}, "
            f"{row['freq_mhz']:g} MHz, azimuth {row['azimuth_deg']:g}°"
        ),
        "each cell once",
        "Remove the copy; two carriers of one band have a frequency each.",
        fatal=False,
        kind="cell_twice",
    )
