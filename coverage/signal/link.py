"""One link: what P.1812 makes of the ground between its ends, and the levels at both of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from coverage.classes import SignalClass, signal_class
from coverage.path_result import PathLink, SiteCell
from coverage.radio._compiled import interpreted
from coverage.radio.antenna import Pattern, measured_antenna, sector_gain_db
from coverage.radio.p1812 import path_terms
from coverage.radio.p1812_profile import INLAND
from coverage.radio.reference_power import reference_power_dbm
from coverage.radio.uplink import phone_power_dbm, reference_sensitivity_dbm
from coverage.signal.profile import Line
from coverage.study import Study

_ROUND_DEG = 360.0
"""Beam width of an antenna that radiates alike all around."""


@dataclass(frozen=True)
class Phone:
    """What the way back depends on, where it is not what the standards say."""

    power_dbm: float | None = None
    station_gain_dbi: float = 15.0
    """17 dBi less 2 dB of cables: engineering practice, as in the EIRP that is assumed for 4G."""


def terms_of(
    line: Line, heights_m: tuple[float, float], study: Study, *, freq_mhz: float, cover: bool = True
) -> Mapping[str, float]:
    """
    Evaluate P.1812 from the first end to the second with the settings of a study, outdoors.

    Raises
    ------
    ModelRangeError
        A frequency, height, length or percentage out of its range.
    """
    radio = study.radio
    outdoors = radio.building == "none"
    return path_terms(
        freq_mhz=freq_mhz,
        distance_km=line.distance_km,
        terrain_m=line.ground_m,
        cover_m=line.cover_m if cover else None,
        zone=np.full(len(line.distance_km), INLAND),
        tx_height_m=heights_m[0],
        rx_height_m=heights_m[1],
        latitude_deg=line.latitude_deg,
        time_percent=radio.time_percent,
        location_percent=radio.location_percent if outdoors else 50.0,
        location_sigma_db=radio.location_sigma_db,
        delta_n=radio.delta_n,
        n0=radio.n0,
        compiled=False,
    )


def pattern_loss_db(
    cell: SiteCell, pattern: Pattern | None, study: Study, *, azimuth_deg: float, elevation_deg: float
) -> tuple[float, float, float]:
    """
    Work out how much less an antenna radiates in a direction than at its strongest.

    Returns
    -------
    tuple
        dB, 0 or more: in all; because the beam points aside; because it points above or below. The parts of a measured
        pattern, and those of a sector beyond its front-to-back ratio, do not add up to it: NaN, and larger.
    """
    tilt_deg = 0.0 if math.isnan(cell.tilt_deg) else cell.tilt_deg
    if pattern is not None:
        antenna = measured_antenna(pattern, azimuth_deg=cell.azimuth_deg, tilt_deg=tilt_deg)
        return -float(antenna.gain_db(azimuth_deg, elevation_deg)), math.nan, math.nan
    width_deg = study.radio.beamwidth_deg if math.isnan(cell.beamwidth_deg) else cell.beamwidth_deg
    high_deg = study.radio.vertical_beamwidth_deg
    gain_db = interpreted(sector_gain_db)
    direction = azimuth_deg, elevation_deg, cell.azimuth_deg, tilt_deg
    return (
        -gain_db(*direction, width_deg, high_deg),
        -gain_db(*direction, width_deg, _ROUND_DEG),
        -gain_db(*direction, _ROUND_DEG, high_deg),
    )


def link_budget(
    station: Literal[0, 1],
    cell: SiteCell,
    losses_db: tuple[float, float],
    pattern_db: tuple[float, float, float],
    study: Study,
    *,
    cell_from: str,
    phone: Phone,
) -> PathLink:
    """
    Reckon the levels of a link, down to the phone and back; the loss is taken to be the same both ways.

    Parameters
    ----------
    station
        Which end sends.
    cell
        What it sends with.
    losses_db
        Between isotropic antennas outdoors, and for getting into a building.
    pattern_db
        As `pattern_loss_db` returns it.
    study
        Thresholds and model.
    cell_from
        Whether the cell is of a `site`, or made of settings.
    phone
        The way back.
    """
    loss_db, entry_db = losses_db
    reference_dbm = reference_power_dbm(cell.technology, eirp_dbm=cell.eirp_dbm, bandwidth_mhz=cell.bandwidth_mhz)
    level_dbm = reference_dbm - pattern_db[0] - loss_db - entry_db
    good_dbm, weak_dbm = study.thresholds_dbm(cell.technology)
    names: dict[int, Literal["good", "weak", "none"]] = {
        SignalClass.GOOD: "good", SignalClass.WEAK: "weak", SignalClass.NONE: "none",
    }  # fmt: skip
    phone_dbm = phone.power_dbm
    if phone_dbm is None:
        phone_dbm = phone_power_dbm(cell.technology, freq_mhz=cell.freq_mhz)
    return PathLink(
        station=station,
        cell=cell,
        cell_from=cell_from,
        reference_dbm=reference_dbm,
        pattern_db=pattern_db[0],
        aside_db=pattern_db[1],
        tilt_db=pattern_db[2],
        model=study.radio.model,
        loss_db=loss_db,
        entry_db=entry_db,
        level_dbm=level_dbm,
        good_dbm=good_dbm,
        weak_dbm=weak_dbm,
        signal=names[int(signal_class(level_dbm, cell.technology, study))],
        phone_dbm=phone_dbm,
        station_gain_dbi=phone.station_gain_dbi,
        sensitivity_dbm=reference_sensitivity_dbm(cell.technology, bandwidth_mhz=cell.bandwidth_mhz),
        uplink_dbm=phone_dbm - pattern_db[0] + phone.station_gain_dbi - loss_db - entry_db,
    )
