"""The text of an antenna pattern file, as Planet and MSI write it -> its two cuts."""

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from coverage.errors import LayerError, Problem, refuse

if TYPE_CHECKING:
    from coverage.result import Cut

DIPOLE_DBI = 2.15
"""Gain of a half-wave dipole, 0 dBd, over an isotropic antenna. ITU-R P.341-7, annex, table of antenna gains."""
_LONGEST_COUNT = 6
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Pattern(NamedTuple):
    """What a pattern file tells."""

    horizontal: "Cut"
    """Angles clockwise from the boresight."""
    vertical: "Cut"
    """Angles downwards from the horizon ahead, through the nadir at 90."""
    name: str = ""
    gain_dbi: float = math.nan
    """Peak gain; NaN where the file tells none. The EIRP of a cell holds it already."""
    band_mhz: tuple[float, float] | None = None
    """Lowest and highest frequency it was measured for; None where the file tells none."""


def parse_pattern(text: str, *, file: str) -> Pattern:
    """
    Read the text of a Planet pattern file (`.msi`, `.pln`).

    Parameters
    ----------
    text
        Lines of a keyword and its value; `HORIZONTAL n` and `VERTICAL n` are each followed by n lines of an angle, 0 to
        360 degrees, and a loss against the peak, 0 dB or more. A gain without a unit is in dBd, as the format has it.
    file
        Its name, for messages.

    Raises
    ------
    LayerError
        A line that does not fit, or a cut that is missing.
    """
    lines = [line.replace(",", ".").split(maxsplit=1) for line in text.splitlines()]
    cuts: dict[str, Cut] = {}
    name, gain_dbi, band_mhz, at = "", math.nan, None, 0
    while at < len(lines):
        key, value = (*lines[at], "", "")[:2]
        key, at = key.upper(), at + 1
        if key in ("HORIZONTAL", "VERTICAL"):
            cuts[key] = _cut(lines, at, key, value, file)
            at += len(cuts[key])
        elif key == "NAME":
            name = value.strip()
        elif key == "GAIN" and value:
            gain_dbi = _gain_dbi(value.split(), at, file)
        elif key == "FREQUENCY":
            known = [float(number) for number in _NUMBER.findall(value)]
            band_mhz = (min(known), max(known)) if known and min(known) > 0 else None
    for key in ("HORIZONTAL", "VERTICAL"):
        if key not in cuts:
            remedy = f"Add the line '{key} 360' and its 360 lines of losses."
            raise refuse(file, f"no {key} cut", "a pattern with both cuts", remedy, kind="pattern_incomplete")
    return Pattern(cuts["HORIZONTAL"], cuts["VERTICAL"], name, gain_dbi, band_mhz)


def _cut(lines: list[list[str]], start: int, key: str, count: str, file: str) -> "Cut":
    """Read the losses that follow line `start`, counted from 1."""
    if not count.strip().isdecimal() or len(count) > _LONGEST_COUNT or int(count) < 1:
        raise _fault(file, start, f"{key} {count}".strip(), f"{key} and the number of losses that follow")
    rows = []
    for at in range(start, start + int(count)):
        words = " ".join(lines[at]).split() if at < len(lines) else []
        angle_deg, loss_db = map(_number, words) if len(words) == 2 else (math.nan, math.nan)
        if not (0 <= angle_deg <= 360 and 0 <= loss_db < math.inf):
            found = " ".join(words) if at < len(lines) else "the end of the file"
            expected = f"loss {at - start + 1} of {count} of {key}: an angle of 0 to 360 and 0 dB or more"
            raise _fault(file, at + 1, found, expected)
        rows.append((angle_deg, loss_db))
    return tuple(sorted(rows))


def _gain_dbi(words: list[str], line: int, file: str) -> float:
    unit = words[1].lower() if len(words) > 1 else "dbd"
    gain = _number(words[0])
    if math.isnan(gain) or unit not in ("dbd", "dbi"):
        raise _fault(file, line, "GAIN " + " ".join(words), "a number and dBd or dBi")
    return gain + (DIPOLE_DBI if unit == "dbd" else 0.0)


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return math.nan


def _fault(file: str, line: int, found: str, expected: str) -> LayerError:
    problem = Problem(file, f"'{found[:60]}'", expected, "Correct the line.", (line,), kind="pattern_line")
    return LayerError([problem])
