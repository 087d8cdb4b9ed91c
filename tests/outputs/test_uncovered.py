"""The list of uncovered villages, against rows written by hand."""

import csv
import dataclasses
import datetime
import io

import numpy as np
import pandas as pd
import pytest

from coverage.columns.results import UNCOVERED
from coverage.errors import OutputError
from coverage.outputs.paper_text import neutralised
from coverage.outputs.uncovered import headline_level_dbm, uncovered_csv, uncovered_villages
from coverage.outputs.wording import Wording
from coverage.result import Result


@pytest.fixture
def say(result: Result) -> Wording:
    return Wording("vi", result.study)


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_file_begins_with_a_byte_order_mark_and_vietnamese_headings(result: Result, say: Wording) -> None:
    content = uncovered_csv(result, say)
    assert content.startswith(b"\xef\xbb\xbfSTT,")
    assert content.decode("utf-8-sig").splitlines()[0] == (
        "STT,Xã/phường (mới),Mã xã,Xã cũ,Thôn/bản,Số hộ,Số khẩu,Điện lưới (có/không),Tình trạng (trắng/lõm),"
        "2G,3G,4G,5G,Nhà mạng,Mức thu (dBm),Cáp quang,Khoảng cách tới trạm gần nhất (km),Kinh độ,Vĩ độ,Đề xuất,Ghi chú"
    )


def test_dead_come_before_weak_then_by_commune_then_by_households(result: Result, say: Wording) -> None:
    rows = _read(uncovered_csv(result, say))
    assert [(row["STT"], row["Tình trạng (trắng/lõm)"], row["Mã xã"], row["Thôn/bản"]) for row in rows] == [
        ("1", "trắng", "03646", "Bản Tà"),
        ("2", "trắng", "03646", "Bản Nậm"),
        ("3", "trắng", "03646", "'=1+1"),
        ("4", "trắng", "04000", "Bản Sọ"),
        ("5", "lõm", "03646", "Bản Pá"),
        ("6", "lõm", "04000", "Bản Mỏ"),
        ("7", "lõm", "04000", "Bản Kẻ"),
    ]


def test_a_village_that_lost_its_2g_reads_as_written_by_hand(result: Result, say: Wording) -> None:
    row = _read(uncovered_csv(result, say))[0]
    assert row["Điện lưới (có/không)"] == "không"
    assert [row[name] for name in ("2G", "3G", "4G", "5G")] == ["tốt", "–", "–", "–"]
    assert row["Nhà mạng"] == "không có"
    assert row["Mức thu (dBm)"] == ""
    assert row["Cáp quang"] == "Chưa có"
    assert row["Khoảng cách tới trạm gần nhất (km)"] == "3.500"
    assert row["Đề xuất"] == "Nâng cấp 4G tại trạm SLA-0001 (hạng 1)"
    assert row["Ghi chú"] == (
        "Chỉ còn sóng công nghệ đã ngừng cung cấp (2G); chưa có điện lưới; thuộc chương trình viễn thông công ích"
    )


def test_weak_villages_name_the_operators_heard_and_the_level(result: Result, say: Wording) -> None:
    rows = {row["Thôn/bản"]: row for row in _read(uncovered_csv(result, say))}
    assert rows["Bản Mỏ"]["Nhà mạng"] == "Viettel, VNPT"
    assert rows["Bản Kẻ"]["Nhà mạng"] == "Viettel"
    assert rows["Bản Mỏ"]["Mức thu (dBm)"] == "-104.0"
    assert [rows[name]["4G"] for name in ("Bản Mỏ", "Bản Pá", "Bản Nậm")] == ["tốt", "yếu", "không"]
    assert rows["Bản Mỏ"]["Ghi chú"] == "Cụm 12 hộ không có sóng"
    assert rows["Bản Kẻ"]["Ghi chú"] == "Dưới 95% số hộ có sóng"


