"""Tables on sheets: a frozen look, number formats by unit, rows as high as their text, sums that follow the filter."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from coverage.columns.schema import Column
from coverage.outputs.paper_text import bearable
from coverage.outputs.workbooks.workbook import CELL, HEAD, HEADER, Workbook

HEADER_ROW = 4
"""Row of the headings, from 0; title, basis and counts stand above."""
_CENTRED = {"stt", "commune_code", "has_power", "status", "2g", "3g", "4g", "5g", "centre_4g", "centre_3g_4g", "match",
            "official_status", "our_status"}  # fmt: skip
_FORMATS = {
    "dBm": "0.0", "degree": "0.0000", "km": "0.0", "%": "0.0", "households": "#,##0", "people": "#,##0",
    "villages": "#,##0", "share": "0%", "USD": "#,##0", "1/kUSD": "0.00", "°": "0.0",
}  # fmt: skip
_POINTS_PER_LINE = 13
_LETTERS_PER_WIDTH = 1.2
"""Letters of the narrow font that fit into one unit of column width, on the safe side."""
_LONGEST_WORD = 34
"""Letters that fit on a line of the first column where words are explained."""


def write_table(
    book: Workbook,
    sheet: Worksheet,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    widths: Sequence[float],
    *,
    vi: bool,
    coloured: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """
    Write a table below `HEADER_ROW`, with a filter, the headings on every printed page.

    Parameters
    ----------
    book, sheet
        Where it goes.
    frame
        Rows, as they are to be read.
    columns
        Those to write; kind and unit say how.
    widths
        Of each column, in letters.
    vi
        Whether the headings are Vietnamese.
    coloured
        Column -> word -> colour in which it is written.
    """
    header = book.style(**HEADER)
    sheet.set_row(HEADER_ROW, 48)
    for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(HEADER_ROW, place, column.vi if vi else column.en, header)
        plain = _cell_style(column)
        words = (coloured or {}).get(column.name, {})
        styles = {word: book.style(**plain, font_color=colour) for word, colour in words.items()}
        style = book.style(**plain)
        for row, value in enumerate(frame[column.name], start=HEADER_ROW + 1):
            _write(sheet, row, place, value, column, styles.get(str(value), style))
    for row, lines in enumerate(_lines(frame, columns, widths), start=HEADER_ROW + 1):
        sheet.set_row(row, max(16, _POINTS_PER_LINE * lines + 3))
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + max(len(frame), 1), len(columns) - 1)
    sheet.repeat_rows(HEADER_ROW)


def write_totals(book: Workbook, sheet: Worksheet, frame: pd.DataFrame, columns: Sequence[Column], *, vi: bool) -> None:
    """Add a row of sums of whole numbers below a table; they follow its filter."""
    row = HEADER_ROW + len(frame) + 1
    for place, column in enumerate(columns):
        style = book.style(bold=True, bg_color="#D9E2F3", border=1, num_format="#,##0")
        if column.kind == "integer" and len(frame):
            cells = f"{xl_rowcol_to_cell(HEADER_ROW + 1, place)}:{xl_rowcol_to_cell(row - 1, place)}"
            sheet.write_formula(row, place, f"=SUBTOTAL(109,{cells})", style, int(frame[column.name].sum()))
        else:
            sheet.write_string(row, place, ("Tổng cộng" if vi else "Total") if place == 1 else "", style)


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


def _write(sheet: Worksheet, row: int, place: int, value: object, column: Column, style: Format) -> None:
    if pd.isna(value) or value == "":  # type: ignore[call-overload]
        sheet.write_blank(row, place, None, style)
    elif column.kind in ("integer", "number"):
        sheet.write_number(row, place, float(value), style)  # type: ignore[arg-type]
    else:
        sheet.write_string(row, place, bearable(str(value)), style)
