"""What a phone sends and a base station must understand, as the standards print it."""

import pytest

from coverage.errors import ModelRangeError
from coverage.radio.uplink import phone_power_dbm, reference_sensitivity_dbm


@pytest.mark.parametrize(
    ("technology", "freq_mhz", "dbm"),
    [("2g", 900, 33), ("2g", 1800, 30), ("3g", 2100, 24), ("4g", 1800, 23), ("5g", 3700, 23)],
)
def test_phones_of_the_usual_class(technology: str, freq_mhz: float, dbm: float) -> None:
    assert phone_power_dbm(technology, freq_mhz=freq_mhz) == dbm


@pytest.mark.parametrize(
    ("technology", "bandwidth_mhz", "dbm"),
    [("2g", 0.2, -104), ("3g", 5, -121), ("4g", 1.4, -106.8), ("4g", 3, -103), ("4g", 20, -101.5),
     ("5g", 10, -101.7), ("5g", 20, -95.3), ("5g", 100, -95.6)],
)  # fmt: skip
def test_reference_sensitivities_of_wide_area_stations(technology: str, bandwidth_mhz: float, dbm: float) -> None:
    assert reference_sensitivity_dbm(technology, bandwidth_mhz=bandwidth_mhz) == dbm


def test_an_unknown_technology_has_neither() -> None:
    for ask in (
        lambda: phone_power_dbm("6g", freq_mhz=900),
        lambda: reference_sensitivity_dbm("6g", bandwidth_mhz=10),
    ):
        with pytest.raises(ModelRangeError, match="6g"):
            ask()
