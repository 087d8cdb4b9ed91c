"""Where rows lie: shapes of a file, or columns of coordinates -> shapes in WGS 84, every inference said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from coverage.errors import refuse
from coverage.layers.draft import Draft, cell_of
from coverage.layers.position import coordinates
from coverage.layers.position.geometry import as_points, mended, of_kind, to_wgs84
from coverage.layers.position.inference import infer_system, is_shifted
from coverage.layers.position.reference import WGS84, crs_label, layer_crs, shift_unknown
from coverage.layers.position.vn2000 import by_projection
from coverage.layers.sources.vector import RawTable
from coverage.layers.text import said
from coverage.study import Study

_METRES_FROM = 1000.0
"""No longitude is a tenth of it, no easting or northing of the country below it."""


@dataclass(frozen=True)
class Land:
    """The communes, by which the reference system of metres is told."""

    communes: gpd.GeoSeries
    """In WGS 84."""
    declared: Callable[[pd.DataFrame], gpd.GeoSeries]
    """Rows of a layer -> the commune that each declares, in WGS 84; None where it declares none."""


def locate(draft: Draft, raw: RawTable, matched: Mapping[str, int], study: Study, land: Land | None) -> CRS:
    """
    Give a layer its geometry in WGS 84, and points their `lon` and `lat` in degrees.

    Parameters
    ----------
    draft
        Its texts are read; its places come from here, None where a row has none or cannot be understood.
    raw, matched
        The file's cells or shapes, and the positions of our columns in it.
    study
        Its `[crs]` names the system of files that carry none.
    land
        The communes, to tell metres without a system by; None where they cannot be used.

    Returns
    -------
    CRS
        The system that the file was read in.

    Raises
    ------
    LayerError
        A table where shapes are needed, or the system of the file and that of the study contradict each other, or
        neither says one.
    """
    nowhere = raw.geometry is None and "lon" not in matched
    if draft.table.geometry == "point" and not nowhere:
        return _locate_points(draft, raw, matched, study, land)
    if raw.geometry is not None and draft.table.geometry is not None:
        crs = _with_its_datum(draft, _layer_crs(draft, study, raw.geometry.crs, None), None)
        shapes = one_kind(draft, to_wgs84(raw.geometry.set_axis(draft.frame.index), crs))
    elif draft.table.geometry in (None, "point"):
        draft.frame[[column for column in ("lon", "lat") if column in draft.table.names]] = np.nan
        crs, shapes = WGS84, gpd.GeoSeries([None] * len(draft.frame), index=draft.frame.index, crs=WGS84)
    else:
        found, expected = "a table without shapes", f"a vector file of {draft.table.geometry}s"
        remedy = "Supply the layer as a GeoPackage, GeoJSON or shapefile."
        raise refuse(draft.file, found, expected, remedy, kind="no_shapes")
    draft.frame = draft.frame.set_geometry(shapes.rename("geometry"))
    return crs


def one_kind(draft: Draft, shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes of the kind that a layer holds, None for any other; what was changed or refused is reported."""
    kind = draft.table.geometry
    if kind == "point":
        outlines = shapes
        shapes, areas = as_points(shapes)
        if areas.any() and not draft.table.areas:
            found, remedy = "a polygon, read as a point inside it", "Give the centre itself."
            draft.report(areas, found, "a point", remedy, fatal=False, kind="polygon_for_point")
            draft.outlines = outlines.where(areas, None)
    if kind == "polygon":
        areas = of_kind(shapes, "polygon")
        mended_shapes, broken = mended(shapes.where(areas, None))
        found, remedy = "a boundary that crosses itself, repaired", "Repair the file."
        draft.report(broken, found, "a valid polygon", remedy, fatal=False, kind="crossing_boundary")
        shapes = mended_shapes.where(areas, shapes)
    wrong = ~(of_kind(shapes, kind) | shapes.isna() | shapes.is_empty) if kind else shapes.isna()
    remedy = "Supply the layer with shapes of one kind."
    draft.report(wrong, lambda row: f"a {shapes[row.name].geom_type}", f"a {kind}", remedy, kind="wrong_shape")
    return shapes.where(~(wrong | shapes.is_empty), None)


def _locate_points(draft: Draft, raw: RawTable, matched: Mapping[str, int], study: Study, land: Land | None) -> CRS:
    if raw.geometry is None:
        written, fallback = None, WGS84
        metres = _read_columns(draft, raw, matched)
    else:
        written, fallback = raw.geometry.crs, None
        points = one_kind(draft, raw.geometry.set_axis(draft.frame.index))
        draft.frame["lon"], draft.frame["lat"] = points.x.astype(float), points.y.astype(float)
        metres = bool((draft.frame[["lon", "lat"]].abs() > _METRES_FROM).all(axis=1).any())
    crs: CRS | None
    if metres and written is None and draft.table.name not in study.crs:
        _straighten(draft)
        crs = _inferred(draft, land)
    else:
        crs = _layer_crs(draft, study, written, fallback)
        _straighten(draft) if crs.is_projected else _turn_degrees(draft)
        crs = _with_its_datum(draft, crs, land)
    draft.frame = draft.frame.set_geometry(_points(draft, crs).rename("geometry"))
    if draft.outlines is not None:
        outlines = None if crs is None else mended(to_wgs84(draft.outlines, crs))[0]
        draft.outlines = None if outlines is None else _around(draft.frame.geometry, outlines)
    return crs or WGS84