def test_a_proposal_joins_the_site_and_the_fiber(result: Result, say: Wording) -> None:
    rows = {row["Thôn/bản"]: row["Đề xuất"] for row in _read(uncovered_csv(result, say))}
    assert rows["Bản Sọ"] == "Trạm 4G mới, hạng 2 (SLA-N002); kéo cáp quang, hạng 1 (3,4 km)"
    assert rows["Bản Kẻ"] == "Kéo cáp quang, hạng 1 (3,4 km)"
    assert rows["Bản Nậm"] == ""


def test_a_site_in_another_commune_is_named_with_it(result: Result, say: Wording) -> None:
    sites = result.ranked_sites.assign(village_ids=["", "03646-nam-1"])
    listed = uncovered_villages(dataclasses.replace(result, ranked_sites=sites), say)
    assert listed.set_index("name")["proposal"]["Bản Nậm"] == "Trạm 4G mới, hạng 2 (SLA-N002, Xã Chiềng Lao)"


def test_where_to_verify_the_note_says_so(result: Result, say: Wording) -> None:
    listed = uncovered_villages(result, say).set_index("name")
    assert listed["note"]["=1+1"] == "Không có sóng tại trung tâm thôn/bản; cần xác minh vị trí"
    assert listed["has_power"]["=1+1"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r\n+", "\N{NO-BREAK SPACE}-", "＝"])
@pytest.mark.parametrize("column", ["name", "commune_name", "commune_code", "former_commune"])
def test_no_text_column_can_carry_a_formula(result: Result, say: Wording, start: str, column: str) -> None:
    hostile = f"{start}cmd|'/C calc'!A0"
    villages = result.villages.copy()
    villages[column] = hostile
    rows = _read(uncovered_csv(dataclasses.replace(result, villages=villages), say))
    heading = UNCOVERED[column].vi
    assert {row[heading] for row in rows} == {f"'{hostile.strip()}"}


def test_a_hostile_site_id_or_reason_is_neutralised_too(result: Result, say: Wording) -> None:
    villages = result.villages.assign(reason="@SUM(A1)")
    rows = _read(uncovered_csv(dataclasses.replace(result, villages=villages), say))
    assert all(row["Ghi chú"].startswith("'@") for row in rows)


def test_negative_numbers_stay_numbers(result: Result, say: Wording) -> None:
    levels = [row["Mức thu (dBm)"] for row in _read(uncovered_csv(result, say))]
    assert [float(level) for level in levels if level] == [-121.0, -118.0, -130.0, -110.0, -104.0, -101.0]


def test_with_the_decimal_comma_semicolons_separate_as_vietnamese_excel_expects(result: Result, say: Wording) -> None:
    papers = result.study.papers.model_copy(update={"decimal": "comma"})
    study = result.study.model_copy(update={"papers": papers})
    content = uncovered_csv(dataclasses.replace(result, study=study), say)
    assert content.startswith(b"\xef\xbb\xbfSTT;")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0]["Khoảng cách tới trạm gần nhất (km)"] == "3,500"
    assert rows[1]["Mức thu (dBm)"] == "-121,0"
    assert rows[0]["Mã xã"] == "03646"
    assert rows[0]["Số hộ"] == "60"
    plain = _read(uncovered_csv(result, say))
    assert [row["Ghi chú"] for row in rows] == [row["Ghi chú"] for row in plain]


@pytest.mark.parametrize("separator", [";", ",", "|", "; ", ';"', "; '"])
def test_no_formula_hides_behind_what_another_country_takes_for_a_separator(separator: str) -> None:
    assert neutralised(f"Bản{separator}=cmd|x") == f"Bản{separator}'=cmd|x"
    assert neutralised("Bản Tà; Bản Pá; cách 3,5 km") == "Bản Tà; Bản Pá; cách 3,5 km"


def test_marks_and_controls_before_a_formula_do_not_hide_it() -> None:
    for hidden in ("\u200e", "\u202e", "\ufeff", "\x00", "\x0b", "\x1f", "\ufffe"):
        assert neutralised(f"{hidden}=1+1") == "'=1+1"


def test_plain_text_is_left_alone() -> None:
    assert neutralised("Bản Tà-1 = cũ") == "Bản Tà-1 = cũ"
    assert neutralised("–") == "–"
    assert neutralised("Bản\r=1+1") == "Bản =1+1"
    assert neutralised("") == ""


