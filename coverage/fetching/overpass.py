"""OpenStreetMap through the Overpass API: an area is asked for box by box, and a box that is too much in quarters."""

import contextlib
import hashlib
import math
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from coverage.errors import FetchError
from coverage.fetching.folder import Errand, read_json
from coverage.fetching.parts import drop
from coverage.fetching.server import refused

Box = tuple[float, float, float, float]
"""West, south, east, north, degrees."""

_MEMORY_BYTES = 536_870_912
_SMALLEST_DEG = 0.02
_TOO_MUCH = re.compile("timed out|out of memory", re.IGNORECASE)
_ANSWERS = ".answers"


@dataclass(frozen=True)
class Question:
    """What is asked of OpenStreetMap."""

    statements: str
    """In Overpass QL, between the brackets of a union."""
    out: str
    """What is wanted of each: `center` or `tags geom`."""
    side_deg: float
    """Of the boxes that are asked for at first."""


class _TooMuch(Exception):
    """The server ran out of time or memory."""


def overpass_text(question: Question, box: Box, timeout_s: int) -> str:
    """Return a question in Overpass QL."""
    west, south, east, north = (f"{value:.6f}".rstrip("0").rstrip(".") for value in box)
    return (
        f"[out:json][timeout:{timeout_s}][maxsize:{_MEMORY_BYTES}][bbox:{south},{west},{north},{east}];\n"
        f"({question.statements});\nout {question.out} qt;\n"
    )


def boxes(area: BaseGeometry, side_deg: float) -> list[Box]:
    """Return boxes of a side that lie on whole multiples of it and meet an area."""
    west, south, east, north = area.bounds
    columns = range(math.floor(west / side_deg), math.ceil(east / side_deg))
    rows = range(math.floor(south / side_deg), math.ceil(north / side_deg))
    shapely.prepare(area)
    found = ((x * side_deg, y * side_deg, (x + 1) * side_deg, (y + 1) * side_deg) for x, y in product(columns, rows))
    return [box for box in found if area.intersects(shapely.box(*box))]


def ask(
    errand: Errand, url: str, name: str, question: Question, area: BaseGeometry, timeout_s: int
) -> Iterator[dict[str, Any]]:
    """
    Yield what the server answers for each box of an area; answers are kept until `forget` is called.

    Parameters
    ----------
    errand, url
        Where to, and the address of the interpreter.
    name
        Under which answers are kept.
    question, area
        What, and where, in degrees.
    timeout_s
        Time that a question may take on the server, s.

    Raises
    ------
    FetchError
        The server answers none of it, or not even a small box.
    """
    listed, kept = boxes(area, question.side_deg), aside(errand, name)
    shapely.prepare(area)
    for done, box in enumerate(listed):
        yield from _ask(_Asking(errand, url, kept, question, area, timeout_s), box)
        errand.told(done + 1, len(listed))


def aside(errand: Errand, name: str) -> Path:
    """Return the folder where answers are kept under a name; it is there."""
    return errand.folder.part(f"{_ANSWERS}/{name}/answer").parent


def forget(errand: Errand, name: str) -> None:
    """Remove the answers that were kept under a name."""
    folder = errand.folder.path / _ANSWERS
    shutil.rmtree(folder / name, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


@dataclass(frozen=True)
class _Asking:
    """As `ask` takes it."""

    errand: Errand
    url: str
    folder: Path
    question: Question
    area: BaseGeometry
    timeout_s: int


def _ask(asking: _Asking, box: Box) -> Iterator[dict[str, Any]]:
    """Yield what the server answers for a box, whole or in quarters."""
    url, text = asking.url, overpass_text(asking.question, box, asking.timeout_s)
    name = hashlib.sha256(f"{url}\n{text}".encode()).hexdigest()[:24]
    part, kept, too_much = (asking.folder / f"{name}.{kind}" for kind in ("json.part", "json", "quarters"))
    if kept.exists():
        yield read_json(kept, url)
        return
    if not too_much.exists():
        asking.errand.servers.fetch(url, part, form={"data": text}, wait_s=asking.timeout_s + 30.0)
        try:
            answer = _checked(part, url)
        except FetchError:
            drop(part)
            raise
        except _TooMuch as error:
            drop(part)
            if box[2] - box[0] < 2 * _SMALLEST_DEG:
                remedy = "Set [fetch] overpass_timeout_s higher, or try again when the service has less to do."
                raise refused(url, f"{error} for a box of {box[2] - box[0]:g}°", "an answer", remedy) from None
            too_much.touch()
        else:
            part.replace(kept)
            yield answer
            return
    for quarter in _quarters(box):
        if asking.area.intersects(shapely.box(*quarter)):
            yield from _ask(asking, quarter)


def _quarters(box: Box) -> list[Box]:
    west, south, east, north = box
    x, y = (west + east) / 2, (south + north) / 2
    return [(west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)]


def _checked(part: Path, url: str) -> dict[str, Any]:
    answer = read_json(part, url)
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        remedy = "Check the address under [fetch] overpass."
        raise refused(url, "JSON without elements", "an answer of the Overpass API", remedy)
    remark = str(answer.get("remark", ""))
    if "error" not in remark:
        return answer
    if _TOO_MUCH.search(remark):
        raise _TooMuch(remark.rstrip("."))
    raise refused(url, f"it remarks {remark!r}", "an answer", "Try again later.")
