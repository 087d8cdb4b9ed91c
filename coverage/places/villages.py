"""The table of villages: what each receives, its status, its fiber."""

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy.spatial import cKDTree

from coverage.classes import SignalClass
from coverage.columns import ANY, PEOPLE_ESTIMATED, TECHNOLOGIES, VILLAGES, level_column
from coverage.places.fiber_access import fiber_access, route_passes
from coverage.places.levels import best_class, not_modelled
from coverage.places.settlement import settle
from coverage.places.status import classify, summarize_housing
from coverage.result import Layers, Signal
from coverage.study import Study


def assess_villages(layers: Layers, signal: Signal, study: Study) -> gpd.GeoDataFrame:
    """
    Assess every village.

    Parameters
    ----------
    layers
        Villages, what tells where their households live, fiber and roads.
    signal
        Levels on the grid.
    study
        Definitions, thresholds and the date of the assessment.

    Returns
    -------
    GeoDataFrame
        Columns of `columns.VILLAGES` with the levels at the centre after `nearest_site_km`, in the order of the layer;
        a level is NaN where no cell reaches as where nothing was modelled, for neither has a value in dBm.
        The centre is the given point, else the centre of the housing, which then stands in `lon` and `lat` too; without
        either a village is not assessed.
    """
    villages = layers.villages
    settlement = settle(layers, study)
    housing = summarize_housing(settlement, signal, study)
    given = ~(villages.geometry.is_empty | villages.geometry.isna())
    xy = np.where(
        given.to_numpy()[:, None], np.column_stack([villages.geometry.x, villages.geometry.y]), housing.centroid
    )
    x, y = xy[:, 0], xy[:, 1]
    has_point = np.isfinite(x) & np.isfinite(y)

    in_service = study.in_service()
    centre = best_class(signal, x, y, in_service, study)
    gone = best_class(signal, x, y, tuple(name for name in TECHNOLOGIES if name not in in_service), study)
    table = classify(centre, gone, not_modelled(signal, layers.terrain_m, x, y, study), has_point, housing, study)

    for name in ("village_id", "name", "commune_code", "commune_name", "former_commune", "lon", "lat", "people",
                 "has_power", "programme", "households"):  # fmt: skip
        table[name] = villages[name].array
    found = has_point & ~given.to_numpy()
    to_degrees = Transformer.from_crs(layers.grid.crs, "EPSG:4326", always_xy=True)
    table.loc[found, ["lon", "lat"]] = np.column_stack(to_degrees.transform(x[found], y[found]))
    table["nearest_site_km"] = _nearest_km(xy, layers.cells)
    for operator in (*signal.operators, ANY):
        for technology in TECHNOLOGIES:
            level_dbm = signal.at(operator, technology, x, y).astype(float)
            table[level_column(operator, technology)] = np.where(np.isfinite(level_dbm), level_dbm, np.nan)

    from_housing = np.isfinite(housing.share)
    share = np.where(from_housing, housing.share, centre >= SignalClass.WEAK)
    assessed = (table["status"] != "not_assessed").to_numpy()
    # A village counts as many households with signal as are certain: part of a household is none.
    covered = np.floor(share * villages["households"].to_numpy(dtype=float, na_value=np.nan) + 1e-9)
    table["households_covered"] = pd.Series(np.where(assessed, covered, np.nan)).astype("Int64")
    table["households_from"] = settlement.source
    if settlement.people is not None:
        table[PEOPLE_ESTIMATED.name] = settlement.people

    passes = route_passes(settlement.points, xy, layers, study)
    access = fiber_access(xy, layers, study, passed=passes)
    table["fiber"] = access.status
    table["fiber_km"] = access.distance_km
    table["route_passes"] = pd.array([pd.NA] * len(table) if passes is None else passes, dtype="boolean")
    table["definition_id"] = study.definition_id
    names = VILLAGES.names
    after = names.index("nearest_site_km") + 1
    levels = [
        level_column(operator, technology) for operator in (*signal.operators, ANY) for technology in TECHNOLOGIES
    ]
    columns = names[:after] + levels + names[after:]
    if settlement.people is not None:
        columns.insert(columns.index("households_from") + 1, PEOPLE_ESTIMATED.name)
    points = gpd.points_from_xy(x, y)
    points[~has_point] = None
    return gpd.GeoDataFrame(table[columns], geometry=points, crs=layers.grid.crs)


def _nearest_km(xy: np.ndarray, cells: gpd.GeoDataFrame) -> np.ndarray:
    """Return the distance to the nearest position, km; NaN where there is no point or no position."""
    distance = np.full(len(xy), np.nan)
    has_point = np.isfinite(xy).all(axis=1)
    if len(cells):
        tree = cKDTree(np.column_stack([cells.geometry.x, cells.geometry.y]))
        distance[has_point] = tree.query(xy[has_point])[0] / 1000
    return distance
