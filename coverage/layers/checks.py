"""Layers held against each other, and against what such data usually look like."""

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from coverage.grid import Grid
from coverage.layers import checks_of_communes, checks_of_fiber, checks_of_sites, checks_of_villages
from coverage.layers.draft import Draft
from coverage.layers.terrain import utm
from coverage.study import Study


def check_against_each_other(
    study: Study, drafts: Mapping[str, Draft], grid: Grid | None, terrain_m: NDArray[np.float32] | None
) -> None:
    """
    Note what no single row and no single layer tells.

    Parameters
    ----------
    study
        How far each technology reaches.
    drafts
        Layers that could be read and lie near each other, in WGS 84; any may be missing. Problems are added to them.
    grid, terrain_m
        Heights above sea level, m; None where there are none, and then checks that need them are left out.
    """
    crs = grid.crs if grid is not None else _metres(drafts)
    if crs is None:
        return
    if (communes := drafts.get("communes")) is not None:
        checks_of_communes.check_borders(communes, crs)
        checks_of_communes.check_area(communes)
    if (sites := drafts.get("sites")) is not None:
        borders = np.array([], dtype=object) if communes is None else _polygons(communes, crs)
        ground = None if grid is None or terrain_m is None else checks_of_sites.Ground(grid, terrain_m)
        checks_of_sites.check_places(sites, borders, crs, ground)
        checks_of_sites.check_twins(sites, crs)
        checks_of_sites.check_heights(sites, ground)
        if ground is not None:
            checks_of_sites.check_reach(sites, study, ground)
    if (villages := drafts.get("villages")) is not None:
        checks_of_villages.check_twins(villages, crs)
        checks_of_villages.check_people(villages)
        if "housing" in drafts:
            checks_of_villages.check_housing(drafts["housing"], villages, crs)
    if "fiber_routes" in drafts:
        ends = [drafts[name] for name in ("fiber_nodes", "sites") if name in drafts]
        checks_of_fiber.check_routes(drafts["fiber_routes"], ends, crs)
    for name in ("villages", "sites", "housing"):
        if name in drafts:
            checks_of_villages.check_rounding(drafts[name])


def _metres(drafts: Mapping[str, Draft]) -> CRS | None:
    """Return a system that measures where the layers lie; None where none of them lies anywhere."""
    bounds = [draft.frame.total_bounds for draft in drafts.values() if draft.frame.geometry.notna().any()]
    if not bounds:
        return None
    west, south, _, _ = np.min(bounds, axis=0)
    _, _, east, north = np.max(bounds, axis=0)
    return utm((west, south, east, north))


def _polygons(draft: Draft, crs: CRS) -> NDArray[np.object_]:
    shapes = draft.frame.geometry.to_crs(crs).to_numpy()
    return np.asarray(shapes[~shapely.is_missing(shapes)], dtype=object)
