"""A country small enough to count by hand: 10 villages, 2 communes, 3 masts on 40 x 40 pixels of 100 m."""

import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from pyproj import CRS, Transformer
from shapely.geometry import LineString, box

from coverage.columns.inputs import CELLS_IN
from coverage.columns.results import SWITCH_OFFS
from coverage.grid import Grid
from coverage.result import InputFile, Layers, Result, Signal
from coverage.settings.layers import About, LayerPaths
from coverage.study import Study
from tests.outputs.map_browser import chromium

CRS_9206 = CRS.from_epsg(9206)
WEST, NORTH, CELL_M, SIDE = 490_000.0, 2_360_000.0, 100.0, 40

VILLAGES = """
village_id name x y hh people power status reason verify fiber any_4g viettel_4g vnpt_4g any_2g
03646-nam-1 Bản_Nậm 0.5 0.5 40  180 True  dead         no_signal           False unserved     -121   -121   -125 -112
03646-ta-2  Bản_Tà  0.5 1.5 60  250 False dead         signal_switched_off False unserved     -      -      -    -90.04
03646-co-3  =1+1    0.5 2.5 25  110 -     dead         no_signal           True  near         -118   -118   -    -
03646-pa-4  Bản_Pá  0.5 3.5 80  340 True  weak         weak_centre         False near         -110   -110   -114 -
03646-lu-5  Bản_Lự  1.5 0.5 120 500 True  covered      covered             False served       -85.25 -85.25 -99  -70
04000-ho-1  Bản_Hồ  2.5 0.5 90  380 True  covered      covered             False served       -80    -92    -80  -72
04000-ke-2  Bản_Kẻ  2.5 1.5 30  130 True  weak         share_below         False unserved     -101   -101   -120 -90
04000-mo-3  Bản_Mỏ  2.5 2.5 55  240 True  weak         unserved_cluster    False served       -104   -112   -104 -95
04000-so-4  Bản_Sọ  2.5 3.5 15  60  False dead         no_signal           False unserved     -130   -130   -    -
04000-xa-5  Bản_Xa  -   -   10  -   -     not_assessed no_point            False not_assessed -      -      -    -
"""  # x, y: km from the west and south; levels: dBm at the centre
COMMUNE_NAMES = {"03646": "Phường Tô Hiệu", "04000": "Xã Chiềng Lao"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Lend a browser to the tests of a file."""
    with chromium() as found:
        yield found


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(
        folder=tmp_path,
        study=About(
            name="Tỉnh thử", province="Sơn La", as_of=datetime.date(2026, 10, 1), source="Synthetic data for tests."
        ),
        layers=LayerPaths(
            communes=Path("communes.gpkg"),
            villages=Path("villages.csv"),
            sites=Path("sites.csv"),
            terrain=Path("terrain.tif"),
        ),
    )


@pytest.fixture
def grid() -> Grid:
    return Grid(CRS_9206, Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH), (SIDE, SIDE))


@pytest.fixture
def signal(grid: Grid) -> Signal:
    """Weaker from row to row; nine pixels in the north-west are not modelled, nothing reaches the last two rows."""
    ramp = np.linspace(-60, -130, SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)
    ramp[-2:] = -np.inf
    ramp[:3, :3] = np.nan
    levels, cells = {}, {"viettel": 1, "vnpt": 2, "any": 1}
    for operator, offset in (("viettel", 0.0), ("vnpt", -4.0), ("any", 0.0)):
        for technology in ("2g", "4g"):
            levels[operator, technology] = (ramp + np.float32(offset)).astype(np.float32)
    return Signal(
        grid,
        levels,
        seconds={pair: np.where(level > -90, level - 4, -np.inf).astype(np.float32) for pair, level in levels.items()},
        servers={
            pair: np.where(np.isfinite(level), cells[pair[0]], -1).astype(np.int32) for pair, level in levels.items()
        },
        overlaps={pair: np.where(level > -90, 2, level > -110).astype(np.uint8) for pair, level in levels.items()},
        operators=("viettel", "vnpt"),
    )


def _point_frame(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries(gpd.points_from_xy(frame["x"], frame["y"]), index=frame.index, crs=CRS_9206)
    points[frame["x"].isna()] = None
    lon, lat = Transformer.from_crs(CRS_9206, 4326, always_xy=True).transform(frame["x"], frame["y"])
    frame = frame.assign(lon=np.where(np.isfinite(lon), lon, np.nan), lat=np.where(np.isfinite(lat), lat, np.nan))
    return gpd.GeoDataFrame(frame.drop(columns=["x", "y"]), geometry=points, crs=CRS_9206)


@pytest.fixture
def villages() -> gpd.GeoDataFrame:
    texts = dict.fromkeys(["village_id", "name"], str)
    frame = pd.read_csv(io.StringIO(VILLAGES), sep=r"\s+", na_values="-", dtype=texts)
    names = {"hh": "households", "power": "has_power", "verify": "to_verify"}
    levels = {name: f"{name}_dbm" for name in ("any_4g", "viettel_4g", "vnpt_4g", "any_2g")}
    frame = frame.rename(columns=names | levels)
    frame["name"] = frame["name"].str.replace("_", " ")
    frame["commune_code"] = frame["village_id"].str[:5]
    frame["commune_name"] = frame["commune_code"].map(COMMUNE_NAMES)
    frame["x"] = WEST + 1000 * frame["x"]
    frame["y"] = NORTH - CELL_M * SIDE + 1000 * frame["y"]
    for name in ("households", "people"):
        frame[name] = frame[name].astype("Int64")
    for name in ("has_power", "to_verify"):
        frame[name] = frame[name].astype("boolean")
    frame["nearest_site_km"] = [4.25, 3.5, 3.0, 2.125, 0.4, 0.3, 1.2, 2.2, 3.2, np.nan]
    frame["former_commune"] = ["Chiềng Lề", "Chiềng Lề", "+84", "Chiềng Lề", None] + ["Chiềng Lao"] * 5
    frame["programme"] = pd.array([True, True, False, None, False, False, False, False, True, None], dtype="boolean")
    frame["households_covered"] = pd.array([0, 0, 15, 80, 120, 90, 20, 40, 0, 0], dtype="Int64")
    frame["households_from"] = ["centre"] * 9 + ["none"]
    frame["fiber_km"] = [5.0, 4.0, 1.5, 1.2, 0.1, 0.2, 2.5, 0.4, 6.0, np.nan]
    frame["cluster_households"] = pd.array([None] * 7 + [12, None, None], dtype="Int64")
    frame["status_indoors"] = frame["status"]
    frame["probability"] = [0.14, 0.31, 0.29, 0.82, 0.999, 1.0, 0.97, 0.977, 0.003, np.nan]
    frame["route_passes"] = pd.array([False] * 4 + [True] * 2 + [False] * 3 + [None], dtype="boolean")
    frame["definition_id"] = "vn-center-2024"
    return _point_frame(frame)


@pytest.fixture
def communes() -> gpd.GeoDataFrame:
    south = NORTH - CELL_M * SIDE
    return gpd.GeoDataFrame(
        {
            "commune_code": ["03646", "04000"],
            "commune_name": list(COMMUNE_NAMES.values()),
            "villages": [5, 5],
            "dead": [3, 1],
            "weak": [1, 2],
            "covered": [1, 1],
            "not_assessed": [0, 1],
            "households": [325, 200],
            "households_covered": [215, 150],
            "fiber_served": [1, 2],
            "centre_4g": pd.array([True, None], dtype="boolean"),
            "centre_fiber": ["served", "near"],
            "definition_id": ["vn-center-2024"] * 2,
        },
        geometry=[box(WEST, south, WEST + 2000, NORTH), box(WEST + 2000, south, WEST + 4000, NORTH)],
        crs=CRS_9206,
    )


@pytest.fixture
def layers(grid: Grid, villages: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> Layers:
    row, col = np.mgrid[0:SIDE, 0:SIDE]
    terrain_m = (600 + 250 * np.sin(row / 5) * np.cos(col / 7)).astype(np.float32)
    cells = pd.DataFrame(
        {
            "site_id": ["SLA-0001", "SLA-0001", "SLA-0002", "SLA-0003"],
            "cell_id": ["SLA-0001-1", "SLA-0001-2", "SLA-0002-1", "SLA-0003-1"],
            "operator": ["viettel", "viettel", "vnpt", "viettel"],
            "technology": ["2g", "4g", "4g", "4g"],
            "freq_mhz": [900.0, 1800.0, 1800.0, 1800.0],
            "height_m": 33.0,
            "eirp_dbm": 62.0,
            "sensitive": pd.array([False, False, True, None], dtype="boolean"),
            "x": [WEST + 1600, WEST + 1600, WEST + 2600, WEST + 2400],
            "y": [NORTH - 3500, NORTH - 3500, NORTH - 3600, NORTH - 1500],
        }
    )
    routes = gpd.GeoDataFrame(
        {"route_id": ["R1"], "name": ["Tuyến 1"], "operator": ["vnpt"], "length_km": [2.0]},
        geometry=[LineString([(WEST + 1000, NORTH - 3500), (WEST + 3000, NORTH - 3500)])],
        crs=CRS_9206,
    )
    return Layers(
        grid=grid,
        terrain_m=terrain_m,
        communes=communes,
        villages=villages,
        cells=_point_frame(cells.reindex(columns=[*CELLS_IN.names, "x", "y"]).drop(columns=["lon", "lat"])),
        fiber_routes=routes,
        files=(InputFile("sites", "data/sites/bts.csv", "ab" * 32, 1234),),
    )


@pytest.fixture
def ranked_sites() -> gpd.GeoDataFrame:
    frame = pd.DataFrame(
        {
            "rank": [1, 2],
            "site_id": ["SLA-0001", "SLA-N002"],
            "kind": ["upgrade", "new"],
            "commune_code": ["03646", "04000"],
            "commune_name": list(COMMUNE_NAMES.values()),
            "height_m": [33.0, 36.0],
            "technology": ["4g", "4g"],
            "new_households": [100, 15],
            "new_households_dead": [60, 15],
            "new_households_weak": [40, 0],
            "cost_low_usd": [8000.0, 30000.0],
            "cost_central_usd": [12000.0, 40000.0],
            "cost_high_usd": [20000.0, 60000.0],
            "cumulative_households": [100, 115],
            "villages": ["Bản Tà; Bản Pá", "Bản Sọ"],
            "village_ids": ["03646-ta-2;03646-pa-4", "04000-so-4"],
            "households_per_1000_usd": [8.3333, 0.375],
            "terrain_m": [650.0, 720.0],
            "road_km": [0.1, 1.5],
            "power_km": [0.0, 2.5],
            "backhaul": ["existing", "microwave"],
            "backhaul_km": [0.0, 12.0],
            "reason": ["", ""],
            "x": [WEST + 1600, WEST + 2500],
            "y": [NORTH - 3500, NORTH - 600],
        }
    )
    return _point_frame(frame)


@pytest.fixture
def fiber_plan() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "rank": [1],
            "villages": ["Bản Kẻ; Bản Sọ"],
            "village_ids": ["04000-ke-2;04000-so-4"],
            "households": [45],
            "length_km": [3.4],
            "cost_low_usd": [17000.0],
            "cost_central_usd": [34000.0],
            "cost_high_usd": [68000.0],
            "cost_per_household_usd": [755.5556],
            "commune_code": ["04000"],
        },
        geometry=[LineString([(WEST + 2500, NORTH - 2500), (WEST + 2500, NORTH - 500)])],
        crs=CRS_9206,
    )


@pytest.fixture
def result(
    study: Study,
    layers: Layers,
    signal: Signal,
    villages: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    ranked_sites: gpd.GeoDataFrame,
    fiber_plan: gpd.GeoDataFrame,
) -> Result:
    indicators = pd.DataFrame(
        {
            "indicator": [
                "villages",
                "villages_with_signal",
                "villages_dead",
                "villages_with_technology",
                "stations",
                "villages_dead",
            ],
            "area": ["Sơn La"] * 5 + ["03646"],
            "area_kind": ["province"] * 5 + ["commune"],
            "area_name": ["Sơn La"] * 5 + ["Phường Tô Hiệu"],
            "technology": [None, "3g+4g+5g", "3g+4g+5g", "4g", None, "3g+4g+5g"],
            "operator": ["any", "any", "any", "viettel", "vnpt", "any"],
            "numerator": [10.0, 5.0, 4.0, 4.0, 1.0, 3.0],
            "denominator": [np.nan, 9.0, 9.0, 9.0, np.nan, 5.0],
            "percent": [np.nan, 500 / 9, 400 / 9, 400 / 9, np.nan, 60.0],
            "definition_id": ["vn-center-2024"] * 6,
        }
    )
    ending = villages.set_index("village_id").loc[["03646-ta-2", "04000-so-4"]].reset_index()
    lost = pd.DataFrame(
        ending[["village_id", "name", "commune_code", "commune_name", "households", "people", "has_power"]]
    )
    lost["last_day"], lost["technology"] = ["2026-09-15", "2028-09-30"], ["2g", "3g"]
    lost["status_before"], lost["definition_id"] = ["covered", "weak"], "vn-center-2024"
    return Result(
        study, layers, signal, villages, communes, indicators, ranked_sites, fiber_plan,
        switch_offs=lost[SWITCH_OFFS.names], timings_s={"signal": 1.25},
    )  # fmt: skip
