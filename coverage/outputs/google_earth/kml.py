"""KML as Google Earth reads it: elements in the order of its schema, names as text wherever they show, one KMZ."""

import datetime
import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_DECIMALS = 6
"""Digits kept of a degree: 0.1 m."""
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Letters that XML 1.0 has no way to write."""
_ONLY_DESCRIPTION = "$[description]"
"""A balloon that leaves names out: Google Earth would read them as HTML there."""

Rows = Iterable[tuple[str, str | None]]


def element(tag: str, /, *parts: ElementTree.Element | str | None, **attributes: str) -> ElementTree.Element:
    """Return an element with these children or this text; parts that are None are left out."""
    made = ElementTree.Element(tag, attributes)
    for part in parts:
        if isinstance(part, str):
            made.text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", part)
        elif part is not None:
            made.append(part)
    return made


def style(name: str, *, icon: str | None = None, colour: str = "#ffffff", scale: float = 1.0, width: float = 1.0,
          filled: bool = False) -> list[ElementTree.Element]:  # fmt: skip
    """
    Return the styles of one kind of thing: its name shows only under the pointer, or thousands would hide the map.

    Parameters
    ----------
    name
        What placemarks call it by.
    icon
        File in the KMZ; tinted in `colour`, so white where the colour is to be the one given.
    colour
        `#rrggbb` of icon and lines.
    scale, width
        Of the icon, and of lines in pixels.
    filled
        Whether areas are.
    """
    rest, held = (
        element(
            "Style",
            None if icon is None else element(
                "IconStyle", element("color", _abgr(colour)), element("scale", f"{size:g}"),
                element("Icon", element("href", icon)),
            ),
            element("LabelStyle", element("scale", label)),
            element("LineStyle", element("color", _abgr(colour)), element("width", f"{line:g}")),
            element("PolyStyle", element("fill", "1" if filled else "0")),
            element("BalloonStyle", element("text", _ONLY_DESCRIPTION)),
            id=f"{name}-{state}",
        )
        for state, size, label, line in (("rest", scale, "0", width), ("held", 1.3 * scale, "1", 2 * width))
    )  # fmt: skip
    pairs = [
        element("Pair", element("key", key), element("styleUrl", f"#{name}-{state}"))
        for key, state in (("normal", "rest"), ("highlight", "held"))
    ]
    return [rest, held, element("StyleMap", *pairs, id=name)]


def placemark(
    name: str, shape: ElementTree.Element, *, style: str, balloon: str, data: Mapping[str, str] | None = None
) -> ElementTree.Element:
    """Return a thing on the map; `data` is for programs that read the file."""
    values = [element("Data", element("value", value), name=key) for key, value in (data or {}).items()]
    return element(
        "Placemark", element("name", name), element("Snippet", maxLines="0"), element("description", balloon),
        element("styleUrl", f"#{style}"), element("ExtendedData", *values) if values else None, shape,
    )  # fmt: skip


def folder(
    name: str, *things: ElementTree.Element, shown: bool = True, one_of: bool = False, about: str | None = None
) -> ElementTree.Element:
    """Return a folder; of `one_of` only one thing shows at a time."""
    choice = element("Style", element("ListStyle", element("listItemType", "radioFolder")))
    return element(
        "Folder", element("name", name), element("visibility", "1" if shown else "0"), element("open", "0"),
        element("Snippet", maxLines="0"), None if about is None else element("description", about),
        choice if one_of else None, *things,
    )  # fmt: skip


def balloon(title: str, rows: Rows, *, above: str = "") -> str:
    """Return the HTML of a balloon, in which whatever was given is text; rows without a value are left out."""
    lines = "".join(f"<tr><td>{text(name)}</td><td dir='auto'>{text(value)}</td></tr>" for name, value in rows if value)
    said = f"<p dir='auto'>{text(above)}</p>" if above else ""
    return f"<h3 dir='auto'>{text(title)}</h3>{said}<table border='0' cellpadding='3'>{lines}</table>"


def text(given: str) -> str:
    """Return HTML that shows a text as it is; nor does Google Earth put anything in place of a `$[name]` in it."""
    return html.escape(given).replace("$[", "&#36;[")


def point(lon: float, lat: float) -> ElementTree.Element:
    """Return a point, degrees."""
    return element("Point", element("coordinates", _coordinates(np.array([[lon, lat]]))))


def line(lonlat: NDArray[np.float64]) -> ElementTree.Element:
    """Return a line on the ground, [n, 2] degrees."""
    return element("LineString", element("tessellate", "1"), element("coordinates", _coordinates(lonlat)))


def shape(geometry: BaseGeometry) -> ElementTree.Element | None:
    """Return points, lines and areas in degrees, on the ground; None where there are none."""
    parts = [_part(part) for part in shapely.get_parts(geometry) if not part.is_empty]
    return element("MultiGeometry", *parts) if len(parts) > 1 else parts[0] if parts else None


def overlay(
    name: str, image: str, bounds: Sequence[Sequence[float]], *, shown: bool, about: str
) -> ElementTree.Element:
    """Return a picture on the ground between south-west and north-east, latitude first."""
    (south, west), (north, east) = bounds
    sides = [("north", north), ("south", south), ("east", east), ("west", west)]
    return element(
        "GroundOverlay", element("name", name), element("visibility", "1" if shown else "0"),
        element("Snippet", maxLines="0"), element("description", about), element("color", "b0ffffff"),
        element("Icon", element("href", image)),
        element("LatLonBox", *(element(side, f"{degrees:.7f}") for side, degrees in sides)),
    )  # fmt: skip


def look_at(bounds: Sequence[Sequence[float]]) -> ElementTree.Element:
    """Return the view from above that holds a stretch of land."""
    (south, west), (north, east) = bounds
    metres = 111_320 * max(north - south, (east - west) * np.cos(np.radians((north + south) / 2)), 0.02)
    values = {"longitude": (west + east) / 2, "latitude": (south + north) / 2, "heading": 0, "tilt": 0}
    return element(
        "LookAt",
        *(element(key, f"{value:.5f}") for key, value in values.items()),
        element("range", f"{1.3 * metres:.0f}"),
    )


def kmz(document: Iterable[ElementTree.Element | None], files: Mapping[str, bytes], *, day: datetime.date) -> bytes:
    """Return a document and the files that it names as one KMZ, dated by a day: the same content, the same bytes."""
    root = element("kml", element("Document", *document), xmlns=_NAMESPACE)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        content = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        for name, data in {"doc.kml": content, **files}.items():
            entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return packed.getvalue()


def _part(part: BaseGeometry) -> ElementTree.Element:
    if part.geom_type == "Polygon":
        outer, *holes = (
            element("LinearRing", element("coordinates", _coordinates(shapely.get_coordinates(ring))))
            for ring in shapely.get_rings(part)
        )
        inner = [element("innerBoundaryIs", ring) for ring in holes]
        return element("Polygon", element("tessellate", "1"), element("outerBoundaryIs", outer), *inner)
    if part.geom_type == "LineString":
        return line(shapely.get_coordinates(part))
    return point(*shapely.get_coordinates(part)[0])


def _coordinates(lonlat: NDArray[np.float64]) -> str:
    return " ".join(f"{lon:.{_DECIMALS}f},{lat:.{_DECIMALS}f}" for lon, lat in lonlat)


def _abgr(colour: str) -> str:
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"ff{blue}{green}{red}"
