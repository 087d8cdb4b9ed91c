"""A study received from a stranger cannot lead its reader out of its folder, or make it run away."""

import http.server
import os
import struct
import threading
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from coverage.errors import LayerError, StudyError, without_password
from coverage.layers import check_layers, input_files, read_layers
from coverage.layers.sources.archives import check_archive
from coverage.layers.sources.delimited import read_delimited
from coverage.layers.sources.files import find_source
from coverage.layers.sources.markup import check_markup
from coverage.layers.sources.workbooks import check_workbook
from coverage.study import Study, load_study
from tests.layers.conftest import COMMUNES, VILLAGES, write_terrain
from tests.layers.test_sources import ods, text

MakeStudy = Callable[..., Study]
OUTSIDE = {"allow_outside": True}


def refused(study: Study, layer: str = "villages") -> str:
    with pytest.raises(LayerError) as caught:
        find_source(study, layer)
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "v.csv").write_text(VILLAGES, encoding="utf-8")
    return folder


@pytest.mark.parametrize("way", ["absolute", "dots", "link"])
def test_a_path_out_of_the_folder_is_refused_unless_allowed(
    make_study: MakeStudy, tmp_path: Path, elsewhere: Path, way: str
) -> None:
    path = {"absolute": elsewhere / "v.csv", "dots": Path(os.path.relpath(elsewhere / "v.csv", tmp_path))}.get(way)
    if path is None:
        (tmp_path / "link.csv").symlink_to(elsewhere / "v.csv")
        path = Path("link.csv")
    assert "outside the folder of the study" in refused(make_study(villages=path))
    assert "--allow-outside" in refused(make_study(villages=path))
    assert check_layers(make_study(villages=path, settings=OUTSIDE)) == []


def test_a_file_beside_a_shapefile_that_links_out_is_refused(
    make_study: MakeStudy, tmp_path: Path, elsewhere: Path
) -> None:
    import geopandas as gpd

    gpd.read_file(COMMUNES).to_file(tmp_path / "c.shp", engine="pyogrio")
    (tmp_path / "c.dbf").rename(elsewhere / "c.dbf")
    (tmp_path / "c.dbf").symlink_to(elsewhere / "c.dbf")
    assert "c.dbf beside it" in refused(make_study(communes=Path("c.shp")), "communes")


@pytest.mark.parametrize(
    "address", ["/vsicurl/http://127.0.0.1/v.csv", "/vsis3/b/v.csv", "http://127.0.0.1/v.csv", "postgresql://h/d#v"]
)
def test_an_address_is_refused_unless_allowed(make_study: MakeStudy, address: str) -> None:
    study = make_study(settings={"layers": {"villages": address, "communes": "c", "sites": "s", "terrain": "t"}})
    assert "an address outside the folder" in refused(study)


@pytest.mark.parametrize(
    "content",
    [
        "<OGRVRTDataSource><OGRVRTLayer><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        '<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1/</ServerUrl></Service></GDAL_WMS>',
        "<OGRWFSDataSource><URL>http://127.0.0.1/</URL></OGRWFSDataSource>",
        "<GDALTileIndexDataset><IndexDataset>/etc/x.gpkg</IndexDataset></GDALTileIndexDataset>",
        '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        "<SourceFilename>/vsicurl/http://127.0.0.1/a.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
    ],
)
@pytest.mark.parametrize("name", ["v.gpkg", "v.tif", "v.csv", "v.xml"])
def test_a_file_that_names_others_is_refused_whatever_its_ending(
    make_study: MakeStudy, tmp_path: Path, content: str, name: str
) -> None:
    (tmp_path / name).write_text(content)
    study = make_study(villages=Path(name), terrain=Path(name))
    assert "names other files or addresses" in refused(study)
    assert "names other files or addresses" in refused(study, "terrain")


