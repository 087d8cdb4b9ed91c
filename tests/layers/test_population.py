"""People by the pixel: summed and never interpolated, split by borders, whatever the file's system and nodata."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine

from coverage.errors import LayerError, Problem
from coverage.layers import check_layers, read_layers
from coverage.places.settlement import settle
from coverage.result import Layers
from coverage.study import Study
from tests.layers.conftest import HOUSING, VILLAGES, write_terrain

MakeStudy = Callable[..., Study]
HERE = Affine(0.04, 0, 103.89, 0, -0.04, 21.41)
"""
Nine pixels of 0.04° around the two communes, 103.90 to 103.95 to 104.00 and 21.30 to 21.40. They lie in the western one
with 3/4, 1/2 and nothing of their width, in the eastern one with nothing, 1/2 and 3/4, and with 3/4, 1 and 3/4 of their
height: 2.5 heights in all.
"""
ROWS = np.tile(np.array([16, 32, 48], dtype=np.float32), (3, 1))
WESTERN, EASTERN = 2.5 * (16 * 0.75 + 32 * 0.5), 2.5 * (32 * 0.5 + 48 * 0.75)
"""70 and 130 people."""


@pytest.fixture
def make(make_study: MakeStudy, tmp_path: Path) -> Callable[..., Study]:
    """Return a function that writes people beside the small study, whose villages say nothing of theirs."""

    def write(people: np.ndarray = ROWS, *, given: Any = "people.tif", **profile: Any) -> Study:
        write_terrain(tmp_path / "people.tif", heights=people, **{"transform": HERE, **profile})
        rows = [",".join([*line.split(",")[:6], "", "có"]) for line in VILLAGES.splitlines()[1:]]
        villages = "\n".join([VILLAGES.splitlines()[0], *rows]) + "\n"
        study = make_study(villages=villages, settings={"grid": {"crs": "EPSG:9206"}})
        return study.model_copy(update={"layers": study.layers.model_copy(update={"population": given})})

    return write


def people(layers: Layers) -> list[float]:
    """Return the people of the western and of the eastern commune."""
    assert layers.population is not None
    return [float(layers.population.loc[layers.population["commune"] == row, "people"].sum()) for row in (0, 1)]


def about(study: Study) -> list[Problem]:
    return [problem for problem in check_layers(study) if problem.file.startswith("people")]


def test_without_the_layer_there_is_none(make_study: MakeStudy) -> None:
    assert read_layers(make_study()).population is None


def test_pixels_in_degrees_are_split_by_the_border_on_a_grid_of_vn2000(make: Callable[..., Study]) -> None:
    study = make()
    layers = read_layers(study)
    assert layers.population is not None
    assert people(layers) == pytest.approx([WESTERN, EASTERN], rel=1e-6)
    # Six of the pixels touch each commune; each stands at its centre, in metres.
    assert layers.population["commune"].tolist() == [0] * 6 + [1] * 6
    corner = layers.population.iloc[0]
    assert corner[["x_m", "y_m"]].tolist() == pytest.approx([490_670.7, 2_365_900], abs=500)
    assert corner["people"] == pytest.approx(16 * 0.75 * 0.75)
    assert about(study) == []
    assert [file.path for file in layers.files if file.layer == "population"] == ["people.tif"]


def test_the_people_of_a_commune_are_those_of_its_villages(make: Callable[..., Study]) -> None:
    study = make()
    layers = read_layers(study)
    found = settle(layers, study).people
    assert found is not None
    assert [np.nansum(found[:2]), np.nansum(found[2:])] == pytest.approx([WESTERN, EASTERN], rel=1e-6)


@pytest.mark.parametrize(
    ("void", "declared"), [(-99_999, -99_999), (-3.4028234663852886e38, None), (np.nan, None), (0, 0)]
)
def test_a_void_holds_nobody_whatever_stands_for_it(
    make: Callable[..., Study], void: float, declared: float | None
) -> None:
    holed = ROWS.copy()
    holed[1, 1] = void
    study = make(holed, nodata=declared)
    assert people(read_layers(study)) == pytest.approx([WESTERN - 16, EASTERN - 16], rel=1e-6)
    said = [problem.kind for problem in about(study)]
    assert said == (["negative_population"] if void < -1 and declared is None else [])


def test_a_raster_of_metres_and_whole_numbers_is_summed_in_its_own_system(make: Callable[..., Study]) -> None:
    # One pixel of 3 km around the village at 103.91, 21.31 and one east of it, both well inside the west.
    study = make(
        np.array([[7, 0]], np.int16), crs="EPSG:9206", transform=Affine(3_000, 0, 490_100, 0, -3_000, 2_360_000)
    )
    layers = read_layers(study)
    assert people(layers)[0] == pytest.approx(7, rel=1e-6)
    assert layers.population is not None
    assert layers.population[["x_m", "y_m"]].to_numpy().tolist() == [[491_600, 2_358_500]]


def test_tiles_are_one_raster(make: Callable[..., Study], tmp_path: Path) -> None:
    study = make(given=("west.tif", "east.tif"))
    write_terrain(tmp_path / "west.tif", heights=ROWS[:, :2], transform=HERE)
    write_terrain(tmp_path / "east.tif", heights=ROWS[:, 2:], transform=HERE * Affine.translation(2, 0))
    assert people(read_layers(study)) == pytest.approx([WESTERN, EASTERN], rel=1e-6)


def test_a_raster_of_a_part_of_a_commune_counts_there_and_is_reported(make: Callable[..., Study]) -> None:
    study = make(ROWS[:, :2])  # as far as 103.97
    assert people(read_layers(study)) == pytest.approx([WESTERN, 2.5 * 32 * 0.5], rel=1e-6)
    (problem,) = about(study)
    assert (problem.kind, problem.fatal) == ("population_partial", False)
    assert problem.found == "no raster for 1 of 2 communes, or for a part of them (first: 03670)"


def test_a_raster_without_people_is_reported_and_places_nobody(make: Callable[..., Study]) -> None:
    study = make(np.zeros((3, 3), np.float32))
    assert [problem.kind for problem in about(study)] == ["nobody_in_raster"]
    layers = read_layers(study)
    found = settle(layers, study)
    assert "population" not in found.source.tolist()
    assert found.people is not None
    assert np.isnan(found.people).all()


def test_people_per_km2_are_told_by_the_people_of_the_villages(
    make: Callable[..., Study], make_study: MakeStudy
) -> None:
    stated = make().layers  # writes the file
    study = make_study(settings={"grid": {"crs": "EPSG:9206"}})
    study = study.model_copy(update={"layers": study.layers.model_copy(update={"population": stated.population})})
    (problem,) = about(study)
    assert problem.kind == "population_differs"
    assert problem.found == "200 people in the communes, while their villages have 690"


def test_a_raster_of_another_place_is_refused(make: Callable[..., Study]) -> None:
    study = make(transform=HERE * Affine.translation(200, 0))
    with pytest.raises(LayerError, match="lies in no commune"):
        read_layers(study)


def test_a_raster_upside_down_is_refused(make: Callable[..., Study]) -> None:
    study = make(transform=Affine(0.04, 0, 103.89, 0, 0.04, 21.29))
    assert [problem.kind for problem in about(study)] == ["turned_raster"]


def test_housing_still_comes_first(make: Callable[..., Study]) -> None:
    study = make()
    found = settle(read_layers(study), study)
    assert HOUSING.count("v1") == 2
    assert found.source.tolist() == ["housing", "population", "housing", "population"]
