"""Surroundings: what there is at and near a candidate - ground, commune, road, power."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coverage.planning.candidates import Candidates
from coverage.planning.costs import Way
from coverage.planning.ground import Floats, mean_slope_deg, nearest, shapes_of, slope_deg
from coverage.planning.tables import commune_rows
from coverage.result import Layers
from coverage.settings.planning import Costs


@dataclass(frozen=True)
class Surroundings:
    """What is known of the places of candidates; one entry per candidate."""

    terrain_m: Floats
    """Above sea level; NaN off the terrain."""
    slope_deg: Floats
    commune: NDArray[np.int64]
    """Row in `Layers.communes`; -1 in none."""
    roads: list[Way | None]
    """To the nearest; None where no layer tells."""
    lines: list[Way | None]
    """To the nearest power line that can be tapped; None where no layer tells."""


def surroundings(candidates: Candidates, layers: Layers, costs: Costs) -> Surroundings:
    """Look around candidates with finite coordinates; `costs` says which power lines can be tapped."""
    x_m, y_m, grid, terrain_m = candidates.x_m, candidates.y_m, layers.grid, layers.terrain_m
    return Surroundings(
        grid.sample(terrain_m, x_m, y_m).astype(float),
        slope_deg(grid, terrain_m, x_m, y_m),
        commune_rows(x_m, y_m, layers.communes),
        ways_to(shapes_of([layers.roads]), x_m, y_m, layers),
        ways_to(power_to_tap(layers, costs), x_m, y_m, layers),
    )


def power_to_tap(layers: Layers, costs: Costs) -> NDArray[np.object_]:
    """Return the power lines that a mast could be fed from: those of distribution, and those of unknown voltage."""
    lines = layers.power_lines
    if lines is None:
        return shapes_of([])
    return shapes_of([lines[~(lines["voltage_kv"].to_numpy(dtype=float) > costs.tap_kv)]])


def ways_to(shapes: NDArray[np.object_], x_m: Floats, y_m: Floats, layers: Layers) -> list[Way | None]:
    """Return the straight way from each point to the nearest of some shapes; None where there is no shape."""
    to = nearest(shapes, x_m, y_m)
    if to is None:
        return [None] * len(x_m)
    steep_deg = mean_slope_deg(layers.grid, layers.terrain_m, x_m, y_m, to.x_m, to.y_m)
    return [Way(float(m) / 1000, float(deg)) for m, deg in zip(to.distance_m, steep_deg, strict=True)]
