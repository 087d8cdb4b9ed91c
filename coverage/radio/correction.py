"""Correction: what measurements add to a predicted level, by what stands around the receiver and by its distance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.radio.clutter import CATEGORIES


@dataclass(frozen=True)
class Correction:
    """What is added to the levels of one technology."""

    offsets_db: tuple[float, ...]
    """One for each of `clutter.CATEGORIES`, dB; a positive one raises the level."""
    slope_db: float = 0.0
    """Per decade of distance, dB."""
    centre_km: float = 1.0
    """Distance at which the slope adds nothing."""
    from_km: float = 0.001
    to_km: float = 1000.0
    """Distances that were measured; beyond them the slope goes no further."""

    def __post_init__(self) -> None:
        if len(self.offsets_db) != len(CATEGORIES):
            raise ValueError(f"{len(self.offsets_db)} offsets; one for each of {', '.join(CATEGORIES)} is expected")

    def db(self, category: ArrayLike, distance_km: ArrayLike) -> NDArray[np.float64]:
        """
        Return what is added to levels.

        Parameters
        ----------
        category
            Numbers of `clutter.CATEGORIES` at the receivers, any shape.
        distance_km
            From the antenna, km; broadcast against `category`.

        Returns
        -------
        NDArray[np.float64]
            dB.
        """
        return np.asarray(np.asarray(self.offsets_db)[np.asarray(category)] + self._slope_db(distance_km))

    @property
    def most_db(self) -> float:
        """The most that is added anywhere, dB."""
        return max(self.offsets_db) + float(self._slope_db([self.from_km, self.to_km]).max())

    def _slope_db(self, distance_km: ArrayLike) -> NDArray[np.float64]:
        within_km = np.clip(np.asarray(distance_km, dtype=np.float64), self.from_km, self.to_km)
        return np.asarray(self.slope_db * np.log10(within_km / self.centre_km))
