"""Runs that can be disturbed: a country of forty masts, and copies of a process that is ready to go."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import numpy as np

from tests.end_to_end import country

ROOT = Path(__file__).parents[2]
DEADLINE_S = 240.0
MASTS = 40

READY = """
import itertools, json, os, signal, sys
from coverage import pipeline
from coverage.__main__ import main
from coverage.cli import cli

cli(["analyze", sys.argv[1]], standalone_mode=False)
print("ready", flush=True)
ended = {}
while line := sys.stdin.readline():
    order = json.loads(line)
    if "look" in order:
        process = order["look"]
        if process not in ended:
            found, status = os.waitpid(process, 0 if order["until_it_ends"] else os.WNOHANG)
            if found:
                ended[process] = os.waitstatus_to_exitcode(status)
        print(json.dumps(ended.get(process)), flush=True)
    elif process := os.fork():
        print(process, flush=True)
    else:
        for stream, file in enumerate([os.devnull, *order["said"]]):
            os.dup2(os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC), stream)
        replace, moves = os.replace, itertools.count()
        def dies(old, new):
            if next(moves) == order["moves"]:
                os.kill(os.getpid(), signal.SIGKILL)
            replace(old, new)
        os.replace = dies
        sys.argv = ["coverage", *order["arguments"]]
        sys.exit(main())
