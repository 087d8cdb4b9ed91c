"""Robust offsets from residuals that are alike among neighbours, with intervals that say so."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

HUBER = 1.345
"""Scales beyond which a residual pulls no stronger; 95 % efficient for normal ones. Huber, Robust Statistics, 1981."""
_NORMAL_MAD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""
_ROUNDS, _STEP_DB = 100, 1e-6
_LEAST_SCALE_DB = 0.05
"""Half of what a level is rounded to: residuals that are all alike would otherwise have no scale."""


@dataclass(frozen=True)
class Offsets:
    """What a fit found."""

    offset_db: Floats
    """[groups]."""
    half_width_db: Floats
    """[groups] of the interval; inf where too few clusters remain."""
    slope_db: float
    """Per unit of the covariate; 0 where none was given."""
    slope_half_width_db: float
    scale_db: float
    """Standard deviation of a residual about its offset, as far as it is normal."""
    clusters: Floats
    """[groups] effective number of clusters, of the clustering that has the wider interval."""


def effective(cluster: Numbers, group: Numbers, groups: int) -> Floats:
    """
    Return how many clusters of equal size would say as much, for each group.

    Parameters
    ----------
    cluster, group
        [residuals] numbers from 0 on.
    groups
        How many there are.

    References
    ----------
    Kish, Survey Sampling, 1965: the square of the sum over the sum of the squares.
    """
    counts = _counts(cluster, group, groups)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nan_to_num(counts.sum(axis=0) ** 2 / (counts**2).sum(axis=0)))


def fit_offsets(
    residual_db: Floats,
    group: Numbers,
    clusterings: Sequence[Numbers],
    *,
    groups: int,
    covariate: Floats | None = None,
    confidence: float = 0.95,
    together: int = 1,
) -> Offsets:
    """
    Fit one offset for each group, and a slope common to all, by Huber's M-estimate.

    Parameters
    ----------
    residual_db
        [n] measured less predicted, dB.
    group
        [n] numbers 0 to groups - 1; every group has at least one residual.
    clusterings
        Each [n], numbers from 0 on: residuals of one cluster may be alike to any degree, those of different clusters
        are taken as independent. Of several clusterings the one with the wider interval counts, offset by offset.
    groups
        How many there are.
    covariate
        [n] what the slope goes with, such as the decades of distance; centre it, so that the offsets are those of
        typical residuals.
    confidence
        Of the intervals.
    together
        How many intervals shall hold together with that confidence (Bonferroni).

    Returns
    -------
    Offsets
        Intervals from the jackknife over clusters, each left out in turn by one Newton step, and Student's t with one
        degree of freedom less than there are effective clusters.

    References
    ----------
    Huber, Robust Statistics, 1981, chapter 7 (M-estimates of regression). Bell and McCaffrey, Survey Methodology 28
    (2002), the jackknife of clusters (CR3). Carter, Schnepel and Steigerwald, Review of Economics and Statistics 99
    (2017), effective number of clusters.
    """
    design = np.zeros((len(residual_db), groups + (covariate is not None)))
    design[np.arange(len(group)), group] = 1.0
    if covariate is not None:
        design[:, groups] = covariate
    found, scale_db = _huber(residual_db, design, group, groups)
    left_db = residual_db - design @ found
    inside = np.abs(left_db) <= HUBER * scale_db
    pull = np.clip(left_db, -HUBER * scale_db, HUBER * scale_db)
    widths, counted = [], []
    for cluster in clusterings:
        sizes = effective(cluster, group, groups)
        every = effective(cluster, np.zeros_like(group), 1)
        sizes = np.append(sizes, every) if covariate is not None else sizes
        error_db = _jackknife_db(design, inside, pull, cluster)
        chance = 1 - (1 - confidence) / (2 * together)
        with np.errstate(invalid="ignore"):
            width = student.ppf(chance, np.maximum(sizes - 1, 1e-3)) * error_db
        widths.append(np.where(sizes < 2, np.inf, width))
        counted.append(sizes)
    wider = np.argmax(widths, axis=0)
    half_width = np.take_along_axis(np.array(widths), wider[np.newaxis], 0)[0]
    clusters = np.take_along_axis(np.array(counted), wider[np.newaxis], 0)[0]
    sloped = covariate is not None
    return Offsets(
        offset_db=found[:groups],
        half_width_db=half_width[:groups],
        slope_db=float(found[groups]) if sloped else 0.0,
        slope_half_width_db=float(half_width[groups]) if sloped else 0.0,
        scale_db=scale_db,
        clusters=clusters[:groups],
    )


def _huber(residual_db: Floats, design: Floats, group: Numbers, groups: int) -> tuple[Floats, float]:
    """Return coefficients and scale by iteratively reweighted least squares, from the medians of the groups."""
    found = np.zeros(design.shape[1])
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=groups))[:-1]
    found[:groups] = [np.median(part) for part in np.split(residual_db[order], ends)]
    for _ in range(_ROUNDS):
        left_db = residual_db - design @ found
        scale_db = max(_NORMAL_MAD * float(np.median(np.abs(left_db))), _LEAST_SCALE_DB)
        weight = np.minimum(1.0, HUBER * scale_db / np.maximum(np.abs(left_db), 1e-12))
        weighted = design * weight[:, np.newaxis]
        step = np.linalg.lstsq(weighted.T @ design, weighted.T @ left_db)[0]
        found = found + step
        if np.abs(step).max() < _STEP_DB:
            break
    return found, scale_db


def _jackknife_db(design: Floats, inside: NDArray[np.bool_], pull: Floats, cluster: Numbers) -> Floats:
    """Return standard errors: each cluster left out, one Newton step from the estimate of all of them."""
    count, width = int(cluster.max()) + 1, design.shape[1]
    scores = np.column_stack([np.bincount(cluster, design[:, j] * pull, count) for j in range(width)])
    parts = np.zeros((count, width, width))
    for i in range(width):
        for j in range(i, width):
            parts[:, i, j] = parts[:, j, i] = np.bincount(cluster, design[:, i] * design[:, j] * inside, count)
    without = parts.sum(axis=0) - parts
    # A cluster without which an offset has nothing left says nothing of its error; it is refused for want of clusters.
    steps = -np.einsum("gij,gj->gi", np.linalg.pinv(without, hermitian=True), scores)
    present = np.column_stack([np.bincount(cluster, design[:, j] != 0, count) > 0 for j in range(width)])
    number = present.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt((number - 1) / number * (steps**2).sum(axis=0)))


def _counts(cluster: Numbers, group: Numbers, groups: int) -> Floats:
    """Return [clusters, groups] how many residuals each has."""
    count = int(cluster.max(initial=-1)) + 1
    return np.bincount(cluster * groups + group, minlength=count * groups).reshape(count, groups).astype(np.float64)
