import math
from dataclasses import replace

import numpy as np
import pytest

from coverage.errors import CoverageError
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
