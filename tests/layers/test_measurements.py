import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from coverage.calibration_result import Measurements
from coverage.errors import LayerError
from coverage.layers.measurements import read_measurements
from coverage.result import Layers
from tests.worlds import CRS_M, NORTH, WEST, cell, layers, study

NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
TO_DEGREES = Transformer.from_crs(CRS_M, "EPSG:4326", always_xy=True)
HEAD = "time,operator,technology,lon,lat,rsrp"


def world() -> Layers:
    terrain = np.full((40, 40), 500, np.float32)
    terrain[0] = np.nan
    cells = [
        cell(WEST + 2050, NORTH - 2050),
        cell(WEST + 50, NORTH - 2050, cell_id="A2", technology="2g", bandwidth_mhz=0.2),
        cell(WEST + 50, NORTH - 2050, cell_id="A3", technology="3g", bandwidth_mhz=5.0),
    ]
    return layers(cells=cells, terrain_m=terrain)


def at(row: int = 20, col: int = 20) -> str:
    lon, lat = TO_DEGREES.transform(WEST + 100 * col + 50, NORTH - 100 * row - 50)
    return f"{lon:.6f},{lat:.6f}"


def good(**changes: str) -> str:
    cells = {"time": "2026-03-31 14:05:00", "operator": "Viettel", "technology": "LTE", "place": at(), "level": "-95"}
    return ",".join((cells | changes).values())


def read(folder: Path, *rows: str, head: str = HEAD, where: Layers | None = None) -> Measurements:
    (folder / "drive.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    settings = study().model_copy(update={"folder": folder}).with_layer("measurements", str(folder / "drive.csv"))
    return read_measurements(settings, where or world(), now=NOW)


def kinds(found: Measurements) -> dict[str, int]:
    return {problem.kind: problem.rows for problem in found.problems}


def test_a_reading_comes_under_the_names_of_the_sites_in_the_system_of_the_grid(tmp_path: Path) -> None:
    found = read(tmp_path, good(), good(operator="VTL", technology="4G", level="-101.5"))
    assert found.table["operator"].tolist() == ["viettel", "viettel"]
    assert found.table["technology"].tolist() == ["4g", "4g"]
    assert found.table["level_dbm"].tolist() == [-95.0, -101.5]
    assert found.table.crs.equals(CRS_M)
    np.testing.assert_allclose(found.table.geometry.x, WEST + 2050, atol=0.2)
    assert (found.rows, found.problems, found.file.path) == (2, (), "drive.csv")


def test_vietnamese_headings_decimal_commas_and_the_technology_in_the_heading_are_understood(tmp_path: Path) -> None:
    lon, lat = at().split(",")
    head = "Thời gian;Nhà mạng;Kinh độ;Vĩ độ;RSRP (dBm)"
    row = f"31/03/2026 14:05;Viettel;{lon.replace('.', ',')};{lat.replace('.', ',')};-97,5"
    found = read(tmp_path, row, head=head)
    assert found.table[["technology", "level_dbm"]].to_numpy().tolist() == [["4g", -97.5]]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (good(level="95"), "positive_level"),
        (good(level="-200"), "out_of_range"),
        (good(level=""), "missing_value"),
        (good(level="strong"), "not_a_number"),
        (good(place=","), "no_point"),
        (good(place=at(row=0)), "outside_terrain"),
        (good(place="105.0,20.0"), "outside_terrain"),
        (good(time="2031-01-01 00:00:00"), "future_time"),
        (good(time="01/02/2031"), "future_time"),
        (good(time="1924992000"), "future_time"),
        (good(technology="6G"), "unknown_technology"),
        (good(technology="5G"), "unnamed_operator"),
        (good(operator="Mobifone"), "unnamed_operator"),
        (good(), "repeated_row"),
    ],
)
def test_what_cannot_be_compared_is_left_out_and_said_with_its_row(tmp_path: Path, bad: str, kind: str) -> None:
    found = read(tmp_path, good(), bad)
    assert len(found.table) == 1
    (problem,) = (one for one in found.problems if one.kind == kind)
    assert problem.at == (3,)
    assert not problem.fatal


