"""The tables for machines, read back and compared with what went in."""

import io

import numpy as np
import pandas as pd
import pytest

from coverage.columns.plans import FIBER_PLAN, RANKED_SITES
from coverage.columns.results import COMMUNES, INDICATORS, VILLAGES
from coverage.columns.schema import Column
from coverage.outputs.tables import cell_text, select, table_csv, village_columns
from coverage.result import Result


def _rows(content: bytes) -> list[dict[str, str]]:
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False).to_dict("records")


def test_levels_follow_the_nearest_site_one_per_operator_and_technology_and_any_last(result: Result) -> None:
    names = [column.name for column in village_columns(result.signal)]
    after = names.index("nearest_site_km")
    assert names[after + 1 : after + 13] == [
        f"{operator}_{technology}_dbm"
        for operator in ("viettel", "vnpt", "any")
        for technology in ("2g", "3g", "4g", "5g")
    ]
    assert [name for name in names if not name.endswith("_dbm")] == VILLAGES.names
    assert names[after + 13] == "former_commune"


def test_a_village_reads_as_it_was_worked_out_by_hand(result: Result) -> None:
    rows = _rows(table_csv(result.villages, village_columns(result.signal)))
    row = next(row for row in rows if row["village_id"] == "03646-lu-5")
    assert row["name"] == "Bản Lự"
    assert row["commune_code"] == "03646"
    assert row["households"] == "120"
    assert row["has_power"] == "true"
    assert row["to_verify"] == "false"
    assert row["viettel_4g_dbm"] in ("-85.2", "-85.3")
    assert row["any_2g_dbm"] == "-70.0"
    assert row["any_5g_dbm"] == ""
    assert row["nearest_site_km"] == "0.400"
    assert row["lon"].startswith("103.9")
    assert len(row["lon"].partition(".")[2]) == 6


def test_what_is_not_known_is_empty(result: Result) -> None:
    row = _rows(table_csv(result.villages, village_columns(result.signal)))[-1]
    unknown = ["lon", "lat", "people", "has_power", "nearest_site_km", "any_4g_dbm", "route_passes", "fiber_km"]
    assert [row[name] for name in unknown] == [""] * len(unknown)


def test_text_of_machine_tables_comes_back_unchanged(result: Result) -> None:
    rows = _rows(table_csv(result.villages, village_columns(result.signal)))
    assert [row["name"] for row in rows] == result.villages["name"].tolist()
    assert "=1+1" in [row["name"] for row in rows]


def test_a_line_break_in_a_name_does_not_break_the_row(result: Result) -> None:
    villages = result.villages.assign(name="Bản\rTà, Bản\r\nTọ")
    rows = _rows(table_csv(villages, VILLAGES))
    assert [row["name"] for row in rows] == ["Bản\nTà, Bản\nTọ"] * 10


def test_every_table_has_the_headings_of_its_schema_and_lf_line_ends(result: Result) -> None:
    for frame, table in (
        (result.communes, COMMUNES),
        (result.indicators, INDICATORS),
        (result.ranked_sites, RANKED_SITES),
        (result.fiber_plan, FIBER_PLAN),
    ):
        content = table_csv(frame, table)
        assert content.splitlines()[0].decode().split(",") == table.names
        assert b"\r" not in content
        assert content.count(b"\n") == len(frame) + 1


def test_an_empty_table_is_a_line_of_headings(result: Result) -> None:
    assert table_csv(result.ranked_sites.iloc[:0], RANKED_SITES).decode() == ",".join(RANKED_SITES.names) + "\n"


def test_a_required_column_that_is_missing_is_an_error_and_an_optional_one_is_empty(result: Result) -> None:
    with pytest.raises(KeyError, match="status"):
        select(result.villages.drop(columns="status"), VILLAGES.columns)
    assert select(result.villages.drop(columns="programme"), VILLAGES.columns)["programme"].isna().all()


@pytest.mark.parametrize(
    ("value", "kind", "unit", "text"),
    [
        (-104.96, "number", "dBm", "-105.0"),
        (-0.04, "number", "dBm", "0.0"),
        (103.9, "number", "degree", "103.900000"),
        (1.23456, "number", "km", "1.235"),
        (97.6065, "number", "%", "97.61"),
        (40000.0, "number", "USD", "40000"),
        (0.375, "number", "1/kUSD", "0.375"),
        (np.nan, "number", "dBm", ""),
        (pd.NA, "integer", "", ""),
        (12.0, "integer", "", "12"),
        (np.True_, "flag", "", "true"),
        (None, "text", "", ""),
        ("03646", "text", "", "03646"),
    ],
)
def test_one_cell(value: object, kind: str, unit: str, text: str) -> None:
    assert cell_text(value, Column("c", kind, unit, "c", "c")) == text  # type: ignore[arg-type]
