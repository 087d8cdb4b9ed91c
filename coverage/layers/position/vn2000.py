"""Metres in Vietnam: the systems they may be in, and which one puts the rows of a table in their declared communes."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer

ENOUGH = 0.8
"""Share of rows that must lie in their declared commune (DOMAIN.md)."""
FEWEST_ROWS = 3
"""Rows from which a system is inferred: fewer may agree by accident."""
MOST_ROWS = 5_000
"""Rows that are looked at; of more, this many are drawn, always the same ones."""

_DATUMS = {
    "VN-2000": (
        "+ellps=WGS84",
        "+x=-191.90441429 +y=-39.30318279 +z=-111.45032835 +rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 "
        "+s=0.252906278 +convention=coordinate_frame",
    ),
    "WGS 84": ("+ellps=WGS84", None),
    "Hanoi-72": ("+ellps=krass", "+x=-17.51 +y=-108.32 +z=-62.39"),
}
"""Ellipsoid, and shift to WGS 84: EPSG:6960, for the whole country; written out, because PROJ takes EPSG:5194, 0.8 m
away, in the Mekong delta. Hanoi-72's is EPSG:1544, found in Vũng Tàu: good to recognise the datum, not to use it."""


_TM3 = 0.9999
"""Scale on the central meridian of Vietnam's zones of 3°; hardly another country uses it."""


@dataclass(frozen=True)
class System:
    """A transverse Mercator projection in which a table in metres may be."""

    epsg: int
    meridian: float
    scale: float
    datum: Literal["VN-2000", "WGS 84", "Hanoi-72"]
    provinces: str = ""
    """As named before July 2025, as the EPSG register assigns them; empty for zones of the whole country."""

    @property
    def en(self) -> str:
        return self._name("central meridian")

    @property
    def vi(self) -> str:
        return self._name("kinh tuyến trục")

    def _name(self, meridian: str) -> str:
        kind = {0.9999: " TM-3", 0.9996: " UTM", 1.0: " Gauss-Krüger"}[self.scale]
        degrees, minutes = divmod(round(self.meridian * 60), 60)
        where = f", {self.provinces}" if self.provinces else ""
        return f"{self.datum}{kind}, {meridian} {degrees}°{minutes:02d}′{where}"


_9209 = (
    "Bắc Ninh, Hà Giang, Hà Tĩnh, Hải Dương, Hưng Yên, Nam Định, Sóc Trăng, Tây Ninh, Thái Bình, Trà Vinh, Vĩnh Long"
)
_9210 = "Hải Phòng, TP. Hồ Chí Minh, Bến Tre, Bình Dương, Cao Bằng, Long An, Tiền Giang"
_5899 = "Bà Rịa – Vũng Tàu, Đà Nẵng, Đồng Nai, Lâm Đồng, Quảng Nam, Quảng Ninh"
SYSTEMS = (
    System(9205, 103.00, 0.9999, "VN-2000", "Điện Biên, Lai Châu"),
    System(9206, 104.00, 0.9999, "VN-2000", "Sơn La"),
    System(9207, 104.50, 0.9999, "VN-2000", "Cà Mau, Kiên Giang"),
    System(9208, 104.75, 0.9999, "VN-2000", "An Giang, Lào Cai, Nghệ An, Phú Thọ, Yên Bái"),
    System(9209, 105.50, 0.9999, "VN-2000", _9209),
    System(9210, 105.75, 0.9999, "VN-2000", _9210),
    System(9211, 106.00, 0.9999, "VN-2000", "Hòa Bình, Quảng Bình, Tuyên Quang"),
    System(9212, 106.25, 0.9999, "VN-2000", "Bình Phước, Quảng Trị"),
    System(9213, 106.50, 0.9999, "VN-2000", "Bắc Kạn, Thái Nguyên"),
    System(9214, 107.00, 0.9999, "VN-2000", "Bắc Giang, Thừa Thiên Huế"),
    System(9215, 107.25, 0.9999, "VN-2000", "Lạng Sơn"),
    System(9216, 107.50, 0.9999, "VN-2000", "Kon Tum"),
    System(9217, 108.25, 0.9999, "VN-2000", "Bình Định, Khánh Hòa, Ninh Thuận"),
    System(9218, 108.50, 0.9999, "VN-2000", "Bình Thuận, Đắk Lắk, Đắk Nông, Gia Lai, Phú Yên"),
    System(5899, 107.75, 0.9999, "VN-2000", _5899),
    System(5896, 102.00, 0.9999, "VN-2000"),
    System(5897, 105.00, 0.9999, "VN-2000"),
    System(5898, 108.00, 0.9999, "VN-2000"),
    System(3405, 105.00, 0.9996, "VN-2000"),
    System(3406, 111.00, 0.9996, "VN-2000"),
    System(32648, 105.00, 0.9996, "WGS 84"),
    System(32649, 111.00, 0.9996, "WGS 84"),
)
"""No two are the same projection."""

