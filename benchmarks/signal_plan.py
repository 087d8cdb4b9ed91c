"""What 1,000 workers and one client could do, on paper, from measured tasks, transfers and scheduling."""

import argparse
import pickle
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.signal_country import cluster
from benchmarks.signal_networks import COUNTRY_MASTS, country
from benchmarks.signal_runs import Watch, apart
from coverage.signal import prediction
from coverage.signal.calls import call_to_work
from coverage.signal.network import masts_of
from coverage.signal.workers import workers

WORKERS = 1000
LINE_BYTES_S = 10e9 / 8
_BATCH = 8
"""Masts of one task on a cluster."""
_FIRST = 64
"""Tasks until everybody has done some."""
_STAGES = {"_sweep": "footprints", "compose": "tiles"}
Figures = dict[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what may be asked for."""
    parser.add_argument("--part", type=float, default=0.05, help="of the country, from which tasks are measured")
    parser.add_argument("--empty", type=int, default=400, help="tasks that do nothing, of each size")


def measure(options: argparse.Namespace, earlier: Figures) -> Figures:
    """Measure tasks one after the other, then tasks of their size that do nothing on a cluster of this machine."""
    with tempfile.TemporaryDirectory() as folder:
        apart(tasks, folder, 0.0005)
    with tempfile.TemporaryDirectory() as folder:
        found = apart(tasks, folder, options.part)
    found["part"] = options.part
    # Many threads, so that the client is never kept waiting for one that is free.
    with tempfile.TemporaryDirectory() as folder, cluster(folder, threads=16) as crew:
        for stage in (*_STAGES.values(), "nothing"):
            size = found.get(stage, {"in_bytes": 0, "out_bytes": 0})
            busy = time.process_time()
            given = (crew.scheduler_address, options.empty, int(size["in_bytes"]), int(size["out_bytes"]))
            sent = apart(empty, *given)
            sent["scheduler_s"] = (time.process_time() - busy) / (options.empty + _FIRST)
            found[f"empty {stage}"] = sent
    return found


def tasks(folder: str, part: float) -> Figures:
    """Do the tasks of a part of the country one after the other, as a cluster would be sent them."""
    layers, study = country(Path(folder), part)
    scales = _Scales()
    start = time.perf_counter()
    with mock.patch.object(prediction, "workers", return_value=nullcontext(scales)):
        prediction.predict(layers, study, progress=Watch())
    rest = time.perf_counter() - start - sum(scales.own_s.values()) - sum(scales.spent_s.values()) - scales.weighing_s
    figures: Figures = {"masts": len(masts_of(layers, study)), "rest_s": rest}
    for name, stage in _STAGES.items():
        count = scales.count[name]
        figures[stage] = {
            "tasks": count,
            "task_s": scales.spent_s[name] / count,
            "own_s": scales.own_s[name] / count,
            "in_bytes": scales.sent[name] / count,
            "out_bytes": scales.received[name] / count,
        }
    return figures


class _Scales:
    """Does tasks at once, and weighs them; see `coverage.signal.workers.Workers`."""

    batch = _BATCH

    def __init__(self) -> None:
        self.count, self.sent, self.received = Counter[str](), Counter[str](), Counter[str]()
        self.spent_s: dict[str, float] = defaultdict(float)
        self.own_s: dict[str, float] = defaultdict(float)
        """Of the client: making tasks, keeping results."""
        self.weighing_s = 0.0

    def run(self, function: Callable[[Any], Any], jobs: Iterable[Any]) -> Iterator[Any]:
        """Do every job."""
        name = function.__name__
        mark = time.perf_counter()
        for job in jobs:
            asked = time.perf_counter()
            self.own_s[name] += asked - mark
            task, arrays = call_to_work(function, job)
            weighed = time.perf_counter()
            done = function(job)
            ended = time.perf_counter()
            self.count[name] += 1
            self.sent[name] += len(task) + sum(array.nbytes for array in arrays)
            self.received[name] += len(pickle.dumps(done, protocol=5))
            self.spent_s[name] += ended - weighed
            mark = time.perf_counter()
            self.weighing_s += weighed - asked + mark - ended
            yield done
        self.own_s[name] += time.perf_counter() - mark


def empty(scheduler: str, count: int, in_bytes: int, out_bytes: int) -> Figures:
    """Send tasks that do nothing but return so many bytes; return tasks per second and the client's own time."""
    load = np.random.default_rng(0).integers(0, 255, in_bytes, np.uint8)
    with workers(0, scheduler) as crew:
        for _ in crew.run(_answer, ((load, out_bytes) for _ in range(_FIRST))):
            pass
        start, busy = time.perf_counter(), time.process_time()
        for _ in crew.run(_answer, ((load, out_bytes) for _ in range(count))):
            pass
        wall, spent = time.perf_counter() - start, time.process_time() - busy
    return {"tasks_per_s": count / wall, "client_s": spent / count}


def _answer(job: tuple[Any, int]) -> bytes:
    return bytes(job[1])


def describe(found: Figures) -> str:
    """Return the section as Markdown."""
    heads = ("", *(f"{name}" for name in _STAGES.values()))
    columns = [_column(found, stage) for stage in _STAGES.values()]
    names = list(columns[0])
    whole_s = sum(column["bound_s"] for column in columns)
    share = COUNTRY_MASTS / found["masts"]
    alone_h = sum(column["one"] for column in columns) / 3600
    rest_s = found["rest_s"] * share
    labels = {
        "tasks": ("tasks of the country", "{:,.0f}"),
        "task_s": ("one task, s of a core", "{:.3f}"),
        "in_mb": ("sent with it, MB", "{:.2f}"),
        "out_mb": ("its result, MB", "{:.3f}"),
        "own_ms": ("client: making it, keeping its result, ms", "{:.1f}"),
        "client_ms": ("client: sending it, receiving its result, ms", "{:.1f}"),
        "scheduler_ms": ("scheduler, ms", "{:.1f}"),
        "rate": ("tasks/s of this size that do nothing, measured here, all on one machine", "{:.0f}"),
        "compute_s": (f"computing on {WORKERS:,} cores, s", "{:,.0f}"),
        "line_s": ("through one line of 10 Gbit/s, s", "{:,.0f}"),
        "client_s": ("one client, s", "{:,.0f}"),
        "scheduler_s": ("one scheduler, s", "{:,.0f}"),
        "bound_s": ("so at least, s", "{:,.0f}"),
        "bound": ("bounded by", "{}"),
        "enough": ("workers of one core that keep one client, line and scheduler busy", "{:,.0f}"),
    }
    rows = [
        f"| {label} | {' | '.join(form.format(column[name]) for column in columns)} |"
        for name, (label, form) in labels.items()
        if name in names
    ]
    nothing = found["empty nothing"]
    return "\n".join(
        [
            f"## {WORKERS:,} workers, on paper",
            "",
            f"Tasks of a part of the country ({100 * found['part']:g} %, {found['masts']:,} masts), done one after the "
            f"other and weighed as a cluster would be sent them ({_BATCH} masts of one tile at most in one); then "
            "tasks of the same size that do nothing, through a scheduler and two worker processes of 16 threads on "
            "this machine. The times of client and scheduler are of their processors, as on machines of their own.",
            "",
            f"| {' | '.join(heads)} |",
            "|" + "---|" * len(heads),
            *rows,
            "",
            f"The whole country: {alone_h:.1f} hours of one core; {whole_s / 60:.0f} minutes with {WORKERS:,} of them, "
            f"one stage after the other, and {rest_s:.0f} s for what is done once before and after (keys, lists; grown "
            f"with the masts). Without any load {nothing['tasks_per_s']:.0f} tasks/s here, of which the client takes "
            f"{1000 * nothing['client_s']:.1f} ms and the scheduler {1000 * nothing['scheduler_s']:.1f} ms each.",
        ]
    )


def _column(found: Figures, stage: str) -> dict[str, Any]:
    """Return what one stage takes of the whole country."""
    task, sent = found[stage], found[f"empty {stage}"]
    count = task["tasks"] * COUNTRY_MASTS / found["masts"]
    line_s = (task["in_bytes"] + task["out_bytes"]) / LINE_BYTES_S
    each = {"the client": task["own_s"] + sent["client_s"], "the line": line_s, "the scheduler": sent["scheduler_s"]}
    slowest = max(each.values())
    bounds = {"computing": task["task_s"] / WORKERS, **each}
    bound = max(bounds, key=lambda name: bounds[name])
    return {
        "tasks": count,
        "task_s": task["task_s"],
        "in_mb": task["in_bytes"] / 1e6,
        "out_mb": task["out_bytes"] / 1e6,
        "own_ms": 1000 * task["own_s"],
        "client_ms": 1000 * sent["client_s"],
        "scheduler_ms": 1000 * sent["scheduler_s"],
        "rate": sent["tasks_per_s"],
        "compute_s": count * task["task_s"] / WORKERS,
        "line_s": count * line_s,
        "client_s": count * each["the client"],
        "scheduler_s": count * each["the scheduler"],
        "bound_s": count * bounds[bound],
        "bound": bound,
        "enough": task["task_s"] / slowest,
        "one": count * task["task_s"],
    }
