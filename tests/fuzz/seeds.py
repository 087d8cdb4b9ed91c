"""Sound files of every format, small, written from known content: what the faults are put into."""

import datetime
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import shapely
import xlsxwriter
from affine import Affine

from tests.fuzz.mutate import Case, repacked

ROWS: tuple[tuple[Any, ...], ...] = (
    ("v1", "Bản Mòng", "03646", 103.910, 21.310, 40, "có"),
    ("v2", "Bản Hụm", "03646", 103.920, 21.350, 55, "không"),
    ("v3", "Tiểu khu 1", "03670", 103.960, 21.330, 30, "x"),
)
HEADINGS = ("village_id", "Tên thôn/bản", "commune_code", "Kinh độ", "lat", "Số hộ", "has_power")
VILLAGES = "\n".join(",".join(map(str, row)) for row in (HEADINGS, *ROWS)) + "\n"
SITES = """\
site_id,cell_id,operator,technology,freq_mhz,bandwidth_mhz,lon,lat,height_m,azimuth_deg,eirp_dbm
S1,S1-a,Viettel,LTE,1800,10,103.915,21.320,33,0,62
S2,S2-a,VinaPhone,2G,900,0.2,103.970,21.350,42,,57
"""
METRES = """\
DANH SÁCH THÔN BẢN;;;;
STT;Tên bản;Mã xã;X;Y
(1);(2);(3);(4);(5)
1;Bản Mòng;03646;2.357.274,5;490.468,1
2;Bản Hụm;03646;2.361.701,2;491.510,9
"""
ANGLES = 'name,toa_do,so_ho\nBản Mòng,"21°19\'37,2""N 103°54\'50""E",1.234\nBản Cọ,"21.33, 103.96",5\n'
TCVN3 = "name,lon,lat\nB¶n Mßng,103.91,21.31\nB¶n Hôm,103.92,21.35\nTiÓu khu 1,103.93,21.36\n"


@dataclass(frozen=True)
class Seed:
    """A sound set of files, and the layer that they are given as."""

    layer: str
    files: Case


def villages() -> gpd.GeoDataFrame:
    points = gpd.points_from_xy([row[3] for row in ROWS], [row[4] for row in ROWS], crs=4326)
    values = {"name": [row[1] for row in ROWS], "so_ho": [row[5] for row in ROWS], "dien": [row[6] for row in ROWS]}
    return gpd.GeoDataFrame(values, geometry=points)


def roads() -> gpd.GeoDataFrame:
    line = shapely.linestrings([[103.90, 21.30], [103.95, 21.35], [104.0, 21.4]])
    return gpd.GeoDataFrame({"class": ["QL"], "name": ["Quốc lộ 6"]}, geometry=[line], crs=4326)


def communes() -> gpd.GeoDataFrame:
    boxes = [shapely.box(103.90, 21.30, 103.95, 21.40), shapely.box(103.95, 21.30, 104.0, 21.40)]
    return gpd.GeoDataFrame({"code": ["03646", "03670"], "name": ["Tô Hiệu", "Chiềng Cơi"]}, geometry=boxes, crs=4326)


FRAMES: Mapping[str, Callable[[], gpd.GeoDataFrame]] = {"villages": villages, "roads": roads, "communes": communes}


def delimited(folder: Path) -> list[Seed]:
    tabs, commas = VILLAGES.replace(",", "\t"), VILLAGES.replace(",", ";").replace(".", ",")
    texts = {"villages": [VILLAGES, METRES, ANGLES, tabs, commas], "sites": [SITES]}
    seeds = [Seed(layer, {"v.csv": text.encode()}) for layer, listed in texts.items() for text in listed]
    coded = [VILLAGES.encode("utf-16"), TCVN3.encode("cp1252")]
    return [*seeds, *(Seed("villages", {"v.csv": content}) for content in coded)]


