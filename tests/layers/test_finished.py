"""Folders of finished runs, read back as they were written, and damaged in the ways that folders are."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from coverage.errors import LayerError
from coverage.layers.finished import read_finished
from tests.finished_runs import village, write_finished

TO_HIEU = "03646 Phường Tô Hiệu"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [village("03646-nam-1", "Bản Nậm", TO_HIEU, at=(103.91, 21.32), status="dead", has_power=True),
            village("03646-na-2", "Na", TO_HIEU, households=None)]  # fmt: skip
    shapes = gpd.GeoSeries([box(103.9, 21.3, 104, 21.4)], crs=4326)
    return write_finished(tmp_path / "maps", rows, [TO_HIEU], borders=shapes, definitions={"indoor_db": 10.0})


def test_what_was_written_is_read_back_with_its_types(folder: Path) -> None:
    run = read_finished(folder)
    assert list(run.villages["commune_code"]) == ["03646", "03646"]
    assert list(run.villages["name"]) == ["Bản Nậm", "Na"]
    assert list(run.villages["name_key"]) == ["nậm", "na"]
    assert list(run.villages["has_power"].fillna(False)) == [True, False]
    assert list(run.villages["households"].fillna(-1)) == [100, -1]
    assert list(run.villages["viettel_4g_dbm"].fillna(0)) == [0, -90]
    assert str(run.villages["any_4g_dbm"].dtype) == "float64"
    assert run.villages.crs.to_epsg() == 4326
    assert run.villages.geometry.iloc[0].x == 103.91
    assert run.villages.geometry.iloc[1] is None
    assert run.communes.geometry.iloc[0].area == pytest.approx(0.01)
    assert (run.as_of, run.in_service) == (datetime.date(2026, 10, 1), ("3g", "4g", "5g"))
    assert (run.crs, run.cell_m, run.definition_id) == ("EPSG:9206", 100.0, "vn-center-2024-modified")
    assert run.study.thresholds_dbm("4g") == (-95.0, -105.0)
    assert run.study.study.province == "Sơn La"


def test_a_folder_without_borders_or_villages_is_read(folder: Path) -> None:
    (folder / "coverage.gpkg").unlink()
    lines = (folder / "villages.csv").read_text(encoding="utf-8").splitlines()
    (folder / "villages.csv").write_text(lines[0] + "\n", encoding="utf-8")
    run = read_finished(folder)
    assert len(run.villages) == 0
    assert str(run.villages["households"].dtype) == "Int64"
    assert run.communes.geometry.isna().all()


def test_columns_and_settings_of_another_version_do_not_matter_where_they_are_not_needed(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["settings"]["radio"]["rain_mm"] = 5
    record["settings"]["future"] = {}
    record["settings"]["technologies"]["4g"]["mimo"] = 4
    del record["settings"]["fiber"]
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    text = (folder / "villages.csv").read_text(encoding="utf-8").splitlines()
    text[0] = text[0].replace("route_passes", "route_crosses")
    (folder / "villages.csv").write_text("\ufeff" + "\r\n".join(text), encoding="utf-8")
    run = read_finished(folder)
    assert run.villages["route_passes"].isna().all()
    assert run.study.fiber.served_m == 500


def _json(change: Callable[[dict], None]) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        change(record)
        (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")

    return act


def _replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return act


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "run.json").unlink(), "no run.json; expected the out folder of coverage analyze"),
        (lambda folder: (folder / "villages.csv").unlink(), r"villages\.csv: no such file beside run\.json"),
        (lambda folder: (folder / "communes.csv").write_bytes(b"\xff\xfe\x00"), r"communes\.csv: .*UTF-8"),
        (lambda folder: (folder / "communes.csv").write_bytes(b""), r"communes\.csv: no headings"),
        (lambda folder: (folder / "run.json").write_text("{"), r"run\.json: .* expected the record of a finished run"),
        (lambda folder: (folder / "run.json").write_text("[]"), r"run\.json: list instead of a record"),
        (lambda folder: (folder / "coverage.gpkg").write_bytes(b"x" * 99), r"coverage\.gpkg: .*remove it"),
        (_json(lambda record: record.pop("settings")), r"run\.json: no settings"),
        (_json(lambda record: record.update(settings=[])), r"run\.json: "),
        (_json(lambda record: record.update(as_of="soon")), r"run\.json: as_of = 'soon'"),
        (_json(lambda record: record.pop("grid")), r"run\.json: KeyError"),
        (_json(lambda record: record["settings"]["definitions"].update(indoor_db=-1)), "definitions.indoor_db"),
        (_replace("villages.csv", "status", "state"), r"villages\.csv: no column status"),
        (_replace("villages.csv", "reason", "status"), r"villages\.csv: no headings, or one twice"),
        (_replace("villages.csv", "dead", "gone"), r"row 2, column status: 'gone'; expected one of dead"),
        (_replace("villages.csv", ",100,", ",hundred,"), "row 2, column households: 'hundred'; expected a number"),
        (_replace("villages.csv", "03646-na-2", "03646-nam-1"), "column village_id: '03646-nam-1' more than once"),
        (_replace("villages.csv", "dead", "dead,"), r"villages\.csv: \d+ cells in row 2"),
    ],
)
def test_a_damaged_folder_is_refused_in_one_line_that_names_the_file(
    folder: Path, damage: Callable[[Path], None], message: str
) -> None:
    damage(folder)
    with pytest.raises(LayerError, match=message) as caught:
        read_finished(folder)
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="no such folder"):
        read_finished(tmp_path / "none")
