"""Every fault of a supplied file is one clear line: file, row, what was found, what was expected, what to do."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio.errors
import shapely
from affine import Affine

from coverage.errors import LayerError, Problem
from coverage.layers import check_layers, read_layers
from coverage.study import Study
from tests.layers.conftest import (
    COMMUNES,
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


def corner_at(west: float, north: float) -> Affine:
    return Affine(0.001, 0, west, 0, -0.001, north)


def only(study: Study) -> Problem:
    """Return the one problem of a study, having checked that it reads as one line and stops a run only if fatal."""
    problems = check_layers(study)
    assert len(problems) == 1, "\n".join(map(str, problems))
    assert "\n" not in str(problems[0])
    if problems[0].fatal:
        with pytest.raises(LayerError, match=re.escape(str(problems[0]))):
            read_layers(study)
    else:
        assert read_layers(study).problems == (problems[0],)
    return problems[0]


def test_a_missing_file_names_the_file_and_its_key(make_study: MakeStudy) -> None:
    problem = only(make_study(sites=Path("data/none.csv")))
    assert problem.fatal
    assert problem.file == "data/none.csv"
    assert problem.found == "no such file"
    assert "[layers] sites" in problem.remedy


def test_missing_terrain_does_not_hide_the_other_faults(make_study: MakeStudy) -> None:
    problems = check_layers(make_study(terrain=Path("none.tif"), villages="", sites=Path("none.csv")))
    assert {problem.file for problem in problems if problem.fatal} == {"none.tif", "villages.csv", "none.csv"}


def test_all_fatal_problems_of_all_layers_come_at_once(make_study: MakeStudy) -> None:
    study = make_study(
        sites=SITES.replace("LTE,1800,10,103.915,21.320,33,0", "WiFi,1800,10,103.915,21.320,33,0"),
        villages=VILLAGES.replace("v2,", "v1,"),
        housing=Path("none.csv"),
    )
    with pytest.raises(LayerError) as caught:
        read_layers(study)
    assert {problem.file for problem in caught.value.problems} == {"sites.csv", "villages.csv", "none.csv"}


def test_a_folder_in_place_of_a_file_is_named(make_study: MakeStudy, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert only(make_study(housing=Path("folder.csv"))).found == "a folder"


def test_a_file_without_permission_is_named(make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study()
    # Some users, root among them, may read every file, so the answer of the system is stood in for.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "housing.csv")
    problem = only(study)
    assert (problem.file, problem.found) == ("housing.csv", "no permission to read it")


@pytest.mark.parametrize("layer", ["villages", "sites", "housing"])
def test_a_file_of_no_bytes_is_empty(make_study: MakeStudy, layer: str) -> None:
    assert any(problem.found == "an empty file (0 bytes)" for problem in check_layers(make_study(**{layer: ""})))


@pytest.mark.parametrize("layer", ["villages", "sites", "housing"])
def test_headings_without_rows_are_an_empty_layer(make_study: MakeStudy, layer: str) -> None:
    heading = {"villages": VILLAGES, "sites": SITES, "housing": HOUSING}[layer].split("\n")[0]
    problem = check_layers(make_study(**{layer: heading + "\n"}))[0]
    assert (problem.file, problem.found, problem.fatal) == (f"{layer}.csv", "no rows", True)


def test_an_empty_vector_layer_is_named(make_study: MakeStudy, tmp_path: Path) -> None:
    columns = {"code": [], "name": []}
    gpd.GeoDataFrame(columns, geometry=[], crs=4326).to_file(tmp_path / "empty.gpkg", engine="pyogrio")
    assert check_layers(make_study(communes=Path("empty.gpkg")))[0].found == "no rows"


def test_a_vector_file_without_crs_says_how_to_set_it(make_study: MakeStudy, tmp_path: Path) -> None:
    frame = gpd.read_file(COMMUNES).set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(tmp_path / "communes.shp", engine="pyogrio")
    problem = only(make_study(communes=Path("communes.shp")))
    assert problem.found == "no coordinate reference system (CRS)"
    assert 'communes = "EPSG:…" under [crs]' in problem.remedy
    named = make_study(communes=Path("communes.shp"), settings={"crs": {"communes": "EPSG:4326"}})
    assert check_layers(named) == []


def test_a_crs_setting_that_contradicts_the_file_is_refused(make_study: MakeStudy) -> None:
    problem = only(make_study(settings={"crs": {"communes": "EPSG:9206"}}))
    assert problem.fatal
    assert "EPSG:4326" in problem.found
    assert "EPSG:9206" in problem.found


def test_a_crs_setting_that_is_none_is_refused(make_study: MakeStudy) -> None:
    assert only(make_study(settings={"crs": {"sites": "EPSG:nonsense"}})).file == "coverage.toml"


def test_a_misspelt_layer_in_a_setting_is_refused(make_study: MakeStudy) -> None:
    problem = only(make_study(settings={"columns": {"site": {"height_m": "Cao"}}}))
    assert problem.found == "[columns] site"


def test_a_layer_in_the_wrong_crs_is_named_with_both_extents(make_study: MakeStudy, tmp_path: Path) -> None:
    frame = gpd.read_file(COMMUNES).to_crs(9206).set_crs(4326, allow_override=True)
    frame = frame.set_geometry(frame.geometry.scale(1e-5, 1e-5, origin=(0, 0)))  # lands near 4.9° E, 23.6° N
    frame.to_file(tmp_path / "wrong.gpkg", engine="pyogrio")
    problem = next(each for each in check_layers(make_study(communes=Path("wrong.gpkg"))) if each.fatal)
    assert problem.file == "wrong.gpkg"
    assert re.search(r"longitude 4\.\d+….* far from terrain\.tif at longitude 103\.880…104\.020", problem.found)


def test_terrain_in_the_wrong_place_is_blamed_once(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    write_terrain(tmp_path / "terrain.tif", transform=corner_at(-118.5, 34.5))
    problem = only(study)
    assert problem.file == "terrain.tif"
    assert "longitude -118.500" in problem.found


def test_terrain_labelled_in_degrees_with_metres_is_nowhere_on_earth(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    write_terrain(tmp_path / "terrain.tif", transform=corner_at(490_000, 2_359_000))
    assert "nowhere on Earth" in only(study).found


def test_terrain_without_crs_is_refused_unless_the_study_names_it(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    write_terrain(tmp_path / "terrain.tif", crs=None)
    assert only(study).found == "no coordinate reference system (CRS)"
    assert check_layers(study.model_copy(update={"crs": {"terrain": "EPSG:4326"}})) == []


def test_terrain_without_position_is_refused(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        write_terrain(tmp_path / "terrain.tif", transform=Affine.identity(), crs=None)
    assert only(study).found == "no position on Earth"


@pytest.mark.parametrize("profile", [{}, {"compress": "deflate"}, {"tiled": True, "blockxsize": 64, "blockysize": 64}])
@pytest.mark.parametrize("kept", [0.3, 0.7, 0.97])
def test_a_truncated_geotiff_is_one_clear_line(
    make_study: MakeStudy, tmp_path: Path, profile: dict[str, object], kept: float
) -> None:
    study, file = make_study(), tmp_path / "terrain.tif"
    noise = np.random.default_rng(1).uniform(100, 2000, (140, 140)).astype(np.float32)
    write_terrain(file, heights=noise, **profile)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])
    problem = only(study)
    assert problem.file == "terrain.tif"
    assert problem.found.startswith("a raster that cannot be read to its end")


def test_a_picture_is_no_terrain(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    write_terrain(tmp_path / "terrain.tif", heights=np.ones((3, 140, 140), dtype=np.uint8))
    assert only(study).found == "3 bands"


def test_an_undeclared_void_value_is_refused(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    heights = np.full((140, 140), 500, dtype=np.int16)
    heights[100, 100] = -32768
    write_terrain(tmp_path / "terrain.tif", heights=heights)
    assert only(study).found.startswith("heights of -")
    write_terrain(tmp_path / "terrain.tif", heights=heights, nodata=-32768)
    assert check_layers(study) == []


def test_an_unknown_technology_names_row_value_and_site(make_study: MakeStudy) -> None:
    problem = only(make_study(sites=SITES.replace("VinaPhone,2G", "VinaPhone,6G")))
    assert (problem.row, problem.column, problem.fatal) == (4, "technology", True)
    assert problem.found == "technology '6G' of site S2 is unknown"


@pytest.mark.parametrize("position", ["100.0,20.0", "103.970,21.9"])
def test_a_site_outside_the_terrain_names_row_and_site(make_study: MakeStudy, position: str) -> None:
    problem = only(make_study(sites=SITES.replace("103.970,21.350", position)))
    assert (problem.file, problem.row, problem.fatal) == ("sites.csv", 4, True)
    assert "site S2" in problem.found


def test_a_site_on_a_void_of_the_terrain_names_row_and_site(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    heights = np.full((140, 140), 500, dtype=np.float32)
    heights[65:75, 85:95] = np.nan  # around 103.970, 21.350
    write_terrain(tmp_path / "terrain.tif", heights=heights)
    problem = only(study)
    assert (problem.row, "site S2" in problem.found) == (4, True)


@pytest.mark.parametrize("written", ["", "NaN", "n/a", "#N/A", "-"])
def test_an_empty_height_is_refused_unless_the_study_fills_it(make_study: MakeStudy, written: str) -> None:
    sites = SITES.replace("21.350,42,", f"21.350,{written},")
    problem = only(make_study(sites=sites))
    assert (problem.row, problem.column, problem.fatal) == (4, "height_m", True)
    assert "S2" in problem.found
    assert "fill_missing" in problem.remedy
    filled = make_study(sites=sites, settings={"fill_missing": True, "radio": {"antenna_height_m": 30}})
    assert not only(filled).fatal
    assert read_layers(filled).cells["height_m"].tolist() == [33, 33, 30]


@pytest.mark.parametrize("written", ["tall", "-5", "99999", "inf"])
def test_a_height_that_is_none_is_refused_once(make_study: MakeStudy, written: str) -> None:
    problem = only(make_study(sites=SITES.replace("21.350,42,", f"21.350,{written},")))
    assert (problem.row, problem.column, problem.fatal) == (4, "height_m", True)


def test_absent_columns_are_filled_from_the_study_and_said(make_study: MakeStudy) -> None:
    sites = "site_id,operator,technology,lon,lat\nA,Viettel,4G,103.92,21.35\nB,Gmobile,GSM900,103.97,21.35\n"
    study = make_study(sites=sites)
    assert [problem.fatal for problem in check_layers(study)] == [False] * 4
    cells = read_layers(study).cells
    assert cells["freq_mhz"].tolist() == [1800, 900]
    assert cells["eirp_dbm"].tolist() == [62, 57]
    assert cells["height_m"].tolist() == [33, 33]
    assert cells["cell_id"].tolist() == ["A-viettel-4g-1", "B-gtel-2g-1"]


@pytest.mark.parametrize(
    ("layer", "text", "row", "column"),
    [
        ("villages", VILLAGES.replace("v2,", "v1,"), 2, "village_id"),
        ("sites", SITES.replace("S1-b", "S1-a"), 2, "cell_id"),
        ("communes", COMMUNES.replace("03670", "03646"), 1, "code"),
    ],
)
def test_duplicate_ids_are_refused(make_study: MakeStudy, layer: str, text: str, row: int, column: str) -> None:
    problem = next(each for each in check_layers(make_study(**{layer: text})) if each.column == column)
    assert (problem.row, problem.rows, problem.fatal) == (row, 2, True)
    assert "more than once" in problem.found


def test_a_village_in_no_commune_is_refused(make_study: MakeStudy) -> None:
    problem = only(make_study(villages=VILLAGES + "v5,Bản Xa,,104.010,21.350,10,40,có\n"))
    assert (problem.row, problem.fatal) == (6, True)
    assert problem.found == "village Bản Xa at 104.01000, 21.35000 lies in no commune"


def test_a_village_of_an_unknown_commune_is_refused(make_study: MakeStudy) -> None:
    problem = only(make_study(villages=VILLAGES.replace("Bản Hụm,03646", "Bản Hụm,03999")))
    assert (problem.row, problem.column, problem.fatal) == (3, "commune_code", True)
    assert "03999" in problem.found


def test_a_declared_commune_wins_over_the_one_of_the_point(make_study: MakeStudy) -> None:
    study = make_study(villages=VILLAGES.replace("Bản Hụm,03646", "Bản Hụm,03670"))
    problem = only(study)
    assert (problem.row, problem.fatal) == (3, False)
    assert "declared in 03670 but its point lies in 03646" in problem.found
    assert read_layers(study).villages["commune_name"].iloc[1] == "Chiềng Cơi"


def test_a_commune_without_villages_is_said(make_study: MakeStudy) -> None:
    third = features(
        ({"code": "03646", "name": "Tô Hiệu"}, box(WEST, SOUTH, MIDDLE, NORTH)),
        ({"code": "03670", "name": "Chiềng Cơi"}, box(MIDDLE, SOUTH, 104.0, NORTH)),
        ({"code": "03679", "name": "Vắng"}, box(104.0, SOUTH, 104.1, NORTH)),
    )
    problem = only(make_study(communes=third))
    assert (problem.file, problem.row, problem.fatal) == ("communes.geojson", 3, False)
    assert problem.found == "commune 03679 Vắng has no village"


def test_a_village_without_a_point_is_kept_and_said(make_study: MakeStudy) -> None:
    study = make_study(villages=VILLAGES.replace("103.920,21.350", ","))
    problem = only(study)
    assert (problem.row, problem.fatal) == (3, False)
    village = read_layers(study).villages.iloc[1]
    assert village.geometry is None
    assert village["commune_code"] == "03646"


def test_a_village_without_point_and_commune_is_refused(make_study: MakeStudy) -> None:
    problems = check_layers(make_study(villages=VILLAGES.replace("03646,103.920,21.350", ",,")))
    assert [problem.found for problem in problems if problem.fatal] == [
        "village Bản Hụm has neither a point nor a commune_code"
    ]


@pytest.mark.parametrize("households", ["-3", "many", "4.5"])
def test_households_that_are_no_number_of_people_are_refused(make_study: MakeStudy, households: str) -> None:
    problem = only(make_study(villages=VILLAGES.replace("21.350,55,", f"21.350,{households},")))
    assert (problem.row, problem.column, problem.fatal) == (3, "households", True)


def test_unknown_households_are_kept_empty_and_said(make_study: MakeStudy) -> None:
    study = make_study(villages=VILLAGES.replace("21.350,55,", "21.350,,"))
    assert not only(study).fatal
    assert read_layers(study).villages["households"].isna().tolist() == [False, True, False, False]


def test_an_operator_called_any_is_refused(make_study: MakeStudy) -> None:
    problem = only(make_study(sites=SITES.replace("VinaPhone", "ANY")))
    assert (problem.row, problem.column, problem.fatal) == (4, "operator", True)


def test_a_boundary_that_crosses_itself_is_repaired_and_said(make_study: MakeStudy) -> None:
    bow = [[WEST, SOUTH], [MIDDLE, NORTH], [MIDDLE, SOUTH], [WEST, NORTH], [WEST, SOUTH]]
    study = make_study(
        communes=features(
            ({"code": "03646", "name": "Tô Hiệu"}, {"type": "Polygon", "coordinates": [bow]}),
            ({"code": "03670", "name": "Chiềng Cơi"}, box(MIDDLE, SOUTH, 104.0, NORTH)),
        ),
    )
    first = next(problem for problem in check_layers(study) if problem.file == "communes.geojson")
    assert (first.row, first.fatal) == (1, False)
    shape = read_layers(study).communes.geometry.iloc[0]
    assert shape.is_valid
    rectangle = gpd.GeoSeries([shapely.box(WEST, SOUTH, MIDDLE, NORTH)], crs=4326).to_crs(32648).area.iloc[0]
    assert shape.area == pytest.approx(rectangle / 2, rel=1e-3)  # a bow tie is half of its rectangle


def test_points_are_no_communes(make_study: MakeStudy) -> None:
    points = features(({"code": "03646", "name": "Tô Hiệu"}, {"type": "Point", "coordinates": [WEST, SOUTH]}))
    assert any(problem.found == "a Point" and problem.fatal for problem in check_layers(make_study(communes=points)))


def test_swapped_coordinates_are_turned_and_counted(make_study: MakeStudy) -> None:
    swapped = VILLAGES.replace("103.920,21.350", "21.350,103.920").replace("103.960,21.330", "21.330,103.960")
    study = make_study(villages=swapped)
    problem = only(study)
    assert (problem.row, problem.rows, problem.fatal) == (3, 2, False)
    assert read_layers(study).villages["lon"].tolist() == [103.91, 103.92, 103.96, 103.98]


def test_metres_in_columns_of_degrees_point_to_the_crs_setting(make_study: MakeStudy) -> None:
    metres = gpd.GeoSeries(gpd.points_from_xy([103.915, 103.97], [21.32, 21.35]), crs=4326).to_crs(9206)
    rows = "\n".join(f"S{i},Viettel,4G,1800,10,33,62,{p.x:.2f},{p.y:.2f}" for i, p in enumerate(metres))
    sites = f"site_id,operator,technology,freq_mhz,bandwidth_mhz,height_m,eirp_dbm,x,y\n{rows}\n"
    problem = only(make_study(sites=sites))
    assert (problem.kind, problem.fatal) == ("unknown_system", True)
    assert 'sites = "EPSG:…" under [crs]' in problem.remedy
    study = make_study(sites=sites, settings={"crs": {"sites": "EPSG:9206"}})
    assert check_layers(study) == []
    assert read_layers(study).cells["lon"].tolist() == pytest.approx([103.915, 103.97], abs=1e-7)


def test_housing_of_unknown_villages_is_said_and_refused_when_all_is(make_study: MakeStudy) -> None:
    some = only(make_study(housing=HOUSING.replace("v3,", "v9,")))
    assert (some.row, some.fatal) == (4, False)
    every = only(make_study(housing=HOUSING.replace("\nv", "\nw")))
    assert (every.rows, every.fatal) == (3, True)


def test_a_missing_heading_lists_what_was_found_and_what_is_accepted(make_study: MakeStudy) -> None:
    problem = only(make_study(sites=SITES.replace("technology", "system")))
    assert problem.column == "technology"
    assert "'system'" in problem.found
    assert "Công nghệ" in problem.expected


def test_a_binary_file_called_csv_is_refused(make_study: MakeStudy) -> None:
    assert only(make_study(housing=bytes(range(256)) * 4)).found == "content that is not text"


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.gpkg", "broken.geojson", "broken.shp", "broken.ods"])
def test_a_damaged_file_is_one_clear_line(make_study: MakeStudy, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 this is no such file")
    problem = only(make_study(housing=Path(name)))
    assert (problem.file, problem.fatal) == (name, True)


def test_a_grid_in_degrees_is_refused(make_study: MakeStudy) -> None:
    problem = only(make_study(settings={"grid": {"crs": "EPSG:4326"}}))
    assert (problem.file, problem.expected) == ("coverage.toml", "a projected system in metres")