def _around(points: gpd.GeoSeries, outlines: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the outlines that hold their point: one whose coordinates were read another way than written does not."""
    return outlines.where(shapely.intersects(outlines.to_numpy(), points.to_numpy()), None)


def _layer_crs(draft: Draft, study: Study, written: object, fallback: CRS | None) -> CRS:
    """Return the system of a layer, and report one that the file names by its projection alone."""
    crs = layer_crs(study, draft.table.name, file=draft.file, written=written, fallback=fallback)
    if written is not None and draft.table.name not in study.crs and shift_unknown(CRS.from_user_input(written)):
        found = f"a reference system without a known datum, read as {crs_label(crs)} by its projection"
        remedy = f'If that is right, say so: {draft.table.name} = "{crs_label(crs)}" under [crs] in coverage.toml.'
        draft.report_file(found, "a reference system with its datum", remedy, fatal=False, kind="inferred_system")
    return crs


def _with_its_datum(draft: Draft, crs: CRS, land: Land | None) -> CRS:
    """Return VN-2000 for a zone of it on the datum WGS 84, where the declared communes say so; doubt it elsewhere."""
    zone = by_projection(crs)
    if zone is None or crs.geodetic_crs is None or not crs.geodetic_crs.equals(WGS84, ignore_axis_order=True):
        return crs
    frame, epsg = draft.frame, int(zone.to_epsg() or 0)
    if "lon" in frame and land is not None and is_shifted(frame["lon"], frame["lat"], land.declared(frame), epsg):
        found = f"a zone of VN-2000 on the datum WGS 84, read as EPSG:{epsg}, which alone fits the declared communes"
        remedy = "Save the file in that system."
        draft.report_file(found, "a zone on its own datum", remedy, fatal=False, kind="inferred_system")
        return zone
    found = "a zone of VN-2000 on the datum WGS 84; read so, though most such files hold VN-2000, 220 m away"
    remedy = f'Ask where it is from; set {draft.table.name} = "EPSG:{epsg}" under [crs] if it holds VN-2000.'
    draft.report_file(found, "one datum", remedy, fatal=False, kind="doubtful_datum")
    return crs


def _read_columns(draft: Draft, raw: RawTable, matched: Mapping[str, int]) -> bool:
    """Read the columns of coordinates into `lon` and `lat`; return whether they are metres."""
    index = draft.frame.index
    if matched["lon"] == matched["lat"]:
        cells = raw.columns[matched["lon"]].set_axis(index)
        draft.frame["lon"], draft.frame["lat"], bad = coordinates.to_pair(cells)
        expected = "latitude and longitude, such as 21.327, 103.914"
        draft.report(bad, _cell_of(cells), expected, _correct(draft), column="lon", kind="not_a_coordinate")
        draft.unread["lon"] = bad
        return False
    columns = {name: raw.columns[matched[name]].set_axis(index) for name in ("lon", "lat")}
    read = {name: coordinates.to_degrees(cells) for name, cells in columns.items()}
    metres = _are_metres(pd.concat([degrees for degrees, _ in read.values()]), pd.concat(list(columns.values())))
    if metres:
        read = {name: _to_metres(cells, degrees=read[name][0]) for name, cells in columns.items()}
    expected = "metres, such as 490883.05" if metres else "degrees, such as 103.914, 103,914 or 103°54'50\""
    for name, cells in columns.items():
        draft.frame[name], bad = read[name]
        draft.report(bad, _cell_of(cells), expected, _correct(draft), column=name, kind="not_a_coordinate")
        draft.unread[name] = bad
    return metres


def _to_metres(cells: pd.Series, *, degrees: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read metres; a cell that reads as degrees, though 103.960 may be 103,960 m, is none."""
    numbers, bad = coordinates.to_metres(cells)
    angles = degrees.abs().le(180.0)
    return numbers.where(~angles), bad | angles


def _are_metres(degrees: pd.Series, cells: pd.Series) -> bool:
    """Return whether more cells hold metres than degrees; 103.914 could be either, and is degrees."""
    angles = degrees.abs().le(180.0).to_numpy()
    metres = coordinates.to_metres(cells[~angles])[0]
    return bool((metres.abs() > _METRES_FROM).sum() > angles.sum())


def _turn_degrees(draft: Draft) -> None:
    """Turn longitudes and latitudes that were swapped, and take out those that are none."""
    frame = draft.frame
    turned = coordinates.swapped(frame["lon"], frame["lat"])
    draft.report(
        turned,
        lambda row: f"longitude {row['lon']:g}, latitude {row['lat']:g}, read the other way round",
        "longitude 102…118 and latitude 8…23.5",
        "Swap the two columns.",
        fatal=False,
        kind="swapped",
    )
    _swap(frame, turned)
    for name, limit in (("lon", 180.0), ("lat", 90.0)):
        _leave_out(draft, name, frame[name].abs() > limit, f"-{limit:g}…{limit:g} degrees")


def _straighten(draft: Draft) -> None:
    """Turn northings and eastings that were swapped, and take out what is no metre or stands before it."""
    for name in ("lon", "lat"):
        _leave_out(draft, name, draft.frame[name].abs() < _METRES_FROM, "metres, as in the other rows")
    _turn_axes(draft)
    _drop_zone(draft)


def _turn_axes(draft: Draft) -> None:
    frame = draft.frame
    turned = coordinates.axes_swapped_metres(frame["lon"], frame["lat"])
    draft.report(
        turned,
        lambda row: f"X {row['lon']:.10g}, Y {row['lat']:.10g}: the northing stands first; read as easting, northing",
        "easting 200,000…900,000 m and northing 900,000…2,600,000 m",
        "Nothing, if X points north in this table, as is usual in Vietnam.",
        fatal=False,
        kind="axes_turned",
    )
    _swap(frame, turned)


def _swap(frame: pd.DataFrame, rows: pd.Series) -> None:
    frame.loc[rows, ["lon", "lat"]] = frame.loc[rows, ["lat", "lon"]].to_numpy()


def _drop_zone(draft: Draft) -> None:
    zone = coordinates.zone_in_front(draft.frame["lon"])
    draft.report(
        zone.notna(),
        lambda row: f"easting {row['lon']:.10g} with the number of its zone in front",
        "easting 200,000…900,000 m",
        "The number is left out; write the easting alone.",
        fatal=False,
        kind="zone_in_front",
    )
    draft.frame.loc[zone.notna(), "lon"] %= 1_000_000


def _inferred(draft: Draft, land: Land | None) -> CRS | None:
    """Return the reference system that puts most rows into the commune they declare, and report it either way."""
    setting = f'{draft.table.name} = "EPSG:…" under [crs] in coverage.toml'
    if land is None:
        found = "metres without a reference system, and no communes to tell it by"
        draft.report_file(found, "degrees, or a reference system", f"Set {setting}.", kind="unknown_system")
        return None
    frame = draft.frame
    inference = infer_system(frame["lon"], frame["lat"], land.declared(frame), land.communes.union_all())
    if inference.epsg is None:
        expected = "one system that puts at least 80 % of the rows into the commune they declare"
        draft.report_file(f"metres in {inference}", expected, f"Set {setting}.", kind="unknown_system")
        return None
    remedy = f'If that is right, say so: {draft.table.name} = "EPSG:{inference.epsg}" under [crs] in coverage.toml.'
    draft.report_file(f"metres, read in {inference}", "a stated system", remedy, fatal=False, kind="inferred_system")
    return CRS.from_epsg(inference.epsg)


def _points(draft: Draft, crs: CRS | None) -> gpd.GeoSeries:
    """Return the points of `lon` and `lat` in a system, none where it is unknown; write their degrees back."""
    frame = draft.frame
    if crs is None:
        frame[["lon", "lat"]] = np.nan
        draft.unread["lon"] = pd.Series(True, index=frame.index)
    whole = (frame["lon"].notna() & frame["lat"].notna()).to_numpy()
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]), index=frame.index).where(whole, None)
    placed = to_wgs84(points, crs or WGS84)
    if crs is not None and not crs.equals(WGS84, ignore_axis_order=True):
        frame["lon"], frame["lat"] = placed.x, placed.y
        nowhere = placed.isna() & whole
        found = f"a point that lies nowhere on Earth in {crs_label(crs)}"
        draft.report(nowhere, found, "a point on Earth", _correct(draft), column="lon", kind="nowhere_on_earth")
        draft.unread["lon"] = draft.misread("lon") | nowhere
    return placed


def _leave_out(draft: Draft, name: str, bad: pd.Series, expected: str) -> None:
    draft.report(bad, lambda row: said(row[name]), expected, _correct(draft), column=name, kind="out_of_range")
    draft.unread[name] = draft.misread(name) | bad
    draft.frame.loc[bad, name] = np.nan


def _cell_of(cells: pd.Series) -> Callable[[pd.Series], str]:
    return lambda row: said(cell_of(cells, row))


def _correct(draft: Draft) -> str:
    return (
        f"Correct these cells; if the table is in another reference system, set {draft.table.name} = "
        '"EPSG:…" under [crs] in coverage.toml.'
    )
