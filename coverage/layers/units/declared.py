"""Which commune a row means: its code and name are those of before 1 July 2025, of since then, or of both."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from coverage.layers.draft import Draft
from coverage.layers.units.crosswalk import CHANGED, Crosswalk, commune_key
from coverage.layers.units.fit import SAID, Generation, fits

_OLD_SHARE = 0.2
"""
A table is of before July 2025 where at least this share of its rows fits nothing else: 62 % of the communes of Sơn La
and 65 % of those of Điện Biên had a code that ended, so that fewer are strays in a table of today.
"""
_STRAY_SHARE = 0.05
"""A table in which more rows than this speak for the other generation is mixed: it decides nothing by itself."""


@dataclass(frozen=True)
class Declared:
    """What each row of a table says of its commune, in codes of the commune layer; the index is the table's."""

    options: pd.Series
    """Set of the codes that a row may mean; empty where it names no commune that is known."""
    code: pd.Series
    """The one code that it means: by the point where several are possible, and missing where that decides nothing."""
    moved: pd.Series
    """Mask of rows that name a commune of the other generation than the commune layer's."""
    former: pd.Series
    """Name of the commune of before 1 July 2025 that a row names; missing where it names one of today."""
    contradictory: pd.Series
    """Mask of rows whose code and name are of different communes, before and since."""
    unknown_name: pd.Series
    """Mask of rows whose name is that of no commune, before or since."""
    doubtful: pd.Series
    """Mask of rows that mean two communes in two generations, in a table that shows no sign of either."""
    layer: Generation
    """Generation of the commune layer."""


def layer_generation(communes: pd.DataFrame, crosswalk: Crosswalk) -> tuple[Generation, pd.Series]:
    """Return the generation of the `code` and `name` of communes, and a mask of rows that only the other one has."""
    pairs = crosswalk.around(communes["code"])
    today = set(zip(pairs["new_code"], pairs["new_ward"].map(commune_key), strict=True))
    if today.issuperset(zip(communes["code"], communes["name"].fillna("").map(commune_key), strict=True)):
        return "new", pd.Series(False, index=communes.index)
    nothing = communes.iloc[:0]
    said = communes[["code", "name"]].rename(columns={"code": "commune_code", "name": "commune_name"})
    fit = fits(said.reindex(columns=SAID).astype("str"), nothing, pairs, "new")
    old, new = (fit[name] & ~fit[other] & ~fit["unknown_name"] for name, other in (("old", "new"), ("new", "old")))
    generation = _majority(int(old.sum()), int(new.sum()), int((fit["old"] | fit["new"]).sum()))
    return generation, (new if generation == "old" else old)


def declared(
    frame: pd.DataFrame, communes: pd.DataFrame, crosswalk: Crosswalk, *, located: pd.Series | None = None
) -> Declared:
    """
    Read the communes that the rows of a table declare.

    Parameters
    ----------
    frame
        With what there is of `commune_code`, `commune_name`, `former_commune` and `former_district`.
    communes
        The commune layer, with `code` and `name`.
    crosswalk
        Communes before and since 1 July 2025.
    located
        Code of the commune in which the point of each row lies, missing where there is none; helps to tell the
        generation of the table.
    """
    layer, _ = layer_generation(communes, crosswalk)
    other: Generation = "old" if layer == "new" else "new"
    pairs = crosswalk.around(communes["code"])
    said = frame.reindex(columns=SAID).astype("str")
    number = said.groupby(SAID, dropna=False, sort=False).ngroup()
    unique = said[~number.duplicated()].reset_index(drop=True)
    fit = fits(unique, communes, pairs, layer)
    both = fit["old"] & fit["new"]
    differ = both & (fit["old_codes"] != fit["new_codes"])
    votes = _votes(fit, differ, number, located)
    known = int((fit["old"] | fit["new"])[number].sum())
    undecided = not any(votes.values())
    table = layer if undecided else _majority(votes["old"], votes["new"], known)
    mixed = votes["new" if table == "old" else "old"] > _STRAY_SHARE * known
    moved = fit[other] & (~fit[layer] | (table == other))
    ours = _by_row(fit[f"{layer}_codes"], number)
    options = fit[f"{other}_codes"].where(moved, fit[f"{layer}_codes"])
    if mixed or undecided:
        options = options.where(~differ, _union(fit["old_codes"], fit["new_codes"]))
    options, moved, differ = (_by_row(column, number) for column in (options, moved, differ))
    code = _one(options, located)
    doubtful = differ & code.isna() & undecided
    code = code.where(~doubtful, _one(ours, located))
    if mixed:
        kept = pd.Series([one in codes for one, codes in zip(code, ours, strict=True)], index=code.index)
        moved = moved.where(~differ | code.isna(), ~kept)
    former = _by_row(fit["former"], number)
    if layer == "new":
        former = former.where(moved | _by_row(fit["ancestor"], number))
    return Declared(
        options=options,
        code=code,
        moved=moved,
        former=former,
        contradictory=_by_row(fit["contradictory"], number),
        unknown_name=_by_row(fit["unknown_name"], number),
        doubtful=doubtful,
        layer=layer,
    )


