"""run.json: what went into a run, how long it took and what came out. The only file that differs by the clock."""

import datetime
import hashlib
import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyogrio
import rasterio

import coverage
from coverage.columns.words import STATUSES
from coverage.result import Result

RUN_RECORD = "run.json"
_LIBRARIES = (
    "exactextract", "folium", "geopandas", "networkx", "numba", "numpy", "pandas", "pydantic", "pyogrio", "pyproj",
    "rasterio", "scipy", "shapely", "xlsxwriter",
)  # fmt: skip


def run_record(result: Result, written: Mapping[str, Path], language: str) -> bytes:
    """
    Return run.json.

    Parameters
    ----------
    result
        A finished run.
    written
        Name below the out folder -> file just written, to be listed with its SHA-256.
    language
        Of the papers and the map.
    """
    record = {
        "definition_id": result.study.definition_id,
        "as_of": result.as_of.isoformat(),
        "in_service": list(result.study.in_service()),
        "language": language,
        "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "inputs": [
            {"layer": file.layer, "path": file.path, "sha256": file.sha256, "bytes": file.bytes}
            for file in result.layers.files
        ],
        "readings": [
            {
                "layer": reading.layer,
                "file": reading.file,
                "form": reading.form,
                "rows": reading.rows,
                "crs": reading.crs,
                "columns": dict(reading.columns),
                "unused": list(reading.unused),
            }
            for reading in result.layers.readings
        ],
        "problems": [str(problem) for problem in result.problems],
        "settings": result.study.model_dump(mode="json", exclude={"folder"}),
        "grid": {
            "crs": result.signal.grid.crs.to_string(),
            "cell_m": result.signal.grid.cell_m,
            "shape": list(result.signal.grid.shape),
            "bounds": list(result.signal.grid.bounds),
        },
        "versions": _versions(),
        "timings_s": {step: round(float(seconds), 3) for step, seconds in result.timings_s.items()},
        "counts": _counts(result),
        "outputs": {name: _fingerprint(path) for name, path in written.items()},
    }
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def outputs_of(folder: Path) -> set[str]:
    """Return the names that the run record in a folder lists; none where there is no readable record."""
    try:
        record = json.loads((folder / RUN_RECORD).read_text(encoding="utf-8"))
        return {str(name) for name in record["outputs"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def language_of(folder: Path) -> str | None:
    """Return the language of the papers in a folder; None where there is no readable record."""
    try:
        return str(json.loads((folder / RUN_RECORD).read_text(encoding="utf-8"))["language"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def amended(folder: Path, written: Mapping[str, Path], **notes: Any) -> bytes | None:
    """
    Return the run record in a folder as it reads once some of its files are made anew.

    Parameters
    ----------
    folder
        Of a finished run.
    written
        Name below the folder -> file just written.
    notes
        What is to be remembered beside, by name.

    Returns
    -------
    bytes or None
        None where the folder holds no readable record.
    """
    try:
        record = json.loads((folder / RUN_RECORD).read_text(encoding="utf-8"))
        record["outputs"] |= {name: _fingerprint(path) for name, path in written.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (json.dumps(record | notes, ensure_ascii=False, indent=2) + "\n").encode()


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}


def _counts(result: Result) -> dict[str, int]:
    status = result.villages["status"].value_counts()
    cells = result.layers.cells
    return {
        "communes": len(result.communes),
        "villages": len(result.villages),
        **{name: int(status.get(name, 0)) for name in STATUSES},
        "households": int(result.villages["households"].sum()),
        "sites": int(cells["site_id"].nunique()),
        "stations": len(cells[["site_id", "operator", "technology"]].drop_duplicates()),
        "cells": len(cells),
        "ranked_sites": len(result.ranked_sites),
        "fiber_plan": len(result.fiber_plan),
    }


def _versions() -> dict[str, str]:
    found = {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "coverage-planner": coverage.__version__,
        "gdal (rasterio)": str(rasterio.__gdal_version__),
        "gdal (pyogrio)": ".".join(str(part) for part in pyogrio.__gdal_version__),
    }
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found
