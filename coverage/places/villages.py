"""The table of villages: what each receives, its status, its fiber."""

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy.spatial import cKDTree

from coverage.classes import SignalClass
from coverage.columns.results import PEOPLE_ESTIMATED, VILLAGES, level_column
from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.places.fiber_access import fiber_access, route_passes
from coverage.places.homes import homes_of
from coverage.places.networks import Network, Places, indoors_db
from coverage.places.settlement import settle
from coverage.places.status import households_covered
from coverage.result import Layers, Signal
from coverage.study import Study


def locate(layers: Layers, study: Study) -> Places:
    """Return where the villages and their households are: the given point, else the centre of the housing."""
    villages = layers.villages
    settlement = settle(layers, study)
    homes = homes_of(settlement)
    given = ~(villages.geometry.is_empty | villages.geometry.isna()).to_numpy()
    points = np.column_stack([villages.geometry.x, villages.geometry.y])
    return Places(np.where(given[:, None], points, homes.centroid()), homes, settlement)


def assess_villages(layers: Layers, signal: Signal, study: Study, *, anyone: Network | None = None) -> gpd.GeoDataFrame:
    """
    Assess every village.

    Parameters
    ----------
    layers
        Villages, their housing, fiber and roads.
    signal
        Levels on the grid.
    study
        Definitions, thresholds and the date of the assessment.
    anyone
        The villages under any operator, where that is known already.

    Returns
    -------
    GeoDataFrame
        Columns of `columns.VILLAGES` with the levels at the centre after `nearest_site_km`, in the order of the layer;
        a level is NaN where no cell reaches as where nothing was modelled, for neither has a value in dBm.
        The centre is the given point, else the centre of the housing, which then stands in `lon` and `lat` too; without
        either a village is not assessed.
    """
    villages = layers.villages
    network = anyone or Network(ANY, locate(layers, study), layers, signal, study)
    places = network.places
    x, y = places.xy.T
    in_service = study.in_service()
    verdict = network.verdict(in_service)
    gone = network.centre.best_class(name for name in TECHNOLOGIES if name not in in_service) > SignalClass.NONE

    table = pd.DataFrame({"status": verdict.status})
    table["reason"] = np.where(verdict.is_("dead") & gone, "signal_switched_off", verdict.reason)
    table["to_verify"] = verdict.is_("dead") & (verdict.share >= study.definitions.verify_percent / 100)
    table["cluster_households"] = pd.Series(np.floor(verdict.cluster + 1e-9)).astype("Int64")
    table["status_indoors"] = network.verdict(in_service, more_db=indoors_db(study)).status
    table["probability"] = network.probability(in_service).round(3)
    for name in ("village_id", "name", "commune_code", "commune_name", "former_commune", "lon", "lat", "people",
                 "has_power", "programme", "households"):  # fmt: skip
        table[name] = villages[name].array
    found = places.has_point & (villages.geometry.is_empty | villages.geometry.isna()).to_numpy()
    to_degrees = Transformer.from_crs(layers.grid.crs, "EPSG:4326", always_xy=True)
    table.loc[found, ["lon", "lat"]] = np.column_stack(to_degrees.transform(x[found], y[found]))
    table["nearest_site_km"] = _nearest_km(places.xy, layers.cells)
    levels = [(operator, name) for operator in (*signal.operators, ANY) for name in TECHNOLOGIES]
    for operator, technology in levels:
        level_dbm = signal.at(operator, technology, x, y).astype(float)
        table[level_column(operator, technology)] = np.where(np.isfinite(level_dbm), level_dbm, np.nan)
    table["households_covered"] = households_covered(verdict, table["households"])
    table["households_from"] = places.settlement.source
    people = places.settlement.people

    passes = route_passes(places.settlement.points, places.xy, layers, study)
    access = fiber_access(places.xy, layers, study, passed=passes)
    table["fiber"] = access.status
    table["fiber_km"] = access.distance_km
    table["route_passes"] = pd.array([pd.NA] * len(table) if passes is None else passes, dtype="boolean")
    table["definition_id"] = study.definition_id
    names = VILLAGES.names
    after = names.index("nearest_site_km") + 1
    points = gpd.points_from_xy(x, y)
    points[~places.has_point] = None
    columns = [*names[:after], *(level_column(*pair) for pair in levels), *names[after:]]
    if people is not None:
        table[PEOPLE_ESTIMATED.name] = people
        columns.insert(columns.index("households_from") + 1, PEOPLE_ESTIMATED.name)
    return gpd.GeoDataFrame(table[columns], geometry=points, crs=layers.grid.crs)


def _nearest_km(xy: np.ndarray, cells: gpd.GeoDataFrame) -> np.ndarray:
    """Return the distance to the nearest position, km; NaN where there is no point or no position."""
    distance = np.full(len(xy), np.nan)
    has_point = np.isfinite(xy).all(axis=1)
    if len(cells):
        tree = cKDTree(np.column_stack([cells.geometry.x, cells.geometry.y]))
        distance[has_point] = tree.query(xy[has_point])[0] / 1000
    return distance
