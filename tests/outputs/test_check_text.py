import json

import pandas as pd

from coverage.errors import Problem
from coverage.outputs.check.text import check_json, check_lines
from coverage.result import Check, Reading

READING = Reading(
    "sites", "bts.csv", "CSV, UTF-8", 300, "EPSG:4326", {"site_id": "site_id", "lon": "Kinh độ"}, ("Note",)
)
MANY = Problem(
    "bts.csv", "'abc'", "a number", "Correct it.", tuple(range(2, 202)), "lon",
    examples=("'x'", "'y'"), kind="not_a_number",
)  # fmt: skip
ONE = Problem("bts.csv", "site \x1b[31mA", "a point", "Give it.", (7,), fatal=False, kind="no_point")
ELSEWHERE = Problem("none.tif", "no such file", "terrain", "Put it there.", kind="no_such_file")
CHECK = Check((READING,), (MANY, ELSEWHERE, ONE), {"bts.csv": pd.DataFrame()})


def test_each_file_is_a_block_of_how_it_was_read_and_its_problems_and_the_rest_follows() -> None:
    assert list(check_lines(CHECK)) == [
        "bts.csv: layer sites, CSV, UTF-8, 300 rows, EPSG:4326",
        "  columns: site_id, lon from 'Kinh độ'",
        "  headings not used: 'Note'",
        "error: bts.csv, 200 rows (first: 2), column lon: 'abc'; expected a number. Correct it.",
        "  rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 190 more; also found: 'x'; 'y'",
        "warning: bts.csv, row 7: site \N{REPLACEMENT CHARACTER}[31mA; expected a point. Give it.",
        "",
        "error: none.tif: no such file; expected terrain. Put it there.",
        "2 errors, 1 warnings: the study cannot run.",
    ]


def test_json_is_a_list_of_problems_with_the_first_hundred_rows_of_each() -> None:
    many, elsewhere, one = json.loads(check_json(CHECK))
    assert many.pop("at") == list(range(2, 102))
    assert many == {
        "kind": "not_a_number", "file": "bts.csv", "row": 2, "rows": 200, "column": "lon", "heading": "Kinh độ",
        "found": "'abc'", "examples": ["'x'", "'y'"], "expected": "a number", "remedy": "Correct it.", "fatal": True,
    }  # fmt: skip
    assert (elsewhere["row"], elsewhere["rows"], elsewhere["at"], elsewhere["heading"]) == (None, 1, [], None)
    assert (one["column"], one["heading"], one["fatal"]) == (None, None, False)
