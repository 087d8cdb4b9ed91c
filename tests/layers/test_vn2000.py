"""Metres find their system by the communes the rows declare; where the rows do not tell, nothing is answered."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Proj, Transformer

from coverage.layers.position.inference import MOST_ROWS, Inference, infer_system
from coverage.layers.position.vn2000 import SYSTEMS, System, from_wgs84, named, refused, to_wgs84

DATA = (Path(__file__).parents[2] / "../shared/data").resolve()
VN2000 = [*range(9205, 9219), 3405, 3406, 5896, 5897, 5898, 5899]
ON_THEIR_OWN_MERIDIAN = {*range(9205, 9219), 5899}

# lon, lat, EPSG, easting, northing: of Sơn La, Điện Biên and the south coast.
KNOWN = [
    (103.914, 21.327, 9206, 490883.05, 2359155.24),
    (103.020, 21.386, 9205, 501877.63, 2365683.57),
    (108.990, 11.565, 9217, 580514.07, 1279054.79),
]

HANOI = Transformer.from_pipeline("urn:ogc:def:coordinateOperation:EPSG::1544")

# Four communes in a row, 0.1 degrees (10 km) wide, and nine places inside each, at least 1 km from any border.
SQUARES = [shapely.box(103.6 + 0.1 * i, 21.3, 103.7 + 0.1 * i, 21.4) for i in range(4)]
AREA = shapely.union_all(SQUARES)
INSIDE = np.array([(x, y) for x in (0.02, 0.05, 0.08) for y in (0.02, 0.05, 0.08)])
PLACES = np.vstack([np.add(INSIDE, [103.6 + 0.1 * i, 21.3]) for i in range(4)])
DECLARED = gpd.GeoSeries(np.repeat(np.array(SQUARES, dtype=object), 9), crs=4326)


def asked(
    places: NDArray[np.float64], epsg: int, declared: gpd.GeoSeries = DECLARED, *, swap: bool = False
) -> Inference:
    x, y = from_wgs84(*places.T, epsg)
    return infer_system(*((y, x) if swap else (x, y)), declared, AREA)


@pytest.mark.parametrize(("lon", "lat", "epsg", "easting", "northing"), KNOWN)
def test_known_points_go_both_ways_to_a_centimetre(
    lon: float, lat: float, epsg: int, easting: float, northing: float
) -> None:
    assert np.allclose(from_wgs84(lon, lat, epsg), (easting, northing), rtol=0, atol=0.01)
    back = np.array(to_wgs84(easting, northing, epsg)) - (lon, lat)
    assert np.abs(back).max() * 111_320 < 0.01


@pytest.mark.parametrize("system", SYSTEMS, ids=str)
def test_every_system_is_as_registered(system: System) -> None:
    epsg = system.epsg
    lon, lat = (grid.ravel() for grid in np.meshgrid(np.linspace(102.2, 109.4, 5), np.linspace(8.5, 23.3, 5)))
    on_datum = lon, lat
    if epsg < 32000:
        to_vn2000 = Transformer.from_pipeline("urn:ogc:def:coordinateOperation:EPSG::6960")
        on_datum = to_vn2000.transform(lat, lon, direction="INVERSE")[::-1]
    assert np.allclose(from_wgs84(lon, lat, epsg), Proj(epsg)(*on_datum), rtol=0, atol=0.001)


def test_all_systems_are_there_and_no_two_alike() -> None:
    assert sorted(system.epsg for system in SYSTEMS) == sorted([*VN2000, 32648, 32649])
    assert len({(system.meridian, system.scale, system.datum) for system in SYSTEMS}) == len(SYSTEMS)


def test_metres_that_lie_nowhere_are_no_place() -> None:
    lon, lat = to_wgs84([490883.05, np.nan, np.inf], [2359155.24, 2359155.24, 0.0], 9206)
    assert np.isfinite([lon[0], lat[0]]).all()
    assert np.isnan([lon[1:], lat[1:]]).all()


@pytest.mark.parametrize("code", [4147, 2044, 2045, 2093, 4131, 3148])
def test_old_datums_are_refused_under_any_spelling_with_a_reason(code: int) -> None:
    assert "hundreds of metres" in str(refused(CRS(code)))
    assert refused(CRS(CRS(code).to_wkt("WKT1_ESRI"))) is not None


def test_a_datum_without_a_name_is_known_by_its_ellipsoid() -> None:
    assert refused(CRS("+proj=tmerc +lon_0=105 +x_0=18500000 +ellps=krass +towgs84=-17,-108,-62")) is not None
    assert [refused(CRS(code)) for code in (4326, 4756, 9206, 3405, 32648)] == [None] * 5


def test_a_system_has_a_name_in_both_languages() -> None:
    assert named(9206) == "VN-2000 TM-3, central meridian 104°00′, Sơn La"
    assert named(9208, "vi").startswith("VN-2000 TM-3, kinh tuyến trục 104°45′, An Giang")
    assert (named(3405), named(4147)) == ("VN-2000 UTM, central meridian 105°00′", "Hanoi-72")


@pytest.mark.parametrize("swap", [False, True])
def test_the_rows_find_their_zone_and_say_so(swap: bool) -> None:
    found = asked(PLACES, 9206, swap=swap)
    assert (found.epsg, found.share, found.rows, found.by_commune, found.swapped) == (9206, 1.0, 36, True, swap)
    assert found.scores[0] == (9206, 1.0)
    assert found.scores[1][1] == 0
    axes = ", X being the northing" if swap else ""
    assert str(found) == (
        f"EPSG:9206 (VN-2000 TM-3, central meridian 104°00′, Sơn La){axes}: 100 % of 36 rows lie in their declared "
        "commune (tried: EPSG:9206 100 %)"
    )


def test_below_four_fifths_nothing_is_answered_but_the_scores() -> None:
    wrong = PLACES.copy()
    wrong[:8] += 0.15  # 8 of 36: 78 % right
    found = asked(wrong, 9206)
    assert found.epsg is None
    assert found.scores[0] == (9206, 28 / 36)
    assert str(found) == "no system puts 80 % of 36 rows in their declared commune (best: EPSG:9206 78 %)"
    wrong[0] -= 0.15  # 7 of 36: 81 % right
    assert asked(wrong, 9206).epsg == 9206


def test_a_datum_apart_is_not_told_by_rows_far_from_any_border() -> None:
    for epsg in (3405, 32648):
        found = asked(PLACES, epsg)
        assert found.epsg is None
        assert str(found).startswith("36 rows do not tell which system they are in")
        assert {3405, 32648} <= {code for code, share in found.scores if share == 1}


def along_borders(metres: float) -> tuple[NDArray[np.float64], gpd.GeoSeries]:
    """Return 36 places in each square, so far from each of its sides, and the squares they declare."""
    near = metres / 107_000
    frame = [(x, y) for a in np.linspace(near, 0.1 - near, 9) for x, y in ((a, near), (a, 0.1 - near))]
    frame = np.vstack([frame, np.array(frame)[:, ::-1]])
    places = np.vstack([np.add(frame, [103.6 + 0.1 * i, 21.3]) for i in range(4)])
    return places, gpd.GeoSeries(np.repeat(np.array(SQUARES, dtype=object), len(frame)), crs=4326)


@pytest.mark.parametrize("epsg", [3405, 5897, 32648])
def test_a_datum_apart_is_told_by_rows_along_the_borders(epsg: int) -> None:
    places, declared = along_borders(50)  # the datums lie 223 m apart
    assert asked(places, epsg, declared).epsg == epsg


def test_rows_that_rule_out_all_but_hanoi_72_do_not_tell() -> None:
    places, declared = along_borders(400)
    found = asked(places, 5897, declared)  # 240 m from Hanoi-72, 700 m from 3405
    assert found.epsg is None
    assert [code for code, share in found.scores if share == 1] == [5897, 2044]


@pytest.mark.parametrize(("metres", "said"), [(1_100, "do not tell"), (50, "Hanoi-72, which cannot")])
def test_hanoi_72_without_its_zone_is_not_taken_for_a_neighbour(metres: float, said: str) -> None:
    places, declared = along_borders(metres)
    lat, lon = HANOI.transform(*places.T[::-1], direction="INVERSE")
    found = infer_system(*Proj("+proj=tmerc +lon_0=105 +x_0=500000 +ellps=krass")(lon, lat), declared, AREA)
    assert found.epsg is None
    assert 2044 in [code for code, share in found.scores if share == 1]
    assert said in str(found)


def test_rows_without_metres_or_commune_have_no_say() -> None:
    places, declared = PLACES.copy(), DECLARED.copy()
    places[:10] = np.nan
    declared[30:] = None
    found = asked(places, 9206, declared)
    assert (found.epsg, found.share, found.rows) == (9206, 1.0, 20)


def test_two_rows_are_too_few_and_three_may_do() -> None:
    few = asked(PLACES[:2], 9206, DECLARED[:2])
    assert (few.epsg, few.rows, few.scores) == (None, 2, ())
    assert "too few" in str(few)
    assert asked(PLACES[:3], 9206, DECLARED[:3]).epsg == 9206


def test_without_declared_communes_the_area_answers_only_where_one_system_fits() -> None:
    nowhere = gpd.GeoSeries([None] * 36, crs=4326)
    found = asked(PLACES, 9206, nowhere)
    assert (found.epsg, found.by_commune) == (9206, False)
    assert "the communes of the study" in str(found)
    assert asked(PLACES, 3405, nowhere).epsg is None
    one_place = PLACES[:9]
    wide = shapely.box(102, 20, 107, 23)
    found = infer_system(*from_wgs84(*one_place.T, 9206), nowhere[:9], wide)
    assert (found.epsg, found.scores[1][1]) == (None, 1.0)


def test_without_declared_communes_a_second_system_at_four_fifths_is_one_too_many() -> None:
    row = np.column_stack([np.linspace(105.01, 106.99, 80), np.full(80, 21.5)])
    nowhere, strip = gpd.GeoSeries([None] * 80, crs=4326), shapely.box(105, 21, 107, 22)
    found = infer_system(*from_wgs84(*row.T, 9212), nowhere, strip)
    assert found.epsg is None
    assert found.scores[0] == (9212, 1.0)  # a quarter of a degree from 9211 and from 9213: an eighth of the strip
    assert [share for _, share in found.scores[1:3]] == pytest.approx([7 / 8, 7 / 8], abs=0.02)


def test_a_long_table_is_judged_by_a_sample_that_is_always_the_same() -> None:
    places, declared = np.tile(PLACES, (1_000, 1)), DECLARED.iloc[np.tile(np.arange(36), 1_000)]
    wrong = places.copy()
    wrong[::6] += 0.15
    found = asked(wrong, 9206, declared)
    assert (found.epsg, found.rows) == (9206, MOST_ROWS)
    assert found.share == pytest.approx(5 / 6, abs=0.02)
    assert found == asked(wrong, 9206, declared)


def spread(communes: gpd.GeoSeries, each: int, draw: np.random.Generator) -> NDArray[np.float64]:
    """Return random places inside every commune, those of one commune together."""
    places = []
    for shape in communes:
        west, south, east, north = shape.bounds
        tries = np.column_stack([draw.uniform(west, east, 60 * each), draw.uniform(south, north, 60 * each)])
        places.append(tries[shapely.contains_xy(shape, *tries.T)][:each])
    return np.vstack(places)


@pytest.mark.parametrize("wrong", [0.0, 0.05, 0.15])
@pytest.mark.parametrize("name", ["son_la", "dien_bien"])
def test_real_communes_moved_into_every_system_are_found_or_refused(name: str, wrong: float) -> None:
    path = DATA / f"communes_{name}.gpkg"
    if not path.exists():
        pytest.skip("the real communes are not beside the repository")
    communes, draw = gpd.read_file(path).geometry, np.random.default_rng(2025)
    places = spread(communes, 8, draw)
    declared = communes.repeat(8)
    astray = draw.permutation(len(places))[: round(wrong * len(places))]
    elsewhere, anywhere = np.array_split(astray, 2)
    for epsg in [system.epsg for system in SYSTEMS]:
        moved = places.copy()
        moved[elsewhere] = places[draw.integers(len(places), size=len(elsewhere))]
        moved[anywhere] += draw.uniform(-1, 1, (len(anywhere), 2))
        found = infer_system(*from_wgs84(*moved.T, epsg), declared, None)
        assert found.epsg == epsg or (found.epsg is None and epsg not in ON_THEIR_OWN_MERIDIAN), found
        assert not found.swapped
        assert found.share >= 0.8
