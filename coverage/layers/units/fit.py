"""What a code and a name can mean: the communes of before and since 1 July 2025 that fit them best."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd

from coverage.layers.units.crosswalk import commune_key, district_key, split_kind

Generation = Literal["old", "new"]

SAID = ["commune_code", "commune_name", "former_commune", "former_district"]
"""What a row says of its commune; any of it may be missing."""
_UNKNOWN, _ANCESTOR, _ALIKE, _SAME = range(4)
"""How well a name fits: unknown everywhere, the name of a forerunner, equal but for accents or kind, equal."""


def fits(said: pd.DataFrame, communes: pd.DataFrame, pairs: pd.DataFrame, layer: Generation) -> pd.DataFrame:
    """
    Hold what rows say against the communes of both generations.

    Parameters
    ----------
    said
        The columns `SAID`, under any index.
    communes
        The commune layer, with `code` and `name`; they count before those of the crosswalk.
    pairs
        Rows of the crosswalk around that layer.
    layer
        Generation of the commune layer.

    Returns
    -------
    DataFrame
        For each generation whether it explains the row (`old`, `new`), and the codes of the commune layer that the row
        then means (`old_codes`, `new_codes`); the name of the commune of before (`former`); whether the name is that
        of a forerunner of the code's commune (`ancestor`), of no commune (`unknown_name`), or of another than the
        code's (`contradictory`).
    """
    units, targets = _units(communes, pairs, layer)
    found = _candidates(said, units, pairs)
    result = pd.DataFrame(index=said.index)
    codes = found.merge(targets, on="unit")
    for generation in ("old", "new"):
        mine = found[found["generation"] == generation]
        result[generation] = result.index.isin(mine["row"])
        sets = codes[codes["generation"] == generation].groupby("row")["target"].agg(frozenset)
        result[f"{generation}_codes"] = sets.reindex(said.index).map(
            lambda codes: codes if isinstance(codes, frozenset) else frozenset()
        )
    old = found[found["generation"] == "old"].groupby("row")["name"]
    name = old.first().where(old.nunique() == 1).reindex(said.index)
    result["ancestor"] = result.index.isin(found.loc[found["level"] == _ANCESTOR, "row"])
    result["former"] = name.where(name.notna() & ~result["ancestor"], said["commune_name"])
    coded = said["commune_code"].isin(units["code"].dropna())
    explained = result["old"] | result["new"]
    result["contradictory"] = coded & ~explained
    unread = result.index.isin(found.loc[found["level"] == _UNKNOWN, "row"])
    result["unknown_name"] = said["commune_name"].notna() & (unread | (said["commune_code"].isna() & ~explained))
    return result


def _candidates(said: pd.DataFrame, units: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the communes that each row may mean: of its code, else of its name; those only that fit it best."""
    names = said["commune_name"]
    rows = pd.DataFrame({"row": said.index, "code": said["commune_code"].to_numpy(), "said": names.to_numpy()})
    known = frozenset(units["key"])
    keys: dict[str, tuple[pd.Series, Callable[[str], str]]] = {
        "key": (names, lambda name: _key(name, known)),
        "former": (said["former_commune"], lambda name: _key(name, known)),
        "district": (said["former_district"], district_key),
    }
    for column, (texts, key) in keys.items():
        folded = {text: key(text) for text in texts.dropna().unique()}
        rows[f"{column}_said"] = texts.map(folded).astype("str").to_numpy()
    split = [split_kind(name) if isinstance(name, str) else ("", "") for name in names]
    rows["kind_said"], rows["bare_said"] = [kind for kind, _ in split], [bare for _, bare in split]
    coded, named = rows["code"].notna(), rows["key_said"].notna()
    units = units.reset_index(names="unit")
    old = units[units["generation"] == "old"]
    found = pd.concat([
        rows[coded].merge(units[units["code"].notna()], on="code"),
        rows[~coded & named].drop(columns="code").merge(units, left_on="key_said", right_on="key"),
        rows[~coded & ~named].drop(columns="code").merge(old, left_on="former_said", right_on="key"),
    ])  # fmt: skip
    found = found.reset_index(drop=True)
    links = _links(pairs)
    new = found["generation"] == "new"
    alike = found["key_said"].isna() | (found["key_said"] == found["key"])
    kinds = (found["kind_said"] == found["kind"]) | (found["kind_said"] == "") | (found["kind"] == "")
    same = alike & kinds & (found["key_said"].isna() | (found["bare_said"] == found["bare"]))
    ancestor = new & _linked(found, "code", "key_said", links["new", "name"])
    unknown = ~found["key_said"].isin(units["key"])
    found["level"] = np.select([same, alike, ancestor, unknown], [_SAME, _ALIKE, _ANCESTOR, _UNKNOWN], -1)
    former = ~found["former_said"].isin(old["key"]) | np.where(
        new, _linked(found, "code", "former_said", links["new", "name"]), found["former_said"] == found["key"]
    )
    district = ~found["district_said"].isin(links["old", "district"]["key"]) | np.where(
        new,
        _linked(found, "code", "district_said", links["new", "district"]),
        _linked(found, "code", "district_said", links["old", "district"]),
    )
    found["score"] = 100 * (found["level"] >= _ALIKE) + 10 * (former.astype(int) + district) + found["level"]
    found = found[found["level"] >= 0]
    return found[found["score"] == found.groupby("row")["score"].transform("max")]


