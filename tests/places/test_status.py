import numpy as np
import pytest

from coverage.classes import SignalClass, signal_class
from coverage.places.communes import assess_communes
from coverage.places.levels import best_class, not_modelled
from coverage.places.villages import assess_villages
from coverage.result import Signal
from tests.worlds import NORTH, WEST, cell, grid, layers, painted, study

HERE = {"x": WEST + 2_050, "y": NORTH - 2_050}  # row 20, column 20
AWAY = {"x": WEST + 3_550, "y": NORTH - 2_050}  # row 20, column 35


def village(**values: object) -> dict[str, object]:
    return {"village_id": "03646-ban-1", "name": "Bản Một", "commune_code": "03646", "households": 40, **HERE, **values}


def home(households: int, x: float, village_id: str = "03646-ban-1") -> dict[str, object]:
    return {"village_id": village_id, "households": households, "x": x, "y": HERE["y"]}


def level_map(near_dbm: float, far_dbm: float) -> np.ndarray:
    """near_dbm west of column 30, far_dbm from there on."""
    level = np.full((40, 40), near_dbm, dtype=np.float32)
    level[:, 30:] = far_dbm
    return level


def assess(signal: Signal, villages: list[dict], housing: list[dict] | None = None, **settings: object):
    world = layers(cells=[cell(HERE["x"], HERE["y"] + 1000)], villages=villages, housing=housing)
    return assess_villages(world, signal, study(**settings))


def verdict(signal: Signal, housing: list[dict] | None = None, **settings: object) -> tuple[str, str, bool]:
    (row,) = assess(signal, [village()], housing, **settings).to_dict("records")
    return row["status"], row["reason"], bool(row["to_verify"])


@pytest.mark.parametrize(
    ("dbm", "expected"),
    [(-104.9, 2), (-105.0, 2), (-105.1, 1), (-115.0, 1), (-115.1, 0), (np.nan, 0), (-np.inf, 0)],
)
def test_a_4g_level_is_good_from_minus_105_and_weak_from_minus_115(dbm: float, expected: int) -> None:
    assert signal_class(dbm, "4g", study()) == expected


def test_indoors_ten_db_more_are_asked_for() -> None:
    indoors = study(definitions={"indoor_db": 10})
    assert signal_class([-95.0, -95.1, -105.0, -105.1], "4g", indoors).tolist() == [2, 1, 1, 0]


def test_the_best_technology_counts() -> None:
    signal = painted(grid(), any_3g=-90, any_4g=-120)
    x, y = np.array([HERE["x"]]), np.array([HERE["y"]])
    assert best_class(signal, x, y, ("3g", "4g"), study()) == [SignalClass.GOOD]
    assert best_class(signal, x, y, ("4g",), study()) == [SignalClass.NONE]


def test_good_signal_at_the_centre_and_no_housing_layer_is_covered() -> None:
    assert verdict(painted(grid(), any_4g=-90)) == ("covered", "covered", False)


def test_no_signal_at_the_centre_is_dead() -> None:
    assert verdict(painted(grid(), any_4g=-120)) == ("dead", "no_signal", False)


def test_beyond_the_reach_of_every_mast_is_dead_not_unknown() -> None:
    assert verdict(painted(grid(), any_4g=np.nan)) == ("dead", "no_signal", False)


def test_only_2g_is_covered_before_the_switch_off_and_dead_after_it() -> None:
    signal = painted(grid(), any_2g=-80, any_4g=-120)
    assert verdict(signal, study={"as_of": "2026-09-15"}) == ("covered", "covered", False)
    assert verdict(signal, study={"as_of": "2026-09-16"}) == ("dead", "signal_switched_off", False)


def test_a_dead_centre_with_half_of_the_households_covered_is_to_be_verified() -> None:
    signal = painted(grid(), any_4g=level_map(-120, -90))
    assert verdict(signal, [home(20, HERE["x"]), home(20, AWAY["x"])]) == ("dead", "no_signal", True)
    assert verdict(signal, [home(21, HERE["x"]), home(20, AWAY["x"])]) == ("dead", "no_signal", False)


def test_a_weak_centre_makes_a_village_weak() -> None:
    assert verdict(painted(grid(), any_4g=-110)) == ("weak", "weak_centre", False)


def test_94_percent_of_households_are_weak_and_95_are_covered() -> None:
    signal = painted(grid(), any_4g=level_map(-90, -120))
    assert verdict(signal, [home(94, HERE["x"]), home(6, AWAY["x"])]) == ("weak", "share_below", False)
    assert verdict(signal, [home(95, HERE["x"]), home(5, AWAY["x"])]) == ("covered", "covered", False)


