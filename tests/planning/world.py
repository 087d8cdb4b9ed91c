"""Toy worlds: 40 × 40 cells of 100 m; places are given in metres east and north of the south-west corner."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from pyproj import CRS
from shapely import LineString, Point, box

from coverage.columns.results import VILLAGES
from coverage.columns.words import TECHNOLOGIES
from coverage.grid import Grid
from coverage.result import Layers, Signal
from coverage.study import Study

CRS_M = CRS.from_epsg(9206)
WEST, SOUTH = 480_000.0, 2_340_000.0
CELL_M = 100.0
SIZE = 40
GRID = Grid(CRS_M, Affine(CELL_M, 0, WEST, 0, -CELL_M, SOUTH + SIZE * CELL_M), (SIZE, SIZE))


def at(east_m: float, north_m: float) -> Point:
    return Point(WEST + east_m, SOUTH + north_m)


def line(*places: tuple[float, float]) -> LineString:
    return LineString([at(*place) for place in places])


def flat(height_m: float = 500.0) -> np.ndarray:
    return np.full((SIZE, SIZE), height_m, dtype=np.float32)


def frame(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(list(rows), columns=[*columns, "geometry"]), geometry="geometry", crs=CRS_M)


def village(village_id: str, place: Point | None, households: int | None, **more: Any) -> dict[str, Any]:
    return {"village_id": village_id, "name": f"Bản {village_id}", "geometry": place, "households": households,
            "status": "dead", "fiber": "unserved", "programme": pd.NA, "commune_code": "03646", **more}  # fmt: skip


def villages(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    return frame(rows, VILLAGES.names)


def cell(site_id: str, place: Point, technology: str, **more: Any) -> dict[str, Any]:
    return {"site_id": site_id, "geometry": place, "operator": "viettel", "technology": technology, "height_m": 30.0,
            "transmission": "fiber", **more}  # fmt: skip


CELL_COLUMNS = ("site_id", "operator", "technology", "height_m", "transmission")


def lines(*shapes: LineString) -> gpd.GeoDataFrame:
    """Return roads, power lines of unknown voltage, or fiber routes R-1, R-2 …"""
    ids = [f"R-{number}" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame(
        {"route_id": ids, "voltage_kv": np.nan, "geometry": list(shapes)}, geometry="geometry", crs=CRS_M
    )


def layers(*, terrain_m: np.ndarray | None = None, cells: Sequence[dict[str, Any]] = (), **more: Any) -> Layers:
    communes = gpd.GeoDataFrame(
        {"code": ["03646", "03664"], "name": ["Tây", "Đông"]},
        geometry=[box(WEST, SOUTH, WEST + 2000, SOUTH + 4000), box(WEST + 2000, SOUTH, WEST + 4000, SOUTH + 4000)],
        crs=CRS_M,
    )
    return Layers(
        GRID,
        flat() if terrain_m is None else terrain_m,
        communes,
        villages(),
        frame(cells, CELL_COLUMNS),
        **more,
    )


def silent(**levels: np.ndarray) -> Signal:
    """Return a signal that reaches nobody, but for the levels of any operator that are given by technology."""
    return Signal(GRID, {("any", technology): level.astype(np.float32) for technology, level in levels.items()})


def study(**planning: Any) -> Study:
    """Return a study in English whose masts reach 2.9 km in free space: 20 dBm, so that hills matter on this scale."""
    return Study.model_validate(
        {
            "folder": Path("."),
            "layers": {"communes": "c", "villages": "v", "sites": "s", "terrain": "t"},
            "study": {"as_of": "2026-10-01", "language": "en"},
            "technologies": {name: {"eirp_dbm": 20.0} for name in TECHNOLOGIES},
            "planning": planning,
        }
    )


def with_costs(made: Study, **costs: Any) -> Study:
    return made.model_copy(update={"costs": made.costs.model_copy(update=costs)})


def having(base: Layers, **more: Any) -> Layers:
    return replace(base, **more)