def test_a_vrt_of_tiles_in_the_folder_is_read_and_one_that_leaves_it_is_not(
    make_study: MakeStudy, tmp_path: Path, elsewhere: Path
) -> None:
    write_terrain(tmp_path / "a.tif")
    write_terrain(elsewhere / "a.tif")
    text = (
        '<VRTDataset rasterXSize="140" rasterYSize="140"><SRS>EPSG:4326</SRS>'
        "<GeoTransform>103.88, 0.001, 0, 21.42, 0, -0.001</GeoTransform>"
        '<VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        '<SourceFilename relativeToVRT="{}">{}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>'
        "</VRTRasterBand></VRTDataset>"
    )
    (tmp_path / "t.vrt").write_text(text.format(1, "a.tif"))
    plain = read_layers(make_study())
    assert (read_layers(make_study(terrain=Path("t.vrt"))).terrain_m == plain.terrain_m).mean() > 0.9
    (tmp_path / "t.vrt").write_text(text.format(0, elsewhere / "a.tif"))
    assert "names other files" in refused(make_study(terrain=Path("t.vrt")), "terrain")


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()
        thread.join()


def test_a_file_that_refers_to_the_network_for_its_reference_system_asks_nobody(
    make_study: MakeStudy, server: tuple[str, list[str]]
) -> None:
    address, asked = server
    link = f'{{"type": "FeatureCollection", "crs": {{"type": "link", "properties": {{"href": "{address}/crs"}}}},'
    check_layers(make_study(communes=COMMUNES.replace('{"type": "FeatureCollection",', link, 1)))
    assert asked == []


def test_results_go_out_of_the_folder_only_when_asked(tmp_path: Path, elsewhere: Path) -> None:
    layers = '[layers]\ncommunes = "c"\nvillages = "v"\nsites = "s"\nterrain = "t"\n'
    (tmp_path / "coverage.toml").write_text(f'[study]\nout = "{elsewhere.as_posix()}"\n{layers}')
    with pytest.raises(StudyError, match="leads outside the folder"):
        _ = load_study(tmp_path).out
    assert load_study(tmp_path, allow_outside=True).out == elsewhere
    (tmp_path / "coverage.toml").write_text(f"allow_outside = true\n{layers}")
    with pytest.raises(StudyError, match="allow_outside is an unknown setting"):
        load_study(tmp_path)
    (tmp_path / "coverage.toml").write_text(layers)
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "signal").symlink_to(elsewhere)
    with pytest.raises(StudyError, match="leads outside the folder"):
        _ = load_study(tmp_path).out


def test_check_and_analyze_take_the_flag() -> None:
    from coverage.cli import cli

    for command in ("check", "analyze"):
        assert "--allow-outside" in CliRunner().invoke(cli, [command, "--help"]).output


def test_a_password_appears_nowhere(make_study: MakeStudy, tmp_path: Path) -> None:
    address = "postgresql://planner:p@ss:w0rd@127.0.0.1:9/db?connect_timeout=1#villages"
    paths = {"villages": address, "communes": "c", "sites": "s", "terrain": "t"}
    for settings in ({"layers": paths}, {"layers": paths, "allow_outside": True}):
        study = make_study(settings=settings)
        said = [*map(str, check_layers(study)), study.model_dump_json(), without_password(address)]
        assert not any("w0rd" in text or "p@ss" in text for text in said)
    (tmp_path / "coverage.toml").write_text(f'[layers]\nvillages = ["{address}"]\n')
    with pytest.raises(StudyError) as caught:
        load_study(tmp_path)
    assert "w0rd" not in str(caught.value)


