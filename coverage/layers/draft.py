"""A layer on its way in: its rows, and everything that was found wrong with them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.errors
from numpy.typing import NDArray

from coverage.columns.schema import Column, Table
from coverage.errors import Problem
from coverage.layers.text import said
from coverage.result import Reading

_SAID = 4
"""Rows of one fault that are described; the others are counted."""


@dataclass
class Draft:
    """Rows of a layer and the problems found in them; `frame` keeps the position in the file as its index."""

    table: Table
    file: str
    frame: gpd.GeoDataFrame
    rows: NDArray[np.int64]
    """Row as a person counts it, for each position in the file."""
    reading: Reading
    """How the file was understood."""
    supplied: pd.DataFrame
    """Cells as the file has them, under its own headings; the index is `rows`."""
    problems: list[Problem] = field(default_factory=list)
    outlines: gpd.GeoSeries | None = None
    """Areas, in WGS 84, that a layer of points has in the place of points; None where it has none."""
    unread: dict[str, pd.Series] = field(default_factory=dict)
    """Column -> mask of cells that were already reported; they are empty in `frame`."""

    @property
    def given(self) -> Collection[str]:
        """Columns that the file has."""
        return self.reading.columns.keys()

    def report(
        self,
        bad: pd.Series,
        found: str | Callable[[Any], str],
        expected: str,
        remedy: str,
        *,
        column: str | None = None,
        fatal: bool = True,
        kind: str = "",
    ) -> None:
        """
        Note one problem of all rows that have it; none where no row has.

        Parameters
        ----------
        bad
            Mask over `frame`.
        found
            What was found, or a function that says it of the first such row of `frame`.
        expected, remedy, column, fatal, kind
            As in Problem.
        """
        if not bad.any():
            return
        positions = bad.index[bad.to_numpy(dtype=bool)]
        said_of = positions[:_SAID] if callable(found) else positions[:1]
        texts = [found if isinstance(found, str) else found(self.frame.loc[position]) for position in said_of]
        examples = tuple(text for text in dict.fromkeys(texts) if text != texts[0])
        at = tuple(self.rows[positions].tolist())
        self.problems.append(Problem(self.file, texts[0], expected, remedy, at, column, fatal, examples, kind))

    def report_file(self, found: str, expected: str, remedy: str, *, fatal: bool = True, kind: str = "") -> None:
        """Note a problem of the file as a whole."""
        self.problems.append(Problem(self.file, found, expected, remedy, fatal=fatal, kind=kind))

    def misread(self, column: str) -> pd.Series:
        """Return a mask of rows whose cell in a column was reported as unreadable; once is enough."""
        return self.unread.get(column, pd.Series(False, index=self.frame.index)).reindex(self.frame.index)

    def nowhere(self) -> pd.Series:
        """Return a mask of rows without a shape whose coordinates were not already reported as unreadable."""
        missing: pd.Series = self.frame.geometry.isna()
        return missing & ~self.misread("lon") & ~self.misread("lat")

    def drop(self, rows: pd.Series) -> None:
        """Leave rows out; the others keep their numbers."""
        self.frame = self.frame[~rows]


def cell_of(cells: pd.Series, row: pd.Series) -> Any:
    """Return the cell of a row of a draft in a series with the draft's index."""
    return cells[cells.index == row.name].iloc[0]


def validate(draft: Draft) -> None:
    """Hold a draft against the schema of its table and note every failure, one problem per column and rule."""
    names = [column.name for column in draft.table.columns if column.name in draft.frame]
    try:
        draft.table.schema().validate(pd.DataFrame(draft.frame[names]), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for (column, check), cases in errors.failure_cases.groupby(["column", "check"], sort=False):
            bad = pd.Series(draft.frame.index.isin(cases["index"]), index=draft.frame.index) & ~draft.misread(column)
            _explain(draft, draft.table[column], str(check), bad, cases["failure_case"].iloc[0])


def fill_ids(draft: Draft, column: str, made: pd.Series) -> None:
    """Give rows without an id one: a stem and a number, counted per stem and never one that is taken."""
    ids, stems = draft.frame[column], made.to_numpy(dtype=object)
    filled, taken = ids.to_numpy(dtype=object, copy=True), set(ids.dropna())
    counts: dict[str, int] = {}
    for place in np.flatnonzero(ids.isna()):
        stem = stems[place]
        while (made_id := f"{stem}-{counts.setdefault(stem, 1)}") in taken:
            counts[stem] += 1
        taken.add(made_id)
        filled[place] = made_id
    draft.frame[column] = pd.Series(filled, index=ids.index, dtype=ids.dtype)


def _explain(draft: Draft, column: Column, check: str, bad: pd.Series, value: Any) -> None:
    remedy, kind = "Correct these rows.", "out_of_range"
    if check == "not_nullable":
        found, expected, remedy, kind = "nothing", "a value in every row", "Fill these cells.", "missing_value"
    elif check == "field_uniqueness":
        found, expected = f"{said(value)} more than once", "each once"
        remedy, kind = "Give each row its own.", "duplicate_id"
    elif check.startswith("isin"):
        found, expected, kind = said(value), f"one of {', '.join(column.values)}", "unknown_value"
    elif check.startswith("str_matches"):
        found, expected, kind = said(value), "5 digits, such as 03646", "malformed_code"
    else:
        low = "" if column.minimum is None else f"at least {column.minimum:g}"
        high = "" if column.maximum is None else f"at most {column.maximum:g}"
        found, expected = said(value), f"{' and '.join(filter(None, (low, high)))} {column.unit}".strip()
    draft.report(bad, found, expected, remedy, column=column.name, kind=kind)
