"""What the drawn maps share: colours, which window of the ground lies where, relief, signal, borders, scale."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ImageDraw, ImageFont
from rasterio.transform import Affine
from shapely.geometry import LineString, MultiPolygon, Polygon

from coverage.columns.words import ANY
from coverage.result import Result

STATUS_COLOURS = {"dead": "#B5172F", "weak": "#F59F00", "covered": "#4F6F5C", "not_assessed": "#7A7A7A"}
SIGNAL_COLOURS = {"good": "#A8D5BA", "weak": "#F6E3A1", "none": "#E9DFDC"}
SITE_COLOUR = "#0B3C8C"
INK = "#222222"

SMOOTHING = 2
"""Lines and dots are drawn this much larger, then averaged down."""
FLAT = 0.7
"""Light on flat ground."""


@dataclass(frozen=True)
class View:
    """A window of the grid's plane and the pixels it is drawn on."""

    west: float
    north: float
    metres_per_px: float
    width: int
    height: int

    def pixels(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[tuple[float, float]]:
        """Return column and row on the enlarged canvas."""
        scale = SMOOTHING / self.metres_per_px
        return list(zip(((x - self.west) * scale).tolist(), ((self.north - y) * scale).tolist(), strict=True))

    @property
    def canvas(self) -> tuple[int, int]:
        """Width and height of the enlarged canvas, pixels."""
        return self.width * SMOOTHING, self.height * SMOOTHING

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north, m."""
        east = self.west + self.width * self.metres_per_px
        return self.west, self.north - self.height * self.metres_per_px, east, self.north

    @property
    def transform(self) -> Affine:
        """From column and row of the paper to metres."""
        return Affine(self.metres_per_px, 0, self.west, 0, -self.metres_per_px, self.north)

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x and y of the centre of every pixel, m."""
        row, col = np.mgrid[0 : self.height, 0 : self.width]
        return self.west + (col + 0.5) * self.metres_per_px, self.north - (row + 0.5) * self.metres_per_px


def signal_tints(result: Result, view: View) -> NDArray[np.float64]:
    """Return [rows, cols, 3]: the colour of the best signal of any operator over the technologies in service."""
    x, y = view.centres()
    best = np.zeros(x.shape, dtype=np.int8)
    for technology in result.study.in_service():
        level_dbm = result.signal.at(ANY, technology, x, y)
        for rank, threshold_dbm in enumerate(reversed(result.study.thresholds_dbm(technology)), start=1):
            best[(level_dbm >= threshold_dbm) & (best < rank)] = rank
    return np.array([_rgb(SIGNAL_COLOURS[name]) for name in ("none", "weak", "good")])[best]


def relief(result: Result, view: View) -> NDArray[np.float64]:
    """Return [rows, cols]: light from the north-west, 0 to 1; that of flat ground where there is no terrain."""
    terrain_m = result.layers.grid.sample(result.layers.terrain_m, *view.centres())
    if min(terrain_m.shape) < 2:
        return np.full(terrain_m.shape, FLAT)
    cell_m = max(view.metres_per_px, result.signal.grid.cell_m)
    down, right = np.gradient(terrain_m.astype(np.float64), cell_m)
    length = np.sqrt(1 + (2 * right) ** 2 + (2 * down) ** 2)
    light = (FLAT + 0.5 * 2 * right + 0.5 * 2 * down) / length
    return np.where(np.isnan(light), FLAT, np.clip(light, 0, 1))


def shaded(tints: NDArray[np.floating], light: NDArray[np.floating], inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return [rows, cols, 3]: tints under light, pale paper outside."""
    picture = tints * (0.5 + 0.6 * light[:, :, None])
    paper = 255 - (255 - picture.mean(axis=2, keepdims=True)) * 0.18
    return np.clip(np.where(inside[:, :, None], picture, paper), 0, 255).astype(np.uint8)


def rings(shape: object) -> list[LineString]:
    """Return the outlines of an area, those of its holes too."""
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    return [ring for part in parts if isinstance(part, Polygon) for ring in (part.exterior, *part.interiors)]


def draw_rings(draw: ImageDraw.ImageDraw, view: View, shapes: Iterable[object], colour: str, width: int) -> None:
    """Draw the outlines of areas; `width` is that on the enlarged canvas."""
    for shape in shapes:
        for ring in rings(shape):
            x, y = ring.xy
            draw.line(view.pixels(np.asarray(x), np.asarray(y)), fill=colour, width=width, joint="curve")


def scale_km(view: View, *, least_km: float = 1) -> float:
    """Return the length, 1, 2 or 5 times a power of ten, nearest below a fifth of the width; at least `least_km`."""
    limit = view.width * view.metres_per_px / 5000
    lengths = [step * 10.0**power for power in range(-1, 4) for step in (1, 2, 5)]
    return max([length for length in lengths if least_km <= length <= limit], default=least_km)


def draw_scale(
    draw: ImageDraw.ImageDraw,
    view: View,
    length_km: float,
    text: str,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
) -> None:
    """Draw a bar of so many kilometres at the lower left of the enlarged canvas."""
    width = length_km * 1000 / view.metres_per_px * SMOOTHING
    left, bottom, thick = 24 * SMOOTHING, view.canvas[1] - 24 * SMOOTHING, 5 * SMOOTHING
    draw.rectangle((left, bottom - thick, left + width, bottom), "#FFFFFF", INK, SMOOTHING)
    draw.rectangle((left, bottom - thick, left + width / 2, bottom), INK)
    draw.text((left + width / 2, bottom - thick - 4 * SMOOTHING), text, INK, font, "mb",
              stroke_width=2 * SMOOTHING, stroke_fill="#FFFFFF")  # fmt: skip


def _rgb(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
