"""The same villages come in from every format, written here from known content."""

import csv
import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from coverage.columns.inputs import INPUTS
from coverage.errors import LayerError
from coverage.layers.headings import known
from coverage.layers.sources import sheets
from coverage.layers.sources.files import Source
from coverage.layers.sources.raw_table import RawTable
from coverage.layers.sources.vector import read_vector
from tests.layers.conftest import VILLAGES

ROWS = list(csv.DictReader(io.StringIO(VILLAGES)))
NAMES = [row["name"] for row in ROWS]
POINTS = [(float(row["lon"]), float(row["lat"])) for row in ROWS]


def read(path: Path, layer: str = "villages", part: str | None = None) -> RawTable:
    return read_vector(Source(path.name, (path,), part), layer=layer, headings=known(INPUTS[layer], {}))


def column(table: RawTable, heading: str) -> list[Any]:
    return table.columns[table.headings.index(heading)].tolist()


def frame() -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(*zip(*POINTS, strict=True), crs=4326)
    households = [int(row["households"]) for row in ROWS]
    return gpd.GeoDataFrame({"name": NAMES, "households": households}, geometry=points)


@pytest.mark.parametrize(
    ("suffix", "form"),
    [
        ("gpkg", "GeoPackage"), ("geojson", "GeoJSON"), ("fgb", "FlatGeobuf"), ("shp", "shapefile"),
        ("tab", "MapInfo TAB"), ("mif", "MapInfo MIF"), ("gdb", "FileGDB"), ("gml", "GML"),
    ],
)  # fmt: skip
def test_a_vector_file_gives_its_names_and_points(tmp_path: Path, suffix: str, form: str) -> None:
    options = {"ENCODING": "UTF-8"} if suffix in ("tab", "mif") else {}
    frame().to_file(tmp_path / f"v.{suffix}", engine="pyogrio", **options)
    table = read(tmp_path / f"v.{suffix}")
    assert table.geometry is not None
    places = [(round(point.x, 6), round(point.y, 6)) for point in table.geometry]
    found = zip(column(table, "name"), map(int, column(table, "households")), places, strict=True)
    # A FlatGeobuf keeps its rows in an order of its own.
    assert sorted(found) == sorted(zip(NAMES, [40, 55, 30, 25], POINTS, strict=True))
    assert table.form == form


def test_geoparquet_and_plain_parquet(tmp_path: Path) -> None:
    frame().to_parquet(tmp_path / "v.parquet")
    pd.DataFrame(ROWS).to_parquet(tmp_path / "plain.parquet")
    shapes, plain = read(tmp_path / "v.parquet"), read(tmp_path / "plain.parquet")
    assert (shapes.form, plain.form) == ("GeoParquet", "Parquet")
    assert column(shapes, "name") == column(plain, "name") == NAMES
    assert shapes.geometry is not None
    assert plain.geometry is None


@pytest.mark.parametrize("declared", [None, "UTF-8", "ISO-8859-1", "1258"])
@pytest.mark.parametrize("suffix", ["shp", "dbf"])
def test_no_byte_of_a_dbf_is_lost_whatever_it_declares(tmp_path: Path, suffix: str, declared: str | None) -> None:
    # 0x81 and 0x90 mean nothing in cp1252; a reader that believes a wrong declaration drops them.
    content = bytes([0x53, 0xAC, 0x6E, 0x20, 0x4C, 0x61, 0x81, 0x90, 0xB5])
    gpd.GeoDataFrame({"name": ["X" * 9]}, geometry=[shapely.Point(104, 21)], crs=4326).to_file(tmp_path / "v.shp")
    dbf = tmp_path / "v.dbf"
    dbf.write_bytes(dbf.read_bytes().replace(b"X" * 9, content))
    (tmp_path / "v.cpg").unlink()
    if declared:
        (tmp_path / "v.cpg").write_text(declared)
    assert column(read(tmp_path / f"v.{suffix}"), "name") == ["S¬n La\x81\x90µ"]


def test_a_shapefile_without_a_declared_encoding_may_be_utf8(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "v.shp", engine="pyogrio")
    (tmp_path / "v.cpg").unlink()
    (tmp_path / "v.prj").unlink()
    table = read(tmp_path / "v.shp")
    assert column(table, "name") == NAMES
    assert table.geometry is not None
    assert table.geometry.crs is None


