"""ITU-R P.2109: values worked by hand at 1 GHz, where every logarithm of the frequency vanishes."""

import math

import pytest

from coverage.errors import ModelRangeError
from coverage.radio.p2109 import Building, building_entry_loss_db


def test_medians_at_one_gigahertz_worked_by_hand() -> None:
    traditional = 10.0 * math.log10(10**1.264 + 10**0.91 + 10**-0.3)  # 12.64 dB, 9.1 dB, -3 dB
    efficient = 10.0 * math.log10(10**2.819 + 10**2.78 + 10**-0.3)  # 28.19 dB, 27.8 dB, -3 dB
    assert building_entry_loss_db(freq_mhz=1000.0) == pytest.approx(traditional, abs=1e-6)
    assert building_entry_loss_db(freq_mhz=1000.0, building="thermally_efficient") == pytest.approx(efficient, abs=1e-6)


def test_ninety_percent_at_one_gigahertz_worked_by_hand() -> None:
    walls, inside = 12.64 + 1.28155 * 9.6, 9.1 + 1.28155 * 4.5
    expected = 10.0 * math.log10(10 ** (0.1 * walls) + 10 ** (0.1 * inside) + 10**-0.3)
    assert building_entry_loss_db(freq_mhz=1000.0, percent=90.0) == pytest.approx(expected, abs=0.01)


def test_a_steep_signal_loses_a_fifth_of_a_decibel_per_degree() -> None:
    level, steep = (
        building_entry_loss_db(freq_mhz=30_000.0, building="thermally_efficient", elevation_deg=e) for e in (0.0, -50.0)
    )
    assert steep - level == pytest.approx(0.212 * 50.0, abs=0.3)


STUDY_GROUP_3: list[tuple[float, Building, float, float, float]] = [
    (28_000.0, "traditional", 0.0, 1.0, 2.769), (28_000.0, "traditional", 0.0, 50.11872, 20.218),
    (28_000.0, "traditional", 0.0, 91.20108, 36.947), (28_000.0, "thermally_efficient", 0.0, 10.0, 19.484),
    (2_000.0, "traditional", 45.0, 10.0, 11.251), (2_000.0, "thermally_efficient", 45.0, 10.0, 20.566),
]  # fmt: skip


@pytest.mark.parametrize(("freq_mhz", "building", "elevation_deg", "percent", "loss_db"), STUDY_GROUP_3)
def test_the_reference_values_of_study_group_3(
    freq_mhz: float, building: Building, elevation_deg: float, percent: float, loss_db: float
) -> None:
    """Of its workbook for clutter and building entry loss, which takes the exact normal distribution."""
    found = building_entry_loss_db(freq_mhz=freq_mhz, percent=percent, building=building, elevation_deg=elevation_deg)
    assert found == pytest.approx(loss_db, abs=0.004)


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"freq_mhz": 79.0}, "freq_mhz"), ({"percent": 0.0}, "percent"), ({"elevation_deg": 91.0}, "elevation_deg"),
     ({"building": "tent"}, "building")],
)  # fmt: skip
def test_values_outside_the_range_are_named(changes: dict[str, object], name: str) -> None:
    with pytest.raises(ModelRangeError, match=f"P.2109-2: {name} = "):
        building_entry_loss_db(**{"freq_mhz": 900.0, **changes})  # type: ignore[arg-type]
