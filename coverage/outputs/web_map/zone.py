"""VN-2000 as the province writes it: the zone, and the shift to WGS 84, for the page to compute with."""

import re
import unicodedata
from functools import cache
from typing import Any

from pyproj import CRS
from pyproj.crs.coordinate_operation import CoordinateOperation
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from coverage.result import Result

_SHIFT = 6960
"""VN-2000 to WGS 84 for the whole country, in the EPSG register: seven parameters, coordinate frame rotation."""
_TM3 = "VN-2000 / TM-3"
_TITLE = re.compile(r"^(tinh|thanh pho|tp\.?) ")


def vn2000(result: Result, centre_lon: float) -> dict[str, Any]:
    """
    Return the zone of VN-2000 that the province writes its coordinates in.

    Parameters
    ----------
    result
        The zone is that of its province in the EPSG register, which has the provinces of before July 2025; else that
        of its grid; else the zone of 3° whose meridian lies nearest.
    centre_lon
        Degrees; where the villages are.

    Returns
    -------
    dict
        `epsg`; `meridian` degrees; `scale` on it; `falseEasting` m; `semiMajor` m; `inverseFlattening`; and `shift`
        to WGS 84: x, y, z in m, rotations about them in arc seconds (coordinate frame), scale in parts per million.
    """
    grid = result.layers.grid.crs
    code = _zones().get(_folded(result.study.study.province))
    if code is None and _is_vn2000(grid):
        code = grid.to_epsg()
    if code is None:
        code = min(_meridians(), key=lambda one: abs(_meridians()[one] - centre_lon))
    said = CRS.from_epsg(code).to_json_dict()
    size = _values(said["conversion"])
    ellipsoid = said["base_crs"]["datum"]["ellipsoid"]
    return {
        "epsg": code,
        "meridian": size["Longitude of natural origin"],
        "scale": size["Scale factor at natural origin"],
        "falseEasting": size["False easting"],
        "semiMajor": ellipsoid["semi_major_axis"],
        "inverseFlattening": ellipsoid["inverse_flattening"],
        "shift": list(_values(CoordinateOperation.from_epsg(_SHIFT).to_json_dict()).values()),
    }


def _values(operation: dict[str, Any]) -> dict[str, float]:
    return {parameter["name"]: parameter["value"] for parameter in operation["parameters"]}


def _is_vn2000(crs: CRS) -> bool:
    return crs.geodetic_crs is not None and crs.geodetic_crs.name == "VN-2000" and crs.is_projected


@cache
def _zones() -> dict[str, int]:
    """Return province, folded -> EPSG code, from what the register says of each zone's area."""
    found: dict[str, int] = {}
    for info in _tm3():
        area = info.area_of_use.name.removeprefix("Vietnam - ")
        for name in re.split(r"[,;.]| and |\b(?:provinces?|city|cities|municipality)\b", area):
            folded = _folded(name)
            found.setdefault(folded, int(info.code))
            if folded.endswith(" hue"):  # the province is called by the city's name since 2025
                found.setdefault("hue", int(info.code))
    found.pop("", None)
    return found


@cache
def _meridians() -> dict[int, float]:
    codes = {int(info.code) for info in _tm3()}
    found = {code: _values(CRS.from_epsg(code).to_json_dict()["conversion"]) for code in sorted(codes)}
    return {code: size["Longitude of natural origin"] for code, size in found.items()}


def _tm3() -> list[Any]:
    every = query_crs_info("EPSG", PJType.PROJECTED_CRS)
    return [info for info in every if info.name.startswith(_TM3) and info.area_of_use is not None]


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d").replace("-", " "))
    return _TITLE.sub("", " ".join(re.sub("[\u0300-\u036f]", "", plain).split()))