@pytest.mark.parametrize("suffix", ["tab", "mif"])
@pytest.mark.parametrize("charset", [b"Neutral", b"WindowsLatin1", b"WindowsVietnamese"])
def test_no_byte_of_a_mapinfo_table_is_lost(tmp_path: Path, suffix: str, charset: bytes) -> None:
    content = bytes([0x53, 0xAC, 0x6E, 0x20, 0x4C, 0x61, 0x81, 0x90, 0xB5])
    file = tmp_path / f"v.{suffix}"
    gpd.GeoDataFrame({"name": ["X" * 9]}, geometry=[shapely.Point(104, 21)], crs=4326).to_file(file)
    data = file.with_suffix(".dat" if suffix == "tab" else ".mid")
    data.write_bytes(data.read_bytes().replace(b"X" * 9, content))
    file.write_bytes(file.read_bytes().replace(b"Neutral", charset))
    assert column(read(file), "name") == ["S¬n La\x81\x90µ"]


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>d</name>
<Schema name="s" id="s"><SimpleField name="households" type="int"/></Schema>
<Folder><name>A</name><Placemark><name>Bản Mòng</name><ExtendedData><Data name="dien"><value>có</value></Data>
</ExtendedData><Point><coordinates>103.91,21.31,0</coordinates></Point></Placemark>
<Placemark><name>Bản Hụm</name><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="households">55</SimpleData>
</SchemaData></ExtendedData><Point><coordinates>103.92,21.35,0</coordinates></Point></Placemark></Folder>
<Folder><name>B</name><Placemark><name>Bản Cọ</name><description><![CDATA[<table><tr><th colspan="2">Bản Cọ</th></tr>
<tr><td>Số khẩu:</td><td>140</td></tr><tr><td>dien</td><td>không</td></tr></table>]]></description>
<Point><coordinates>103.96,21.33,0</coordinates></Point></Placemark>
<Placemark><name>một con đường</name><LineString><coordinates>103,21 104,22</coordinates></LineString></Placemark>
</Folder></Document></kml>"""


@pytest.mark.parametrize("suffix", ["kml", "kmz"])
def test_folders_of_google_earth_come_as_one_with_their_three_kinds_of_data(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"v.{suffix}"
    if suffix == "kml":
        file.write_text(KML, encoding="utf-8")
    else:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("doc.kml", KML)
    table = read(file)
    assert column(table, "Name") == ["Bản Mòng", "Bản Hụm", "Bản Cọ"]
    assert column(table, "dien")[0] == "có"
    assert column(table, "dien")[2] == "không"
    assert float(column(table, "households")[1]) == 55
    assert column(table, "Số khẩu")[2] == "140"
    assert "visibility" not in table.headings
    lines = read(file, layer="roads")
    assert column(lines, "Name") == ["một con đường"]


def test_gpx_waypoints_are_points_and_tracks_are_lines(tmp_path: Path) -> None:
    (tmp_path / "v.gpx").write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        '<wpt lat="21.31" lon="103.91"><name>Bản Mòng</name></wpt><trk><name>đường</name><trkseg>'
        '<trkpt lat="21" lon="103"/><trkpt lat="22" lon="104"/></trkseg></trk></gpx>',
        encoding="utf-8",
    )
    assert column(read(tmp_path / "v.gpx"), "name") == ["Bản Mòng"]
    assert column(read(tmp_path / "v.gpx", layer="roads"), "name") == ["đường"]


def test_a_zipped_shapefile(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "v.shp", engine="pyogrio")
    with zipfile.ZipFile(tmp_path / "v.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in tmp_path.glob("v.*"):
            if file.suffix != ".zip":
                archive.write(file, file.name)
    assert column(read(tmp_path / "v.zip"), "name") == NAMES


def test_a_layer_is_named_as_qgis_writes_it(tmp_path: Path) -> None:
    frame().iloc[:1].to_file(tmp_path / "v.gpkg", layer="old", engine="pyogrio")
    frame().to_file(tmp_path / "v.gpkg", layer="new", engine="pyogrio")
    assert column(read(tmp_path / "v.gpkg", part="old"), "name") == NAMES[:1]
    assert column(read(tmp_path / "v.gpkg", part="new"), "name") == NAMES


def book(path: Path, rows: list[list[Any]], title: str = "Danh sách") -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = title
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)


def test_a_heading_in_two_rows_takes_the_lower_and_fills_its_blanks_from_above(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["DANH SÁCH THÔN, BẢN NĂM 2025"],
        ["STT", "Thôn/bản", "Tọa độ", None, "Số hộ"],
        [None, None, "Kinh độ", "Vĩ độ", None],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        [1, "Bản Mòng", 103.91, 21.31, 40],
    ]
    book(tmp_path / "v.xlsx", rows)
    table = read(tmp_path / "v.xlsx")
    assert table.headings == ["STT", "Thôn/bản", "Kinh độ", "Vĩ độ", "Số hộ"]
    assert (table.heading_row, table.rows.tolist(), table.form) == (3, [5], "XLSX, sheet 'Danh sách'")
    assert column(table, "Thôn/bản") == ["Bản Mòng"]


def test_a_formula_gives_its_stored_value_and_never_itself(tmp_path: Path) -> None:
    book(tmp_path / "v.xlsx", [["Thôn/bản", "Số hộ"], ["A", "=1+1"], ["B", 7]])
    assert column(read(tmp_path / "v.xlsx"), "Số hộ") == ["", 7]  # openpyxl stores no value beside a formula


ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>
<table:table table:name="Trang 1">{}</table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(path: Path, rows: str) -> None:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        entry = f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{space}">{entry}</m:manifest>')
        archive.writestr("content.xml", ODS.format(rows))


def text(value: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{value}</text:p></table:table-cell>'


def test_an_ods(tmp_path: Path) -> None:
    rows = [["Thôn/bản", "Số hộ"], ["Bản Mòng", "40"]]
    ods(tmp_path / "v.ods", "".join(f"<table:table-row>{''.join(map(text, row))}</table:table-row>" for row in rows))
    table = read(tmp_path / "v.ods")
    assert (column(table, "Thôn/bản"), table.form) == (["Bản Mòng"], "ODS, sheet 'Trang 1'")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="an XLS is written by LibreOffice, which is not here")
def test_an_xls_of_an_old_office(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["DANH SÁCH THÔN, BẢN"], ["Thôn/bản", "Mã xã", "Số hộ"], ["Bản Mòng", "03646", 40]):
        book.active.append(row)
    book.save(tmp_path / "v.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", tmp_path, tmp_path / "v.xlsx"]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    table = read(tmp_path / "v.xls")
    assert (column(table, "Thôn/bản"), column(table, "Mã xã")) == (["Bản Mòng"], ["03646"])
    assert (table.heading_row, table.form.split(",")[0]) == (2, "XLS")


@pytest.mark.parametrize(("mark", "said"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_delimited_file_says_how_it_was_read(tmp_path: Path, mark: str, said: str, encoding: str) -> None:
    (tmp_path / "v.csv").write_bytes(VILLAGES.replace(",", mark).encode(encoding))
    table = read(tmp_path / "v.csv")
    assert column(table, "name") == NAMES
    kind = "TSV" if mark == "\t" else "CSV"
    assert table.form == f"{kind}, {'UTF-16' if '16' in encoding else 'UTF-8'}, {said}"
    assert table.heading_row == 1


def test_headings_in_tcvn3_are_found(tmp_path: Path) -> None:
    # "Tên thôn,Kinh độ,Vĩ độ,Số hộ" as a font of TCVN3 keeps it.
    content = b"T\xaan th\xabn,Kinh \xae\xe9,V\xdc \xae\xe9,S\xe8 h\xe9\r\nB\xb6n M\xdfng,103.91,21.31,40\r\n"
    (tmp_path / "v.csv").write_bytes(content)
    assert read(tmp_path / "v.csv").headings == ["Tên thôn", "Kinh độ", "Vĩ độ", "Số hộ"]


def test_dates_are_text(tmp_path: Path) -> None:
    import datetime

    dated = frame()
    dated["ngay"] = pd.to_datetime(["2025-07-01"] * 4)
    dated.to_file(tmp_path / "v.gpkg", engine="pyogrio")
    assert str(column(read(tmp_path / "v.gpkg"), "ngay")[0]).startswith("2025-07-01")
    book(tmp_path / "v.xlsx", [["Thôn/bản", "Ngày"], ["A", datetime.datetime(2025, 7, 1)]])
    assert column(read(tmp_path / "v.xlsx"), "Ngày") == ["2025-07-01"]


def test_an_xls_that_ends_its_reader_is_refused_and_ends_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_TRIAL", "import os; os.abort()")
    (tmp_path / "v.xls").write_bytes(b"anything")
    with pytest.raises(LayerError, match="so broken that its reader ends"):
        read(tmp_path / "v.xls")
