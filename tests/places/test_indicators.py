"""Ten villages one can count by hand, in two communes and one more that is empty."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, box

from coverage.outputs.tables import table_csv, village_columns
from coverage.places.communes import assess_communes, assess_former_communes
from coverage.places.counts import cut, measured
from coverage.places.indicators import indicators
from coverage.places.villages import assess_villages
from tests.worlds import NORTH, WEST, cell, grid, layers, painted, route, study

# Level of 4G by column: good to column 9, weak to 19, none from 20 on. 2G everywhere, but it is switched off.
COLUMN = {"covered": 2, "weak": 12, "dead": 25}
PLAN = [  # commune, what the centre makes of it, households, grid power
    ("03646", "covered", 100, True),
    ("03646", "covered", 50, True),
    ("03646", "weak", 30, True),
    ("03646", "dead", 20, False),
    ("03646", "dead", 10, True),
    ("03664", "covered", 40, True),
    ("03664", "covered", 60, None),
    ("03664", "weak", 25, False),
    ("03664", "dead", 15, True),
    ("03664", None, 5, True),  # no point
]


@pytest.fixture(scope="module")
def tables():
    where = grid()
    west, south, east, north = where.bounds
    communes = [
        {"code": "03646", "name": "Tô Hiệu", "geometry": box(west, south + 2_000, east, north)},
        {"code": "03664", "name": "Chiềng An", "geometry": box(west, south, east, south + 2_000)},
        {"code": "03670", "name": "Không Bản", "geometry": box(west, south - 9_000, east, south)},
    ]
    villages = [
        {
            "village_id": f"{code}-{n}", "name": f"Bản {n}", "commune_code": code, "households": households,
            "people": 4 * households, "has_power": power, "former_commune": ("Chiềng Lề", "Quyết Thắng", None)[n % 3],
            "x": float("nan") if kind is None else WEST + 100 * COLUMN[kind] + 50,
            "y": NORTH - (1_050 if code == "03646" else 3_050),
        }
        for n, (code, kind, households, power) in enumerate(PLAN)
    ]  # fmt: skip
    signal = painted(where, any_4g=-120, any_2g=-70, viettel_4g=-120, viettel_2g=-70)
    for operator in ("any", "viettel"):
        signal.levels[operator, "4g"][:, :10] = -90
        signal.levels[operator, "4g"][:, 10:20] = -110
    cells = [
        cell(WEST + 50, NORTH - 50, cell_id="1"),
        cell(WEST + 50, NORTH - 50, cell_id="2"),  # another sector of the same station
        cell(WEST + 50, NORTH - 50, cell_id="3", technology="2g"),
        cell(WEST + 50, NORTH - 50, cell_id="4", operator="vnpt"),
        cell(WEST + 950, NORTH - 50, site_id="B", cell_id="5"),
    ]
    routes = route(LineString([(WEST, NORTH - 1_050), (WEST + 400, NORTH - 1_050)]), length_km=0.5)
    world = layers(where=where, cells=cells, villages=villages, communes=communes, routes=routes)
    settings = study()
    assessed = assess_villages(world, signal, settings)
    summed = assess_communes(world, signal, assessed, settings)
    return Tables(
        assessed,
        summed,
        indicators(world, signal, assessed, summed, settings).set_index(
            ["indicator", "area", "technology", "operator"]
        ),
    )


class Tables(NamedTuple):
    villages: gpd.GeoDataFrame
    communes: gpd.GeoDataFrame
    indicators: pd.DataFrame


def test_communes_are_the_sums_of_their_villages_and_an_empty_one_is_kept(tables) -> None:
    communes = tables[1].set_index("commune_code")
    counts = communes[["villages", "dead", "weak", "covered", "not_assessed", "households", "households_covered"]]
    assert counts.loc["03646"].tolist() == [5, 2, 1, 2, 0, 210, 180]
    assert counts.loc["03664"].tolist() == [5, 1, 1, 2, 1, 145, 125]
    assert counts.loc["03670"].tolist() == [0, 0, 0, 0, 0, 0, 0]


def test_the_centre_of_a_commune_is_its_largest_village_unless_the_layer_says_where(tables) -> None:
    communes = tables[1].set_index("commune_code")
    assert communes["centre_4g"].tolist() == [True, True, pd.NA]
    assert communes["centre_fiber"].tolist() == ["served", "unserved", "not_assessed"]


@pytest.mark.parametrize(
    ("indicator", "technology", "numerator", "denominator"),
    [
        ("villages_assessed", None, 9, 10),
        ("villages_with_signal", "3g+4g+5g", 6, 9),
        ("villages_covered", "3g+4g+5g", 4, 9),
        ("villages_dead", "3g+4g+5g", 3, 9),
        ("villages_weak", "3g+4g+5g", 2, 6),
        ("villages_with_technology", "2g", 9, 9),
        ("villages_with_technology", "4g", 6, 9),
        ("villages_with_technology", "3g/4g", 6, 9),
        ("households_with_signal", "3g+4g+5g", 305, 350),
        ("villages_with_power", None, 6, 8),
        ("villages_dead_with_power", "3g+4g+5g", 2, 3),
        ("villages_with_fiber", None, 2, 9),
        ("villages_near_fiber", None, 1, 9),
        ("households_with_fiber", None, 150, 350),
        ("commune_centres_with_good_4g", "4g", 2, 2),
        ("commune_centres_with_fiber", None, 1, 2),
    ],
)
def test_shares_of_the_province_are_those_counted_by_hand(
    tables, indicator: str, technology: str | None, numerator: int, denominator: int
) -> None:
    row = tables[2].loc[(indicator, "Sơn La", technology or pd.NA, "any")].squeeze()
    assert (row["numerator"], row["denominator"]) == (numerator, denominator)
    assert row["percent"] == pytest.approx(100 * numerator / denominator)


@pytest.mark.parametrize(
    ("indicator", "technology", "operator", "count"),
    [
        ("positions", None, "any", 2),
        ("positions", None, "vnpt", 1),
        ("stations", None, "any", 4),
        ("stations", "4g", "any", 3),
        ("stations", "4g", "viettel", 2),
        ("fiber_routes", None, "any", 1),
        ("fiber_km", None, "any", 0.5),
    ],
)
def test_a_station_counts_per_technology_and_operator_and_a_position_once(
    tables, indicator: str, technology: str | None, operator: str, count: float
) -> None:
    row = tables[2].loc[(indicator, "Sơn La", technology or pd.NA, operator)].squeeze()
    assert row["numerator"] == count
    assert pd.isna(row["percent"])


def test_every_commune_has_its_own_shares_and_an_empty_one_has_no_percent(tables) -> None:
    dead = tables[2].loc["villages_dead"]
    assert dead.xs("03646")["numerator"].tolist() == [2]
    assert dead.xs("03664")["denominator"].tolist() == [4]
    assert dead.xs("03670")["percent"].isna().all()


def test_households_of_communes_villages_and_layer_are_one_sum(tables) -> None:
    assert tables[0]["households"].sum() == tables[1]["households"].sum() == 355


def test_what_lies_of_a_former_commune_in_a_commune_of_today_is_an_area_of_its_own(tables) -> None:
    dead = tables.indicators.loc["villages_dead"].reset_index().set_index("area")
    former = dead[dead["area_kind"] == "former_commune"]
    # villages 0, 3 and 6 were of Chiềng Lề, as 9, which has no point; 1, 4 and 7 of Quyết Thắng; 0 to 4 lie in 03646
    assert former[["area_name", "numerator", "denominator"]].to_dict("index") == {
        "03646/Chiềng Lề": {"area_name": "Chiềng Lề", "numerator": 1, "denominator": 2},
        "03646/Quyết Thắng": {"area_name": "Quyết Thắng", "numerator": 1, "denominator": 2},
        "03664/Chiềng Lề": {"area_name": "Chiềng Lề", "numerator": 0, "denominator": 1},
        "03664/Quyết Thắng": {"area_name": "Quyết Thắng", "numerator": 0, "denominator": 1},
    }


def test_stations_and_fiber_are_counted_in_the_commune_they_lie_in(tables) -> None:
    found = tables.indicators["numerator"]
    assert [found["stations", code, pd.NA, "any"] for code in ("03646", "03664")] == [4, 0]
    assert [found["stations", "03646", "4g", operator] for operator in ("any", "viettel", "vnpt")] == [3, 2, 1]
    assert [found["positions", code, pd.NA, "any"] for code in ("03646", "03664")] == [2, 0]
    assert [found["fiber_km", code, pd.NA, "any"] for code in ("03646", "03664")] == [0.5, 0]


def test_a_route_across_a_border_is_shared_out_and_its_stated_length_kept() -> None:
    where = grid()
    west, south, east, north = where.bounds
    halves = [box(west, south, west + 1_000, north), box(west + 1_000, south, east, north)]
    communes = [{"code": f"0364{n}", "name": f"{n}", "geometry": half} for n, half in enumerate(halves)]
    routes = route(LineString([(west + 250, north - 50), (west + 1_750, north - 50)]), length_km=3.0)  # 1.5 km as drawn
    world = layers(where=where, communes=communes, routes=routes)
    pieces = cut(measured(world.fiber_routes), world.communes)
    assert pieces[["commune", "length_km"]].values.tolist() == [[0, 1.5], [1, 1.5]]


def test_indicators_of_villages_can_be_counted_again_from_villages_csv_alone(tables) -> None:
    signal = painted(grid(), any_4g=-120, viettel_4g=-120)
    text = table_csv(tables.villages, village_columns(signal)).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    areas: dict[str, Callable[[dict[str, str]], bool]] = {"Sơn La": lambda row: True}
    for row in rows:
        code, former = row["commune_code"], row["former_commune"]
        areas[code] = lambda row, code=code: row["commune_code"] == code
        if former:
            areas[f"{code}/{former}"] = lambda row, code=code, former=former: (
                (row["commune_code"], row["former_commune"]) == (code, former)
            )
    compared = 0
    for area, inside in areas.items():
        for indicator, technology, operator, numerator, denominator in counted([row for row in rows if inside(row)]):
            found = tables.indicators.loc[(indicator, area, technology or pd.NA, operator)].squeeze()
            assert (found["numerator"], found["denominator"]) == (numerator, denominator), (indicator, area)
            compared += 1
    assert compared == 7 * (11 + 2 * 6)


def counted(rows: list[dict[str, str]]) -> list[tuple[str, str, str, float, float]]:
    """The indicators of some villages, in plain Python."""
    weak_dbm = {"2g": -105, "3g": -110, "4g": -115, "5g": -115}
    assessed = [row for row in rows if row["status"] != "not_assessed"]
    n, now = len(assessed), "3g+4g+5g"

    def villages(of: list[dict[str, str]], **values: str) -> int:
        return sum(all(row[name] == value for name, value in values.items()) for row in of)

    def households(of: list[dict[str, str]], column: str = "households") -> int:
        return sum(int(row[column] or 0) for row in of)

    dead = villages(assessed, status="dead")
    found: list[tuple[str, str, str, float, float]] = [
        ("villages_assessed", "", "any", n, len(rows)),
        ("villages_with_signal", now, "any", n - dead, n),
        ("villages_covered", now, "any", villages(assessed, status="covered"), n),
        ("villages_dead", now, "any", dead, n),
        ("villages_weak", now, "any", villages(assessed, status="weak"), n - dead),
        ("households_with_signal", now, "any", households(assessed, "households_covered"), households(assessed)),
        ("villages_with_power", "", "any", villages(assessed, has_power="true"),
         sum(row["has_power"] != "" for row in assessed)),
        ("villages_dead_with_power", now, "any", villages(assessed, status="dead", has_power="true"), dead),
    ]  # fmt: skip
    lit = [row for row in rows if row["fiber"] != "not_assessed"]
    served = [row for row in lit if row["fiber"] == "served"]
    found += [
        ("villages_with_fiber", "", "any", len(served), len(lit)),
        ("villages_near_fiber", "", "any", villages(lit, fiber="near"), len(lit)),
        ("households_with_fiber", "", "any", households(served), households(lit)),
    ]
    for operator in ("any", "viettel"):
        for several in ("2g", "3g", "4g", "5g", "3g/4g", "2g/3g/4g/5g"):
            has = [
                any(
                    row[name := f"{operator}_{technology}_dbm"] != "" and float(row[name]) >= weak_dbm[technology]
                    for technology in several.split("/")
                )
                for row in assessed
            ]
            found.append(("villages_with_technology", several, operator, sum(has), n))
    return found


def test_the_centres_of_former_communes_are_looked_at_each_under_its_commune_of_today() -> None:
    where, west, north = grid(), WEST, NORTH
    signal = painted(where, any_3g=-140, any_4g=-120)
    signal.levels["any", "4g"][:, :10] = -90
    signal.levels["any", "3g"][:, 10:20] = -105
    places = [west + 50, west + 1_050, west + 2_550, west - 500]  # good 4G, weak 3G, nothing, off the grid
    former = gpd.GeoDataFrame(
        {
            "former_code": ["03600", "03601", "03602", "03603"], "former_name": list("ABCD"), "former_district": "Z",
            "commune_code": "03646", "commune_name": "Tô Hiệu", "lon": 104.0, "lat": 21.0,
        },
        geometry=gpd.points_from_xy(places, [north - 50] * 4), crs=where.crs,
    )  # fmt: skip
    world = replace(layers(where=where, cells=[cell(west, north)]), former_communes=former)
    found = assess_former_communes(world, signal, study())
    assert found["centre_4g"].tolist() == [True, False, False, pd.NA]
    assert found["centre_3g_4g"].tolist() == [True, True, False, pd.NA]
    nobody = assess_villages(world, signal, study())
    shares = indicators(world, signal, nobody, assess_communes(world, signal, nobody, study()), study(), former=found)
    row = shares[shares["indicator"] == "former_centres_with_signal"].squeeze()
    assert (row["numerator"], row["denominator"], row["area_kind"]) == (2, 3, "province")


def test_communes_of_before_july_2025_have_no_former_ones() -> None:
    world = layers(cells=[cell(WEST, NORTH)])
    assert assess_former_communes(world, painted(grid(), any_4g=-90), study()).empty
