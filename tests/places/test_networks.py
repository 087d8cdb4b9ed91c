import numpy as np
import pandas as pd
import pytest

from coverage.places.networks import Network, village_statuses
from coverage.places.switch_offs import switch_offs
from coverage.places.villages import assess_villages, locate
from coverage.result import Layers, Signal
from coverage.study import Study
from tests.places.test_status import AWAY, HERE, home, level_map, village
from tests.worlds import cell, grid, layers, painted, study


def anyone(world: Layers, signal: Signal, settings: Study) -> Network:
    return Network("any", locate(world, settings), world, signal, settings)


def statuses(signal: Signal, villages: list[dict], housing: list[dict] | None = None, **settings: object):
    world = layers(cells=[cell(HERE["x"], HERE["y"])], villages=villages, housing=housing)
    settled = study(**settings)
    return village_statuses(anyone(world, signal, settled), world, signal, settled)


def of(table: pd.DataFrame, operator: str, technology: str) -> dict[str, object]:
    (row,) = table[(table["operator"] == operator) & (table["technology"] == technology)].to_dict("records")
    return row


def test_every_operator_and_technology_is_judged_on_its_own() -> None:
    signal = painted(grid(), any_2g=-80, any_4g=-90, viettel_4g=-90, vnpt_2g=-80, vnpt_4g=-110)
    table = statuses(signal, [village()])
    found = {(row["operator"], row["technology"]): row["status"] for row in table.to_dict("records")}
    assert found == {
        ("any", "3g+4g+5g"): "covered", ("any", "2g"): "covered", ("any", "3g"): "dead", ("any", "4g"): "covered",
        ("any", "5g"): "dead",
        ("viettel", "3g+4g+5g"): "covered", ("viettel", "2g"): "dead", ("viettel", "3g"): "dead",
        ("viettel", "4g"): "covered", ("viettel", "5g"): "dead",
        ("vnpt", "3g+4g+5g"): "weak", ("vnpt", "2g"): "covered", ("vnpt", "3g"): "dead", ("vnpt", "4g"): "weak",
        ("vnpt", "5g"): "dead",
    }  # fmt: skip


def test_the_row_of_any_operator_in_service_is_that_of_the_villages() -> None:
    signal = painted(grid(), any_4g=level_map(-90, -120), viettel_4g=level_map(-90, -120))
    villages = [village(), village(village_id="03646-ban-2", **AWAY), village(village_id="03646-ban-3", x=np.nan)]
    housing = [home(94, HERE["x"]), home(6, AWAY["x"])]
    world = layers(cells=[cell(HERE["x"], HERE["y"])], villages=villages, housing=housing)
    table = village_statuses(anyone(world, signal, study()), world, signal, study())
    headline = table[(table["operator"] == "any") & (table["technology"] == "3g+4g+5g")].reset_index(drop=True)
    assessed = assess_villages(world, signal, study())
    shared = ["village_id", "status", "reason", "households_covered", "probability", "status_indoors"]
    pd.testing.assert_frame_equal(headline[shared], pd.DataFrame(assessed[shared]), check_dtype=False)
    assert assessed["status"].tolist() == ["weak", "dead", "not_assessed"]


def test_households_are_counted_for_each_operator() -> None:
    signal = painted(grid(), any_4g=-90, viettel_4g=-90, vnpt_4g=level_map(-90, -120))
    table = statuses(signal, [village(households=40)], [home(3, HERE["x"]), home(1, AWAY["x"])])
    assert [of(table, operator, "4g")["households_covered"] for operator in ("any", "viettel", "vnpt")] == [40, 40, 30]
    assert of(table, "vnpt", "4g")["reason"] == "share_below"


@pytest.mark.parametrize(
    ("level_dbm", "outdoors", "indoors"),
    [(-94, "covered", "covered"), (-96, "covered", "weak"), (-104, "covered", "weak"), (-106, "weak", "dead")],
)
def test_in_a_house_the_level_is_ten_db_lower(level_dbm: float, outdoors: str, indoors: str) -> None:
    row = of(statuses(painted(grid(), any_4g=level_dbm), [village()]), "any", "4g")
    assert (row["status"], row["status_indoors"]) == (outdoors, indoors)


def test_what_is_asked_for_indoors_already_is_not_asked_for_twice() -> None:
    signal = painted(grid(), any_4g=-94)
    for settings in ({"definitions": {"indoor_db": 15}}, {"radio": {"building": "traditional"}}):
        row = of(statuses(signal, [village()], **settings), "any", "4g")
        assert row["status_indoors"] == row["status"]


def test_the_probability_shows_who_is_on_the_border() -> None:
    # weak from -115 dBm; half of the places have the level, and 5.5 dB is one deviation
    for level_dbm, share in ((-115.0, 0.5), (-109.5, 0.841), (-120.5, 0.159)):
        assert of(statuses(painted(grid(), any_4g=level_dbm), [village()]), "any", "4g")["probability"] == share
    assert np.isnan(of(statuses(painted(grid(), any_4g=-np.inf), [village()]), "any", "4g")["probability"])
    both = statuses(painted(grid(), any_3g=-104.5, any_4g=-120.5), [village()])
    assert of(both, "any", "3g+4g+5g")["probability"] == 0.841


def test_a_village_that_only_2g_reaches_is_lost_on_the_day_it_ends_and_is_listed() -> None:
    signal = painted(grid(), any_2g=level_map(-80, -80), any_3g=level_map(-90, -130), any_4g=level_map(-130, -130))
    away = village(village_id="03646-ban-2", name="Bản Hai", households=7, **AWAY)
    nowhere = village(village_id="03646-ban-3", x=np.nan)
    world = layers(cells=[cell(HERE["x"], HERE["y"])], villages=[village(), away, nowhere])
    table = switch_offs(anyone(world, signal, study()), world, study())
    assert table[["last_day", "technology", "village_id", "households", "status_before"]].values.tolist() == [
        ["2026-09-15", "2g", "03646-ban-2", 7, "covered"],
        ["2028-09-30", "3g", "03646-ban-1", 40, "covered"],
    ]


def test_technologies_that_end_on_one_day_are_one_switch_off() -> None:
    signal = painted(grid(), any_2g=-80, any_3g=-80)
    same = {name: {"switch_off": "2027-01-01"} for name in ("2g", "3g")}
    world = layers(cells=[cell(HERE["x"], HERE["y"])], villages=[village()])
    table = switch_offs(anyone(world, signal, study(technologies=same)), world, study(technologies=same))
    assert table[["last_day", "technology"]].values.tolist() == [["2027-01-01", "2g+3g"]]


def test_without_switch_offs_or_villages_the_tables_are_empty_with_their_columns() -> None:
    signal = painted(grid(), any_4g=-80)
    world = layers(cells=[cell(HERE["x"], HERE["y"])], villages=[])
    assert switch_offs(anyone(world, signal, study()), world, study()).columns[0] == "last_day"
    assert len(village_statuses(anyone(world, signal, study()), world, signal, study())) == 0
