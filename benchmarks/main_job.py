"""The whole job on the bundled sample, as a user runs it: wall time, peak memory, time per step."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from coverage.signal.store import FOLDER

RUNS = 3


def measure(study: Path) -> str:
    """
    Run `coverage analyze` on a study a few times after one run that compiles, and describe it as Markdown.

    Parameters
    ----------
    study
        Folder of the study; a copy is run, each time as if for the first time.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy, out = copied(study, Path(folder)), Path(folder) / "maps"
        runs = [first_run(copy, out) for _ in range(RUNS + 1)][1:]
        size_mb = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6
        map_mb = (out / "coverage_map.html").stat().st_size / 1e6
    steps = {name: statistics.median(run["steps"][name] for run in runs) for name in runs[0]["steps"]}
    wall = [run["wall_s"] for run in runs]
    lines = [
        f"`coverage analyze` on the bundled sample, {RUNS} first runs after one that fills the compiler's cache:",
        "",
        "| | median | min | max |",
        "|---|---|---|---|",
        _row("wall time, s", wall),
        _row("processor time, s", [run["cpu_s"] for run in runs]),
        _row("peak memory, MB", [run["peak_mb"] for run in runs]),
        "",
        "| step | s |",
        "|---|---|",
        *(f"| {name} | {seconds:.1f} |" for name, seconds in steps.items()),
        f"| start, writing of files and the rest | {statistics.median(wall) - sum(steps.values()):.1f} |",
        "",
        f"Files written: {size_mb:.1f} MB, of which the map {map_mb:.1f} MB.",
    ]
    return "\n".join(lines)


def copied(study: Path, folder: Path) -> Path:
    """Copy a study with its data, but nothing that runs left, into a folder; return its coverage.toml."""
    shutil.copytree(study / "data", folder / "data")
    return Path(shutil.copy(study / "coverage.toml", folder))


def first_run(study: Path, out: Path) -> dict[str, Any]:
    """Run a study, given its coverage.toml, without what earlier runs finished."""
    shutil.rmtree(study.parent / FOLDER, ignore_errors=True)
    return run_again(study, out)


def run_again(study: Path, out: Path) -> dict[str, Any]:
    """Run a study, given its coverage.toml, with what earlier runs finished; return time and memory."""
    command = [sys.executable, "-m", "coverage", "analyze", str(study), "--out", str(out)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return {
        "wall_s": time.perf_counter() - start,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
        "steps": record["timings_s"],
    }


def _row(name: str, values: list[float]) -> str:
    return f"| {name} | {statistics.median(values):.1f} | {min(values):.1f} | {max(values):.1f} |"
