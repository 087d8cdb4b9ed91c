"""What the area kernel is measured against: the floor, our path-by-path reference, and SPLAT!'s Longley-Rice."""

import math
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit
from coverage.radio.p1812 import terms_of_path
from coverage.radio.p1812_profile import INLAND
from coverage.radio.pathwise import Setting, exact_losses_db, read_profile
from coverage.radio.radial import Mast, sample
from coverage.radio.sweep import radials_per_sector

SETTING = Setting(21.0, 50.0, True, 45.0, 325.0, 50.0, 0.0)
NO_COVER = np.zeros((0, 0), np.float32)


@njit
def floor(terrain: Any, row: int, col: int, radius_cells: float, out: Any) -> None:
    """Sample the terrain along the kernel's radials and write one number per pixel: what no such kernel can avoid."""
    rows, cols = terrain.shape
    n = out.shape[0] // 2
    per_sector = radials_per_sector(radius_cells)
    turn = 0.5 * math.pi / per_sector
    for number in range(4 * per_sector):
        sector = number // per_sector
        k = number - sector * per_sector - per_sector // 2
        x_row, x_col = (0, 1, 0, -1)[sector], (1, 0, -1, 0)[sector]
        cos, sin = math.cos(k * turn), math.sin(k * turn)
        row_step, col_step = x_row * cos + x_col * sin, x_col * cos - x_row * sin
        lower, upper = math.tan((k - 0.5) * turn), math.tan((k + 0.5) * turn)
        passed, highest = 0, 0.0
        for x in range(1, n + 1):
            for y in range(math.ceil(x * lower), math.ceil(x * upper)):
                at_row, at_col = row + x_row * x + x_col * y, col + x_col * x - x_row * y
                cells = math.sqrt(x * x + y * y)
                if cells > radius_cells or not (0 <= at_row < rows and 0 <= at_col < cols):
                    continue
                while passed < int(cells - 0.5):
                    passed += 1
                    highest = max(highest, sample(terrain, row + passed * row_step, col + passed * col_step))
                out[at_row - row + n, at_col - col + n] = highest


def pixels(n: int, count: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Offsets of random pixels, evenly spread over the circle of n pixels."""
    away, bearing = n * np.sqrt(rng.uniform(size=count)), rng.uniform(0.0, 2.0 * np.pi, count)
    rows, cols = np.rint(away * np.sin(bearing)).astype(int), np.rint(away * np.cos(bearing)).astype(int)
    kept = (np.hypot(rows, cols) <= n) & ((rows != 0) | (cols != 0))
    return rows[kept], cols[kept]


def path_by_path_s(mast: Mast, n: int, freq_ghz: float, count: int = 20_000) -> float:
    """Processor time of the whole Recommendation for every pixel of the circle, scaled up from random ones."""
    rows, cols = pixels(n, count, np.random.default_rng(0))
    at = (mast.row + rows, mast.col + cols, np.zeros(len(rows)))
    exact_losses_db(mast, SETTING, freq_ghz, at[0][:9], at[1][:9], at[2][:9])
    start = time.process_time()
    exact_losses_db(mast, SETTING, freq_ghz, *at)
    return (time.process_time() - start) * math.pi * n * n / len(rows)


@njit
def _other_terms(mast: Mast, freq_ghz: float, rows: Any, cols: Any, delta_n: float) -> Any:
    longest = mast.terrain.shape[0] + mast.terrain.shape[1]
    distance, ground, obstacle = np.zeros(longest), np.zeros(longest), np.zeros(longest)
    zone = np.full(longest, INLAND)
    out = np.full((len(rows), 3), math.nan)
    for i in range(len(rows)):
        points = read_profile(mast, rows[i], cols[i], 0.0, distance, ground, obstacle)
        if points > 2:
            terms = terms_of_path(
                distance[:points], ground[:points], obstacle[:points], zone[:points], mast.tx_height_m,
                mast.rx_height_m, 21.0, freq_ghz, 50.0, 50.0, 0.0, True, delta_n, 325.0, 500.0, 500.0,
            )  # fmt: skip
            out[i] = terms.d, terms.Lbd - terms.Lbda, terms.Lbam - terms.Lbc
    return out


def other_terms(mast: Mast, freq_ghz: float, delta_n: float, count: int = 8_000) -> NDArray[np.float64]:
    """Distance, km, and what ducting and troposcatter take off, dB, at random pixels, even over log distance."""
    rng = np.random.default_rng(1)
    away, bearing = 10.0 ** rng.uniform(0.4, math.log10(2000.0), count), rng.uniform(0.0, 2.0 * np.pi, count)
    rows, cols = np.rint(away * np.sin(bearing)).astype(int), np.rint(away * np.cos(bearing)).astype(int)
    return np.asarray(_other_terms(mast, freq_ghz, mast.row + rows, mast.col + cols, delta_n))


def splat_s(one_degree: NDArray[np.float32], radius_km: float) -> tuple[float, float] | None:
    """
    Processor time of SPLAT! HD's Longley-Rice from the centre of a square degree.

    `one_degree` has 3601 x 3601 heights, m, from north-west. Returns the whole command's time, and that without what it
    takes for a radius of 1 km, which is start-up and picture; None where splat-hd is not installed.
    """
    if shutil.which("splat-hd") is None or shutil.which("srtm2sdf-hd") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        np.rint(one_degree).astype(">i2").tofile(at / "N34W118.hgt")
        subprocess.run(["srtm2sdf-hd", "N34W118.hgt"], cwd=at, check=True, capture_output=True)
        (at / "mast.qth").write_text("mast\n34.5\n117.5\n33m\n")
        (at / "mast.lrp").write_text("15.0\n0.005\n301.0\n900.0\n5\n1\n0.5\n0.5\n")
        base = ["splat-hd", "-t", "mast.qth", "-L", "1.5", "-metric", "-d", ".", "-o", "o.ppm", "-N", "-olditm", "-R"]
        whole = _processor_s([*base, f"{radius_km:g}"], at)
        return whole, whole - _processor_s([*base, "1"], at)


def _processor_s(command: list[str], folder: Path) -> float:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    return usage.ru_utime + usage.ru_stime
