"""A microwave hop over a profile: how clear it keeps under each bend of the air, and how high its antennas must be."""

from coverage.path_result import Clearance, End, PathHop, Profile
from coverage.radio.free_space import basic_transmission_loss_db
from coverage.radio.fresnel import EARTH_M, LOW_K, MEDIAN_K, mast_rise, ray_over
from coverage.study import Study

_TROPICAL_F1 = 0.6
"""Asked for at the lower k too, of hops of more than some 30 km in the tropics; ITU-R P.530-18, section 2.2.2."""


def hop_of(profile: Profile, ends: tuple[End, End], study: Study, *, freq_mhz: float) -> PathHop:
    """
    Judge a microwave hop as `coverage rank` does, and say how high its antennas would have to be.

    Parameters
    ----------
    profile, ends
        The path.
    study
        `planning.microwave_clear_f1` is what must be free at k = 4/3; at k = 2/3 the ray must at least graze.
    freq_mhz
        Carrier.

    References
    ----------
    ITU-R P.530-18, section 2.2.2 (`planning.hops.keeps_clear` says what of it is asked); free space: ITU-R P.525-4.
    """
    asked = ((MEDIAN_K, study.planning.microwave_clear_f1), (LOW_K, 0.0), (LOW_K, _TROPICAL_F1))
    clearances = tuple(_clearance(profile, ends, freq_mhz, k, asked_f1) for k, asked_f1 in asked)
    free_db = basic_transmission_loss_db(
        freq_mhz=freq_mhz,
        distance_km=profile.distance_km[-1],
        tx_height_m=float(profile.ray_m[0]),
        rx_height_m=float(profile.ray_m[-1]),
    )
    return PathHop(clearances, all(each.kept for each in clearances[:2]), float(free_db))


def _clearance(profile: Profile, ends: tuple[End, End], freq_mhz: float, k: float, asked_f1: float) -> Clearance:
    """Return how clear a hop is under one bend of the air, and the heights that would make it so."""
    ray = ray_over(
        profile.distance_km * 1000, profile.top_m, first_m=float(profile.ray_m[0]),
        second_m=float(profile.ray_m[-1]), freq_mhz=freq_mhz, earth_radius_m=k * EARTH_M,
    )  # fmt: skip
    worst = int(ray.room_f1.argmin())
    rise = mast_rise(ray, clear_f1=asked_f1)
    first_m, second_m = ends[0].height_m, ends[1].height_m
    # As far down as the lower of the two can come.
    both_m = max(rise.both_m, -min(first_m, second_m))
    return Clearance(
        k=k,
        asked_f1=asked_f1,
        least_f1=float(ray.room_f1[worst]),
        at_km=float(ray.distance_m[worst]) / 1000,
        heights_both_m=(first_m + both_m, second_m + both_m),
        height_first_m=max(first_m + rise.first_m, 0.0),
        height_second_m=max(second_m + rise.second_m, 0.0),
    )