def test_the_level_shown_is_that_of_the_technology_with_the_largest_margin(result: Result) -> None:
    # 3G -100 dBm is 10 dB above its -110; 4G -102 dBm is 13 dB above its -115; 2G is off on the date of the fixture.
    villages = pd.DataFrame({"any_2g_dbm": [-60.0], "any_3g_dbm": [-100.0], "any_4g_dbm": [-102.0]})
    assert headline_level_dbm(villages, result).tolist() == [-102.0]
    villages = pd.DataFrame({"any_2g_dbm": [-60.0], "any_3g_dbm": [-96.0], "any_4g_dbm": [np.nan]})
    assert headline_level_dbm(villages, result).tolist() == [-96.0]


def test_before_its_last_day_2g_counts(result: Result) -> None:
    about = result.study.study.model_copy(update={"as_of": datetime.date(2026, 9, 15)})
    study = result.study.model_copy(update={"study": about})
    listed = uncovered_villages(dataclasses.replace(result, study=study), Wording("vi", study)).set_index("name")
    assert listed["level_dbm"]["Bản Tà"] == pytest.approx(-90.04)


def test_loss_asked_for_indoors_raises_the_thresholds(result: Result) -> None:
    definitions = result.study.definitions.model_copy(update={"indoor_db": 10.0})
    study = result.study.model_copy(update={"definitions": definitions})
    listed = uncovered_villages(dataclasses.replace(result, study=study), Wording("vi", study)).set_index("name")
    assert listed["4g"]["Bản Mỏ"] == "yếu"  # -104 outdoors, -114 indoors
    assert listed["4g"]["Bản Pá"] == "không"  # -110 outdoors, -120 indoors


def test_english_is_there_for_those_who_ask(result: Result) -> None:
    rows = _read(uncovered_csv(result, Wording("en", result.study)))
    assert rows[0]["Status (dead/weak)"] == "dead"
    assert rows[0]["Proposal"] == "Upgrade to 4G at site SLA-0001 (rank 1)"
    assert rows[5]["Note"] == "A cluster of 12 households has no signal"


def test_no_uncovered_village_gives_headings_alone(result: Result, say: Wording) -> None:
    covered = dataclasses.replace(result, villages=result.villages[result.villages["status"] == "covered"])
    assert len(uncovered_csv(covered, say).splitlines()) == 1


def test_another_language_is_refused(result: Result) -> None:
    with pytest.raises(OutputError, match="'fr' is unknown; one of vi, en"):
        Wording("fr", result.study)


def test_numbers_and_dates_are_written_as_each_language_does(result: Result) -> None:
    vi, en = Wording("vi", result.study), Wording("en", result.study)
    assert (vi.number(1234567.891), en.number(1234567.891)) == ("1.234.567,89", "1,234,567.89")
    assert (vi.number(10.0), vi.number(0.0), vi.number(-0.001), vi.number(500)) == ("10", "0", "0", "500")
    assert (vi.number(2.0, 1), vi.number(float("nan"))) == ("2,0", "")
    day = datetime.date(2026, 9, 5)
    assert (vi.date(day), en.date(day)) == ("05/09/2026", "5 September 2026")


def test_a_code_without_wording_is_shown_as_it_is(result: Result, say: Wording) -> None:
    assert say.reason("something_new") == "something_new"
    assert say.reason("weak_centre; share_below") == "Sóng yếu tại trung tâm thôn/bản; Dưới 95% số hộ có sóng"
    assert say.operator("Mạng X") == "Mạng X"


def test_out_of_every_cells_reach_is_no_signal_and_not_modelled_is_a_dash(result: Result, say: Wording) -> None:
    def said(level: float) -> str:
        levels = {**result.signal.levels, ("any", "4g"): np.full(result.signal.grid.shape, level, dtype=np.float32)}
        signal = dataclasses.replace(result.signal, levels=levels)
        return str(uncovered_villages(dataclasses.replace(result, signal=signal), say)["4g"].iloc[0])

    assert said(-np.inf) == say.word("signal.none")
    assert said(np.nan) == said(-90) == say.word("signal.unknown")  # the table of villages is believed
