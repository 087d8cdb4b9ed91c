"""Population: a raster of people, a number for each pixel -> the people of each commune, pixel by pixel."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from exactextract import exact_extract
from exactextract.raster import RasterioRasterSource
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from coverage.errors import Problem, refuse
from coverage.layers.sources import files
from coverage.layers.sources.mosaic import open_tiles
from coverage.layers.sources.raster import Raster, opened
from coverage.layers.sources.virtual import vrt_text
from coverage.study import Study

_APART = 1.5
"""Raster and villages may be counted in different years; a greater factor is reported."""


def read_population(
    study: Study, communes: gpd.GeoDataFrame, crs: CRS, *, stated: float | None = None
) -> tuple[pd.DataFrame, list[Problem]]:
    """
    Read how many people live in each pixel of each commune; a pixel on a border counts in each with its share.

    Parameters
    ----------
    study
        Names the file or its tiles, in any reference system; numbers of people, which are summed and never
        interpolated.
    communes
        `code` and polygons.
    crs
        Of the positions that are returned.
    stated
        People of all villages, where that is known.

    Returns
    -------
    tuple
        `commune` (row number in `communes`), `x_m`, `y_m` and `people` of every part of a pixel with people in it; and
        what is wrong but does not stop a run. Read by windows, a commune at a time.

    Raises
    ------
    LayerError
        The file cannot be used, or lies nowhere in the communes.
    """
    source = files.find_source(study, "population")
    raster = open_tiles(study, "population", source, holds="people in each pixel")
    if not raster.upright:
        found, expected = "pixels that are turned or run from south to north", "rows from north to south"
        raise refuse(raster.name, found, expected, "Warp it to a north-up raster by sums.", kind="turned_raster")
    shapes = communes.geometry.to_crs(raster.crs)
    extent = shapely.union_all([shapely.box(*bounds) for bounds in raster.tiles or (raster.bounds,)])
    if not shapes.intersects(extent).any():
        remedy = "Check its reference system, or supply the raster of this area."
        raise refuse(raster.name, "a raster that lies in no commune", "one that covers them", remedy, kind="far_away")
    tally, to_crs = _Tally(), Transformer.from_crs(raster.crs, crs, always_xy=True)
    parts = []
    for row, (x, y, people) in enumerate(_by_commune(raster, shapes, tally)):
        x_m, y_m = to_crs.transform(x, y)
        # Quarters of a metre and seven digits are enough, and a country has 33 million pixels.
        columns = {"commune": np.full(len(x), row, np.int32), "x_m": x_m, "y_m": y_m, "people": people}
        parts.append(pd.DataFrame(columns).astype(dict.fromkeys(("x_m", "y_m", "people"), np.float32)))
    # A raster that was cut along the communes ends within half a pixel of them.
    whole = extent.buffer(raster.transform.a / 2)
    outside = communes["code"][~shapes.within(whole).to_numpy()].tolist()
    return pd.concat(parts, ignore_index=True), list(_problems(raster.name, tally, outside, len(communes), stated))


@dataclass
class _Tally:
    """What was seen."""

    people: float = 0.0
    negative: int = 0
    example: float = 0.0

    def known(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return a mask of pixels with people, and count those that cannot be."""
        below = values < 0
        if below.any():
            self.negative += int(below.sum())
            self.example = float(values[below][0])
        return np.isfinite(values) & (values > 0)


def _by_commune(
    raster: Raster, shapes: gpd.GeoSeries, tally: _Tally
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    """Yield x and y of pixels, in the system of the raster, and the people of them that live in each shape."""
    # The tiles of a mosaic are such a text already; it turns any nodata, declared or masked, into NaN.
    text = raster.path if raster.tiles else vrt_text([raster], raster.transform, raster.shape, raster.crs)
    asked = ["values", "coverage", "center_x", "center_y"]
    with opened(text, ("VRT",)) as dataset:
        source = RasterioRasterSource(dataset)
        for shape in shapes:
            feature = gpd.GeoDataFrame(geometry=[shape], crs=dataset.crs)
            found = exact_extract(source, feature, asked, output="pandas").iloc[0]
            values, share, x, y = (np.asarray(found[name], dtype=float) for name in asked)
            known = tally.known(values)
            people = values[known] * share[known]
            tally.people += float(people.sum())
            yield x[known], y[known], people


def _problems(name: str, tally: _Tally, outside: list[str], communes: int, stated: float | None) -> Iterator[Problem]:
    if tally.negative:
        found = f"{tally.negative:,} pixels of less than nobody (first: {tally.example:g})"
        remedy = "They count as empty; declare the value of voids as the file's nodata."
        yield Problem(name, found, "numbers of people, 0 or more", remedy, fatal=False, kind="negative_population")
    if outside:
        found = f"no raster for {len(outside)} of {communes} communes, or for a part of them (first: {outside[0]})"
        remedy = "Supply the tiles that are missing; people there are not counted."
        yield Problem(name, found, "a raster that covers every commune", remedy, fatal=False, kind="population_partial")
    if tally.people == 0:
        remedy = "Check the file; until then it is not used."
        yield Problem(name, "nobody in any commune", "people", remedy, fatal=False, kind="nobody_in_raster")
    elif stated and not 1 / _APART <= tally.people / stated <= _APART:
        found = f"{tally.people:,.0f} people in the communes, while their villages have {stated:,.0f}"
        remedy = "Check that each pixel holds a number of people, not people per km², and of which year."
        yield Problem(name, found, "about the same number", remedy, fatal=False, kind="population_differs")
