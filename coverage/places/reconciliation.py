"""The official list held against a run: where the two differ, and why that likely is so. It changes no status."""

from collections.abc import Callable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from coverage.classes import SignalClass, signal_class
from coverage.columns.results import RECONCILIATION, level_column
from coverage.columns.words import ANY, LISTED, OURS, STATUSES
from coverage.places.levels import best_class, not_modelled
from coverage.places.official_matching import Keys, Matches, Names, match
from coverage.result import Agreement, Layers, Reconciliation, Signal
from coverage.study import Study

ASSESSED = STATUSES[:3]
"""From the worst: dead, weak, covered."""
_FAR_KM = 1.0
"""Points of the two lists farther apart than this are of two places."""
_OUTSIDE_M = 300.0
"""A point this far outside its commune is not there because the boundary is drawn roughly."""
_NEAR_DB = 6.0
"""Levels this near to the boundary of a class may lie on either side of it: what a model errs by at single places."""
_PARTLY = ("share_below", "unserved_cluster")
"""Reasons of ours by which a village is weak though its centre has a good signal."""


def reconcile(
    layers: Layers, signal: Signal, villages: gpd.GeoDataFrame, study: Study, *, keys: Callable[[str], Keys]
) -> Reconciliation | None:
    """
    Hold the official list against the statuses of a run.

    Parameters
    ----------
    layers
        With the official list and the communes.
    signal
        Levels on the grid: what holds at the points of the list.
    villages
        As `assess_villages` returns them.
    study
        Definitions, thresholds and the date of the assessment.
    keys
        Name -> the keys by which it is found in another list.

    Returns
    -------
    Reconciliation or None
        The table by commune and name, the matrix of statuses and the shares of agreement; None without such a list.

    References
    ----------
    Order of matching and of reasons: docs/definitions.md. Kappa: J. Cohen, A coefficient of agreement for nominal
    scales, Educational and Psychological Measurement 20 (1960).
    """
    if layers.official is None:
        return None
    official, villages = layers.official.reset_index(drop=True), villages.reset_index(drop=True)
    found = match(_names(official, keys), _names(villages, keys))
    rows = _Rows(official, villages, found)
    listed = _listed(official["status"])
    agree = rows.agree(listed)
    table = pd.DataFrame(
        {
            "village_id": rows.ours["village_id"],
            "name": rows.ours["name"],
            "official_name": rows.theirs["name"],
            "commune_code": rows.either("commune_code"),
            "commune_name": rows.either("commune_name"),
            "match": rows.how,
            "official_status": rows.official_status,
            "our_status": rows.our_status,
            "agree": agree,
            "reason": _reasons(rows, agree, layers, signal, study),
            "perhaps": rows.perhaps(agree),
            "households": rows.ours["households"],
            "official_households": rows.theirs["households"],
            "distance_km": rows.distance_km,
            "note": rows.theirs["note"],
        }
    )
    order = table.assign(name=table["name"].fillna(table["official_name"])).sort_values(
        ["commune_code", "name", "village_id"], kind="stable"
    )
    table = table.loc[order.index, RECONCILIATION.names].reset_index(drop=True)
    said = table["official_status"].where(table["official_status"] != "not_listed", "not dead")
    both = table["match"].isin(["same", "similar", "renamed"])
    known = table["our_status"].isin(ASSESSED)
    return Reconciliation(
        table=table,
        villages=_matrix(table, pd.Series(1, index=table.index)),
        households=_matrix(table, table["households"].fillna(table["official_households"]).fillna(0)),
        listed=listed,
        statuses=_agreement(table[both & known & table["official_status"].isin(ASSESSED)]),
        dead=_agreement(
            table.assign(official_status=said == "dead", our_status=table["our_status"] == "dead")[
                known & said.isin([*ASSESSED, "not dead"])
            ]
        ),
    )


def _names(frame: gpd.GeoDataFrame, keys: Callable[[str], Keys]) -> Names:
    return Names(
        keys=[keys(name) for name in frame["name"]],
        commune=[code if isinstance(code, str) else None for code in frame["commune_code"]],
        former=[keys(name).loose if isinstance(name, str) else None for name in frame["former_commune"]],
        xy=_xy(frame),
        households=frame["households"].to_numpy(dtype=float, na_value=np.nan),
    )


def _xy(frame: gpd.GeoDataFrame) -> NDArray[np.float64]:
    return np.column_stack([shapely.get_x(frame.geometry.to_numpy()), shapely.get_y(frame.geometry.to_numpy())])


