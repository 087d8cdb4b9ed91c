"""Diffraction of ITU-R P.1812-8, § 4.3: Bullington, spherical Earth and delta-Bullington, compiled."""

import math
from typing import Any

from coverage.radio._compiled import njit

WAVELENGTH_M_GHZ = 0.2998
"""Wavelength times frequency, m·GHz."""
LAND = (22.0, 0.003)
SEA = (80.0, 5.0)
# Relative permittivity and conductivity in S/m, § 4.3.3.


@njit
def knife_edge_db(nu: float) -> float:
    """
    Loss over one knife edge.

    Parameters
    ----------
    nu
        Fresnel-Kirchhoff parameter, dimensionless.

    Returns
    -------
    float
        Loss in dB; 0 up to nu = -0.78.

    References
    ----------
    ITU-R P.1812-8, equation (12).
    """
    if nu <= -0.78:
        return 0.0
    shifted = nu - 0.1
    return 6.9 + 20.0 * math.log10(math.sqrt(shifted * shifted + 1.0) + shifted)


@njit
def bullington_from_knife_edge_db(knife_db: float, distance_km: float) -> float:
    """Complete a knife-edge loss to Bullington's loss for a path of this length (equation 21)."""
    return knife_db + (1.0 - math.exp(-knife_db / 6.0)) * (10.0 + 0.02 * distance_km)


@njit
def bullington_nu(
    distance_km: Any, height_m: Any, points: int, tx_m: float, rx_m: float, radius_km: float, wavelength_m: float
) -> float:
    """
    Fresnel-Kirchhoff parameter of Bullington's equivalent knife edge.

    Parameters
    ----------
    distance_km, height_m
        Points of the path from mast to receiver; only those between the ends are obstacles.
    points
        How many of them belong to the path.
    tx_m, rx_m
        Antennas in the datum of `height_m`, m.
    radius_km
        Effective Earth radius, km.
    wavelength_m
        Wavelength, m.

    References
    ----------
    ITU-R P.1812-8, § 4.3.1, equations (13) to (20).
    """
    last = points - 1
    total: float = distance_km[last]
    curve = 500.0 / radius_km
    tx_slope = -math.inf
    for i in range(1, last):
        d: float = distance_km[i]
        tx_slope = max(tx_slope, (height_m[i] + curve * d * (total - d) - tx_m) / d)
    if tx_slope < (rx_m - tx_m) / total:
        nu = -math.inf
        for i in range(1, last):
            d = distance_km[i]
            rest = total - d
            clearance = height_m[i] + curve * d * rest - (tx_m * rest + rx_m * d) / total
            nu = max(nu, clearance * math.sqrt(0.002 * total / (wavelength_m * d * rest)))
        return nu
    rx_slope = -math.inf
    for i in range(1, last):
        d = distance_km[i]
        rest = total - d
        rx_slope = max(rx_slope, (height_m[i] + curve * d * rest - rx_m) / rest)
    edge = (rx_m - tx_m + rx_slope * total) / (tx_slope + rx_slope)
    rest = total - edge
    clearance = tx_m + tx_slope * edge - (tx_m * rest + rx_m * edge) / total
    return clearance * math.sqrt(0.002 * total / (wavelength_m * edge * rest))


@njit
def _first_term_over_db(
    ground: tuple[float, float],
    distance_km: float,
    tx_m: float,
    rx_m: float,
    radius_km: float,
    freq_ghz: float,
    vertical: bool,
) -> float:
    """First term of the residue series over one kind of ground (equations 29 to 36)."""
    permittivity, conductivity = ground
    loss = 18.0 * conductivity / freq_ghz
    admittance = (
        0.036 * math.pow(radius_km * freq_ghz, -1 / 3) * math.pow((permittivity - 1.0) ** 2 + loss * loss, -0.25)
    )
    if vertical:
        admittance *= math.sqrt(permittivity * permittivity + loss * loss)
    k2 = admittance * admittance
    beta = (1.0 + 1.6 * k2 + 0.67 * k2 * k2) / (1.0 + 4.5 * k2 + 1.53 * k2 * k2)
    x = 21.88 * beta * math.pow(freq_ghz / (radius_km * radius_km), 1 / 3) * distance_km
    if x >= 1.6:  # noqa: SIM108 - one line would be too long to read
        gain = 11.0 + 10.0 * math.log10(x) - 17.6 * x
    else:
        gain = -20.0 * math.log10(x) - 5.6488 * math.pow(x, 1.425)
    per_metre = 0.9575 * beta * beta * math.pow(freq_ghz * freq_ghz / radius_km, 1 / 3)
    floor = 2.0 + 20.0 * math.log10(admittance)
    return float(-gain - _height_gain_db(per_metre * tx_m, floor) - _height_gain_db(per_metre * rx_m, floor))


