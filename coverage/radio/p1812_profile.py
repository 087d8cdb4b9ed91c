"""What ITU-R P.1812-8 derives from a path profile: zones, climate, smooth surface and horizons, compiled."""

import math
from typing import Any

from coverage.radio._compiled import njit
from coverage.radio.p1812_diffraction import WAVELENGTH_M_GHZ

EARTH_RADIUS_KM = 6371.0
SEA, COASTAL, INLAND = 1, 3, 4
"""Codes of the radio-climatic zones (table 1)."""


@njit
def effective_radius_km(delta_n: float) -> float:
    """Median effective Earth radius, km, from the refractivity lapse in N-units/km (equations 6 and 7a)."""
    return EARTH_RADIUS_KM * 157.0 / (157.0 - delta_n)


@njit
def inverse_normal(share: float) -> float:
    """
    Inverse complementary cumulative normal distribution, as the Recommendation approximates it.

    Parameters
    ----------
    share
        Probability of exceeding the returned value, clamped to 1e-6 … 1 - 1e-6.

    References
    ----------
    ITU-R P.1812-8, attachment 2 to annex 1, equations (94) to (97).
    """
    share = min(max(share, 1e-6), 1.0 - 1e-6)
    t = math.sqrt(-2.0 * math.log(min(share, 1.0 - share)))
    magnitude = t - ((0.010328 * t + 0.802853) * t + 2.515516698) / (
        ((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0
    )
    return magnitude if share <= 0.5 else -magnitude


@njit
def location_db(percent: float, sigma_db: float) -> float:
    """Loss that a share of the locations in percent does not exceed, above the median's, dB (equations 65 and 67)."""
    return float(-inverse_normal(percent / 100.0) * sigma_db)


@njit
def zone_lengths_km(distance_km: Any, zone: Any) -> tuple[float, float, float]:
    """
    Share of the path over sea, and its longest continuous parts over land and inland, km.

    A border between zones lies midway between two points.

    References
    ----------
    ITU-R P.1812-8, § 3.6 and table 5.
    """
    last = len(distance_km) - 1
    sea = longest_land = longest_inland = land = inland = 0.0
    for i in range(last + 1):
        before = 0.0 if i == 0 else 0.5 * (distance_km[i] - distance_km[i - 1])
        after = 0.0 if i == last else 0.5 * (distance_km[i + 1] - distance_km[i])
        around = before + after
        if zone[i] == SEA:
            sea += around
        land = land + around if zone[i] != SEA else 0.0
        inland = inland + around if zone[i] == INLAND else 0.0
        longest_land = max(longest_land, land)
        longest_inland = max(longest_inland, inland)
    return sea / (distance_km[last] - distance_km[0]), longest_land, longest_inland


@njit
def anomalous_time_percent(latitude_deg: float, land_km: float, inland_km: float) -> float:
    """
    Time for which the refractivity lapses by more than 100 N-units/km in the lowest 100 m.

    Parameters
    ----------
    latitude_deg
        Centre of the path, degrees north.
    land_km, inland_km
        Longest continuous land and inland parts, km.

    Returns
    -------
    float
        β0, percent.

    References
    ----------
    ITU-R P.1812-8, § 3.7, equations (2) to (5).
    """
    latitude = abs(latitude_deg)
    tau = 1.0 - math.exp(-4.12e-4 * inland_km**2.41)
    by_land = math.pow(10.0, -land_km / (16.0 - 6.6 * tau)) + math.pow(10.0, -5.0 * (0.496 + 0.354 * tau))
    mu1 = min(1.0, math.pow(by_land, 0.2))
    if latitude <= 70.0:
        return math.pow(10.0, -0.015 * latitude + 1.67) * mu1 * math.pow(mu1, -0.935 + 0.0176 * latitude)
    return 4.17 * mu1 * math.pow(mu1, 0.3)


@njit
def smooth_earth_m(distance_km: Any, ground_m: Any, points: int) -> tuple[float, float]:
    """Heights of the straight line fitted to the ground, at mast and receiver, m (equations 83 to 86)."""
    last = points - 1
    v1 = 0.0
    v2 = 0.0
    for i in range(1, points):
        here, before = distance_km[i], distance_km[i - 1]
        v1 += (here - before) * (ground_m[i] + ground_m[i - 1])
        v2 += (here - before) * (ground_m[i] * (2.0 * here + before) + ground_m[i - 1] * (here + 2.0 * before))
    total = distance_km[last]
    return (2.0 * v1 * total - v2) / (total * total), (v2 - v1 * total) / (total * total)


@njit
def diffraction_surface_m(
    distance_km: Any, ground_m: Any, points: int, tx_m: float, rx_m: float, tx_fit_m: float, rx_fit_m: float
) -> tuple[float, float]:
    """
    Smooth surface of the diffraction model.

    Parameters
    ----------
    distance_km, ground_m, points
        The path.
    tx_m, rx_m
        Antennas, m above sea level.
    tx_fit_m, rx_fit_m
        Ends of the fitted line (`smooth_earth_m`), m above sea level.

    Returns
    -------
    tuple
        Its heights under mast and receiver, m above sea level.

    References
    ----------
    ITU-R P.1812-8, attachment 1, § 5.6.2, equations (87) to (89).
    """
    last = points - 1
    total = distance_km[last]
    highest = -math.inf
    tx_slope = -math.inf
    rx_slope = -math.inf
    for i in range(1, last):
        d = distance_km[i]
        rest = total - d
        above = ground_m[i] - (tx_m * rest + rx_m * d) / total
        highest = max(highest, above)
        tx_slope = max(tx_slope, above / d)
        rx_slope = max(rx_slope, above / rest)
    if highest > 0.0:
        tx_fit_m -= highest * tx_slope / (tx_slope + rx_slope)
        rx_fit_m -= highest * rx_slope / (tx_slope + rx_slope)
    return min(tx_fit_m, ground_m[0]), min(rx_fit_m, ground_m[last])


@njit
def horizons(
    distance_km: Any, ground_m: Any, points: int, tx_m: float, rx_m: float, radius_km: float, freq_ghz: float
) -> tuple[int, int, float, float]:
    """
    Radio horizons as seen from both ends.

    Returns
    -------
    tuple
        Index of the mast's and of the receiver's horizon (both the point of the largest Fresnel parameter where the
        ends see each other), and their elevations, mrad.

    References
    ----------
    ITU-R P.1812-8, attachment 1, §§ 5.1 to 5.4, equations (74) to (81).
    """
    last = points - 1
    total = distance_km[last]
    tx_best = rx_best = -math.inf
    tx_at = rx_at = 1
    for i in range(1, last):
        d = distance_km[i]
        rest = total - d
        slope = (ground_m[i] - tx_m) / (1000.0 * d) - d / (2.0 * radius_km)
        if slope > tx_best:
            tx_best, tx_at = slope, i
        slope = (ground_m[i] - rx_m) / (1000.0 * rest) - rest / (2.0 * radius_km)
        if slope >= rx_best:
            rx_best, rx_at = slope, i
    direct = (rx_m - tx_m) / (1000.0 * total) - total / (2.0 * radius_km)
    if tx_best > direct:
        return tx_at, rx_at, 1000.0 * math.atan(tx_best), 1000.0 * math.atan(rx_best)
    back = (tx_m - rx_m) / (1000.0 * total) - total / (2.0 * radius_km)
    highest = -math.inf
    for i in range(1, last):
        d = distance_km[i]
        rest = total - d
        above = ground_m[i] + 500.0 / radius_km * d * rest - (tx_m * rest + rx_m * d) / total
        nu = above * math.sqrt(0.002 * total * freq_ghz / (WAVELENGTH_M_GHZ * d * rest))
        if nu >= highest:
            highest, tx_at = nu, i
    return tx_at, tx_at, 1000.0 * math.atan(direct), 1000.0 * math.atan(back)


@njit
def roughness_m(
    distance_km: Any, ground_m: Any, points: int, first: int, final: int, tx_fit_m: float, rx_fit_m: float
) -> float:
    """Highest ground above the fitted line between the two horizons, m (equations 91 and 93)."""
    slope = (rx_fit_m - tx_fit_m) / distance_km[points - 1]
    highest = -math.inf
    for i in range(first, final + 1):
        highest = max(highest, ground_m[i] - (tx_fit_m + slope * distance_km[i]))
    return highest
