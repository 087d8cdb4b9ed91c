"""
A country small enough to count by hand: 2 communes, 3 masts, 10 villages on flat ground.

30 km × 20 km at 500 m above the sea; kilometres east and south of the north-west corner. Commune 03646 is the western
half, 03664 the eastern. Every technology reaches 3 km, so whoever is farther from a mast is without.

- Mast M1 (12.6, 10): Viettel 4G at full power: good within 3 km.
- Mast M2 (3, 3): VNPT 2G only, which is switched off.
- Mast M3 (25, 10): Viettel 4G of 15 dBm. 1 km away 15 − 27.8 (600 resource elements) − 97.5 (free space) = −110 dBm:
  weak.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from pyproj import CRS, Transformer
from rasterio.transform import from_origin
from shapely import LineString, box

WEST, NORTH = 480_000.0, 2_380_000.0
CRS_M = CRS.from_epsg(9206)

VILLAGES = [  # id, name, km east, km south, households, people, power, its housing: (households, east, south)
    ("03646-a-1", "Bản Sáng", 12.0, 9.0, 50, 210, "có", [(50, 12.0, 9.0)]),
    ("03646-a-2", "Bản Xa Nhà", 10.5, 10.0, 100, 400, "có", [(80, 10.5, 10.0), (20, 5.0, 15.0)]),
    ("03646-a-3", "Bản Hai Gờ", 3.0, 4.0, 30, 120, "có", [(30, 3.0, 4.0)]),
    ("03646-a-4", "Bản Tối", 2.0, 18.0, 40, 180, "không", [(40, 2.0, 18.0)]),
    ("03646-a-5", "Bản Đâu", None, None, 10, 45, "không", []),
    ("03664-b-1", "Bản Yếu", 25.0, 11.0, 60, 250, "có", [(60, 25.0, 11.0)]),
    ("03664-b-2", "Bản Gần", 15.2, 10.0, 35, 140, "có", [(35, 14.5, 10.0)]),
    ("03664-b-3", "Bản Cụm", 15.1, 10.5, 400, 1600, "có", [(388, 14.0, 10.5), (12, 20.0, 3.0)]),
    ("03664-b-4", "Bản Ngờ", 20.0, 18.0, 20, 80, "", [(12, 13.5, 10.0), (8, 20.0, 18.0)]),
    ("03664-b-5", "Bản Nốt", 15.05, 9.5, 25, 100, "có", [(25, 14.5, 9.5)]),
]  # fmt: skip

STATUS = {
    "03646-a-1": ("covered", "covered"),
    "03646-a-2": ("weak", "share_below"),  # 80 of 100
    "03646-a-3": ("dead", "signal_switched_off"),
    "03646-a-4": ("dead", "no_signal"),
    "03646-a-5": ("not_assessed", "no_point"),
    "03664-b-1": ("weak", "weak_centre"),
    "03664-b-2": ("covered", "covered"),
    "03664-b-3": ("weak", "unserved_cluster"),  # 388 of 400 are 97 %, but 12 lie together
    "03664-b-4": ("dead", "no_signal"),  # to be verified: 12 of 20 have signal
    "03664-b-5": ("covered", "covered"),
}

MASTS = [  # site, operator, technology, MHz, bandwidth MHz, EIRP dBm, km east, km south
    ("M1", "Viettel", "4G", 1800, 10, 62, 12.6, 10.0),
    ("M2", "VNPT", "2G", 900, 0.2, 57, 3.0, 3.0),
    ("M3", "Viettel", "4G", 1800, 10, 15, 25.0, 10.0),
]


def metres(east_km: float, south_km: float) -> tuple[float, float]:
    return WEST + 1000 * east_km, NORTH - 1000 * south_km


def lon_lat(east_km: float, south_km: float) -> tuple[float, float]:
    to_degrees = Transformer.from_crs(CRS_M, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(*metres(east_km, south_km))
    return round(lon, 7), round(lat, 7)


def build(folder: Path) -> Path:
    """Write the study into a folder and return its coverage.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_lines(folder)
    rows = ["Mã thôn;Thôn/bản;Mã xã;Số hộ;Số khẩu;Điện lưới;Kinh độ;Vĩ độ"]
    housing = ["village_id,households,lon,lat"]
    for village_id, name, east, south, households, people, power, homes in VILLAGES:
        lon, lat = ("", "") if east is None else lon_lat(east, south)
        rows.append(f"{village_id};{name};{village_id[:5]};{households};{people};{power};{lon};{lat}")
        for count, home_east, home_south in homes:
            lon, lat = lon_lat(home_east, home_south)
            housing.append(f"{village_id},{count},{lon},{lat}")
    (folder / "villages.csv").write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    (folder / "housing.csv").write_text("\n".join(housing) + "\n", encoding="utf-8")
    sites = ["site_id,operator,technology,freq_mhz,bandwidth_mhz,eirp_dbm,height_m,lon,lat"]
    for site, operator, technology, freq, bandwidth, eirp, east, south in MASTS:
        lon, lat = lon_lat(east, south)
        sites.append(f"{site},{operator},{technology},{freq},{bandwidth},{eirp},33,{lon},{lat}")
    (folder / "bts.csv").write_text("\n".join(sites) + "\n", encoding="utf-8")
    write_terrain(folder / "terrain.tif", np.full((200, 300), 500, dtype=np.int16))
    reach = "\n".join(f"[technologies.{name}]\nmax_radius_km = 3.0" for name in ("2g", "3g", "4g", "5g"))
    (folder / "coverage.toml").write_text(
        f"""[study]
name = "Đất nước nhỏ"
province = "Tỉnh Nhỏ"
as_of = 2026-10-01

[layers]
communes = "communes.gpkg"
villages = "villages.csv"
housing = "housing.csv"
sites = "bts.csv"
terrain = "terrain.tif"
fiber_routes = "fiber_routes.gpkg"
roads = "roads.gpkg"

[planning]
sites = 5
max_candidates = 40

{reach}
""",
        encoding="utf-8",
    )
    return folder / "coverage.toml"


