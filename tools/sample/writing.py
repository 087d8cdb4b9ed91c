"""Writing: the same bytes every time, whatever the day."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
from numpy.typing import NDArray

from sample.frame import COLS, CRS, ROWS, TRANSFORM

STAMP = "2026-10-01T00:00:00.000Z"
"""The date GeoPackages carry; without it every run would differ."""


def write_terrain(path: Path, height_m: NDArray[np.float64]) -> None:
    """Write heights as whole metres."""
    options = {"compress": "deflate", "predictor": 2, "zlevel": 9, "tiled": True, "blockxsize": 256, "blockysize": 256}
    with rasterio.open(
        path, "w", driver="GTiff", dtype="int16", count=1, height=ROWS, width=COLS, crs=CRS, transform=TRANSFORM,
        nodata=-32768, **options,
    ) as file:  # fmt: skip
        file.write(np.round(height_m).astype(np.int16), 1)


def write_layer(path: Path, frame: gpd.GeoDataFrame, layer: str) -> None:
    """Write a frame to a GeoPackage in WGS 84, coordinates to five decimals (about 1 m)."""
    out = frame.to_crs("EPSG:4326")
    out.geometry = shapely.transform(out.geometry.to_numpy(), lambda points: np.round(points, 5))
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP})
    pyogrio.write_dataframe(out, path, layer=layer, driver="GPKG")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as UTF-8 CSV with Unix line ends."""
    table.to_csv(path, index=False, lineterminator="\n")
