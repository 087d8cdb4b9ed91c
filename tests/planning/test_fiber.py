import math

import networkx as nx
import numpy as np
import pytest
from pyproj import Transformer

from coverage.columns.plans import FIBER_PLAN
from coverage.planning.fiber import plan_fiber, plan_fiber_with_totals, sites_fed
from coverage.planning.ground import mean_slope_deg
from coverage.planning.trench import FIBER as TO_FIBER
from coverage.planning.trench import plan_trenches
from coverage.settings.planning import Costs, Range
from tests.planning.world import (
    CRS_M,
    GRID,
    at,
    flat,
    frame,
    having,
    layers,
    line,
    lines,
    study,
    village,
    villages,
    with_costs,
)

FIBER = lines(line((0, 0), (0, 4000)))
ROAD = lines(line((0, 2000), (4000, 2000)))


def centred(world, *centres):
    """Return the world with the centres of its communes at some places, the others nowhere."""
    to_degrees = Transformer.from_crs(CRS_M, "EPSG:4326", always_xy=True)
    lon, lat = np.full(len(world.communes), np.nan), np.full(len(world.communes), np.nan)
    for row, place in enumerate(centres):
        lon[row], lat[row] = to_degrees.transform(place.x, place.y)
    return having(world, communes=world.communes.assign(centre_lon=lon, centre_lat=lat))


def planned(people, world=None, *, sites=None, **planning):
    """Plan without regard to commune centres, unless a weight for them is given."""
    world = world or layers(fiber_routes=FIBER, roads=ROAD)
    if "centre_lon" not in world.communes:
        world = centred(world)
    settings = study(**({"weight_centre_households": 0} | planning))
    return plan_fiber_with_totals(world, villages(*people), settings, ranked_sites=sites)


def plan(people, world=None, **more):
    return planned(people, world, **more).table


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


def test_an_empty_plan_has_all_its_columns_and_says_whom_it_leaves_out():
    served = village("a", at(1000, 2000), 10, fiber="served")
    nowhere, uncounted, nobody = village("b", None, 10), village("c", at(1000, 2000), None), village("d", at(0, 9), 0)
    outside = village("e", at(9000, 2000), 10)
    for people, world, left_out in (
        ([served], None, {"no_households": 0, "off_terrain": 0}),
        ([nowhere, uncounted, nobody], None, {"no_households": 2, "off_terrain": 0}),
        ([outside], None, {"no_households": 0, "off_terrain": 1}),
        ([], None, {"no_households": 0, "off_terrain": 0}),
        ([village("a", at(1000, 2000), 10)], layers(roads=ROAD), {}),
        ([village("a", at(1000, 2000), 10)], layers(roads=ROAD, fiber_routes=lines()), {}),
    ):
        found = planned(people, world, sites=frame([], ["site_id"]))
        assert list(found.table.columns) == [*FIBER_PLAN.names, "village_ids", "geometry"]
        assert len(found.table) == 0
        assert found.table.crs == CRS_M
        FIBER_PLAN.schema().validate(found.table)
        assert found.totals.left_out == left_out
        assert (found.totals.households, found.totals.plan.length_km, found.totals.cheapest_usd) == (0, 0, None)


def test_a_budget_below_the_cheapest_extension_buys_nothing_and_the_cheapest_is_told():
    people = [village("a", at(1000, 2000), 10), village("b", at(3000, 2000), 500)]
    found = planned(people, fiber_budget_usd=9_999)
    assert len(found.table) == 0
    assert (found.totals.cheapest_usd, found.totals.gap) == (10_000, 0)
    assert found.totals.left_out["not_in_plan"] == 2


def test_the_budget_is_spent_where_it_joins_the_most_and_not_on_the_best_ratio_first():
    # 40 households for 1 km, or 90 for 3 km; one after the other they take 3.5 km.
    people = [village("near", at(1000, 2000), 40), village("far", at(3000, 500), 90)]
    world = layers(fiber_routes=lines(line((0, 0), (0, 4000)), line((3000, 3500), (4000, 3500))))
    assert plan(people, world, fiber_budget_usd=30_000)["village_ids"].tolist() == ["far"]
    assert planned(people, world, fiber_budget_usd=30_000).totals.gap == 0
    assert plan(people, world, fiber_budget_usd=40_000)["village_ids"].tolist() == ["near", "far"]


