"""Every layer of a study, read, held against the others, and brought onto one grid."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from coverage.columns.inputs import INPUTS
from coverage.errors import LayerError, Problem
from coverage.grid import Grid
from coverage.layers import (
    buildings,
    candidates,
    communes,
    fiber,
    housing,
    land_cover,
    official,
    population,
    power,
    rivers,
    roads,
    sites,
    terrain,
    village_areas,
    villages,
)
from coverage.layers.antennas import Antennas, read_antennas
from coverage.layers.draft import Draft
from coverage.layers.position.placing import Land
from coverage.layers.position.reference import WGS84, bounds_text
from coverage.layers.sources import files
from coverage.layers.sources.outside import offline
from coverage.layers.sources.raster import Bounds, Raster
from coverage.layers.units import crosswalk
from coverage.layers.units.declared import check_generation, declared_polygons
from coverage.layers.units.former import former_communes
from coverage.progress import Progress, Silent
from coverage.result import Check, InputFile, Layers
from coverage.study import Study

READERS: Mapping[str, Callable[[Study, Land | None], Draft]] = MappingProxyType(
    {
        "crosswalk": crosswalk.read_crosswalk,
        "communes": communes.read_communes,
        "villages": villages.read_villages,
        "sites": sites.read_sites,
        "village_areas": village_areas.read_village_areas,
        "housing": housing.read_housing,
        "buildings": buildings.read_buildings,
        "fiber_routes": fiber.read_fiber_routes,
        "fiber_nodes": fiber.read_fiber_nodes,
        "roads": roads.read_roads,
        "power_lines": power.read_power_lines,
        "rivers": rivers.read_rivers,
        "candidates": candidates.read_candidates,
        "proposals": candidates.read_proposals,
        "official": official.read_official,
    }
)
"""In the order of reading: what tells where others lie comes first."""
_SIZING = ("villages", "housing", "sites")
"""Layers that say how far the grid reaches."""
_NEAR_DEGREES = 0.5
"""A layer farther than this from the others lies in another reference system or another place."""


@dataclass
class _Desk:
    """What has been read so far."""

    study: Study
    drafts: dict[str, Draft] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    raster: Raster | None = None
    grid: Grid | None = None
    terrain_m: NDArray[np.float32] | None = None
    land_cover: NDArray[np.uint8] | None = None
    population: pd.DataFrame | None = None
    areas: gpd.GeoDataFrame | None = None
    """Of villages, in WGS 84."""
    antennas: Antennas = field(default_factory=Antennas)

    def all_problems(self) -> list[Problem]:
        found = [*self.problems, *(problem for draft in self.drafts.values() for problem in draft.problems)]
        return list(dict.fromkeys(found))


def read_layers(study: Study, *, progress: Progress | None = None, again: bool = False) -> Layers:
    """
    Read and validate every layer of a study.

    Parameters
    ----------
    study
        Names the files.
    progress
        Who watches; nobody by default.
    again
        A run of these files is finished, and noted what is odd about layers side by side: `problems` leaves that out.

    Returns
    -------
    Layers
        Everything on one grid; `problems` holds what is wrong but does not stop a run.

    Raises
    ------
    LayerError
        With every problem, over all layers, that stops a run.
    """
    desk = _read(study, progress or Silent(), again=again)
    problems = desk.all_problems()
    fatal = [problem for problem in problems if problem.fatal]
    if fatal or desk.grid is None or desk.terrain_m is None:
        raise LayerError(fatal)
    frames = {name: _finished(draft, desk.grid) for name, draft in desk.drafts.items()}
    return Layers(
        grid=desk.grid,
        terrain_m=desk.terrain_m,
        communes=frames["communes"],
        villages=frames["villages"],
        cells=frames["sites"],
        housing=frames.get("housing"),
        buildings=frames.get("buildings"),
        population=desk.population,
        village_areas=None if desk.areas is None else desk.areas.to_crs(desk.grid.crs),
        fiber_routes=frames.get("fiber_routes"),
        fiber_nodes=frames.get("fiber_nodes"),
        roads=frames.get("roads"),
        power_lines=frames.get("power_lines"),
        rivers=frames.get("rivers"),
        candidates=frames.get("candidates"),
        proposals=frames.get("proposals"),
        former_communes=_former(desk),
        official=frames.get("official"),
        land_cover=desk.land_cover,
        antennas=desk.antennas.cuts,
        files=(*input_files(study), *desk.antennas.files),
        readings=tuple(draft.reading for draft in desk.drafts.values()),
        problems=tuple(problems),
    )


def check_study(study: Study, *, progress: Progress | None = None) -> Check:
    """
    Read and validate every layer of a study, whatever is wrong with it.

    Parameters
    ----------
    study
        Names the files.
    progress
        Who watches; nobody by default.

    Returns
    -------
    Check
        Every problem of every layer, and how each file of rows was read.
    """
    desk = _read(study, progress or Silent())
    problems = sorted(desk.all_problems(), key=lambda problem: not problem.fatal)
    tables = {draft.file: draft.supplied for draft in desk.drafts.values()}
    return Check(tuple(draft.reading for draft in desk.drafts.values()), tuple(problems), tables)


def check_layers(study: Study, *, progress: Progress | None = None) -> list[Problem]:
    """Return everything that is wrong with the layers of a study, those that stop a run first."""
    return list(check_study(study, progress=progress).problems)


def input_files(study: Study) -> tuple[InputFile, ...]:
    """Return the fingerprint of every file that a run reads layers from, but for antenna patterns."""
    layers = [layer for layer in study.layers.given() if layer not in ("antennas", "measurements", "published_shares")]
    return tuple(print_ for layer in layers for print_ in files.fingerprints(study, layer))


def _read(study: Study, progress: Progress, *, again: bool = False) -> _Desk:
    desk = _Desk(study, problems=_unknown_layers(study))
    given = [layer for layer in READERS if layer in study.layers.given()]
    with offline(study), progress.step("layers", total=len(given) + 2) as advance:
        try:
            desk.raster = terrain.open_terrain(study)
        except LayerError as error:
            desk.problems += error.problems
        advance(1)
        for layer in given:
            try:
                desk.drafts[layer] = READERS[layer](study, _land(desk))
            except LayerError as error:
                desk.problems += error.problems
            advance(1)
        if "sites" in desk.drafts:
            try:
                desk.antennas = read_antennas(study, desk.drafts["sites"])
            except LayerError as error:
                desk.problems += error.problems
        usable = _compare(desk)
        if not again:
            from coverage.layers.checks.together import check_against_each_other  # takes half of SciPy

            check_against_each_other(study, usable, desk.grid, desk.terrain_m)
        advance(1)
    return desk


def _land(desk: _Desk) -> Land | None:
    """Return what tells the reference system of metres: the communes, and which of them a row declares."""
    areas = _shapes(desk.drafts.get("communes"))
    if areas is None or areas.empty:
        return None
    homes = desk.drafts.get("villages")

    def declared(frame: pd.DataFrame) -> gpd.GeoSeries:
        rows = frame
        if "village_id" in frame and "commune_code" not in frame and homes is not None:  # housing: as its village says
            known = homes.frame.drop_duplicates("village_id").set_index("village_id")
            rows = known[["commune_code", "commune_name"]].reindex(frame["village_id"]).set_axis(frame.index)
        changes = crosswalk.crosswalk_from(desk.drafts.get("crosswalk"))
        return declared_polygons(rows, areas, changes)

    return Land(areas.geometry, declared)


def _unknown_layers(study: Study) -> list[Problem]:
    """Return settings of layers that there are none of; a misspelt name would otherwise change nothing, unseen."""
    rasters = ("terrain", "land_cover", "population")
    return [
        Problem(
            "coverage.toml",
            f"[{section}] {name}",
            f"one of {', '.join(layers)}",
            "Correct the name of the layer.",
            kind="unknown_setting",
        )
        for section, given, layers in (("columns", study.columns, INPUTS), ("crs", study.crs, [*INPUTS, *rasters]))
        for name in given
        if name not in layers
    ]


def _compare(desk: _Desk) -> dict[str, Draft]:
    """Join the layers, place the grid, and return those that lie near each other."""
    lost = _lost(desk)
    usable = {name: draft for name, draft in desk.drafts.items() if name not in lost}
    homes, areas = usable.get("villages"), usable.get("communes")
    changes = crosswalk.crosswalk_from(usable.get("crosswalk"))
    if areas is not None:
        check_generation(areas, changes)
    if "official" in usable:
        official.join_communes(usable["official"], _shapes(areas), changes)
    if homes is not None:
        villages.join_communes(homes, _shapes(areas), changes)
        if areas is not None:
            communes.check_villages(areas, homes.frame)
        if "housing" in usable:
            housing.check_villages(usable["housing"], homes.frame)
        if "village_areas" in usable:
            village_areas.join_villages(usable["village_areas"], homes.frame)
            drawn = usable["village_areas"].frame
            desk.areas = village_areas.areas_of(drawn["village_id"], drawn.geometry)
        elif homes.outlines is not None:
            desk.areas = village_areas.areas_of(homes.frame["village_id"], homes.outlines)
    if desk.raster is not None and "terrain" not in lost:
        _ground(desk, desk.raster, usable)
    if desk.study.layers.population is not None and areas is not None:
        _people(desk, areas, homes)
    return usable


def _former(desk: _Desk) -> gpd.GeoDataFrame | None:
    """Return the communes of before July 2025 in the CRS of the grid."""
    found = former_communes(desk.drafts["communes"].frame, crosswalk.crosswalk_from(desk.drafts.get("crosswalk")))
    return None if found is None or desk.grid is None else found.to_crs(desk.grid.crs)


def _people(desk: _Desk, areas: Draft, homes: Draft | None) -> None:
    """Read the raster of people, and hold it against those of the villages where all are known."""
    shapes = _drawn(areas)
    people = pd.Series(dtype="Int64") if homes is None else homes.frame["people"]
    stated = float(people.sum()) if people.notna().all() else None
    try:
        crs = WGS84 if desk.grid is None else desk.grid.crs
        desk.population, problems = population.read_population(desk.study, shapes, crs, stated=stated)
        desk.problems += problems
    except LayerError as error:
        desk.problems += error.problems


def _ground(desk: _Desk, raster: Raster, usable: Mapping[str, Draft]) -> None:
    """Place the grid, and hold what stands on the ground against its heights."""
    try:
        points = [usable[name].frame.geometry for name in _SIZING if name in usable]
        desk.grid = terrain.choose_grid(desk.study, raster, points)
        heights_m, problems = terrain.heights(raster, desk.grid)
    except LayerError as error:
        desk.problems += error.problems
        return
    desk.problems += problems
    sound = not any(problem.fatal for problem in problems)
    if sound:
        if desk.study.grid.fill_voids_m:
            from coverage.layers.voids import fill_terrain  # takes most of SciPy

            heights_m, filled = fill_terrain(desk.study, raster.name, desk.grid, heights_m)
            desk.problems += filled
        desk.terrain_m = heights_m
    if desk.study.layers.land_cover is not None:
        try:
            desk.land_cover, problems_of_cover = land_cover.read_land_cover(desk.study, desk.grid, heights_m)
            desk.problems += problems_of_cover
        except LayerError as error:
            desk.problems += error.problems
    standing = {"sites": sites, "villages": villages, "candidates": candidates, "proposals": candidates}
    for name, module in standing.items():
        if name in usable and sound:
            module.check_terrain(usable[name], desk.grid, heights_m)


def _shapes(communes: Draft | None) -> gpd.GeoDataFrame | None:
    return None if communes is None else _drawn(communes)


def _drawn(communes: Draft) -> gpd.GeoDataFrame:
    usable = communes.frame.geometry.notna() & communes.frame["code"].notna()
    return communes.frame[usable]


def _lost(desk: _Desk) -> set[str]:
    """Note layers that lie nowhere near the terrain, or else the communes, and return their names."""
    placed = {name: draft for name, draft in desk.drafts.items() if draft.frame.geometry.notna().any()}
    if desk.raster is not None:
        other, bounds = desk.raster.name, desk.raster.bounds_in(WGS84)
    elif "communes" in placed:
        other, bounds = placed["communes"].file, _bounds(placed["communes"])
    else:
        return set()
    near = shapely.box(*bounds).buffer(_NEAR_DEGREES)
    lost = {name for name, draft in placed.items() if not draft.frame.geometry.dropna().intersects(near).any()}
    expected = "layers that overlap"
    remedy = (
        "The coordinate reference system is probably wrong: correct it in the file, or where the file carries none set "
        '{} = "EPSG:…" under [crs] in coverage.toml.'
    )
    if desk.raster is not None and len(lost) == len(placed) > 1:
        first = next(iter(placed.values()))
        found = (
            f"terrain at {bounds_text(bounds)}, far from every layer ({first.file} at {bounds_text(_bounds(first))})"
        )
        desk.problems.append(Problem(other, found, expected, remedy.format("terrain"), kind="far_away"))
        return {"terrain"}
    for name in sorted(lost):
        found = f"every row lies at {bounds_text(_bounds(placed[name]))}, far from {other} at {bounds_text(bounds)}"
        placed[name].report_file(found, expected, remedy.format(name), kind="far_away")
    return lost


def _bounds(draft: Draft) -> Bounds:
    west, south, east, north = draft.frame.total_bounds
    return float(west), float(south), float(east), float(north)


def _finished(draft: Draft, grid: Grid) -> gpd.GeoDataFrame:
    """Return a frame in the grid's CRS, its columns in the order of `coverage.columns`."""
    frame = draft.frame[[*draft.table.names, "geometry"]]
    return frame.to_crs(grid.crs).reset_index(drop=True)