_HANOI = (
    System(2044, 105.0, 1.0, "Hanoi-72"),
    System(2045, 111.0, 1.0, "Hanoi-72"),
    System(4147, 102.0, 1.0, "Hanoi-72"),
    System(4147, 108.0, 1.0, "Hanoi-72"),
)
"""Never answered, but tried: without its zone, Hanoi-72 lies 250 m from VN-2000 on the same meridian. The last two,
zones of 3°, have no code but that of the datum."""


@dataclass(frozen=True)
class Inference:
    """Which system a table is in, and how many of its rows say so."""

    epsg: int | None
    """None where the rows do not tell, or tell Hanoi-72."""
    share: float
    """Of the rows judged, those that the best system puts in their declared commune (or in the area)."""
    rows: int
    """Rows that could be judged."""
    by_commune: bool
    """Judged by the declared commune; else no row declares one, and only the area could be asked."""
    swapped: bool
    """X is the northing and Y the easting."""
    scores: tuple[tuple[int, float], ...]
    """EPSG code and share of every system, best first; 2044, 2045 and 4147 stand for Hanoi-72."""

    def __str__(self) -> str:
        where = "their declared commune" if self.by_commune else "the communes of the study"
        if self.rows < FEWEST_ROWS:
            return f"{self.rows} rows with coordinates and a commune: too few to tell the reference system"
        listed = "; ".join(f"EPSG:{epsg} {_percent(share)}" for epsg, share in self.scores[:5] if share > 0)
        if self.epsg is not None:
            axes = ", X being the northing" if self.swapped else ""
            which = f"EPSG:{self.epsg} ({named(self.epsg)}){axes}"
            return f"{which}: {_percent(self.share)} of {self.rows} rows lie in {where} (tried: {listed})"
        if self.share < ENOUGH:
            return f"no system puts {_percent(ENOUGH)} of {self.rows} rows in {where} (best: {listed or 'none'})"
        if self.scores[0][0] in {system.epsg for system in _HANOI}:
            return f"Hanoi-72, which cannot be used, puts most of {self.rows} rows in {where}: {listed}"
        return f"{self.rows} rows do not tell which system they are in; share in {where}: {listed}"


def named(epsg: int, language: Literal["en", "vi"] = "en") -> str:
    """Return what a system is called, such as `VN-2000 TM-3, central meridian 104°00′, Sơn La`."""
    system = next(each for each in (*SYSTEMS, *_HANOI) if each.epsg == epsg)
    return "Hanoi-72" if system.epsg == 4147 else getattr(system, language)


