"""The folder of a finished run, read back: villages, communes and the settings they were made with."""

import csv
import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pydantic import BaseModel, ValidationError
from pyogrio.errors import DataLayerError, DataSourceError

from coverage.columns.plans import RANKED_SITES
from coverage.columns.results import COMMUNES, VILLAGES, level_column
from coverage.columns.schema import Column, Table
from coverage.columns.words import TECHNOLOGIES
from coverage.errors import LayerError, refuse, shortened
from coverage.layers import values
from coverage.layers.draft import Draft, cell_of, validate
from coverage.layers.text import said
from coverage.layers.vietnamese.names import name_key
from coverage.result import Finished, Reading
from coverage.settings.radio import Technology
from coverage.study import Study

_WGS84 = "EPSG:4326"
_RECORD = "run.json"
AGAIN = "Run coverage analyze again into that folder."
_LARGEST = 500_000_000


def read_finished(folder: Path) -> Finished:
    """
    Read what `coverage analyze` left in its out folder.

    Parameters
    ----------
    folder
        With `run.json`, `villages.csv` and `communes.csv`; borders of communes come from `coverage.gpkg` where it is
        there. Columns and settings of later versions are left out, and optional columns of earlier ones are empty.

    Returns
    -------
    Finished
        Tables hold every column of their schema; villages without a point have a None geometry.

    Raises
    ------
    LayerError
        Not such a folder, a file is missing or damaged, or rows do not satisfy their schema.
    """
    record = read_record(folder)
    study, as_of = recorded_study(record, folder), recorded_day(record, folder)
    villages = _table(folder, VILLAGES)
    villages["name_key"] = villages["name"].map(name_key)
    points = gpd.GeoSeries.from_xy(villages["lon"], villages["lat"], index=villages.index, crs=_WGS84)
    points[villages[["lon", "lat"]].isna().any(axis=1)] = None
    communes = _table(folder, COMMUNES)
    try:
        return Finished(
            folder=folder,
            study=study.model_copy(update={"study": study.study.model_copy(update={"as_of": as_of})}),
            definition_id=str(record["definition_id"]),
            in_service=tuple(name for name in TECHNOLOGIES if name in record["in_service"]),
            crs=str(record["grid"]["crs"]),
            cell_m=float(record["grid"]["cell_m"]),
            villages=gpd.GeoDataFrame(villages, geometry=points),
            communes=gpd.GeoDataFrame(communes, geometry=_borders(folder, communes["commune_code"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(folder, f"{error!r}") from None


def read_ranked_sites(folder: Path) -> gpd.GeoDataFrame | None:
    """
    Read the ranked sites that a run left in its out folder.

    Returns
    -------
    GeoDataFrame or None
        Columns of `columns.RANKED_SITES` in EPSG:4326; None where the folder holds no such table.

    Raises
    ------
    LayerError
        The table is damaged.
    """
    if not (folder / f"{RANKED_SITES.name}.csv").exists():
        return None
    sites = _table(folder, RANKED_SITES)
    return gpd.GeoDataFrame(sites, geometry=gpd.points_from_xy(sites["lon"], sites["lat"]), crs=_WGS84)


def read_record(folder: Path, *, remedy: str = "Name that folder.") -> dict[str, Any]:
    """
    Read run.json.

    Raises
    ------
    LayerError
        Not the folder of a finished run, with this remedy; or a damaged record.
    """
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        found = "no run.json" if folder.is_dir() else "no such folder"
        expected = "the out folder of coverage analyze, such as maps"
        raise refuse(str(folder), found, expected, remedy, kind="no_results") from None
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(folder, str(error)) from None
    if not isinstance(record, dict):
        raise damaged(folder, f"{type(record).__name__} instead of a record")
    return record


def damaged(folder: Path, found: str) -> LayerError:
    """Return the error of a record that cannot be used."""
    return refuse(str(folder / _RECORD), shortened(found, 200), "the record of a finished run", AGAIN)


def recorded_study(record: Mapping[str, Any], folder: Path) -> Study:
    """Return the settings of a run; those that only another version knows are left out."""
    try:
        return Study.model_validate({**_known(record["settings"], Study), "folder": folder})
    except (KeyError, TypeError, AttributeError) as error:
        raise damaged(folder, f"no settings ({error!r})") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in ("settings", *first["loc"]))
        raise damaged(folder, f"{where} = {said(first['input'])}") from None


def _known(given: Any, model: type[BaseModel]) -> Any:
    if not isinstance(given, dict):
        return given  # pydantic says what is wrong
    kept = {}
    for name, field in model.model_fields.items():
        if name not in given:
            continue
        value, kind = given[name], field.annotation
        if name == "technologies" and isinstance(value, dict):
            value = {technology: _known(row, Technology) for technology, row in value.items()}
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            value = _known(value, kind)
        kept[name] = value
    return kept


def recorded_day(record: Mapping[str, Any], folder: Path) -> datetime.date:
    """Return the date of the assessment."""
    try:
        return datetime.date.fromisoformat(record["as_of"])
    except (KeyError, TypeError, ValueError):
        raise damaged(folder, f"as_of = {said(record.get('as_of'))}") from None


def _table(folder: Path, table: Table) -> pd.DataFrame:
    """Return a table with every column of its schema, and the levels of villages."""
    file = folder / f"{table.name}.csv"
    cells = _cells(file)
    missing = [column.name for column in table.columns if column.required and column.name not in cells]
    if missing:
        raise refuse(str(file), f"no column {missing[0]}", f"a {file.name} as coverage analyze writes it", AGAIN)
    levels = [name for name in cells if str(name).endswith(tuple(level_column("", one) for one in TECHNOLOGIES))]
    columns = [*table.columns, *(Column(str(name), "number", "dBm", "", "") for name in levels)]
    reading = Reading(table.name, str(file), "CSV, UTF-8", len(cells), _WGS84, {}, ())
    empty = gpd.GeoDataFrame(index=cells.index)
    draft = Draft(table, str(file), empty, cells.index.to_numpy() + 2, reading, cells)
    for column in columns:
        draft.frame[column.name] = _typed(draft, column, cells.get(column.name))
    validate(draft)
    if draft.problems:
        raise LayerError(draft.problems)
    return pd.DataFrame(draft.frame)


def _cells(file: Path) -> pd.DataFrame:
    """Return the cells of a table as they are written, empty ones as empty text."""
    try:
        if file.stat().st_size > _LARGEST:
            raise refuse(str(file), "a table beyond all measure", f"at most {_LARGEST / 1e6:,.0f} MB", AGAIN)
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = list(csv.reader(text, strict=True))
    except FileNotFoundError:
        found = "no such file beside run.json"
        raise refuse(str(file), found, "the folder as coverage analyze left it", AGAIN, kind="no_such_file") from None
    except (OSError, ValueError, csv.Error) as error:
        raise refuse(str(file), shortened(str(error), 200), "a table as UTF-8 text between commas", AGAIN) from None
    heading, *rows = rows or [[]]
    if len(set(heading)) < max(len(heading), 1):
        raise refuse(str(file), "no headings, or one twice", "the name of each column in the first row", AGAIN)
    for number, row in enumerate(rows, start=2):
        if len(row) != len(heading):
            found = f"{len(row)} cells in row {number}"
            raise refuse(str(file), found, f"{len(heading)}, one under each heading", AGAIN)
    return pd.DataFrame(rows, columns=heading, dtype=object)


def _typed(draft: Draft, column: Column, cells: pd.Series | None) -> pd.Series:
    raw = pd.Series("", index=draft.frame.index, dtype=object) if cells is None else cells
    if column.kind == "text":
        return values.to_text(raw)
    if column.kind == "flag":
        series, bad = values.to_flag(raw)
    else:
        series, bad = values.to_number(raw, integer=column.kind == "integer")
    remedy = "Correct these cells, or run coverage analyze again."
    draft.report(
        bad,
        lambda row: said(cell_of(raw, row)),
        "true or false" if column.kind == "flag" else f"a number of {column.unit}".removesuffix(" of "),
        remedy,
        column=column.name,
        kind="not_a_flag" if column.kind == "flag" else "not_a_number",
    )
    draft.unread[column.name] = bad
    return series


def _borders(folder: Path, codes: pd.Series) -> gpd.GeoSeries:
    """Return the borders of communes from the run's GeoPackage; None where there is none."""
    file = folder / "coverage.gpkg"
    if not file.exists():
        return gpd.GeoSeries([None] * len(codes), index=codes.index, crs=_WGS84)
    try:
        layer = pyogrio.read_dataframe(file, layer="communes", columns=["commune_code"]).to_crs(_WGS84)
        shapes = layer.drop_duplicates("commune_code").set_index("commune_code").geometry
    except (DataSourceError, DataLayerError, KeyError, ValueError) as error:
        expected = "the GeoPackage of the run, with a layer communes"
        remedy = "Run coverage analyze again, or remove it: the map then has no borders."
        raise refuse(str(file), shortened(str(error), 200), expected, remedy) from None
    return gpd.GeoSeries(shapes.reindex(codes).to_numpy(), index=codes.index, crs=_WGS84)
