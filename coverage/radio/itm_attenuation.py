"""Longley-Rice: what the ground and the air add to free space, at the median, from the geometry of a path."""

import math
from typing import NamedTuple

from coverage.radio._numba import njit
from coverage.radio.itm_profile import Pair


class Link(NamedTuple):
    """What the model knows of a link but its length."""

    freq_mhz: float
    radius_m: float
    """Effective radius of the Earth."""
    refractivity: float
    """At the surface, N-units."""
    impedance: complex
    """Of the ground, relative."""
    angles: Pair
    """Elevation of the horizons, radians."""
    horizons_m: Pair
    """Distance of the horizons."""
    effective_m: Pair
    """Antennas above the effective ground."""
    heights_m: Pair
    """Antennas above the ground."""
    delta_h_m: float
    """Terrain irregularity."""
    known_path: bool
    """Whether a profile was given (point to point) or not (area)."""


@njit
def _horizon_sum_m(link: Link) -> float:
    """Longest line of sight on this path, m."""
    return link.horizons_m[0] + link.horizons_m[1]


@njit
def _smooth_sight_m(link: Link) -> float:
    """Longest line of sight over a smooth Earth, m."""
    return math.sqrt(2.0 * link.effective_m[0] * link.radius_m) + math.sqrt(2.0 * link.effective_m[1] * link.radius_m)


@njit
def _bend(distance_m: float, link: Link) -> float:
    """Angle by which a path of this length bends beyond the horizons, radians (Hufford, equation 4.12)."""
    return float(
        distance_m / link.radius_m + max(link.angles[0] + link.angles[1], -_horizon_sum_m(link) / link.radius_m)
    )


@njit
def roughness_m(distance_m: float, delta_h_m: float) -> float:
    """Return the irregularity that a path of this length meets, m (Longley and Rice 1968, equation 3)."""
    return delta_h_m * (1.0 - 0.8 * math.exp(-distance_m / 50e3))


@njit
def _surface_deviation_m(roughness: float) -> float:
    """Standard deviation of the reflecting ground, m. Longley and Rice 1968, equation (3.6a)."""
    return 0.78 * roughness * math.exp(-0.5 * roughness**0.25)


@njit
def _knife_edge_db(nu_squared: float) -> float:
    """Loss over one knife edge. NBS Technical Note 101, equations (III.24b) and (III.24c)."""
    if nu_squared < 5.76:
        return 6.02 + 9.11 * math.sqrt(nu_squared) - 1.27 * nu_squared
    return 12.953 + 10 * math.log10(nu_squared)


@njit
def _double_knife_edge_db(distance_m: float, link: Link) -> float:
    """Loss over the two horizons as knife edges. NBS Technical Note 101, equations (I.1) and (I.7)."""
    scale = 0.0795775 * (link.freq_mhz / 47.7) * _bend(distance_m, link) ** 2  # 0.0795775 is 1 / (4 pi)
    beyond_m = distance_m - _horizon_sum_m(link)
    loss_db = 0.0
    for i in range(2):
        loss_db += _knife_edge_db(scale * link.horizons_m[i] * beyond_m / (beyond_m + link.horizons_m[i]))
    return loss_db


@njit
def _height_function_db(x: float, k: float) -> float:
    """Height gain F(x, K) over a smooth Earth, dB. Hufford, the algorithm, section 6 (after Vogler 1964)."""
    if x < 200.0:
        w = -math.log(k)
        if k < 1e-5 or x * w**3 > 5495.0:
            return -117.0 + (17.372 * math.log(x) if x > 1.0 else 0.0)
        return 2.5e-5 * x * x / k - 8.686 * w - 15.0
    far_db = 0.05751 * x - 4.343 * math.log(x)
    if x < 2000.0:
        w = 0.0134 * x * math.exp(-0.005 * x)
        far_db = (1.0 - w) * far_db + w * (17.372 * math.log(x) - 117.0)
    return far_db


