"""Outcome: the status of every village once sites are built, one after the other."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.places.networks import Classes, Network
from coverage.planning.candidates import Candidates
from coverage.planning.reach import classes_given
from coverage.result import Layers
from coverage.study import Study


def statuses_after(sites: Candidates, anyone: Network, layers: Layers, study: Study) -> Iterator[NDArray[np.object_]]:
    """
    Yield, per site, the status of every village with it and those before it on the air.

    Parameters
    ----------
    sites
        In the order in which they are built.
    anyone
        The villages under the signal of today.
    layers, study
        As for `reach.exact_reach`.
    """
    places, in_service = anyone.places, study.in_service()
    today = anyone.classes(in_service)
    classes = np.concatenate([today.centre, today.homes])
    points = np.concatenate([places.xy, places.homes.xy])
    villages = len(places.xy)
    for point, given in classes_given(sites, points, layers, study):
        classes[point] = np.maximum(classes[point], given)
        yield anyone.judged(Classes(classes[:villages], classes[villages:]), in_service).status


def changes(
    sites: Candidates, anyone: Network, villages: pd.DataFrame, layers: Layers, study: Study
) -> Iterator[dict[str, str]]:
    """
    Yield, per site, the names of the villages that it lifts, as `columns.RANKED_SITES` has them.

    Parameters
    ----------
    sites, anyone, layers, study
        As `statuses_after` takes them.
    villages
        As assessed: status and name.
    """
    names, before = villages["name"].to_numpy(dtype=object), villages["status"].to_numpy(dtype=object)
    for after in statuses_after(sites, anyone, layers, study):
        resolved = (after == "covered") & (before != "covered")
        improved = (after == "weak") & (before == "dead")
        yield {
            "villages_resolved": "; ".join(names[resolved]),
            "villages_improved": "; ".join(names[improved]),
        }
        before = after
