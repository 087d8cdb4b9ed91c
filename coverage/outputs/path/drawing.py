"""The drawing of one path: the ground with the Earth's curvature, the ray, its Fresnel zone, what stands in it."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from coverage.outputs.path.shapes import Area, Drawing, Letters, Points, Shape, Stroke
from coverage.outputs.path.words import Say
from coverage.path_result import OnePath

WIDTH, HEIGHT = 1120, 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 28, 56, 96
_GROUND, _COVER, _ZONE, _RAY = "#B59B7A", "#6E9B5A", "#D6E6F5", "#0B3C8C"
_EDGE, _CLEAR, _IN_ZONE, _HORIZON, _INK, _PALE = "#7FA6CC", "#3C6EA5", "#B5172F", "#7A3E9D", "#222222", "#DDDDDD"
_MOST_LABELS = 4
"""Obstructions that get a label each, the deepest first."""
_APART_PX = 84
"""Labels nearer than this would lie over one another."""
_MOST_POINTS = 2_000
"""More than there are pixels; of more the highest ground in each step is drawn."""


def draw_path(path: OnePath, say: Say) -> Drawing:
    """
    Draw a path.

    Parameters
    ----------
    path
        As `one_path` evaluates it.
    say
        Language of the letters.

    Returns
    -------
    Drawing
        The Earth's curvature is drawn into the ground, so that the ray is straight.
    """
    profile = path.profile
    straight = np.interp(profile.distance_km, profile.distance_km[[0, -1]], profile.ray_m[[0, -1]])
    bulge = straight - profile.ray_m
    ground, top = profile.ground_m + bulge, profile.top_m + bulge
    lowest, highest = float(ground.min()), float(max(top.max(), (straight + profile.fresnel_m).max()))
    lowest = min(lowest, float((straight - profile.fresnel_m).min()))
    room = max(highest - lowest, 20.0)
    lowest, highest = lowest - 0.06 * room, highest + 0.10 * room

    def x_of(km: float) -> float:
        return _LEFT + km / path.length_km * (WIDTH - _LEFT - _RIGHT)

    def y_of(m: float) -> float:
        return _TOP + (highest - m) / (highest - lowest) * (HEIGHT - _TOP - _BOTTOM)

    def line(heights: NDArray[np.float64]) -> list[tuple[float, float]]:
        km, m = _thinned(profile.distance_km, heights)
        return [(x_of(each), y_of(height)) for each, height in zip(km, m, strict=True)]

    floor = [(x_of(path.length_km), y_of(lowest)), (x_of(0.0), y_of(lowest))]
    upper, under = line(straight + profile.fresnel_m), line(straight - profile.fresnel_m)
    shapes: list[Shape] = [*_axes(path, say, lowest, highest, x_of, y_of), Area([*upper, *under[::-1]], _ZONE)]
    if profile.cover_m is not None:
        shapes.append(Area([*line(top), *floor], _COVER))
    shapes += [
        Area([*line(ground), *floor], _GROUND),
        Stroke(upper, _EDGE, 1.0),
        Stroke(under, _EDGE, 1.0),
        Stroke(line(straight - 0.6 * profile.fresnel_m), _CLEAR, 1.4, 6),
        Stroke([upper[0], upper[-1]], _RAY, 2.0),
    ]
    for place in range(len(profile.distance_km)):
        if 0 < place < len(top) - 1 and top[place] > straight[place] - profile.fresnel_m[place]:
            x = x_of(float(profile.distance_km[place]))
            low = max(float(straight[place] - profile.fresnel_m[place]), float(lowest))
            shapes.append(Stroke([(x, y_of(float(top[place]))), (x, y_of(low))], _IN_ZONE, 1.2))
    shapes += _horizons(path, ground, x_of, y_of)
    shapes += _masts(path, ground, x_of, y_of)
    shapes += _labels(path, say, top, x_of, y_of)
    shapes += _legend(path, say)
    title = say.word("title", first=path.ends[0].label, second=path.ends[1].label)
    shapes.append(Letters((_LEFT, 24), title, 17, bold=True))
    length = say.word("length", km=say.number(path.length_km, 2), mhz=say.number(path.freq_mhz, 0))
    shapes.append(Letters((_LEFT, 44), f"{length} · {say.word('air', k=say.number(path.k, 2))}", 13))
    return Drawing(WIDTH, HEIGHT, say.word("drawing"), tuple(shapes))


def _thinned(km: NDArray[np.float64], m: NDArray[np.float64]) -> tuple[list[float], list[float]]:
    """Return a line with no more points than can be drawn, both ends kept."""
    if len(km) <= _MOST_POINTS:
        return km.tolist(), m.tolist()
    steps = np.array_split(np.arange(1, len(km) - 1), _MOST_POINTS - 2)
    kept = np.array([0, *(int(step[np.argmax(m[step])]) for step in steps), len(km) - 1])
    return km[kept].tolist(), m[kept].tolist()


def _axes(
    path: OnePath,
    say: Say,
    lowest: float,
    highest: float,
    x_of: Callable[[float], float],
    y_of: Callable[[float], float],
) -> list[Shape]:
    shapes: list[Shape] = []
    left, right, bottom = x_of(0.0), x_of(path.length_km), y_of(lowest)
    for m in _ticks(lowest, highest, 7):
        shapes.append(Stroke([(left, y_of(m)), (right, y_of(m))], _PALE, 0.8))
        shapes.append(Letters((left - 8, y_of(m) + 4), say.number(m, 0), 12, anchor="end"))
    for km in _ticks(0.0, path.length_km, 10):
        shapes.append(Stroke([(x_of(km), bottom), (x_of(km), bottom + 5)], _INK, 1.0))
        decimals = 0 if path.length_km >= 10 else 1 if path.length_km >= 2 else 2
        shapes.append(Letters((x_of(km), bottom + 19), say.number(km, decimals), 12, anchor="middle"))
    shapes.append(Letters(((left + right) / 2, bottom + 38), say.word("axis.distance"), 12, anchor="middle"))
    shapes.append(Letters((22, (_TOP + bottom) / 2), say.word("axis.height"), 12, anchor="middle", upwards=True))
    shapes.append(Stroke([(left, _TOP), (left, bottom), (right, bottom)], _INK, 1.0))
    return shapes


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Return round values between two, at steps of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _masts(
    path: OnePath, ground: NDArray[np.float64], x_of: Callable[[float], float], y_of: Callable[[float], float]
) -> list[Shape]:
    shapes: list[Shape] = []
    for letter, km, m, end, aside in (
        ("A", 0.0, float(ground[0]), path.ends[0], 6),
        ("B", path.length_km, float(ground[-1]), path.ends[1], -6),
    ):
        x, foot, head = x_of(km), y_of(m), y_of(m + end.height_m)
        shapes.append(Stroke([(x, foot), (x, head)], _INK, 3.0))
        anchor = "start" if aside > 0 else "end"
        shapes.append(Letters((x + aside, head - 8), letter, 15, bold=True, anchor=anchor, halo=True))  # type: ignore[arg-type]
    return shapes


def _horizons(
    path: OnePath, ground: NDArray[np.float64], x_of: Callable[[float], float], y_of: Callable[[float], float]
) -> list[Shape]:
    """Mark what each end sees farthest; where they see each other it is one point, the nearest to the ray."""
    shapes: list[Shape] = []
    for number, horizon in enumerate(path.horizons):
        km = horizon.distance_km if number == 0 else path.length_km - horizon.distance_km
        at = float(np.interp(km, path.profile.distance_km, ground))
        x, y = x_of(km), y_of(at)
        if not path.in_sight:
            own = 0 if number == 0 else -1
            start = x_of(0.0 if number == 0 else path.length_km), y_of(float(ground[own]) + path.ends[number].height_m)
            shapes.append(Stroke([start, (x, y)], _HORIZON, 1.0, 4))
        shapes.append(Area(_triangle(x, y), _HORIZON))
    return shapes


def _triangle(x: float, y: float) -> Points:
    return [(x, y - 1), (x - 6, y + 10), (x + 6, y + 10)]


def _labels(
    path: OnePath,
    say: Say,
    top: NDArray[np.float64],
    x_of: Callable[[float], float],
    y_of: Callable[[float], float],
) -> list[Shape]:
    """Say where and how deep the worst obstructions stand in the zone."""
    shapes: list[Shape] = []
    taken: list[float] = []
    for each in sorted(path.in_zone, key=lambda one: one.room_f1)[: 3 * _MOST_LABELS]:
        x = min(max(x_of(each.worst_km), _LEFT + 60), WIDTH - _RIGHT - 60)
        if len(taken) == _MOST_LABELS or any(abs(x - other) < 2 * _APART_PX for other in taken):
            continue
        taken.append(x)
        m = float(np.interp(each.worst_km, path.profile.distance_km, top))
        text = f"km {say.number(each.worst_km, 2)}: {say.number(each.depth_m, 1)} m"
        shapes.append(Letters((x, y_of(m) - 10), text, 12, _IN_ZONE, "middle", bold=True, halo=True))
    return shapes


def _legend(path: OnePath, say: Say) -> list[Shape]:
    y, x = HEIGHT - 22, float(_LEFT)
    shapes: list[Shape] = []
    entries: list[tuple[str, Callable[[float], Shape]]] = [
        ("legend.ground", lambda at: Area(_box(at, y), _GROUND)),
        ("legend.ray", lambda at: Stroke([(at, y - 5), (at + 20, y - 5)], _RAY, 2.0)),
        ("legend.fresnel", lambda at: Area(_box(at, y), _ZONE)),
        ("legend.clear", lambda at: Stroke([(at, y - 5), (at + 20, y - 5)], _CLEAR, 1.4, 6)),
        ("legend.horizon", lambda at: Area(_triangle(at + 10, y - 10), _HORIZON)),
    ]
    if path.profile.cover_m is not None:
        entries.insert(1, ("legend.cover", lambda at: Area(_box(at, y), _COVER)))
    if path.in_zone:
        entries.append(("legend.obstruction", lambda at: Stroke([(at + 10, y - 11), (at + 10, y + 1)], _IN_ZONE, 2.4)))
    for key, sign in entries:
        text = say.word(key)
        shapes += [sign(x), Letters((x + 27, y), text, 12)]
        x += 27 + 7.0 * len(text) + 22
    return shapes


def _box(x: float, y: float) -> Points:
    return [(x, y - 10), (x + 20, y - 10), (x + 20, y), (x, y)]
