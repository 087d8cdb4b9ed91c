"""Longley-Rice against NTIA's own test values."""

import csv
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

from coverage.errors import ModelRangeError
from coverage.radio.free_space import basic_transmission_loss_db as free_space_db
from coverage.radio.itm import area_mode_loss_db, basic_transmission_loss_db
from coverage.radio.itm_conditions import Quantile, Surroundings
from coverage.radio.itm_profile import (
    fitted_ends_m,
    irregularity_m,
    path_geometry,
    smooth_horizon_angle,
    smooth_horizon_m,
)
from coverage.radio.itm_variability import CLIMATES, MODES, exceeded_deviate

VECTORS = Path(__file__).parents[2] / "../shared/validation/itm"
COMPUTED = Path(__file__).parent
"""Cases of every kind that NTIA's program (github.com/NTIA/itm, version 1.4) was run on for this test."""
NAMES = {
    "h_tx__meter": "tx_height_m",
    "h_rx__meter": "rx_height_m",
    "f__mhz": "freq_mhz",
    "pol": "polarization",
    "N_0": "n0",
    "epsilon": "permittivity",
    "sigma": "conductivity_s_m",
    "d__km": "length_km",
    "delta_h__meter": "irregularity_m",
    "tx_siting_criteria": "tx_siting",
    "rx_siting_criteria": "rx_siting",
    "A__db": "loss_db",
}
"""NTIA's headings and ours."""
POLARIZATIONS = {"0": "horizontal", "1": "vertical"}
SITING = {"0": "random", "1": "careful", "2": "very_careful"}
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="NTIA's test values (../shared) are not here")


def read(file: Path) -> list[dict[str, str]]:
    """Rows of test values under our names, whether they are NTIA's files or ours."""
    with file.open(newline="") as lines:
        rows = [{NAMES.get(key, key): value for key, value in row.items()} for row in csv.DictReader(lines)]
    for row in rows:
        row["polarization"] = POLARIZATIONS.get(row["polarization"], row["polarization"])
        if row["climate"].isdigit():
            row["climate"] = CLIMATES[int(row["climate"]) - 1]
    return rows


def options(row: dict[str, str]) -> dict[str, object]:
    mode = int(row["mdvar"])
    return {
        "freq_mhz": float(row["freq_mhz"]),
        "tx_height_m": float(row["tx_height_m"]),
        "rx_height_m": float(row["rx_height_m"]),
        "polarization": row["polarization"],
        "surroundings": Surroundings(
            row["climate"], float(row["n0"]), float(row["permittivity"]), float(row["conductivity_s_m"])
        ),
        "quantile": Quantile(
            float(row["time"]),
            float(row["location"]),
            float(row["situation"]),
            mode=MODES[mode % 10],
            with_location=mode // 10 not in (1, 3),
            with_situation=mode // 10 not in (2, 3),
        ),
    }


def ntia_paths() -> Iterator[tuple[float, float]]:
    """Ours and NTIA's loss of each of its paths, dB."""
    expected = read(VECTORS / "p2p.csv")
    with (VECTORS / "pfls.csv").open(newline="") as file:
        profiles = [[float(value) for value in row if value] for row in csv.reader(file) if row]
    assert len(expected) == len(profiles) == 5
    for row, (last, step_m, *heights) in zip(expected, profiles, strict=True):
        found = basic_transmission_loss_db(
            distance_km=np.arange(last + 1) * step_m / 1000, terrain_m=heights[: int(last) + 1], **options(row)
        )
        yield found, float(row["loss_db"])


def area_losses(file: Path) -> Iterator[tuple[float, float]]:
    """Ours and NTIA's loss of each area in a file, dB."""
    for row in read(file):
        found = area_mode_loss_db(
            distance_km=float(row["length_km"]),
            irregularity_m=float(row["irregularity_m"]),
            siting=(SITING.get(row["tx_siting"], row["tx_siting"]), SITING.get(row["rx_siting"], row["rx_siting"])),
            **options(row),
        )
        yield float(found), float(row["loss_db"])


def computed_paths() -> Iterator[tuple[float, float]]:
    """Ours and the loss that NTIA's program gives of each path over waves, dB."""
    for row in read(COMPUTED / "itm_point.csv"):
        at = np.linspace(0, 1, int(row["points"]))
        wave = float(row["waves"]) * at
        terrain_m = float(row["base_m"]) + float(row["swing_m"]) * (1.4 + np.sin(wave) + 0.4 * np.sin(2.7 * wave))
        found = basic_transmission_loss_db(
            distance_km=at * float(row["length_km"]), terrain_m=terrain_m, **options(row)
        )
        yield found, float(row["loss_db"])


