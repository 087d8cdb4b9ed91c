"""The reference system of a layer: what its file or the study says of it, and how it is said to people."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from coverage.errors import refuse
from coverage.layers.position.vn2000 import by_projection, refused
from coverage.study import Study

WGS84 = CRS.from_epsg(4326)


@lru_cache(maxsize=64)
def transformer(source: CRS, target: CRS) -> Transformer:
    """Return what turns x and y of one system into those of another; PROJ looks long for the way."""
    return Transformer.from_crs(source, target, always_xy=True)


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


def bounds_text(bounds: NDArray[np.float64] | tuple[float, float, float, float]) -> str:
    """Return bounds in WGS 84 as a person reads them."""
    west, south, east, north = bounds
    return f"longitude {west:.3f}…{east:.3f}, latitude {south:.3f}…{north:.3f}"


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
