"""Masts: where they stand, and what surely reaches a place from them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import csr_array

from sample.frame import CELL_M
from sample.reach import Paths
from sample.settlements import Ground

POSITIONS = 1300
LEVEL_DBM = {"2g": 57.0, "3g": 57.0 - 10.0, "4g": 62.0 - 27.8}
"""EIRP of what a phone measures: the carrier, the pilot, a resource element."""
WEAK_DBM = {"2g": -105.0, "3g": -110.0, "4g": -115.0}
FREQ_MHZ = {"2g": 900.0, "3g": 2100.0, "4g": 1800.0}
Floats = NDArray[np.float64]


def place_masts(rng: np.random.Generator, ground: Ground, villages: pd.DataFrame, road_m: Floats) -> pd.DataFrame:
    """Return positions (x, y, village, height_m, first_deg, sectors), to serve every village, then for traffic."""
    spots = _spots(ground, villages, road_m)
    spots["first_deg"] = _toward(spots, villages)
    spots["sectors"] = rng.choice([3, 3, 3, 3, 3, 3, 3, 3, 2, 1], len(spots))
    town = (villages.kind == "town").to_numpy()[spots.village]
    tall, small = rng.choice([27, 30, 33, 33, 33, 36, 39, 42, 45], len(spots)), rng.choice([24, 24, 27, 30], len(spots))
    spots["height_m"] = np.where(town, small, tall)
    paths = Paths(ground.relief.height_m, spots, middles(villages), 5000.0)
    wanted_dbm = WEAK_DBM["4g"] + np.where(villages.centre.to_numpy()[paths.place], 32.0, 16.0)
    serves = LEVEL_DBM["4g"] - paths.loss_db(FREQ_MHZ["4g"]) - paths.antenna_db() > wanted_dbm
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
    """Return, for 2g, 3g and 4g, the least and the most that places may receive, dBm; -inf far from any mast."""
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
    some = sure["4g"] > WEAK_DBM["4g"] + 0.5
    not_good = (most["3g"] < WEAK_DBM["3g"] + 9.5) & (most["4g"] < WEAK_DBM["4g"] + 9.5)
    good = (sure["3g"] > WEAK_DBM["3g"] + 10 + margin_db) | (sure["4g"] > WEAK_DBM["4g"] + 10 + margin_db)
    return np.select(
        [
            dark & (most["2g"] < WEAK_DBM["2g"]),  # rare, and sure enough: antennas always cost a little
            dark & (sure["2g"] > WEAK_DBM["2g"] + margin_db),
            some & not_good,
            good,
        ],
        ["none", "2g", "faint", "good"],
        "unsure",
    )


def _spots(ground: Ground, villages: pd.DataFrame, road_m: Floats) -> pd.DataFrame:
    """Return three spots a planner would consider for each village: knolls that overlook it, near a road."""
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
    serves = csr_array((np.ones(len(mast)), (mast, place)), shape=(masts, places))
    open_ = np.zeros(places)
    open_[place] = 1.0
    chosen = []
    while open_.any():
        gain = serves @ open_
        best = int(gain.argmax())
        chosen.append(best)
        open_[serves.indices[serves.indptr[best] : serves.indptr[best + 1]]] = 0.0
    return np.array(chosen, np.int64)
