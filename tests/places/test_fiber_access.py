import numpy as np
import pytest
from shapely import LineString

from coverage.places.fiber_access import fiber_access, road_graph, route_passes
from coverage.places.settlement import settle
from tests.worlds import layers, route, study

STUDY = study()


def status(x: float, y: float = 0.0, **world: object) -> str:
    return str(fiber_access(np.array([[x, y]]), layers(**world), STUDY).status[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(("metres", "expected"), [(500, "served"), (501, "near"), (1500, "near"), (1501, "unserved")])
def test_without_roads_500_m_is_served_and_1500_m_is_near(metres: float, expected: str) -> None:
    assert status(metres, nodes=[{"node_id": "N", "x": 0.0, "y": 0.0}]) == expected


def test_a_route_serves_anywhere_along_it() -> None:
    assert status(5_000, 400, routes=route(LineString([(0, 0), (10_000, 0)]))) == "served"


def test_with_roads_two_kilometres_along_them_are_near_and_a_detour_is_not() -> None:
    nodes = [{"node_id": "N", "x": 0.0, "y": 0.0}]
    straight = route(LineString([(0, 0), (5_000, 0)]))
    assert status(1_900, nodes=nodes, roads=straight) == "near"
    assert status(2_100, nodes=nodes, roads=straight) == "unserved"
    around = route(LineString([(0, 0), (0, 1_500), (1_000, 1_500), (1_000, 0)]))  # 4 km for 1 km
    assert status(1_000, nodes=nodes, roads=around) == "unserved"


def test_roads_that_do_not_meet_lead_nowhere_and_roads_that_do_lead_on() -> None:
    nodes = [{"node_id": "N", "x": 0.0, "y": 0.0}]
    apart = route(LineString([(0, 0), (700, 0)]), LineString([(800, 0), (1_800, 0)]))
    joined = route(LineString([(0, 0), (800, 0)]), LineString([(800, 0), (1_800, 0)]))
    assert status(1_700, nodes=nodes, roads=apart) == "unserved"
    assert status(1_700, nodes=nodes, roads=joined) == "near"


def test_without_a_fiber_layer_nothing_is_assessed_and_neither_is_a_place_without_a_point() -> None:
    assert status(0) == "not_assessed"
    assert status(np.nan, nodes=[{"node_id": "N", "x": 0.0, "y": 0.0}]) == "not_assessed"


def test_a_route_through_the_housing_passes_the_village_and_serves_it() -> None:
    world = layers(
        villages=[{"village_id": "v", "name": "V", "x": 0.0, "y": 900.0}],
        housing=[{"village_id": "v", "households": 5, "x": 300.0, "y": 90.0}],
        routes=route(LineString([(-5_000, 0), (5_000, 0)])),
    )
    xy = np.array([[0.0, 900.0]])
    passed = route_passes(settle(world, STUDY).points, xy, world, STUDY)
    assert passed is not None
    assert passed.tolist() == [True]
    assert fiber_access(xy, world, STUDY, passed=passed).status.tolist() == ["served"]
    assert fiber_access(xy, world, STUDY).status.tolist() == ["near"]


def test_the_graph_of_a_road_has_its_length_and_one_vertex_where_two_meet() -> None:
    vertices, links, lengths = road_graph(route(LineString([(0, 0), (250, 0)]), LineString([(250, 0), (250, 100)])))
    assert lengths.sum() == pytest.approx(350)
    assert len(vertices) == len(links) + 1  # a tree: one piece
