"""What GIS people open beside the rasters: every table and layer of a run in one GeoPackage, in WGS 84."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio

from coverage.columns.inputs import FIBER_ROUTES_IN
from coverage.columns.plans import FIBER_PLAN, RANKED_SITES, VILLAGE_IDS
from coverage.columns.results import CELLS, COMMUNES
from coverage.columns.schema import Column, Table
from coverage.outputs.tables import select, village_columns
from coverage.result import Result

_WGS84 = "EPSG:4326"
_GEOMETRY = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}
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
    cells = result.layers.cells
    layers: list[tuple[str, gpd.GeoDataFrame, Sequence[Column], str]] = [
        ("villages", result.villages, village_columns(result.signal, result.villages), "point"),
        ("communes", result.communes, COMMUNES.columns, "polygon"),
        ("cells", cells.assign(cell=np.arange(len(cells))), CELLS.columns, "point"),
        ("ranked_sites", result.ranked_sites, (*RANKED_SITES.columns, VILLAGE_IDS), "point"),
        ("fiber_plan", result.fiber_plan, (*FIBER_PLAN.columns, VILLAGE_IDS), "line"),
    ]
    if result.layers.fiber_routes is not None:
        layers.append(("fiber_routes", result.layers.fiber_routes, FIBER_ROUTES_IN.columns, "line"))
    with _date_stamp(f"{result.as_of:%Y-%m-%d}T00:00:00.000Z"):
        for name, frame, columns, kind in layers:
            _write_layer(path, name, frame, columns, kind)
    for name, frame, _, _ in layers:
        if (written := pyogrio.read_info(path, layer=name)["features"]) != len(frame):
            raise OSError(f"layer {name} holds {written} of {len(frame)} features")


def write_layer(path: Path, name: str, frame: gpd.GeoDataFrame, table: Table, *, day: datetime.date) -> None:
    """Write one table as a GeoPackage of its own, dated by the day of the assessment."""
    with _date_stamp(f"{day:%Y-%m-%d}T00:00:00.000Z"):
        _write_layer(path, name, frame, table.columns, table.geometry or "point")


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
