"""A layer on its way in: typed as columns.py says, in WGS 84, with everything that was found wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.errors
from numpy.typing import NDArray
from pyproj import CRS

from coverage.columns import INPUTS, Column, Table
from coverage.errors import LayerError, Problem
from coverage.layers import coordinates, files, values
from coverage.layers.geometry import WGS84, layer_crs, mended, of_kind, to_wgs84
from coverage.layers.headings import known, match_headings
from coverage.layers.vector import RawTable, read_vector
from coverage.study import Study

_DEGREES = frozenset({"lon", "lat", "centre_lon", "centre_lat"})


@dataclass
class Draft:
    """Rows of a layer and the problems found in them; `frame` keeps the position in the file as its index."""

    table: Table
    file: str
    frame: gpd.GeoDataFrame
    rows: NDArray[np.int64]
    """Row as a person counts it, for each position in the file."""
    given: frozenset[str]
    """Columns that the file has."""
    problems: list[Problem] = field(default_factory=list)
    unread: dict[str, pd.Series] = field(default_factory=dict)
    """Column -> mask of cells that hold something that could not be understood."""

    @property
    def fatal(self) -> bool:
        """Whether a problem stops the run."""
        return any(problem.fatal for problem in self.problems)

    def report(
        self,
        bad: pd.Series,
        found: str | Callable[[Any], str],
        expected: str,
        remedy: str,
        *,
        column: str | None = None,
        fatal: bool = True,
    ) -> None:
        """
        Note one problem of all rows that have it; none where no row has.

        Parameters
        ----------
        bad
            Mask over `frame`.
        found
            What was found, or a function that says it of the first such row of `frame`.
        expected, remedy, column, fatal
            As in Problem.
        """
        if not bad.any():
            return
        first = bad.index[bad.to_numpy(dtype=bool)][0]
        text = found if isinstance(found, str) else found(self.frame.loc[first])
        self.problems.append(
            Problem(file=self.file, row=int(self.rows[first]), rows=int(bad.sum()), column=column,
                    found=text, expected=expected, remedy=remedy, fatal=fatal)
        )  # fmt: skip

    def report_file(self, found: str, expected: str, remedy: str, *, fatal: bool = True) -> None:
        """Note a problem of the file as a whole."""
        self.problems.append(Problem(file=self.file, found=found, expected=expected, remedy=remedy, fatal=fatal))

    def misread(self, column: str) -> pd.Series:
        """Return a mask of rows whose cell in a column was reported as unreadable; once is enough."""
        return self.unread.get(column, pd.Series(False, index=self.frame.index)).reindex(self.frame.index)

    def drop(self, rows: pd.Series) -> None:
        """Leave rows out; the others keep their numbers."""
        self.frame = self.frame[~rows]


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
    problems += [_no_heading(table[column], raw, name) for column in _missing(table, raw, matched)]
    if not len(raw.rows):
        problems.append(
            Problem(file=name, found="no rows", expected="at least one", remedy="Supply the layer with its rows.")
        )
    if problems:
        raise LayerError([*raw.problems, *problems])
    fallback = WGS84 if raw.geometry is None else None
    written = None if raw.geometry is None else raw.geometry.crs
    crs = layer_crs(study, layer, file=name, written=written, fallback=fallback)
    draft = Draft(table, name, gpd.GeoDataFrame(index=pd.RangeIndex(len(raw.rows))), raw.rows,
                  frozenset(matched), list(raw.problems))  # fmt: skip
    for column in table.columns:
        draft.frame[column.name] = _typed(draft, column, raw, matched.get(column.name), crs)
    _shape(draft, raw, crs)
    return draft


def validate(draft: Draft) -> None:
    """Hold a draft against the schema of its table and note every failure, one problem per column and rule."""
    names = [column.name for column in draft.table.columns if column.name in draft.frame]
    try:
        draft.table.schema().validate(pd.DataFrame(draft.frame[names]), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for (column, check), cases in errors.failure_cases.groupby(["column", "check"], sort=False):
            bad = pd.Series(draft.frame.index.isin(cases["index"]), index=draft.frame.index)
            _explain(draft, draft.table[column], str(check), bad, cases["failure_case"].iloc[0])


def fill_ids(draft: Draft, column: str, made: pd.Series) -> None:
    """Give rows without an id one: a stem and a number, counted per stem and never one that is taken."""
    ids, taken = draft.frame[column].copy(), set(draft.frame[column].dropna())
    counts: dict[str, int] = {}
    for position in draft.frame.index[ids.isna()]:
        stem = made[position]
        while (made_id := f"{stem}-{counts.setdefault(stem, 1)}") in taken:
            counts[stem] += 1
        taken.add(made_id)
        ids[position] = made_id
    draft.frame[column] = ids


def _missing(table: Table, raw: RawTable, matched: dict[str, int]) -> list[str]:
    needed = [column.name for column in table.columns if column.required]
    if raw.geometry is None:
        needed += ["lon", "lat"] if table.geometry == "point" else []
    return [name for name in needed if name not in matched]


def _no_heading(column: Column, raw: RawTable, file: str) -> Problem:
    names = ", ".join(dict.fromkeys((column.name, column.en, column.vi, *column.aliases)))
    return Problem(file=file, column=column.name, found=f"no such heading among {', '.join(map(repr, raw.headings))}",
                   expected=f"one of {names}", remedy="Name the heading in coverage.toml under [columns], or add it.")  # fmt: skip


def _typed(draft: Draft, column: Column, raw: RawTable, position: int | None, crs: CRS) -> pd.Series:
    index = draft.frame.index
    if position is None:
        empty: dict[str, Any] = {"text": "str", "integer": "Int64", "number": "float64", "flag": "boolean"}
        return pd.Series([None] * len(index), index=index, dtype=empty[column.kind])
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
    first = cells[bad].iloc[0] if bad.any() else None
    remedy = _metres(draft) if column.name in _DEGREES else "Correct these cells, or empty them if unknown."
    draft.report(bad, f"{first!r}", expected, remedy, column=column.name)
    draft.unread[column.name] = bad
    return series


def _metres(draft: Draft) -> str:
    return f'Correct these cells; if they are metres, set {draft.table.name} = "EPSG:…" under [crs] in coverage.toml.'


def _padded(draft: Draft, column: Column, text: pd.Series, cells: pd.Series, raw: RawTable) -> pd.Series:
    """Give codes back the leading zero that a column of numbers lost."""
    filled = text.dropna()
    digits = bool(filled.str.fullmatch(r"\d+").all())
    numeric = bool(cells.map(lambda cell: cell is None or isinstance(cell, int | float | np.number)).all())
    if not digits or (raw.typed and not numeric):
        return text
    short = text.str.len().eq(4)
    found = f"{filled[short].iloc[0] if short.any() else ''}, a number of four digits, read with a leading zero"
    draft.report(short, found, "a code of 5 digits", "Keep codes as text.", column=column.name, fatal=False)
    return text.mask(short, "0" + text)


def _shape(draft: Draft, raw: RawTable, crs: CRS) -> None:
    """Give a draft its geometry in WGS 84, and points their longitude and latitude."""
    frame, kind = draft.frame, draft.table.geometry
    if raw.geometry is not None:
        shapes = to_wgs84(raw.geometry.set_axis(frame.index), crs)
        shapes = _one_kind(draft, shapes)
    elif kind == "point":
        if not crs.is_projected:
            turned = coordinates.swapped(frame["lon"], frame["lat"])
            draft.report(turned, lambda row: f"longitude {row['lon']:g} and latitude {row['lat']:g}, read the other way round",
                         "longitude 102…118 and latitude 8…23.5", "Swap the two columns.", fatal=False)  # fmt: skip
            frame.loc[turned, ["lon", "lat"]] = frame.loc[turned, ["lat", "lon"]].to_numpy()
        whole = (frame["lon"].notna() & frame["lat"].notna()).to_numpy()
        points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]), index=frame.index).where(whole, None)
        shapes = to_wgs84(points, crs)
    else:
        raise LayerError([Problem(file=draft.file, found="a table without shapes", expected=f"a vector file of {kind}s",
                                  remedy="Supply the layer as a GeoPackage, GeoJSON or shapefile.")])  # fmt: skip
    draft.frame = frame.set_geometry(shapes.rename("geometry"))
    if kind == "point" and (raw.geometry is not None or crs != WGS84):
        draft.frame["lon"], draft.frame["lat"] = draft.frame.geometry.x, draft.frame.geometry.y


def _one_kind(draft: Draft, shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    kind = draft.table.geometry
    if kind == "point":
        single = shapes.where(shapes.geom_type != "MultiPoint", shapes.centroid) if len(shapes) else shapes
        areas = of_kind(single, "polygon")
        draft.report(areas, "a polygon, read as a point inside it", "a point", "Give the centre itself.", fatal=False)
        shapes = single.where(~areas, single.representative_point())
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


def _explain(draft: Draft, column: Column, check: str, bad: pd.Series, value: Any) -> None:
    remedy = "Correct these rows."
    if check == "not_nullable":
        found, expected, remedy = "nothing", "a value in every row", "Fill these cells."
    elif check == "field_uniqueness":
        found, expected, remedy = f"{value!r} more than once", "each once", "Give every row its own, or remove copies."
    elif check.startswith("isin"):
        found, expected = f"{value!r}", f"one of {', '.join(column.values)}"
    elif check.startswith("str_matches"):
        found, expected = f"{value!r}", "5 digits, such as 03646"
    else:
        low = "" if column.minimum is None else f"at least {column.minimum:g}"
        high = "" if column.maximum is None else f"at most {column.maximum:g}"
        found, expected = f"{value:g}", f"{' and '.join(filter(None, (low, high)))} {column.unit}".strip()
        remedy = _metres(draft) if column.name in _DEGREES else remedy
    draft.report(bad, found, expected, remedy, column=column.name)
