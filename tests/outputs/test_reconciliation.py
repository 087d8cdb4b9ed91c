"""The comparison with the official list as a workbook and a table, opened again by a reader of Excel files."""

import csv
import dataclasses
import io
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from coverage.columns.inputs import OFFICIAL_IN
from coverage.columns.results import RECONCILIATION
from coverage.columns.words import CAUSES, LISTED, OFFICIAL_MATCHES, OURS
from coverage.layers.vietnamese.names import name_keys
from coverage.outputs import write_results
from coverage.outputs.pictures import overview_picture
from coverage.outputs.web_map import coverage_map
from coverage.outputs.wording import Wording
from coverage.outputs.workbooks.reconciliation import agreement_text, reconciliation_workbook
from coverage.places.reconciliation import reconcile
from coverage.result import InputFile, Result
from tests.worlds import frame

HEADER = 5
SHEETS = ["Ma trận đối chiếu", "Khác biệt", "Đã ghép", "Chưa ghép được"]
LIST = [
    {"name": "Ban Nam", "commune_code": "03646", "status": "dead", "households": 41},
    {"name": "Bản Tà", "commune_code": "03646", "status": "covered", "households": 60, "note": "Sở báo cáo 6/2026"},
    {"name": "Bản Pá", "commune_code": "03646", "status": "dead", "households": 80},
    {"name": "Bản Hồ", "commune_code": "04000", "status": "covered", "households": 90},
    {"name": "Bản Xa", "commune_code": "04000", "status": "dead"},
    {"name": "Huổi Một", "commune_code": "04000", "commune_name": "Xã Chiềng Lao", "status": "weak", "households": 33},
]


@pytest.fixture
def compared(result: Result) -> Result:
    """Six on a list: Bản Nậm and Bản Hồ agree, Bản Tà (2G only) and Bản Pá do not, Bản Xa has no point, one is new."""
    columns = {"code": "commune_code", "name": "commune_name"}
    communes = result.communes.rename(columns={ours: theirs for theirs, ours in columns.items()})
    official: gpd.GeoDataFrame = frame(OFFICIAL_IN, LIST).set_crs(result.signal.grid.crs, allow_override=True)
    file = InputFile("official", "danh-sach.xlsx", "cd" * 32, 99)
    layers = dataclasses.replace(
        result.layers, official=official, communes=communes, files=(*result.layers.files, file)
    )  # fmt: skip
    found = reconcile(layers, result.signal, result.villages, result.study, keys=name_keys)
    return dataclasses.replace(result, layers=layers, reconciliation=found)


def _open(result: Result, language: str = "vi") -> openpyxl.Workbook:
    assert result.reconciliation is not None
    content = reconciliation_workbook(result, result.reconciliation, Wording(language, result.study))
    return openpyxl.load_workbook(io.BytesIO(content))


def _column(book: openpyxl.Workbook, sheet: str, heading: str) -> list[object]:
    cells = {str(cell.value): cell.column for cell in book[sheet][HEADER]}
    return [row[cells[heading] - 1].value for row in book[sheet].iter_rows(min_row=HEADER + 1)]


def test_there_is_a_sheet_for_each_question(compared: Result) -> None:
    assert _open(compared).sheetnames == SHEETS
    assert _open(compared, "en").sheetnames == ["Confusion matrix", "Differences", "Matches", "Not matched"]


def test_the_matrix_sums_up_to_the_villages_of_both_lists(compared: Result) -> None:
    sheet = _open(compared)[SHEETS[0]]
    headings = [cell.value for cell in sheet[HEADER]]
    assert headings[1:7] == [
        "Trắng sóng", "Lõm sóng", "Đã phủ sóng", "Chưa đánh giá", "Không có trong dữ liệu thôn/bản", "Tổng cộng",
    ]  # fmt: skip
    rows = {row[0].value: [cell.value for cell in row[1:7]] for row in sheet.iter_rows(min_row=6, max_row=10)}
    assert rows == {
        "Trắng sóng": [1, 1, 0, 1, 0, 3],
        "Lõm sóng": [0, 0, 0, 0, 1, 1],
        "Đã phủ sóng": [1, 0, 1, 0, 0, 2],
        "Không có trong danh sách": [2, 2, 1, 0, 0, 5],
        "Tổng cộng": [4, 3, 2, 1, 1, 11],
    }
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    # Households: 525 in the layer, of which Bản Xa has 10, and 33 on the list alone.
    assert 558 in [cell.value for row in sheet.iter_rows() for cell in row]
    assert any("cd" * 32 in text for text in texts)
    assert any("tình trạng khớp 2/4 thôn/bản (50,0%)" in text for text in texts)


