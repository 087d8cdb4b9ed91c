"""Candidates: where something could be built - on standing masts, where the planner says, on ground above people."""

import math
from dataclasses import dataclass, fields

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter, uniform_filter
from scipy.spatial import cKDTree

from coverage.grid import Grid, strips
from coverage.planning.demand import Demand

_NEIGHBOURHOOD_M = 1000.0
"""Ground is compared with the mean of a square this wide, m: a spur or knoll of the size that carries a mast."""
_RISE_M = 15.0
"""Ground stands out when it is this far above its neighbourhood, m: half a mast; below it the mast matters more."""


@dataclass(frozen=True)
class Candidates:
    """Positions that could be built on; arrays of one entry per candidate."""

    site_id: NDArray[np.object_]
    """Candidates that share it stand at one position, of which at most one is built."""
    kind: NDArray[np.object_]
    """`upgrade`, `proposed` or `new`."""
    x_m: NDArray[np.float64]
    """In the CRS of the grid."""
    y_m: NDArray[np.float64]
    height_m: NDArray[np.float64]
    """Antenna above ground."""

    def __len__(self) -> int:
        return len(self.site_id)

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Candidates":
        """Return some of the candidates, by number or mask."""
        return Candidates(*(getattr(self, field.name)[which] for field in fields(self)))

    def with_ids(self, site_id: NDArray[np.object_]) -> "Candidates":
        """Return the same candidates under other names."""
        return Candidates(site_id, self.kind, self.x_m, self.y_m, self.height_m)

    @classmethod
    def join(cls, parts: "list[Candidates]") -> "Candidates":
        """Return several groups as one, in order."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))

    @classmethod
    def of(cls, kind: str, site_id: object, x_m: object, y_m: object, height_m: object) -> "Candidates":
        """Return candidates of one kind."""
        ids = np.asarray(site_id, dtype=object)
        return cls(
            ids,
            np.full(len(ids), kind, dtype=object),
            np.asarray(x_m, dtype=float),
            np.asarray(y_m, dtype=float),
            np.asarray(height_m, dtype=float),
        )


def existing_positions(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Sum up cells by position.

    Returns
    -------
    DataFrame
        Indexed by `site_id`, sorted: `x`, `y` in the CRS of the cells, `height_m` of the highest antenna,
        `technologies` as a frozenset, and `connected`: fiber or microwave arrives there. A mast on the air has
        transmission unless all its cells that state one say `none` or `satellite`.
    """
    table = pd.DataFrame(
        {
            "site_id": cells["site_id"].to_numpy(dtype=object),
            "x": cells.geometry.x.to_numpy(dtype=float),
            "y": cells.geometry.y.to_numpy(dtype=float),
            "height_m": cells["height_m"].to_numpy(dtype=float),
            "technology": cells["technology"].to_numpy(dtype=object),
            "linked": cells["transmission"].isin(("fiber", "microwave")).to_numpy(),
            "stated": cells["transmission"].notna().to_numpy(),
        }
    )
    by_site = table.groupby("site_id", sort=True)
    positions = by_site.agg(x=("x", "first"), y=("y", "first"), height_m=("height_m", "max"))
    positions["technologies"] = by_site["technology"].agg(frozenset)
    positions["connected"] = by_site["linked"].any() | ~by_site["stated"].any()
    return positions


def upgrades(positions: pd.DataFrame, technology: str) -> Candidates:
    """Return the existing positions that lack a technology, each at its own height."""
    lacking = positions[np.array([technology not in carried for carried in positions["technologies"]], dtype=bool)]
    return Candidates.of("upgrade", lacking.index, lacking["x"], lacking["y"], lacking["height_m"])


def proposed(layer: gpd.GeoDataFrame | None, heights_m: tuple[float, ...]) -> Candidates:
    """Return the planner's own positions, at every height asked for where a row gives none."""
    rows = [] if layer is None else zip(layer["site_id"], layer.geometry, layer["height_m"], strict=True)
    options = [
        (site_id, point.x, point.y, height)
        for site_id, point, own in rows
        if point is not None and not point.is_empty
        for height in (heights_m if pd.isna(own) else (float(own),))
    ]
    return Candidates.of("proposed", *([option[i] for option in options] for i in range(4)))


