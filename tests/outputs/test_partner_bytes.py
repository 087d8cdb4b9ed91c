"""What a partner receives, byte by byte: no id and no place of anything hidden, in whatever form it may be written."""

import base64
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import LineString

from coverage.columns.inputs import FIBER_NODES_IN
from coverage.outputs.google_earth.document import google_earth
from coverage.outputs.web_map.coverage_map import render_map
from coverage.result import Result
from tests.outputs.map_result import CRS_SON_LA, NORTH, WEST, small_result
from tests.outputs.test_web_map import data_in, decode

REDACTION_M = 1000.0
PUBLIC = ("communes", "outline", "roads", "view", "relief", "signal")
"""Of the page: borders, roads and pictures, which pass anywhere and tell of no site."""


def secretive(**settings: Any) -> Result:
    """The country seen by Viettel: VT-02 of its own is sensitive, VN-01 is VNPT's, and everything points at them."""
    result = small_result(sensitive=True, edition="partner", operator="viettel", redaction_m=REDACTION_M, **settings)
    cells = result.layers.cells
    secret = cells["site_id"] == "VN-01"
    cells.loc[secret, ["cell_id", "height_m"]] = ["CELL-VN-SECRET", 47.5]
    cells.loc[secret, "geometry"] = shapely.Point(WEST + 15_123, NORTH - 6_234)  # where no village shares a coordinate
    degrees = cells[secret].to_crs(4326).geometry
    cells.loc[secret, ["lon", "lat"]] = np.column_stack([degrees.x, degrees.y])
    routes = result.layers.fiber_routes
    assert routes is not None
    routes.loc[routes["operator"] == "vnpt", "geometry"] = LineString(
        [(WEST + 11_311, NORTH - 7_123), (WEST + 19_217, NORTH - 7_345)]
    )
    node = gpd.GeoDataFrame(
        {name: pd.Series([None], dtype=object) for name in FIBER_NODES_IN.names}
        | {"node_id": ["NODE-SECRET"], "operator": ["vnpt"]},
        geometry=[shapely.Point(WEST + 17_777, NORTH - 8_888)], crs=CRS_SON_LA,
    )  # fmt: skip
    degrees = node.to_crs(4326).geometry
    node["lon"], node["lat"] = degrees.x, degrees.y
    points_at = {
        "via": ["VN-01; NODE-SECRET", "x", "VT-02"],
        "operators": "vnpt",
        "reason": ["2,5 km tới VN-01", "", "NODE-SECRET"],
    }
    plan = result.fiber_plan.assign(feeds_sites="VN-01; VT-02")
    lines = [
        LineString([_place(cells, "VN-01"), (WEST + 15_000, NORTH - 11_000)]),
        LineString([node.geometry.iloc[0], (WEST + 12_000, NORTH - 11_500), _place(cells, "VT-02")]),
    ]
    plan = plan.set_geometry(lines, crs=CRS_SON_LA)
    return replace(
        result,
        layers=replace(result.layers, fiber_nodes=node),
        ranked_sites=result.ranked_sites.assign(**points_at),
        fiber_plan=plan,
    )


def _place(cells: gpd.GeoDataFrame, site_id: str) -> shapely.Point:
    return cells.loc[cells["site_id"] == site_id].geometry.iloc[0]


def hidden() -> gpd.GeoSeries:
    """Everything that no one may find: two masts, a node, and both ends of a route of VNPT's."""
    result = secretive()
    cells, nodes = result.layers.cells, result.layers.fiber_nodes
    assert nodes is not None
    assert result.layers.fiber_routes is not None
    route = result.layers.fiber_routes.query("operator == 'vnpt'").geometry.iloc[0]
    ends = [shapely.Point(route.coords[0]), shapely.Point(route.coords[-1])]
    places = [_place(cells, "VN-01"), _place(cells, "VT-02"), nodes.geometry.iloc[0], *ends]
    return gpd.GeoSeries(places, crs=CRS_SON_LA)


