"""A coordinate as people write it: 103,914, 103°54'50,4"Đ, two in one text, metres."""

import re
import unicodedata
from datetime import time, timedelta
from typing import Any, Literal, NamedTuple

import numpy as np

from coverage.layers.text import clean

VIETNAM_LON = (102.0, 118.0)
"""Degrees; to the Trường Sa islands, which belong to Khánh Hòa."""
VIETNAM_LAT = (8.0, 23.5)

EASTING_M = (200_000.0, 900_000.0)
"""What a sheet of one province spans in a zone whose meridian lies near; the two ranges never overlap."""
NORTHING_M = (900_000.0, 2_600_000.0)
ZONES = frozenset({18, 19, 48, 49, 481, 482, 491, 492})
"""What is written before an easting: 18, 19 in Gauss-Krüger (Hanoi-72), 48, 49 in UTM, 481…492 in zones of 3°."""

_HEMISPHERES = {"n": 1, "b": 1, "e": 1, "d": 1, "s": -1, "w": -1, "t": -1, "nam": -1, "south": -1}
"""By letter, else by first letter. N is never Nam: nothing in Vietnam lies south of the equator. Đ is d once plain."""
_LATITUDES = frozenset("nbs")

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_ACCENT = re.compile("[\u0300-\u036f]")
_ASCII = str.maketrans({"đ": "d", "−": "-", "–": "-"})
_NOTHING = frozenset({"nan", "-", "na", "n/a", "null", "none"})
_LABEL = r"(?:(?:do\s*)?(?:vi|kinh)(?:\s*(?:do|tuyen))?|lat(?:itude)?|long?(?:itude)?|vd|kd)\s*[:=]?"
_SIDE = r"bac|nam|dong|tay|north|south|east|west|[nsewbdt]"
_MARK = "['’′´‘`ʹʼ＇]"
_DEGREE = r"(?:[°º˚ᵒ⁰∘◦*:]|degrees?|deg|do|[do])"
_MINUTE = rf"(?:{_MARK}|:|phut|ph|p|minutes?|min|m)"
_SECOND = rf"""(?:["”″“„ʺ˝＂]|{_MARK}{{2}}|giay|gi|g|seconds?|sec|s)"""
_ANGLE = re.compile(
    rf"""(?P<label>{_LABEL})?\s*(?P<before>{_SIDE})?\s*[:=]?\s*(?P<sign>[+-])?\s*
    (?P<deg>\d{{1,3}}(?:[.,]\d+)?)
    (?:(?:\s*{_DEGREE}\s*|\s+)(?P<min>\d{{1,2}}(?:[.,]\d+)?)
       (?:(?:\s*{_MINUTE}\s*|\s+)(?P<sec>\d{{1,2}}(?:[.,]\d+)?)(?:\s*{_SECOND}(?P<tail>\d{{1,4}})?)?|\s*{_MINUTE})?
      |\s*{_DEGREE})?
    \s*(?P<label_after>{_LABEL})?\s*(?P<after>{_SIDE})?[.,;]?""",
    re.VERBOSE,
)
_DASHED = re.compile(r"\b(\d{1,3})\s?-\s?(\d{1,2})\s?-\s?(\d{1,2})(?!\d)")
_PLAIN = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
"""What most cells hold; anything else takes the long way."""

_BETWEEN = re.compile(rf"\s*[;,/|&]\s*|\s-\s|\s+|(?<=[a-z])(?=\d)|(?<=[\d°\"'”″′’])(?=(?:{_SIDE})\s*\d)")
_METRES = re.compile(r"(?:[xynbed]\s*[:=]?\s*)?(?P<number>[+-]?\d[\d., ']*)\s*(?:met|m)?\s*[nbed]?\s*;?")
_GROUPS = (
    re.compile(r"[+-]?\d{1,12}(?:[.,]\d+)?"),
    *(re.compile(rf"[+-]?\d{{1,3}}(?:{group}\d{{3}}){{1,3}}(?:{point}\d+)?") for group, point in
      ((r"\.", ","), (",", r"\."), (" ", "[.,]"), ("'", "[.,]"))),
    re.compile(r"(?:18|19|48|49|48[12]|49[12]) \d{6}(?:[.,]\d+)?"),
)  # fmt: skip
"""Plain; thousands set off by dots, commas, blanks or apostrophes; a zone and a blank before the easting."""


_LONGEST = 100
"""Letters of a cell with two angles; trying every cut of a page of text takes for ever."""
BEYOND = 1e12
"""No degree and no metre; and a whole number may be too long for a float."""


class _Angle(NamedTuple):
    degrees: float
    axis: Literal["lon", "lat"] | None
    """What the cell itself says it is; None where it says nothing."""