@njit
def _smooth_earth_db(distance_m: float, link: Link) -> float:
    """Loss around a smooth Earth by Vogler's three radii. Hufford, the algorithm, equation (4.20)."""
    tx_m, rx_m = link.horizons_m
    beyond_m = distance_m - _horizon_sum_m(link)
    lengths_m = (beyond_m, tx_m, rx_m)
    radii_m = (
        beyond_m / _bend(distance_m, link),
        0.5 * tx_m**2 / link.effective_m[0],
        0.5 * rx_m**2 / link.effective_m[1],
    )
    total_x = 0.0
    gain_db = 0.0
    for i in range(3):
        c = (4.0 / 3.0 * 6370e3 / radii_m[i]) ** (1.0 / 3.0)
        k = 0.017778 * c * link.freq_mhz ** (-1.0 / 3.0) / abs(link.impedance)
        x = (1.607 - k) * c**2 * link.freq_mhz ** (1.0 / 3.0) * lengths_m[i] / 1000.0
        total_x += x
        if i > 0:
            gain_db += _height_function_db(x, k)
    if not total_x > 0.0:  # antennas so high over ground so conducting that Vogler's fit ends
        return math.nan
    return 0.05751 * total_x - 10.0 * math.log10(total_x) - gain_db - 20.0


@njit
def _diffraction_db(distance_m: float, link: Link) -> float:
    """Loss beyond the horizon: knife edges and smooth Earth, weighted. Longley and Rice 1968, equation (3.23)."""
    edges_db = _double_knife_edge_db(distance_m, link)
    earth_db = _smooth_earth_db(distance_m, link)
    product = link.heights_m[0] * link.heights_m[1]
    deviation_m = _surface_deviation_m(roughness_m(_smooth_sight_m(link), link.delta_h_m))
    clutter_db = min(15.0, 5.0 * math.log10(1.0 + 1e-5 * product * link.freq_mhz * deviation_m))  # equation (3.38c)
    excess = link.effective_m[0] * link.effective_m[1] - product
    if link.known_path:
        product += 10.0  # low antennas on a known path: page 3-8
    sight_bend = _bend(0.0, link) * link.radius_m + _horizon_sum_m(link)
    q = math.sqrt(1.0 + excess / product) + sight_bend / distance_m
    q *= min(roughness_m(distance_m, link.delta_h_m) * link.freq_mhz / 47.7, 6283.2)
    weight = 25.1 / (25.1 + math.sqrt(q))
    return float(weight * earth_db + (1.0 - weight) * edges_db + clutter_db)


@njit
def _line_of_sight_db(distance_m: float, link: Link, slope: float, intercept_db: float) -> float:
    """Two rays, and diffraction carried inwards, weighted. Hufford, the algorithm, equations (4.46) to (4.50)."""
    wave = link.freq_mhz / 47.7
    deviation_m = _surface_deviation_m(roughness_m(distance_m, link.delta_h_m))
    total_m = link.effective_m[0] + link.effective_m[1]
    sine = total_m / math.sqrt(distance_m**2 + total_m**2)
    reflection = (sine - link.impedance) / (sine + link.impedance) * math.exp(-min(10.0, wave * deviation_m * sine))
    strength = reflection.real**2 + reflection.imag**2
    if strength < 0.25 or strength < sine:
        reflection *= math.sqrt(sine / strength)
    phase = wave * 2.0 * link.effective_m[0] * link.effective_m[1] / distance_m
    if phase > math.pi / 2:
        phase = math.pi - (math.pi / 2) ** 2 / phase
    field = complex(math.cos(phase), -math.sin(phase)) + reflection
    two_ray_db = -10.0 * math.log10(field.real**2 + field.imag**2)
    weight = 1.0 / (1.0 + link.freq_mhz * link.delta_h_m / max(10e3, _smooth_sight_m(link)))
    return float(weight * two_ray_db + (1.0 - weight) * (slope * distance_m + intercept_db))


