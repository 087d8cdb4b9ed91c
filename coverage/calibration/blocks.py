"""Blocks of the map: neighbours share their shadows, so that only blocks, not measurements, are independent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

LEAST_BLOCK_M = 2000.0
"""Side of a block where shadowing is not seen to reach farther."""
_LENGTHS = 10.0
"""Correlation lengths along a block."""
_FOLDS = 5
_MOST_POINTS = 4000
"""Of which pairs are looked at; more would not tell the length better."""
_BINS = 24


@dataclass(frozen=True)
class Blocks:
    """How pixels are divided."""

    side_m: float
    of: Numbers
    """[pixels] number of the block, from 0 on."""
    fold: Numbers
    """[pixels] which of the held-out parts its block belongs to."""
    count: int


def correlation_m(x_m: Floats, y_m: Floats, residual_db: Floats, *, within_m: float, pixel_m: float) -> float:
    """
    Estimate the distance over which the correlation of residuals falls to 1/e, m.

    Parameters
    ----------
    x_m, y_m, residual_db
        [pixels] places, and what is left there once offsets are taken off, dB.
    within_m
        Pairs farther apart are not looked at.
    pixel_m
        Side of a pixel, below which nothing is known.

    Returns
    -------
    float
        0 where residuals of neighbours are not alike; `within_m` where they stay alike that far.

    References
    ----------
    Gudmundson, Electronics Letters 27 (1991): exponential correlation. The first of equally wide bins of distance whose
    mean product, over the variance, is below 1/e; between it and the one before, by a straight line.
    """
    clipped = np.clip(residual_db, *np.quantile(residual_db, [0.01, 0.99]))
    left_db = clipped - clipped.mean()
    variance = float((left_db**2).mean())
    if variance == 0.0 or len(left_db) < 2:
        return 0.0
    step = -(-len(left_db) // _MOST_POINTS)
    order = np.lexsort((y_m, x_m // within_m))[: len(left_db)]
    few = order[(np.arange(len(order)) // 64) % step == 0]  # runs of neighbours, so that short distances are seen
    points = np.column_stack([x_m, y_m])[few]
    pairs = cKDTree(points).query_pairs(within_m, output_type="ndarray")
    if len(pairs) == 0:
        return 0.0
    apart_m = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    product = left_db[few][pairs[:, 0]] * left_db[few][pairs[:, 1]] / variance
    width_m = max(within_m / _BINS, pixel_m)
    which = (apart_m / width_m).astype(np.int64)
    pairs_in = np.bincount(which)
    known = np.flatnonzero(pairs_in >= 30)
    alike = np.bincount(which, product)[known] / pairs_in[known]
    middle_m = np.bincount(which, apart_m)[known] / pairs_in[known]
    below = np.flatnonzero(alike < 1 / np.e)
    if len(below) == 0:
        return within_m if len(known) else 0.0
    first = below[0]
    before = (0.0, 1.0) if first == 0 else (float(middle_m[first - 1]), float(alike[first - 1]))
    share = (before[1] - 1 / np.e) / (before[1] - float(alike[first]))
    return before[0] + share * (float(middle_m[first]) - before[0])


def side_m(length_m: float) -> float:
    """Return the side of blocks that shadowing of this correlation length does not bridge, m, in whole km."""
    return max(LEAST_BLOCK_M, 1000.0 * float(np.ceil(_LENGTHS * length_m / 1000.0)))


def blocks(x_m: Floats, y_m: Floats, side: float, *, seed: int = 0) -> Blocks:
    """Divide pixels into square blocks of a side, m, and these at random into parts to be held out in turn."""
    square = np.column_stack([np.floor(x_m / side), np.floor(y_m / side)])
    _, of = np.unique(square, axis=0, return_inverse=True)
    of = of.ravel().astype(np.int64)
    count = int(of.max(initial=-1)) + 1
    fold = np.arange(count) % _FOLDS
    np.random.default_rng(seed).shuffle(fold)
    return Blocks(side, of, fold[of], count)


def folds(division: Blocks, x_m: Floats, y_m: Floats, *, apart_m: float) -> list[tuple[Numbers, Numbers]]:
    """
    Return pixels to fit on and pixels held out, for every part.

    Parameters
    ----------
    division
        As `blocks` makes it.
    x_m, y_m
        [pixels].
    apart_m
        Pixels nearer than this to one held out are not fitted on either: across the border of a block neighbours are
        neighbours too.
    """
    points = np.column_stack([x_m, y_m])
    found = []
    for part in range(int(division.fold.max(initial=-1)) + 1):
        held = np.flatnonzero(division.fold == part)
        others = np.flatnonzero(division.fold != part)
        away_m, _ = cKDTree(points[held]).query(points[others], distance_upper_bound=apart_m)
        found.append((others[np.isinf(away_m)], held))
    return found
