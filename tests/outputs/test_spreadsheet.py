"""The workbook, opened again as a reader of Excel files sees it."""

import dataclasses
import datetime
import io

import openpyxl
import pytest

from coverage.columns.results import UNCOVERED
from coverage.outputs.wording import Wording
from coverage.outputs.workbooks.uncovered import uncovered_workbook
from coverage.result import Result

HEADER = 5
DEAD, WEAK, NOT_ASSESSED = "Trắng sóng", "Lõm sóng", "Chưa đánh giá"
LOST = "Mất sóng khi ngừng 2G, 3G"


def _open(result: Result, language: str = "vi") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(uncovered_workbook(result, Wording(language, result.study))))


def test_there_is_a_sheet_per_status_and_the_definitions(result: Result) -> None:
    assert _open(result).sheetnames == [DEAD, WEAK, NOT_ASSESSED, LOST, "Theo xã", "Chỉ tiêu", "Định nghĩa"]
    assessed = dataclasses.replace(result, villages=result.villages[result.villages["status"] != "not_assessed"])
    assert NOT_ASSESSED not in _open(assessed).sheetnames


def test_each_sheet_lists_its_villages_and_counts_from_one(result: Result) -> None:
    book = _open(result)
    place = UNCOVERED.names.index("name") + 1
    for sheet, names in (
        (DEAD, ["Bản Tà", "Bản Nậm", "=1+1", "Bản Sọ"]),
        (WEAK, ["Bản Pá", "Bản Mỏ", "Bản Kẻ"]),
        (NOT_ASSESSED, ["Bản Xa"]),
    ):
        rows = range(HEADER + 1, HEADER + 1 + len(names))
        assert [book[sheet].cell(row, place).value for row in rows] == names
        assert [book[sheet].cell(row, 1).value for row in rows] == list(range(1, len(names) + 1))


def test_codes_are_text_with_their_zeros_and_numbers_are_numbers(result: Result) -> None:
    sheet = _open(result)[DEAD]
    code = sheet.cell(HEADER + 1, UNCOVERED.names.index("commune_code") + 1)
    assert (code.value, code.data_type, code.number_format) == ("03646", "s", "@")
    households = sheet.cell(HEADER + 1, UNCOVERED.names.index("households") + 1)
    assert (households.value, households.data_type, households.number_format) == (60, "n", "#,##0")
    level = sheet.cell(HEADER + 2, UNCOVERED.names.index("level_dbm") + 1)
    assert (level.value, level.data_type, level.number_format) == (-121, "n", "0.0")
    assert sheet.cell(HEADER + 1, UNCOVERED.names.index("level_dbm") + 1).value is None


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "{=1}", "'x"])
def test_no_text_becomes_a_formula_or_a_link(result: Result, hostile: str) -> None:
    texts = ["name", "commune_name", "former_commune", "commune_code", "reason"]
    villages = result.villages.assign(**dict.fromkeys(texts, hostile))
    communes = result.communes.assign(commune_name=hostile)
    sites = result.ranked_sites.assign(site_id=hostile)
    about = result.study.study.model_copy(update={"source": hostile, "province": hostile})
    study = result.study.model_copy(update={"study": about})
    book = _open(dataclasses.replace(result, villages=villages, communes=communes, ranked_sites=sites, study=study))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert all(str(formula).startswith("=SUBTOTAL(109,") for formula in formulas)
    assert not any(cell.hyperlink for cell in cells)
    assert hostile in [cell.value for cell in cells if cell.data_type == "s"]


def test_it_is_set_up_to_print_on_a4_landscape_with_the_header_on_each_page(result: Result) -> None:
    for sheet in _open(result):
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.oddFooter.right.text.endswith("Trang &P/&N")
    sheet = _open(result)[DEAD]
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
    assert sheet.freeze_panes == f"F{HEADER + 1}"
    assert sheet.auto_filter.ref == f"A{HEADER}:V{HEADER + 4}"


def test_the_totals_by_commune_are_sums_that_a_filter_changes(result: Result) -> None:
    content = uncovered_workbook(result, Wording("vi", result.study))
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Theo xã"]
    formulas = openpyxl.load_workbook(io.BytesIO(content))["Theo xã"]
    last = HEADER + 3
    assert values.cell(last, 2).value == "Tổng cộng"
    assert [values.cell(last, place).value for place in range(3, 9)] == [10, 4, 3, 2, 1, 525]
    assert formulas.cell(last, 3).value == f"=SUBTOTAL(109,C{HEADER + 1}:C{HEADER + 2})"


