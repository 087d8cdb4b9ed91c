"""The sample's signal: how far the network around the kernel is from the kernel itself, and what a change costs."""

import argparse
import os
import pickle
import shutil
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from benchmarks.main_job import copied, first_run, run_again
from benchmarks.signal_runs import ROOT, apart, measured
from coverage import load_study
from coverage.layers import read_layers
from coverage.result import Layers
from coverage.signal.footprint import bands_of, loss_around_db
from coverage.signal.network import ground_of, masts_of, propagation_of
from coverage.signal.prediction import predict
from coverage.signal.store import FOLDER, Store, contents
from coverage.study import Study

RUNS = 3
Figures = dict[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what may be asked for."""
    parser.add_argument("--masts", type=int, default=0, help="only so many, to try it out")
    parser.add_argument("--no-command", action="store_true", help="leave out the whole of coverage analyze")


def measure(options: argparse.Namespace, earlier: Figures) -> Figures:
    """Measure first runs, the kernel and the store in turn, then re-runs, each in a process of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        study = copied(ROOT, folder)
        found: Figures = apart(prepare, str(study), options.masts)
        apart(step, str(study), "few", 0)
        found |= {name: [] for name in ("first", "kernel", "disk", "unchanged", "moved", "turned", "reordered")}
        for _ in range(RUNS):
            shutil.rmtree(folder / FOLDER)
            found["first"].append(apart(step, str(study), "first", 0))
            found["kernel"].append(apart(kernel, str(study)))
            found["disk"].append(apart(disk, str(study)))
        for name in ("unchanged", "moved", "turned", "reordered"):
            found[name] = [apart(step, str(study), name, number) for number in range(RUNS)]
        if not options.no_command:
            out = folder / "maps"
            first_run(study, out)
            pairs = [(first_run(study, out), run_again(study, out)) for _ in range(RUNS)]
            found["command_first"], found["command_unchanged"] = (list(runs) for runs in zip(*pairs, strict=True))
    return found


def prepare(study: str, count: int) -> Figures:
    """Read the layers once for all runs; of a part only the first masts are kept."""
    settings = load_study(study)
    layers = read_layers(settings)
    if count:
        sites = layers.cells["site_id"].unique()[:count]
        layers = replace(layers, cells=layers.cells[layers.cells["site_id"].isin(sites)].reset_index(drop=True))
    _aside(study).write_bytes(pickle.dumps(layers))
    masts = masts_of(layers, settings)
    return {"masts": len(masts), "cells": len(layers.cells), "pixels": layers.grid.shape, "part": bool(count)}


def step(study: str, change: str, number: int) -> Figures:
    """Predict the signal of the layers, changed or not."""
    layers, settings = _read(study)
    layers = replace(layers, cells=_changed(layers.cells, change, number))
    figures: Figures = {}
    with measured(figures):
        signal = predict(layers, settings)
    assert not signal.problems
    held = contents(settings.folder)
    return figures | {"store_bytes": sum(kind.size for kind in held.kinds) if held else 0}


def kernel(study: str) -> Figures:
    """Take the losses around all masts, and nothing else."""
    layers, settings = _read(study)
    return kernel_alone(layers, settings)


def kernel_alone(layers: Layers, study: Study) -> Figures:
    """Take the losses around all masts on as many threads as a run has."""
    masts, propagation, ground = masts_of(layers, study), propagation_of(study, layers.grid), ground_of(layers, study)

    def sweep(number: int) -> None:
        mast = masts[number]
        bands = bands_of(mast)
        loss_around_db(
            ground,
            propagation,
            row=mast.row,
            col=mast.col,
            height_m=mast.height_m,
            freq_mhz=[band.freq_mhz for band in bands],
            radius_m=max(band.radius_m for band in bands),
        )

    figures: Figures = {}
    with measured(figures), ThreadPoolExecutor(study.threads or os.cpu_count()) as pool:
        list(pool.map(sweep, range(len(masts))))
    return figures


def disk(study: str) -> Figures:
    """Read every part of every footprint and tile once, and write them once into another store."""
    folder = Path(study).parent
    spent = {"read_s": 0.0, "write_s": 0.0}
    size = 0
    with tempfile.TemporaryDirectory() as elsewhere, Store.open(folder) as ours, Store.open(Path(elsewhere)) as other:
        for file in sorted(ours.folder.glob("*/??/*")):
            kind, key = file.parts[-3], "".join(file.parts[-2:])
            start = time.perf_counter()
            parts = {name: ours.get(kind, key, name) for name in ours.parts(kind, key) or ()}
            middle = time.perf_counter()
            other.put(kind, key, parts)
            spent["read_s"] += middle - start
            spent["write_s"] += time.perf_counter() - middle
            size += sum(map(len, parts.values()))
    return {**spent, "bytes": size}


def _aside(study: str) -> Path:
    return Path(study).with_name("layers.pickle")


def _read(study: str) -> tuple[Layers, Study]:
    """Return layers as `prepare` left them; only our own file is read."""
    return pickle.loads(_aside(study).read_bytes()), load_study(study)


def _changed(cells: gpd.GeoDataFrame, change: str, number: int) -> gpd.GeoDataFrame:
    """Return the cells with a change; another mast for every number."""
    cells = cells.copy()
    sites = cells["site_id"].unique()
    here = cells["site_id"] == sites[(2 * number + 1) * len(sites) // (2 * RUNS)]
    row = int(here.to_numpy().nonzero()[0][0])
    match change:
        case "few":
            return cells.head(30)
        case "moved":
            cells.loc[here, "geometry"] = cells.loc[here, "geometry"].translate(xoff=300.0)
        case "turned":
            row = cells["azimuth_deg"].loc[row:].first_valid_index()
            cells.loc[row, "azimuth_deg"] = (cells.loc[row, "azimuth_deg"] + 30.0) % 360.0
        case "reordered":
            return pd.concat((cells.iloc[[row]], cells.drop(index=row)), ignore_index=True)
    return cells


def describe(found: Figures) -> str:
    """Return the section as Markdown."""

    def middle(name: str, what: str = "wall_s") -> float:
        return float(statistics.median(run[what] for run in found[name]))

    first, alone = middle("first"), middle("kernel")
    both = middle("disk", "read_s") + middle("disk", "write_s")
    names = {
        "first": ("first run", ""),
        "kernel": ("the kernel alone: `loss_around_db` of all masts", ""),
        "unchanged": ("re-run, nothing changed", "≤ 3 % of the first"),
        "moved": ("re-run, one mast moved by 300 m", "≤ 5 % of the first"),
        "turned": ("re-run, one antenna turned by 30°", ""),
        "reordered": ("re-run, one row put before the others", ""),
    }
    lines = [
        f"| {what} | {middle(name):.2f} | {_span(found[name])} | {middle(name, 'cpu_s'):.2f} | "
        f"{middle(name, 'peak_mb'):.0f} | {100 * middle(name) / first:.1f} % | {asked} |"
        for name, (what, asked) in names.items()
    ]
    parts = f"reading and writing once: {middle('disk', 'bytes') / 1e6:.0f} MB of parts through the store"
    lines.insert(2, f"| {parts} | {both:.2f} | | | | {100 * both / first:.1f} % | |")
    rows, cols = found["pixels"]
    text = [
        "## The bundled province",
        "",
        f"`predict` on {found['masts']:,} masts with {found['cells']:,} cells{' (a part of them)' * found['part']}, "
        f"{rows} x {cols} pixels of 90 m. Layers are read before; each run in a process of its own, after one that "
        f"compiles; medians of {RUNS}, first runs, kernel and store in turn; another mast, antenna and row each time.",
        "",
        "| | wall, s | from - to | processor, s | peak memory, MB | of the first | asked |",
        "|---|---|---|---|---|---|---|",
        *lines,
        "",
        f"First run / (kernel + reading and writing once): **{first / (alone + both):.2f}**, asked ≤ 1.3. The store "
        f"then takes {middle('first', 'store_bytes') / 1e6:.0f} MB; reading once {middle('disk', 'read_s'):.2f} s, "
        f"writing once {middle('disk', 'write_s'):.2f} s.",
    ]
    if "command_first" in found:
        text += [
            "",
            "The whole command, `coverage analyze`, with layers, places, planning and files:",
            "",
            "| | wall, s | from - to | processor, s | peak memory, MB | of it the signal, s |",
            "|---|---|---|---|---|---|",
            *(
                f"| {what} | {middle(name):.1f} | {_span(found[name], 1)} | {middle(name, 'cpu_s'):.1f} | "
                f"{middle(name, 'peak_mb'):.0f} | "
                f"{statistics.median(run['steps']['signal'] for run in found[name]):.2f} |"
                for name, what in (("command_first", "first run"), ("command_unchanged", "re-run, nothing changed"))
            ),
        ]
    return "\n".join(text)


def _span(runs: list[Figures], digits: int = 2) -> str:
    walls = [run["wall_s"] for run in runs]
    return f"{min(walls):.{digits}f} - {max(walls):.{digits}f}"
