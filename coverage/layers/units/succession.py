"""Which communes of an earlier table are which of a later one, across July 2025 and within one side of it."""

import pandas as pd

from coverage.layers.units.crosswalk import Crosswalk, commune_key
from coverage.layers.units.declared import layer_generation


def succession(old: pd.DataFrame, new: pd.DataFrame, crosswalk: Crosswalk) -> pd.DataFrame:
    """
    Pair the communes of two tables.

    Parameters
    ----------
    old, new
        Communes with `commune_code` and `commune_name`, of before or since 1 July 2025.
    crosswalk
        Communes before and since.

    Returns
    -------
    DataFrame
        `old_code`, `new_code`: a row for each commune of `old` that is one of `new` or lies in it in part, its main
        successor first. On one side of July 2025 the code alone says which commune it is; across it only the crosswalk
        does, for codes and names were used again, and a commune that it does not list must have kept both.
    """
    before, now = _told(old, "old", crosswalk), _told(new, "new", crosswalk)
    forward = crosswalk.rows[["old_code", "new_code", "default"]].dropna(subset=["old_code", "new_code"])
    backward = forward.rename(columns={"old_code": "new_code", "new_code": "old_code"})
    links = pd.concat([forward.assign(old_side="old", new_side="new"), backward.assign(old_side="new", new_side="old")])
    links["default"] = links["default"].fillna(False).astype(bool)
    links = links.sort_values("default", ascending=False, kind="stable")
    within = before.merge(now, left_on=["old_code", "old_side"], right_on=["new_code", "new_side"])
    across = before.merge(links, on=["old_code", "old_side"]).merge(now, on=["new_code", "new_side"])
    unlisted = before[~before["old_code"].isin(links["old_code"])]
    kept = unlisted.merge(now, left_on=["old_code", "old_key"], right_on=["new_code", "new_key"])
    pairs = pd.concat([found[["old_code", "new_code"]] for found in (within, across, kept)])
    return pairs.drop_duplicates(ignore_index=True)


def _told(communes: pd.DataFrame, when: str, crosswalk: Crosswalk) -> pd.DataFrame:
    """Return code and key of communes, and on which side of July 2025 each stands."""
    code, name = communes["commune_code"].to_numpy(), communes["commune_name"]
    named = pd.DataFrame({"code": code, "name": name.to_numpy()})
    side, strays = layer_generation(named, crosswalk)
    other = "old" if side == "new" else "new"
    keys = named["name"].map(commune_key)
    sides = strays.map({False: side, True: other})
    return pd.DataFrame({f"{when}_code": named["code"], f"{when}_key": keys, f"{when}_side": sides})
