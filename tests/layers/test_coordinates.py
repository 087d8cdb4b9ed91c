"""Coordinates in every spelling mean the same place; what can be read in two ways is not read."""

from datetime import time, timedelta

import numpy as np
import pandas as pd
import pytest

from coverage.layers.position.coordinates import (
    axes_swapped_metres,
    swapped,
    to_degrees,
    to_metres,
    to_pair,
    zone_in_front,
)

# 103°54'50.4" is 103 + 54/60 + 50.4/3600 = 103.914, by hand.
SPELLINGS = [
    103.914, "103.914", "103,914", " 103.914 ", "\u00a0103.914", "103.914°", "103.914° E", "E 103.914", "103,914Đ",
    "103°54'50.4\"", "103°54'50,4\"", "103° 54' 50,4\" Đ", "103°54′50.4″E", "E103°54'50.4\"", "103 54 50.4",
    "103:54:50.4", "103º54’50.4”", "103d54m50.4s", "103 độ 54 phút 50,4 giây", "103°54'50.4''", "103°54.84'",
    "103 54.84", "+103.914",
    "103-54-50.4", "103–54–50,4", "103o54'50.4\"", "103ᵒ54'50.4\"", "103⁰54'50,4\"", "103˚54ʹ50.4ʺ", "103°54‘50.4“",
    "103D54M50.4S", "103 do 54 phut 50,4 giay", "103°54'50\"4", "103°54'50''4Đ", "Đ103°54'50,4\"", "đ 103,914",
    "103°54'50,4\" kinh độ Đông", "Kinh độ Đông: 103°54'50,4\"", "kinh độ: 103,914", "103,914 độ Đông", "103.914 East",
    "Long: 103.914", "KĐ 103,914", "103\u2009°\u202f54\u00a0'\u2009\u00a050,4 \"", "\u200e103.914\u202c", "103.914;",
    "103°54'50.4\".", "103° 54' 50.4''", "103°54´50.4´´",
    timedelta(hours=103, minutes=54, seconds=50, milliseconds=400),
]  # fmt: skip


@pytest.mark.parametrize("written", SPELLINGS)
def test_one_longitude_in_many_spellings(written: object) -> None:
    degrees, bad = to_degrees(pd.Series([written], dtype=object))
    assert not bad.any()
    assert degrees.iloc[0] == pytest.approx(103.914, abs=1e-9)


@pytest.mark.parametrize("written", ["-118.25", "118.25 W", "118°15'W", "W118°15'00\"", "-118°15'", "118,25T"])
def test_west_is_negative(written: str) -> None:
    assert to_degrees(pd.Series([written]))[0].iloc[0] == pytest.approx(-118.25)


@pytest.mark.parametrize("written", ["21.327N", "21.327 B", "21°19'37.2\"N", "21°19'37,2\" B",
                                     "21°19.62'N", "B21°19'37,2\"", "21°19'37,2\" vĩ độ Bắc", "Vĩ độ Bắc 21°19'37,2\"",
                                     "21 độ 19 phút 37,2 giây vĩ Bắc", "vĩ độ: 21,327", "Lat 21.327",
                                     "21,327 độ vĩ Bắc", "21°19'37,2\" North", time(21, 19, 37, 200_000)])  # fmt: skip
def test_north_is_positive(written: object) -> None:
    assert to_degrees(pd.Series([written], dtype=object))[0].iloc[0] == pytest.approx(21.327)


def test_n_is_north_and_only_nam_in_full_is_south() -> None:
    assert to_degrees(pd.Series(["10°30'N", "10°30' vĩ độ Nam"]))[0].tolist() == [10.5, -10.5]


@pytest.mark.parametrize("written", ["here", "103°75'", "103°10'75\"", "1035450", "103.914.5", "E103W", "-103E", True,
                                     np.inf, "103.9°10'", "103;54",
                                     "103-54", "2023-05-12", "103.54.50", "103°54.5'50\"", "1,03914E+02", "103, 914",
                                     "vĩ độ Đông 103", "kinh độ 103 kinh độ", 10**400, "1" * 10_000, "103°54'50.4\"4",
                                     "21.327, 103.914", pd.Timestamp("1900-01-04 07:54:50")])  # fmt: skip
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


