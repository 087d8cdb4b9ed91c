"""What a phone can use at a place: the best class over technologies, and where that cannot be told."""

import numpy as np
from numpy.typing import NDArray

from coverage.classes import signal_class
from coverage.columns import ANY
from coverage.result import Signal
from coverage.study import Study


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
