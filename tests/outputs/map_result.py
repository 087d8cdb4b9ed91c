"""A country made by hand for the web map: two communes, ten villages, four positions, two operators."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from pyproj import CRS
from shapely.geometry import LineString, box

from coverage.columns.results import VILLAGE_STATUSES
from coverage.grid import Grid
from coverage.result import Layers, Result, Signal
from coverage.study import Study

CRS_SON_LA = CRS.from_epsg(9206)
WEST, NORTH, CELL_M = 480_000.0, 2_360_000.0, 100.0
SHAPE = (120, 200)
OPERATORS = ("viettel", "vnpt")
HOSTILE = [
    "<script>window.hacked=1</script>",
    "</script><script>window.hacked=2</script>",
    "{{ 7*7 }} {% raw %} {# x #}",
    "\"'><img src=x onerror=window.hacked=3>",
    "back\\slash \u2028 \u2029 &lt;b&gt;",
    "\u202eđảo ngược\u202c 😀",
    "Dài " * 125,
]


def study(**map_settings: Any) -> Study:
    return Study.model_validate(
        {
            "folder": Path("."),
            "study": {
                "name": "Tỉnh thử nghiệm",
                "province": "Tỉnh Thử",
                "as_of": datetime.date(2026, 7, 1),
                "source": "Số liệu đặt ra",
            },
            "layers": {"communes": "c.gpkg", "villages": "v.csv", "sites": "s.csv", "terrain": "t.tif"},
            "map": map_settings,
        }
    )


def points(frame: pd.DataFrame, x: Any, y: Any) -> gpd.GeoDataFrame:
    """Put points, in metres, under a frame, with `lon` and `lat` beside them."""
    shapes = gpd.GeoSeries(gpd.points_from_xy(x, y), index=frame.index, crs=CRS_SON_LA)
    unplaced = np.isnan(np.asarray(x, dtype=float))
    degrees = shapes.to_crs(4326)
    frame = frame.assign(lon=np.where(unplaced, np.nan, degrees.x), lat=np.where(unplaced, np.nan, degrees.y))
    return gpd.GeoDataFrame(frame, geometry=shapes.where(~unplaced, None), crs=CRS_SON_LA)


def small_result(*, names: list[str] | None = None, sensitive: bool = False, **map_settings: Any) -> Result:
    """Return the country; `names` replaces names of villages, in order."""
    grid = Grid(CRS_SON_LA, Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH), SHAPE)
    rows, cols = np.indices(SHAPE)
    terrain = (600 + 400 * np.sin(cols / 17.0) * np.cos(rows / 13.0)).astype(np.float32)
    level = (-70 - 0.4 * np.hypot(rows - 60, cols - 50)).astype(np.float32)
    other = (-75 - 0.5 * np.hypot(rows - 60, cols - 150)).astype(np.float32)
    other[:, :20] = np.nan
    levels = {("viettel", "4g"): level, ("vnpt", "4g"): other, ("any", "4g"): np.fmax(level, other)}
    communes = gpd.GeoDataFrame(
        {
            "commune_code": ["03646", "03657"],
            "commune_name": ["Tô Hiệu", "Chiềng An"],
            "villages": [6, 4],
            "dead": [2, 0],
            "weak": [1, 1],
            "covered": [3, 2],
            "not_assessed": [0, 1],
            "households": [300, 200],
            "households_covered": [180, 150],
            "fiber_served": [2, 1],
            "centre_4g": [True, pd.NA],
            "centre_fiber": ["served", "near"],
            "definition_id": ["d", "d"],
        },
        geometry=[
            box(WEST, NORTH - 12_000, WEST + 10_000, NORTH),
            box(WEST + 10_000, NORTH - 12_000, WEST + 20_000, NORTH),
        ],
        crs=CRS_SON_LA,
    )
    cells = points(
        pd.DataFrame(
            {
                "site_id": ["VT-01", "VT-01", "VT-02", "VN-01", "SHARED", "SHARED"],
                "cell_id": [f"c{n}" for n in range(6)],
                "operator": ["viettel", "viettel", "viettel", "vnpt", "viettel", "vnpt"],
                "technology": ["4g", "2g", "4g", "4g", "4g", "4g"],
                "freq_mhz": [1800.0, 900.0, 1800.0, 1800.0, 2100.0, 2100.0],
                "bandwidth_mhz": 10.0,
                "height_m": 33.0,
                "azimuth_deg": [0.0, np.nan, 120.0, 240.0, 10.0, 200.0],
                "tilt_deg": 3.0,
                "beamwidth_deg": 65.0,
                "eirp_dbm": 62.0,
                "transmission": "fiber",
                "sensitive": pd.array([False, False, sensitive, False, False, False], dtype="boolean"),
            }
        ),
        WEST + np.array([5_000, 5_000, 3_333, 15_000, 12_000, 12_000.0]),
        NORTH - np.array([6_000, 6_000, 2_777, 6_000, 3_000, 3_000.0]),
    )
    routes = gpd.GeoDataFrame(
        {
            "route_id": ["R1", "R2"],
            "name": ["Tuyến một", None],
            "operator": ["viettel", "vnpt"],
            "length_km": [9.0, np.nan],
        },
        geometry=[
            LineString([(WEST + 1_000, NORTH - 6_000), (WEST + 9_000, NORTH - 6_500)]),
            LineString([(WEST + 11_000, NORTH - 7_000), (WEST + 19_000, NORTH - 7_100)]),
        ],
        crs=CRS_SON_LA,
    )
    roads = gpd.GeoDataFrame(
        {"class": ["primary"], "name": ["QL6"]},
        geometry=[LineString([(WEST, NORTH - 5_000), (WEST + 20_000, NORTH - 5_500)])],
        crs=CRS_SON_LA,
    )
    return Result(
        study=study(**map_settings),
        layers=Layers(
            grid, terrain, communes, villages := _villages(names or []), cells, fiber_routes=routes, roads=roads
        ),
        signal=Signal(grid, levels, servers=_servers(levels), operators=OPERATORS),
        villages=villages,
        communes=communes,
        indicators=_indicators(),
        ranked_sites=_ranked(),
        fiber_plan=_plan(),
    )


def _servers(levels: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """Return rows of `cells`: VT-01 serves for viettel, VN-01 for vnpt, nobody where nothing is known."""
    best, other = levels["viettel", "4g"], levels["vnpt", "4g"]
    servers = {
        ("viettel", "4g"): np.full(SHAPE, 0, dtype=np.int32),
        ("vnpt", "4g"): np.where(np.isnan(other), -1, 3).astype(np.int32),
    }
    servers["any", "4g"] = np.where(np.nan_to_num(other, nan=-np.inf) > best, 3, 0).astype(np.int32)
    return servers


def with_networks(result: Result) -> Result:
    """Return the result with what its villages have under each operator's 4G, by hand; any operator's is their own."""
    own = result.villages["status"].to_list()
    dead, weak, covered, unknown = "dead", "weak", "covered", "not_assessed"
    found = {
        ("any", "2g+3g+4g+5g"): own,
        ("any", "4g"): own,
        ("viettel", "4g"): [dead, unknown, weak, covered, covered, covered, covered, covered, covered, unknown],
        ("vnpt", "4g"): [dead, dead, dead, covered, covered, weak, weak, dead, covered, unknown],
    }
    reason = {dead: "no_signal", weak: "weak_centre", covered: "covered", unknown: "no_point"}
    tables = [
        pd.DataFrame(
            {
                "village_id": result.villages["village_id"].to_numpy(),
                "operator": operator,
                "technology": technology,
                "status": statuses,
                "reason": [reason[status] for status in statuses],
                "households_covered": pd.array([10 if status == covered else 0 for status in statuses], dtype="Int64"),
                "probability": 0.5,
                "status_indoors": statuses,
                "definition_id": "d",
            }
        )
        for (operator, technology), statuses in found.items()
    ]
    return replace(result, village_statuses=pd.concat(tables, ignore_index=True)[VILLAGE_STATUSES.names])


def _villages(names: list[str]) -> gpd.GeoDataFrame:
    own = [
        "Nà Sản",
        "Bản Đông",
        "Bản Mòn",
        "Bản Hẹo",
        "Tiểu khu 1",
        "Bản Cá",
        "Bản Lầu",
        "Bản Nà",
        "Tổ 3",
        "Bản Chưa Rõ",
    ]
    status = ["dead", "dead", "weak", "covered", "covered", "covered", "weak", "covered", "covered", "not_assessed"]
    reason = [
        "no_signal",
        "signal_switched_off",
        "weak_centre",
        "covered",
        "covered",
        "covered",
        "share_below",
        "covered",
        "covered",
        "no_point",
    ]
    count = len(own)
    frame = pd.DataFrame(
        {
            "village_id": [f"v{n}" for n in range(count)],
            "name": [*names, *own[len(names) :]],
            "commune_code": ["03646"] * 6 + ["03657"] * 4,
            "commune_name": ["Tô Hiệu"] * 6 + ["Chiềng An"] * 4,
            "households": pd.array([40, 50, 50, 60, 50, 50, 60, 50, 50, 40], dtype="Int64"),
            "people": pd.array([160, *[200] * 8, pd.NA], dtype="Int64"),
            "has_power": pd.array([False, *[True] * 8, pd.NA], dtype="boolean"),
            "status": status,
            "reason": reason,
            "to_verify": [True, *[False] * 9],
            "fiber": ["unserved"] * 5 + ["near", "served", "served", "near", "not_assessed"],
            "nearest_site_km": [4.2, *[1.0] * 8, np.nan],
            "former_commune": "Chiềng Lề",
            "programme": pd.array([True, *[pd.NA] * 9], dtype="boolean"),
            "households_covered": pd.array([25, 0, 30, 60, 50, 50, 40, 50, 50, pd.NA], dtype="Int64"),
            "households_from": "centre",
            "cluster_households": pd.array([pd.NA] * 6 + [14] + [pd.NA] * 3, dtype="Int64"),
            "fiber_km": [3.0] * 9 + [np.nan],
            "route_passes": pd.array([False] * 9 + [pd.NA], dtype="boolean"),
            "definition_id": "d",
            "viettel_4g_dbm": [-121.4, np.nan, -110.0, -90.0, -88.0, -87.0, -95.0, -99.0, -98.0, np.nan],
            "vnpt_4g_dbm": [-130.0, -126.0, -118.0, -99.0, -88.0, -87.0, -95.0, -99.0, -98.0, np.nan],
            "any_4g_dbm": [-121.4, -126.0, -110.0, -90.0, -88.0, -87.0, -95.0, -99.0, -98.0, np.nan],
        }
    )
    x = WEST + np.array([2_000, 4_000, 6_000, 8_000, 5_000, 9_000, 12_000, 14_000, 18_000, np.nan])
    y = NORTH - np.array([2_000, 9_000, 4_000, 8_000, 6_000, 3_000, 9_000, 3_000, 7_000, np.nan])
    return points(frame, x, y)


def _ranked() -> gpd.GeoDataFrame:
    frame = pd.DataFrame(
        {
            "rank": [1, 2, 3],
            "site_id": ["NEW-0001", "VN-01", "VT-02"],
            "kind": ["new", "upgrade", "upgrade"],
            "commune_code": "03646",
            "height_m": 36.0,
            "technology": "4g",
            "new_households": [90, 40, 20],
            "new_households_dead": [90, 0, 20],
            "new_households_weak": [0, 40, 0],
            "cost_low_usd": 30_000.0,
            "cost_central_usd": 45_500.0,
            "cost_high_usd": 70_000.0,
            "cumulative_households": [90, 130, 150],
            "villages": ["Nà Sản; Bản Đông", "Bản Lầu", "Bản Mòn"],
            "villages_resolved": ["Nà Sản", "", "Bản Mòn"],
            "villages_improved": ["Bản Đông", "", ""],
            "commune_name": "Tô Hiệu",
            "households_per_1000_usd": 2.0,
            "terrain_m": 700.0,
            "road_km": 0.4,
            "power_km": 0.2,
            "backhaul": "fiber",
            "backhaul_km": 2.5,
            "reason": ["Gần VN-01", "Trạm sẵn có", "Trạm VT-02"],
            "slope_deg": 12.0,
            "power": ["solar", "existing", "existing"],
            "access": ["track", "existing", "existing"],
            "via": ["VN-01", "", ""],
            "operators": ["any", "vnpt; viettel", "viettel"],
            "cumulative_percent": [45.0, 65.0, 75.0],
        }
    )
    return points(frame, WEST + np.array([3_000, 15_000, 3_333.0]), NORTH - np.array([8_000, 6_000, 2_777.0]))


def _plan() -> gpd.GeoDataFrame:
    frame = pd.DataFrame(
        {
            "rank": [1, 2],
            "villages": ["Bản Lầu", ""],
            "households": [60, 0],
            "length_km": [4.2, 3.0],
            "cost_low_usd": [21_000.0, 15_000.0],
            "cost_central_usd": [42_000.0, 30_000.0],
            "cost_high_usd": [84_000.0, 60_000.0],
            "cost_per_household_usd": [700.0, np.nan],
            "commune_code": ["03657", "03646"],
            "villages_gained": [1, 0],
            "centres": ["", "Tô Hiệu"],
            "centres_gained": [0, 1],
            "feeds_sites": ["", "NEW-0001; VN-01"],
        }
    )
    lines = [
        LineString([(WEST + 15_000, NORTH - 6_000), (WEST + 12_000, NORTH - 9_000)]),
        LineString([(WEST + 2_000, NORTH - 6_100), (WEST + 3_000, NORTH - 8_000)]),
    ]
    return gpd.GeoDataFrame(frame, geometry=lines, crs=CRS_SON_LA)


def _indicators() -> pd.DataFrame:
    """Return a share of villages and one of households for the two communes."""
    shares = {
        "villages_dead": ([2, 0], [6, 3]),
        "households_with_signal": ([180, 150], [300, 160]),
    }
    return pd.DataFrame(
        [
            {"indicator": name, "area": code, "area_kind": "commune", "technology": "3g+4g", "operator": "any",
             "numerator": part, "denominator": whole}
            for name, columns in shares.items()
            for code, part, whole in zip(["03646", "03657"], *columns, strict=True)
        ]
    )  # fmt: skip


def bare_result() -> Result:
    """Return the country with one village and nothing else: no communes, sites, signal, lines or proposals."""
    full = small_result()
    return replace(
        full,
        layers=replace(full.layers, cells=full.layers.cells.iloc[:0], fiber_routes=None, roads=None),
        signal=replace(full.signal, levels={}, servers={}, operators=()),
        villages=full.villages.iloc[:1],
        communes=full.communes.iloc[:0],
        indicators=full.indicators.iloc[:0],
        ranked_sites=full.ranked_sites.iloc[:0],
        fiber_plan=full.fiber_plan.iloc[:0],
    )


def with_islands(result: Result) -> Result:
    """Return the result with one village 800 km off the coast."""
    villages = result.villages.copy()
    villages.loc[9, ["lon", "lat"]] = [112.0, 16.5]
    return replace(result, villages=villages)
