"""Which village of an earlier run is which of a later one. Villages have no national code, and ids and names change."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Geod

RENAMED_M = 300.0
"""Points no farther apart stand for one place: a corrected point moves about as far, the next village lies beyond."""

_EARTH = Geod(ellps="WGS84")
_FACTS = ["village_id", "name_key", "commune_code", "lon", "lat"]


def match_villages(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, successors: pd.DataFrame) -> pd.DataFrame:
    """
    Match villages one to one.

    A village is sought by its name in the communes that its own became; of several with the name, first the one with
    the same id at the same place, then one at the same place, then the one with the same id, then the nearest. Of the
    rest the same id, or else two villages that are each other's nearest within `RENAMED_M`, are one village renamed.
    An id tells nothing by itself: those made of a commune's code and a count come again with other villages.

    Parameters
    ----------
    old, new
        Villages with `village_id`, `name_key`, `commune_code`, `lon` and `lat`; NA where unknown.
    successors
        `old_code`, `new_code`: the communes that correspond.

    Returns
    -------
    DataFrame
        A row per village of `new` in its order, then those of `old` that vanished in theirs: `old` and `new`, row
        numbers from 0 and -1 where there is none; `match`, one of `columns.MATCHES`; `moved_m` between the points, NaN
        where one is unknown.
    """
    before, now = _facts(old, "old"), _facts(new, "new")
    here = before.merge(successors, left_on="old_commune_code", right_on="old_code")
    by_name = _measured(here.merge(
        now, left_on=["new_code", "old_name_key"], right_on=["new_commune_code", "new_name_key"]
    ))  # fmt: skip
    by_id = _measured(before.merge(now, left_on="old_village_id", right_on="new_village_id"))
    by_id = by_id[_credible(by_id, successors)]

    named = pd.concat([by_id[by_id["old_name_key"] == by_id["new_name_key"]], by_name])
    same = _one_to_one(_best_first(named.drop_duplicates(["old", "new"])))
    left = _without(by_id, same)
    renamed = _one_to_one(left.sort_values(["moved_m", "old", "new"]))
    matched = pd.concat([same.assign(match="same"), renamed.assign(match="renamed")])

    rest = _without(here, matched).merge(
        now[~now["new"].isin(matched["new"])], left_on="new_code", right_on="new_commune_code"
    )
    close = _measured(rest)
    close = close[close["moved_m"] <= RENAMED_M]
    mutual = _one_to_one(close[_is_least(close, "old") & _is_least(close, "new")])
    matched = pd.concat([matched, mutual.assign(match="renamed")])

    found = now[["new"]].merge(matched, how="left", on="new").fillna({"old": -1, "match": "appeared"})
    gone = before.loc[~before["old"].isin(matched["old"]), ["old"]].assign(new=-1, match="vanished")
    found = pd.concat([found, gone], ignore_index=True).astype({"old": np.int64, "new": np.int64})
    places = found[["old", "new"]].merge(before, how="left", on="old").merge(now, how="left", on="new")
    return found.assign(moved_m=_measured(places)["moved_m"].to_numpy())[["old", "new", "match", "moved_m"]]


def nearest_successor(villages: gpd.GeoDataFrame, new: gpd.GeoDataFrame, successors: pd.DataFrame) -> pd.Series:
    """
    Return the commune of now to which the place of each village belongs, by the villages around it.

    Parameters
    ----------
    villages
        Of before, as for `match_villages`.
    new
        All villages of now.
    successors
        Of the communes, the main one first: it is taken where no village nearby decides.

    Returns
    -------
    Series
        Codes under the index of `villages`; missing where its commune became none.
    """
    before = _facts(villages, "old").merge(successors, left_on="old_commune_code", right_on="old_code")
    around = _measured(before.merge(_facts(new, "new"), how="left", left_on="new_code", right_on="new_commune_code"))
    nearest = around.sort_values("moved_m", kind="stable").drop_duplicates("old")
    codes = pd.Series(nearest["new_code"].to_numpy(), index=nearest["old"], dtype="str")
    return codes.reindex(range(len(villages))).set_axis(villages.index)


def _facts(villages: gpd.GeoDataFrame, side: str) -> pd.DataFrame:
    """Return what villages are matched by, under names with the side before them, and their row number."""
    facts = pd.DataFrame(villages[_FACTS]).add_prefix(f"{side}_").reset_index(drop=True)
    return facts.assign(**{side: np.arange(len(facts))})


def _measured(pairs: pd.DataFrame) -> pd.DataFrame:
    """Add the distance between the points of each pair, m."""
    places = pairs[["old_lon", "old_lat", "new_lon", "new_lat"]].to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(places).all(axis=1)
    metres: NDArray[np.float64] = np.full(len(pairs), np.nan)
    metres[known] = _EARTH.inv(*places[known].T)[2]
    return pairs.assign(moved_m=metres)


def _credible(by_id: pd.DataFrame, successors: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell pairs of one id that may be one village: in communes that correspond or are unknown, or at one place."""
    codes = by_id[["old_commune_code", "new_commune_code"]]
    corresponding = pd.MultiIndex.from_frame(codes).isin(pd.MultiIndex.from_frame(successors))
    unknown, same_place = codes.isna().any(axis=1), by_id["moved_m"] <= RENAMED_M
    return np.asarray(corresponding | unknown | same_place, dtype=bool)


def _best_first(named: pd.DataFrame) -> pd.DataFrame:
    """Order pairs of one name by what speaks for them."""
    same_id = named["old_village_id"] == named["new_village_id"]
    there = named["moved_m"] <= RENAMED_M
    rank = np.select([same_id & (there | named["moved_m"].isna()), there, same_id], [0, 1, 2], 3)
    return named.assign(rank=rank).sort_values(["rank", "moved_m", "old", "new"])


def _one_to_one(pairs: pd.DataFrame) -> pd.DataFrame:
    """Take pairs from the top, leaving out those of which either village is taken."""
    taken_old, taken_new, chosen = set(), set(), []
    for old, new in pairs[["old", "new"]].itertuples(index=False):
        if old not in taken_old and new not in taken_new:
            taken_old.add(old)
            taken_new.add(new)
            chosen.append((old, new))
    return pd.DataFrame(chosen, columns=["old", "new"], dtype=np.int64)


def _without(pairs: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """Leave out pairs of which either village is taken."""
    free = ~pairs["old"].isin(taken["old"])
    return pairs[free & ~pairs["new"].isin(taken["new"])] if "new" in pairs else pairs[free]


def _is_least(pairs: pd.DataFrame, side: str) -> pd.Series:
    least: pd.Series = pairs["moved_m"] == pairs.groupby(side)["moved_m"].transform("min")
    return least
