"""Land cover: the class of every pixel, for what stands on the ground there."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coverage.errors import Problem, refuse
from coverage.grid import Grid
from coverage.layers.sources import files
from coverage.layers.sources.gridded import gathered, nearest_by_strips
from coverage.layers.sources.mosaic import open_tiles
from coverage.study import Study

WORLDCOVER_CODES = (10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100)
"""Classes of ESA WorldCover 10 m 2021 v200 (Product User Manual)."""
_NAMED = 5
"""Unknown codes that are listed in a message."""


def read_land_cover(
    study: Study, grid: Grid, terrain_m: NDArray[np.float32], *, whole: bool = True
) -> tuple[NDArray[np.uint8] | None, list[Problem]]:
    """
    Read the class at the centre of every pixel.

    Parameters
    ----------
    study
        Names the file; `radio.clutter_m` may name codes of its own.
    grid, terrain_m
        Where, and the heights there, m: land cover is missed only where there is terrain.
    whole
        Whether to read the file to its end, so that a damaged one is found whatever of it is asked for.

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
    raster = open_tiles(study, "land_cover", source, holds="codes of ESA WorldCover", whole=whole)
    tally = _Tally((*WORLDCOVER_CODES, *study.radio.clutter_m))
    found = nearest_by_strips(raster, grid)
    codes = gathered((tally.known(values, np.isfinite(terrain_m[rows])) for rows, values in found), grid.shape)
    if tally.land == tally.missing:
        said, remedy = "no class on the terrain", "Check its reference system, or supply the tiles of this area."
        raise refuse(name, said, "codes of ESA WorldCover where there is terrain", remedy, kind="land_cover_missing")
    problems = []
    if tally.missing:
        said = f"no class on {_share(tally.missing, tally.land)} of the terrain"
        remedy = "Those pixels count as open ground; supply the tiles that are missing."
        problems.append(
            Problem(name, said, "land cover wherever there is terrain", remedy, fatal=False, kind="land_cover_missing")
        )
    if tally.odd:
        listed = ", ".join(f"{code:g}" for code in sorted(tally.odd)[:_NAMED]) + (
            ", …" if len(tally.odd) > _NAMED else ""
        )
        said = f"unknown codes ({listed}) on {_share(tally.unknown, codes.size)} of the pixels"
        remedy = "Those pixels count as open ground; give them a height under radio.clutter_m, or correct the file."
        problems.append(Problem(name, said, "codes of ESA WorldCover", remedy, fatal=False, kind="unknown_land_cover"))
    return codes, problems


@dataclass
class _Tally:
    """Which codes are known, and how many pixels were seen that have none of them."""

    codes: tuple[int, ...]
    land: int = 0
    missing: int = 0
    unknown: int = 0
    odd: set[float] = field(default_factory=set)

    def known(self, values: NDArray[np.float32], land: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """Return the known codes among some values, 0 elsewhere, and count the rest."""
        given = np.isfinite(values) & (values != 0)
        known = given & np.isin(values, self.codes)
        self.land += int(land.sum())
        self.missing += int((land & ~given).sum())
        self.unknown += int((given & ~known).sum())
        self.odd.update(np.unique(values[given & ~known]).tolist())
        return np.where(known, values, 0).astype(np.uint8)


def _share(part: int, whole: int) -> str:
    percent = 100 * part / whole
    return f"{percent:.0f} %" if percent >= 1 else "less than 1 %"
