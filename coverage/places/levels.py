"""Signal classes: from a level to none, weak or good, and from technologies to what a phone can use."""

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.columns import ANY
from coverage.result import Signal
from coverage.study import Study


class SignalClass(IntEnum):
    """How good a signal is; ordered."""

    NONE = 0
    WEAK = 1
    GOOD = 2


def signal_class(level_dbm: ArrayLike, technology: str, study: Study) -> NDArray[np.int8]:
    """
    Classify levels of a technology.

    Parameters
    ----------
    level_dbm
        Any shape; NaN is "not modelled" and classified as no signal.
    technology
        A key of `study.technologies`.
    study
        Thresholds, and the extra loss asked for indoors.

    Returns
    -------
    array of int8
        Values of SignalClass, in the shape of `level_dbm`.
    """
    level = np.asarray(level_dbm, dtype=float) - study.definitions.indoor_db
    row = study.technologies[technology]
    return np.where(level >= row.good_dbm, 2, np.where(level >= row.weak_dbm, 1, 0)).astype(np.int8)


def best_class(
    signal: Signal, x: NDArray[np.float64], y: NDArray[np.float64], technologies: tuple[str, ...], study: Study
) -> NDArray[np.int8]:
    """Return the best class of any operator over some technologies, at points in the grid's CRS."""
    found = np.zeros(x.shape, dtype=np.int8)
    for technology in technologies:
        found = np.maximum(found, signal_class(signal.at(ANY, technology, x, y), technology, study))
    return found


def not_modelled(
    signal: Signal, terrain_m: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64], study: Study
) -> NDArray[np.bool_]:
    """Tell where no signal cannot be claimed: there is no terrain, or none on the way from a mast in reach."""
    unknown = np.isnan(signal.grid.sample(terrain_m, x, y))
    row, col = signal.grid.pixel(x, y)
    for technology in study.in_service():
        void = signal.voids.get(technology)
        if void is not None:
            unknown |= void[row, col] & (row >= 0)
    return unknown
