import math

import networkx as nx
import numpy as np
import pytest

from coverage.columns import FIBER_PLAN
from coverage.planning.fiber import plan_fiber
from coverage.planning.ground import mean_slope_deg
from coverage.planning.trench import plan_trenches
from coverage.settings import Costs
from tests.planning.world import CRS_M, GRID, at, flat, frame, layers, line, lines, study, village, villages

FIBER = lines(line((0, 0), (0, 4000)))
ROAD = lines(line((0, 2000), (4000, 2000)))


def plan(people, world=None, **planning):
    return plan_fiber(world or layers(fiber_routes=FIBER, roads=ROAD), villages(*people), study(**planning))


def rows(found):
    return [(r.village_ids, r.households, round(r.length_km, 6), round(r.cost_central_usd)) for r in found.itertuples()]


def test_a_trench_to_a_far_village_connects_the_village_on_its_way():
    # 60 households for 3 km are better than 10 for 1 km.
    found = plan([village("a", at(1000, 2000), 10), village("b", at(3000, 2000), 50)])
    assert rows(found) == [("b; a", 60, 3.0, 30_000)]
    row = found.iloc[0]
    assert (row["rank"], row["villages"], row["commune_code"]) == (1, "Bản b; Bản a", "03646")
    assert (row["cost_low_usd"], row["cost_high_usd"], row["cost_per_household_usd"]) == (15_000, 60_000, 500)
    assert row["geometry"].length == 3000
    assert found.crs == CRS_M
    FIBER_PLAN.schema().validate(found)


def test_a_shared_trench_is_paid_once():
    found = plan([village("a", at(1000, 2000), 100), village("b", at(3000, 2000), 50)])
    assert rows(found) == [("a", 100, 1.0, 10_000), ("b", 50, 2.0, 20_000)]
    assert found["geometry"].iloc[1].equals(line((1000, 2000), (3000, 2000)))


def test_a_village_beside_the_trench_joins_at_once_only_if_that_is_cheaper_per_household():
    far, beside = village("far", at(3000, 2000), 60), at(2000, 2300)  # 20 households per km of trench to the far one
    assert rows(plan([far, village("side", beside, 7)]))[0] == ("far; side", 67, 3.3, 33_000)
    assert rows(plan([far, village("side", beside, 5)])) == [("far", 60, 3.0, 30_000), ("side", 5, 0.3, 3_000)]


def test_without_roads_a_trench_runs_straight_and_slope_makes_it_dearer():
    plane = flat() + np.arange(40, dtype=np.float32)[None, :] * 10  # a tenth uphill to the east, 5.71°
    found = plan([village("a", at(2050, 2050), 10)], layers(fiber_routes=FIBER, terrain_m=plane))
    factor = 1 + 0.25 * math.degrees(math.atan(200 / 2050)) / 10  # 20 pixels up
    assert found["length_km"].iloc[0] == pytest.approx(2.05)
    assert found["cost_central_usd"].iloc[0] == pytest.approx(20_500 * factor)


def test_pieces_of_a_road_network_are_joined_where_the_gap_is_least():
    # Columns alternate by 100 m, so that across country, at 45°, a metre counts 2.125 times.
    rough = flat() + (np.arange(40, dtype=np.float32)[None, :] % 2) * 100
    roads = lines(line((50, 50), (2050, 50)), line((2150, 50), (3950, 50)))
    node = frame([{"node_id": "n", "geometry": at(50, 50)}], ["node_id"])
    found = plan([village("a", at(3950, 50), 10)], layers(terrain_m=rough, roads=roads, fiber_nodes=node))
    assert found["length_km"].iloc[0] == pytest.approx(3.9)
    assert found["cost_central_usd"].iloc[0] == pytest.approx(10 * (2000 + 100 * 2.125 + 1800))
    assert found["geometry"].iloc[0].equals(line((50, 50), (3950, 50)))