@njit
def _frequency_gain_db(ratio: float, efficiency: float) -> float:
    """Troposcatter frequency gain H_0 of one terminal, dB. Hufford, the algorithm, equation (6.13)."""
    a = (25.0, 80.0, 177.0, 395.0, 705.0)
    b = (24.0, 45.0, 68.0, 80.0, 105.0)
    efficiency = min(max(efficiency, 1.0), 5.0)
    i = int(efficiency)
    part = efficiency - i
    gain_db = (1.0 - part) * 10.0 * math.log10(1.0 + a[i - 1] / ratio**4 + b[i - 1] / ratio**2)
    if part > 0.0:
        gain_db += part * 10.0 * math.log10(1.0 + a[i] / ratio**4 + b[i] / ratio**2)
    return gain_db


@njit
def _scatter_attenuation_db(reach_m: float) -> float:
    """Attenuation function F(theta d), dB. Hufford, the algorithm, equation (6.9)."""
    if reach_m <= 10e3:
        return 133.4 + 0.332e-3 * reach_m - 10.0 * math.log10(reach_m)
    if reach_m <= 70e3:
        return 104.6 + 0.212e-3 * reach_m - 2.5 * math.log10(reach_m)
    return 71.8 + 0.157e-3 * reach_m + 5.0 * math.log10(reach_m)


@njit
def _troposcatter_db(distance_m: float, link: Link, earlier_gain_db: float) -> Pair:
    """
    Loss by scatter high above the path, and the frequency gain H_0 in it, both dB; infinite loss where undefined.

    `earlier_gain_db` is H_0 at the farther distance, negative where there is none: beyond 15 dB it is used again.
    Hufford, the algorithm, equation (4.63); NBS Technical Note 101, section 9.
    """
    wave = link.freq_mhz / 47.7
    gain_db = earlier_gain_db
    if not earlier_gain_db > 15.0:
        offset_m = link.horizons_m[0] - link.horizons_m[1]
        ratio = link.effective_m[1] / link.effective_m[0]
        if offset_m < 0.0:
            offset_m = -offset_m
            ratio = 1.0 / ratio
        angle = link.angles[0] + link.angles[1] + distance_m / link.radius_m
        r1 = 2.0 * wave * angle * link.effective_m[0]
        r2 = 2.0 * wave * angle * link.effective_m[1]
        if r1 < 0.2 and r2 < 0.2:
            return math.inf, earlier_gain_db
        asymmetry = (distance_m - offset_m) / (distance_m + offset_m)
        q = min(max(0.1, ratio / asymmetry), 10.0)
        asymmetry = max(0.1, asymmetry)
        crossing_m = (distance_m - offset_m) * (distance_m + offset_m) * angle * 0.25 / distance_m
        decay = math.exp(-(min(1.7, crossing_m / 8.0e3) ** 6))
        efficiency = (
            crossing_m
            / 1.7556e3
            * (1.0 + (0.031 - link.refractivity * 2.32e-3 + link.refractivity**2 * 5.67e-6) * decay)
        )
        mean_db = 0.5 * (_frequency_gain_db(r1, efficiency) + _frequency_gain_db(r2, efficiency))
        skew_db = 6.0 * (0.6 - math.log10(max(efficiency, 1.0))) * math.log10(asymmetry) * math.log10(q)
        gain_db = max(mean_db + min(mean_db, skew_db), 0.0)
        if efficiency < 1.0:
            root = math.sqrt(2.0)
            none = ((1.0 + root / r1) * (1.0 + root / r2)) ** 2 * (r1 + r2) / (r1 + r2 + 2.0 * root)
            gain_db = efficiency * gain_db + (1.0 - efficiency) * 10.0 * math.log10(none)
        if gain_db > 15.0 and earlier_gain_db >= 0.0:
            gain_db = earlier_gain_db
    bend = _bend(distance_m, link)
    loss_db = _scatter_attenuation_db(bend * distance_m) + 10.0 * math.log10(link.freq_mhz * bend**4)
    return loss_db - 0.1 * (link.refractivity - 301.0) * math.exp(-bend * distance_m / 40e3) + gain_db, gain_db