@pytest.mark.parametrize(
    ("column", "fine", "bad"),
    [("height_m", "1.5", "300"), ("altitude_m", "560", "9800"), ("speed", "80", "780"), ("accuracy", "20", "500")],
)
def test_a_reading_from_a_plane_or_of_an_unsure_place_is_left_out(
    tmp_path: Path, column: str, fine: str, bad: str
) -> None:
    found = read(tmp_path, f"{good()},{fine}", f"{good(place=at(25))},{bad}", head=f"{HEAD},{column}")
    assert len(found.table) == 1
    assert kinds(found) == {"inaccurate" if column == "accuracy" else "from_above": 1}


def test_asu_is_converted_where_programs_agree_on_it_and_left_out_elsewhere(tmp_path: Path) -> None:
    head = "operator,technology,lon,lat,asu"
    rows = [
        f"viettel,{technology},{at()},{asu}" for technology, asu in (("4g", 45), ("2g", 10), ("3g", 20), ("2g", 99))
    ]
    found = read(tmp_path, *rows, head=head)
    # TS 36.133: -140 + 45; TS 27.007: -113 + 2 x 10. 99 is "not known".
    assert found.table["level_dbm"].tolist() == [-95.0, -93.0]
    said = [problem for problem in found.problems if problem.kind == "asu_converted"]
    assert [problem.at for problem in said] == [(3,), (2,)]
    assert "read as -140 + ASU dBm" in str(said[1])
    assert kinds(found)["asu_unknown"] == 2


def test_names_of_cells_that_the_sites_lack_are_emptied_and_said(tmp_path: Path) -> None:
    found = read(tmp_path, f"{good()},A1", f"{good(place=at(21))},Z9", head=f"{HEAD},cell_id")
    assert found.table["cell_id"].fillna("").tolist() == ["A1", ""]
    assert kinds(found) == {"unknown_cell": 1}


def test_where_nothing_is_left_the_commonest_reason_comes_first(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"3 rows \(first: 2\).* a level of 95, which is no negative") as error:
        read(tmp_path, good(level="95"), good(level="101"), good(level="88"), good(operator="x"))
    assert "none of 4 readings can be used" in str(error.value)


@pytest.mark.parametrize(
    ("head", "row", "match"),
    [
        ("operator,technology,rsrp", "viettel,4g,-95", "column lon: no such heading"),
        ("technology,lon,lat,rsrp", f"4g,{at()},-95", "column operator: no such heading"),
        ("operator,technology,lon,lat", f"viettel,4g,{at()}", "no column of levels"),
        ("operator,lon,lat,level", f"viettel,{at()},-95", "no column technology, and the heading of the level"),
        ("operator,lon,lat,rsrp,rscp", f"viettel,{at()},-95,-90", "'rsrp', 'rscp' could be level_dbm"),
    ],
)
def test_a_file_that_lacks_what_every_reading_needs_is_refused(tmp_path: Path, head: str, row: str, match: str) -> None:
    with pytest.raises(LayerError, match=match):
        read(tmp_path, row, head=head)


def test_metres_of_vn2000_are_told_by_the_communes_or_refused(tmp_path: Path) -> None:
    head = "operator,technology,x,y,rsrp"
    with pytest.raises(LayerError) as error:
        read(tmp_path, f"viettel,4g,{WEST + 2050},{NORTH - 2050},-95", head=head)
    assert "EPSG" in str(error.value)
    settings = study(crs={"measurements": "EPSG:9206"}).model_copy(update={"folder": tmp_path})
    found = read_measurements(settings.with_layer("measurements", str(tmp_path / "drive.csv")), world(), now=NOW)
    np.testing.assert_allclose(found.table.geometry.y, NORTH - 2050, atol=0.01)


def test_many_rows_read_by_columns_are_those_read_one_by_one(tmp_path: Path) -> None:
    rows = [good(place=at(row, col), level=f"-{90 + row}") for row in range(1, 20) for col in range(20)]
    rows[5:5] = ["", good(level="n/a"), good(place='"103°48\'00"",21°30\'00"""')]
    plain = read(tmp_path, *rows)
    long_way = read(tmp_path, *rows, f"{good()},one cell too many")
    assert len(plain.table) == 380
    assert len(long_way.table) == 380 + 1
    assert plain.table["level_dbm"].tolist() == long_way.table["level_dbm"].tolist()[:-1]
    assert kinds(plain) | {"extra_cells": 1} == kinds(long_way)
    assert replace(plain.file, sha256="", bytes=0) == replace(long_way.file, sha256="", bytes=0)
