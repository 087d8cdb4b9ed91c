"""What no single row tells: layers held against each other, and figures against what is usual."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pytest
import shapely

from coverage.errors import Problem
from coverage.layers import check_layers
from coverage.layers.checks.cells import _CHANNELS
from coverage.layers.checks.nearness import held, neighbours
from coverage.study import Study
from tests.layers.conftest import (
    EAST,
    HOUSING,
    MIDDLE,
    NORTH,
    SITES,
    SOUTH,
    VILLAGES,
    WEST,
    box,
    features,
    write_terrain,
)

MakeStudy = Callable[..., Study]


def named(study: Study, kind: str) -> Problem:
    """Return the one problem of a kind, which stops no run."""
    found = [problem for problem in check_layers(study) if problem.kind == kind]
    assert len(found) == 1, check_layers(study)
    return found[0]


def cells(*rows: str) -> str:
    heading = SITES.splitlines()[0]
    return "\n".join([heading, *rows]) + "\n"


def row(site: str = "S1", **changed: object) -> str:
    given: dict[str, object] = {
        "operator": "viettel", "technology": "4g", "freq_mhz": 1800, "bandwidth_mhz": 10, "lon": 103.915, "lat": 21.32,
        "height_m": 33, "azimuth_deg": "", "eirp_dbm": 62, **changed,
    }  # fmt: skip
    return ",".join([site, "", *map(str, given.values())])


def test_the_small_study_has_nothing_to_say(make_study: MakeStudy) -> None:
    assert check_layers(make_study()) == []


def test_points_of_one_place_find_each_other_and_no_one_else() -> None:
    points = np.array([[0.0, 0.0], [3.0, 0.0], [100.0, 0.0], [200.0, 0.0], [200.0, 0.0], [200.2, 0.0]])
    assert neighbours(points, 5.0).tolist() == [1, 0, -1, 4, 3, 3]
    assert neighbours(points[:1], 5.0).tolist() == [-1]
    assert neighbours(np.empty((0, 2)), 5.0).tolist() == []


def test_a_hundred_thousand_points_on_one_spot_take_no_time() -> None:
    partner = neighbours(np.zeros((100_000, 2)), 5.0)
    assert (partner >= 0).all()
    assert (partner != np.arange(len(partner))).all()


def test_a_point_on_a_border_is_held() -> None:
    points = np.asarray(shapely.points([[0.5, 0.5], [1.0, 0.5], [2.0, 0.5]]))
    assert held(points, np.array([shapely.box(0, 0, 1, 1)], dtype=object)).tolist() == [True, True, False]


# Sites --------------------------------------------------------------------------------------------------------------


def test_a_site_in_the_sea_says_how_far_the_land_is(make_study: MakeStudy, tmp_path: object) -> None:
    heights = np.full((140, 140), 500, dtype=np.float32)
    heights[:, 125:] = 0.0  # east of 104.005
    write_terrain(tmp_path / "terrain.tif", heights=heights)  # type: ignore[operator]
    study = make_study(sites=SITES + row("S9", lon=104.015) + "\n", terrain="")
    write_terrain(study.folder / "terrain.csv", heights=heights)
    problem = named(study, "site_in_the_sea")
    assert (problem.at, problem.fatal) == ((5,), False)
    assert "1.6 km from the nearest commune" in problem.found  # 0.015 degrees at 21.3 north: 1.556 km


def test_a_site_beyond_the_communes_is_kept_and_its_distance_said(make_study: MakeStudy) -> None:
    problem = named(make_study(sites=SITES.replace("103.970,21.350", "104.0195,21.350")), "site_outside_the_communes")
    assert problem.at == (4,)
    assert "2.0 km outside" in problem.found  # 0.0195 degrees: 2.023 km
    # 1.6 km: it may serve this side. The terrain ends 0.5 km farther, so the reach is cut to what there is.
    reach = {"technologies": {name: {"max_radius_km": 0.4} for name in ("2g", "4g")}}
    near = check_layers(make_study(sites=SITES.replace("103.970,21.350", "104.0150,21.350"), settings=reach))
    assert near == []


@pytest.mark.parametrize(
    ("operator", "kind"), [("viettel", "two_sites_at_one_place"), ("vnpt", "mast_shared_under_two_ids")]
)
def test_one_mast_under_two_ids_is_told_by_operator(make_study: MakeStudy, operator: str, kind: str) -> None:
    # 0.00002 degrees of longitude: 2.1 m; 0.0002: 21 m
    study = make_study(sites=cells(row("A"), row("B", operator=operator, lon=103.91502), row("C", lon=103.9152)))
    problem = named(study, kind)
    assert (problem.at, problem.fatal) == ((2, 3), False)
    assert "A" in problem.found
    assert "B" in problem.found


def test_operators_that_share_a_site_id_are_no_fault(make_study: MakeStudy) -> None:
    assert check_layers(make_study(sites=cells(row("A"), row("A", operator="vnpt")))) == []


def test_the_same_cell_twice_is_found_and_two_carriers_are_not(make_study: MakeStudy) -> None:
    problem = named(make_study(sites=cells(row(), row(freq_mhz=2100), row())), "cell_twice")
    assert problem.at == (4,)


def test_a_sector_without_azimuth_is_found_and_a_mast_around_is_not(make_study: MakeStudy) -> None:
    study = make_study(sites=cells(row(azimuth_deg=0), row(), row("B", lon=103.92)))
    assert named(study, "azimuth_missing").at == (3,)


def test_terrain_short_of_the_reach_says_how_much_is_missing(make_study: MakeStudy) -> None:
    # The mast stands 2 km, 0.019276 degrees, east of the western edge, and reaches 4 km: the segment beyond half of
    # its radius holds 19.55 % of a circle.
    study = make_study(
        sites=cells(row(lon=WEST - 0.02 + 2000 / 103_745, lat=21.35)),
        settings={"technologies": {"4g": {"max_radius_km": 4.0}}},
    )
    problem = named(study, "terrain_short_of_reach")
    assert problem.found.startswith(("19 %", "20 %"))
    assert (problem.at, problem.fatal) == ((2,), False)


def test_heights_in_feet_are_told_by_what_is_usual(make_study: MakeStudy) -> None:
    feet = [row(f"S{i}", lon=103.91 + i / 100, height_m=height) for i, height in enumerate((98.4, 118.1, 78.7))]
    problem = named(make_study(sites=cells(*feet)), "height_in_feet")
    assert problem.rows == 3
    assert "30.0 m" in problem.found  # 98.4 ft


def test_a_height_above_the_sea_is_told_by_the_ground(make_study: MakeStudy) -> None:
    # The ground lies at 500 m in the west and climbs 1 m each 0.001 degrees: 535 m at 103.915.
    problem = named(make_study(sites=cells(row(height_m=568), row("B", lon=103.93))), "height_above_the_sea")
    assert problem.at == (2,)
    assert "535 m" in problem.found


def test_one_high_antenna_is_only_worth_a_look(make_study: MakeStudy) -> None:
    rows = [row("A", height_m=110), *(row(f"B{i}", lon=103.92 + i / 1000) for i in range(3))]
    assert named(make_study(sites=cells(*rows)), "height_improbable").at == (2,)


@pytest.mark.parametrize(
    ("technology", "written", "kind", "mhz", "fatal"),
    [
        ("4g", 1_800_000, "frequency_in_khz", "1800 MHz", True),
        ("2g", 942_600_000, "frequency_in_hz", "942.6 MHz", True),
        ("5g", 3.75, "frequency_in_ghz", "3750 MHz", True),
        ("4g", 1575, "frequency_is_channel", "1842.5 MHz", False),
        ("5g", 520_000, "frequency_is_channel", "2600 MHz", True),
        ("3g", 10_712, "frequency_is_channel", "2142.4 MHz", True),
        ("2g", 2600, "frequency_not_of_technology", "2600 for 2g", False),
        ("4g", 3500, "frequency_not_of_technology", "3500 for 4g", False),
    ],
)
def test_a_frequency_says_what_it_looks_like(
    make_study: MakeStudy, technology: str, written: float, kind: str, mhz: str, fatal: bool
) -> None:
    eirp = {"2g": 57, "3g": 57, "4g": 62, "5g": 67}[technology]
    problems = check_layers(make_study(sites=cells(row(technology=technology, freq_mhz=written, eirp_dbm=eirp))))
    assert [(problem.kind, problem.column, problem.fatal) for problem in problems] == [(kind, "freq_mhz", fatal)]
    assert mhz in problems[0].found


@pytest.mark.parametrize(
    ("technology", "number", "mhz"),
    [
        ("2g", 62, 947.4),  # 935 + 0.2 n, TS 45.005 clause 2
        ("2g", 512, 1805.2),
        ("3g", 10_562, 2112.4),  # n / 5, TS 25.101 clause 5.4.3
        ("4g", 300, 2140.0),  # 2110 + 0.1 (n - 0), TS 36.101 table 5.7.3-1
        ("4g", 1575, 1842.5),
        ("4g", 3625, 942.5),
        ("4g", 9435, 780.5),
        ("5g", 640_000, 3600.0),  # 3000 + 0.015 (n - 600000), TS 38.104 table 5.4.2.1-1
        ("5g", 523_000, 2615.0),
    ],
)
def test_channel_numbers_are_those_of_the_standards(technology: str, number: int, mhz: float) -> None:
    first, _, start_mhz, step_mhz = next(row for row in _CHANNELS[technology] if row[0] <= number <= row[1])
    assert start_mhz + (number - first) * step_mhz == pytest.approx(mhz)


@pytest.mark.parametrize(
    ("technology", "bandwidth", "eirp", "kind"),
    [
        ("4g", 10, 34.2, "eirp_per_element"),  # 62 - 27.8
        ("4g", 20, 34.2, "eirp_per_element"),  # 65 - 30.8
        ("5g", 100, 41, "eirp_per_element"),  # 76 - 35.2
        ("4g", 10, 46, "eirp_is_power"),  # 40 W
        ("2g", 0.2, 43, "eirp_is_power"),  # 20 W
        ("4g", 10, 1260, "eirp_in_watts"),  # 61 dBm
    ],
)
def test_a_power_says_what_it_looks_like(
    make_study: MakeStudy, technology: str, bandwidth: float, eirp: float, kind: str
) -> None:
    freq = {"2g": 900, "4g": 1800, "5g": 3700}[technology]
    cell = row(technology=technology, freq_mhz=freq, bandwidth_mhz=bandwidth, eirp_dbm=eirp)
    problems = check_layers(make_study(sites=cells(cell)))
    assert [(problem.kind, problem.column) for problem in problems] == [(kind, "eirp_dbm")]
    assert problems[0].fatal == (kind == "eirp_in_watts")


@pytest.mark.parametrize(("bandwidth", "eirp"), [(5, 55), (10, 57), (20, 64), (10, 61)])
def test_usual_powers_are_left_alone(make_study: MakeStudy, bandwidth: float, eirp: float) -> None:
    assert check_layers(make_study(sites=cells(row(bandwidth_mhz=bandwidth, eirp_dbm=eirp)))) == []


def test_a_few_small_cells_are_normal(make_study: MakeStudy) -> None:
    rows = [row(f"S{i}", lon=103.905 + i / 1000, eirp_dbm=38 if i == 0 else 62) for i in range(10)]
    assert check_layers(make_study(sites=cells(*rows))) == []


# Villages and housing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "kind", "at"),
    [
        ("103.920,21.350", "103.910,21.310", "villages_at_one_point", (2, 3)),
        ("Bản Hụm", "bản mòng", "village_name_twice", (2, 3)),
        ("55,250", "55,40", "fewer_people_than_households", (3,)),
        ("55,250", "55,800", "people_per_household", (3,)),
        ("55,250", "0,0", "village_without_households", (3,)),
        ("250,không", "250,", "power_unknown", (3,)),
    ],
)
def test_a_village_that_cannot_be_so(make_study: MakeStudy, old: str, new: str, kind: str, at: tuple[int, ...]) -> None:
    problem = named(make_study(villages=VILLAGES.replace(old, new)), kind)
    assert (problem.at, problem.fatal) == (at, False)


def test_villages_of_one_name_from_two_former_communes_are_no_fault(make_study: MakeStudy) -> None:
    lines = VILLAGES.replace("Bản Hụm", "Bản Mòng").splitlines()
    former = ["former_commune", "Chiềng Lề", "Chiềng An", "", ""]
    text = "\n".join(f"{line},{was}" for line, was in zip(lines, former, strict=True)) + "\n"
    assert [problem.kind for problem in check_layers(make_study(villages=text)) if "twice" in problem.kind] == []


def test_housing_beside_another_village_is_far(make_study: MakeStudy) -> None:
    study = make_study(housing=HOUSING.replace("v1,103.911,21.311,15", "v1,103.911,21.405,15"))
    problem = named(study, "housing_far_from_its_village")
    assert problem.at == (3,)
    assert "10.5 km" in problem.found  # 0.095 degrees of latitude


def test_housing_sums_up_to_its_village_within_a_tenth(make_study: MakeStudy) -> None:
    assert check_layers(make_study(housing=HOUSING.replace(",15", ",18"))) == []  # 43 of 40
    problem = named(make_study(housing=HOUSING.replace(",15", ",35")), "housing_sum_differs")
    assert (problem.at, problem.column) == ((2, 3), "households")
    assert "60 households, the village has 40" in problem.found


@pytest.mark.parametrize(("decimals", "coarse"), [(2, True), (4, False)])
def test_points_on_a_coarse_grid_are_told_by_the_file(make_study: MakeStudy, decimals: int, coarse: bool) -> None:
    rows = [
        f"w{i},Bản {i},03646,{103.903 + i / 555:.{decimals}f},{21.313 + i / 777:.{decimals}f},9,40,có"
        for i in range(20)
    ]
    problems = check_layers(make_study(villages=VILLAGES.splitlines()[0] + "\n" + "\n".join(rows) + "\n", housing=None))
    assert ("coordinates_rounded" in [problem.kind for problem in problems]) == coarse


# Communes -----------------------------------------------------------------------------------------------------------


def pair(first_east: float, second_west: float, **first: object) -> str:
    return features(
        ({"code": "03646", "name": "Tô Hiệu", **first}, box(WEST, SOUTH, first_east, NORTH)),
        ({"code": "03670", "name": "Chiềng Cơi"}, box(second_west, SOUTH, EAST, NORTH)),
    )


def test_communes_that_overlap_say_by_how_much(make_study: MakeStudy) -> None:
    problem = named(make_study(communes=pair(MIDDLE + 0.001, MIDDLE)), "communes_overlap")
    assert (problem.at, problem.fatal) == ((1, 2), False)
    assert "by 1.15 km²" in problem.found  # 0.001 by 0.1 degrees: 103.7 m by 11.07 km


def test_communes_that_leave_a_strip_say_how_much(make_study: MakeStudy) -> None:
    problem = named(make_study(communes=pair(MIDDLE - 0.0005, MIDDLE)), "communes_leave_a_gap")  # 52 m wide
    assert (problem.at, problem.fatal) == ((1, 2), False)
    assert "0.574 km²" in problem.found


@pytest.mark.parametrize("step", [-0.0001, 0.0001])
def test_slivers_of_ten_metres_are_how_lines_are_drawn(make_study: MakeStudy, step: float) -> None:
    assert check_layers(make_study(communes=pair(MIDDLE + step, MIDDLE))) == []


def test_a_hole_between_communes_is_a_gap_whatever_its_width(make_study: MakeStudy) -> None:
    west, east = shapely.box(WEST, SOUTH, MIDDLE, NORTH), shapely.box(MIDDLE, SOUTH, EAST, NORTH)
    hole = shapely.box(MIDDLE - 0.01, 21.36, MIDDLE + 0.01, 21.38)
    communes = features(
        ({"code": "03646", "name": "Tô Hiệu"}, shapely.difference(west, hole).__geo_interface__),
        ({"code": "03670", "name": "Chiềng Cơi"}, shapely.difference(east, hole).__geo_interface__),
    )
    assert named(make_study(communes=communes), "communes_leave_a_gap").at == (1, 2)


@pytest.mark.parametrize(("area_km2", "differs"), [(57.4, False), (59, False), (61, True), (5740, True)])
def test_a_stated_area_is_held_against_the_drawn_one(make_study: MakeStudy, area_km2: float, differs: bool) -> None:
    kinds = [problem.kind for problem in check_layers(make_study(communes=pair(MIDDLE, MIDDLE, area_km2=area_km2)))]
    assert kinds == (["area_differs"] if differs else [])  # 5.187 km by 11.07 km


# Fiber --------------------------------------------------------------------------------------------------------------


def routes(*lines: tuple[dict[str, object], list[tuple[float, float]]]) -> str:
    return features(*((values, {"type": "LineString", "coordinates": points}) for values, points in lines))


TO_THE_MAST = [(103.905, 21.32), (103.915, 21.32)]
"""1.037 km, to site S1."""
NOWHERE = [(103.93, 21.37), (103.94, 21.37)]


def test_a_route_that_touches_nothing_is_found(make_study: MakeStudy) -> None:
    study = make_study(fiber_routes=routes(({"route_id": "R1"}, TO_THE_MAST), ({"route_id": "R2"}, NOWHERE)))
    assert named(study, "route_touches_nothing").at == (2,)
    joined = routes(({"route_id": "R1"}, [*TO_THE_MAST, NOWHERE[0]]), ({"route_id": "R2"}, NOWHERE))
    assert check_layers(make_study(fiber_routes=joined)) == []


@pytest.mark.parametrize(
    ("length_km", "kinds"),
    [(1.04, []), (1.15, []), (2.1, ["length_differs"]), (1037, ["length_in_metres"]), ("", [])],
)
def test_a_stated_length_is_held_against_the_drawn_one(
    make_study: MakeStudy, length_km: float, kinds: list[str]
) -> None:
    stated = {"route_id": "R1", "length_km": length_km or None}
    assert [problem.kind for problem in check_layers(make_study(fiber_routes=routes((stated, TO_THE_MAST))))] == kinds


def test_a_route_that_jumps_says_how_far(make_study: MakeStudy) -> None:
    stray = routes(({"route_id": "R1"}, [*TO_THE_MAST, (103.915, 21.47)]))
    problem = named(make_study(fiber_routes=stray), "route_jumps")
    assert "16.6 km" in problem.found  # 0.15 degrees of latitude


# Layers that are missing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["communes", "villages", "sites", "housing", "terrain"])
def test_a_broken_layer_does_not_stop_the_checks_of_others(make_study: MakeStudy, layer: str) -> None:
    twice = VILLAGES.replace("Bản Hụm", "Bản Mòng")
    sound = {"villages": twice} if layer != "villages" else {}
    problems = check_layers(make_study(**{**sound, layer: b"\x00\x01 broken"}))
    assert any(problem.fatal for problem in problems)
    assert layer == "villages" or any(problem.kind == "village_name_twice" for problem in problems)


def test_lengths_are_the_same_without_terrain(make_study: MakeStudy) -> None:
    study = make_study(communes=pair(MIDDLE + 0.001, MIDDLE), terrain=b"none")
    assert "by 1.15 km²" in named(study, "communes_overlap").found


def test_the_drawn_area_is_that_of_the_ellipsoid() -> None:
    # The rectangle that the tests above reckon with.
    area = gpd.GeoSeries([shapely.box(WEST, SOUTH, MIDDLE, NORTH)], crs=4326).to_crs(32648).area.iloc[0]
    assert area / 1e6 == pytest.approx(57.4, rel=0.002)
