"""Any vector or table file -> its rows as they were written, before anyone asks what they mean."""

import csv
import io
import itertools
import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import python_calamine
from numpy.typing import NDArray

from coverage.errors import LayerError, Problem
from coverage.layers.text import clean, fold

_DELIMITED = frozenset({".csv", ".tsv", ".txt"})
_SHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_DELIMITERS = ",;\t|"
_HEADER_WITHIN = 30
"""Rows in which the headings are looked for; titles and notes may stand above them."""


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


def read_vector(path: Path, *, name: str, layer: str, headings: set[str]) -> RawTable:
    """
    Read a file of rows.

    Parameters
    ----------
    path
        CSV or TSV in any delimiter and encoding, a spreadsheet, or anything that GDAL opens.
    name
        The file's name in messages.
    layer
        Our name of the layer: chosen among several in one file.
    headings
        Folded headings that are known, by which the row of headings, the delimiter and the sheet are found.

    Returns
    -------
    RawTable
        Rows without those that are wholly empty.

    Raises
    ------
    LayerError
        The file cannot be opened or read as what its ending says it is.
    """
    suffix = path.suffix.lower()
    if suffix in _DELIMITED:
        return _delimited(path, name, headings)
    if suffix in _SHEETS:
        return _sheets(path, name, headings)
    return _features(path, name, layer)


def _refuse(name: str, found: str, expected: str, remedy: str) -> LayerError:
    return LayerError([Problem(file=name, found=found, expected=expected, remedy=remedy)])


def _delimited(path: Path, name: str, headings: set[str]) -> RawTable:
    text, encoding = _decode(path.read_bytes(), name)
    problems = []
    if encoding == "cp1258":
        found = "text that is not UTF-8, read as Vietnamese Windows (cp1258)"
        remedy = "Look at the names; save the file as CSV UTF-8 if they are wrong."
        problems.append(Problem(name, found, "UTF-8", remedy, fatal=False))
    head = list(itertools.islice(io.StringIO(text, newline=""), 3 * _HEADER_WITHIN))
    try:
        scores = {mark: _header(_split(head, mark)[:_HEADER_WITHIN], headings)[1] for mark in _DELIMITERS}
        records = _split(io.StringIO(text, newline=""), max(scores, key=lambda mark: scores[mark]))
    except csv.Error as error:
        found = f"a table that cannot be split into cells ({error})"
        raise _refuse(
            name, found, "rows of cells between commas, semicolons or tabs", "Save it again as CSV UTF-8."
        ) from None
    return _table(records, headings, name, typed=False, problems=problems)


def _decode(content: bytes, name: str) -> tuple[str, str]:
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1258"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return unicodedata.normalize("NFC", text), encoding
    raise _refuse(name, "content that is not text", "a table as UTF-8 text", "Save it again as CSV UTF-8.")


def _split(lines: Any, delimiter: str) -> list[list[str]]:
    return list(csv.reader(lines, delimiter=delimiter))


def _sheets(path: Path, name: str, headings: set[str]) -> RawTable:
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            visible = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            ]
            sheets = [_from_top(book.get_sheet_by_name(title)) for title in visible or book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        found = f"a spreadsheet that cannot be opened ({_one_line(error)})"
        raise _refuse(name, found, "an XLSX, XLS or ODS file", "Open and save it again, without a password.") from None
    best = max(sheets, key=lambda records: _header(records, headings)[1], default=[])
    return _table(best, headings, name, typed=True, problems=[])


def _from_top(sheet: python_calamine.CalamineSheet) -> list[list[Any]]:
    return sheet.to_python(skip_empty_area=False)


def _header(records: Sequence[Sequence[Any]], headings: set[str]) -> tuple[int, tuple[int, int]]:
    """Return the position of the row of headings, and how good it is: headings known, cells filled."""
    best, score = 0, (0, 0)
    for position, record in enumerate(records[:_HEADER_WITHIN]):
        cells = [fold(text) for text in map(clean, record) if text]
        this = (len(set(cells) & headings), len(cells))
        if this[0] > score[0] or (score == (0, 0) and this[1]):
            best, score = position, this
    return best, score


def _table(
    records: Sequence[Sequence[Any]], headings: set[str], name: str, *, typed: bool, problems: list[Problem]
) -> RawTable:
    if not records:
        raise _refuse(
            name, "no rows", "a row of headings and at least one row below it", "Supply the layer with its rows."
        )
    header, _ = _header(records, headings)
    titles = [clean(cell) or "" for cell in records[header]]
    body = [
        (position + 1, record)
        for position, record in enumerate(records[header + 1 :], start=header + 1)
        if any(clean(cell) is not None for cell in record)
    ]
    longest = max((sum(1 for _ in record) for _, record in body), default=0)
    extra = [number for number, record in body if any(clean(cell) is not None for cell in record[len(titles) :])]
    if longest > len(titles) and extra:
        expected, remedy = f"{len(titles)} cells", "Put cells that hold the delimiter in quotes."
        problems.append(Problem(name, "more cells than headings", expected, remedy, at=tuple(extra)))
    width = len(titles)
    filled = [[*record[:width], *[None] * (width - len(record))] for _, record in body]
    columns = [pd.Series(cells, dtype=object) for cells in zip(*filled, strict=True)] or [
        pd.Series(dtype=object)
    ] * width
    rows = np.array([number for number, _ in body], dtype=np.int64)
    return RawTable(titles, columns, rows, None, typed, tuple(problems))


def _features(path: Path, name: str, layer: str) -> RawTable:
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            chosen = _choose(path, name, layer)
            frame = pyogrio.read_dataframe(path, layer=chosen, on_invalid="ignore")
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FieldError,
        ValueError,
    ) as error:
        found = f"a file that cannot be read ({_one_line(error)})"
        expected = "a GeoPackage, GeoJSON, shapefile or other vector file, a spreadsheet, or a CSV"
        raise _refuse(name, found, expected, "It may be cut short or of another kind; supply it again.") from None
    problems = tuple(
        Problem(
            file=name, found=f"a warning on reading: {text}", expected="none", remedy="Check the file.", fatal=False
        )
        for text in dict.fromkeys(_one_line(warning.message) for warning in caught)
    )
    geometry = frame.geometry if isinstance(frame, gpd.GeoDataFrame) else None
    attributes = pd.DataFrame(frame.drop(columns=geometry.name)) if geometry is not None else frame
    columns = [attributes.iloc[:, i] for i in range(attributes.shape[1])]
    rows = np.arange(1, len(frame) + 1, dtype=np.int64)
    return RawTable(list(map(str, attributes.columns)), columns, rows, geometry, True, problems)


def _choose(path: Path, name: str, layer: str) -> str:
    """Return the one layer of a file that is meant: the only one, the only one with shapes, or the one of our name."""
    listed = pyogrio.list_layers(path)
    names = [str(title) for title, _ in listed]
    shaped = [str(title) for title, kind in listed if kind is not None]
    same = [title for title in names if fold(title) == fold(layer)]
    for choice in (names, same, shaped):
        if len(choice) == 1:
            return choice[0]
    found = f"{len(names)} layers ({', '.join(names)})"
    raise _refuse(name, found, f"one, or one called {layer}", "Save the layer that is meant as a file of its own.")


def _one_line(error: object) -> str:
    return " ".join(str(error).split())
