import csv
import io
import json
import shutil
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import rasterio
from click.testing import CliRunner, Result

from coverage.cli import cli
from tests.end_to_end import country

CONTRACT = [
    "communes.csv", "communes/03646.png", "communes/03664.png", "coverage.gpkg", "coverage.kmz", "coverage_map.html",
    "fiber_plan.csv", "former_communes.csv", "indicators.csv", "ranked_sites.csv", "report.docx", "report.html",
    "run.json",
    *(
        f"signal/{name}.tif"
        for name in sorted(
            folder + pair
            for folder in ("", "class/", "overlap/", "second/", "server/")
            for pair in ("any_2g", "any_4g", "viettel_4g", "vnpt_2g")
        )
    ),
    "switch_offs.csv", "uncovered_villages.csv", "uncovered_villages.xlsx", "village_statuses.csv", "villages.csv",
]  # fmt: skip


def analyze(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["analyze", str(folder), *options])


def table(file: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding=encoding))))


def written(out: Path) -> dict[str, bytes]:
    return {str(file.relative_to(out)): file.read_bytes() for file in sorted(out.rglob("*")) if file.is_file()}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("country")
    country.build(folder)
    done = analyze(folder)
    assert done.exit_code == 0, done.output
    return folder / "maps", done


def test_every_file_of_the_contract_is_there_and_nothing_else(run: tuple[Path, Result]) -> None:
    assert sorted(written(run[0])) == CONTRACT


def test_every_village_has_the_status_counted_by_hand(run: tuple[Path, Result]) -> None:
    villages = table(run[0] / "villages.csv")
    assert {row["village_id"]: (row["status"], row["reason"]) for row in villages} == country.STATUS
    assert [row["village_id"] for row in villages if row["to_verify"] == "true"] == ["03664-b-4"]


def test_communes_and_indicators_are_the_counts_made_by_hand(run: tuple[Path, Result]) -> None:
    communes = {row["commune_code"]: row for row in table(run[0] / "communes.csv")}
    keys = ("villages", "dead", "weak", "covered", "not_assessed", "households", "households_covered")
    assert [communes["03646"][key] for key in keys] == ["5", "2", "1", "1", "1", "230", "130"]
    assert [communes["03664"][key] for key in keys] == ["5", "1", "2", "2", "0", "540", "520"]
    shares = {
        (row["indicator"], row["technology"], row["operator"]): row
        for row in table(run[0] / "indicators.csv")
        if row["area"] == "Tỉnh Nhỏ"
    }
    headline = shares["villages_with_signal", "3g+4g+5g", "any"]
    assert (headline["numerator"], headline["denominator"], headline["percent"]) == ("6", "9", "66.67")
    assert shares["villages_with_technology", "2g", "any"]["numerator"] == "1"
    assert shares["stations", "", "any"]["numerator"] == "3"
    assert {row["definition_id"] for row in shares.values()} == {"vn-center-2024"}


def test_the_official_list_holds_the_dead_before_the_weak_under_vietnamese_headings(run: tuple[Path, Result]) -> None:
    raw = (run[0] / "uncovered_villages.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = table(run[0] / "uncovered_villages.csv", "utf-8-sig")
    assert [row["Tình trạng (trắng/lõm)"] for row in rows] == ["trắng"] * 3 + ["lõm"] * 3
    assert {row["Mã xã"] for row in rows} == {"03646", "03664"}
    book = openpyxl.load_workbook(run[0] / "uncovered_villages.xlsx")
    assert {"Trắng sóng", "Lõm sóng"} <= set(book.sheetnames)


def test_what_to_build_reaches_exactly_the_households_that_lack_signal(run: tuple[Path, Result]) -> None:
    ranked = table(run[0] / "ranked_sites.csv")
    lacking = 20 + 30 + 40 + 12 + 8  # a-2's far housing, a-3, a-4, b-3's cluster, b-4's rest; a-5 has no place
    assert int(ranked[-1]["cumulative_households"]) == lacking
    assert ranked[0]["kind"] in {"upgrade", "new"}
    assert {"M2"} & {row["site_id"] for row in ranked if row["kind"] == "upgrade"}
    assert sum(int(row["new_households"]) for row in ranked) == lacking


def test_rasters_and_geopackage_open_in_the_right_place(run: tuple[Path, Result]) -> None:
    with rasterio.open(run[0] / "signal" / "any_4g.tif") as raster:
        assert raster.crs.to_epsg() == 9206
        x, y = country.metres(12.6, 9.0)
        (level,) = (next(raster.sample([(x, y)])) * raster.scales[0] + raster.offsets[0],)
        assert -70 < level[0] < -60
    villages = gpd.read_file(run[0] / "coverage.gpkg", layer="villages")
    assert villages.crs.to_epsg() == 4326
    assert len(villages) == 10


def test_the_run_is_on_record(run: tuple[Path, Result]) -> None:
    record = json.loads((run[0] / "run.json").read_text(encoding="utf-8"))
    text = json.dumps(record)
    assert "2026-10-01" in text
    assert "vn-center-2024" in text
    for name in ("villages.csv", "bts.csv", "terrain.tif"):
        assert name in text


def test_the_closing_table_says_the_headline(run: tuple[Path, Result]) -> None:
    assert "66,67" in run[1].output
    assert "coverage_map.html" in run[1].output


def test_a_second_run_on_one_thread_gives_the_same_bytes(run: tuple[Path, Result], tmp_path: Path) -> None:
    first = written(run[0])
    again = tmp_path / "again"
    shutil.copytree(run[0].parent, again, ignore=shutil.ignore_patterns("maps"))
    toml = again / "coverage.toml"
    toml.write_text("threads = 1\n" + toml.read_text(encoding="utf-8"), encoding="utf-8")
    assert analyze(again).exit_code == 0
    second = written(again / "maps")
    assert sorted(second) == CONTRACT
    assert [name for name in CONTRACT if first[name] != second[name]] == ["run.json"]


def test_before_the_switch_off_2g_counts_and_the_papers_can_be_english(tmp_path: Path) -> None:
    country.build(tmp_path)
    done = analyze(tmp_path, "--as-of", "2026-09-15", "--language", "en")
    assert done.exit_code == 0, done.output
    status = {row["village_id"]: row["status"] for row in table(tmp_path / "maps" / "villages.csv")}
    assert status["03646-a-3"] == "covered"
    assert "Status (dead/weak)" in table(tmp_path / "maps" / "uncovered_villages.csv", "utf-8-sig")[0]


def test_from_python_the_result_has_frames_and_rasters_that_open(tmp_path: Path) -> None:
    from coverage import analyze, load_study

    result = analyze(load_study(country.build(tmp_path)))
    assert isinstance(result.villages, gpd.GeoDataFrame)
    assert result.uncovered_villages["status"].tolist().count("dead") == 3
    with result.open_raster("any", "4g") as raster:
        assert raster.shape == (200, 300)
