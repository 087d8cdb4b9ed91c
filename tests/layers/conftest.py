"""A study small enough to know by heart: two communes side by side, four villages, three cells, a sloping plane."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from coverage.columns.words import TECHNOLOGIES
from coverage.study import Study

WEST, SOUTH, MIDDLE, EAST, NORTH = 103.90, 21.30, 103.95, 104.00, 21.40
"""Degrees; commune 03646 lies west of MIDDLE and 03670 east of it."""

VILLAGES = """\
village_id,name,commune_code,lon,lat,households,people,has_power
v1,Bản Mòng,03646,103.910,21.310,40,180,có
v2,Bản Hụm,03646,103.920,21.350,55,250,không
v3,Bản Cọ,03670,103.960,21.330,30,140,có
v4,Bản Púng,03670,103.980,21.390,25,120,có
"""
SITES = """\
site_id,cell_id,operator,technology,freq_mhz,bandwidth_mhz,lon,lat,height_m,azimuth_deg,eirp_dbm
S1,S1-a,Viettel,LTE,1800,10,103.915,21.320,33,0,62
S1,S1-b,Viettel,LTE,1800,10,103.915,21.320,33,120,62
S2,S2-a,VinaPhone,2G,900,0.2,103.970,21.350,42,,57
"""
HOUSING = """\
village_id,lon,lat,households
v1,103.909,21.309,25
v1,103.911,21.311,15
v3,103.960,21.330,30
"""


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return a GeoJSON rectangle."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def features(*rows: tuple[Mapping[str, Any], Mapping[str, Any] | None]) -> str:
    """Return GeoJSON of rows of attributes and geometry."""
    listed = [{"type": "Feature", "properties": dict(values), "geometry": shape} for values, shape in rows]
    return json.dumps({"type": "FeatureCollection", "features": listed}, ensure_ascii=False)


COMMUNES = features(
    ({"code": "03646", "name": "Tô Hiệu", "population": 5000}, box(WEST, SOUTH, MIDDLE, NORTH)),
    ({"code": "03670", "name": "Chiềng Cơi", "population": 4000}, box(MIDDLE, SOUTH, EAST, NORTH)),
)


def write_terrain(
    path: Path, *, heights: np.ndarray | None = None, crs: str | None = "EPSG:4326", **profile: Any
) -> np.ndarray:
    """Write and return heights 0.02° around the communes: 0.001° per pixel, 500 m in the west, 1 m up each pixel."""
    if heights is None:
        heights = np.tile(500.0 + np.arange(140), (140, 1)).astype(np.float32)
    transform = profile.pop("transform", Affine(0.001, 0, WEST - 0.02, 0, -0.001, NORTH + 0.02))
    rows, cols = heights.shape[-2:]
    count = 1 if heights.ndim == 2 else len(heights)
    settings = {"driver": "GTiff", "dtype": heights.dtype, "width": cols, "height": rows, "count": count, "crs": crs}
    with rasterio.open(path, "w", transform=transform, **{**settings, **profile}) as dataset:
        dataset.write(heights.reshape(count, rows, cols))
    return heights


@pytest.fixture
def make_study(tmp_path: Path) -> Callable[..., Study]:
    """Return a function that writes the small study, with layers replaced by other text, and opens it."""

    def make(*, settings: Mapping[str, Any] | None = None, **layers: str | bytes | Path | None) -> Study:
        given: dict[str, str | bytes | Path | None] = {
            "communes": COMMUNES, "villages": VILLAGES, "sites": SITES, "housing": HOUSING, **layers,
        }  # fmt: skip
        paths = {}
        for layer, content in given.items():
            if content is None:
                continue
            if isinstance(content, Path):
                paths[layer] = content
                continue
            shapes = isinstance(content, str) and content.startswith("{")
            paths[layer] = Path(f"{layer}.{'geojson' if shapes else 'csv'}")
            file = tmp_path / paths[layer]
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        if "terrain" not in paths:
            paths["terrain"] = Path("terrain.tif")
            write_terrain(tmp_path / "terrain.tif")
        # The terrain reaches 2 to 5 km around the sites, and so do they; a longer reach would be a fault of its own.
        reach = {name: {"max_radius_km": 2.0} for name in TECHNOLOGIES}
        return Study.model_validate({"folder": tmp_path, "layers": paths, "technologies": reach, **(settings or {})})

    return make
