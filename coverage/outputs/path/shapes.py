"""A drawing as lines, areas and letters, and the two forms it is given: SVG and PNG."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal
from xml.sax.saxutils import escape

Points = Sequence[tuple[float, float]]
"""Pixels right and down from the upper left corner."""
Anchor = Literal["start", "middle", "end"]

_LARGER = 2
"""A PNG is drawn this much larger, then averaged down, and kept at this scale for print."""
_PAPER = "#FFFFFF"
_HALO = "#FFFFFF"


@dataclass(frozen=True)
class Area:
    """A filled shape."""

    points: Points
    fill: str


@dataclass(frozen=True)
class Stroke:
    """A line; `dash` is the length of its dashes and gaps, 0 for none."""

    points: Points
    colour: str
    width: float = 1.0
    dash: float = 0.0


@dataclass(frozen=True)
class Letters:
    """Text; `at` is on its baseline; `upwards` turns it to be read from below."""

    at: tuple[float, float]
    text: str
    size: int = 13
    colour: str = "#222222"
    anchor: Anchor = "start"
    bold: bool = False
    halo: bool = False
    upwards: bool = False


Shape = Area | Stroke | Letters


@dataclass(frozen=True)
class Drawing:
    """Shapes on a sheet, the first at the bottom."""

    width: int
    height: int
    title: str
    shapes: tuple[Shape, ...]


def svg(drawing: Drawing) -> str:
    """Return a drawing as SVG that names no other file."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}" role="img" '
        f'font-family="DejaVu Sans, Arial, sans-serif"><title>{escape(drawing.title)}</title>',
        f'<rect width="{drawing.width}" height="{drawing.height}" fill="{_PAPER}"/>',
        *(_as_svg(shape) for shape in drawing.shapes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _as_svg(shape: Shape) -> str:
    if isinstance(shape, Letters):
        x, y = shape.at
        extra = ' font-weight="bold"' if shape.bold else ""
        if shape.halo:
            extra += f' stroke="{_HALO}" stroke-width="3" paint-order="stroke" stroke-linejoin="round"'
        if shape.upwards:
            extra += f' transform="rotate(-90 {x:.1f} {y:.1f})"'
        return (
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{shape.size}" fill="{shape.colour}" '
            f'text-anchor="{shape.anchor}"{extra}>{escape(shape.text)}</text>'
        )
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
    if isinstance(shape, Area):
        return f'<polygon points="{points}" fill="{shape.fill}"/>'
    dash = f' stroke-dasharray="{shape.dash:g}"' if shape.dash else ""
    return f'<polyline points="{points}" fill="none" stroke="{shape.colour}" stroke-width="{shape.width:g}"{dash}/>'


def png(drawing: Drawing) -> bytes:
    """Return a drawing as PNG, at twice its size in pixels."""
    from PIL import Image, ImageDraw

    from coverage.outputs.pictures.map_labels import drawable, font

    scale = _LARGER * _LARGER
    sheet = Image.new("RGB", (drawing.width * scale, drawing.height * scale), _PAPER)
    pen = ImageDraw.Draw(sheet)
    letters = [shape for shape in drawing.shapes if isinstance(shape, Letters)]
    for shape in drawing.shapes:
        if isinstance(shape, Letters):
            continue
        points = [(x * scale, y * scale) for x, y in shape.points]
        if isinstance(shape, Area):
            pen.polygon(points, fill=shape.fill)
        else:
            for part in _dashes(points, shape.dash * scale):
                pen.line(part, fill=shape.colour, width=max(1, round(shape.width * scale)), joint="curve")
    sheet = sheet.resize((drawing.width * _LARGER, drawing.height * _LARGER), Image.Resampling.BOX)
    for text in letters:  # on the finished sheet: letters have edges of their own
        face = font(text.size * _LARGER, bold=text.bold)
        at = text.at[0] * _LARGER, text.at[1] * _LARGER
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[text.anchor]
        halo = {"stroke_width": 2 * _LARGER // 2, "stroke_fill": _HALO} if text.halo else {}
        if not text.upwards:
            ImageDraw.Draw(sheet).text(at, drawable(text.text), text.colour, face, anchor, **halo)  # type: ignore[arg-type]
            continue
        left, top, right, bottom = (round(edge) for edge in face.getbbox(text.text, anchor="ls"))
        label = Image.new("RGB", (right - left, bottom - top), _PAPER)
        ImageDraw.Draw(label).text((-left, -top), drawable(text.text), text.colour, face, "ls")
        turned = label.rotate(90, expand=True)
        sheet.paste(turned, (round(at[0]) - turned.width, round(at[1]) - turned.height // 2))
    out = io.BytesIO()
    sheet.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _dashes(points: Points, length: float) -> list[list[tuple[float, float]]]:
    """Cut a line into dashes as long as the gaps between them; whole where the length is 0."""
    if not length:
        return [list(points)]
    parts: list[list[tuple[float, float]]] = [[points[0]]]
    left, drawn = length, True
    for (x0, y0), (x1, y1) in pairwise(points):
        span = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        gone = 0.0
        while span - gone > left:
            gone += left
            here = x0 + (x1 - x0) * gone / span, y0 + (y1 - y0) * gone / span
            if drawn:
                parts[-1].append(here)
            else:
                parts.append([here])
            drawn, left = not drawn, length
        left -= span - gone
        if drawn:
            parts[-1].append((x1, y1))
    return [part for part in parts if len(part) > 1]