"""
"""
Reads what is asked of it line by line. The libraries are read and the kernels loaded once, by a run on another study:
nothing of a study is touched before, and it would be most of the time of every run. A copy may be asked to die when it
has moved so many files to their places: that takes a millisecond, too short a time to be killed in from outside.
"""


def build(folder: Path) -> Path:
    """Write a study of which nothing is to be warned, with masts all over hills; return its folder."""
    country.build(folder)
    degrees = {(east, south): country.lon_lat(east, south) for east, south in ((4.0, 12.0), (13.5, 10.0), (19.0, 17.0))}
    lon, lat = degrees[4.0, 12.0]
    _change(folder / "villages.csv", "Bản Đâu;03646;10;45;không;;", f"Bản Đâu;03646;10;45;không;{lon};{lat}")
    _change(folder / "villages.csv", "Bản Ngờ;03664;20;80;;", "Bản Ngờ;03664;20;80;có;")
    far, near = (f"b-4,12,{lon},{lat}" for lon, lat in (degrees[13.5, 10.0], degrees[19.0, 17.0]))
    _change(folder / "housing.csv", far, near)
    _change(folder / "coverage.toml", "max_radius_km = 3.0", "max_radius_km = 4.0")
    with (folder / "coverage.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[grid]\ncell_m = 50.0\n")
    _change(folder / "coverage.toml", "[study]", "threads = 2\n\n[study]")
    row, col = np.mgrid[0:200, 0:300]
    heights = 600 + 90 * np.sin(row / 17) * np.cos(col / 23) + 60 * np.sin(row / 5 + col / 7)
    country.write_terrain(folder / "terrain.tif", heights.astype(np.int16))
    chosen = random.Random(5)
    sites = ["site_id,operator,technology,freq_mhz,bandwidth_mhz,eirp_dbm,height_m,azimuth_deg,tilt_deg,lon,lat"]
    for number in range(MASTS):
        lon, lat = country.lon_lat(chosen.uniform(4.5, 25.5), chosen.uniform(4.5, 15.5))
        operator = chosen.choice(["Viettel", "VNPT"])
        for azimuth in (0, 120, 240):
            sites.append(f"M{number},{operator},4G,1800,10,62,33,{azimuth},3,{lon},{lat}")
        if number % 3 == 0:
            sites.append(f"M{number},{operator},4G,2600,20,62,33,0,3,{lon},{lat}")
    (folder / "bts.csv").write_text("\n".join(sites) + "\n", encoding="utf-8")
    return folder


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def move_a_mast(folder: Path) -> None:
    """Move mast M7 by 330 m."""
    file = folder / "bts.csv"
    heading, *rows = file.read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(rows):
        if row.startswith("M7,"):
            others, lat = row.rsplit(",", 1)
            rows[number] = f"{others},{float(lat) + 0.003:.7f}"
    file.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")


def set_to(folder: Path, table: str, setting: str) -> None:
    """Give a study one more setting, such as `delta_n = 60` of [radio]."""
    file = folder / "coverage.toml"
    text = file.read_text(encoding="utf-8")
    heading = f"[{table}]\n"
    text = text.replace(heading, f"{heading}{setting}\n") if heading in text else f"{text}\n{heading}{setting}\n"
    file.write_text(text, encoding="utf-8")


def results(folder: Path) -> dict[str, str]:
    """Return name -> SHA-256 of every table, paper and raster of a study, but of drafts, which a killed run leaves."""
    maps = folder / "maps"
    return {
        file.relative_to(maps).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in sorted(maps.rglob("*"))
        if file.is_file() and file.name != "run.json" and not file.relative_to(maps).parts[0].startswith(".")
    }


def on_record(folder: Path) -> dict[str, str]:
    """Return what run.json says that `results` are."""
    record = json.loads((folder / "maps" / "run.json").read_text(encoding="utf-8"))
    return {name: file["sha256"] for name, file in sorted(record["outputs"].items())}


def stored(folder: Path) -> list[Path]:
    """Return the files of finished work."""
    return sorted((folder / ".coverage-cache").glob("[ft]*/*/*"))


def steps(folder: Path) -> int:
    """Return how far a run is: the pieces of work in the store, and the results that are begun."""
    drafts = [aside / "new" for aside in (folder / "maps").glob(".coverage-writing-*")]
    begun = sum(len(files) for draft in drafts for _, _, files in os.walk(draft))  # which may go while we look
    return len(stored(folder)) + begun


def until(true: Callable[[], object], *, every_s: float = 0.002) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end, "it did not come in time"
        time.sleep(every_s)


@dataclass(frozen=True)
class Ended:
    """A run that came to its end."""

    code: int
    out: str
    err: str


class Ready:
    """A process that is ready to run the command, in as many copies of itself as are asked for."""

    def __init__(self, folder: Path) -> None:
        """Begin to make it ready; the folder takes what runs say."""
        country.build(folder / "other")
        self._folder = folder
        self._runs = 0
        self._is_ready = False
        self._process = subprocess.Popen(
            [sys.executable, "-c", READY, str(folder / "other")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def ask(self, **order: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        while not self._is_ready:
            said = self._process.stdout.readline()
            assert said, "the command failed on the country"
            self._is_ready = said == "ready\n"
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, study: Path, *options: str, moves: int | None = None) -> "Run":
        """Run `coverage analyze` on a study; it dies when it has moved so many files."""
        self._runs += 1
        said = [self._folder / f"{self._runs}.{stream}" for stream in ("out", "err")]
        for file in said:
            file.touch()
        arguments = ["analyze", str(study), *options]
        process = self.ask(arguments=arguments, said=[str(file) for file in said], moves=moves)
        return Run(self, process, *said)

    def run(self, study: Path, *options: str) -> Ended:
        """Run `coverage analyze` on a study, to its end."""
        return self.start(study, *options).ended()


@dataclass(frozen=True)
class Run:
    """The command at work."""

    ready: Ready
    process: int
    out: Path
    err: Path

    def at_work(self) -> bool:
        return self.ready.ask(look=self.process, until_it_ends=False) is None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let it do nothing for a while."""
        os.kill(self.process, signal.SIGSTOP)
        yield
        os.kill(self.process, signal.SIGCONT)

    def kill(self) -> bool:
        """End it as `kill -9` does; return whether it was at work until then."""
        if self.at_work():
            os.kill(self.process, signal.SIGKILL)  # its number is not given to another before somebody has looked
        return bool(self.ended().code == -signal.SIGKILL)

    def ended(self) -> Ended:
        """Wait for its end."""
        late = threading.Timer(DEADLINE_S, os.kill, (self.process, signal.SIGKILL))
        late.start()
        code = self.ready.ask(look=self.process, until_it_ends=True)
        late.cancel()
        return Ended(code, self.out.read_text(encoding="utf-8"), self.err.read_text(encoding="utf-8"))
