"""What is counted for the indicators: over villages, commune centres, stations and fiber, whatever area they lie in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from coverage.classes import SignalClass, signal_class
from coverage.columns.results import level_column
from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.result import Layers
from coverage.study import Study


@dataclass(frozen=True)
class Count:
    """One indicator over some things; summed over those of an area it is the indicator of that area."""

    indicator: str
    part: ArrayLike
    """[things] what each adds to the numerator."""
    whole: ArrayLike | None = None
    """[things] what each adds to the denominator; None for plain counts."""
    technology: str = ""
    operator: str = ANY


def of_villages(villages: gpd.GeoDataFrame, operators: Iterable[str], study: Study) -> Iterator[Count]:
    """Yield the shares of assessed villages, and of their households; things are the villages."""
    status = villages["status"].to_numpy()
    assessed = status != "not_assessed"
    dead, weak = status == "dead", status == "weak"
    headline = "+".join(study.in_service())
    yield Count("villages", np.ones(len(villages)))
    yield Count("villages_assessed", assessed, np.ones(len(villages)))
    yield Count("villages_with_signal", assessed & ~dead, assessed, headline)
    yield Count("villages_covered", status == "covered", assessed, headline)
    yield Count("villages_dead", dead, assessed, headline)
    yield Count("villages_weak", weak, assessed & ~dead, headline)
    for operator in (ANY, *operators):
        has = {
            technology: assessed
            & (signal_class(villages[level_column(operator, technology)], technology, study) >= SignalClass.WEAK)
            for technology in TECHNOLOGIES
        }
        for technology in TECHNOLOGIES:
            yield Count("villages_with_technology", has[technology], assessed, technology, operator)
        for several in (("3g", "4g"), TECHNOLOGIES):
            either = np.any([has[technology] for technology in several], axis=0)
            yield Count("villages_with_technology", either, assessed, "/".join(several), operator)

    households = _number(villages["households"])
    yield Count(
        "households_with_signal", _number(villages["households_covered"]) * assessed, households * assessed, headline
    )
    power = villages["has_power"].astype("boolean")
    with_power = power.fillna(False).to_numpy(dtype=bool) & assessed
    yield Count("villages_with_power", with_power, power.notna().to_numpy() & assessed)
    yield Count("villages_dead_with_power", dead & with_power, dead, headline)
    access = villages["fiber"].to_numpy()
    reached = access != "not_assessed"
    yield Count("villages_with_fiber", access == "served", reached)
    yield Count("villages_near_fiber", access == "near", reached)
    yield Count("households_with_fiber", households * (access == "served"), households * reached)


def of_centres(communes: gpd.GeoDataFrame, whose: str = "commune") -> Iterator[Count]:
    """Yield the shares of the centres of communes, or of former ones; things are the communes."""
    for indicator, column, technology in (
        (f"{whose}_centres_with_good_4g", "centre_4g", "4g"),
        (f"{whose}_centres_with_signal", "centre_3g_4g", "3g/4g"),
    ):
        centre = communes[column].astype("boolean")
        yield Count(indicator, centre.fillna(False).to_numpy(dtype=bool), centre.notna().to_numpy(), technology)
    fiber = communes["centre_fiber"].to_numpy()
    yield Count(f"{whose}_centres_with_fiber", fiber == "served", fiber != "not_assessed")


def of_stations(cells: gpd.GeoDataFrame) -> Iterator[Count]:
    """Yield positions (one per site) and stations (one per site, operator and technology); things are the cells."""
    operator, technology = cells["operator"].to_numpy(), cells["technology"].to_numpy()

    def first(*columns: str) -> NDArray[np.bool_]:
        return np.asarray(~cells.duplicated(["site_id", *columns]), dtype=np.bool_)

    yield Count("positions", first())
    for name in sorted(set(operator)):
        yield Count("positions", first("operator") & (operator == name), operator=name)
    station = first("operator", "technology")
    yield Count("stations", station)
    for kind in sorted(set(technology)):
        yield Count("stations", station & (technology == kind), technology=kind)
    for name, kind in sorted(set(zip(operator, technology, strict=True))):
        yield Count("stations", station & (operator == name) & (technology == kind), technology=kind, operator=name)


def of_fiber(routes: gpd.GeoDataFrame) -> Iterator[Count]:
    """Yield routes and kilometres; things are the routes, or pieces of them with a `length_km` of their own."""
    operator, length_km = routes["operator"].fillna("").to_numpy(), routes["length_km"].to_numpy(dtype=float)
    yield Count("fiber_routes", np.ones(len(routes)))
    yield Count("fiber_km", length_km)
    for name in sorted(set(operator) - {""}):
        yield Count("fiber_routes", operator == name, operator=name)
        yield Count("fiber_km", length_km * (operator == name), operator=name)


def measured(routes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return routes with a length everywhere: as stated, else as measured, km."""
    length_km = pd.Series(shapely.length(routes.geometry.to_numpy()) / 1000, index=routes.index)
    return routes.assign(length_km=routes["length_km"].fillna(length_km))


def cut(routes: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the pieces of measured routes in each commune, its row in `commune`; a stated length is shared out."""
    lines, polygons = routes.geometry.to_numpy(), communes.geometry.to_numpy()
    commune, route = shapely.STRtree(lines).query(polygons, predicate="intersects")
    total = shapely.length(lines)[route]
    inside = shapely.length(shapely.intersection(lines[route], polygons[commune]))
    share = np.divide(inside, total, out=np.zeros(len(total)), where=total > 0)
    pieces = routes.iloc[route].reset_index(drop=True)
    return pieces.assign(commune=commune, length_km=pieces["length_km"].to_numpy(dtype=float) * share)[share > 0]


def commune_of(layers: Layers, frame: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the row of the commune of each point: as declared, else where it lies; -1 where in none."""
    codes = pd.Index(layers.communes["code"])
    declared = np.asarray(codes.get_indexer(frame["commune_code"]), dtype=np.int64)
    points, polygons = layers.communes.geometry.sindex.query(frame.geometry.to_numpy(), predicate="intersects")
    lies = np.full(len(frame), -1, dtype=np.int64)
    lies[points[::-1]] = polygons[::-1]
    return np.where(declared >= 0, declared, lies)


def _number(column: pd.Series) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(dtype=float, na_value=0.0), dtype=np.float64)
