"""Servers on loopback that answer as the services do, and misbehave when told to."""

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import rasterio
from affine import Affine
from rasterio.io import MemoryFile

NO_SUCH_KEY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.'
    b"</Message><Key>x</Key><RequestId>4442587FB7D0A2F9</RequestId></Error>"
)
LOGIN_PAGE = b"<!DOCTYPE html>\n<html><head><title>Wifi login</title></head><body>Please log in</body></html>"


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str = ""
    at: float = field(default_factory=time.monotonic)


@dataclass
class Reply:
    """An answer, and how it is spoilt."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stop_after: int | None = None
    """Bytes after which the connection is closed."""
    silent_s: float = 0.0
    """Before anything is said."""
    chunk_s: float = 0.0
    """Between two pieces of 64 KiB."""


class Services:
    """What the servers have, what goes wrong in the next answers, and what they were asked."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[bytes, str]] = {}
        self.posts: dict[str, Callable[[str], Reply]] = {}
        self.redirects: dict[str, str] = {}
        self.faults: dict[str, list[Reply | Callable[[Reply], Reply]]] = {}
        self.asked: list[Asked] = []
        self.at_once, self.most_at_once = 0, 0
        self.lock = threading.Lock()
        self.base = ""

    def put(self, path: str, content: bytes, kind: str = "binary/octet-stream") -> None:
        self.files[path] = (content, kind)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def reply(self, asked: Asked) -> Reply:
        faults = self.faults.get(asked.path, [])
        fault = faults.pop(0) if faults else None
        if isinstance(fault, Reply):
            return fault
        reply = self._usual(asked)
        return fault(reply) if fault else reply

    def _usual(self, asked: Asked) -> Reply:
        if asked.path in self.redirects:
            return Reply(302, headers={"Location": self.redirects[asked.path]})
        if asked.method == "POST":
            return self.posts[asked.path](parse_qs(asked.body)["data"][0])
        if asked.path not in self.files:
            return Reply(404, NO_SUCH_KEY, {"Content-Type": "application/xml"})
        content, kind = self.files[asked.path]
        etag = f'"{hashlib.md5(content).hexdigest()}"'
        headers = {
            "ETag": etag,
            "Content-Type": kind,
            "Accept-Ranges": "bytes",
            "Last-Modified": formatdate(0, usegmt=True),
        }
        if asked.headers.get("If-None-Match") == etag:
            return Reply(304, headers=headers)
        begun = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("Range", ""))
        if begun and asked.headers.get("If-Range", etag) == etag:
            first = int(begun[1])
            if first >= len(content):
                return Reply(416, b"", headers | {"Content-Range": f"bytes */{len(content)}"})
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
            return Reply(206, content[first:], headers)
        return Reply(200, content, headers)


@contextmanager
def running() -> Iterator[Services]:
    """Serve on a free port of loopback."""
    services = Services()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, body: str) -> None:
            asked = Asked(self.command, self.path, dict(self.headers.items()), body)
            with services.lock:
                services.asked.append(asked)
                services.at_once += 1
                services.most_at_once = max(services.most_at_once, services.at_once)
            try:
                self._send(services.reply(asked))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                with services.lock:
                    services.at_once -= 1

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.silent_s)
            self.send_response(reply.status)
            headers = {"Content-Length": str(len(reply.body)), **reply.headers}
            for name, value in headers.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            if reply.status == 304:
                return
            body = reply.body[: reply.stop_after]
            for start in range(0, len(body), 1 << 16):
                self.wfile.write(body[start : start + (1 << 16)])
                self.wfile.flush()
                time.sleep(reply.chunk_s)
            if reply.stop_after is not None or not headers["Content-Length"]:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        services.base = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield services
        finally:
            server.shutdown()
            thread.join()


def geotiff(west: float, north: float, side_deg: float, values: np.ndarray, **profile: Any) -> bytes:
    """Return a GeoTIFF in degrees."""
    step = side_deg / values.shape[0]
    placed = {"crs": "EPSG:4326", "transform": Affine(step, 0, west, 0, -step, north)}
    shape = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": values.dtype}
    written = {"driver": "GTiff"} | shape | placed | profile
    with MemoryFile() as memory:
        with memory.open(**written) as raster:
            raster.write(values, 1)
        return bytes(memory.read())


def put_terrain(services: Services, corners: list[tuple[int, int]], *, pixels: int = 60) -> None:
    """Have tiles as the bucket of Copernicus has them: pixels stand for points, so a tile lies half a pixel aside."""
    names = [f"Copernicus_DSM_COG_10_N{south:02d}_00_E{west:03d}_00_DEM" for west, south in corners]
    services.put("/dem/tileList.txt", ("\n".join(names) + "\n").encode(), "text/plain")
    half = 0.5 / pixels
    for name, (west, south) in zip(names, corners, strict=True):
        rows = np.add.outer(np.arange(pixels), np.arange(pixels)).astype("float32") + 100 * south
        content = geotiff(
            west - half, south + 1 + half, 1.0, rows, compress="deflate", tiled=True, blockxsize=16, blockysize=16
        )
        services.put(f"/dem/{name}/{name}.tif", content, "image/tiff")


