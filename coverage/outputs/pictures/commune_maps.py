"""communes/<code>.png: a map of each commune to print on A4, with the names of the villages that lack signal."""

import functools
import io
import re

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw
from shapely.geometry import LineString, MultiLineString, MultiPolygon, box

from coverage.columns.words import STATUSES
from coverage.outputs.pictures.commune_legend import (
    FRAME_PX,
    LINES,
    PAGE_PX,
    draw_legend,
    draw_mast,
    draw_sign,
    draw_source,
)
from coverage.outputs.pictures.map_drawing import (
    FLAT,
    INK,
    SIGNAL_COLOURS,
    SMOOTHING,
    STATUS_COLOURS,
    View,
    draw_rings,
    draw_scale,
    relief,
    rings,
    scale_km,
    shaded,
    signal_tints,
)
from coverage.outputs.pictures.map_labels import Box, Label, Room, fitted, font, place_names
from coverage.outputs.web_map.edition import for_edition
from coverage.outputs.wording import Wording
from coverage.result import Result

_MARGIN = 0.05
_SMALLEST_M = 1500.0
"""A commune of a town is not drawn larger than this wide would be."""
_LIGHTS = 24
"""Steps of light: fewer colours make a smaller file."""
_RELIEF = 0.65
"""How much of the light and shade is kept, so that signs and names stand out."""
_LIGHT_STEPS = (FLAT + _RELIEF * (np.arange(_LIGHTS) / (_LIGHTS - 1) - FLAT)).astype(np.float32)
_NEIGHBOUR = "#A9A9A9"
_NAME_COLOURS = {"dead": "#7E0F20", "weak": "#5A3A00"}
_SIGN_PX = 8.0
_LETTERS_PX = 15
_CODE = re.compile(r"\d{5}")


def map_names(result: Result) -> dict[str, str]:
    """Return name below the out folder -> code, of the communes that have villages."""
    lived_in = set(result.villages["commune_code"].dropna())
    codes = dict.fromkeys(result.communes["commune_code"])
    return {f"communes/{code}.png": code for code in codes if code in lived_in and _CODE.fullmatch(str(code))}


