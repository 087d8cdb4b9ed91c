"""Frame: the rectangle of the sample, in which every other part works in metres from its north-west corner."""

import numpy as np
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

CRS = "EPSG:9206"
"""VN-2000, TM-3 with central meridian 104°00′: the projection of Sơn La."""
CELL_M = 90.0
ROWS, COLS = 2048, 2304
WEST_M, NORTH_M = 411_750.0, 2_448_000.0
TRANSFORM = Affine(CELL_M, 0, WEST_M, 0, -CELL_M, NORTH_M)

_FORWARD = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
_BACK = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


def to_grid(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return metres east and south of the north-west corner."""
    x, y = _FORWARD.transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.asarray(x) - WEST_M, NORTH_M - np.asarray(y)


def to_lonlat(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return WGS 84 degrees of points given in metres east and south of the north-west corner."""
    lon, lat = _BACK.transform(np.asarray(x, float) + WEST_M, NORTH_M - np.asarray(y, float))
    return np.asarray(lon), np.asarray(lat)
