"""How a study is told of what was fetched: the lines to add to coverage.toml. Nothing is written into it."""

import json
from pathlib import Path

from coverage.fetching.run import Fetched
from coverage.study import Study


def lines_to_add(fetched: Fetched, study: Study | None) -> list[str]:
    """
    Return lines of `coverage.toml` that bring in what was fetched.

    Parameters
    ----------
    fetched
        What is there.
    study
        Layers whose file it has already stay; for those the line is shown as a comment. None: there is no study yet.
    """
    lines = []
    for layer, place in fetched.layers.items():
        written = f"{layer} = {json.dumps(_written(place, study), ensure_ascii=False)}"
        has = study.path(layer) if study is not None else None
        if study is not None and has is not None and has.resolve() == place.resolve():
            continue
        given = study is not None and layer in study.layers.given()
        there = given and (has is None or has.exists())
        lines.append(f"# {written}  # the study has {getattr(study.layers, layer)}" if study and there else written)
    return lines


def _written(place: Path, study: Study | None) -> str:
    """Return a path as a study writes it."""
    if study is None or not place.resolve().is_relative_to(study.folder):
        return place.resolve().as_posix()
    return place.resolve().relative_to(study.folder).as_posix()
