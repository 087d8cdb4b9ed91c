"""The profile of one path: the ground between its ends, the ray over it, what both ends see of it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod, Transformer

from coverage.errors import CoverageError
from coverage.grid import Grid
from coverage.path_result import End, Floats, Horizon, PathGround, Place, Profile
from coverage.radio._compiled import interpreted
from coverage.radio.clutter import representative_height_m
from coverage.radio.fresnel import EARTH_M, ray_over
from coverage.radio.p1812_profile import EARTH_RADIUS_KM, effective_radius_km, horizons
from coverage.study import Study

_ELLIPSOID = Geod(ellps="WGS84")
_LEAST_M = 1.0
"""Ends nearer than this are one point."""


@dataclass(frozen=True)
class Line:
    """The ground along a path; arrays of one entry per point, the ends included."""

    distance_km: Floats
    ground_m: Floats
    cover_m: Floats | None
    latitude_deg: float
    """Of its centre."""


def line_between(ground: PathGround, ends: tuple[Place, Place], study: Study) -> Line:
    """
    Sample terrain and land cover between two places, about a pixel apart.

    Parameters
    ----------
    ground
        Under the path.
    ends
        Its ends.
    study
        Its `radio.clutter_m` gives classes heights of their own.

    Returns
    -------
    Line
        Steps of a pixel from the first end on, as the map's own paths have them, the last half to one and a half long;
        heights are interpolated between pixel centres. Distances are those on the ellipsoid.

    Raises
    ------
    CoverageError
        Both ends are one point, or one or a stretch between them has no height.
    """
    first, second = ends
    length_m = _ELLIPSOID.inv(first.lon, first.lat, second.lon, second.lat)[2]
    if length_m < _LEAST_M:
        raise CoverageError(f"{first.label} … {second.label}: the same point; expected two ends apart from each other.")
    to_grid = Transformer.from_crs("EPSG:4326", ground.grid.crs, always_xy=True)
    x, y = to_grid.transform([first.lon, second.lon], [first.lat, second.lat])
    cells = math.hypot(x[1] - x[0], y[1] - y[0]) / ground.grid.cell_m
    steps = max(2, round(cells))
    share = np.append(np.arange(steps) / max(cells, steps - 0.5), 1.0)
    east, north = x[0] + share * (x[1] - x[0]), y[0] + share * (y[1] - y[0])
    heights_m = _between_pixels(ground.grid, ground.terrain_m, east, north)
    _check_known(ground, ends, heights_m, share * length_m / 1000)
    cover_m = None
    if ground.land_cover is not None:
        above = representative_height_m(ground.land_cover, heights_m=study.radio.clutter_m)
        cover_m = _between_pixels(ground.grid, np.nan_to_num(above, nan=0.0), east, north)
    return Line(share * length_m / 1000, heights_m, cover_m, (first.lat + second.lat) / 2)


def _between_pixels(grid: Grid, raster: NDArray[np.float32], x: Floats, y: Floats) -> Floats:
    """Return bilinear values at points; the outermost half pixel repeats the edge, as in the sweep of an area."""
    rows, cols = raster.shape
    row = np.clip((y - grid.transform.f) / grid.transform.e - 0.5, 0, rows - 1)
    col = np.clip((x - grid.transform.c) / grid.transform.a - 0.5, 0, cols - 1)
    top, left = np.floor(row).astype(int), np.floor(col).astype(int)
    below, right = np.minimum(top + 1, rows - 1), np.minimum(left + 1, cols - 1)
    down, across = row - top, col - left
    upper = raster[top, left] * (1 - across) + raster[top, right] * across
    lower = raster[below, left] * (1 - across) + raster[below, right] * across
    return np.asarray(upper * (1 - down) + lower * down, dtype=float)


def _check_known(ground: PathGround, ends: tuple[Place, Place], heights_m: Floats, distance_km: Floats) -> None:
    unknown = ~np.isfinite(heights_m)
    remedy = "Fill it with [grid] fill_voids_m, or supply terrain without it."
    for end, at in zip(ends, (0, -1), strict=True):
        if unknown[at]:
            raise CoverageError(
                f"{end.label}: {end.lon:.5f}, {end.lat:.5f} lies in a void of the terrain {ground.file}; expected a "
                f"height under it. {remedy}"
            )
    if unknown.any():
        where = distance_km[unknown]
        raise CoverageError(
            f"{ends[0].label} … {ends[1].label}: a void of the terrain {ground.file} between km {where[0]:.2f} and "
            f"{where[-1]:.2f}; expected heights all along. {remedy}"
        )


def end_of(
    place: Place, other: Place, *, heights: tuple[tuple[float, str], float], grounds_m: tuple[float, float], k: float
) -> End:
    """
    Return a place as an end of a path.

    Parameters
    ----------
    place, other
        This end, and the one it looks to.
    heights
        Antenna above ground and what says so; the other antenna above its ground, m.
    grounds_m
        Ground under both, m above sea level.
    k
        Effective radius of the Earth over its own.
    """
    (height_m, said_by), other_m = heights
    azimuth_deg, _, length_m = _ELLIPSOID.inv(place.lon, place.lat, other.lon, other.lat)
    rise_m = grounds_m[1] + other_m - grounds_m[0] - height_m - length_m**2 / (2 * k * EARTH_M)
    return End(
        place.label, place.kind, place.lon, place.lat, grounds_m[0], height_m, said_by,
        azimuth_deg % 360.0, math.degrees(math.atan2(rise_m, length_m)),
    )  # fmt: skip


def profile_of(line: Line, ends: tuple[End, End], *, freq_mhz: float, k: float) -> Profile:
    """Return the profile of a path with its ray and first Fresnel zone, whole from end to end."""
    first_m, second_m = (end.ground_m + end.height_m for end in ends)
    ray = ray_over(
        line.distance_km * 1000, line.ground_m, first_m=first_m, second_m=second_m, freq_mhz=freq_mhz,
        earth_radius_m=k * EARTH_M,
    )  # fmt: skip
    return Profile(
        line.distance_km,
        line.ground_m,
        line.cover_m,
        np.concatenate([[first_m], ray.height_m, [second_m]]),
        np.concatenate([[0.0], ray.radius_m, [0.0]]),
    )


def horizons_of(profile: Profile, ends: tuple[End, End], *, freq_mhz: float, k: float) -> tuple[Horizon, Horizon, bool]:
    """
    Return what both ends see farthest over the bare ground, and whether that is each other.

    Where they see each other it is the point that comes closest to the ray, in radii of the Fresnel zone.

    References
    ----------
    ITU-R P.1812-8, attachment 1, §§ 5.1 to 5.4.
    """
    first_m, second_m = (end.ground_m + end.height_m for end in ends)
    distance_km, ground_m = profile.distance_km.tolist(), profile.ground_m.tolist()
    points, radius_km = len(distance_km), k * EARTH_RADIUS_KM
    first, second, up, back = interpreted(horizons)(
        distance_km, ground_m, points, first_m, second_m, radius_km, freq_mhz / 1000
    )
    total = distance_km[-1]
    in_sight = bool((profile.ray_m[1:-1] >= profile.ground_m[1:-1]).all())
    return (
        Horizon(distance_km[first], ground_m[first], up),
        Horizon(total - distance_km[second], ground_m[second], back),
        in_sight,
    )


def median_k(study: Study) -> float:
    """Return the median effective radius of the Earth, in radii of the Earth."""
    return float(interpreted(effective_radius_km)(study.radio.delta_n)) / EARTH_RADIUS_KM
