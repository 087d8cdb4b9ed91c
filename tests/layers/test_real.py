"""Real files come in as they are: the communes of Sơn La, and 30 m terrain from another continent."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from pyproj import Geod

from coverage.layers import check_layers, read_layers
from coverage.study import Study
from tests.layers.conftest import box, features

DATA = (Path(__file__).parents[2] / "../shared/data").resolve()
WGS84 = Geod(ellps="WGS84")
COMMUNES = DATA / "communes_son_la.gpkg"
OUTSIDE = {"allow_outside": True}
TERRAIN = DATA / "dem_copernicus_glo30_mountains.tif"


@pytest.mark.skipif(not COMMUNES.exists(), reason="the real communes of Sơn La are not beside the repository")
def test_the_real_communes_hold_a_village_each(make_study: Callable[..., Study]) -> None:
    real = gpd.read_file(COMMUNES)
    inside = real.representative_point()
    rows = "\n".join(f"Bản {i},{point.x:.6f},{point.y:.6f},10" for i, point in enumerate(inside))
    study = make_study(communes=COMMUNES, villages=f"name,lon,lat,households\n{rows}\n", housing=None, settings=OUTSIDE)
    said = {problem.kind: problem for problem in check_layers(study) if problem.file.endswith(".gpkg")}
    # True of the real borders: three overlap their neighbours by more than a hectare, and three are drawn with
    # another area than the stated one.
    assert {kind: [real["code"][row - 1] for row in problem.at] for kind, problem in said.items()} == {
        "communes_overlap": ["03970", "03997", "04000"],
        "area_differs": ["03980", "03985", "04045"],
    }
    drawn_km2 = real.geometry.map(lambda shape: abs(WGS84.geometry_area_perimeter(shape)[0])) / 1e6
    assert real["code"][(real["areaKm2"] - drawn_km2).abs() > 0.05 * drawn_km2].tolist() == ["03980", "03985", "04045"]
    assert not any(problem.fatal for problem in said.values())
    layers = read_layers(study)
    assert len(layers.communes) == 75
    assert layers.communes["name"].tolist() == real["name"].tolist()
    assert layers.communes["area_km2"].tolist() == real["areaKm2"].tolist()
    assert layers.villages["commune_code"].tolist() == real["code"].tolist()
    assert layers.villages["commune_name"].tolist() == real["name"].tolist()
    assert layers.villages["village_id"].iloc[0] == f"{real['code'].iloc[0]}-ban-0-1"


@pytest.mark.skipif(not TERRAIN.exists(), reason="the real terrain is not beside the repository")
def test_real_terrain_in_degrees_keeps_its_heights(make_study: Callable[..., Study]) -> None:
    study = make_study(
        communes=features(({"code": "00001", "name": "Mountains"}, box(-118.5, 34.1, -118.0, 34.55))),
        villages="name,lon,lat,households\nA,-118.25,34.32,10\n",
        sites="site_id,operator,technology,lon,lat\nS,Any Tel,4G,-118.22,34.35\n",
        housing=None,
        terrain=TERRAIN,
        settings=OUTSIDE,
    )
    layers = read_layers(study)
    assert layers.grid.crs.to_epsg() == 32611
    assert 25.5 < layers.grid.cell_m < 31  # 1" is 30.8 m along the meridian and 25.5 m along the parallel
    with rasterio.open(TERRAIN) as dataset:
        lon, lat = np.meshgrid(np.linspace(-118.35, -118.15, 40), np.linspace(34.25, 34.40, 40))
        direct = np.array([value[0] for value in dataset.sample(zip(lon.ravel(), lat.ravel(), strict=True))])
    points = gpd.GeoSeries(gpd.points_from_xy(lon.ravel(), lat.ravel()), crs=4326).to_crs(layers.grid.crs)
    ours = layers.grid.sample(layers.terrain_m, points.x, points.y)
    assert np.isfinite(ours).all()
    assert abs(np.mean(ours - direct)) < 0.5
    assert np.percentile(np.abs(ours - direct), 95) < 20  # a pixel aside on a slope of 35 degrees
