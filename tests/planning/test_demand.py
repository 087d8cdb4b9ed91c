import numpy as np

from coverage.planning.demand import unserved
from coverage.result import Signal
from tests.planning.world import GRID, at, flat, frame, having, layers, silent, study, village, villages


def everywhere(level_dbm: float) -> np.ndarray:
    return np.full(GRID.shape, level_dbm)


def test_a_village_without_housing_has_all_its_households_at_its_centre():
    people = villages(village("a", at(550, 550), 40), village("b", at(1550, 550), 20, status="weak", programme=True))
    found = unserved(layers(), silent(), people, study())
    assert found.households.tolist() == [40, 20]
    assert found.dead.tolist() == [True, False]
    assert found.weight.tolist() == [40.0, 20 * 0.5 * 1.2]
    assert (found.x_m[0], found.y_m[0]) == (at(550, 550).x, at(550, 550).y)


def test_households_lie_where_the_housing_layer_puts_them():
    people = villages(village("a", at(550, 550), 40), village("b", at(1550, 550), 20))
    housing = frame(
        [{"village_id": "a", "households": n, "geometry": at(x, 550)} for n, x in ((30, 150), (10, 950), (0, 50))]
        + [{"village_id": "elsewhere", "households": 5, "geometry": at(50, 50)}],
        ["village_id", "households"],
    )
    found = unserved(having(layers(housing=housing), villages=people), silent(), people, study())
    assert found.households.tolist() == [30, 10, 20]
    assert found.village.tolist() == [0, 0, 1]


def test_only_places_below_every_threshold_of_a_technology_in_service_lack_signal():
    people = villages(village("a", at(550, 550), 40), village("b", at(2550, 550), 20, status="weak"))
    level = everywhere(-115.1)
    level[:, 20:] = -115.0  # weak is signal
    assert unserved(layers(), silent(**{"4g": level}), people, study()).village.tolist() == [0]
    # 2G ended on 15 September 2026: its signal serves nobody in October.
    assert unserved(layers(), silent(**{"2g": everywhere(-50)}), people, study()).village.tolist() == [0, 1]
    indoors = study().model_copy(update={"definitions": study().definitions.model_copy(update={"indoor_db": 10.0})})
    assert unserved(layers(), silent(**{"4g": everywhere(-106)}), people, indoors).village.tolist() == [0, 1]
    assert unserved(layers(), silent(**{"4g": everywhere(-105)}), people, indoors).village.tolist() == []


def test_nothing_is_claimed_off_the_terrain_in_a_void_or_about_villages_of_another_status():
    terrain = flat()
    terrain[:, :10] = np.nan
    void = np.zeros(GRID.shape, dtype=bool)
    void[:, 30:] = True
    people = villages(
        village("off the terrain", at(550, 550), 1),
        village("outside", at(-5000, 550), 2),
        village("in a void", at(3550, 550), 3),
        village("covered", at(1550, 550), 4, status="covered"),
        village("not assessed", at(1550, 550), 5, status="not_assessed"),
        village("nowhere", None, 6),
        village("uncounted", at(1550, 550), None),
        village("dead", at(2550, 550), 7),
    )
    signal = Signal(GRID, {}, voids={"4g": void})
    assert unserved(layers(terrain_m=terrain), signal, people, study()).households.tolist() == [7]


def test_nobody_at_all_is_no_demand():
    housing = frame([], ["village_id", "households"])
    assert len(unserved(layers(), silent(), villages(), study())) == 0
    assert len(unserved(layers(housing=housing), silent(), villages(), study())) == 0
