"""The main job on real boundaries and on real terrain, where they are at hand."""

import csv
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from click.testing import CliRunner
from shapely import box

from coverage.cli import cli

ROOT = Path(__file__).parents[2]
REAL = ROOT / "../shared/data"
COMMUNES = REAL / "communes_son_la.gpkg"
TERRAIN = REAL / "dem_copernicus_glo30_mountains.tif"


def analyze(folder: Path) -> list[dict[str, str]]:
    done = CliRunner().invoke(cli, ["analyze", "--allow-outside", str(folder)])
    assert done.exit_code == 0, done.output
    with (folder / "maps" / "villages.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not COMMUNES.exists(), reason="the real communes are not at hand")
def test_the_sample_runs_inside_the_real_communes_of_son_la(tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["init", str(tmp_path / "study"), "--sample"])
    toml = tmp_path / "study" / "coverage.toml"
    text = toml.read_text(encoding="utf-8")
    assert 'communes = "data/boundaries/communes.gpkg"' in text
    text = text.replace("data/boundaries/communes.gpkg", COMMUNES.resolve().as_posix())
    toml.write_text(text, encoding="utf-8")
    villages = analyze(tmp_path / "study")
    assert len({row["commune_code"] for row in villages}) == 75
    assert {"dead", "weak", "covered"} <= {row["status"] for row in villages}
    communes = gpd.read_file(tmp_path / "study" / "maps" / "coverage.gpkg", layer="communes")
    assert sorted(communes["commune_code"]) == sorted(gpd.read_file(COMMUNES)["code"])


@pytest.mark.skipif(not TERRAIN.exists(), reason="the real terrain is not at hand")
def test_over_real_mountains_a_mast_on_a_summit_reaches_farther_than_one_in_a_canyon(tmp_path: Path) -> None:
    with rasterio.open(TERRAIN) as raster:
        height_m = raster.read(1)
        part = np.s_[700:1100, 700:1100]
        summit, canyon = (
            tuple(700 + np.array(np.unravel_index(find(height_m[part]), (400, 400)))) for find in (np.argmax, np.argmin)
        )
        west, south, east, north = raster.bounds
        points = {name: raster.xy(*place) for name, place in (("SUMMIT", summit), ("CANYON", canyon))}
        spread = [raster.xy(row, col) for row in range(600, 1300, 100) for col in range(600, 1300, 100)]
    communes = {"code": ["00001"], "name": ["Mountains"], "geometry": [box(west, south, east, north)]}
    gpd.GeoDataFrame(communes, crs=4326).to_file(tmp_path / "communes.gpkg")
    cells = [
        f"{name},{operator},4G,1800,10,62,33,{points[name][0]},{points[name][1]}"
        for name, operator in (("SUMMIT", "Viettel"), ("CANYON", "VNPT"))
    ]
    header = "site_id,operator,technology,freq_mhz,bandwidth_mhz,eirp_dbm,height_m,lon,lat"
    (tmp_path / "bts.csv").write_text("\n".join([header, *cells]) + "\n")
    rows = [f"v{n},Village {n},00001,{10 + n},{lon},{lat}" for n, (lon, lat) in enumerate(spread)]
    (tmp_path / "villages.csv").write_text("\n".join(["village_id,name,commune_code,households,lon,lat", *rows]) + "\n")
    (tmp_path / "coverage.toml").write_text(
        f"""[study]
as_of = 2026-10-01
language = "en"

[layers]
communes = "communes.gpkg"
villages = "villages.csv"
sites = "bts.csv"
terrain = "{TERRAIN.resolve().as_posix()}"
"""
    )
    villages = analyze(tmp_path)
    assert len(villages) == 49
    reached = {
        operator: sum(float(row[f"{operator}_4g_dbm"] or -999) >= -115 for row in villages)
        for operator in ("viettel", "vnpt")
    }
    assert reached["viettel"] > reached["vnpt"] > 0
    with rasterio.open(tmp_path / "maps" / "signal" / "any_4g.tif") as raster:
        assert raster.crs.to_epsg() == 32611
        assert raster.res[0] == raster.res[1]