def _listed(status: pd.Series) -> tuple[str, ...]:
    """Return the statuses that a list collects: the mildest on it, and all that are worse."""
    places = [ASSESSED.index(one) for one in status.dropna().unique()]
    return ASSESSED[: max(places, default=-1) + 1]


class _Rows:
    """The rows of the comparison: each official village with ours where it was matched, then ours that were not."""

    def __init__(self, official: gpd.GeoDataFrame, villages: gpd.GeoDataFrame, found: Matches) -> None:
        alone = np.setdiff1d(np.arange(len(villages)), found.ours)
        self.listed = np.concatenate([np.arange(len(official)), np.full(len(alone), -1)])
        self.known = np.concatenate([found.ours, alone]).astype(np.int64)
        self.theirs, self.ours = (
            pd.DataFrame(frame.drop(columns="geometry")).reindex(rows).reset_index(drop=True)
            for frame, rows in ((official, self.listed), (villages, self.known))
        )
        undecided = found.ambiguous[alone]
        self.how = np.array([*found.how, *np.where(undecided, "ambiguous", "only_ours")], dtype=object)
        on_list, in_layer = self.listed >= 0, self.known >= 0
        missing = np.where(self.how == "ambiguous", "undecided", np.where(on_list, "not_in_layer", "not_listed"))
        self.official_status = np.where(on_list, self.theirs["status"].fillna("unstated"), missing).astype(object)
        self.our_status = np.where(in_layer, self.ours["status"], missing).astype(object)
        self.theirs_xy, self.ours_xy = _taken(_xy(official), self.listed), _taken(_xy(villages), self.known)
        self.distance_km = np.hypot(*(self.theirs_xy - self.ours_xy).T) / 1000
        self.found, self.official_names, self.our_names = found, official["name"], villages["name"]

    def either(self, column: str) -> pd.Series:
        """Return what the run says of a village, else what the list says."""
        return self.ours[column].astype(object).where(self.known >= 0, self.theirs[column].astype(object))

    def agree(self, listed: Sequence[str]) -> pd.Series:
        """Tell whether the two agree; missing where either says nothing. A village off the list is none of `listed`."""
        assessed = np.isin(self.our_status.astype(str), ASSESSED)
        said = np.isin(self.official_status.astype(str), ASSESSED)
        alike = np.where(
            self.how == "only_ours",
            ~np.isin(self.our_status.astype(str), listed),
            self.official_status == self.our_status,
        )
        comparable = assessed & (said | (self.how == "only_ours"))
        return pd.Series(alike).astype("boolean").where(comparable)

    def perhaps(self, agree: pd.Series) -> list[str | None]:
        """Name the unmatched village of the other list that a row might be."""
        names: list[str | None] = []
        for listed, known, how, alike in zip(self.listed, self.known, self.how, agree, strict=True):
            name = None
            if how == "only_official" and (other := self.found.perhaps_ours[listed]) >= 0:
                name = self.our_names[other]
            elif how == "only_ours" and alike is not pd.NA and not alike:
                name = self.official_names[other] if (other := self.found.perhaps_theirs[known]) >= 0 else None
            names.append(name)
        return names


