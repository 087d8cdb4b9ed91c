"""Indicators: the shares and counts that a province publishes, each with numerator and denominator."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from coverage.classes import SignalClass, signal_class
from coverage.columns import ANY, INDICATORS, TECHNOLOGIES, level_column
from coverage.result import Layers, Signal
from coverage.study import Study


@dataclass(frozen=True)
class _Row:
    indicator: str
    numerator: float
    denominator: float | None = None
    technology: str = ""
    operator: str = ANY


def indicators(
    layers: Layers, signal: Signal, villages: gpd.GeoDataFrame, communes: gpd.GeoDataFrame, study: Study
) -> pd.DataFrame:
    """
    Compute the indicators of the province, and those of villages for every commune.

    Parameters
    ----------
    layers
        Cells and fiber, for the counts of positions, stations and routes.
    signal
        For its operators.
    villages, communes
        As assessed.
    study
        Definitions and technologies in service.

    Returns
    -------
    DataFrame
        Columns of `columns.INDICATORS`. `area` is the province's name or a commune's code; `percent` is empty for
        plain counts. Only villages that were assessed are counted.

    References
    ----------
    The counting rules of docs/definitions.md.
    """
    province = study.study.province or study.study.name
    rows = [(province, row) for row in _of_villages(villages, signal.operators, study)]
    rows += [(province, row) for row in (*_of_centres(communes), *_of_stations(layers.cells), *_of_fiber(layers))]
    by_commune = dict(tuple(villages.groupby("commune_code", sort=False)))
    for code in communes["commune_code"]:
        rows += [(code, row) for row in _of_villages(by_commune.get(code, villages.iloc[:0]), (), study)]
    return pd.DataFrame(
        [
            (
                row.indicator,
                area,
                row.technology or pd.NA,
                row.operator,
                row.numerator,
                row.denominator,
                100 * row.numerator / row.denominator if row.denominator else None,
                study.definition_id,
            )
            for area, row in rows
        ],
        columns=INDICATORS.names,
    ).astype({"numerator": float, "denominator": float, "percent": float})


def _of_villages(villages: gpd.GeoDataFrame, operators: Iterable[str], study: Study) -> Iterator[_Row]:
    """Yield the shares of assessed villages, and of their households."""
    assessed = villages[villages["status"] != "not_assessed"]
    n = len(assessed)
    headline = "+".join(study.in_service())
    dead = assessed["status"] == "dead"
    weak = assessed["status"] == "weak"
    yield _Row("villages", len(villages))
    yield _Row("villages_assessed", n, len(villages))
    yield _Row("villages_with_signal", n - dead.sum(), n, headline)
    yield _Row("villages_covered", (assessed["status"] == "covered").sum(), n, headline)
    yield _Row("villages_dead", dead.sum(), n, headline)
    yield _Row("villages_weak", weak.sum(), n - dead.sum(), headline)
    for operator in (ANY, *operators):
        has = {
            technology: signal_class(assessed[level_column(operator, technology)], technology, study)
            >= SignalClass.WEAK
            for technology in TECHNOLOGIES
        }
        for technology in TECHNOLOGIES:
            yield _Row("villages_with_technology", has[technology].sum(), n, technology, operator)
        yield _Row("villages_with_technology", (has["3g"] | has["4g"]).sum(), n, "3g/4g", operator)

    households = assessed["households"].fillna(0)
    yield _Row("households_with_signal", assessed["households_covered"].fillna(0).sum(), households.sum(), headline)
    power = assessed["has_power"]
    yield _Row("villages_with_power", (power == True).sum(), power.notna().sum())  # noqa: E712 - NA is neither
    yield _Row("villages_dead_with_power", (dead & (power == True).fillna(False)).sum(), dead.sum(), headline)  # noqa: E712
    reached = villages[villages["fiber"] != "not_assessed"]
    served = reached["fiber"] == "served"
    yield _Row("villages_with_fiber", served.sum(), len(reached))
    yield _Row("villages_near_fiber", (reached["fiber"] == "near").sum(), len(reached))
    households = reached["households"].fillna(0)
    yield _Row("households_with_fiber", households[served].sum(), households.sum())


def _of_centres(communes: gpd.GeoDataFrame) -> Iterator[_Row]:
    """Yield the shares of commune centres."""
    centre = communes["centre_4g"].dropna()
    yield _Row("commune_centres_with_good_4g", centre.sum(), len(centre), "4g")
    fiber = communes["centre_fiber"][communes["centre_fiber"] != "not_assessed"]
    yield _Row("commune_centres_with_fiber", (fiber == "served").sum(), len(fiber))


def _of_stations(cells: gpd.GeoDataFrame) -> Iterator[_Row]:
    """Yield positions (one per site) and stations (one per site, operator and technology)."""
    yield _Row("positions", cells["site_id"].nunique())
    for operator, theirs in cells.groupby("operator"):
        yield _Row("positions", theirs["site_id"].nunique(), operator=operator)
    stations = cells.drop_duplicates(["site_id", "operator", "technology"])
    yield _Row("stations", len(stations))
    for technology, those in stations.groupby("technology"):
        yield _Row("stations", len(those), technology=technology)
    for (operator, technology), those in stations.groupby(["operator", "technology"]):
        yield _Row("stations", len(those), technology=technology, operator=operator)


def _of_fiber(layers: Layers) -> Iterator[_Row]:
    """Yield routes and kilometres; the length is measured where the layer states none."""
    routes = layers.fiber_routes
    if routes is None:
        return
    measured = pd.Series(shapely.length(routes.geometry.to_numpy()) / 1000, index=routes.index)
    length_km = routes["length_km"].fillna(measured)
    yield _Row("fiber_routes", len(routes))
    yield _Row("fiber_km", round(float(length_km.sum()), 3))
    for operator, theirs in routes.groupby("operator"):
        yield _Row("fiber_routes", len(theirs), operator=operator)
        yield _Row("fiber_km", round(float(length_km[theirs.index].sum()), 3), operator=operator)
