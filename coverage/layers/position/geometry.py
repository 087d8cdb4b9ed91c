"""Shapes: turned to WGS 84, told by their kind, and repaired where they cross themselves."""

from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from coverage.layers.position.reference import WGS84

_FARTHEST = 1e9
"""Of any coordinate, in degrees or metres."""
_KINDS = {
    "point": {shapely.GeometryType.POINT},
    "line": {shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING},
    "polygon": {shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON},
}


def to_wgs84(shapes: gpd.GeoSeries, crs: CRS) -> gpd.GeoSeries:
    """Return flat shapes in WGS 84; a shape that lies nowhere on Earth becomes None."""
    flat = gpd.GeoSeries(shapely.force_2d(shapes.to_numpy()), index=shapes.index, crs=crs)
    moved = flat if crs.equals(WGS84, ignore_axis_order=True) else flat.to_crs(WGS84)
    return gpd.GeoSeries(_somewhere(moved), index=shapes.index, crs=WGS84)


def _somewhere(shapes: gpd.GeoSeries) -> NDArray[np.object_]:
    """Return shapes, None for one with a coordinate that is no number, or too large a one to reckon with."""
    values: NDArray[np.object_] = shapes.to_numpy().copy()
    coordinates, of = shapely.get_coordinates(values, return_index=True)
    nowhere = shapely.is_empty(values)
    nowhere[of[~(np.abs(coordinates) < _FARTHEST).all(axis=1)]] = True
    values[nowhere] = None
    return values


def of_kind(shapes: gpd.GeoSeries, kind: Literal["point", "line", "polygon"]) -> pd.Series:
    """Return a mask of shapes of a kind."""
    types = [int(each) for each in _KINDS[kind]]
    return pd.Series(np.isin(shapely.get_type_id(shapes.to_numpy()), types), index=shapes.index)


def as_points(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, pd.Series]:
    """Return shapes with a point inside in place of each polygon, lists of one opened; and a mask of polygons."""
    values, areas = _somewhere(shapes), of_kind(shapes, "polygon")
    values[areas] = shapely.point_on_surface(values[areas])
    lists = shapely.get_type_id(values) == shapely.GeometryType.MULTIPOINT
    single = lists & (shapely.get_num_geometries(values) == 1)
    values[single] = shapely.get_geometry(values[single], 0)
    return gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs), areas


def mended(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, pd.Series]:
    """Return polygons that do not cross themselves, None where no area is left; and a mask of those that did."""
    broken = ~shapely.is_valid(shapes.to_numpy()) & ~shapes.isna().to_numpy()
    values = shapes.to_numpy().copy()
    values[broken] = [_area_of(shape) for shape in shapely.make_valid(values[broken])]
    return gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs), pd.Series(broken, index=shapes.index)


def _area_of(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.multipolygons(parts) if len(parts) > 1 else parts[0] if parts else None
