"""Vector files of GDAL's many formats: the layer that is meant, its attributes without loss, its shapes."""

import codecs
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyproj.exceptions import CRSError

from coverage.errors import Problem, refuse
from coverage.layers.sources.archives import members
from coverage.layers.sources.placemarks import with_descriptions
from coverage.layers.sources.raw_table import MOST_ROWS, RawTable, hold_columns, one_line
from coverage.layers.text import fold
from coverage.layers.vietnamese.encodings import decode, repair

Kind = Literal["point", "line", "polygon"] | None
_ONE_BYTE = frozenset({".shp", ".dbf", ".tab", ".mif", ".zip"})
"""Formats whose text is in whatever encoding its maker used, whatever the file declares."""
_MAPINFO = {".tab": (".tab", ".dat", ".map", ".id", ".ind"), ".mif": (".mif", ".mid")}
_CHARSET = re.compile(rb'(?i)(charset\s+)"?[\w-]+"?')
_FORMS = {".shp": "shapefile", ".gpkg": "GeoPackage", ".geojson": "GeoJSON", ".json": "GeoJSON", ".tab": "MapInfo TAB",
          ".mif": "MapInfo MIF", ".fgb": "FlatGeobuf", ".gdb": "FileGDB", ".zip": "zipped shapefile"}  # fmt: skip
_MOST_CELLS = 100_000_000
_TRACE_POINTS = frozenset({"route_points", "track_points"})
_SHAPES = {"point": ("Point",), "line": ("LineString",), "polygon": ("Polygon",), None: ()}
Opened = Path | str | bytes


def read_features(source: Path | str, *, name: str, layer: str, kind: Kind, part: str | None) -> RawTable:
    """
    Read a layer of a vector file.

    Parameters
    ----------
    source
        A file, or a path that only GDAL understands.
    name
        The file's name in messages.
    layer, kind
        Our name of the layer and the kind of its shapes, by which one is chosen among several.
    part
        The layer that the study names; None to choose.

    Returns
    -------
    RawTable
        Dates are text. Text that is not Unicode comes as one letter per byte; whoever knows the columns mends it.

    Raises
    ------
    LayerError
        It cannot be read, or it is not clear which of its layers is meant.
    """
    suffix = Path(source).suffix.lower()
    marked, traces = suffix in (".kml", ".kmz"), suffix == ".gpx"
    encoding = "ISO-8859-1" if suffix in _ONE_BYTE else None
    try:
        with warnings.catch_warnings(record=True) as caught, _nothing_left_beside(source, suffix):
            warnings.simplefilter("always")
            opened = _opened(source, suffix, name)
            listed = [(str(title), kind_of) for title, kind_of in pyogrio.list_layers(opened)]
            chosen = _choose(listed, name, layer, kind, part, several=marked or traces)
            _measure(opened, chosen, name, encoding)
            frames = [_read(opened, title, encoding) for title in chosen]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FieldError, ValueError,
            KeyError, CRSError, UnboundLocalError) as error:  # fmt: skip
        # The last: what pyogrio 0.13 makes of a reference system that GDAL cannot write down.
        about = "its reference system" if isinstance(error, UnboundLocalError) else one_line(error)
        found = f"a file that cannot be read ({about})"
        expected = "a GeoPackage, GeoJSON, shapefile or other vector file, a spreadsheet, or a CSV"
        raise refuse(name, found, expected, "It may be cut short or of another kind; supply it again.") from None
    if marked or traces:
        frames = [_of_kind(frame, kind) for frame in frames]
        chosen = [title for title, frame in zip(chosen, frames, strict=True) if len(frame)] or chosen[:1]
        frames = [frame for frame in frames if len(frame)] or frames[:1]
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    if marked:
        frame = with_descriptions(frame)
        hold_columns(len(frame.columns), name)
    title = _FORMS.get(suffix, suffix[1:].upper() or "vector file")
    form = title if len(listed) == 1 and not part else f"{title}, layer{'s' * (len(chosen) > 1)} {', '.join(chosen)}"
    said = dict.fromkeys(one_line(warning.message) for warning in caught)
    problems = [
        Problem(name, f"a warning on reading: {text}", "none", "Check the file.", fatal=False, kind="reading_warning")
        for text in said
    ]
    return from_frame(frame, form=form, problems=problems, mixed=encoding is not None)


