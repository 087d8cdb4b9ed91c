"""Masts: positions, who stands on them, and every cell they carry."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from sample.frame import CELL_M, to_lonlat
from sample.reach import Paths, sector_loss_db
from sample.settlements import Ground

POSITIONS = 1300
# Sơn La 2022, as published: stations per technology; 5G is the generator's.
STATIONS = {"2g": 1326, "3g": 1178, "4g": 1124, "5g": 42}
SHARE = {"viettel": 0.50, "vnpt": 0.29, "mobifone": 0.16, "vietnamobile": 0.05}
# Loss that still gives a level of "weak", dB: EIRP less what the reference signal lacks less the threshold (DOMAIN).
LOSS_3G_DB, LOSS_4G_DB, LOSS_2G_DB = 57 - 10 + 110, 62 - 27.8 + 115, 57 + 105
FREQ_MHZ = {"2g": 900.0, "3g": 2100.0, "4g": 1800.0}
Floats = NDArray[np.float64]


def place_masts(rng: np.random.Generator, ground: Ground, villages: pd.DataFrame, road_m: Floats) -> pd.DataFrame:
    """Return positions: x, y, height_m, village, first_deg, sectors; first so that every village is served, then for traffic."""
    spots = _spots(ground, villages, road_m)
    places = villages[["x", "y"]].to_numpy()
    antenna = np.full(len(spots), 33.0)
    paths = Paths(ground.relief.height_m, CELL_M, spots[["x", "y"]].to_numpy(), antenna, places, 6000.0)
    spots["first_deg"] = _toward(spots, villages) if len(spots) else 0.0
    spots["sectors"] = rng.choice([3, 3, 3, 3, 3, 3, 3, 3, 2, 1], len(spots))
    loss = paths.loss_db(1800.0) + sector_loss_db(
        paths.azimuth_deg, spots.first_deg.to_numpy()[paths.mast], spots.sectors.to_numpy()[paths.mast]
    )
    serves = loss < LOSS_4G_DB - 16.0
    chosen = _cover(paths.mast[serves], paths.place[serves], len(spots), len(villages))
    missing = POSITIONS - len(chosen)
    pull = villages.people.to_numpy()[spots.village] * np.where(villages.town.to_numpy()[spots.village], 2.2, 1.0)
    free = np.setdiff1d(np.arange(len(spots)), chosen)
    extra = rng.choice(free, missing, replace=False, p=pull[free] / pull[free].sum())
    out = spots.iloc[np.sort(np.concatenate([chosen, extra]))].reset_index(drop=True)
    out["for_coverage"] = np.isin(np.sort(np.concatenate([chosen, extra])), chosen)
    town = villages.town.to_numpy()[out.village]
    out["height_m"] = np.where(
        town, rng.choice([21, 24, 27, 30], len(out)), rng.choice([27, 30, 33, 33, 33, 36, 39, 42, 45], len(out))
    )
    return out


def _spots(ground: Ground, villages: pd.DataFrame, road_m: Floats) -> pd.DataFrame:
    """Return three spots a planner would consider for each village: knolls and shoulders that overlook it, by a road."""
    height = ground.relief.height_m
    stands_out = height - ndimage.gaussian_filter(height, 7)
    score = np.clip(stands_out, -30, 60) / 15.0 - ground.slope_deg / 10.0 - road_m / 400.0 - 100.0 * ground.relief.lake
    rows = []
    for village in villages.itertuples():
        reach = 3 if village.town else 11
        r, c = np.mgrid[village.row - reach : village.row + reach + 1, village.col - reach : village.col + reach + 1]
        far = np.hypot(r - village.row, c - village.col) * CELL_M
        worth = score[r, c] - far / 900.0 - 100.0 * (ground.commune[r, c] != village.commune)
        for _ in range(3):
            k = np.unravel_index(worth.argmax(), worth.shape)
            rows.append((village.Index, (c[k] + 0.5) * CELL_M, (r[k] + 0.5) * CELL_M))
            worth = np.where(np.hypot(r - r[k], c - c[k]) < (2 if village.town else 4), -1e9, worth)
    spots = pd.DataFrame(rows, columns=["village", "x", "y"])
    return spots.drop_duplicates(["x", "y"], ignore_index=True)


def _toward(spots: pd.DataFrame, villages: pd.DataFrame) -> Floats:
    """Return the azimuth from each spot to its village, in steps of 5°."""
    dx = villages.x.to_numpy()[spots.village] - spots.x
    dy = villages.y.to_numpy()[spots.village] - spots.y
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
    town = villages.town.to_numpy()[masts.village]
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
    swap = np.flatnonzero(rows["2g"] & rows["3g"] & rows["4g"] & in_town)[: bare.sum()]
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