class CommuneMaps:
    """
    The maps of one run; each may be drawn on a thread of its own.

    Parameters
    ----------
    result
        A finished run; sites and fiber are shown as far as the study's edition of the map shows them.
    say
        The language.
    """

    def __init__(self, result: Result, say: Wording) -> None:
        self.result, self.say = result, say
        layers = for_edition(result).layers
        masts = layers.cells.drop_duplicates("site_id").geometry
        self._masts = masts[masts.notna() & ~masts.is_empty]
        given = {"road": layers.roads, "fiber": layers.fiber_routes}
        self._lines = {name: frame for name, frame in given.items() if frame is not None}
        for frame in (*self._lines.values(), result.communes):
            _ = frame.sindex  # made once, before the threads

    def png(self, code: str) -> bytes:
        """Return the map of a commune."""
        found = self.result.communes[self.result.communes["commune_code"] == code].iloc[0]
        villages = self.result.villages[self.result.villages["commune_code"] == code]
        area = found[self.result.communes.geometry.name]
        view = _view(area, villages)
        page = Image.new("RGB", PAGE_PX, "#FFFFFF")
        left, top, width, height = FRAME_PX
        page.paste(self._drawn(view, area, code, villages), (left, top))
        draw = ImageDraw.Draw(page)
        shown = villages[villages.geometry.within(box(*view.bounds))]
        outside = villages[villages["status"].isin(list(_NAME_COLOURS))].drop(shown.index, errors="ignore")
        hidden = [self.say.word("legend.outside", village=name) for name in outside["name"]]
        keyed = self._name(draw, view, shown)
        draw.rectangle((left - 1, top - 1, left + width, top + height), outline=INK)
        self._title(draw, str(found["commune_name"]), code)
        draw_legend(draw, self.result, self.say, villages, [*keyed, *hidden], list(self._lines))
        draw_source(draw, self.result, self.say)
        file = io.BytesIO()
        page.quantize(palette=_palette(), dither=Image.Dither.NONE).save(file, "PNG", compress_level=6)
        return file.getvalue()

    def _title(self, draw: ImageDraw.ImageDraw, commune: str, code: str) -> None:
        letters, day = font(30, bold=True), self.say.date(self.result.as_of)
        width = (
            PAGE_PX[0]
            - 2 * FRAME_PX[0]
            - letters.getlength(self.say.word("legend.title", commune="", code=code, day=day))
        )
        name = fitted(commune, letters, width)
        title = self.say.word("legend.title", commune=name, code=code, day=day)
        draw.text((FRAME_PX[0], FRAME_PX[1] / 2), title, INK, letters, "lm")

    def _drawn(self, view: View, area: object, code: str, villages: gpd.GeoDataFrame) -> Image.Image:
        """Return the map within its frame, without names."""
        ground = self._ground(view, area)
        canvas = Image.new("RGBA", view.canvas, (255, 255, 255, 0))
        draw = ImageDraw.Draw(canvas)
        around = box(*view.bounds)
        communes = self.result.communes
        near = communes.iloc[communes.sindex.query(around)]
        draw_rings(draw, view, near.loc[near["commune_code"] != code].geometry, _NEIGHBOUR, 2 * SMOOTHING)
        for kind, frame in self._lines.items():
            _draw_lines(draw, view, frame.geometry.iloc[frame.sindex.query(around)], *LINES[kind])
        draw_rings(draw, view, [area], *LINES["border"])
        for at in _places(self._masts[self._masts.within(around)], view):
            draw_mast(draw, at, SMOOTHING)
        for status in reversed(STATUSES):
            for at in _places(villages.geometry[(villages["status"] == status) & villages.geometry.notna()], view):
                draw_sign(draw, status, at, SMOOTHING)
        length_km = scale_km(view, least_km=0.1)
        draw_scale(draw, view, length_km, f"{self.say.number(length_km)} km", font(17 * SMOOTHING))
        _draw_north(draw, view, self.say.word("legend.north"))
        ground.paste(overlay := canvas.resize(ground.size, Image.Resampling.BOX), mask=overlay)
        return ground

    def _ground(self, view: View, area: object) -> Image.Image:
        """
        Return relief tinted by signal, the commune's own in full colour.

        Both are worked out once per pixel of the grid, or of the paper where that is coarser, and enlarged.
        """
        grid = self.result.signal.grid
        step = max(view.metres_per_px, grid.cell_m)
        west, south, east, north = view.bounds
        x = grid.bounds[0] + step * (np.floor((west - grid.bounds[0]) / step) - 2)
        y = grid.bounds[3] - step * (np.floor((grid.bounds[3] - north) / step) - 2)
        coarse = View(x, y, step, int((east - x) / step) + 3, int((y - south) / step) + 3)
        window = ((west - x) / step, (y - north) / step, (east - x) / step, (y - south) / step)
        size = (view.width, view.height)
        shade = Image.fromarray(np.round(relief(self.result, coarse) * 255).astype(np.uint8))
        light = np.asarray(shade.resize(size, Image.Resampling.BICUBIC, window))
        steps = _LIGHT_STEPS[np.round(light / 255 * (_LIGHTS - 1)).astype(np.uint8)]
        colours = Image.fromarray(signal_tints(self.result, coarse).astype(np.uint8))
        tints = np.asarray(colours.resize(size, Image.Resampling.NEAREST, window), dtype=np.float32)
        return Image.fromarray(shaded(tints, steps, _mask(area, view)))

    def _name(self, draw: ImageDraw.ImageDraw, view: View, villages: gpd.GeoDataFrame) -> list[str]:
        """Write the names of villages that lack signal; return what the numbers among them mean."""
        left, top, width, height = FRAME_PX
        room = Room(width, height, _taken(view, scale_km(view, least_km=0.1)))
        masts = self._masts[self._masts.within(box(*view.bounds))]
        for x, y in (*_places(villages.geometry, view), *_places(masts, view)):
            room.taken.append((x - _SIGN_PX, y - _SIGN_PX, x + _SIGN_PX, y + _SIGN_PX))
        named = villages[villages["status"].isin(list(_NAME_COLOURS))].sort_values(
            ["status", "village_id"], kind="stable"
        )
        places = _places(named.geometry, view)
        letters = font(_LETTERS_PX, bold=True)
        labels, keyed = place_names([str(name) for name in named["name"]], places, room, letters, _SIGN_PX)
        for label, place, status in zip(labels, places, named["status"], strict=True):
            if label is not None:
                _draw_label(draw, label, place, _NAME_COLOURS[status], (left, top))
        return keyed


