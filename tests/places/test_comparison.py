"""Two runs of a few villages each, compared; what became of each is counted by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coverage.columns.changes import COMMUNE_CHANGES, OPERATOR_CHANGES, VILLAGE_CHANGES
from coverage.columns.words import CHANGES
from coverage.layers.finished import read_finished
from coverage.layers.units.crosswalk import national_crosswalk
from coverage.layers.units.succession import succession
from coverage.places.comparison import compare
from coverage.result import Comparison
from tests.finished_runs import village, write_finished

TO_HIEU, CHIENG_LAO = "03646 Phường Tô Hiệu", "04000 Xã Chiềng Lao"
CHIENG_LE, OLD_TO_HIEU = "03646 Phường Chiềng Lề", "03649 Phường Tô Hiệu"
HERE, NEAR, FAR = (103.91, 21.32), (103.912, 21.32), (103.97, 21.32)  # 207 m and 6.2 km east of the first

Rows = Sequence[dict[str, Any]]


@pytest.fixture
def compared(tmp_path: Path) -> Any:
    def of(old: Rows, new: Rows, *, communes: tuple[Sequence[str], Sequence[str]] = ([TO_HIEU, CHIENG_LAO],) * 2,
           old_settings: Any = None, new_settings: Any = None) -> Comparison:  # fmt: skip
        before = read_finished(write_finished(tmp_path / "old", old, communes[0], **(old_settings or {})))
        now = read_finished(write_finished(tmp_path / "new", new, communes[1], **(new_settings or {})))
        pairs = succession(before.communes, now.communes, national_crosswalk())
        found = compare(before, now, pairs)
        _sums_agree(found)
        return found

    return of


def _sums_agree(found: Comparison) -> None:
    """Whatever the villages: every one is counted once, in every table the same."""
    villages, communes = found.villages, found.communes
    VILLAGE_CHANGES.schema().validate(pd.DataFrame(villages).drop(columns="geometry"))
    COMMUNE_CHANGES.schema().validate(pd.DataFrame(communes).drop(columns="geometry").astype(
        {column.name: "Int64" for column in COMMUNE_CHANGES.columns if column.kind == "integer"}))  # fmt: skip
    OPERATOR_CHANGES.schema().validate(found.operators.astype(
        {column.name: "Int64" for column in OPERATOR_CHANGES.columns if column.kind == "integer"}))  # fmt: skip
    for change in CHANGES:
        assert communes[change].sum() == (villages["change"] == change).sum()
    assert communes["renamed"].sum() == (villages["match"] == "renamed").sum()
    assert communes["villages"].sum() == len(found.new.villages) == (villages["match"] != "vanished").sum()
    assert (villages["match"] != "appeared").sum() == len(found.old.villages)
    assert communes["households_gained"].sum() == villages["households_gained"].sum()
    gained = communes["households_covered_new"] - communes["households_covered_old"]
    assert gained.equals(communes["households_gained"])
    assert list(communes[list(CHANGES)].sum(axis=1) - communes["vanished"]) == list(communes["villages"])
    operators = found.operators
    assert (operators["villages_gained"] - operators["villages_lost"]).equals(
        operators["villages_with_signal_new"] - operators["villages_with_signal_old"]
    )


def _one(found: Comparison, name: str) -> Any:
    rows = found.villages[found.villages["name"] == name]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_run_against_itself_changes_nothing(compared: Any) -> None:
    rows = [village("a", "Bản Nậm", TO_HIEU, at=HERE, status="dead"), village("b", "Bản Tà", TO_HIEU),
            village("c", "Bản Hồ", CHIENG_LAO, at=FAR, status="weak")]  # fmt: skip
    found = compared(rows, rows)
    assert list(found.villages["match"]) == ["same"] * 3
    assert list(found.villages["change"]) == ["unchanged"] * 3
    assert list(found.villages["households_gained"]) == [0, 0, 0]
    assert found.communes["old_communes"].isna().all()


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        ("dead", "covered", "newly_covered"),
        ("weak", "covered", "newly_covered"),
        ("dead", "weak", "better"),
        ("weak", "dead", "newly_dead"),
        ("covered", "dead", "newly_dead"),
        ("covered", "weak", "worse"),
        ("weak", "weak", "unchanged"),
        ("not_assessed", "covered", "not_comparable"),
        ("dead", "not_assessed", "not_comparable"),
        ("not_assessed", "not_assessed", "not_comparable"),
    ],
)
def test_each_pair_of_statuses_is_one_change(compared: Any, before: str, now: str, change: str) -> None:
    found = compared(
        [village("a", "Bản Nậm", TO_HIEU, at=HERE, status=before)],
        [village("a", "Bản Nậm", TO_HIEU, at=HERE, status=now)],
    )
    assert list(found.villages["change"]) == [change]
    assert found.villages["households_gained"].isna().any() == (change == "not_comparable")


def test_households_gained_are_those_with_signal_now_less_those_before(compared: Any) -> None:
    old = [village("a", "Bản Nậm", TO_HIEU, status="dead", households=40),
           village("b", "Bản Tà", TO_HIEU, households=60),
           village("c", "Bản Hồ", CHIENG_LAO, households=None)]  # fmt: skip
    new = [village("a", "Bản Nậm", TO_HIEU, status="covered", households=45),
           village("b", "Bản Tà", TO_HIEU, status="weak", households=60, covered=20),
           village("c", "Bản Hồ", CHIENG_LAO, households=None)]  # fmt: skip
    found = compared(old, new)
    assert list(found.villages["households_gained"].fillna(-1)) == [45, -40, -1]
    assert list(found.communes["households_gained"]) == [5, 0]
    assert list(found.communes["households_covered_old"]) == [60, 0]


# Across July 2025 -----------------------------------------------------------------------------------------------


def test_villages_are_found_across_july_2025_though_codes_and_names_of_communes_were_used_again(compared: Any) -> None:
    """03646 was Chiềng Lề and is Tô Hiệu, whose old code 03649 has ended: both old communes are the new one."""
    old = [village("03646-muong-1", "Bản Mường", CHIENG_LE, at=HERE, status="dead"),
           village("03649-lay-1", "Bản Lầy", OLD_TO_HIEU, at=FAR, status="dead")]  # fmt: skip
    new = [village("03646-lay-1", "Lầy", TO_HIEU, at=FAR), village("03646-muong-1", "Bản Mường", TO_HIEU, at=HERE)]
    found = compared(old, new, communes=([CHIENG_LE, OLD_TO_HIEU], [TO_HIEU]))
    assert list(found.villages["match"]) == ["same", "same"]
    assert list(found.villages["old_village_id"]) == ["03649-lay-1", "03646-muong-1"]
    assert list(found.villages["change"]) == ["newly_covered"] * 2
    assert list(found.communes["old_communes"]) == ["Phường Chiềng Lề; Phường Tô Hiệu"]


def test_one_id_used_again_for_the_village_of_another_old_commune_is_not_taken_for_it(compared: Any) -> None:
    """Both communes had a Tổ 1; the one of Tô Hiệu keeps its name, and its new id is the old one of Chiềng Lề's."""
    old = [village("03646-to-1-1", "Tổ 1", CHIENG_LE, at=HERE, status="dead"),
           village("03649-to-1-1", "Tổ 1", OLD_TO_HIEU, at=FAR)]  # fmt: skip
    new = [village("03646-to-1-1", "Tổ 1", TO_HIEU, at=FAR), village("03646-to-9-1", "Tổ 9", TO_HIEU, at=HERE)]
    found = compared(old, new, communes=([CHIENG_LE, OLD_TO_HIEU], [TO_HIEU]))
    assert _one(found, "Tổ 1")["old_village_id"] == "03649-to-1-1"
    assert _one(found, "Tổ 9")["old_village_id"] == "03646-to-1-1"
    assert _one(found, "Tổ 9")["match"] == "renamed"


