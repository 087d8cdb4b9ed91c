"""A raster -> its values on a grid, strip by strip, so that no more than a strip lies in memory."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from coverage.errors import CoverageError
from coverage.grid import STRIP_ROWS, Grid, strips
from coverage.layers.sources.raster import Raster, fits, opened
from coverage.layers.sources.virtual import vrt_text

_Kind = TypeVar("_Kind", bound=np.generic)
_IN_MEMORY_PIXELS = 16_000_000
"""Rasters of more than this lie in a file: a province at 30 m does not, the country at 90 m does."""
_EXACT = 1e-9
"""Of a source pixel. GDAL's own 0.125 moves a height on a slope by metres, elsewhere in each strip."""


def onto_grid(raster: Raster, grid: Grid, *, height: int = STRIP_ROWS) -> NDArray[np.float32]:
    """
    Return the values of a raster on a grid, in metres where it is of heights.

    Pixels are kept as they are where both grids coincide, else they are interpolated linearly between pixel centres; of
    a raster finer than the grid all pixels of a cell weigh in.

    Parameters
    ----------
    raster
        Source.
    grid
        Target.
    height
        Rows at a time; the values do not depend on it.

    Returns
    -------
    NDArray
        float32 `[rows, cols]`; NaN where the source has none. A missing pixel is never blended into its neighbours.
        A large one lies in a temporary file, as `gathered` says.
    """
    column, row = ~raster.transform @ (grid.transform.c, grid.transform.f)
    aligned = np.allclose((column, row), (round(column), round(row)), atol=1e-3)
    kept = aligned and fits(raster, grid.crs, grid.cell_m)
    found = _warped(raster, grid, Resampling.nearest if kept else Resampling.bilinear, height)
    unit_m = np.float32(raster.unit_m)
    return gathered((values if unit_m == 1 else values * unit_m for values in found), grid.shape)


def nearest_by_strips(raster: Raster, grid: Grid) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """
    Give the value of a raster at the centre of every pixel of a grid, never a blend of values.

    Parameters
    ----------
    raster
        Source; one of classes may be far finer than the grid.
    grid
        Target.

    Yields
    ------
    tuple
        Rows from the top, and float32 `[rows, cols]` of them; NaN where the source has none.
    """
    found = _warped(raster, grid, Resampling.nearest, STRIP_ROWS)
    yield from zip(strips(grid.shape[0], STRIP_ROWS), found, strict=True)


def gathered(parts: Iterable[NDArray[_Kind]], shape: tuple[int, int]) -> NDArray[_Kind]:
    """
    Return strips of a raster, from the top, as one array.

    Parameters
    ----------
    parts
        `[rows, cols]` each, all of one type.
    shape
        Rows and columns of the whole.

    Returns
    -------
    NDArray
        A plain array; beyond 16 million pixels one that lies in a temporary file, which vanishes with it.

    Raises
    ------
    CoverageError
        The folder of temporary files has no room for it.
    """
    if shape[0] * shape[1] <= _IN_MEMORY_PIXELS:
        return np.concatenate(list(parts))
    try:
        # Written rather than mapped: a full disk is an error here, and the end of the process under a map.
        with tempfile.TemporaryFile() as file:
            for part in parts:
                file.write(np.ascontiguousarray(part).data)
            file.flush()
            return np.memmap(file, part.dtype, "r+", shape=shape)
    except RasterioError:  # of the source
        raise
    except OSError as error:
        raise CoverageError(
            f"{tempfile.gettempdir()}: a raster of {shape[0]:,} by {shape[1]:,} pixels could not be kept here "
            f"({error.strerror or error}); expected a folder with room for it. Free some, or name another in TMPDIR."
        ) from None


def _warped(raster: Raster, grid: Grid, resampling: Resampling, height: int) -> Iterator[NDArray[np.float32]]:
    """Give strips of a raster on a grid, from the top."""
    rows, cols = grid.shape
    across, down = (float(f"{side_m / grid.cell_m:.2g}") for side_m in raster.sides_m)
    # The tiles of a mosaic are such a text already.
    text = raster.path if raster.tiles else vrt_text([raster], raster.transform, raster.shape, raster.crs)
    same = raster.crs.equals(grid.crs, ignore_axis_order=True)
    settings: dict[str, Any] = {
        "src_crs": (grid if same else raster).crs.to_wkt(), "crs": grid.crs.to_wkt(), "transform": grid.transform,
        "height": rows, "width": cols, "nodata": np.nan, "dtype": "float32", "resampling": resampling,
        # How many cells a pixel is wide and high; GDAL works it out anew for every strip unless it is told.
        "tolerance": _EXACT, "XSCALE": across, "YSCALE": down,
    }  # fmt: skip
    with opened(text, ("VRT",)) as source, WarpedVRT(source, **settings) as warped:
        for strip in strips(rows, height):
            yield warped.read(1, window=Window(0, strip.start, cols, strip.stop - strip.start))
