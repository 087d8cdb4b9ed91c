import math

import numpy as np
import pytest

from coverage.planning.spur import fiber_spurs
from tests.planning.world import at, flat, frame, layers, line, lines, study

ROAD = line((1050, 1050), (1050, 3050), (3050, 3050))
FIBER = lines(line((3050, 3050), (3950, 3050)))


def spur(world, *place):
    point = at(*place)
    found = fiber_spurs(np.array([point.x]), np.array([point.y]), world, study())
    return None if found is None else (float(found.length_m[0]), float(found.effort_m[0]), found.via[0])


def test_without_fiber_there_is_no_spur():
    assert spur(layers(roads=lines(ROAD)), 1050, 950) is None


def test_a_spur_follows_the_road_and_leaves_it_for_the_place():
    # 100 m to the road, 2 km north and 2 km east; straight it were 2.9 km, too far across country.
    assert spur(layers(roads=lines(ROAD), fiber_routes=FIBER), 1050, 950) == pytest.approx((4100, 4100, "R-1"))


def test_without_roads_it_runs_straight():
    expected = math.hypot(2000, 2100)
    assert spur(layers(fiber_routes=FIBER), 1050, 950) == pytest.approx((expected, expected, "R-1"))


def test_slope_counts_off_the_road_only():
    terrain = (flat() - np.arange(40)[:, None] * 10).astype(np.float32)  # 10 m up for every 100 m north
    world = layers(terrain_m=terrain, roads=lines(ROAD), fiber_routes=FIBER)
    factor = 1 + 0.25 * math.degrees(math.atan(0.1)) / 10
    assert spur(world, 1050, 950) == pytest.approx((4100, 4000 + 100 * factor, "R-1"))
    # 200 m up from the end of the road to the fiber, 2 km of road, 100 m to the place.
    beside = layers(
        terrain_m=terrain,
        roads=lines(line((1050, 1050), (1050, 3050))),
        fiber_routes=lines(line((1050, 3250), (3950, 3250))),
    )
    assert spur(beside, 1050, 950) == pytest.approx((2300, 2000 + 300 * factor, "R-1"))


def test_fiber_a_little_off_the_road_is_joined_by_a_drop_and_the_nearer_end_wins():
    nodes = frame([{"node_id": "NODE-7", "geometry": at(1250, 2050)}], ["node_id"])
    world = layers(roads=lines(ROAD), fiber_routes=FIBER, fiber_nodes=nodes)
    # Straight from the node it is 1,118 m; from 500 m further south too far for that, so by the road's south end.
    straight = math.hypot(200, 1100)
    assert spur(world, 1050, 950) == pytest.approx((straight, straight, "NODE-7"))
    assert spur(world, 1050, 450)[0] == pytest.approx(math.hypot(200, 1000) + 600)


def test_fiber_far_from_every_road_is_joined_from_the_nearest():
    world = layers(roads=lines(line((50, 50), (50, 950))), fiber_routes=lines(line((3050, 950), (3950, 950))))
    assert spur(world, 50, 50) == pytest.approx((900 + 3000, 900 + 3000, "R-1"))


def test_a_piece_of_road_that_no_fiber_lies_beside_is_as_good_as_none():
    lost, joined = line((1050, 1050), (1050, 1550)), line((1050, 2550), (3550, 2550))
    world = layers(roads=lines(lost, joined), fiber_routes=lines(line((3550, 2550), (3950, 2550))))
    assert spur(world, 1050, 950) == pytest.approx((1600 + 2500, 1600 + 2500, "R-1"))


def test_the_spurs_of_many_places_are_those_of_each():
    world = layers(roads=lines(ROAD), fiber_routes=FIBER)
    rng = np.random.default_rng(3)
    places = rng.random((9, 2)) * 4000
    x, y = (np.array([getattr(at(*place), axis) for place in places]) for axis in "xy")
    together = fiber_spurs(x, y, world, study())
    alone = np.array([spur(world, *place)[:2] for place in places])
    assert np.allclose(alone, np.column_stack([together.length_m, together.effort_m]))
