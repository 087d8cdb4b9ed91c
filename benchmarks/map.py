"""
`coverage map`: how long drawing the bundled province from finished results takes. `python -m benchmarks.map [STUDY]`.

STUDY is a folder with coverage.toml and finished results in maps/; where these are missing it is analysed first.
Absent: the bundled sample. What the map then takes in a browser is measured by `benchmarks.web_map`.
"""

import datetime
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.main_job import copied, first_run

HERE = Path(__file__).parent
RUNS = 5
EDITIONS = {"full": (), "partner (vnpt)": ("--edition", "partner", "--operator", "vnpt")}
TEXT = """# What drawing the map takes

Made by `python -m benchmarks.map` on {day:%Y-%m-%d}. Machine: {machine}. Load on the machine before and after, mean
of one minute: {load}.

`coverage map` on finished results of the bundled province, {runs} runs of each edition, web map and Google Earth
together, compiled to bytecode as an installed program is. At most 10 s are asked for, and at most 8 MB for the web map.
Median, and from least to most:

| edition | wall time, s | processor time, s | peak memory, MB | web map, MB | Google Earth, MB |
|---|---|---|---|---|---|
{rows}
"""


def drawn(study: Path, out: Path, *options: str) -> tuple[float, float, float]:
    """Run `coverage map`; return wall time, s, processor time, s, and peak memory, MB."""
    command = [sys.executable, "-m", "coverage", "map", str(study), "--out", str(out), *options]
    start = time.perf_counter()
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=kept)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure, and write map.md."""
    load, rows = [os.getloadavg()[0]], []
    with tempfile.TemporaryDirectory() as folder:
        study = _finished(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent, Path(folder))
        for edition, options in EDITIONS.items():
            file = Path(folder) / f"{edition}.html"
            figures = zip(*(drawn(study, file, *options) for _ in range(RUNS)), strict=True)
            sizes = [f"{one.stat().st_size / 1e6:.1f}" for one in (file, file.with_suffix(".kmz"))]
            rows.append(f"| {' | '.join([edition, *map(_spread, figures), *sizes])} |")
            print(rows[-1], flush=True)
    load.append(os.getloadavg()[0])
    text = TEXT.format(
        day=datetime.date.today(),
        machine=describe(),
        load=" and ".join(f"{one:.1f}" for one in load),
        runs=RUNS,
        rows="\n".join(rows),
    )
    (HERE / "map.md").write_text(text, encoding="utf-8")


def _finished(study: Path, folder: Path) -> Path:
    """Return the coverage.toml of a copy of a study with finished results."""
    copy = copied(study, folder)
    if (study / "maps" / "run.json").exists():
        shutil.copytree(study / "maps", folder / "maps")
    else:
        first_run(copy, folder / "maps")
    return copy


def _spread(values: tuple[float, ...]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f} … {max(values):.1f})"


if __name__ == "__main__":
    main()