def test_what_costs_nothing_is_not_limited_by_a_budget():
    world, people = centred(layers(fiber_routes=FIBER)), villages(village("a", at(1000, 2000), 10))
    settings = study(fiber_budget_usd=1, weight_centre_households=0)
    free = with_costs(settings, fiber_usd_per_km=Range(low=0, central=0, high=0))
    assert rows(plan_fiber(world, people, free)) == [("a", 10, 1.0, 0)]


def test_a_commune_centre_counts_for_households_of_its_own_and_is_named():
    people = [village("a", at(2000, 2000), 60)]
    world = centred(layers(fiber_routes=FIBER, roads=ROAD), at(2000, 2500), at(3750, 2000))
    found = planned(people, world, weight_centre_households=100)
    FIBER_PLAN.schema().validate(found.table)
    # 160 for 2.5 km come before 100 for 1.75 km more.
    assert found.table["centres"].tolist() == ["Tây", "Đông"]
    row = found.table.iloc[0]
    assert (row["villages"], row["households"], row["commune_code"]) == ("Bản a", 60, "03646")
    assert found.table["length_km"].tolist() == pytest.approx([2.5, 1.75], abs=1e-5)
    assert (row["villages_gained"], row["centres_gained"]) == (1, 1)
    assert row["cost_per_household_usd"] == pytest.approx(25_000 / 60, rel=1e-5)
    row = found.table.iloc[1]
    assert (row["villages"], row["households"], row["commune_code"]) == ("", 0, "03664")
    assert (row["villages_gained"], row["centres_gained"]) == (0, 1)
    assert math.isnan(row["cost_per_household_usd"])
    assert (found.totals.villages, found.totals.centres, found.totals.households) == (1, 2, 60)
    assert plan(people, world, weight_centre_households=0)["centres"].tolist() == [""]


def test_a_centre_beside_fiber_is_served_and_one_without_a_point_is_its_largest_village():
    world = centred(layers(fiber_routes=FIBER, roads=ROAD), at(400, 2000))
    people = [
        village("a", at(3000, 2000), 30, commune_code="03664"),
        village("b", at(2600, 2000), 5, commune_code="03664"),
    ]
    found = plan(people, world, weight_centre_households=100)
    assert rows(found) == [("a; b", 35, 3.0, 30_000)]
    assert found["centres"].tolist() == ["Đông"]


def test_the_plan_is_held_against_a_spanning_tree_and_against_trenches_of_ones_own():
    # A trunk of 2 km along the road, and three villages 500 m north, south and east of its end.
    roads = lines(line((0, 2000), (2000, 2000)), line((2000, 1500), (2000, 2500)), line((2000, 2000), (2500, 2000)))
    people = [village("n", at(2000, 2500), 10), village("s", at(2000, 1500), 10), village("e", at(2500, 2000), 10)]
    rough = flat() + (np.arange(40, dtype=np.float32)[None, :] % 2) * 100  # dear across country
    totals = planned(people, layers(fiber_routes=FIBER, roads=roads, terrain_m=rough)).totals
    assert totals.plan.length_km == pytest.approx(3.5)
    assert totals.spanning_tree.length_km == pytest.approx(2.5 + 1.0 + 1.0)
    assert totals.unshared.length_km == pytest.approx(7.5)
    assert totals.plan.cost.central == pytest.approx(35_000)
    assert totals.gap == pytest.approx(0, abs=1e-9)