@functools.cache
def _palette() -> Image.Image:
    """Return the colours of a page: the ground in every light, what is drawn on it blended with white, greys."""
    tints = np.array([[ImageColor.getrgb(colour) for colour in SIGNAL_COLOURS.values()]], dtype=np.float32)
    ground = shaded(np.repeat(tints, _LIGHTS, axis=0), _LIGHT_STEPS[:, None], np.ones((_LIGHTS, 1), dtype=bool))
    lines = (colour for colour, _ in LINES.values())
    drawn = np.array([ImageColor.getrgb(one) for one in (*STATUS_COLOURS.values(), *_NAME_COLOURS.values(), *lines)])
    blends = [255 - (255 - drawn) * share for share in (1, 0.75, 0.5, 0.25)]
    greys = np.repeat(np.linspace(0, 255, 32)[:, None], 3, axis=1)
    colours = np.concatenate([ground.reshape(-1, 3), *blends, greys]).astype(np.uint8)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours.tobytes())
    return palette


def _view(area: object, villages: gpd.GeoDataFrame) -> View:
    """Show the parts of a commune that have villages, or else its largest; islands far away would shrink the rest."""
    points = villages.geometry[villages.geometry.notna()]
    parts = list(area.geoms) if isinstance(area, MultiPolygon) else [area]
    lived_in = [part for part in parts if points.intersects(part).any()]
    shown = gpd.GeoSeries(lived_in or [max(parts, key=lambda part: part.area)])
    west, south, east, north = shown.total_bounds
    *_, width, height = FRAME_PX
    wide, high = max(east - west, _SMALLEST_M) * (1 + 2 * _MARGIN), max(north - south, _SMALLEST_M) * (1 + 2 * _MARGIN)
    metres_per_px = max(wide / width, high / height)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return View(
        middle_x - metres_per_px * width / 2, middle_y + metres_per_px * height / 2, metres_per_px, width, height
    )


def _places(points: gpd.GeoSeries, view: View) -> list[tuple[float, float]]:
    """Return column and row on the paper."""
    pixels = view.pixels(points.x.to_numpy(), points.y.to_numpy())
    return [(x / SMOOTHING, y / SMOOTHING) for x, y in pixels]


def _mask(area: object, view: View) -> NDArray[np.bool_]:
    """Return [rows, cols]: whether a pixel lies in a commune."""
    mask = Image.new("1", (view.width, view.height))
    draw = ImageDraw.Draw(mask)
    for part in area.geoms if isinstance(area, MultiPolygon) else [area]:
        for place, ring in enumerate(rings(part)):
            x, y = ring.xy
            pixels = view.pixels(np.asarray(x), np.asarray(y))
            draw.polygon([(col / SMOOTHING, row / SMOOTHING) for col, row in pixels], fill=int(place == 0))
    return np.asarray(mask)


def _draw_lines(draw: ImageDraw.ImageDraw, view: View, shapes: gpd.GeoSeries, colour: str, width_px: int) -> None:
    for shape in shapes.intersection(box(*view.bounds)):
        for line in shape.geoms if isinstance(shape, MultiLineString) else [shape]:
            if isinstance(line, LineString) and not line.is_empty:
                x, y = line.xy
                pixels = view.pixels(np.asarray(x), np.asarray(y))
                draw.line(pixels, fill=colour, width=width_px * SMOOTHING, joint="curve")


def _draw_north(draw: ImageDraw.ImageDraw, view: View, letter: str) -> None:
    """Draw an arrow to the grid's north at the upper right, on the enlarged canvas."""
    x, top, s = view.canvas[0] - 30 * SMOOTHING, 18 * SMOOTHING, SMOOTHING
    draw.polygon([(x, top), (x + 9 * s, top + 30 * s), (x, top + 23 * s), (x - 9 * s, top + 30 * s)], INK, "#FFFFFF", s)
    draw.text((x, top + 34 * s), letter, INK, font(18 * s, bold=True), "mt", stroke_width=2 * s, stroke_fill="#FFFFFF")


def _taken(view: View, length_km: float) -> list[Box]:
    """Return where scale bar and arrow stand, pixels of the paper."""
    bar = length_km * 1000 / view.metres_per_px
    return [(14, view.height - 60, 44 + bar, view.height - 14), (view.width - 46, 10, view.width - 10, 78)]


def _draw_label(
    draw: ImageDraw.ImageDraw, label: Label, at: tuple[float, float], colour: str, corner: tuple[int, int]
) -> None:
    left, top, right, bottom = label.box
    x, y = corner
    middle = ((left + right) / 2 + x, (top + bottom) / 2 + y)
    if label.leader:
        draw.line([(at[0] + x, at[1] + y), middle], fill=colour, width=1)
    draw.text(middle, label.text, colour, font(_LETTERS_PX, bold=True), "mm", stroke_width=2, stroke_fill="#FFFFFF")
