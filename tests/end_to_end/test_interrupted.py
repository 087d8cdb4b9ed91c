"""
Whatever befalls a run, the results are those of an undisturbed one, or it says why not and earlier results stay.

`pytest tests/end_to_end/test_interrupted.py --faults 50` kills fifty times instead of five, and does more of the rest.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from coverage.layers import read_layers
from coverage.signal.prediction import predict
from coverage.study import load_study
from tests.end_to_end.disturbed import (
    MASTS,
    ROOT,
    Ended,
    Ready,
    build,
    move_a_mast,
    on_record,
    results,
    set_to,
    steps,
    stored,
    until,
)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="runs are copies of a process")

CHANGES: dict[str, Callable[[Path], None]] = {
    "the refractivity": lambda folder: set_to(folder, "radio", "delta_n = 70.0"),
    "the place of a mast": move_a_mast,
}


@pytest.fixture(scope="module")
def faults(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--faults"))


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    with Ready(tmp_path_factory.mktemp("ready")) as ready:
        yield ready


@pytest.fixture(scope="module")
def undisturbed(ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study on which the command was run once, as by hand, while others are made ready."""
    study = build(tmp_path_factory.mktemp("undisturbed"))
    command = [sys.executable, "-m", "coverage", "analyze", str(study)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert results(study) == on_record(study)
    return study


@pytest.fixture(scope="module")
def changed(ready: Ready, undisturbed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return what was changed -> a study on which the command was run for the first time after that."""
    studies = {}
    for what, change in CHANGES.items():
        studies[what] = fresh(undisturbed, tmp_path_factory.mktemp("changed") / "study")
        change(studies[what])
    for run in [ready.start(study) for study in studies.values()]:
        finished(run.ended())
    kinds = [results(study) for study in (undisturbed, *studies.values())]
    assert all(one != other for number, one in enumerate(kinds) for other in kinds[:number])
    return studies


@pytest.fixture
def study(undisturbed: Path, tmp_path: Path) -> Path:
    """Return the study before its first run."""
    return fresh(undisturbed, tmp_path / "study")


@pytest.fixture
def worked(undisturbed: Path, tmp_path: Path) -> Path:
    """Return the study after its first run."""
    shutil.copytree(undisturbed, tmp_path / "worked")
    return tmp_path / "worked"


def fresh(study: Path, folder: Path, *, earlier: Path | None = None) -> Path:
    """Copy a study without what runs made, but with the results of an earlier one where that is named."""
    shutil.copytree(study, folder, ignore=shutil.ignore_patterns("maps", ".coverage-cache"))
    if earlier is not None:
        shutil.copytree(earlier / "maps", folder / "maps")
    return folder


def finished(run: Ended) -> Ended:
    assert (run.code, run.err) == (0, "")
    return run


def test_killed_at_any_moment_a_run_goes_on_and_ends_with_the_same_bytes(
    ready: Ready, undisturbed: Path, changed: dict[str, Path], tmp_path: Path, faults: int
) -> None:
    chosen = random.Random(faults)
    earlier = changed["the place of a mast"]
    complete = [(results(study), on_record(study)) for study in (earlier, undisturbed)]
    last_step = len(stored(undisturbed)) + len(results(undisturbed))
    kills = rounds = 0
    while kills < faults:
        rounds += 1
        assert rounds < 3 * faults, "runs end before they can be killed"
        study = fresh(undisturbed, tmp_path / f"{rounds}", earlier=earlier)
        for _ in range(min(chosen.randint(1, 4), faults - kills)):
            moment = chosen.randint(len(stored(study)), last_step)
            run = ready.start(study)
            until(lambda: steps(study) >= moment or not run.at_work())  # noqa: B023
            kills += run.kill()
            assert (results(study), on_record(study)) in complete, f"killed at step {moment} of {last_step}"
            for file in stored(study):
                assert file.read_bytes() == (undisturbed / file.relative_to(study)).read_bytes()
        finished(ready.run(study))
        assert results(study) == on_record(study) == complete[1][0]
        assert not list((study / "maps").glob(".*"))
        shutil.rmtree(study)


def test_killed_while_results_change_places_the_next_run_makes_them_whole_before_all_else(
    ready: Ready, undisturbed: Path, changed: dict[str, Path], faults: int, tmp_path: Path
) -> None:
    chosen = random.Random(faults)
    earlier = changed["the place of a mast"]
    complete = [(results(study), on_record(study)) for study in (earlier, undisturbed)]
    for number in range(max(2, faults // 5)):
        study = fresh(undisturbed, tmp_path / f"{number}", earlier=earlier)
        shutil.copytree(undisturbed / ".coverage-cache", study / ".coverage-cache")
        moves = chosen.randrange(1, 2 * len(results(study)))
        assert ready.start(study, moves=moves).ended().code == -signal.SIGKILL
        (study / "villages.csv").rename(study / "away.csv")
        stopped = ready.run(study)
        assert stopped.code == 1
        assert "villages.csv" in stopped.err
        assert (results(study), on_record(study)) in complete, f"killed after {moves} moves"


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """Start a Dask scheduler and two workers of one thread; yield its address and the workers."""
    folder.mkdir()
    where, here = folder / "scheduler.json", ["--host", "127.0.0.1", "--no-dashboard"]
    programs = [
        ["dask_scheduler", "--port", "0", "--scheduler-file", str(where), *here],
        *[["dask_worker", "--scheduler-file", str(where), "--nthreads", "1", "--no-nanny", *here]] * 2,
    ]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for number, (program, *options) in enumerate(programs):
            with (folder / f"{number}.log").open("wb") as log:
                command = [sys.executable, "-m", f"distributed.cli.{program}", *options]
                environment = {**os.environ, "PYTHONPATH": str(ROOT)}
                started.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log))
            until(where.exists)
        until(lambda: all(b"Registered to" in (folder / f"{number}.log").read_bytes() for number in (1, 2)))
        yield json.loads(where.read_text())["address"], started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_when_a_worker_of_a_cluster_is_killed_the_bytes_are_the_same(
    ready: Ready, undisturbed: Path, faults: int, tmp_path: Path
) -> None:
    chosen = random.Random(faults)
    for number in range(max(1, faults // 10)):
        study = fresh(undisturbed, tmp_path / f"{number}")
        with cluster(tmp_path / f"cluster {number}") as (address, crew):
            run = ready.start(study, "--scheduler", address)
            moment = chosen.randint(1, MASTS)
            until(lambda: len(stored(study)) >= moment or not run.at_work())  # noqa: B023
            lost = chosen.choice(crew)
            lost.kill()
            lost.wait()
            assert len(stored(study)) < len(stored(undisturbed)), "it came too late"
            finished(run.ended())
        assert results(study) == results(undisturbed)


def cut(file: Path, chosen: random.Random) -> None:
    """Cut a file short anywhere."""
    whole = file.read_bytes()
    file.write_bytes(whole[: chosen.randrange(len(whole))])


def corrupt(file: Path, chosen: random.Random) -> None:
    """Change a byte of a file anywhere."""
    changed = bytearray(file.read_bytes())
    changed[chosen.randrange(len(changed))] ^= chosen.randint(1, 255)
    file.write_bytes(changed)


def test_work_that_is_damaged_is_done_again_and_said(
    ready: Ready, undisturbed: Path, worked: Path, faults: int
) -> None:
    chosen = random.Random(faults)
    first = {file: file.read_bytes() for file in stored(worked)}
    for number in range(max(2, faults // 3)):
        kinds = {kind: [file for file in first if file.parts[-3] == kind] for kind in ("footprints", "tiles")}
        spoilt = chosen.sample(kinds["tiles"], 2)
        if number % 2:  # a footprint is read only where a tile is laid together
            for file in kinds["tiles"]:
                file.unlink()
            spoilt = chosen.sample(kinds["footprints"], 2)
        cut(spoilt[0], chosen)
        corrupt(spoilt[1], chosen)
        chosen.choice([cut, corrupt])(worked / ".coverage-cache" / "last", chosen)
        done = ready.run(worked)
        assert done.code == 0
        assert len(done.err.splitlines()) == len(spoilt)
        for file in spoilt:
            assert f"{file}: finished work that is damaged" in done.err
        assert results(worked) == results(undisturbed)
        assert {file: file.read_bytes() for file in stored(worked)} == first


def test_a_setting_changed_and_changed_back_gives_what_a_first_run_gives(
    ready: Ready, undisturbed: Path, changed: dict[str, Path], worked: Path
) -> None:
    for other in (*changed.values(), undisturbed):
        for file in ("coverage.toml", "bts.csv"):
            shutil.copy(other / file, worked)
        finished(ready.run(worked))
        assert results(worked) == on_record(worked) == results(other)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Return what gives a disk so many bytes of room, and again more."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "small", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")

    def sized(room: int) -> Path:
        subprocess.run(["mount", "-o", f"remount,size={room}", str(place)], check=True)
        return place

    yield sized
    subprocess.run(["umount", str(place)], check=True)


def on_disk(*folders: Path) -> int:
    """Return the bytes that folders take on a disk of pages."""
    return sum(-(-file.stat().st_size // 4096) * 4096 for folder in folders for file in folder.rglob("*"))


def test_on_a_full_disk_one_line_says_so_earlier_results_stay_and_with_room_the_run_goes_on(
    ready: Ready, undisturbed: Path, changed: dict[str, Path], disk: Callable[[int], Path], faults: int
) -> None:
    chosen = random.Random(faults)
    earlier = changed["the place of a mast"]
    complete = results(earlier)
    store, maps = (on_disk(undisturbed / name) for name in (".coverage-cache", "maps"))
    for number in range(max(2, faults // 5)):
        study = fresh(undisturbed, disk(100_000_000) / "study", earlier=earlier)
        room = chosen.uniform(0.1, 0.9)
        disk(on_disk(study) + int(store + room * maps if number % 2 else room * store))
        stopped = ready.run(study)
        assert stopped.code == 1, stopped
        (line,) = (line for line in stopped.err.splitlines() if not line.startswith("_tiff"))  # libtiff's own
        assert line.startswith(f"coverage: {study / ('maps' if number % 2 else '.coverage-cache')}")
        assert "ree space" in line
        assert results(study) == on_record(study) == complete
        assert not list((study / "maps").glob(".*"))
        disk(100_000_000)
        finished(ready.run(study))
        assert results(study) == results(undisturbed)
        shutil.rmtree(study)


def test_of_two_runs_at_once_the_second_says_that_it_waits_and_both_end_with_the_same_bytes(
    ready: Ready, undisturbed: Path, study: Path
) -> None:
    waits = "Another run is at work on this study; waiting for its end.\n"
    first = ready.start(study)
    until(lambda: stored(study))
    with first.held():
        second = ready.start(study)
        until(lambda: second.err.read_text() or not second.at_work())
        assert second.err.read_text() == waits
        assert len(stored(study)) < len(stored(undisturbed))
    finished(first.ended())
    done = second.ended()
    assert (done.code, done.err) == (0, waits)
    assert results(study) == on_record(study) == results(undisturbed)


def test_one_thread_gives_the_bytes_of_two(ready: Ready, undisturbed: Path, study: Path) -> None:
    settings = study / "coverage.toml"
    text = settings.read_text(encoding="utf-8")
    assert text.startswith("threads = 2\n")
    settings.write_text(text.replace("threads = 2", "threads = 1"), encoding="utf-8")
    finished(ready.run(study))
    assert results(study) == results(undisturbed)


def test_in_other_tiles_and_without_any_every_raster_is_the_same(undisturbed: Path, study: Path) -> None:
    layers = read_layers(load_study(study))

    def rasters(folder: Path, side: int) -> dict[str, bytes]:
        found = predict(layers, load_study(folder), tile_pixels=side)
        kinds = {name: getattr(found, name) for name in ("levels", "seconds", "servers", "overlaps", "voids")}
        return {
            f"{kind} {key}": np.asarray(raster).tobytes() for kind, of in kinds.items() for key, raster in of.items()
        }

    assert rasters(study, 37) == rasters(study, 600) == rasters(undisturbed, 128)
