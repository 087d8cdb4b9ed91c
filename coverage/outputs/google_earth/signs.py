"""Signs of villages, sites and proposals as small pictures: shapes as on the web map, which read without colour."""

import io
from collections.abc import Mapping
from types import MappingProxyType

from PIL import Image, ImageDraw

_SIDE_PX, _FINER = 48, 4
"""Drawn so much larger, then made smaller, which smooths the edges."""
_SHAPES = {
    "diamond": [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)],
    "triangle": [(0, -1.1), (1.05, 0.8), (-1.05, 0.8)],
    "down": [(0, 1.1), (1.05, -0.8), (-1.05, -0.8)],
    "square": [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
    "plus": [(-0.35, -1.1), (0.35, -1.1), (0.35, -0.35), (1.1, -0.35), (1.1, 0.35), (0.35, 0.35),
             (0.35, 1.1), (-0.35, 1.1), (-0.35, 0.35), (-1.1, 0.35), (-1.1, -0.35), (-0.35, -0.35)],
}  # fmt: skip
"""Corners within a circle of radius 1.2; whatever else is a circle."""

SIGNS: Mapping[str, tuple[str, str, str, float]] = MappingProxyType(
    {
        "dead": ("diamond", "#b5172f", "#ffffff", 0.9),
        "weak": ("triangle", "#f59f00", "#3d2a00", 0.8),
        "covered": ("circle", "#1f5a96", "#ffffff", 0.45),
        "not_assessed": ("square", "#ffffff", "#4d4d4d", 0.55),
        "site": ("down", "#ffffff", "#222222", 0.6),
        "ranked": ("plus", "#0b6e4f", "#ffffff", 0.9),
    }
)
"""Name -> shape, colour, edge, and how large it is shown; sites are white, to be tinted by operator."""


def sign_png(name: str) -> bytes:
    """Return a sign as a PNG on a clear ground."""
    shape, fill, edge, _ = SIGNS[name]
    side = _SIDE_PX * _FINER
    image = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(image)
    middle, radius, width = side / 2, side / 2 / 1.4, side // 16
    if shape in _SHAPES:
        corners = [(middle + x * radius, middle + y * radius) for x, y in _SHAPES[shape]]
        draw.polygon(corners, fill=fill, outline=edge, width=width)
    else:
        around = (middle - radius, middle - radius, middle + radius, middle + radius)
        draw.ellipse(around, fill=fill, outline=edge, width=width)
    file = io.BytesIO()
    image.resize((_SIDE_PX, _SIDE_PX), Image.Resampling.LANCZOS).save(file, "PNG")
    return file.getvalue()
