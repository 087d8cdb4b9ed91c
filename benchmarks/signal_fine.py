"""A province at 30 m: 1,300 masts of three bands, 15 km each."""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.signal_networks import FINE_CELL_M, FINE_RADIUS_KM, fine, swept_pixels
from benchmarks.signal_province import kernel_alone
from benchmarks.signal_runs import Watch, apart, measured
from coverage.signal.network import masts_of
from coverage.signal.prediction import predict
from coverage.signal.store import contents

ALL_MASTS = 1300
Figures = dict[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what may be asked for."""
    parser.add_argument("--masts", type=int, default=ALL_MASTS, help="only so many, the nearest to the middle")


def measure(options: argparse.Namespace, earlier: Figures) -> Figures:
    """Measure one first run and the kernel alone, each in a process of its own, after one that compiles."""
    apart(step, 3)
    return {"first": apart(step, options.masts), "kernel": apart(kernel, options.masts)}


def step(count: int) -> Figures:
    """Predict the signal, and count what that was."""
    with tempfile.TemporaryDirectory() as folder:
        layers, study = fine(Path(folder), count)
        figures: Figures = {}
        with measured(figures):
            predict(layers, study, progress=Watch())
        masts = masts_of(layers, study)
        figures |= {"masts": len(masts), "shape": layers.grid.shape, "pixels": swept_pixels(masts, layers.grid)}
        held = contents(study.folder)
        return figures | {kind.kind: kind.size for kind in (held.kinds if held else ())}


def kernel(count: int) -> Figures:
    """Take the losses around the same masts, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        return kernel_alone(*fine(Path(folder), count))


def describe(found: Figures) -> str:
    """Return the section as Markdown."""
    first, alone = found["first"], found["kernel"]
    masts, wall = first["masts"], first["wall_s"]
    gigabytes = (first["footprints"] / 1e9, first["tiles"] / 1e9)
    rows, cols = first["shape"]
    part = "" if masts >= 0.99 * ALL_MASTS else f" (a part: the {masts:,} masts nearest to the middle)"
    figures = [
        ("masts, pixels of the grid", f"{masts:,}; {rows:,} x {cols:,}", ""),
        ("pixels within the radii, once for every band, millions", f"{first['pixels'] / 1e6:,.0f}", ""),
        ("first run, wall", f"{wall:.0f} s = {wall / 60:.1f} minutes", "minutes"),
        ("first run, processor", f"{first['cpu_s']:.0f} s", ""),
        ("masts per second", f"{masts / wall:.2f}", ""),
        ("pixels per second, millions", f"{first['pixels'] / wall / 1e6:.2f}", ""),
        ("the kernel alone, as many threads: wall, processor", f"{alone['wall_s']:.0f} s, {alone['cpu_s']:.0f} s", ""),
        ("time not spent in the kernel", f"{100 * (1 - alone['wall_s'] / wall):.0f} %", ""),
        ("store per 1,000 masts", f"{sum(gigabytes) / masts * 1000:.2f} GB", "≤ 1 GB"),
        ("of it footprints, tiles", f"{gigabytes[0]:.3f} GB, {gigabytes[1]:.3f} GB in all", ""),
        ("peak memory", f"{first['peak_mb']:,.0f} MB", ""),
    ]
    return "\n".join(
        [
            f"## A province at {FINE_CELL_M:g} m{part}",
            "",
            f"Masts where those of the sample stand, each with 900 (2G), 1800 (4G) and 2100 MHz (3G), three sectors on "
            f"every band, {FINE_RADIUS_KM:g} km; the sample's terrain brought to {FINE_CELL_M:g} m, in a file. One run "
            "of each in a process of its own, after one that compiles.",
            "",
            "| | measured | asked |",
            "|---|---|---|",
            *(f"| {' | '.join(row)} |" for row in figures),
        ]
    )
