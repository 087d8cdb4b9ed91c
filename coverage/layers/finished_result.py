"""A finished run, read back whole: the layers it was made from, its tables and its signal, without computing any."""

import hashlib
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from coverage.columns.plans import FIBER_PLAN, RANKED_SITES
from coverage.columns.results import COMMUNES, INDICATORS, VILLAGE_STATUSES, VILLAGES
from coverage.columns.schema import Table
from coverage.errors import refuse, shortened
from coverage.layers.finished import (
    AGAIN,
    damaged,
    read_ranked_sites,
    read_record,
    recorded_day,
    recorded_study,
)
from coverage.layers.finished_signal import read_signal
from coverage.layers.read import input_files, read_layers
from coverage.progress import Progress
from coverage.result import InputFile, Layers, Result
from coverage.study import Study

_DECIDING = (
    "columns", "crs", "fill_missing", "grid", "technologies", "radio", "definitions", "places", "fiber",
)  # fmt: skip
"""Rooms of a study that decide signal and status; what is shown of them, and how, may have changed since."""
_UNSEEN = (
    "housing", "buildings", "population", "village_areas", "power_lines", "candidates", "proposals", "official",
)  # fmt: skip
"""Layers that no map shows."""
_DECIDES_NOTHING = {"official", "measurements", "published_shares", "rivers"}
"""Layers that may be others than those of the run."""
_TABLES = "coverage.gpkg"
_READ = {_TABLES, "indicators.csv", "village_statuses.csv"}
_MADE_SINCE = {"ranked_sites.csv", "fiber_plan.gpkg"}
_RANKING, _FIBER = "ranking", "fiber"
"""What the record of a run remembers of `coverage rank` and `coverage fiber`, which make tables anew."""


def read_result(folder: Path, study: Study, *, progress: Progress | None = None) -> Result:
    """
    Read what `coverage analyze` left in its out folder, and the layers that it was made from.

    Parameters
    ----------
    folder
        Out folder of `coverage analyze`; ranked sites and fiber plan are those of `coverage rank` and `coverage fiber`
        where these went there later.
    study
        Names the layers. The date of the assessment is that of the run.
    progress
        Told of every step of reading.

    Returns
    -------
    Result
        As `analyze` had it: layers (but for those that no map shows), signal, villages and their statuses, communes,
        indicators, ranked sites and fiber plan. Signal is read from its files when it is asked for.

    Raises
    ------
    LayerError
        No finished results, or damaged ones; or layers or settings have changed since.
    """
    record = read_record(folder, remedy="Run coverage analyze first, or name the folder of its results with --from.")
    about = study.study.model_copy(update={"as_of": recorded_day(record, folder)})
    study = study.model_copy(update={"study": about})
    _check_settings(recorded_study(record, folder), study, folder)
    seen = study.layers.model_copy(update=dict.fromkeys(_UNSEEN))
    layers = read_layers(study.model_copy(update={"layers": seen}), progress=progress, again=True)
    listed = _listed(record, folder, {*input_files(study), *layers.files})
    _check_whole(folder, listed)
    signal = read_signal(folder, listed, layers.grid)
    return Result(
        study=study,
        layers=layers,
        signal=signal,
        villages=_placed(_frame(folder, VILLAGES), layers.villages, "village_id", "village_id"),
        communes=_placed(_frame(folder, COMMUNES), layers.communes, "commune_code", "code"),
        indicators=_plain(folder, INDICATORS),
        village_statuses=_plain(folder, VILLAGE_STATUSES),
        ranked_sites=_ranked_sites(folder, record, layers),
        fiber_plan=_frame(folder, FIBER_PLAN, file="fiber_plan.gpkg" if _FIBER in record else _TABLES).to_crs(
            layers.grid.crs
        ),
    )


def _check_settings(before: Study, now: Study, folder: Path) -> None:
    for room in _DECIDING:
        if getattr(before, room) != getattr(now, room):
            found = f"[{room}] has been changed in coverage.toml since that run"
            raise refuse(str(folder), found, "results of the study as it is", "Run coverage analyze.", kind="outdated")


def _listed(record: Mapping[str, Any], folder: Path, files: Set[InputFile]) -> dict[str, str]:
    """Return what the run made -> its SHA-256, once it is known to have been made from these layers."""
    try:
        before = {(str(row["layer"]), str(row["sha256"])) for row in record["inputs"]}
        listed = {str(name): str(row["sha256"]) for name, row in record["outputs"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise damaged(folder, f"{error!r}") from None
    now = {(file.layer, file.sha256) for file in files}
    if changed := sorted({layer for layer, _ in before ^ now} - _DECIDES_NOTHING):
        layer = changed[0]
        path = next((file.path for file in files if file.layer == layer), "no such file now")
        found = f"layer {layer} ({path}) is not what it was in that run"
        raise refuse(str(folder), found, "results of the layers as they are", "Run coverage analyze.", kind="outdated")
    return listed


def _check_whole(folder: Path, listed: Mapping[str, str]) -> None:
    """Raise LayerError unless every file that is read is the one that was written."""
    if missing := sorted(_READ - listed.keys()):
        raise damaged(folder, f"no {missing[0]} among its outputs")
    for name in (name for name in listed if name in {*_READ, *_MADE_SINCE} or name.startswith("signal/")):
        file = folder / name
        try:
            with file.open("rb") as content:
                whole = hashlib.file_digest(content, "sha256").hexdigest() == listed[name]
        except OSError as error:
            found = "no such file beside run.json" if isinstance(error, FileNotFoundError) else str(error)
            raise refuse(str(file), found, "the folder as coverage analyze left it", AGAIN) from None
        if not whole:
            found = "not the bytes that run.json tells of: damaged, or changed by hand"
            raise refuse(str(file), found, "the folder as coverage analyze left it", AGAIN)


def _frame(folder: Path, table: Table, *, file: str = _TABLES) -> gpd.GeoDataFrame:
    """Return a table of the GeoPackage, whose numbers are not rounded as those of the CSV are."""
    try:
        return pyogrio.read_dataframe(folder / file, layer=table.name)
    except (DataSourceError, DataLayerError) as error:
        raise refuse(str(folder / file), shortened(str(error), 200), f"a layer {table.name}", AGAIN) from None


def _plain(folder: Path, table: Table) -> pd.DataFrame:
    """Return a table without shapes; it is known to be the one that was written."""
    kinds = {column.name: str if column.kind == "text" else float for column in table.columns}
    return pd.read_csv(folder / f"{table.name}.csv", dtype=kinds, keep_default_na=False, na_values=[""])


def _placed(frame: gpd.GeoDataFrame, layer: gpd.GeoDataFrame, key: str, key_of_layer: str) -> gpd.GeoDataFrame:
    """Return a table with the shapes of its layer where that has any: they have not been to degrees and back."""
    shapes = layer.set_index(key_of_layer).geometry.reindex(frame[key]).set_axis(frame.index)
    known = ~(shapes.isna() | shapes.is_empty)
    return frame.set_geometry(shapes.where(known, frame.to_crs(layer.crs).geometry), crs=layer.crs)


def _ranked_sites(folder: Path, record: Mapping[str, Any], layers: Layers) -> gpd.GeoDataFrame:
    sites = read_ranked_sites(folder) if _RANKING in record else _frame(folder, RANKED_SITES)
    if sites is None:
        raise refuse(str(folder / "ranked_sites.csv"), "no such file beside run.json", "what coverage rank left", AGAIN)
    return sites.to_crs(layers.grid.crs)