def test_two_villages_of_one_name_in_communes_that_do_not_correspond_are_two(compared: Any) -> None:
    """03649 was Tô Hiệu; another commune that bears 04000 has nothing to do with it."""
    found = compared(
        [village("x", "Bản Mường", CHIENG_LE)],
        [village("x", "Bản Mường", CHIENG_LAO)],
        communes=([CHIENG_LE], [CHIENG_LAO]),
    )
    assert sorted(found.villages["match"]) == ["appeared", "vanished"]
    assert list(found.communes["vanished"]) == [0, 1]  # of no commune of now: a row of its own
    assert pd.isna(found.communes["commune_code"].iloc[-1])


def test_a_divided_commune_gives_each_village_to_the_successor_that_has_its_name(compared: Any) -> None:
    rows = national_crosswalk().rows
    code, group = next(iter(rows[rows["kind"] == "divided"].groupby("old_code")))
    old_commune = f"{code} {group['old_ward'].iloc[0]}"
    main, other = (
        f"{row.new_code} {row.new_ward}" for row in group.sort_values("default", ascending=False).head(2).itertuples()
    )
    old = [village("1", "Ấp Một", old_commune, at=HERE), village("2", "Ấp Hai", old_commune, at=FAR),
           village("3", "Ấp Ba", old_commune, at=NEAR), village("4", "Ấp Bốn", old_commune)]  # fmt: skip
    new = [village("1", "Ấp Một", other, at=HERE), village("2", "Ấp Hai", main, at=FAR)]
    found = compared(old, new, communes=([old_commune], [main, other]))
    assert list(found.villages["match"]) == ["same", "same", "vanished", "vanished"]
    assert _one(found, "Ấp Ba")["commune_code"] == other[:5]  # by the village 207 m away
    assert _one(found, "Ấp Bốn")["commune_code"] == main[:5]  # nothing tells
    assert list(found.communes["vanished"]) == [1, 1]


