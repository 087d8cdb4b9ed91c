import math
from dataclasses import replace

import numpy as np
import pytest

from coverage.errors import CoverageError
from coverage.radio.antenna import Pattern
from coverage.radio.indoor import indoor_loss_db
from coverage.radio.sweep import area_loss_db
from coverage.signal.footprint import Cell, Ground, Mast, Propagation, footprints

PROPAGATION = Propagation(
    model="p1812", environment="suburban", rx_height_m=1.5, time_percent=50, location_percent=50, location_sigma_db=0,
    delta_n=50, n0=350, latitude_deg=21,
)  # fmt: skip
FLAT = np.full((41, 41), 500, dtype=np.float32)


def cell(**values: object) -> Cell:
    preset = {
        "index": 0, "operator": "viettel", "technology": "4g", "freq_mhz": 1800.0, "power_dbm": 34.0,
        "azimuth_deg": math.nan, "tilt_deg": 0.0, "beamwidth_deg": 65.0, "vertical_beamwidth_deg": 360.0,
        "max_radius_m": 1500.0,
    }  # fmt: skip
    return Cell(**{**preset, **values})  # type: ignore[arg-type]


def only(*cells: Cell, terrain: np.ndarray = FLAT):
    (found,) = footprints(Mast(20, 20, 33.0, cells), Ground(terrain, 100.0), propagation=PROPAGATION)
    return found


def loss_db(radius_m: float = 1500.0) -> np.ndarray:
    return area_loss_db(
        FLAT, cell_m=100.0, tx_row=20, tx_col=20, tx_height_m=33.0, rx_height_m=1.5, freq_mhz=1800.0,
        radius_m=radius_m, delta_n=50.0, n0=350.0,
    )[0]  # fmt: skip


def test_an_isotropic_cell_is_its_power_less_the_loss() -> None:
    np.testing.assert_allclose(only(cell()).level_dbm, 34.0 - loss_db(), atol=1e-4)


def test_a_sector_is_weaker_by_25_db_behind_and_by_3_db_at_half_its_beam_width() -> None:
    sector = only(cell(azimuth_deg=90.0, beamwidth_deg=90.0)).level_dbm - only(cell()).level_dbm
    assert sector[15, 25] == pytest.approx(0.0, abs=1e-4)  # due east
    assert sector[15, 5] == pytest.approx(-25.0, abs=1e-4)  # due west
    assert sector[5, 25] == pytest.approx(-3.0, abs=1e-3)  # north-east: 45 degrees off
    assert sector[25, 25] == pytest.approx(-3.0, abs=1e-3)  # south-east


def test_downtilt_weakens_what_lies_on_the_horizon() -> None:
    level = only(cell(tilt_deg=5.0, vertical_beamwidth_deg=10.0)).level_dbm - only(cell()).level_dbm
    # 1.5 km away, 31.5 m below the antenna: 1.2 degrees down, so 3.8 off the beam: 12 (3.8/10)^2 = 1.7 dB
    down_deg = math.degrees(math.atan2(31.5, 1500))
    assert level[15, 30] == pytest.approx(-12 * ((5 - down_deg) / 10) ** 2, abs=0.02)


def test_the_strongest_of_two_cells_serves_each_pixel() -> None:
    east, west = cell(index=7, azimuth_deg=90.0), cell(index=9, azimuth_deg=270.0)
    server = only(east, west).server
    assert server[15, 25] == 7
    assert server[15, 5] == 9


def test_beyond_the_reach_of_a_technology_there_is_no_level_and_no_void() -> None:
    found = footprints(
        Mast(20, 20, 33.0, (cell(max_radius_m=1000.0), cell(technology="2g", freq_mhz=900.0))),
        Ground(FLAT, 100.0),
        propagation=PROPAGATION,
    )
    by_technology = {footprint.technology: footprint for footprint in found}
    assert np.isfinite(by_technology["2g"].level_dbm[15, 29])
    assert np.isnan(by_technology["4g"].level_dbm[15, 29])
    assert not by_technology["4g"].void.any()
    assert by_technology["4g"].server[15, 29] == -1


def test_behind_missing_terrain_the_pixel_is_void_not_without_signal() -> None:
    terrain = FLAT.copy()
    terrain[:, 25] = np.nan
    found = only(cell(), terrain=terrain)
    assert found.void[15, 25]
    assert not found.void[15, 15]
    assert np.isnan(found.level_dbm[15, 20])


