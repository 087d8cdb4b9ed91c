"""The signal of two runs as pictures of the same make, from the rasters that each left in its folder."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import rasterio
from pyproj import CRS
from rasterio.errors import RasterioIOError

from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.errors import CoverageError, OutputError
from coverage.grid import Grid
from coverage.outputs.signal_rasters import raster_name
from coverage.outputs.web_map.data import picture_data
from coverage.outputs.web_map.pictures import MAX_COMPARED_PIXELS, signal_pictures
from coverage.result import Comparison


def signal_before_after(comparison: Comparison) -> list[dict[str, Any]]:
    """
    Return the classes of signal, for any operator, of every technology whose raster both runs left.

    Parameters
    ----------
    comparison
        Nothing is drawn outside its communes.

    Returns
    -------
    list of dict
        `technology`, `thresholds` of the later run (good, weak; dBm), `before` and `after` as pictures of the page.

    Raises
    ------
    OutputError
        A raster is damaged.
    """
    communes = comparison.communes[comparison.communes.geometry.notna()]
    found = []
    for technology in TECHNOLOGIES:
        name = raster_name(ANY, technology, quantity="class")
        if all((run.folder / name).exists() for run in (comparison.old, comparison.new)):
            before, after = (_drawn(run.folder / name, communes) for run in (comparison.old, comparison.new))
            thresholds = list(comparison.new.study.thresholds_dbm(technology))
            found.append({"technology": technology, "thresholds": thresholds, "before": before, "after": after})
    return found


def _drawn(file: Path, communes: gpd.GeoDataFrame) -> dict[str, Any]:
    try:
        with rasterio.open(file) as dataset:
            grid = Grid(CRS.from_wkt(dataset.crs.to_wkt()), dataset.transform, dataset.shape)
            classes = {(ANY, str(file)): dataset.read(1)}
            ((_, picture),) = signal_pictures(grid, classes, communes, max_pixels=MAX_COMPARED_PIXELS)
            return picture_data(picture)
    except (RasterioIOError, AttributeError, CoverageError) as error:
        raise OutputError(
            f"{file}: {error}; the classes of signal as coverage analyze wrote them are expected. Run it "
            "again into that folder, or remove the file: the map then compares without it."
        ) from None
