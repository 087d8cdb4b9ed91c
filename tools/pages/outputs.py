"""The page of what a run writes: every table and its columns, from coverage/columns."""

import ast
import inspect
import itertools
from pathlib import Path
from types import ModuleType

from coverage.columns import changes, plans, results
from coverage.columns.inputs import INPUTS
from coverage.columns.results import PEOPLE_ESTIMATED
from coverage.columns.schema import Column, Table
from pages.common import table, written_by

HEAD = """\
# Outputs

{written}

`coverage analyze` writes all of its files or none. Tables for machines are UTF-8 CSV with the names below and a decimal
point; an empty cell means that nothing is known, never zero. Papers for officials carry the Vietnamese heading unless
`--language en` is given ([papers](papers.md)). Layers of `coverage.gpkg` have the same columns.

| file | what it is |
|---|---|
| `coverage_map.html`, `coverage.kmz` | [the map](map.md) in one file without internet; the same for Google Earth |
| `report.docx`, `report.html`, `communes/*.png` | [papers for officials](papers.md) |
| `coverage.gpkg` | all tables as layers for GIS |
| `signal/**.tif` | [rasters](signal.md#the-rasters) of level, class, second server, overlap and serving cell |
| `run.json` | every input and output with its SHA-256, settings, versions, problems, seconds per step |
"""

WHO = {
    "villages": ("villages.csv", "analyze"),
    "village_statuses": ("village_statuses.csv", "analyze"),
    "switch_offs": ("switch_offs.csv", "analyze"),
    "cells": ("layer `cells` of coverage.gpkg", "analyze"),
    "communes": ("communes.csv", "analyze"),
    "former_communes": ("former_communes.csv", "analyze"),
    "indicators": ("indicators.csv", "analyze"),
    "uncovered_villages": ("uncovered_villages.csv and .xlsx", "analyze"),
    "reconciliation": ("reconciliation.csv and .xlsx", "analyze --official FILE"),
    "ranked_sites": ("ranked_sites.csv; ranked_sites.xlsx by rank", "analyze, rank"),
    "fiber_plan": ("fiber_plan.csv", "analyze, fiber"),
    "budget_curve": ("budget_curve.csv", "rank"),
    "cheapest_cover": ("cheapest_cover.csv", "rank"),
    "resilience": ("resilience.csv", "rank"),
    "losses": ("what_if/losses.csv", "rank --remove SITE"),
    "village_changes": ("village_changes.csv; comparison.xlsx", "compare"),
    "commune_changes": ("commune_changes.csv; comparison.xlsx", "compare"),
    "operator_changes": ("operator_changes.csv; comparison.xlsx", "compare"),
}
"""Table -> file and command; a table that is missing here is written under its own name."""
_KINDS = {"text": "text", "integer": "whole number", "number": "number", "flag": "true/false"}


def tables() -> dict[str, tuple[Table, str]]:
    """Return name -> every table that is written, with what coverage/columns says under it."""
    found = {}
    for room in (results, plans, changes):
        notes = _notes(room)
        for name, value in vars(room).items():
            if isinstance(value, Table) and value not in INPUTS.values():
                found[value.name] = (value, notes.get(name, ""))
    return found


def pages() -> dict[str, str]:
    """Return path below docs/ -> its text."""
    parts = [HEAD.format(written=written_by("coverage/columns"))]
    for name, (what, note) in tables().items():
        file, command = WHO.get(name, (f"{name}.csv", ""))
        by = f" Written by `coverage {command}`." if command else ""
        parts += [f"## {name}\n\n{file}.{by}{f' {note}' if note else ''}\n", _columns(what), ""]
    return {"outputs.md": "\n".join(parts)}


def _columns(what: Table) -> str:
    rows = [*what.columns, *([PEOPLE_ESTIMATED] if what.name == "villages" else [])]
    headings = ("column", "holds", "unit", "heading", "Vietnamese heading")
    return table(headings, ((f"`{row.name}`", _holds(row), row.unit, row.en, row.vi) for row in rows))


def _holds(column: Column) -> str:
    if column.values:
        return " · ".join(f"`{value}`" for value in column.values)
    return _KINDS[column.kind]


def _notes(room: ModuleType) -> dict[str, str]:
    """Return variable of a file of coverage/columns -> the text that stands under it."""
    body = ast.parse(Path(inspect.getfile(room)).read_text(encoding="utf-8")).body
    found = {}
    for before, after in itertools.pairwise(body):
        if isinstance(before, ast.Assign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[ast.unparse(before.targets[0])] = " ".join(str(after.value.value).split())
    return found
