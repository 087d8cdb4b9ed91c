"""How soon a command answers: `python -m benchmarks.start`."""

import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import describe

RUNS = 5
"""Of each command, in turn, after one that fills the caches of the disk; medians are told."""
_ROOT = Path(__file__).parents[1]
_COVERAGE = ("-m", "coverage")
_PATH = (*_COVERAGE, "path", "--study", str(_ROOT / "coverage.toml"))
_ENDS = ("103.914,21.327,36", "103.99,21.36,1.5")
TEXT = """# How soon a command answers

Made by `python -m benchmarks.start` on {day:%Y-%m-%d}. Machine: {machine}; {load:.1f} processes at work on it beside
these, by its load over the last minute.

Seconds of whole processes, imports included: medians of {runs} runs, the commands in turn. Processor time is what a
quiet machine would take at most; wall time is what it took on this one.

| command | wall, s | processor, s | wall, of `import geopandas` | processor, of `import geopandas` |
|---|---|---|---|---|
{rows}

Asked: `coverage --help` within 0.4 of `python -c "import geopandas"`, `coverage path` within a second. The path is of
{km} km over the terrain of the bundled sample; a PNG is drawn at 2,240 by 1,120 pixels.
"""


def measure(commands: Sequence[tuple[str, ...]], runs: int) -> list[tuple[float, float]]:
    """Return the medians of wall and processor time of Python with some arguments each, s."""
    found: list[list[tuple[float, float]]] = [[] for _ in commands]
    for run in range(runs + 1):
        for times, command in zip(found, commands, strict=True):
            before, start = os.times(), time.perf_counter()
            subprocess.run([sys.executable, *command], cwd=_ROOT, stdout=subprocess.DEVNULL, check=True)
            wall, after = time.perf_counter() - start, os.times()
            cpu = after.children_user + after.children_system - before.children_user - before.children_system
            if run:
                times.append((wall, cpu))
    return [(statistics.median(w for w, _ in times), statistics.median(c for _, c in times)) for times in found]


def main() -> None:
    """Measure, and write start.md."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            'python -c "import geopandas"': ("-c", "import geopandas"),
            "coverage --help": (*_COVERAGE, "--help"),
            "coverage path A B": (*_PATH, *_ENDS),
            "coverage path A B --hop": (*_PATH, *_ENDS, "--hop"),
            "coverage path A B --out P.svg": (*_PATH, *_ENDS, "--out", f"{folder}/p.svg"),
            "coverage path A B --out P.png": (*_PATH, *_ENDS, "--out", f"{folder}/p.png"),
            "coverage path A B --out P.html": (*_PATH, *_ENDS, "--out", f"{folder}/p.html"),
        }
        times = measure(list(commands.values()), RUNS)
    base_wall, base_cpu = times[0]
    rows = [
        f"| `{name}` | {wall:.2f} | {cpu:.2f} | {wall / base_wall:.2f} | {cpu / base_cpu:.2f} |"
        for name, (wall, cpu) in zip(commands, times, strict=True)
    ]
    print("\n".join(rows))
    text = TEXT.format(
        day=datetime.date.today(), machine=describe(), load=load, runs=RUNS, rows="\n".join(rows), km=8.7
    )
    Path(__file__).with_name("start.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
