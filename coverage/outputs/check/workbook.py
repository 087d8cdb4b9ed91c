"""The workbook that goes back to whoever supplied the data: what is wrong, where, and what to do about it."""

import io
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from coverage.columns.inputs import INPUTS
from coverage.errors import OutputError, Problem
from coverage.outputs.check import problem_words
from coverage.outputs.check.pages import ERROR_CELL, WARNING_CELL, Page, pages, write_page
from coverage.outputs.check.text import headings_of
from coverage.outputs.wording import Wording
from coverage.outputs.workbooks.workbook import CELL, HEADER, Workbook, lines_in, write_row, write_text, write_titles
from coverage.result import Check, Reading
from coverage.study import Study


def write_check_workbook(check: Check, study: Study, path: Path) -> None:
    """
    Write the workbook beside its place and move it there.

    Parameters
    ----------
    check
        What was found.
    study
        Supplies title, date and language.
    path
        Ends in `.xlsx`; an earlier file of that name is replaced.

    Raises
    ------
    OutputError
        It cannot be written; an earlier file is untouched.
    """
    if path.suffix.lower() != ".xlsx":
        raise OutputError(f"{path}: a workbook needs a name that ends in .xlsx; choose another.")
    content = check_workbook(check, Wording(study.study.language, study))
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".coverage-writing-") as aside:
            (Path(aside) / "new.xlsx").write_bytes(content)
            os.replace(Path(aside) / "new.xlsx", path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"{path}: could not be written ({reason}). An earlier file is untouched; close it in other programs, allow "
            "writing there, or choose another name."
        ) from error


def check_workbook(check: Check, say: Wording) -> bytes:
    """
    Return the workbook: a summary, how the files were read, and a sheet for each file with faulty rows.

    Cells are text exactly as supplied; the same check gives the same bytes.

    Parameters
    ----------
    check
        What was found.
    say
        The language, and the study that was checked.
    """
    content = io.BytesIO()
    title = "Kết quả kiểm tra số liệu" if say.vi else "Check of the data supplied"
    with Workbook(content, title=title, day=say.study.as_of, vi=say.vi, row_by_row=True) as book:
        listed = pages(check, reserved=(*_SHEETS[0], *_SHEETS[1]))
        _Summary(book, check, say, listed).write()
        _readings(book, check, say)
        for page in listed.values():
            write_page(book, page, say)
    return content.getvalue()


_READINGS_HEADER = 3
_SHEETS = (("Tổng hợp", "Cách đọc tệp"), ("Summary", "How files were read"))