def _taken(xy: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.vstack([xy, [[np.nan, np.nan]]])[rows]


def _reasons(rows: _Rows, agree: pd.Series, layers: Layers, signal: Signal, study: Study) -> NDArray[np.object_]:
    """Return the likely reason of each difference, the first that holds."""
    differ = agree.eq(False).fillna(False).to_numpy(dtype=bool)
    how, ours, said = rows.how, rows.our_status, rows.official_status
    only_official, only_ours = how == "only_official", (how == "only_ours") & differ
    code = rows.theirs["commune_code"]
    elsewhere = code.notna().to_numpy() & ~code.isin(layers.communes["code"]).to_numpy()
    named = np.array([name is not None for name in rows.perhaps(agree)])
    reason = rows.ours["reason"].astype(object).to_numpy()
    partly = np.isin(reason.astype(str), _PARTLY)
    above_weak_db, above_good_db, only_2g = _margins_db(rows.ours, study)
    of_dead = (ours == "dead") | (said == "dead")
    of_good = ~of_dead & ~partly
    near = (of_dead & (np.abs(above_weak_db) <= _NEAR_DB)) | (of_good & (np.abs(above_good_db) <= _NEAR_DB))
    milder = np.isin(said.astype(str), ["weak", "covered", "not_listed"])
    by_2g = ((ours == "dead") & (reason == "signal_switched_off") & milder) | (
        only_2g & ((said == "dead") | ((said == "weak") & (ours == "covered")))
    )
    words = ((said == "weak") & (ours == "dead")) | ((said == "dead") & (ours == "weak"))
    cases = [
        (only_official & code.isna().to_numpy(), "commune_unknown"),
        (only_official & elsewhere, "other_area"),
        (how == "ambiguous", "same_name"),
        ((rows.listed >= 0) & (ours == "not_assessed"), "not_assessed"),
        ((only_official | only_ours) & named, "renamed"),
        (only_official, "not_in_our_layer"),
        (differ & by_2g, "only_2g"),
        (differ & _wrong_point(rows, differ, layers, signal, study), "wrong_point"),
        (differ & near, "near_threshold"),
        (differ & (words | partly), "other_definition"),
        (differ & np.isin(how.astype(str), ["similar", "renamed"]), "renamed"),
        (differ, "unknown"),
    ]
    found = np.select([case for case, _ in cases], [name for _, name in cases], "").astype(object)
    found[found == ""] = None
    return found


def _margins_db(
    villages: pd.DataFrame, study: Study
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return how far the best level in service lies above weak and above good, dB, and where 2G alone is received."""
    above_weak_db, above_good_db = np.full((2, len(villages)), -np.inf)
    received: dict[str, NDArray[np.bool_]] = {}
    for technology in study.in_service():
        column = level_column(ANY, technology)
        if column not in villages:
            continue
        level_dbm = pd.to_numeric(villages[column]).to_numpy(dtype=float, na_value=np.nan)
        good_dbm, weak_dbm = study.thresholds_dbm(technology)
        above_weak_db = np.fmax(above_weak_db, level_dbm - weak_dbm)
        above_good_db = np.fmax(above_good_db, level_dbm - good_dbm)
        received[technology] = signal_class(level_dbm, technology, study) > SignalClass.NONE
    none = np.zeros(len(villages), dtype=bool)
    others = np.logical_or.reduce([none, *(heard for name, heard in received.items() if name != "2g")])
    return above_weak_db, above_good_db, received.get("2g", none) & ~others


def _wrong_point(
    rows: _Rows, differ: NDArray[np.bool_], layers: Layers, signal: Signal, study: Study
) -> NDArray[np.bool_]:
    """Tell where the point of a village is suspect: flagged, out of its commune, or unlike the one on the list."""
    flagged = rows.ours["to_verify"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    x, y = rows.theirs_xy[:, 0], rows.theirs_xy[:, 1]
    there = np.isfinite(x)
    there[there] &= ~not_modelled(signal, layers.terrain_m, x[there], y[there], study.in_service())
    level = np.array(ASSESSED, dtype=object)[best_class(signal, x, y, study.in_service(), study)]
    as_listed = there & (rows.known >= 0) & (level == rows.official_status)
    suspect: NDArray[np.bool_] = flagged | (rows.distance_km > _FAR_KM) | as_listed
    return suspect | _outside(rows, differ, layers.communes)


def _outside(rows: _Rows, differ: NDArray[np.bool_], communes: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell where a village of ours lies outside the commune that it is declared in."""
    twice = communes["code"].duplicated().any()
    shapes = (communes.dissolve("code") if twice else communes.set_index("code")).geometry
    asked = np.flatnonzero(differ & np.isfinite(rows.ours_xy[:, 0]))
    areas = shapes.reindex(rows.ours["commune_code"].iloc[asked]).to_numpy()
    outside = np.zeros(len(differ), dtype=bool)
    outside[asked] = shapely.distance(shapely.points(rows.ours_xy[asked]), areas) > _OUTSIDE_M
    return outside


def _matrix(table: pd.DataFrame, weight: pd.Series) -> pd.DataFrame:
    """Sum up by what the list says and what the run says."""
    sums = weight.astype("int64").groupby([table["official_status"], table["our_status"]]).sum().unstack(fill_value=0)
    return sums.reindex(index=LISTED, columns=OURS, fill_value=0).rename_axis(index=None, columns=None)


def _agreement(rows: pd.DataFrame) -> Agreement:
    """Return how far two judgements agree; kappa is (p - e) / (1 - e), e being what chance alone would give."""
    total = len(rows)
    alike = int((rows["official_status"] == rows["our_status"]).sum())
    if not total:
        return Agreement(0, 0, float("nan"))
    shares = [rows[column].value_counts(normalize=True) for column in ("official_status", "our_status")]
    chance = float(shares[0].mul(shares[1], fill_value=0.0).sum())
    return Agreement(total, alike, float("nan") if chance >= 1 else (alike / total - chance) / (1 - chance))
