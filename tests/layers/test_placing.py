"""Where rows lie: every way in which coordinates are written ends at the same points, and every inference is said."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from pyproj import CRS, Transformer

from coverage.errors import LayerError, Problem
from coverage.layers import check_layers, read_layers
from coverage.study import Study
from tests.layers.conftest import MIDDLE, NORTH, SITES, SOUTH, VILLAGES

MakeStudy = Callable[..., Study]
ROWS = [line.split(",") for line in VILLAGES.strip().splitlines()]
LON, LAT = (np.array([float(row[column]) for row in ROWS[1:]]) for column in (3, 4))


def table(first: str, second: str, pairs: list[tuple[str, str]], *, delimiter: str = ";") -> str:
    """Return the villages with other headings and texts in place of longitude and latitude."""
    rows = [[*ROWS[0][:3], first, second, *ROWS[0][5:]]]
    rows += [[*row[:3], *pair, *row[5:]] for row, pair in zip(ROWS[1:], pairs, strict=True)]
    return "\n".join(delimiter.join(row) for row in rows)


def in_system(epsg: int) -> tuple[list[float], list[float]]:
    easting, northing = Transformer.from_crs(4326, epsg, always_xy=True).transform(LON, LAT)
    return list(easting), list(northing)


def of_kind(study: Study, kind: str) -> list[Problem]:
    return [problem for problem in check_layers(study) if problem.kind == kind]


def assert_in_place(study: Study) -> None:
    villages = read_layers(study).villages
    np.testing.assert_allclose(villages["lon"], LON, atol=2e-7)
    np.testing.assert_allclose(villages["lat"], LAT, atol=2e-7)


@pytest.mark.parametrize("order", ["{1:.3f}, {0:.3f}", "{0:.3f} {1:.3f}", "N {1:.3f} E {0:.3f}"])
@pytest.mark.parametrize("heading", ["Tọa độ", "Toạ độ GPS", "lat/lon"])
def test_both_coordinates_may_stand_in_one_column(make_study: MakeStudy, order: str, heading: str) -> None:
    cells = [(order.format(lon, lat), "") for lon, lat in zip(LON, LAT, strict=True)]
    assert_in_place(make_study(villages=table(heading, "Ghi chú", cells)))


def test_metres_without_a_system_are_told_by_the_declared_communes(make_study: MakeStudy) -> None:
    cells = [(f"{x:.3f}", f"{y:.3f}") for x, y in zip(*in_system(9206), strict=True)]
    study = make_study(villages=table("x", "y", cells))
    assert_in_place(study)
    [problem] = of_kind(study, "inferred_system")
    assert not problem.fatal
    assert "EPSG:9206" in problem.found
    assert "100 % of 4 rows" in problem.found
    assert 'villages = "EPSG:9206" under [crs]' in problem.remedy


def test_a_northing_in_front_is_turned_and_said(make_study: MakeStudy) -> None:
    cells = [
        (f"{y:.3f}".replace(".", ","), f"{x:.3f}".replace(".", ",")) for x, y in zip(*in_system(9206), strict=True)
    ]
    study = make_study(villages=table("X", "Y", cells))
    assert_in_place(study)
    assert [problem.rows for problem in of_kind(study, "axes_turned")] == [4]


def test_a_zone_in_front_of_the_easting_is_left_out_and_said(make_study: MakeStudy) -> None:
    cells = [(f"48{x:.3f}", f"{y:.3f}") for x, y in zip(*in_system(3405), strict=True)]
    study = make_study(villages=table("x", "y", cells), settings={"crs": {"villages": "EPSG:3405"}})
    assert_in_place(study)
    assert [problem.rows for problem in of_kind(study, "zone_in_front")] == [4]


def test_metres_that_no_system_explains_stop_and_list_the_candidates(make_study: MakeStudy) -> None:
    cells = [(f"{300_000 + 1000 * i}", f"{2_300_000 + 1000 * i}") for i in range(4)]
    [problem] = of_kind(make_study(villages=table("x", "y", cells)), "unknown_system")
    assert problem.fatal
    assert "no system puts 80 %" in problem.found
    assert 'villages = "EPSG:…" under [crs]' in problem.remedy


def test_metres_without_communes_stop(make_study: MakeStudy) -> None:
    cells = [(f"{x:.3f}", f"{y:.3f}") for x, y in zip(*in_system(9206), strict=True)]
    [problem] = of_kind(make_study(villages=table("x", "y", cells), communes=Path("none.gpkg")), "unknown_system")
    assert "no communes to tell it by" in problem.found


def test_housing_in_metres_is_told_by_the_communes_of_its_villages(make_study: MakeStudy) -> None:
    rows = [f"{row[0]},{x:.2f},{y:.2f},5" for row, x, y in zip(ROWS[1:], *in_system(9206), strict=True)]
    study = make_study(housing="village_id,x,y,households\n" + "\n".join(rows))
    housing = read_layers(study).housing
    assert housing is not None
    np.testing.assert_allclose(housing["lon"], LON, atol=2e-7)
    assert len(of_kind(study, "inferred_system")) == 1


def test_degrees_among_metres_are_pointed_at(make_study: MakeStudy) -> None:
    cells = [(f"{x:.3f}", f"{y:.3f}") for x, y in zip(*in_system(9206), strict=True)]
    cells[2] = ("103.960", "21.330")
    settings = {"crs": {"villages": "EPSG:9206"}}
    problems = of_kind(make_study(villages=table("x", "y", cells), settings=settings), "not_a_coordinate")
    assert {problem.column for problem in problems} == {"lon", "lat"}
    assert {problem.at for problem in problems} == {(4,)}


def points(tmp_path: Path, system: str, prj: str | None) -> Path:
    """Write the villages as a shapefile in a system, with another text in place of its .prj."""
    easting, northing = Transformer.from_crs(4326, system, always_xy=True).transform(LON, LAT)
    columns = {"village_id": [row[0] for row in ROWS[1:]], "name": [row[1] for row in ROWS[1:]]}
    columns |= {"ma_xa": [row[2] for row in ROWS[1:]], "households": [10] * 4}
    frame = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(easting, northing), crs=system)
    frame.to_file(tmp_path / "villages.shp", engine="pyogrio", encoding="UTF-8")
    file = tmp_path / "villages.prj"
    file.unlink()
    if prj is not None:
        file.write_text(prj)
    return Path("villages.shp")


def nameless(datum: str) -> str:
    """Return the WKT of Sơn La's zone on a datum, as programs write it."""
    return (
        f'PROJCS["zone",GEOGCS["GCS_{datum}",DATUM["D_{datum}",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",104.0],'
        'PARAMETER["Scale_Factor",0.9999],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


def test_a_projection_without_a_datum_is_read_in_vn_2000_and_said(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study(villages=points(tmp_path, "EPSG:9206", nameless("unknown")))
    assert_in_place(study)
    assert "read as EPSG:9206" in of_kind(study, "inferred_system")[0].found


def test_a_zone_of_vn_2000_on_wgs_84_is_doubted_and_the_study_may_say_more(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    villages = points(tmp_path, "EPSG:9206", nameless("WGS_1984"))
    assert len(of_kind(make_study(villages=villages), "doubtful_datum")) == 1
    told = make_study(villages=villages, settings={"crs": {"villages": "EPSG:9206"}})
    assert_in_place(told)
    assert not of_kind(told, "doubtful_datum")


def test_a_zone_of_vn_2000_on_wgs_84_is_told_by_points_near_a_border(make_study: MakeStudy, tmp_path: Path) -> None:
    """Ten villages 100 m east of the border: on the other datum all of them lie 200 m west, in the other commune."""
    lon, lat = np.full(10, MIDDLE + 0.001), np.linspace(SOUTH + 0.01, NORTH - 0.01, 10)
    x, y = Transformer.from_crs(4326, 9206, always_xy=True).transform(lon, lat)
    columns = {"name": [f"Bản {i}" for i in range(10)], "ma_xa": ["03670"] * 10, "so_ho": [9] * 10}
    gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(x, y), crs=9206).to_file(tmp_path / "near.shp")
    (tmp_path / "near.prj").write_text(nameless("WGS_1984"))
    study = make_study(villages=Path("near.shp"), housing=None)
    assert "which alone fits" in of_kind(study, "inferred_system")[0].found
    np.testing.assert_allclose(read_layers(study).villages["lon"], lon, atol=2e-7)


def test_a_projection_that_nothing_is_known_of_is_refused(make_study: MakeStudy, tmp_path: Path) -> None:
    prj = nameless("unknown").replace("0.9999", "0.9996")
    [problem] = of_kind(make_study(villages=points(tmp_path, "EPSG:3405", prj)), "no_datum")
    assert problem.fatal


def test_points_without_a_prj_are_told_by_the_declared_communes(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study(villages=points(tmp_path, "EPSG:9206", None))
    assert_in_place(study)
    assert "EPSG:9206" in of_kind(study, "inferred_system")[0].found


def test_hanoi_72_is_refused_with_the_reason(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study(villages=points(tmp_path, "EPSG:9206", CRS.from_epsg(2044).to_wkt("WKT1_ESRI")))
    [problem] = of_kind(study, "refused_datum")
    assert "Hanoi-72" in problem.found
    with pytest.raises(LayerError, match="Hanoi-72"):
        read_layers(study)


@pytest.mark.skipif(shutil.which("iconv") is None, reason="writes TCVN with the system's iconv")
@pytest.mark.parametrize(("form", "name"), [("TCVN5712-1", "TCVN3"), ("VISCII", "VISCII")])
def test_a_table_of_an_older_encoding_gives_the_right_names_and_flags(
    make_study: MakeStudy, form: str, name: str
) -> None:
    text = VILLAGES.replace("name,", "Tên thôn/bản,").replace("has_power", "Điện lưới")
    command = ["iconv", "-f", "UTF-8", "-t", form]
    content = subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout
    study = make_study(villages=content)
    villages = read_layers(study).villages
    assert list(villages["name"]) == ["Bản Mòng", "Bản Hụm", "Bản Cọ", "Bản Púng"]
    assert list(villages["has_power"]) == [True, False, True, True]
    said = of_kind(study, "legacy_encoding")
    assert "name" in {problem.column for problem in said}
    assert all(name in problem.found for problem in said)


def test_right_text_is_never_said_to_be_mended(make_study: MakeStudy) -> None:
    assert not of_kind(make_study(), "legacy_encoding")
    assert list(read_layers(make_study()).cells["operator"]) == ["viettel", "viettel", "vnpt"]
    assert "VinaPhone" in SITES
