"""Networks: fiber along roads, and power lines."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from sample.frame import CELL_M, CRS, NORTH_M, WEST_M, to_lonlat
from sample.roads import FACTOR, RoadBuilder, to_line
from sample.travel import travel, walk

ROUTES, ROUTES_KM = 1516, 11_500.0
"""Sơn La 2022, as published."""
BEYOND_FIBER = 95
"""Villages with a good signal but without fiber: the furthest from a seat by road. The isolated have none either."""
OPERATORS = {"viettel": (3, 1.0), "vnpt": (10, 1.0), "mobifone": (18, 1.0), "fpt": (23, 1.0), "cmc": (38, 1.0)}
"""How near fiber must pass to spare a village a branch of its own, in road cells; the share of villages aimed at."""
Cells = NDArray[np.int64]


def lay_fiber(builder: RoadBuilder, villages: pd.DataFrame, seat: Cells) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return fiber routes and nodes: every operator's tree follows the roads out from the capital to the villages."""
    cost = np.where(builder.on_road, 1.0, 30.0)
    cells, seats = villages[["row", "col"]].to_numpy() // FACTOR, seat // FACTOR
    from_seat = travel(cost, seats[:, 0], seats[:, 1], np.inf)[tuple(cells.T)]
    home = travel(cost, seats[:1, 0], seats[:1, 1], np.inf)
    isolated = villages.isolated.to_numpy()
    outer = np.argsort(np.where(isolated | villages.centre, -1.0, from_seat), kind="stable")[::-1][:BEYOND_FIBER]
    served = np.setdiff1d(np.flatnonzero(~isolated), outer)
    rows: list[tuple[str, Cells]] = []
    for operator, (gap, share) in OPERATORS.items():
        laid = np.zeros(cost.shape, bool)
        laid[tuple(seats[0])] = True
        passed = laid.copy()
        reached = served[from_seat[served] <= np.quantile(from_seat[served], share)]
        by_distance = np.argsort(-home[tuple(cells[reached].T)], kind="stable")
        hubs = seats[np.argsort(home[tuple(seats.T)], kind="stable")]
        for k, stop in enumerate([*hubs, *cells[reached[by_distance]]]):
            if passed[tuple(stop)] and (k >= len(hubs) or laid[tuple(stop)]):
                continue
            path = walk(home, cost, int(stop[0]), int(stop[1]))
            path = path[: np.flatnonzero(laid[tuple(path.T)])[0] + 1]
            rows.append((operator, path))
            laid[tuple(path.T)] = True
            for row, col in path:
                passed[row - gap : row + gap + 1, col - gap : col + gap + 1] = True
    routes = _split_to_count(rows)
    frame = gpd.GeoDataFrame({"operator": [o for o, _ in routes]}, geometry=[line for _, line in routes], crs=CRS)
    frame.insert(0, "route_id", [f"CAP-{k + 1:04d}" for k in range(len(frame))])
    frame.insert(1, "name", _route_names(frame, villages))
    frame["length_km"] = (frame.length / 1000).round(3)
    return frame, _nodes(villages.iloc[served], seat, routes)


def _split_to_count(rows: list[tuple[str, Cells]]) -> list[tuple[str, shapely.LineString]]:
    """Halve the longest routes until there are as many as published."""
    pieces = list(rows)
    while len(pieces) < ROUTES:
        k = max(range(len(pieces)), key=lambda i: len(pieces[i][1]))
        operator, path = pieces[k]
        middle = len(path) // 2
        pieces[k : k + 1] = [(operator, path[: middle + 1]), (operator, path[middle:])]
    return [(operator, to_line(path)) for operator, path in pieces]


def backhaul(masts: pd.DataFrame, routes: gpd.GeoDataFrame) -> NDArray[np.str_]:
    """Return how each mast is connected: by fiber within 600 m of a route, else by microwave."""
    at = shapely.points(masts.x + WEST_M, NORTH_M - masts.y)
    _, far_m = shapely.STRtree(routes.geometry.to_numpy()).query_nearest(at, return_distance=True, all_matches=False)
    return np.where(far_m <= 600.0, "fiber", "microwave")


def _route_names(frame: gpd.GeoDataFrame, villages: pd.DataFrame) -> list[str]:
    """Name routes after the villages at their ends."""
    tree = cKDTree(np.column_stack([villages.x + WEST_M, NORTH_M - villages.y]))
    ends = [tree.query(line.coords[k])[1] for line in frame.geometry for k in (-1, 0)]
    names = villages.name.to_numpy()[ends].reshape(-1, 2)
    return [f"{a} – {b}" for a, b in names]


def _nodes(served: pd.DataFrame, seat: Cells, routes: list[tuple[str, shapely.LineString]]) -> pd.DataFrame:
    """Return an exchange at every seat and a splitter in every served village that the routes pass at a distance."""
    at = shapely.points(served.x + WEST_M, NORTH_M - served.y)
    tree = shapely.STRtree([line for _, line in routes])
    _, far_m = tree.query_nearest(at, return_distance=True, all_matches=False)
    boxes = served[far_m > 350.0]
    x = np.concatenate([(seat[:, 1] + 0.5) * CELL_M, boxes.x])
    y = np.concatenate([(seat[:, 0] + 0.5) * CELL_M, boxes.y])
    lon, lat = to_lonlat(x, y)
    kind = ["exchange"] * len(seat) + ["splitter"] * len(boxes)
    operator = ["vnpt"] * len(seat) + [("viettel", "vnpt", "viettel", "mobifone")[k % 4] for k in range(len(boxes))]
    return pd.DataFrame({
        "node_id": [f"NUT-{k + 1:04d}" for k in range(len(x))], "operator": operator, "kind": kind,
        "lon": lon.round(6), "lat": lat.round(6),
    })  # fmt: skip


def lay_power(builder: RoadBuilder, villages: pd.DataFrame, seat: Cells) -> gpd.GeoDataFrame:
    """Return 110 kV lines between the big seats, 35 kV to the others, 22 kV to every village with grid power."""
    slope_cost = ndimage.gaussian_filter(np.where(builder.on_road, 1.0, 1.6), 1.0)
    kv, lines = [], []
    laid = np.zeros(slope_cost.shape, bool)
    laid[tuple(seat[0] // FACTOR)] = True
    tiers = (
        (110, seat[[8, 18, 31, 39, 49, 54, 62]], 3.0),
        (35, seat, 1.0),
        (22, villages.loc[villages.has_power, ["row", "col"]].to_numpy(), 1.0),
    )
    for voltage, stops, tolerance in tiers:
        best = travel(slope_cost, *np.nonzero(laid), np.inf)
        for stop in sorted(map(tuple, stops // FACTOR), key=lambda cell: best[cell]):
            if laid[stop]:
                continue
            path = walk(best, slope_cost, int(stop[0]), int(stop[1]))
            met = np.flatnonzero(laid[tuple(path.T)])
            path = path[: met[0] + 1] if len(met) else path
            laid[tuple(path.T)] = True
            if len(path) > 1:
                kv.append(voltage)
                lines.append(shapely.simplify(to_line(path), tolerance * CELL_M))
    return gpd.GeoDataFrame({"voltage_kv": kv}, geometry=lines, crs=CRS)
