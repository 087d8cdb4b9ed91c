"""Buildings and areas of villages: in any shape, each with its village or a word why not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coverage.errors import Problem
from coverage.layers import check_layers, read_layers
from coverage.places.settlement import settle
from coverage.study import Study
from tests.layers.conftest import box, features

MakeStudy = Callable[..., Study]


def square(lon: float, lat: float, side: float = 0.002) -> dict[str, Any]:
    return box(lon, lat, lon + side, lat + side)


def about(study: Study, file: str) -> list[Problem]:
    return [problem for problem in check_layers(study) if problem.file.startswith(file)]


def test_buildings_of_a_table_stand_at_their_points(make_study: MakeStudy) -> None:
    study = make_study(buildings="lon,lat,households\n103.9201,21.3501,2\n103.9202,21.3502,\n")
    layers = read_layers(study)
    assert layers.buildings is not None
    assert layers.buildings["households"].isna().tolist() == [False, True]
    assert about(study, "buildings") == []
    found = settle(layers, study)
    assert found.source.tolist() == ["housing", "buildings", "housing", "centre"]


def test_footprints_stand_at_a_point_inside_and_so_does_housing_without_a_word(make_study: MakeStudy) -> None:
    homes = features(({"village_id": "v1", "households": 4}, square(103.91, 21.31)))
    study = make_study(buildings=features(({}, square(103.92, 21.35))), housing=homes)
    layers = read_layers(study)
    assert layers.buildings is not None
    assert layers.housing is not None
    assert layers.buildings["lon"].tolist() == pytest.approx([103.921])
    assert layers.housing["lat"].tolist() == pytest.approx([21.311])
    assert about(study, "buildings") == []
    assert [problem.kind for problem in about(study, "housing")] == ["housing_sum_differs"]


def test_a_building_without_a_place_is_left_out_and_one_far_from_every_village_is_reported(
    make_study: MakeStudy,
) -> None:
    study = make_study(buildings="lon,lat,households\n103.92,21.35,1\n,,1\n103.99,21.301,1\n")
    assert [(problem.kind, problem.at, problem.fatal) for problem in about(study, "buildings")] == [
        ("no_point", (3,), False), ("building_far_from_villages", (4,), False),
    ]  # fmt: skip
    raised = study.model_copy(update={"places": study.places.model_copy(update={"building_m": 9_000.0})})
    assert [problem.kind for problem in about(raised, "buildings")] == ["no_point"]


def test_villages_given_as_areas_keep_them(make_study: MakeStudy) -> None:
    rows = features(
        ({"village_id": "v1", "name": "Bản Mòng", "households": 8}, square(103.90, 21.30, 0.02)),
        ({"village_id": "v2", "name": "Bản Cọ", "households": 6}, square(103.96, 21.33)),
    )
    study = make_study(villages=rows, housing=None)
    layers = read_layers(study)
    assert layers.village_areas is not None
    assert layers.village_areas["village_id"].tolist() == ["v1", "v2"]
    assert layers.village_areas.crs == layers.grid.crs
    assert settle(layers, study).source.tolist() == ["polygon", "polygon"]
    assert {problem.kind for problem in about(study, "villages")} == {"polygon_for_point"}


def test_an_area_is_of_the_village_it_names_by_id_or_by_name_in_its_commune_or_of_the_one_it_holds(
    make_study: MakeStudy,
) -> None:
    shapes = features(
        ({"village_id": "v1"}, square(103.905, 21.305, 0.01)),
        ({"name": "Hụm", "commune_code": "03646"}, square(103.93, 21.36)),
        ({"name": "bản  cọ", "commune_name": "Chiềng Cơi"}, square(103.965, 21.335)),
        ({}, square(103.979, 21.389)),
    )
    study = make_study(village_areas=shapes)
    layers = read_layers(study)
    assert layers.village_areas is not None
    assert layers.village_areas["village_id"].tolist() == ["v1", "v2", "v3", "v4"]
    assert about(study, "village_areas") == []


TWINS = (
    "village_id,name,commune_code,lon,lat,households\n1,Bản Một,03646,103.91,21.31,5\n2,Bản Một,03646,103.92,21.35,6\n"
)


def test_of_two_villages_of_one_name_the_area_is_that_of_the_one_it_holds(make_study: MakeStudy) -> None:
    named = {"name": "Bản Một", "commune_code": "03646"}
    shapes = features((named, square(103.915, 21.345, 0.01)), (named, square(103.93, 21.37)))
    study = make_study(villages=TWINS, village_areas=shapes, housing=None)
    layers = read_layers(study)
    assert layers.village_areas is not None
    assert layers.village_areas["village_id"].tolist() == ["2"]
    (problem,) = about(study, "village_areas")
    assert (problem.kind, problem.at) == ("area_of_several_villages", (2,))
    assert problem.found == "the area of Bản Một 03646, which may be that of 1, 2"


def test_an_area_of_no_village_is_left_out_and_parts_of_one_village_are_one_area(make_study: MakeStudy) -> None:
    shapes = features(
        ({"village_id": "v9"}, square(103.93, 21.37)),
        ({"name": "Bản Lạ"}, square(103.93, 21.37)),
        ({"name": "Bản Mòng", "commune_code": "03670"}, square(103.93, 21.37)),
        ({"village_id": "v1"}, square(103.909, 21.309)),
        ({"village_id": "v1"}, square(103.913, 21.309)),
    )
    study = make_study(village_areas=shapes)
    layers = read_layers(study)
    assert layers.village_areas is not None
    assert [(problem.kind, problem.at) for problem in about(study, "village_areas")] == [
        ("unknown_village", (1,)), ("area_of_no_village", (2, 3)),
    ]  # fmt: skip
    assert layers.village_areas["village_id"].tolist() == ["v1"]
    assert len(layers.village_areas.geometry.iloc[0].geoms) == 2


def test_an_area_across_two_communes_stays_with_its_own_and_areas_that_overlap_are_reported(
    make_study: MakeStudy,
) -> None:
    shapes = features(
        ({"village_id": "v2"}, box(103.91, 21.34, 103.96, 21.36)),
        ({"village_id": "v3"}, box(103.95, 21.32, 103.98, 21.35)),
    )
    study = make_study(village_areas=shapes)
    assert [(problem.kind, problem.at, problem.fatal) for problem in about(study, "village_areas")] == [
        ("area_crosses_communes", (1,), False), ("village_areas_overlap", (2,), False),
    ]  # fmt: skip
    problem = about(study, "village_areas")[0]
    assert problem.found == "20% of the area of village v2 lies outside its commune 03646; it stays with that commune"


def test_a_layer_of_areas_without_shapes_is_refused(make_study: MakeStudy) -> None:
    assert about(make_study(village_areas="village_id\nv1\n"), "village_areas")[0].kind == "no_shapes"
    assert about(make_study(buildings=Path("none.gpkg")), "none")[0].kind == "no_such_file"
