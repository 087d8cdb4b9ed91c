"""What a phone can use at places: levels and classes of each network, and where that cannot be told."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coverage.classes import signal_class
from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.radio.places import share_of_places
from coverage.result import Layers, Signal
from coverage.study import Study


class Heard:
    """
    The levels of one operator's technologies at some points, read from the rasters once.

    Parameters
    ----------
    signal
        Levels on the grid.
    operator
        One of its operators, or `any`.
    xy
        [points, 2] in the grid's CRS, m; NaN where there is no point.
    study
        Thresholds, and the places that the levels are of.
    """

    def __init__(self, signal: Signal, operator: str, xy: NDArray[np.float64], study: Study) -> None:
        self._signal, self._operator, self._study = signal, operator, study
        self._x, self._y = xy[:, 0], xy[:, 1]

    @cached_property
    def levels_dbm(self) -> dict[str, NDArray[np.float32]]:
        """Technology -> dBm; -inf where no cell reaches, NaN where not modelled."""
        return {name: self._signal.at(self._operator, name, self._x, self._y) for name in TECHNOLOGIES}

    def best_class(self, technologies: Iterable[str], *, more_db: float = 0.0) -> NDArray[np.int8]:
        """Return the best SignalClass over some technologies, at levels `more_db` lower."""
        found = np.zeros(self._x.shape, dtype=np.int8)
        for name in technologies:
            np.maximum(found, signal_class(self.levels_dbm[name] - more_db, name, self._study), out=found)
        return found

    def probability(self, technologies: Iterable[str], layers: Layers) -> NDArray[np.float64]:
        """
        Return the share of the places within each point's pixel that have signal, 0 to 1.

        That of the best of the technologies: what is common to several of them at one place is not known. NaN where
        none of them reaches or none was modelled.
        """
        radio = self._study.radio
        best = np.full(self._x.shape, np.nan)
        for name in technologies:
            level = self.levels_dbm[name].astype(float)
            margin_db = np.where(np.isfinite(level), level, np.nan) - self._study.thresholds_dbm(name)[1]
            freq_mhz = self._served_mhz(name, layers) if radio.building != "none" else np.zeros(best.shape)
            for freq in np.unique(freq_mhz[np.isfinite(margin_db)]):
                here = (freq_mhz == freq) & np.isfinite(margin_db)
                share = share_of_places(
                    margin_db[here],
                    percent=radio.location_percent,
                    location_sigma_db=radio.location_sigma_db,
                    building=None if radio.building == "none" else radio.building,
                    freq_mhz=float(freq),
                )
                best[here] = np.fmax(best[here], share)
        return best

    def _served_mhz(self, technology: str, layers: Layers) -> NDArray[np.float64]:
        """Return the carrier of the cell that serves each point, MHz; that of the study where it is not known."""
        carrier = np.full(self._x.shape, self._study.technologies[technology].freq_mhz)
        servers = self._signal.servers.get((self._operator, technology))
        if servers is not None:
            row, col = self._signal.grid.pixel(self._x, self._y)
            inside = row >= 0
            cell = np.full(row.shape, -1)
            cell[inside] = servers[row[inside], col[inside]]
            carrier[cell >= 0] = layers.cells["freq_mhz"].to_numpy(dtype=float)[cell[cell >= 0]]
        return carrier


def best_class(
    signal: Signal, x: NDArray[np.float64], y: NDArray[np.float64], technologies: tuple[str, ...], study: Study
) -> NDArray[np.int8]:
    """Return the best class of any operator over some technologies, at points in the grid's CRS."""
    return Heard(signal, ANY, np.column_stack([x, y]), study).best_class(technologies)


def not_modelled(
    signal: Signal,
    terrain_m: NDArray[np.float32],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    technologies: Iterable[str],
) -> NDArray[np.bool_]:
    """Tell where no signal cannot be claimed: there is no terrain, or none on the way from a mast in reach."""
    unknown = np.isnan(signal.grid.sample(terrain_m, x, y))
    row, col = signal.grid.pixel(x, y)
    for technology in technologies:
        void = signal.voids.get(technology)
        if void is not None:
            unknown |= void[row, col] & (row >= 0)
    return unknown
