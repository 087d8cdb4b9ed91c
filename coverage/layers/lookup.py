"""A site, a cell or a village by its id: from the files of the last run or, where data has changed, the layers."""

import json
import math
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Protocol

from coverage.errors import CoverageError
from coverage.layers.sources.files import fingerprints
from coverage.layers.sources.pattern import Pattern, parse_pattern
from coverage.layers.text import fold
from coverage.path_result import Place, SiteCell
from coverage.study import Study

_LAYERS = ("communes", "villages", "sites", "crosswalk")
"""What positions and ids come from."""
_SETTINGS = ("layers", "columns", "crs", "fill_missing", "technologies")
_NEAR = 3
"""Ids like the one that was asked for, which are offered."""
_Row = dict[str, Any]
_CELL = {
    "site_id", "cell_id", "operator", "technology", "freq_mhz", "bandwidth_mhz", "eirp_dbm", "height_m", "azimuth_deg",
    "tilt_deg", "beamwidth_deg", "lon", "lat",
}  # fmt: skip
_VILLAGE = {"village_id", "name", "lon", "lat"}
"""Columns that a run must have written; one of another version is left aside."""


def find_place(study: Study, name: str) -> Place:
    """
    Find a site, a cell or a village.

    Parameters
    ----------
    study
        Whose layers it stands in. Where its out folder holds a run of the same files and settings, that run's
        `coverage.gpkg` is asked, which takes no time; else the layers are read.
    name
        A `site_id`, `cell_id` or `village_id`.

    Returns
    -------
    Place
        A site has all its cells, a cell only itself.

    Raises
    ------
    CoverageError
        There is none of that id, it has no position, or the layers cannot be used.
    """
    tables = _LastRun.of(study) or _Layers.of(study)
    for key in ("site_id", "cell_id"):
        rows = tables.rows("cells", key, name)
        if rows:
            lon, lat = float(rows[0]["lon"]), float(rows[0]["lat"])
            return Place(name, "site", lon, lat, cells=tuple(_cell(row) for row in rows))
    for row in tables.rows("villages", "village_id", name):
        if any(_missing(row[axis]) for axis in ("lon", "lat")):
            raise CoverageError(f"{name}: the village {row['name']} has no point; give its position in its place.")
        return Place(f"{row['name']} ({name})", "village", float(row["lon"]), float(row["lat"]))
    raise CoverageError(
        f"{name}: no site, cell or village of the study has this id{_alike(name, tables)}; expected one of them, or "
        "longitude,latitude,height."
    )


def read_pattern(study: Study, name: str) -> Pattern:
    """Return the antenna pattern that a cell names; CoverageError where the study's folder of them has no such file."""
    folder = study.path("antennas")
    file = None if folder is None else folder / name
    if file is None or not study.may_use(file):
        raise CoverageError(f"{name}: no such antenna pattern within the study; set [layers] antennas to its folder.")
    try:
        text = file.read_bytes().decode(errors="replace")
    except OSError as error:
        raise CoverageError(f"{file}: a pattern that cannot be read ({error.strerror}); put it there.") from None
    return parse_pattern(text, file=name)


class _Tables(Protocol):
    """The cells and villages of a study."""

    def rows(self, table: Literal["cells", "villages"], key: str | None = None, value: str = "") -> list[_Row]:
        """Return the rows whose `key` has a value, or all of them."""