def infer_system(x: ArrayLike, y: ArrayLike, declared: gpd.GeoSeries, area: shapely.Geometry | None) -> Inference:
    """
    Find the system that puts the rows of a table in the communes they name.

    Parameters
    ----------
    x, y
        Metres, in either order; NaN where a row has none.
    declared
        Polygon of the commune that each row declares, in WGS 84; None where it declares none.
    area
        All communes together, in WGS 84: asked where hardly a row declares its commune. The answer then rests on the
        rows lying in it at all: a table of the next province, read in the wrong zone, may.

    Returns
    -------
    Inference
        With a system only where at least 80 % of the rows lie where they say, and every other system is clearly worse:
        by half of the rows, or by seven rows and four more for each that says the contrary. Systems on one meridian
        differ by 200 to 1,000 m and need the latter; where only the area is asked, no other may reach 80 % either.
    """
    places = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    communes = np.asarray(declared.to_numpy(), dtype=object)
    readable = np.isfinite(places).all(axis=1)
    telling = readable & ~(shapely.is_missing(communes) | shapely.is_empty(communes))
    by_commune = int(np.count_nonzero(telling)) >= FEWEST_ROWS or area is None
    rows = np.flatnonzero(telling if by_commune else readable)
    if len(rows) < FEWEST_ROWS:
        return Inference(None, 0.0, len(rows), by_commune, False, ())
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(2000).choice(rows, MOST_ROWS, replace=False))
    shapes = communes[rows] if by_commune else np.full(len(rows), area, dtype=object)
    tried = _tried(places[rows], shapes)
    (best, swapped), inside = tried[0]
    others = [(system, other) for (system, _), other in tried[1:] if system != best]
    clear = all(_clearly_better(inside, other, by=3 if system in _HANOI else 7) for system, other in others)
    if not by_commune:
        clear = clear and all(other.mean() < ENOUGH for _, other in others)
    scores: dict[System, float] = {}
    for (system, _), hits in tried:
        scores.setdefault(system, float(hits.mean()))
    share = float(inside.mean())
    sure = share >= ENOUGH and clear and best in SYSTEMS
    listed = tuple((system.epsg, score) for system, score in scores.items())
    return Inference(best.epsg if sure else None, share, len(rows), by_commune, swapped, listed)


def is_shifted(x: ArrayLike, y: ArrayLike, declared: gpd.GeoSeries, epsg: int) -> bool:
    """
    Tell whether a zone of VN-2000 that a file gives the datum WGS 84 is one of VN-2000 all the same.

    Parameters
    ----------
    x, y
        Easting and northing, m.
    declared
        As for `infer_system`.
    epsg
        The zone, a code of `SYSTEMS`.

    Returns
    -------
    bool
        True where the rows lie in their declared communes clearly better with the shift of VN-2000 than without.
    """
    system = _system(epsg)
    places, shapes = np.column_stack([x, y]).astype(float), np.asarray(declared.to_numpy(), dtype=object)
    rows = np.flatnonzero(np.isfinite(places).all(axis=1) & ~shapely.is_missing(shapes))[:MOST_ROWS]
    if len(rows) < FEWEST_ROWS:
        return False
    ours, theirs = (_inside(each, places[rows], shapes[rows]) for each in (system, replace(system, datum="WGS 84")))
    return bool(ours.mean() >= ENOUGH) and _clearly_better(ours, theirs, by=7)