def bomb(path: Path, megabytes: int, *, declared: int | None = None, title: str = "content.xml") -> None:
    """Write an archive of one member of blanks, which may declare another size than it has."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b"".join([*(pack.compress(b" " * 1_000_000) for _ in range(megabytes)), pack.flush()])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(title, content)
    data = bytearray(path.read_bytes())
    for signature, method, sizes in ((b"PK\x03\x04", 8, 18), (b"PK\x01\x02", 10, 20)):
        at = data.index(signature)
        data[at + method : at + method + 2] = struct.pack("<H", 8)
        declare = megabytes * 1_000_000 if declared is None else declared
        data[at + sizes : at + sizes + 8] = struct.pack("<II", len(content), declare)
    path.write_bytes(data)


@pytest.mark.parametrize("declared", [None, 1000])
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "kmz", "zip", "gpkg"])
def test_an_archive_that_unpacks_to_far_more_is_refused(
    make_study: MakeStudy, tmp_path: Path, suffix: str, declared: int | None
) -> None:
    bomb(tmp_path / f"v.{suffix}", 80, declared=declared)
    assert "an archive of 0.0" in refused(make_study(villages=Path(f"v.{suffix}")))


def test_an_archive_with_a_password_or_cut_short_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "v.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v.csv", VILLAGES)
    whole = (tmp_path / "v.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LayerError, match="a damaged archive"):
        check_archive(tmp_path / "cut.zip", name="cut.zip")


def test_a_two_gigabyte_line_is_refused_at_once_in_little_memory(tmp_path: Path) -> None:
    for size in (300_000_000, 2_000_000_000):
        with (tmp_path / "v.csv").open("wb") as file:
            file.truncate(size)
        tracemalloc.start()
        start = time.perf_counter()
        with pytest.raises(LayerError, match=r"a line of more than|MB"):
            read_delimited(tmp_path / "v.csv", name="v.csv", headings=set())
        assert time.perf_counter() - start < 5
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
        tracemalloc.stop()


def test_a_cell_at_the_far_corner_of_a_sheet_is_refused_and_formats_there_are_not(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Thôn/bản"])
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "v.xlsx")
    check_workbook(tmp_path / "v.xlsx", name="v.xlsx")
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "v.xlsx")
    with pytest.raises(LayerError, match="rows 1 and 1048576, columns 1 and 16384"):
        check_workbook(tmp_path / "v.xlsx", name="v.xlsx")


def test_a_text_that_stands_in_every_cell_of_a_sheet_is_refused(tmp_path: Path) -> None:
    far = ' table:number-columns-repeated="16384"'
    ods(
        tmp_path / "v.ods",
        f'<table:table-row table:number-rows-repeated="6000">{text("x" * 50, far)}</table:table-row>',
    )
    with pytest.raises(LayerError, match="letters or more"):
        check_workbook(tmp_path / "v.ods", name="v.ods")


def test_nested_and_self_expanding_markup_is_refused() -> None:
    deep = b"<a>" * 100_000
    with pytest.raises(LayerError, match="nested more than 256 deep"):
        list(check_markup([deep], name="v.kml"))
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    with pytest.raises(LayerError, match="entities of its own"):
        list(check_markup([entity], name="v.kml"))
    assert b"".join(check_markup([b"<a><b></a>", b"more"], name="v.kml")) == b"<a><b></a>more"


def test_deeply_nested_geojson_is_refused_in_one_line(make_study: MakeStudy) -> None:
    deep = '{"type": "FeatureCollection", "features": ' + "[" * 100_000 + "]" * 100_000 + "}"
    problems = check_layers(make_study(communes=deep))
    assert any("cannot be read" in problem.found for problem in problems if problem.file == "communes.geojson")


def test_every_tile_has_its_fingerprint(make_study: MakeStudy, tmp_path: Path) -> None:
    from affine import Affine

    (tmp_path / "tiles").mkdir()
    for i in range(2):
        write_terrain(tmp_path / "tiles" / f"{i}.tif", transform=Affine(0.001, 0, 103.88 + 0.14 * i, 0, -0.001, 21.42))
    study = make_study(terrain=Path("tiles"))
    assert [file.path for file in input_files(study) if file.layer == "terrain"] == ["tiles/0.tif", "tiles/1.tif"]
