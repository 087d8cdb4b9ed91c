"""A calibration to a million measurements, and 200 to levels with known shifts: `python -m benchmarks.calibrate`."""

import datetime
import os
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy.spatial import cKDTree

from benchmarks.machine import describe
from benchmarks.signal_runs import apart, measured
from coverage.calibration.blocks import blocks, correlation_m, side_m
from coverage.calibration.measured import calibrate
from coverage.calibration.technology import Pixels, fit_technology
from coverage.layers.measurements import read_measurements
from coverage.radio.clutter import CATEGORIES
from coverage.result import Layers, Signal
from tests.calibration.trials import Trial, trial
from tests.worlds import cell, grid, layers, study

READINGS = 1_000_000
TRIALS = 200
TRUTH = (-4.0, 3.0, -9.0, 0.5)
"""Added to the levels of four classes, dB."""
SHADOWS = ((6.0, 100.0), (6.0, 500.0), (7.0, 250.0), (8.0, 100.0), (8.0, 500.0))
"""Standard deviation, dB, and the distance over which the correlation falls to 1/e, m."""
_SIDE = 1500
"""Pixels of 100 m along the province."""
_MASTS = 600
_OPERATORS = ("viettel", "vnpt", "mobifone")
Figures = dict[str, Any]


def million(readings: int) -> Figures:
    """Calibrate a province to a file of so many readings along its roads, each part of the work by itself."""
    random = np.random.default_rng(7)
    world, signal = _province(random)
    spent: Figures = {}

    def timed(name: str, work: Any) -> Any:
        start = time.perf_counter()
        found = work()
        spent[name] = time.perf_counter() - start
        return found

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "drive.csv"
        _write(file, random, world, signal, readings)
        settings = study().model_copy(update={"folder": Path(folder)}).with_layer("measurements", str(file))
        figures: Figures = {"readings": readings, "file_mb": file.stat().st_size / 1e6}
        with measured(figures):
            table = timed("read", lambda: read_measurements(settings, world))
            found = timed("fit", lambda: calibrate(table, world, signal, settings))
    offsets = {name: row.offset_db for name, row in (found.study.radio.calibration or _none()).technologies.items()}
    return figures | {"spent": spent, "usable": len(table.table), "pixels": len(found.pixels), "offsets": offsets}


def trials(count: int) -> Figures:
    """Fit shifted levels so many times under each kind of shadowing, and count how often the intervals hold them."""
    rows = []
    for sigma_db, length_m in SHADOWS:
        found = [_trial(seed, sigma_db, length_m) for seed in range(count)]
        held, width, side = zip(*found, strict=True)
        together, single = np.mean([all(each) for each in held]), np.mean([one for each in held for one in each])
        shares = (100 * float(together), 100 * float(single))
        rows.append((sigma_db, length_m, *shares, float(np.mean(width)), float(np.median(side)) / 1000))
    return {"rows": rows}


def _trial(seed: int, sigma_db: float, length_m: float) -> tuple[list[bool], float, float]:
    """Return which intervals hold what was added, their mean half width, dB, and the side of the blocks, m."""
    of = _pixels(trial(seed, TRUTH, sigma_db=sigma_db, correlation_m=length_m, masts=24))
    rough = fit_technology(of, blocks(of.x_m, of.y_m, side_m(0.0)))
    left_db = of.measured_dbm - of.corrected_dbm(rough.correction)
    side = side_m(correlation_m(of.x_m, of.y_m, left_db, within_m=4000.0, pixel_m=100.0))
    found = fit_technology(of, blocks(of.x_m, of.y_m, side))
    both = [
        (*found.classes[name], truth) for name, truth in zip(CATEGORIES, TRUTH, strict=False) if name in found.classes
    ]
    held = [abs(offset - truth) <= half for offset, half, truth in both]
    return held, float(np.mean([half for _, half, _ in both])), side


def _pixels(of: Trial) -> Pixels:
    return Pixels(of.x_m, of.y_m, of.measured_dbm, of.predicted_dbm, of.category, of.mast, of.distance_km)


