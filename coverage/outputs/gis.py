"""What GIS people open: one GeoPackage in WGS 84, and a GeoTIFF of the received level per operator and technology."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.io import DatasetReader, MemoryFile

from coverage.columns import ANY, CELLS_IN, COMMUNES, FIBER_PLAN, FIBER_ROUTES_IN, RANKED_SITES, Column
from coverage.errors import OutputError
from coverage.outputs.tables import select, village_columns
from coverage.result import Result, Signal

_WGS84 = "EPSG:4326"
_GEOMETRY = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}
_NODATA = np.int16(-32768)
_SCALE_DB = 0.1
_DTYPES = {"text": "str", "integer": "Int64", "number": "Float64", "flag": "boolean"}


def write_geopackage(result: Result, path: Path) -> None:
    """
    Write villages, communes, cells, ranked sites, fiber plan and fiber routes as layers of one GeoPackage.

    Parameters
    ----------
    result
        A finished run.
    path
        A file that does not exist yet.

    Raises
    ------
    OSError
        A layer came out shorter than it went in, as on a full disk.
    """
    layers: list[tuple[str, gpd.GeoDataFrame, Sequence[Column], str]] = [
        ("villages", result.villages, village_columns(result.signal), "point"),
        ("communes", result.communes, COMMUNES.columns, "polygon"),
        ("cells", result.layers.cells, CELLS_IN.columns, "point"),
        ("ranked_sites", result.ranked_sites, RANKED_SITES.columns, "point"),
        ("fiber_plan", result.fiber_plan, FIBER_PLAN.columns, "line"),
    ]
    if result.layers.fiber_routes is not None:
        layers.append(("fiber_routes", result.layers.fiber_routes, FIBER_ROUTES_IN.columns, "line"))
    with _date_stamp(f"{result.as_of:%Y-%m-%d}T00:00:00.000Z"):
        for name, frame, columns, kind in layers:
            _write_layer(path, name, frame, columns, kind)
    for name, frame, _, _ in layers:
        if (written := pyogrio.read_info(path, layer=name)["features"]) != len(frame):
            raise OSError(f"layer {name} holds {written} of {len(frame)} features")


def signal_name(operator: str, technology: str) -> str:
    """Return the name of a raster below the out folder, such as `signal/viettel_4g.tif`."""
    safe = re.sub(r"[^\w-]+", "-", operator)
    return f"signal/{safe}_{technology}.tif"


def level_geotiff(signal: Signal, operator: str, technology: str) -> bytes:
    """
    Return received levels as a cloud-optimised GeoTIFF: 16-bit integers of 0.1 dBm with scale, unit and nodata.

    Parameters
    ----------
    signal
        Levels of a run.
    operator, technology
        A key of `signal.levels`.
    """
    level_dbm = _level(signal, operator, technology)
    limits = np.iinfo(np.int16)
    steps = np.clip(np.round(level_dbm / _SCALE_DB), limits.min + 1, limits.max)
    values = np.where(np.isnan(level_dbm), _NODATA, steps).astype(np.int16)
    rows, cols = signal.grid.shape
    with MemoryFile() as plain, MemoryFile() as cloud:
        with plain.open(
            driver="GTiff", height=rows, width=cols, count=1, dtype="int16", nodata=int(_NODATA),
            crs=signal.grid.crs, transform=signal.grid.transform,
        ) as dataset:  # fmt: skip
            dataset.write(values, 1)
            dataset.scales, dataset.offsets, dataset.units = (_SCALE_DB,), (0.0,), ("dBm",)
            dataset.set_band_description(1, f"Received level, {operator} {technology.upper()}")
            dataset.update_tags(operator=operator, technology=technology, quantity="received level", unit="dBm")
        with plain.open() as dataset:
            rasterio.shutil.copy(
                dataset, cloud.name, driver="COG", compress="DEFLATE", predictor="YES", level="6",
                blocksize="256", overview_resampling="AVERAGE",
            )  # fmt: skip
        return bytes(cloud.getbuffer())


def open_raster(signal: Signal, operator: str = ANY, technology: str = "4g") -> DatasetReader:
    """
    Open received levels as a rasterio dataset in memory.

    Parameters
    ----------
    signal
        Levels of a run.
    operator, technology
        A key of `signal.levels`; `any` is the best of all.

    Returns
    -------
    DatasetReader
        One band of 32-bit dBm; NaN, the nodata value, is "not modelled".

    Raises
    ------
    OutputError
        No such operator or technology.
    """
    level_dbm = _level(signal, operator, technology)
    memory = MemoryFile()
    rows, cols = signal.grid.shape
    with memory.open(
        driver="GTiff", height=rows, width=cols, count=1, dtype="float32", nodata=float("nan"),
        crs=signal.grid.crs, transform=signal.grid.transform,
    ) as dataset:  # fmt: skip
        dataset.write(level_dbm.astype(np.float32), 1)
        dataset.units = ("dBm",)
    return memory.open()


def _level(signal: Signal, operator: str, technology: str) -> NDArray[np.float32]:
    level = signal.levels.get((operator, technology))
    if level is None:
        known = ", ".join("/".join(key) for key in sorted(signal.levels))
        raise OutputError(f"signal: no levels for {operator} {technology}; there are {known or 'none'}.")
    return level


def _write_layer(path: Path, name: str, frame: gpd.GeoDataFrame, columns: Sequence[Column], kind: str) -> None:
    table = select(frame, columns)
    table = table.astype({column.name: _DTYPES[column.kind] for column in columns})
    layer = gpd.GeoDataFrame(table, geometry=frame.geometry.to_numpy(), crs=frame.crs).to_crs(_WGS84)
    pyogrio.write_dataframe(
        layer, path, layer=name, driver="GPKG", geometry_type=_GEOMETRY[kind],
        promote_to_multi=kind != "point", append=path.exists(),
    )  # fmt: skip


@contextmanager
def _date_stamp(moment: str) -> Iterator[None]:
    """Make GDAL stamp files with the date of the assessment: the same result must give the same bytes."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
