"""Status of a village: trắng (dead), lõm (weak), covered or not assessed, and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from coverage.classes import SignalClass
from coverage.places.levels import best_class
from coverage.places.settlement import Settlement
from coverage.result import Signal
from coverage.study import Study

_BATCH = 1 << 15
"""Places at a time, or one village of more."""


@dataclass(frozen=True)
class HousingSummary:
    """What the housing of each village receives; arrays of one entry per village, NaN where it has no housing."""

    share: NDArray[np.float64]
    """Share of households with signal, 0 to 1."""
    largest_gap: NDArray[np.float64]
    """Households in the largest cluster without signal; NaN also where their number is not known."""
    centroid: NDArray[np.float64]
    """[villages, 2] centre of the households, in the grid's CRS."""


def summarize_housing(settlement: Settlement, signal: Signal, study: Study) -> HousingSummary:
    """
    Sum up the signal over the places where the households of every village live.

    Parameters
    ----------
    settlement
        Where they live.
    signal
        Levels; a place where nothing is modelled counts as without signal.
    study
        Technologies in service, thresholds and the distance within which housing lies together.

    Returns
    -------
    HousingSummary
        Shares, largest gaps and centroids.
    """
    n = len(settlement.source)
    lived_in = settlement.points[settlement.points["households"] > 0]
    village, households = lived_in["village"].to_numpy(), lived_in["households"].to_numpy()
    xy = lived_in[["x_m", "y_m"]].to_numpy()
    served = best_class(signal, xy[:, 0], xy[:, 1], study.in_service(), study) >= SignalClass.WEAK

    total = np.bincount(village, households, n)
    with np.errstate(invalid="ignore"):
        # Fractions of households add up to a whole number but for their last digits.
        share = np.round(np.bincount(village, households * served, n) / total, 12)
        centroid = np.column_stack([np.bincount(village, households * xy[:, axis], n) / total for axis in (0, 1)])
    gap = _largest_cluster(village[~served], xy[~served], households[~served], n, study.definitions.cluster_m)
    return HousingSummary(share, np.where((total > 0) & settlement.counted, np.round(gap, 6), np.nan), centroid)


def _largest_cluster(
    village: NDArray[np.int64],
    xy: NDArray[np.float64],
    households: NDArray[np.float64],
    n_villages: int,
    distance_m: float,
) -> NDArray[np.float64]:
    """Return, per village, the households of its largest group of points that hang together within a distance."""
    largest = np.zeros(n_villages)
    # Whole villages at a time, as they are sorted: the pairs of all buildings of a province would not fit.
    for few in np.split(np.arange(len(village)), np.searchsorted(village, village[_BATCH::_BATCH])):
        if len(few) == 0:
            continue
        pairs = cKDTree(xy[few]).query_pairs(distance_m, output_type="ndarray")
        pairs = pairs[village[few][pairs[:, 0]] == village[few][pairs[:, 1]]]
        links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(few), len(few)))
        count, label = connected_components(links, directed=False)
        size = np.bincount(label, households[few], count)
        owner = np.zeros(count, dtype=np.int64)
        owner[label] = village[few]
        np.maximum.at(largest, owner, size)
    return largest


def classify(
    centre: NDArray[np.int8],
    switched_off: NDArray[np.int8],
    unknown: NDArray[np.bool_],
    has_point: NDArray[np.bool_],
    housing: HousingSummary,
    study: Study,
) -> pd.DataFrame:
    """
    Give every village its status.

    Parameters
    ----------
    centre
        [villages] class at the centre over the technologies in service.
    switched_off
        [villages] class at the centre over technologies no longer in service.
    unknown
        [villages] True where the absence of a signal cannot be claimed.
    has_point
        [villages] True where the village lies anywhere at all.
    housing
        Shares and gaps.
    study
        Definitions.

    Returns
    -------
    DataFrame
        `status`, `reason`, `to_verify`, one row per village. Reasons: `no_point`, `no_terrain`, `no_signal`,
        `signal_switched_off`, `weak_centre`, `share_below`, `unserved_cluster`, `covered`.

    References
    ----------
    Definition `vn-center-2024`: docs/definitions.md.
    """
    rules = study.definitions
    dead = centre == SignalClass.NONE
    cases = [
        (~has_point, "not_assessed", "no_point"),
        (dead & unknown, "not_assessed", "no_terrain"),
        (dead & (switched_off > SignalClass.NONE), "dead", "signal_switched_off"),
        (dead, "dead", "no_signal"),
        (centre == SignalClass.WEAK, "weak", "weak_centre"),
        (housing.share < rules.covered_percent / 100, "weak", "share_below"),
        (housing.largest_gap >= rules.cluster_households, "weak", "unserved_cluster"),
    ]
    conditions = [condition for condition, _, _ in cases]
    status = np.select(conditions, [status for _, status, _ in cases], "covered")
    return pd.DataFrame(
        {
            "status": status,
            "reason": np.select(conditions, [reason for _, _, reason in cases], "covered"),
            "to_verify": (status == "dead") & (housing.share >= rules.verify_percent / 100),
        }
    )
