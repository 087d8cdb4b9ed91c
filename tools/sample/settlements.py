"""Settlements: seats of communes and villages."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from sample.facts import Facts
from sample.frame import CELL_M, to_grid
from sample.names import name_villages, slug
from sample.relief import Relief

VILLAGES = 2500
SIGNAL_OF_HIDDEN = {"none": 34, "faint": 62, "2g": 100}
"""Isolated villages by what reaches them, the rarest first. Điện Biên, 2022: 98.6 % had 2G, 94.3 % 3G or 4G."""
HIDDEN = sum(SIGNAL_OF_HIDDEN.values())
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
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """
    Return the villages that lie well (commune number, row, col, kind, centre) and how many each commune lacks.

    Parameters
    ----------
    road_m
        Distance to the nearest main road, m, on the terrain grid.
    """
    gentle = np.exp(-((ground.slope_deg / 10.0) ** 2)) * (0.15 + np.exp(-ground.relief.above_stream_m / 90.0))
    fit = (gentle * (0.08 + np.exp(-road_m / 2500.0))).ravel()
    usable = ~ground.relief.lake & (ground.edge_m > 250)
    people, area_km2 = facts.communes.population.to_numpy(), facts.communes.area_km2.to_numpy()
    counts = split(VILLAGES, people**0.75 * area_km2**0.2)
    hidden = np.minimum(split(HIDDEN, np.clip(area_km2 - people / 150.0, 0, None) ** 1.2), counts // 2)
    hidden[np.argsort(-counts, kind="stable")[: HIDDEN - hidden.sum()]] += 1
    rows: list[tuple[int, int, int, str, bool]] = []
    for k, count in enumerate(counts - hidden):
        cells = np.flatnonzero((ground.commune == k) & usable)
        rows += _throw(rng, k, int(count), cells, fit[cells], seat[k], ground.commune.shape[1], int(people[k]))
    return pd.DataFrame(rows, columns=["commune", "row", "col", "kind", "centre"]), hidden


def _throw(
    rng: np.random.Generator, commune: int, count: int, cells: NDArray[np.int64], fit: Floats, seat: NDArray[np.int64],
    cols: int, people: int,
) -> list[tuple[int, int, int, str, bool]]:  # fmt: skip
    """Throw villages, one after the other, keeping a distance that is smaller in the town around the seat."""
    row, col = cells // cols, cells % cols
    far_m = np.hypot(row - seat[0], col - seat[1]) * CELL_M
    town_count = int(np.clip((people - 12_000) / 1500, 0, count * 0.6))
    spacing_m = min(700.0, 0.55 * np.sqrt(len(cells) * CELL_M**2 / count))
    chances = {"town": fit * np.exp(-far_m / 900.0), "plain": fit * (far_m > 500)}
    taken = np.array([seat])
    kinds = ["town" if town_count else "plain"]
    for kind in ("town",) * max(town_count - 1, 0) + ("plain",) * (count - max(town_count, 1)):
        spot = _apart(rng, row, col, chances[kind], taken, 180.0 if kind == "town" else spacing_m)
        taken = np.vstack([taken, spot])
        kinds.append(kind)
    return [(commune, int(r), int(c), kind, k == 0) for k, ((r, c), kind) in enumerate(zip(taken, kinds, strict=True))]


def _apart(
    rng: np.random.Generator, row: NDArray[np.int64], col: NDArray[np.int64], chance: Floats,
    taken: NDArray[np.int64], apart_m: float,
) -> tuple[int, int]:  # fmt: skip
    """Draw a cell that keeps a distance from those taken; the distance gives way after many failures."""
    total = np.cumsum(chance)
    for attempt in range(80):
        pick = int(np.searchsorted(total, rng.random() * total[-1]))
        near_m = np.hypot(taken[:, 0] - row[pick], taken[:, 1] - col[pick]).min() * CELL_M
        if near_m > apart_m * 0.96**attempt:
            break
    return int(row[pick]), int(col[pick])


def hiding_places(rng: np.random.Generator, ground: Ground, road_m: Floats) -> pd.DataFrame:
    """Return some hundred candidate cells per commune in side valleys away from main roads: commune, row, col."""
    around = ndimage.gaussian_filter(ground.relief.height_m, 14)
    deep = np.clip((around - ground.relief.height_m) / 300.0, 0.02, 1.0) ** 2
    chance = (
        np.exp(-((ground.slope_deg / 15.0) ** 2)) * deep * (road_m > 2500) * ~ground.relief.lake * (ground.edge_m > 350)
    )
    parts = []
    for k in range(ground.commune.max() + 1):
        cells = np.flatnonzero((ground.commune == k) & (chance > 0))
        if len(cells) == 0:
            continue
        weight = chance.ravel()[cells]
        picked = rng.choice(cells, min(600, np.count_nonzero(weight)), replace=False, p=weight / weight.sum())
        row, col = np.divmod(picked, ground.commune.shape[1])
        parts.append(pd.DataFrame({"commune": k, "row": row, "col": col}))
    places = pd.concat(parts, ignore_index=True)
    return places.iloc[rng.permutation(len(places))].reset_index(drop=True)


def hide_villages(
    villages: pd.DataFrame, places: pd.DataFrame, signal: NDArray[np.str_], hidden: NDArray[np.int64]
) -> pd.DataFrame:
    """
    Return all villages: those given and the isolated ones, in places where the signal is as wanted.

    Parameters
    ----------
    signal
        Per place `none`, `2g`, `faint` or anything else for a place that is no use.
    hidden
        How many isolated villages each commune should have.
    """
    taken = villages[["row", "col"]].to_numpy()
    rows: list[tuple[int, int, int, str, bool]] = []
    room, left = hidden.copy(), 0
    for kind, wanted in SIGNAL_OF_HIDDEN.items():
        left += wanted  # what could not be placed before is made up for now
        # A commune that has no such place leaves its share to others; when places run out they may lie closer together.
        for patience, apart_m in ((0, 900), (1, 700), (2, 600), (4, 500), (8, 450)):
            for place in places[signal == kind].itertuples():
                apart = np.hypot(taken[:, 0] - place.row, taken[:, 1] - place.col).min() * CELL_M
                if left == 0 or room[place.commune] + patience <= 0 or apart < apart_m:
                    continue
                taken = np.vstack([taken, (place.row, place.col)])
                rows.append((place.commune, place.row, place.col, kind, False))
                room[place.commune] -= 1
                left -= 1
    if left:
        raise RuntimeError(f"{left} isolated villages found no place; offer more hiding places or other masts")
    more = pd.DataFrame(rows, columns=villages.columns)
    return pd.concat([villages, more], ignore_index=True).sort_values(
        ["commune", "centre"], ascending=[True, False], kind="stable", ignore_index=True
    )


def settle(rng: np.random.Generator, facts: Facts, villages: pd.DataFrame) -> pd.DataFrame:
    """Return the villages with x, y, people and households; the people of a commune add up to its population."""
    out = villages.copy()
    out["x"] = (out.col + rng.uniform(0.2, 0.8, len(out))) * CELL_M
    out["y"] = (out.row + rng.uniform(0.2, 0.8, len(out))) * CELL_M
    scale = out.kind.map({"town": 1.5, "plain": 1.0}).fillna(0.55) * np.where(out.centre, 1.6, 1.0)
    size = np.exp(rng.normal(0, 0.35, len(out))) * scale
    out["people"] = 0
    for k, group in out.groupby("commune"):
        out.loc[group.index, "people"] = split(int(facts.communes.population[k]), size[group.index].to_numpy())
    per_home = rng.normal(4.5, 0.25, len(out)) - 0.8 * (out.kind == "town")
    out["households"] = np.maximum((out.people / per_home).round(), 4).astype(int)
    out["town"] = out.kind == "town"
    out["isolated"] = ~out.kind.isin(["town", "plain"])
    return out


def split(total: int, weight: Floats) -> NDArray[np.int64]:
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
    x, y = to_grid(facts.former.lon, facts.former.lat)
    names = pd.Series("", index=villages.index)
    for code, group in villages.groupby("commune_code"):
        mine = np.flatnonzero(facts.former.code == code)
        _, near = cKDTree(np.column_stack([x[mine], y[mine]])).query(group[["x", "y"]])
        names[group.index] = facts.former.former_name.to_numpy()[mine[near]]
    return names
