"""The best server of a network: every mast's footprints laid over one another."""

import os
from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from coverage.columns import ANY
from coverage.grid import Grid
from coverage.progress import Progress, Silent
from coverage.radio._numba import njit
from coverage.radio.antenna import Pattern
from coverage.radio.clutter import representative_height_m
from coverage.radio.link_budget import reference_power_dbm
from coverage.result import Layers, Signal
from coverage.signal.footprint import Cell, Footprint, Ground, Mast, Propagation, footprints
from coverage.study import Study


def predict(layers: Layers, study: Study, *, progress: Progress | None = None) -> Signal:
    """
    Predict the best level at every pixel, per operator and technology and for any operator.

    The result does not depend on the number of threads: of two equally strong cells the first in the layer serves.

    Parameters
    ----------
    layers
        Cells, and the terrain and land cover they stand on.
    study
        Propagation, radii and threads.
    progress
        Told of every finished mast.

    Returns
    -------
    Signal
        Levels in dBm, NaN where not modelled.

    Raises
    ------
    ModelRangeError
        A frequency, height or percentage is out of the model's range.
    """
    masts = masts_of(layers, study)
    propagation = propagation_of(study, layers.grid)
    ground = ground_of(layers, study)
    overlay = _Overlay.empty(layers, masts)
    with (
        (progress or Silent()).step("signal", len(masts)) as advance,
        ThreadPoolExecutor(study.threads or os.cpu_count()) as threads,
    ):

        def work(mast: Mast) -> None:
            found = footprints(mast, ground, propagation=propagation)
            overlay.add(mast, found)
            advance(1)

        for _ in threads.map(work, masts):
            pass
    return overlay.signal(layers)


def propagation_of(study: Study, grid: Grid) -> Propagation:
    """Return what the loss depends on beside the ground, at the latitude of the grid's centre."""
    radio = study.radio
    west, south, east, north = grid.bounds
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    _, latitude_deg = to_degrees.transform((west + east) / 2, (south + north) / 2)
    return Propagation(
        model=radio.model,
        environment=radio.environment,
        rx_height_m=radio.rx_height_m,
        time_percent=radio.time_percent,
        location_percent=radio.location_percent,
        location_sigma_db=radio.location_sigma_db,
        delta_n=radio.delta_n,
        n0=radio.n0,
        latitude_deg=float(latitude_deg),
        building=radio.building,
    )


def ground_of(layers: Layers, study: Study) -> Ground:
    """Return the terrain with the heights of its land cover; pixels without a class are open ground."""
    cover_m = None
    if layers.land_cover is not None:
        cover_m = np.nan_to_num(representative_height_m(layers.land_cover, heights_m=study.radio.clutter_m), nan=0.0)
    return Ground(layers.terrain_m, layers.grid.cell_m, cover_m)


def masts_of(layers: Layers, study: Study) -> list[Mast]:
    """Group cells by the pixel they stand on and their height, in that order."""
    points = layers.cells.geometry
    row, col = layers.grid.pixel(points.x, points.y)
    patterns = {name: Pattern(*cuts) for name, cuts in layers.antennas.items()}
    groups: dict[tuple[int, int, float], list[Cell]] = {}
    for index, cell in enumerate(layers.cells.drop(columns="geometry").to_dict("records")):
        where = (int(row[index]), int(col[index]), float(cell["height_m"]))
        groups.setdefault(where, []).append(_cell(index, cell, patterns, study))
    return [Mast(*where, cells=tuple(group)) for where, group in sorted(groups.items())]


