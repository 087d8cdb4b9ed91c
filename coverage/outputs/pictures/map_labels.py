"""Names beside the signs of a map without one lying over another; where there is no room, a number for the legend."""

import functools
import importlib.util
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import ImageFont

from coverage.errors import OutputError
from coverage.outputs.paper_text import one_line

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, pixels."""
_LONGEST_NAME = 28
_PAD_PX = 2.0
_RINGS = 14
"""How often a number is tried farther from its sign."""


@functools.lru_cache
def font(size_px: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return a font that has every Vietnamese letter; it comes with matplotlib, so that every machine has the same."""
    spec = importlib.util.find_spec("matplotlib")  # found and not loaded: that takes longer than a drawing
    if spec is None or spec.origin is None:
        raise OutputError("matplotlib, which brings the letters of pictures, is not installed; run pip install again.")
    file = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if bold else ''}.ttf"
    return ImageFont.truetype(str(file), size_px, layout_engine=ImageFont.Layout.BASIC)


def drawable(text: str) -> str:
    """Return text on one line, its letters composed: the plain layout cannot put an accent on a letter."""
    return unicodedata.normalize("NFC", one_line(text))


def fitted(text: str, letters: ImageFont.FreeTypeFont, width_px: float) -> str:
    """Return text, cut with an ellipsis where it is wider."""
    text = drawable(text)
    if letters.getlength(text) <= width_px:
        return text
    while text and letters.getlength(f"{text}…") > width_px:
        text = text[: min(len(text) - 1, int(len(text) * width_px / letters.getlength(f"{text}…")) + 1)]
    return f"{text.rstrip()}…"


@dataclass(frozen=True)
class Label:
    """A name or number and its place; `leader` says whether it needs a line to its sign."""

    text: str
    box: Box
    leader: bool = False


@dataclass
class Room:
    """What is taken on a map."""

    width: float
    height: float
    taken: list[Box] = field(default_factory=list)

    def free(self, box: Box) -> bool:
        """Whether nothing lies where a label would."""
        left, top, right, bottom = box
        if left < 3 or top < 3 or right > self.width - 3 or bottom > self.height - 3:
            return False
        return not any(left < r and right > l and top < b and bottom > t for l, t, r, b in self.taken)  # noqa: E741

    def place(
        self, text: str, letters: ImageFont.FreeTypeFont, at: tuple[float, float], sign_px: float
    ) -> Label | None:
        """
        Find room for a label beside its sign, and take it.

        Parameters
        ----------
        text
            What it says.
        letters
            Its font.
        at
            Centre of the sign, pixels.
        sign_px
            Radius of the sign.
        """
        name = len(text) > 2
        left, top, right, bottom = letters.getbbox(text)
        width, height = right - left + 2 * _PAD_PX, bottom - top + 2 * _PAD_PX
        for x, y, leader in _beside(at, sign_px, width, height) if name else _around(at, sign_px, width, height):
            box = (x, y, x + width, y + height)
            if self.free(box):
                self.taken.append(box)
                return Label(text, box, leader)
        return None


def place_names(
    names: Sequence[str],
    places: Sequence[tuple[float, float]],
    room: Room,
    letters: ImageFont.FreeTypeFont,
    sign_px: float,
) -> tuple[list[Label | None], list[str]]:
    """
    Find room for names, the first of them first.

    Returns
    -------
    list of Label or None, list of str
        A label for each name, its name or a number, None where there is no room for either; and what the numbers mean,
        from 1, those without room at the end.
    """
    labels: list[Label | None] = [
        room.place(
            fit if len(fit := drawable(name)) <= _LONGEST_NAME else f"{fit[:_LONGEST_NAME]}…", letters, at, sign_px
        )
        for name, at in zip(names, places, strict=True)
    ]
    keyed: list[str] = []
    lost: list[str] = []
    for place, label in enumerate(labels):
        if label is None:
            number = str(len(keyed) + 1)
            labels[place] = room.place(number, letters, places[place], sign_px)
            (lost if labels[place] is None else keyed).append(names[place])
    return labels, [*(f"{number}. {name}" for number, name in enumerate(keyed, start=1)), *lost]


def _beside(
    at: tuple[float, float], sign_px: float, width: float, height: float
) -> Iterator[tuple[float, float, bool]]:
    """Return corners of boxes that touch the sign: right, left, above, below, then aslant, then a little away."""
    x, y = at
    for gap in (sign_px + 2, sign_px + 9):
        diagonal = gap * 0.75
        yield x + gap, y - height / 2, False
        yield x - gap - width, y - height / 2, False
        yield x - width / 2, y - gap - height, False
        yield x - width / 2, y + gap, False
        for right in (True, False):
            for above in (True, False):
                yield (
                    x + diagonal if right else x - diagonal - width,
                    y - diagonal - height if above else y + diagonal,
                    False,
                )


def _around(
    at: tuple[float, float], sign_px: float, width: float, height: float
) -> Iterator[tuple[float, float, bool]]:
    """Return corners of boxes farther and farther around the sign."""
    for ring in range(_RINGS):
        away = sign_px + 2 + max(width, height) / 2 + 9 * ring
        for step in range(16):
            angle = step * math.pi / 8
            yield at[0] + away * math.cos(angle) - width / 2, at[1] - away * math.sin(angle) - height / 2, ring > 0
