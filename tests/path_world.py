"""A strip of country to lay paths over: flat ground at 500 m, 22 km long, with walls and voids at will."""

from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer

WEST, NORTH, CELL_M, ROWS, COLS = 480_000.0, 2_360_000.0, 100.0, 30, 220
_TO_DEGREES = Transformer.from_crs("EPSG:9206", "EPSG:4326", always_xy=True)


def flat() -> NDArray[np.float32]:
    return np.full((ROWS, COLS), 500, dtype=np.float32)


def at(row: float, col: float) -> tuple[float, float]:
    """Longitude and latitude of the centre of a pixel."""
    lon, lat = _TO_DEGREES.transform(WEST + (col + 0.5) * CELL_M, NORTH - (row + 0.5) * CELL_M)
    return lon, lat


def end(row: float, col: float, height_m: float | None = None) -> str:
    """The same as an end of a path is written."""
    lon, lat = at(row, col)
    return f"{lon:.8f},{lat:.8f}" + ("" if height_m is None else f",{height_m:g}")


def write_study(folder: Path, terrain_m: NDArray[np.float32] | None = None, *, more: str = "") -> Path:
    """Write a study whose only file is its terrain; returns coverage.toml."""
    terrain_m = flat() if terrain_m is None else terrain_m
    with rasterio.open(
        folder / "terrain.tif", "w", driver="GTiff", width=COLS, height=ROWS, count=1, dtype="float32", nodata=np.nan,
        crs="EPSG:9206", transform=Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH),
    ) as file:  # fmt: skip
        file.write(terrain_m, 1)
    absent = "\n".join(f'{layer} = "{layer}.csv"' for layer in ("communes", "villages", "sites"))
    study = folder / "coverage.toml"
    study.write_text(
        f'[study]\nlanguage = "en"\n[layers]\n{absent}\nterrain = "terrain.tif"\n[grid]\ncrs = "EPSG:9206"\n{more}',
        encoding="utf-8",
    )
    return study
