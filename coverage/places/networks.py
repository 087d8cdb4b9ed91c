"""Every village under every network: each operator and the best of all, by technology, outdoors and in a house."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.classes import SignalClass
from coverage.columns.results import VILLAGE_STATUSES
from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.places.homes import Homes
from coverage.places.levels import Heard, not_modelled
from coverage.places.settlement import Settlement
from coverage.places.status import Verdict, households_covered, judge
from coverage.result import Layers, Signal
from coverage.study import Study


@dataclass(frozen=True)
class Places:
    """Where villages and their households are."""

    xy: NDArray[np.float64]
    """[villages, 2] centres in the grid's CRS, m; NaN where a village lies nowhere."""
    homes: Homes
    settlement: Settlement

    @property
    def has_point(self) -> NDArray[np.bool_]:
        """[villages] True where a village lies anywhere at all."""
        return np.asarray(np.isfinite(self.xy).all(axis=1))


@dataclass(frozen=True)
class Classes:
    """SignalClass at the centre of each village and at each home."""

    centre: NDArray[np.int8]
    homes: NDArray[np.int8]


class Network:
    """The villages under the signal of one operator, or of any; its rasters are read once."""

    def __init__(self, operator: str, places: Places, layers: Layers, signal: Signal, study: Study) -> None:
        self.places, self._layers, self._signal, self._study = places, layers, signal, study
        self.centre = Heard(signal, operator, places.xy, study)
        self._homes = Heard(signal, operator, places.homes.xy, study)

    def classes(self, technologies: Iterable[str], *, more_db: float = 0.0) -> Classes:
        """Return what some technologies give the villages, at levels `more_db` lower."""
        names = tuple(technologies)
        return Classes(self.centre.best_class(names, more_db=more_db), self._homes.best_class(names, more_db=more_db))

    def judged(self, given: Classes, technologies: Iterable[str]) -> Verdict:
        """Return the status of every village that is given such classes by some technologies."""
        x, y = self.places.xy.T
        return judge(
            given.centre,
            given.homes >= SignalClass.WEAK,
            not_modelled(self._signal, self._layers.terrain_m, x, y, technologies),
            self.places.has_point,
            self.places.homes,
            self._study,
        )

    def verdict(self, technologies: Iterable[str], *, more_db: float = 0.0) -> Verdict:
        """Return the status of every village under some technologies, at levels `more_db` lower."""
        names = tuple(technologies)
        return self.judged(self.classes(names, more_db=more_db), names)

    def probability(self, technologies: Iterable[str]) -> NDArray[np.float64]:
        """Return the share of the places around each centre that have signal, 0 to 1; NaN where none reaches."""
        return self.centre.probability(technologies, self._layers)


def indoors_db(study: Study) -> float:
    """Return what levels lose on the way into a house, dB; 0 where they are of indoors already."""
    if study.radio.building != "none":
        return 0.0
    return max(0.0, study.definitions.house_db - study.definitions.indoor_db)


def village_statuses(anyone: Network, layers: Layers, signal: Signal, study: Study) -> pd.DataFrame:
    """
    Assess every village under every network.

    Parameters
    ----------
    anyone
        The villages under any operator.
    layers, signal
        As read and predicted.
    study
        Definitions and technologies in service.

    Returns
    -------
    DataFrame
        Columns of `columns.VILLAGE_STATUSES`: for each operator and `any`, and of theirs for each technology and for
        all in service together (`3g+4g+5g`), the villages in the order of the layer.
    """
    parts = []
    for operator in (ANY, *signal.operators):
        network = anyone if operator == ANY else Network(operator, anyone.places, layers, signal, study)
        parts += [
            _rows(network, operator, name, technologies, layers, study) for name, technologies in _headings(study)
        ]
    return pd.concat(parts, ignore_index=True)[VILLAGE_STATUSES.names]


def _headings(study: Study) -> Iterator[tuple[str, tuple[str, ...]]]:
    in_service = study.in_service()
    yield "+".join(in_service), in_service
    for technology in TECHNOLOGIES:
        if (technology,) != in_service:
            yield technology, (technology,)


def _rows(
    network: Network, operator: str, name: str, technologies: tuple[str, ...], layers: Layers, study: Study
) -> pd.DataFrame:
    villages = layers.villages
    outdoors = network.verdict(technologies)
    return pd.DataFrame(
        {
            "village_id": villages["village_id"].array,
            "operator": operator,
            "technology": name,
            "status": outdoors.status,
            "reason": outdoors.reason,
            "households_covered": households_covered(outdoors, villages["households"]).array,
            "probability": network.probability(technologies).round(3),
            "status_indoors": network.verdict(technologies, more_db=indoors_db(study)).status,
            "definition_id": study.definition_id,
        }
    )