def test_the_model_of_the_study_is_the_one_that_predicts() -> None:
    free = replace(PROPAGATION, model="free_space")
    (found,) = footprints(Mast(20, 20, 33.0, (cell(),)), Ground(FLAT, 100.0), propagation=free)
    # 1 km east: 32.45 + 20 log 1800 + 20 log of the slant to a phone 31.5 m lower
    assert found.level_dbm[15, 25] == pytest.approx(34.0 - (97.553 + 20 * math.log10(math.hypot(1, 0.0315))), abs=0.01)


def test_a_mast_without_ground_is_refused() -> None:
    terrain = FLAT.copy()
    terrain[20, 20] = np.nan
    with pytest.raises(CoverageError):
        only(cell(), terrain=terrain)


def test_indoors_every_level_is_lower_by_the_building_and_the_spread_at_its_frequency() -> None:
    cells = (cell(), cell(technology="2g", freq_mhz=900.0))
    indoors = replace(PROPAGATION, building="traditional", location_percent=90, location_sigma_db=5.5)
    mast, ground = Mast(20, 20, 33.0, cells), Ground(FLAT, 100.0)
    outside, inside = (footprints(mast, ground, propagation=where) for where in (PROPAGATION, indoors))
    for free, walled, freq_mhz in zip(outside, inside, (900.0, 1800.0), strict=True):
        costs = indoor_loss_db(freq_mhz=freq_mhz, percent=90, building="traditional", location_sigma_db=5.5)
        lower_db = (free.level_dbm - walled.level_dbm)[np.isfinite(free.level_dbm)]
        np.testing.assert_allclose(lower_db, costs, atol=1e-3)


def test_indoors_no_share_of_places_is_better_than_the_open() -> None:
    assert replace(PROPAGATION, building="traditional", location_percent=1).spread_db(900.0) > 0
    lucky = replace(PROPAGATION, building="traditional", location_percent=1, location_sigma_db=10)
    assert lucky.spread_db(900.0) == 0


NARROW = Pattern(
    horizontal=((0, 0), (20, 0), (40, 30), (320, 30), (340, 0)),
    vertical=((0, 0), (10, 0), (30, 18), (90, 18), (170, 30), (190, 30), (270, 18), (330, 18), (350, 0)),
)
"""30 dB weaker aside and behind than 20 degrees about the boresight."""


def test_a_measured_pattern_takes_the_place_of_the_beam_widths() -> None:
    level = only(cell(azimuth_deg=90.0, pattern=NARROW)).level_dbm - only(cell()).level_dbm
    assert level[15, 25] == pytest.approx(0, abs=1e-4)  # along the boresight, east
    assert level[15, 5] == pytest.approx(-30, abs=1e-3)  # behind
    assert level[25, 15] == pytest.approx(-30, abs=1e-3)  # aside, south: the cuts agree there
    assert np.nanmax(level) == pytest.approx(0, abs=1e-4)


def test_the_tilt_of_a_pattern_is_mechanical_down_ahead_and_up_behind() -> None:
    wedge = Pattern(horizontal=((0, 0),), vertical=((0, 0), (90, 90), (180, 0), (270, 90)))  # 1 dB a degree
    level = only(cell(azimuth_deg=90.0, tilt_deg=6.0, pattern=wedge)).level_dbm - only(cell()).level_dbm
    down_deg = math.degrees(math.atan2(31.5, 1500))
    assert level[15, 30] == pytest.approx(-(6 - down_deg), abs=0.02)  # ahead the beam looks below the horizon
    assert level[15, 0] == pytest.approx(-(6 + down_deg), abs=0.02)  # behind it looks above


def test_a_round_pattern_without_a_direction_is_tilted_alike_all_around() -> None:
    wedge = Pattern(horizontal=((0, 0),), vertical=((0, 0), (90, 90), (180, 0), (270, 90)))
    level = only(cell(tilt_deg=6.0, pattern=wedge)).level_dbm - only(cell()).level_dbm
    down_deg = math.degrees(math.atan2(31.5, 1500))
    for ahead in (level[15, 30], level[15, 0], level[0, 15], level[30, 15]):
        assert ahead == pytest.approx(-(6 - down_deg), abs=0.02)
