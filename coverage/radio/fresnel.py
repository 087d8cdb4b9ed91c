"""The first Fresnel zone of a path: how wide it is, what stands in it, how high masts must be to keep it clear."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coverage.errors import ModelRangeError

Floats = NDArray[np.float64]

EARTH_M = 6_371_000.0
"""Mean radius of the Earth, m; as ITU-R P.452 takes it."""
MEDIAN_K = 4 / 3
"""Rays run straight over an Earth with so many times its radius, in the median of time; ITU-R P.530-18, section 2.2."""
LOW_K = 2 / 3
"""Below it k stays for a small part of the worst month only, on paths of some 20 km; ITU-R P.530-18, figure 2."""
LIGHT_M_MHZ = 299.792458


class Ray(NamedTuple):
    """A straight ray over a profile; arrays of one entry per point between the ends."""

    total_m: float
    """Between the ends."""
    distance_m: Floats
    """From the first end."""
    height_m: Floats
    """Of the ray above sea level, less the bulge of the Earth: what is higher than this stands in its way."""
    radius_m: Floats
    """Of the first Fresnel zone."""
    room_m: Floats
    """Between the ray and what stands under it; below 0 it is blocked."""

    @property
    def room_f1(self) -> Floats:
        """The room in radii of the first Fresnel zone."""
        return self.room_m / self.radius_m


class Obstruction(NamedTuple):
    """A stretch of a path on which something stands in the first Fresnel zone."""

    from_m: float
    to_m: float
    """Distances of its first and last point from the first end."""
    worst_m: float
    """Distance of the point that stands deepest in the zone, in radii of it."""
    depth_m: float
    """How far into the zone that point reaches, from below."""
    room_m: float
    """Between the ray and that point; below 0 it is blocked."""
    room_f1: float
    """The same in radii of the zone there."""


class MastRise(NamedTuple):
    """By how much antennas have to be raised to keep clear; below 0 they may come down."""

    both_m: float
    """Each of the two, by as much."""
    first_m: float
    """The first alone."""
    second_m: float
    """The second alone."""
    at_m: float
    """Distance from the first end of the point that asks for the most from both."""


def ray_over(
    distance_m: Floats, top_m: Floats, *, first_m: float, second_m: float, freq_mhz: float, earth_radius_m: float
) -> Ray:
    """
    Lay a straight ray over a profile.

    Parameters
    ----------
    distance_m
        [n] n ≥ 3 distances from the first end, growing from 0.
    top_m
        [n] ground with what stands on it, m above sea level; the two ends do not count.
    first_m, second_m
        Antennas, m above sea level.
    freq_mhz
        Frequency, above 0.
    earth_radius_m
        Radius of an Earth over which rays run straight, above 0.

    Returns
    -------
    Ray
        The n - 2 points between the ends.

    Raises
    ------
    ModelRangeError
        A frequency or a radius that is not above 0.

    References
    ----------
    Fresnel radius: ITU-R P.526-15, equation (2) with n = 1. The Earth bulges by d1 d2 / 2 a.
    """
    for name, value in (("freq_mhz", freq_mhz), ("earth_radius_m", earth_radius_m)):
        if not 0.0 < value < math.inf:
            raise ModelRangeError("first Fresnel zone", name, value, "above 0")
    total_m = float(distance_m[-1])
    near_m = np.asarray(distance_m[1:-1], dtype=float)
    far_m = total_m - near_m
    height_m = (first_m * far_m + second_m * near_m) / total_m - near_m * far_m / (2.0 * earth_radius_m)
    radius_m = np.sqrt(LIGHT_M_MHZ / freq_mhz * near_m * far_m / total_m)
    return Ray(total_m, near_m, height_m, radius_m, height_m - top_m[1:-1])


def obstructions(ray: Ray, *, clear_f1: float = 1.0) -> list[Obstruction]:
    """
    List what stands in the first Fresnel zone, from the first end on.

    Parameters
    ----------
    ray
        The ray over its profile.
    clear_f1
        Share of the zone's radius that must be free for a point not to count.
    """
    inside = np.flatnonzero(ray.room_f1 < clear_f1)
    found = []
    for stretch in np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1) if len(inside) else []:
        worst = stretch[np.argmin(ray.room_f1[stretch])]
        found.append(
            Obstruction(
                from_m=float(ray.distance_m[stretch[0]]),
                to_m=float(ray.distance_m[stretch[-1]]),
                worst_m=float(ray.distance_m[worst]),
                depth_m=float(ray.radius_m[worst] - ray.room_m[worst]),
                room_m=float(ray.room_m[worst]),
                room_f1=float(ray.room_f1[worst]),
            )
        )
    return found


def mast_rise(ray: Ray, *, clear_f1: float) -> MastRise:
    """
    Work out by how much antennas have to be raised so that a share of the zone is free all along.

    Parameters
    ----------
    ray
        The ray over its profile.
    clear_f1
        What has to be free at every point, in radii of the zone; 0 lets the ray graze.

    References
    ----------
    The ray moves by as much as both ends do, and by less, in proportion to the distance, where one stays.
    """
    missing_m = clear_f1 * ray.radius_m - ray.room_m
    share = ray.distance_m / ray.total_m
    worst = int(np.argmax(missing_m))
    return MastRise(
        both_m=float(missing_m[worst]),
        first_m=float((missing_m / (1.0 - share)).max()),
        second_m=float((missing_m / share).max()),
        at_m=float(ray.distance_m[worst]),
    )
