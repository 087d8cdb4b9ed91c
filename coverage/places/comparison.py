"""What became of villages, communes and operators between two finished runs, each judged by its own settings."""

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.classes import signal_class
from coverage.columns.changes import COMMUNE_CHANGES, OPERATOR_CHANGES, VILLAGE_CHANGES, class_columns
from coverage.columns.results import level_column
from coverage.columns.words import ANY, CHANGES, SIGNAL_CLASSES, TECHNOLOGIES
from coverage.places.run_matching import match_villages, nearest_successor
from coverage.result import Comparison, Finished

_ORDER = {"dead": 0, "weak": 1, "covered": 2}


def compare(old: Finished, new: Finished, successors: pd.DataFrame) -> Comparison:
    """
    Hold two finished runs against each other.

    Parameters
    ----------
    old, new
        The earlier and the later run.
    successors
        `old_code`, `new_code`: communes of `old` and those of `new` that they became, the main one first.

    Returns
    -------
    Comparison
        Every village of either run once; sums of communes and operators are exactly those over the villages.

    References
    ----------
    docs/definitions.md, "Comparing two runs".
    """
    operators = sorted({*_operators(new), *_operators(old)}, key=lambda name: (name == ANY, name))
    villages = _village_changes(old, new, successors, operators)
    return Comparison(
        old=old,
        new=new,
        villages=villages,
        communes=_commune_changes(villages, old, new, successors),
        operators=_operator_changes(villages, operators),
    )


def _village_changes(old: Finished, new: Finished, successors: pd.DataFrame, operators: list[str]) -> gpd.GeoDataFrame:
    found = match_villages(old.villages, new.villages, successors)
    before = old.villages.reset_index(drop=True).reindex(found["old"]).reset_index(drop=True)
    now = new.villages.reset_index(drop=True).reindex(found["new"]).reset_index(drop=True)
    gone = found["match"] == "vanished"
    compared = ~gone & (found["match"] != "appeared")
    commune = now[["commune_code", "commune_name"]].copy()
    names = new.communes.set_index("commune_code")["commune_name"]
    codes = nearest_successor(before[gone], new.villages, successors)
    commune.loc[gone, "commune_code"] = codes
    commune.loc[gone, "commune_name"] = codes.map(names)
    covered_old, covered_new = before["households_covered"], now["households_covered"]
    comparable = compared & (before["status"] != "not_assessed") & (now["status"] != "not_assessed")
    table = {
        "village_id": now["village_id"],
        "old_village_id": before["village_id"],
        "name": now["name"].where(~gone, before["name"]),
        "old_name": before["name"],
        **commune,
        "old_commune_code": before["commune_code"],
        "old_commune_name": before["commune_name"],
        "lon": now["lon"].where(~gone, before["lon"]),
        "lat": now["lat"].where(~gone, before["lat"]),
        "moved_m": found["moved_m"],
        "match": found["match"],
        "status_old": before["status"],
        "status_new": now["status"],
        "change": _change(found["match"], before["status"], now["status"]),
        "reason_old": before["reason"],
        "reason_new": now["reason"],
        "households_old": before["households"],
        "households": now["households"],
        "households_covered_old": covered_old,
        "households_covered_new": covered_new,
        "households_gained": (covered_new - covered_old).where(comparable),
    }
    classes = {
        column: _classes(villages, run, operator)
        for operator in operators
        for column, villages, run in zip(class_columns(operator), (before, now), (old, new), strict=True)
    }
    points = now.geometry.where(~gone, before.geometry)
    return gpd.GeoDataFrame({**{name: table[name] for name in VILLAGE_CHANGES.names}, **classes}, geometry=points)


def _change(match: pd.Series, status_old: pd.Series, status_new: pd.Series) -> np.ndarray:
    """Name what became of each village; the first that holds."""
    before, now = status_old.map(_ORDER), status_new.map(_ORDER)
    cases = {
        "appeared": match == "appeared",
        "vanished": match == "vanished",
        "not_comparable": before.isna() | now.isna(),
        "newly_covered": (status_new == "covered") & (before < now),
        "newly_dead": (status_new == "dead") & (before > now),
        "better": before < now,
        "worse": before > now,
    }
    return np.select([case.to_numpy(dtype=bool) for case in cases.values()], list(cases), "unchanged")


