import numpy as np

from coverage.columns.words import ANY
from coverage.places.networks import Network
from coverage.places.villages import locate
from coverage.planning.candidates import Candidates
from coverage.planning.outcome import changes, statuses_after
from tests.planning.world import SOUTH, WEST, at, frame, having, layers, silent, study, village, villages

HOMES = ("village_id", "households")


def masts(*places: tuple[float, float]) -> Candidates:
    x, y = np.array([WEST, SOUTH])[:, None] + np.array(places, dtype=float).T
    return Candidates.of("new", [f"N-{i}" for i in range(len(places))], x, y, [36.0] * len(places))


def built(sites: Candidates, *rows: dict, homes: list[dict] | None = None, status: str = "dead") -> tuple[list, list]:
    """Return, per site, the statuses after it, and the names that it lifts."""
    people = villages(*({**row, "status": status} for row in rows))
    housing = None if homes is None else frame(homes, HOMES)
    world, settings = having(layers(), villages=people, housing=housing), study()
    anyone = Network(ANY, locate(world, settings), world, silent(), settings)
    after = [list(statuses) for statuses in statuses_after(sites, anyone, world, settings)]
    lifted = [
        (change["villages_resolved"], change["villages_improved"])
        for change in changes(sites, anyone, people, world, settings)
    ]
    return after, lifted


def test_a_village_beside_the_mast_is_covered_and_one_at_the_end_of_its_reach_weak_until_it_has_its_own() -> None:
    # 107.2 dB to be weak, free space at 1800 MHz reaches 3.06 km; good begins 10 dB earlier, at 0.97 km.
    near, far = village("a", at(550, 2050), 10), village("b", at(2450, 2050), 10)
    after, lifted = built(masts((350, 2050), (2650, 2050)), near, far)
    assert after == [["covered", "weak"], ["covered", "covered"]]
    assert lifted == [("Bản a", "Bản b"), ("Bản b", "")]


def test_a_mast_that_reaches_nobody_changes_nothing_and_a_village_without_a_point_stays_out() -> None:
    after, lifted = built(masts((3950, 50)), village("a", at(150, 3950), 10), village("b", None, 10))
    assert after == [["dead", "not_assessed"]]
    assert lifted == [("", "")]


def test_a_village_whose_households_are_unknown_is_lifted_like_any_other() -> None:
    _, lifted = built(masts((350, 2050)), village("a", at(550, 2050), None))
    assert lifted == [("Bản a", "")]


def test_homes_left_without_signal_keep_a_village_weak() -> None:
    homes = [
        {"village_id": "a", "households": 6.0, "geometry": at(550, 2050)},
        {"village_id": "a", "households": 4.0, "geometry": at(3950, 3950)},
    ]
    after, lifted = built(masts((350, 2050), (3950, 3750)), village("a", at(550, 2050), 10), homes=homes)
    assert after == [["weak"], ["covered"]]
    assert lifted == [("", "Bản a"), ("Bản a", "")]
