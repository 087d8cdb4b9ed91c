"""Who is to be joined to the fiber network: villages and commune centres without fiber, by place."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from coverage.places.communes import commune_centres
from coverage.places.fiber_access import distance_to
from coverage.result import Layers
from coverage.study import Study

_ONE_PLACE_M = 1.0
"""What lies on one point of this raster is joined by one trench."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Targets:
    """Places without fiber, each with who is there."""

    xy: Floats
    """[places, 2] in the CRS of the grid, m."""
    villages: list[Ints]
    """[places] rows of the table of villages, most households first."""
    centres: list[Ints]
    """[places] rows of the layer of communes."""
    households: Ints
    """[places]."""
    weight: Floats
    """[places] households, and for each centre as many as it counts for."""
    left_out: Mapping[str, int]
    """Why -> villages and centres without fiber that nobody can plan for: `no_households`, `off_terrain`."""

    def __len__(self) -> int:
        return len(self.xy)


def fiber_targets(layers: Layers, villages: gpd.GeoDataFrame, fiber: NDArray[np.object_], study: Study) -> Targets:
    """
    Gather the places that are to be joined.

    Parameters
    ----------
    layers
        Communes with their centres, and the terrain.
    villages
        As assessed; those `near` or `unserved` are to be joined if anyone lives there.
    fiber
        Shapes of existing nodes and routes, at least one.
    study
        `fiber.served_m`: a centre farther from fiber than that is to be joined. `planning.weight_centre_households`:
        if 0, centres do not count.

    Returns
    -------
    Targets
        In the order of their coordinates. What lies off the terrain is left out: nobody knows what a trench would cost.
    """
    waiting = villages["fiber"].isin(("near", "unserved")).to_numpy()
    households = villages["households"].to_numpy(dtype=float, na_value=0.0)
    village_xy = np.column_stack([villages.geometry.x, villages.geometry.y])
    centre_xy = commune_centres(layers, villages)
    centre_waits = np.zeros(len(centre_xy), dtype=bool)
    if study.planning.weight_centre_households > 0:
        placed = np.isfinite(centre_xy).all(axis=1)
        centre_waits[placed] = distance_to(centre_xy[placed], fiber) > study.fiber.served_m

    counted = waiting & (households > 0)
    xy = np.concatenate([village_xy, centre_xy])
    placed = np.isfinite(layers.grid.sample(layers.terrain_m, xy[:, 0], xy[:, 1]))
    wanted = np.concatenate([counted, centre_waits])
    left_out = {
        "no_households": int((waiting & ~counted).sum()),
        "off_terrain": int((wanted & ~placed & np.isfinite(xy).all(axis=1)).sum()),
    }
    rows = np.flatnonzero(wanted & placed)
    _, first, place = np.unique(np.round(xy[rows] / _ONE_PLACE_M), axis=0, return_index=True, return_inverse=True)
    own: list[list[int]] = [[] for _ in first]
    for row, number in zip(rows.tolist(), place.ravel().tolist(), strict=True):
        own[number].append(row)
    n = len(villages)
    there = [sorted((row for row in group if row < n), key=lambda row: (-households[row], row)) for group in own]
    centres = [[row - n for row in group if row >= n] for group in own]
    people = np.array([households[group].sum() for group in there], dtype=np.int64)
    weight = people + study.planning.weight_centre_households * np.array([len(group) for group in centres], dtype=float)
    return Targets(
        xy=xy[rows[first]],
        villages=[np.array(group, dtype=np.int64) for group in there],
        centres=[np.array(group, dtype=np.int64) for group in centres],
        households=people,
        weight=weight,
        left_out=left_out,
    )
