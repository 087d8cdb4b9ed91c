"""Villages find their commune, also where they declare one of before 1 July 2025."""

from collections.abc import Callable

from coverage.errors import Problem
from coverage.layers import check_layers, read_layers
from coverage.study import Study
from tests.layers.conftest import EAST, MIDDLE, NORTH, SOUTH, WEST, box, features

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


# Communes across 1 July 2025: the communes are 03646 Tô Hiệu in the west and 03670 Chiềng Cơi in the east ------------

WEST_POINT, EAST_POINT = "103.91,21.31", "103.99,21.31"
CROSSWALK = """\
Mã xã cũ,Xã/phường cũ,Huyện cũ,Kiểu chuyển đổi,Mã xã mới,Xã/phường mới,Tỉnh mới
03646,Phường Chiềng Lề,Thành phố Sơn La,whole,03646,Phường Tô Hiệu,Tỉnh Sơn La
03670,Xã Chiềng Cơi,Thành phố Sơn La,whole,03670,Phường Chiềng Cơi,Tỉnh Sơn La
99001,Xã Chia Đôi,Huyện Mai Sơn,divided,03646,Phường Tô Hiệu,Tỉnh Sơn La
99001,Xã Chia Đôi,Huyện Mai Sơn,divided,03670,Phường Chiềng Cơi,Tỉnh Sơn La
"""


def villages_of(*rows: str) -> str:
    return "\n".join(["name,commune_code,commune_name,former_commune,lon,lat,households", *rows]) + "\n"


def problem(study: Study, kind: str) -> Problem:
    return next(each for each in check_layers(study) if each.kind == kind)


def test_villages_of_communes_of_before_are_mapped_and_the_share_is_said(make_study: MakeStudy) -> None:
    study = make_study(
        villages=villages_of(
            f"A,03649,Tô Hiệu,,{WEST_POINT},5", f"B,03646,Chiềng Lề,Chiềng Lề cũ,{WEST_POINT},5", f"C,,,,{EAST_POINT},5"
        ),
        housing=None,
    )  # fmt: skip
    villages = read_layers(study).villages
    assert villages["commune_code"].tolist() == ["03646", "03646", "03670"]
    assert villages["commune_name"].tolist() == ["Tô Hiệu", "Tô Hiệu", "Chiềng Cơi"]
    assert villages["former_commune"].fillna("").tolist() == ["Phường Tô Hiệu", "Chiềng Lề cũ", ""]
    found = problem(study, "earlier_commune")
    assert (found.at, found.fatal) == ((2, 3), False)
    assert found.found == (
        "village A in commune 03649 Tô Hiệu of before 1 July 2025, read as 03646 Tô Hiệu, as in 2 of 3 rows (67%)"
    )


def test_a_code_that_never_had_that_name_is_refused(make_study: MakeStudy) -> None:
    study = make_study(villages=villages_of(f"A,03646,Phường Chiềng An,,{WEST_POINT},5"), housing=None)
    found = problem(study, "commune_code_and_name")
    assert found.fatal
    assert "03646 Phường Chiềng An" in found.found


def test_a_name_without_a_code_is_enough_and_a_point_elsewhere_is_said(make_study: MakeStudy) -> None:
    study = make_study(villages=villages_of(f"A,,Phường Tô Hiệu,,{EAST_POINT},5", f"B,,,,{EAST_POINT},5"), housing=None)
    assert located(study) == ["03646", "03670"]
    assert any("its point lies in 03670" in each.found for each in check_layers(study))


def test_a_name_that_no_commune_has_leaves_it_to_the_point(make_study: MakeStudy) -> None:
    study = make_study(villages=villages_of(f"A,,Tên Lạ,,{EAST_POINT},5", f"B,,,,{WEST_POINT},5"), housing=None)
    assert located(study) == ["03670", "03646"]
    assert not problem(study, "unknown_commune_name").fatal


def test_a_village_of_a_divided_commune_goes_where_its_point_lies(make_study: MakeStudy) -> None:
    study = make_study(villages=villages_of(f"A,99001,,,{EAST_POINT},5"), housing=None, crosswalk=CROSSWALK)
    assert located(study) == ["03670"]
    study = make_study(villages=villages_of("A,99001,,,,,5"), housing=None, crosswalk=CROSSWALK)
    found = problem(study, "ambiguous_commune")
    assert found.fatal
    assert "03646 Tô Hiệu or 03670 Chiềng Cơi" in found.found
    assert [each.kind for each in check_layers(study) if each.fatal] == ["ambiguous_commune"]


def test_the_crosswalk_of_the_study_comes_before_that_of_the_country(make_study: MakeStudy) -> None:
    rows = villages_of(f"A,03649,,,{WEST_POINT},5")
    assert located(make_study(villages=rows, housing=None)) == ["03646"]
    study = make_study(villages=rows, housing=None, crosswalk=CROSSWALK)
    assert [each.column for each in check_layers(study) if each.fatal] == ["commune_code"]


def test_a_crosswalk_that_is_wrong_is_refused(make_study: MakeStudy) -> None:
    study = make_study(crosswalk=CROSSWALK.replace("whole", "ganz"))
    assert [(each.file, each.column) for each in check_layers(study) if each.fatal] == [("crosswalk.csv", "kind")]


def test_communes_of_before_are_reported_and_their_villages_stay(make_study: MakeStudy) -> None:
    communes = features(
        ({"code": "03649", "name": "Phường Tô Hiệu"}, box(WEST, SOUTH, MIDDLE, NORTH)),
        ({"code": "03646", "name": "Phường Chiềng Lề"}, box(MIDDLE, SOUTH, EAST, NORTH)),
    )
    rows = villages_of(f"A,03649,Tô Hiệu,,{WEST_POINT},5", f"B,03646,Chiềng Lề,,{EAST_POINT},5")
    study = make_study(communes=communes, villages=rows, housing=None)
    assert located(study) == ["03649", "03646"]
    assert not problem(study, "old_communes").fatal
    today = villages_of(f"A,03646,Phường Tô Hiệu,,{WEST_POINT},5", f"B,,,,{EAST_POINT},5")
    study = make_study(communes=communes, villages=today, housing=None)
    assert located(study) == ["03649", "03646"]
    assert not problem(study, "later_commune").fatal
