"""Homes: where the households of every village live."""

from dataclasses import dataclass
from typing import Self

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Homes:
    """Places where households live; arrays of one entry per place, but for `villages`."""

    village: NDArray[np.int64]
    """Row of the village in its layer."""
    xy: NDArray[np.float64]
    """[homes, 2] in the grid's CRS, m."""
    households: NDArray[np.float64]
    """How many live there; above 0."""
    villages: int
    """How many villages there are, those without a home among them."""

    def only(self, which: NDArray[np.bool_]) -> Self:
        """Return some of them."""
        return type(self)(self.village[which], self.xy[which], self.households[which], self.villages)

    def total(self) -> NDArray[np.float64]:
        """Return the households of each village."""
        return np.bincount(self.village, self.households, self.villages)

    def share(self, served: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the share of each village's households that are served, 0 to 1; NaN where it has no home."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.bincount(self.village, self.households * served, self.villages) / self.total())

    def centroid(self) -> NDArray[np.float64]:
        """Return [villages, 2] centres weighted by households; NaN where a village has no home."""
        with np.errstate(invalid="ignore"):
            return (
                np.column_stack(
                    [np.bincount(self.village, self.households * self.xy[:, axis], self.villages) for axis in (0, 1)]
                )
                / self.total()[:, np.newaxis]
            )


def homes_of(housing: gpd.GeoDataFrame | None, village_ids: pd.Series) -> Homes:
    """
    Return the homes of the housing layer.

    Parameters
    ----------
    housing
        Points with `village_id` and `households`; None where the study has no such layer.
    village_ids
        The villages, in the order of the result.
    """
    if housing is None:
        return Homes(np.empty(0, dtype=np.int64), np.empty((0, 2)), np.empty(0), len(village_ids))
    village = np.asarray(pd.Index(village_ids).get_indexer(housing["village_id"]), dtype=np.int64)
    households = housing["households"].to_numpy(dtype=float)
    here = (village >= 0) & (households > 0)
    xy = np.column_stack([housing.geometry.x, housing.geometry.y])
    return Homes(village[here], xy[here], households[here], len(village_ids))
