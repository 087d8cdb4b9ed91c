"""Tiles of terrain and land cover, and the raster of people: which of them an area needs."""

import math
import re
import warnings
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import rasterio
import rasterio.errors
import shapely
from shapely.geometry.base import BaseGeometry

from coverage.errors import FetchError
from coverage.fetching.folder import Errand
from coverage.fetching.server import refused

_MOST_TILES = 200
"""Of one degree: more than the whole country with its islands needs."""
_LISTED = re.compile(r"Copernicus_DSM_COG_10_[NS]\d{2}_00_[EW]\d{3}_00_DEM")
_TILE_LIST = "terrain/tileList.txt"


def terrain_name(west: int, south: int) -> str:
    """Return the name of the tile of Copernicus GLO-30 with a south-west corner in whole degrees."""
    return f"Copernicus_DSM_COG_10_{_lat(south)}_00_{_lon(west)}_00_DEM"


def land_cover_name(west: int, south: int) -> str:
    """Return the name of the tile of ESA WorldCover 2021 with a south-west corner in degrees, multiples of 3."""
    return f"ESA_WorldCover_10m_2021_v200_{_lat(south)}{_lon(west)}_Map.tif"


def corners(area: BaseGeometry, side: int) -> list[tuple[int, int]]:
    """Return the south-west corners of the squares of `side` degrees in which an area lies, not only touches."""
    west, south, east, north = area.bounds
    columns, rows = (
        range(math.floor(low / side) * side, math.ceil(high / side) * side, side)
        for low, high in ((west, east), (south, north))
    )
    if len(columns) * len(rows) * side**2 > 360 * 180:
        raise FetchError(f"AREA reaches from {west:g}, {south:g} to {east:g}, {north:g}; expected degrees on Earth.")
    boxes = ((x, y, shapely.box(x, y, x + side, y + side)) for x, y in product(columns, rows))
    found = [(x, y) for x, y, box in boxes if area.intersection(box).area > 0]
    if len(found) > _MOST_TILES // side:
        raise FetchError(
            f"AREA covers {len(found)} tiles of {side}°; expected at most {_MOST_TILES // side}, as for a province or "
            "the country. Choose a smaller area."
        )
    return found


def bring_terrain(errand: Errand, base: str, area: BaseGeometry) -> Iterator[str]:
    """
    Fetch the tiles of Copernicus GLO-30 that an area needs, and yield what is to be known.

    Parameters
    ----------
    errand
        Where to, and who watches.
    base
        Address of the bucket.
    area
        In degrees, with its margin.

    References
    ----------
    Bucket `copernicus-dem-30m`: a folder for each tile, `tileList.txt` with the names of all. The sea has no tiles.
    """
    places = corners(area, 1)
    url = f"{base.rstrip('/')}/tileList.txt"
    listed = errand.bring(url, _TILE_LIST, source="terrain", check=_check_list, absent_is_answer=True)
    known = set(_LISTED.findall(listed.read_text(encoding="ascii", errors="replace"))) if listed else None
    names = [terrain_name(*place) for place in places]
    land = [name for name in names if known is None or name in known]
    files = {f"terrain/{name}.tif": f"{base.rstrip('/')}/{name}/{name}.tif" for name in land}
    came = _bring_tiles(errand, files, source="terrain", absent_is_answer=known is None)
    if not came:
        raise FetchError(f"{base}: no tile of terrain for AREA; expected land. Check west,south,east,north.")
    if came < len(names):
        yield f"terrain: {len(names) - came} of {len(names)} tiles do not exist; there is sea only."


def bring_land_cover(errand: Errand, base: str, area: BaseGeometry) -> Iterator[str]:
    """Fetch the tiles of ESA WorldCover that an area needs, as `bring_terrain` does; a missing tile is sea."""
    names = [land_cover_name(*place) for place in corners(area, 3)]
    files = {f"land_cover/{name}": f"{base.rstrip('/')}/{name}" for name in names}
    came = _bring_tiles(errand, files, source="land_cover", absent_is_answer=True)
    if not came:
        raise FetchError(f"{base}: no tile of land cover for AREA; expected land. Check [fetch] land_cover.")
    if came < len(names):
        yield f"land_cover: {len(names) - came} of {len(names)} tiles do not exist; there is sea only."


def bring_population(errand: Errand, url: str, area: BaseGeometry) -> Iterator[str]:
    """Fetch the raster of people of the whole country; the study reads the part that it needs."""
    name = f"population/{url.partition('?')[0].rpartition('/')[2] or 'population.tif'}"
    _bring_tiles(errand, {name: url}, source="population", absent_is_answer=False)
    with rasterio.open(errand.folder.path / name) as raster:
        if raster.crs and raster.crs.is_geographic and not area.intersects(shapely.box(*raster.bounds)):
            yield f"population: {name} does not reach AREA; name the raster of its country under [fetch] population."


def _bring_tiles(errand: Errand, files: Mapping[str, str], *, source: str, absent_is_answer: bool) -> int:
    """Fetch files by their names in the folder, and return how many there are."""
    came = 0
    for done, (name, url) in enumerate(files.items()):
        came += bool(
            errand.bring(
                url,
                name,
                source=source,
                check=check_raster,
                absent_is_answer=absent_is_answer,
                of=(done, len(files)),
            )
        )
    return came


def check_raster(part: Path, url: str) -> None:
    """Raise FetchError where a file is not a GeoTIFF with a place on Earth that can be read to its end."""
    remedy = "The server sent something else or only a part; try again, and check the address under [fetch]."
    with part.open("rb") as file:
        begins = file.read(16)
    if begins[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        raise refused(url, f"no GeoTIFF (begins {begins!r})", "a GeoTIFF", remedy)
    try:
        # A file without a position is refused below, in one line.
        quiet = warnings.catch_warnings(action="ignore", category=rasterio.errors.NotGeoreferencedWarning)
        with quiet, rasterio.open(part, driver="GTiff") as raster:
            placed = raster.crs is not None and not raster.transform.is_identity
            for _, window in raster.block_windows(1):
                raster.read(1, window=window)
    except rasterio.errors.RasterioError as error:
        found = f"a GeoTIFF that cannot be read to its end ({str(error).splitlines()[0]})"
        raise refused(url, found, "a whole GeoTIFF", remedy) from None
    if not placed:
        raise refused(url, "a TIFF without a place on Earth", "a GeoTIFF", remedy)


def _check_list(part: Path, url: str) -> None:
    if not _LISTED.search(part.read_text(encoding="ascii", errors="replace")):
        raise refused(url, "no list of tiles", "names of tiles, one a line", "Check the address under [fetch] terrain.")


def _lat(degrees: int) -> str:
    return f"{'N' if degrees >= 0 else 'S'}{abs(degrees):02d}"


def _lon(degrees: int) -> str:
    return f"{'E' if degrees >= 0 else 'W'}{abs(degrees):03d}"
