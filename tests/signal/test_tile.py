import math

import numpy as np
import pytest

from coverage.radio.antenna import Pattern
from coverage.signal.footprint import Ground, Mast, footprint
from tests.signal.masts import FLAT, PROPAGATION, alone, cell, heard, over


def test_an_isotropic_cell_is_its_power_less_the_loss() -> None:
    loss = footprint(Mast(20, 20, 33.0, (cell(),)), Ground(FLAT, 100.0), propagation=PROPAGATION)[0] / 10
    near = np.hypot(*np.mgrid[-15:16, -15:16]) <= 15
    np.testing.assert_allclose(alone(cell()).level()[5:36, 5:36][near], 34.0 - loss[near], atol=1e-9)


def test_a_sector_is_weaker_by_25_db_behind_and_by_3_db_at_half_its_beam_width() -> None:
    sector = over(alone(cell(azimuth_deg=90.0, beamwidth_deg=90.0)).level(), alone(cell()).level())
    assert sector[20, 30] == pytest.approx(0.0, abs=1e-9)  # due east
    assert sector[20, 10] == pytest.approx(-25.0, abs=1e-9)  # due west
    assert sector[10, 30] == pytest.approx(-3.0, abs=0.0501)  # north-east: 45 degrees off
    assert sector[30, 30] == pytest.approx(-3.0, abs=0.0501)  # south-east


def test_downtilt_weakens_what_lies_on_the_horizon() -> None:
    level = over(alone(cell(tilt_deg=5.0, vertical_beamwidth_deg=10.0)).level(), alone(cell()).level())
    # 1.5 km away, 31.5 m below the antenna: 1.2 degrees down, so 3.8 off the beam: 12 (3.8/10)^2 = 1.7 dB
    down_deg = math.degrees(math.atan2(31.5, 1500))
    assert level[20, 35] == pytest.approx(-12 * ((5 - down_deg) / 10) ** 2, abs=0.0601)


def test_the_strongest_of_two_cells_serves_and_the_other_is_second() -> None:
    east, west = cell(index=7, azimuth_deg=90.0), cell(index=9, azimuth_deg=270.0)
    both, first, other = alone(east, west), alone(east), alone(west)
    assert both.server()[20, 30] == 7
    assert both.server()[20, 10] == 9
    np.testing.assert_array_equal(both.level(), np.maximum(first.level(), other.level()))
    np.testing.assert_array_equal(both.second(), np.minimum(first.level(), other.level()))


def test_beyond_the_reach_of_a_technology_no_cell_reaches_and_nothing_is_void() -> None:
    found = alone(cell(max_radius_m=1000.0), cell(technology="2g", freq_mhz=900.0))
    assert np.isfinite(found.level(technology="2g")[20, 34])
    assert found.level()[20, 34] == -np.inf
    assert not found.void().any()
    assert found.server()[20, 34] == -1
    assert found.overlap()[20, 34] == 0


def test_behind_missing_terrain_the_pixel_is_void_not_without_signal() -> None:
    terrain = FLAT.copy()
    terrain[:, 25] = np.nan
    found = alone(cell(), terrain=terrain)
    assert found.void()[20, 30]
    assert not found.void()[20, 15]
    assert np.isnan(found.level()[20, 30])
    assert np.isnan(found.level()[0, 25])  # no terrain, though no mast is near
    assert found.level()[0, 0] == -np.inf


def test_a_pixel_that_another_mast_reaches_has_a_level_though_one_mast_could_not_be_modelled() -> None:
    terrain = FLAT.copy()
    terrain[:, 25] = np.nan
    found = heard(
        Mast(20, 20, 33.0, (cell(index=0),)),
        Mast(20, 30, 33.0, (cell(index=1, operator="vnpt"),)),
        terrain=terrain,
    )
    assert np.isfinite(found.level("any")[20, 32])
    assert np.isfinite(found.level("vnpt")[20, 32])
    assert np.isnan(found.level("viettel")[20, 32])
    assert found.level("vnpt")[20, 5] == -np.inf  # beyond its reach; that viettel is heard there does not matter


def test_servers_within_6_db_of_the_best_are_counted_where_it_is_weak_or_better() -> None:
    # Three antennas on one mast: 5 dB and 7 dB weaker than the best.
    found = alone(cell(index=0), cell(index=1, power_dbm=29.0), cell(index=2, power_dbm=27.0))
    assert found.overlap()[20, 30] == 2
    assert found.second()[20, 30] == pytest.approx(found.level()[20, 30] - 5)
    exactly = alone(cell(index=0), cell(index=1, power_dbm=28.0))
    assert exactly.overlap()[20, 30] == 2


def test_below_the_weakest_class_no_server_is_counted_though_the_level_is_kept() -> None:
    level = alone(cell()).level()
    weak = float(level[20, 32]) + 2.0
    found = alone(cell(weak_dbm=weak), cell(index=1, weak_dbm=weak))
    assert found.level()[20, 32] == level[20, 32]
    assert found.overlap()[20, 32] == 0
    assert found.overlap()[20, 21] == 2


def test_eight_stands_for_eight_servers_or_more() -> None:
    assert alone(*(cell(index=index) for index in range(8))).overlap()[20, 30] == 8
    assert alone(*(cell(index=index) for index in range(12))).overlap()[20, 30] == 8
    assert alone(*(cell(index=index) for index in range(7))).overlap()[20, 30] == 7


