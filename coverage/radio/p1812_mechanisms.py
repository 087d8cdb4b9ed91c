"""What carries a signal besides diffraction in ITU-R P.1812-8: line of sight, ducts, troposcatter, compiled."""

import math

from coverage.radio._compiled import njit


@njit
def free_space_db(freq_ghz: float, distance_km: float, tx_m: float, rx_m: float) -> float:
    """Free-space loss between antennas at heights tx_m and rx_m, a ground distance apart (equation 8)."""
    squared = distance_km * distance_km + ((tx_m - rx_m) / 1000.0) ** 2
    return 92.4 + 20.0 * math.log10(freq_ghz) + 10.0 * math.log10(squared)


@njit
def focusing_db(time_percent: float, tx_horizon_km: float, rx_horizon_km: float) -> float:
    """Multipath and focusing, dB: how much the loss falls below free space, as a negative number (equation 9)."""
    return 2.6 * (1.0 - math.exp(-0.1 * (tx_horizon_km + rx_horizon_km))) * math.log10(time_percent / 50.0)


@njit
def troposcatter_db(freq_ghz: float, distance_km: float, scatter_mrad: float, n0: float, time_percent: float) -> float:
    """
    Basic transmission loss of troposcatter not exceeded for a share of time.

    Parameters
    ----------
    freq_ghz, distance_km
        Frequency, GHz, and path length, km.
    scatter_mrad
        Angular distance, mrad.
    n0
        Sea-level refractivity, N-units.
    time_percent
        1 to 50.

    References
    ----------
    ITU-R P.1812-8, § 4.4, equations (44) and (45).
    """
    by_frequency = 25.0 * math.log10(freq_ghz) - 2.5 * math.pow(math.log10(freq_ghz / 2.0), 2.0)
    by_time = 10.125 * math.pow(math.log10(50.0 / time_percent), 0.7)
    return 190.1 + by_frequency + 20.0 * math.log10(distance_km) + 0.573 * scatter_mrad - 0.15 * n0 - by_time


@njit
def _shielding_db(freq_ghz: float, horizon_km: float, horizon_mrad: float) -> float:
    """Loss of coupling into the duct behind a horizon (equations 48 and 48a)."""
    excess = horizon_mrad - 0.1 * horizon_km
    if excess <= 0.0:
        return 0.0
    by_root = 20.0 * math.log10(1.0 + 0.361 * excess * math.sqrt(freq_ghz * horizon_km))
    return by_root + 0.264 * excess * math.pow(freq_ghz, 1 / 3)


@njit
def _sea_coupling_db(coast_km: float, horizon_km: float, antenna_m: float, sea_share: float) -> float:
    """Better coupling into a duct over the sea (equation 49)."""
    if coast_km > 5.0 or coast_km > horizon_km or sea_share < 0.75:
        return 0.0
    return -3.0 * math.exp(-0.25 * coast_km * coast_km) * (1.0 + math.tanh(0.07 * (50.0 - antenna_m)))


@njit
def ducting_db(
    freq_ghz: float,
    time_percent: float,
    distance_km: float,
    horizons_km: tuple[float, float],
    horizons_mrad: tuple[float, float],
    coasts_km: tuple[float, float],
    antennas_m: tuple[float, float],
    effective_m: tuple[float, float],
    roughness_m: float,
    inland_km: float,
    sea_share: float,
    radius_km: float,
    anomalous_percent: float,
) -> float:
    """
    Basic transmission loss of ducting and layer reflection not exceeded for a share of time.

    Parameters
    ----------
    freq_ghz, time_percent, distance_km
        Frequency, GHz; 1 to 50 %; path length, km.
    horizons_km, horizons_mrad, coasts_km, antennas_m, effective_m
        Of mast and receiver: distance and elevation of the horizon, distance to the coast, height above sea level,
        height above the fitted ground.
    roughness_m, inland_km, sea_share, radius_km, anomalous_percent
        Roughness of the ground, longest inland part, share of sea, median effective Earth radius, β0.

    References
    ----------
    ITU-R P.1812-8, § 4.5, equations (46) to (56).
    """
    low = 45.375 - 137.0 * freq_ghz + 92.5 * freq_ghz * freq_ghz if freq_ghz < 0.5 else 0.0
    fixed = 102.45 + 20.0 * math.log10(freq_ghz * (horizons_km[0] + horizons_km[1])) + low
    bent_mrad = 1000.0 * distance_km / radius_km
    for end in range(2):
        fixed += _shielding_db(freq_ghz, horizons_km[end], horizons_mrad[end])
        fixed += _sea_coupling_db(coasts_km[end], horizons_km[end], antennas_m[end], sea_share)
        bent_mrad += min(horizons_mrad[end], 0.1 * horizons_km[end])
    rough = 1.0
    if roughness_m > 10.0:
        between_km = min(distance_km - horizons_km[0] - horizons_km[1], 40.0)
        rough = math.exp(-4.6e-5 * (roughness_m - 10.0) * (43.0 + 6.0 * between_km))
    tau = 1.0 - math.exp(-4.12e-4 * inland_km**2.41)
    exponent = max(-0.6 - 3.5e-9 * distance_km**3.1 * tau, -3.4)
    roots = math.sqrt(effective_m[0]) + math.sqrt(effective_m[1])
    shape = min(1.0, (500.0 / radius_km * (distance_km / roots) ** 2) ** exponent)
    beta = anomalous_percent * shape * rough
    log_beta = math.log10(beta)
    gamma = (1.076 / (2.0058 - log_beta) ** 1.012) * math.exp(
        -(9.51 - 4.8 * log_beta + 0.198 * log_beta * log_beta) * 1e-6 * distance_km**1.13
    )
    share = time_percent / beta
    by_time = -12.0 + (1.2 + 3.7e-3 * distance_km) * math.log10(share) + 12.0 * math.pow(share, gamma)
    return fixed + 5e-5 * radius_km * math.pow(freq_ghz, 1 / 3) * bent_mrad + by_time