def unpacked(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """Yield bytes and whatever is packed in them: base64, ZIP, the streams and texts of PNG, and zlib."""
    yield content
    if depth > 3:
        return
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from unpacked(archive.read(name), depth + 1)
    for found in re.finditer(rb"IDAT|zTXt|iTXt", content[:200_000]):
        try:
            yield zlib.decompressobj().decompress(content[found.end() :])
        except zlib.error:
            continue
    for found in re.finditer(rb"[A-Za-z0-9+/]{40,}={0,2}", content):
        text = found[0][: len(found[0]) // 4 * 4]
        yield from unpacked(base64.b64decode(text), depth + 1)


def forms(place: shapely.Point) -> Iterator[str]:
    """Yield a place as people and programs write it: degrees at several roundings, minutes, metres of two systems."""
    for epsg in (4326, 9206, 3857, 32648, 4756):
        x, y = Transformer.from_crs(CRS_SON_LA, epsg, always_xy=True).transform(place.x, place.y)
        for value in (x, y):
            if epsg in (4326, 4756):
                yield from (f"{value:.{decimals}f}" for decimals in (4, 5, 6, 7))
                yield from (f"{int(value * 10**decimals)}" for decimals in (5, 6, 7))
                minutes = value % 1 * 60
                yield f"{int(value)}°{int(minutes):02d}'{minutes % 1 * 60:.1f}"
            else:
                yield f"{value:.1f}"
                yield f"{value:.2f}"


@pytest.fixture(scope="module", params=["html", "kmz"])
def content(request: pytest.FixtureRequest) -> bytes:
    result = secretive()
    return (
        render_map(result, language="vi").encode() if request.param == "html" else google_earth(result, language="vi")
    )


def test_no_id_of_anything_hidden_is_in_the_bytes(content: bytes) -> None:
    traces = ["VN-01", "SECRET", "R2", "vnpt", "VNPT", "47.5", "47,5"]
    encodings = ("utf-8", "utf-16-le", "utf-16-be")
    everything = list(unpacked(content))
    assert len(everything) > 5  # pictures were opened
    for part in everything:
        for trace in traces:
            if trace in ("47.5", "47,5", "R2", "VNPT", "vnpt") and part != everything[0] and b"<kml" not in part:
                continue  # two to four letters come up by chance in pixels
            assert not any(trace.encode(encoding) in part for encoding in encodings), trace


def test_no_place_of_anything_hidden_is_in_the_bytes_in_any_form(content: bytes) -> None:
    everything = list(unpacked(content))
    for place in hidden():
        for form in forms(place):
            for part in everything:
                assert form.encode() not in part, form


def test_nothing_drawn_ends_or_bends_near_anything_hidden() -> None:
    """Every coordinate of the page, whether in columns or in encoded lines; villages may lie anywhere."""
    page = data_in(render_map(secretive(), language="vi"))
    drawn = [*_columns({key: value for key, value in page.items() if key not in (*PUBLIC, "villages")})]
    assert len(drawn) > 6
    _check_far(drawn)


def test_nothing_in_google_earth_ends_or_bends_near_anything_hidden() -> None:
    text = zipfile.ZipFile(io.BytesIO(google_earth(secretive(), language="vi"))).read("doc.kml").decode()
    about = re.sub(r"<Folder><name>(Thôn/bản|Ranh giới).*?</Folder>(?=<Folder>)", "", text)
    marks = re.findall(r"<Placemark>.*?</Placemark>", about)
    ours = [mark for mark in marks if not re.search(r"#(dead|weak|covered|not_assessed|commune)<", mark)]
    drawn = [
        (float(lon), float(lat))
        for mark in ours
        for points in re.findall(r"<coordinates>(.*?)</coordinates>", mark)
        for lon, lat in (point.split(",") for point in points.split())
    ]
    assert len(drawn) > 6
    _check_far(drawn)


def _check_far(drawn: list[tuple[float, float]]) -> None:
    """Own masts stand where they stand; whatever else is drawn keeps its distance, and the sensitive one moved."""
    own = secretive().layers.cells.query("site_id in ('VT-01', 'SHARED')").to_crs(4326).geometry
    points = gpd.GeoSeries(gpd.points_from_xy(*zip(*drawn, strict=True)), crs=4326).to_crs(CRS_SON_LA)
    known = own.to_crs(CRS_SON_LA).union_all().buffer(500)
    rounded = shapely.Point(WEST + 3_000, NORTH - 3_000).buffer(500)
    for place in hidden():
        near = points[~points.within(known.union(rounded))].distance(place)
        assert near.min() > REDACTION_M - 15  # what rounding to 4 decimals moves


def _columns(data: Any) -> Iterator[tuple[float, float]]:
    if isinstance(data, dict):
        if "lon" in data and isinstance(data["lon"], list):
            yield from ((lon, lat) for lon, lat in zip(data["lon"], data["lat"], strict=True) if lon is not None)
        for key, value in data.items():
            if key == "shape":
                yield from (
                    place for text in value for part in re.split("[,;]", text) if part for place in decode(part)
                )
            else:
                yield from _columns(value)
    elif isinstance(data, list):
        for value in data:
            yield from _columns(value)


def test_the_full_edition_would_be_found_out() -> None:
    """The search itself works: it finds in the province's map what it must not find in a partner's."""
    result = secretive()
    study = result.study.model_copy(update={"map": result.study.map.model_copy(update={"edition": "full"})})
    open_to_all = replace(result, study=study)
    for content in (render_map(open_to_all, language="vi").encode(), google_earth(open_to_all, language="vi")):
        everything = list(unpacked(content))
        assert any(b"VN-01" in part for part in everything)
        for place in list(hidden())[:2]:
            assert any(form.encode() in part for form in forms(place) for part in everything)
    assert json.dumps(data_in(render_map(open_to_all, language="vi"))["sites"]).count("VN-01") == 1
    drawn = [*_columns(data_in(render_map(open_to_all, language="vi"))["plan"])]
    points = gpd.GeoSeries(gpd.points_from_xy(*zip(*drawn, strict=True)), crs=4326).to_crs(CRS_SON_LA)
    assert points.distance(hidden()[0]).min() < 15
    assert np.isfinite(points.distance(hidden()[2])).all()
