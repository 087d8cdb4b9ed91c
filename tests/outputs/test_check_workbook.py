"""The workbook that is sent back, opened again as a reader of Excel files sees it."""

import datetime
import io
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from coverage.errors import OutputError, Problem
from coverage.outputs.check import pages
from coverage.outputs.check.problem_words import words
from coverage.outputs.check.workbook import check_workbook, write_check_workbook
from coverage.outputs.wording import Wording
from coverage.result import Check, Reading
from coverage.study import Study

FILE = "data/thon'ban [1].csv"
CELLS = pd.DataFrame(
    [["03646", "Bản Mòng", "40"], ["3670", "=1+1", "khoảng 40"], ["03646", "http://example.org", "1e3"]],
    columns=["Mã xã", "Tên", "Tên"],
    index=[5, 6, 9],
)
READING = Reading(
    "villages", FILE, "CSV, UTF-8", 3, "EPSG:4326", {"commune_code": "Mã xã", "name": "Tên"}, ("Ghi chú",)
)
MALFORMED = Problem(FILE, "3670", "5 digits", "Correct it.", (6, 9), "commune_code", kind="malformed_code")
NO_POINT = Problem(FILE, "no point", "a point", "Give it.", (9,), None, fatal=False, kind="no_point")
NO_FILE = Problem("data/none.csv", "no such file", "the sites layer", "Put it there.", kind="no_such_file")


def _study(language: str = "vi") -> Study:
    about = {"province": "Sơn La", "language": language, "as_of": datetime.date(2026, 10, 1)}
    layers = {name: f"{name}.gpkg" for name in ("communes", "villages", "sites", "terrain")}
    return Study.model_validate({"folder": Path("/"), "study": about, "layers": layers})


def _check(*problems: Problem, cells: pd.DataFrame = CELLS, readings: tuple[Reading, ...] = (READING,)) -> Check:
    return Check(readings, problems or (MALFORMED, NO_FILE, NO_POINT), {FILE: cells})


def _open(check: Check, language: str = "vi") -> openpyxl.Workbook:
    study = _study(language)
    return openpyxl.load_workbook(io.BytesIO(check_workbook(check, Wording(language, study))))


