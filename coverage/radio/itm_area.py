"""Longley-Rice for every pixel around a mast, each along the line to it, compiled."""

import math
from typing import Any

import numpy as np

from coverage.radio._numba import njit
from coverage.radio.itm import profile_loss_db
from coverage.radio.itm_conditions import Conditions
from coverage.radio.radial import sample


@njit
def fill_losses(terrain_m: Any, cell_km: float, given: Conditions, loss_db: Any) -> None:
    """
    Put the loss of each path into every pixel that holds a number, over terrain and losses centred on the mast.

    A path is cut into equal steps as near to one cell as they go, for the model takes no others.

    Parameters
    ----------
    terrain_m
        [2n+1, 2n+1] heights above sea level, m; NaN where unknown.
    cell_km
        Side of a pixel, km.
    given
        Frequency, antennas, ground, air and quantile.
    loss_db
        [2n+1, 2n+1], filled where it is not NaN: dB, NaN where the model ends or the path crosses a void.
    """
    size = terrain_m.shape[0]
    n = size // 2
    profile = np.empty(2 * size)
    for row in range(size):
        for col in range(size):
            if math.isnan(loss_db[row, col]):
                continue
            cells = math.hypot(row - n, col - n)
            steps = max(2, int(cells + 0.5))
            profile[0], profile[steps] = terrain_m[n, n], terrain_m[row, col]
            for i in range(1, steps):
                share = i / steps
                profile[i] = sample(terrain_m, n + share * (row - n), n + share * (col - n))
            loss_db[row, col] = profile_loss_db(profile[: steps + 1], cells * cell_km, given)
