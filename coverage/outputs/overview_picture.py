"""The picture of the report: relief, where there is signal, communes by number, villages by status, sites to build."""

import io
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pyproj import Transformer
from rasterio.features import rasterize
from rasterio.transform import Affine
from shapely.geometry import LineString, MultiPolygon, Polygon

from coverage.columns import ANY
from coverage.outputs.web_map_data import first_view
from coverage.result import Result

STATUS_COLOURS = {"dead": "#B5172F", "weak": "#F59F00", "covered": "#4F6F5C", "not_assessed": "#7A7A7A"}
SIGNAL_COLOURS = {"good": "#A8D5BA", "weak": "#F6E3A1", "none": "#E9DFDC"}
SITE_COLOUR = "#0B3C8C"

_LONG_SIDE_PX = 1500
_SMOOTHING = 2
"""Lines and dots are drawn this much larger, then averaged down."""
_MARGIN = 0.12
"""Communes are shown this share beyond the villages."""


@dataclass(frozen=True)
class _View:
    """A window of the grid's plane and the pixels it is drawn on."""

    west: float
    north: float
    metres_per_px: float
    width: int
    height: int

    def pixels(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[tuple[float, float]]:
        """Return column and row on the enlarged canvas."""
        scale = _SMOOTHING / self.metres_per_px
        return list(zip(((x - self.west) * scale).tolist(), ((self.north - y) * scale).tolist(), strict=True))

    @property
    def canvas(self) -> tuple[int, int]:
        return self.width * _SMOOTHING, self.height * _SMOOTHING

    @property
    def transform(self) -> Affine:
        return Affine(self.metres_per_px, 0, self.west, 0, -self.metres_per_px, self.north)


def overview_png(result: Result) -> tuple[bytes, int]:
    """
    Draw the result.

    Parameters
    ----------
    result
        A finished run.

    Returns
    -------
    bytes, int
        A PNG, and the length of the scale bar in it, km. Communes bear the number of their row in `result.communes`.
    """
    view = _view(result)
    ground = Image.fromarray(_ground(result, view))
    scale_km = _scale_km(view)
    canvas = Image.new("RGBA", view.canvas, (255, 255, 255, 0))
    draw = ImageDraw.Draw(canvas)
    _draw_communes(draw, result.communes, view)
    _draw_villages(draw, result.villages, view)
    _draw_sites(draw, result.ranked_sites, view)
    _draw_scale(draw, view, scale_km)
    overlay = canvas.resize(ground.size, Image.Resampling.BOX)
    picture = Image.alpha_composite(ground.convert("RGBA"), overlay).convert("RGB")
    file = io.BytesIO()
    picture.quantize(255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue(), scale_km


def _view(result: Result) -> _View:
    """Show the communes as far as a margin around the villages' main body; a province's box may reach over the sea."""
    grid = result.signal.grid
    (south_deg, west_deg), (north_deg, east_deg) = first_view(result)
    to_grid = Transformer.from_crs(4326, grid.crs, always_xy=True)
    west, south, east, north = to_grid.transform_bounds(west_deg, south_deg, east_deg, north_deg)
    margin = _MARGIN * max(east - west, north - south, 10 * grid.cell_m)
    view = np.array([west - margin, south - margin, east + margin, north + margin])
    areas = [grid.bounds] if result.communes.empty else [grid.bounds, tuple(result.communes.total_bounds)]
    for area in areas:
        view = np.concatenate([np.maximum(view[:2], area[:2]), np.minimum(view[2:], area[2:])])
    view += np.array([-1, -1, 1, 1]) * 0.01 * max(view[2] - view[0], view[3] - view[1])
    metres_per_px = float(max(view[2] - view[0], view[3] - view[1])) / _LONG_SIDE_PX
    size = np.maximum(1, np.round([(view[2] - view[0]) / metres_per_px, (view[3] - view[1]) / metres_per_px]))
    return _View(float(view[0]), float(view[3]), metres_per_px, int(size[0]), int(size[1]))


def _ground(result: Result, view: _View) -> NDArray[np.uint8]:
    """Return [rows, cols, 3]: hillshade tinted by the best class of signal, paler outside the communes."""
    grid = result.signal.grid
    row, col = np.mgrid[0 : view.height, 0 : view.width]
    x = view.west + (col + 0.5) * view.metres_per_px
    y = view.north - (row + 0.5) * view.metres_per_px
    terrain_m = result.layers.grid.sample(result.layers.terrain_m, x, y)
    tints = np.array([_rgb(SIGNAL_COLOURS[name]) for name in ("none", "weak", "good")])
    colour = tints[_best_class(result, x, y)]
    shade = _hillshade(terrain_m, max(view.metres_per_px, grid.cell_m))[:, :, None]
    picture = colour * (0.5 + 0.6 * shade)
    shapes = [shape for shape in result.communes.geometry if shape is not None and not shape.is_empty]
    inside = np.ones(row.shape, dtype=bool)
    if shapes:
        inside = rasterize(shapes, row.shape, transform=view.transform, all_touched=True).astype(bool)
    paper = 255 - (255 - picture.mean(axis=2, keepdims=True)) * 0.18
    return np.clip(np.where(inside[:, :, None], picture, paper), 0, 255).astype(np.uint8)


def _best_class(result: Result, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return 0 none, 1 weak, 2 good: the best of any operator over the technologies in service."""
    best = np.zeros(x.shape, dtype=np.int8)
    for technology in result.study.in_service():
        level_dbm = result.signal.at(ANY, technology, x, y)
        for rank, threshold_dbm in enumerate(reversed(result.study.thresholds_dbm(technology)), start=1):
            best[(level_dbm >= threshold_dbm) & (best < rank)] = rank
    return best


def _hillshade(terrain_m: NDArray[np.float32], cell_m: float) -> NDArray[np.float64]:
    """Return light from the north-west, 0 to 1; 0.7, that of flat ground, where there is no terrain."""
    if min(terrain_m.shape) < 2:
        return np.full(terrain_m.shape, 0.7)
    down, right = np.gradient(terrain_m.astype(np.float64), cell_m)
    length = np.sqrt(1 + (2 * right) ** 2 + (2 * down) ** 2)
    light = (0.7 + 0.5 * 2 * right + 0.5 * 2 * down) / length
    return np.where(np.isnan(light), 0.7, np.clip(light, 0, 1))


def _draw_communes(draw: ImageDraw.ImageDraw, communes: gpd.GeoDataFrame, view: _View) -> None:
    shapes = communes.geometry.simplify(view.metres_per_px / 2)
    for shape in shapes:
        for ring in _rings(shape):
            x, y = ring.xy
            draw.line(view.pixels(np.asarray(x), np.asarray(y)), fill="#5B5B5B", width=_SMOOTHING + 1, joint="curve")
    font = ImageFont.load_default(size=19 * _SMOOTHING)
    for number, point in enumerate(communes.geometry.representative_point(), start=1):
        if not point.is_empty:
            place = view.pixels(np.array([point.x]), np.array([point.y]))[0]
            draw.text(place, str(number), "#222222", font, "mm", stroke_width=2 * _SMOOTHING, stroke_fill="#FFFFFFC8")


def _rings(shape: object) -> list[LineString]:
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    return [ring for part in parts if isinstance(part, Polygon) for ring in (part.exterior, *part.interiors)]


def _draw_villages(draw: ImageDraw.ImageDraw, villages: gpd.GeoDataFrame, view: _View) -> None:
    radius_px = {"covered": 1.3, "not_assessed": 2.5, "weak": 5.5, "dead": 6.5}
    for status, radius in radius_px.items():
        points = villages.geometry[(villages["status"] == status) & villages.geometry.notna()]
        outline = "#FFFFFF" if radius > 2 else None
        for x, y in view.pixels(points.x.to_numpy(), points.y.to_numpy()):
            r = radius * _SMOOTHING
            draw.ellipse((x - r, y - r, x + r, y + r), STATUS_COLOURS[status], outline, _SMOOTHING)


def _draw_sites(draw: ImageDraw.ImageDraw, sites: gpd.GeoDataFrame, view: _View) -> None:
    r = 8 * _SMOOTHING
    for x, y in view.pixels(sites.geometry.x.to_numpy(), sites.geometry.y.to_numpy()):
        draw.polygon(
            [(x, y - r), (x + 0.87 * r, y + r / 2), (x - 0.87 * r, y + r / 2)], SITE_COLOUR, "#FFFFFF", _SMOOTHING
        )


def _scale_km(view: _View) -> int:
    """Return the length, 1, 2 or 5 times a power of ten, nearest below a fifth of the width."""
    limit = view.width * view.metres_per_px / 5000
    lengths = [step * 10**power for power in range(4) for step in (1, 2, 5)]
    return max([length for length in lengths if length <= limit], default=1)


def _draw_scale(draw: ImageDraw.ImageDraw, view: _View, length_km: int) -> None:
    width = length_km * 1000 / view.metres_per_px * _SMOOTHING
    left, bottom, thick = 24 * _SMOOTHING, view.canvas[1] - 24 * _SMOOTHING, 5 * _SMOOTHING
    draw.rectangle((left, bottom - thick, left + width, bottom), "#FFFFFF", "#222222", _SMOOTHING)
    draw.rectangle((left, bottom - thick, left + width / 2, bottom), "#222222")
    font = ImageFont.load_default(size=19 * _SMOOTHING)
    draw.text((left + width / 2, bottom - thick - 4 * _SMOOTHING), f"{length_km} km", "#222222", font, "mb",
              stroke_width=2 * _SMOOTHING, stroke_fill="#FFFFFF")  # fmt: skip


def _rgb(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
