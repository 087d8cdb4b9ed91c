"""Spreadsheets: the sheet that holds the table, its values and never its formulas."""

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import python_calamine

from coverage.errors import LayerError, refuse
from coverage.layers.sources.raw_table import RawTable, find_heading, from_records, one_line, trimmed
from coverage.layers.text import clean, fold

_OTHERS = (LayerError, KeyboardInterrupt, SystemExit, MemoryError)
"""What is passed on; anything else that comes out of the reader, its panics too, is the file's fault."""

_Range = tuple[tuple[int, int], tuple[int, int]]

_TRIAL = """
import sys, python_calamine
with python_calamine.CalamineWorkbook.from_path(sys.argv[1]) as book:
    for title in book.sheet_names:
        book.get_sheet_by_name(title).to_python(skip_empty_area=False)
"""
"""A broken XLS may end the process of its reader, without an error that could be caught; so another one tries first."""
_TRIAL_S = 120


def read_sheets(path: Path, *, name: str, headings: set[str], sheet: str | None) -> RawTable:
    """
    Read the sheet of a spreadsheet that holds the table.

    Parameters
    ----------
    path, name
        XLSX, XLSM, XLSB, XLS or ODS, and its name in messages.
    headings
        Folded headings that are known: the visible sheet with most of them is meant.
    sheet
        The sheet that the study names; None to find it.

    Raises
    ------
    LayerError
        It cannot be opened, or has no such sheet.
    """
    if path.suffix.lower() == ".xls":
        _try_elsewhere(path, name)
    try:
        cells, ranges = _sheets(path, name, sheet)
        sheets = {title: trimmed(rows, name) for title, rows in cells.items()}
    except _OTHERS:
        raise
    except BaseException as error:
        found = f"a spreadsheet that cannot be opened ({one_line(error)})"
        raise refuse(name, found, "an XLSX, XLS or ODS file", "Open and save it again, without a password.") from None
    title = max(sheets, key=lambda each: find_heading(sheets[each], headings)[2], default="")
    form = f"{path.suffix[1:].upper()}, sheet '{title}'"
    records = sheets.get(title, [])
    merged = _spread(records, ranges.get(title, ()))
    return from_records(records, headings, name, form=form, typed=True, merged=merged)


def _spread(records: Sequence[Sequence[Any]], ranges: Iterable[_Range]) -> dict[tuple[int, int], Any]:
    """Return row and column -> what a merged cell says that covers this one from above."""
    most = sum(map(len, records))  # sound ranges do not overlap
    found: dict[tuple[int, int], Any] = {}
    for (top, left), (bottom, _) in ranges:
        if bottom > top and top < len(records) and left < len(records[top]):
            most -= min(bottom, len(records) - 1) - top
            if most < 0:
                break
            found |= {(row, left): records[top][left] for row in range(top + 1, min(bottom + 1, len(records)))}
    return {place: value for place, value in found.items() if clean(value) is not None}


def _try_elsewhere(path: Path, name: str) -> None:
    """Refuse a workbook that its reader does not survive."""
    try:
        command = [sys.executable, "-I", "-c", _TRIAL, str(path)]
        ended = subprocess.run(command, capture_output=True, timeout=_TRIAL_S, check=False).returncode
    except subprocess.TimeoutExpired:
        ended = -1
    if ended not in (0, 1):  # 1 is an error of Python's: it comes again, and is said, when we read the file ourselves
        found = "a spreadsheet so broken that its reader ends"
        raise refuse(name, found, "an XLS file", "Open and save it again as XLSX.")


def _sheets(path: Path, name: str, wanted: str | None) -> tuple[dict[str, list[list[Any]]], dict[str, list[_Range]]]:
    """Return sheet -> its rows of cells, and sheet -> its merged cells, first and last, as row and column from 0."""
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        titles = [
            sheet.name for sheet in book.sheets_metadata if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ] or list(book.sheet_names)
        if wanted is not None:
            listed = ", ".join(book.sheet_names)
            titles = [title for title in book.sheet_names if fold(title) == fold(wanted)][:1]
            if not titles:
                raise refuse(
                    name,
                    f"the sheets {listed}",
                    f"one called {wanted}",
                    "Correct |layername= in [layers].",
                    kind="no_such_layer",
                )
        sheets = {title: book.get_sheet_by_name(title) for title in titles}
        rows = {title: sheet.to_python(skip_empty_area=False) for title, sheet in sheets.items()}
        return rows, {title: sheet.merged_cell_ranges or [] for title, sheet in sheets.items()}
