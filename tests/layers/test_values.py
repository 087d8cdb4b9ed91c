"""Cells mean what a person meant by them, or are pointed at."""

import numpy as np
import pandas as pd
import pytest

from coverage.layers.text import clean, fold, slug
from coverage.layers.values import to_flag, to_number, to_text


@pytest.mark.parametrize(
    ("written", "meant"),
    [("33", 33), ("33.5", 33.5), ("33,5", 33.5), (" 33 ", 33), ("1.234,5", 1234.5), ("1,234.5", 1234.5),
     ("1 234,5", 1234.5), ("1.234.567", 1234567), ("-5", -5), ("−5", -5), ("1.234", 1.234),
     (33, 33), (33.5, 33.5), ("1e3", 1000)],
)  # fmt: skip
def test_numbers_with_point_or_comma(written: object, meant: float) -> None:
    values, bad = to_number(pd.Series([written], dtype=object))
    assert not bad.any()
    assert values.tolist() == [meant]


@pytest.mark.parametrize(("written", "meant"), [("1.234", 1234), ("1,234", 1234), ("45", 45), ("45,0", 45), (45.0, 45)])
def test_whole_numbers_know_thousands(written: object, meant: int) -> None:
    values, bad = to_number(pd.Series([written], dtype=object), integer=True)
    assert (values.tolist(), bad.tolist(), str(values.dtype)) == ([meant], [False], "Int64")


@pytest.mark.parametrize("written", ["many", "12 m", "1.2.3", "1_000", "inf", np.inf, True, "4.5.6,7", "1e99"])
def test_what_is_no_number_is_pointed_at(written: object) -> None:
    values, bad = to_number(pd.Series([written], dtype=object))
    assert bad.tolist() == [True]
    assert values.isna().all()


def test_half_a_household_is_pointed_at() -> None:
    assert to_number(pd.Series(["4.5", 4.5], dtype=object), integer=True)[1].tolist() == [True, True]
    assert to_number(pd.Series([4.5, 4.0]), integer=True)[1].tolist() == [True, False]


def test_dates_are_no_numbers() -> None:
    assert to_number(pd.Series(pd.to_datetime(["2026-01-01"])))[1].tolist() == [True]


def test_flags_in_vietnamese_and_english() -> None:
    written = ["có", "Không", "YES", "no", 1, 0, 1.0, True, False, "x", "X", "", None, "maybe", "CÓ", "chưa"]
    values, bad = to_flag(pd.Series(written, dtype=object))
    yes, no, empty = True, False, pd.NA
    assert values.tolist() == [yes, no, yes, no, yes, no, yes, yes, no, yes, yes, empty, empty, empty, yes, no]
    assert [text for text, wrong in zip(written, bad, strict=True) if wrong] == ["maybe"]


def test_text_is_kept_but_for_blanks_and_composition() -> None:
    decomposed = "Ba\u0309n  Mo\u0300ng\u00a0"
    assert clean(decomposed) == "Bản Mòng"
    assert to_text(pd.Series(["Na", "nan", "#N/A", "", None, 3646.0], dtype=object)).tolist()[:2] == ["Na", "nan"]
    assert to_text(pd.Series(["", None, np.nan, "#N/A"], dtype=object)).isna().all()
    assert clean(3646.0) == "3646"


def test_keys_ignore_accents_case_and_punctuation() -> None:
    assert fold("Tên thôn/bản") == fold("TEN_THON_BAN") == "tenthonban"
    assert fold("Điện lưới") == "dienluoi"
    assert slug("Bản Nà Đít 2") == "ban-na-dit-2"
