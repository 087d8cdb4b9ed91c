"""Threads and clusters do the same; what may befall a cluster ends in the same results or in one line."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from coverage.errors import ClusterError, LayerError, ModelRangeError, Problem
from coverage.signal import workers as module
from coverage.signal.workers import Workers, workers

if TYPE_CHECKING:
    from distributed import LocalCluster

Array = np.ndarray[Any, Any]
ROOT = Path(__file__).parents[2]
NOBODY = "tcp://127.0.0.1:9"


def summed(job: dict[str, Any]) -> dict[str, Any]:
    terrain: Array = job["terrain"]
    assert terrain.flags.aligned
    assert terrain.flags.writeable
    return {"number": job["number"], "bytes": (terrain * job["number"]).tobytes()[:64], "sum": float(terrain.sum())}


def half_a_second(number: int) -> tuple[int, int]:
    time.sleep(0.5)
    return number, os.getpid()


def slow_at_first(number: int) -> int:
    time.sleep(0.2)
    return number


def gain(number: int) -> float:
    from coverage.radio import antenna  # loads numba, in a thread of a worker

    return float(antenna.sector_gain_db(30.0, 0.0, 0.0, 0.0, 60.0, 10.0)) + number


def out_of_range(number: int) -> int:
    if number == 3:
        raise ModelRangeError("p1812", "freq_mhz", 9000.0, "30 to 6000")
    return number


def ends_its_worker(number: int) -> None:
    os._exit(3)


@pytest.fixture(scope="module")
def cluster() -> "Iterator[LocalCluster]":
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as found:
        yield found


@contextmanager
def another_worker(address: str, *, path: Path = ROOT) -> Iterator[None]:
    """Start a worker beside the cluster's own, which finds its modules in a folder."""
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1"]
    worker = subprocess.Popen(
        [*command, "--no-nanny", "--no-dashboard"],
        cwd=path,
        env={**os.environ, "PYTHONPATH": str(path)},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.kill()
        worker.wait()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def counted(jobs: int, asked: list[int]) -> Iterator[int]:
    for number in range(jobs):
        asked.append(number)
        yield number


def jobs_with_terrain() -> Iterator[dict[str, Any]]:
    generator = np.random.default_rng(5)
    for number in range(8):
        yield {"number": number, "terrain": generator.random((700, 900))}  # 5 MB


def test_threads_and_a_cluster_give_the_same_bytes(cluster: "LocalCluster") -> None:
    found = []
    for scheduler in (None, cluster.scheduler_address):
        with workers(2, scheduler) as crew:
            found.append(sorted(crew.run(summed, jobs_with_terrain()), key=lambda done: done["number"]))
    assert len(found[0]) == 8
    assert found[0] == found[1]


def test_a_worker_computes_with_the_compiled_kernels(cluster: "LocalCluster") -> None:
    with workers(1, cluster.scheduler_address) as crew:
        assert sorted(crew.run(gain, range(4))) == [-3, -2, -1, 0]  # half the beam width off the axis: half the power


@pytest.mark.parametrize("where", ["threads", "cluster"])
def test_jobs_are_made_only_as_somebody_is_free_and_no_more_once_nobody_asks(
    where: str, cluster: "LocalCluster"
) -> None:
    asked: list[int] = []
    with workers(2, None if where == "threads" else cluster.scheduler_address) as crew:
        running = crew.run(slow_at_first, counted(1000, asked))
        for finished in range(1, 9):
            next(running)
            assert len(asked) <= finished + 3 * 2
        running.close()
        time.sleep(0.5)
        assert len(asked) < 20
        assert sorted(crew.run(slow_at_first, range(3))) == [0, 1, 2]


@pytest.mark.parametrize("where", ["threads", "cluster"])
def test_the_error_of_a_task_arrives_as_itself_and_ends_the_run(where: str, cluster: "LocalCluster") -> None:
    asked: list[int] = []
    with (
        workers(2, None if where == "threads" else cluster.scheduler_address) as crew,
        pytest.raises(ModelRangeError, match=r"^p1812: freq_mhz = 9000\.0 is outside the model's range"),
    ):
        list(crew.run(out_of_range, counted(1000, asked)))
    assert len(asked) < 100


def test_an_error_keeps_what_it_knows_on_its_way() -> None:
    import pickle

    problem = Problem("a.csv", "no frequency", "one", "Fill it.", at=(3,))
    arrived = pickle.loads(pickle.dumps(LayerError([problem])))
    assert (type(arrived), arrived.problems, str(arrived)) == (LayerError, (problem,), str(problem))


def test_work_goes_on_when_a_worker_is_killed(cluster: "LocalCluster") -> None:
    with workers(2, cluster.scheduler_address) as crew:
        running = crew.run(half_a_second, range(12))
        first, process = next(running)
        os.kill(process, signal.SIGKILL)
        assert sorted([first, *(number for number, _ in running)]) == list(range(12))


def test_a_task_that_ends_every_worker_is_said_in_one_line(
    cluster: "LocalCluster", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 1)
    with (
        workers(1, cluster.scheduler_address) as crew,
        pytest.raises(ClusterError, match=r"one task ended 2 workers, the last of them tcp://127\.0\.0\.1:") as told,
    ):
        list(crew.run(ends_its_worker, range(1)))
    assert len(str(told.value).splitlines()) == 1


def test_a_worker_that_joins_late_is_used(cluster: "LocalCluster", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_S", 0.2)
    until(lambda: len(cluster.scheduler_info["workers"]) == 2)
    asked: list[int] = []
    done: list[int] = []
    with workers(1, cluster.scheduler_address) as crew:
        running = crew.run(half_a_second, counted(200, asked))

        def process() -> int:
            number, process = next(running)
            done.append(number)
            return process

        before = {process() for _ in range(6)}
        assert len(asked) - len(done) <= 4  # two for each thread
        with another_worker(cluster.scheduler_address):
            until(lambda: process() not in before)
            until(lambda: process() > 0 and len(asked) - len(done) > 4)
        running.close()


def other_package(folder: Path, *files: str) -> Path:
    """Make a package of our name that has only some of our files, as an older version might."""
    for file in files:
        copy = folder / "coverage" / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((ROOT / "coverage" / file).read_bytes())
    return folder


OLDER = ("__init__.py", "errors.py", "signal/__init__.py", "signal/workers.py", "signal/calls.py", "radio/_numba.py")


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (OLDER, r"this worker has coverage-planner \S+ \(sources \w+\)"),
        (("__init__.py",), "this worker has no coverage-planner, or an old one"),
    ],
)
def test_a_worker_with_other_sources_is_named_before_work_begins_and_when_it_joins_late(
    files: tuple[str, ...], found: str, cluster: "LocalCluster", tmp_path: Path
) -> None:
    address = cluster.scheduler_address
    line = rf"^tcp://127\.0\.0\.1:\d+: {found}.*; expected coverage-planner \S+ \(sources \w+\).*Install the same"
    until(lambda: len(cluster.scheduler_info["workers"]) == 2)
    with workers(1, address) as crew:
        running = crew.run(half_a_second, range(60))
        next(running)
        with another_worker(address, path=other_package(tmp_path, *files)):
            with pytest.raises(ClusterError, match=line):
                list(running)
            with pytest.raises(ClusterError, match=line), workers(1, address):
                pass
    until(lambda: len(cluster.scheduler_info["workers"]) == 2)


