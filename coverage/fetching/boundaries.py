"""Boundaries of geoBoundaries: what they are, and the polygon of a province."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio.errors
import shapely
from shapely.geometry.base import BaseGeometry

from coverage.errors import FetchError
from coverage.fetching.folder import Errand, read_json
from coverage.fetching.server import refused
from coverage.layers.position.reference import WGS84
from coverage.layers.units.provinces import Province, province_key, provinces

LEVELS = ("ADM1", "ADM2")
"""Provinces and districts, as far as the service has them."""


def bring_boundaries(errand: Errand, base: str, levels: tuple[str, ...] = LEVELS) -> list[str]:
    """
    Fetch the boundaries of a country, and return what is to be known of them.

    Parameters
    ----------
    errand
        Where to, and who watches.
    base
        Address of the API with product and country, such as `…/api/current/gbOpen/VNM`.
    levels
        Of administration. Each has an answer of the API, which says whose boundaries they are, of which year and under
        which licence, and the GeoJSON that it names.
    """
    said = []
    for done, level in enumerate(levels):
        url = f"{base.rstrip('/')}/{level}/"
        about = f"boundaries/{level}.json"
        found = errand.bring(
            url, about, source="boundaries", check=_check_about, absent_is_answer=True, of=(2 * done, 2 * len(levels))
        )
        if found is None:
            said.append(f"boundaries: {level} does not exist there.")
            continue
        facts = _facts(found, url)
        errand.bring(
            facts["gjDownloadURL"],
            f"boundaries/{level}.geojson",
            source="boundaries",
            check=_check_shapes,
            of=(2 * done + 1, 2 * len(levels)),
        )
        year, whose, licence = (
            facts.get(key, "?") for key in ("boundaryYearRepresented", "boundarySource", "boundaryLicense")
        )
        said.append(f"boundaries: {level} as of {year}, of {whose}, licence {licence}.")
    return said


def province_shape(errand: Errand, base: str, province: Province) -> tuple[BaseGeometry, str]:
    """
    Return the polygon of a province in degrees, and how it was found.

    Parameters
    ----------
    errand, base
        As `bring_boundaries` takes them.
    province
        Of today or of before; one of today is put together from those of before where the boundaries are of before.

    Raises
    ------
    FetchError
        The boundaries cannot be fetched, or do not have it.

    Notes
    -----
    Pieces of one province, such as Côn Đảo, have names of their own and share its `shapeISO`.
    """
    bring_boundaries(errand, base, ("ADM1",))
    file = errand.folder.path / "boundaries/ADM1.geojson"
    shapes = gpd.read_file(file)
    keys = shapes["shapeName"].fillna("").map(province_key)
    gone = {province_key(other.name) for other in provinces() if not other.today}
    wanted = province.formers if keys.isin(gone).any() or not province.today else (province.name,)
    missing = [name for name in wanted if province_key(name) not in set(keys)]
    if missing:
        raise FetchError(
            f"{file}: has no {' and no '.join(missing)}; expected the polygons of {province.name}. Give the area as a "
            "polygon file, or as west,south,east,north."
        )
    chosen = keys.isin({province_key(name) for name in wanted})
    if "shapeISO" in shapes:
        codes = set(shapes.loc[chosen, "shapeISO"].dropna()) - {"", "None"}
        chosen |= shapes["shapeISO"].isin(codes)
    parts = shapes[chosen].to_crs(WGS84).geometry.make_valid()
    return shapely.union_all(parts.to_numpy()), f"geoBoundaries: {', '.join(wanted)}"


def _facts(path: Path, url: str) -> dict[str, Any]:
    """Return what the API says of a level; for all levels or countries it answers a list."""
    answer = read_json(path, url)
    facts = answer[0] if isinstance(answer, list) and answer else answer
    if not isinstance(facts, dict) or not str(facts.get("gjDownloadURL", "")).startswith(("http://", "https://")):
        raise refused(url, "JSON without gjDownloadURL", "an answer of geoBoundaries", "Check [fetch] boundaries.")
    return facts


def _check_about(part: Path, url: str) -> None:
    _facts(part, url)


def _check_shapes(part: Path, url: str) -> None:
    answer = read_json(part, url)
    features = answer.get("features") if isinstance(answer, dict) else None
    if not features:
        raise refused(url, "JSON without features", "GeoJSON of boundaries", "Try again later.")
    try:
        shapes = gpd.read_file(part, engine="pyogrio")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise refused(url, f"GeoJSON that cannot be read ({error})", "boundaries", "Try again later.") from None
    if "shapeName" not in shapes or not shapes.geom_type.isin(("Polygon", "MultiPolygon")).all():
        raise refused(url, "GeoJSON without polygons and shapeName", "boundaries", "Check [fetch] boundaries.")
