"""Stations: which operator has which technology on which mast, and every cell of theirs."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample.frame import to_lonlat

STATIONS = {"2g": 1326, "3g": 1178, "4g": 1124, "5g": 42}
"""Sơn La 2022, as published; 5G is the generator's."""
SHARE = {"viettel": 0.50, "vnpt": 0.29, "mobifone": 0.16, "vietnamobile": 0.05}
LETTERS = {"viettel": "VTL", "vnpt": "VNP", "mobifone": "MOB", "vietnamobile": "VNM"}
CARRIERS = {
    ("viettel", "4g"): (1800.0, 20.0, 64.0), ("vnpt", "4g"): (1800.0, 15.0, 63.0),
    ("mobifone", "4g"): (1800.0, 10.0, 62.0), ("vietnamobile", "4g"): (2100.0, 5.0, 60.0),
    ("viettel", "5g"): (2600.0, 100.0, 76.0), ("vnpt", "5g"): (3700.0, 100.0, 76.0),
    ("mobifone", "5g"): (3850.0, 100.0, 76.0), ("vietnamobile", "5g"): (3700.0, 50.0, 73.0),
}  # fmt: skip
"""Carrier frequency MHz, bandwidth MHz, EIRP dBm; 2G is 900 MHz / 0.2 / 57 and 3G 2100 MHz / 5 / 57 for everyone."""


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
        worth = draw + keep_first + (~plain if name in ("3g", "4g") else 0)
        order = np.argsort(worth, kind="stable")[::-1]
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
                    "site_id": site, "cell_id": f"{site}-{LETTERS[station.operator]}-{technology.upper()}-{sector + 1}",
                    "operator": station.operator, "technology": technology, "freq_mhz": freq, "bandwidth_mhz": width,
                    "lon": round(lon[station.position], 6), "lat": round(lat[station.position], 6),
                    "height_m": int(mast.height_m),
                    "azimuth_deg": int((mast.first_deg + sector * 360 / count) % 360) if count > 1 else None,
                    "tilt_deg": tilt, "beamwidth_deg": 65 if count > 1 else 360,
                    "eirp_dbm": power if count > 1 else power - 5.0, "transmission": backhaul[station.position],
                    "sensitive": "có" if station.position in sensitive else "không",
                })  # fmt: skip
    table = pd.DataFrame(rows)
    table["azimuth_deg"] = table["azimuth_deg"].astype("Int64")
    return table