def test_the_masts_that_an_extension_would_feed_are_named_once_and_not_those_beside_fiber():
    people = [village("a", at(1000, 2000), 100), village("b", at(3000, 2000), 50)]
    places = {
        "beside": at(300, 2000),
        "one": at(1000, 2400),
        "two": at(2500, 1600),
        "three": at(800, 2300),
        "far": at(3000, 2600),
    }
    sites = frame([{"site_id": name, "geometry": place} for name, place in places.items()], ["site_id"])
    found = plan(people, sites=sites)
    assert found["feeds_sites"].tolist() == ["one; three", "two"]
    assert plan(people)["feeds_sites"].isna().all()
    assert sites_fed(found, sites, within_m=700.0) == [["beside", "one", "three"], ["two", "far"]]
    with pytest.raises(ValueError, match="bring them to one CRS"):
        sites_fed(found, sites.to_crs(4326), within_m=700.0)


def test_every_extension_starts_at_the_network_as_it_stands_by_then():
    random = np.random.default_rng(5)
    people = [
        village(f"v{n}", at(*place), int(random.integers(5, 90)))
        for n, place in enumerate(random.random((30, 2)) * 3900)
    ]
    terrain = (500 + 80 * random.random(GRID.shape)).astype(np.float32)
    roads = lines(*(line(*(random.random((4, 2)) * 4000)) for _ in range(4)))
    world = layers(fiber_routes=lines(line((0, 0), (0, 900))), roads=roads, terrain_m=terrain)
    found = planned(people, world)
    network = world.fiber_routes.geometry.iloc[0]
    for extension in found.table.geometry:
        assert extension.distance(network) < 1e-6
        network = network.union(extension)
    assert sorted("; ".join(found.table["village_ids"]).split("; ")) == sorted(f"v{n}" for n in range(30))
    per_household = found.table["cost_per_household_usd"].tolist()
    assert per_household == sorted(per_household)
    assert found.totals.plan.cost.central <= found.totals.spanning_tree.cost.central * (1 + 1e-9)
    assert found.totals.spanning_tree.cost.central <= found.totals.unshared.cost.central * (1 + 1e-9)
    again = planned(people, world)
    assert again.table.equals(found.table)
    assert again.totals == found.totals


def test_two_villages_at_one_place_are_connected_by_one_trench():
    found = plan([village("a", at(1000, 2000), 10), village("b", at(1000, 2000), 20)])
    assert rows(found) == [("b; a", 30, 1.0, 10_000)]  # the larger first


def test_trenches_join_every_piece_of_road_and_cost_their_slope():
    rng = np.random.default_rng(3)
    roads = lines(*(line(*(rng.random((3, 2)) * 4000)) for _ in range(6)))
    places = np.array([[at(*place).x, at(*place).y] for place in rng.random((12, 2)) * 4000])
    terrain = (500 + 50 * rng.random(GRID.shape)).astype(np.float32)
    fiber = FIBER.geometry.to_numpy()
    found = plan_trenches(roads, places, fiber, grid=GRID, terrain_m=terrain, costs=Costs(), longest_across_m=1000.0)
    ends = found.links[found.links[:, 1] == TO_FIBER, 0]
    straight = found.links[:, 1] == TO_FIBER
    slope_deg = mean_slope_deg(GRID, terrain, *found.xy[ends].T, *found.to_fiber[ends].T)
    length_m = np.hypot(*(found.xy[ends] - found.to_fiber[ends]).T)
    np.testing.assert_allclose(found.length_m[straight], length_m)
    np.testing.assert_allclose(found.effort_m[straight], length_m * (1 + 0.025 * slope_deg))
    # The route runs north along the western edge: fiber is reached from within 1 km, and from the nearest road anyhow.
    distance_m = found.xy[:, 0] - FIBER.total_bounds[0]
    assert set(ends) == {*np.flatnonzero(distance_m <= 1000), int(np.argmin(distance_m[: found.first_target]))}
    assert (found.effort_m >= found.length_m * (1 - 1e-12)).all()

    graph = nx.Graph(found.links[~straight].tolist())
    assert nx.is_connected(graph.subgraph(range(found.first_target)))  # bridges join every piece
    assert nx.is_connected(graph)
