"""Masts: positions, who stands on them, and every cell they carry."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from sample.frame import CELL_M, to_lonlat
from sample.reach import Paths
from sample.settlements import Ground

POSITIONS = 1300
# Sơn La 2022, as published: stations per technology; 5G is the generator's.
STATIONS = {"2g": 1326, "3g": 1178, "4g": 1124, "5g": 42}
SHARE = {"viettel": 0.50, "vnpt": 0.29, "mobifone": 0.16, "vietnamobile": 0.05}
LEVEL_DBM = {"2g": 57.0, "3g": 57.0 - 10.0, "4g": 62.0 - 27.8}
"""EIRP of what a phone measures: the carrier, the pilot, a resource element."""
WEAK_DBM = {"2g": -105.0, "3g": -110.0, "4g": -115.0}
FREQ_MHZ = {"2g": 900.0, "3g": 2100.0, "4g": 1800.0}
Floats = NDArray[np.float64]


def place_masts(rng: np.random.Generator, ground: Ground, villages: pd.DataFrame, road_m: Floats) -> pd.DataFrame:
    """Return positions (x, y, village, height_m, first_deg, sectors): first every village is served, then traffic is."""
    spots = _spots(ground, villages, road_m)
    spots["first_deg"] = _toward(spots, villages)
    spots["sectors"] = rng.choice([3, 3, 3, 3, 3, 3, 3, 3, 2, 1], len(spots))
    town = (villages.kind == "town").to_numpy()[spots.village]
    tall, small = rng.choice([27, 30, 33, 33, 33, 36, 39, 42, 45], len(spots)), rng.choice([24, 24, 27, 30], len(spots))
    spots["height_m"] = np.where(town, small, tall)
    paths = Paths(ground.relief.height_m, spots, middles(villages), 5000.0)
    serves = LEVEL_DBM["4g"] - paths.loss_db(FREQ_MHZ["4g"]) - paths.antenna_db() > WEAK_DBM["4g"] + 16.0
    chosen = _cover(paths.mast[serves], paths.place[serves], len(spots), len(villages))
    pull = _pull(villages)[spots.village] * np.where(town, 2.2, 1.0)
    free = np.setdiff1d(np.arange(len(spots)), chosen)
    extra = rng.choice(free, POSITIONS - len(chosen), replace=False, p=pull[free] / pull[free].sum())
    kept = np.sort(np.concatenate([chosen, extra]))
    out = spots.iloc[kept].reset_index(drop=True)
    out["for_coverage"] = np.isin(kept, chosen)
    return out


def middles(places: pd.DataFrame) -> Floats:
    """Return [places, 2] the x and y of the middle of each place's cell."""
    return np.column_stack([(places.col + 0.5) * CELL_M, (places.row + 0.5) * CELL_M])


def _pull(villages: pd.DataFrame) -> Floats:
    """Return how much traffic a village brings, in any unit."""
    return villages.kind.map({"town": 1.5, "plain": 1.0}).to_numpy(float) * np.where(villages.centre, 1.6, 1.0)


def levels(
    ground: Ground, masts: pd.DataFrame, stations: pd.DataFrame, places: Floats, radius_m: float
) -> dict[str, tuple[Floats, Floats]]:
    """Return, for 2g, 3g and 4g, the least and the most that places may receive, dBm; minus infinity far from any mast."""
    paths = Paths(ground.relief.height_m, masts, places, radius_m)
    away_db = paths.antenna_db()
    found = {}
    for name, level in LEVEL_DBM.items():
        on = np.isin(paths.mast, stations.position[stations[name]])
        received = np.where(on, level - paths.loss_db(FREQ_MHZ[name]), -np.inf)
        found[name] = (paths.strongest(received - away_db, len(places)), paths.strongest(received, len(places)))
    return found


