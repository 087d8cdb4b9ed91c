"""Homes: where the households of every village live."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from coverage.places.settlement import Settlement


@dataclass(frozen=True)
class Homes:
    """Places where households live; arrays of one entry per place, but for `counted`."""

    village: NDArray[np.int64]
    """Row of the village in its layer."""
    xy: NDArray[np.float64]
    """[homes, 2] in the grid's CRS, m."""
    households: NDArray[np.float64]
    """How many live there, or what share of the village; above 0."""
    counted: NDArray[np.bool_]
    """[villages] whether households are numbers; else they are shares alone."""

    def only(self, which: NDArray[np.bool_]) -> Self:
        """Return some of them."""
        return type(self)(self.village[which], self.xy[which], self.households[which], self.counted)

    def total(self) -> NDArray[np.float64]:
        """Return the households of each village."""
        return np.asarray(np.bincount(self.village, self.households, len(self.counted)), dtype=np.float64)

    def share(self, served: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the share of each village's households that are served, 0 to 1; NaN where it has no home."""
        with np.errstate(invalid="ignore"):
            # Fractions of households add up to a whole number but for their last digits.
            return np.round(np.bincount(self.village, self.households * served, len(self.counted)) / self.total(), 12)

    def centroid(self) -> NDArray[np.float64]:
        """Return [villages, 2] centres weighted by households; NaN where a village has no home."""
        n = len(self.counted)
        sums = [np.bincount(self.village, self.households * axis, n) for axis in self.xy.T]
        with np.errstate(invalid="ignore"):
            return np.column_stack(sums) / self.total()[:, np.newaxis]


def homes_of(settlement: Settlement) -> Homes:
    """Return the places where somebody lives."""
    lived_in = settlement.points[settlement.points["households"] > 0]
    return Homes(
        lived_in["village"].to_numpy(dtype=np.int64),
        lived_in[["x_m", "y_m"]].to_numpy(dtype=float),
        lived_in["households"].to_numpy(dtype=float),
        settlement.counted,
    )
