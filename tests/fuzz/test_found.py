"""Every way of breaking a file that was found to break its reader, in its smallest form."""

import json
import tracemalloc
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyproj import CRS

from coverage.errors import LayerError
from coverage.layers import check_layers
from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft
from coverage.layers.position.reference import shift_unknown
from coverage.layers.sources import features
from coverage.layers.sources.placemarks import with_descriptions
from coverage.layers.terrain import open_terrain
from coverage.layers.text import clean
from coverage.layers.values import to_flag
from tests.fuzz import seeds
from tests.fuzz.readers import fault_of_message, study_of
from tests.layers.conftest import features as geojson

POINT = {"type": "Point", "coordinates": [103.9, 21.3]}


def opened(file: Path, layer: str = "villages") -> Draft:
    return open_layer(study_of(file.parent, layer, file.name), layer)


def refused(file: Path, layer: str = "villages") -> str:
    with pytest.raises(LayerError) as caught:
        opened(file, layer)
    for problem in caught.value.problems:
        assert fault_of_message(str(problem)) is None
    return str(caught.value.problems[0])


def written(folder: Path, name: str, content: str | bytes) -> Path:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / name


def test_a_file_of_one_row_is_read_in_little_memory(tmp_path: Path) -> None:
    file = written(tmp_path, "v.geojson", geojson(({"name": "a"}, POINT)))
    opened(file)
    tracemalloc.start()
    try:
        opened(file)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_file_that_declares_more_cells_than_can_be_held_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "_MOST_CELLS", 3)
    file = written(tmp_path, "v.geojson", geojson(({"name": "a"}, POINT), ({"name": "b"}, POINT)))
    assert "2 rows, 4 cells" in refused(file)


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_table_of_thousands_of_columns_is_refused_at_once(tmp_path: Path, mark: str) -> None:
    assert "4,000 columns" in refused(written(tmp_path, "v.csv", mark.join("abcd" * 1000) + "\n1\n"))


def test_headings_are_said_in_a_line_of_bounded_length(tmp_path: Path) -> None:
    assert len(refused(written(tmp_path, "v.csv", f"{'a' * 9000},b\n1,2\n"))) < 2000


def test_markup_in_an_encoding_that_there_is_none_of_is_refused(tmp_path: Path) -> None:
    assert "encoding" in refused(written(tmp_path, "v.kml", '<?xml version="1.0" encoding="none-such"?><kml/>'))
    with zipfile.ZipFile(tmp_path / "v.xlsx", "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<?xml version="1.0" encoding="none-such"?><worksheet/>')
    assert "encoding" in refused(tmp_path / "v.xlsx")


def test_a_system_that_nothing_leads_to_wgs_84_from_has_no_known_shift() -> None:
    moon = CRS.from_wkt(
        'GEOGCS["Moon",DATUM["Moon",SPHEROID["Moon",1737400,0]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
    )
    assert shift_unknown(moon)


def test_reading_gml_leaves_nothing_beside_it(tmp_path: Path) -> None:
    seeds.villages().to_file(tmp_path / "v.gml", engine="pyogrio")
    (tmp_path / "v.xsd").unlink()
    assert len(opened(tmp_path / "v.gml").frame) == 3
    assert [file.name for file in tmp_path.iterdir()] == ["v.gml"]


def test_lists_and_records_in_cells_are_text(tmp_path: Path) -> None:
    table = pa.table({"name": ["a"], "lon": [103.9], "lat": [21.3], "dien": [["x", "y"]], "so_ho": [{"a": 1}]})
    pq.write_table(table, tmp_path / "v.parquet")
    assert {problem.column for problem in opened(tmp_path / "v.parquet").problems} == {"has_power", "households"}


def test_text_in_parquet_that_is_none_is_refused(tmp_path: Path) -> None:
    names = pa.array([b"a\xff"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"name": names, "lon": [103.9], "lat": [21.3]}), tmp_path / "v.parquet")
    assert "cannot be read" in refused(tmp_path / "v.parquet")


def test_half_a_letter_in_a_cell_is_no_letter() -> None:
    assert clean("a\ud800b") == "a\ufffdb"
    flags, bad = to_flag(pd.Series(["có", "c\ud800", None], dtype=object))
    assert flags.isna().tolist() == [False, True, True]
    assert bad.tolist() == [False, True, False]


def test_a_byte_order_mark_within_a_cell_of_a_table_by_bytes_is_no_table_of_its_own() -> None:
    cells = features._from_bytes(pd.Series(["\xff\xfea\xd8", "B\xb6n"], dtype=object))
    assert len(cells) == 2


def test_a_description_cannot_replace_the_shape_of_its_placemark() -> None:
    table = "<table><tr><td>geometry</td><td>x</td></tr><tr><td>so_ho</td><td>4</td></tr></table>"
    frame = gpd.GeoDataFrame({"Name": ["a"], "description": [table]}, geometry=[shapely.Point(103.9, 21.3)], crs=4326)
    read = with_descriptions(frame)
    assert read["so_ho"].tolist() == ["4"]
    assert read.geometry.x.tolist() == [103.9]


def test_a_description_of_many_rows_is_read_without_a_warning() -> None:
    rows = "".join(f"<tr><td>k{i}</td><td>{i}</td></tr>" for i in range(300))
    frame = pd.DataFrame({"Name": ["a"], "description": [f"<table>{rows}</table>"]})
    assert len(with_descriptions(frame).columns) == 301


def test_a_vrt_may_bear_the_name_of_its_tile(tmp_path: Path) -> None:
    for name, content in seeds.vrt(tmp_path)[0].files.items():
        written(tmp_path, name, content)
    assert open_terrain(study_of(tmp_path, "terrain", "t.vrt")).shape == (24, 24)


def test_a_commune_without_a_name_is_reported(tmp_path: Path, make_study: object) -> None:
    rows = json.loads(geojson(({"code": "03646", "name": None}, {"type": "Polygon", "coordinates": _RING})))
    study = make_study(communes=json.dumps(rows))  # type: ignore[operator]
    assert any("no value" in str(each) or "nothing" in str(each) for each in check_layers(study))


_RING = np.array([[[103.9, 21.3], [104.0, 21.3], [104.0, 21.4], [103.9, 21.4], [103.9, 21.3]]]).tolist()


def test_long_runs_of_letters_and_brackets_take_no_time(tmp_path: Path) -> None:
    name = written(tmp_path, "v.csv", f"name,lon,lat,{'(' * 100_000}\n{'A' * 100_000}ả,103.9,21.3,1\n")
    assert len(opened(name).frame) == 1


@pytest.mark.parametrize("wrong", ["1e308", "1e300", "-1e18"])
@pytest.mark.parametrize("layer", ["villages", "communes"])
def test_a_shape_with_a_corner_beyond_all_numbers_lies_nowhere(tmp_path: Path, layer: str, wrong: str) -> None:
    text = geojson(({"name": "a", "code": "03646"}, {"type": "Polygon", "coordinates": _RING}))
    draft = opened(written(tmp_path, "v.geojson", text.replace("104.0", wrong, 1)), layer)
    assert draft.frame.geometry.isna().all()


def test_a_system_that_cannot_be_reckoned_with_has_no_known_shift() -> None:
    degrees = 'GEOGCS["a",DATUM["a",SPHEROID["a",6378137,298]],PRIMEM["a",0],UNIT["a",WRONG]]'
    assert any(shift_unknown(CRS.from_wkt(degrees.replace("WRONG", unit))) for unit in ("0", "1e-300", "1e300", "-1"))
