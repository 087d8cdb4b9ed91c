"""Everything that reads what a stranger supplies, each called the way that a user's file reaches it."""

import functools
import math
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from coverage.columns.inputs import INPUTS
from coverage.layers import read, values
from coverage.layers.conform import open_layer
from coverage.layers.headings import known, match_headings
from coverage.layers.position import coordinates
from coverage.layers.position.inference import infer_system
from coverage.layers.sources.files import find_source
from coverage.layers.sources.pattern import parse_pattern
from coverage.layers.sources.vector import read_vector
from coverage.layers.terrain import open_terrain
from coverage.layers.text import clean, fold, slug
from coverage.layers.vietnamese.encodings import decode, repair
from coverage.layers.vietnamese.names import loose_key, name_key, split_unit
from coverage.study import Study, load_study
from tests.fuzz import seeds
from tests.fuzz.seeds import Seed

Run = Callable[[Path, Seed], None]


@dataclass(frozen=True)
class Reader:
    """What is fed, with what, and how often in all where nothing else is asked."""

    seeds: Callable[[Path], list[Seed]]
    run: Run
    on_disk: bool = True
    """Whether its files are written first."""


def study_of(folder: Path, layer: str, file: str) -> Study:
    """Return a study of one layer; the others are never looked at."""
    return _study(folder, layer, file)


@functools.lru_cache(maxsize=64)
def _study(folder: Path, layer: str, file: str) -> Study:
    others = dict.fromkeys(("communes", "villages", "sites", "terrain"), "missing")
    return Study.model_validate({"folder": folder, "layers": {**others, layer: file}})


def _layer(folder: Path, seed: Seed) -> None:
    """Read the cells of every file, and type them for one in eight: that takes ten times as long in any format."""
    file = next(iter(seed.files))
    if zlib.crc32(seed.files[file]) % 8:
        source = find_source(study_of(folder, seed.layer, file), seed.layer)
        table = read_vector(source, layer=seed.layer, headings=known(INPUTS[seed.layer], {}))
        _sound(table.problems)
        assert all(len(column) == len(table.rows) for column in table.columns)
        return
    draft = open_layer(study_of(folder, seed.layer, next(iter(seed.files))), seed.layer)
    _sound(draft.problems)
    shapes = draft.frame.geometry
    assert len(draft.frame) == len(draft.rows) == len(draft.supplied)
    assert np.isfinite(shapely.bounds(shapes[shapes.notna() & ~shapes.is_empty].to_numpy())).all(), "a shape nowhere"
    if "lon" in draft.frame:
        assert draft.frame["lon"].dropna().abs().le(180).all(), "a longitude beyond 180"
        assert draft.frame["lat"].dropna().abs().le(90).all(), "a latitude beyond 90"


def _terrain(folder: Path, seed: Seed) -> None:
    raster = open_terrain(study_of(folder, "terrain", next(iter(seed.files))))
    assert np.isfinite(raster.bounds).all(), "bounds that are no numbers"
    assert min(raster.shape) > 0


def _whole(folder: Path, seed: Seed) -> None:
    _sound(read.check_layers(load_study(folder)))


def _settings(folder: Path, seed: Seed) -> None:
    load_study(folder)


def _pattern(folder: Path, seed: Seed) -> None:
    cuts = parse_pattern(next(iter(seed.files.values())).decode(errors="replace"), file="a.msi")
    for cut in (cuts.horizontal, cuts.vertical):
        assert all(0 <= angle <= 360 and 0 <= loss < math.inf for angle, loss in cut), "a loss that is none"


def _sound(problems: Sequence[object]) -> None:
    for problem in problems:
        fault = fault_of_message(str(problem))
        assert fault is None, f"a message with {fault}: {str(problem)[:200]!r}"


def fault_of_message(line: str) -> str | None:
    """Return what is wrong with a message that should be one clear line."""
    if len(line) > LONGEST:
        return f"{len(line)} letters"
    if len(line.splitlines()) != 1 or not all(each.isprintable() or each == "\xa0" or each in _BLANKS for each in line):
        return "letters that do not print"
    return "a traceback" if "Traceback (most recent" in line else None


LONGEST = 3000
_BLANKS = "\u2002\u2003\u2009\u202f\u3000"