def outcome(received: dict[str, tuple[Floats, Floats]], margin_db: float) -> NDArray[np.str_]:
    """Return what surely reaches each place: `none`, `2g`, `faint`, `good`, or `unsure`."""
    sure = {name: low for name, (low, _) in received.items()}
    most = {name: high for name, (_, high) in received.items()}
    dark = (most["3g"] < WEAK_DBM["3g"] - margin_db) & (most["4g"] < WEAK_DBM["4g"] - margin_db)
    some = (sure["3g"] > WEAK_DBM["3g"] + 0.5) | (sure["4g"] > WEAK_DBM["4g"] + 0.5)
    not_good = (most["3g"] < WEAK_DBM["3g"] + 9.5) & (most["4g"] < WEAK_DBM["4g"] + 9.5)
    good = (sure["3g"] > WEAK_DBM["3g"] + 10 + margin_db) | (sure["4g"] > WEAK_DBM["4g"] + 10 + margin_db)
    return np.select(
        [dark & (most["2g"] < WEAK_DBM["2g"] - margin_db), dark & (sure["2g"] > WEAK_DBM["2g"] + margin_db), some & not_good, good],
        ["none", "2g", "faint", "good"], "unsure",
    )  # fmt: skip


def _spots(ground: Ground, villages: pd.DataFrame, road_m: Floats) -> pd.DataFrame:
    """Return three spots a planner would consider for each village: knolls and shoulders that overlook it, by a road."""
    height = ground.relief.height_m
    stands_out = height - ndimage.gaussian_filter(height, 7)
    score = np.clip(stands_out, -30, 60) / 15.0 - ground.slope_deg / 10.0 - road_m / 400.0 - 100.0 * ground.relief.lake
    rows = []
    for village in villages.itertuples():
        reach = 3 if village.kind == "town" else 11
        r, c = np.mgrid[village.row - reach : village.row + reach + 1, village.col - reach : village.col + reach + 1]
        far = np.hypot(r - village.row, c - village.col) * CELL_M
        worth = score[r, c] - far / 900.0 - 100.0 * (ground.commune[r, c] != village.commune)
        for _ in range(3):
            k = np.unravel_index(worth.argmax(), worth.shape)
            rows.append((village.Index, (c[k] + 0.5) * CELL_M, (r[k] + 0.5) * CELL_M))
            worth = np.where(np.hypot(r - r[k], c - c[k]) < (2 if village.kind == "town" else 4), -1e9, worth)
    spots = pd.DataFrame(rows, columns=["village", "x", "y"])
    return spots.drop_duplicates(["x", "y"], ignore_index=True)


def _toward(spots: pd.DataFrame, villages: pd.DataFrame) -> Floats:
    """Return the azimuth from each spot to its village, in steps of 5°."""
    dx, dy = (middles(villages)[spots.village] - spots[["x", "y"]].to_numpy()).T
    return np.round(np.degrees(np.arctan2(dx, -dy)) / 5) * 5 % 360


def _cover(mast: NDArray[np.int64], place: NDArray[np.int64], masts: int, places: int) -> NDArray[np.int64]:
    """Choose masts greedily until every place that can be served is."""
    import scipy.sparse as sp

    serves = sp.csr_matrix((np.ones(len(mast)), (mast, place)), shape=(masts, places))
    open_ = np.zeros(places)
    open_[place] = 1.0
    chosen = []
    while open_.any():
        gain = serves @ open_
        best = int(gain.argmax())
        chosen.append(best)
        open_[serves[best].indices] = 0.0
    return np.array(chosen, np.int64)


