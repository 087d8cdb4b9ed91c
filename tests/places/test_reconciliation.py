"""
The official list held against statuses that can be worked out by hand.

The ground is painted in four strips of 1 km, from the west: -120 dBm (dead, 5 dB below weak), -140 (dead), -108 (weak,
3 dB below good) and -80 (covered). Commune 03646 is the west half, 03670 the east half.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely import box

from coverage.columns.results import RECONCILIATION
from coverage.layers.vietnamese.names import name_keys
from coverage.places.reconciliation import reconcile
from coverage.places.villages import assess_villages
from coverage.result import Reconciliation
from tests import worlds

STRIPS = np.repeat([-120.0, -140.0, -108.0, -80.0], 10)[None, :].astype(np.float32)
HALVES = [
    {"code": code, "name": name, "geometry": box(worlds.WEST + west, 2_376_000, worlds.WEST + west + 2000, 2_380_000)}
    for code, name, west in (("03646", "Tô Hiệu", 0), ("03670", "Chiềng Cơi", 2000))
]
Row = dict[str, Any]


def village(number: int, name: str, km: float | None = 1.5, **values: Any) -> Row:
    """A village in the strip that lies `km` from the west, 100 m south of the one before it."""
    place = {} if km is None else {"x": worlds.WEST + 1000 * km, "y": worlds.NORTH - 100 * number - 50}
    code = "03646" if km is None or km < 2 else "03670"
    return {"village_id": f"v{number}", "name": name, "commune_code": code, **place, **values}


def listed(name: str, code: str | None = "03646", status: str | None = "dead", **values: Any) -> Row:
    return {"name": name, "commune_code": code, "commune_name": "của danh sách", "status": status, **values}


def compared(villages: list[Row], official: list[Row], *, any_2g: float = -140.0, **settings: Any) -> Reconciliation:
    layers = worlds.layers(villages=villages, official=official, communes=HALVES)
    study = worlds.study(**settings)
    signal = worlds.painted(layers.grid, any_4g=STRIPS, any_2g=any_2g)
    found = reconcile(layers, signal, assess_villages(layers, signal, study), study, keys=name_keys)
    assert found is not None
    return found


def matches(found: Reconciliation) -> dict[str, tuple[str, str]]:
    """Official name -> id of ours, and how they were matched."""
    rows = found.table.dropna(subset="official_name").fillna({"village_id": "-"})
    return dict(zip(rows["official_name"], zip(rows["village_id"], rows["match"], strict=True), strict=True))


def reason(found: Reconciliation, name: str) -> str | None:
    rows = found.table[(found.table["name"] == name) | (found.table["official_name"] == name)]
    [value] = rows["reason"]
    return value if isinstance(value, str) else None


def test_without_a_list_there_is_nothing_to_compare() -> None:
    layers, study = worlds.layers(villages=[village(1, "A")]), worlds.study()
    signal = worlds.painted(layers.grid, any_4g=-80)
    assert reconcile(layers, signal, assess_villages(layers, signal, study), study, keys=name_keys) is None


# Which village is which ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("official", "ours"),
    [
        ("BẢN MÒNG", "Bản Mòng"), ("Mòng", "Bản Mòng"), ("Ban Mong", "Bản Mòng"), ("Bản Hoà Bình", "Thôn Hòa  Bình"),
        ("TDP 5", "Tổ dân phố số 05"), ("Tiểu khu 3", "TK3"), ("Nà-Hày", "Bản Nà Hày"),
    ],
)  # fmt: skip
def test_one_name_is_found_however_it_is_written(official: str, ours: str) -> None:
    found = compared([village(1, ours), village(2, "Bản Khác")], [listed(official)])
    assert matches(found) == {official: ("v1", "same")}


def test_a_name_is_looked_for_in_its_own_commune_only() -> None:
    found = compared([village(1, "Bản Mòng", 3.5)], [listed("Bản Mòng")])
    assert matches(found) == {"Bản Mòng": ("-", "only_official")}


def test_names_that_differ_in_accents_alone_are_similar_and_not_the_same() -> None:
    found = compared([village(1, "Bản Mông")], [listed("Bản Mòng")])
    assert matches(found) == {"Bản Mòng": ("v1", "similar")}


@pytest.mark.parametrize(
    ("official", "ours"),
    [("Bản Nậm Lếch 1", "Bản Nậm Lếch 2"), ("Huổi Lếch trên", "Huổi Lếch dưới"), ("Nà Hày A", "Nà Hày B")],
)
def test_numbers_and_telling_words_make_two_villages_of_like_names(official: str, ours: str) -> None:
    found = compared([village(1, ours)], [listed(official, x=village(1, ours)["x"], y=village(1, ours)["y"])])
    assert matches(found) == {official: ("-", "only_official")}


def test_of_two_similar_names_none_is_guessed() -> None:
    found = compared([village(1, "Huổi Lếch"), village(2, "Huổi Lích")], [listed("Huổi Lách")])
    assert matches(found) == {"Huổi Lách": ("-", "only_official")}
    assert reason(found, "Huổi Lách") == "renamed"
    assert found.table.set_index("official_name").loc["Huổi Lách", "perhaps"] == "Huổi Lếch"


def test_another_name_within_300_m_is_a_village_renamed() -> None:
    ours = village(1, "Bản Mòng")
    near = listed("Đoàn Kết", x=ours["x"] + 290, y=ours["y"])
    assert matches(compared([ours], [near])) == {"Đoàn Kết": ("v1", "renamed")}
    far = near | {"x": ours["x"] + 310}
    found = compared([ours], [far])
    assert matches(found) == {"Đoàn Kết": ("-", "only_official")}
    assert reason(found, "Đoàn Kết") == "renamed"  # an unmatched village within 1 km, named beside it
    assert found.table.set_index("official_name").loc["Đoàn Kết", "perhaps"] == "Bản Mòng"


TWINS = [village(1, "Bản Lự", 0.5, households=40), village(2, "Bản Lự", 1.95, households=80)]

BY_FORMER = [row | {"former_commune": name} for row, name in zip(TWINS, ("Chiềng Lề", "xã Chiềng An"), strict=True)]


@pytest.mark.parametrize(
    ("told_by", "twins"),
    [
        ({"households": 78}, TWINS),
        ({"x": worlds.WEST + 1900, "y": worlds.NORTH - 300}, TWINS),
        ({"former_commune": "Chiềng An"}, BY_FORMER),
    ],
    ids=["households", "point", "former commune"],
)  # fmt: skip
def test_two_villages_of_one_name_are_told_apart(told_by: Row, twins: list[Row]) -> None:
    found = compared(twins, [listed("Ban Lu", **told_by)])
    assert matches(found) == {"Ban Lu": ("v2", "same")}


def test_the_second_of_two_follows_from_the_first() -> None:
    found = compared(TWINS, [listed("Bản Lự", note="a"), listed("Bản Lự", households=81, note="b")])
    rows = found.table.dropna(subset="official_name").set_index("note")
    assert rows["village_id"].to_dict() == {"a": "v1", "b": "v2"}


def test_two_villages_of_one_name_that_nothing_tells_apart_are_ambiguous_on_both_sides() -> None:
    found = compared(TWINS, [listed("Bản Lự")])
    assert found.table["match"].tolist() == ["ambiguous"] * 3
    assert found.table["reason"].tolist() == ["same_name"] * 3
    assert found.villages.loc["dead", "undecided"] == 1
    assert found.villages.loc["undecided", "dead"] == 2
    assert found.statuses.villages == 0
    assert np.isnan(found.statuses.kappa)


def test_one_name_of_two_former_communes_is_two_villages() -> None:
    found = compared([village(1, "Bản Nà", former_commune="Hua La")], [listed("Bản Nà", former_commune="Chiềng Cọ")])
    assert matches(found) == {"Bản Nà": ("-", "only_official")}


def test_every_village_of_either_list_stands_in_the_table_once() -> None:
    found = compared(
        [village(1, "A B"), village(2, "C D"), *(one | {"village_id": f"t{n}"} for n, one in enumerate(TWINS))],
        [listed("C D"), listed("Bản Lự"), listed("Xa Lạ"), listed("Nơi Khác", "00004"), listed("Vô Danh", None)],
    )
    assert found.table["village_id"].dropna().is_unique
    assert set(found.table["village_id"].dropna()) == {"v1", "v2", "t0", "t1"}
    assert sorted(found.table["official_name"].dropna()) == ["Bản Lự", "C D", "Nơi Khác", "Vô Danh", "Xa Lạ"]
    assert found.table.columns.tolist() == RECONCILIATION.names
    RECONCILIATION.schema().validate(found.table)


# Statuses, by hand --------------------------------------------------------------------------------------------------

OURS = [
    village(1, "Bản Mòng", 1.5, households=40),  # dead
    village(2, "Bản Hụm", 0.5, households=30),  # dead, 5 dB below weak
    village(3, "Bản Tà", 1.5, households=7),  # dead, not on the list
    village(4, "Bản Cọ", 3.5, households=20),  # covered
    village(5, "Bản Kẻ", 2.5, households=10),  # weak
    village(6, "Bản Sọ", 3.5, households=100),  # covered, not on the list
    village(7, "Bản Xa", None, households=5),  # no point
]
LIST = [
    listed("Ban Mong", households=41),
    listed("Bản Hụm", status="weak"),
    listed("Bản Cọ", "03670"),
    listed("Bản Kẻ", "03670"),
    listed("Bản Xa"),
    listed("Mới Lập", households=12),
    listed("Nơi Khác", "00004"),
]


def test_the_matrix_counts_every_village_and_household_once() -> None:
    found = compared(OURS, LIST)
    counts = found.villages.stack()
    assert counts[counts > 0].to_dict() == {
        ("dead", "dead"): 1, ("dead", "weak"): 1, ("dead", "covered"): 1, ("dead", "not_assessed"): 1,
        ("dead", "not_in_layer"): 2, ("weak", "dead"): 1, ("not_listed", "dead"): 1, ("not_listed", "covered"): 1,
    }  # fmt: skip
    assert counts.sum() == len(found.table) == 9
    homes = found.households.stack()
    assert homes[homes > 0].to_dict() == {
        ("dead", "dead"): 40, ("dead", "weak"): 10, ("dead", "covered"): 20, ("dead", "not_assessed"): 5,
        ("dead", "not_in_layer"): 12, ("weak", "dead"): 30, ("not_listed", "dead"): 7, ("not_listed", "covered"): 100,
    }  # fmt: skip


def test_agreement_and_kappa_are_those_worked_by_hand() -> None:
    found = compared(OURS, LIST)
    # Matched and assessed: dead/dead, weak/dead, dead/covered, dead/weak: 1 of 4 alike.
    # By chance: 3/4 · 2/4 dead and 1/4 · 1/4 weak, together 7/16.
    assert (found.statuses.villages, found.statuses.alike) == (4, 1)
    assert found.statuses.kappa == pytest.approx((4 / 16 - 7 / 16) / (1 - 7 / 16))
    # Dead or not, with the two that are not listed: 2 of 6 alike, half of them dead on either side, so 1/2 by chance.
    assert (found.dead.villages, found.dead.alike) == (6, 2)
    assert found.dead.kappa == pytest.approx((1 / 3 - 1 / 2) / (1 / 2))


def test_two_lists_of_one_mind_have_kappa_one_and_two_of_one_status_have_none() -> None:
    ours = [village(1, "Bản Mòng"), village(2, "Bản Cọ", 3.5)]
    found = compared(ours, [listed("Bản Mòng"), listed("Bản Cọ", "03670", "covered")])
    assert found.statuses.kappa == pytest.approx(1.0)
    assert np.isnan(compared(ours[:1], [listed("Bản Mòng")]).statuses.kappa)


def test_a_village_off_the_list_differs_only_where_the_list_collects_such_villages() -> None:
    agree = compared(OURS, LIST).table.set_index("name")["agree"]
    assert (agree["Bản Tà"], agree["Bản Sọ"]) == (False, True)
    ours = [village(1, "Bản Kẻ", 2.5), village(2, "Bản Mòng")]
    only_dead, with_weak = (compared(ours, [listed("Bản Mòng", status=status)]) for status in ("dead", "weak"))
    assert only_dead.listed == ("dead",)
    assert only_dead.table.set_index("name")["agree"]["Bản Kẻ"]
    assert with_weak.listed == ("dead", "weak")
    assert not with_weak.table.set_index("name")["agree"]["Bản Kẻ"]


def test_a_status_that_the_list_does_not_state_is_not_compared() -> None:
    found = compared([village(1, "Bản Mòng")], [listed("Bản Mòng", status=None), listed("Xa Lạ")])
    assert found.villages.loc["unstated", "dead"] == 1
    assert found.table.set_index("name")["agree"].isna()["Bản Mòng"]
    assert found.statuses.villages == 0


# Why they differ ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Ban Mong", None), ("Bản Hụm", "near_threshold"), ("Bản Cọ", "unknown"), ("Bản Kẻ", "other_definition"),
        ("Mới Lập", "renamed"), ("Nơi Khác", "other_area"), ("Bản Sọ", None),
    ],
)  # fmt: skip
def test_each_difference_has_its_likely_reason(name: str, why: str | None) -> None:
    ours = [row | ({"name": "Mới Lập Phiêng"} if row["village_id"] == "v3" else {}) for row in OURS]
    assert reason(compared(ours, LIST), name) == why


def test_a_village_without_counterpart_is_missing_from_our_layer() -> None:
    assert reason(compared(OURS[:2], [listed("Xa Lạ")]), "Xa Lạ") == "not_in_our_layer"
    assert reason(compared(OURS, [listed("Bản Xa")]), "Bản Xa") == "not_assessed"


def test_a_village_of_an_unknown_commune_is_not_matched_and_its_only_namesake_is_named() -> None:
    found = compared([village(1, "Bản Mòng"), village(2, "Bản Cọ", 3.5)], [listed("Bản Cọ", None)])
    assert matches(found) == {"Bản Cọ": ("-", "only_official")}
    row = found.table.set_index("match").loc["only_official"]
    assert (row["reason"], row["perhaps"]) == ("commune_unknown", "Bản Cọ")


def test_a_village_with_2g_alone_is_covered_on_the_list_and_dead_after_2g() -> None:
    found = compared([village(1, "Bản Mòng")], [listed("Bản Mòng", status="covered")], any_2g=-80.0)
    assert reason(found, "Bản Mòng") == "only_2g"
    while_on = compared(
        [village(1, "Bản Mòng")], [listed("Bản Mòng")], any_2g=-80.0, study={"as_of": "2026-09-01"}
    )  # fmt: skip
    assert while_on.table["our_status"].tolist() == ["covered"]
    assert reason(while_on, "Bản Mòng") == "only_2g"


def test_a_point_over_1_km_from_that_of_the_list_is_suspect() -> None:
    ours = village(1, "Bản Mòng")
    apart = [listed("Bản Mòng", status="covered", x=ours["x"], y=ours["y"] - metres) for metres in (990, 1010)]
    near, far = (compared([ours], [one]) for one in apart)
    assert reason(near, "Bản Mòng") == "unknown"
    assert reason(far, "Bản Mòng") == "wrong_point"
    assert far.table["distance_km"].tolist() == [pytest.approx(1.01)]


def test_a_list_that_is_right_at_its_own_point_makes_ours_suspect() -> None:
    ours = village(1, "Bản Mòng", 2.05, commune_code="03670")
    official = listed("Bản Mòng", "03670", x=worlds.WEST + 1950, y=ours["y"])  # 100 m west: dead there, weak at ours
    assert reason(compared([ours], [official]), "Bản Mòng") == "wrong_point"


def test_a_point_outside_its_commune_is_suspect() -> None:
    outside = village(1, "Bản Mòng", 3.5, commune_code="03646")
    assert reason(compared([outside], [listed("Bản Mòng")]), "Bản Mòng") == "wrong_point"


def test_a_good_centre_with_houses_out_of_reach_is_a_matter_of_definition() -> None:
    ours = village(1, "Bản Cọ", 3.5, households=20)
    layers = worlds.layers(
        villages=[ours],
        official=[listed("Bản Cọ", "03670", "covered")],
        communes=HALVES,
        housing=[{"village_id": "v1", "x": worlds.WEST + 1500, "y": ours["y"], "households": 20}],
    )
    study, signal = worlds.study(), worlds.painted(layers.grid, any_4g=STRIPS)
    found = reconcile(layers, signal, assess_villages(layers, signal, study), study, keys=name_keys)
    assert found is not None
    assert found.table["our_status"].tolist() == ["weak"]
    assert reason(found, "Bản Cọ") == "other_definition"


def test_the_result_does_not_depend_on_the_order_of_the_rows() -> None:
    one, other = compared(OURS, LIST), compared(OURS[::-1], LIST[::-1])
    pd.testing.assert_frame_equal(one.table, other.table)
