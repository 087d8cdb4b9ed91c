"""`coverage map` in the country that can be counted by hand: the same map as the run's, without the run."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coverage.cli import cli
from tests.end_to_end import country
from tests.outputs.test_web_map import data_in


def draw(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["map", str(folder), *options])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("drawn")
    country.build(made)
    done = CliRunner().invoke(cli, ["analyze", str(made)])
    assert done.exit_code == 0, done.output
    return made


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A copy to be changed."""
    return Path(shutil.copytree(finished, tmp_path / "study", ignore=shutil.ignore_patterns(".coverage-cache")))


def test_it_is_the_map_of_the_run_to_the_byte(folder: Path) -> None:
    maps = folder / "maps"
    before = {file.name: file.read_bytes() for file in maps.iterdir() if file.suffix in (".html", ".kmz", ".json")}
    made = [maps / "coverage_map.html", maps / "coverage.kmz"]
    for file in made:
        file.unlink()
    done = draw(folder)
    assert done.exit_code == 0, done.output
    for file in made:
        assert str(file) in done.output
        assert file.read_bytes() == before[file.name], file.name
    assert json.loads((maps / "run.json").read_bytes()) == json.loads(before["run.json"])


def test_it_opens_in_the_language_of_the_run_or_the_one_asked_for(folder: Path) -> None:
    english = folder / "english"
    done = CliRunner().invoke(cli, ["analyze", str(folder), "--language", "en", "--out", str(english)])
    assert done.exit_code == 0, done.output
    of_the_run = (english / "coverage_map.html").read_bytes()
    assert draw(folder, "--from", str(english)).exit_code == 0
    assert (english / "coverage_map.html").read_bytes() == of_the_run
    assert draw(folder, "--from", str(english), "--language", "vi").exit_code == 0
    assert b'<html lang="vi">' in (english / "coverage_map.html").read_bytes()


def test_it_takes_no_numba_and_no_store(folder: Path) -> None:
    code = "import sys; sys.modules['numba'] = None; from coverage.cli import cli; cli(['map', sys.argv[1]])"
    ended = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not (folder / ".coverage-cache").exists()


def test_the_name_of_the_study_and_the_edition_may_have_changed_since(folder: Path) -> None:
    settings = (folder / "coverage.toml").read_text(encoding="utf-8")
    (folder / "coverage.toml").write_text(settings.replace("Đất nước nhỏ", "Tên mới"), encoding="utf-8")
    assert draw(folder).exit_code == 0
    assert data_in((folder / "maps" / "coverage_map.html").read_text("utf-8"))["meta"]["title"] == "Tên mới"


def test_rivers_may_be_added_to_the_map_of_a_run_that_had_none(folder: Path) -> None:
    shutil.copy(folder / "roads.gpkg", folder / "rivers.gpkg")
    _set(folder, 'roads = "roads.gpkg"', 'roads = "roads.gpkg"\nrivers = "rivers.gpkg"')
    before = (folder / "maps" / "coverage_map.html").read_bytes()
    done = draw(folder)
    assert done.exit_code == 0, done.output
    assert (folder / "maps" / "coverage_map.html").read_bytes() != before


def test_a_partners_map_lies_beside_the_provinces_under_a_name_of_its_own(folder: Path) -> None:
    whole = (folder / "maps" / "coverage_map.html").read_bytes()
    done = draw(folder, "--edition", "partner", "--operator", "VNPT")
    assert done.exit_code == 0, done.output
    assert (folder / "maps" / "coverage_map.html").read_bytes() == whole
    partner = data_in((folder / "maps" / "coverage_map_vnpt.html").read_text("utf-8"))
    assert (partner["meta"]["edition"], partner["sites"]["id"]) == ("partner", ["M2"])
    content = zipfile.ZipFile(folder / "maps" / "coverage_vnpt.kmz").read("doc.kml")
    assert b"M2" in content
    assert b"M1" not in content


def test_it_shows_the_ranking_made_since(folder: Path) -> None:
    assert CliRunner().invoke(cli, ["rank", str(folder), "--sites", "1"]).exit_code == 0
    assert CliRunner().invoke(cli, ["fiber", str(folder)]).exit_code == 0
    assert draw(folder).exit_code == 0
    drawn = data_in((folder / "maps" / "coverage_map.html").read_text("utf-8"))
    assert len(drawn["ranked"]["rank"]) == 1
    assert all(drawn["plan"]["shape"])


# What cannot be drawn -------------------------------------------------------------------------------------------


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def _append_villages(folder: Path) -> None:
    with (folder / "villages.csv").open("a", encoding="utf-8") as file:
        file.write("03646-a-6;Bản Mới;03646;5;20;có;;\n")


def _forget(folder: Path, what: str) -> None:
    file = folder / "maps" / "run.json"
    record = json.loads(file.read_text("utf-8"))
    record["outputs"] = {name: row for name, row in record["outputs"].items() if not name.startswith(what)}
    file.write_text(json.dumps(record), encoding="utf-8")


def _set(folder: Path, before: str, after: str) -> None:
    settings = (folder / "coverage.toml").read_text(encoding="utf-8")
    assert before in settings
    (folder / "coverage.toml").write_text(settings.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder: shutil.rmtree(folder / "maps"), "maps: no such folder; expected the out folder of coverage"),
        (lambda folder: (folder / "maps" / "run.json").unlink(), "no run.json; expected the out folder"),
        (lambda folder: (folder / "maps" / "run.json").write_text("{}"), "run.json: as_of = None"),
        (_append_villages, "layer villages (villages.csv) is not what it was in that run"),
        (lambda folder: _set(folder, 'roads = "roads.gpkg"', ""), "layer roads (no such file now) is not what it was"),
        (lambda folder: _set(folder, "max_radius_km = 3.0", "max_radius_km = 4.0"), "[technologies] has been changed"),
        (lambda folder: _cut(folder / "maps" / "signal" / "any_4g.tif"), "any_4g.tif: not the bytes that run.json"),
        (lambda folder: (folder / "maps" / "signal" / "class" / "any_4g.tif").unlink(), "class/any_4g.tif: no such"),
        (lambda folder: _cut(folder / "maps" / "coverage.gpkg"), "coverage.gpkg: not the bytes that run.json tells of"),
        (lambda folder: _forget(folder, "signal/class/"), "run.json: no signal/class/any_2g.tif"),
        (lambda folder: _forget(folder, "coverage.gpkg"), "run.json: no coverage.gpkg among its outputs"),
    ],
)
def test_results_that_are_missing_older_or_damaged_are_refused_in_one_line(
    folder: Path, harm: Callable[[Path], object], said: str
) -> None:
    map_before = (folder / "maps" / "coverage_map.html").read_bytes()
    harm(folder)
    done = draw(folder)
    assert done.exit_code == 1
    assert said in done.output
    assert done.output.count("\n") == 1
    assert "Run coverage analyze" in done.output
    if (folder / "maps").exists():
        assert (folder / "maps" / "coverage_map.html").read_bytes() == map_before


@pytest.mark.parametrize("options", [("--edition", "partner"), ("--operator", "VNPT")])
def test_a_partner_without_a_name_and_a_name_without_a_partner_are_wrong_usage(
    folder: Path, options: tuple[str, ...]
) -> None:
    assert draw(folder, *options).exit_code == 2


def test_a_partner_that_nobody_knows_is_refused(folder: Path) -> None:
    done = draw(folder, "--edition", "partner", "--operator", "Ai Đó")
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "map.operator = 'Ai Đó' is not among the study's operators" in done.output
