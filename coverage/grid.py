"""Grid: where the pixels lie. A projected CRS, a north-up transform with square cells, a shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from coverage.errors import CoverageError

STRIP_ROWS = 1024
"""Of a country 6,500 pixels wide a strip of float32 takes 27 MB."""


def strips(rows: int, height: int = STRIP_ROWS) -> Iterator[slice]:
    """Return the rows of a raster in strips, from the top, so that work on it need not hold all of it."""
    for top in range(0, rows, height):
        yield slice(top, min(top + height, rows))


@dataclass(frozen=True)
class Grid:
    """
    Square pixels in a projected coordinate system.

    Parameters
    ----------
    crs
        Projected CRS in metres.
    transform
        North-up, cells square to 1e-6 of their size.
    shape
        Rows, columns; both at least 1.

    Raises
    ------
    CoverageError
        CRS not in metres, rotated or oblong cells, or an empty shape.
    """

    crs: CRS
    transform: Affine
    shape: tuple[int, int]

    def __post_init__(self) -> None:
        if not self.crs.is_projected or any(axis.unit_name != "metre" for axis in self.crs.axis_info[:2]):
            raise CoverageError(f"grid: {self.crs.name} is not in metres; choose a projected CRS, such as EPSG:9206.")
        step = self.transform
        if step.b or step.d or step.a <= 0 or abs(step.a + step.e) > 1e-6 * step.a:
            raise CoverageError("grid: cells must be square and north-up; warp the raster first.")
        if min(self.shape) < 1:
            raise CoverageError(f"grid: shape {self.shape} has no pixel.")

    @property
    def cell_m(self) -> float:
        """Side of a cell in metres."""
        return float(self.transform.a)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in the units of the CRS."""
        rows, cols = self.shape
        west, north = self.transform.c, self.transform.f
        return west, north + rows * self.transform.e, west + cols * self.transform.a, north

    def centre(self, row: ArrayLike, col: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x and y, in metres, of the centres of pixels."""
        x = self.transform.c + (np.asarray(col, dtype=float) + 0.5) * self.transform.a
        y = self.transform.f + (np.asarray(row, dtype=float) + 0.5) * self.transform.e
        return x, y

    def pixel(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return row and column of the pixels that hold points; -1, -1 outside the grid or where not finite."""
        col = np.floor((np.asarray(x, dtype=float) - self.transform.c) / self.transform.a)
        row = np.floor((np.asarray(y, dtype=float) - self.transform.f) / self.transform.e)
        inside = (row >= 0) & (row < self.shape[0]) & (col >= 0) & (col < self.shape[1])
        return np.where(inside, row, -1).astype(np.int64), np.where(inside, col, -1).astype(np.int64)

    def sample(self, raster: Any, x: ArrayLike, y: ArrayLike) -> NDArray[np.float32]:
        """Return the values of a `[rows, cols]` raster at points; NaN outside the grid."""
        if raster.shape != self.shape:
            raise CoverageError(f"grid: raster of shape {raster.shape} on a grid of {self.shape}.")
        row, col = self.pixel(x, y)
        return np.where(row >= 0, raster[row, col], np.float32(np.nan)).astype(np.float32)
