"""Tables: what planning found, in the shape that `coverage.columns` asks for."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from coverage.columns.schema import Table
from coverage.result import Layers

_DTYPES = {"text": "object", "integer": "Int64", "number": "float64", "flag": "boolean"}


def as_table(table: Table, columns: Mapping[str, object], geometry: object, layers: Layers) -> gpd.GeoDataFrame:
    """
    Return a frame with every column of a table, `village_ids`, and geometry in the CRS of the grid.

    `lon`, `lat` and the commune, where not given, follow from the geometry; other columns not given are empty.
    """
    shapes = np.asarray(geometry, dtype=object)
    middle = shapely.point_on_surface(shapes)
    given = dict(columns)
    if "lon" in table.names:
        to_degrees = Transformer.from_crs(layers.grid.crs, "EPSG:4326", always_xy=True)
        given["lon"], given["lat"] = to_degrees.transform(shapely.get_x(middle), shapely.get_y(middle))
    commune = commune_rows(shapely.get_x(middle), shapely.get_y(middle), layers.communes)
    for name, source in (("commune_code", "code"), ("commune_name", "name")):
        if name in table.names and name not in given:
            found = layers.communes[source].to_numpy(dtype=object)
            given[name] = [found[row] if row >= 0 else pd.NA for row in commune]
    frame = pd.DataFrame(
        {
            column.name: pd.Series(given.get(column.name, [None] * len(shapes)), dtype=_DTYPES[column.kind])
            for column in table.columns
        }
    )
    frame["village_ids"] = pd.Series(given.get("village_ids", [None] * len(shapes)), dtype="object")
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=layers.grid.crs))


def commune_rows(x_m: Any, y_m: Any, communes: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the row of the commune that holds each point, the first of several; -1 where none does."""
    rows = np.full(len(x_m), -1, dtype=np.int64)
    tree = shapely.STRtree(communes.geometry.to_numpy())
    for point, row in sorted(tree.query(shapely.points(x_m, y_m), predicate="intersects").T.tolist(), reverse=True):
        rows[point] = row
    return rows