def _operators(run: Finished) -> list[str]:
    """Return the operators of which a run has levels."""
    ends = tuple(level_column("", technology) for technology in TECHNOLOGIES)
    columns = [str(name) for name in run.villages if str(name).endswith(ends)]
    return list(dict.fromkeys(name[: -len(ends[0])] for name in columns))


def _classes(villages: gpd.GeoDataFrame, run: Finished, operator: str) -> pd.Series:
    """Return the best class at the centre over the technologies that counted; missing where it was not assessed."""
    best = np.zeros(len(villages), dtype=np.int8)
    there = [name for name in run.in_service if level_column(operator, name) in villages]
    for technology in there:
        level_dbm = villages[level_column(operator, technology)]
        best = np.maximum(best, signal_class(level_dbm, technology, run.study))
    words = pd.Series(np.array(SIGNAL_CLASSES, dtype=object)[best], index=villages.index)
    assessed = villages["status"].notna() & (villages["status"] != "not_assessed")
    return words.where(assessed & bool(there)).astype("str")


def _commune_changes(
    villages: gpd.GeoDataFrame, old: Finished, new: Finished, successors: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Sum villages up by commune of now; a last row without a code holds those that lie in none of them."""
    codes = new.communes["commune_code"]
    place = pd.Index(codes).get_indexer(villages["commune_code"])
    rows = len(codes) + int((place < 0).any())
    place = np.where(place < 0, len(codes), place)

    def count(condition: pd.Series) -> np.ndarray:
        return np.bincount(place[condition.to_numpy(dtype=bool)], minlength=rows)

    comparable = villages["households_gained"].notna().to_numpy()

    def total(column: str) -> np.ndarray:
        values = villages[column].to_numpy(dtype=float, na_value=0.0)[comparable]
        return np.bincount(place[comparable], values, rows).astype(np.int64)

    table = new.communes[["commune_code", "commune_name", "geometry"]].reset_index(drop=True).reindex(range(rows))
    table["old_communes"] = table["commune_code"].map(_forerunners(old, new, successors))
    table["villages"] = count(villages["match"] != "vanished")
    for change in CHANGES:
        table[change] = count(villages["change"] == change)
    table["renamed"] = count(villages["match"] == "renamed")
    for column in ("households_covered_old", "households_covered_new", "households_gained"):
        table[column] = total(column)
    return gpd.GeoDataFrame(table[[*COMMUNE_CHANGES.names, "geometry"]], crs=new.communes.crs)


def _forerunners(old: Finished, new: Finished, successors: pd.DataFrame) -> dict[str, str]:
    """Return, for communes of now that were not the same before, the names of those before."""
    before = old.communes.set_index("commune_code")["commune_name"]
    names = successors["old_code"].map(before).groupby(successors["new_code"]).agg(lambda group: sorted(set(group)))
    now = new.communes.set_index("commune_code")["commune_name"]
    return {str(code): "; ".join(those) for code, those in names.items() if those != [now[code]]}


def _operator_changes(villages: gpd.GeoDataFrame, operators: list[str]) -> pd.DataFrame:
    """Count, per operator, the villages whose centre gained or lost its signal, with all their households."""
    rows = []
    for operator in operators:
        before, now = (villages[column] for column in class_columns(operator))
        both = before.notna() & now.notna() & ~villages["change"].isin(["appeared", "vanished"])
        had, has = both & (before != SIGNAL_CLASSES[0]), both & (now != SIGNAL_CLASSES[0])
        gained, lost = has & ~had, had & ~has
        households = villages["households"].fillna(0)
        rows.append((operator, both.sum(), had.sum(), has.sum(), gained.sum(), lost.sum(),
                     households[gained].sum(), households[lost].sum()))  # fmt: skip
    return pd.DataFrame(rows, columns=OPERATOR_CHANGES.names)
