"""Ten villages one can count by hand, in two communes and one more that is empty."""

import pandas as pd
import pytest
from shapely import LineString, box

from coverage.places.communes import assess_communes
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
            "people": 4 * households, "has_power": power,
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
    return (
        assessed,
        summed,
        indicators(world, signal, assessed, summed, settings).set_index(
            ["indicator", "area", "technology", "operator"]
        ),
    )


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