def _province(random: np.random.Generator) -> tuple[Layers, Signal]:
    """Return level land with masts strewn over it, and levels that fall with the distance to the nearest of each."""
    where = grid(_SIDE, _SIDE)
    west, _, _, north = where.bounds
    place = random.uniform(0, 100.0 * _SIDE, (_MASTS, 2))
    cells = [
        cell(west + x, north - y, site_id=f"S{n}", cell_id=f"S{n}", operator=_OPERATORS[n % 3])
        for n, (x, y) in enumerate(place)
    ]
    world = layers(where=where, cells=cells)
    levels: Any = {}
    servers: Any = {}
    points = np.stack(np.mgrid[0:_SIDE, 0:_SIDE][::-1], axis=-1) * 100.0 + 50
    for number, operator in enumerate(_OPERATORS):
        away_m, nearest = cKDTree(place[number::3]).query(points)
        levels[operator, "4g"] = (-70 - 35 * np.log10(np.maximum(away_m, 100) / 1000)).astype(np.float32)
        servers[operator, "4g"] = (3 * nearest + number).astype(np.int32)
    return world, Signal(where, levels, servers=servers, operators=_OPERATORS)


def _write(file: Path, random: np.random.Generator, world: Layers, signal: Signal, readings: int) -> None:
    """Write readings every few metres of winding roads, 5 dB above what is predicted and 7 dB about that."""
    heading = np.cumsum(random.normal(0, 0.02, readings))
    path = np.cumsum(np.column_stack([np.cos(heading), np.sin(heading)]), axis=0) * 12.0
    inside = np.abs((path + 7.5e4) % 3e5 - 1.5e5)  # folded back at the borders
    west, _, _, north = world.grid.bounds
    x, y = west + inside[:, 0] * 0.999, north - inside[:, 1] * 0.999
    operator = np.array(_OPERATORS)[np.arange(readings) % 3]
    row, col = world.grid.pixel(x, y)
    shadow = np.repeat(random.normal(0, 7, readings // 25 + 1), 25)[:readings]
    level = np.zeros(readings)
    for name in _OPERATORS:
        here = operator == name
        level[here] = np.asarray(signal.levels[name, "4g"])[row[here], col[here]]
    lon, lat = Transformer.from_crs(world.grid.crs, "EPSG:4326", always_xy=True).transform(x, y)
    times = pd.Timestamp("2026-03-01") + pd.to_timedelta(np.arange(readings), unit="s")
    pd.DataFrame(
        {"time": times.strftime("%Y-%m-%d %H:%M:%S"), "operator": operator, "technology": "LTE",
         "lon": lon.round(6), "lat": lat.round(6), "rsrp": (level + 5 + shadow).clip(-130, -44).round(1),
         "speed": random.uniform(0, 80, readings).round(1), "accuracy": random.uniform(3, 30, readings).round(1)}
    ).to_csv(file, index=False)  # fmt: skip


def _none() -> Any:
    raise AssertionError("a calibration without a result")


TEXT = """# What a calibration takes, and how far it can be trusted

Made by `python -m benchmarks.calibrate` on {day:%Y-%m-%d}. Machine: {machine}; load of the machine at the start {load}.

## A million measurements

A CSV file of {readings:,} readings ({file_mb:.0f} MB: time, operator, technology, place, RSRP, speed, accuracy) along
winding roads of a province of 150 km × 150 km at 100 m, three operators with {masts} masts. The prediction is finished.
Asked: well under a minute.

| | |
|---|---|
| read and check, s | {read:.1f} |
| average, compare, fit, hold out, s | {fit:.1f} |
| both, s | {wall_s:.1f} |
| processor, s | {cpu_s:.1f} |
| peak memory, MB | {peak_mb:,.0f} |
| pixels and networks | {pixels:,} |
| offset found, dB (5 was added) | {offset:.2f} |

## {trials} trials

2,000 pixels along roads in a square of 25.6 km with 24 masts; four classes of land cover in patches of 800 m, whose
levels were shifted by {truth} dB; shadowing that neighbours share, its correlation falling to 1/e over a distance.
Blocks are chosen as the command chooses them. Stated: 95 %, of all offsets of a trial together.

| shadowing, dB | over, m | all intervals hold, % of trials | single ones, % | half width, dB | blocks, km |
|---|---|---|---|---|---|
{rows}
"""


def main() -> None:
    """Measure both, and write calibrate.md."""
    here = import_module("benchmarks.calibrate")  # here it is of `__main__`
    load = os.getloadavg()[0]
    found, tried = apart(here.million, READINGS), apart(here.trials, TRIALS)
    rows = "\n".join(
        f"| {sigma:g} | {length:g} | {together:.1f} | {single:.1f} | {width:.1f} | {km:g} |"
        for sigma, length, together, single, width, km in tried["rows"]
    )
    text = TEXT.format(
        day=datetime.date.today(), machine=describe(), load=f"{load:.1f}", masts=_MASTS, trials=TRIALS, rows=rows,
        truth=", ".join(f"{shift:+g}" for shift in TRUTH), offset=found["offsets"]["4g"], **found["spent"], **found,
    )  # fmt: skip
    Path(__file__).with_name("calibrate.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
