from pathlib import Path

import openpyxl
import pytest

from coverage.errors import OutputError
from coverage.outputs.study_folder import make_study_folder
from coverage.study import load_study


def test_a_new_study_loads_and_every_line_shown_as_default_can_be_switched_on(tmp_path: Path) -> None:
    make_study_folder(tmp_path / "new")
    plain = load_study(tmp_path / "new")
    file = tmp_path / "new" / "coverage.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    settings = [line for line in lines if "…" not in line and (" = " in line or line.startswith(("[", "# [")))]
    file.write_text("\n".join(line.removeprefix("# ") for line in settings), encoding="utf-8")
    switched_on = load_study(tmp_path / "new")
    assert switched_on.technologies == plain.technologies
    assert switched_on.costs == plain.costs
    assert switched_on.planning == plain.planning
    assert switched_on.path("roads") is not None
    assert plain.path("roads") is None


def test_tables_to_fill_in_carry_the_headings_of_the_language_and_the_study_names_them(tmp_path: Path) -> None:
    for language, heading in (("vi", "Thôn/bản (*)"), ("en", "Village (*)")):
        made = make_study_folder(tmp_path / language, language=language)
        study = load_study(tmp_path / language)
        assert study.study.language == language
        assert study.path("villages") in made
        assert study.path("sites") in made
        sheet = openpyxl.load_workbook(made[made.index(study.path("villages"))]).worksheets[0]
        assert heading in [cell.value for cell in sheet[1]]


def test_the_sample_is_copied_whole(tmp_path: Path) -> None:
    make_study_folder(tmp_path / "sample", sample=True)
    study = load_study(tmp_path / "sample")
    for layer in study.layers.given():
        path = study.path(layer)
        assert path is not None
        assert path.is_file()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="not an empty folder"):
        make_study_folder(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_cannot_be_made_is_one_clear_line_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        make_study_folder(tmp_path / "file" / "new")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
