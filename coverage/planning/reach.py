"""Reach: which places without signal a candidate would serve, first roughly, then by the map's own model."""

import itertools
import math
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from coverage.classes import signal_class
from coverage.planning.candidates import Candidates
from coverage.planning.demand import Demand
from coverage.planning.ground import clearance
from coverage.progress import Progress, Silent
from coverage.radio.models import sees_terrain
from coverage.radio.reference_power import reference_power_dbm
from coverage.result import Layers
from coverage.signal.footprint import TENTHS, loss_around_db
from coverage.signal.network import categories_of, correction_of, ground_of, propagation_of
from coverage.study import Study


def loss_allowed_db(study: Study) -> float:
    """
    Return the loss at which the planned technology just counts as signal, dB.

    With the extra loss that `definitions.indoor_db` asks for; that of `radio.building` is part of every loss, and what
    a calibration adds differs from place to place.
    """
    return _power_dbm(study) - study.thresholds_dbm(study.planning.technology)[1]


def _power_dbm(study: Study) -> float:
    """Return what a phone beside the antenna of a new site would receive, dBm."""
    name = study.planning.technology
    technology = study.technologies[name]
    return reference_power_dbm(name, eirp_dbm=technology.eirp_dbm, bandwidth_mhz=technology.bandwidth_mhz)


def radius_m(study: Study) -> float:
    """Return how far from a candidate its reach is examined, m."""
    return 1000 * min(study.planning.max_radius_km, study.technologies[study.planning.technology].max_radius_km)


def rough_reach(candidates: Candidates, demand: Demand, layers: Layers, study: Study) -> csr_array:
    """
    Guess which places each candidate would serve: free space, the building, and the worst edge if the model sees any.

    More obstacles only add loss, so this errs towards serving; it is for choosing what to examine exactly.

    Returns
    -------
    csr_array
        [candidates, places] of bool.

    References
    ----------
    Free space: ITU-R P.525-4, equation (4). Edge: ITU-R P.526-15, equation (31), with nu = -sqrt(2) times the
    clearance in Fresnel radii, which follows from its equations (2) and (26).
    """
    candidate, place = _pairs(candidates, (demand.x_m, demand.y_m), radius_m(study))
    freq_mhz = study.technologies[study.planning.technology].freq_mhz
    distance_m = np.hypot(candidates.x_m[candidate] - demand.x_m[place], candidates.y_m[candidate] - demand.y_m[place])
    # Within its own pixel a mast is taken to be half a pixel away; the ray from its top is never shorter than that.
    distance_km = np.maximum(distance_m, layers.grid.cell_m / 2) / 1000
    entry_db = propagation_of(study, layers.grid).spread_db(freq_mhz)
    loss_db = 32.4 + 20 * math.log10(freq_mhz) + 20 * np.log10(distance_km) + entry_db
    if sees_terrain(study.radio.model):
        room = clearance(
            layers.grid,
            layers.terrain_m,
            (candidates.x_m[candidate], candidates.y_m[candidate], candidates.height_m[candidate]),
            (demand.x_m[place], demand.y_m[place], np.full(len(place), study.radio.rx_height_m)),
            freq_mhz=freq_mhz,
        )
        loss_db = loss_db + _edge_db(-math.sqrt(2) * room)
    corrections_db = _corrections_db(layers.grid.pixel(demand.x_m, demand.y_m), layers, study)
    allowed_db = loss_allowed_db(study) + corrections_db(place, distance_km)
    return _matrix(candidate, place, loss_db <= allowed_db, (len(candidates), len(demand)))


def exact_reach(
    candidates: Candidates, demand: Demand, layers: Layers, study: Study, *, progress: Progress
) -> csr_array:
    """
    Tell which places each candidate would serve, by the propagation model of the map.

    The antenna is taken as omnidirectional, which three sectors pointed where people live come close to.

    Returns
    -------
    csr_array
        [candidates, places] of bool; the same for any number of threads.

    Raises
    ------
    ModelRangeError
        The study's frequency or a height is out of the model's range.
    """
    candidate, place, loss_db = _losses_db(candidates, (demand.x_m, demand.y_m), layers, study, progress=progress)
    return _matrix(candidate, place, loss_db <= loss_allowed_db(study), (len(candidates), len(demand)))


