from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from coverage.errors import FetchError
from coverage.fetching.areas import Area, find_area
from coverage.fetching.folder import Errand, Folder
from coverage.fetching.rasters import corners, land_cover_name, terrain_name
from coverage.fetching.server import Servers
from coverage.layers.units.provinces import find_province, provinces
from coverage.settings.fetch import Fetch
from coverage.study import load_study
from tests.fetching.services import LOGIN_PAGE, Reply, Services, put_boundaries

ROOT = Path(__file__).parents[2]
OF_BEFORE = {
    "Khánh Hóa": ("VN-34", (108.5, 12.0, 109.5, 13.0)),  # the tones of the service are not always right
    "Ninh Thuận": ("VN-36", (108.5, 11.0, 109.5, 12.0)),
    "Bà Rịa–Vũng Tàu": ("VN-43", (107.0, 10.0, 107.5, 10.5)),
    "Côn Đảo": ("VN-43", (106.5, 8.5, 106.7, 8.8)),
    "Ho Chi Minh": ("VN-SG", (106.0, 10.0, 107.0, 11.0)),
    "Binh Duong": ("VN-57", (106.0, 11.0, 107.0, 12.0)),
}


def area(asked: str, rules: Fetch, folder: Path, study=None) -> Area:
    errand = Errand(Folder(folder), Servers(rules), lambda parts, total: None)
    return find_area(asked, errand, rules.boundaries, study)


def test_the_country_has_34_provinces_of_today_and_29_that_are_no_more() -> None:
    assert sum(province.today for province in provinces()) == 34
    assert len(provinces()) == 63
    assert len({former for province in provinces() if province.today for former in province.formers}) == 63


@pytest.mark.parametrize("asked", ["Sơn La", "son la", "tỉnh Sơn La", "SON LA", "14", " 14 ", "T. Sơn La"])
def test_a_province_is_found_with_accents_and_without_and_by_its_code(asked: str) -> None:
    found = find_province(asked)
    assert found is not None
    assert (found.code, found.name, found.formers) == ("14", "Sơn La", ("Sơn La",))


def test_a_code_that_was_used_again_is_that_of_today() -> None:
    yen_bai, lao_cai = find_province("Yên Bái"), find_province("15")
    assert (yen_bai.code, yen_bai.today) == ("15", False)
    assert (lao_cai.name, lao_cai.formers) == ("Lào Cai", ("Lào Cai", "Yên Bái"))
    assert find_province("TP. HCM").formers == ("Bà Rịa - Vũng Tàu", "Bình Dương", "Hồ Chí Minh")
    assert find_province("Thừa Thiên Huế").name == "Huế"
    assert find_province("Đắc Lắc").name == "Đắk Lắk"
    assert find_province("") is None


