"""What a comparison leaves behind, opened again as its readers see it; and the command that makes it."""

import csv
import errno
import io
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pytest
from click.testing import CliRunner
from shapely.geometry import box

from coverage import pipeline
from coverage.cli import cli
from coverage.errors import OutputError
from coverage.outputs import all_or_none
from coverage.outputs.comparison import files
from coverage.outputs.comparison.files import write_comparison
from coverage.outputs.comparison.map import render_comparison
from coverage.outputs.comparison.words import remarks, summary
from coverage.outputs.wording import Wording
from coverage.result import Comparison
from tests.finished_runs import village, write_finished
from tests.outputs.test_web_map import data_in

TO_HIEU, CHIENG_LAO = "03646 Phường Tô Hiệu", "04000 Xã Chiềng Lao"
CHIENG_LE = "03646 Phường Chiềng Lề"
NAMES = ["village_changes.csv", "commune_changes.csv", "operator_changes.csv", "comparison.xlsx", "comparison_map.html"]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    old = [
        village("1", "Bản Nậm", CHIENG_LE, at=(103.91, 21.32), status="dead", households=40),
        village("2", "=cmd()", CHIENG_LE, at=(103.95, 21.32)),
        village("3", "Bản Hồ", CHIENG_LAO, at=(103.8, 21.5), status="weak"),
        village("4", "Bản Xa", CHIENG_LAO),
    ]
    new = [
        village("1", "Bản Nậm", TO_HIEU, at=(103.91, 21.32), status="covered", households=45),
        village("2", HOSTILE, TO_HIEU, at=(103.95, 21.32), status="dead", viettel_4g_dbm=None),
        village("3", "Bản Hồ", CHIENG_LAO, at=(103.8, 21.5), status="weak"),
    ]
    borders = gpd.GeoSeries([box(103.85, 21.3, 104, 21.4), box(103.7, 21.4, 103.85, 21.6)], crs=4326)
    return (
        write_finished(tmp_path / "old", old, [CHIENG_LE, CHIENG_LAO], as_of="2025-06-01"),
        write_finished(tmp_path / "new", new, [TO_HIEU, CHIENG_LAO], borders=borders),
    )