def standing_ground(
    grid: Grid, terrain_m: NDArray[np.float32], demand: Demand, *, spacing_m: float, reach_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Find the ridges, spurs and knolls near demand, and the highest ground beside each place of demand.

    A pixel stands out where it is above the mean of its neighbourhood, by more than any other pixel within half of
    the spacing. On a plain nothing stands out, and the highest pixel within half of the spacing of each place (of
    equals the nearest to it) is all there is.

    Parameters
    ----------
    grid, terrain_m
        Heights above sea level, m.
    demand
        Where people are; at least one place.
    spacing_m
        Distance that will be kept between masts, m.
    reach_m
        Ground further than this from any demand is left out, m.

    Returns
    -------
    x, y
        Centres of pixels in the CRS of the grid, sorted from north to south, then from west to east.
    """
    half = max(1, round(spacing_m / 2 / grid.cell_m))
    pixels = np.concatenate([_standing_out(terrain_m, rows, grid.cell_m, half) for rows in strips(len(terrain_m))])
    places = np.column_stack([demand.x_m, demand.y_m])
    xy = np.column_stack(grid.centre(pixels[:, 0], pixels[:, 1]))
    pixels = pixels[cKDTree(places).query(xy)[0] <= reach_m] if len(xy) else pixels

    row, col = grid.pixel(demand.x_m, demand.y_m)
    beside = [
        _highest_near(terrain_m, int(i), int(j), half)
        for i, j in np.unique(np.column_stack([row, col])[row >= 0], axis=0)
        if np.isfinite(terrain_m[i, j])
    ]
    pixels = np.unique(np.concatenate([pixels, np.array(beside, dtype=np.int64).reshape(-1, 2)]), axis=0)
    return grid.centre(pixels[:, 0], pixels[:, 1])


def _standing_out(terrain_m: NDArray[np.float32], rows: slice, cell_m: float, half: int) -> NDArray[np.int64]:
    """Return row and column of pixels of a strip that rise above their neighbourhood, most of all those within half."""
    around = max(1, round(_NEIGHBOURHOOD_M / 2 / cell_m))
    top = max(0, rows.start - around - half)
    strip_m = terrain_m[top : rows.stop + around + half]
    known = np.isfinite(strip_m)
    ground = np.where(known, strip_m, np.float32(0)).astype(np.float64)
    share = uniform_filter(known.astype(np.float64), 2 * around + 1, mode="constant")
    mean = uniform_filter(ground, 2 * around + 1, mode="constant") / np.maximum(share, 1e-9)
    rise = np.where(known, ground - mean, -np.inf)
    stands_out = (rise >= _RISE_M) & (rise == maximum_filter(rise, 2 * half + 1, mode="nearest"))
    row, col = np.nonzero(stands_out[rows.start - top : rows.stop - top])
    return np.column_stack([row + rows.start, col])


def _highest_near(terrain_m: NDArray[np.float32], row: int, col: int, half: int) -> tuple[int, int]:
    top, left = max(0, row - half), max(0, col - half)
    window = terrain_m[top : row + half + 1, left : col + half + 1]
    rows, cols = np.nonzero(window == np.nanmax(window))
    best = int(np.argmin(np.hypot(rows + top - row, cols + left - col)))
    return int(rows[best]) + top, int(cols[best]) + left


def thin(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    score: NDArray[np.float64],
    villages: list[NDArray[np.int64]],
    *,
    occupied: NDArray[np.float64],
    spacing_m: float,
    limit: int,
) -> NDArray[np.int64]:
    """
    Choose positions so that they keep their distance and every village has its share of them.

    Villages take turns, each taking the best position left that reaches it; so a lonely village is not crowded out by
    the ridges around a dense valley.

    Parameters
    ----------
    x_m, y_m
        [positions] m.
    score
        [positions]; those at 0 are never chosen. Of equals the first wins.
    villages
        Per position, the villages that it reaches.
    occupied
        [n, 2] positions of masts that stand, m.
    spacing_m
        Least distance to those and between the chosen, m.
    limit
        How many at most.

    Returns
    -------
    array
        Numbers of the chosen, in ascending order.
    """
    xy = np.column_stack([x_m, y_m])
    free = score > 0
    if len(occupied) and len(xy):
        free &= cKDTree(occupied).query(xy)[0] >= spacing_m
    near = cKDTree(xy).query_ball_point(xy, math.nextafter(spacing_m, 0)) if len(xy) else []
    queues: dict[int, list[int]] = {}
    for number in np.argsort(-score, kind="stable")[::-1]:  # worst first: a queue gives its last
        if free[number]:
            for village in villages[number]:
                queues.setdefault(int(village), []).append(int(number))
    chosen: list[int] = []
    turns = [queues[village] for village in sorted(queues)]
    while turns and len(chosen) < limit:
        for queue in turns:
            while queue and not free[queue[-1]]:
                queue.pop()
            if queue and len(chosen) < limit:
                chosen.append(queue[-1])
                free[near[queue[-1]]] = False
        turns = [queue for queue in turns if queue]
    return np.array(sorted(chosen), dtype=np.int64)