def xlsx(folder: Path) -> list[Seed]:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory) as book:
        cover, sheet = book.add_worksheet("Bìa"), book.add_worksheet("Thôn bản")
        cover.write(0, 0, "Ghi chú")
        for i, row in enumerate((HEADINGS, *ROWS)):
            sheet.write_row(i + 1, 0, row)
        sheet.merge_range(0, 0, 0, 4, "DANH SÁCH")
        sheet.write_formula(5, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 4, "=21+0.3", None, 21.3)
        sheet.write_row(5, 0, ("v4", "Bản Púng"))
        sheet.write_datetime(5, 6, datetime.date(2026, 1, 1), book.add_format({"num_format": "d/m/yy"}))
    return [Seed("villages", {"v.xlsx": repacked(memory.getvalue())})]


_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def ods(folder: Path) -> list[Seed]:
    def cell(value: Any) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in (HEADINGS, *ROWS))
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Thôn">{rows}<table:table-row table:number-rows-repeated="9"><table:table-cell '
        'table:number-columns-repeated="9"/></table:table-row></table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
    return [Seed("villages", {"v.ods": repacked(memory.getvalue())})]


def xls(folder: Path) -> list[Seed]:
    """Written by LibreOffice, for nothing in Python writes it; none where that is missing."""
    office = shutil.which("soffice")
    if office is None:
        return []
    (folder / "v.xlsx").write_bytes(xlsx(folder)[0].files["v.xlsx"])
    home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "xls", "--outdir", str(folder), str(folder / "v.xlsx")]
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    made = folder / "v.xls"
    return [Seed("villages", {"v.xls": made.read_bytes()})] if made.exists() else []


def vector(suffix: str, *layers: str, **options: Any) -> Callable[[Path], list[Seed]]:
    """Return a maker of the layers in a format that GDAL writes."""

    def make(folder: Path) -> list[Seed]:
        seeds = []
        for layer in layers:
            place = folder / f"{suffix}-{layer}"
            place.mkdir()
            driver = {"kml": "KML", "gpx": "GPX"}.get(suffix)
            frame = FRAMES[layer]()
            if suffix == "gpx":
                frame = frame[["name", "geometry"]]
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00Z"})
            pyogrio.write_dataframe(frame, place / f"v.{suffix}", driver=driver, layer="v", **options)
            first = place / f"v.{suffix}"
            rest = sorted(file for file in place.iterdir() if file != first)
            seeds.append(Seed(layer, {file.name: file.read_bytes() for file in (first, *rest)}))
        return seeds

    return make


def zipped(folder: Path) -> list[Seed]:
    made = vector("shp", "villages", "communes", DBF_DATE_LAST_UPDATE="2026-01-01")(folder)
    return [Seed(seed.layer, {"v.zip": _zip(seed.files)}) for seed in made]


def kmz(folder: Path) -> list[Seed]:
    table = "<![CDATA[<table><tr><td>Mã xã</td><td>03646</td></tr><tr><td>Số khẩu</td><td>180</td></tr></table>]]>"
    made = vector("kml", "villages", "roads")(folder)
    documents = [seed.files["v.kml"] for seed in made]
    documents[0] = documents[0].replace(b"</Placemark>", f"<description>{table}</description></Placemark>".encode())
    return [Seed(seed.layer, {"v.kmz": _zip({"doc.kml": text})}) for seed, text in zip(made, documents, strict=True)]


def _zip(files: Case) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return repacked(memory.getvalue())


def geojson(folder: Path) -> list[Seed]:
    def shape(kind: str, coordinates: Any, **values: Any) -> dict[str, Any]:
        return {"type": "Feature", "properties": values, "geometry": {"type": kind, "coordinates": coordinates}}

    ring = [[103.9, 21.3], [104.0, 21.3], [104.0, 21.4], [103.9, 21.4], [103.9, 21.3]]
    listed = {
        "villages": [shape("Point", [103.91, 21.31], name="Bản Mòng", so_ho=40), shape("Polygon", [ring], name="Hụm")],
        "roads": [shape("LineString", ring[:3], name="QL6"), shape("MultiLineString", [ring[:2]], name="a")],
        "communes": [shape("Polygon", [ring], code="03646", name="Tô Hiệu"), shape("MultiPolygon", [[ring]], code="1")],
    }
    texts: dict[str, dict[str, Any]] = {
        layer: {"type": "FeatureCollection", "features": rows} for layer, rows in listed.items()
    }
    texts["villages"]["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::9206"}}
    return [Seed(layer, {"v.geojson": json.dumps(text, ensure_ascii=False).encode()}) for layer, text in texts.items()]