@pytest.fixture
def comparison(folders: tuple[Path, Path]) -> Comparison:
    return pipeline.compare(*folders)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _cells(book: Any, sheet: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_tables_for_machines_have_english_names_and_codes_with_their_zeros(
    comparison: Comparison, tmp_path: Path
) -> None:
    assert [file.name for file in write_comparison(comparison, tmp_path / "out")] == NAMES
    villages = _rows(tmp_path / "out" / "village_changes.csv")
    assert [row["change"] for row in villages] == ["newly_covered", "newly_dead", "unchanged", "vanished"]
    assert villages[0]["commune_code"] == villages[0]["old_commune_code"] == "03646"
    assert (villages[0]["households_gained"], villages[0]["viettel_old"], villages[0]["viettel_new"]) == (
        "45", "none", "good",
    )  # fmt: skip
    assert (villages[1]["name"], villages[1]["old_name"], villages[1]["match"]) == (HOSTILE, "=cmd()", "renamed")
    communes = _rows(tmp_path / "out" / "commune_changes.csv")
    assert [(row["old_communes"], row["newly_covered"], row["vanished"]) for row in communes] == [
        ("Phường Chiềng Lề", "1", "0"), ("", "0", "1"),
    ]  # fmt: skip
    operators = _rows(tmp_path / "out" / "operator_changes.csv")
    assert [(row["operator"], row["households_gained"], row["households_lost"]) for row in operators] == [
        ("viettel", "45", "100"), ("vnpt", "0", "0"), ("any", "45", "100"),
    ]  # fmt: skip


def test_the_workbook_says_what_changed_and_that_definitions_differ(comparison: Comparison, tmp_path: Path) -> None:
    write_comparison(comparison, tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "comparison.xlsx")
    assert book.sheetnames == ["Tổng hợp", "Thôn bản", "Theo xã", "Nhà mạng", "Cơ sở so sánh"]
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    listed = _cells(book, "Thôn bản")
    assert listed[4][:5] == ["STT", "Biến động", "Thôn/bản", "Tên kỳ trước", "Xã/phường"]
    assert [row[1:3] for row in listed[5:]] == [
        ["Mới phủ sóng", "Bản Nậm"], ["Mới trắng sóng", HOSTILE], ["Không còn trong danh sách", "Bản Xa"],
    ]  # fmt: skip
    assert [cell.data_type for row in book["Thôn bản"].iter_rows() for cell in row if cell.value == "=cmd()"] == ["s"]
    assert listed[5][5] == "03646"
    assert book["Thôn bản"].auto_filter.ref == "A5:P8"
    assert book["Thôn bản"].print_title_rows == "$5:$5"
    assert "1 thôn/bản không đổi" in listed[2][0]
    assert listed[5][12] == "không → tốt"
    counts = {row[0]: row[1:4] for row in _cells(book, "Tổng hợp")[5:13]}
    assert counts["Mới phủ sóng"] == [1, 45, 45]
    assert counts["Mới trắng sóng"] == [1, 100, -100]
    assert counts["Không còn trong danh sách"] == [1, 100, 0]
    assert any("2G, 3G, 4G, 5G → 3G, 4G, 5G" in str(row[0]) for row in _cells(book, "Tổng hợp"))


def test_the_workbook_is_english_where_asked_and_the_same_twice(comparison: Comparison, tmp_path: Path) -> None:
    write_comparison(comparison, tmp_path / "a", language="en")
    write_comparison(comparison, tmp_path / "b", language="en")
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in NAMES)
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "a" / "comparison.xlsx").read_bytes()))
    assert book.sheetnames == ["Summary", "Villages", "By commune", "Operators", "Basis"]
    letters = "".join(str(cell) for row in _cells(book, "Summary") for cell in row if cell)
    assert letters.replace("Sơn La", "").replace("–", "").replace("→", "").replace("−", "").isascii()


def test_the_map_holds_every_village_its_borders_and_no_live_markup(comparison: Comparison) -> None:
    page = render_comparison(comparison, Wording("vi", comparison.new.study))
    assert HOSTILE not in page
    data = data_in(page)
    assert data["villages"]["name"] == ["Bản Nậm", HOSTILE, "Bản Hồ", "Bản Xa"]
    assert data["villages"]["oldName"] == ["", "=cmd()", "", ""]
    assert data["villages"]["change"] == [0, 2, 4, 7]
    assert data["villages"]["class_viettel"][:2] == [[0, 2], [2, 0]]
    assert data["communes"]["households_gained"] == [-55, 0]
    assert all(data["communes"]["shape"])
    assert data["outline"]
    assert data["view"] == [[21.32, 103.8], [21.5, 103.95]]
    assert [change["villages"] for change in data["changes"]] == [1, 0, 1, 0, 1, 0, 0, 1]


def test_a_map_without_borders_or_places_opens_on_the_country(tmp_path: Path) -> None:
    folder = write_finished(tmp_path / "run", [], [TO_HIEU])
    found = pipeline.compare(folder, folder)
    data = data_in(render_comparison(found, Wording("en", found.new.study)))
    assert data["view"] == [[8.2, 102.0], [23.5, 110.0]]
    assert data["communes"]["shape"] == [""]
    assert summary(found)["villages"].sum() == 0


