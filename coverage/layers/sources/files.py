"""The files a study names: where each layer comes from, whether it can be read at all, and its fingerprints."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coverage.errors import LayerError, Problem, refuse, without_password
from coverage.layers.sources import database
from coverage.layers.sources.archives import check_archive, is_zip
from coverage.layers.sources.markup import check_markup
from coverage.layers.sources.old_workbooks import check_old_workbook
from coverage.layers.sources.outside import family, leads_outside
from coverage.layers.sources.workbooks import check_workbook
from coverage.study import Study

if TYPE_CHECKING:
    from coverage.result import InputFile

RASTERS = frozenset({"terrain", "land_cover", "population"})
"""Layers that may come in several tiles."""
_TILES = frozenset({
    ".tif", ".tiff", ".hgt", ".asc", ".img", ".vrt", ".dt0", ".dt1", ".dt2", ".bil", ".flt", ".jp2", ".nc", ".dem",
    ".grd", ".bt", ".xyz", ".sdat", ".rst", ".map",
})  # fmt: skip
"""What counts as a tile in a folder of them."""
_FOLDERS = frozenset({".gdb"})
"""Folders that are one file to whoever made them."""
_WITH_SIBLINGS = frozenset({".shp", ".tab", ".mif"})
"""Formats that spread over several files of one stem."""
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods"})
_MARKUP = frozenset({".kml", ".gpx", ".gml", ".xml"})
_MOST_TILES = 5_000
_ALLOW = "Copy it into the folder of the study; for a study you trust, add --allow-outside."


@dataclass(frozen=True)
class Source:
    """What a study names for a layer."""

    name: str
    """As the study writes it, for messages; never with a password."""
    files: tuple[Path, ...]
    """One file, the tiles of a raster, or nothing where it is an address."""
    part: str | None = None
    """The layer or sheet that is meant."""
    address: str | None = None
    """A database, or a path that only GDAL understands; may hold a password."""

    @property
    def database(self) -> bool:
        """Whether it is a PostgreSQL database."""
        return self.address is not None and self.address.startswith(("postgresql:", "postgres:"))


def shown(study: Study, layer: str) -> str:
    """Return the source of a layer as the study writes it, for messages."""
    written = getattr(study.layers, layer)
    if isinstance(written, str):
        return without_password(written)
    first = without_password(written[0]) if written else "nothing"
    return first if len(written) < 2 else f"{first} and {len(written) - 1} more"


def find_source(study: Study, layer: str) -> Source:
    """
    Return where a layer comes from, once nothing keeps it from being opened.

    Parameters
    ----------
    study
        Names the layer's file or files, and says whether they may lie outside its folder.
    layer
        One that the study names.

    Raises
    ------
    LayerError
        No such file, one that cannot be read or is a trap, or one outside the folder of the study.
    """
    source = _named(study, layer)
    if source.address is not None and not study.allow_outside:
        found = "an address outside the folder of the study"
        raise refuse(source.name, found, "a file in the folder of the study", _ALLOW, kind="outside_study")
    for file in source.files:
        _check(study, layer, file, source.name if len(source.files) == 1 else _within(study, file))
    return source


def check_file(study: Study, layer: str) -> Problem | None:
    """Return what keeps a layer's file from being opened, or None."""
    if layer not in study.layers.given():
        return None
    try:
        find_source(study, layer)
    except LayerError as error:
        return error.problems[0]
    return None


def fingerprints(study: Study, layer: str) -> "tuple[InputFile, ...]":
    """Return path, SHA-256 and size of every file that a layer is read from; of a database, of its rows as read."""
    from coverage.result import InputFile

    if layer not in study.layers.given():
        return ()
    source = _named(study, layer)
    if source.database:
        content = database.as_text(source.address or "", source.name)
        return (InputFile(layer, source.name, hashlib.sha256(content).hexdigest(), len(content)),)
    files = [file for path in source.files for file in _parts(path) if file.is_file()]
    return tuple(
        InputFile(layer=layer, path=_within(study, file), sha256=_sha256(file), bytes=file.stat().st_size)
        for file in files
    )


