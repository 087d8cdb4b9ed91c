"""The page of a commune's map: where things stand on it, the signs, and the column that says what they mean."""

from collections.abc import Sequence

import pandas as pd
from PIL import ImageDraw

from coverage.columns.words import STATUSES
from coverage.outputs.paper_text import one_line
from coverage.outputs.pictures.map_drawing import INK, SIGNAL_COLOURS, SMOOTHING, STATUS_COLOURS
from coverage.outputs.pictures.map_labels import fitted, font
from coverage.outputs.wording import Wording
from coverage.result import Result

PAGE_PX = (1400, 990)
"""Of the shape of A4 on its side."""
FRAME_PX = (16, 70, 1040, 868)
"""Left, top, width and height of the map on the page."""
LINES = {"road": ("#8A6A3B", 2), "fiber": ("#7A2E9E", 2), "border": ("#303030", 3 * SMOOTHING)}
"""Colour and width, pixels; that of the border on the enlarged canvas."""
_LEFT, _TOP, _RIGHT, _BOTTOM = 1076, 70, 1384, 938
_ROW_PX = 27
_KEY_ROW_PX = 20
_QUIET = "#444444"

_Points = list[tuple[float, float]]
_SHAPES: dict[str, tuple[_Points | None, float, str]] = {
    "dead": ([(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)], 8.0, "#FFFFFF"),
    "weak": ([(0, -1.1), (1.05, 0.8), (-1.05, 0.8)], 7.5, "#3D2A00"),
    "covered": (None, 5.5, "#FFFFFF"),
    "not_assessed": ([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)], 6.0, "#FFFFFF"),
}
"""Status -> outline in a circle of radius 1 (None is the circle itself), radius in pixels, and colour of the edge: the
shapes of the web map, so that a status reads without colour."""


def draw_sign(draw: ImageDraw.ImageDraw, status: str, at: tuple[float, float], scale: int = 1) -> None:
    """Draw the sign of a village's status; `at` is in pixels of the paper, the canvas `scale` times as large."""
    outline, radius, edge = _SHAPES[status]
    x, y, r = at[0] * scale, at[1] * scale, radius * scale
    if outline is None:
        draw.ellipse((x - r, y - r, x + r, y + r), STATUS_COLOURS[status], edge, scale)
    else:
        draw.polygon([(x + dx * r, y + dy * r) for dx, dy in outline], STATUS_COLOURS[status], edge, scale)


def draw_mast(draw: ImageDraw.ImageDraw, at: tuple[float, float], scale: int = 1) -> None:
    """Draw a mast: two legs, a bar between them and a dot on top."""
    x, y = at[0] * scale, at[1] * scale
    legs = [(x - 5 * scale, y + 8 * scale), (x, y - 6 * scale), (x + 5 * scale, y + 8 * scale)]
    bar = [(x - 3 * scale, y + 2 * scale), (x + 3 * scale, y + 2 * scale)]
    for colour, width in (("#FFFFFF", 5), ("#111111", 2)):
        draw.line(legs, colour, width * scale, joint="curve")
        draw.line(bar, colour, width * scale)
        r = (1.5 + width / 2) * scale
        draw.ellipse((x - r, y - 6 * scale - r, x + r, y - 6 * scale + r), colour)


def draw_legend(
    draw: ImageDraw.ImageDraw,
    result: Result,
    say: Wording,
    villages: pd.DataFrame,
    keyed: Sequence[str],
    lines: Sequence[str],
) -> None:
    """
    Draw the column beside the map.

    Parameters
    ----------
    draw
        The page.
    result, say
        Supply the technologies in service, and the language.
    villages
        Of the commune, to be counted.
    keyed
        What numbers on the map mean, and who has no place on it.
    lines
        Which of `LINES` there are beside the border.
    """
    y = _heading(draw, _TOP, say.word("legend.villages"))
    for status in STATUSES:
        draw_sign(draw, status, (_LEFT + 14, y))
        count = int((villages["status"] == status).sum())
        y = _entry(draw, y, f"{say.status(status)}: {say.number(count, 0)}")
    in_service = ", ".join(map(say.technology, result.study.in_service()))
    y = _heading(draw, y + 4, say.word("legend.best_signal", technologies=in_service))
    for name, colour in SIGNAL_COLOURS.items():
        draw.rectangle((_LEFT + 4, y - 8, _LEFT + 24, y + 8), colour, "#8A8A8A")
        y = _entry(draw, y, say.word(f"legend.{name}"))
    y += 8
    draw_mast(draw, (_LEFT + 14, y))
    y = _entry(draw, y, say.word("legend.mast"))
    for name in (*lines, "border"):
        colour, width = LINES[name]
        draw.line((_LEFT + 2, y, _LEFT + 27, y), colour, width if name != "border" else width // SMOOTHING)
        y = _entry(draw, y, say.word(f"legend.{name}"))
    if keyed:
        _draw_key(draw, y + 4, keyed, say)


def draw_source(draw: ImageDraw.ImageDraw, result: Result, say: Wording) -> None:
    """Say below the map whose data it shows, under which definition."""
    letters, left = font(14), FRAME_PX[0]
    below = FRAME_PX[1] + FRAME_PX[3] + 10
    width = PAGE_PX[0] - 2 * left
    about, definition = result.study.study, one_line(result.study.definition_id)
    notes = f"{say.word('legend.definition', definition=definition)}. {say.word('legend.illustration')}."
    for text in filter(None, [about.source and say.word("legend.source", source=about.source), notes]):
        draw.text((left, below), fitted(text, letters, width), _QUIET, letters)
        below += 20


def _heading(draw: ImageDraw.ImageDraw, y: float, text: str) -> float:
    letters = font(17, bold=True)
    draw.text((_LEFT, y), fitted(text, letters, _RIGHT - _LEFT), INK, letters)
    return y + 24 + _ROW_PX / 2


def _entry(draw: ImageDraw.ImageDraw, y: float, text: str) -> float:
    letters = font(16)
    draw.text((_LEFT + 36, y), fitted(text, letters, _RIGHT - _LEFT - 36), INK, letters, "lm")
    return y + _ROW_PX


def _draw_key(draw: ImageDraw.ImageDraw, y: float, keyed: Sequence[str], say: Wording) -> None:
    """List what numbers mean as far as there is room, and how many more there are."""
    y = _heading(draw, y, say.word("legend.keyed")) - _ROW_PX / 2
    letters = font(14)
    rows = int((_BOTTOM - y) // _KEY_ROW_PX)
    shown = list(keyed) if len(keyed) <= rows else list(keyed[: rows - 1])
    if len(keyed) > len(shown):
        shown.append(say.word("legend.more", count=say.number(len(keyed) - len(shown), 0)))
    for text in shown:
        draw.text((_LEFT, y), fitted(text, letters, _RIGHT - _LEFT), INK, letters)
        y += _KEY_ROW_PX
