"""python -m benchmarks.radio: the area kernel's accuracy, speed, memory and growth, written to benchmarks/radio.md."""

import datetime
import math
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.warp import Resampling, calculate_default_transform, reproject

from benchmarks.machine import describe
from benchmarks.radio_peers import NO_COVER, SETTING, floor, other_terms, path_by_path_s, pixels, splat_s
from coverage.radio.pathwise import exact_losses_db
from coverage.radio.radial import Mast
from coverage.radio.sweep import area_loss_db

HERE = Path(__file__).parent
TERRAIN = HERE.parents[1] / "shared/data/dem_copernicus_glo30_mountains.tif"
CELL_M, TX_M, RX_M = 30.0, 33.0, 1.5
RUNS = 5


def main() -> None:
    """Measure everything and write the page."""
    if not TERRAIN.exists():
        sys.exit(f"{TERRAIN}: the real terrain that the figures are measured on is not there.")
    with rasterio.open(TERRAIN) as source:
        degrees = np.pad(source.read(1), ((0, 1801), (0, 1801)), mode="symmetric")
        real = _to_metres(source.read(1), source.transform)[40:-40, 40:-40]
        tile = _to_metres(degrees, source.transform)[40:-40, 40:-40]
    sections = [
        f"# The radio engine, measured\n\nMade by `python -m benchmarks.radio` on {datetime.date.today()}. "
        f"Machine: {describe()}.\n\nTerrain: Copernicus GLO-30 mountains (47 to 2169 m), warped to 30 m cells in UTM; "
        "mirrored to the south and east where a circle needs more of it than there is. "
        f"Antennas {TX_M:g} m and {RX_M} m above ground, vertical polarization, 50 % of time and places.",
        _accuracy(real),
        _speed(tile, degrees),
        _growth(tile),
        _terms(tile),
    ]
    text = "\n\n".join(sections) + "\n"
    (HERE / "radio.md").write_text(text, encoding="utf-8")
    print(text)


def _to_metres(degrees: NDArray[np.float32], transform: Any) -> NDArray[np.float32]:
    rows, cols = degrees.shape
    bounds = rasterio.transform.array_bounds(rows, cols, transform)
    target, width, height = calculate_default_transform(
        "EPSG:4326", "EPSG:32611", cols, rows, *bounds, resolution=CELL_M
    )
    out = np.full((height, width), np.nan, np.float32)
    start = from_origin(transform.c, transform.f, transform.a, -transform.e)
    reproject(
        degrees, out, src_transform=start, src_crs="EPSG:4326", dst_transform=target, dst_crs="EPSG:32611",
        dst_nodata=np.nan, resampling=Resampling.bilinear,
    )  # fmt: skip
    return out


def _area(terrain: NDArray[np.float32], row: int, col: int, radius_km: float, **changes: Any) -> NDArray[np.float32]:
    use: dict[str, Any] = {"freq_mhz": 900.0, **changes}
    return area_loss_db(
        terrain, cell_m=CELL_M, tx_row=row, tx_col=col, tx_height_m=TX_M, rx_height_m=RX_M,
        radius_m=1000.0 * radius_km, **use,
    )  # fmt: skip


def _table(head: str, rows: Iterable[tuple[object, ...]]) -> str:
    columns = head.count("|") + 1
    body = "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)
    return f"| {head} |\n|{'---|' * columns}\n{body}"