@contextmanager
def _nothing_left_beside(source: Path | str, suffix: str) -> Iterator[None]:
    """Take away what GDAL found of the schema of a GML and wrote down beside it."""
    made = Path(source).with_suffix(".gfs") if suffix == ".gml" and isinstance(source, Path) else None
    there = made is not None and made.exists()
    try:
        yield
    finally:
        if made is not None and not there:
            made.unlink(missing_ok=True)


def from_frame(
    frame: pd.DataFrame, *, form: str, problems: list[Problem] | None = None, mixed: bool = False
) -> RawTable:
    """
    Return a frame as a table of raw cells.

    Parameters
    ----------
    frame
        Attributes, with shapes where it is a GeoDataFrame.
    form, problems
        As in RawTable.
    mixed
        Whether its text was read byte by byte, and may be UTF-8 in some columns.
    """
    geometry = frame.geometry if isinstance(frame, gpd.GeoDataFrame) else None
    attributes = pd.DataFrame(frame.drop(columns=geometry.name)) if geometry is not None else frame
    columns = [_plain(attributes.iloc[:, i], mixed) for i in range(attributes.shape[1])]
    titles = [str(title) for title in attributes.columns]
    if mixed:
        titles = [str(title) for title in _from_bytes(pd.Series(titles, dtype=object))]
    if not all(map(str.isascii, titles)):
        titles = [title or "" for title in repair(titles).cells]
    rows = np.arange(1, len(frame) + 1, dtype=np.int64)
    return RawTable(titles, columns, rows, geometry, True, tuple(problems or ()), form)


def _opened(source: Path | str, suffix: str, name: str) -> Opened:
    """Return what GDAL is to open: the document inside a KMZ, MapInfo tables without their declared encoding."""
    if isinstance(source, str):
        return source
    if suffix == ".kmz":
        documents = {title: b"".join(chunks) for title, chunks in members(source, name=name) if _is_document(title)}
        if not documents:
            raise refuse(name, "a KMZ without a KML inside", "a KMZ as Google Earth saves it", "Save it again.")
        return documents.get("doc.kml", next(iter(documents.values())))
    if suffix in _MAPINFO:
        return _without_charset(source, suffix)
    return source


def _is_document(title: str) -> bool:
    return title.lower().endswith(".kml")


