import numpy as np

from coverage.grid import Grid
from coverage.planning.demand import Demand
from coverage.planning.landforms import standing_ground
from tests.planning.world import GRID, SOUTH, WEST, flat


def demand(*places):
    x, y = np.array([WEST, SOUTH])[:, None] + np.array(places, dtype=float).T
    ones = np.ones(len(places))
    return Demand(x, y, ones.astype(int), np.arange(len(places)), ones.astype(bool), ones)


def hill(east_m, north_m):
    """Return a hill 150 m high that ends where it is lower than a metre, some 1,300 m away."""
    x, y = GRID.centre(*np.indices(GRID.shape))
    height_m = 150 * np.exp(-((x - WEST - east_m) ** 2 + (y - SOUTH - north_m) ** 2) / (2 * 400.0**2))
    return np.where(height_m < 1, 0, height_m)


def ground(terrain_m, places, spacing_m=1000.0, reach_m=5000.0):
    x, y = standing_ground(GRID, terrain_m.astype(np.float32), demand(*places), spacing_m=spacing_m, reach_m=reach_m)
    return {(round(float(i - WEST)), round(float(j - SOUTH))) for i, j in zip(x, y, strict=True)}


def test_a_knoll_gives_its_top_and_a_plain_the_village_itself():
    assert ground(flat(), [(3050, 3050)]) == {(3050, 3050)}
    assert ground(flat() + hill(1050, 1050), [(3050, 3050)]) == {(1050, 1050), (3050, 3050)}


def test_a_ridge_gives_positions_on_its_crest_and_none_on_its_flanks():
    ridge = np.maximum(0, 200 - np.abs(np.arange(40) - 10) * 40.0)[None, :] + np.linspace(0, 20, 40)[:, None]
    found = ground(flat() + ridge, [(3550, 50)])
    assert {east for east, _ in found if east < 2500} == {1050}


def test_ground_is_found_wherever_a_strip_of_terrain_ends():
    """Strips are 1024 rows. The lower of two knolls does not count within half of the spacing, strip or no strip."""
    grid = Grid(GRID.crs, GRID.transform, (2100, 30))
    terrain = np.full(grid.shape, 500, dtype=np.float32)
    for row, col, height_m in ((1000, 15, 600), (1023, 15, 600), (1024, 12, 590), (1060, 15, 600), (2047, 9, 560)):
        terrain[row, col] = height_m
    x, y = grid.centre([1500, 0], [15, 15])
    village = Demand(x[:1], y[:1], np.ones(1, int), np.zeros(1, int), np.ones(1, bool), np.ones(1))
    found = standing_ground(grid, terrain, village, spacing_m=1000.0, reach_m=1e6)
    tops = {(int(row), int(col)) for row, col in zip(*grid.pixel(*found), strict=True)}
    assert tops == {(1000, 15), (1023, 15), (1060, 15), (2047, 9), (1500, 15)}


def test_the_highest_ground_beside_a_village_is_looked_at_and_missing_terrain_is_not():
    terrain = flat()
    terrain[20, 33] = 505  # 300 m west, 0 m north of the village in row 20, column 36
    terrain[19, 36] = np.nan
    assert ground(terrain, [(3650, 1950)]) == {(3350, 1950)}
    terrain[:] = np.nan
    assert ground(terrain, [(3650, 1950)]) == set()


def test_ground_beyond_reach_of_any_demand_is_left_out():
    assert ground(flat() + hill(1050, 1050), [(3050, 1050)], reach_m=1999) == {(3050, 1050)}
    assert ground(flat() + hill(1050, 1050), [(3050, 1050)], reach_m=2000) == {(1050, 1050), (3050, 1050)}


def test_a_knoll_in_a_valley_is_found_though_it_lies_below_the_ground_around():
    """The valley is 3 km wide and 300 m deep; over a square of 4 km the knoll, 40 m high, is far below the mean."""
    east = np.abs(np.arange(40) - 19.5) * 100
    terrain = flat(800) + np.where(east < 1500, -300, 0)[None, :]
    terrain[20, 19] += 40
    assert (1950, 1950) in ground(terrain, [(1950, 50)], spacing_m=600)


def test_a_broad_ridge_is_found_though_it_hardly_rises_above_the_ground_beside_it():
    """4 m to each pixel: over a square of a kilometre its crest is 11 m above the mean, over one of 4 km 40 m."""
    terrain = flat() - np.abs(np.arange(40) - 20)[None, :] * 4.0 - np.abs(np.arange(40) - 15)[:, None] * 0.1
    assert (2050, 2450) in ground(terrain, [(50, 50)])
