import math
from dataclasses import replace

import numpy as np
import pytest

from coverage.errors import CoverageError
from coverage.radio.indoor import indoor_loss_db
from coverage.radio.sweep import area_loss_db
from coverage.signal.footprint import BEYOND, VOID, Ground, Mast, bands_of, footprint
from tests.signal.masts import FLAT, PROPAGATION, cell, over


def around(*cells, terrain: np.ndarray = FLAT, propagation=PROPAGATION) -> np.ndarray:
    """Loss, dB, around a mast in the middle; NaN where void, infinite beyond its reach."""
    tenths = footprint(Mast(20, 20, 33.0, cells), Ground(terrain, 100.0), propagation=propagation)
    return np.where(tenths == BEYOND, np.inf, np.where(tenths == VOID, np.nan, tenths / 10))


def loss_db(radius_m: float = 1500.0) -> np.ndarray:
    return area_loss_db(
        FLAT, cell_m=100.0, tx_row=20, tx_col=20, tx_height_m=33.0, rx_height_m=1.5, freq_mhz=1800.0,
        radius_m=radius_m, delta_n=50.0, n0=350.0,
    )[0]  # fmt: skip


def test_a_footprint_is_the_loss_of_the_model_in_tenths_of_a_decibel() -> None:
    expected = loss_db()
    near = np.isfinite(expected)
    np.testing.assert_allclose(around(cell())[0][near], expected[near], atol=0.0501)


def test_it_ends_at_the_radius_of_each_band() -> None:
    found = around(cell(max_radius_m=1000.0), cell(technology="2g", freq_mhz=900.0))
    assert found.shape == (2, 31, 31)  # 900 MHz first
    assert np.isfinite(found[0, 15, 29])
    assert np.isinf(found[1, 15, 29])
    assert np.isfinite(found[1, 15, 25])


def test_it_ends_where_the_strongest_cell_is_6_db_below_the_weakest_class() -> None:
    expected = loss_db()
    limit = float(np.round(np.nanquantile(expected, 0.6), 2))
    weaker = cell(power_dbm=-100.0 + limit - 6 - 3, weak_dbm=-100.0)
    found = around(weaker, cell(power_dbm=-100.0 + limit - 6, weak_dbm=-100.0))[0]
    known = np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(found[known]), expected[known] <= np.float32(limit))


def test_the_bands_of_a_mast_reach_as_far_as_their_farthest_and_strongest_cells() -> None:
    cells = (
        cell(freq_mhz=1800.0, power_dbm=34.0, weak_dbm=-115.0, max_radius_m=900.0),
        cell(freq_mhz=1800.0, power_dbm=30.0, weak_dbm=-120.0, max_radius_m=800.0),
        cell(freq_mhz=900.0, technology="2g", power_dbm=57.0, weak_dbm=-105.0, max_radius_m=2000.0),
    )
    low, high = bands_of(Mast(0, 0, 30.0, cells))
    assert (low.freq_mhz, low.radius_m, low.limit_db) == (900.0, 2000.0, 57 + 105 + 6)
    assert (high.freq_mhz, high.radius_m, high.limit_db) == (1800.0, 900.0, 30 + 120 + 6)


def test_behind_missing_terrain_the_pixel_is_void() -> None:
    terrain = FLAT.copy()
    terrain[:, 25] = np.nan
    found = around(cell(), terrain=terrain)[0]
    assert np.isnan(found[15, 25])
    assert np.isfinite(found[15, 13])
    assert np.isinf(found[15 - 11, 15 + 11])  # beyond the radius there is no void


def test_the_model_of_the_study_is_the_one_that_predicts() -> None:
    found = around(cell(), propagation=replace(PROPAGATION, model="free_space"))[0]
    # 1 km east: 32.45 + 20 log 1800 + 20 log of the slant to a phone 31.5 m lower
    assert found[15, 25] == pytest.approx(97.553 + 20 * math.log10(math.hypot(1, 0.0315)), abs=0.06)


def test_a_mast_without_ground_is_refused() -> None:
    terrain = FLAT.copy()
    terrain[20, 20] = np.nan
    with pytest.raises(CoverageError):
        around(cell(), terrain=terrain)


def test_indoors_every_loss_is_greater_by_the_building_and_the_spread_at_its_frequency() -> None:
    cells = (cell(), cell(technology="2g", freq_mhz=900.0))
    indoors = replace(PROPAGATION, building="traditional", location_percent=90, location_sigma_db=5.5)
    outside, inside = around(*cells), around(*cells, propagation=indoors)
    for free, walled, freq_mhz in zip(outside, inside, (900.0, 1800.0), strict=True):
        costs = indoor_loss_db(freq_mhz=freq_mhz, percent=90, building="traditional", location_sigma_db=5.5)
        costlier = over(walled, free)
        assert np.isfinite(costlier).any()
        np.testing.assert_allclose(costlier[np.isfinite(costlier)], costs, atol=0.11)


def test_indoors_no_share_of_places_is_better_than_the_open() -> None:
    assert replace(PROPAGATION, building="traditional", location_percent=1).spread_db(900.0) > 0
    lucky = replace(PROPAGATION, building="traditional", location_percent=1, location_sigma_db=10)
    assert lucky.spread_db(900.0) == 0
