"""What a study says about antennas, buildings and voids, from its files to its papers, in a country on flat ground."""

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from click.testing import CliRunner

from coverage import analyze, load_study
from coverage.cli import cli
from coverage.radio.indoor import indoor_loss_db
from tests.end_to_end import country

AHEAD_DEG, ASIDE_DB = 30, 25
M1, M3 = (100, 126), (100, 250)
"""Row and column of the masts with 4G; the pixels are 100 m."""


def add(folder: Path, settings: str) -> None:
    with (folder / "coverage.toml").open("a", encoding="utf-8") as file:
        file.write(settings)


def run(folder: Path) -> Path:
    done = CliRunner().invoke(cli, ["analyze", str(folder)])
    assert done.exit_code == 0, done.output
    return folder / "maps"


def level_dbm(out: Path, name: str) -> np.ndarray:
    with rasterio.open(out / f"signal/{name}.tif") as raster:
        return raster.scales[0] * raster.read(1, masked=True).astype(float).filled(np.nan) + raster.offsets[0]


def narrow_pattern() -> str:
    """Full strength within 30 degrees of the boresight, 25 dB less everywhere else, whatever the elevation."""
    cut = "\n".join(f"{deg} {0 if min(deg, 360 - deg) <= AHEAD_DEG else ASIDE_DB}" for deg in range(360))
    flat = "\n".join(f"{deg} {0 if deg <= 90 or deg >= 270 else ASIDE_DB}" for deg in range(360))
    return f"NAME narrow\nFREQUENCY 1800\nGAIN 20 dBi\nHORIZONTAL 360\n{cut}\nVERTICAL 360\n{flat}\n"


def test_two_cells_with_a_narrow_pattern_differ_by_it_between_boresight_and_side(tmp_path: Path) -> None:
    country.build(tmp_path)
    heading, *masts = (tmp_path / "bts.csv").read_text(encoding="utf-8").splitlines()
    turned = {"M1": "90,Narrow", "M2": ",", "M3": "0,narrow.msi"}
    rows = [f"{heading},Góc phương vị,Anten", *(f"{mast},{turned[mast[:2]]}" for mast in masts)]
    (tmp_path / "bts.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "antennas").mkdir()
    (tmp_path / "antennas/narrow.msi").write_text(narrow_pattern())
    (tmp_path / "antennas/unused.msi").write_text("nobody reads this")
    settings = tmp_path / "coverage.toml"
    text = settings.read_text(encoding="utf-8").replace("[layers]", '[layers]\nantennas = "antennas"')
    text += "[definitions.classes_dbm]\n4g = { weak = -150.0 }\n"  # or no cell would reach so far aside
    settings.write_text(text, encoding="utf-8")
    out = run(tmp_path)
    level = level_dbm(out, "viettel_4g")
    for (row, col), (ahead_row, ahead_col) in ((M1, (0, 15)), (M3, (-15, 0))):
        ahead = level[row + ahead_row, col + ahead_col]
        for side in ((-ahead_col, ahead_row), (ahead_col, -ahead_row), (-ahead_row, -ahead_col)):
            assert ahead - level[row + side[0], col + side[1]] == pytest.approx(ASIDE_DB, abs=0.3)
    inputs = json.loads((out / "run.json").read_text(encoding="utf-8"))["inputs"]
    digest = hashlib.sha256((tmp_path / "antennas/narrow.msi").read_bytes()).hexdigest()
    used = [(file["path"], file["sha256"]) for file in inputs if file["layer"] == "antennas"]
    assert used == [("antennas/narrow.msi", digest)]


def test_inside_buildings_levels_statuses_and_papers_agree(tmp_path: Path) -> None:
    outdoors = analyze(load_study(country.build(tmp_path)))
    add(tmp_path, '\n[radio]\nbuilding = "traditional"\nlocation_percent = 75\n')
    out = run(tmp_path)
    costs_db = indoor_loss_db(freq_mhz=1800.0, percent=75, building="traditional", location_sigma_db=5.5)
    lower_db = outdoors.signal.levels["viettel", "4g"] - level_dbm(out, "viettel_4g")
    np.testing.assert_allclose(lower_db[np.isfinite(lower_db)], costs_db, atol=0.101)  # both in whole tenths
    with (out / "villages.csv").open(encoding="utf-8") as file:
        villages = {row["village_id"]: row for row in csv.DictReader(file)}
    assert (villages["03664-b-1"]["status"], villages["03664-b-1"]["reason"]) == ("dead", "no_signal")  # weak outdoors
    assert villages["03646-a-1"]["status"] == "covered"
    assert {row["definition_id"] for row in villages.values()} == {"vn-center-2024-modified"}
    for paper in ("report.html", "coverage_map.html"):
        said = (out / paper).read_text(encoding="utf-8")
        assert "trong nhà, tầng trệt, nhà thông thường" in said
        assert "ngoài trời" not in said


def test_a_village_on_a_small_void_is_assessed_where_the_study_fills_voids(tmp_path: Path) -> None:
    country.build(tmp_path)
    terrain = np.full((200, 300), 500, dtype=np.int16)
    terrain[88:92, 118:122] = -32768  # 400 m, under Bản Sáng 12 km east and 9 km south
    country.write_terrain(tmp_path / "terrain.tif", terrain)
    left = analyze(load_study(tmp_path)).villages.set_index("village_id")["status"]
    add(tmp_path, "\n[grid]\nfill_voids_m = 400\n")
    out = run(tmp_path)
    with (out / "villages.csv").open(encoding="utf-8") as file:
        filled = {row["village_id"]: row["status"] for row in csv.DictReader(file)}
    assert left["03646-a-1"] == "not_assessed"
    assert filled == {village: status for village, (status, _) in country.STATUS.items()}
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert record["settings"]["grid"]["fill_voids_m"] == 400
    (said,) = [str(problem) for problem in record["problems"] if "interpolated" in str(problem)]
    assert "16 heights in 1 voids interpolated, the largest 400 m across" in said