BOTH = [
    "21.327, 103.914", "103.914, 21.327", "21,327; 103,914", "21,327, 103,914", "21,327,103,914", "21.327 103.914",
    "(21.327, 103.914)", "POINT (103.914 21.327)", "21.327/103.914", "21°19'37.2\"N 103°54'50.4\"E", "21.327\n103.914",
    "103°54'50,4\"Đ, 21°19'37,2\"B", "N21°19'37.2\"E103°54'50.4\"", "21°19'37.2\"N103°54'50.4\"E",
    "21 19 37.2 103 54 50.4", "N 21.327 E 103.914", "Lat: 21.327, Long: 103.914", "vĩ độ 21,327 kinh độ 103,914",
    "Vĩ độ Bắc 21°19'37,2\" - Kinh độ Đông 103°54'50,4\"", "21.327\u00a0,\u00a0103.914", "21.327N,103.914E",
]  # fmt: skip


@pytest.mark.parametrize("written", BOTH)
def test_one_place_in_one_cell_in_many_spellings(written: str) -> None:
    lon, lat, bad = to_pair(pd.Series([written], index=[7]))
    assert not bad.any()
    assert (lon[7], lat[7]) == (pytest.approx(103.914, abs=1e-9), pytest.approx(21.327, abs=1e-9))


@pytest.mark.parametrize("written", ["21.327", "21.327, 21.4", "103.9, 103.8", "34.3, -118.2", "here, there",
                                     "21.3, 103.9, 5", "21.3N, 103.9N", "21.3E, 103.9", "1 " * 50_000, 21])  # fmt: skip
def test_a_cell_that_holds_no_certain_pair_is_pointed_at(written: object) -> None:
    lon, lat, bad = to_pair(pd.Series([written], dtype=object))
    assert bad.tolist() == [True]
    assert lon.isna().all()
    assert lat.isna().all()


def test_a_pair_outside_vietnam_needs_its_hemispheres() -> None:
    lon, lat, bad = to_pair(pd.Series(["34.32N 118.25W", "", None]))
    assert (lon[0], lat[0]) == (-118.25, 34.32)
    assert not bad.any()
    assert to_pair(pd.Series([], dtype=object))[0].empty


@pytest.mark.parametrize("written", ["2.359.155,24", "2,359,155.24", "2 359 155,24", "2\u00a0359\u202f155.24",
                                     "2'359'155.24", "2359155.24", "2359155,24", 2359155.24, "X = 2359155,24",
                                     "2359155.24 m", "2359155.24mN", "N 2359155.24"])  # fmt: skip
def test_metres_with_thousands_set_off_in_any_way(written: object) -> None:
    metres, bad = to_metres(pd.Series([written], dtype=object))
    assert not bad.any()
    assert metres.iloc[0] == 2359155.24


def test_metres_in_thousands_are_no_fractions() -> None:
    metres, bad = to_metres(pd.Series(["490.883", "490,883", "490 883", "490883", "490883,050", "48 490883,05", ""]))
    assert metres.tolist()[:-1] == [490883, 490883, 490883, 490883, 490883.05, 48490883.05]
    assert np.isnan(metres.iloc[-1])
    assert not bad.any()


@pytest.mark.parametrize("written", ["2.359,155,24", "2.359.155.24", "23 59155", "49O883", "1e6", "103°54'", True,
                                     np.inf, "9" * 400, "4 908 83", 10**400])  # fmt: skip
def test_what_is_no_number_of_metres_is_pointed_at(written: object) -> None:
    metres, bad = to_metres(pd.Series([written], dtype=object))
    assert bad.tolist() == [True]
    assert metres.isna().all()


def test_axes_are_swapped_where_the_easting_is_a_northing() -> None:
    easting = pd.Series([2359155.24, 490883.05, 2359155.0, 2359155.0, 100.0, np.nan])
    northing = pd.Series([490883.05, 2359155.24, 48490883.0, 2359155.0, 200.0, 490883.0])
    assert axes_swapped_metres(easting, northing).tolist() == [True, False, True, False, False, False]


def test_a_zone_before_the_easting_is_named_and_left() -> None:
    zones = zone_in_front(pd.Series([48490883.05, 18490883.0, 482490883.0, 490883.0, 2359155.0, 48000000.0, np.nan]))
    assert zones.dropna().tolist() == [48, 18, 482]
    assert zones.isna().tolist() == [False, False, False, True, True, True, True]
