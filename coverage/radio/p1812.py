"""Recommendation ITU-R P.1812-8 (September 2025) for one path: the reference that everything else is tested against."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import CoverageError, ModelRangeError
from coverage.radio._compiled import interpreted, njit
from coverage.radio.p1812_diffraction import delta_bullington_db
from coverage.radio.p1812_mechanisms import ducting_db, focusing_db, free_space_db, troposcatter_db
from coverage.radio.p1812_profile import (
    COASTAL,
    EARTH_RADIUS_KM,
    INLAND,
    SEA,
    anomalous_time_percent,
    diffraction_surface_m,
    effective_radius_km,
    horizons,
    inverse_normal,
    location_db,
    roughness_m,
    smooth_earth_m,
    zone_lengths_km,
)

MODEL = "ITU-R P.1812-8"
FREQ_RANGE_MHZ = (30.0, 6000.0)
DISTANCE_RANGE_KM = (0.25, 3000.0)
HEIGHT_RANGE_M = (1.0, 3000.0)
TIME_RANGE_PERCENT = (1.0, 50.0)
LOCATION_RANGE_PERCENT = (1.0, 99.0)
POLARIZATIONS = ("vertical", "horizontal")
ANOMALOUS_RADIUS_KM = 3.0 * EARTH_RADIUS_KM
"""Effective Earth radius exceeded for β0 of the time (equation 7b)."""


class Terms(NamedTuple):
    """Every intermediate value, in the Recommendation's symbols: km, m, mrad, dB, percent."""

    d: float
    dlt: float
    dlr: float
    th_t: float
    th_r: float
    th: float
    hts: float
    hrs: float
    w: float
    dtm: float
    dlm: float
    b0: float
    ae: float
    hst: float
    hsr: float
    hst_ducting: float
    hsr_ducting: float
    hstd: float
    hsrd: float
    htc: float
    hrc: float
    hte: float
    hre: float
    hm: float
    Fi: float
    Fj: float
    Fk: float
    Lbfs: float
    Lb0p: float
    Lb0b: float
    Lbulla50: float
    Lbulls50: float
    Ldsph50: float
    Lbulla: float
    Lbulls: float
    Ldsph: float
    Ld50: float
    Ldb: float
    Ldp: float
    Lbd50: float
    Lbd: float
    Lminb0p: float
    Lba: float
    Lminbap: float
    Lbda: float
    Lbam: float
    Lbs: float
    Lbc: float
    Lloc: float
    Lb: float
    Ep: float