@dataclass(frozen=True)
class _LastRun:
    """Those of the last run, asked for as few rows as are needed."""

    file: Path

    @classmethod
    def of(cls, study: Study) -> "_LastRun | None":
        """Return the run in the study's out folder; None where it is of other data or settings, or there is none."""
        run = cls(study.out / "coverage.gpkg")
        if not run.file.is_file() or not _up_to_date(study, study.out / "run.json"):
            return None
        try:
            cells, villages = (run.columns(table) for table in ("cells", "villages"))
        except sqlite3.Error:  # half-copied: the data tells as well
            return None
        return run if cells >= _CELL and villages >= _VILLAGE else None

    def columns(self, table: str) -> set[str]:
        """Return the names of a table's columns."""
        with closing(self._open()) as gpkg:
            return {row["name"] for row in gpkg.execute(f"PRAGMA table_info({table})")}

    def rows(self, table: Literal["cells", "villages"], key: str | None = None, value: str = "") -> list[_Row]:
        which, values = ("", ()) if key is None else (f" WHERE {key} = ?", (value,))
        with closing(self._open()) as gpkg:
            return [dict(row) for row in gpkg.execute(f"SELECT * FROM {table}{which}", values)]

    def _open(self) -> sqlite3.Connection:
        gpkg = sqlite3.connect(f"{self.file.resolve().as_uri()}?mode=ro", uri=True)
        gpkg.row_factory = sqlite3.Row
        return gpkg


@dataclass(frozen=True)
class _Layers:
    """Those of the layers as they are now."""

    cells: list[_Row]
    villages: list[_Row]

    @classmethod
    def of(cls, study: Study) -> "_Layers":
        from coverage.layers.read import read_layers  # loads pandas and its kin, which take longer than all the rest

        layers = read_layers(study)
        frames = (frame.drop(columns="geometry").to_dict("records") for frame in (layers.cells, layers.villages))
        return cls(*([{str(name): value for name, value in row.items()} for row in rows] for rows in frames))

    def rows(self, table: Literal["cells", "villages"], key: str | None = None, value: str = "") -> list[_Row]:
        return [row for row in getattr(self, table) if key is None or row[key] == value]


def _alike(name: str, tables: _Tables) -> str:
    """Return the ids that look like one, and those of villages whose name does, as the middle of a sentence."""
    villages = tables.rows("villages")
    known = {str(row["site_id"]) for row in tables.rows("cells")} | {str(row["village_id"]) for row in villages}
    by_name = {fold(str(row["name"])): f"{row['village_id']} ({row['name']})" for row in villages}
    near = [by_name[fold(name)]] if fold(name) in by_name else []
    near += [each for each in get_close_matches(name, sorted(known), _NEAR) if each not in near]
    return f" (near to it: {', '.join(near[:_NEAR])})" if near else ""


def _up_to_date(study: Study, record: Path) -> bool:
    try:
        said = json.loads(record.read_text(encoding="utf-8"))
        inputs = {(each["layer"], each["path"]): each["sha256"] for each in said["inputs"]}
        settings = said["settings"]
        then = {name: settings[name] for name in _SETTINGS}, settings["radio"]["antenna_height_m"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    own = study.model_dump(mode="json")
    if then != ({name: own[name] for name in _SETTINGS}, own["radio"]["antenna_height_m"]):
        return False
    files = {(each.layer, each.path): each.sha256 for layer in _LAYERS for each in fingerprints(study, layer)}
    return files == {key: value for key, value in inputs.items() if key[0] in _LAYERS}


def _cell(row: Mapping[str, Any]) -> SiteCell:
    antenna = row.get("antenna")
    return SiteCell(
        cell_id=str(row["cell_id"]),
        operator=str(row["operator"]),
        technology=str(row["technology"]),
        freq_mhz=float(row["freq_mhz"]),
        bandwidth_mhz=float(row["bandwidth_mhz"]),
        eirp_dbm=float(row["eirp_dbm"]),
        height_m=float(row["height_m"]),
        azimuth_deg=_number(row["azimuth_deg"]),
        tilt_deg=_number(row["tilt_deg"]),
        beamwidth_deg=_number(row["beamwidth_deg"]),
        antenna=None if _missing(antenna) else str(antenna),
    )


def _number(value: Any) -> float:
    return math.nan if _missing(value) else float(value)


def _missing(value: Any) -> bool:
    """Return whether a cell of a table, from SQLite or pandas, is empty."""
    return value is None or value != value or type(value).__name__ == "NAType"
