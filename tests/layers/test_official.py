"""The official list as Departments send it: titles, merged cells, names without accents, sums, rows of other places."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from coverage.cli import cli
from coverage.errors import LayerError, StudyError
from coverage.layers import check_layers, input_files, read_layers
from coverage.study import Study, load_study

MakeStudy = Callable[..., Study]

HEADINGS = ["TT", "Xã, phường (mới)", "Thôn, bản", "Số hộ", "Hiện trạng", "Ghi chú"]


def book(path: Path, rows: list[list[Any]], *merged: str) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    workbook.save(path)
    return Path(path.name)


def of_a_department(path: Path) -> Path:
    """Two communes, each once in a merged cell; the first in the row of its first village."""
    return book(
        path,
        [
            ["UBND TỈNH SƠN LA", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["SỞ KHOA HỌC VÀ CÔNG NGHỆ"],
            ["DANH SÁCH THÔN, BẢN TRẮNG SÓNG, LÕM SÓNG"],
            HEADINGS,
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
            [1, "Phường Tô Hiệu", "Ban Mong", 41, "Trắng sóng", None],
            [2, None, "BẢN HỤM", 55, "lõm sóng", "đường khó"],
            [3, None, "BẢN HỤM", 55, "Lõm sóng", "ghi lại"],
            [4, "Phường Chiềng Cơi", "Bản Cọ", 30, "Đã có sóng", None],
            [5, None, "Bản Pung", 25, "???", None],
            ["Tổng cộng", None, None, 206, None, None],
        ],
        "A1:C1", "A3:F3", "B6:B8", "B9:B10",
    )  # fmt: skip


def official(study: Study) -> pd.DataFrame:
    frame = read_layers(study).official
    assert frame is not None
    return pd.DataFrame(frame.drop(columns="geometry"))


def kinds(study: Study, **layers: Any) -> dict[str, tuple[int, ...]]:
    return {problem.kind: problem.at for problem in check_layers(study) if problem.file.startswith("official")}


def test_the_list_of_a_department_is_read_with_its_merged_cells(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study(official=of_a_department(tmp_path / "official.xlsx"))
    frame = official(study)
    assert frame["name"].tolist() == ["Ban Mong", "BẢN HỤM", "Bản Cọ", "Bản Pung"]
    assert frame["commune_code"].tolist() == ["03646", "03646", "03670", "03670"]
    assert frame["commune_name"].tolist() == ["Tô Hiệu", "Tô Hiệu", "Chiềng Cơi", "Chiềng Cơi"]
    assert frame["status"].fillna("-").tolist() == ["dead", "weak", "covered", "-"]
    assert frame["households"].tolist() == [41, 55, 30, 25]
    assert kinds(study) == {
        "row_of_sums": (11,),
        "merged_cells": (7, 8, 10),
        "unknown_value": (10,),
        "official_twice": (8,),
    }
    assert not any(problem.fatal for problem in check_layers(study))


def test_a_merged_cell_of_villages_carries_their_commune_too_but_not_their_households(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    rows = [["name", "commune_code", "lon", "lat", "households"], ["A", "03646", 103.91, 21.31, 90]]
    rows += [["B", None, 103.91, 21.32, None], ["C", "03670", 103.99, 21.31, 5]]
    book(tmp_path / "villages.xlsx", rows, "B2:B3", "E2:E3")
    villages = read_layers(make_study(villages=Path("villages.xlsx"), housing=None)).villages
    assert villages["commune_code"].tolist() == ["03646", "03646", "03670"]
    assert villages["households"].fillna(0).tolist() == [90, 0, 5]


def test_a_commune_in_a_row_of_its_own_holds_for_the_villages_below(make_study: MakeStudy, tmp_path: Path) -> None:
    rows = [
        ["TT", "Đơn vị / Thôn, bản", "Số hộ"],
        ["A", "Huyện Mường La", 95],
        ["I", "Phuong To Hieu (2 bản)", 95],
        [1, "Bản Mòng", 40],
        [2, "Bản Hụm", 55],
        ["II", "Phường Chiềng Cơi", None],
        [1, "Bản Cọ", 30],
    ]
    book(tmp_path / "official.xlsx", rows)
    columns = {"official": {"name": "Đơn vị / Thôn, bản"}}
    frame = official(study := make_study(official=Path("official.xlsx"), settings={"columns": columns}))
    assert frame["commune_code"].tolist() == ["03646", "03646", "03670"]
    assert frame["former_district"].tolist() == ["Huyện Mường La"] * 3
    assert kinds(study)["row_of_area"] == (2, 3, 6)


ONCE = "name,commune_code,commune_name\n"


def test_a_commune_written_once_over_its_villages_is_carried_down_and_said(make_study: MakeStudy) -> None:
    study = make_study(official=ONCE + "A,,Tô Hiệu\nB,,\nC,,\nD,,Chiềng Cơi\nE,,\n")
    assert official(study)["commune_code"].tolist() == ["03646"] * 3 + ["03670"] * 2
    assert kinds(study) == {"written_once": (3, 4, 6)}


@pytest.mark.parametrize(
    "rows",
    ["A,,Tô Hiệu\nB,,\nC,,Tô Hiệu\nD,,\nE,,\n", "A,,\nB,,Tô Hiệu\nC,,\nD,,\n", "A,,Tô Hiệu\nB,,Chiềng Cơi\nC,,\n"],
    ids=["a commune twice", "nothing in the first row", "most rows filled"],
)
def test_a_commune_is_not_carried_down_where_that_is_not_sure(make_study: MakeStudy, rows: str) -> None:
    study = make_study(official=ONCE + rows)
    assert "written_once" not in kinds(study)
    assert official(study)["commune_code"].isna().any()
    assert "official_commune_unknown" in kinds(study)


def test_without_a_column_of_status_every_village_is_dead_and_none_needs_a_point(make_study: MakeStudy) -> None:
    frame = official(make_study(official="name,commune_code\nBản Mòng,03646\nBản Cọ,03670\n"))
    assert frame["status"].tolist() == ["dead", "dead"]
    assert frame[["lon", "lat"]].isna().all(axis=None)


def test_the_point_gives_the_commune_that_no_word_gives(make_study: MakeStudy) -> None:
    frame = official(make_study(official="name,lon,lat\nA,103.91,21.31\nB,103.99,21.31\n"))
    assert frame["commune_code"].tolist() == ["03646", "03670"]


def test_a_village_of_another_province_keeps_its_code_and_stops_nothing(make_study: MakeStudy) -> None:
    study = make_study(official="name,commune_code,households\nX,00004,12\nBản Mòng,03646,khoảng 40\n")
    frame = official(study)
    assert frame["commune_code"].tolist() == ["00004", "03646"]
    assert frame["households"].fillna(-1).tolist() == [12, -1]
    assert kinds(study) == {"not_a_number": (3,), "official_commune_unknown": (2,)}
    assert not any(problem.fatal for problem in check_layers(study))


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Trắng sóng di động", "dead"), ("TRẮNG", "dead"), ("Không có sóng", "dead"), ("Chưa phủ sóng 4G", "dead"),
        ("trang song", "dead"), ("Lõm sóng", "weak"), ("sóng yếu", "weak"), ("Có sóng", "covered"),
        ("Đã được phủ sóng", "covered"), ("weak", "weak"), ("đang khảo sát", None), ("", None),
    ],
)  # fmt: skip
def test_the_words_for_a_status_are_understood_or_left_open(
    make_study: MakeStudy, written: str, status: str | None
) -> None:
    frame = official(make_study(official=f"name,commune_code,status\nA,03646,{written}\nB,03646,dead\n"))
    assert [None if pd.isna(one) else one for one in frame["status"]] == [status, "dead"]


def test_a_list_that_says_lom_and_never_trang_is_asked_about(make_study: MakeStudy) -> None:
    study = make_study(official="name,commune_code,status\nA,03646,Lõm\nB,03646,Lõm\n")
    assert kinds(study) == {"older_word_for_dead": (2, 3)}
    assert official(study)["status"].tolist() == ["weak", "weak"]


@pytest.mark.parametrize("rows", ["", "II,Tổng cộng,\n"])
def test_an_empty_list_is_refused_in_one_line(make_study: MakeStudy, rows: str) -> None:
    with pytest.raises(LayerError, match=r"official\.csv: no rows; expected at least one"):
        read_layers(make_study(official="TT,Thôn/bản,Xã/phường\n" + rows))


def test_a_list_of_headings_of_communes_alone_has_no_village(make_study: MakeStudy) -> None:
    with pytest.raises(LayerError, match=r"official\.csv: no village"):
        read_layers(make_study(official="TT,Thôn/bản,Xã/phường\nI,Xã Chiềng Cơi,\n"))


def test_the_command_line_may_name_a_list_anywhere_and_no_other_file(
    make_study: MakeStudy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "list.csv").write_text("name,commune_code\nBản Mòng,03646\n", encoding="utf-8")
    (elsewhere / "other.csv").write_text("name,commune_code\nBản Cọ,03670\n", encoding="utf-8")
    study = make_study(official="name\nA\n").with_layer("official", str(elsewhere / "list.csv"))
    assert official(study)["name"].tolist() == ["Bản Mòng"]
    [file] = [file for file in input_files(study) if file.layer == "official"]
    assert file.path == (elsewhere / "list.csv").as_posix()
    assert len(file.sha256) == 64
    stray = study.model_copy(
        update={"layers": study.layers.model_copy(update={"villages": str(elsewhere / "other.csv")})}
    )
    with pytest.raises(LayerError, match="outside the folder of the study"):
        read_layers(stray)


def test_a_list_inside_the_study_is_called_by_its_place_there(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study(official="name,commune_code\nA,03646\n")
    assert (
        study.with_layer("official", str(tmp_path / "official.csv|layername=x")).layers.official
        == "official.csv|layername=x"
    )


def test_no_toml_may_say_what_the_command_line_names(tmp_path: Path) -> None:
    (tmp_path / "coverage.toml").write_text('named = "/etc/passwd"\n', encoding="utf-8")
    with pytest.raises(StudyError, match="named is an unknown setting"):
        load_study(tmp_path)


def test_the_check_reads_the_list_that_the_command_line_names(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    named = "\n".join(f'{layer} = "{file}"' for layer, file in study.layers.given().items())
    (tmp_path / "coverage.toml").write_text(f"[layers]\n{named}\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text("name,commune_code,status\nBản Mòng,03646,???\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", str(tmp_path), "--official", str(tmp_path / "list.csv")])
    assert "list.csv, row 2, column status: status '???' of village Bản Mòng" in done.output