@njit
def terms_of_path(
    distance_km: Any,
    ground_m: Any,
    obstacle_m: Any,
    zone: Any,
    tx_height_m: float,
    rx_height_m: float,
    latitude_deg: float,
    freq_ghz: float,
    time_percent: float,
    location_percent: float,
    location_sigma_db: float,
    vertical: bool,
    delta_n: float,
    n0: float,
    tx_coast_km: float,
    rx_coast_km: float,
) -> Terms:
    """
    Evaluate one path without checking it (see `path_terms`).

    `obstacle_m` is the ground with clutter between the ends, and the ground itself at the ends (§ 3.2).
    """
    points = len(distance_km)
    last = points - 1
    d = distance_km[last] - distance_km[0]
    hts = ground_m[0] + tx_height_m
    hrs = ground_m[last] + rx_height_m
    w, dtm, dlm = zone_lengths_km(distance_km, zone)
    b0 = anomalous_time_percent(latitude_deg, dtm, dlm)
    ae = effective_radius_km(delta_n)

    hst, hsr = smooth_earth_m(distance_km, ground_m, points)
    hstd, hsrd = diffraction_surface_m(distance_km, ground_m, points, hts, hrs, hst, hsr)
    hst_ducting, hsr_ducting = min(hst, ground_m[0]), min(hsr, ground_m[last])
    hte, hre = hts - hst_ducting, hrs - hsr_ducting
    tx_at, rx_at, th_t, th_r = horizons(distance_km, ground_m, points, hts, hrs, ae, freq_ghz)
    dlt, dlr = distance_km[tx_at], d - distance_km[rx_at]
    th = 1000.0 * d / ae + th_t + th_r
    hm = roughness_m(distance_km, ground_m, points, tx_at, rx_at, hst_ducting, hsr_ducting)

    fi = inverse_normal(time_percent / 100.0) / inverse_normal(b0 / 100.0) if time_percent > b0 else 1.0
    fj = 1.0 - 0.5 * (1.0 + math.tanh(3.0 * 0.8 * (th - 0.3) / 0.3))
    fk = 1.0 - 0.5 * (1.0 + math.tanh(3.0 * 0.5 * (d - 20.0) / 20.0))

    lbfs = free_space_db(freq_ghz, d, hts, hrs)
    lb0p = lbfs + focusing_db(time_percent, dlt, dlr)
    lb0b = lbfs + focusing_db(b0, dlt, dlr)

    level = np.zeros(points)
    lbulla50, lbulls50, ldsph50 = delta_bullington_db(
        distance_km, obstacle_m, level, points, hts, hrs, hstd, hsrd, ae, freq_ghz, w, vertical
    )
    lbulla, lbulls, ldsph = delta_bullington_db(
        distance_km, obstacle_m, level, points, hts, hrs, hstd, hsrd, ANOMALOUS_RADIUS_KM, freq_ghz, w, vertical
    )
    ld50 = lbulla50 + max(ldsph50 - lbulls50, 0.0)
    ldb = lbulla + max(ldsph - lbulls, 0.0)
    ldp = ld50 + fi * (ldb - ld50)
    lbd50 = lbfs + ld50
    lbd = lb0p + ldp

    lminb0p = lb0p + (1.0 - w) * ldp
    if time_percent >= b0:
        lminb0p = lbd50 + (lb0b + (1.0 - w) * ldp - lbd50) * fi
    lba = ducting_db(
        freq_ghz, time_percent, d, (dlt, dlr), (th_t, th_r), (tx_coast_km, rx_coast_km), (hts, hrs), (hte, hre),
        hm, dlm, w, ae, b0,
    )  # fmt: skip
    # 2.5 ln(exp(Lba/2.5) + exp(Lb0p/2.5)), without its overflow on paths of more than 1,770 dB
    lminbap = max(lba, lb0p) + 2.5 * math.log1p(math.exp(-abs(lba - lb0p) / 2.5))
    lbda = lbd if lminbap > lbd else lminbap + (lbd - lminbap) * fk
    lbam = lbda + (lminb0p - lbda) * fj
    lbs = troposcatter_db(freq_ghz, d, th, n0, time_percent)
    lbc = min(lbs, lbam) - 5.0 * math.log10(1.0 + 10.0 ** (-0.2 * abs(lbs - lbam)))
    lloc = 0.0 if zone[last] == SEA else location_db(location_percent, location_sigma_db)
    lb = max(lb0p, lbc + lloc)
    return Terms(
        d, dlt, dlr, th_t, th_r, th, hts, hrs, w, dtm, dlm, b0, ae, hst, hsr, hst_ducting, hsr_ducting, hstd, hsrd,
        hts - hstd, hrs - hsrd, hte, hre, hm, fi, fj, fk, lbfs, lb0p, lb0b, lbulla50, lbulls50, ldsph50,
        lbulla, lbulls, ldsph, ld50, ldb, ldp, lbd50, lbd, lminb0p, lba, lminbap, lbda, lbam, lbs, lbc, lloc, lb,
        199.36 + 20.0 * math.log10(freq_ghz) - lb,
    )  # fmt: skip


