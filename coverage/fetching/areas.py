"""What is meant by AREA: a box, a file of polygons, or a province by name or code."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio.errors
import shapely
from shapely.geometry.base import BaseGeometry

from coverage.errors import CoverageError, FetchError
from coverage.fetching.boundaries import province_shape
from coverage.fetching.folder import Errand
from coverage.layers.communes import read_communes
from coverage.layers.position.reference import WGS84
from coverage.layers.terrain import utm
from coverage.layers.units.crosswalk import commune_key, national_crosswalk
from coverage.layers.units.provinces import Province, find_province, province_key, provinces
from coverage.study import Study

_NUMBER = r"\s*(-?\d+(?:\.\d+)?)\s*"
_BOX = re.compile(",".join([_NUMBER] * 4))
_MOST = 0.9
"""Share of a province's communes that a study must have for their union to be the province."""


@dataclass(frozen=True)
class Area:
    """Where data are fetched for."""

    name: str
    shape: BaseGeometry
    """Polygons in degrees, WGS 84."""
    known_by: str
    """How it was found, for people."""

    def around(self, margin_km: float) -> BaseGeometry:
        """Return the area with a margin."""
        placed = gpd.GeoSeries([self.shape], crs=WGS84)
        west, south, east, north = self.shape.bounds
        metres = placed.to_crs(utm((west, south, east, north)))
        wide: BaseGeometry = metres.buffer(margin_km * 1000).to_crs(WGS84).iloc[0]
        return wide


def find_area(asked: str, errand: Errand, base: str, study: Study | None) -> Area:
    """
    Return the area that is meant.

    Parameters
    ----------
    asked
        `west,south,east,north` in degrees, a file of polygons, or a province: name, with accents or without, or code.
    errand, base
        To fetch the boundaries of a province, and where from.
    study
        Its communes are the province, where it has nearly all of them; None where there is no study.

    Raises
    ------
    FetchError
        No such area.
    """
    if box := _BOX.fullmatch(asked):
        west, south, east, north = map(float, box.groups())
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise FetchError(f"AREA {asked}: is no box; expected west,south,east,north in degrees. Correct it.")
        return Area(asked, shapely.box(west, south, east, north), "a box")
    if Path(asked).is_file():
        return Area(Path(asked).stem, _polygons(Path(asked)), f"polygons of {asked}")
    province = find_province(asked)
    if province is None:
        raise FetchError(f"AREA {asked!r}: {_unknown(asked)}")
    known = _of_study(study, province)
    shape, known_by = known if known is not None else province_shape(errand, base, province)
    return Area(province.name, shape, f"{'' if province.today else 'until 30 June 2025; '}{known_by}")


def _polygons(file: Path) -> BaseGeometry:
    try:
        shapes = gpd.read_file(file, engine="pyogrio")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, ValueError) as error:
        raise FetchError(f"{file}: cannot be read ({error}); expected a file of polygons. Supply another.") from None
    if not isinstance(shapes, gpd.GeoDataFrame) or not shapes.geom_type.isin(("Polygon", "MultiPolygon")).any():
        raise FetchError(f"{file}: has no polygon; expected the area as one or several. Supply another file.")
    if shapes.crs is None:
        raise FetchError(f"{file}: has no reference system; expected one. Save it with its reference system.")
    flat = shapes[shapes.geom_type.isin(("Polygon", "MultiPolygon"))].to_crs(WGS84).geometry
    return shapely.force_2d(shapely.union_all(flat.make_valid().to_numpy()))


def _of_study(study: Study | None, province: Province) -> tuple[BaseGeometry, str] | None:
    """Return the union of a study's communes, where they are those of the province."""
    path = study.path("communes") if study is not None and province.today else None
    if study is None or path is None or not path.exists():
        return None
    try:
        communes = read_communes(study).frame
    except CoverageError:  # coverage check says what is wrong with it
        return None
    rows = national_crosswalk().rows.drop_duplicates("new_code")
    rows = rows[rows["new_province"].map(province_key) == province_key(province.name)]
    of_province = set(zip(rows["new_code"], rows["new_ward"].map(commune_key), strict=True))
    given = zip(communes["code"].fillna(""), communes["name"].fillna("").map(commune_key), strict=True)
    here = [pair in of_province for pair in given]
    if sum(here) < _MOST * len(of_province):
        return None
    shapes = communes.geometry[here].to_crs(WGS84).make_valid()
    return shapely.union_all(shapes.to_numpy()), f"the {sum(here)} communes of the study"


def _unknown(asked: str) -> str:
    """Say that an area is unknown, and which one may be meant."""
    expected = "expected a province by name or code, a file of polygons, or west,south,east,north in degrees"
    if Path(asked).suffix or "/" in asked:
        return f"no such file; {expected}. Correct it."
    names = {province_key(province.name): province.name for province in provinces()}
    near = difflib.get_close_matches(province_key(asked), names, n=3, cutoff=0.6)
    meant = f"Is {' or '.join(names[key] for key in near)} meant?" if near else "Correct it."
    return f"no such province; {expected}. {meant}"
