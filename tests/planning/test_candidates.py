import numpy as np
import pytest

from coverage.planning.candidates import Candidates, existing_positions, helped, hosts, proposed, thin, upgrades
from tests.planning.world import CELL_COLUMNS, WEST, at, cell, frame


def test_positions_are_summed_up_over_their_cells():
    cells = frame(
        [
            cell("B", at(0, 0), "2g", transmission=None),
            cell("A", at(500, 0), "2g", transmission="none"),
            cell("A", at(500, 0), "4g", height_m=42.0, transmission="none"),
            cell("C", at(900, 0), "3g", transmission="satellite"),
            cell("C", at(900, 0), "2g", transmission="microwave"),
        ],
        CELL_COLUMNS,
    )
    positions = existing_positions(cells)
    assert positions.index.tolist() == ["A", "B", "C"]
    assert positions["height_m"].tolist() == [42.0, 30.0, 30.0]
    assert positions["connected"].tolist() == [False, True, True]
    found = upgrades(positions, "4g")
    assert found.site_id.tolist() == ["B", "C"]
    assert found.x_m.tolist() == [WEST, WEST + 900]
    assert set(found.kind) == {"upgrade"}


SHARED = existing_positions(
    frame(
        [
            cell("A", at(0, 0), "4g", operator="viettel"),
            cell("A", at(0, 0), "2g", operator="vnpt"),
            cell("B", at(500, 0), "2g", operator="viettel"),
            cell("C", at(900, 0), "4g", operator="vnpt"),
            cell("D", at(1900, 0), "3g", operator="mobifone"),
            cell("D", at(1900, 0), "2g", operator="gtel"),
        ],
        CELL_COLUMNS,
    )
)


@pytest.mark.parametrize(
    ("operator", "found"),
    [
        (None, [("B", False), ("D", False)]),
        ("viettel", [("B", False), ("C", True), ("D", True)]),
        ("vnpt", [("A", False), ("B", True), ("D", True)]),
    ],
)
def test_an_operator_that_builds_goes_on_its_own_masts_and_leases_room_on_those_of_others(operator, found):
    upgraded = upgrades(SHARED, "4g", operator)
    assert list(zip(upgraded.site_id, upgraded.leased, strict=True)) == found


def test_an_upgrade_helps_who_is_on_the_mast_and_a_new_mast_whoever_builds_unless_one_operator_does():
    both = Candidates.join([upgrades(SHARED, "4g"), Candidates.of("new", ["N-001"], [0.0], [0.0], [36.0])])
    assert helped(both, SHARED, None) == [("viettel",), ("gtel", "mobifone"), ("any",)]
    assert helped(both, SHARED, "vnpt") == [("vnpt",)] * 3
    assert hosts(both, SHARED) == [()] * 3
    assert hosts(upgrades(SHARED, "4g", "vnpt"), SHARED) == [(), ("viettel",), ("gtel", "mobifone")]


def test_two_masts_at_one_point_are_two_candidates_and_keep_others_away_like_one():
    twins = existing_positions(frame([cell(name, at(0, 0), "2g") for name in "AB"], CELL_COLUMNS))
    assert upgrades(twins, "4g").site_id.tolist() == ["A", "B"]
    xy = twins[["x", "y"]].to_numpy()
    assert thin(xy[:1, 0] + [5, 10], xy[:1, 1] + [0, 0], np.ones(2), [np.zeros(1, int)] * 2,
                occupied=xy, spacing_m=10.0, limit=9).tolist() == [1]  # fmt: skip


def test_a_proposal_without_height_is_tried_at_each_height_of_the_study():
    layer = frame(
        [
            {"site_id": "P1", "height_m": 50.0, "geometry": at(0, 0)},
            {"site_id": "P2", "height_m": None, "geometry": at(9, 0)},
            {"site_id": "P3", "height_m": 20.0, "geometry": None},
        ],
        ["site_id", "height_m"],
    )
    found = proposed(layer, (24.0, 36.0))
    assert list(zip(found.site_id, found.height_m, strict=True)) == [("P1", 50.0), ("P2", 24.0), ("P2", 36.0)]
    assert len(proposed(None, (24.0,))) == 0


def chosen(xy, score, villages, **more):
    x, y = np.array(xy, dtype=float).reshape(-1, 2).T
    options = {"occupied": np.zeros((0, 2)), "spacing_m": 10.0, "limit": 99, **more}
    return thin(x, y, np.array(score, dtype=float), [np.array(v) for v in villages], **options).tolist()


def test_positions_too_near_a_better_one_or_a_mast_are_dropped():
    xy, villages = [(0, 0), (9, 0), (10, 0), (30, 0)], [[0]] * 4
    assert chosen(xy, [1, 3, 2, 1], villages) == [1, 3]
    assert chosen(xy, [3, 2, 1, 1], villages) == [0, 2, 3]  # 10 m apart is far enough
    assert chosen(xy, [3, 2, 1, 1], villages, occupied=np.array([[30.0, 5.0]])) == [0, 2]
    assert chosen(xy, [3, 2, 1, 0], villages) == [0, 2]
    assert chosen([], [], []) == []


def test_a_lonely_village_has_its_turn_before_the_third_hill_of_a_crowded_one():
    xy, score = [(0, 0), (20, 0), (40, 0), (500, 0)], [9, 8, 7, 1]
    assert chosen(xy, score, [[0], [0], [0], [1]], limit=2) == [0, 3]
    assert chosen(xy, score, [[0], [0], [0], [1]], limit=3) == [0, 1, 3]
