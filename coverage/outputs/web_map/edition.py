"""What a partner may see of a result: its own sites, and sensitive ones only roughly."""

from collections.abc import Mapping, Set
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from coverage.columns.results import level_column
from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.errors import OutputError
from coverage.result import Pair, Raster, Result

_DISTANCES = ("nearest_site_km", "fiber_km", "route_passes")
"""Of a village: circles around several of them meet where a mast or a route lies."""


def for_edition(result: Result) -> Result:
    """
    Return the result as the study's edition of the map may show it.

    Parameters
    ----------
    result
        A finished run.

    Returns
    -------
    Result
        The same for `full`. For `partner`: without the cells, fiber, signal, levels, statuses and indicators of other
        operators (the level of the best of all stays, but not what tells of its cells); without distances to the
        nearest site and fiber, from which these could be located; sensitive sites moved to the nearest multiple of
        `redaction_m`; without proposals at masts of others, and of the other proposals without whom they help, and
        without the backhaul that passes or ends at what is hidden; planned fiber without the hidden sites that it
        would feed, and cut back to `redaction_m` from whatever is hidden, so that its ends do not point there.

    Raises
    ------
    OutputError
        No operator of the study has the partner's name.
    """
    settings = result.study.map
    if settings.edition == "full":
        return result
    cells = result.layers.cells
    operator = _spelling(str(settings.operator), [*result.signal.operators, *cells["operator"].dropna().unique()])
    own = cells[_is(cells, operator)]
    hidden_ids = set(cells["site_id"].astype(str)) - set(own["site_id"].astype(str))
    sensitive = set(cells.loc[cells["sensitive"].fillna(False).astype(bool), "site_id"].astype(str))
    sensitive_ids = sensitive - hidden_ids  # whoever's cell says so: the mast is one
    routes, nodes = result.layers.fiber_routes, result.layers.fiber_nodes
    layers = replace(
        result.layers,
        cells=_rounded(own, own["site_id"].isin(sensitive_ids), settings.redaction_m),
        fiber_routes=_of(routes, operator),
        fiber_nodes=_of(nodes, operator),
        files=(),
        readings=(),
        problems=(),
    )
    hidden = pd.concat(
        [
            cells[cells["site_id"].astype(str).isin(hidden_ids | sensitive_ids)].geometry,
            *(frame[~_is(frame, operator)].geometry for frame in (routes, nodes) if frame is not None),
        ]
    )
    ranked = result.ranked_sites[~result.ranked_sites["site_id"].astype(str).isin(hidden_ids)]
    ranked = _rounded(ranked, ranked["site_id"].isin(sensitive_ids), settings.redaction_m)
    others = [name for name in result.signal.operators if name != operator]
    shown_ids = {
        *own["site_id"].astype(str),
        *_ids(layers.fiber_routes, "route_id"),
        *_ids(layers.fiber_nodes, "node_id"),
    } - sensitive_ids
    dropped = [level_column(name, technology) for name in others for technology in TECHNOLOGIES]
    signal = result.signal
    return replace(
        result,
        layers=layers,
        signal=replace(
            signal,
            levels=_of_operators(signal.levels, ANY, operator),
            classes=_of_operators(signal.classes, ANY, operator),
            seconds=_of_operators(signal.seconds, operator),
            overlaps=_of_operators(signal.overlaps, operator),
            servers={},  # rows of a layer that is cut down here; and around a server lies its site, were it sensitive
            operators=(operator,),
            problems=(),
        ),
        villages=_masked(result.villages.drop(columns=dropped, errors="ignore"), *_DISTANCES),
        village_statuses=_not_of(result.village_statuses, others),
        indicators=_not_of(result.indicators, others),
        ranked_sites=_discreet(ranked, shown_ids, {*hidden_ids, *sensitive_ids, *others}),
        fiber_plan=_cut_back(
            _feeding(result.fiber_plan, set(ranked["site_id"].astype(str)) - sensitive_ids),
            hidden,
            settings.redaction_m,
        ),
    )


def _masked(frame: gpd.GeoDataFrame, *columns: str, where: pd.Series | bool = True) -> gpd.GeoDataFrame:
    """Empty columns, where a frame has them, in some rows."""
    frame = frame.copy()
    for name in columns:
        if name in frame:
            frame[name] = frame[name].mask(pd.Series(where, index=frame.index).astype(bool))
    return frame