def test_without_any_worker_for_long_the_run_ends_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(module, "_LOOK_S", 0.1)
    monkeypatch.setattr(module, "_PATIENCE_S", 1.0)
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as empty,
        workers(1, empty.scheduler_address) as crew,
        pytest.raises(ClusterError, match=r"^tcp://\S+: the cluster has had no worker for 1 s; expected at least one"),
    ):
        list(crew.run(gain, range(3)))


def test_a_scheduler_that_goes_away_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(module, "_CONNECT_S", 1.0)

    def lost(crew: Workers) -> None:
        running = crew.run(half_a_second, range(100))
        next(running)
        gone.close()
        list(running)

    gone = LocalCluster(n_workers=1, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address="127.0.0.1:0")
    with (
        workers(1, gone.scheduler_address) as crew,
        pytest.raises(ClusterError, match=r"^tcp://\S+: the scheduler does not answer") as told,
    ):
        lost(crew)
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize("address", [NOBODY, "nowhere", "htp://a:1", "tls://127.0.0.1:9", ""])
def test_an_address_without_a_scheduler_is_said_in_one_line(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CONNECT_S", 0.5)
    with pytest.raises(ClusterError, match="the scheduler does not answer") as told, workers(1, address):
        pass
    assert str(told.value).startswith(f"{address}: ")
    assert len(str(told.value).splitlines()) == 1


def test_without_dask_the_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'coverage-planner\[cluster\]'"), workers(1, NOBODY):
        pass


def test_the_command_hands_the_address_on_and_ends_with_the_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from click.testing import CliRunner

    from coverage import pipeline
    from coverage.cli import cli

    def predict(layers: object, study: object, *, scheduler: str | None, **others: object) -> None:
        raise ClusterError(f"{scheduler}: nobody is there")

    monkeypatch.setattr(pipeline, "read_layers", lambda study, **others: None)
    monkeypatch.setattr("coverage.signal.prediction.predict", predict)
    done = CliRunner().invoke(cli, ["analyze", str(ROOT), "--out", str(tmp_path), "--scheduler", NOBODY])
    assert (done.exit_code, done.stderr) == (1, f"coverage: {NOBODY}: nobody is there\n")


@pytest.mark.compiled
def test_where_nothing_may_be_kept_machine_code_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from coverage.radio._numba import njit, numba

    monkeypatch.setattr(numba.core.caching.CacheImpl, "_locator_classes", [])  # every folder refused
    assert njit(lambda number: number + 1)(1) == 2


@pytest.mark.parametrize(
    "imports",
    [
        "import distributed; from coverage.signal.calls import identity",
        "from coverage.signal.calls import identity; import distributed",
    ],
)
def test_dask_and_coverage_load_in_either_order(imports: str) -> None:
    code = f"{imports}; from coverage.radio import _numba; import numba; print(identity())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("coverage-planner ")


def test_dask_is_loaded_only_where_a_scheduler_is_asked_for() -> None:
    code = (
        "import sys\n"
        "from coverage.signal.workers import workers\n"
        "with workers(2, None) as crew:\n"
        "    assert sorted(crew.run(abs, [-1, 2])) == [1, 2]\n"
        "assert not {'distributed', 'dask'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