def degrees_of(value: Any) -> tuple[float, bool]:
    """Return degrees, or NaN, and whether the cell was understood."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return _number(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return float(value), True
    if isinstance(value, time | timedelta):
        return _clock(value), True
    text = _plain(value)
    if text is None:
        return np.nan, True
    angle = _angle(text)
    return (np.nan, False) if angle is None else (angle.degrees, True)


def _number(value: Any) -> tuple[float, bool]:
    return (np.nan, False) if abs(value) > BEYOND else (float(value), True)


def _clock(value: time | timedelta) -> float:
    """Return degrees that a spreadsheet took for hours: it keeps 21:19:37 as a time of day."""
    if isinstance(value, timedelta):
        return value.total_seconds() / 3600
    return value.hour + value.minute / 60 + (value.second + value.microsecond / 1e6) / 3600


def _plain(value: Any) -> str | None:
    """Return a cell in lower case without accents or unseen marks; None where it is empty."""
    text = clean(_UNSEEN.sub("", value) if isinstance(value, str) else value)
    if text is None or text.casefold() in _NOTHING:
        return None
    text = text.casefold()
    return text if text.isascii() else _ACCENT.sub("", unicodedata.normalize("NFD", text).translate(_ASCII))


def _angle(text: str) -> _Angle | None:
    if _PLAIN.fullmatch(text):
        return _Angle(float(text), None)
    found = _ANGLE.fullmatch(_DASHED.sub(r"\1 \2 \3", text))
    if found is None or (found["before"] and found["after"]) or (found["label"] and found["label_after"]):
        return None
    side, label = found["before"] or found["after"], (found["label"] or found["label_after"] or "").removeprefix("do")
    if found["sign"] and side:
        return None
    degrees, minutes, seconds = (float((found[part] or "0").replace(",", ".")) for part in ("deg", "min", "sec"))
    if found["tail"]:  # 50"4 is 50.4"
        seconds += float(f"0.{found['tail']}") if seconds.is_integer() else 60.0
    whole = (not found["min"] or degrees.is_integer()) and (not found["sec"] or minutes.is_integer())
    if minutes + seconds / 60 > 60 or seconds > 60 or not whole:  # 60.0" is what a program makes of 59.97"
        return None
    axes = {_axis(each) for each in (side, label.strip()) if each}
    if len(axes) > 1:
        return None
    sign = -1 if found["sign"] == "-" else _HEMISPHERES.get(side, _HEMISPHERES[side[0]]) if side else 1
    return _Angle(sign * (degrees + minutes / 60 + seconds / 3600), axes.pop() if axes else None)


def _axis(word: str) -> Literal["lon", "lat"]:
    """Return what a hemisphere or a label (vĩ độ, kinh độ, lat, long, VĐ, KĐ) stands for."""
    if word.startswith(("vi", "vd", "lat")):
        return "lat"
    return "lat" if word[0] in _LATITUDES else "lon"


def pair_of(value: Any) -> tuple[float, float, bool]:
    """Return longitude, latitude and whether the cell was understood: exactly one way to cut it makes sense."""
    text = _plain(value)
    if text is None:
        return np.nan, np.nan, True
    text = text[: _LONGEST + 1].removeprefix("point").strip(" ()[]")
    if len(text) > _LONGEST:
        return np.nan, np.nan, False
    cuts = {_ordered(_angle(text[: cut.start()]), _angle(text[cut.end() :])) for cut in _BETWEEN.finditer(text)}
    readings = [each for each in cuts if each is not None]
    return (*readings[0], True) if len(readings) == 1 else (np.nan, np.nan, False)


def _ordered(one: _Angle | None, other: _Angle | None) -> tuple[float, float] | None:
    """Return two angles as longitude and latitude; None unless it is certain which is which."""
    if one is None or other is None:
        return None
    fits = [
        (lon.degrees, lat.degrees)
        for lon, lat in ((one, other), (other, one))
        if (lon.axis, lat.axis) == ("lon", "lat")
        or (lon.axis != "lat" and lat.axis != "lon" and _in_vietnam(lon.degrees, lat.degrees))
    ]
    return fits[0] if len(fits) == 1 and abs(fits[0][0]) <= 180 and abs(fits[0][1]) <= 90 else None


def _in_vietnam(lon: float, lat: float) -> bool:
    return VIETNAM_LON[0] <= lon <= VIETNAM_LON[1] and VIETNAM_LAT[0] <= lat <= VIETNAM_LAT[1]


def metres_of(value: Any) -> tuple[float, bool]:
    """Return metres, or NaN, and whether the cell was understood."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return _number(value)
    text = _plain(value)
    if text is None:
        return np.nan, True
    found = _METRES.fullmatch(text)
    number = found["number"].strip() if found else ""
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", number):
        return float(re.sub("[.,]", "", number)), True  # thousands: a coordinate of 490.883 m does not exist
    if not any(form.fullmatch(number) for form in _GROUPS):
        return np.nan, False
    whole, point, fraction = _cut(number)
    return float(f"{whole}{point}{fraction}"), True


def _cut(number: str) -> tuple[str, str, str]:
    """Return the digits before the decimal mark, a point where there is such a mark, and the digits after it."""
    marks = re.findall("[., ']", number)
    decimal = marks and marks[-1] in ".," and marks.count(marks[-1]) == 1
    whole, _, fraction = number.rpartition(marks[-1]) if decimal else (number, "", "")
    return re.sub("[., ']", "", whole), "." if decimal else "", fraction