def _values(sheet: openpyxl.worksheet.worksheet.Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def test_the_summary_counts_and_lists_every_problem_in_words() -> None:
    sheet = _open(_check())["Tổng hợp"]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [
        "KẾT QUẢ KIỂM TRA SỐ LIỆU",
        "Sơn La – thời điểm 01/10/2026",
        "Tổng số: 2 lỗi, 1 cảnh báo",
    ]
    assert _values(sheet, 7)[:6] == ["STT", "Tệp", "Cột", "Số dòng", "Dòng đầu tiên", "Mức"]
    said = words("malformed_code", "vi")
    assert _values(sheet, 8) == [
        1,
        FILE,
        "Mã xã",
        2,
        "6",
        "Lỗi",
        said.title,
        said.remedy,
        "3670; expected 5 digits. Correct it.",
    ]
    assert _values(sheet, 9)[:6] == [2, "data/none.csv", None, "cả tệp", None, "Lỗi"]
    assert _values(sheet, 10)[:6] == [3, FILE, None, 1, "9", "Cảnh báo"]


def test_the_first_row_leads_to_the_line_that_shows_it() -> None:
    book = _open(_check())
    target = book["Tổng hợp"]["E8"].hyperlink.location
    name, _, cell = target.rpartition("!")
    sheet = book[name.strip("'").replace("''", "'")]
    assert sheet[cell].value == 6


def test_cells_stay_text_as_supplied_beside_their_row_and_what_is_wrong_with_it() -> None:
    book = _open(_check())
    assert book.sheetnames == ["Tổng hợp", "Cách đọc tệp", "thon'ban _1_.csv"]
    sheet = book.worksheets[2]
    assert _values(sheet, 4) == ["Dòng", "Mã xã", "Tên", "Tên", "Vấn đề"]
    code, point = words("malformed_code", "vi").title, words("no_point", "vi").title
    assert _values(sheet, 5) == [5, "03646", "Bản Mòng", "40", None]
    assert _values(sheet, 6) == [6, "3670", "=1+1", "khoảng 40", f"Mã xã: {code}"]
    assert _values(sheet, 7) == [9, "03646", "http://example.org", "1e3", f"Mã xã: {code}; {point}"]
    cells = [cell for row in sheet.iter_rows(min_row=5, min_col=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_faulty_cells_are_marked_by_colour_and_by_frame() -> None:
    sheet = _open(_check()).worksheets[2]
    assert (sheet["B6"].fill.fgColor.rgb, sheet["B6"].border.left.style, sheet["B6"].font.b) == (
        "FFF8B4B4", "medium", True,
    )  # fmt: skip
    assert (sheet["A7"].fill.fgColor.rgb, sheet["A7"].border.left.style) == ("FFFFF2A8", "mediumDashed")
    assert sheet["C6"].fill.fill_type is None
    assert sheet["B5"].fill.fill_type is None


def test_a_problem_of_the_point_is_marked_at_longitude_and_latitude() -> None:
    cells = CELLS.set_axis(["Mã xã", "Kinh độ", "Vĩ độ"], axis="columns")
    columns = {"lon": "Kinh độ", "lat": "Vĩ độ"}
    reading = Reading("villages", FILE, "CSV, UTF-8", 3, "EPSG:4326", columns, ())
    sheet = _open(_check(NO_POINT, cells=cells, readings=(reading,))).worksheets[2]
    assert [cell.fill.fill_type for cell in sheet[7]] == [None, None, "solid", "solid", None]
    assert sheet["E7"].value == f"Kinh độ, Vĩ độ: {words('no_point', 'vi').title}"


def test_an_error_outweighs_a_warning_in_the_same_cell() -> None:
    warning = Problem(FILE, "?", "!", ".", (6,), "commune_code", fatal=False, kind="lost_zero")
    for problems in ((MALFORMED, warning), (warning, MALFORMED)):
        assert _open(_check(*problems)).worksheets[2]["B6"].fill.fgColor.rgb == "FFF8B4B4"


def test_it_prints_on_a4_with_the_headings_on_each_page() -> None:
    for sheet in _open(_check()):
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    summary, _, page = _open(_check())
    assert (summary.print_title_rows, summary.freeze_panes, summary.auto_filter.ref) == ("$7:$7", "A8", "A7:I10")
    assert (page.print_title_rows, page.freeze_panes, page.auto_filter.ref) == ("$4:$4", "B5", "A4:E7")


def test_how_files_were_read_names_every_heading() -> None:
    sheet = _open(_check())["Cách đọc tệp"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [FILE, "Thôn/bản", "CSV, UTF-8", "EPSG:4326", 3] in rows
    assert [FILE, "Thôn/bản", "Mã xã", "Mã xã", None] in rows
    assert [FILE, "Thôn/bản", "Tên", "Thôn/bản", None] in rows
    assert [FILE, "Thôn/bản", "Ghi chú", "(không sử dụng)", None] in rows


def test_of_a_long_file_the_faulty_rows_alone_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_MOST_ROWS", 2)
    sheet = _open(_check(NO_POINT)).worksheets[2]
    assert [sheet.cell(row, 1).value for row in (5, 6)] == [9, None]
    assert sheet["A2"].value == "Tệp có nhiều dòng nên chỉ nêu 1 dòng có vấn đề; không nêu 2 dòng khác."
    sheet = _open(_check()).worksheets[2]
    assert [sheet.cell(row, 1).value for row in (5, 6, 7)] == [6, 9, None]
    assert sheet["A2"].value == "Tệp có nhiều dòng nên chỉ nêu 2 dòng có vấn đề đầu tiên; không nêu 1 dòng khác."


def test_a_file_of_two_layers_is_not_marked_since_its_rows_could_be_of_either() -> None:
    book = _open(_check(readings=(READING, READING)))
    assert len(book.sheetnames) == 2
    assert book["Tổng hợp"]["E8"].value == 6
    assert book["Tổng hợp"]["E8"].hyperlink is None


def test_nothing_wrong_says_so() -> None:
    sheet = _open(Check((READING,), (), {FILE: CELLS}))["Tổng hợp"]
    assert sheet["A5"].value == "Không phát hiện vấn đề nào."


@pytest.mark.parametrize(
    ("cell", "shown"),
    [(3646.0, "3646"), (0.5, "0.5"), (None, None), (np.nan, None), (True, "True"), ("x" * 40_000, "x" * 32_000 + "…"),
     (datetime.date(2026, 1, 2), "2026-01-02"), ("a\x00\x1bb", "a\x00\x1bb")],
)  # fmt: skip
def test_cells_of_every_kind_are_shown(cell: object, shown: str | None) -> None:
    cells = CELLS.astype(object)
    cells.iat[1, 2] = cell
    value = _open(_check(cells=cells)).worksheets[2]["D6"].value
    assert (openpyxl.utils.escape.unescape(value) if isinstance(value, str) else value) == shown


def test_the_same_check_gives_the_same_bytes() -> None:
    say = Wording("vi", _study())
    assert check_workbook(_check(), say) == check_workbook(_check(), say)


def test_in_english_every_sheet_and_heading_is() -> None:
    book = _open(_check(), "en")
    assert book.sheetnames[:2] == ["Summary", "How files were read"]
    assert _values(book.worksheets[2], 4) == ["Row", "Mã xã", "Tên", "Tên", "Problems"]
    assert book["Summary"]["G8"].value == words("malformed_code", "en").title


def test_it_is_put_in_place_whole_and_an_earlier_file_survives_a_failure(tmp_path: Path) -> None:
    place = tmp_path / "check.xlsx"
    write_check_workbook(_check(), _study(), place)
    assert openpyxl.load_workbook(place).sheetnames[0] == "Tổng hợp"
    assert [file.name for file in tmp_path.iterdir()] == ["check.xlsx"]
    with pytest.raises(OutputError, match=r"none/check\.xlsx: could not be written \(No such file"):
        write_check_workbook(_check(), _study(), tmp_path / "none" / "check.xlsx")
    with pytest.raises(OutputError, match=r"ends in \.xlsx"):
        write_check_workbook(_check(), _study(), tmp_path / "check.xls")
