"""A country by simulation, or a part as dense: 330,000 km² at 90 m, 45,000 masts with all technologies."""

import argparse
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.signal_networks import COUNTRY_CELL_M, COUNTRY_KM2, country, swept_pixels
from benchmarks.signal_runs import Watch, apart, measured, peak_mb, processor_s
from coverage.columns.words import ANY
from coverage.result import Signal
from coverage.signal.network import masts_of
from coverage.signal.prediction import predict
from coverage.signal.store import contents

if TYPE_CHECKING:
    from distributed import LocalCluster

_WINDOW = 512
Figures = dict[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what may be asked for."""
    parser.add_argument("--part", type=float, default=1.0, help="of the area and of the masts; 0.125 is an eighth")
    parser.add_argument("--how", choices=("threads", "cluster"), default="threads")


def measure(options: argparse.Namespace, earlier: Figures) -> Figures:
    """Measure one row of the table; the other rows stay as they were."""
    hire: Any = cluster if options.how == "cluster" else nullcontext
    with tempfile.TemporaryDirectory() as folder, hire(folder) as crew:
        if options.how == "threads":
            row = apart(step, folder, options.part, None)
        else:
            row = apart(step, folder, options.part, crew.scheduler_address)
            row["workers_mb"] = [peak_mb(worker.pid) for worker in crew.workers.values()]
            row["workers_cpu_s"] = sum(processor_s(worker.pid) for worker in crew.workers.values())
    return earlier | {f"{options.how} {options.part:g}": row}


@contextmanager
def cluster(folder: str, *, threads: int = 1) -> "Iterator[LocalCluster]":
    """Start two workers on this machine, with their scheduler in this process; end them."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=threads, processes=True, host="127.0.0.1", dashboard_address=None,
        local_directory=folder, memory_limit="4GB", silence_logs=logging.ERROR,
    ) as found:  # fmt: skip
        yield found


def step(folder: str, part: float, scheduler: str | None) -> Figures:
    """Predict the signal of a part of the country, and read some of it back."""
    start = time.perf_counter()
    layers, study = country(Path(folder), part)
    figures: Figures = {"made_s": time.perf_counter() - start, "before_mb": peak_mb()}
    with measured(figures):
        signal = predict(layers, study, scheduler=scheduler, progress=Watch())
    start = time.perf_counter()
    figures["heard"] = _heard(signal)
    figures["read_s"] = time.perf_counter() - start
    masts = masts_of(layers, study)
    held = contents(study.folder)
    figures |= {kind.kind: kind.size for kind in (held.kinds if held else ())}
    figures |= {"masts": len(masts), "cells": len(layers.cells), "pixels": swept_pixels(masts, layers.grid)}
    return figures | {"side": layers.grid.shape[0], "problems": len(signal.problems)}


def _heard(signal: Signal) -> dict[str, float]:
    """Return the share of pixels of nine windows that any operator reaches, per technology."""
    side = signal.grid.shape[0]
    at = [slice(first, first + _WINDOW) for first in np.linspace(0, max(side - _WINDOW, 0), 3).astype(int).tolist()]
    return {
        technology: float(np.mean([np.isfinite(level[rows, cols]).mean() for rows in at for cols in at]))
        for (operator, technology), level in signal.levels.items()
        if operator == ANY
    }


def describe(found: Figures) -> str:
    """Return the section as Markdown."""
    order = sorted(found, key=lambda name: (name.split()[0] != "threads", float(name.split()[1])))
    lines = []
    for name in order:
        row, (how, part) = found[name], name.split()
        workers = ", ".join(f"{mb:,.0f}" for mb in row.get("workers_mb", ()))
        figures = (
            how if how == "threads" else "2 workers", f"{float(part):g}", f"{float(part) * COUNTRY_KM2:,.0f}",
            f"{row['masts']:,}", f"{row['wall_s']:,.0f}", f"{_processor_s(row):,.0f}",
            f"{row['masts'] / row['wall_s']:.1f}", f"{row['pixels'] / row['wall_s'] / 1e6:.2f}",
            f"{row['peak_mb']:,.0f}", workers, f"{row['footprints'] / 1e9:.2f} + {row['tiles'] / 1e9:.2f}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(figures)} |")
    heads = (
        "how", "part", "km²", "masts", "wall, s", "processor of all, s", "masts/s", "million pixels/s",
        "peak memory of the run, MB", "of each worker, MB", "store: footprints + tiles, GB",
    )  # fmt: skip
    largest = found[max(order, key=lambda name: float(name.split()[1]))]
    heard = ", ".join(f"{technology} {100 * share:.0f} %" for technology, share in largest["heard"].items())
    return "\n".join(
        [
            "## A country by simulation",
            "",
            f"{COUNTRY_KM2:,.0f} km² at {COUNTRY_CELL_M:g} m: the sample's relief mirrored over the western half, the "
            "same at 4 % of its height in the eastern, where three of four masts stand. Every mast has all four "
            "technologies, three sectors each, of one of three operators; heights and powers are the study's presets. "
            "Terrain lies in a file. Asked: peak memory under 4 GB; an eighth and the whole within 10 % per mast. "
            "Pixels are those within the farthest radius of a mast and on the grid, once for every band.",
            "",
            f"| {' | '.join(heads)} |",
            "|" + "---|" * len(heads),
            *lines,
            "",
            *_growth(found),
            f"Read back by windows at the end, of the largest: reached by any operator {heard} of nine windows of "
            f"{_WINDOW} x {_WINDOW} pixels, in {largest['read_s']:.1f} s.",
        ]
    )


def _processor_s(row: Figures) -> float:
    return float(row["cpu_s"] + row.get("workers_cpu_s", 0.0))


def _growth(found: Figures) -> list[str]:
    """Say how time grows from the smallest part to the largest, per mast and per pixel."""
    said = []
    for how in ("threads", "cluster"):
        parts = sorted(float(name.split()[1]) for name in found if name.startswith(how))
        if len(parts) > 1:
            small, large = (found[f"{how} {part:g}"] for part in (parts[0], parts[-1]))
            slower = large["wall_s"] / small["wall_s"]
            per = {what: slower * small[what] / large[what] for what in ("masts", "pixels")}
            dearer = _processor_s(large) / _processor_s(small)
            processor = {what: dearer * small[what] / large[what] for what in ("masts", "pixels")}
            said += [
                f"Growth on {'threads' if how == 'threads' else '2 workers'} from {parts[0]:g} to {parts[-1]:g}: time "
                f"per mast x **{per['masts']:.3f}** (asked 0.9 to 1.1), per pixel x {per['pixels']:.3f}; "
                f"processor per mast x {processor['masts']:.3f}, per pixel x **{processor['pixels']:.3f}**, which "
                "other work on the machine hardly changes; peak memory x "
                f"{large['peak_mb'] / small['peak_mb']:.2f}. In a small square more of the circles lies outside.",
                "",
            ]
    return said
