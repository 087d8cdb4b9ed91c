import datetime
from pathlib import Path

import pytest

from coverage.errors import StudyError
from coverage.study import Study, load_study

MINIMAL = """
[layers]
communes = "communes.gpkg"
villages = "villages.csv"
sites = "bts.csv"
terrain = "terrain.tif"
"""


def study(folder: Path, text: str = "") -> Study:
    (folder / "coverage.toml").write_text(MINIMAL + text, encoding="utf-8")
    return load_study(folder)


def test_layers_are_relative_to_the_folder_of_the_study(tmp_path: Path) -> None:
    assert study(tmp_path).path("villages") == tmp_path / "villages.csv"
    assert study(tmp_path).path("roads") is None


def test_a_study_that_names_one_threshold_keeps_the_other_presets(tmp_path: Path) -> None:
    found = study(tmp_path, "[definitions.classes_dbm]\n4g = { good = -100 }\n")
    assert found.thresholds_dbm("4g") == (-100, -115)
    assert found.thresholds_dbm("2g") == (-95, -105)


def test_a_preset_brings_its_thresholds_and_what_else_it_asks_for(tmp_path: Path) -> None:
    ofcom = study(tmp_path, '[definitions]\nid = "ofcom"\n')
    assert [ofcom.thresholds_dbm(name) for name in ("2g", "3g", "4g", "5g")] == [
        (-81, -81), (-100, -100), (-105, -105), (-110, -110)
    ]  # fmt: skip
    fcc = study(tmp_path, '[definitions]\nid = "fcc"\n')
    assert fcc.radio.location_percent == 90
    assert fcc.thresholds_dbm("4g") == pytest.approx((-101.99, -111.99), abs=0.005)  # half the load doubles the noise
    assert study(tmp_path, '[definitions]\nid = "strict-indoor"\n').thresholds_dbm("4g") == (-90, -100)
    for found in (ofcom, fcc):
        assert found.definition_id == found.definitions.id


def test_what_a_study_says_itself_goes_before_its_preset(tmp_path: Path) -> None:
    text = '[definitions]\nid = "ofcom"\nclasses_dbm.4g = { weak = -115 }\n'
    assert study(tmp_path, text).thresholds_dbm("4g") == (-105, -115)
    assert study(tmp_path, text).definition_id == "ofcom-modified"
    fcc = study(tmp_path, '[definitions]\nid = "fcc"\n[radio]\nlocation_percent = 50\n')
    assert fcc.radio.location_percent == 50
    assert fcc.definition_id == "fcc-modified"


@pytest.mark.parametrize(
    ("as_of", "in_service"),
    [
        ("2026-09-15", ("2g", "3g", "4g", "5g")),
        ("2026-09-16", ("3g", "4g", "5g")),
        ("2028-10-01", ("4g", "5g")),
    ],
)
def test_a_technology_counts_up_to_the_day_it_is_switched_off(
    tmp_path: Path, as_of: str, in_service: tuple[str, ...]
) -> None:
    assert study(tmp_path, f"[study]\nas_of = {as_of}\n").in_service() == in_service


def test_without_a_date_the_assessment_is_of_today(tmp_path: Path) -> None:
    assert study(tmp_path).as_of == datetime.date.today()


def test_other_thresholds_under_the_id_of_a_preset_are_marked(tmp_path: Path) -> None:
    assert study(tmp_path).definition_id == "vn-center-2024"
    assert study(tmp_path, "[definitions]\nindoor_db = 10\n").definition_id == "vn-center-2024-modified"
    weaker = study(tmp_path, "[definitions.classes_dbm]\n4g = { weak = -120 }\n")
    assert weaker.definition_id == "vn-center-2024-modified"
    assert study(tmp_path, "[radio]\nlocation_percent = 90\n").definition_id == "vn-center-2024-modified"
    assert study(tmp_path, '[radio]\nbuilding = "traditional"\n').definition_id == "vn-center-2024-modified"
    own = study(tmp_path, '[definitions]\nid = "so-tttt-2026"\nindoor_db = 10\n')
    assert own.definition_id == "so-tttt-2026"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[radio]\nrx_heigth_m = 1.5\n", "radio.rx_heigth_m is an unknown setting"),
        ("[radio]\nrx_height_m = -1\n", "radio.rx_height_m = -1; input should be greater than 0"),
        ('[radio]\nmodel = "okumura"\n', "radio.model = 'okumura'; input should be 'p1812', 'itm', 'hata', 'cost231'"),
        ('[radio]\nmodel = "cost231"\nenvironment = "open"\n', "radio: environment = 'open' is unknown to cost231"),
        (
            '[radio]\nbuilding = "traditional"\n[definitions]\nindoor_db = 10\n',
            "radio.building = 'traditional' and definitions.indoor_db = 10 both take off what a building costs",
        ),
        ("[grid]\nfill_voids_m = -1\n", "grid.fill_voids_m = -1; input should be greater than or equal to 0"),
        ("[radio.clutter_m]\n10 = -3\n", "radio.clutter_m.10 = -3; input should be greater than or equal to 0"),
        ("[radio.clutter_m]\nforest = 20\n", "radio.clutter_m.forest"),
        ("[technologies.6g]\nfreq_mhz = 7000\n", "technologies.6g is unknown"),
        ("[definitions.classes_dbm]\n4g = { good = -120 }\n", "good -120.0 is below weak -115.0"),
        ("[definitions.classes_dbm]\n6g = { good = -120 }\n", "definitions.classes_dbm.6g is unknown"),
        ("[definitions.classes_dbm]\n4g = -100\n", "definitions.classes_dbm.4g = -100"),
        ("[definitions]\nload_percent = 100\n", "definitions.load_percent = 100; input should be less than 100"),
        ('[planning]\ntechnology = "lte"\n', "planning.technology = 'lte'"),
        ('[map]\nedition = "partner"\n', "needs map.operator"),
        ("[costs]\nnew_site_usd = { low = 3, central = 2, high = 1 }\n", "low 3.0 ≤ central 2.0 ≤ high 1.0"),
        ("[costs]\nrelay_usd = { low = -1, central = 2, high = 3 }\n", "costs.relay_usd.low = -1; input should be"),
        ("[costs]\nmast_usd_per_m = -5\n", "costs.mast_usd_per_m = -5"),
        ("[costs]\ntap_kv = 0\n", "costs.tap_kv = 0; input should be greater than 0"),
        ('folder = "elsewhere"\n', "folder is an unknown setting"),
        ("[radio\n", "not valid TOML"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_was_found(tmp_path: Path, text: str, says: str) -> None:
    body = text + MINIMAL if text.startswith("folder") else MINIMAL + text
    (tmp_path / "coverage.toml").write_text(body, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_study(tmp_path)
    assert says in str(caught.value)
    assert str(tmp_path / "coverage.toml") in str(caught.value)


def test_every_wrong_setting_is_reported_on_a_line_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as caught:
        study(tmp_path, "[radio]\nx = 1\n[fiber]\ny = 2\n")
    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_study_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="coverage init"):
        load_study(tmp_path / "coverage.toml")


def test_a_study_that_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "coverage.toml").write_bytes("[study]\nname = 'S¬n La'".encode("cp1252"))
    with pytest.raises(StudyError, match="UTF-8"):
        load_study(tmp_path)


def test_a_study_cannot_be_changed_after_reading(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        study(tmp_path).threads = 3  # type: ignore[misc]