def _processor(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median processor time of this process, s: on a shared machine steadier than the clock on the wall."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def _in_turn(works: list[Callable[[], object]], clock: Callable[[], float], runs: int = RUNS) -> list[float]:
    """Median time of each work, s, taken in turn so that a machine that changes its pace does so for all of them."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, spent in zip(works, times, strict=True):
            start = clock()
            work()
            spent.append(clock() - start)
    return [statistics.median(spent) for spent in times]


def _accuracy(real: NDArray[np.float32]) -> str:
    rng = np.random.default_rng(7)
    rows, cols = real.shape
    found: dict[float, list[tuple[NDArray[Any], NDArray[Any]]]] = {900.0: [], 1800.0: [], 3700.0: []}
    for _ in range(8):
        row, col = int(rng.integers(200, rows - 200)), int(rng.integers(200, cols - 200))
        away_row, away_col = pixels(500, 5000, rng)
        at_row, at_col = row + away_row, col + away_col
        on = (at_row >= 0) & (at_row < rows) & (at_col >= 0) & (at_col < cols)
        away_row, away_col = away_row[on], away_col[on]
        for freq, pairs in found.items():
            fast = _area(real, row, col, 15.0, freq_mhz=freq)[0, 500 + away_row, 500 + away_col]
            mast = Mast(np.ascontiguousarray(real), NO_COVER, row, col, TX_M, RX_M, CELL_M / 1000.0)
            turns = np.zeros(len(away_row))
            exact = exact_losses_db(mast, SETTING, freq / 1000.0, row + away_row, col + away_col, turns)
            pairs.append((fast, exact))
    lines = []
    for freq, pairs in found.items():
        fast, exact = (np.concatenate(side) for side in zip(*pairs, strict=True))
        off = np.abs(fast - exact)
        # 62 dBm EIRP over 10 MHz is 34.2 dBm per resource element; good from -105, weak from -115 dBm
        fast_class, exact_class = (np.digitize(34.2 - side, [-115.0, -105.0]) for side in (fast, exact))
        lines.append(
            (f"{freq:g} MHz", len(off), f"{off.mean():.3f}", f"{np.percentile(off, 95):.2f}", f"{off.max():.1f}",
             f"{100.0 * (fast_class == exact_class).mean():.2f} %")
        )  # fmt: skip
    return (
        "## Accuracy\n\nAgainst all of P.1812-8 along the exact line from mast to pixel centre at steps of one cell, "
        "random pixels within 15 km of 8 random masts. Asked: mean ≤ 0.3 dB, 95th percentile ≤ 1.2 dB, the same class "
        "(good, weak, none at 62 dBm EIRP, 10 MHz) in ≥ 99 %.\n\n"
        + _table("band | pixels | mean, dB | 95 %, dB | largest, dB | same class", lines)
    )


def _speed(tile: NDArray[np.float32], degrees: NDArray[np.float32]) -> str:
    n = int(30_000 / CELL_M)
    row, col = tile.shape[0] // 2, tile.shape[1] // 2
    flat = np.zeros_like(tile)
    three = [900.0, 1800.0, 2100.0]
    _area(tile, row, col, 0.5)
    window = np.ascontiguousarray(tile[row - n : row + n + 1, col - n : col + n + 1])
    out = np.zeros_like(window)
    floor(window, n, n, 5.0, out)
    one_s, floor_s, three_s, flat_s = _in_turn(
        [
            lambda: _area(tile, row, col, 30.0),
            lambda: floor(window, n, n, float(n), out),
            lambda: _area(tile, row, col, 30.0, freq_mhz=three),
            lambda: _area(flat, row, col, 30.0),
        ],
        time.process_time,
        2 * RUNS + 1,
    )
    paths_s = path_by_path_s(Mast(window, NO_COVER, n, n, TX_M, RX_M, CELL_M / 1000.0), n, 0.9)
    splat = splat_s(degrees, 30.0)
    with ThreadPoolExecutor(2) as pool:
        one_wall, two_wall, masts_wall = _in_turn(
            [
                lambda: _area(tile, row, col, 30.0),
                lambda: _area(tile, row, col, 30.0, threads=2),
                lambda: list(pool.map(lambda r: _area(tile, r, col, 30.0), (row, row))),
            ],
            time.perf_counter,
            2 * RUNS + 1,
        )
    tracemalloc.start()
    _area(tile, row, col, 30.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    pixels_m = math.pi * n * n / 1e6
    rows: list[tuple[object, ...]] = [
        (f"area kernel, mountains, {pixels_m:.2f} million pixels", f"{one_s:.2f}", "", ""),
        ("SPLAT! HD Longley-Rice, same terrain, mast and radius", *_times(splat and splat[0], one_s), "≥ 30"),
        ("the same without its start-up and picture", *_times(splat and splat[1], one_s), ""),
        ("our compiled P.1812 path by path (20,000 pixels, scaled)", *_times(paths_s, one_s), "≥ 50"),
    ]
    reverse: list[tuple[object, ...]] = [
        ("floor: sample the same radials, write one number", f"{floor_s:.3f}", f"{one_s / floor_s:.1f} floors", "≤ 10"),
        ("flat ground", f"{flat_s:.2f}", f"{flat_s / one_s:.2f} x mountains", "≤ 1.5"),
        ("three bands", f"{three_s:.2f}", f"{three_s / one_s:.2f} x one band", "≤ 1.7"),
        ("two threads on one mast (wall)", f"{two_wall:.2f}", f"{one_wall / two_wall:.2f} x one thread", "≥ 1.8"),
        ("two threads, a mast each (wall)", f"{masts_wall:.2f}", f"{2 * one_wall / masts_wall:.2f} x one", "≥ 1.8"),
        ("peak memory, MB", f"{peak / 1e6:.0f}", f"{peak / (2 * window.nbytes):.2f} x window and result", "≤ 3"),
    ]
    return (
        f"## Speed\n\nOne mast, 30 km at 30 m, one thread; processor time in seconds, medians of {2 * RUNS + 1} in one "
        "run (in turn; SPLAT! once), wall time where threads share the work.\n\n"
        + _table("what | s | ratio | asked", rows + reverse)
    )


def _times(other_s: float | None, one_s: float) -> tuple[str, str]:
    return ("not installed", "") if other_s is None else (f"{other_s:.1f}", f"{other_s / one_s:.0f} x the kernel")


def _growth(tile: NDArray[np.float32]) -> str:
    wide = np.pad(tile, 600, mode="symmetric")
    row, col = wide.shape[0] // 2, wide.shape[1] // 2
    lines = []
    for radius_km in (5, 10, 20, 30, 45, 60):
        spent = _processor(lambda radius=radius_km: _area(wide, row, col, radius), 3)
        reached = int(np.isfinite(_area(wide, row, col, radius_km)).sum())
        lines.append((radius_km, f"{reached / 1e6:.2f}", f"{spent:.3f}", f"{1e9 * spent / reached:.0f}"))
    masts = [(row + 97 * i, col - 61 * i) for i in range(-4, 4)]
    many = [
        (count, f"{_processor(lambda c=count: [_area(wide, r, k, 10.0) for r, k in masts[:c]], 3):.3f}")
        for count in (1, 2, 4, 8)
    ]
    return (
        "## Growth\n\n"
        + _table("radius, km | million pixels | s | ns per pixel", lines)
        + "\n\n"
        + _table("masts of 10 km | s", many)
    )


def _terms(tile: NDArray[np.float32]) -> str:
    wide = np.ascontiguousarray(np.pad(tile, 600, mode="symmetric"))
    edges = (0.25, 1.0, 5.0, 15.0, 30.0, 60.0)
    lines = []
    for name, ground in (("mountains", wide), ("a tenth of the relief", wide / 10.0), ("flat", wide * 0.0)):
        rng = np.random.default_rng(3)
        masts = [
            Mast(ground.astype(np.float32), NO_COVER, int(row), int(col), TX_M, RX_M, CELL_M / 1000.0)
            for row, col in rng.integers(2010, np.array(wide.shape) - 2010, (6, 2))
        ]
        for freq_ghz in (0.1, 0.9, 3.7):
            values = np.concatenate([other_terms(mast, freq_ghz, 50.0) for mast in masts])
            cells = []
            for low, high in pairwise(edges):
                here = values[(values[:, 0] >= low) & (values[:, 0] < high), 1:]
                mean, most = here.mean(axis=0), here.max(axis=0)
                cells.append(f"{mean[0]:.3f} ({most[0]:.1f}); {mean[1]:.3f} ({most[1]:.1f})")
            lines.append((name, f"{1000.0 * freq_ghz:g}", *cells))
    return (
        "## What the other terms of P.1812 take off the median loss\n\n"
        "Ducting and layer reflection; troposcatter: mean (largest) in dB by distance in km, along exact lines, "
        "ΔN 50, N0 325. The kernel has troposcatter everywhere and ducting up to 1 km.\n\n"
        + _table("ground | MHz | " + " | ".join(f"{a:g} to {b:g}" for a, b in pairwise(edges)), lines)
    )


if __name__ == "__main__":
    main()