def test_ten_households_together_without_signal_are_weak_and_ten_scattered_are_not() -> None:
    signal = painted(grid(), any_4g=level_map(-90, -120))
    together = [home(990, HERE["x"]), home(5, AWAY["x"]), home(5, AWAY["x"] + 400)]
    scattered = [home(990, HERE["x"] - 500), home(5, AWAY["x"] - 500), home(5, AWAY["x"] + 400)]
    assert verdict(signal, together) == ("weak", "unserved_cluster", False)
    assert verdict(signal, scattered) == ("covered", "covered", False)


def test_homes_of_two_villages_lying_together_are_not_one_cluster() -> None:
    signal = painted(grid(), any_4g=level_map(-90, -120))
    villages = [village(), village(village_id="03646-ban-2")]
    housing = [
        home(990, HERE["x"]), home(9, AWAY["x"]),
        home(990, HERE["x"], "03646-ban-2"), home(9, AWAY["x"], "03646-ban-2"),
    ]  # fmt: skip
    assert assess(signal, villages, housing)["status"].tolist() == ["covered", "covered"]


def test_a_village_without_a_point_takes_the_centre_of_its_housing_and_without_any_is_not_assessed() -> None:
    signal = painted(grid(), any_4g=level_map(-90, -120))
    nowhere = {"x": np.nan, "y": np.nan}
    villages = [village(**nowhere), village(village_id="03646-ban-2", **nowhere)]
    table = assess(signal, villages, [home(10, HERE["x"] - 1000), home(30, HERE["x"] + 200)])
    assert table["status"].tolist() == ["covered", "not_assessed"]
    assert table["reason"].tolist() == ["covered", "no_point"]
    assert table.geometry.iloc[0].x == pytest.approx(HERE["x"] - 100)  # (10 × −1000 + 30 × 200) / 40
    assert table.geometry.iloc[1] is None
    assert table["lon"].notna().tolist() == table["lat"].notna().tolist() == [True, False]
    # 18.05 km west of the meridian of 104° at 21.5° N, and VN-2000 lies 0.0019° east of WGS 84 here
    assert table["lon"].iloc[0] == pytest.approx(104 - 18.05 / (111.32 * 0.9304) + 0.0019, abs=2e-4)
    assert table["fiber"].tolist() == ["not_assessed", "not_assessed"]


def test_off_the_terrain_or_behind_a_void_a_village_is_not_assessed_but_with_signal_it_is() -> None:
    x, y = np.array([HERE["x"], WEST - 5]), np.array([HERE["y"]] * 2)
    terrain = np.full((40, 40), 500, dtype=np.float32)
    assert not_modelled(painted(grid(), any_4g=-120), terrain, x, y, ("4g",)).tolist() == [False, True]
    void = np.ones((40, 40), dtype=bool)
    for level, expected in ((-120, ("not_assessed", "no_terrain", False)), (-90, ("covered", "covered", False))):
        signal = painted(grid(), any_4g=level)
        assert verdict(Signal(signal.grid, signal.levels, voids={"4g": void})) == expected
        # a void of a technology that does not count says nothing
    assert verdict(Signal(grid(), painted(grid(), any_4g=-120).levels, voids={"2g": void}))[0] == "dead"


def test_households_with_signal_are_whole_ones_and_never_more_than_there_are() -> None:
    signal = painted(grid(), any_4g=level_map(-90, -120))
    table = assess(signal, [village(households=10)], [home(2, HERE["x"]), home(1, AWAY["x"])])
    assert table["households_covered"].tolist() == [6]  # two thirds of ten
    assert table["households_from"].tolist() == ["housing"]
    unknown = assess(signal, [village(households=None)], None)
    assert unknown["households_covered"].isna().all()


def test_a_village_with_no_household_is_judged_by_its_centre() -> None:
    assert verdict(painted(grid(), any_4g=-90), [home(0, AWAY["x"])]) == ("covered", "covered", False)


def test_levels_of_every_operator_stand_after_the_nearest_site() -> None:
    table = assess(painted(grid(), any_4g=-90, viettel_4g=-90, vnpt_4g=-101.5), [village()])
    columns = table.columns.tolist()
    after = columns.index("nearest_site_km") + 1
    assert columns[after : after + 2] == ["viettel_2g_dbm", "viettel_3g_dbm"]
    assert table["vnpt_4g_dbm"].tolist() == [-101.5]
    assert table["any_5g_dbm"].isna().all()
    assert table["nearest_site_km"].tolist() == [1.0]


def test_a_village_that_no_cell_reaches_is_dead_and_has_no_level() -> None:
    signal = painted(grid(), any_4g=-np.inf, viettel_4g=-np.inf)
    table = assess(signal, [village()])
    assert table["status"].tolist() == ["dead"]
    assert table["reason"].tolist() == ["no_signal"]
    assert table[["any_4g_dbm", "viettel_4g_dbm"]].isna().all(axis=None)
    everywhere = layers(villages=[village()], cells=[cell(HERE["x"], HERE["y"])])
    assert assess_communes(everywhere, signal, table, study())["centre_4g"].tolist() == [False]