@njit
def reference_attenuation_db(distance_m: float, link: Link) -> float:
    """
    Median attenuation relative to free space.

    Parameters
    ----------
    distance_m
        Length of the path, m.
    link
        All else about it.

    Returns
    -------
    float
        dB, 0 or more; NaN where the smooth-Earth formula ends (very high antennas over very conducting ground).

    References
    ----------
    Longley and Rice 1968, equations (3.16) to (3.21); Hufford, the algorithm, section 4.
    """
    smooth_m = _smooth_sight_m(link)
    sight_m = _horizon_sum_m(link)

    # Beyond the horizon diffraction grows as a straight line through two distances far out.
    scale_m = (link.radius_m**2 / link.freq_mhz) ** (1.0 / 3.0)
    near_m = max(smooth_m, sight_m + 5.0 * scale_m)
    near_db = _diffraction_db(near_m, link)
    slope = (_diffraction_db(near_m + 10.0 * scale_m, link) - near_db) / (10.0 * scale_m)
    intercept_db = near_db - slope * near_m
    if math.isnan(slope):
        return math.nan

    if distance_m < smooth_m:
        return float(max(_within_horizon_db(distance_m, link, slope, intercept_db), 0.0))

    # Scatter takes over where its line, through two distances farther out, comes below that of diffraction.
    far_db, gain_db = _troposcatter_db(sight_m + 400e3, link, -1.0)
    scatter_db, _ = _troposcatter_db(sight_m + 200e3, link, gain_db)
    loss_db = slope * distance_m + intercept_db
    if scatter_db < 1000.0:
        scatter_slope = (far_db - scatter_db) / 200e3
        change_m = (scatter_db - intercept_db - scatter_slope * (sight_m + 200e3)) / (slope - scatter_slope)
        change_m = max(smooth_m, sight_m + 1.088 * scale_m * math.log(link.freq_mhz), change_m)
        if distance_m > change_m:
            loss_db = scatter_slope * distance_m + (slope - scatter_slope) * change_m + intercept_db
    return float(max(loss_db, 0.0))


@njit
def _within_horizon_db(distance_m: float, link: Link, slope: float, intercept_db: float) -> float:
    """Curve through two line-of-sight losses and diffraction at the smooth horizon. Longley and Rice, (3.19)."""
    smooth_m = _smooth_sight_m(link)
    sight_m = _horizon_sum_m(link)
    edge_db = smooth_m * slope + intercept_db
    first_m = 0.04 * link.freq_mhz * link.effective_m[0] * link.effective_m[1]
    if intercept_db >= 0.0:
        first_m = min(first_m, 0.5 * sight_m)
        second_m = first_m + 0.25 * (sight_m - first_m)
    else:
        second_m = max(-intercept_db / slope, 0.25 * sight_m)
    second_db = _line_of_sight_db(second_m, link, slope, intercept_db)
    linear = 0.0
    logarithmic = 0.0
    fitted = False
    if first_m < second_m:
        first_db = _line_of_sight_db(first_m, link, slope, intercept_db)
        span_m = smooth_m - first_m
        ratio = math.log(smooth_m / first_m)
        logarithmic = max(
            0.0,
            (span_m * (second_db - first_db) - (second_m - first_m) * (edge_db - first_db))
            / (span_m * math.log(second_m / first_m) - (second_m - first_m) * ratio),
        )
        fitted = intercept_db > 0.0 or logarithmic > 0.0
        if fitted:
            linear = (edge_db - first_db - logarithmic * ratio) / span_m
            if linear < 0.0:
                linear = 0.0
                logarithmic = max(edge_db - first_db, 0.0) / ratio
                if logarithmic == 0.0:
                    linear = slope
    if not fitted:
        logarithmic = 0.0
        linear = max(edge_db - second_db, 0.0) / (smooth_m - second_m)
        if linear == 0.0:
            linear = slope
    return float(edge_db + linear * (distance_m - smooth_m) + logarithmic * math.log(distance_m / smooth_m))
