"""Headings are matched, or the two ways they could be are named."""

from coverage.columns.inputs import CELLS_IN, COMMUNES_IN, INPUTS, VILLAGES_IN
from coverage.layers.headings import match_headings


def matched(table, headings, mapping=None):
    return match_headings(table, headings, mapping or {}, file="f")


def test_vietnamese_and_english_headings_are_known() -> None:
    ours, problems = matched(VILLAGES_IN, ["STT", "Tên thôn/bản", "SỐ HỘ", "Kinh độ", "vi_do", "ghi chú"])
    assert problems == []
    assert ours == {"name": 1, "households": 2, "lon": 3, "lat": 4}


def test_our_own_name_beats_printed_heading_beats_alias() -> None:
    ours, problems = matched(COMMUNES_IN, ["ward", "Commune", "name", "code", "fullName"])
    assert problems == []
    assert ours == {"name": 2, "code": 3}


def test_the_real_commune_file_is_not_ambiguous() -> None:
    ours, problems = matched(COMMUNES_IN, ["code", "name", "fullName", "nameEn", "areaKm2", "province_code"])
    assert problems == []
    assert ours == {"code": 0, "name": 1, "area_km2": 4}


def test_the_study_mapping_comes_first() -> None:
    ours, problems = matched(COMMUNES_IN, ["code", "name", "fullName"], {"name": "fullName"})
    assert problems == []
    assert ours == {"code": 0, "name": 2}


def test_a_heading_that_the_study_gave_away_is_not_used_again() -> None:
    ours, problems = matched(VILLAGES_IN, ["name", "households"], {"people": "households"})
    assert problems == []
    assert ours == {"name": 0, "people": 1}


def test_two_headings_for_one_column_are_an_error() -> None:
    ours, problems = matched(VILLAGES_IN, ["Tên bản", "ten_thon", "households"])
    assert "name" not in ours
    assert [problem.found for problem in problems] == ["'Tên bản', 'ten_thon' could be name"]
    assert "[columns.villages]" in problems[0].remedy


def test_a_mapping_to_a_heading_that_is_not_there_lists_the_headings() -> None:
    _, problems = matched(CELLS_IN, ["site", "height"], {"height_m": "Cao"})
    assert problems[0].expected == "one of 'site', 'height'"


def test_a_mapping_of_a_column_we_do_not_have_is_an_error() -> None:
    _, problems = matched(CELLS_IN, ["site"], {"hight": "site"})
    assert problems[0].found == "hight is no column of this layer"


def test_every_accepted_heading_of_every_layer_leads_to_its_column() -> None:
    for table in INPUTS.values():
        for column in table.columns:
            for heading in (column.name, column.en, column.vi, *column.aliases):
                ours, problems = matched(table, [heading.upper()])
                assert problems == [], (table.name, heading)
                assert ours == {column.name: 0}, (table.name, heading)


def test_notes_in_brackets_do_not_count_unless_they_make_another_column() -> None:
    headings = ["Thôn/bản (tên)", "Xã/phường (mới)", "Xã/phường (cũ)", "Điện lưới (có/không)", "Số hộ [2026]"]
    ours, problems = matched(VILLAGES_IN, headings)
    assert problems == []
    assert ours == {"name": 0, "commune_name": 1, "former_commune": 2, "has_power": 3, "households": 4}
