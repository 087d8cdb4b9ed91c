"""One position as a person types it: `103.914,21.327,36`, degrees and minutes, or metres of VN-2000."""

import math
import re
from dataclasses import dataclass

from pyproj import CRS
from pyproj.exceptions import CRSError

from coverage.errors import CoverageError
from coverage.layers.position.angles import (
    EASTING_M,
    NORTHING_M,
    VIETNAM_LAT,
    VIETNAM_LON,
    ZONES,
    metres_of,
    pair_of,
)
from coverage.layers.position.reference import WGS84, crs_label, transformer
from coverage.layers.position.vn2000 import SYSTEMS, refused, to_wgs84

EXAMPLE = "longitude,latitude,height such as 103.914,21.327,36"
HEIGHT_RANGE_M = (0.1, 3000.0)
"""Antennas above ground that anybody hangs."""

_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_PLAIN = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*")
_WITH_HEIGHT = re.compile(rf"(?P<rest>.+?)\s*[,;]\s*(?P<height>{_NUMBER})\s*m?\s*")
_METRES_FROM = 1000.0
"""No degree is larger, no coordinate in metres smaller."""
_LIKE_COORDINATES = re.compile(r"[\d\s.,;:+°º'’′\"”″NSEWBDTĐnsewbdtđm-]+")


@dataclass(frozen=True)
class Position:
    """A position on Earth."""

    lon: float
    lat: float
    height_m: float | None
    notes: tuple[str, ...] = ()


def read_position(text: str, *, metres_in: str | None) -> Position | None:
    """
    Read a position.

    Parameters
    ----------
    text
        Longitude, latitude and, unless it is left out, the height above ground in m: decimal degrees, degrees with
        minutes and seconds, or easting and northing in metres, in every spelling that tables may have.
    metres_in
        Reference system of metres, such as `EPSG:9206`; None where nothing says it.

    Returns
    -------
    Position or None
        None where the text is no position, and may be the id of something.

    Raises
    ------
    CoverageError
        Digits that make no position on Earth, a height that no antenna has, or metres of an unknown system.
    """
    tries: list[tuple[str, float | None]] = [(text, None)]
    if (behind := _WITH_HEIGHT.fullmatch(text)) is not None:
        tries.append((behind["rest"], float(behind["height"])))
    for part, height_m in tries:
        pair = _two_numbers(part)
        if pair is not None:
            found = _placed(text, *pair, metres_in)
            check_height(text, height_m)
            return Position(found.lon, found.lat, height_m, found.notes)
    if _LIKE_COORDINATES.fullmatch(text) and sum(letter.isdigit() for letter in text) > 6:
        raise CoverageError(f"{text}: cannot be read as a position in exactly one way; expected {EXAMPLE}.")
    return None


def split_height(text: str) -> tuple[str, float | None]:
    """Split `ID,height` into an id and a height above ground, m."""
    found = _WITH_HEIGHT.fullmatch(text)
    if found is None:
        return text, None
    height_m = float(found["height"])
    check_height(text, height_m)
    return found["rest"], height_m


def check_height(text: str, height_m: float | None) -> None:
    """Raise CoverageError for a height above ground that no antenna has."""
    low, high = HEIGHT_RANGE_M
    if height_m is not None and not low <= height_m <= high:
        raise CoverageError(
            f"{text}: a height of {height_m:g} m above ground; expected {low:g} to {high:g} m. It is the antenna's "
            "height over its own ground, not over the sea."
        )


def _two_numbers(text: str) -> tuple[float, float] | None:
    """Return two coordinates however they are spelt: degrees, or metres parted by a comma, a semicolon or a blank."""
    if (plain := _PLAIN.fullmatch(text)) is not None:
        return float(plain[1]), float(plain[2])
    lon, lat, understood = pair_of(text)
    if understood and math.isfinite(lon):
        return float(lon), float(lat)
    numbers = [metres_of(part) for part in re.split(r"\s*;\s*|\s+", text.strip().rstrip(";"))]
    if len(numbers) != 2 or not all(understood and abs(value) > _METRES_FROM for value, understood in numbers):
        return None
    return numbers[0][0], numbers[1][0]


def _placed(text: str, first: float, second: float, metres_in: str | None) -> Position:
    if abs(first) > _METRES_FROM and abs(second) > _METRES_FROM:
        return _from_metres(text, first, second, metres_in)
    if VIETNAM_LAT[0] <= first <= VIETNAM_LAT[1] and VIETNAM_LON[0] <= second <= VIETNAM_LON[1]:
        note = f"{text}: the latitude stands first; read as longitude {second:g}, latitude {first:g}"
        return Position(second, first, None, (note,))
    if abs(first) > 180.0 or abs(second) > 90.0:
        raise CoverageError(
            f"{text}: longitude {first:g}, latitude {second:g} is nowhere on Earth; expected {EXAMPLE}."
        )
    return Position(first, second, None)


def _from_metres(text: str, first: float, second: float, metres_in: str | None) -> Position:
    """Turn metres, in either order and with or without the number of the zone, into degrees."""
    easting, northing, notes = first, second, []
    if NORTHING_M[0] < first <= NORTHING_M[1] and _easting(second) is not None:
        easting, northing = second, first
        notes.append(f"{text}: the northing stands first; read as easting {second:.10g}, northing {first:.10g}")
    easting = _easting(easting) or easting
    if metres_in is None:
        raise CoverageError(
            f"{text}: metres, and nothing says of which system; add --crs EPSG:9206 or another, or give degrees: "
            f"{EXAMPLE}."
        )
    try:
        crs = CRS.from_user_input(metres_in)
    except CRSError:
        raise CoverageError(f"--crs {metres_in}: no reference system; expected one such as EPSG:9206.") from None
    reason = refused(crs)
    if reason is not None or not crs.is_projected:
        raise CoverageError(f"--crs {metres_in}: {reason or 'not in metres'}; expected a zone such as EPSG:9206.")
    epsg = crs.to_epsg()
    if epsg in {system.epsg for system in SYSTEMS}:
        lon, lat = (float(value) for value in to_wgs84(easting, northing, int(epsg)))
    else:
        lon, lat = transformer(crs, WGS84).transform(easting, northing)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise CoverageError(f"{text}: nowhere on Earth in {crs_label(crs)}; expected easting,northing,height in it.")
    notes.append(f"{text}: metres, read in {crs_label(crs)} as longitude {lon:.6f}, latitude {lat:.6f}")
    return Position(lon, lat, None, tuple(notes))


def _easting(value: float) -> float | None:
    """Return an easting without the number of a zone in front; None where it is none."""
    zone, rest = divmod(value, 1_000_000)
    value = rest if int(zone) in ZONES else value
    return value if EASTING_M[0] <= value <= EASTING_M[1] else None
