"""Candidates: where something could be built - on standing masts, where the planner says, on ground above people."""

import math
from dataclasses import dataclass, fields, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from coverage.columns.words import ANY


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
    leased: NDArray[np.bool_]
    """An upgrade on a mast where the operator that builds has nothing yet."""

    def __len__(self) -> int:
        return len(self.site_id)

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Candidates":
        """Return some of the candidates, by number or mask."""
        return Candidates(*(getattr(self, field.name)[which] for field in fields(self)))

    def with_ids(self, site_id: NDArray[np.object_]) -> "Candidates":
        """Return the same candidates under other names."""
        return replace(self, site_id=site_id)

    def at_height(self, height_m: float) -> "Candidates":
        """Return the same candidates with their antennas at another height."""
        return replace(self, height_m=np.full(len(self), height_m))

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
            np.zeros(len(ids), dtype=bool),
        )


def existing_positions(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Sum up cells by position.

    Returns
    -------
    DataFrame
        Indexed by `site_id`, sorted: `x`, `y` in the CRS of the cells, `height_m` of the highest antenna; as frozensets
        `technologies`, `operators`, and `carried`, the pairs of both; and `connected`: fiber or microwave arrives
        there. A mast on the air has transmission unless all its cells that state one say `none` or `satellite`.
    """
    table = pd.DataFrame(
        {
            "site_id": cells["site_id"].to_numpy(dtype=object),
            "x": cells.geometry.x.to_numpy(dtype=float),
            "y": cells.geometry.y.to_numpy(dtype=float),
            "height_m": cells["height_m"].to_numpy(dtype=float),
            "operator": cells["operator"].to_numpy(dtype=object),
            "technology": cells["technology"].to_numpy(dtype=object),
            "linked": cells["transmission"].isin(("fiber", "microwave")).to_numpy(),
            "stated": cells["transmission"].notna().to_numpy(),
        }
    )
    table["carries"] = pd.Series(list(zip(table["operator"], table["technology"], strict=True)), dtype=object)
    by_site = table.groupby("site_id", sort=True)
    positions = by_site.agg(x=("x", "first"), y=("y", "first"), height_m=("height_m", "max"))
    names = {"technologies": "technology", "operators": "operator", "carried": "carries"}
    for name, column in names.items():
        positions[name] = by_site[column].agg(frozenset)
    positions["connected"] = by_site["linked"].any() | ~by_site["stated"].any()
    return positions


def upgrades(positions: pd.DataFrame, technology: str, operator: str | None = None) -> Candidates:
    """
    Find the existing positions that lack a technology, each at its own height: co-location first.

    Parameters
    ----------
    positions
        As `existing_positions` sums them up.
    technology
        To be added.
    operator
        Who builds: positions where it lacks the technology, and those of others, which it would lease room on. None
        stands for whoever has the mast: positions that carry the technology for nobody.

    Returns
    -------
    Candidates
        In the order of the positions.
    """

    def lacks(carried: frozenset[tuple[str, str]]) -> bool:
        if operator is None:
            return all(found != technology for _, found in carried)
        return (operator, technology) not in carried

    lacking = positions[np.array([lacks(carried) for carried in positions["carried"]], dtype=bool)]
    found = Candidates.of("upgrade", lacking.index, lacking["x"], lacking["y"], lacking["height_m"])
    if operator is None:
        return found
    return replace(found, leased=np.array([operator not in there for there in lacking["operators"]], dtype=bool))


def helped(candidates: Candidates, positions: pd.DataFrame, operator: str | None) -> list[tuple[str, ...]]:
    """
    Tell whose networks each candidate would help.

    Parameters
    ----------
    candidates, positions
        As `upgrades` takes and gives them.
    operator
        Who builds; None is whoever has the mast.

    Returns
    -------
    list of tuple
        The operator that builds; else of an upgrade those on the mast, sorted, and of a new mast `any`.
    """
    if operator is not None:
        return [(operator,)] * len(candidates)
    there = positions["operators"].to_dict()
    return [
        tuple(sorted(there[site_id])) if kind == "upgrade" else (ANY,)
        for site_id, kind in zip(candidates.site_id, candidates.kind, strict=True)
    ]


def hosts(candidates: Candidates, positions: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return, sorted, whose mast each candidate leases room on; nobody's where it does not."""
    there = positions["operators"].to_dict()
    return [
        tuple(sorted(there[site_id])) if leased else ()
        for site_id, leased in zip(candidates.site_id, candidates.leased, strict=True)
    ]


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
