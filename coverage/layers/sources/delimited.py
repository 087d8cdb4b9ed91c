"""CSV, TSV and the like: rows of text between delimiters, in whatever encoding."""

import csv
import io
import itertools
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from coverage.errors import refuse
from coverage.layers.sources.raw_table import (
    HEADING_WITHIN,
    MOST_COLUMNS,
    MOST_ROWS,
    RawTable,
    find_heading,
    from_records,
    trimmed,
)
from coverage.layers.text import fold
from coverage.layers.vietnamese.encodings import decode

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32", "cp1252": "one byte a letter"}
_LARGEST = 500_000_000
_LONGEST_LINE = 1_000_000
_CHUNK = 1 << 20
_REMEDY = "Supply the rows of this study alone, as CSV UTF-8."


def read_delimited(path: Path, *, name: str, headings: set[str]) -> RawTable:
    """
    Read a delimited text file.

    Parameters
    ----------
    path, name
        The file, and its name in messages.
    headings
        Folded headings that are known, by which the row of headings and the delimiter are found.

    Returns
    -------
    RawTable
        What is no Unicode comes as one letter per byte; whoever knows the columns mends them.

    Raises
    ------
    LayerError
        Not text, no table, or one that is too large.
    """
    _measure(path, name)
    try:
        decoded = decode(path.read_bytes())
    except ValueError:
        raise refuse(name, "content that is not text", "a table as UTF-8 text", "Save it again as CSV UTF-8.") from None
    try:
        delimiter, _, _ = _layout(io.StringIO(decoded.text, newline=""), headings)
        records = _split(io.StringIO(decoded.text, newline=""), delimiter)
    except csv.Error as error:
        found = f"a table that cannot be split into cells ({error})"
        expected = "rows of cells between commas, semicolons or tabs"
        raise refuse(name, found, expected, "Save it again as CSV UTF-8.") from None
    form = _form(delimiter, decoded.encoding)
    return from_records(trimmed(records, name), headings, name, form=form, typed=False)


def read_long(path: Path, *, name: str, headings: set[str], texts: set[str]) -> RawTable:
    """
    Read a delimited text file of very many rows by columns; one that is not plain UTF-8 goes the way of the others.

    Parameters
    ----------
    path, name, headings
        As `read_delimited`.
    texts
        Folded headings of columns that hold text, whatever it looks like.

    Returns
    -------
    RawTable
        Columns of numbers alone come as numbers.

    Raises
    ------
    LayerError
        As `read_delimited`.
    """
    _measure(path, name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            delimiter, header, titles = _layout(stream, headings)
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # of rows with more cells than headings
            frame = pd.read_csv(
                path, sep=delimiter, header=None, names=list(range(len(titles))), skiprows=header + 1, dtype=str,
                keep_default_na=False, na_values=[""], skip_blank_lines=False, index_col=False, encoding="utf-8-sig",
            )  # fmt: skip
    except (UnicodeDecodeError, csv.Error, ValueError, pd.errors.ParserWarning):
        return read_delimited(path, name=name, headings=headings)
    frame = frame[frame.notna().any(axis="columns")]
    rows = frame.index.to_numpy(dtype=np.int64) + header + 2
    columns = [_numbers(frame[n], texts, title).reset_index(drop=True) for n, title in enumerate(titles)]
    return RawTable(titles, columns, rows, None, False, (), _form(delimiter, "utf-8"), header + 1)


def _numbers(column: pd.Series, texts: set[str], title: str) -> pd.Series:
    """Return a column as numbers where all of its cells are, else as it is."""
    if fold(title) in texts:
        return column.astype(object)
    try:
        return pd.to_numeric(column).astype("float64")
    except ValueError:
        return column.astype(object)


def _layout(lines: Iterable[str], headings: set[str]) -> tuple[str, int, list[str]]:
    """Return the delimiter, the position of the row of headings and the headings, by the first lines of a text."""
    head = list(itertools.islice(lines, 3 * HEADING_WITHIN))
    tops = {mark: [row[:MOST_COLUMNS] for row in _split(head, mark)[:HEADING_WITHIN]] for mark in _DELIMITERS}
    layouts = {mark: find_heading(top, headings) for mark, top in tops.items()}
    delimiter = max(layouts, key=lambda mark: layouts[mark][2])
    return delimiter, *layouts[delimiter][:2]


def _form(delimiter: str, encoding: str) -> str:
    return f"{'TSV' if delimiter == chr(9) else 'CSV'}, {_ENCODINGS[encoding]}, {_DELIMITERS[delimiter]}"


def _measure(path: Path, name: str) -> None:
    """Read a file once in pieces and refuse one that is too large, or whose lines are, before it is held in memory."""
    size = path.stat().st_size
    if size > _LARGEST:
        raise refuse(
            name, f"a text file of {size / 1e6:,.0f} MB", f"at most {_LARGEST / 1e6:,.0f} MB", _REMEDY, kind="too_large"
        )
    rows, line = 0, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            first, *others = chunk.replace(b"\r", b"\n").split(b"\n")
            line += len(first)
            if max(line, 0, *map(len, others)) > _LONGEST_LINE:
                found = f"a line of more than {_LONGEST_LINE:,} letters, number {rows + 1}"
                raise refuse(name, found, "a row of a table on each line", "Save it again as CSV UTF-8.")
            line = len(others[-1]) if others else line
            rows += chunk.count(b"\n")
            if rows > MOST_ROWS:
                raise refuse(name, f"more than {MOST_ROWS:,} rows", f"at most {MOST_ROWS:,}", _REMEDY, kind="too_large")


def _split(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    return list(csv.reader(lines, delimiter=delimiter))
