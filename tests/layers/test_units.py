"""Communes across 1 July 2025: the crosswalk of the country, and which commune a code and a name mean."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from coverage.columns.inputs import CROSSWALK_IN
from coverage.layers.units.crosswalk import Crosswalk, commune_key, district_key, national_crosswalk, split_kind
from coverage.layers.units.declared import Declared, declared, declared_polygons, layer_generation
from coverage.layers.units.former import former_communes

DATA = (Path(__file__).parents[2] / "../shared/data").resolve()
CITY, MUONG_LA, MAI_SON = "Thành phố Sơn La", "Huyện Mường La", "Huyện Mai Sơn"
PAIRS = [  # real but for the last, which is invented to be divided
    ("03646", "Phường Chiềng Lề", CITY, "whole", "03646", "Phường Tô Hiệu"),
    ("03649", "Phường Tô Hiệu", CITY, "whole", "03646", "Phường Tô Hiệu"),
    ("03667", "Phường Chiềng An", CITY, "whole", "03664", "Phường Chiềng An"),
    ("03832", "Xã Chiềng Ân", MUONG_LA, "whole", "03850", "Xã Mường Bú"),
    ("03670", "Xã Chiềng Cơi", CITY, "whole", "03670", "Phường Chiềng Cơi"),
    ("04129", "Xã Chiềng Chung", MAI_SON, "whole", "04117", "Xã Chiềng Mung"),
    ("04015", "Xã Chiềng Chung", "Thị xã Mộc Châu", "whole", "04000", "Phường Mộc Sơn"),
    ("99001", "Xã Chia Đôi", MAI_SON, "divided", "04117", "Xã Chiềng Mung"),
    ("99001", "Xã Chia Đôi", MAI_SON, "divided", "03850", "Xã Mường Bú"),
]
CODES = {"03646": "Tô Hiệu", "03664": "Chiềng An", "03850": "Mường Bú", "03670": "Chiềng Cơi", "04117": "Chiềng Mung",
         "04000": "Mộc Sơn"}  # fmt: skip


@pytest.fixture
def crosswalk() -> Crosswalk:
    names = ["old_code", "old_ward", "old_district", "kind", "new_code", "new_ward"]
    rows = pd.DataFrame(PAIRS, columns=names).assign(old_province="Tỉnh Sơn La", new_province="Tỉnh Sơn La")
    return Crosswalk(rows.reindex(columns=CROSSWALK_IN.names), "by hand")


@pytest.fixture
def communes() -> gpd.GeoDataFrame:
    """Communes of today in a row, each one degree wide."""
    boxes = [shapely.box(west, 0, west + 1, 1) for west in range(len(CODES))]
    return gpd.GeoDataFrame({"code": list(CODES), "name": list(CODES.values())}, geometry=boxes, crs=4326)


def table(*rows: tuple[str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["commune_code", "commune_name"])


def read(
    rows: pd.DataFrame, communes: pd.DataFrame, crosswalk: Crosswalk, points: list[str | None] | None = None
) -> Declared:
    return declared(rows, communes, crosswalk, located=None if points is None else pd.Series(points, dtype="str"))


def codes(said: Declared) -> list[str | None]:
    return [code if isinstance(code, str) else None for code in said.code]


# The crosswalk of the country ---------------------------------------------------------------------------------------


def test_the_country_has_the_communes_of_the_law() -> None:
    rows = national_crosswalk().rows
    assert rows["new_code"].nunique() == 3321
    assert rows["new_province"].nunique() == 34
    assert rows[["old_province", "old_district", "old_ward"]].drop_duplicates().shape[0] == 10040
    whole = rows[rows["kind"] == "whole"]
    assert not whole.duplicated(["old_province", "old_district", "old_ward"]).any()
    divided = rows[rows["kind"] == "divided"].groupby("old_code")["default"]
    assert (divided.sum() == 1).all()


@pytest.mark.parametrize(
    ("province", "before", "since"), [("Sơn La", 200, 75), ("Điện Biên", 129, 45), ("Khánh Hòa", 194, 65)]
)
def test_provinces_have_as_many_communes_as_they_announced(province: str, before: int, since: int) -> None:
    rows = national_crosswalk().rows
    rows = rows[rows["new_province"] == f"Tỉnh {province}"]
    assert rows["old_code"].nunique() == before
    assert rows["new_code"].nunique() == since


@pytest.mark.skipif(not DATA.exists(), reason="the real crosswalk is not beside the repository")
def test_two_provinces_agree_with_the_crosswalk_supplied() -> None:
    theirs = pd.read_csv(DATA / "commune_crosswalk_2025.csv", dtype={"old_code": str, "new_code": str})
    ours = national_crosswalk().rows
    ours = ours[ours["new_province"].isin(theirs["new_province"].unique())]
    names = [name for name in CROSSWALK_IN.names if name != "default"]  # nothing is divided in either
    assert len(ours) == len(theirs) == 329
    ours, theirs = (rows.sort_values("old_code", ignore_index=True)[names] for rows in (ours, theirs))
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)


def test_a_code_used_again_always_went_to_a_commune_with_part_of_the_old_one() -> None:
    rows = national_crosswalk().rows
    again = rows[rows["old_code"].isin(rows["new_code"])]
    assert (again.groupby("old_code")["new_code"].agg(set).map(len) > 0).all()
    assert all(code in set(group) for code, group in again.groupby("old_code")["new_code"])


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("Xã Chiềng Ân", "xã", "chiengan"),
        ("P. Chiềng Lề", "phường", "chiengle"),
        ("TT Hát Lót", "thị trấn", "hatlot"),
        ("Phường 1", "phường", "1"),
        ("Xà Phìn", "", "xaphin"),
        ("Phú Yên", "", "phuyen"),
        ("Đặc khu Lý Sơn", "đặc khu", "lyson"),
    ],
)
def test_the_kind_of_a_commune_is_told_from_its_name(name: str, kind: str, key: str) -> None:
    assert (split_kind(name)[0], commune_key(name)) == (kind, key)


def test_the_kind_of_a_district_is_told_from_its_name() -> None:
    assert district_key("Thành phố Sơn La") == district_key("TP. Sơn La") == district_key("son la") == "sonla"
    assert district_key("Hà Trung") == "hatrung"


# What a row means ---------------------------------------------------------------------------------------------------


def test_codes_and_names_of_today_stay(communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> None:
    rows = table(*((code, name) for code, name in CODES.items()))
    said = read(rows, communes, crosswalk)
    assert codes(said) == list(CODES)
    assert not said.moved.any()
    assert said.former.isna().all()


def test_a_code_alone_of_today_stays(communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> None:
    said = read(table(*((code, None) for code in CODES)), communes, crosswalk)
    assert codes(said) == list(CODES)
    assert not said.moved.any()


def test_a_code_used_again_is_the_old_commune_where_its_name_says_so(
    communes: gpd.GeoDataFrame, crosswalk: Crosswalk
) -> None:
    said = read(table(("03646", "Chiềng Lề"), ("03649", "Tô Hiệu")), communes, crosswalk)
    assert codes(said) == ["03646", "03646"]
    assert said.moved.all()
    assert said.former.tolist() == ["Phường Chiềng Lề", "Phường Tô Hiệu"]


def test_in_a_table_of_before_a_code_used_again_is_the_old_commune(
    communes: gpd.GeoDataFrame, crosswalk: Crosswalk
) -> None:
    said = read(table(("03649", None), ("03667", None), ("03646", None)), communes, crosswalk)
    assert codes(said) == ["03646", "03664", "03646"]
    assert said.moved.all()
    assert said.former.iloc[2] == "Phường Chiềng Lề"


def test_a_few_strays_do_not_make_a_table_one_of_before(communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> None:
    said = read(table(*[(code, None) for code in CODES] * 5, ("03649", None)), communes, crosswalk)
    assert said.moved.tolist() == [False] * 30 + [True]
    assert codes(said)[-1] == "03646"


def test_a_name_that_moved_to_another_code_follows_its_table(communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> None:
    today = read(table((None, "Mường Bú"), (None, "Chiềng An")), communes, crosswalk)
    assert codes(today) == ["03850", "03664"]
    before = read(table((None, "Chiềng Lề"), (None, "Tô Hiệu"), (None, "Chiềng Ân")), communes, crosswalk)
    assert codes(before) == ["03646", "03646", "03850"]
    assert before.former.tolist() == ["Phường Chiềng Lề", "Phường Tô Hiệu", "Xã Chiềng Ân"]


def test_a_name_written_without_accents_that_two_districts_had_needs_more(
    communes: gpd.GeoDataFrame, crosswalk: Crosswalk
) -> None:
    rows = table((None, "Xa Chieng Le"), (None, "Chieng An")).assign(former_district=["Son La", None])
    assert codes(read(rows, communes, crosswalk)) == ["03646", None]
    assert read(rows, communes, crosswalk).options.iloc[1] == {"03664", "03850"}
    assert codes(read(rows, communes, crosswalk, ["03646", "03850"])) == ["03646", "03850"]
    rows["former_district"] = ["Son La", "Huyện Mường La"]
    assert codes(read(rows, communes, crosswalk)) == ["03646", "03850"]


def test_a_name_of_two_districts_is_told_by_its_district_or_its_point(
    communes: gpd.GeoDataFrame, crosswalk: Crosswalk
) -> None:
    rows = table((None, "Xã Chiềng Chung"))
    assert codes(read(rows, communes, crosswalk)) == [None]
    assert codes(read(rows, communes, crosswalk, ["04000"])) == ["04000"]
    assert codes(read(rows, communes, crosswalk, ["03646"])) == [None]
    assert codes(read(rows.assign(former_district="Mai Sơn"), communes, crosswalk)) == ["04117"]


def test_a_divided_commune_is_told_by_the_point_alone(communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> None:
    rows = table(("99001", "Xã Chia Đôi"))
    said = read(rows, communes, crosswalk)
    assert codes(said) == [None]
    assert said.options.iloc[0] == {"04117", "03850"}
    assert codes(read(rows, communes, crosswalk, ["03850"])) == ["03850"]
    assert codes(read(rows, communes, crosswalk, ["03646"])) == [None]


def test_the_former_commune_is_evidence(communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> None:
    rows = table((None, None), (None, "Chieng An")).assign(former_commune=["Chiềng Lề", "Chiềng An"])
    said = read(rows.assign(former_district=[None, CITY]), communes, crosswalk)
    assert codes(said) == ["03646", "03664"]


def test_a_new_code_beside_the_name_of_a_forerunner_is_of_today(
    communes: gpd.GeoDataFrame, crosswalk: Crosswalk
) -> None:
    said = read(table(("03850", "Chiềng Ân")), communes, crosswalk)
    assert codes(said) == ["03850"]
    assert not said.moved.any()
    assert said.former.tolist() == ["Chiềng Ân"]


def test_a_code_and_a_name_that_never_went_together_are_no_commune(
    communes: gpd.GeoDataFrame, crosswalk: Crosswalk
) -> None:
    said = read(table(("03646", "Chiềng An"), ("03670", "Phường Tô Hiệu")), communes, crosswalk, ["03646", "03670"])
    assert said.contradictory.all()
    assert codes(said) == [None, None]


def test_a_name_that_nobody_has_leaves_the_code_alone(communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> None:
    said = read(table(("03646", "Tên Lạ"), (None, "Tên Lạ")), communes, crosswalk)
    assert codes(said) == ["03646", None]
    assert said.unknown_name.all()
    assert not said.contradictory.any()


def test_a_mixed_table_decides_nothing_by_itself(crosswalk: Crosswalk) -> None:
    moved = {"old_code": "99002", "old_ward": "Xã Mường Bú", "new_code": "04117", "new_ward": "Xã Chiềng Mung"}
    pairs = pd.concat([crosswalk.rows, crosswalk.rows.iloc[[0]].assign(**moved)])
    communes = pd.DataFrame({"code": list(CODES), "name": list(CODES.values())})
    rows = table((None, "Mường Bú"), ("03649", "Tô Hiệu"), ("03646", "Tô Hiệu"))
    crosswalk = Crosswalk(pairs, "by hand")
    said = read(rows, communes, crosswalk)
    assert said.options.iloc[0] == {"03850", "04117"}
    assert codes(said) == [None, "03646", "03646"]
    assert read(rows, communes, crosswalk, ["04117", None, None]).moved.tolist() == [True, True, False]
    assert read(rows, communes, crosswalk, ["03850", None, None]).moved.tolist() == [False, True, False]
    alone = read(rows.iloc[[0]], communes, crosswalk)
    assert codes(alone) == ["03850"]  # nothing speaks for before; but it is said
    assert alone.doubtful.all()
    assert codes(read(rows.iloc[[0]], communes, crosswalk, ["04117"])) == ["04117"]


def test_nothing_said_is_nothing_read(communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> None:
    assert codes(read(table((None, None)), communes, crosswalk)) == [None]
    assert codes(read(table(), communes, crosswalk)) == []
    assert codes(read(pd.DataFrame(index=[0]), communes, crosswalk)) == [None]
    assert codes(read(table(("77777", "Xa Lắm")), communes, crosswalk)) == [None]


def test_communes_of_before_are_recognised_and_today_s_villages_placed_in_them(crosswalk: Crosswalk) -> None:
    before = crosswalk.rows[["old_code", "old_ward"]].drop_duplicates()
    before = before.rename(columns={"old_code": "code", "old_ward": "name"})
    assert layer_generation(before, crosswalk)[0] == "old"
    said = read(table(("03649", "Tô Hiệu"), ("03646", "Chiềng Lề"), ("04015", None)), before, crosswalk)
    assert codes(said) == ["03649", "03646", "04015"]
    assert not said.moved.any()
    said = read(table(("03664", "Chiềng An"), ("03646", "Tô Hiệu")), before, crosswalk, ["03667", "03649"])
    assert codes(said) == ["03667", "03649"]
    assert said.moved.all()


@pytest.mark.parametrize("columns", [["commune_code"], ["commune_name"], ["commune_code", "commune_name"]])
@pytest.mark.parametrize("province", ["Sơn La", "Điện Biên"])
def test_no_commune_of_two_provinces_is_joined_wrongly(province: str, columns: list[str]) -> None:
    crosswalk = national_crosswalk()
    rows = crosswalk.rows[crosswalk.rows["new_province"] == f"Tỉnh {province}"].reset_index(drop=True)
    today = rows[["new_code", "new_ward"]].drop_duplicates().reset_index(drop=True).set_axis(["code", "name"], axis=1)
    for given, truth, moved in (
        (table(*zip(rows["old_code"], rows["old_ward"], strict=True)), rows["new_code"], True),
        (table(*zip(today["code"], today["name"], strict=True)), today["code"], False),
    ):
        said = declared(given[columns], today, crosswalk)
        assert (said.code.isna() | (said.code == truth)).all()
        assert (said.moved == moved).all()
        twice = moved and province == "Sơn La" and columns == ["commune_name"]  # two districts had this very name
        assert given.loc[said.code.isna(), "commune_name"].tolist() == ["Xã Chiềng Chung"] * (2 if twice else 0)


# Where a row says it lies -------------------------------------------------------------------------------------------


def test_the_area_a_row_declares_is_its_commune_or_all_it_may_be(
    communes: gpd.GeoDataFrame, crosswalk: Crosswalk
) -> None:
    rows = table(("03649", "Tô Hiệu"), ("99001", None), (None, None), (None, "Xã Chiềng Chung"))
    areas = declared_polygons(rows.set_index(pd.Index([7, 3, 5, 1])), communes, crosswalk)
    assert areas.crs == communes.crs
    assert list(areas.index) == [7, 3, 5, 1]
    assert areas[7].bounds == (0, 0, 1, 1)
    assert areas[3].area == pytest.approx(2)
    assert areas[3].bounds == (2, 0, 5, 1)
    assert areas[5] is None
    assert areas[1].bounds == (4, 0, 6, 1)


def test_former_communes_stand_under_the_commune_that_they_or_most_of_them_became() -> None:
    rows = pd.DataFrame(
        {
            "old_code": ["00001", "00002", "00002", "00003"], "old_ward": ["A", "B", "B", "C"],
            "old_district": "Z", "old_province": "P", "old_lat": 21.0, "old_lon": 104.0,
            "kind": ["whole", "divided", "divided", "whole"],
            "default": pd.array([pd.NA, False, True, pd.NA], "boolean"),
            "new_code": ["00001", "00001", "00009", "00008"], "new_ward": ["A", "A", "I", "H"], "new_province": "P",
        }
    )  # fmt: skip
    changes = Crosswalk(rows, "test")
    today = pd.DataFrame({"code": ["00001", "00009"], "name": ["A", "I"]})
    found = former_communes(today, changes)
    assert found is not None
    assert found[["former_code", "commune_code", "commune_name"]].values.tolist() == [
        ["00001", "00001", "A"], ["00002", "00009", "I"]
    ]  # fmt: skip
    assert former_communes(pd.DataFrame({"code": ["77777"], "name": ["?"]}), changes) is None


def test_the_75_communes_of_son_la_were_200() -> None:
    codes = national_crosswalk().rows.query("new_province == 'Tỉnh Sơn La'")
    today = codes.drop_duplicates("new_code")[["new_code", "new_ward"]].set_axis(["code", "name"], axis=1)
    found = former_communes(today, national_crosswalk())
    assert found is not None
    assert (len(today), len(found)) == (75, 200)
    assert found["commune_code"].isin(today["code"]).all()
    assert found.geometry.x.between(103, 105.1).all()