@njit
def _height_gain_db(b: float, floor_db: float) -> float:
    """Gain of an antenna of normalised height b (equation 34)."""
    if b > 2.0:
        gain = 17.6 * math.sqrt(b - 1.1) - 5.0 * math.log10(b - 1.1) - 8.0
    else:
        gain = 20.0 * math.log10(max(b + 0.1 * b * b * b, 1e-300))
    return max(gain, floor_db)


@njit
def first_term_db(
    distance_km: float,
    tx_m: float,
    rx_m: float,
    radius_km: float,
    freq_ghz: float,
    sea_share: float,
    vertical: bool,
) -> float:
    """First-term spherical-Earth loss of a path partly over sea (§ 4.3.3, equation 28)."""
    loss = 0.0
    if sea_share < 1.0:
        loss += (1.0 - sea_share) * _first_term_over_db(LAND, distance_km, tx_m, rx_m, radius_km, freq_ghz, vertical)
    if sea_share > 0.0:
        loss += sea_share * _first_term_over_db(SEA, distance_km, tx_m, rx_m, radius_km, freq_ghz, vertical)
    return loss


@njit
def spherical_earth_db(
    distance_km: float,
    tx_m: float,
    rx_m: float,
    radius_km: float,
    freq_ghz: float,
    sea_share: float,
    vertical: bool,
) -> float:
    """
    Diffraction loss over a smooth sphere.

    Parameters
    ----------
    distance_km
        Path length, km.
    tx_m, rx_m
        Antennas above the smooth surface, m, both ≥ 0.
    radius_km
        Effective Earth radius, km.
    freq_ghz
        Frequency, GHz.
    sea_share
        Fraction of the path over sea, 0 to 1.
    vertical
        Polarization.

    References
    ----------
    ITU-R P.1812-8, § 4.3.2, equations (22) to (27).
    """
    roots = math.sqrt(tx_m) + math.sqrt(rx_m)
    if distance_km >= math.sqrt(0.002 * radius_km) * roots:
        return float(first_term_db(distance_km, tx_m, rx_m, radius_km, freq_ghz, sea_share, vertical))
    c = (tx_m - rx_m) / (tx_m + rx_m)
    m = 250.0 * distance_km * distance_km / (radius_km * (tx_m + rx_m))
    cosine = min(1.0, max(-1.0, 1.5 * c * math.sqrt(3.0 * m / math.pow(m + 1.0, 3.0))))
    b = 2.0 * math.sqrt((m + 1.0) / (3.0 * m)) * math.cos((math.pi + math.acos(cosine)) / 3.0)
    near = 0.5 * distance_km * (1.0 + b)
    far = distance_km - near
    curve = 500.0 / radius_km
    clearance = ((tx_m - curve * near * near) * far + (rx_m - curve * far * far) * near) / distance_km
    needed = 17.456 * math.sqrt(near * far * WAVELENGTH_M_GHZ / (freq_ghz * distance_km))
    if clearance > needed:
        return 0.0
    marginal_km = 500.0 * math.pow(distance_km / roots, 2.0)
    loss = first_term_db(distance_km, tx_m, rx_m, marginal_km, freq_ghz, sea_share, vertical)
    return max(0.0, float((1.0 - clearance / needed) * loss))


@njit
def delta_bullington_db(
    distance_km: Any,
    obstacle_m: Any,
    level_m: Any,
    points: int,
    tx_m: float,
    rx_m: float,
    tx_smooth_m: float,
    rx_smooth_m: float,
    radius_km: float,
    freq_ghz: float,
    sea_share: float,
    vertical: bool,
) -> tuple[float, float, float]:
    """
    The three losses of the delta-Bullington model.

    Parameters
    ----------
    distance_km, obstacle_m
        Points of the path, heights with clutter between the ends, m above sea level.
    level_m
        Zeros, at least `points` of them.
    points
        Number of points of the path, at least 3.
    tx_m, rx_m
        Antennas, m above sea level.
    tx_smooth_m, rx_smooth_m
        Smooth surface under them (`p1812_profile.diffraction_surface_m`).
    radius_km, freq_ghz, sea_share, vertical
        As in `spherical_earth_db`.

    Returns
    -------
    tuple
        Lbulla, Lbulls, Ldsph in dB; the loss is Lbulla + max(Ldsph - Lbulls, 0).

    References
    ----------
    ITU-R P.1812-8, § 4.3.4, equations (37) to (39).
    """
    wavelength_m = WAVELENGTH_M_GHZ / freq_ghz
    total = distance_km[points - 1]
    tx_above, rx_above = tx_m - tx_smooth_m, rx_m - rx_smooth_m
    actual = bullington_nu(distance_km, obstacle_m, points, tx_m, rx_m, radius_km, wavelength_m)
    smooth = bullington_nu(distance_km, level_m, points, tx_above, rx_above, radius_km, wavelength_m)
    return (
        bullington_from_knife_edge_db(knife_edge_db(actual), total),
        bullington_from_knife_edge_db(knife_edge_db(smooth), total),
        spherical_earth_db(total, tx_above, rx_above, radius_km, freq_ghz, sea_share, vertical),
    )