def test_the_differences_carry_their_likely_reason_in_words(compared: Result) -> None:
    book = _open(compared)
    names = [
        our or their
        for our, their in zip(
            _column(book, SHEETS[1], "Thôn/bản (kết quả tính)"),
            _column(book, SHEETS[1], "Thôn/bản (danh sách chính thức)"),
            strict=True,
        )
    ]
    found = dict(zip(names, _column(book, SHEETS[1], "Nguyên nhân có thể"), strict=True))
    assert found["Bản Tà"] == "Chỉ có sóng 2G"
    assert found["Huổi Một"] == "Không có trong dữ liệu thôn/bản"
    assert "Bản Nậm" not in found
    assert "Bản Xa" not in found
    kinds = dict(zip(names, _column(book, SHEETS[1], "Loại khác biệt"), strict=True))
    assert kinds["Bản Tà"] == "Tình trạng khác nhau"
    assert kinds["Huổi Một"] == "Chỉ có trong danh sách chính thức"
    assert kinds["Bản Sọ"] == "Chỉ có trong kết quả tính"


def test_matched_and_unmatched_villages_have_their_sheets(compared: Result) -> None:
    book = _open(compared)
    assert _column(book, SHEETS[2], "Thôn/bản (danh sách chính thức)") == [
        "Ban Nam",
        "Bản Pá",
        "Bản Tà",
        "Bản Hồ",
        "Bản Xa",
    ]
    assert _column(book, SHEETS[3], "Thôn/bản (danh sách chính thức)") == ["Huổi Một"]


def test_codes_are_text_and_every_sheet_prints_on_a4_with_its_header(compared: Result) -> None:
    book = _open(compared)
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.freeze_panes is not None
    for name in SHEETS[1:]:
        assert book[name].print_title_rows == f"${HEADER}:${HEADER}"
        assert book[name].auto_filter.ref.startswith(f"A{HEADER}:")
    cell = book[SHEETS[2]].cell(HEADER + 1, 2)
    assert (cell.value, cell.data_type, cell.number_format) == ("03646", "s", "@")


@pytest.mark.parametrize("hostile", ["=1+1", "@SUM(A1)", "http://example.org", "{=1}"])
def test_no_text_becomes_a_formula_or_a_link(compared: Result, hostile: str) -> None:
    assert compared.reconciliation is not None
    texts = dict.fromkeys(["name", "official_name", "commune_name", "commune_code", "perhaps", "note"], hostile)
    found = dataclasses.replace(compared.reconciliation, table=compared.reconciliation.table.assign(**texts))
    cells = [
        cell for sheet in _open(dataclasses.replace(compared, reconciliation=found)) for row in sheet for cell in row
    ]  # fmt: skip
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
    assert hostile in [cell.value for cell in cells]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_code_has_words_and_a_meaning(result: Result, language: str) -> None:
    say = Wording(language, result.study)
    keys = [f"{what}.{name}{more}" for what, names in (("match", OFFICIAL_MATCHES), ("cause", CAUSES)) for name in names
            for more in ("", ".means")]  # fmt: skip
    keys += [f"listed.{name}" for name in {*LISTED, *OURS} - {"dead", "weak", "covered", "not_assessed"}]
    assert [key for key in keys if say.word(key) == key.partition(".")[2]] == []


def test_one_line_says_how_far_they_agree(compared: Result) -> None:
    assert compared.reconciliation is not None
    # Official dead, covered, dead, covered against dead, dead, weak, covered: 1/2 · 1/2 + 1/2 · 1/4 = 3/8 by chance.
    kappa = (1 / 2 - 3 / 8) / (1 - 3 / 8)
    said = agreement_text(compared.reconciliation, Wording("en", compared.study))
    assert said == f"Official list: 6 villages, 5 of them matched; 2 of 4 villages agree (50.0%), kappa {kappa:.2f}"


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_map, "render_map", lambda result, *, language: "<html>")
    monkeypatch.setattr(overview_picture, "_LONG_SIDE_PX", 120)


@pytest.mark.usefixtures("_quick")
def test_both_files_are_written_and_a_run_without_a_list_leaves_none(compared: Result, tmp_path: Path) -> None:
    names = {path.name for path in write_results(compared, tmp_path)}
    assert {"reconciliation.csv", "reconciliation.xlsx"} <= names
    with (tmp_path / "reconciliation.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == RECONCILIATION.names
    assert len(rows) == 11
    first = next(row for row in rows if row["official_name"] == "Ban Nam")
    assert (first["village_id"], first["match"], first["agree"], first["reason"]) == ("03646-nam-1", "same", "true", "")
    assert "danh-sach.xlsx" in (tmp_path / "run.json").read_text(encoding="utf-8")
    write_results(dataclasses.replace(compared, reconciliation=None), tmp_path)
    assert not list(tmp_path.glob("reconciliation.*"))


@pytest.mark.usefixtures("_quick")
def test_a_file_of_that_name_that_no_run_of_ours_made_is_left_alone(result: Result, tmp_path: Path) -> None:
    (tmp_path / "reconciliation.xlsx").write_text("mine")
    write_results(result, tmp_path)
    assert (tmp_path / "reconciliation.xlsx").read_text() == "mine"


def test_equal_results_give_equal_bytes(compared: Result) -> None:
    assert compared.reconciliation is not None
    say = Wording("vi", compared.study)
    one, two = (reconciliation_workbook(compared, compared.reconciliation, say) for _ in range(2))
    assert one == two
