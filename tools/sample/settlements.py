"""Settlements: seats of communes, villages, and where their households stand."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from sample.facts import Facts
from sample.frame import CELL_M
from sample.names import name_villages, slug
from sample.relief import Relief

VILLAGES = 2500
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """What a cell is like to live on; all on the terrain grid."""

    relief: Relief
    slope_deg: Floats
    commune: NDArray[np.int16]
    edge_m: Floats
    """Distance to the nearest border of a commune, m."""


def survey(relief: Relief, commune: NDArray[np.int16]) -> Ground:
    """Return slope, commune and distance to its border of every cell."""
    gy, gx = np.gradient(ndimage.gaussian_filter(relief.height_m, 1.0), CELL_M)
    border = np.zeros(commune.shape, bool)
    border[:, 1:] |= commune[:, 1:] != commune[:, :-1]
    border[1:] |= commune[1:] != commune[:-1]
    return Ground(
        relief, np.degrees(np.arctan(np.hypot(gx, gy))), commune, ndimage.distance_transform_edt(~border) * CELL_M
    )


def seats(facts: Facts, ground: Ground) -> NDArray[np.int64]:
    """Return the [communes, 2] cell (row, column) of each seat: gentle, low, near the stated centre."""
    found = []
    comfort = -ground.slope_deg / 4.0 - ground.relief.above_stream_m / 60.0 + np.minimum(ground.edge_m, 1200) / 600.0
    for k, (x, y) in enumerate(facts.centres):
        row, col = int(y / CELL_M), int(x / CELL_M)
        rows, cols = np.mgrid[row - 50 : row + 51, col - 50 : col + 51]
        far = np.hypot(rows - row, cols - col) * CELL_M
        score = comfort[rows, cols] - (far / 2000.0) ** 2
        score[(ground.commune[rows, cols] != k) | ground.relief.lake[rows, cols]] = -1e9
        best = np.unravel_index(score.argmax(), score.shape)
        found.append((rows[best], cols[best]))
    return np.array(found)


def found_villages(
    rng: np.random.Generator, facts: Facts, ground: Ground, seat: NDArray[np.int64], road_m: Floats
) -> pd.DataFrame:
    """
    Return villages with commune number, cell, x, y, people, households and the flags town, isolated and centre.

    Parameters
    ----------
    road_m
        Distance to the nearest main road, m, on the terrain grid.
    """
    gentle = np.exp(-((ground.slope_deg / 10.0) ** 2)) * (0.15 + np.exp(-ground.relief.above_stream_m / 90.0))
    fit = gentle * (0.12 + np.exp(-road_m / 2500.0))
    hidden = np.exp(-((ground.slope_deg / 16.0) ** 2)) * _enclosure(ground) * (road_m > 3500)
    usable = ~ground.relief.lake & (ground.edge_m > 250)
    people = facts.communes.population.to_numpy()
    rows = []
    for k, count in enumerate(_village_counts(people, facts.communes.area_km2.to_numpy())):
        cells = np.flatnonzero((ground.commune == k) & usable)
        rows += _commune_villages(
            rng, k, count, cells, fit.ravel(), hidden.ravel(), seat[k], ground.commune.shape[1], people[k]
        )
    return pd.DataFrame(rows)


def _enclosure(ground: Ground) -> Floats:
    """Return how deep a cell lies below the land within some 2 km, 0 to 1."""
    around = ndimage.gaussian_filter(ground.relief.height_m, 14)
    return np.clip((around - ground.relief.height_m) / 250.0, 0.0, 1.0) ** 2


def _village_counts(people: NDArray[np.int64], area_km2: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share 2,500 villages out by people and, a little, by area."""
    pull = people**0.75 * area_km2**0.2
    exact = pull / pull.sum() * VILLAGES
    count = np.floor(exact).astype(int)
    short = VILLAGES - count.sum()
    count[np.argsort(-(exact - count), kind="stable")[:short]] += 1
    return count


