"""The files of a run: all there, or nothing changed."""

import csv
import dataclasses
import errno
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from coverage.errors import OutputError
from coverage.outputs import all_or_none, files, signal_rasters, write_results
from coverage.outputs.pictures import overview_picture
from coverage.outputs.web_map import coverage_map
from coverage.result import Reading, Result, Signal
from coverage.study import Study

NAMES = {
    "coverage_map.html",
    "coverage.kmz",
    "uncovered_villages.csv",
    "uncovered_villages.xlsx",
    "villages.csv",
    "communes.csv",
    "indicators.csv",
    "village_statuses.csv",
    "former_communes.csv",
    "switch_offs.csv",
    "ranked_sites.csv",
    "fiber_plan.csv",
    "report.html",
    "report.docx",
    "communes/03646.png",
    "communes/04000.png",
    "coverage.gpkg",
    "run.json",
    *(
        f"signal/{folder}{operator}_{technology}.tif"
        for folder in ("", "class/", "second/", "overlap/", "server/")
        for operator in ("viettel", "vnpt", "any")
        for technology in ("2g", "4g")
    ),
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The map and the picture have tests of their own; here they are files among others."""
    monkeypatch.setattr(coverage_map, "render_map", lambda result, *, language: f"<html lang={language}>")
    monkeypatch.setattr(overview_picture, "_LONG_SIDE_PX", 120)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_file_of_the_contract_is_written_and_nothing_else(result: Result, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "maps"
    paths = write_results(result, folder)
    assert {path.relative_to(folder).as_posix() for path in paths} == NAMES
    assert set(_contents(folder)) == NAMES
    assert all(path.stat().st_size for path in paths)


def test_two_runs_differ_in_the_run_record_alone(result: Result, tmp_path: Path) -> None:
    write_results(result, tmp_path / "one")
    write_results(result, tmp_path / "two")
    one, two = _contents(tmp_path / "one"), _contents(tmp_path / "two")
    assert [name for name in NAMES - {"run.json"} if one[name] != two[name]] == []


def test_papers_and_map_follow_the_language_asked_for_machine_tables_do_not(result: Result, tmp_path: Path) -> None:
    write_results(result, tmp_path / "vi")
    write_results(result, tmp_path / "en", language="en")
    vi, en = _contents(tmp_path / "vi"), _contents(tmp_path / "en")
    differ = {name for name in NAMES if vi[name] != en[name]}
    papers = {
        "coverage_map.html",
        "coverage.kmz",
        "uncovered_villages.csv",
        "uncovered_villages.xlsx",
        "report.html",
        "run.json",
    }
    assert differ == papers | {"report.docx", "communes/03646.png", "communes/04000.png"}
    assert en["coverage_map.html"] == b"<html lang=en>"


def test_other_files_in_the_folder_are_left_alone(result: Result, tmp_path: Path) -> None:
    (tmp_path / "signal" / "class").mkdir(parents=True)
    others = {"README.md", "signal/mine_4g.tif", "signal/class/mine_4g.tif"}
    for name in others:
        (tmp_path / name).write_text("mine")
    write_results(result, tmp_path)
    write_results(result, tmp_path)
    assert set(_contents(tmp_path)) == NAMES | others


def test_rasters_of_an_operator_that_is_gone_are_removed_once_the_new_ones_are_there(
    result: Result, tmp_path: Path
) -> None:
    write_results(result, tmp_path)
    levels = {key: level for key, level in result.signal.levels.items() if key[0] != "vnpt"}
    signal = Signal(result.signal.grid, levels, operators=("viettel",))
    write_results(dataclasses.replace(result, signal=signal), tmp_path)
    gone = {name for name in NAMES if "vnpt" in name or name.startswith(("signal/second", "signal/o", "signal/se"))}
    assert set(_contents(tmp_path)) == NAMES - gone
    assert {path.name for path in (tmp_path / "signal").iterdir() if path.is_dir()} == {"class"}


def test_maps_of_communes_that_are_gone_are_removed_and_those_of_others_left(result: Result, tmp_path: Path) -> None:
    write_results(result, tmp_path)
    (tmp_path / "communes" / "99999.png").write_text("mine")
    villages = result.villages[result.villages["commune_code"] == "03646"]
    write_results(dataclasses.replace(result, villages=villages), tmp_path)
    assert {path.name for path in (tmp_path / "communes").iterdir()} == {"03646.png", "99999.png"}


def test_a_forged_run_record_removes_nothing_that_is_not_a_raster_of_ours(result: Result, tmp_path: Path) -> None:
    folder = tmp_path / "maps"
    write_results(result, folder)
    victim = tmp_path / "victim_4g.tif"
    victim.write_text("precious")
    (folder / "notes.txt").write_text("precious")
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["outputs"] |= {"../victim_4g.tif": {}, "signal/../../victim_4g.tif": {}, "notes.txt": {}}
    (folder / "run.json").write_text(json.dumps(record))
    write_results(result, folder)
    assert victim.exists()
    assert (folder / "notes.txt").exists()


@pytest.mark.parametrize("broken", ["not json", "[]", "{}", '{"outputs": null}'])
def test_a_broken_run_record_does_not_stop_the_next_run(result: Result, tmp_path: Path, broken: str) -> None:
    (tmp_path / "run.json").write_text(broken)
    write_results(result, tmp_path)
    assert set(_contents(tmp_path)) == NAMES


@pytest.mark.parametrize("successes", [0, 4, 8])
def test_a_full_disk_leaves_earlier_results_as_they_were(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, successes: int
) -> None:
    write_results(result, tmp_path)
    before = _contents(tmp_path)
    calls: list[Path] = []
    save = files._save

    def full(path: Path, content: bytes) -> None:
        calls.append(path)
        if len(calls) > successes:
            path.write_bytes(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        save(path, content)

    monkeypatch.setattr(files, "_save", full)
    with pytest.raises(OutputError) as caught:
        write_results(result, tmp_path, language="en")
    assert "No space left on device" in str(caught.value)
    assert calls[-1].name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert _contents(tmp_path) == before
    assert not list(tmp_path.glob(".coverage-writing-*"))


@pytest.mark.parametrize("stuck", ["signal/any_2g.tif", "signal/class/viettel_4g.tif", "signal/server/vnpt_4g.tif"])
def test_a_raster_that_cannot_be_written_is_named_and_leaves_earlier_results_as_they_were(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stuck: str
) -> None:
    write_results(result, tmp_path)
    before = _contents(tmp_path)
    write = signal_rasters.write_raster

    def full(signal: Signal, quantity: str, pair: tuple[str, str], study: Study, path: Path) -> None:
        write(signal, quantity, pair, study, path)
        if path.as_posix().endswith(f"/new/{stuck}"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(signal_rasters, "write_raster", full)
    with pytest.raises(OutputError, match=f": {stuck} could not be written .No space left"):
        write_results(result, tmp_path, language="en")
    assert _contents(tmp_path) == before
    assert not list(tmp_path.glob(".coverage-writing-*"))


def test_a_full_disk_on_a_first_run_leaves_no_folder(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "_save", full)
    with pytest.raises(OutputError):
        write_results(result, tmp_path / "maps")
    assert not (tmp_path / "maps").exists()


@contextmanager
def _files_no_larger_than(size: int) -> Iterator[None]:
    resource = pytest.importorskip("resource", reason="limits on file size are a POSIX thing")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_geopackage_that_the_system_cuts_short_is_noticed(result: Result, tmp_path: Path) -> None:
    folder = tmp_path / "maps"
    write_results(result, folder)
    before = _contents(folder)
    limit = len(before["coverage.gpkg"]) - 20_000
    assert all(len(content) < limit for name, content in before.items() if name != "coverage.gpkg")
    with _files_no_larger_than(limit), pytest.raises(OutputError, match=r"coverage\.gpkg could not be written"):
        write_results(result, folder)
    assert _contents(folder) == before


@pytest.mark.parametrize(
    "stuck", ["villages.csv", "uncovered_villages.xlsx", "signal/any_4g.tif", "signal/second/vnpt_2g.tif", "run.json"]
)
def test_a_file_open_in_another_program_undoes_the_whole_exchange(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stuck: str
) -> None:
    write_results(result, tmp_path)
    before = _contents(tmp_path)
    replace = os.replace

    def locked(source: Any, target: Any) -> None:
        if Path(source) == tmp_path / stuck:
            raise PermissionError(errno.EACCES, "The process cannot access the file", str(source))
        replace(source, target)

    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(OutputError, match="close the file in other programs"):
        write_results(result, tmp_path, language="en")
    assert _contents(tmp_path) == before


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_folder_that_cannot_be_written_is_named_in_one_line(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(OutputError) as caught:
        write_results(result, tmp_path / "maps")
    assert str(caught.value).startswith(f"{tmp_path / 'maps'}: ")
    assert os.strerror(code) in str(caught.value)


def test_a_file_in_the_place_of_the_folder_is_said(result: Result, tmp_path: Path) -> None:
    (tmp_path / "maps").write_text("a file")
    with pytest.raises(OutputError, match="maps"):
        write_results(result, tmp_path / "maps")
    assert (tmp_path / "maps").read_text() == "a file"


def test_ctrl_c_leaves_nothing_behind(result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_results(result, tmp_path)
    before = _contents(tmp_path)

    def interrupted(path: Path, content: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "_save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_results(result, tmp_path)
    assert _contents(tmp_path) == before


def _left_by(process: int, folder: Path) -> Path:
    aside = folder / f"{all_or_none.ASIDE}{platform.node()}-{process}-abcd"
    (aside / "old" / "signal").mkdir(parents=True)
    (aside / "new").mkdir()
    return aside


def test_when_even_undoing_fails_the_earlier_files_are_kept_for_the_next_run(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_results(result, tmp_path)
    before = _contents(tmp_path)
    replace = os.replace

    def dying(source: Any, target: Any) -> None:
        if Path(target).parent == tmp_path:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        replace(source, target)

    monkeypatch.setattr(os, "replace", dying)
    with pytest.raises(OutputError):
        write_results(result, tmp_path)
    monkeypatch.undo()
    kept = {
        name.rpartition("/old/")[2]: content for name, content in _contents(tmp_path).items() if "/new/" not in name
    }
    assert kept == before


def test_what_a_killed_run_left_is_cleared_and_what_it_had_moved_away_comes_back(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as finished:
        finished.wait()
    aside = _left_by(finished.pid, tmp_path)
    (aside / "old" / "communes.csv").write_text("kept")
    (aside / "new" / "communes.csv").write_text("half")

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "_save", full)
    with pytest.raises(OutputError):
        write_results(result, tmp_path)
    assert _contents(tmp_path) == {"communes.csv": b"kept"}


def test_the_workspace_of_a_run_still_going_is_not_touched(result: Result, tmp_path: Path) -> None:
    aside = _left_by(os.getpid(), tmp_path)
    (aside / "new" / "communes.csv").write_text("growing")
    write_results(result, tmp_path)
    assert (aside / "new" / "communes.csv").read_text() == "growing"


def test_progress_hears_of_every_file(result: Result, tmp_path: Path) -> None:
    heard: list[int] = []

    class Listener:
        @contextmanager
        def step(self, title: str, total: int | None = None) -> Iterator[Any]:
            assert (title, total) == ("Ghi kết quả", len(NAMES))
            yield heard.append

    write_results(result, tmp_path, progress=Listener())
    assert sum(heard) == len(NAMES)


def test_the_run_record_says_what_went_in_and_what_came_out(result: Result, tmp_path: Path) -> None:
    write_results(result, tmp_path)
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert record["definition_id"] == "vn-center-2024"
    assert record["as_of"] == "2026-10-01"
    assert record["in_service"] == ["3g", "4g", "5g"]
    assert record["inputs"] == [{"layer": "sites", "path": "data/sites/bts.csv", "sha256": "ab" * 32, "bytes": 1234}]
    assert record["settings"]["definitions"]["classes_dbm"]["4g"]["good"] == -105.0
    assert "folder" not in record["settings"]
    assert record["timings_s"]["signal"] == 1.25
    assert record["versions"]["coverage-planner"]
    assert record["counts"] == {
        "communes": 2, "villages": 10, "dead": 4, "weak": 3, "covered": 2, "not_assessed": 1, "households": 525,
        "sites": 3, "stations": 4, "cells": 4, "ranked_sites": 2, "fiber_plan": 1,
    }  # fmt: skip
    assert set(record["outputs"]) == NAMES - {"run.json"}
    assert record["outputs"]["villages.csv"]["bytes"] == (tmp_path / "villages.csv").stat().st_size


def test_counts_of_the_tables_agree_with_each_other(result: Result, tmp_path: Path) -> None:
    write_results(result, tmp_path)
    with (tmp_path / "villages.csv").open(encoding="utf-8", newline="") as file:
        villages = list(csv.DictReader(file))
    with (tmp_path / "uncovered_villages.csv").open(encoding="utf-8-sig", newline="") as file:
        uncovered = list(csv.DictReader(file))
    assert len(uncovered) == sum(row["status"] in ("dead", "weak") for row in villages) == 7


def test_the_run_record_says_how_each_file_of_rows_was_read(result: Result, tmp_path: Path) -> None:
    reading = Reading("villages", "ban.csv", "CSV, UTF-8", 10, "EPSG:4326", {"name": "Tên bản"}, ("Ghi chú",))
    layers = dataclasses.replace(result.layers, readings=(reading,))
    write_results(dataclasses.replace(result, layers=layers), tmp_path)
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert record["readings"] == [
        {
            "layer": "villages",
            "file": "ban.csv",
            "form": "CSV, UTF-8",
            "rows": 10,
            "crs": "EPSG:4326",
            "columns": {"name": "Tên bản"},
            "unused": ["Ghi chú"],
        }
    ]
