import dataclasses

import numpy as np
import pytest
from affine import Affine

from coverage.grid import Grid
from coverage.planning.hops import Masts, clear_hops, keeps_clear
from tests.planning.world import CRS_M, SOUTH, WEST, flat, layers, study


def masts(*places):
    """Return masts that are given by east and north, m, and height."""
    x, y, height_m = np.array(places, dtype=float).reshape(-1, 3).T
    return Masts(np.array([str(i) for i in range(len(places))], dtype=object), WEST + x, SOUTH + y, height_m)


def hops(starts, ends, world, *, tried=24, **planning):
    found = clear_hops(masts(*starts), masts(*ends), world, study(**planning), tried=tried)
    return list(zip(found.start.tolist(), found.end.tolist(), found.length_km.tolist(), strict=True))


def test_a_hop_over_one_pixel_keeps_six_tenths_of_the_zone_that_can_be_worked_by_hand():
    # 7 GHz over 200 m: the zone is √(0.042827 × 100 × 100 / 200) = 1.4633 m wide in the middle; 60 % are 0.8780 m.
    # The ray runs at 536 m, the Earth bulges by 100 × 100 / 2 / 8,494,667 = 0.0006 m: the pixel may rise to 535.1214 m.
    for top_m, found in ((535.12, [(0, 0, 0.2)]), (535.13, [])):
        terrain = flat()
        terrain[30, 11] = top_m
        assert hops([(1050, 950, 36)], [(1250, 950, 36)], layers(terrain_m=terrain)) == found


def test_a_study_may_ask_for_the_whole_zone():
    # The pixel may then rise to 536 − 1.4633 − 0.0006 = 534.5361 m.
    for top_m, found in ((534.53, 1), (534.55, 0)):
        terrain = flat()
        terrain[30, 11] = top_m
        world = layers(terrain_m=terrain)
        assert len(hops([(1050, 950, 36)], [(1250, 950, 36)], world, microwave_clear_f1=1.0)) == found


def test_a_ray_that_bends_away_from_the_ground_must_still_graze_it():
    """
    40 km, of which the middle counts. With k = 4/3 the Earth bulges by 20,000² / 2 / 8,494,667 = 23.54 m, and 60 % of
    the zone are 0.6 √(0.042827 × 20,000² / 40,000) = 12.42 m: the hill may rise to 536 − 35.96 = 500.04 m. With k = 2/3
    the bulge is 47.09 m, and the hill may rise to 488.91 m.
    """
    grid = Grid(CRS_M, Affine(1000, 0, WEST, 0, -1000, SOUTH + 3000), (3, 41))
    for hill_m, found in ((488.8, 1), (489.0, 0), (500.0, 0)):
        terrain = np.zeros(grid.shape, dtype=np.float32)
        terrain[:, [0, 40]], terrain[:, 20] = 500, hill_m
        world = dataclasses.replace(layers(), grid=grid, terrain_m=terrain)
        assert len(hops([(500, 1500, 36)], [(40_500, 1500, 36)], world)) == found


@pytest.mark.parametrize(
    ("median_f1", "low_f1", "clear"),
    [
        (0.6, 0.0, True),
        (0.59, 0.5, False),
        (9, -0.01, False),
        (np.inf, np.inf, True),
        (np.nan, 1, False),
        (1, np.nan, False),
    ],
)
def test_both_clearances_count_and_an_unknown_one_is_none(median_f1, low_f1, clear):
    assert keeps_clear(np.array([median_f1]), np.array([low_f1]), least_f1=0.6).tolist() == [clear]


def test_a_blocked_ridge_and_a_void_stop_a_hop():
    for wall in (600, np.nan):
        terrain = flat()
        terrain[:, 15] = wall
        world = layers(terrain_m=terrain)
        assert hops([(1050, 950, 36), (2550, 950, 36)], [(3050, 950, 36)], world) == [(1, 0, 0.5)]
    terrain = flat()
    terrain[30, 10] = np.nan
    assert hops([(1050, 950, 36)], [(3050, 950, 36)], layers(terrain_m=terrain)) == []


def test_the_higher_of_two_masts_sees_over_the_wall_that_hides_the_lower():
    terrain = flat()
    terrain[:, 20] = 540  # the ray must pass it at 542.8 m and more
    world = layers(terrain_m=terrain)
    assert hops([(1050, 950, 36), (1050, 950, 60)], [(3050, 950, 36)], world) == [(1, 0, 2.0)]
    assert hops([(1050, 950, 36)], [(3050, 950, 60)], world) == [(0, 0, 2.0)]


def test_hops_come_by_start_and_the_shortest_first_within_the_longest_and_the_number_tried():
    ends = [(3050, 950, 36), (1550, 950, 36), (1050, 950, 36)]
    world = layers()
    assert hops([(1050, 950, 36)], ends, world) == [(0, 2, 0.0), (0, 1, 0.5), (0, 0, 2.0)]
    assert hops([(1050, 950, 36)], ends, world, tried=2) == [(0, 2, 0.0), (0, 1, 0.5)]
    assert hops([(1050, 950, 36)], ends, world, microwave_max_km=1.9) == [(0, 2, 0.0), (0, 1, 0.5)]
    assert hops([], ends, world) == hops([(0, 0, 9)], [], world) == []


def test_the_first_hop_of_each_start_is_its_shortest():
    found = clear_hops(masts((1050, 950, 36), (-900, 950, 36)), masts((3050, 950, 36), (1550, 950, 36)),
                       layers(), study(), tried=9)  # fmt: skip
    to, length_km = found.first(2)
    assert (to.tolist(), length_km.tolist()) == ([1, -1], [0.5, np.inf])
