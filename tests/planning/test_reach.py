from dataclasses import replace

import numpy as np
import pytest

from coverage.planning.candidates import Candidates
from coverage.planning.demand import Demand
from coverage.planning.reach import exact_reach, loss_allowed_db, radius_m, rough_reach
from coverage.progress import Silent
from coverage.radio.indoor import indoor_loss_db
from coverage.radio.sweep import area_loss_db
from coverage.signal.network import propagation_of
from tests.planning.world import CELL_M, GRID, SOUTH, WEST, flat, layers, study


def candidates(*places, height_m=36.0):
    x, y = np.array([WEST, SOUTH])[:, None] + np.array(places, dtype=float).T
    return Candidates.of("new", [f"N-{i}" for i in range(len(places))], x, y, [height_m] * len(places))


def demand(*places):
    x, y = np.array([WEST, SOUTH])[:, None] + np.array(places, dtype=float).T
    ones = np.ones(len(places))
    return Demand(x, y, ones.astype(int), np.arange(len(places)), ones.astype(bool), ones)


def test_the_loss_allowed_is_the_power_of_a_resource_element_over_the_threshold():
    # 20 dBm over 10 MHz are 20 - 27.78 dBm per resource element (DOMAIN: 27.8 dB), 107.2 dB above -115 dBm.
    assert loss_allowed_db(study()) == pytest.approx(20 - 10 * np.log10(600) + 115)
    indoors = study().model_copy(update={"definitions": study().definitions.model_copy(update={"indoor_db": 10.0})})
    assert loss_allowed_db(indoors) == pytest.approx(loss_allowed_db(study()) - 10)


def test_reach_ends_at_the_shorter_of_the_two_radii():
    assert radius_m(study()) == 10_000
    assert radius_m(study(max_radius_km=20)) == 15_000


def test_on_a_plain_the_rough_reach_is_that_of_free_space_and_a_wall_ends_it():
    # 107.2 dB at 1800 MHz: 20 log d = 107.2 - 32.4 - 65.1 = 9.7, d = 3.06 km.
    mast, east = candidates((50, 2050)), [(3050, 2050), (3150, 2050)]
    assert rough_reach(mast, demand(*east), layers(), study()).toarray().tolist() == [[True, False]]
    terrain = flat()
    terrain[:, 15] = 700
    assert not rough_reach(mast, demand(*east), layers(terrain_m=terrain), study()).nnz


def test_the_exact_reach_sees_places_before_a_ridge_and_not_those_in_its_shadow():
    terrain = flat()
    terrain[:, 12] = 700
    places = demand((950, 2050), (1250, 2050), (1450, 2050), (1650, 2050))
    found = exact_reach(candidates((250, 2050)), places, layers(terrain_m=terrain), study(), progress=Silent())
    assert found.toarray().tolist() == [[True, True, False, False]]


def test_the_exact_reach_ends_in_the_shadow_of_a_forest():
    cover = np.full((40, 40), 30, dtype=np.uint8)
    cover[:, 25] = 10  # 100 m before the second place
    trees = replace(layers(), land_cover=cover)
    places, mast = demand((950, 2050), (2650, 2050)), candidates((250, 2050))
    assert exact_reach(mast, places, layers(), study(), progress=Silent()).toarray().tolist() == [[True, True]]
    assert exact_reach(mast, places, trees, study(), progress=Silent()).toarray().tolist() == [[True, False]]


def test_planning_follows_the_model_of_the_study():
    terrain = flat()
    terrain[:, 12] = 700
    blind = study().model_copy(update={"radio": study().radio.model_copy(update={"model": "free_space"})})
    places, mast = demand((950, 2050), (2650, 2050), (3450, 2050)), candidates((250, 2050))
    world = layers(terrain_m=terrain)
    # The ridge is nothing to free space, which ends at 3.06 km.
    for reach in (rough_reach(mast, places, world, blind), exact_reach(mast, places, world, blind, progress=Silent())):
        assert reach.toarray().tolist() == [[True, True, False]]
    assert rough_reach(mast, places, world, study()).toarray().tolist() == [[True, False, False]]


def test_planning_counts_the_building_as_the_map_does():
    indoors = study().model_copy(update={"radio": study().radio.model_copy(update={"building": "traditional"})})
    entry_db = indoor_loss_db(freq_mhz=1800.0, building="traditional", location_sigma_db=5.5)
    assert loss_allowed_db(indoors) == loss_allowed_db(study())
    # 107.2 dB of free space less 15.1 dB: 3.06 km become 0.54 km.
    reach_m = 3060 * 10 ** (-entry_db / 20)
    mast, places = candidates((50, 2050)), demand((reach_m, 2050), (reach_m + 100, 2050))
    assert rough_reach(mast, places, layers(), indoors).toarray().tolist() == [[True, False]]
    assert rough_reach(mast, places, layers(), study()).toarray().tolist() == [[True, True]]
    blind = indoors.model_copy(update={"radio": indoors.radio.model_copy(update={"model": "free_space"})})
    assert exact_reach(mast, places, layers(), blind, progress=Silent()).toarray().tolist() == [[True, False]]


def test_the_exact_reach_is_that_of_a_sweep_over_the_whole_radius_and_the_same_on_any_number_of_threads():
    rng = np.random.default_rng(7)
    terrain = (500 + 150 * rng.random(GRID.shape)).astype(np.float32)
    terrain[5:8, 20] = np.nan
    masts = candidates(*(rng.random((6, 2)) * 3900 + 20))
    places = demand(*(rng.random((50, 2)) * 4000))
    world, settings = layers(terrain_m=terrain), study(max_radius_km=2.5)
    found = exact_reach(masts, places, world, settings, progress=Silent()).toarray()

    propagation = propagation_of(settings, GRID)
    row, col = GRID.pixel(masts.x_m, masts.y_m)
    place_row, place_col = GRID.pixel(places.x_m, places.y_m)
    slow = np.zeros(found.shape, dtype=bool)
    for mast in range(len(masts)):
        loss_db = area_loss_db(
            terrain, cell_m=CELL_M, tx_row=int(row[mast]), tx_col=int(col[mast]), tx_height_m=36.0, rx_height_m=1.5,
            freq_mhz=1800.0, radius_m=2700.0, location_sigma_db=propagation.location_sigma_db,
            delta_n=propagation.delta_n, n0=propagation.n0, latitude_deg=propagation.latitude_deg,
        )[0]  # fmt: skip
        for place in range(len(places)):
            near = np.hypot(masts.x_m[mast] - places.x_m[place], masts.y_m[mast] - places.y_m[place]) <= 2500
            if near and place_row[place] >= 0:
                level = loss_db[27 + place_row[place] - row[mast], 27 + place_col[place] - col[mast]]
                slow[mast, place] = level <= loss_allowed_db(settings)
    assert found.any()
    assert not found.all()
    np.testing.assert_array_equal(found, slow)
    for threads in (1, 3):
        again = exact_reach(masts, places, world, settings.model_copy(update={"threads": threads}), progress=Silent())
        np.testing.assert_array_equal(again.toarray(), found)


def test_no_candidate_is_no_reach_and_neither_is_demand_out_of_it():
    nobody = candidates((50, 50)).take(np.zeros(0, dtype=int))
    assert rough_reach(nobody, demand((50, 50)), layers(), study()).shape == (0, 1)
    assert exact_reach(nobody, demand((50, 50)), layers(), study(), progress=Silent()).shape == (0, 1)
    far = exact_reach(candidates((50, 50)), demand((50, 3950)), layers(), study(max_radius_km=1), progress=Silent())
    assert (far.shape, far.nnz) == ((1, 1), 0)
