import numpy as np
import pytest

from coverage.errors import StudyError
from coverage.planning.candidates import Candidates, existing_positions
from coverage.planning.demand import Demand
from coverage.planning.gather import admitted, find_candidates, who_builds
from tests.planning.world import SOUTH, WEST, at, cell, flat, frame, layers, study


def demand(*places):
    x, y = np.array([WEST, SOUTH])[:, None] + np.array(places, dtype=float).T
    ones = np.ones(len(places))
    return Demand(x, y, ones.astype(int), np.arange(len(places)), ones.astype(bool), ones)


def found(world, *places, **planning):
    return find_candidates(world, existing_positions(world.cells), demand(*places), study(**planning))


def test_candidates_off_the_terrain_and_outside_the_communes_are_refused_with_a_reason():
    terrain = flat()
    terrain[30, 10] = np.nan
    world = layers(terrain_m=terrain)
    world.communes["geometry"] = [shape.intersection(at(0, 0).buffer(3000)) for shape in world.communes.geometry]
    places = {"P-void": (1050, 950), "P-off": (-900, 950), "P-in": (1050, 1450), "P-abroad": (3950, 3950)}
    points = [at(*place) for place in places.values()]
    here = Candidates.of("proposed", list(places), [p.x for p in points], [p.y for p in points], [36.0] * 4)
    kept, problems = admitted(here, world, "candidates.csv")
    assert kept.site_id.tolist() == ["P-in"]
    assert [str(problem) for problem in problems] == [
        "candidates.csv: candidates P-void, P-off stand off the terrain or on a void; expected a terrain height under "
        "it. Correct the position, or supply terrain that reaches there; nothing is planned there.",
        "candidates.csv: candidate P-abroad stands outside every commune; expected a position in one of the communes. "
        "Correct the position, unless it lies across the border; nothing is planned there.",
    ]
    assert not any(problem.fatal for problem in problems)
    everything = admitted(here.take(np.array([1, 1, 1])).with_ids(np.array(list("abcd")[:3], dtype=object)), world, "f")
    assert "candidates a, b, c stand" in everything[1][0].found
    assert admitted(kept, world, "f")[1] == ()


def test_what_is_refused_is_said_with_what_is_found():
    wishes = frame([{"site_id": "P-off", "height_m": 36.0, "geometry": at(-9000, 50)}], ["site_id", "height_m"])
    masts = [cell("S-off", at(9050, 50), "2g"), cell("S", at(1050, 950), "2g")]
    both = found(layers(cells=masts, candidates=wishes), (1550, 950))
    assert both.candidates.site_id.tolist()[:1] == ["S"]
    assert [problem.found.split()[1] for problem in both.problems] == ["S-off", "P-off"]


def test_one_proposal_is_enough_and_no_new_position_lies_abroad():
    wish = frame([{"site_id": "P", "height_m": 36.0, "geometry": at(2050, 950)}], ["site_id", "height_m"])
    one = found(layers(candidates=wish), (2050, 950), spacing_m=9000)
    assert one.candidates.site_id.tolist() == ["P"]
    world = layers()
    world.communes["geometry"] = [at(0, 0).buffer(1), at(50, 50).buffer(1)]
    assert len(found(world, (2050, 950)).candidates) == 0


def test_new_positions_are_tried_at_every_height():
    both = found(layers(), (2050, 950), heights_m=(24.0, 42.0)).candidates
    assert list(zip(both.site_id, both.height_m, strict=True)) == [("N-001", 24.0), ("N-001", 42.0)]


def test_upgrades_of_the_operator_that_builds_go_on_masts_of_others():
    masts = [cell("S", at(1050, 950), "4g", operator="vnpt"), cell("T", at(1050, 1450), "4g")]
    world = layers(cells=masts)
    assert "upgrade" not in found(world, (1550, 950)).candidates.kind
    for spelt in ("viettel", "Viettel"):
        here = found(world, (1550, 950), operator=spelt).candidates
        assert here.take(here.kind == "upgrade").site_id.tolist() == ["S"]
        assert here.leased[here.kind == "upgrade"].tolist() == [True]


def test_an_operator_without_a_cell_is_a_wrong_name():
    positions = existing_positions(layers(cells=[cell("S", at(0, 0), "4g")]).cells)
    with pytest.raises(StudyError, match=r"\[planning\] operator = 'vietel' has no cell in s; expected one of viettel"):
        who_builds(positions, study(operator="vietel"))
