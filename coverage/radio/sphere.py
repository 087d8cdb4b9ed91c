"""Smooth-Earth part of the delta-Bullington model over land, arranged for many paths at a few frequencies, compiled."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit
from coverage.radio.p1812_diffraction import LAND, WAVELENGTH_M_GHZ

_5_LOG10 = 5.0 / math.log(10.0)
_NEED2 = (0.5 * 17.456) ** 2
EDGE, FREE_SPACE, SCATTER, ADMITTANCE, DISTANCE, HEIGHT = range(6)
"""Columns of `bands`."""


def bands(freq_ghz: NDArray[np.float64], *, vertical: bool, n0: float) -> NDArray[np.float64]:
    """
    What all paths have in common at each frequency.

    Returns
    -------
    ndarray
        One row per frequency: Fresnel parameter relative to a wavelength of 1 m; free-space loss at 1 km, dB;
        median troposcatter loss at 1 km without bend, dB (equations 44 and 45);
        admittance, normalised distance of 1 km and normalised height of 1 m for an Earth of 1 km
        (equations 29 to 32, before the ground parameter).
    """
    permittivity, conductivity = LAND
    loss = 18.0 * conductivity / freq_ghz
    admittance = 0.036 * freq_ghz ** (-1 / 3) * ((permittivity - 1.0) ** 2 + loss**2) ** -0.25
    if vertical:
        admittance = admittance * np.sqrt(permittivity**2 + loss**2)
    return np.column_stack(
        (
            np.sqrt(freq_ghz / WAVELENGTH_M_GHZ),
            92.4 + 20.0 * np.log10(freq_ghz),
            190.1 + 25.0 * np.log10(freq_ghz) - 2.5 * np.log10(freq_ghz / 2.0) ** 2 - 0.15 * n0,
            admittance,
            21.88 * freq_ghz ** (1 / 3),
            0.9575 * freq_ghz ** (2 / 3),
        )
    )


@njit
def sphere_clearance(total: float, tx_m: float, rx_m: float, curve: float, edge: float) -> float:
    """
    Smallest clearance of the ray over a sphere, relative to what a wavelength of 1 m needs to be free of diffraction.

    Parameters
    ----------
    total
        Length of the path, km.
    tx_m, rx_m
        Antennas above the smooth surface, m.
    curve
        500 over the effective Earth radius, m/km².
    edge
        Column EDGE of the lowest frequency: where the result times this certainly exceeds 1, it is not worked out.

    Returns
    -------
    float
        No diffraction where this times EDGE exceeds 1 (infinite where that is certain); negative beyond the horizon.

    References
    ----------
    ITU-R P.1812-8, equations (22) to (25); the cubic of equation (24c) is solved by Halley's method.
    """
    both = tx_m + rx_m
    bulge = curve * total * total
    if bulge >= both and bulge >= both + 2.0 * math.sqrt(tx_m * rx_m):
        return -1.0
    inverse = 1.0 / both
    m = 0.5 * bulge * inverse
    c = abs(tx_m - rx_m) * inverse
    if m <= 0.5:
        # The root lies between this b and c, where the clearance falls, and what it needs too.
        b = c * (1.0 - m)
        b = (c + m * b * b * b) * (1.0 - m)
        least = 2.0 * tx_m * rx_m * inverse * (1.0 - m) * edge
        if least * least > _NEED2 * total * (1.0 - b * b):
            return math.inf
    inverse_m = 1.0 / (1.0 + m)
    b = c * inverse_m
    b = (c + m * b * b * b) * inverse_m
    for _ in range(20):
        value, slope = m * b * b * b - (m + 1.0) * b + c, 3.0 * m * b * b - m - 1.0
        change = 2.0 * value * slope / (2.0 * slope * slope - 6.0 * m * b * value)
        b -= change
        if abs(change) < 1e-3:  # what remains is of the order of the cube of the last change
            break
    high, low = max(tx_m, rx_m), min(tx_m, rx_m)
    spread = 1.0 - b * b
    clearance = 0.5 * (high * (1.0 - b) + low * (1.0 + b)) - 0.25 * bulge * spread
    return clearance / math.sqrt(_NEED2 * total * spread)


@njit
def smooth_edge(
    total: float, step: float, last: int, tx_m: float, rx_m: float, curve: float, beyond: bool, hint: int
) -> tuple[float, int]:
    """
    Bullington's edge over sea-level ground, sampled at step, 2 step … last * step.

    Parameters
    ----------
    total, step
        Length of the path and distance between samples, km.
    last
        Number of samples between the ends.
    tx_m, rx_m
        Antennas above the smooth surface, m.
    curve
        500 over the effective Earth radius, m/km².
    beyond
        Whether the ends are beyond each other's horizon.
    hint
        What the function returned for the path before, or -1.

    Returns
    -------
    tuple
        Fresnel parameter at a wavelength of 1 m, and how many samples before the last its point lies (-1: an edge).

    References
    ----------
    ITU-R P.1812-8, §§ 4.3.1 and 4.3.4. Slopes to a parabola are concave in the position, and so are Fresnel
    parameters in the angle whose tangent is the root of the ratio of both distances; the largest value at the samples
    hence lies beside that of the continuous surface.
    """
    direct = (rx_m - tx_m) / total
    if beyond:
        tx_slope = _steepest(math.sqrt(tx_m / curve), total, step, last, tx_m, curve)
        if tx_slope >= direct:
            rx_slope = _steepest(total - math.sqrt(rx_m / curve), total, step, last, rx_m, -curve)
            return math.sqrt(0.002 * total * (tx_slope - direct) * (rx_slope + direct)), -1
    at = last - hint if hint >= 0 else int(_closest(total, tx_m, rx_m, curve) / step + 0.5)
    at = min(max(at, 1), last)
    best, over = _clearance2(at * step, total, tx_m, direct, curve)
    for way in (-1, 1):
        while 1 <= at + way <= last:
            other, other_over = _clearance2((at + way) * step, total, tx_m, direct, curve)
            if other * over >= best * other_over:
                break
            best, over = other, other_over
            at += way
    return -math.sqrt(0.002 * total * best / over), last - at


@njit
def _closest(total: float, tx_m: float, rx_m: float, curve: float) -> float:
    """About where the ray comes closest to the surface, km: one step of Newton from the point of a flat Earth."""
    low, high = min(tx_m, rx_m), max(tx_m, rx_m)
    bulge = curve * total * total
    ratio = low / high  # the squared ratio of the distances to both ends
    more = 1.0 / (1.0 + ratio)
    ratio += bulge * (1.0 - ratio) * more * more / (high * high / low + bulge * (3.0 - ratio) * more * more * more)
    return total / (1.0 + ratio) if rx_m <= tx_m else total - total / (1.0 + ratio)


@njit
def _steepest(where: float, total: float, step: float, last: int, antenna_m: float, curve: float) -> float:
    """Largest slope from one end to the samples of sea-level ground; a negative `curve` means the receiver's end."""
    at = min(max(int(where / step), 1), last)
    slope = -math.inf
    for i in range(at, min(at + 2, last + 1)):
        d = i * step
        if curve > 0.0:
            slope = max(slope, curve * (total - d) - antenna_m / d)
        else:
            slope = max(slope, -curve * d - antenna_m / (total - d))
    return slope


