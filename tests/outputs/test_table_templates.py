"""The tables to fill in, filled in as a person does with Excel, and read back."""

import datetime
import io
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from affine import Affine

from coverage.columns.inputs import INPUTS
from coverage.layers import check_study
from coverage.outputs.workbooks.table_templates import example, table_template
from coverage.result import Check
from coverage.study import Study
from tests.layers.conftest import COMMUNES, NORTH, WEST, write_terrain

DAY = datetime.date(2026, 10, 1)
TABLES = ("villages", "sites", "housing", "fiber_nodes", "candidates", "proposals", "crosswalk", "official")
VILLAGES = [
    ("v1", "Bản Mòng", "03646", "Tô Hiệu", 103.91, 21.31),
    ("v2", "Bản Hụm", "03646", "Tô Hiệu", "103,92", "21°21'00\""),
    ("v3", "Bản Cọ", "03670", "Chiềng Cơi", 103.96, 21.33),
]
SITES = [("S1", "Viettel", "4g", 1800, 103.915, 21.32), ("S2", "VNPT", "2g", 900, 103.97, 21.35),
         ("S3", "MobiFone", "5g", 3700, 103.95, 21.33)]  # fmt: skip


def _open(layer: str, language: str = "vi") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(table_template(INPUTS[layer], language, day=DAY)))


def fill_template(path: Path, layer: str, rows: list[dict[str, object]]) -> None:
    """Write rows under the headings of a table to fill in, each given by our name of the column."""
    book = openpyxl.load_workbook(path)
    names = INPUTS[layer].names
    for number, row in enumerate(rows, start=2):
        for name, value in row.items():
            book.worksheets[0].cell(number, names.index(name) + 1, value)
    book.save(path)


def _fill(path: Path, layer: str, language: str, rows: list[dict[str, object]]) -> None:
    path.write_bytes(table_template(INPUTS[layer], language, day=DAY))
    fill_template(path, layer, rows)


def three_rows(layer: str, language: str) -> list[dict[str, object]]:
    """Three villages or sites of the communes that the tests of layers have."""
    place = 0 if language == "vi" else 1
    filled = {column.name: example(column, place) for column in INPUTS[layer].columns}
    if layer == "villages":
        keys = ("village_id", "name", "commune_code", "commune_name", "lon", "lat")
        rows = [{**filled, **dict(zip(keys, row, strict=True))} for row in VILLAGES]
        return [{name: row[name] for name in row if not name.startswith("former")} for row in rows]
    keys = ("site_id", "operator", "technology", "freq_mhz", "lon", "lat")
    return [{**filled, **dict(zip(keys, row, strict=True)), "cell_id": row[0]} for row in SITES]


def _study(folder: Path, language: str, rows: int, others: tuple[str, ...] = ()) -> Check:
    """Check a study whose tables are templates with that many rows filled in, other layers with one row of examples."""
    (folder / "communes.geojson").write_text(COMMUNES, encoding="utf-8")
    around = Affine(0.001, 0, WEST - 0.25, 0, -0.001, NORTH + 0.25)
    write_terrain(folder / "terrain.tif", heights=np.full((600, 600), 500, dtype=np.float32), transform=around)
    for layer in ("villages", "sites"):
        _fill(folder / f"{layer}.xlsx", layer, language, three_rows(layer, language)[:rows])
    for layer in others:
        row: dict[str, object] = {
            column.name: example(column, 0 if language == "vi" else 1) for column in INPUTS[layer].columns
        }
        _fill(folder / f"{layer}.xlsx", layer, language, [row | {"village_id": "v1"} if layer == "housing" else row])
    layers = {
        **{layer: f"{layer}.xlsx" for layer in others},
        "communes": "communes.geojson",
        "terrain": "terrain.tif",
        "villages": "villages.xlsx",
        "sites": "sites.xlsx",
    }
    return check_study(Study.model_validate({"folder": folder, "layers": layers}))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_three_rows_filled_in_are_read_back_without_a_problem(tmp_path: Path, language: str) -> None:
    check = _study(tmp_path, language, rows=3)
    assert [str(problem) for problem in check.problems] == []
    readings = {reading.layer: reading for reading in check.readings}
    for layer in ("villages", "sites"):
        assert readings[layer].rows == 3
        assert set(readings[layer].columns) == set(INPUTS[layer].names)
        assert readings[layer].unused == ()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_examples_of_every_other_table_are_read_back_too(tmp_path: Path, language: str) -> None:
    others = ("housing", "fiber_nodes", "candidates", "crosswalk", "official")
    check = _study(tmp_path, language, rows=3, others=others)
    wrong = [str(problem) for problem in check.problems if problem.fatal or problem.kind == "legacy_encoding"]
    assert wrong == []
    readings = {reading.layer: set(reading.columns) for reading in check.readings}
    for layer in others:
        assert readings[layer] == set(INPUTS[layer].names)


def test_a_table_that_nobody_filled_in_is_one_clear_problem_each(tmp_path: Path) -> None:
    check = _study(tmp_path, "vi", rows=0)
    assert [(problem.file, problem.found) for problem in check.problems if problem.fatal] == [
        ("villages.xlsx", "no rows"),
        ("sites.xlsx", "no rows"),
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("layer", TABLES)
def test_every_column_has_its_heading_a_note_and_a_message(layer: str, language: str) -> None:
    table, book = INPUTS[layer], _open(layer, language)
    data, notes = book.worksheets[:2]
    headings = [str(cell.value).removesuffix(" (*)") for cell in data[1]]
    assert headings == list(table.headings(language).values())
    noted = [str(row[0].value).removesuffix(" (*)") for row in notes.iter_rows(min_row=7)]
    assert noted == headings
    rules = {str(rule.sqref).split(":")[0]: rule for rule in data.data_validations.dataValidation}
    assert len(rules) == len(headings)
    assert all(rule.prompt and rule.errorStyle == "warning" for rule in rules.values())
    assert data.freeze_panes == "A2"
    assert data.print_title_rows == "$1:$1"


def test_codes_are_text_and_lists_are_offered() -> None:
    data = _open("villages").worksheets[0]
    names = INPUTS["villages"].names
    letter = openpyxl.utils.get_column_letter(names.index("commune_code") + 1)
    style = next(dimension for key, dimension in data.column_dimensions.items() if key == letter)
    assert style.number_format == "@"
    rules = {rule.promptTitle: rule for rule in data.data_validations.dataValidation}
    assert (rules["Mã xã"].type, rules["Mã xã"].formula1) == ("textLength", "5")
    assert (rules["Điện lưới"].type, rules["Điện lưới"].formula1) == ("list", '"có,không"')
    assert (rules["Số hộ"].type, rules["Số hộ"].operator, rules["Số hộ"].formula1) == (
        "whole", "greaterThanOrEqual", "0",
    )  # fmt: skip
    sites = {rule.promptTitle: rule for rule in _open("sites").worksheets[0].data_validations.dataValidation}
    assert sites["Công nghệ"].formula1 == '"2g,3g,4g,5g"'
    assert (sites["Tần số (MHz)"].formula1, sites["Tần số (MHz)"].formula2) == ("30", "6000")
    assert "MHz" in sites["Tần số (MHz)"].prompt
    assert [cell.value for cell in _open("sites")["Danh mục"]["C"]][-1] == "Chưa có"


def test_the_same_day_gives_the_same_bytes() -> None:
    assert table_template(INPUTS["sites"], "vi", day=DAY) == table_template(INPUTS["sites"], "vi", day=DAY)
