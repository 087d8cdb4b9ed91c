"""Land cover: the class of every pixel, for what stands on the ground there."""

import numpy as np
from numpy.typing import NDArray

from coverage.errors import Problem, refuse
from coverage.grid import Grid
from coverage.layers.sources import files
from coverage.layers.sources.mosaic import open_tiles
from coverage.layers.sources.raster import nearest_on_grid
from coverage.study import Study

WORLDCOVER_CODES = (10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100)
"""Classes of ESA WorldCover 10 m 2021 v200 (Product User Manual)."""
_NAMED = 5
"""Unknown codes that are listed in a message."""


def read_land_cover(
    study: Study, grid: Grid, terrain_m: NDArray[np.float32]
) -> tuple[NDArray[np.uint8] | None, list[Problem]]:
    """
    Read the class at the centre of every pixel.

    Parameters
    ----------
    study
        Names the file; `radio.clutter_m` may name codes of its own.
    grid, terrain_m
        Where, and the heights there, m: land cover is missed only where there is terrain.

    Returns
    -------
    tuple
        uint8 `[rows, cols]` codes, 0 where there is none, or None where the study names no file; and what is wrong with
        them but does not stop a run: pixels without a class or with an unknown one, which count as open ground.

    Raises
    ------
    LayerError
        The file cannot be used, or holds no class anywhere on the terrain.
    """
    if study.layers.land_cover is None:
        return None, []
    source = files.find_source(study, "land_cover")
    name = source.name
    raster = open_tiles(study, "land_cover", source, holds="codes of ESA WorldCover")
    values = nearest_on_grid(raster, grid)
    land, given = np.isfinite(terrain_m), np.isfinite(values) & (values != 0)
    if not (land & given).any():
        found, remedy = "no class on the terrain", "Check its reference system, or supply the tiles of this area."
        raise refuse(name, found, "codes of ESA WorldCover where there is terrain", remedy, kind="land_cover_missing")
    known = given & np.isin(values, [*WORLDCOVER_CODES, *study.radio.clutter_m])
    problems = []
    if (land & ~given).any():
        found = f"no class on {_share(land & ~given, land)} of the terrain"
        remedy = "Those pixels count as open ground; supply the tiles that are missing."
        problems.append(
            Problem(name, found, "land cover wherever there is terrain", remedy, fatal=False, kind="land_cover_missing")
        )
    if (given & ~known).any():
        codes = np.unique(values[given & ~known])
        listed = ", ".join(f"{code:g}" for code in codes[:_NAMED]) + (", …" if len(codes) > _NAMED else "")
        found = f"unknown codes ({listed}) on {_share(given & ~known, np.ones_like(land))} of the pixels"
        remedy = "Those pixels count as open ground; give them a height under radio.clutter_m, or correct the file."
        problems.append(Problem(name, found, "codes of ESA WorldCover", remedy, fatal=False, kind="unknown_land_cover"))
    return np.where(known, values, 0).astype(np.uint8), problems


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> str:
    percent = 100 * part.sum() / whole.sum()
    return f"{percent:.0f} %" if percent >= 1 else "less than 1 %"