def test_the_later_run_may_be_the_one_of_before_july_2025(compared: Any) -> None:
    found = compared([village("a", "Bản Mường", TO_HIEU)], [village("b", "Bản Mường", OLD_TO_HIEU)],
                     communes=([TO_HIEU], [CHIENG_LE, OLD_TO_HIEU]))  # fmt: skip
    assert list(found.villages["match"]) == ["same"]


# Names and places -----------------------------------------------------------------------------------------------


def test_of_two_villages_of_one_name_each_is_found_at_its_place_though_their_ids_were_given_anew(compared: Any) -> None:
    old = [village("n-1", "Bản Nậm", TO_HIEU, at=HERE, status="dead"), village("n-2", "Bản Nậm", TO_HIEU, at=FAR)]
    new = [village("n-1", "Bản Nậm", TO_HIEU, at=FAR), village("n-2", "Bản Nậm", TO_HIEU, at=HERE, status="dead")]
    found = compared(old, new)
    assert list(found.villages["old_village_id"]) == ["n-2", "n-1"]
    assert list(found.villages["change"]) == ["unchanged"] * 2
    assert list(found.villages["moved_m"]) == [0, 0]


def test_of_two_villages_of_one_name_the_id_decides_where_the_point_was_corrected(compared: Any) -> None:
    old = [village("n-1", "Bản Nậm", TO_HIEU, at=HERE), village("n-2", "Bản Nậm", TO_HIEU)]
    new = [village("n-1", "Bản Nậm", TO_HIEU, at=FAR), village("n-2", "Bản Nậm", TO_HIEU, at=NEAR)]
    # n-2 had no point, so that only n-2's new place speaks: it is where n-1 was.
    found = compared(old, new)
    assert list(found.villages["old_village_id"]) == ["n-1", "n-2"]


def test_spelling_is_no_other_name_but_another_accent_is(compared: Any) -> None:
    old = [village("1", "BẢN HOÀ", TO_HIEU, at=HERE), village("2", "Bản Mòng", TO_HIEU, at=FAR)]
    new = [village("1", "Hòa", TO_HIEU, at=HERE), village("2", "Bản Mông", TO_HIEU, at=FAR)]
    assert list(compared(old, new).villages["match"]) == ["same", "renamed"]


def test_villages_without_an_id_in_common_are_one_renamed_where_each_is_the_nearest_of_the_other(compared: Any) -> None:
    old = [village("1", "Bản Cũ", TO_HIEU, at=HERE), village("2", "Bản Xa", TO_HIEU, at=FAR)]
    new = [village("7", "Bản Mới", TO_HIEU, at=NEAR), village("8", "Bản Kia", TO_HIEU, at=(103.9135, 21.32)),
           village("9", "Bản Khác", TO_HIEU, at=(103.9735, 21.32))]  # fmt: skip
    found = compared(old, new)  # Bản Kia lies 363 m from Bản Cũ, Bản Khác 363 m from Bản Xa
    assert list(found.villages["match"]) == ["renamed", "appeared", "appeared", "vanished"]
    assert _one(found, "Bản Mới")["old_name"] == "Bản Cũ"
    assert _one(found, "Bản Mới")["moved_m"] == pytest.approx(207.5, abs=0.5)
    assert _one(found, "Bản Xa")["lon"] == FAR[0]


