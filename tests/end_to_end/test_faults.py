"""Each fault of the data is one clear line and exit 1; nothing is half-written, earlier results are intact."""

import os
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from click.testing import CliRunner

from coverage.cli import cli
from tests.end_to_end import country


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def communes(change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> Callable[[Path], None]:
    def rewrite(folder: Path) -> None:
        frame = change(gpd.read_file(folder / "communes.gpkg"))
        (folder / "communes.gpkg").unlink()
        frame.to_file(folder / "communes.gpkg")

    return rewrite


def truncate(folder: Path) -> None:
    country.write_terrain(
        folder / "terrain.tif", np.random.default_rng(0).integers(0, 900, (200, 300)).astype(np.int16)
    )
    whole = (folder / "terrain.tif").read_bytes()
    (folder / "terrain.tif").write_bytes(whole[: len(whole) // 2])


def empty(folder: Path) -> None:
    header = (folder / "bts.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "bts.csv").write_text(header + "\n", encoding="utf-8")


def no_crs(folder: Path) -> None:
    frame = gpd.read_file(folder / "communes.gpkg").set_crs(None, allow_override=True)
    (folder / "communes.gpkg").unlink()
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        frame.to_file(folder / "communes.gpkg")


def other_crs(folder: Path) -> None:
    communes(lambda frame: frame.to_crs(9206).set_crs(3405, allow_override=True))(folder)


Break = Callable[[Path], None]
FAULTS: dict[str, tuple[Break, list[str]]] = {
    "a missing file": (lambda folder: (folder / "bts.csv").unlink(), ["bts.csv"]),
    "a layer in the wrong CRS": (other_crs, ["communes.gpkg"]),
    "a layer without CRS": (no_crs, ["communes.gpkg"]),
    "an empty layer": (empty, ["bts.csv"]),
    "an unknown technology": (edit("bts.csv", "M2,VNPT,2G", "M2,VNPT,6G"), ["bts.csv", "row 3", "6G"]),
    "a site outside the terrain": (edit("bts.csv", str(country.lon_lat(3, 3)[0]), "103.0"), ["bts.csv", "M2"]),
    "a height that is no number": (
        edit("bts.csv", "1800,10,62,33", "1800,10,62,NaN"),
        ["bts.csv", "row 2", "height_m"],
    ),
    "duplicate ids": (edit("villages.csv", "03646-a-2", "03646-a-1"), ["villages.csv", "03646-a-1"]),
    "a village in no commune": (edit("villages.csv", "Nốt;03664", "Nốt;99999"), ["villages.csv", "99999"]),
    "a truncated GeoTIFF": (truncate, ["terrain.tif"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_said_in_one_line_and_earlier_results_stay(fault: str, tmp_path: Path) -> None:
    country.build(tmp_path)
    maps = tmp_path / "maps"
    maps.mkdir()
    (maps / "villages.csv").write_text("earlier result")
    break_it, says = FAULTS[fault]
    break_it(tmp_path)
    done = CliRunner().invoke(cli, ["analyze", str(tmp_path)])
    assert done.exit_code == 1, done.output
    lines = [line for line in done.output.splitlines() if line]
    assert len(lines) == 1, done.output
    for words in says:
        assert words in lines[0]
    assert [file.name for file in maps.iterdir()] == ["villages.csv"]
    assert (maps / "villages.csv").read_text() == "earlier result"


@pytest.mark.parametrize("fault", FAULTS)
def test_check_finds_it_too_and_says_that_the_study_cannot_run(fault: str, tmp_path: Path) -> None:
    country.build(tmp_path)
    FAULTS[fault][0](tmp_path)
    done = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert done.exit_code == 1
    assert "cannot run" in done.output


def test_a_commune_with_no_village_is_a_warning_and_stands_in_the_table(tmp_path: Path) -> None:
    country.build(tmp_path)
    edit("villages.csv", ";03664;", ";03646;")(tmp_path)
    done = CliRunner().invoke(cli, ["analyze", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "03664" in (tmp_path / "maps" / "communes.csv").read_text(encoding="utf-8")
    assert "warning" in done.output


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_out_folder_is_said_before_anything_is_computed(tmp_path: Path) -> None:
    country.build(tmp_path)
    (tmp_path / "maps").mkdir(mode=0o500)
    done = CliRunner().invoke(cli, ["analyze", str(tmp_path)])
    assert done.exit_code == 1
    assert "maps" in done.output


def test_an_out_folder_that_is_a_file_is_said_in_one_line(tmp_path: Path) -> None:
    country.build(tmp_path)
    (tmp_path / "maps").write_text("not a folder")
    done = CliRunner().invoke(cli, ["analyze", str(tmp_path)])
    assert done.exit_code == 1
    assert len(done.output.strip().splitlines()) == 1
    assert (tmp_path / "maps").read_text() == "not a folder"


def test_check_of_a_sound_study_exits_0_and_json_is_json(tmp_path: Path) -> None:
    import json

    country.build(tmp_path)
    done = CliRunner().invoke(cli, ["check", str(tmp_path), "--format", "json"])
    assert done.exit_code == 0
    assert all(not problem["fatal"] for problem in json.loads(done.stdout))