def test_a_province_of_today_is_put_together_from_those_of_before(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    put_boundaries(services, OF_BEFORE)
    found = area("khanh hoa", rules, tmp_path)
    assert found.shape.bounds == (108.5, 11.0, 109.5, 13.0)
    assert found.known_by == "geoBoundaries: Khánh Hòa, Ninh Thuận"


def test_a_province_that_is_no_more_is_that_of_before(tmp_path: Path, rules: Fetch, services: Services) -> None:
    put_boundaries(services, OF_BEFORE)
    found = area("58", rules, tmp_path)
    assert found.shape.bounds == (108.5, 11.0, 109.5, 12.0)
    assert found.known_by == "until 30 June 2025; geoBoundaries: Ninh Thuận"


def test_islands_drawn_by_themselves_come_with_their_province(tmp_path: Path, rules: Fetch, services: Services) -> None:
    put_boundaries(services, OF_BEFORE)
    found = area("Hồ Chí Minh", rules, tmp_path)
    assert found.shape.bounds == (106.0, 8.5, 107.5, 12.0)
    assert found.shape.area == pytest.approx(1 + 1 + 0.25 + 0.06)  # Sài Gòn, Bình Dương, Vũng Tàu, Côn Đảo


def test_boundaries_of_today_are_taken_as_they_are(tmp_path: Path, rules: Fetch, services: Services) -> None:
    put_boundaries(services, {"Khánh Hòa": ("VN-34", (108.5, 11.0, 109.5, 13.0)), "Huế": ("VN-26", (107, 16, 108, 17))})
    assert area("Khánh Hòa", rules, tmp_path).shape.bounds == (108.5, 11.0, 109.5, 13.0)
    with pytest.raises(FetchError, match=r"has no Ninh Thuận; expected the polygons of Ninh Thuận\. Give the area as"):
        area("Ninh Thuận", rules, tmp_path)


def test_the_communes_of_the_study_are_its_province_and_nobody_is_asked(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    study = load_study(ROOT)
    found = area("Sơn La", rules, tmp_path, study)
    assert found.known_by == "the 75 communes of the study"
    assert 13_000 < gpd.GeoSeries([found.shape], crs=4326).to_crs("EPSG:9206").area[0] / 1e6 < 15_500  # 14,109 km²
    assert services.asked == []


def test_the_study_of_another_province_is_not_taken_for_the_one_asked_for(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    put_boundaries(services, OF_BEFORE)
    assert area("Khánh Hòa", rules, tmp_path, load_study(ROOT)).shape.bounds == (108.5, 11.0, 109.5, 13.0)


def test_a_box_is_in_degrees_west_south_east_north(tmp_path: Path, rules: Fetch) -> None:
    assert area("103.5, 21,104,22.25", rules, tmp_path).shape.bounds == (103.5, 21, 104, 22.25)
    for wrong in ("104,21,103,22", "21,103,22,104", "0,0,500,10"):
        with pytest.raises(FetchError, match="is no box; expected west,south,east,north in degrees"):
            area(wrong, rules, tmp_path)


def test_a_file_of_polygons_comes_in_any_reference_system(tmp_path: Path, rules: Fetch) -> None:
    square = gpd.GeoSeries([shapely.box(490_000, 2_350_000, 500_000, 2_360_000)], crs="EPSG:9206")
    square.to_file(tmp_path / "huyện.gpkg")
    west, south, east, north = area(str(tmp_path / "huyện.gpkg"), rules, tmp_path).shape.bounds
    assert (west, south, east, north) == pytest.approx((103.90, 21.245, 104.0, 21.335), abs=0.01)
    gpd.GeoSeries([shapely.Point(104, 21)], crs=4326).to_file(tmp_path / "points.gpkg")
    with pytest.raises(FetchError, match=r"points\.gpkg: has no polygon"):
        area(str(tmp_path / "points.gpkg"), rules, tmp_path)
    (tmp_path / "notes.geojson").write_text("no polygons here")
    with pytest.raises(FetchError, match=r"notes\.geojson: cannot be read"):
        area(str(tmp_path / "notes.geojson"), rules, tmp_path)


def test_an_unknown_area_is_one_line_with_what_may_be_meant(tmp_path: Path, rules: Fetch) -> None:
    with pytest.raises(FetchError, match=r"no such province; .* Is Sơn La .*meant\?"):
        area("Son Laa", rules, tmp_path)
    with pytest.raises(FetchError, match="no such file"):
        area("tinh.geojson", rules, tmp_path)


@pytest.mark.parametrize(
    ("path", "reply", "said"),
    [
        ("/gb/ADM1/", Reply(200, LOGIN_PAGE, {"Content-Type": "text/html"}), "a web page instead of data"),
        ("/gb/ADM1/", Reply(200, b'{"message": "none"}'), "JSON without gjDownloadURL"),
        ("/gb/ADM1/", Reply(200, b'{"gjDownloadURL": "file:///etc/passwd"}'), "JSON without gjDownloadURL"),
        ("/gb/ADM1/", Reply(200, b'{"boundaryID": "VNM-'), "no JSON, or not all of it"),
        ("/media/geoBoundaries-VNM-ADM1.geojson", Reply(200, b"version https://git-lfs.github.com/spec/v1\n"),
         "no JSON"),
        ("/media/geoBoundaries-VNM-ADM1.geojson", Reply(200, b'{"type": "FeatureCollection", "features": []}'),
         "JSON without features"),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_geoboundaries_is_one_line_and_not_kept(
    tmp_path: Path, rules: Fetch, services: Services, path: str, reply: Reply, said: str
) -> None:
    put_boundaries(services, OF_BEFORE)
    services.faults[path] = [reply]
    with pytest.raises(FetchError, match=said) as error:
        area("Khánh Hòa", rules, tmp_path)
    assert "\n" not in str(error.value)
    assert area("Khánh Hòa", rules, tmp_path).shape.bounds == (108.5, 11.0, 109.5, 13.0)


def test_tiles_are_named_by_their_south_west_corner() -> None:
    assert terrain_name(103, 21) == "Copernicus_DSM_COG_10_N21_00_E103_00_DEM"
    assert terrain_name(-68, -9) == "Copernicus_DSM_COG_10_S09_00_W068_00_DEM"
    assert land_cover_name(102, 21) == "ESA_WorldCover_10m_2021_v200_N21E102_Map.tif"


def test_an_area_needs_the_tiles_in_which_it_lies_and_not_those_of_its_box() -> None:
    assert corners(shapely.box(103.5, 21.0, 104.5, 22.0), 1) == [(103, 21), (104, 21)]
    assert corners(shapely.box(103.5, 21.0, 104.5, 22.0), 3) == [(102, 21)]
    islands = shapely.union_all([shapely.box(109.1, 12.1, 109.4, 12.4), shapely.box(114.2, 10.2, 114.4, 10.4)])
    assert corners(islands, 1) == [(109, 12), (114, 10)]
    with pytest.raises(FetchError, match="covers 400 tiles of 1°; expected at most 200"):
        corners(shapely.box(90, 0, 110, 20), 1)


def test_a_margin_is_in_kilometres() -> None:
    west, south, _, _ = Area("x", shapely.box(104, 21, 105, 22), "").around(20).bounds
    assert (21 - south) * 110.7 == pytest.approx(20, rel=0.01)
    assert (104 - west) * 111.3 * 0.93 == pytest.approx(20, rel=0.02)  # cos 21.5°