def _read(content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.split("\n")[:40]


def _text(folder: Path, seed: Seed) -> None:
    content = next(iter(seed.files.values()))
    try:
        cells: list[str | None] = [*decode(content).text.split("\n")[:200]]
    except ValueError:
        return
    mended = repair(cells)
    assert len(mended.cells) == len(cells)
    assert 0 <= mended.share <= 1
    assert 0 <= mended.changed <= len(cells)


def _names(folder: Path, seed: Seed) -> None:
    for text in _read(next(iter(seed.files.values()))):
        unit, rest = split_unit(text)
        assert isinstance(unit + rest + fold(text) + loose_key(text) + (clean(text) or ""), str)
        assert name_key(text) == name_key(text)
        assert slug(text).isascii()


def _coordinates(folder: Path, seed: Seed) -> None:
    raw = pd.Series(_read(next(iter(seed.files.values()))), dtype=object)
    for numbers, bad in (coordinates.to_degrees(raw), coordinates.to_metres(raw)):
        assert np.isfinite(numbers.dropna()).all()
        assert numbers[bad].isna().all()
    lon, lat, bad = coordinates.to_pair(raw)
    assert lon.dropna().abs().le(180).all()
    assert lat.dropna().abs().le(90).all()
    assert lon[bad].isna().all()


def _numbers(folder: Path, seed: Seed) -> None:
    raw = pd.Series(_read(next(iter(seed.files.values()))), dtype=object)
    for whole in (False, True):
        numbers, bad = values.to_number(raw, integer=whole)
        assert np.isfinite(numbers.dropna().astype(float)).all()
        assert numbers[bad].isna().all()
    flags, unclear = values.to_flag(raw)
    assert flags[unclear].isna().all()


def _headings(folder: Path, seed: Seed) -> None:
    headings = next(iter(_read(next(iter(seed.files.values()))))).split(",")
    for table in (INPUTS["villages"], INPUTS["sites"]):
        matched, problems = match_headings(table, headings, {"lon": "X"}, file="v.csv")
        _sound(problems)
        assert set(matched) <= set(table.names)


_LAND = shapely.box(103.9, 21.3, 104.0, 21.4)


def _systems(folder: Path, seed: Seed) -> None:
    content = next(iter(seed.files.values()))
    numbers = np.array(struct.unpack(f"<{len(content) // 8}d", content[: len(content) // 8 * 8]))[:64]
    x, y = numbers[::2], numbers[1::2]
    rows = min(len(x), len(y))
    declared = gpd.GeoSeries([_LAND, None][: rows % 3] * rows, crs=4326)[:rows]
    declared = declared.reindex(range(rows))
    found = infer_system(x[:rows], y[:rows], declared, _LAND if rows % 2 else None)
    assert 0 <= found.share <= 1
    assert fault_of_message(str(found)) is None


def _lines(*lines: str) -> Callable[[Path], list[Seed]]:
    return lambda folder: [Seed("cells", {"cells": line.encode()}) for line in lines]


def _metres(folder: Path) -> list[Seed]:
    places = [(490_883.05 + 500 * i, 2_359_155.24 + 400 * i) for i in range(8)]
    return [Seed("cells", {"cells": b"".join(struct.pack("<2d", *each) for each in places[:n])}) for n in (3, 4, 8)]


def _whole_seeds(folder: Path) -> list[Seed]:
    """Return one small study of every layer, each of its files in turn as the one that is broken."""
    shapes = {seed.layer: seed.files["v.geojson"] for seed in seeds.geojson(folder)}
    files = {
        "coverage.toml": _TOML.encode(), "v.csv": seeds.VILLAGES.encode(), "s.csv": seeds.SITES.encode(),
        "c.geojson": shapes["communes"], "r.geojson": shapes["roads"], **seeds.terrain(folder, "tif", 40),
    }  # fmt: skip
    return [Seed("study", {name: files[name], **files}) for name in files]


_TOML = """\
[layers]
communes = "c.geojson"
villages = "v.csv"
sites = "s.csv"
terrain = "t.tif"
roads = "r.geojson"
fiber_routes = "r.geojson"
"""
_ANGLES = ("103,914", "103°54'50,4\"Đ", "N 21.327", "21 19 37,2 N", "kinh độ: 103o54'50\"", "48 490883.05",
           "2.359.155,24", "21°19'37\"N 103°54'50\"E", "POINT(103.9 21.3)", "21.327, 103.914", "103-54-50")  # fmt: skip
_NAMES = ("Bản Mòng", "Tổ dân phố số 07", "S¬n La\n§iÖn Biªn", "B¶n Hôm\nTiÓu khu 1", "SÆ¡n La\nÄiá»‡n BiÃªn",
          "Xã Chiềng An\nHoà Bình", "Baûn Moøng\nThoân Laø")  # fmt: skip

READERS: dict[str, Reader] = {
    "delimited": Reader(seeds.delimited, _layer),
    "xlsx": Reader(seeds.xlsx, _layer),
    "ods": Reader(seeds.ods, _layer),
    "xls": Reader(seeds.xls, _layer),
    "geojson": Reader(seeds.geojson, _layer),
    "geopackage": Reader(seeds.vector("gpkg", "villages", "roads"), _layer),
    "shapefile": Reader(
        seeds.vector("shp", "villages", "roads", "communes", DBF_DATE_LAST_UPDATE="2026-01-01"), _layer
    ),
    "shapefile-zip": Reader(seeds.zipped, _layer),
    "kml": Reader(seeds.vector("kml", "villages", "roads"), _layer),
    "kmz": Reader(seeds.kmz, _layer),
    "tab": Reader(seeds.vector("tab", "villages", "roads"), _layer),
    "mif": Reader(seeds.vector("mif", "villages", "roads"), _layer),
    "flatgeobuf": Reader(seeds.vector("fgb", "villages", "roads"), _layer),
    "gpx": Reader(seeds.vector("gpx", "villages", "roads"), _layer),
    "gml": Reader(seeds.vector("gml", "villages", "roads"), _layer),
    "parquet": Reader(seeds.parquet, _layer),
    "geotiff": Reader(seeds.geotiff, _terrain),
    "hgt": Reader(seeds.hgt, _terrain),
    "asc": Reader(seeds.asc, _terrain),
    "vrt": Reader(seeds.vrt, _terrain),
    "pattern": Reader(seeds.pattern, _pattern, on_disk=False),
    "settings": Reader(seeds.settings, _settings),
    "whole-study": Reader(_whole_seeds, _whole),
    "text": Reader(lambda folder: [*seeds.delimited(folder), *_lines(*_NAMES)(folder)], _text, on_disk=False),
    "names": Reader(_lines(*_NAMES), _names, on_disk=False),
    "coordinates": Reader(_lines(*_ANGLES), _coordinates, on_disk=False),
    "numbers": Reader(_lines("1.234,5", "1,234", "-0.5", "có", "không", "#N/A", "1e5"), _numbers, on_disk=False),
    "headings": Reader(_lines("Tên bản,X,Y,Số hộ", "Mã trạm,cell,lat,lon,2G"), _headings, on_disk=False),
    "systems": Reader(_metres, _systems, on_disk=False),
}
"""By the name under which they are counted."""
