"""Shapes: their reference system, their kind, and the repair of those that cross themselves."""

from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from coverage.errors import refuse
from coverage.layers.position.vn2000 import by_projection, refused
from coverage.study import Study

WGS84 = CRS.from_epsg(4326)

_FARTHEST = 1e9
"""Of any coordinate, in degrees or metres."""
_KINDS = {
    "point": {shapely.GeometryType.POINT},
    "line": {shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING},
    "polygon": {shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON},
}


def layer_crs(study: Study, layer: str, *, file: str, written: object, fallback: CRS | None) -> CRS:
    """
    Return the reference system of a layer.

    Parameters
    ----------
    study
        Its `[crs]` names the system of files that carry none.
    layer, file
        Our name of the layer, and its file's name for messages.
    written
        What the file itself says; None where it says nothing.
    fallback
        What to take where neither says anything; None to refuse.

    Raises
    ------
    LayerError
        Neither says anything, both do and differ, the study's is no reference system, or the system lies an unknown way
        from WGS 84: Hanoi-72, or one without a datum that is not plainly a projection of VN-2000.
    """
    setting = study.crs.get(layer)
    try:
        ours = None if setting is None else CRS.from_user_input(setting)
    except CRSError:
        found, expected = f"[crs] {layer} = {setting!r}", "a reference system such as EPSG:4326 or EPSG:9206"
        raise refuse("coverage.toml", found, expected, "Correct it.", kind="wrong_system_setting") from None
    theirs = None if written is None else _written_crs(written, file)
    unshifted = theirs is not None and shift_unknown(theirs)
    if theirs is not None and unshifted:
        theirs = by_projection(theirs)
    same = theirs is None or theirs.equals(ours, ignore_axis_order=True) or by_projection(theirs) == ours
    if ours is not None and theirs is not None and not same:
        found = f"coordinates in {crs_label(theirs)}, while [crs] {layer} says {setting}"
        remedy = f"Remove [crs] {layer}, or correct the file."
        raise refuse(file, found, "one reference system", remedy, kind="conflicting_system")
    crs = ours or theirs or fallback
    if crs is None and unshifted:
        found = "a reference system without a known datum, which may lie hundreds of metres off"
        remedy = f'Set {layer} = "EPSG:…" under [crs] in coverage.toml, or save the file with its datum.'
        raise refuse(file, found, "a system such as EPSG:4326 or EPSG:9206", remedy, kind="no_datum")
    reason = None if crs is None else refused(crs)
    if reason is not None:
        remedy = "Convert the coordinates to VN-2000 or WGS 84 with the parameters of their survey, then supply them."
        raise refuse(file, reason, "VN-2000 or WGS 84", remedy, kind="refused_datum")
    if crs is None:
        found, expected = "no coordinate reference system (CRS)", "one, such as EPSG:4326"
        remedy = f'Set {layer} = "EPSG:…" under [crs] in coverage.toml, or save the file with its CRS.'
        raise refuse(file, found, expected, remedy, kind="no_crs")
    return crs


def _written_crs(written: object, file: str) -> CRS:
    try:
        return CRS.from_user_input(written)
    except CRSError:
        expected, remedy = "a system such as EPSG:4326 or EPSG:9206", "Save the file with its reference system."
        found = "a reference system that cannot be read"
        raise refuse(file, found, expected, remedy, kind="no_crs") from None


def to_wgs84(shapes: gpd.GeoSeries, crs: CRS) -> gpd.GeoSeries:
    """Return flat shapes in WGS 84; a shape that lies nowhere on Earth becomes None."""
    flat = gpd.GeoSeries(shapely.force_2d(shapes.to_numpy()), index=shapes.index, crs=crs)
    moved = flat if crs.equals(WGS84, ignore_axis_order=True) else flat.to_crs(WGS84)
    return gpd.GeoSeries(_somewhere(moved), index=shapes.index, crs=WGS84)


def _somewhere(shapes: gpd.GeoSeries) -> NDArray[np.object_]:
    """Return shapes, None for one with a coordinate that is no number, or too large a one to reckon with."""
    values: NDArray[np.object_] = shapes.to_numpy().copy()
    coordinates, of = shapely.get_coordinates(values, return_index=True)
    nowhere = shapely.is_empty(values)
    nowhere[of[~(np.abs(coordinates) < _FARTHEST).all(axis=1)]] = True
    values[nowhere] = None
    return values


def of_kind(shapes: gpd.GeoSeries, kind: Literal["point", "line", "polygon"]) -> pd.Series:
    """Return a mask of shapes of a kind."""
    types = [int(each) for each in _KINDS[kind]]
    return pd.Series(np.isin(shapely.get_type_id(shapes.to_numpy()), types), index=shapes.index)


def as_points(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, pd.Series]:
    """Return shapes with a point inside in place of each polygon, lists of one opened; and a mask of polygons."""
    values, areas = _somewhere(shapes), of_kind(shapes, "polygon")
    values[areas] = shapely.point_on_surface(values[areas])
    lists = shapely.get_type_id(values) == shapely.GeometryType.MULTIPOINT
    single = lists & (shapely.get_num_geometries(values) == 1)
    values[single] = shapely.get_geometry(values[single], 0)
    return gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs), areas


def mended(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, pd.Series]:
    """Return polygons that do not cross themselves, None where no area is left; and a mask of those that did."""
    broken = ~shapely.is_valid(shapes.to_numpy()) & ~shapes.isna().to_numpy()
    values = shapes.to_numpy().copy()
    values[broken] = [_area_of(shape) for shape in shapely.make_valid(values[broken])]
    return gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs), pd.Series(broken, index=shapes.index)


def bounds_text(bounds: NDArray[np.float64] | tuple[float, float, float, float]) -> str:
    """Return bounds in WGS 84 as a person reads them."""
    west, south, east, north = bounds
    return f"longitude {west:.3f}…{east:.3f}, latitude {south:.3f}…{north:.3f}"


def _area_of(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.multipolygons(parts) if len(parts) > 1 else parts[0] if parts else None


def shift_unknown(crs: CRS) -> bool:
    """Return whether nobody has said how a system lies to WGS 84, so that PROJ would take its datum for that one."""
    try:
        ways = TransformerGroup(crs, WGS84).transformers
    except ProjError:
        return True
    return not ways or "ballpark" in ways[0].description.casefold()


def crs_label(crs: CRS) -> str:
    """Return a reference system as messages call it: its code, else its name."""
    authority = crs.to_authority()
    if authority or crs.name.casefold() not in ("unnamed", "unknown"):
        return ":".join(authority) if authority else str(crs.name)
    datum = crs.datum.name if crs.datum is not None else "an unknown datum"
    operation = crs.coordinate_operation
    meridian = [each.value for each in operation.params if each.name.startswith("Longitude")] if operation else []
    return f"a nameless system on {datum}" + (f", central meridian {meridian[0]:g}°" if meridian else "")
