"""What every workbook of ours shares: text that stays text, one font, and sheets that print on A4."""

import datetime
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, BinaryIO, Self

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from coverage.columns import Column

HEADER = {
    "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "border_color": "#8EA9DB",
    "align": "center", "text_wrap": True,
}  # fmt: skip
CELL = {"border": 1, "border_color": "#BFBFBF"}
HEAD = {"bold": True, "bg_color": "#D9E2F3", "border": 1}
_CENTRED = frozenset({
    "stt", "commune_code", "has_power", "status", "2g", "3g", "4g", "5g", "centre_4g", "centre_3g_4g",
    "official_status", "our_status",
})  # fmt: skip
_FORMATS = {
    "dBm": "0.0", "degree": "0.0000", "km": "0.0", "%": "0.0", "households": "#,##0", "people": "#,##0",
    "villages": "#,##0",
}  # fmt: skip
_POINTS_PER_LINE = 13
_LETTERS_PER_WIDTH = 1.2
"""Letters of the narrow font that fit into one unit of column width, on the safe side."""
_LONGEST_WORD = 34
"""Letters that fit on a line of the first column where words are explained."""
_FONT = "Times New Roman"
_A4 = 9
_MOST_LETTERS = 32_000
"""What a cell can hold, on the safe side."""
_AS_GIVEN = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


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
        properties = {"title": title, "author": "coverage-planner", "comments": comments, "created": created}
        self.book.set_properties(properties)
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
        sheet = self.book.add_worksheet(name)
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
        sheet.write_string(row, place, text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS] + "…", style)
    else:
        sheet.write_blank(row, place, None, style)


def lines_in(text: str, width: float) -> int:
    """Return how many lines a text takes in a column: programs other than Excel do not fit wrapped rows."""
    return max(1, -(-int(len(text) * 1.08) // max(int(width * 1.15), 1)))


def write_table(
    book: Workbook,
    sheet: Worksheet,
    top: int,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    widths: Sequence[float],
    *,
    vi: bool,
    coloured: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """
    Write a table with a filter, and a header that stands on every printed page.

    Parameters
    ----------
    book, sheet, top
        Where; `top` is the row of the header.
    frame
        The columns named, and perhaps more.
    columns, widths
        What each holds, and how wide it is.
    vi
        Whether the headings are Vietnamese; English otherwise.
    coloured
        Column -> word -> colour of its letters.
    """
    header = book.style(**HEADER)
    sheet.set_row(top, 48)
    for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(top, place, column.vi if vi else column.en, header)
        style = book.style(**_cell_style(column))
        colours = (coloured or {}).get(column.name, {})
        marked = {word: book.style(**_cell_style(column), font_color=colour) for word, colour in colours.items()}
        for row, value in enumerate(frame[column.name], start=top + 1):
            _write_cell(sheet, row, place, value, column, marked.get(str(value), style))
    for row, lines in enumerate(_lines(frame, columns, widths), start=top + 1):
        sheet.set_row(row, max(16, _POINTS_PER_LINE * lines + 3))
    sheet.autofilter(top, 0, top + max(len(frame), 1), len(columns) - 1)
    sheet.repeat_rows(top)


def write_pairs(
    book: Workbook,
    sheet: Worksheet,
    row: int,
    heading: str,
    pairs: Sequence[tuple[str, str]],
    *,
    last: int,
    letters: int,
) -> int:
    """
    Write what words mean below a heading; return the row after the next blank one.

    Parameters
    ----------
    book, sheet, row
        Where.
    heading, pairs
        Each pair is a word and its meaning.
    last
        Column up to which a meaning is written, from the second on.
    letters
        How many of a meaning fit on a line.
    """
    sheet.merge_range(row, 0, row, last, heading, book.style(**HEAD))
    for name, meaning in pairs:
        row += 1
        sheet.write_string(row, 0, name, book.style(border=1, bold=True, text_wrap=True))
        sheet.merge_range(row, 1, row, last, "", book.style(border=1, text_wrap=True))
        sheet.write_string(row, 1, meaning, book.style(border=1, text_wrap=True))
        sheet.set_row(row, 16 * (1 + max(len(meaning) // letters, len(name) // _LONGEST_WORD)))
    return row + 2


def _cell_style(column: Column) -> dict[str, Any]:
    style: dict[str, Any] = {**CELL}
    if column.kind == "text":
        style |= {"num_format": "@", "text_wrap": True, "indent": 1}
    elif column.kind == "integer" or column.unit in _FORMATS:
        style |= {"num_format": _FORMATS.get(column.unit, "0")}
    if column.name in _CENTRED:
        style |= {"align": "center", "indent": 0}
    return style


def _lines(frame: pd.DataFrame, columns: Sequence[Column], widths: Sequence[float]) -> list[int]:
    """Return how many lines each row needs: programs other than Excel do not fit wrapped rows on their own."""
    most = [1] * len(frame)
    for column, width in zip(columns, widths, strict=True):
        if column.kind == "text":
            for row, value in enumerate(frame[column.name]):
                text = "" if pd.isna(value) else str(value)
                most[row] = max(most[row], len(textwrap.wrap(text, max(1, int(width * _LETTERS_PER_WIDTH)))))
    return most


def _write_cell(sheet: Worksheet, row: int, place: int, value: object, column: Column, style: Format) -> None:
    if pd.isna(value) or value == "":  # type: ignore[call-overload]
        sheet.write_blank(row, place, None, style)
    elif column.kind in ("integer", "number"):
        sheet.write_number(row, place, float(value), style)  # type: ignore[arg-type]
    else:
        sheet.write_string(row, place, str(value), style)
