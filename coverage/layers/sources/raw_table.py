"""Rows as a file holds them, and the row of headings found among them."""

import datetime
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.errors import Problem, refuse
from coverage.layers.headings import without_notes
from coverage.layers.text import clean, fold
from coverage.layers.vietnamese.encodings import repair

HEADING_WITHIN = 30
"""Rows in which the headings are looked for; titles and notes may stand above them."""
MOST_ROWS = 5_000_000
MOST_COLUMNS = 2_000
"""More than any database has; the time that headings and cells take grows with them."""
_COUNTING = re.compile(r"\(?([A-Z]|\d{1,2})\)?")
"""A cell of the row under the headings of an official form, which counts its columns: (1), (2), …"""
_SUMS = frozenset({"tổng", "tổng số", "tổng cộng", "cộng", "toàn tỉnh", "total", "grand total"})
_LONGEST_HEADING = 200
"""Letters; a longer text is no heading."""
_SUM_WITHIN = 4
"""Cells of a row in which the word of a row of sums stands."""
_Rows = list[tuple[int, Sequence[Any]]]


@dataclass(frozen=True)
class RawTable:
    """What a file holds."""

    headings: list[str]
    columns: list[pd.Series]
    """One series of raw cells per heading."""
    rows: NDArray[np.int64]
    """Row as a person counts it in the file, for each position."""
    geometry: gpd.GeoSeries | None
    """Shapes in the file's own CRS; None for a plain table."""
    typed: bool
    """Whether the file itself tells numbers from text (a CSV does not)."""
    problems: tuple[Problem, ...] = ()
    """What was odd but did not stop the reading."""
    form: str = ""
    """Kind of file, encoding, delimiter, sheet or layer, as a person says it."""
    heading_row: int | None = None
    """Row of the headings as a person counts it; None where the file itself tells headings from rows."""
    merged: Mapping[int, pd.Series] = field(default_factory=dict)
    """Column -> for each row, what a merged cell that covers it from above says; None elsewhere."""


def one_line(error: object) -> str:
    """Return what an error says, on one line."""
    return " ".join(str(error).split())[:300]


def hold_columns(count: int, name: str) -> None:
    """Refuse a table that is too wide."""
    if count > MOST_COLUMNS:
        remedy = "Supply the columns of the layer alone."
        raise refuse(name, f"{count:,} columns", f"at most {MOST_COLUMNS:,}", remedy, kind="too_large")


def trimmed(records: Sequence[Sequence[Any]], name: str) -> list[Sequence[Any]]:
    """Return rows without the empty columns at their ends; LayerError where they are still too wide."""
    width = max(map(_filled, records), default=0)
    hold_columns(width, name)
    return [record[:width] for record in records]


def _filled(record: Sequence[Any]) -> int:
    width = len(record)
    while width and (record[width - 1] is None or record[width - 1] == ""):
        width -= 1
    return width


def from_records(
    records: Sequence[Sequence[Any]],
    headings: set[str],
    name: str,
    *,
    form: str,
    typed: bool,
    merged: Mapping[tuple[int, int], Any] | None = None,
) -> RawTable:
    """
    Find the headings among rows of cells, and the rows below them.

    Parameters
    ----------
    records
        Rows from the top of the file, blank ones too.
    headings
        Folded headings that are known.
    name, form, typed
        The file's name in messages, and as in RawTable.
    merged
        Row and column among `records` -> what a merged cell that covers this one from above says.

    Raises
    ------
    LayerError
        There is no row.
    """
    if not records:
        expected = "a row of headings and at least one row below it"
        raise refuse(name, "no rows", expected, "Supply the layer with its rows.", kind="no_rows")
    header, titles, _ = find_heading(records, headings)
    below = header + 2 if header + 1 < len(records) and _counts_columns(records[header + 1]) else header + 1
    body = [
        (position + 1, record)
        for position, record in enumerate(records[below:], start=below)
        if any(clean(cell) is not None for cell in record)
    ]
    body, problems = _without_sums(body, name)
    width = len(titles)
    extra = [number for number, record in body if any(clean(cell) is not None for cell in record[width:])]
    if extra:
        expected, remedy = f"{width} cells", "Put cells that hold the delimiter in quotes."
        problems.append(
            Problem(name, "more cells than headings", expected, remedy, at=tuple(extra), kind="extra_cells")
        )
    filled = [[*map(_as_text_if_date, record[:width]), *[None] * (width - len(record))] for _, record in body]
    columns = [pd.Series(cells, dtype=object) for cells in zip(*filled, strict=True)]
    rows = np.array([number for number, _ in body], dtype=np.int64)
    empty = [pd.Series(dtype=object)] * width
    spread = {
        column: pd.Series([_as_text_if_date((merged or {}).get((row - 1, column))) for row in rows], dtype=object)
        for column in sorted({column for row, column in merged or {} if row >= below and column < width})
    }
    return RawTable(titles, columns or empty, rows, None, typed, tuple(problems), form, header + 1, spread)


def _without_sums(body: _Rows, name: str) -> tuple[_Rows, list[Problem]]:
    """Return the rows without those that only add up the others, and what is said of these."""
    sums = tuple(number for number, record in body if any(map(_is_sum, record[:_SUM_WITHIN])))
    if not sums:
        return body, []
    found, remedy = "a row of sums, left out", "Nothing, if that is what it is."
    said = Problem(name, found, "rows of the layer", remedy, sums, fatal=False, kind="row_of_sums")
    left_out = frozenset(sums)
    return [row for row in body if row[0] not in left_out], [said]


def _is_sum(cell: Any) -> bool:
    return isinstance(cell, str) and cell.strip(" .:").casefold() in _SUMS


def find_heading(records: Sequence[Sequence[Any]], headings: set[str]) -> tuple[int, list[str], tuple[int, int]]:
    """Return the position of the (lower) row of headings, the headings, and how many are known and how many filled."""
    head = [_mended(record) for record in records[:HEADING_WITHIN]]
    best, titles, score = 0, head[0] if head else [], (0, 0)
    for position, cells in enumerate(head):
        this = _score(cells, headings)
        if this[0] > score[0] or (score == (0, 0) and this[1]):
            best, titles, score = position, cells, this
    for position, (upper, lower) in enumerate(itertools.pairwise(head), start=1):
        two = [low or high for low, high in zip(_padded(lower, len(upper)), _padded(upper, len(lower)), strict=True)]
        this = _score(two, headings)
        alone = max(_score(upper, headings)[0], _score(lower, headings)[0])
        if this[0] > max(score[0], alone):
            best, titles, score = position, two, this
    return best, titles, score


def _mended(record: Sequence[Any]) -> list[str]:
    cells = [clean(cell) or "" for cell in record]
    return cells if all(map(str.isascii, cells)) else [cell or "" for cell in repair(cells).cells]


def _score(cells: Sequence[str], headings: set[str]) -> tuple[int, int]:
    filled = [cell for cell in cells if cell]
    keys = ({fold(cell), fold(without_notes(cell))} for cell in filled if len(cell) <= _LONGEST_HEADING)
    return len(set().union(*keys) & headings), len(filled)


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _counts_columns(record: Sequence[Any]) -> bool:
    cells = [text for text in map(clean, record) if text]
    if len(cells) < 3 or not all(map(_COUNTING.fullmatch, cells)):
        return False
    numbers = [int(text.strip("()")) for text in cells if text.strip("()").isdecimal()]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def _as_text_if_date(cell: Any) -> Any:
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, datetime.date | datetime.time) else cell
