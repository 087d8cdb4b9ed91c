"""The sheet of one supplied file: its cells as they were supplied, the faulty ones marked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coverage.errors import Problem
from coverage.outputs.check import problem_words
from coverage.outputs.check.text import headings_of
from coverage.outputs.wording import Wording
from coverage.outputs.workbooks.workbook import CELL, HEADER, Workbook, lines_in, write_row, write_text, write_titles
from coverage.result import Check

_MOST_ROWS = 20_000
"""Files with more rows are shown by their faulty rows alone, the first of them if there are still more."""
_MOST_COLUMNS = 16_000
"""What a sheet can hold, on the safe side."""
_HEADER_ROW = 3
_SAID_WIDTH = 48
ERROR_CELL = {"bg_color": "#F8B4B4", "border": 2, "border_color": "#C00000", "bold": True}
WARNING_CELL = {"bg_color": "#FFF2A8", "border": 8, "border_color": "#B26A00"}
"""The frames tell them apart on a black-and-white print: solid for errors, dashed for warnings."""

_FAULTY = {True: ERROR_CELL, False: WARNING_CELL}
_OF_THE_POINT = frozenset(
    {
        "no_point", "swapped", "axes_turned", "zone_in_front", "nowhere_on_earth", "outside_declared_commune",
        "point_in_no_commune", "no_point_no_commune", "outside_terrain", "far_from_first_cell", "villages_at_one_point",
        "site_in_the_sea", "site_outside_the_communes", "two_sites_at_one_place", "housing_far_from_its_village",
        "building_far_from_villages",
    }
)  # fmt: skip
"""Kinds of problem that are marked at longitude and latitude where no column is named."""
_WHOLE_ROW = -1
"""Place of a mark that is not of one cell."""


@dataclass(frozen=True)
class Page:
    """The sheet of one supplied file."""

    sheet: str
    file: str
    cells: pd.DataFrame
    """Rows that are shown."""
    problems: tuple[Problem, ...]
    headings: Mapping[str, str]
    left_out: int

    def place(self, row: int | None) -> int | None:
        """Return the line of the sheet that shows a row of the file; None where none does."""
        found = np.flatnonzero(self.cells.index == row)
        return int(found[0]) + _HEADER_ROW + 2 if found.size else None


def pages(check: Check, *, reserved: Iterable[str]) -> dict[str, Page]:
    """Return file -> its sheet. A file that serves several layers has none: its row numbers could be of either."""
    layers = [reading.file for reading in check.readings]
    headings, found = headings_of(check), {}
    taken = {name.casefold() for name in (*reserved, "history")}
    for file, cells in check.tables.items():
        problems = tuple(problem for problem in check.problems if problem.file == file and problem.at)
        if not problems or layers.count(file) > 1:
            continue
        shown = cells.iloc[:, :_MOST_COLUMNS]
        if len(shown) > _MOST_ROWS:
            shown = shown[shown.index.isin(np.unique(np.concatenate([problem.at for problem in problems])))]
        shown = shown.iloc[:_MOST_ROWS]
        sheet = _sheet_name(file, taken)
        found[file] = Page(sheet, file, shown, problems, headings.get(file, {}), len(cells) - len(shown))
    return found


def _sheet_name(file: str, taken: set[str]) -> str:
    """Return a name that Excel accepts and no other sheet has."""
    stem = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", file.rpartition("/")[2])[:27].strip("' ") or "?"
    name, number = stem, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} {number}"
    taken.add(name.casefold())
    return name


def write_page(book: Workbook, page: Page, say: Wording) -> None:
    """Add the cells of a file, the faulty ones marked."""
    sheet, headings = book.sheet(page.sheet, "#ED7D31"), list(page.cells.columns)
    last = len(headings) + 1
    for place, width in enumerate((7, *_widths(page.cells), _SAID_WIDTH)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + max(len(page.cells), 1), last)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    write_titles(book, sheet, (page.file, _what_is_shown(page, say)))
    names = ["Dòng" if say.vi else "Row", *headings, "Vấn đề" if say.vi else "Problems"]
    write_row(sheet, _HEADER_ROW, names, book.style(**HEADER), height=40)
    marks, texts = _marks(page, say)
    number, plain = book.style(**CELL, align="center"), book.style(**CELL, num_format="@", indent=1)
    wrapped = book.style(**CELL, num_format="@", text_wrap=True, indent=1)
    faulty = {fatal: book.style(**style, num_format="@", indent=1) for fatal, style in _FAULTY.items()}
    whole_row = {fatal: book.style(**style, align="center") for fatal, style in _FAULTY.items()}
    for line, (row, *cells) in enumerate(page.cells.itertuples(name=None), start=_HEADER_ROW + 1):
        said, own = "; ".join(texts.get(row, ())), marks.get(row, {})
        if said:
            sheet.set_row(line, 13.5 * min(lines_in(said, _SAID_WIDTH), 12) + 3)
        sheet.write_number(line, 0, row, whole_row[own[_WHOLE_ROW]] if _WHOLE_ROW in own else number)
        for place, cell in enumerate(cells):
            write_text(sheet, line, place + 1, _said(cell), faulty[own[place]] if place in own else plain)
        write_text(sheet, line, last, said, wrapped)


def _widths(cells: pd.DataFrame) -> list[int]:
    """Return a width for each column: its longest word of heading or longest cell among the first, within reason."""
    longest = [max((len(_said(cell)) for cell in cells[:200].iloc[:, i]), default=0) for i in range(cells.shape[1])]
    words = [max(map(len, str(heading).split()), default=0) for heading in cells.columns]
    return [min(max(cell, word, 6) + 3, 40) for cell, word in zip(longest, words, strict=True)]


def _what_is_shown(page: Page, say: Wording) -> str:
    if not page.left_out:
        return "Toàn bộ các dòng của tệp." if say.vi else "Every row of the file."
    shown, left = say.number(float(len(page.cells)), 0), say.number(float(page.left_out), 0)
    many = len(page.cells) >= _MOST_ROWS
    if say.vi:
        first = " đầu tiên" if many else ""
        return f"Tệp có nhiều dòng nên chỉ nêu {shown} dòng có vấn đề{first}; không nêu {left} dòng khác."
    first = "the first" if many else "its"
    return f"The file is long: {first} {shown} rows with problems are shown, {left} others are not."


def _marks(page: Page, say: Wording) -> tuple[dict[int, dict[int, bool]], dict[int, list[str]]]:
    """Return row -> place of a cell -> whether an error (or not), and row -> what is wrong with it."""
    places = {heading: place for place, heading in reversed(list(enumerate(page.cells.columns)))}
    shown = set(page.cells.index.tolist())
    marks: dict[int, dict[int, bool]] = {}
    texts: dict[int, list[str]] = {}
    for problem in page.problems:
        columns = (
            ("lon", "lat") if problem.column is None and problem.kind in _OF_THE_POINT else (problem.column or "",)
        )
        listed = [page.headings[column] for column in columns if column in page.headings]
        at = {places[heading] for heading in listed if heading in places} or {_WHOLE_ROW}
        title = problem_words.words(problem.kind, say.language).title
        text = f"{', '.join(listed)}: {title}" if listed else title
        for row in problem.at:
            if row in shown:
                own = marks.setdefault(row, {})
                own |= {place: own.get(place, False) or problem.fatal for place in at}
                if text not in (said := texts.setdefault(row, [])):
                    said.append(text)
    return marks, texts


def _said(cell: Any) -> str:
    """Return a cell as its file shows it; empty where it holds nothing."""
    if isinstance(cell, str):
        return cell
    if cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