def test_a_village_without_a_commune_is_found_by_id_and_name_and_counts_in_a_row_of_its_own(compared: Any) -> None:
    old = [village("1", "Bản Lẻ", "", status="dead"), village("2", "Bản Lạc", "")]
    new = [village("1", "Bản Lẻ", "", status="covered")]
    found = compared(old, new)
    assert list(found.villages["match"]) == ["same", "vanished"]
    assert list(found.communes["newly_covered"]) == [0, 0, 1]
    assert list(found.communes["vanished"]) == [0, 0, 1]


@pytest.mark.parametrize(("old", "new", "match"), [(1, 0, "vanished"), (0, 1, "appeared"), (0, 0, "")])
def test_a_table_without_villages_is_one_of_which_all_vanished_or_appeared(
    compared: Any, old: int, new: int, match: str
) -> None:
    rows = [village("a", "Bản Nậm", TO_HIEU, at=HERE)]
    found = compared(rows[:old], rows[:new])
    assert list(found.villages["match"]) == [match] * (old + new)
    assert list(found.villages["name"]) == ["Bản Nậm"] * (old + new)


# Operators ------------------------------------------------------------------------------------------------------


def test_each_operator_is_judged_at_the_centre_and_counts_all_households_there(compared: Any) -> None:
    old = [village("a", "A Một", TO_HIEU, households=40, viettel_4g_dbm=-116, vnpt_4g_dbm=-110, any_4g_dbm=-110),
           village("b", "B Hai", TO_HIEU, households=60, viettel_4g_dbm=-100, vnpt_4g_dbm=-104, any_4g_dbm=-100),
           village("c", "C Ba", CHIENG_LAO, households=None, viettel_4g_dbm=None, any_4g_dbm=None)]  # fmt: skip
    new = [village("a", "A Một", TO_HIEU, households=45, viettel_4g_dbm=-115, vnpt_4g_dbm=-105, any_4g_dbm=-105),
           village("b", "B Hai", TO_HIEU, households=61, viettel_4g_dbm=-120, vnpt_4g_dbm=-104, any_4g_dbm=-104),
           village("c", "C Ba", CHIENG_LAO, households=None, viettel_4g_dbm=-90, any_4g_dbm=-90),
           village("d", "D Bốn", CHIENG_LAO, households=99)]  # fmt: skip
    found = compared(old, new)
    rows = found.operators.set_index("operator")
    assert list(rows.index) == ["viettel", "vnpt", "any"]
    assert list(rows.loc["viettel"]) == [3, 1, 2, 2, 1, 45, 61]
    assert list(rows.loc["vnpt"]) == [3, 2, 2, 0, 0, 0, 0]
    assert list(rows.loc["any"]) == [3, 2, 3, 1, 0, 0, 0]
    assert list(found.villages["viettel_old"].fillna("–")) == ["none", "good", "none", "–"]
    assert list(found.villages["viettel_new"]) == ["weak", "none", "good", "good"]
    assert list(found.villages["vnpt_new"]) == ["good", "good", "none", "none"]


def test_each_run_is_judged_by_its_own_thresholds_and_its_own_technologies_in_service(compared: Any) -> None:
    """2G counts up to 15 September 2026; behind brick 15 dB more are asked for."""
    row = village("a", "A Một", TO_HIEU, any_4g_dbm=-103, viettel_4g_dbm=None, viettel_2g_dbm=-90, any_2g_dbm=-90)
    found = compared(
        [row], [row], old_settings={"as_of": "2026-09-15"}, new_settings={"definitions": {"indoor_db": 15.0}}
    )
    assert list(found.villages[["viettel_old", "viettel_new", "any_old", "any_new"]].iloc[0]) == [
        "good", "none", "good", "none",
    ]  # fmt: skip


def test_an_operator_of_one_run_alone_is_not_compared(compared: Any, tmp_path: Path) -> None:
    compared([village("a", "A Một", TO_HIEU)], [village("a", "A Một", TO_HIEU)])
    file = tmp_path / "old" / "villages.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("vnpt_", "gtel_"), encoding="utf-8")
    old, new = read_finished(tmp_path / "old"), read_finished(tmp_path / "new")
    found = compare(old, new, succession(old.communes, new.communes, national_crosswalk()))
    assert dict(zip(found.operators["operator"], found.operators["villages_compared"], strict=True)) == {
        "gtel": 0, "viettel": 1, "vnpt": 0, "any": 1,
    }  # fmt: skip
