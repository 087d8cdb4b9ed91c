"""A new study folder explains itself, and filled in as it says it is ready to run."""

import io
import re
import shlex
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from affine import Affine
from click.testing import CliRunner
from pydantic import ValidationError

from coverage.cli import cli
from coverage.errors import OutputError
from coverage.outputs.settings_list import Setting, rooms
from coverage.outputs.settings_words import ABOUT_VI, ORIGINS_VI, ROOMS_VI
from coverage.outputs.study_folder import make_study_folder
from coverage.settings.radio import Radio
from coverage.study import load_study
from tests.layers.conftest import COMMUNES, NORTH, WEST, write_terrain
from tests.outputs.test_table_templates import fill_template, three_rows


def _switched_on(text: str) -> str:
    """The settings of a new study, as one has them who takes every default and every example."""
    lines = [re.sub(r"^#:? (?=[\w.]+ = |\[)", "", line) for line in text.splitlines()]
    return "\n".join(line for line in lines if not line.startswith("#"))


def _has_a_value(setting: Setting) -> bool:
    return setting.room in ("layers", "technologies.*") or setting.default is not None or setting.example is not None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_new_study_loads_and_every_line_shown_can_be_switched_on(tmp_path: Path, language: str) -> None:
    make_study_folder(tmp_path / "new", language=language)
    plain = load_study(tmp_path / "new")
    file = tmp_path / "new" / "coverage.toml"
    text = _switched_on(file.read_text(encoding="utf-8"))
    shown = [setting for settings in rooms().values() for setting in settings if _has_a_value(setting)]
    assert len(shown) > 90
    for key in (setting.key for setting in shown):
        room, _, name = key.rpartition(".")
        section = text.split(f"\n[{room.replace('*', '2g')}]\n")[1].split("\n[")[0] if room else text.split("\n[")[0]
        assert re.search(rf"^{name} = ", section, re.M), f"{key} is not shown"
    file.write_text(text, encoding="utf-8")
    switched_on = load_study(tmp_path / "new")
    for room in ("radio", "definitions", "places", "fiber", "costs"):
        changed = {"clutter_m"} if room == "radio" else set()
        ours, defaults = getattr(switched_on, room), getattr(plain, room)
        assert ours.model_dump(exclude=changed) == defaults.model_dump(exclude=changed)
    assert switched_on.technologies == plain.technologies
    assert switched_on.planning.budget_usd == 2_000_000
    assert switched_on.path("roads") is not None
    assert plain.path("roads") is None


def test_every_number_says_where_it_comes_from_and_every_setting_has_its_words_in_both_languages() -> None:
    for settings in rooms().values():
        for setting in settings:
            assert setting.about.endswith("."), f"{setting.key} is not explained"
            assert setting.key in ABOUT_VI, f"{setting.key} has no Vietnamese explanation"
            assert setting.origin in (*ORIGINS_VI, ""), f"{setting.key}: {setting.origin} has no Vietnamese"
            figure = isinstance(setting.default, int | float | dict | tuple) and not isinstance(setting.default, bool)
            if setting.room and figure and setting.default:
                assert setting.origin, f"{setting.key} does not say where its default comes from"
    assert {room.partition(".")[0] for room in rooms() if room} <= set(ROOMS_VI)


def test_ranges_and_units_are_those_that_the_study_holds_a_value_to() -> None:
    found = {setting.key: setting.limits("en") for settings in rooms().values() for setting in settings}
    assert found["radio.time_percent"] == "1 to 50 %"
    assert found["radio.rx_height_m"] == "more than 0 m"
    assert found["definitions.load_percent"] == "0 or more, below 100 %"
    assert found["definitions.covered_percent"] == "more than 0, up to 100 %"
    assert found["map.edition"] == "one of full, partner"
    assert found["costs.fiber_usd_per_km"] == "0 or more USD/km"
    assert found["planning.heights_m"] == "more than 0 m"
    assert found["technologies.*.eirp_dbm"] == "dBm"
    for name, wrong in (("time_percent", 51), ("time_percent", 0.9), ("rx_height_m", 0)):
        with pytest.raises(ValidationError):
            Radio.model_validate({name: wrong})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_who_does_what_is_printed_has_a_study_that_passes_the_check(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "tỉnh của tôi"
    made = CliRunner().invoke(cli, ["init", str(folder), "--language", language])
    steps = made.output.partition("\n\n")[2].splitlines()
    assert [step.partition(".")[0] for step in steps] == ["1", "2", "3", "4", "5", "6"]
    assert ("Kiểm tra số liệu" if language == "vi" else "Check the data") in steps[3]
    communes, terrain = re.findall(r"data/\S+\.(?:gpkg|tif)", steps[0])
    gpd.read_file(io.StringIO(COMMUNES)).to_file(folder / communes)
    around = Affine(0.001, 0, WEST - 0.25, 0, -0.001, NORTH + 0.25)
    write_terrain(folder / terrain, heights=np.full((600, 600), 500, dtype=np.float32), transform=around)
    villages, sites = re.findall(r"data/\S+\.xlsx", steps[1])
    fill_template(folder / villages, "villages", three_rows("villages", language))
    fill_template(folder / sites, "sites", three_rows("sites", language))
    program, *arguments = shlex.split(steps[3].partition(": ")[2])
    assert program == "coverage"
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output


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
