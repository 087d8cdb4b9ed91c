"""P.2108 against the test values of NTIA's reference implementation."""

import contextlib
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio.p2108 import height_gain_correction_db, slant_clutter_loss_db, terrestrial_clutter_loss_db

VECTORS = Path(__file__).parents[2] / "../shared/validation/p2108"
CATEGORIES = ("water", "open", "suburban", "urban", "trees", "dense_urban")


def rows(name: str) -> list[dict[str, float]]:
    with (VECTORS / f"{name}ModelTestData.csv").open(newline="") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def height_gain(row: dict[str, float]) -> Any:
    return height_gain_correction_db(
        freq_mhz=row["f__ghz"] * 1000,
        antenna_height_m=row["h__meter"],
        category=CATEGORIES[int(row["clutter_type"]) - 1],
        clutter_height_m=row["R__meter"],
        street_width_m=row["w_s__meter"],
    )


def terrestrial(row: dict[str, float]) -> Any:
    return terrestrial_clutter_loss_db(
        freq_mhz=row["f__ghz"] * 1000, distance_km=row["d__km"], location_percent=row["p"]
    )


def slant(row: dict[str, float]) -> Any:
    return slant_clutter_loss_db(
        freq_mhz=row["f__ghz"] * 1000, elevation_deg=row["theta_deg"], location_percent=row["p"]
    )


@pytest.mark.skipif(not VECTORS.is_dir(), reason="NTIA's test values (../shared) are not here")
@pytest.mark.parametrize(
    ("name", "model", "loss", "accepted", "refused"),
    [
        ("HeightGainTerminalCorrection", height_gain, "A_h__db", 18, 5),
        ("TerrestrialStatistical", terrestrial, "L_ctt__db", 7, 5),
        ("AeronauticalStatistical", slant, "L_ces__db", 7, 6),
    ],
)
def test_all_values_are_met_to_their_last_digit_and_all_wrong_inputs_refused(
    name: str, model: Callable[[dict[str, float]], Any], loss: str, accepted: int, refused: int
) -> None:
    met = wrong = 0
    for row in rows(name):
        if row["rtn"] == 0:
            assert float(model(row)) == pytest.approx(row[loss], abs=0.051), row
            met += 1
        else:
            # Study-wide values raise; what may differ from pixel to pixel (distance, elevation, clutter height) is NaN.
            with contextlib.suppress(ModelRangeError):
                assert np.isnan(model(row)), row
            wrong += 1
    assert (met, wrong) == (accepted, refused)


def test_the_median_height_gain_worked_by_hand() -> None:
    # 1.5 GHz, 2 m in suburban clutter of 10 m: theta = atan(8 / 27) = 16.504 degrees, nu = 0.342 sqrt(1.5 * 8 * 16.504)
    # = 4.813, J = 6.9 + 20 log(sqrt(4.713^2 + 1) + 4.713) = 26.48
    found = height_gain_correction_db(freq_mhz=1500, antenna_height_m=2, category="suburban")
    assert found == pytest.approx(26.48 - 6.03, abs=0.01)


def test_clutter_heights_may_differ_from_pixel_to_pixel() -> None:
    found = height_gain_correction_db(
        freq_mhz=1500, antenna_height_m=2, category="trees", clutter_height_m=[1.0, 2.0, 10.0, 0.0, np.nan]
    )
    assert found == pytest.approx([0, 0, 20.45, np.nan, np.nan], abs=0.01, nan_ok=True)


def test_the_loss_at_2_km_caps_shorter_paths_too() -> None:
    # NTIA's value for 3.5 GHz, 1 km, 99.9 %: the wide spread of a short path would give 43.4 dB
    found = terrestrial_clutter_loss_db(freq_mhz=3500, distance_km=[1, 2], location_percent=99.9)
    assert found == pytest.approx([42.8, 42.8], abs=0.05)


def test_terrestrial_loss_no_longer_grows_from_2_km_on() -> None:
    found = terrestrial_clutter_loss_db(freq_mhz=2600, distance_km=[0.2, 1, 2, 30])
    assert np.isnan(found[0])
    assert found[1] < found[2] == found[3]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: height_gain_correction_db(freq_mhz=3100, antenna_height_m=2, category="open"), "freq_mhz = 3100"),
        (lambda: height_gain_correction_db(freq_mhz=900, antenna_height_m=0, category="open"), "antenna_height_m = 0"),
        (lambda: height_gain_correction_db(freq_mhz=900, antenna_height_m=2, category="forest"), "one of water, open"),
        (lambda: terrestrial_clutter_loss_db(freq_mhz=400, distance_km=1), "freq_mhz = 400 .* 500 to 67000"),
        (
            lambda: terrestrial_clutter_loss_db(freq_mhz=900, distance_km=1, location_percent=100),
            "location_percent = 100",
        ),
        (lambda: slant_clutter_loss_db(freq_mhz=900, elevation_deg=10), "freq_mhz = 900 .* 10000 to 100000"),
    ],
)
def test_values_out_of_range_are_refused_by_name(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ModelRangeError, match=message):
        call()
