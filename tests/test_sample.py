"""The bundled sample: the facts it carries, that its parts fit together, and that it can be made again."""

import re
import sys
import unicodedata
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

from coverage.study import load_study

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
SON_LA = "EPSG:9206"


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return pd.read_csv(ROOT / "tools/facts_son_la.csv", dtype={"code": str}).set_index("code")


@pytest.fixture(scope="module")
def communes() -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "boundaries/communes.gpkg", layer="communes").set_index("code")


@pytest.fixture(scope="module")
def villages() -> pd.DataFrame:
    return pd.read_csv(DATA / "boundaries/villages.csv", dtype={"commune_code": str})


@pytest.fixture(scope="module")
def housing() -> pd.DataFrame:
    return pd.read_csv(DATA / "boundaries/housing.csv")


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    return pd.read_csv(DATA / "sites/bts.csv")


def points(table: pd.DataFrame) -> gpd.GeoSeries:
    return gpd.GeoSeries.from_xy(table.lon, table.lat, index=table.index, crs="EPSG:4326").to_crs(SON_LA)


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    yield
    for name in [name for name in sys.modules if name == "sample" or name.startswith("sample.")]:
        del sys.modules[name]


def test_the_communes_carry_the_real_codes_names_areas_and_people(communes, facts):
    assert len(communes) == 75
    assert communes.index.is_unique
    assert set(communes.index) == set(facts.index)
    stated = facts.loc[communes.index]
    assert (communes.name == stated.full_name).all()
    assert (communes.area_km2 == stated.area_km2).all()
    assert (communes.population == stated.population).all()
    assert communes.name["03646"] == "Phường Tô Hiệu"
    assert communes.population.sum() == 1_248_415  # census of 2019
    assert communes.area_km2.sum() == pytest.approx(14_108.89)


def test_a_polygon_has_the_area_its_commune_states(communes):
    error = communes.to_crs(SON_LA).area / 1e6 / communes.area_km2 - 1
    assert error.abs().max() < 0.05
    assert error.abs().mean() < 0.01


def test_communes_share_their_borders_without_gap_or_overlap(communes):
    shapes = communes.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    province = shapely.union_all(shapes)
    assert province.geom_type == "Polygon"
    assert len(province.interiors) == 0
    assert shapely.area(shapes).sum() == pytest.approx(province.area, rel=1e-9)


def test_the_polygons_are_not_the_real_ones(communes):
    real = ROOT / "../shared/data/communes_son_la.gpkg"
    if not real.exists():
        pytest.skip("the real communes are not beside this checkout (../shared/data/communes_son_la.gpkg)")
    theirs = set(map(tuple, shapely.get_coordinates(gpd.read_file(real).geometry.to_numpy()).round(5)))
    ours = set(map(tuple, shapely.get_coordinates(communes.geometry.to_numpy()).round(5)))
    assert len(ours & theirs) < 0.001 * len(ours)


def test_the_people_of_a_commune_are_those_of_its_villages(villages, communes):
    assert (villages.groupby("commune_code").people.sum() == communes.population.sort_index()).all()


def test_villages_are_named_once_per_commune_in_composed_letters(villages):
    assert len(villages) == 2500
    assert villages.village_id.is_unique
    assert not villages.duplicated(["commune_code", "name"]).any()
    assert (villages.name.map(lambda name: unicodedata.normalize("NFC", name)) == villages.name).all()
    pattern = re.compile(r"\d{5}-[a-z0-9-]+-\d+")
    assert all(pattern.fullmatch(key) for key in villages.village_id)
    assert all(key.startswith(code) for key, code in zip(villages.village_id, villages.commune_code, strict=True))


def test_a_village_lies_in_its_own_commune_and_five_lie_nowhere(villages, communes):
    assert villages.lon.isna().sum() == villages.lat.isna().sum() == 5
    known = villages[villages.lon.notna()]
    shapes = communes.to_crs(SON_LA).geometry
    inside = shapely.contains(shapes[known.commune_code].to_numpy(), points(known).to_numpy())
    assert inside.all()


def test_former_communes_are_those_that_made_up_the_commune(villages):
    former = pd.read_csv(ROOT / "tools/facts_former_communes.csv", dtype={"code": str})
    allowed = set(zip(former.code, former.former_name, strict=True))
    assert set(zip(villages.commune_code, villages.former_commune, strict=True)) <= allowed


def test_housing_adds_up_to_the_households_of_each_village(villages, housing):
    total = housing.groupby("village_id").households.sum()
    assert (total.reindex(villages.village_id).to_numpy() == villages.households.to_numpy()).all()
    assert (housing.households > 0).all()
    clusters = housing.groupby("village_id").size()
    assert clusters.between(1, 10).all()


def test_stations_are_counted_as_sơn_la_published_them(cells):
    stations = cells.drop_duplicates(["site_id", "operator", "technology"]).technology.value_counts()
    assert dict(stations[["2g", "3g", "4g"]]) == {"2g": 1326, "3g": 1178, "4g": 1124}
    assert cells.site_id.nunique() == 1300
    assert cells.drop_duplicates(["lon", "lat"]).shape[0] == 1300
    assert set(cells.operator) == {"viettel", "vnpt", "mobifone", "vietnamobile"}
    assert cells.cell_id.is_unique


def test_masts_stand_on_dry_land_of_the_province(cells, communes):
    masts = points(cells.drop_duplicates("site_id"))
    assert masts.within(shapely.union_all(communes.to_crs(SON_LA).geometry.to_numpy()).buffer(300)).all()
    assert cells.height_m.between(20, 50).all()


