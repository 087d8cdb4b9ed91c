"""Status of a village: trắng (dead), lõm (weak), covered or not assessed, and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from coverage.classes import SignalClass
from coverage.places.homes import Homes
from coverage.study import Study


@dataclass(frozen=True)
class Verdict:
    """What was found of each village under one network; arrays of one entry per village."""

    status: NDArray[np.object_]
    """One of `columns.STATUSES`."""
    reason: NDArray[np.object_]
    """`no_point`, `no_terrain`, `no_signal`, `weak_centre`, `share_below`, `unserved_cluster` or `covered`."""
    share: NDArray[np.float64]
    """Share of the households with signal, 0 to 1; NaN where the village has no housing."""
    cluster: NDArray[np.float64]
    """Households of the largest cluster without signal, where that decides; NaN elsewhere."""

    def is_(self, status: str) -> NDArray[np.bool_]:
        """Tell which villages have a status."""
        return np.asarray(self.status == status, dtype=np.bool_)


def judge(
    centre: NDArray[np.int8],
    served: NDArray[np.bool_],
    unknown: NDArray[np.bool_],
    has_point: NDArray[np.bool_],
    homes: Homes,
    study: Study,
) -> Verdict:
    """
    Give every village its status under one network.

    Parameters
    ----------
    centre
        [villages] SignalClass at the centre.
    served
        [homes] True where there is signal; housing where nothing is modelled has none.
    unknown
        [villages] True where the absence of a signal cannot be claimed.
    has_point
        [villages] True where the village lies anywhere at all.
    homes
        Where the households live.
    study
        Definitions.

    Returns
    -------
    Verdict
        The first rule that holds decides: no point; no signal at the centre, or that cannot be told; a weak centre;
        too small a share of the households; a cluster without signal.

    References
    ----------
    docs/definitions.md.
    """
    rules = study.definitions
    dead, weak = centre == SignalClass.NONE, centre == SignalClass.WEAK
    share = homes.share(served)
    below = share < rules.covered_percent / 100
    # Only where nothing before decides: there, few homes are without signal, and they are soon put together.
    open_yet = has_point & ~dead & ~weak & ~below
    lacking = ~served & (open_yet & homes.counted)[homes.village]
    gap = np.round(_largest_cluster(homes.only(lacking), len(centre), rules.cluster_m), 6)
    cluster = np.where(gap >= rules.cluster_households, gap, np.nan)
    cases = [
        (~has_point, "not_assessed", "no_point"),
        (dead & unknown, "not_assessed", "no_terrain"),
        (dead, "dead", "no_signal"),
        (weak, "weak", "weak_centre"),
        (below, "weak", "share_below"),
        (np.isfinite(cluster), "weak", "unserved_cluster"),
    ]
    conditions = [condition for condition, _, _ in cases]
    return Verdict(
        np.select(conditions, [status for _, status, _ in cases], "covered").astype(object),
        np.select(conditions, [reason for _, _, reason in cases], "covered").astype(object),
        share,
        cluster,
    )


def households_covered(verdict: Verdict, households: pd.Series) -> pd.Series:
    """
    Return how many households of each village certainly have signal: part of a household is none.

    Parameters
    ----------
    verdict
        Of a network.
    households
        [villages] of each village; NA where unknown.

    Returns
    -------
    Series of Int64
        NA where the village was not assessed or its households are unknown.
    """
    heard = np.isin(verdict.status, ("weak", "covered"))
    share = np.where(np.isfinite(verdict.share), verdict.share, heard)
    whole = np.floor(share * households.to_numpy(dtype=float, na_value=np.nan) + 1e-9)
    return pd.Series(np.where(verdict.is_("not_assessed"), np.nan, whole), index=households.index).astype("Int64")


def _largest_cluster(homes: Homes, villages: int, distance_m: float) -> NDArray[np.float64]:
    """Return, per village, the households of its largest group of homes that hang together within a distance."""
    largest = np.zeros(villages)
    if len(homes.village) == 0:
        return largest
    pairs = cKDTree(homes.xy).query_pairs(distance_m, output_type="ndarray")
    pairs = pairs[homes.village[pairs[:, 0]] == homes.village[pairs[:, 1]]]
    n = len(homes.village)
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    count, label = connected_components(links, directed=False)
    size = np.bincount(label, homes.households, count)
    owner = np.zeros(count, dtype=np.int64)
    owner[label] = homes.village
    np.maximum.at(largest, owner, size)
    return largest
