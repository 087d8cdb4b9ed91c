"""make bench: measure the main job and write benchmarks/README.md."""

import datetime
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.main_job import measure

HERE = Path(__file__).parent
TEXT = """# What is measured

Made by `make bench` on {day:%Y-%m-%d}. Machine: {machine}.

## The main job

{main_job}

## The radio engine

`python -m benchmarks.radio` measures the area kernel against its accuracy and speed targets and writes
[radio.md](radio.md).

## The signal of a network

`python -m benchmarks.signal` measures a province, a province at 30 m, a country, and what a cluster could do, each by
its own name (`province`, `fine`, `country`, `plan`), and writes [signal.md](signal.md).

## The checks of layers

`python -m benchmarks.check` measures `coverage check` on studies of growing size and writes [check.md](check.md).

## The web map

`python -m benchmarks.map` times `coverage map` and writes [map.md](map.md); `python -m benchmarks.web_map` opens a
finished map in Chromium, as it is and with ten times its villages, and writes web_map.md.

## The villages

`python -m benchmarks.places` judges up to 100,000 villages under four operators and technologies and writes
[places.md](places.md).

## What to build next

`python -m benchmarks.planning choice` holds the choice of sites against spopt, which has to be installed for it, and
writes [planning.md](planning.md); `python -m benchmarks.planning_fiber` holds the fiber plan against networkx and the
best possible and writes [planning_fiber.md](planning_fiber.md).

## How soon a command answers

`python -m benchmarks.start` times `coverage --help` and `coverage path` against `import geopandas` and writes
[start.md](start.md).

## The calibration

`python -m benchmarks.calibrate` calibrates to a million measurements, and 200 times to shifted levels under shadowing,
and writes [calibrate.md](calibrate.md).
"""

if __name__ == "__main__":
    text = TEXT.format(day=datetime.date.today(), machine=describe(), main_job=measure(HERE.parent))
    (HERE / "README.md").write_text(text, encoding="utf-8")
    print(text)
