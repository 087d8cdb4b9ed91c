import dataclasses

import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal

from coverage.columns.plans import RANKED_SITES
from coverage.columns.words import TECHNOLOGIES
from coverage.planning import ranking
from coverage.planning.candidates import existing_positions
from coverage.planning.demand import unserved
from coverage.planning.gather import find_candidates
from tests.planning.world import (
    CRS_M,
    GRID,
    at,
    cell,
    flat,
    frame,
    layers,
    line,
    lines,
    silent,
    study,
    village,
    villages,
)


def rank_sites(world, signal, people, settings):
    return ranking.rank_sites(dataclasses.replace(world, villages=people), signal, people, settings).sites


# A village in the open east of a mast without 4G, and one behind a wall 300 m high.
WALL = flat()
WALL[:, 25] = 800
OPEN, HIDDEN = village("a", at(2050, 2050), 40), village("b", at(3050, 2050), 30, status="weak")
MAST = cell("S1", at(1050, 2050), "2g")


def test_the_upgrade_that_serves_everybody_is_all_there_is_to_build():
    people = villages(OPEN, village("c", at(1550, 2550), 20, status="weak"))
    found = rank_sites(layers(cells=[MAST]), silent(), people, study())
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["rank"], row["site_id"], row["kind"], row["technology"], row["height_m"]) == (
        1,
        "S1",
        "upgrade",
        "4g",
        30,
    )
    assert (row["new_households"], row["new_households_dead"], row["new_households_weak"]) == (60, 40, 20)
    assert (row["cost_low_usd"], row["cost_central_usd"], row["cost_high_usd"]) == (8_000, 12_000, 20_000)
    assert (row["villages"], row["village_ids"], row["households_per_1000_usd"]) == ("Bản a; Bản c", "a; c", 5)
    assert (row["commune_code"], row["commune_name"], row["terrain_m"]) == ("03646", "Tây", 500)
    assert (row["backhaul"], row["cumulative_households"]) == ("existing", 60)
    assert pd.isna(row["road_km"])
    assert pd.isna(row["power_km"])
    assert row["geometry"].equals(MAST["geometry"])
    # From (103.914, 21.327) at E 490883, N 2359155: 9.83 km west at 103.75 km per degree, 17.11 km south at 110.75.
    assert (row["lon"], row["lat"]) == pytest.approx((103.8192, 21.1726), abs=3e-4)
    assert found.crs == CRS_M
    assert row["reason"] == (
        "Serves 60 households without signal (40 in dead villages, 20 in weak ones), 5.0 per 1,000 USD: "
        "adds 4G of Viettel to a standing mast; transmission is there."
    )
    RANKED_SITES.schema().validate(found)


def test_a_village_behind_a_wall_needs_a_mast_of_its_own_and_households_count_once():
    found = rank_sites(layers(cells=[MAST], terrain_m=WALL), silent(), villages(OPEN, HIDDEN), study())
    assert found["kind"].tolist() == ["upgrade", "new"]
    assert found["village_ids"].tolist() == ["a", "b"]
    assert found["new_households"].tolist() == [40, 30]
    assert found["cumulative_households"].tolist() == [40, 70]
    new = found.iloc[1]
    assert new["site_id"].startswith("N-0")
    assert new["height_m"] == 36
    assert new["new_households_weak"] == 30
    # No road or power layer: their cost is not in it. S1 is on the air and takes a hop of less than 15 km, if in sight.
    hop = 30_000 if new["backhaul"] == "microwave" else 0
    assert new["cost_central_usd"] == 40_000 + hop
    assert "not in the cost for want of data: access, power" in new["reason"]


def test_with_nothing_but_people_on_a_plain_the_mast_stands_in_the_village():
    found = rank_sites(layers(), silent(), villages(OPEN), study())
    row = found.iloc[0]
    assert (row["site_id"], row["kind"], row["cost_central_usd"], row["backhaul"]) == (
        "N-001",
        "new",
        40_000,
        "unknown",
    )
    assert row["geometry"].equals(OPEN["geometry"])
    assert row["reason"].endswith("a new mast; not in the cost for want of data: access, power, backhaul.")
    vietnamese = study().model_copy(update={"study": study().study.model_copy(update={"language": "vi"})})
    assert rank_sites(layers(), silent(), villages(OPEN), vietnamese)["reason"].iloc[0] == (
        "Phủ sóng mới cho 40 hộ (40 hộ ở thôn/bản trắng sóng, 0 hộ ở thôn/bản lõm sóng), 1,0 hộ trên 1.000 USD: "
        "trạm mới; chưa tính vào chi phí do thiếu dữ liệu: đường vào trạm, nguồn điện, truyền dẫn."
    )