def _cell(index: int, row: Mapping[Hashable, Any], patterns: Mapping[str, Pattern], study: Study) -> Cell:
    """Turn a row of the layer into a cell; what an antenna needs beyond it comes from the study."""
    technology = row["technology"]
    beamwidth_deg, tilt_deg = row["beamwidth_deg"], row["tilt_deg"]
    return Cell(
        index=index,
        operator=row["operator"],
        technology=technology,
        freq_mhz=float(row["freq_mhz"]),
        power_dbm=reference_power_dbm(
            technology, eirp_dbm=float(row["eirp_dbm"]), bandwidth_mhz=float(row["bandwidth_mhz"])
        ),
        azimuth_deg=float(row["azimuth_deg"]),
        tilt_deg=0.0 if pd.isna(tilt_deg) else float(tilt_deg),
        beamwidth_deg=study.radio.beamwidth_deg if pd.isna(beamwidth_deg) else float(beamwidth_deg),
        vertical_beamwidth_deg=study.radio.vertical_beamwidth_deg,
        max_radius_m=study.technologies[technology].max_radius_km * 1000,
        pattern=None if pd.isna(row["antenna"]) else patterns.get(row["antenna"]),
    )


@dataclass(frozen=True)
class _Overlay:
    """Province-wide rasters that footprints are laid over, each under its own lock."""

    best: Mapping[tuple[str, str], tuple[NDArray[np.float32], NDArray[np.int32]]]
    voids: dict[str, NDArray[np.bool_]]
    locks: Mapping[str, Lock]

    @classmethod
    def empty(cls, layers: Layers, masts: list[Mast]) -> "_Overlay":
        shape = layers.terrain_m.shape
        pairs = {(cell.operator, cell.technology) for mast in masts for cell in mast.cells}
        return cls(
            best={
                pair: (np.full(shape, np.nan, dtype=np.float32), np.full(shape, -1, dtype=np.int32))
                for pair in sorted(pairs)
            },
            voids={},
            locks={technology: Lock() for _, technology in sorted(pairs)},
        )

    def add(self, mast: Mast, found: Sequence[Footprint]) -> None:
        for footprint in found:
            technology = footprint.technology
            level, server = self.best[footprint.operator, technology]
            row, col = mast.row - footprint.level_dbm.shape[0] // 2, mast.col - footprint.level_dbm.shape[0] // 2
            with self.locks[technology]:
                here, there = _shared(level.shape, footprint.level_dbm.shape, row, col)
                _lay_over(level[here], server[here], footprint.level_dbm[there], footprint.server[there])
                if footprint.void.any():
                    void = self.voids.setdefault(technology, np.zeros(level.shape, dtype=np.bool_))
                    void[here] |= footprint.void[there]

    def signal(self, layers: Layers) -> Signal:
        levels = {pair: level for pair, (level, _) in self.best.items()}
        servers = {}
        for technology in sorted({technology for _, technology in self.best}):
            level = np.full(layers.terrain_m.shape, np.nan, dtype=np.float32)
            server = np.full(layers.terrain_m.shape, -1, dtype=np.int32)
            for (_, other), (theirs, serving) in self.best.items():
                if other == technology:
                    _lay_over(level, server, theirs, serving)
            levels[ANY, technology] = level
            servers[technology] = server
        operators = tuple(sorted({operator for operator, _ in self.best}))
        return Signal(layers.grid, levels, servers=servers, voids=self.voids, operators=operators)


_Window = tuple[slice, slice]


def _shared(raster: tuple[int, ...], window: tuple[int, ...], row: int, col: int) -> tuple[_Window, _Window]:
    """Return where a window that starts at `row`, `col` of a raster meets it: in the raster, and in the window."""
    top, left = max(row, 0), max(col, 0)
    bottom, right = min(row + window[0], raster[0]), min(col + window[1], raster[1])
    return np.s_[top:bottom, left:right], np.s_[top - row : bottom - row, left - col : right - col]


@njit()  # type: ignore[untyped-decorator]
def _lay_over(
    level: NDArray[np.float32],
    server: NDArray[np.int32],
    theirs: NDArray[np.float32],
    serving: NDArray[np.int32],
) -> None:
    """Keep the stronger of two levels, and of equals the lower index."""
    for i in range(level.shape[0]):
        for j in range(level.shape[1]):
            new, old = theirs[i, j], level[i, j]
            if new > old or (np.isnan(old) and not np.isnan(new)) or (new == old and serving[i, j] < server[i, j]):
                level[i, j] = new
                server[i, j] = serving[i, j]