@needs_vectors
def test_point_to_point_equals_all_of_ntia_s_values_to_their_last_digit() -> None:
    for found, expected in ntia_paths():
        assert found == pytest.approx(expected, abs=0.0051)


@needs_vectors
def test_area_mode_equals_all_of_ntia_s_values_to_their_last_digit() -> None:
    pairs = list(area_losses(VECTORS / "area.csv"))
    assert len(pairs) == 5
    for found, expected in pairs:
        assert found == pytest.approx(expected, abs=0.051)


def test_paths_and_areas_of_every_kind_equal_ntia_s_program() -> None:
    pairs = [*computed_paths(), *area_losses(COMPUTED / "itm_area.csv")]
    assert len(pairs) == 61
    for found, expected in pairs:
        assert found == pytest.approx(expected, abs=0.001)


def test_a_near_horizon_over_salt_water_at_30_mhz_ends_vogler_s_fit_and_is_not_modelled() -> None:
    terrain = np.zeros(201)
    terrain[10] = 200.0
    sea = Surroundings("maritime_temperate_sea", 350, 81, 5)
    options = {"tx_height_m": 200.0, "rx_height_m": 10.0, "surroundings": sea}
    assert math.isnan(loss_db(terrain, freq_mhz=30.0, **options))
    assert loss_db(terrain, freq_mhz=900.0, **options) > 100


def test_ntia_s_printed_example_of_area_mode_and_its_horizons() -> None:
    link = {"freq_mhz": 3500.0, "distance_km": 10.0, "irregularity_m": 20.0, "tx_height_m": 15.0, "rx_height_m": 3.0}
    air = Surroundings("continental_temperate", 301.0, 15.0, 0.005)
    found = area_mode_loss_db(**link, surroundings=air, quantile=Quantile(mode="accidental"))
    assert found == pytest.approx(134.5, abs=0.051)
    radius_m = 1 / (157e-9 * (1 - 0.04665 * math.exp(301 / 179.3)))
    for height_m, distance_m, angle_mrad in ((15.0, 14722, -1.811), (3.0, 6206, -0.567)):
        assert smooth_horizon_m(height_m, radius_m, 20.0) == pytest.approx(distance_m, abs=0.51)
        angle = smooth_horizon_angle(height_m, radius_m, 20.0, smooth_horizon_m(height_m, radius_m, 20.0))
        assert angle * 1000 == pytest.approx(angle_mrad, abs=0.00051)


def ridge(points: int = 201, height_m: float = 300.0) -> np.ndarray:
    """A ridge a third of the way along a gently rising 20 km."""
    at = np.linspace(0, 1, points)
    return 100 + 40 * at + height_m * np.exp(-(((at - 1 / 3) / 0.05) ** 2))


def loss_db(terrain_m: np.ndarray, **options: object) -> float:
    link = {"freq_mhz": 900.0, "tx_height_m": 33.0, "rx_height_m": 1.5, **options}
    return basic_transmission_loss_db(distance_km=np.linspace(0, 20, terrain_m.size), terrain_m=terrain_m, **link)


def test_a_path_loses_the_same_from_either_end() -> None:
    there = loss_db(ridge(), tx_height_m=33.0, rx_height_m=10.0)
    assert loss_db(ridge()[::-1], tx_height_m=10.0, rx_height_m=33.0) == pytest.approx(there, abs=1e-6)


def test_a_higher_ridge_loses_more_and_flat_ground_little_beyond_free_space() -> None:
    losses = [loss_db(ridge(height_m=height_m), rx_height_m=10.0) for height_m in (100, 200, 400)]
    assert losses == sorted(losses)
    assert losses[2] - losses[0] > 6
    flat = loss_db(np.zeros(201), tx_height_m=300.0, rx_height_m=300.0)
    assert flat == pytest.approx(float(free_space_db(freq_mhz=900, distance_km=20)), abs=5)


def test_the_loss_not_exceeded_grows_with_the_share_of_times_and_places() -> None:
    shares = [loss_db(ridge(), quantile=Quantile(percent, percent, percent)) for percent in (10, 50, 90)]
    assert shares == sorted(shares)
    assert shares[2] - shares[0] > 20


def test_confidence_and_reliability_are_situation_and_time_at_the_median_of_places() -> None:
    assert Quantile.of_confidence(90, 70, mode="mobile") == Quantile(70, 50, 90, mode="mobile")