def test_a_site_beside_road_power_and_fiber_beats_one_that_must_build_them():
    world = layers(
        roads=lines(line((0, 2050), (1050, 2050))),
        power_lines=lines(line((0, 2050), (1050, 2050))),
        fiber_routes=lines(line((0, 2050), (1050, 2050))),
        candidates=frame(
            [
                {"site_id": "P-far", "height_m": 36.0, "geometry": at(2050, 2050)},
                {"site_id": "P-near", "height_m": 36.0, "geometry": at(1050, 2050)},
                {"site_id": "P-off", "height_m": 36.0, "geometry": at(-9000, 2050)},
            ],
            ["site_id", "height_m"],
        ),
    )
    found = rank_sites(world, silent(), villages(village("a", at(1550, 2050), 40)), study(spacing_m=9000))
    assert found["site_id"].tolist() == ["P-near"]
    assert found["cost_central_usd"].tolist() == [40_000]
    far = rank_sites(
        dataclasses.replace(world, candidates=world.candidates[:1]),
        silent(),
        villages(village("a", at(1550, 2050), 40)),
        study(spacing_m=9000),
    ).iloc[0]
    # 1 km of track (10,000) and of fiber (10,000); solar (9,000) instead of 1 km of line (15,000).
    assert far["cost_central_usd"] == 40_000 + 10_000 + 10_000 + 9_000
    assert (far["road_km"], far["power_km"], far["backhaul"], far["backhaul_km"]) == (1, 1, "fiber", 1)
    assert far["reason"].endswith(
        "a new mast where the planner proposes one; 1.0 km of fiber; solar power; a road 1.0 km away."
    )


def test_the_ranking_ends_where_the_budget_does():
    world, people = layers(cells=[MAST], terrain_m=WALL), villages(OPEN, HIDDEN)
    assert rank_sites(world, silent(), people, study(budget_usd=12_000))["site_id"].tolist() == ["S1"]
    assert len(rank_sites(world, silent(), people, study(sites=1))) == 1
    assert len(rank_sites(world, silent(), people, study(budget_usd=11_999))) == 0


def test_an_empty_ranking_has_all_its_columns():
    deaf = study().model_copy(
        update={
            "technologies": {n: study().technologies[n].model_copy(update={"eirp_dbm": -99.0}) for n in TECHNOLOGIES}
        }
    )
    covered = silent(**{"4g": np.full(GRID.shape, -80.0)})
    nothing = np.full(GRID.shape, np.nan, dtype=np.float32)
    for found in (
        rank_sites(layers(cells=[MAST]), covered, villages(OPEN), study()),
        rank_sites(layers(cells=[MAST]), silent(), villages(), study()),
        rank_sites(layers(cells=[MAST]), silent(), villages(OPEN), deaf),
        rank_sites(layers(cells=[MAST]), silent(), villages(OPEN), study(budget_usd=1)),
        rank_sites(layers(cells=[MAST], terrain_m=nothing), silent(), villages(OPEN), study()),
    ):
        assert list(found.columns) == [*RANKED_SITES.names, "village_ids", "geometry"]
        assert len(found) == 0
        assert found.crs == CRS_M
        RANKED_SITES.schema().validate(found)


def test_new_positions_keep_their_distance_and_never_take_the_name_of_another():
    rng = np.random.default_rng(11)
    terrain = (500 + 200 * rng.random(GRID.shape)).astype(np.float32)
    people = villages(*(village(str(i), at(*place), 10) for i, place in enumerate(rng.random((9, 2)) * 4000)))
    world = layers(cells=[cell("N-001", at(150, 150), "4g"), MAST], terrain_m=terrain)
    demand = unserved(world, silent(), people, study())
    settings = study(heights_m=(24.0, 36.0), max_candidates=7)
    found = find_candidates(world, existing_positions(world.cells), demand, settings).candidates
    new = found.take(found.kind == "new")
    assert len(new) > 2
    assert sorted(set(new.site_id)) == [f"N-{number:03d}" for number in range(2, 2 + len(new) // 2)]
    assert new.height_m.tolist() == [24.0] * (len(new) // 2) + [36.0] * (len(new) // 2)
    xy = np.column_stack([new.x_m, new.y_m])[: len(new) // 2]
    masts = np.array([[point.x, point.y] for point in world.cells.geometry])
    apart = np.hypot(*(xy[:, None] - np.concatenate([xy, masts])[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert apart.min() >= 1000


def test_the_ranking_is_the_same_on_any_number_of_threads():
    rng = np.random.default_rng(5)
    terrain = (500 + 200 * rng.random(GRID.shape)).astype(np.float32)
    people = villages(*(village(str(i), at(*place), 10 + i) for i, place in enumerate(rng.random((15, 2)) * 4000)))
    world = layers(cells=[MAST], terrain_m=terrain)
    one, two = (rank_sites(world, silent(), people, study().model_copy(update={"threads": n})) for n in (1, 2))
    assert len(one) > 1
    assert_geodataframe_equal(one, two)
    assert one["cumulative_households"].tolist() == one["new_households"].cumsum().tolist()