def write_terrain(file: Path, terrain_m: np.ndarray, **options: object) -> None:
    """Write heights as a GeoTIFF of 100 m cells whose corner is the country's."""
    profile = {"driver": "GTiff", "dtype": terrain_m.dtype, "count": 1, "crs": "EPSG:9206", "nodata": -32768, **options}
    rows, cols = terrain_m.shape
    transform = from_origin(WEST, NORTH, 100, 100)
    with rasterio.open(file, "w", height=rows, width=cols, transform=transform, **profile) as raster:
        raster.write(terrain_m, 1)


def _write_lines(folder: Path) -> None:
    x0, y0 = metres(0, 20)
    x1, y1 = metres(15, 0)
    x2, _ = metres(30, 0)
    communes = {
        "code": ["03646", "03664"],
        "name": ["Tô Hiệu", "Chiềng An"],
        "geometry": [box(x0, y0, x1, y1), box(x1, y0, x2, y1)],
    }
    gpd.GeoDataFrame(communes, crs=CRS_M).to_crs(4326).to_file(folder / "communes.gpkg")
    backbone = [LineString([metres(12, 9.2), metres(25, 9.2)])]
    routes = {"route_id": ["R1"], "operator": ["VNPT"], "name": ["Tuyến 1"], "geometry": backbone}
    gpd.GeoDataFrame(routes, crs=CRS_M).to_file(folder / "fiber_routes.gpkg")
    network = [LineString([metres(0, 10), metres(30, 10)]), LineString([metres(12, 10), metres(12, 9)])]
    gpd.GeoDataFrame({"class": ["QL", "xã"], "geometry": network}, crs=CRS_M).to_file(folder / "roads.gpkg")