class _Summary:
    """The first sheet."""

    _COLUMNS = (
        ("STT", "No.", 5), ("Tệp", "File", 22), ("Cột", "Column", 15), ("Số dòng", "Rows", 8),
        ("Dòng đầu tiên", "First row", 9), ("Mức", "Level", 10), ("Vấn đề", "Problem", 27),
        ("Cách xử lý", "What to do", 36), ("Chi tiết (tiếng Anh)", "Detail", 46),
    )  # fmt: skip

    def __init__(self, book: Workbook, check: Check, say: Wording, pages: Mapping[str, Page]) -> None:
        self.book, self.check, self.say, self.pages = book, check, say, pages
        self.headings = headings_of(check)

    def write(self) -> None:
        """Write title, counts and one row for each problem."""
        sheet, vi = self.book.sheet(_SHEETS[not self.say.vi][0], "#C00000"), self.say.vi
        for place, (_, _, width) in enumerate(self._COLUMNS):
            sheet.set_column(place, place, width)
        sheet.repeat_rows(6)
        sheet.freeze_panes(7, 0)
        sheet.autofilter(6, 0, 6 + max(len(self.check.problems), 1), len(self._COLUMNS) - 1)
        write_titles(self.book, sheet, self._heading())
        names = [(name if vi else en) for name, en, _ in self._COLUMNS]
        write_row(sheet, 6, names, self.book.style(**HEADER), height=32)
        for number, problem in enumerate(self.check.problems, start=1):
            self._problem(sheet, number, problem)

    def _heading(self) -> tuple[str, ...]:
        say, about = self.say, self.say.study.study
        area, when = about.province or about.name, say.date(say.study.as_of)
        errors = sum(problem.fatal for problem in self.check.problems)
        warnings = len(self.check.problems) - errors
        if say.vi:
            return (
                "KẾT QUẢ KIỂM TRA SỐ LIỆU",
                f"{area} – thời điểm {when}",
                f"Tổng số: {errors} lỗi, {warnings} cảnh báo",
                "Lỗi phải được sửa thì mới tính toán được; cảnh báo đề nghị xem lại. Trong trang của từng tệp: ô có "
                "lỗi màu đỏ, viền liền; ô cảnh báo màu vàng, viền đứt.",
                "Đề nghị sửa trên tệp gốc theo số dòng đã nêu rồi gửi lại." if errors + warnings else
                "Không phát hiện vấn đề nào.",
            )  # fmt: skip
        return (
            "CHECK OF THE DATA SUPPLIED",
            f"{area} – as of {when}",
            f"Total: {errors} errors, {warnings} warnings",
            "Errors must be put right before anything is computed; warnings ask for a look. In the sheet of each file, "
            "cells with errors are red with a solid frame, cells with warnings yellow with a dashed one.",
            "Please correct the original files by the row numbers given, and send them again." if errors + warnings else
            "No problem was found.",
        )  # fmt: skip

    def _problem(self, sheet: Worksheet, number: int, problem: Problem) -> None:
        style, row = self.book.style, 6 + number
        text = style(**CELL, text_wrap=True, indent=1, num_format="@")
        middle = style(**CELL, align="center", num_format="#,##0")
        words = problem_words.words(problem.kind, self.say.language)
        column = self.headings.get(problem.file, {}).get(problem.column or "", problem.column or "")
        level = ("Lỗi" if problem.fatal else "Cảnh báo") if self.say.vi else "Error" if problem.fatal else "Warning"
        cells = (problem.file, column, words.title, words.remedy, _detail(problem))
        widths = (22, 15, 27, 36, 46)
        lines = max(lines_in(cell, width) for cell, width in zip(cells, widths, strict=True))
        sheet.set_row(row, min(13.5 * lines + 4, 400))
        sheet.write_number(row, 0, number, middle)
        write_text(sheet, row, 1, problem.file, text)
        write_text(sheet, row, 2, column, text)
        if problem.at:
            sheet.write_number(row, 3, problem.rows, middle)
            self._first_row(sheet, row, problem, middle)
        else:
            sheet.write_string(row, 3, "cả tệp" if self.say.vi else "file", middle)
            sheet.write_blank(row, 4, None, middle)
        sheet.write_string(row, 5, level, style(**(ERROR_CELL if problem.fatal else WARNING_CELL), align="center"))
        for place, cell in zip((6, 7, 8), cells[2:], strict=True):
            write_text(sheet, row, place, cell, text)

    def _first_row(self, sheet: Worksheet, row: int, problem: Problem, style: Format) -> None:
        """Write the first row, as a link to where it is shown."""
        page = self.pages.get(problem.file)
        line = None if page is None else page.place(problem.row)
        if page is None or line is None:
            sheet.write_number(row, 4, problem.row, style)
            return
        link = self.book.style(**CELL, align="center", font_color="#0563C1", underline=1)
        target = page.sheet.replace("'", "''")
        sheet.write_url(row, 4, f"internal:'{target}'!A{line}", link, str(problem.row))


def _detail(problem: Problem) -> str:
    """Return what was found, as far as the other columns do not say it."""
    found = "; ".join((problem.found, *problem.examples))
    return f"{found}; expected {problem.expected}. {problem.remedy}"


def _readings(book: Workbook, check: Check, say: Wording) -> None:
    """Add how each file was understood."""
    sheet = book.sheet(_SHEETS[not say.vi][1], "#7F7F7F")
    for place, width in enumerate((32, 24, 34, 40, 9)):
        sheet.set_column(place, place, width)
    write_titles(book, sheet, ("CÁCH ĐỌC TỪNG TỆP" if say.vi else "HOW EACH FILE WAS READ", ""))
    head, text = book.style(**HEADER), book.style(**CELL, text_wrap=True, indent=1, num_format="@")
    middle = book.style(**CELL, align="center", num_format="#,##0")
    names = ("Tệp", "Dữ liệu", "Định dạng", "Hệ tọa độ", "Số dòng") if say.vi else (
        "File", "Data", "Format", "Coordinate system", "Rows")  # fmt: skip
    write_row(sheet, _READINGS_HEADER, names, head, height=24)
    row = _READINGS_HEADER
    for reading in check.readings:
        row += 1
        facts = (reading.file, say.word(f"layer.{reading.layer}"), reading.form, reading.crs, "")
        write_row(sheet, row, facts, text, height=13.5 * max(lines_in(facts[2], 30), lines_in(facts[0], 30)) + 4)
        sheet.write_number(row, 4, reading.rows, middle)
    row += 2
    taken = (
        ("Tệp", "Dữ liệu", "Tiêu đề trong tệp", "Được hiểu là")
        if say.vi
        else ("File", "Data", "Heading in the file", "Taken for")
    )
    write_row(sheet, row, taken, head, height=24)
    for reading in check.readings:
        for heading, meaning in _meanings(reading, say):
            row += 1
            write_row(sheet, row, (reading.file, say.word(f"layer.{reading.layer}"), heading, meaning), text)


def _meanings(reading: Reading, say: Wording) -> Iterable[tuple[str, str]]:
    """Yield the headings of a file with what they were taken for."""
    ours = INPUTS[reading.layer].headings(say.language) if reading.layer in INPUTS else {}
    for name, heading in reading.columns.items():
        yield heading, ours.get(name, name)
    for heading in reading.unused:
        yield heading, "(không sử dụng)" if say.vi else "(not used)"
