import numpy as np
import pytest

from coverage.radio.clutter import CATEGORIES, WORLDCOVER, category_numbers
from coverage.radio.correction import Correction


def test_each_code_of_land_cover_has_the_category_of_p1812_and_no_class_is_unknown() -> None:
    numbers = category_numbers([[10, 40], [0, 77]])
    assert [[CATEGORIES[number] for number in row] for row in numbers] == [
        ["urban_trees", "open"],
        ["unknown", "unknown"],
    ]
    assert [CATEGORIES[number] for number in category_numbers(list(WORLDCOVER))] == [
        cover.p1812 for cover in WORLDCOVER.values()
    ]


def test_the_offset_of_the_category_and_the_slope_add_up() -> None:
    found = Correction((0.5, 0.0, -3.0, 4.0, 0.0, 0.0), slope_db=-10.0, centre_km=1.0, from_km=0.1, to_km=10.0)
    np.testing.assert_allclose(found.db([2, 3, 2], [1.0, 10.0, 0.1]), [-3.0, 4.0 - 10.0, -3.0 + 10.0])


def test_beyond_the_distances_that_were_measured_the_slope_goes_no_further() -> None:
    found = Correction((0.0,) * 6, slope_db=-10.0, from_km=0.1, to_km=10.0)
    np.testing.assert_allclose(found.db([0, 0], [0.001, 500.0]), [10.0, -10.0])
    assert found.most_db == pytest.approx(10.0)


def test_an_offset_is_asked_for_every_category() -> None:
    with pytest.raises(ValueError, match="2 offsets; one for each of unknown, water"):
        Correction((0.0, 1.0))
