import numpy as np

from coverage.grid import Grid
from coverage.planning.candidates import existing_positions, proposed, standing_ground, thin, upgrades
from coverage.planning.demand import Demand
from tests.planning.world import GRID, SOUTH, WEST, at, cell, flat, frame


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


def test_positions_are_summed_up_over_their_cells():
    cells = frame(
        [
            cell("B", at(0, 0), "2g", transmission=None),
            cell("A", at(500, 0), "2g", transmission="none"),
            cell("A", at(500, 0), "4g", height_m=42.0, transmission="none"),
            cell("C", at(900, 0), "3g", transmission="satellite"),
            cell("C", at(900, 0), "2g", transmission="microwave"),
        ],
        ["site_id", "technology", "height_m", "transmission"],
    )
    positions = existing_positions(cells)
    assert positions.index.tolist() == ["A", "B", "C"]
    assert positions["height_m"].tolist() == [42.0, 30.0, 30.0]
    assert positions["connected"].tolist() == [False, True, True]
    found = upgrades(positions, "4g")
    assert found.site_id.tolist() == ["B", "C"]
    assert found.x_m.tolist() == [WEST, WEST + 900]
    assert set(found.kind) == {"upgrade"}


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
