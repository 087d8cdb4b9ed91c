"""The picture of the report: relief, where there is signal, communes by number, villages by status, sites to build."""

import io

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pyproj import Transformer
from rasterio.features import rasterize

from coverage.outputs.pictures.map_drawing import (
    INK,
    SITE_COLOUR,
    SMOOTHING,
    STATUS_COLOURS,
    View,
    draw_rings,
    draw_scale,
    relief,
    scale_km,
    shaded,
    signal_tints,
)
from coverage.outputs.web_map.data import first_view
from coverage.result import Result

_LONG_SIDE_PX = 1500
_MARGIN = 0.12
"""Communes are shown this share beyond the villages."""


def overview_png(result: Result) -> bytes:
    """
    Draw the result.

    Parameters
    ----------
    result
        A finished run.

    Returns
    -------
    bytes
        A PNG. Communes bear the number of their row in `result.communes`.
    """
    view = _view(result)
    ground = Image.fromarray(_ground(result, view))
    length_km = scale_km(view)
    canvas = Image.new("RGBA", view.canvas, (255, 255, 255, 0))
    draw = ImageDraw.Draw(canvas)
    _draw_communes(draw, result.communes, view)
    _draw_villages(draw, result.villages, view)
    _draw_sites(draw, result.ranked_sites, view)
    draw_scale(draw, view, length_km, f"{length_km:g} km", ImageFont.load_default(size=19 * SMOOTHING))
    overlay = canvas.resize(ground.size, Image.Resampling.BOX)
    picture = Image.alpha_composite(ground.convert("RGBA"), overlay).convert("RGB")
    file = io.BytesIO()
    picture.quantize(255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _view(result: Result) -> View:
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
    return View(float(view[0]), float(view[3]), metres_per_px, int(size[0]), int(size[1]))


def _ground(result: Result, view: View) -> NDArray[np.uint8]:
    """Return [rows, cols, 3]: relief tinted by the best class of signal, paler outside the communes."""
    light = relief(result, view)
    shapes = [shape for shape in result.communes.geometry if shape is not None and not shape.is_empty]
    inside = np.ones(light.shape, dtype=bool)
    if shapes:
        inside = rasterize(shapes, light.shape, transform=view.transform, all_touched=True).astype(bool)
    return shaded(signal_tints(result, view), light, inside)


def _draw_communes(draw: ImageDraw.ImageDraw, communes: gpd.GeoDataFrame, view: View) -> None:
    draw_rings(draw, view, communes.geometry.simplify(view.metres_per_px / 2), "#5B5B5B", SMOOTHING + 1)
    font = ImageFont.load_default(size=19 * SMOOTHING)
    for number, point in enumerate(communes.geometry.representative_point(), start=1):
        if not point.is_empty:
            place = view.pixels(np.array([point.x]), np.array([point.y]))[0]
            draw.text(place, str(number), INK, font, "mm", stroke_width=2 * SMOOTHING, stroke_fill="#FFFFFFC8")


def _draw_villages(draw: ImageDraw.ImageDraw, villages: gpd.GeoDataFrame, view: View) -> None:
    radius_px = {"covered": 1.3, "not_assessed": 2.5, "weak": 5.5, "dead": 6.5}
    for status, radius in radius_px.items():
        points = villages.geometry[(villages["status"] == status) & villages.geometry.notna()]
        outline = "#FFFFFF" if radius > 2 else None
        for x, y in view.pixels(points.x.to_numpy(), points.y.to_numpy()):
            r = radius * SMOOTHING
            draw.ellipse((x - r, y - r, x + r, y + r), STATUS_COLOURS[status], outline, SMOOTHING)


def _draw_sites(draw: ImageDraw.ImageDraw, sites: gpd.GeoDataFrame, view: View) -> None:
    r = 8 * SMOOTHING
    for x, y in view.pixels(sites.geometry.x.to_numpy(), sites.geometry.y.to_numpy()):
        draw.polygon(
            [(x, y - r), (x + 0.87 * r, y + r / 2), (x - 0.87 * r, y + r / 2)], SITE_COLOUR, "#FFFFFF", SMOOTHING
        )