@njit
def _clearance2(d: float, total: float, tx_m: float, direct: float, curve: float) -> tuple[float, float]:
    """Squared clearance over sea-level ground, m², and product of both distances, km²."""
    product = d * (total - d)
    clearance = tx_m + direct * d - curve * product
    return clearance * clearance, product


@njit
def first_term_land_db(bands: Any, band: int, total: float, tx_m: float, rx_m: float, radius_root: float) -> float:
    """
    First term of the residue series over land.

    Parameters
    ----------
    bands, band
        Table of `bands` and row in it.
    total
        Length of the path, km.
    tx_m, rx_m
        Antennas above the smooth surface, m.
    radius_root
        Effective Earth radius in km to the power of -1/3.

    References
    ----------
    ITU-R P.1812-8, § 4.3.3, equations (29) to (36).
    """
    admittance: float = bands[band, ADMITTANCE] * radius_root
    k2 = admittance * admittance
    beta = (1.0 + 1.6 * k2 + 0.67 * k2 * k2) / (1.0 + 4.5 * k2 + 1.53 * k2 * k2)
    x: float = bands[band, DISTANCE] * beta * radius_root * radius_root * total
    per_metre = bands[band, HEIGHT] * beta * beta * radius_root
    # Every logarithm of the distance and height terms is a multiple of 5 log10: one is enough for all three.
    tx_gain, tx_power = _height_gain(per_metre * tx_m, admittance)
    rx_gain, rx_power = _height_gain(per_metre * rx_m, admittance)
    if x >= 1.6:
        return float(17.6 * x - 11.0 - tx_gain - rx_gain - _5_LOG10 * math.log(x * x * tx_power * rx_power))
    log_x = math.log(x)
    far = 5.6488 * math.exp(1.425 * log_x)
    return float(far - tx_gain - rx_gain + _5_LOG10 * (4.0 * log_x - math.log(tx_power * rx_power)))


@njit
def _height_gain(b: float, admittance: float) -> tuple[float, float]:
    """
    Gain of an antenna of normalised height b as a number of dB and a factor under 5 log10 (equation 34).

    It is at least 2 + 20 log10 of the admittance; above b = 2 that matters only where the admittance exceeds 1.
    """
    if b <= 2.0:
        least = max(b + 0.1 * b * b * b, 1.2589254117941673 * admittance)
        return 0.0, least * least * least * least
    gain = 17.6 * math.sqrt(b - 1.1) - 8.0
    if admittance > 1.0:
        return max(gain - _5_LOG10 * math.log(b - 1.1), 2.0 + 4.0 * _5_LOG10 * math.log(admittance)), 1.0
    return gain, 1.0 / (b - 1.1)