def path_terms(
    *,
    freq_mhz: float,
    distance_km: ArrayLike,
    terrain_m: ArrayLike,
    cover_m: ArrayLike | None,
    zone: ArrayLike,
    tx_height_m: float,
    rx_height_m: float,
    latitude_deg: float,
    time_percent: float = 50.0,
    location_percent: float = 50.0,
    location_sigma_db: float = 0.0,
    polarization: str = "vertical",
    delta_n: float = 45.0,
    n0: float = 325.0,
    tx_coast_km: float = 500.0,
    rx_coast_km: float = 500.0,
    compiled: bool = True,
) -> Mapping[str, float]:
    """
    Every intermediate value of one path, and its loss `Lb`.

    Parameters
    ----------
    freq_mhz
        Frequency, 30 to 6000 MHz.
    distance_km
        Distances of n ≥ 3 points from the mast, the first 0, growing, the last 0.25 to 3000 km.
    terrain_m
        Ground at the points, m above sea level.
    cover_m
        Representative clutter height at the points, m (§ 3.2); ignored at both ends; None for none.
    zone
        Radio-climatic zone at the points: 1 sea, 3 coastal land, 4 inland.
    tx_height_m, rx_height_m
        Antennas above ground, 1 to 3000 m.
    latitude_deg
        Centre of the path, -80 to 80 degrees.
    time_percent
        Share of the average year, 1 to 50 %, for which the loss is not exceeded.
    location_percent, location_sigma_db
        Share of locations, 1 to 99 %, for which the loss is not exceeded, and the standard deviation between them, dB.
    polarization
        "vertical" or "horizontal".
    delta_n, n0
        Median refractivity lapse of the lowest km, N-units/km, and sea-level refractivity, N-units, at the centre.
    tx_coast_km, rx_coast_km
        Distance over land from the ends to the coast along the path, km; taken as 0 for an end in zone 1.
    compiled
        Whether machine code does it. Python needs a millisecond for a hundred points, and does not have to load numba.

    Returns
    -------
    Mapping[str, float]
        The Recommendation's symbols in the order of calculation (`Terms`), in km, m, mrad, dB and percent.
        `Lbulla50`, `Lbulls50` and `Ldsph50` belong to the median effective Earth radius, `Lbulla`, `Lbulls` and
        `Ldsph` to that exceeded for β0; `hst_ducting` is equation (90a), `hst` equation (85).

    Raises
    ------
    ModelRangeError
        A value outside the ranges above.
    CoverageError
        A profile that is too short, disordered, of unequal arrays, or has voids.

    References
    ----------
    ITU-R P.1812-8, annex 1.
    """
    check_ranges(
        freq_mhz=freq_mhz,
        tx_height_m=tx_height_m,
        rx_height_m=rx_height_m,
        latitude_deg=latitude_deg,
        time_percent=time_percent,
        location_percent=location_percent,
        location_sigma_db=location_sigma_db,
        polarization=polarization,
        delta_n=delta_n,
        n0=n0,
    )
    for name, coast_km in (("tx_coast_km", tx_coast_km), ("rx_coast_km", rx_coast_km)):
        if not coast_km >= 0.0:
            raise ModelRangeError(MODEL, name, coast_km, "0 km or more")
    distance, ground, cover = (
        np.ascontiguousarray(values, dtype=np.float64)
        for values in (distance_km, terrain_m, np.zeros_like(terrain_m) if cover_m is None else cover_m)
    )
    zones = np.ascontiguousarray(zone, dtype=np.int64)
    _check_profile(distance, ground, cover, zones)
    obstacle = ground + cover
    obstacle[0], obstacle[-1] = ground[0], ground[-1]
    evaluate = terms_of_path if compiled else interpreted(terms_of_path)
    profile = distance, ground, obstacle, zones
    if not compiled:  # with numbers of Python's own, which are far quicker than numpy's one by one
        profile = tuple(values.tolist() for values in profile)
    terms: Terms = evaluate(
        *profile, float(tx_height_m), float(rx_height_m), float(latitude_deg),
        freq_mhz / 1000.0, float(time_percent), float(location_percent), float(location_sigma_db),
        polarization == "vertical", float(delta_n), float(n0),
        0.0 if zones[0] == SEA else float(tx_coast_km), 0.0 if zones[-1] == SEA else float(rx_coast_km),
    )  # fmt: skip
    return dict(terms._asdict())