def to_wgs84(x: ArrayLike, y: ArrayLike, epsg: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Turn metres into degrees.

    Parameters
    ----------
    x, y
        Easting and northing in metres.
    epsg
        A code of `SYSTEMS`.

    Returns
    -------
    tuple[ndarray, ndarray]
        Longitude and latitude in WGS 84, degrees; NaN where the metres lie nowhere.
    """
    return _moved(_system(epsg), x, y, "FORWARD")


def from_wgs84(lon: ArrayLike, lat: ArrayLike, epsg: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn degrees into easting and northing: `to_wgs84` the other way round."""
    return _moved(_system(epsg), lon, lat, "INVERSE")


def refused(crs: CRS) -> str | None:
    """Return why a reference system cannot be used in Vietnam; None where it can."""
    geodetic = crs.geodetic_crs
    if geodetic is None:
        return None
    names = " ".join(part.name for part in (geodetic, geodetic.datum, geodetic.ellipsoid) if part is not None)
    names = names.casefold().replace("_", " ")
    if "hanoi" in names or "krass" in names:
        return (
            "Hanoi-72 lies hundreds of metres from VN-2000 and WGS 84, and the only shift registered between them "
            "(EPSG:1544, good to 5 m) holds around Vũng Tàu; elsewhere software leaves it out without a word"
        )
    if "indian 19" in names:
        return (
            "Indian 1960 and 1975 lie hundreds of metres from VN-2000 and WGS 84, and are tied to them to 30 m at best"
        )
    return None


def by_projection(crs: CRS) -> CRS | None:
    """Return the system of VN-2000 that projects as a nameless one does; None unless it is a TM-3 zone of Vietnam."""
    operation = crs.coordinate_operation
    said = {} if operation is None else {parameter.name: parameter.value for parameter in operation.params}
    for system in SYSTEMS:
        ours = {
            "Latitude of natural origin": 0.0,
            "Longitude of natural origin": system.meridian,
            "Scale factor at natural origin": system.scale,
            "False easting": 500_000.0,
            "False northing": 0.0,
        }
        if (
            system.scale == _TM3
            and said.keys() == ours.keys()
            and np.allclose(list(said.values()), list(ours.values()))
        ):
            return CRS.from_epsg(system.epsg)
    return None


def _tried(
    places: NDArray[np.float64], shapes: NDArray[np.object_]
) -> list[tuple[tuple[System, bool], NDArray[np.bool_]]]:
    """Return which rows each system, with either axis first, puts where they say they are; best first."""
    for shape in {id(shape): shape for shape in shapes}.values():
        shapely.prepare(shape)
    tried = []
    for system in (*SYSTEMS, *_HANOI):
        for swapped in (False, True):
            inside = _inside(system, places[:, ::-1] if swapped else places, shapes)
            tried.append(((system, swapped), inside))
    return sorted(tried, key=lambda each: -int(each[1].sum()))


def _inside(system: System, places: NDArray[np.float64], shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    lon, lat = _moved(system, places[:, 0], places[:, 1], "FORWARD")
    known = np.isfinite(lon)
    inside = np.zeros(len(places), dtype=bool)
    inside[known] = shapely.intersects_xy(shapes[known], lon[known], lat[known])
    return inside


def _clearly_better(one: NDArray[np.bool_], other: NDArray[np.bool_], *, by: int) -> bool:
    """
    Tell whether the rows that differ speak for one.

    Were neither right, seven rows to none, or eleven to one, would come about less than once in a hundred times; three
    do against Hanoi-72, which went out of use before there were base stations to list.
    """
    won, lost = int(np.count_nonzero(one & ~other)), int(np.count_nonzero(other & ~one))
    return won - lost >= len(one) / 2 or won >= by + 4 * lost


def _system(epsg: int) -> System:
    return next(system for system in SYSTEMS if system.epsg == epsg)


def _moved(
    system: System, first: ArrayLike, second: ArrayLike, direction: Literal["FORWARD", "INVERSE"]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    one, two = _transformer(system).transform(
        np.array(first, dtype=float), np.array(second, dtype=float), direction=direction
    )
    nowhere = ~(np.isfinite(one) & np.isfinite(two))
    return np.where(nowhere, np.nan, one), np.where(nowhere, np.nan, two)


@lru_cache
def _transformer(system: System) -> Any:
    ellipsoid, shift = _DATUMS[system.datum]
    projection = f"+proj=tmerc +lat_0=0 +lon_0={system.meridian} +k={system.scale} +x_0=500000 +y_0=0 {ellipsoid}"
    steps = [f"+inv {projection}"]
    if shift is not None:
        steps += ["+proj=push +v_3", f"+proj=cart {ellipsoid}", f"+proj=helmert {shift}"]
        steps += ["+inv +proj=cart +ellps=WGS84", "+proj=pop +v_3"]
    steps.append("+proj=unitconvert +xy_in=rad +xy_out=deg")
    return Transformer.from_pipeline("+proj=pipeline " + " ".join(f"+step {step}" for step in steps))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
