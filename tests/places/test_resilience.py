from pathlib import Path

import pytest

from coverage.places.resilience import losses, resilience
from coverage.places.villages import assess_villages, locate
from coverage.result import Layers
from coverage.signal.prediction import predict
from coverage.study import Study
from tests.worlds import NORTH, WEST, cell, layers, study


def middle(row: int, col: int) -> dict[str, float]:
    return {"x": WEST + 100 * col + 50, "y": NORTH - 100 * row - 50}


SITES = {
    "A": cell(**middle(20, 5), site_id="A", cell_id="A1"),
    "B": cell(**middle(20, 25), site_id="B", cell_id="B1", operator="vnpt"),
    "B too": cell(**middle(20, 25), site_id="B", cell_id="B2"),
}
VILLAGES = [
    {"village_id": "1", "name": "Một", "commune_code": "03646", "households": 20, **middle(20, 2)},
    {"village_id": "2", "name": "Hai", "commune_code": "03646", "households": 20, **middle(20, 15)},
    {"village_id": "3", "name": "Ba", "commune_code": "03646", "households": 10, **middle(20, 35)},
    {"village_id": "4", "name": "Bốn", "commune_code": "03646", "households": 5, **middle(2, 15)},
]
HOUSING = [
    {"village_id": "1", "households": 20, **middle(20, 2)},
    {"village_id": "2", "households": 7, **middle(20, 8)},
    {"village_id": "2", "households": 13, **middle(20, 15)},
    {"village_id": "3", "households": 10, **middle(20, 35)},
]


def world(*sites: str) -> Layers:
    """On level ground two positions 2 km apart, each heard for 1.5 km; only the middle of Hai lies between them."""
    return layers(cells=[SITES[name] for name in sites], villages=VILLAGES, housing=HOUSING)


@pytest.fixture
def near(tmp_path: Path) -> Study:
    radii = {name: {"max_radius_km": 1.5} for name in ("2g", "3g", "4g", "5g")}
    return study(technologies=radii).model_copy(update={"folder": tmp_path})


def test_positions_are_ranked_by_the_households_that_hear_no_other(near: Study) -> None:
    whole = world("A", "B", "B too")
    villages = assess_villages(whole, predict(whole, near), near)
    found = resilience(whole, locate(whole, near), villages, near)
    assert found[["rank", "site_id", "operators", "villages_dead", "households_lost", "villages"]].values.tolist() == [
        [1, "A", "viettel", 1, 27, "Một; Hai"],
        [2, "B", "viettel; vnpt", 1, 10, "Ba"],
    ]
    assert found["commune_name"].tolist() == ["Tô Hiệu"] * 2
    assert found["lon"].between(102, 106).all()


def test_where_everybody_hears_two_or_nobody_any_nothing_hangs_on_one(near: Study) -> None:
    twins = layers(cells=[SITES["A"], {**SITES["A"], "site_id": "C", "cell_id": "C1"}], villages=VILLAGES)
    villages = assess_villages(twins, predict(twins, near), near)
    found = resilience(twins, locate(twins, near), villages, near)
    assert found.empty
    assert "households_lost" in found
    none = layers(villages=VILLAGES)
    assert resilience(none, locate(none, near), villages, near).empty


def test_losses_are_those_of_a_network_without_the_sites(near: Study) -> None:
    whole, left = world("A", "B", "B too"), world("B", "B too")
    before, without = (assess_villages(one, predict(one, near), near) for one in (whole, left))
    found = losses(before, without)
    assert found[["village_id", "status", "status_without", "households_lost"]].values.tolist() == [
        ["1", "covered", "dead", 20],
        ["2", "covered", "weak", 7],
    ]
    assert losses(before, before).empty
