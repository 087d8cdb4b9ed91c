"""Where households live: by the best that is known, all of them and no more, within their commune."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely import MultiPolygon, box

from coverage.places.settlement import Settlement, settle
from coverage.places.villages import assess_villages
from coverage.planning.demand import unserved
from coverage.result import Layers
from tests.worlds import NORTH, WEST, cell, grid, layers, painted, study

SOUTH, MIDDLE, EAST = NORTH - 4_000, WEST + 2_000, WEST + 4_000
COMMUNES = [
    {"code": "03646", "name": "Tô Hiệu", "geometry": box(WEST, SOUTH, MIDDLE, NORTH)},
    {"code": "03670", "name": "Chiềng Cơi", "geometry": box(MIDDLE, SOUTH, EAST, NORTH)},
]


def village(
    village_id: str, x: float | None, y: float = -500, *, commune: str = "03646", **more: Any
) -> dict[str, Any]:
    """A village of ten households so many metres east and north of the corner in the northwest."""
    place = {} if x is None else {"x": WEST + x, "y": NORTH + y}
    return {"village_id": village_id, "name": "Bản Một", "commune_code": commune, "households": 10, **place, **more}


def at(x: float, y: float = -500, **more: Any) -> dict[str, Any]:
    return {"x": WEST + x, "y": NORTH + y, **more}


def area(west: float, south: float, east: float, north: float) -> Any:
    return box(WEST + west, NORTH + south, WEST + east, NORTH + north)


def pixel(commune: int, x: float, people: float, y: float = -500) -> tuple[int, float, float, float]:
    return commune, WEST + x, NORTH + y, people


def world(*villages: dict[str, Any], **more: Any) -> Layers:
    return layers(villages=list(villages), communes=COMMUNES, **more)


def placed(found: Settlement) -> list[tuple[int, float, float]]:
    """Village, metres east of the corner, and households of every point."""
    points = found.points
    return [(row.village, row.x_m - WEST, round(row.households, 9)) for row in points.itertuples()]


def test_each_village_is_placed_by_the_best_there_is_of_it() -> None:
    found = settle(
        world(
            *(village(name, x) for name, x in zip("abcde", (100, 500, 900, 1_300, 1_700), strict=True)),
            village("nowhere", None),
            housing=[at(110, village_id="a", households=7)],
            buildings=[at(120), at(510)],
            population=[pixel(0, x, 4) for x in (130, 520, 910)],
            village_areas={
                name: area(x, -600, x + 100, -500) for name, x in zip("abcd", (100, 500, 900, 1_300), strict=True)
            },
        ),
        study(places={"building_m": 50}),
    )
    assert found.source.tolist() == ["housing", "buildings", "population", "polygon", "centre", "none"]
    assert placed(found) == [(0, 110, 7), (1, 510, 10), (2, 910, 10), (3, 1_350, 10)]


def test_without_any_of_them_there_are_no_points() -> None:
    found = settle(world(village("a", 100)), study())
    assert (len(found.points), found.source.tolist(), found.people) == (0, ["centre"], None)
    nobody = settle(world(), study())
    assert (len(nobody.points), len(nobody.source)) == (0, 0)


def test_households_are_shared_over_buildings_evenly_or_by_what_these_state() -> None:
    evenly = settle(world(village("a", 100), buildings=[at(x) for x in (0, 50, 150, 200)]), study())
    assert evenly.points["households"].tolist() == [2.5] * 4
    stated = [at(0, households=6), at(50, households=0), at(150)]  # the last says nothing: one household
    assert settle(world(village("a", 100, households=14), buildings=stated), study()).points["households"].tolist() == [
        12,
        0,
        2,
    ]


def test_a_building_belongs_to_its_own_commune_though_a_village_of_another_is_nearer() -> None:
    homes = village("west", 500), village("east", 2_100, commune="03670")
    assert placed(settle(world(*homes, buildings=[at(1_900), at(2_000)]), study())) == [(0, 1_900, 5), (0, 2_000, 5)]


def test_a_building_beyond_the_distance_of_the_study_or_in_no_commune_belongs_to_no_village() -> None:
    homes = village("near", 500), village("far", 500, -3_000)
    found = settle(world(*homes, buildings=[at(700), at(701), at(-50)]), study(places={"building_m": 200}))
    assert found.source.tolist() == ["buildings", "centre"]
    assert placed(found) == [(0, 700, 10)]


def test_two_villages_of_one_name_in_a_commune_have_each_their_own_buildings() -> None:
    homes = village("1", 500), village("2", 1_500)
    assert placed(settle(world(*homes, buildings=[at(1_400), at(600)]), study())) == [(0, 600, 10), (1, 1_400, 10)]


def test_an_area_holds_its_buildings_across_the_border_and_the_first_of_two_areas_has_what_lies_in_both() -> None:
    homes = village("a", 500), village("b", 600), village("east", 2_100, commune="03670")
    shapes = {"b": area(1_500, -600, 2_200, -400), "a": area(1_000, -600, 1_600, -400)}
    found = settle(world(*homes, buildings=[at(2_090), at(1_550), at(1_700)], village_areas=shapes), study())
    assert placed(found) == [(0, 1_550, 10), (1, 2_090, 5), (1, 1_700, 5)]
    # People are of the commune, and stay in it.
    pixels = [pixel(0, 1_700, 3), pixel(1, 2_090, 4)]
    assert settle(world(*homes, population=pixels, village_areas=shapes), study()).people.tolist()[1:] == [3, 4]


def test_where_the_number_of_households_is_not_known_their_shares_sum_up_to_one_and_none_are_made_up() -> None:
    home = village("a", 2_050, -2_050, commune="03670", households=pd.NA)
    where = world(home, buildings=[at(2_050, -2_050), at(3_550, -2_050), at(3_600, -2_050), at(3_650, -2_050)])
    found = settle(where, study())
    assert found.points["households"].tolist() == [0.25] * 4
    assert found.counted.tolist() == [False]
    level = np.full((40, 40), -90, dtype=np.float32)
    level[:, 30:] = -120
    row = assess_villages(where, painted(grid(), any_4g=level), study()).iloc[0]
    assert (row["status"], row["reason"], row["households_from"]) == ("weak", "share_below", "buildings")
    assert pd.isna(row["households"])
    assert pd.isna(row["households_covered"])
    signal = painted(grid(), any_4g=-120)
    assert len(unserved(where, signal, assess_villages(where, signal, study()), study())) == 0


def test_a_village_of_no_households_has_nobody_to_place() -> None:
    home = village("a", 500, households=0)
    assert settle(world(home, buildings=[at(500)], population=[pixel(0, 500, 9)]), study()).source.tolist() == [
        "centre"
    ]


def test_people_of_a_commune_are_those_of_its_villages_and_the_far_ones_count_in_proportion() -> None:
    homes = village("a", 500), village("b", 1_500), village("east", 2_100, commune="03670"), village("none", None)
    pixels = [pixel(0, 500, 30), pixel(0, 1_500, 10), pixel(0, 1_000, 20, y=-3_500), pixel(1, 3_900, 5)]
    found = settle(world(*homes, population=pixels), study(places={"building_m": 1_000}))
    assert found.people is not None
    np.testing.assert_allclose(found.people, [45, 15, np.nan, np.nan])  # 60 people as 30 to 10; the 5 are out of reach
    assert found.source.tolist() == ["population", "population", "centre", "none"]


def test_households_of_a_village_lie_as_its_people_do() -> None:
    pixels = [pixel(0, 400, 1), pixel(0, 500, 6), pixel(0, 600, 3)]
    assert placed(settle(world(village("a", 500, households=20), population=pixels), study())) == [
        (0, 400, 2), (0, 500, 12), (0, 600, 6),
    ]  # fmt: skip


def test_an_area_alone_spreads_households_evenly_over_the_cells_it_holds() -> None:
    home = village("a", None, households=12)
    found = settle(world(home, village_areas={"a": area(200, -600, 500, -400)}), study())
    assert sorted(found.points["x_m"] - WEST) == [250, 250, 350, 350, 450, 450]
    assert found.points["households"].tolist() == pytest.approx([2.0] * 6)
    tiny = settle(world(home, village_areas={"a": area(210, -420, 220, -410)}), study())
    assert placed(tiny) == [(0, 215, 12)]
    # A village of islands far apart asks for no more points than one that is whole.
    islands = MultiPolygon([area(0, -100, 200, 0), area(9e6, -9e6, 9e6 + 200, -9e6 + 200)])
    assert 1 <= len(settle(world(home, village_areas={"a": islands}), study()).points) <= 400


def test_a_village_without_a_point_has_the_centre_of_its_area() -> None:
    where = world(village("a", None), village_areas={"a": area(200, -600, 500, -400)})
    row = assess_villages(where, painted(grid(), any_4g=-90), study()).iloc[0]
    assert (row.geometry.x - WEST, row.geometry.y - NORTH) == pytest.approx((350, -500))
    assert (row["households_from"], row["status"]) == ("polygon", "covered")


def test_estimated_people_have_a_column_of_their_own_where_there_is_a_raster() -> None:
    signal, home = painted(grid(), any_4g=-90), village("a", 500, people=pd.NA)
    without = assess_villages(world(home), signal, study())
    table = assess_villages(world(home, population=[pixel(0, 500, 37.5)]), signal, study())
    assert [name for name in table if name not in without] == ["people_estimated"]
    assert table["people_estimated"].tolist() == [37.5]
    assert table["people"].isna().all()


def test_demand_is_whole_households_that_sum_up_and_lie_all_over_the_village() -> None:
    where = world(village("a", 500, households=5), buildings=[at(x) for x in range(100, 1_100, 100)])
    signal = painted(grid(), any_4g=-120)
    demand = unserved(where, signal, assess_villages(where, signal, study()), study())
    assert demand.households.sum() == 5
    assert demand.households.max() == 1
    # Every second of ten buildings, half a household each.
    assert set(np.diff(demand.x_m)) <= {100, 200, 300}
    assert demand.x_m.max() - demand.x_m.min() >= 600


def test_whole_households_in_fractions_reach_a_threshold_exactly() -> None:
    # 30 households over 66 buildings: 22 of them are ten households without signal, added up 9.999999999999998.
    homes = [at(2_000 + x, -2_050) for x in range(5, 93, 2)]
    here = village("a", 2_050, -2_050, commune="03670", households=30)
    level = np.full((40, 40), -90, dtype=np.float32)
    level[:, 21] = -120
    away = [at(2_100 + x, -2_050) for x in range(0, 88, 4)]
    where = world(here, buildings=homes + away, cells=[cell(WEST, NORTH)])
    lenient = study(definitions={"covered_percent": 50})
    row = assess_villages(where, painted(grid(), any_4g=level), lenient).iloc[0]
    assert (row["status"], row["reason"]) == ("weak", "unserved_cluster")


def _slow_twin(
    homes: list[tuple[float, float, int]], pixels: list[tuple[int, float, float, float]], within_m: float
) -> tuple[list[float], dict[tuple[int, int], float]]:
    """Share people over villages one pixel after another: people of each village, and of each (pixel, village)."""
    sums, within, owner = {}, {}, {}
    for number, (commune, x, y, people) in enumerate(pixels):
        sums[commune] = sums.get(commune, 0.0) + people
        best, best_m = None, within_m
        for row, (home_x, home_y, home_commune) in enumerate(homes):
            away_m = math.sqrt((x - home_x) ** 2 + (y - home_y) ** 2)
            if home_commune == commune and away_m <= best_m:
                best, best_m = row, away_m
        if best is not None:
            owner[number] = best
            within[commune] = within.get(commune, 0.0) + people
    found, each = [0.0] * len(homes), {}
    for number, row in owner.items():
        commune, _, _, people = pixels[number]
        each[number, row] = people * sums[commune] / within[commune]
        found[row] += each[number, row]
    return found, each


def test_a_raster_is_shared_out_as_a_slow_twin_does_it_and_no_one_is_lost() -> None:
    random = np.random.default_rng(6)
    homes = [(WEST + x, NORTH - y, int(x >= 2_000)) for x, y in random.uniform(0, 4_000, (12, 2))]
    at_m = random.uniform(0, 4_000, (600, 2))
    pixels = sorted(
        (int(x >= 2_000), WEST + x, NORTH - y, people)
        for (x, y), people in zip(at_m, random.exponential(3, 600), strict=True)
    )
    people, each = _slow_twin(homes, pixels, 700)
    rows = [
        {
            "village_id": f"v{n}",
            "name": "Bản",
            "commune_code": COMMUNES[commune]["code"],
            "households": 50,
            "x": x,
            "y": y,
        }
        for n, (x, y, commune) in enumerate(homes)
    ]
    found = settle(world(*rows, population=pixels), study(places={"building_m": 700}))
    assert found.people is not None
    assert len(each) < 600
    np.testing.assert_allclose(np.nan_to_num(found.people), people, rtol=1e-9)
    for commune in (0, 1):
        mine = [row for row, home in enumerate(homes) if home[2] == commune]
        total = sum(pixel[3] for pixel in pixels if pixel[0] == commune)
        assert np.nansum(found.people[mine]) == pytest.approx(total, rel=1e-6)
    weights = sorted(50 * share / people[row] for (_, row), share in each.items())
    np.testing.assert_allclose(sorted(found.points["households"]), weights, rtol=1e-9)
    assert found.points.groupby("village")["households"].sum().tolist() == pytest.approx(
        [50] * np.sum(np.array(people) > 0)
    )


def test_a_third_of_twenty_one_households_is_seven() -> None:
    level = np.full((40, 40), -120, dtype=np.float32)
    level[:, :1] = -90
    home = village("a", 500, households=21)
    where = world(home, housing=[at(x, village_id="a", households=9) for x in (50, 250, 450)])
    assert assess_villages(where, painted(grid(), any_4g=level), study())["households_covered"].tolist() == [7]
