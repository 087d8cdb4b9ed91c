"""Small worlds made by hand, for the tests of several rooms: flat ground, a few masts, villages one can count."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely import box

from coverage.columns.inputs import (
    BUILDINGS_IN,
    CELLS_IN,
    COMMUNES_IN,
    FIBER_NODES_IN,
    FIBER_ROUTES_IN,
    HOUSING_IN,
    OFFICIAL_IN,
    VILLAGES_IN,
)
from coverage.columns.schema import Table
from coverage.grid import Grid
from coverage.result import Layers, Signal
from coverage.settings.layers import LayerPaths
from coverage.study import Study

CRS_M = CRS.from_epsg(9206)
WEST, NORTH = 480_000.0, 2_380_000.0
_PANDAS = {"text": "object", "integer": "Int64", "number": "float64", "flag": "boolean"}


def grid(rows: int = 40, cols: int = 40, cell_m: float = 100.0) -> Grid:
    return Grid(CRS_M, Affine(cell_m, 0, WEST, 0, -cell_m, NORTH), (rows, cols))


def study(**settings: Any) -> Study:
    """A study without files or folder; settings are those of coverage.toml."""
    paths = LayerPaths(communes=Path("c"), villages=Path("v"), sites=Path("s"), terrain=Path("t"))
    about = {"as_of": "2026-10-01", "province": "Sơn La", **settings.pop("study", {})}
    return Study.model_validate({"folder": Path("nowhere"), "layers": paths.model_dump(), "study": about, **settings})


def frame(table: Table, rows: list[dict[str, Any]], geometry: Any = None) -> gpd.GeoDataFrame:
    """Rows of a layer with every column of its table; points from `x` and `y` in metres, None where absent."""
    columns = {
        column.name: pd.array([row.get(column.name, pd.NA) for row in rows], dtype=_PANDAS[column.kind])
        if column.kind != "number"
        else np.array([row.get(column.name, np.nan) for row in rows], dtype=float)
        for column in table.columns
    }
    if geometry is None:
        x = np.array([row.get("x", np.nan) for row in rows], dtype=float)
        y = np.array([row.get("y", np.nan) for row in rows], dtype=float)
        geometry = gpd.points_from_xy(x, y)
        geometry[np.isnan(x)] = None
        if "lon" in table.names:
            to_degrees = Transformer.from_crs(CRS_M, "EPSG:4326", always_xy=True)
            columns["lon"], columns["lat"] = to_degrees.transform(x, y)
            columns["lon"][np.isnan(x)] = columns["lat"][np.isnan(x)] = np.nan
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS_M)


def cell(x: float, y: float, **values: Any) -> dict[str, Any]:
    """An omnidirectional 4G cell of 10 MHz at 1800 MHz, 62 dBm, 33 m above ground, unless said otherwise."""
    preset = {
        "site_id": "A", "cell_id": "A1", "operator": "viettel", "technology": "4g", "freq_mhz": 1800.0,
        "bandwidth_mhz": 10.0, "height_m": 33.0, "eirp_dbm": 62.0,
    }  # fmt: skip
    return {**preset, **values, "x": x, "y": y}


def layers(
    *,
    where: Grid | None = None,
    terrain_m: NDArray[np.float32] | None = None,
    cells: list[dict[str, Any]] = (),  # type: ignore[assignment]
    villages: list[dict[str, Any]] = (),  # type: ignore[assignment]
    housing: list[dict[str, Any]] | None = None,
    buildings: list[dict[str, Any]] | None = None,
    population: list[tuple[int, float, float, float]] | None = None,
    village_areas: dict[str, Any] | None = None,
    communes: list[dict[str, Any]] | None = None,
    routes: gpd.GeoDataFrame | None = None,
    nodes: list[dict[str, Any]] | None = None,
    roads: gpd.GeoDataFrame | None = None,
    official: list[dict[str, Any]] | None = None,
) -> Layers:
    """Layers on flat ground at 500 m, with one commune that covers it all unless others are given."""
    where = where or grid()
    given = communes or [{"code": "03646", "name": "Tô Hiệu", "geometry": box(*where.bounds)}]
    return Layers(
        grid=where,
        terrain_m=np.full(where.shape, 500, dtype=np.float32) if terrain_m is None else terrain_m,
        communes=frame(COMMUNES_IN, given, geometry=[row["geometry"] for row in given]),
        villages=frame(VILLAGES_IN, list(villages)),
        cells=frame(CELLS_IN, list(cells)),
        housing=None if housing is None else frame(HOUSING_IN, housing),
        buildings=None if buildings is None else frame(BUILDINGS_IN, buildings),
        population=None
        if population is None
        else pd.DataFrame(population, columns=["commune", "x_m", "y_m", "people"]),
        village_areas=None if village_areas is None else areas(village_areas),
        fiber_routes=routes,
        fiber_nodes=None if nodes is None else frame(FIBER_NODES_IN, nodes),
        roads=roads,
        official=None if official is None else frame(OFFICIAL_IN, official),
    )


def areas(shapes: dict[str, Any]) -> gpd.GeoDataFrame:
    """Areas of villages by their ids."""
    return gpd.GeoDataFrame({"village_id": list(shapes)}, geometry=list(shapes.values()), crs=CRS_M)


def route(*lines: Any, **columns: Any) -> gpd.GeoDataFrame:
    """Fiber routes or roads, one row a line."""
    rows = [{"route_id": f"R{n}", "operator": "viettel", **columns} for n, _ in enumerate(lines)]
    return frame(FIBER_ROUTES_IN, rows, geometry=list(lines))


def painted(where: Grid, **levels: float | NDArray[np.float32]) -> Signal:
    """A signal that is said rather than predicted: `any_4g=-90` paints the whole grid; other operators come by name."""
    rasters = {}
    for name, level in levels.items():
        operator, technology = name.split("_")
        rasters[operator, technology] = np.broadcast_to(np.float32(level), where.shape).copy()
    operators = tuple(sorted({operator for operator, _ in rasters} - {"any"}))
    return Signal(where, rasters, operators=operators)
