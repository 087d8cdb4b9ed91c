"""The terrain and land cover under one path, in the pixels of the study's grid, without reading the rest."""

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from coverage.errors import CoverageError, LayerError
from coverage.grid import Grid
from coverage.layers import terrain
from coverage.layers.land_cover import read_land_cover
from coverage.layers.position.reference import WGS84, bounds_text, transformer
from coverage.layers.sources.outside import offline_rasters
from coverage.layers.sources.raster import Raster, damaged, turned
from coverage.path_result import PathGround, Place
from coverage.study import Study

_AROUND_PIXELS = 3
"""Kept around the path, for what is interpolated between pixels."""
_MOST_PIXELS = 100_000_000


def ground_under(study: Study, ends: tuple[Place, Place], *, around_m: float = 0.0) -> PathGround:
    """
    Read the ground that a path lies on.

    Parameters
    ----------
    study
        Names the terrain and the land cover; its `[grid]` says in which pixels.
    ends
        Of the path.
    around_m
        How much more ground is wanted on every side, m.

    Returns
    -------
    PathGround
        Heights are those that a run has at the same pixels.

    Raises
    ------
    LayerError
        A file cannot be used.
    CoverageError
        An end outside the terrain, or a path too long for its pixels.
    """
    with offline_rasters(study):
        raster = terrain.open_terrain(study, whole=False)
        crs, cell_m = terrain.pixels_of(study, raster)
        reach = bounds_text(raster.bounds_in(WGS84))
        _check_inside(raster, ends, reach)
        x, y = transformer(WGS84, crs).transform([end.lon for end in ends], [end.lat for end in ends])
        margin_m = around_m + study.grid.fill_voids_m + _AROUND_PIXELS * cell_m
        box = min(x) - margin_m, min(y) - margin_m, max(x) + margin_m, max(y) + margin_m
        if (box[2] - box[0]) * (box[3] - box[1]) / cell_m**2 > _MOST_PIXELS:
            raise CoverageError(
                f"{ends[0].label} … {ends[1].label}: too far apart for pixels of {cell_m:g} m; choose "
                "nearer ends, or a larger [grid] cell_m."
            )
        grid = terrain.grid_around(study, raster, box)
        try:
            heights_m, problems = terrain.heights(raster, grid)
            # A window without any height is told by its ends; only heights that cannot be are the file's fault.
            wrong = [problem for problem in problems if problem.fatal and problem.kind != "no_heights"]
            if wrong:
                raise LayerError(wrong)
            if study.grid.fill_voids_m > 0:
                from coverage.layers.voids import fill_terrain  # takes scipy, which one path hardly needs

                heights_m, _ = fill_terrain(study, raster.name, grid, heights_m)
        except RasterioError as error:
            raise damaged(raster.name, error) from None
        return PathGround(raster.name, grid, heights_m, _land_cover(study, grid, heights_m), reach)


def _land_cover(study: Study, grid: Grid, terrain_m: NDArray[np.float32]) -> NDArray[np.uint8] | None:
    """Return the classes under a path; a path on which there are none lies in open ground."""
    try:
        return read_land_cover(study, grid, terrain_m, whole=False)[0]
    except LayerError as error:
        if {problem.kind for problem in error.problems} == {"land_cover_missing"}:
            return np.zeros(grid.shape, dtype=np.uint8)
        raise
    except RasterioError as error:
        raise damaged(str(study.layers.land_cover), error) from None


def _check_inside(raster: Raster, ends: tuple[Place, Place], reach: str) -> None:
    west, south, east, north = raster.bounds
    for end in ends:
        x, y, *_ = turned((end.lon, end.lat, end.lon, end.lat), WGS84, raster.crs)
        if not (west <= x <= east and south <= y <= north):
            raise CoverageError(
                f"{end.label}: {end.lon:.5f}, {end.lat:.5f} lies outside the terrain {raster.name} ({reach}); expected "
                "longitude,latitude,height within it. Correct the position, or supply terrain that reaches there."
            )