def test_indicators_are_those_of_the_province_in_words(result: Result) -> None:
    sheet = _open(result)["Chỉ tiêu"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER + 1)]
    assert ["Thôn/bản trắng sóng", "3G, 4G, 5G", "Bất kỳ nhà mạng", 4, 9, pytest.approx(400 / 9)] in rows
    assert ["Thôn/bản có sóng", "4G", "Viettel", 4, 9, pytest.approx(400 / 9)] in rows
    assert ["Tổng số thôn/bản", None, None, 10, None, None] in rows
    assert len([row for row in rows if row[0] == "Thôn/bản trắng sóng"]) == 1


def test_the_definitions_say_what_was_applied(result: Result) -> None:
    texts = [
        str(cell.value) for row in _open(result)["Định nghĩa"].iter_rows() for cell in row if cell.value is not None
    ]
    assert "vn-center-2024" in texts
    assert "01/10/2026" in texts
    assert "3G, 4G, 5G" in texts
    assert "ITU-R P.1812-8" in texts
    assert "15/09/2026" in texts
    assert "ab" * 32 in texts
    assert "Synthetic data for tests." in texts
    assert any("95%" in text and "10 hộ" in text and "500 m" in text for text in texts)


def test_the_same_result_gives_the_same_bytes_dated_by_the_assessment(result: Result) -> None:
    say = Wording("vi", result.study)
    content = uncovered_workbook(result, say)
    assert content == uncovered_workbook(result, say)
    created = openpyxl.load_workbook(io.BytesIO(content)).properties.created
    assert created == datetime.datetime(2026, 10, 1)


def test_in_english_every_sheet_and_heading_is(result: Result) -> None:
    book = _open(result, "en")
    assert book.sheetnames == [
        "Dead",
        "Weak",
        "Not assessed",
        "Signal lost when 2G, 3G end",
        "By commune",
        "Indicators",
        "Definitions",
    ]
    headings = [column.en for column in UNCOVERED.columns]
    headings.insert(UNCOVERED.names.index("level_dbm") + 1, "Probability of signal at the centre")
    assert [cell.value for cell in book["Dead"][HEADER]] == headings


def test_the_probability_of_signal_stands_beside_the_level(result: Result) -> None:
    cell = _open(result)[DEAD].cell(HEADER + 2, UNCOVERED.names.index("level_dbm") + 2)
    assert (cell.value, cell.number_format) == (0.14, "0%")


def test_who_loses_signal_at_a_switch_off_has_a_sheet(result: Result) -> None:
    rows = [[cell.value for cell in row] for row in _open(result)[LOST].iter_rows()]
    assert rows[2][0] == (
        "Ngừng 2G sau ngày 15/09/2026: 1 thôn/bản, 60 hộ; Ngừng 3G sau ngày 30/09/2028: 1 thôn/bản, 15 hộ"
    )
    assert rows[HEADER] == [1, "15/09/2026", "2G", "03646", "Phường Tô Hiệu", "Bản Tà", 60, 250, "không", "Đã phủ sóng"]
    nobody = _open(dataclasses.replace(result, switch_offs=result.switch_offs.iloc[:0]))[LOST]
    assert nobody.cell(3, 1).value == "Không có thôn/bản nào mất sóng khi ngừng 2G/3G."


@pytest.mark.parametrize(("hostile", "kept"), [("\x0b\x00Nậm\ufffe", "Nậm"), ("Dài " * 9000, "Dài " * 8000 + "…")])
def test_letters_that_a_workbook_cannot_hold_are_left_out(result: Result, hostile: str, kept: str) -> None:
    about = result.study.study.model_copy(update={"source": hostile, "province": hostile[:50]})
    villages, lost = result.villages.assign(name=hostile), result.switch_offs.assign(name=hostile)
    study = result.study.model_copy(update={"study": about})
    book = _open(dataclasses.replace(result, villages=villages, switch_offs=lost, study=study))
    name = UNCOVERED.names.index("name") + 1
    assert {book[DEAD].cell(HEADER + 1, name).value, book[LOST].cell(HEADER + 1, 6).value} == {kept}