def _parts(path: Path) -> list[Path]:
    """Return the files that are read along with one."""
    if path.is_dir():
        return family(path)
    if path.suffix.lower() in _WITH_SIBLINGS:
        return sorted(file for file in family(path) if file.stem == path.stem)
    return [file for file in family(path) if file == path or file.name == f"{path.name}.aux.xml"]


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _named(study: Study, layer: str) -> Source:
    """Return what the study names for a layer, before anything is looked at."""
    written, name = getattr(study.layers, layer), shown(study, layer)
    listed = (written,) if isinstance(written, str) else tuple(written)
    if any(_is_address(text) for text in listed):
        if len(listed) == 1:
            return _address(listed[0], name)
        raise _refuse(layer, name, "an address among several files", "files alone", kind="unknown_address")
    part, files = None, []
    for text in listed:
        path, part = _part(text, layer, name)
        files += _files(study, layer, path)
    if not files:
        raise _refuse(layer, name, "no such file", f"the {layer} layer", kind="no_such_file")
    if len(files) > _MOST_TILES:
        raise _refuse(layer, name, f"{len(files)} files", f"at most {_MOST_TILES} tiles", kind="too_large")
    return Source(name, tuple(files), part)


def _refuse(layer: str, name: str, found: str, expected: str, more: str = "", *, kind: str) -> LayerError:
    return refuse(name, found, expected, f"Correct [layers] {layer} in coverage.toml{more}.", kind=kind)


def _is_address(text: str) -> bool:
    return "://" in text or text.startswith("/vsi")


def _address(text: str, name: str) -> Source:
    if text.startswith(("http://", "https://")):
        text = f"/vsicurl/{text}"
    if not text.startswith(("/vsi", "postgresql://", "postgres://")):
        remedy = "Write postgresql://user@host/database#schema.table, or a path."
        raise refuse(name, "an address of unknown kind", "a file or a database", remedy, kind="unknown_address")
    return Source(name, (), address=text)


def _part(text: str, layer: str, name: str) -> tuple[str, str | None]:
    """Split `file|layername=NAME` as QGIS writes it."""
    path, *options = text.split("|")
    values = dict(option.partition("=")[::2] for option in options)
    if set(values) - {"layername", "geometrytype"}:
        found = f"|{'|'.join(options)} behind the name of the file"
        raise _refuse(layer, name, found, "|layername=NAME or nothing", kind="unknown_address")
    return path, values.get("layername")


def _files(study: Study, layer: str, text: str) -> list[Path]:
    """Return the files that a path, a pattern or a folder of tiles stands for."""
    path = study.folder / text
    if layer not in RASTERS:
        return [path]
    if path.is_dir() and not (path / "hdr.adf").exists():
        return sorted(file for file in path.iterdir() if file.suffix.lower() in _TILES) or [path]
    if re.search(r"[*?\[]", text) and not path.exists() and not Path(text).is_absolute():
        return sorted(study.folder.glob(text))
    return [path]


def _within(study: Study, file: Path) -> str:
    inside = file.is_relative_to(study.folder)
    return file.relative_to(study.folder).as_posix() if inside else file.as_posix()


def _check(study: Study, layer: str, path: Path, name: str) -> None:
    """Refuse what cannot be opened, leads elsewhere, or would make its reader run away."""
    if not study.may_use(path):
        found = "a path that leads outside the folder of the study"
        raise refuse(name, found, "a file in the folder of the study", _ALLOW, kind="outside_study")
    if not path.exists():
        raise _refuse(layer, name, "no such file", f"the {layer} layer", ", or put the file there", kind="no_such_file")
    if path.is_dir() and path.suffix.lower() not in _FOLDERS and not (path / "hdr.adf").exists():
        raise _refuse(layer, name, "a folder", "a file", " to name the file inside it", kind="not_a_file")
    if not os.access(path, os.R_OK):
        raise refuse(name, "no permission to read it", "a readable file", "Allow reading it.", kind="no_permission")
    if path.is_file() and not path.stat().st_size:
        raise refuse(name, "an empty file (0 bytes)", f"the {layer} layer", "Supply it again.", kind="empty_file")
    found_outside = leads_outside(study, path)
    if found_outside is not None:
        raise refuse(name, found_outside, "a file that holds its own data", _ALLOW, kind="outside_study")
    if path.is_file():
        _check_content(path, name)


def _check_content(path: Path, name: str) -> None:
    suffix = path.suffix.lower()
    if is_zip(path):
        check_archive(path, name=name)
        if suffix in _WORKBOOKS:
            check_workbook(path, name=name)
    elif suffix == ".xls":
        check_old_workbook(path, name=name)
    elif suffix in _MARKUP:
        with path.open("rb") as stream:
            for _ in check_markup(iter(lambda: stream.read(1 << 20), b""), name=name):
                pass
