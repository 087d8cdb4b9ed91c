"""The files a study names: whether they can be read at all, and their fingerprints."""

import glob
import hashlib
import os
from pathlib import Path

from coverage.errors import Problem
from coverage.result import InputFile
from coverage.study import Study

_WITH_SIBLINGS = frozenset({".shp", ".tab", ".mif"})
"""Formats that spread over several files of one stem."""


def shown(study: Study, layer: str) -> str:
    """Return the path of a layer as the study writes it, for messages."""
    return Path(getattr(study.layers, layer)).as_posix()


def check_file(study: Study, layer: str) -> Problem | None:
    """Return what keeps a layer's file from being opened, or None."""
    path = study.path(layer)
    if path is None:
        return None
    name = shown(study, layer)
    remedy = f"Correct [layers] {layer} in coverage.toml"
    if not path.exists():
        return Problem(
            file=name, found="no such file", expected=f"the {layer} layer", remedy=f"{remedy}, or put the file there."
        )
    if path.is_dir():
        return Problem(file=name, found="a folder", expected="a file", remedy=f"{remedy} to name the file inside it.")
    if not os.access(path, os.R_OK):
        return Problem(
            file=name, found="no permission to read it", expected="a readable file", remedy="Allow reading it."
        )
    if not path.stat().st_size:
        return Problem(
            file=name, found="an empty file (0 bytes)", expected=f"the {layer} layer", remedy="Supply it again."
        )
    return None


def fingerprints(study: Study, layer: str) -> tuple[InputFile, ...]:
    """Return path, SHA-256 and size of every file that a layer is read from."""
    path = study.path(layer)
    if path is None:
        return ()
    name = Path(getattr(study.layers, layer))
    files = [path, *sorted(path.parent.glob(glob.escape(path.name) + ".aux.xml"))]
    if path.suffix.lower() in _WITH_SIBLINGS:
        files = sorted(sibling for sibling in path.parent.iterdir() if sibling.stem == path.stem and sibling.is_file())
    return tuple(
        InputFile(
            layer=layer, path=name.with_name(file.name).as_posix(), sha256=_sha256(file), bytes=file.stat().st_size
        )
        for file in files
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