def test_a_straight_slope_fits_itself_and_is_not_irregular() -> None:
    slope = np.linspace(50.0, 250.0, 101)
    assert fitted_ends_m(slope, 20.0, 80.0) == pytest.approx((50, 250))
    assert irregularity_m(slope, 100.0, 500.0, 9500.0) == pytest.approx(0, abs=1e-9)


def test_the_irregularity_of_waves_is_the_range_between_their_deciles() -> None:
    # A sine of amplitude A lies within A sin(0.4 pi) = 0.951 A for 80 % of its length; over 200 km
    # the ground shows 1 - 0.8 exp(-4) = 0.985 of its irregularity.
    waves = 100 * np.sin(np.linspace(0, 2 * np.pi * 20.5, 4001))
    assert irregularity_m(waves, 50.0, 0.0, 200e3) == pytest.approx(2 * 95.1 / 0.985, rel=0.05)


def test_a_part_of_less_than_two_steps_has_no_irregularity() -> None:
    assert irregularity_m(ridge(), 100.0, 0.0, 150.0) == 0


def test_the_horizon_is_the_ridge_that_hides_the_other_end() -> None:
    terrain = np.zeros(201)
    terrain[50] = 300.0
    angles, horizons_m, _, _ = path_geometry(terrain, 100.0, 8.5e6, (30.0, 10.0))
    assert horizons_m == pytest.approx((5000, 15000))
    assert angles[0] == pytest.approx(270 / 5000 - 5000 / 17e6)
    assert angles[1] == pytest.approx(290 / 15000 - 15000 / 17e6)


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.7, 0.999])
def test_the_algorithm_s_normal_deviate_is_within_its_stated_error(share: float) -> None:
    assert exceeded_deviate(share) == pytest.approx(-ndtri(share), abs=4.5e-4)


def test_voids_and_lengths_out_of_range_are_not_modelled() -> None:
    void = ridge()
    void[100] = np.nan
    assert math.isnan(loss_db(void))
    short = basic_transmission_loss_db(
        freq_mhz=900, distance_km=[0, 0.4, 0.8], terrain_m=[0, 0, 0], tx_height_m=30, rx_height_m=2
    )
    assert math.isnan(short)
    area = area_mode_loss_db(
        freq_mhz=900, distance_km=[[0.9, 5], [2001, np.nan]], irregularity_m=90, tx_height_m=30, rx_height_m=2
    )
    assert np.isnan(area).tolist() == [[True, False], [True, True]]


def test_air_too_thin_for_the_model_is_not_modelled() -> None:
    assert math.isnan(loss_db(ridge() + 8000))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: loss_db(ridge(), freq_mhz=19.0), "ITM: freq_mhz = 19.0 .* 20 to 20000 MHz"),
        (lambda: loss_db(ridge(), tx_height_m=0.4), "tx_height_m = 0.4"),
        (lambda: loss_db(ridge(), rx_height_m=math.nan), "rx_height_m = nan"),
        (lambda: loss_db(ridge(), polarization="slanted"), "polarization = slanted"),
        (lambda: loss_db(np.zeros(2)), "points of the profile = 2"),
        (lambda: Surroundings(climate="tropical"), "climate = tropical .* equatorial"),
        (lambda: Surroundings(n0=420), "n0 = 420 .* 250 to 400 N-units"),
        (lambda: Surroundings(permittivity=0.5), "permittivity = 0.5 .* 1 or more"),
        (lambda: Surroundings(conductivity_s_m=0), "conductivity_s_m = 0"),
        (
            lambda: loss_db(ridge(), polarization="horizontal", surroundings=Surroundings(permittivity=1)),
            "permittivity = 1",
        ),
        (lambda: Quantile(time_percent=100), "time_percent = 100"),
        (lambda: Quantile(mode="radar"), "mode = radar .* single_message"),
        (
            lambda: area_mode_loss_db(freq_mhz=900, distance_km=5, irregularity_m=-1, tx_height_m=30, rx_height_m=2),
            "irregularity_m = -1",
        ),
        (
            lambda: area_mode_loss_db(
                freq_mhz=900, distance_km=5, irregularity_m=9, tx_height_m=30, rx_height_m=2, siting=("lucky", "random")
            ),
            "siting = lucky",
        ),
    ],
)
def test_values_out_of_range_are_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ModelRangeError, match=message):
        call()


def test_unequal_steps_are_refused() -> None:
    with pytest.raises(ModelRangeError, match="equal steps from 0"):
        basic_transmission_loss_db(
            freq_mhz=900, distance_km=[0, 1, 3], terrain_m=[0, 0, 0], tx_height_m=30, rx_height_m=2
        )
