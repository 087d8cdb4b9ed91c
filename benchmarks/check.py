"""`coverage check` on studies of growing size: is it linear, and what does it take? `python -m benchmarks.check`."""

import datetime
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from affine import Affine

from benchmarks.machine import describe
from coverage import load_study
from coverage.layers import check_study

SIZES = (12_500, 25_000, 50_000, 100_000)
"""Villages; cells, housing and routes grow with them as in the sample: four, five and three fifths to a village."""
_CRS = "EPSG:9206"
_WEST_M, _SOUTH_M, _SIDE_M, _AREAS = 400_000.0, 2_250_000.0, 200_000.0, 12


def write_study(folder: Path, villages: int) -> Path:
    """Write a study of flat land, square communes and evenly strewn villages; return its coverage.toml."""
    random = np.random.default_rng(villages)
    edges = np.linspace(0.0, _SIDE_M, _AREAS + 1)
    lows = [(x, y) for x in edges[:-1] for y in edges[:-1]]
    step = edges[1]
    boxes = [shapely.box(_WEST_M + x, _SOUTH_M + y, _WEST_M + x + step, _SOUTH_M + y + step) for x, y in lows]
    codes = [f"{code:05d}" for code in range(len(boxes))]
    communes = gpd.GeoDataFrame({"code": codes, "name": [f"Xã {code}" for code in codes]}, geometry=boxes, crs=_CRS)
    communes.to_file(folder / "communes.gpkg")

    where = random.uniform(0.0, _SIDE_M, (villages, 2))
    homes = np.minimum((where // step).astype(int), _AREAS - 1) @ (_AREAS, 1)
    degrees = _degrees(where)
    table = pd.DataFrame({"village_id": np.arange(villages), "name": [f"Bản {n}" for n in range(villages)]})
    table["commune_code"] = np.array(codes)[homes]
    table = table.assign(**degrees, households=50, people=200, has_power="có")
    table.to_csv(folder / "villages.csv", index=False)
    housing = table.loc[table.index.repeat(5), ["village_id", "lon", "lat"]].assign(households=10)
    housing.to_csv(folder / "housing.csv", index=False)
    masts = table.loc[table.index[::3], ["lon", "lat"]].round(6)
    cells = masts.loc[masts.index.repeat(12)].reset_index(drop=True)
    sector, mast = cells.index % 3, cells.index // 12
    cells = cells.assign(site_id=mast, operator="viettel", technology="4g", freq_mhz=700 + 10 * (cells.index // 3 % 4))
    cells = cells.assign(bandwidth_mhz=10, height_m=33, azimuth_deg=120 * sector, eirp_dbm=62)
    cells.to_csv(folder / "bts.csv", index=False)
    far = villages * 3 // 5
    ways = random.uniform(-3000.0, 3000.0, (far, 8, 2)).cumsum(axis=1) / 4 + where[:far, None] + (_WEST_M, _SOUTH_M)
    lines = gpd.GeoDataFrame(geometry=shapely.linestrings(ways), crs=_CRS)
    lines.assign(route_id=np.arange(far), length_km=lines.length / 1000).to_file(folder / "routes.gpkg")
    side = int(_SIDE_M * 1.2 / 200)
    profile = {"driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": "float32", "crs": _CRS}
    corner = Affine(200.0, 0.0, _WEST_M - _SIDE_M * 0.1, 0.0, -200.0, _SOUTH_M + _SIDE_M * 1.1)
    with rasterio.open(folder / "terrain.tif", "w", transform=corner, **profile) as terrain:
        terrain.write(np.full((side, side), 500.0, dtype=np.float32), 1)
    names = {"communes": "communes.gpkg", "villages": "villages.csv", "housing": "housing.csv", "sites": "bts.csv"}
    names |= {"fiber_routes": "routes.gpkg", "terrain": "terrain.tif"}
    text = "[layers]\n" + "".join(f'{layer} = "{file}"\n' for layer, file in names.items())
    (folder / "coverage.toml").write_text(text, encoding="utf-8")
    return folder / "coverage.toml"


def _degrees(where: np.ndarray) -> dict[str, np.ndarray]:
    points = gpd.GeoSeries.from_xy(_WEST_M + where[:, 0], _SOUTH_M + where[:, 1], crs=_CRS).to_crs(4326)
    return {"lon": points.x.round(6).to_numpy(), "lat": points.y.round(6).to_numpy()}


TEXT = """# What a check of layers takes

Made by `python -m benchmarks.check` on {day:%Y-%m-%d}. Machine: {machine}.

Studies made by program; the cells, housing and routes grow with the villages as in the sample. One run each.

| villages | rows | wall time, s | processor time, s | µs a row | errors | warnings |
|---|---|---|---|---|---|---|
{rows}
"""


def main() -> None:
    """Measure one study of each size, and write check.md."""
    rows = []
    for villages in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            study = load_study(write_study(Path(folder), villages))
            start, busy = time.perf_counter(), time.process_time()
            check = check_study(study)
            took_s, busy_s = time.perf_counter() - start, time.process_time() - busy
        read = sum(reading.rows for reading in check.readings)
        errors = sum(problem.fatal for problem in check.problems)
        figures = (villages, read, f"{took_s:.1f}", f"{busy_s:.1f}", f"{busy_s / read * 1e6:.0f}", errors)
        rows.append(f"| {' | '.join(map(str, (*figures, len(check.problems) - errors)))} |")
        print(rows[-1], flush=True)
    text = TEXT.format(day=datetime.date.today(), machine=describe(), rows="\n".join(rows))
    Path(__file__).with_name("check.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
