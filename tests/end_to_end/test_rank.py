"""`coverage rank` in the country that can be counted by hand."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from coverage.cli import cli
from tests.end_to_end import country

LACKING = 20 + 30 + 40 + 12 + 8
"""Households without signal whose place is known."""


def rank(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["rank", str(folder), *options])


def table(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("ranked")
    country.build(made)
    done = CliRunner().invoke(cli, ["analyze", str(made)])
    assert done.exit_code == 0, done.output
    return made


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    """One mast beside Bản Tối, outside the folder of the study."""
    lon, lat = country.lon_lat(2.0, 17.5)
    file = tmp_path / "phuong-an.csv"
    file.write_text(f"Mã vị trí,Kinh độ,Vĩ độ,Độ cao anten\nP-1,{lon},{lat},36\n", encoding="utf-8")
    return file


def test_the_ranking_is_that_of_the_analysis_cut_where_it_is_told_to_end(folder: Path) -> None:
    whole = table(folder / "maps" / "ranked_sites.csv")
    done = rank(folder, "--sites", "2", "--out", str(folder / "two"))
    assert done.exit_code == 0, done.output
    assert table(folder / "two" / "ranked_sites.csv") == whole[:2]
    assert whole[0]["site_id"] in done.output


def test_what_budgets_buy_is_proven_and_rises_to_all_that_can_be_reached(folder: Path) -> None:
    done = rank(folder, "--out", str(folder / "all"))
    assert done.exit_code == 0, done.output
    budgets = table(folder / "all" / "budget_curve.csv")
    assert [float(row["gap_percent"]) for row in budgets] == pytest.approx([0] * 10, abs=0.1)
    households = [int(row["households"]) for row in budgets]
    assert households == sorted(households)
    assert households[-1] == LACKING
    assert all(float(row["value"]) <= float(row["bound"]) + 1e-6 for row in budgets)
    assert all(float(row["cost_usd"]) <= float(row["budget_usd"]) + 0.5 for row in budgets)
    covers = table(folder / "all" / "cheapest_cover.csv")
    assert [row["percent"] for row in covers] == ["50.00", "75.00", "90.00", "95.00", "100.00"]
    assert int(covers[-1]["households"]) == LACKING
    costs = [float(row["cost_usd"]) for row in covers]
    assert costs == sorted(costs)


def test_the_positions_that_villages_hang_on_are_counted_by_hand(folder: Path) -> None:
    assert rank(folder, "--out", str(folder / "hanging")).exit_code == 0
    found = table(folder / "hanging" / "resilience.csv")
    on_m1 = 50 + 80 + 35 + 388 + 12 + 25
    assert [(row["site_id"], row["villages_dead"], row["households_lost"]) for row in found] == [
        ("M1", "5", str(on_m1)),
        ("M3", "1", "60"),
    ]
    assert found[0]["villages"].startswith("Bản Cụm; Bản Xa Nhà")


def test_without_a_mast_its_villages_lose_their_signal_and_the_results_stay_as_they_are(folder: Path) -> None:
    before = (folder / "maps" / "ranked_sites.csv").read_bytes()
    done = rank(folder, "--remove", "M3")
    assert done.exit_code == 0, done.output
    (lost,) = table(folder / "maps" / "what_if" / "losses.csv")
    assert (lost["name"], lost["status"], lost["status_without"], lost["households_lost"]) == (
        "Bản Yếu", "weak", "dead", "60",
    )  # fmt: skip
    assert (folder / "maps" / "ranked_sites.csv").read_bytes() == before


def test_a_proposal_comes_first_and_is_evaluated_in_the_same_table(folder: Path, proposal: Path) -> None:
    done = rank(folder, "--add", str(proposal), "--out", str(folder / "added"))
    assert done.exit_code == 0, done.output
    ranked = table(folder / "added" / "ranked_sites.csv")
    assert (ranked[0]["site_id"], ranked[0]["kind"], ranked[0]["new_households"]) == ("P-1", "proposed", "40")
    assert ranked[0]["villages"] == "Bản Tối"
    assert ranked[-1]["cumulative_households"] == str(LACKING)
    assert float(ranked[-1]["cumulative_percent"]) == 100


def test_a_proposal_that_serves_nobody_is_shown_with_nobody(folder: Path, tmp_path: Path) -> None:
    lon, lat = country.lon_lat(12.6, 10.5)
    file = tmp_path / "idle.csv"
    file.write_text(f"site_id,lon,lat,height_m\nP-0,{lon},{lat},36\n", encoding="utf-8")
    done = rank(folder, "--add", str(file), "--out", str(folder / "idle"))
    assert done.exit_code == 0, done.output
    first = table(folder / "idle" / "ranked_sites.csv")[0]
    assert (first["site_id"], first["new_households"], first["villages"]) == ("P-0", "0", "")
    assert float(first["cost_central_usd"]) > 0


def test_a_budget_below_the_cheapest_site_buys_nothing_and_says_so(folder: Path) -> None:
    done = rank(folder, "--budget", "100", "--out", str(folder / "poor"))
    assert done.exit_code == 0, done.output
    assert table(folder / "poor" / "ranked_sites.csv") == []


def test_an_unknown_site_and_a_file_with_bad_rows_end_with_one_line_and_leave_nothing(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    unknown = rank(folder, "--remove", "M9", "--out", str(out))
    assert unknown.exit_code == 1
    assert unknown.output.startswith("coverage: --remove M9: no such site")
    bad = tmp_path / "bad.csv"
    bad.write_text("site_id,lon,lat\nP-1,nowhere,21\nP-2,,\n", encoding="utf-8")
    refused = rank(folder, "--add", str(bad), "--out", str(out))
    assert refused.exit_code == 1
    assert "bad.csv" in refused.output
    assert "row 2" in refused.output
    missing = rank(folder, "--add", str(tmp_path / "none.csv"), "--out", str(out))
    assert missing.exit_code == 1
    assert "none.csv" in missing.output
    assert not out.exists()


def test_the_record_of_the_run_learns_of_the_new_ranking(folder: Path) -> None:
    before = json.loads((folder / "maps" / "run.json").read_text(encoding="utf-8"))
    done = rank(folder, "--sites", "1")
    assert done.exit_code == 0, done.output
    record = json.loads((folder / "maps" / "run.json").read_text(encoding="utf-8"))
    assert record["outputs"]["ranked_sites.csv"] != before["outputs"]["ranked_sites.csv"]
    assert record["outputs"]["villages.csv"] == before["outputs"]["villages.csv"]
    assert record["ranking"]["sites"] == 1


def test_the_workbook_has_a_sheet_for_each_question(folder: Path) -> None:
    assert rank(folder, "--remove", "M3", "--out", str(folder / "book")).exit_code == 0
    book = openpyxl.load_workbook(folder / "book" / "ranked_sites.xlsx")
    assert book.sheetnames == [
        "Xếp hạng", "Chi tiết", "Ngân sách", "Chi phí tối thiểu", "Khi mất trạm", "Phụ thuộc một trạm", "Giải thích",
    ]  # fmt: skip
    sheet = book["Xếp hạng"]
    assert [cell.value for cell in sheet[5]][:3] == ["Thứ hạng", "Mã vị trí", "Loại"]
    assert sheet[6][2].value in {"Nâng cấp", "Trạm mới"}
    said = " ".join(str(cell.value) for row in book["Giải thích"] for cell in row if cell.value)
    assert "5.000 / 10.000 / 20.000 – Cáp quang nông thôn, USD mỗi km (căn cứ: mô hình nước ngoài" in said


def test_villages_change_as_foretold_once_the_ranked_sites_stand(folder: Path, tmp_path: Path) -> None:
    ranked = table(folder / "maps" / "ranked_sites.csv")
    foretold = {row["name"]: row["status"] for row in table(folder / "maps" / "villages.csv")}
    for row in ranked:
        foretold |= dict.fromkeys(filter(None, row["villages_improved"].split("; ")), "weak")
        foretold |= dict.fromkeys(filter(None, row["villages_resolved"].split("; ")), "covered")
    country.build(tmp_path)
    with (tmp_path / "bts.csv").open("a", encoding="utf-8") as sites:
        for row in ranked:
            # As planned: the study's carrier, bandwidth and power of 4G, on an antenna all around.
            sites.write(f"{row['site_id']},viettel,4g,1800,10,62,{row['height_m']},{row['lon']},{row['lat']}\n")
    done = CliRunner().invoke(cli, ["analyze", str(tmp_path)])
    assert done.exit_code == 0, done.output
    found = {row["name"]: row["status"] for row in table(tmp_path / "maps" / "villages.csv")}
    assert found == foretold
    assert any(row["villages_resolved"] for row in ranked)
