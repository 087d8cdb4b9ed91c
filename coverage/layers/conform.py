"""A file's rows as they were written -> rows typed as columns.py says, with shapes in WGS 84."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from coverage.columns import INPUTS, Column, Table
from coverage.errors import LayerError, Problem
from coverage.layers import coordinates, files, values
from coverage.layers.draft import Draft
from coverage.layers.geometry import WGS84, as_points, crs_label, layer_crs, mended, of_kind, to_wgs84
from coverage.layers.headings import known, match_headings
from coverage.layers.text import clean, said
from coverage.layers.vector import RawTable, read_vector
from coverage.result import Reading
from coverage.study import Study

_DEGREES = frozenset({"lon", "lat", "centre_lon", "centre_lat"})
_DTYPES: dict[str, Any] = {"text": "str", "integer": "Int64", "number": "float64", "flag": "boolean"}


def open_layer(study: Study, layer: str) -> Draft:
    """
    Read a layer's file and type its rows.

    Parameters
    ----------
    study
        Names the file, its headings and its reference system.
    layer
        One of `columns.INPUTS`.

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
    path, refused = study.path(layer), files.check_file(study, layer)
    if path is None or refused is not None:
        raise LayerError([refused] if refused else [])
    mapping = study.columns.get(layer, {})
    raw = read_vector(path, name=name, layer=layer, headings=known(table, mapping))
    matched, problems = match_headings(table, raw.headings, mapping, file=name)
    problems += [_no_heading(table, table[column], raw, name) for column in _missing(table, raw, matched)]
    if not len(raw.rows):
        problems.append(Problem(name, "no rows", "at least one", "Supply the layer with its rows."))
    if problems:
        raise LayerError([*raw.problems, *problems])
    fallback = WGS84 if raw.geometry is None else None
    written = None if raw.geometry is None else raw.geometry.crs
    crs = layer_crs(study, layer, file=name, written=written, fallback=fallback)
    empty = gpd.GeoDataFrame(index=pd.RangeIndex(len(raw.rows)))
    reading = _reading(layer, name, raw, matched, crs)
    draft = Draft(table, name, empty, raw.rows, reading, _supplied(raw), list(raw.problems))
    for column in table.columns:
        draft.frame[column.name] = _typed(draft, column, raw, matched.get(column.name), crs)
    _shape(draft, raw, crs)
    return draft


def _reading(layer: str, file: str, raw: RawTable, matched: Mapping[str, int], crs: CRS) -> Reading:
    columns = {name: raw.headings[position] for name, position in matched.items()}
    unused = tuple(heading for i, heading in enumerate(raw.headings) if heading and i not in matched.values())
    return Reading(layer, file, raw.form, len(raw.rows), crs_label(crs), columns, unused)


def _supplied(raw: RawTable) -> pd.DataFrame:
    cells = pd.DataFrame(dict(enumerate(raw.columns)), index=pd.RangeIndex(len(raw.rows)))
    return cells.set_axis(raw.headings, axis="columns").set_axis(raw.rows)


def _missing(table: Table, raw: RawTable, matched: dict[str, int]) -> list[str]:
    needed = [column.name for column in table.columns if column.required]
    if raw.geometry is None:
        needed += ["lon", "lat"] if table.geometry == "point" else []
    return [name for name in needed if name not in matched]


def _no_heading(table: Table, column: Column, raw: RawTable, file: str) -> Problem:
    names = ", ".join(dict.fromkeys((column.name, column.en, column.vi, *column.aliases)))
    found = f"no such heading among {', '.join(map(repr, raw.headings))}"
    remedy = f"Add it, or name the heading in coverage.toml under [columns.{table.name}]."
    return Problem(file, found, f"one of {names}", remedy, column=column.name)