def _without_charset(path: Path, suffix: str) -> bytes:
    """Return a MapInfo table as an archive in memory, its text to be read byte by byte."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for file in sorted(path.parent.iterdir()):
            if file.stem == path.stem and file.suffix.lower() in _MAPINFO[suffix]:
                content = file.read_bytes()
                if file.suffix.lower() == suffix:
                    head = _CHARSET.sub(rb'\1"Neutral"' if suffix == ".mif" else _neutral, content[:4096])
                    content = head + content[4096:]
                archive.writestr(f"table{file.suffix.lower()}", content)
    return memory.getvalue()


def _letter_by_letter(content: bytes) -> str:
    try:
        return decode(content + b"\xff").text[:-1]
    except ValueError:
        return content.decode("latin-1")


def _neutral(found: re.Match[bytes]) -> bytes:
    return found[1] + (b'"Neutral"' if b'"' in found[0] else b"Neutral")


def _measure(opened: Opened, titles: list[str], name: str, encoding: str | None) -> None:
    """Refuse layers that declare more than can be held: room for all of it is made before anything is read."""
    about = [pyogrio.read_info(opened, layer=title, encoding=encoding, force_feature_count=True) for title in titles]
    hold_columns(sum(len(each["fields"]) for each in about), name)
    rows = sum(each["features"] for each in about)
    cells = sum(each["features"] * (len(each["fields"]) + 1) for each in about)
    if rows > MOST_ROWS or cells > _MOST_CELLS:
        found, expected = f"{rows:,} rows, {cells:,} cells", f"at most {MOST_ROWS:,} rows, {_MOST_CELLS:,} cells"
        raise refuse(name, found, expected, "Supply those of the study.", kind="too_large")


def _read(opened: Opened, title: str, encoding: str | None) -> pd.DataFrame:
    frame: pd.DataFrame = pyogrio.read_dataframe(
        opened,
        layer=title,
        encoding=encoding,
        on_invalid="ignore",
        datetime_as_string=True,
    )
    return frame


def _choose(
    listed: list[tuple[str, str | None]], name: str, layer: str, kind: Kind, part: str | None, *, several: bool
) -> list[str]:
    """Return the layers that are meant: the one named; the only one; that of our name; the only one of our kind."""
    names = [title for title, _ in listed]
    if part is not None:
        same = [title for title in names if title == part] or [title for title in names if fold(title) == fold(part)]
        if len(same) == 1:
            return same
        raise refuse(
            name,
            f"the layers {', '.join(names)}",
            f"one called {part}",
            "Correct |layername= in [layers].",
            kind="no_such_layer",
        )
    if several and names:
        return [title for title in names if title not in _TRACE_POINTS]
    shaped = [title for title, kind_of in listed if kind_of is not None]
    ours = [title for title, kind_of in listed if kind_of and any(shape in kind_of for shape in _SHAPES[kind])]
    same = [title for title in names if fold(title) == fold(layer)]
    for choice in (names, same, shaped, ours):
        if len(choice) == 1:
            return choice
    found = f"{len(names)} layers ({', '.join(names)})"
    remedy = "Name the one that is meant: file|layername=NAME in [layers]."
    raise refuse(name, found, f"one, or one called {layer}", remedy, kind="several_layers")


def _of_kind(frame: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Return the rows with shapes of a kind; all of them where none has."""
    if not isinstance(frame, gpd.GeoDataFrame) or kind is None:
        return frame
    accepted = ("Point", "Polygon") if kind == "point" else _SHAPES[kind]
    ours: pd.Series = frame.geometry.geom_type.fillna("").str.endswith(accepted)
    kept: pd.DataFrame = frame[ours]
    return kept


def _plain(column: pd.Series, mixed: bool) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%dT%H:%M:%S").str.removesuffix("T00:00:00")
    if column.dtype == object:
        column = column.map(_as_text)
    is_text = pd.api.types.is_string_dtype(column) or column.dtype == object
    return _from_bytes(column) if mixed and is_text else column


def _as_text(cell: Any) -> Any:
    """Return lists and records, which some formats have for cells, as text."""
    if isinstance(cell, list | tuple | np.ndarray):
        return ", ".join(str(each) for each in cell)
    return str(cell) if isinstance(cell, dict | bytes) else cell


def _from_bytes(column: pd.Series) -> pd.Series:
    """Return text that was read as one letter per byte: as UTF-8 where the whole column is, else as `decode` says."""
    cells = {cell: cell.encode("latin-1", "replace") for cell in set(column.dropna()) if isinstance(cell, str)}
    wide = {cell: content for cell, content in cells.items() if not cell.isascii()}
    if not wide:
        return column
    try:
        read = {cell: codecs.getincrementaldecoder("utf-8")().decode(content) for cell, content in wide.items()}
    except UnicodeDecodeError:
        read = {cell: _letter_by_letter(content) for cell, content in wide.items()}
    return column.map(lambda cell: read.get(cell, cell) if isinstance(cell, str) else cell)