def test_fiber_has_the_published_number_and_length_of_routes():
    routes = gpd.read_file(DATA / "sites/fiber_routes.gpkg", layer="fiber_routes")
    assert len(routes) == 1516
    assert routes.length_km.sum() == pytest.approx(11_500, rel=0.02)
    assert np.allclose(routes.to_crs(SON_LA).length / 1000, routes.length_km, rtol=0.01, atol=0.01)


def test_rivers_run_downhill_and_the_two_big_ones_have_their_names():
    rivers = gpd.read_file(DATA / "infrastructure/rivers.gpkg", layer="rivers")
    assert set(rivers["class"]) == {"river", "stream"}
    assert rivers.loc[rivers.name.notna(), "name"].tolist() == ["Sông Đà", "Sông Mã"]
    lines = rivers.to_crs(SON_LA).geometry
    with rasterio.open(DATA / "terrain/terrain.tif") as file:
        first, last = (
            np.array([value[0] for value in file.sample([line.coords[at] for line in lines])], dtype=float)
            for at in (0, -1)
        )
    assert (first - last)[rivers["class"] == "river"].min() > 90
    assert (first >= last - 1).mean() > 0.95  # the plateaus have basins without a way out


def test_the_terrain_covers_the_communes_and_ten_kilometres_around(communes):
    with rasterio.open(DATA / "terrain/terrain.tif") as file:
        heights, bounds = file.read(1), file.bounds
        assert file.crs == rasterio.crs.CRS.from_string(SON_LA)
        assert file.res == (90.0, 90.0)
        assert file.dtypes == ("int16",)
    west, south, east, north = communes.to_crs(SON_LA).total_bounds
    assert min(west - bounds.left, south - bounds.bottom, bounds.right - east, bounds.top - north) > 9_900
    assert 80 <= heights.min() < 200
    assert 2700 < heights.max() < 3000
    gy, gx = np.gradient(heights.astype(float), 90.0)
    assert 16 < np.degrees(np.arctan(np.hypot(gx, gy))).mean() < 23


def test_all_of_it_is_at_most_fifteen_megabytes():
    assert sum(file.stat().st_size for file in DATA.rglob("*") if file.is_file()) < 15e6


def test_every_default_shown_in_the_study_is_the_default(tmp_path):
    """Uncommenting every `#: ` line must change nothing but the six settings that are absent by default."""
    text = (ROOT / "coverage.toml").read_text(encoding="utf-8")
    (tmp_path / "coverage.toml").write_text(text.replace("#: ", ""), encoding="utf-8")
    shown, plain = load_study(tmp_path).model_dump(), load_study(ROOT).model_dump()
    absent = {
        ("grid", "cell_m"),
        ("planning", "operator"),
        ("planning", "budget_usd"),
        ("planning", "fiber_budget_usd"),
        ("map", "operator"),
        ("map", "tiles"),
    }
    differ = {
        (group, name)
        for group, values in plain.items()
        if isinstance(values, dict)
        for name in values
        if values[name] != shown[group][name]
    }
    assert differ == absent
    assert all(path.exists() for path in (ROOT / value for value in load_study(ROOT).layers.given().values()))


def test_every_setting_is_named_in_the_study():
    text = (ROOT / "coverage.toml").read_text(encoding="utf-8")

    def names(values: dict[str, object]) -> set[str]:
        return {key for name, value in values.items() for key in (names(value) if isinstance(value, dict) else {name})}

    settings = names(load_study(ROOT).model_dump(exclude={"folder", "columns", "crs"}))
    assert {name for name in settings if not re.search(rf"\b{name} =", text)} - {"low", "central", "high"} == set()


@pytest.mark.usefixtures("tool")
def test_the_same_seed_names_the_same_villages():
    from sample.names import name_villages

    once, again = (
        name_villages(np.random.default_rng(5), town=[True, False, False], ward=True, highland=[False, True, False])
        for _ in range(2)
    )
    assert once == again
    assert once[0] == "Tổ 1"


@pytest.mark.usefixtures("tool")
def test_a_geopackage_has_the_same_bytes_every_time(tmp_path):
    from sample.writing import write_layer

    frame = gpd.GeoDataFrame(
        {"name": ["a"]}, geometry=[shapely.LineString([(104, 21), (104.1, 21.123456789)])], crs=4326
    )
    for name in ("one.gpkg", "two.gpkg"):
        write_layer(tmp_path / name, frame, "roads")
    assert (tmp_path / "one.gpkg").read_bytes() == (tmp_path / "two.gpkg").read_bytes()
    assert gpd.read_file(tmp_path / "one.gpkg").geometry[0].coords[1] == (104.1, 21.12346)


@pytest.mark.usefixtures("tool")
def test_the_estimate_of_a_planner_is_free_space_over_flat_land_and_an_edge_behind_a_ridge():
    from sample.reach import Paths

    flat = np.zeros((40, 120))
    masts = pd.DataFrame({"x": [900.0], "y": [1800.0], "height_m": [60.0], "first_deg": [90.0], "sectors": [3]})
    place = np.array([[3900.0, 1800.0]])
    clear = Paths(flat, masts, place, 9000.0)
    free_db = 32.4 + 20 * np.log10(1800) + 20 * np.log10(3.0)
    assert clear.loss_db(1800.0)[0] == pytest.approx(free_db, abs=7.0)  # the ground grazes the first Fresnel zone
    assert clear.antenna_db()[0] == 0.0  # the first sector looks east
    ridge = flat.copy()
    ridge[:, 27] = 260.0
    behind = Paths(ridge, masts, place, 9000.0)
    assert behind.loss_db(1800.0)[0] > free_db + 25