def parquet(folder: Path) -> list[Seed]:
    villages().to_parquet(folder / "a.parquet")
    roads().to_parquet(folder / "b.parquet", compression=None)
    villages().drop(columns="geometry").assign(lon=103.9, lat="21.3").to_parquet(folder / "c.parquet")
    layers = {"a": "villages", "b": "roads", "c": "villages"}
    return [Seed(layer, {"v.parquet": (folder / f"{name}.parquet").read_bytes()}) for name, layer in layers.items()]


def terrain(folder: Path, suffix: str, side: int = 24, **profile: Any) -> Case:
    """Return a raster of heights around the villages."""
    heights = np.add.outer(np.arange(side), np.arange(side)).astype("float32" if suffix != "hgt" else "int16")
    file = folder / ("N21E103.hgt" if suffix == "hgt" else f"t.{suffix}")
    step = 1 / (side - 1)
    place = Affine(step, 0, 103 - step / 2, 0, -step, 22 + step / 2)
    settings = {"driver": None, "width": side, "height": side, "count": 1, "dtype": heights.dtype, "crs": "EPSG:4326"}
    with rasterio.open(file, "w", **{**settings, "transform": place, **profile}) as dataset:
        dataset.write(heights, 1)
    return {file.name: file.read_bytes()}


def geotiff(folder: Path) -> list[Seed]:
    forms: list[dict[str, Any]] = [
        {}, {"compress": "deflate", "predictor": 3}, {"tiled": True, "blockxsize": 16, "blockysize": 16},
        {"compress": "lzw", "nodata": -32768}, {"BIGTIFF": "YES"}, {"crs": "EPSG:9206"},
    ]  # fmt: skip
    return [Seed("terrain", terrain(folder, "tif", **form)) for form in forms]


def hgt(folder: Path) -> list[Seed]:
    return [Seed("terrain", terrain(folder, "hgt", 1201, driver="SRTMHGT"))]


def asc(folder: Path) -> list[Seed]:
    case = terrain(folder, "asc", driver="AAIGrid", crs=None)
    wkt = rasterio.crs.CRS.from_epsg(4326).to_wkt(version="WKT1_ESRI")
    return [Seed("terrain", {**case, "t.prj": wkt.encode()})]


def vrt(folder: Path) -> list[Seed]:
    tile = terrain(folder, "tif")
    text = (
        '<VRTDataset rasterXSize="24" rasterYSize="24"><SRS>EPSG:4326</SRS>'
        "<GeoTransform>103.0, 0.043478, 0.0, 22.0, 0.0, -0.043478</GeoTransform>"
        '<VRTRasterBand dataType="Float32" band="1"><NoDataValue>-9999</NoDataValue><SimpleSource>'
        '<SourceFilename relativeToVRT="1">t.tif</SourceFilename><SourceBand>1</SourceBand>'
        '<SrcRect xOff="0" yOff="0" xSize="24" ySize="24"/><DstRect xOff="0" yOff="0" xSize="24" ySize="24"/>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )
    return [Seed("terrain", {"t.vrt": text.encode(), **tile})]


def pattern(folder: Path) -> list[Seed]:
    cut = "\n".join(f"{angle} {angle % 30}.5" for angle in range(12))
    text = f"NAME X742215\nFREQUENCY 1710-2170\nGAIN 17.5 dBi\nHORIZONTAL 12\n{cut}\nVERTICAL 12\n{cut}\n"
    return [Seed("antennas", {"a.msi": text.encode()})]


def settings(folder: Path) -> list[Seed]:
    text = """\
threads = 2
[study]
name = "Sơn La"
as_of = 2026-07-01
out = "maps"
[layers]
communes = "c.gpkg"
villages = "v.csv"
sites = "s.csv"
terrain = ["a.tif", "b.tif"]
[columns.villages]
households = "Số hộ"
[crs]
villages = "EPSG:9206"
[technologies.4g]
freq_mhz = 1800.0
[radio]
clutter_m = { 10 = 20.0 }
[costs]
new_site_usd = { low = 1, central = 2, high = 3 }
[planning]
heights_m = [36, 42]
"""
    return [Seed("study", {"coverage.toml": text.encode()})]
