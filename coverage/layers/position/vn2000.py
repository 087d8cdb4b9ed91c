"""Metres in Vietnam: the systems they may be in, and the way from them to WGS 84."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer

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

HANOI_72 = (
    System(2044, 105.0, 1.0, "Hanoi-72"),
    System(2045, 111.0, 1.0, "Hanoi-72"),
    System(4147, 102.0, 1.0, "Hanoi-72"),
    System(4147, 108.0, 1.0, "Hanoi-72"),
)
"""Never answered, but tried: without its zone, Hanoi-72 lies 250 m from VN-2000 on the same meridian. The last two,
zones of 3°, have no code but that of the datum."""


def named(epsg: int, language: Literal["en", "vi"] = "en") -> str:
    """Return what a system is called, such as `VN-2000 TM-3, central meridian 104°00′, Sơn La`."""
    system = next(each for each in (*SYSTEMS, *HANOI_72) if each.epsg == epsg)
    return "Hanoi-72" if system.epsg == 4147 else getattr(system, language)


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
    return moved(system_of(epsg), x, y, "FORWARD")


def from_wgs84(lon: ArrayLike, lat: ArrayLike, epsg: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn degrees into easting and northing: `to_wgs84` the other way round."""
    return moved(system_of(epsg), lon, lat, "INVERSE")


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


def system_of(epsg: int) -> System:
    return next(system for system in SYSTEMS if system.epsg == epsg)


def moved(
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