def put_land_cover(services: Services, corners: list[tuple[int, int]]) -> None:
    for west, south in corners:
        content = geotiff(west, south + 3, 3.0, np.full((60, 60), 10, "uint8"), nodata=0)
        services.put(f"/cover/ESA_WorldCover_10m_2021_v200_N{south:02d}E{west:03d}_Map.tif", content, "image/tiff")


def put_population(services: Services) -> None:
    people = np.full((120, 120), 2.5, "float32")
    services.put("/pop/vnm_ppp_2020_constrained.tif", geotiff(102.0, 23.0, 4.0, people, nodata=-99999), "image/tiff")


ABOUT = {
    "boundaryID": "VNM-ADM1-63759600",
    "boundaryName": "Viet Nam",
    "boundaryISO": "VNM",
    "boundaryYearRepresented": "2008",
    "boundaryType": "ADM1",
    "boundaryCanonical": "Provinces",
    "boundarySource": "Wikipedia",
    "boundaryLicense": "Public Domain",
    "licenseDetail": "nan",
    "licenseSource": "en.wikipedia.org",
    "buildDate": "Dec 12, 2023",
    "admUnitCount": "64",
}


def put_boundaries(services: Services, provinces: dict[str, tuple[str, tuple[float, float, float, float]]]) -> None:
    """Have the ADM1 of geoBoundaries: name -> ISO code and box; a redirect leads to the GeoJSON, as from GitHub."""
    features = []
    for name, (iso, (west, south, east, north)) in provinces.items():
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append({
            "type": "Feature",
            "properties": {"shapeName": name, "shapeISO": iso, "shapeID": f"63759600B{len(features)}",
                           "shapeGroup": "VNM", "shapeType": "ADM1"},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
        })  # fmt: skip
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    shapes = {"type": "FeatureCollection", "crs": crs, "features": features}
    raw, media = "/github/raw/geoBoundaries-VNM-ADM1.geojson", "/media/geoBoundaries-VNM-ADM1.geojson"
    services.put("/gb/ADM1/", json.dumps(ABOUT | {"gjDownloadURL": services.base + raw}).encode(), "application/json")
    services.redirects[raw] = services.base + media
    services.put(media, json.dumps(shapes, ensure_ascii=False).encode(), "application/octet-stream")


def node(number: int, lon: float, lat: float, **tags: str) -> dict[str, Any]:
    return {"type": "node", "id": number, "lat": lat, "lon": lon, "tags": tags}


def way(number: int, points: list[tuple[float, float]], **tags: str) -> dict[str, Any]:
    """Return a way with its centre and its line; an answer has only what was asked for."""
    lon, lat = (sum(values) / len(points) for values in zip(*points, strict=True))
    return {"type": "way", "id": number, "center": {"lat": lat, "lon": lon},
            "geometry": [{"lat": y, "lon": x} for x, y in points], "tags": tags}  # fmt: skip


def put_overpass(services: Services, elements: list[dict[str, Any]], *, too_much: int | None = None) -> None:
    """
    Answer questions of Overpass QL about some elements.

    Above `too_much` of them in a box, the answer is what the real server says when its time is up.
    """
    marks = {"place": "place", "highway": "highway", "power": "power", "building": "building", "man_made": "man_made"}

    def answer(text: str) -> Reply:
        south, west, north, east = map(float, re.search(r"\[bbox:([^\]]+)\]", text)[1].split(","))
        tag = next(tag for mark, tag in marks.items() if f'["{mark}"' in text)
        found = [
            element for element in elements
            if tag in element["tags"] and any(
                west <= place["lon"] <= east and south <= place["lat"] <= north
                for place in element.get("geometry", [element])
            )
        ]  # fmt: skip
        head = {
            "version": 0.6,
            "generator": "Overpass API 0.7.62.1 084b4234",
            "osm3s": {
                "timestamp_osm_base": "2026-11-20T04:05:06Z",
                "copyright": "The data included in this document is from www.openstreetmap.org. The data is made "
                "available under ODbL.",
            },
        }
        if too_much is not None and len(found) > too_much:
            remark = 'runtime error: Query timed out in "query" at line 2 after 181 seconds.'
            return as_json(head | {"elements": [], "remark": remark})
        wanted = {"center": "center", "geom": "geometry"}
        dropped = {key for mark, key in wanted.items() if not re.search(rf"out [a-z ]*{mark}", text)}
        kept = [{key: value for key, value in element.items() if key not in dropped} for element in found]
        return as_json(head | {"elements": kept})

    services.posts["/overpass"] = answer


def as_json(value: Any) -> Reply:
    return Reply(200, json.dumps(value, ensure_ascii=False).encode(), {"Content-Type": "application/json"})


def addresses(services: Services) -> dict[str, str]:
    """Return where the services are."""
    base = services.base
    return {
        "terrain": f"{base}/dem",
        "land_cover": f"{base}/cover",
        "population": f"{base}/pop/vnm_ppp_2020_constrained.tif",
        "boundaries": f"{base}/gb",
        "overpass": f"{base}/overpass",
    }


def pixel(path: Any, lon: float, lat: float) -> float:
    """Return what a raster has at a place."""
    with rasterio.open(path) as raster:
        return float(next(raster.sample([(lon, lat)]))[0])