def classes_given(
    candidates: Candidates, xy: NDArray[np.float64], layers: Layers, study: Study
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int8]]]:
    """
    Yield, per candidate, the points in its reach and the SignalClass that it alone gives there.

    Parameters
    ----------
    candidates
        On the terrain.
    xy
        [points, 2] in the grid's CRS, m; NaN where there is no point.
    layers, study
        As for `exact_reach`.
    """
    known = np.flatnonzero(layers.grid.pixel(*xy.T)[0] >= 0)
    x_m, y_m = xy[known].T
    candidate, place, loss_db = _losses_db(candidates, (x_m, y_m), layers, study, progress=Silent())
    classes = signal_class(_power_dbm(study) - loss_db, study.planning.technology, study)
    bounds = np.searchsorted(candidate, np.arange(len(candidates) + 1))
    for first, last in itertools.pairwise(bounds):
        yield known[place[first:last]], classes[first:last]


def _losses_db(
    candidates: Candidates,
    points: tuple[NDArray[np.float64], NDArray[np.float64]],
    layers: Layers,
    study: Study,
    *,
    progress: Progress,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return every candidate with every point in its reach, sorted by both, and the loss between them, dB."""
    grid, technology = layers.grid, study.technologies[study.planning.technology]
    propagation, ground = propagation_of(study, grid), ground_of(layers, study)
    row, col = grid.pixel(candidates.x_m, candidates.y_m)
    place_row, place_col = grid.pixel(*points)
    within_m = radius_m(study)
    candidate, place = _pairs(candidates, points, within_m)
    bounds = np.searchsorted(candidate, np.arange(len(candidates) + 1))
    corrections_db = _corrections_db((place_row, place_col), layers, study)

    def losses(number: int) -> NDArray[np.float64]:
        mine = place[bounds[number] : bounds[number + 1]]
        if len(mine) == 0:
            return np.zeros(0)
        loss_db = loss_around_db(
            ground,
            propagation,
            row=int(row[number]),
            col=int(col[number]),
            height_m=float(candidates.height_m[number]),
            freq_mhz=[technology.freq_mhz],
            # Always the whole reach: the radials of a sweep, and so its levels, depend a little on its radius.
            radius_m=within_m + 2 * grid.cell_m,
        )[0]
        n = loss_db.shape[0] // 2
        down, across = place_row[mine] - row[number], place_col[mine] - col[number]
        distance_km = np.maximum(grid.cell_m * np.hypot(down, across), grid.cell_m / 2) / 1000  # as in the rasters
        return np.asarray(loss_db[n + down, n + across] - corrections_db(mine, distance_km), dtype=float)

    found: list[NDArray[np.float64]] = [np.zeros(0)]
    with (
        progress.step("reach", len(candidates)) as advance,
        ThreadPoolExecutor(study.threads or os.cpu_count()) as threads,
    ):
        for answer in threads.map(losses, range(len(candidates))):
            found.append(answer)
            advance(1)
    return candidate, place, np.concatenate(found)


def _corrections_db(
    pixels: tuple[NDArray[np.int64], NDArray[np.int64]], layers: Layers, study: Study
) -> Callable[[NDArray[np.int64], NDArray[np.float64]], NDArray[np.float64] | float]:
    """Return what says what a calibration adds to levels at pixels, by number, and distances, km; dB, in tenths."""
    correction = correction_of(study, study.planning.technology)
    categories = categories_of(layers, study)
    if correction is None or categories is None:
        return lambda places, distance_km: 0.0
    here = categories[pixels]
    return lambda places, distance_km: np.floor(TENTHS * correction.db(here[places], distance_km) + 0.5) / TENTHS


def on_terrain(candidates: Candidates, layers: Layers) -> NDArray[np.bool_]:
    """Tell which candidates stand on a pixel with terrain."""
    return np.isfinite(layers.grid.sample(layers.terrain_m, candidates.x_m, candidates.y_m))


def _pairs(
    candidates: Candidates, points: tuple[NDArray[np.float64], NDArray[np.float64]], within_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every candidate with every point near it, sorted by both."""
    if len(points[0]) == 0 or len(candidates) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    tree = cKDTree(np.column_stack(points))
    near = tree.query_ball_point(np.column_stack([candidates.x_m, candidates.y_m]), within_m, return_sorted=True)
    places = [np.asarray(few, dtype=np.int64) for few in near]
    return np.repeat(np.arange(len(candidates)), [len(few) for few in places]), np.concatenate(places)


def _matrix(
    candidate: NDArray[np.int64], place: NDArray[np.int64], serves: NDArray[np.bool_], shape: tuple[int, int]
) -> csr_array:
    matrix = csr_array((np.ones(int(serves.sum()), dtype=bool), (candidate[serves], place[serves])), shape=shape)
    matrix.sort_indices()
    return matrix


def _edge_db(nu: NDArray[np.float64]) -> NDArray[np.float64]:
    above = np.maximum(nu, -0.78) - 0.1
    loss_db = 6.9 + 20 * np.log10(np.sqrt(above**2 + 1) + above)
    return np.where(nu <= -0.78, 0.0, loss_db)
