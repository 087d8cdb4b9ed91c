"""The same villages come in from every kind of file."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from coverage.layers import check_layers, read_layers
from coverage.study import Study
from tests.layers.conftest import COMMUNES, VILLAGES

MakeStudy = Callable[..., Study]
COLUMNS = ["village_id", "name", "commune_code", "lon", "lat", "households", "people", "has_power"]


@pytest.fixture
def expected(make_study: MakeStudy) -> pd.DataFrame:
    return pd.DataFrame(read_layers(make_study()).villages[COLUMNS])


def same(study: Study, expected: pd.DataFrame) -> None:
    layers = read_layers(study)
    pd.testing.assert_frame_equal(pd.DataFrame(layers.villages[COLUMNS]), expected)


def rewritten(delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(csv.reader(io.StringIO(VILLAGES)))
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(make_study: MakeStudy, expected: pd.DataFrame, delimiter: str) -> None:
    same(make_study(villages=rewritten(delimiter)), expected)


def test_a_decimal_comma_between_semicolons_is_no_delimiter(make_study: MakeStudy, expected: pd.DataFrame) -> None:
    same(make_study(villages=rewritten(";").replace(".", ",")), expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_encodings_are_found(make_study: MakeStudy, expected: pd.DataFrame, encoding: str) -> None:
    study = make_study(villages=VILLAGES.encode(encoding))
    assert check_layers(study) == []
    same(study, expected)


def test_vietnamese_windows_text_is_read_and_said(make_study: MakeStudy, expected: pd.DataFrame) -> None:
    # cp1258 writes ả, ò, ụ, ọ as a letter and a mark: a + 0xD2 (hook), o + 0xCC (grave), u or o + 0xF2 (dot below).
    letters = {"ả": b"a\xd2", "ò": b"o\xcc", "ụ": b"u\xf2", "ọ": b"o\xf2", "ú": b"\xfa", "ó": b"\xf3", "ô": b"\xf4"}
    content = b"".join(letters.get(letter) or letter.encode("ascii") for letter in VILLAGES)
    study = make_study(villages=content)
    problems = check_layers(study)
    assert [(problem.fatal, "cp1258" in problem.found) for problem in problems] == [(False, True)]
    same(study, expected)


def test_a_spreadsheet_with_titles_above_its_headings(
    make_study: MakeStudy, expected: pd.DataFrame, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["ghi chú"])
    sheet = book.create_sheet("Thôn bản")
    sheet.append(["DANH SÁCH THÔN, BẢN"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(["Mã thôn/bản", "Thôn/bản", "Mã xã", "Kinh độ", "Vĩ độ", "Số hộ", "Số khẩu", "Điện lưới"])
    for row in list(csv.reader(io.StringIO(VILLAGES)))[1:]:
        sheet.append([row[0], row[1], row[2], float(row[3]), float(row[4]), int(row[5]), row[6], row[7]])
    book.save(tmp_path / "villages.xlsx")
    same(make_study(villages=Path("villages.xlsx")), expected)
    sheet["D5"] = "nowhere"
    book.save(tmp_path / "villages.xlsx")
    problem = check_layers(make_study(villages=Path("villages.xlsx")))[0]
    assert (problem.row, problem.column, problem.found) == (5, "lon", "'nowhere'")


def test_codes_that_a_spreadsheet_made_numbers_get_their_zero_back(make_study: MakeStudy, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for i, row in enumerate(csv.reader(io.StringIO(VILLAGES))):
        book.active.append([int(cell) if i and n == 2 else cell for n, cell in enumerate(row)])
    book.save(tmp_path / "villages.xlsx")
    study = make_study(villages=Path("villages.xlsx"))
    problem = check_layers(study)[0]
    assert (problem.found, problem.rows, problem.fatal) == ("3646, a number of four digits, read as 03646", 4, False)
    assert read_layers(study).villages["commune_code"].tolist() == ["03646", "03646", "03670", "03670"]


def test_text_of_four_digits_is_no_code(make_study: MakeStudy) -> None:
    problems = check_layers(make_study(communes=COMMUNES.replace("03646", "3646")))
    assert any(problem.column == "code" and problem.fatal and problem.found == "'3646'" for problem in problems)


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp", "fgb"])
@pytest.mark.parametrize("crs", [4326, 9206])
def test_vector_files_of_points(
    make_study: MakeStudy, expected: pd.DataFrame, tmp_path: Path, suffix: str, crs: int
) -> None:
    names = {"village_id": "id", "commune_code": "ma_xa", "households": "so_ho", "has_power": "dien"}
    points = gpd.points_from_xy(expected["lon"], expected["lat"], crs=4326)
    frame = gpd.GeoDataFrame(expected.drop(columns=["lon", "lat"]).rename(columns=names), geometry=points)
    frame["dien"] = frame["dien"].map({True: "có", False: "không"})
    frame["so_ho"], frame["people"] = frame["so_ho"].astype(int), frame["people"].astype(int)
    (frame if suffix == "geojson" else frame.to_crs(crs)).to_file(tmp_path / f"v.{suffix}", engine="pyogrio")
    layers = read_layers(make_study(villages=Path(f"v.{suffix}")))
    found = pd.DataFrame(layers.villages[COLUMNS]).set_index("village_id").loc[expected["village_id"]].reset_index()
    pd.testing.assert_frame_equal(found, expected, atol=1e-9)


def test_villages_as_areas_are_read_as_points_inside(make_study: MakeStudy, tmp_path: Path) -> None:
    shapes = gpd.GeoSeries(gpd.points_from_xy([103.92, 103.97], [21.35, 21.36]), crs=4326).to_crs(32648).buffer(300)
    gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=shapes).to_file(tmp_path / "v.gpkg", engine="pyogrio")
    study = make_study(villages=Path("v.gpkg"), housing=None)
    assert [problem.found for problem in check_layers(study) if problem.row] == ["a polygon, read as a point inside it"]
    villages = read_layers(study).villages
    assert villages["lon"].tolist() == pytest.approx([103.92, 103.97], abs=0.003)
    assert villages["village_id"].tolist() == ["03646-a-1", "03670-b-1"]


def test_ids_are_made_per_commune_and_name_and_never_taken_twice(make_study: MakeStudy) -> None:
    rows = [("", "Bản Nà Đít"), ("", "Bản Nà Đít"), ("03646-ban-na-dit-2", "Bản Khác"), ("", "Đội 1")]
    text = "village_id,name,lon,lat,households\n" + "".join(f"{i},{n},103.91,21.31,5\n" for i, n in rows)
    villages = read_layers(make_study(villages=text, housing=None)).villages
    assert villages["village_id"].tolist() == [
        "03646-ban-na-dit-1", "03646-ban-na-dit-3", "03646-ban-na-dit-2", "03646-doi-1-1",
    ]  # fmt: skip
    assert villages["commune_code"].tolist() == ["03646"] * 4


def test_rows_are_counted_as_a_person_counts_them(make_study: MakeStudy) -> None:
    lines = VILLAGES.splitlines()
    spaced = "\n".join([lines[0], lines[1], "", ",,,,,,,", *lines[2:]]).replace("21.330,30,", "21.330,thirty,")
    problem = check_layers(make_study(villages=spaced))[0]
    assert (problem.row, problem.found) == (6, "'thirty'")


def test_the_layer_of_our_name_is_chosen_among_several(make_study: MakeStudy, tmp_path: Path) -> None:
    frame = gpd.read_file(COMMUNES)
    for layer in ("old", "communes"):
        frame.to_file(tmp_path / "both.gpkg", layer=layer, engine="pyogrio")
        frame = frame.iloc[:2]
    assert check_layers(make_study(communes=Path("both.gpkg"))) == []
    frame.to_file(tmp_path / "other.gpkg", layer="a", engine="pyogrio")
    frame.to_file(tmp_path / "other.gpkg", layer="b", engine="pyogrio")
    assert check_layers(make_study(communes=Path("other.gpkg")))[0].found == "2 layers (a, b)"


def test_rows_of_sums_are_left_out_and_said(make_study: MakeStudy) -> None:
    rows = VILLAGES.strip().split("\n")
    table = "\n".join([*rows[:3], ",Cộng:,,,,95,430,", *rows[3:], ",Tổng cộng,,,,150,690,"])
    study = make_study(villages=table)
    [problem] = [each for each in check_layers(study) if each.kind == "row_of_sums"]
    assert (problem.at, problem.fatal) == ((4, 7), False)
    assert len(read_layers(study).villages) == 4
