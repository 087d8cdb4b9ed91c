"""What antennas lose towards the other end of one link."""

import math

import pytest

from coverage.path_result import SiteCell
from coverage.radio.antenna import Pattern
from coverage.signal.link import Phone, link_budget, pattern_loss_db
from tests.worlds import study

CELL = SiteCell("a", "viettel", "4g", 1800, 10, 62, 33, azimuth_deg=0, tilt_deg=2)


def test_a_sector_without_a_width_has_the_studys_and_loses_aside_and_down_apart() -> None:
    total_db, aside_db, tilt_db = pattern_loss_db(CELL, None, study(), azimuth_deg=32.5, elevation_deg=-7)
    # Half of 65 degrees aside: 3 dB; 5 degrees below a beam 10 high: 3 dB.
    assert (total_db, aside_db, tilt_db) == (pytest.approx(6), pytest.approx(3), pytest.approx(3))


def test_behind_it_a_sector_loses_no_more_than_its_front_to_back_ratio() -> None:
    assert pattern_loss_db(CELL, None, study(), azimuth_deg=180, elevation_deg=-60)[0] == 25


def test_a_measured_pattern_takes_the_place_of_the_sector() -> None:
    horizontal = ((0.0, 0.0), (90.0, 10.0), (180.0, 20.0), (270.0, 10.0))
    vertical = ((0.0, 0.0), (90.0, 30.0), (180.0, 20.0), (270.0, 30.0))
    level = SiteCell("a", "viettel", "4g", 1800, 10, 62, 33, azimuth_deg=0, antenna="x.msi")
    loss_db, *parts = pattern_loss_db(level, Pattern(horizontal, vertical), study(), azimuth_deg=90, elevation_deg=0)
    assert loss_db == pytest.approx(10)
    assert all(map(math.isnan, parts))


@pytest.mark.parametrize(("loss_db", "signal"), [(139, "good"), (140, "weak"), (149, "weak"), (150, "none")])
def test_a_level_has_the_class_that_the_study_gives_it(loss_db: float, signal: str) -> None:
    # 62 dBm over 600 carriers are 34.22 dBm each: -105 dBm are reached at 139.2 dB, -115 dBm at 149.2 dB.
    link = link_budget(0, CELL, (loss_db, 0.0), (0.0, 0.0, 0.0), study(), cell_from="site", phone=Phone())
    assert link.signal == signal
    assert link.margin_db == pytest.approx(34.218 - loss_db + 115, abs=0.001)
    indoors = link_budget(0, CELL, (loss_db, 12.0), (0.0, 0.0, 0.0), study(), cell_from="site", phone=Phone())
    assert indoors.level_dbm == pytest.approx(link.level_dbm - 12)
    assert indoors.uplink_margin_db == pytest.approx(link.uplink_margin_db - 12)
