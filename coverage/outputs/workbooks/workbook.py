"""What every workbook of ours shares: text that stays text, one font, and sheets that print on A4."""

import datetime
import re
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, BinaryIO, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from coverage.outputs.paper_text import bearable

HEADER = {
    "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "border_color": "#8EA9DB",
    "align": "center", "text_wrap": True,
}  # fmt: skip
CELL = {"border": 1, "border_color": "#BFBFBF"}
HEAD = {"bold": True, "bg_color": "#D9E2F3", "border": 1}
_FONT = "Times New Roman"
_A4 = 9
_NO_LETTER = re.compile("[\ud800-\udfff\ufffe\uffff]")
_MOST_LETTERS = 32_000
"""What a cell can hold, on the safe side."""
_AS_GIVEN = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


class Sheet(Worksheet):  # type: ignore[misc]
    """A sheet that any text can be written to."""

    def write_string(self, row: int, place: int, text: str, *style: Format) -> int:
        """
        Write text as it is, but for what no file of XML can say and what is more than a cell can hold.

        Control letters are escaped by the library: a workbook of faults shows what was supplied.
        """
        text = _NO_LETTER.sub("", text)
        return int(
            super().write_string(row, place, text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…", *style)
        )


class Workbook:
    """
    A workbook in the making; equal content gives equal bytes.

    Parameters
    ----------
    content
        Where its bytes go.
    title
        Shown by file managers.
    day
        Takes the place of the clock in the file's properties.
    vi
        Whether the words of the footer are Vietnamese; English otherwise.
    comments
        Shown by file managers.
    row_by_row
        Keep one row in memory; each sheet must then be written from its first row to its last.
    """

    def __init__(
        self,
        content: BinaryIO,
        *,
        title: str,
        day: datetime.date,
        vi: bool,
        comments: str = "",
        row_by_row: bool = False,
    ) -> None:
        self.book = xlsxwriter.Workbook(content, {"constant_memory" if row_by_row else "in_memory": True, **_AS_GIVEN})
        created = datetime.datetime.combine(day, datetime.time())
        about = {"title": bearable(title), "comments": bearable(comments)}
        self.book.set_properties({**about, "author": "coverage-planner", "created": created})
        self.book.set_size(2400, 1400)
        self._page = "Trang &P/&N" if vi else "Page &P/&N"
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.book.close()

    def style(self, **properties: Any) -> Format:
        """Return a format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(
                {"font_name": _FONT, "font_size": 10.5, "valign": "vcenter", **properties}
            )
        return self._made[key]

    def sheet(self, name: str, colour: str) -> Worksheet:
        """Return a new sheet, set up to print on A4 as wide as the paper."""
        sheet = self.book.add_worksheet(name, Sheet)
        sheet.set_tab_color(colour)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f'&L&"{_FONT},Regular"&9&A&R&"{_FONT},Regular"&9{self._page}')
        sheet.hide_gridlines(2)
        return sheet


def write_titles(book: Workbook, sheet: Worksheet, texts: Sequence[str]) -> None:
    """Write a title and lines below it."""
    sheet.set_row(0, 24)
    write_text(sheet, 0, 0, texts[0], book.style(bold=True, font_size=15))
    for row, text in enumerate(texts[1:], start=1):
        write_text(
            sheet, row, 0, text, book.style(bold=True, font_size=11) if row == 2 else book.style(italic=row == 1)
        )


def write_row(sheet: Worksheet, row: int, cells: Iterable[str], style: Format, *, height: float = 17.5) -> None:
    sheet.set_row(row, height)
    for place, cell in enumerate(cells):
        write_text(sheet, row, place, cell, style)


def write_text(sheet: Worksheet, row: int, place: int, text: str, style: Format) -> None:
    if text:
        sheet.write_string(row, place, text, style)
    else:
        sheet.write_blank(row, place, None, style)


def lines_in(text: str, width: float) -> int:
    """Return how many lines a text takes in a column: programs other than Excel do not fit wrapped rows."""
    return max(1, -(-int(len(text) * 1.08) // max(int(width * 1.15), 1)))
