"""What a partner may see of a result: its own sites, and sensitive ones only roughly."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.columns import ANY, TECHNOLOGIES, level_column
from coverage.errors import OutputError
from coverage.result import Pair, Raster, Result


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
        The same for `full`. For `partner`: without the cells, fiber, signal and levels of other operators (the level of
        the best of all stays, but not what tells of its cells); without distances to the nearest site, from which a
        site could be located; sensitive sites moved to the nearest multiple of `redaction_m`; without proposals at
        masts of others, and with planned fiber cut back to `redaction_m` from whatever is hidden, so that its ends do
        not point there.

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
    sensitive_ids = set(own.loc[own["sensitive"].fillna(False).astype(bool), "site_id"].astype(str))
    layers = replace(
        result.layers,
        cells=_rounded(own, own["site_id"].isin(sensitive_ids), settings.redaction_m),
        fiber_routes=_of(result.layers.fiber_routes, operator),
        fiber_nodes=_of(result.layers.fiber_nodes, operator),
    )
    hidden = cells[cells["site_id"].astype(str).isin(hidden_ids | sensitive_ids)].geometry
    if result.layers.fiber_nodes is not None:
        hidden = pd.concat([hidden, result.layers.fiber_nodes[~_is(result.layers.fiber_nodes, operator)].geometry])
    plan = result.fiber_plan.copy()
    plan[plan.geometry.name] = plan.geometry.difference(
        hidden.drop_duplicates().buffer(settings.redaction_m).union_all()
    )
    ranked = result.ranked_sites
    ranked = ranked[~ranked["site_id"].astype(str).isin(hidden_ids)]
    ranked = _rounded(ranked, ranked["site_id"].isin(sensitive_ids), settings.redaction_m)
    secret = hidden_ids | sensitive_ids
    said = ranked["reason"].map(lambda text: isinstance(text, str) and any(name in text for name in secret))
    ranked["reason"] = ranked["reason"].mask(said.astype(bool))
    others = [name for name in result.signal.operators if name != operator]
    dropped = [level_column(name, technology) for name in others for technology in TECHNOLOGIES]
    villages = result.villages.drop(columns=dropped, errors="ignore").assign(nearest_site_km=np.nan)
    signal = result.signal
    return replace(
        result,
        layers=layers,
        signal=replace(
            signal,
            levels=_of_operators(signal.levels, ANY, operator),
            seconds=_of_operators(signal.seconds, operator),
            overlaps=_of_operators(signal.overlaps, operator),
            servers={},  # rows of a layer that is cut down here; and around a server lies its site, were it sensitive
            operators=(operator,),
            problems=(),
        ),
        villages=villages,
        ranked_sites=ranked,
        fiber_plan=plan,
    )


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