def slow(levels: dict[int, np.ndarray], weak_dbm: float) -> tuple[np.ndarray, ...]:
    """Best, second, server and overlap of cells by sorting them."""
    numbers = sorted(levels)
    stacked = np.stack([levels[number] for number in numbers])
    order = np.argsort(-stacked, axis=0, kind="stable")
    ranked = np.take_along_axis(stacked, order, axis=0)
    server = np.where(np.isneginf(ranked[0]), -1, np.array(numbers)[order[0]])
    near = (np.round(10 * stacked) >= np.round(10 * ranked[0]) - 60) & np.isfinite(stacked)
    overlap = np.where(ranked[0] >= weak_dbm - 1e-9, near.sum(axis=0), 0)
    return ranked[0], ranked[1], server, np.minimum(overlap, 8)


@pytest.mark.compiled
def test_many_masts_of_two_operators_are_as_if_sorted_pixel_by_pixel() -> None:
    rng = np.random.default_rng(3)
    terrain = rng.uniform(300, 700, (41, 41)).astype(np.float32)
    masts, number = [], 0
    for _ in range(14):
        cells = []
        for _ in range(rng.integers(1, 4)):
            cells.append(
                cell(
                    index=number, operator=rng.choice(["viettel", "vnpt"]), azimuth_deg=float(rng.uniform(0, 360)),
                    power_dbm=float(rng.uniform(10, 34)), freq_mhz=float(rng.choice([900.0, 1800.0])),
                    max_radius_m=float(rng.choice([1000.0, 2500.0])), weak_dbm=-95.0, tilt_deg=2.0,
                    vertical_beamwidth_deg=10.0,
                )
            )  # fmt: skip
            number += 1
        masts.append(Mast(int(rng.integers(41)), int(rng.integers(41)), float(rng.uniform(20, 60)), tuple(cells)))
    found = heard(*masts, terrain=terrain)
    alone_levels = {
        one.index: heard(Mast(mast.row, mast.col, mast.height_m, (one,)), terrain=terrain).level(one.operator)
        for mast in masts
        for one in mast.cells
    }
    of = {one.index: one.operator for mast in masts for one in mast.cells}
    for operator in ("viettel", "vnpt", "any"):
        own = {index: level for index, level in alone_levels.items() if operator in (of[index], "any")}
        best, second, server, overlap = slow(own, -95.0)
        np.testing.assert_array_equal(found.level(operator), best)
        np.testing.assert_array_equal(found.second(operator), second)
        np.testing.assert_array_equal(found.server(operator), server)
        np.testing.assert_array_equal(found.overlap(operator), overlap)
    assert found.overlap("any").max() > 3


NARROW = Pattern(
    horizontal=((0, 0), (20, 0), (40, 30), (320, 30), (340, 0)),
    vertical=((0, 0), (10, 0), (30, 18), (90, 18), (170, 30), (190, 30), (270, 18), (330, 18), (350, 0)),
)
"""30 dB weaker aside and behind than 20 degrees about the boresight."""


def test_a_measured_pattern_takes_the_place_of_the_beam_widths() -> None:
    measured, plain = alone(cell(azimuth_deg=90.0, pattern=NARROW)).level(), alone(cell()).level()
    assert measured[20, 30] - plain[20, 30] == pytest.approx(0, abs=1e-9)  # along the boresight, east
    assert measured[20, 10] - plain[20, 10] == pytest.approx(-30, abs=1e-9)  # behind
    assert measured[30, 20] - plain[30, 20] == pytest.approx(-30, abs=1e-9)  # aside, south: the cuts agree there
    assert (measured <= plain).all()


def test_cells_with_and_without_a_pattern_share_a_mast() -> None:
    mixed = alone(cell(index=0), cell(index=1, freq_mhz=900.0, azimuth_deg=90.0, pattern=NARROW), cell(index=2))
    own = alone(cell(index=1, freq_mhz=900.0, azimuth_deg=90.0, pattern=NARROW)).level()
    plain = alone(cell()).level()
    np.testing.assert_array_equal(mixed.level(), np.maximum(own, plain))


WEDGE = Pattern(horizontal=((0, 0),), vertical=((0, 0), (90, 90), (180, 0), (270, 90)))
"""1 dB a degree up and down, ahead and behind."""


def test_the_tilt_of_a_pattern_is_mechanical_down_ahead_and_up_behind() -> None:
    level = over(alone(cell(azimuth_deg=90.0, tilt_deg=6.0, pattern=WEDGE)).level(), alone(cell()).level())
    down_deg = math.degrees(math.atan2(31.5, 1500))
    assert level[20, 35] == pytest.approx(-(6 - down_deg), abs=0.07)  # ahead the beam looks below the horizon
    assert level[20, 5] == pytest.approx(-(6 + down_deg), abs=0.07)  # behind it looks above


def test_a_round_pattern_without_a_direction_is_tilted_alike_all_around() -> None:
    level = over(alone(cell(tilt_deg=6.0, pattern=WEDGE)).level(), alone(cell()).level())
    down_deg = math.degrees(math.atan2(31.5, 1500))
    for ahead in (level[20, 35], level[20, 5], level[5, 20], level[35, 20]):
        assert ahead == pytest.approx(-(6 - down_deg), abs=0.07)
