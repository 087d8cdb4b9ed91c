"""Layers held against each other, and against what such data usually look like."""

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from coverage.grid import Grid
from coverage.layers.checks import communes, fiber, settlement, sites, villages
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
    if (areas := drafts.get("communes")) is not None:
        communes.check_borders(areas, crs)
        communes.check_area(areas)
    if (masts := drafts.get("sites")) is not None:
        borders = np.array([], dtype=object) if areas is None else _polygons(areas, crs)
        ground = None if grid is None or terrain_m is None else sites.Ground(grid, terrain_m)
        sites.check_places(masts, borders, crs, ground)
        sites.check_twins(masts, crs)
        sites.check_heights(masts, ground)
        if ground is not None:
            sites.check_reach(masts, study, ground)
    if (homes := drafts.get("villages")) is not None:
        villages.check_twins(homes, crs)
        villages.check_people(homes)
        if "housing" in drafts:
            villages.check_housing(drafts["housing"], homes, crs)
        _check_settlement(study, drafts, homes, crs)
    if "fiber_routes" in drafts:
        ends = [drafts[name] for name in ("fiber_nodes", "sites", "villages") if name in drafts]
        fiber.check_routes(drafts["fiber_routes"], ends, crs)
    for name in ("villages", "sites", "housing"):
        if name in drafts:
            villages.check_rounding(drafts[name])


def _check_settlement(study: Study, drafts: Mapping[str, Draft], homes: Draft, crs: CRS) -> None:
    drawn, areas = drafts.get("village_areas"), drafts.get("communes")
    owner, shapes = (homes, homes.outlines) if drawn is None else (drawn, drawn.frame.geometry)
    if shapes is not None:
        code = homes.frame.drop_duplicates("village_id").set_index("village_id")["commune_code"]
        codes = owner.frame["village_id"].map(code)
        settlement.check_areas(owner, shapes, codes, None if areas is None else areas.frame, crs)
    if (buildings := drafts.get("buildings")) is not None:
        held = np.array([], dtype=object) if shapes is None else shapes[shapes.notna()].to_crs(crs).to_numpy()
        within_m = study.places.building_m
        settlement.check_buildings(buildings, homes.frame.geometry, held, crs, within_m=within_m)


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
