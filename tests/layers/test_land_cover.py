"""Land cover: classes are never blended, and what is missing or unknown is said and counts as open ground."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine

from coverage.errors import LayerError, Problem
from coverage.layers import check_layers, read_layers
from coverage.study import Study
from tests.layers.conftest import write_terrain

MakeStudy = Callable[..., Study]
CELL_M, SIZE = 100, 160
HERE = Affine(CELL_M, 0, 486_000, 0, -CELL_M, 2_370_000)
"""Upper left of 16 km by 16 km around the villages of the small study, in EPSG:9206."""


@pytest.fixture
def make(make_study: MakeStudy, tmp_path: Path) -> Callable[..., Study]:
    """Return a function that writes terrain and land cover beside the small study."""

    def write(codes: np.ndarray, *, radio: dict[str, Any] | None = None, **profile: Any) -> Study:
        write_terrain(
            tmp_path / "heights.tif", heights=np.full((SIZE, SIZE), 500, np.float32), crs="EPSG:9206", transform=HERE
        )
        write_terrain(tmp_path / "cover.tif", heights=codes, **{"crs": "EPSG:9206", "transform": HERE, **profile})
        paths = {"terrain": Path("heights.tif"), "land_cover": Path("cover.tif")}
        return make_study(**paths, settings={"radio": radio or {}})

    return write


def grass() -> np.ndarray:
    return np.full((SIZE, SIZE), 30, dtype=np.uint8)


def about_cover(study: Study) -> list[Problem]:
    return [problem for problem in check_layers(study) if problem.file == "cover.tif"]


def test_without_the_layer_there_is_none(make_study: MakeStudy) -> None:
    assert read_layers(make_study()).land_cover is None


def test_codes_on_the_grid_are_kept_pixel_by_pixel_and_the_file_is_on_record(make: MakeStudy) -> None:
    codes = np.random.default_rng(5).choice([10, 30, 50, 80, 100], (SIZE, SIZE)).astype(np.uint8)
    layers = read_layers(make(codes))
    assert layers.land_cover is not None
    assert layers.land_cover.dtype == np.uint8
    np.testing.assert_array_equal(layers.land_cover, codes)
    assert layers.problems == ()
    assert [file.path for file in layers.files if file.layer == "land_cover"] == ["cover.tif"]


def test_a_finer_raster_gives_the_class_at_the_centre_of_each_pixel(make: MakeStudy) -> None:
    fine = np.full((3 * SIZE, 3 * SIZE), 80, dtype=np.uint8)
    centres = np.random.default_rng(6).choice([10, 30, 50], (SIZE, SIZE)).astype(np.uint8)
    fine[1::3, 1::3] = centres  # a third of a pixel wide, around its centre
    found = read_layers(make(fine, transform=HERE @ Affine.scale(1 / 3))).land_cover
    assert found is not None
    np.testing.assert_array_equal(found, centres)


def test_degrees_are_brought_onto_the_grid_without_new_codes(make: MakeStudy) -> None:
    codes = np.full((400, 400), 10, dtype=np.uint8)
    codes[:, 114:] = 50  # from 103.914° E on, which is 490,883 m in EPSG:9206: column 48.8
    found = read_layers(make(codes, crs="EPSG:4326", transform=Affine(0.001, 0, 103.8, 0, -0.001, 21.5))).land_cover
    assert found is not None
    assert (found[:, :49] == 10).all()
    assert (found[:, 49:] == 50).all()


def test_land_cover_of_half_the_terrain_is_said_and_the_rest_counts_as_open(make: MakeStudy) -> None:
    study = make(grass()[:, : SIZE // 2])
    found = read_layers(study).land_cover
    assert found is not None
    assert (found[:, : SIZE // 2] == 30).all()
    assert (found[:, SIZE // 2 :] == 0).all()
    (problem,) = about_cover(study)
    assert not problem.fatal
    assert "no class on 50 % of the terrain" in str(problem)
    assert "open ground" in problem.remedy


def test_nodata_is_no_class(make: MakeStudy) -> None:
    codes = grass()
    codes[3, 4] = 255
    study = make(codes, nodata=255)
    found = read_layers(study).land_cover
    assert found is not None
    assert found[3, 4] == 0
    (problem,) = about_cover(study)
    assert "less than 1 %" in problem.found


@pytest.mark.parametrize("code", [11, 311, -9999])
def test_an_unknown_code_is_named_and_counts_as_open(make: MakeStudy, code: int) -> None:
    codes = grass().astype(np.int32)
    codes[:40] = code
    study = make(codes)
    found = read_layers(study).land_cover
    assert found is not None
    assert (found[:40] == 0).all()
    assert (found[40:] == 30).all()
    (problem,) = about_cover(study)
    assert not problem.fatal
    assert f"unknown codes ({code}) on 25 % of the pixels" in problem.found
    assert "radio.clutter_m" in problem.remedy


def test_a_code_that_the_study_gives_a_height_is_known(make: MakeStudy) -> None:
    codes = grass()
    codes[:40] = 11
    study = make(codes, radio={"clutter_m": {"11": 8.0}})
    found = read_layers(study).land_cover
    assert found is not None
    assert (found[:40] == 11).all()
    assert about_cover(study) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"transform": Affine(CELL_M, 0, 900_000, 0, -CELL_M, 2_370_000)}, "no class on the terrain"),
        ({"crs": None}, "no coordinate reference system"),
    ],
)
def test_land_cover_of_another_place_stops_a_run(make: MakeStudy, options: dict[str, Any], says: str) -> None:
    with pytest.raises(LayerError, match=says) as caught:
        read_layers(make(grass(), **options))
    assert "cover.tif" in str(caught.value)


def test_a_picture_a_torn_file_and_a_missing_one_are_refused(make: MakeStudy, tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"3 bands; expected one band of codes of ESA WorldCover"):
        read_layers(make(np.stack([grass()] * 3)))
    study = make(np.random.default_rng(1).integers(0, 100, (SIZE, SIZE)).astype(np.uint8))
    whole = (tmp_path / "cover.tif").read_bytes()
    (tmp_path / "cover.tif").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LayerError, match="cut short"):
        read_layers(study)
    (tmp_path / "cover.tif").unlink()
    with pytest.raises(LayerError, match="no such file"):
        read_layers(study)
