"""What land cover means to radio."""

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio.clutter import WORLDCOVER, representative_height_m, terminal_loss_db


def test_codes_become_the_heights_of_p1812_table_2() -> None:
    codes = np.array([[10, 20, 30, 40], [50, 60, 70, 80], [90, 95, 100, 10]], dtype=np.uint8)
    found = representative_height_m(codes)
    assert found.dtype == np.float32
    assert found.tolist() == [[15, 0, 0, 0], [10, 0, 0, 0], [0, 15, 0, 15]]


def test_codes_that_are_no_class_have_no_height() -> None:
    assert np.isnan(representative_height_m([0, 11, 255, -1, 101])).all()


def test_local_heights_replace_the_defaults_and_may_add_codes() -> None:
    found = representative_height_m([10, 50, 7], heights_m={10: 22.5, 7: 3.0})
    assert found.tolist() == [22.5, 10, 3]


def test_the_eleven_classes_of_worldcover_are_all_there() -> None:
    assert sorted(WORLDCOVER) == [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100]


def test_terminals_lose_what_p2108_says_of_their_surroundings() -> None:
    # NTIA's test values: 1.5 GHz, 2 m high: open 16.0 dB below 10 m, suburban 20.5 dB below 10 m, trees 24.5 below 15 m
    found = terminal_loss_db([30, 50, 10, 0], freq_mhz=1500, antenna_height_m=2)
    assert found == pytest.approx([16.0, 20.5, 24.5, np.nan], abs=0.05, nan_ok=True)
    assert terminal_loss_db([10], freq_mhz=1500, antenna_height_m=30).tolist() == [0]


def test_frequencies_beyond_p2108_are_refused() -> None:
    with pytest.raises(ModelRangeError, match="freq_mhz = 3700"):
        terminal_loss_db([10], freq_mhz=3700, antenna_height_m=1.5)