def _commune_villages(
    rng: np.random.Generator, commune: int, count: int, cells: NDArray[np.int64], fit: Floats, hidden: Floats,
    seat: NDArray[np.int64], cols: int, people: int,
) -> list[dict[str, object]]:  # fmt: skip
    """Throw villages, one after the other, keeping a distance that shrinks towards the seat."""
    isolated = int(round(count * float(np.clip(0.16 * (1 - people / 16_000), 0.0, 0.16))))
    row, col = cells // cols, cells % cols
    far_m = np.hypot(row - seat[0], col - seat[1]) * CELL_M
    town_count = int(np.clip((people - 12_000) / 1500, 0, count * 0.6))
    spacing_m = min(700.0, 0.55 * np.sqrt(len(cells) * CELL_M**2 / count))
    taken = [(int(seat[0]), int(seat[1]))]
    kind = ["town" if town_count else "plain"]
    for wanted in ("town",) * max(town_count - 1, 0) + ("isolated",) * isolated + ("plain",) * count:
        if len(taken) == count:
            break
        if wanted == "town":
            chance, apart_m = fit[cells] * np.exp(-far_m / 900.0), 180.0
        elif wanted == "isolated":
            chance, apart_m = hidden[cells] * (far_m > 4000), 1200.0
            if not chance.any():
                continue
        else:
            chance, apart_m = fit[cells] * (far_m > 500), spacing_m
        total = np.cumsum(chance)
        for attempt in range(60):
            pick = int(np.searchsorted(total, rng.random() * total[-1]))
            place = np.array(taken)
            if (
                attempt == 59
                or np.hypot(place[:, 0] - row[pick], place[:, 1] - col[pick]).min() * CELL_M > apart_m * 0.96**attempt
            ):
                break
        taken.append((int(row[pick]), int(col[pick])))
        kind.append(wanted)
    size = np.exp(rng.normal(0, 0.35, len(taken))) * np.array(
        [{"town": 1.5, "plain": 1.0, "isolated": 0.55}[k] for k in kind]
    )
    size[0] *= 1.6
    inhabitants = _split(people, size)
    household = rng.normal(4.5, 0.25, len(taken)) - 0.8 * np.array([k == "town" for k in kind])
    return [
        {
            "commune": commune, "row": r, "col": c, "people": int(n), "households": max(int(round(n / h)), 4),
            "town": k == "town", "isolated": k == "isolated", "centre": i == 0,
            "x": (c + rng.uniform(0.2, 0.8)) * CELL_M, "y": (r + rng.uniform(0.2, 0.8)) * CELL_M,
        }
        for i, ((r, c), k, n, h) in enumerate(zip(taken, kind, inhabitants, household, strict=True))
    ]  # fmt: skip


def _split(total: int, weight: Floats) -> NDArray[np.int64]:
    """Share a whole number out in proportion, exactly."""
    exact = weight / weight.sum() * total
    part = np.floor(exact).astype(np.int64)
    part[np.argsort(-(exact - part), kind="stable")[: total - part.sum()]] += 1
    return part


def describe(rng: np.random.Generator, facts: Facts, ground: Ground, villages: pd.DataFrame) -> pd.DataFrame:
    """Return the villages with village_id, name, commune and former commune."""
    out = villages.copy()
    height = ground.relief.height_m[out.row, out.col]
    names = pd.Series("", index=out.index)
    for k, group in out.groupby("commune"):
        ward = facts.communes.full_name[k].startswith("Phường")
        names[group.index] = name_villages(
            rng, town=group.town.tolist(), ward=ward, highland=(height[group.index] > 1000).tolist()
        )
    out["name"] = names
    out["commune_code"] = facts.communes.code.to_numpy()[out.commune]
    out["commune_name"] = facts.communes.full_name.to_numpy()[out.commune]
    stem = out.commune_code + "-" + names.map(slug)
    out["village_id"] = stem + "-" + (stem.groupby(stem).cumcount() + 1).astype(str)
    out["former_commune"] = _former(facts, out)
    return out


def _former(facts: Facts, villages: pd.DataFrame) -> pd.Series:
    """Return the name of the former commune whose centre is nearest, among those that made up the commune."""
    from sample.frame import to_grid

    x, y = to_grid(facts.former.lon, facts.former.lat)
    names = pd.Series("", index=villages.index)
    for code, group in villages.groupby("commune_code"):
        mine = np.flatnonzero(facts.former.code == code)
        _, near = cKDTree(np.column_stack([x[mine], y[mine]])).query(group[["x", "y"]])
        names[group.index] = facts.former.former_name.to_numpy()[mine[near]]
    return names


def house(rng: np.random.Generator, ground: Ground, villages: pd.DataFrame) -> pd.DataFrame:
    """Return clusters of households: village (row number), x, y, households; a few far from their village."""
    rows = []
    rough = ground.slope_deg
    for village in villages.itertuples():
        clusters = int(np.clip(rng.poisson(4.2) + 1, 3, 8))
        clusters = min(clusters, village.households)
        reach_m = 180.0 if village.town else 420.0
        weight = np.sort(rng.dirichlet(np.full(clusters, 2.0)))[::-1]
        parts = 1 + _split(village.households - clusters, weight)
        for k, households in enumerate(parts):
            far = (
                0.35 * reach_m
                if k == 0
                else reach_m * (1 + (2.5 if k == clusters - 1 and rng.random() < 0.25 and not village.town else 0))
            )
            best = None
            for _ in range(6):
                angle, radius = rng.uniform(0, 2 * np.pi), far * np.sqrt(rng.uniform(0.1, 1.0))
                x, y = village.x + radius * np.cos(angle), village.y + radius * np.sin(angle)
                row, col = int(y / CELL_M), int(x / CELL_M)
                bad = (
                    rough[row, col]
                    + 100 * ground.relief.lake[row, col]
                    + 50 * (ground.commune[row, col] != village.commune)
                )
                if best is None or bad < best[0]:
                    best = (bad, x, y)
            rows.append({"village": village.Index, "x": best[1], "y": best[2], "households": int(households)})
    return pd.DataFrame(rows)