def declared_polygons(frame: pd.DataFrame, communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> gpd.GeoSeries:
    """
    Return the area in which each row says it lies, before anything is known of its point.

    Parameters
    ----------
    frame
        As for `declared`; a geometry is not looked at.
    communes
        With `code`, `name` and polygons.
    crosswalk
        Communes before and since 1 July 2025.

    Returns
    -------
    GeoSeries
        In the CRS of `communes`: the commune, or all that a row may mean as one area; None where it names none.
    """
    shapes = communes.dissolve("code").geometry if communes["code"].duplicated().any() else communes.set_index("code")
    polygons = shapes.geometry.to_dict()
    options = declared(frame, communes, crosswalk).options
    areas: dict[frozenset[str], shapely.Geometry | None] = {}
    for codes in options.drop_duplicates():
        parts = [polygons[code] for code in sorted(codes) if code in polygons]
        areas[codes] = None if not parts else parts[0] if len(parts) == 1 else shapely.union_all(parts)
    return gpd.GeoSeries(list(options.map(areas.get)), index=frame.index, crs=communes.crs)


def check_generation(draft: Draft, crosswalk: Crosswalk) -> None:
    """Note communes of before 1 July 2025 in the commune layer, or of since then among those of before."""
    usable = draft.frame["code"].notna() & draft.frame["name"].notna()
    generation, strays = layer_generation(pd.DataFrame(draft.frame[usable]), crosswalk)
    if generation == "old":
        draft.report_file(
            f"communes of before {CHANGED}",
            "those since then",
            "Supply today's communes; until then results are by the old ones, and villages are placed in them.",
            fatal=False,
            kind="old_communes",
        )
    since = "since" if generation == "old" else "before"
    draft.report(
        strays.reindex(draft.frame.index, fill_value=False),
        lambda row: f"commune {row['code']} {row['name']} is one of {since} {CHANGED}, among others that are not",
        "communes of one date",
        "Correct its code and name.",
        fatal=False,
        kind="commune_of_another_date",
    )


def _majority(old: int, new: int, known: int) -> Generation:
    return "old" if old > new and old >= _OLD_SHARE * known else "new"


def _votes(fit: pd.DataFrame, differ: pd.Series, number: pd.Series, located: pd.Series | None) -> dict[Generation, int]:
    """Count the rows that only one generation explains: by what they say, else by where their point lies."""
    old, new = ((fit[name] & ~fit[rest])[number].sum() for name, rest in (("old", "new"), ("new", "old")))
    votes: dict[Generation, int] = {"old": int(old), "new": int(new)}
    if located is None or not differ.any():
        return votes
    rows = pd.DataFrame({"number": number.to_numpy(), "code": located.to_numpy()}).dropna()
    rows = rows[differ[rows["number"]].to_numpy()].value_counts().reset_index()
    for name, rest in (("old", "new"), ("new", "old")):
        mine, theirs = (fit[f"{side}_codes"][rows["number"]] for side in (name, rest))
        tells = [
            code in codes and code not in others for code, codes, others in zip(rows["code"], mine, theirs, strict=True)
        ]
        votes["old" if name == "old" else "new"] += int(rows["count"][tells].sum())
    return votes


def _by_row(column: pd.Series, number: pd.Series) -> pd.Series:
    return column[number].set_axis(number.index)


def _union(first: pd.Series, second: pd.Series) -> pd.Series:
    return pd.Series([a | b for a, b in zip(first, second, strict=True)], index=first.index, dtype=object)


def _one(options: pd.Series, located: pd.Series | None) -> pd.Series:
    """Return the code where only one is possible, else the one in which the point lies, if it is among them."""
    points = pd.Series(None, index=options.index, dtype="str") if located is None else located
    codes = [
        next(iter(codes)) if len(codes) == 1 else point if point in codes else None
        for codes, point in zip(options, points, strict=True)
    ]
    return pd.Series(codes, index=options.index, dtype="str")
