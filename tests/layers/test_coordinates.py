"""Degrees in every spelling mean the same place."""

import numpy as np
import pandas as pd
import pytest

from coverage.layers.coordinates import swapped, to_degrees

# 103°54'50.4" is 103 + 54/60 + 50.4/3600 = 103.914, by hand.
SPELLINGS = [
    103.914, "103.914", "103,914", " 103.914 ", "\u00a0103.914", "103.914°", "103.914° E", "E 103.914", "103,914Đ",
    "103°54'50.4\"", "103°54'50,4\"", "103° 54' 50,4\" Đ", "103°54′50.4″E", "E103°54'50.4\"", "103 54 50.4",
    "103:54:50.4", "103º54’50.4”", "103d54m50.4s", "103 độ 54 phút 50,4 giây", "103°54'50.4''", "103°54.84'",
    "103 54.84", "+103.914",
]  # fmt: skip


@pytest.mark.parametrize("written", SPELLINGS)
def test_one_longitude_in_many_spellings(written: object) -> None:
    degrees, bad = to_degrees(pd.Series([written], dtype=object))
    assert not bad.any()
    assert degrees.iloc[0] == pytest.approx(103.914, abs=1e-9)


@pytest.mark.parametrize("written", ["-118.25", "118.25 W", "118°15'W", "W118°15'00\"", "-118°15'", "118,25T"])
def test_west_is_negative(written: str) -> None:
    assert to_degrees(pd.Series([written]))[0].iloc[0] == pytest.approx(-118.25)


@pytest.mark.parametrize("written", ["21.327N", "21.327 B", "21°19'37.2\"N", "21°19'37,2\" B"])
def test_north_is_positive(written: str) -> None:
    assert to_degrees(pd.Series([written]))[0].iloc[0] == pytest.approx(21.327)


@pytest.mark.parametrize("written", ["here", "103°75'", "103°10'75\"", "1035450", "103.914.5", "E103W", "-103E", True,
                                     np.inf, "103.9°10'", "103;54"])  # fmt: skip
def test_what_is_no_angle_is_pointed_at(written: object) -> None:
    degrees, bad = to_degrees(pd.Series([written], dtype=object))
    assert bad.tolist() == [True]
    assert degrees.isna().all()


@pytest.mark.parametrize("written", ["", None, np.nan, "#N/A", "-", "n/a"])
def test_an_empty_cell_is_no_fault(written: object) -> None:
    degrees, bad = to_degrees(pd.Series([written], dtype=object))
    assert bad.tolist() == [False]
    assert degrees.isna().all()


def test_only_numbers_that_fit_vietnam_the_other_way_round_are_swapped() -> None:
    lon = pd.Series([103.9, 21.3, 34.3, 0.0, np.nan])
    lat = pd.Series([21.3, 103.9, -118.2, 0.0, 103.9])
    assert swapped(lon, lat).tolist() == [False, True, False, False, False]
