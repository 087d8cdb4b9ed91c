"""Villages find their commune."""

from collections.abc import Callable

from coverage.layers import read_layers
from coverage.study import Study

MakeStudy = Callable[..., Study]


def located(study: Study) -> list[str]:
    return list(read_layers(study).villages["commune_code"])


def test_a_village_without_code_takes_the_commune_it_lies_in(make_study: MakeStudy) -> None:
    study = make_study(villages="name,lon,lat,households\nA,103.91,21.31,5\nB,103.99,21.31,5\n", housing=None)
    assert located(study) == ["03646", "03670"]


def test_a_village_on_a_shared_border_goes_to_the_first_code(make_study: MakeStudy) -> None:
    study = make_study(villages="name,lon,lat,households\nA,103.95,21.31,5\nB,103.99,21.31,5\n", housing=None)
    assert located(study) == ["03646", "03670"]


def test_the_name_of_the_commune_comes_from_the_commune_layer(make_study: MakeStudy) -> None:
    villages = "name,commune_code,commune_name,lon,lat,households\nA,03646,Old name,103.91,21.31,5\n"
    layers = read_layers(make_study(villages=villages, housing=None))
    assert layers.villages["commune_name"].tolist() == ["Tô Hiệu"]