def _key(name: str, known: frozenset[str]) -> str:
    """Return the key of a name, without a kind written without accents where that leaves a name that is known."""
    key = commune_key(name)
    rests = [key.removeprefix(kind) for kind in ("xa", "phuong", "thitran") if key.startswith(kind)]
    return next((rest for rest in rests if rest in known), key) if key not in known else key


def _links(pairs: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the names of the forerunners of each commune of today, and the districts of each commune."""
    names, districts = pairs["old_ward"].map(commune_key), pairs["old_district"].dropna().map(district_key)
    return {
        (generation, what): pd.DataFrame({"code": pairs[f"{generation}_code"], "key": keys}).drop_duplicates()
        for generation in ("old", "new")
        for what, keys in (("name", names), ("district", districts))
    }


def _linked(found: pd.DataFrame, code: str, key: str, links: pd.DataFrame) -> pd.Series:
    mine = pd.MultiIndex.from_frame(found[[code, key]])
    return pd.Series(mine.isin(pd.MultiIndex.from_frame(links.dropna())), index=found.index)


def _units(communes: pd.DataFrame, pairs: pd.DataFrame, layer: Generation) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the communes of both generations, and the codes of the commune layer that each stands for."""
    sides = []
    for name in ("old", "new"):
        columns = {f"{name}_code": "code", f"{name}_ward": "name"}
        side = pairs.rename(columns=columns)[["code", "name"]].assign(generation=name).drop_duplicates()
        if name == layer:
            ours = communes[["code", "name"]].assign(generation=name)
            side = pd.concat([ours, side[~side["code"].isin(ours["code"])]])
        sides.append(side)
    units = pd.concat(sides, ignore_index=True)
    units["name"] = units["name"].fillna("")
    units["kind"] = [split_kind(name)[0] for name in units["name"]]
    units["bare"] = [split_kind(name)[1] for name in units["name"]]
    units["key"] = units["name"].map(commune_key)
    other = "old" if layer == "new" else "new"
    means = pairs.rename(columns={f"{other}_code": "code", f"{other}_ward": "name", f"{layer}_code": "target"})
    means = means[["code", "name", "target"]].dropna(subset="target").drop_duplicates()
    theirs = units[units["generation"] == other].reset_index(names="unit").merge(means, on=["code", "name"])
    own = units[units["generation"] == layer].reset_index(names="unit").assign(target=lambda rows: rows["code"])
    targets = pd.concat([theirs[["unit", "target"]], own[["unit", "target"]].dropna()])
    return units, targets