def test_a_chain_of_villages_without_roads_shares_its_trench():
    people = [village("a", at(1000, 2000), 30), village("b", at(2000, 2000), 20), village("c", at(3000, 2000), 10)]
    found = plan(people, layers(fiber_routes=FIBER))
    assert rows(found) == [("a", 30, 1.0, 10_000), ("b", 20, 1.0, 10_000), ("c", 10, 1.0, 10_000)]


def test_the_plan_keeps_to_its_length_its_budget_and_its_longest_span():
    people = [village("a", at(1000, 2000), 100), village("b", at(3000, 2000), 50)]
    assert rows(plan(people, fiber_extensions=1)) == [("a", 100, 1.0, 10_000)]
    assert rows(plan(people, fiber_budget_usd=29_999)) == [("a", 100, 1.0, 10_000)]
    assert rows(plan(people, fiber_budget_usd=9_999)) == []
    assert rows(plan(people, max_span_km=1.9)) == [("a", 100, 1.0, 10_000)]
    # 3 km are too far at first, 2 km from the first extension are not.
    assert rows(plan(people, max_span_km=2.0)) == [("a", 100, 1.0, 10_000), ("b", 50, 2.0, 20_000)]


def test_an_empty_plan_has_all_its_columns():
    served = village("a", at(1000, 2000), 10, fiber="served")
    nowhere, uncounted = village("b", None, 10), village("c", at(1000, 2000), None)
    for found in (
        plan([served, nowhere, uncounted]),
        plan([]),
        plan([village("a", at(1000, 2000), 10)], layers(roads=ROAD)),
        plan([village("a", at(1000, 2000), 10)], layers(roads=ROAD, fiber_routes=lines())),
    ):
        assert list(found.columns) == [*FIBER_PLAN.names, "village_ids", "geometry"]
        assert len(found) == 0
        assert found.crs == CRS_M
        FIBER_PLAN.schema().validate(found)


def test_two_villages_at_one_place_are_connected_by_one_trench():
    found = plan([village("a", at(1000, 2000), 10), village("b", at(1000, 2000), 20)])
    assert rows(found) == [("a; b", 30, 1.0, 10_000)]


def test_the_cheapest_ways_are_those_of_another_library_before_and_after_building():
    rng = np.random.default_rng(3)
    roads = lines(*(line(*(rng.random((3, 2)) * 4000)) for _ in range(6)))
    places = np.array([[at(*place).x, at(*place).y] for place in rng.random((12, 2)) * 4000])
    terrain = (500 + 50 * rng.random(GRID.shape)).astype(np.float32)
    fiber = FIBER.geometry.to_numpy()
    found = plan_trenches(roads, places, fiber, grid=GRID, terrain_m=terrain, costs=Costs(), longest_across_m=1000.0)
    slope_deg = mean_slope_deg(GRID, terrain, *found.xy.T, *found.to_fiber.T)
    straight_m = np.hypot(*(found.xy - found.to_fiber).T) * (1 + 0.025 * slope_deg)

    distance_m = found.xy[:, 0] - FIBER.total_bounds[0]  # the route runs north along the western edge
    nearest_road = int(np.argmin(distance_m[: found.first_village]))
    graph = nx.Graph()
    for node, others in enumerate(found.neighbours):
        if node == nearest_road or distance_m[node] <= 1000:
            graph.add_edge("fiber", node, weight=straight_m[node])
        for other, effort in others:
            graph.add_edge(node, other, weight=effort)
    assert nx.is_connected(graph.subgraph(range(found.first_village)))  # bridges join every piece

    def check():
        other = nx.single_source_dijkstra_path_length(graph, "fiber")
        np.testing.assert_allclose(found.effort_m, [other[node] for node in range(len(found.xy))])

    check()
    for goal in (found.first_village + 3, found.first_village + 7):
        before = found.effort_m.copy()
        nodes = list(found.way(goal))
        changed = found.build(nodes)
        assert changed == set(np.flatnonzero(found.effort_m < before))
        graph.add_edges_from((("fiber", node) for node in nodes), weight=0.0)
        check()
