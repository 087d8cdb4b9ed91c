"""Elements of OpenStreetMap -> the layers of a study."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from coverage.fetching.overpass import Question
from coverage.layers.position.reference import WGS84
from coverage.layers.text import clean

_HIGHEST_M = 400.0
"""No mast in the country is higher."""
_ROADS = (
    "motorway|motorway_link|trunk|trunk_link|primary|primary_link|secondary|secondary_link|tertiary|tertiary_link|"
    "unclassified|residential|living_street|service|track|road"
)
"""Ways that a vehicle can take; paths and steps are none."""

Element = Mapping[str, Any]
Answer = Mapping[str, Any]
"""As the Overpass API answers in JSON."""


@dataclass(frozen=True)
class Theme:
    """What is taken from OpenStreetMap for one layer."""

    layer: str
    """Name of the layer in the study."""
    question: Question
    rows: Callable[[Iterable[Element]], gpd.GeoDataFrame]
    around: bool = False
    """Whether what lies in the margin around the area counts too."""

    def frame(self, answers: Iterable[Answer], area: BaseGeometry) -> tuple[gpd.GeoDataFrame, list[str]]:
        """Return the rows of answers that meet an area, each element once, by id; and the days of the answers' data."""
        shapely.prepare(area)
        parts, days = [self.rows(())], set()
        for answer in answers:
            part = self.rows(answer["elements"])
            parts.append(part[shapely.intersects(area, part.geometry.to_numpy())])
            days.add(str(answer.get("osm3s", {}).get("timestamp_osm_base", ""))[:10])
        frame = pd.concat([part for part in parts if len(part)] or parts[:1])
        key = frame.columns[0]
        return frame.drop_duplicates(key).sort_values(key, ignore_index=True), sorted(days - {""})


def _villages(elements: Iterable[Element]) -> gpd.GeoDataFrame:
    return _points(elements, lambda tags: {
        "name": clean(tags.get("name")) or clean(tags.get("name:vi")),
        "people": _whole(tags.get("population")),
        "place": tags.get("place"),
    }, id_column="village_id", dtypes={"people": "Int64"}).dropna(subset="name")  # fmt: skip


def _masts(elements: Iterable[Element]) -> gpd.GeoDataFrame:
    return _points(elements, lambda tags: {
        "height_m": _height_m(tags.get("height")),
        "owner": clean(tags.get("operator")),
        "label": clean(tags.get("name")),
    }, id_column="site_id", dtypes={"height_m": "float64"})  # fmt: skip


def _buildings(elements: Iterable[Element]) -> gpd.GeoDataFrame:
    return _points(elements, lambda tags: {"kind": tags.get("building")}, id_column="osm")


def _roads(elements: Iterable[Element]) -> gpd.GeoDataFrame:
    return _lines(elements, lambda tags: {
        "class": tags.get("highway"),
        "name": clean(tags.get("name")) or clean(tags.get("ref")),
    })  # fmt: skip


def _power_lines(elements: Iterable[Element]) -> gpd.GeoDataFrame:
    return _lines(elements, lambda tags: {"voltage_kv": _voltage_kv(tags.get("voltage")), "kind": tags.get("power")},
                  dtypes={"voltage_kv": "float64"})  # fmt: skip


THEMES = {
    "villages": Theme("villages", Question('node["place"~"^(village|hamlet)$"];', "body", 0.5), _villages),
    "roads": Theme("roads", Question(f'way["highway"~"^({_ROADS})$"];', "tags geom", 0.5), _roads, around=True),
    "power_lines": Theme(
        "power_lines",
        Question('way["power"~"^(line|minor_line|cable)$"];', "tags geom", 0.5),
        _power_lines,
        around=True,
    ),
    "masts": Theme(
        "candidates",
        Question(
            'nwr["man_made"="communications_tower"];'
            'nwr["man_made"~"^(mast|tower)$"]["tower:type"="communication"];'
            'nwr["man_made"~"^(mast|tower)$"][~"^communication:"~"."];',
            "center",
            0.5,
        ),
        _masts,
        around=True,
    ),
    "buildings": Theme("buildings", Question('wr["building"]["building"!="no"];', "tags center", 0.25), _buildings),
}
"""By the name under which they are fetched."""


def _points(
    elements: Iterable[Element],
    columns: Callable[[Mapping[str, str]], dict[str, Any]],
    *,
    id_column: str,
    dtypes: Mapping[str, str] | None = None,
) -> gpd.GeoDataFrame:
    """Return a point for each element: a node's own, the centre of others."""
    rows, x, y = [], [], []
    for element in elements:
        place = element.get("center", element)
        if "lon" in place and "lat" in place:
            rows.append({id_column: _id(element), **columns(element.get("tags", {}))})
            x.append(float(place["lon"]))
            y.append(float(place["lat"]))
    names = [id_column, *columns({})]
    frame = pd.DataFrame(rows, columns=names).astype(dict(dtypes or {}))
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(x, y), crs=WGS84)


def _lines(
    elements: Iterable[Element],
    columns: Callable[[Mapping[str, str]], dict[str, Any]],
    *,
    dtypes: Mapping[str, str] | None = None,
) -> gpd.GeoDataFrame:
    """Return the line of each way that has one."""
    rows, shapes = [], []
    for element in elements:
        # An element that reaches out of what the server knows has null for such nodes.
        places = [(node["lon"], node["lat"]) for node in element.get("geometry", ()) if node]
        if len(set(places)) >= 2:
            rows.append({"osm": _id(element), **columns(element.get("tags", {}))})
            shapes.append(shapely.LineString(places))
    frame = pd.DataFrame(rows, columns=["osm", *columns({})]).astype(dict(dtypes or {}))
    return gpd.GeoDataFrame(frame, geometry=np.array(shapes, dtype=object), crs=WGS84)


def _id(element: Element) -> str:
    """Return an id that finds the element again: `osm-n12` is node 12."""
    return f"osm-{element['type'][0]}{element['id']}"


def _whole(text: str | None) -> int | None:
    """Return a whole number such as `1200` or `1 200`; None for what is none."""
    found = re.fullmatch(r"[0-9]{1,6}|[0-9]{1,3}[ .,][0-9]{3}", (text or "").strip())
    return int(re.sub("[ .,]", "", found[0])) if found else None


def _height_m(text: str | None) -> float | None:
    """Return metres of `45`, `45 m` or `45,5m`; None for other units and for what no mast has."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*m?\s*", text or "")
    height_m = float(found[1].replace(",", ".")) if found else None
    return height_m if height_m is not None and 1 <= height_m <= _HIGHEST_M else None


def _voltage_kv(text: str | None) -> float | None:
    """Return the highest voltage in kV of `110000` or `110000;22000`, which OpenStreetMap has in volts."""
    volts = [int(part) for part in re.split(r"[;,\s]+", text or "") if part.isascii() and part.isdigit()]
    return max(volts) / 1000 if volts and max(volts) > 0 else None