def equip(rng: np.random.Generator, masts: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    """Return one row per operator at a position, with flags 2g, 3g, 4g, 5g, so that the published counts are met."""
    town = (villages.kind == "town").to_numpy()[masts.village]
    shared = rng.choice(np.flatnonzero(town), STATIONS["2g"] + 18 - len(masts), replace=False)
    position = np.concatenate([np.arange(len(masts)), shared])
    owner = _owners(rng, masts, town)
    guest = np.array([rng.choice([name for name in SHARE if name != owner[k]]) for k in shared])
    rows = pd.DataFrame({"position": position, "operator": np.concatenate([owner, guest])})
    plain = ~masts.for_coverage.to_numpy()[position]
    in_town = town[position]
    draw = rng.random(len(rows))
    for name, keep_first in (("2g", ~in_town), ("3g", in_town), ("4g", ~plain | in_town), ("5g", in_town)):
        order = np.argsort(draw + 1.0 * keep_first + (1.0 * ~plain if name in ("3g", "4g") else 0.0), kind="stable")[
            ::-1
        ]
        rows[name] = False
        rows.loc[order[: STATIONS[name]], name] = True
        draw = rng.random(len(rows))
    bare = ~(rows["2g"] | rows["3g"] | rows["4g"] | rows["5g"])
    swap = np.flatnonzero(rows["2g"] & rows["3g"] & rows["4g"] & in_town & plain)[: bare.sum()]
    rows.loc[bare, "4g"] = True
    rows.loc[swap, "4g"] = False
    return rows.sort_values(["position", "operator"], ignore_index=True)


def _owners(rng: np.random.Generator, masts: pd.DataFrame, town: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Share positions out: Viettel far more often where a mast stands for coverage alone."""
    names = np.array(list(SHARE))
    share = np.array(list(SHARE.values()))
    remote = share * np.array([1.55, 0.75, 0.15, 0.0])
    dense = share * np.array([0.7, 1.1, 1.5, 2.2])
    return np.array([
        names[rng.choice(4, p=(w := np.where(coverage and not in_town, remote, dense)) / w.sum())]
        for coverage, in_town in zip(masts.for_coverage, town, strict=True)
    ])  # fmt: skip


CARRIERS = {
    ("viettel", "4g"): (1800.0, 20.0, 64.0), ("vnpt", "4g"): (1800.0, 15.0, 63.0),
    ("mobifone", "4g"): (1800.0, 10.0, 62.0), ("vietnamobile", "4g"): (2100.0, 5.0, 60.0),
    ("viettel", "5g"): (2600.0, 100.0, 76.0), ("vnpt", "5g"): (3700.0, 100.0, 76.0),
    ("mobifone", "5g"): (3850.0, 100.0, 76.0), ("vietnamobile", "5g"): (3700.0, 50.0, 73.0),
}  # fmt: skip
"""Carrier frequency MHz, bandwidth MHz, EIRP dBm; 2G is 900 MHz / 0.2 / 57 and 3G 2100 MHz / 5 / 57 for everyone."""


def cells(
    rng: np.random.Generator, masts: pd.DataFrame, stations: pd.DataFrame, backhaul: NDArray[np.str_]
) -> pd.DataFrame:
    """Return one row per cell with the columns of the sites layer."""
    lon, lat = to_lonlat(masts.x, masts.y)
    sensitive = set(rng.choice(len(masts), 12, replace=False).tolist())
    rows = []
    for station in stations.itertuples():
        mast = masts.iloc[station.position]
        site = f"SLA-{station.position + 1:04d}"
        count = int(mast.sectors)
        tilt = int(rng.integers(2, 7))
        for technology in ("2g", "3g", "4g", "5g"):
            if not stations.at[station.Index, technology]:
                continue
            common = (900.0, 0.2, 57.0) if technology == "2g" else (2100.0, 5.0, 57.0)
            freq, width, power = CARRIERS.get((station.operator, technology), common)
            for sector in range(count):
                rows.append({
                    "site_id": site, "cell_id": f"{site}-{station.operator[:3].upper()}-{technology.upper()}-{sector + 1}",
                    "operator": station.operator, "technology": technology, "freq_mhz": freq, "bandwidth_mhz": width,
                    "lon": round(lon[station.position], 6), "lat": round(lat[station.position], 6),
                    "height_m": int(mast.height_m), "azimuth_deg": int((mast.first_deg + sector * 360 / count) % 360) if count > 1 else None,
                    "tilt_deg": tilt, "beamwidth_deg": 65 if count > 1 else 360,
                    "eirp_dbm": power if count > 1 else power - 5.0,
                    "transmission": backhaul[station.position], "sensitive": "có" if station.position in sensitive else "không",
                })  # fmt: skip
    table = pd.DataFrame(rows)
    table["cell_id"] = (
        table["cell_id"]
        .str.replace("-VIE-", "-VTL-")
        .where(table.operator == "viettel", table["cell_id"].str.replace("-VIE-", "-VNM-"))
    )
    table["azimuth_deg"] = table["azimuth_deg"].astype("Int64")
    return table