def _not_of(table: pd.DataFrame, operators: list[str]) -> pd.DataFrame:
    return table[~table["operator"].isin(operators)] if "operator" in table else table


def _discreet(ranked: gpd.GeoDataFrame, shown: Set[str], secret: Set[str]) -> gpd.GeoDataFrame:
    """Leave out whom proposals help, and the backhaul of those that pass or end at anything but what is shown."""
    none = pd.Series(index=ranked.index, dtype=object)

    def tells(via: object, reason: object) -> bool:
        way = {part.strip() for part in via.split(";")} if isinstance(via, str) else set()
        said = reason.casefold() if isinstance(reason, str) else ""
        return not way <= shown or any(name.casefold() in said for name in secret)

    telling = [tells(*row) for row in zip(ranked.get("via", none), ranked.get("reason", none), strict=True)]
    ranked = _masked(ranked, "reason", "via", "backhaul_km", where=pd.Series(telling, index=ranked.index))
    return _masked(ranked, "operators")


def _feeding(plan: gpd.GeoDataFrame, shown: Set[str]) -> gpd.GeoDataFrame:
    """Leave out the sites that planned fiber would feed, but for those that are shown."""
    if "feeds_sites" not in plan:
        return plan
    fed = [text.split("; ") if isinstance(text, str) else [] for text in plan["feeds_sites"]]
    return plan.assign(feeds_sites=["; ".join(one for one in ids if one in shown) for ids in fed])


def _cut_back(plan: gpd.GeoDataFrame, hidden: gpd.GeoSeries, redaction_m: float) -> gpd.GeoDataFrame:
    """Take from lines whatever comes nearer to something hidden."""
    known = hidden[hidden.notna() & ~hidden.is_empty].to_numpy()
    line, near = shapely.STRtree(known).query(plan.geometry.to_numpy(), predicate="dwithin", distance=redaction_m)
    kept = plan.geometry.to_numpy().copy()
    for row in np.unique(line):
        kept[row] = kept[row].difference(shapely.union_all(shapely.buffer(known[near[line == row]], redaction_m)))
    return plan.set_geometry(gpd.GeoSeries(kept, index=plan.index, crs=plan.crs))


def _ids(frame: gpd.GeoDataFrame | None, column: str) -> list[str]:
    return [] if frame is None else frame[column].dropna().astype(str).tolist()


def _spelling(asked: str, known: list[str]) -> str:
    for name in known:
        if name.casefold() == asked.casefold():
            return name
    there = ", ".join(sorted(set(known))) or "none"
    raise OutputError(f"map.operator = {asked!r} is not among the study's operators; one of {there} is expected.")


def _is(frame: pd.DataFrame, operator: str) -> pd.Series:
    return frame["operator"].fillna("").astype(str).str.casefold() == operator.casefold()


def _of(frame: gpd.GeoDataFrame | None, operator: str) -> gpd.GeoDataFrame | None:
    return None if frame is None else frame[_is(frame, operator)]


def _of_operators(rasters: Mapping[Pair, Raster], *operators: str) -> dict[Pair, Raster]:
    return {pair: raster for pair, raster in rasters.items() if pair[0] in operators}


def _rounded(frame: gpd.GeoDataFrame, where: pd.Series, step_m: float) -> gpd.GeoDataFrame:
    """Move points of some rows to the nearest multiple of `step_m` in the frame's CRS, `lon` and `lat` with them."""
    frame = frame.copy()
    chosen = where.to_numpy(dtype=bool)
    if not chosen.any():
        return frame
    points = frame.geometry[chosen]
    moved = gpd.points_from_xy(
        np.round(points.x / step_m) * step_m, np.round(points.y / step_m) * step_m, crs=frame.crs
    )
    frame.loc[chosen, frame.geometry.name] = moved
    degrees = gpd.GeoSeries(moved).to_crs(4326)
    frame.loc[chosen, "lon"], frame.loc[chosen, "lat"] = degrees.x.to_numpy(), degrees.y.to_numpy()
    return frame