def _typed(draft: Draft, column: Column, raw: RawTable, position: int | None, crs: CRS) -> pd.Series:
    index = draft.frame.index
    if position is None:
        return pd.Series(np.full(len(index), np.nan), index=index).astype(_DTYPES[column.kind])
    cells = raw.columns[position].set_axis(index)
    if column.kind == "text":
        text = values.to_text(cells)
        return _padded(draft, column, text, cells, raw) if column.pattern else text
    if column.kind == "flag":
        series, bad = values.to_flag(cells)
        expected = "có or không, yes or no, 1 or 0, true or false, x or nothing"
    elif column.name in _DEGREES and not crs.is_projected:
        series, bad = coordinates.to_degrees(cells)
        expected = "degrees, such as 103.914, 103,914 or 103°54'50\""
    else:
        series, bad = values.to_number(cells, integer=column.kind == "integer")
        expected = f"a {'whole ' if column.kind == 'integer' else ''}number of {column.unit}".removesuffix(" of ")
    remedy = _metres(draft) if column.name in _DEGREES else "Correct these cells, or empty them if unknown."
    draft.report(bad, lambda row: said(cells[row.name]), expected, remedy, column=column.name, kind="unreadable")
    draft.unread[column.name] = bad
    return series


def _metres(draft: Draft) -> str:
    return f'Correct these cells; if they are metres, set {draft.table.name} = "EPSG:…" under [crs] in coverage.toml.'


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
    )
    return text.mask(short, "0" + text)


def _shape(draft: Draft, raw: RawTable, crs: CRS) -> None:
    """Give a draft its geometry in WGS 84, and points their longitude and latitude."""
    frame, kind = draft.frame, draft.table.geometry
    if raw.geometry is not None:
        shapes = to_wgs84(raw.geometry.set_axis(frame.index), crs)
        shapes = _one_kind(draft, shapes)
    elif kind == "point":
        if not crs.is_projected:
            _right_way_round(draft)
        whole = (frame["lon"].notna() & frame["lat"].notna()).to_numpy()
        points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]), index=frame.index).where(whole, None)
        shapes = to_wgs84(points, crs)
    elif kind is None:
        shapes = gpd.GeoSeries([None] * len(frame), index=frame.index, crs=WGS84)
    else:
        remedy = "Supply the layer as a GeoPackage, GeoJSON or shapefile."
        raise LayerError([Problem(draft.file, "a table without shapes", f"a vector file of {kind}s", remedy)])
    draft.frame = frame.set_geometry(shapes.rename("geometry"))
    if kind == "point" and (raw.geometry is not None or crs != WGS84):
        draft.frame["lon"], draft.frame["lat"] = draft.frame.geometry.x, draft.frame.geometry.y


def _right_way_round(draft: Draft) -> None:
    """Turn longitudes and latitudes that were swapped, and take out those that are none."""
    frame = draft.frame
    turned = coordinates.swapped(frame["lon"], frame["lat"])
    draft.report(
        turned,
        lambda row: f"longitude {row['lon']:g}, latitude {row['lat']:g}, read the other way round",
        "longitude 102…118 and latitude 8…23.5",
        "Swap the two columns.",
        fatal=False,
    )
    frame.loc[turned, ["lon", "lat"]] = frame.loc[turned, ["lat", "lon"]].to_numpy()
    for name, limit in (("lon", 180.0), ("lat", 90.0)):
        beyond = frame[name].abs() > limit
        first = said(frame.loc[beyond, name].iloc[0]) if beyond.any() else ""
        draft.report(beyond, first, f"-{limit:g}…{limit:g} degrees", _metres(draft), column=name)
        draft.unread[name] = draft.misread(name) | beyond
        frame.loc[beyond, name] = np.nan


def _one_kind(draft: Draft, shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    kind = draft.table.geometry
    if kind == "point":
        shapes, areas = as_points(shapes)
        draft.report(areas, "a polygon, read as a point inside it", "a point", "Give the centre itself.", fatal=False)
    if kind == "polygon":
        areas = of_kind(shapes, "polygon")
        mended_shapes, broken = mended(shapes.where(areas, None))
        draft.report(
            broken, "a boundary that crosses itself, repaired", "a valid polygon", "Repair the file.", fatal=False
        )
        shapes = mended_shapes.where(areas, shapes)
    wrong = ~(of_kind(shapes, kind) | shapes.isna() | shapes.is_empty) if kind else shapes.isna()
    first = shapes[wrong].iloc[0].geom_type if wrong.any() else ""
    draft.report(wrong, f"a {first}", f"a {kind}", "Supply the layer with shapes of one kind.")
    return shapes.where(~(wrong | shapes.is_empty), None)
