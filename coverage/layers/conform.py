"""A file's rows as they were written -> rows typed as `coverage.columns` says, with shapes in WGS 84."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.columns.inputs import INPUTS
from coverage.columns.schema import Column, Table
from coverage.errors import LayerError, Problem
from coverage.layers import values
from coverage.layers.draft import Draft, cell_of
from coverage.layers.headings import known, match_headings
from coverage.layers.position import coordinates
from coverage.layers.position.placing import Land, locate
from coverage.layers.position.reference import crs_label
from coverage.layers.sources import files
from coverage.layers.sources.vector import RawTable, read_vector
from coverage.layers.text import clean, said
from coverage.layers.vietnamese import encodings
from coverage.result import Reading
from coverage.study import Study

_PLACE = frozenset({"lon", "lat"})
"""Columns that say where a row lies; they are read together."""
_CARRIED = frozenset({"commune_code", "commune_name", "former_commune", "former_district"})
"""Columns in which a merged cell stands for every row that it covers; a merged number may be the sum of its rows."""
_DTYPES: dict[str, Any] = {"text": "str", "integer": "Int64", "number": "float64", "flag": "boolean"}


def open_layer(study: Study, layer: str, land: Land | None = None) -> Draft:
    """
    Read a layer's file and type its rows.

    Parameters
    ----------
    study
        Names the file, its headings and its reference system.
    layer
        One of `columns.INPUTS`.
    land
        The communes, to tell the reference system of metres by; None where they are not read or cannot be used.

    Returns
    -------
    Draft
        Every column of the table, empty where the file has none; geometry in WGS 84, None where a row has none.

    Raises
    ------
    LayerError
        The rows cannot be used at all: file, headings or reference system are at fault, or there is no row.
    """
    table, name = INPUTS[layer], files.shown(study, layer)
    mapping = study.columns.get(layer, {})
    raw = read_vector(files.find_source(study, layer), layer=layer, headings=known(table, mapping))
    matched, problems = match_headings(table, raw.headings, mapping, file=name)
    problems += [_no_heading(table, table[column], raw, name) for column in _missing(table, raw, matched)]
    if not len(raw.rows):
        problems.append(Problem(name, "no rows", "at least one", "Supply the layer with its rows.", kind="no_rows"))
    if problems:
        raise LayerError([*raw.problems, *problems])
    empty = gpd.GeoDataFrame(index=pd.RangeIndex(len(raw.rows)))
    reading = _reading(layer, name, raw, matched)
    draft = Draft(table, name, empty, raw.rows, reading, _supplied(raw), list(raw.problems))
    for column in table.columns:
        if column.name not in _PLACE:
            draft.frame[column.name] = _typed(draft, column, raw, matched.get(column.name))
    crs = locate(draft, raw, matched, study, land)
    draft.reading = replace(reading, crs=crs_label(crs))
    return draft


def _reading(layer: str, file: str, raw: RawTable, matched: Mapping[str, int]) -> Reading:
    columns = {name: raw.headings[position] for name, position in matched.items()}
    unused = tuple(heading for i, heading in enumerate(raw.headings) if heading and i not in matched.values())
    return Reading(layer, file, raw.form, len(raw.rows), "", columns, unused)


def _supplied(raw: RawTable) -> pd.DataFrame:
    cells = pd.DataFrame(dict(enumerate(raw.columns)), index=pd.RangeIndex(len(raw.rows)))
    return cells.set_axis(raw.headings, axis="columns").set_axis(raw.rows)


def _missing(table: Table, raw: RawTable, matched: dict[str, int]) -> list[str]:
    needed = [column.name for column in table.columns if column.required]
    if raw.geometry is None and table.geometry == "point" and (table.placed or _PLACE & matched.keys()):
        needed += ["lon", "lat"]
    return [name for name in needed if name not in matched]


def _no_heading(table: Table, column: Column, raw: RawTable, file: str) -> Problem:
    names = ", ".join(dict.fromkeys((column.name, column.en, column.vi, *column.aliases)))
    found = f"no such heading among {', '.join(map(repr, raw.headings))}"
    remedy = f"Add it, or name the heading in coverage.toml under [columns.{table.name}]."
    return Problem(file, found, f"one of {names}", remedy, column=column.name, kind="no_such_heading")


def _typed(draft: Draft, column: Column, raw: RawTable, position: int | None) -> pd.Series:
    index = draft.frame.index
    if position is None:
        return pd.Series(np.full(len(index), np.nan), index=index).astype(_DTYPES[column.kind])
    cells = raw.columns[position].set_axis(index)
    if column.name in _CARRIED and position in raw.merged:
        cells = _carried(draft, column, cells, raw.merged[position].set_axis(index))
    if column.kind in ("text", "flag"):
        cells = _legible(draft, column, cells)
    if column.kind == "text":
        text = values.to_text(cells)
        return _padded(draft, column, text, cells, raw) if column.pattern else text
    if column.kind == "flag":
        series, bad = values.to_flag(cells)
        expected = "có or không, yes or no, 1 or 0, true or false, x or nothing"
    elif column.unit == "degree" and column.name.endswith(("lon", "lat")):
        series, bad = coordinates.to_degrees(cells)
        expected = "degrees, such as 103.914, 103,914 or 103°54'50\""
    else:
        series, bad = values.to_number(cells, integer=column.kind == "integer")
        expected = f"a {'whole ' if column.kind == 'integer' else ''}number of {column.unit}".removesuffix(" of ")
    remedy = "Correct these cells, or empty them if unknown."
    draft.report(
        bad,
        lambda row: said(cell_of(cells, row)),
        expected,
        remedy,
        column=column.name,
        kind="not_a_flag" if column.kind == "flag" else "not_a_number",
    )
    draft.unread[column.name] = bad
    return series


def _carried(draft: Draft, column: Column, cells: pd.Series, shown: pd.Series) -> pd.Series:
    """Return cells with what a merged cell above them says, and say so."""
    covered = pd.Series([clean(cell) is None for cell in cells], cells.index) & shown.notna()
    draft.report(
        covered,
        lambda row: f"nothing, in the merged cell {said(clean(cell_of(shown, row)))}, which is read for this row too",
        "a value in every row",
        "Nothing, if the merged cell means all of its rows.",
        column=column.name,
        fatal=False,
        kind="merged_cells",
    )
    return cells.mask(covered, shown)


def _legible(draft: Draft, column: Column, cells: pd.Series) -> pd.Series:
    """Return cells with Vietnamese text that was written or read in another encoding mended, and say so."""
    texts = [cell if isinstance(cell, str) else None for cell in cells]
    if all(text is None or text.isascii() for text in texts):
        return cells
    repair = encodings.repair(texts)
    if repair.encoding is None:
        return cells
    pairs = zip(texts, repair.cells, cells, strict=True)
    kept = [cell if text is None else mended for text, mended, cell in pairs]
    mended = pd.Series(kept, index=cells.index, dtype=object)
    given = pd.Series([None if text is None else unicodedata.normalize("NFC", text) for text in texts], cells.index)
    draft.report(
        given.notna() & (mended != given),
        lambda row: f"{said(cell_of(given, row))} in {repair.encoding}, read as {said(cell_of(mended, row))}",
        "text in Unicode",
        "Look at the names; supply the file in Unicode (CSV UTF-8, XLSX, GeoPackage) if they are wrong.",
        column=column.name,
        fatal=False,
        kind="legacy_encoding",
    )
    return mended


def _padded(draft: Draft, column: Column, text: pd.Series, cells: pd.Series, raw: RawTable) -> pd.Series:
    """Give codes back the leading zero that a column of numbers lost."""
    if raw.typed:
        numbers = cells.map(lambda cell: isinstance(cell, int | float | np.number) and clean(cell) is not None)
    else:
        numbers = text.notna() & bool(text.dropna().str.fullmatch(r"\d+").all())
    short = numbers.astype(bool) & text.str.len().eq(4)
    first = text[short].iloc[0] if short.any() else ""
    draft.report(
        short,
        f"{first}, a number of four digits, read as 0{first}",
        "a code of 5 digits",
        "Keep codes as text.",
        column=column.name,
        fatal=False,
        kind="lost_zero",
    )
    return text.mask(short, "0" + text)
