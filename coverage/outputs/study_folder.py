"""A new study folder: a coverage.toml that explains itself, tables to fill in, or the bundled sample."""

import datetime
import shutil
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from coverage.columns import INPUTS
from coverage.errors import OutputError
from coverage.outputs.workbooks.table_templates import table_template
from coverage.settings import About, LayerPaths
from coverage.study import Study

_TEMPLATES = ("villages", "sites", "housing", "fiber_nodes", "candidates", "crosswalk", "official")
"""Layers that may be tables."""
_LAYERS = {
    "communes": "data/boundaries/communes.gpkg",
    "villages": "data/boundaries/villages.xlsx",
    "sites": "data/sites/bts.xlsx",
    "terrain": "data/terrain/terrain.tif",
    "housing": "data/boundaries/housing.xlsx",
    "buildings": "data/boundaries/buildings.gpkg",
    "population": "data/boundaries/population.tif",
    "village_areas": "data/boundaries/village_areas.gpkg",
    "fiber_routes": "data/sites/fiber_routes.gpkg",
    "fiber_nodes": "data/sites/fiber_nodes.xlsx",
    "roads": "data/infrastructure/roads.gpkg",
    "power_lines": "data/infrastructure/power_lines.gpkg",
    "rivers": "data/infrastructure/rivers.gpkg",
    "candidates": "data/sites/candidates.xlsx",
    "proposals": "data/sites/proposals.xlsx",
    "land_cover": "data/terrain/land_cover.tif",
    "crosswalk": "data/boundaries/crosswalk.xlsx",
    "official": "data/boundaries/official.xlsx",
    "antennas": "data/sites/antennas",
}


def make_study_folder(folder: Path, *, sample: bool = False, language: str = "vi") -> list[Path]:
    """
    Make a study folder that a planner can fill in.

    Parameters
    ----------
    folder
        New or empty.
    sample
        Fill it with the bundled sample province instead of empty tables.
    language
        `vi` or `en`, of the tables and of the study; the sample keeps its own.

    Returns
    -------
    list of Path
        What was made, files only.

    Raises
    ------
    OutputError
        The folder holds something already, or cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise OutputError(f"{folder}: is not an empty folder; choose another, so that nothing is overwritten.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as draft:
            study = Path(draft) / "study"
            _copy_sample(study) if sample else _write_templates(study, language)
            made = sorted(file.relative_to(study) for file in study.rglob("*") if file.is_file())
            if folder.exists():
                folder.rmdir()
            study.rename(folder)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be written ({error.strerror}); choose a folder you may write to."
        ) from None
    return [folder / file for file in made]


def _copy_sample(study: Path) -> None:
    """Copy the sample from the installed package, or from the checkout that we run in."""
    packaged = Path(str(files("coverage"))) / "sample"
    source = packaged if packaged.is_dir() else packaged.parents[1]
    if not (source / "coverage.toml").is_file():
        raise OutputError("the bundled sample is not installed; install coverage-planner again.")
    shutil.copytree(source / "data", study / "data")
    shutil.copy(source / "coverage.toml", study)


def _write_templates(study: Path, language: str) -> None:
    for name in _LAYERS.values():
        (study / name).parent.mkdir(parents=True, exist_ok=True)
    for layer in _TEMPLATES:
        content = table_template(INPUTS[layer], language, day=datetime.date.today())
        (study / _LAYERS[layer]).write_bytes(content)
    text = "\n".join(_settings_text()) + "\n"
    if language != About().language:
        text = text.replace(f'# language = "{About().language}"', f'language = "{language}"', 1)
    (study / "coverage.toml").write_text(text, encoding="utf-8")


def _settings_text() -> Iterator[str]:
    """Write every setting with its meaning; those with a default stand commented out."""
    yield "# Settings of a coverage study. A line that starts with # shows the default; remove the # to change it."
    for name, field in Study.model_fields.items():
        if name == "threads":
            continue
        if name == "layers":
            yield from _layers_text()
        elif name == "technologies":
            yield ""
            yield "# What a cell without a value of its own is given, and the classes of its signal."
            for technology, row in field.get_default(call_default_factory=True).items():
                yield f"# [technologies.{technology}]"
                yield from (f"# {line}" for line in _lines(type(row), row.model_dump()))
        elif isinstance(field.default, BaseModel):
            yield ""
            yield f"# {(type(field.default).__doc__ or '').strip().partition(': ')[2].capitalize()}"
            yield f"[{name}]"
            for line in _lines(type(field.default), field.default.model_dump()):
                yield f"# {line}"


def _layers_text() -> Iterator[str]:
    yield ""
    yield "# Files, relative to this one. Any format that GDAL reads, CSV, XLSX; see docs/inputs.md for the columns."
    yield "[layers]"
    for name, setting in LayerPaths.model_fields.items():
        yield f'{"" if setting.is_required() else "# "}{name} = "{_LAYERS[name]}"'


def _lines(model: type[BaseModel], values: dict[str, Any]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        value = values.get(name, field.default)
        if value is PydanticUndefined:
            continue
        shown = "…" if value is None else _toml(value)
        yield f"{name} = {shown}  # {field.description}"


def _toml(value: Any) -> str:
    """Write a value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, int | float | datetime.date):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