def test_remarks_say_what_makes_two_runs_hard_to_compare(tmp_path: Path) -> None:
    plain = write_finished(tmp_path / "a", [], [TO_HIEU])
    same = pipeline.compare(plain, plain)
    assert remarks(same, Wording("en", same.new.study)) == []
    other = write_finished(
        tmp_path / "b", [], [TO_HIEU], as_of="2026-11-01", definitions={"covered_percent": 90.0}, radio={"model": "itm"}
    )
    swapped = pipeline.compare(other, plain)
    said = " ".join(remarks(swapped, Wording("en", swapped.new.study)))
    assert "OLD (1 November 2026) is later than NEW (1 October 2026)" in said
    assert "different definitions: vn-center-2024-modified → vn-center-2024." in said
    assert "radio.model" in said
    alike = [write_finished(tmp_path / name, [], [TO_HIEU], definitions={"id": "own", "verify_percent": share})
             for name, share in (("c", 50.0), ("d", 60.0))]  # fmt: skip
    rules = pipeline.compare(*alike)
    assert "one definition, own, with different thresholds" in remarks(rules, Wording("en", rules.new.study))[0]


def test_a_full_disk_leaves_an_earlier_comparison_as_it_was(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_comparison(comparison, out)
    before = {file.name: file.read_bytes() for file in out.iterdir()}

    def full(*_: Any) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "render_comparison", full)
    with pytest.raises(OutputError, match=r"comparison_map\.html could not be written .No space"):
        write_comparison(comparison, out, language="en")
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_results_in_the_same_folder_are_not_touched(comparison: Comparison, folders: tuple[Path, Path]) -> None:
    """The record of the run lists rasters that a comparison does not make."""
    new = folders[1]
    raster = new / "signal" / "any_4g.tif"
    raster.parent.mkdir()
    raster.write_bytes(b"levels")
    record = new / "run.json"
    record.write_text(record.read_text(encoding="utf-8").replace("{", '{"outputs": {"signal/any_4g.tif": {}},', 1))
    before = {file: file.read_bytes() for file in new.rglob("*") if file.is_file()}
    write_comparison(comparison, new)
    assert {file: file.read_bytes() for file in before} == before


def test_a_comparison_killed_while_its_files_took_their_places_is_finished_by_the_next(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as killed:
        killed.wait()
    aside = tmp_path / f"{all_or_none.ASIDE}{platform.node()}-{killed.pid}-abcd"
    (aside / "old").mkdir(parents=True)
    (aside / "new").mkdir()
    (aside / "old" / "a.csv").write_text("old")
    (aside / "new" / "b.csv").write_text("new")
    (tmp_path / "a.csv").write_text("new")
    (tmp_path / "b.csv").write_text("old")
    (aside / "new" / ".complete").touch()
    with all_or_none.room_aside(tmp_path):
        pass
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a.csv": "new", "b.csv": "new"}


# The command ----------------------------------------------------------------------------------------------------


def test_the_command_prints_a_summary_and_its_files_and_loads_no_compiler(folders: tuple[Path, Path]) -> None:
    old, new = folders
    code = (
        "import sys; from click.testing import CliRunner; from coverage.cli import cli\n"
        f"done = CliRunner().invoke(cli, ['compare', {str(old)!r}, {str(new)!r}, '--language', 'en'])\n"
        "print(done.exit_code, done.output, sorted({'numba', 'dask', 'distributed'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("0 ")
    assert done.stdout.rstrip().endswith("[]")
    assert "Newly covered" in done.stdout
    for name in NAMES:
        assert str(new / "comparison" / name) in done.stdout
        assert (new / "comparison" / name).is_file()


def test_the_command_says_in_one_line_that_a_folder_holds_no_results(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    done = CliRunner().invoke(cli, ["compare", str(folders[0]), str(tmp_path)])
    assert done.exit_code == 1
    assert done.output.startswith(f"coverage: {tmp_path}: no run.json; expected the out folder of coverage analyze")
    assert len(done.output.strip().splitlines()) == 1
    assert CliRunner().invoke(cli, ["compare", str(folders[0])]).exit_code == 2


def test_the_command_warns_where_old_and_new_were_swapped(folders: tuple[Path, Path], tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["compare", str(folders[1]), str(folders[0]), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert "warning: Kỳ trước (01/10/2026) muộn hơn kỳ này (01/06/2025)" in done.output
    assert (tmp_path / "out" / "comparison.xlsx").is_file()
