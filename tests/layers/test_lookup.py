"""Sites and villages by their ids: at once from the last run where it is of today's data, else from the layers."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from coverage.errors import CoverageError
from coverage.layers import lookup
from coverage.layers.lookup import find_place
from coverage.layers.sources.files import fingerprints
from coverage.study import Study


def leave_a_run(study: Study) -> Path:
    """Write what a run leaves that is asked here, with a village and a mast that the layers do not have."""
    study.out.mkdir(exist_ok=True)
    inputs = [
        {"layer": each.layer, "path": each.path, "sha256": each.sha256}
        for layer in ("communes", "villages", "sites")
        for each in fingerprints(study, layer)
    ]
    record = {"inputs": inputs, "settings": study.model_dump(mode="json", exclude={"folder"})}
    (study.out / "run.json").write_text(json.dumps(record), encoding="utf-8")
    package = study.out / "coverage.gpkg"
    with sqlite3.connect(package) as gpkg:
        gpkg.execute("CREATE TABLE villages (fid, village_id, name, lon, lat)")
        gpkg.execute("INSERT INTO villages VALUES (1, 'v9', 'Bản Mới', 103.95, 21.35), (2, 'v0', 'Bản Cũ', NULL, NULL)")
        gpkg.execute(
            "CREATE TABLE cells (fid, site_id, cell_id, operator, technology, freq_mhz, bandwidth_mhz, lon, lat,"
            " height_m, azimuth_deg, tilt_deg, beamwidth_deg, eirp_dbm)"
        )
        gpkg.execute(
            "INSERT INTO cells VALUES (1, 'S9', 'S9-a', 'viettel', '4g', 1800, 10, 103.9, 21.3, 33, 90, 4, 65, 62),"
            " (2, 'S9', 'S9-b', 'viettel', '4g', 1800, 10, 103.9, 21.3, 33, NULL, NULL, NULL, 62)"
        )
    gpkg.close()
    return package


def test_the_files_of_a_run_of_the_same_data_answer_without_the_layers(make_study: Callable[..., Study]) -> None:
    study = make_study()
    leave_a_run(study)
    site = find_place(study, "S9")
    assert (site.kind, site.lon, site.lat) == ("site", 103.9, 21.3)
    assert [cell.cell_id for cell in site.cells] == ["S9-a", "S9-b"]
    assert site.cells[0].azimuth_deg == 90
    assert site.cells[1].azimuth_deg != site.cells[1].azimuth_deg  # unknown: all around
    assert [cell.cell_id for cell in find_place(study, "S9-b").cells] == ["S9-b"]
    village = find_place(study, "v9")
    assert (village.kind, village.label, village.lon) == ("village", "Bản Mới (v9)", 103.95)


def test_a_run_of_other_data_or_settings_is_left_aside(make_study: Callable[..., Study]) -> None:
    study = make_study()
    leave_a_run(study)
    assert lookup._LastRun.of(study) is not None
    lte = study.technologies["4g"].model_copy(update={"eirp_dbm": 50.0})
    changed = study.model_copy(update={"technologies": {**study.technologies, "4g": lte}})
    assert lookup._LastRun.of(changed) is None
    with (study.folder / str(study.layers.sites)).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert lookup._LastRun.of(study) is None
    site = find_place(study, "S1")  # as the layer has it
    assert [(cell.operator, cell.technology, cell.azimuth_deg) for cell in site.cells] == [
        ("viettel", "4g", 0.0),
        ("viettel", "4g", 120.0),
    ]
    assert find_place(study, "v3").label == "Bản Cọ (v3)"


def test_a_damaged_file_of_a_run_is_left_aside(make_study: Callable[..., Study]) -> None:
    study = make_study()
    package = leave_a_run(study)
    package.write_bytes(b"no package")
    assert find_place(study, "S2").cells[0].height_m == 42


def test_an_unknown_id_is_answered_with_those_near_to_it(make_study: Callable[..., Study]) -> None:
    study = make_study()
    leave_a_run(study)
    with pytest.raises(CoverageError, match=r"^S-9: no site, cell or village .*\(near to it: S9\); expected"):
        find_place(study, "S-9")
    with pytest.raises(CoverageError, match=r"near to it: v9 \(Bản Mới\)"):
        find_place(study, "ban moi")
    with pytest.raises(CoverageError, match="has no point"):
        find_place(study, "v0")
    with pytest.raises(CoverageError, match="has this id; expected"):
        find_place(study, "'; DROP TABLE cells; --")
    assert find_place(study, "S9").cells


def test_the_pattern_of_an_antenna_lies_in_the_folder_of_the_study(make_study: Callable[..., Study]) -> None:
    folder = Path("antennas")
    study = make_study(antennas=folder)
    (study.folder / folder).mkdir()
    lines = [f"{angle} {loss}" for angle, loss in ((0, 0), (180, 20))]
    text = "\n".join(["NAME x", "HORIZONTAL 2", *lines, "VERTICAL 2", *lines])
    (study.folder / folder / "x.msi").write_text(text, encoding="utf-8")
    assert lookup.read_pattern(study, "x.msi").horizontal == ((0.0, 0.0), (180.0, 20.0))
    with pytest.raises(CoverageError, match=r"y\.msi: a pattern that cannot be read"):
        lookup.read_pattern(study, "y.msi")
    with pytest.raises(CoverageError, match="no such antenna pattern within the study"):
        lookup.read_pattern(study, "../../x.msi")