def basic_transmission_loss_db(
    *,
    freq_mhz: float,
    distance_km: ArrayLike,
    terrain_m: ArrayLike,
    cover_m: ArrayLike | None,
    zone: ArrayLike,
    tx_height_m: float,
    rx_height_m: float,
    latitude_deg: float,
    time_percent: float = 50.0,
    location_percent: float = 50.0,
    location_sigma_db: float = 0.0,
    polarization: str = "vertical",
    delta_n: float = 45.0,
    n0: float = 325.0,
    tx_coast_km: float = 500.0,
    rx_coast_km: float = 500.0,
) -> float:
    """
    Loss of one path not exceeded for a share of time and of locations, dB.

    Parameters, errors and source are those of `path_terms`.

    Examples
    --------
    >>> import numpy as np
    >>> distance_km = np.linspace(0, 12, 121)
    >>> ridge_m = 500 + 250 * np.exp(-(((distance_km - 4) / 0.8) ** 2))  # 250 m high, 4 km from the mast
    >>> link = {"freq_mhz": 1800, "tx_height_m": 33, "rx_height_m": 1.5, "latitude_deg": 21.3}
    >>> ground = {"distance_km": distance_km, "cover_m": None, "zone": np.full(121, 4)}
    >>> round(basic_transmission_loss_db(**link, **ground, terrain_m=ridge_m), 1)
    166.0
    >>> round(basic_transmission_loss_db(**link, **ground, terrain_m=np.full(121, 500.0)), 1)
    130.5
    """
    return path_terms(
        freq_mhz=freq_mhz,
        distance_km=distance_km,
        terrain_m=terrain_m,
        cover_m=cover_m,
        zone=zone,
        tx_height_m=tx_height_m,
        rx_height_m=rx_height_m,
        latitude_deg=latitude_deg,
        time_percent=time_percent,
        location_percent=location_percent,
        location_sigma_db=location_sigma_db,
        polarization=polarization,
        delta_n=delta_n,
        n0=n0,
        tx_coast_km=tx_coast_km,
        rx_coast_km=rx_coast_km,
    )["Lb"]


def check_ranges(
    *,
    freq_mhz: float | NDArray[np.float64],
    tx_height_m: float,
    rx_height_m: float,
    latitude_deg: float,
    time_percent: float,
    location_percent: float,
    location_sigma_db: float,
    polarization: str,
    delta_n: float,
    n0: float,
) -> None:
    """Raise ModelRangeError where a value lies outside the Recommendation's range (`path_terms` names the ranges)."""
    limits = (
        ("tx_height_m", tx_height_m, *HEIGHT_RANGE_M, "m"),
        ("rx_height_m", rx_height_m, *HEIGHT_RANGE_M, "m"),
        ("latitude_deg", latitude_deg, -80.0, 80.0, "degrees"),
        ("time_percent", time_percent, *TIME_RANGE_PERCENT, "%"),
        ("location_percent", location_percent, *LOCATION_RANGE_PERCENT, "%"),
        *(("freq_mhz", freq, *FREQ_RANGE_MHZ, "MHz") for freq in np.atleast_1d(freq_mhz).tolist()),
    )
    for name, value, low, high, unit in limits:
        if not low <= value <= high:
            raise ModelRangeError(MODEL, name, value, f"{low:g} to {high:g} {unit}")
    if not (0.0 <= location_sigma_db < math.inf):
        raise ModelRangeError(MODEL, "location_sigma_db", location_sigma_db, "0 dB or more")
    if polarization not in POLARIZATIONS:
        raise ModelRangeError(MODEL, "polarization", repr(polarization), " or ".join(map(repr, POLARIZATIONS)))
    if not 0.0 < delta_n < 157.0:
        raise ModelRangeError(MODEL, "delta_n", delta_n, "more than 0 and less than 157 N-units/km")
    if not 0.0 < n0 < math.inf:
        raise ModelRangeError(MODEL, "n0", n0, "more than 0 N-units")


def _check_profile(distance_km: Any, ground_m: Any, cover_m: Any, zone: Any) -> None:
    points = len(distance_km)
    if not points == len(ground_m) == len(cover_m) == len(zone):
        raise CoverageError(
            f"path profile: {points} distances, {len(ground_m)} heights, {len(cover_m)} clutter heights, "
            f"{len(zone)} zones; expected as many of each."
        )
    if points < 3:
        raise CoverageError(f"path profile: {points} points; at least 3 are needed, one of them between the ends.")
    if distance_km[0] != 0.0 or not (np.diff(distance_km) > 0.0).all():
        raise CoverageError("path profile: distances must start at 0 and grow from point to point.")
    if not DISTANCE_RANGE_KM[0] <= distance_km[-1] <= DISTANCE_RANGE_KM[1]:
        raise ModelRangeError(MODEL, "distance_km", distance_km[-1], "0.25 to 3000 km")
    if not (np.isfinite(ground_m).all() and np.isfinite(cover_m).all()):
        raise CoverageError("path profile: a point without height; fill voids first, or end the path before them.")
    if not np.isin(zone, (SEA, COASTAL, INLAND)).all():
        raise ModelRangeError(MODEL, "zone", sorted(set(zone.tolist())), "1 (sea), 3 (coastal land), 4 (inland)")
