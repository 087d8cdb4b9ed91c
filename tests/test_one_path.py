"""One path from its ends to what is known of it, over ground that can be worked by hand."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coverage.errors import CoverageError, ModelRangeError
from coverage.layers import lookup
from coverage.one_path import Asked, one_path
from coverage.path_result import OnePath, Place, SiteCell
from coverage.radio.p1812 import path_terms
from coverage.signal.link import Phone
from coverage.study import load_study
from tests.path_world import CELL_M, at, end, flat, write_study


def evaluate(
    folder: Path, first: str, second: str, *, terrain: np.ndarray | None = None, more: str = "", **asked: object
) -> OnePath:
    study = load_study(write_study(folder, terrain, more=more))
    return one_path(study, first, second, Asked(**asked))  # type: ignore[arg-type]


def test_flat_ground_ten_km_long_has_the_losses_of_flat_ground(tmp_path: Path) -> None:
    found = evaluate(tmp_path, end(15, 20, 40), end(15, 120, 10), freq_mhz=900.0)
    # The grid's scale is 0.9999 near its meridian, 104°: 10 km on it are 10.0010 km.
    assert found.length_km == pytest.approx(10.0010, abs=0.0001)
    assert {end.ground_m for end in found.ends} == {500.0}
    assert found.ends[0].azimuth_deg == pytest.approx(90, abs=0.2)
    assert found.k == pytest.approx(157 / (157 - 50))
    # 30 m down over 10 km, and the Earth 10² / 2 / 9348 km = 5.35 m more.
    assert found.ends[0].elevation_deg == pytest.approx(-math.degrees(35.35 / 10_000), abs=0.002)
    assert found.terms is not None
    # 92.4 + 20 log 0.9 + 20 log 10.001
    assert found.terms["Lbfs"] == pytest.approx(111.485, abs=0.002)
    distance_km = np.linspace(0, found.length_km, 101)
    twin = path_terms(
        freq_mhz=900, distance_km=distance_km, terrain_m=np.full(101, 500.0), cover_m=None, zone=np.full(101, 4),
        tx_height_m=40, rx_height_m=10, latitude_deg=at(15, 70)[1], location_sigma_db=5.5, delta_n=50, n0=350,
    )  # fmt: skip
    assert list(found.terms) == list(twin)
    for symbol, value in twin.items():
        assert found.terms[symbol] == pytest.approx(value, abs=0.01), symbol


def test_a_wall_blocks_the_ray_by_what_it_is_higher_and_is_the_horizon_of_both_ends(tmp_path: Path) -> None:
    terrain = flat()
    terrain[:, 70] = 600
    found = evaluate(tmp_path, end(15, 20, 36), end(15, 120, 36), terrain=terrain, freq_mhz=1800.0)
    (wall,) = found.in_zone
    # In the middle of 10 km the Earth of k = 157/107 bulges by 5² / 2 / 9348 km = 1.337 m: the ray runs at 534.663 m.
    assert wall.worst_km == pytest.approx(5.0005, abs=0.0001)
    assert wall.room_m == pytest.approx(534.66 - 600, abs=0.02)
    # √(0.16655 × 5000 × 5000 / 10000) = 20.405 m
    assert wall.depth_m - -wall.room_m == pytest.approx(20.405, abs=0.01)
    assert not found.in_sight
    for horizon in found.horizons:
        assert horizon.distance_km == pytest.approx(5.0, abs=0.002)
    assert found.terms is not None
    assert found.terms["Ld50"] > 20


def test_the_link_goes_down_with_the_loss_and_comes_back_with_the_phone_worked_by_hand(tmp_path: Path) -> None:
    found = evaluate(tmp_path, end(15, 20), end(15, 80), phone=Phone(20.0, 12.0))
    link, terms = found.link, found.terms
    assert link is not None
    assert terms is not None
    assert [(each.height_m, each.height_from) for each in found.ends] == [
        (33.0, "[radio] antenna_height_m"),
        (1.5, "[radio] rx_height_m"),
    ]
    # 4G of 10 MHz: 50 resource blocks of 12 carriers share 62 dBm, 27.78 dB each.
    assert link.reference_dbm == pytest.approx(62 - 10 * math.log10(600))
    # 31.5 m and 1.9 m of bulge down over 6 km are 0.319° below a beam of 10°: 12 (0.0319)² = 0.012 dB.
    assert link.pattern_db == pytest.approx(0.012, abs=0.002)
    assert link.level_dbm == pytest.approx(62 - 27.78 - 0.012 - terms["Lb"], abs=0.01)
    assert (link.weak_dbm, link.margin_db) == (-115, pytest.approx(link.level_dbm + 115))
    assert link.signal == ("good" if link.level_dbm >= -105 else "weak" if link.level_dbm >= -115 else "none")
    assert link.uplink_dbm == pytest.approx(20 + 12 - 0.012 - terms["Lb"], abs=0.01)
    assert link.uplink_margin_db == pytest.approx(link.uplink_dbm + 101.5)


def site(lon: float, lat: float) -> Place:
    north = SiteCell("N", "viettel", "4g", 1800, 10, 62, 33, 0, 4, 65)
    cells = (north, replace(north, cell_id="E", azimuth_deg=122.5), replace(north, cell_id="2G", technology="2g"))
    return Place("S1", "site", lon, lat, cells=cells)


def test_a_site_sends_with_the_cell_that_points_best_from_whichever_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "find_place", lambda study, name: site(*at(15, 20)))
    there = evaluate(tmp_path, "S1", end(15, 80))
    back = evaluate(tmp_path, end(15, 80), "S1")
    assert there.link is not None
    assert back.link is not None
    assert (there.link.station, back.link.station) == (0, 1)
    # East is 32.5° off the second sector of 65°: half power, 3 dB; the first looks away.
    assert there.link.cell.cell_id == back.link.cell.cell_id == "E"
    assert there.link.aside_db == pytest.approx(3.0, abs=0.05)
    # Tilted by 4°, seen 0.32° down: 12 (3.68 / 10)² = 1.63 dB
    assert there.link.tilt_db == pytest.approx(1.63, abs=0.03)
    assert there.link.pattern_db == pytest.approx(there.link.aside_db + there.link.tilt_db)
    assert there.link.level_dbm == pytest.approx(back.link.level_dbm, abs=0.2)
    gsm = evaluate(tmp_path, "S1", end(15, 80), technology="2g")
    assert gsm.link is not None
    assert (gsm.link.cell.cell_id, gsm.link.phone_dbm) == ("2G", 30.0)
    with pytest.raises(CoverageError, match="S1: no cell of vnpt with any technology; it has viettel 2g, viettel 4g"):
        evaluate(tmp_path, "S1", end(15, 80), operator="vnpt")


def test_a_hop_says_how_high_its_masts_must_be(tmp_path: Path) -> None:
    terrain = flat()
    terrain[:, 118:123] = 530
    found = evaluate(tmp_path, end(15, 20, 36), end(15, 220 - 1, 36), terrain=terrain, hop=True, freq_mhz=7000.0)
    assert found.hop is not None
    assert found.terms is None
    median, low, tropical = found.hop.clearances
    assert [(each.k, each.asked_f1) for each in found.hop.clearances] == [
        (pytest.approx(4 / 3), 0.6),
        (pytest.approx(2 / 3), 0.0),
        (pytest.approx(2 / 3), 0.6),
    ]
    # 19.9 km. At its middle, where the plateau lies, the Earth bulges by 9.95² / 2 / 8494.667 km = 5.83 m, the zone is
    # √(0.0428275 × 9950 × 9950 / 19900) = 14.60 m wide: 0.6 of it and the bulge leave 536 - 14.59 = 521.41 m.
    assert median.heights_both_m[0] == pytest.approx(36 + 530 - 521.41, abs=0.05)
    assert median.height_first_m == pytest.approx(36 + 2 * (530 - 521.41), abs=0.6)
    assert (median.kept, found.hop.clear) == (False, False)
    # With k = 2/3 it bulges by 11.65 m: the ray at 524.35 m is below the plateau.
    assert low.least_f1 == pytest.approx((524.35 - 530) / 14.60, abs=0.01)
    assert tropical.heights_both_m[1] == pytest.approx(36 + 530 - 524.35 + 0.6 * 14.60, abs=0.05)
    # 32.4 + 20 log 7000 + 20 log 19.9
    assert found.hop.free_space_db == pytest.approx(135.32, abs=0.05)
    higher = evaluate(tmp_path, end(15, 20, 45), end(15, 219, 45), terrain=terrain, hop=True, freq_mhz=7000.0)
    assert higher.hop is not None
    assert higher.hop.clear


@pytest.mark.compiled
def test_the_path_has_the_loss_that_the_map_has_along_the_line_to_a_pixel(tmp_path: Path) -> None:
    from coverage.radio.pathwise import Setting, exact_losses_db
    from coverage.radio.radial import Mast

    random = np.random.default_rng(7)
    terrain = (600 + 12 * np.cumsum(np.cumsum(random.normal(0, 0.05, flat().shape), 0), 1)).astype(np.float32)
    rows, cols = np.array([15, 12, 18]), np.array([90, 70, 150])
    mast = Mast(terrain, np.zeros((0, 0), np.float32), 15, 40, 33.0, 1.5, CELL_M / 1000)
    setting = Setting(21.3, 50.0, True, 50.0, 350.0, 50.0, 5.5)
    mapped = exact_losses_db(mast, setting, 1.8, rows, cols, np.zeros(3))
    for row, col, loss_db, within in zip(rows, cols, mapped, (0.02, 0.02, 0.02), strict=True):
        found = evaluate(tmp_path, end(15, 40, 33), end(row, col, 1.5), terrain=terrain, freq_mhz=1800.0)
        assert found.terms is not None
        assert found.terms["Lb"] == pytest.approx(loss_db, abs=within)


@pytest.mark.parametrize("model", ["free_space", "itm", "hata", "tr38901_rma"])
def test_the_level_is_by_the_model_of_the_study_and_the_terms_by_p1812(tmp_path: Path, model: str) -> None:
    found = evaluate(tmp_path, end(15, 20), end(15, 60), more=f'[radio]\nmodel = "{model}"\n', freq_mhz=900.0)
    assert found.link is not None
    assert found.terms is not None
    assert found.link.model == model
    if model == "free_space":
        # to the middle of the pixel, 4 km on the grid
        assert found.link.loss_db == pytest.approx(32.45 + 20 * math.log10(900) + 20 * math.log10(4), abs=0.02)
    assert found.link.loss_db > found.terms["Lbfs"] - 0.1


def test_land_cover_stands_on_the_ground_and_its_part_of_the_loss_is_said(tmp_path: Path) -> None:
    import rasterio
    from affine import Affine

    from tests.path_world import COLS, NORTH, ROWS, WEST

    codes = np.full((ROWS, COLS), 30, dtype=np.uint8)
    codes[:, 60:64] = 10  # trees, 15 m by table 2 of P.1812-8
    with rasterio.open(
        tmp_path / "cover.tif", "w", driver="GTiff", width=COLS, height=ROWS, count=1, dtype="uint8", crs="EPSG:9206",
        transform=Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH),
    ) as file:  # fmt: skip
        file.write(codes, 1)
    study = load_study(write_study(tmp_path))
    study = study.model_copy(update={"layers": study.layers.model_copy(update={"land_cover": "cover.tif"})})
    found = one_path(study, end(15, 20, 10), end(15, 80, 1.5), Asked(freq_mhz=1800.0))
    assert found.profile.cover_m is not None
    assert found.profile.cover_m.max() == 15
    assert found.cover_db is not None
    assert found.cover_db > 5
    assert any(each.from_km <= 4.2 <= each.to_km for each in found.in_zone)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (end(15, 20), end(15, 20, 5), "the same point"),
        (end(15, 20), "106.9,21.3", "106.9,21.3: .*lies outside the terrain terrain.tif"),
        (end(15, 20), end(15, 100), "lies in a void of the terrain terrain.tif"),
        (
            end(15, 20),
            end(15, 150),
            r"a void of the terrain terrain.tif between km 7\.\d+ and 8\.\d+; exp",
        ),
    ],
)
def test_ends_without_ground_are_said_in_one_line(tmp_path: Path, first: str, second: str, said: str) -> None:
    terrain = flat()
    terrain[:, 96:104] = np.nan
    with pytest.raises(CoverageError, match=said) as caught:
        evaluate(tmp_path, first, second, terrain=terrain)
    assert len(str(caught.value).splitlines()) == 1


def test_a_void_that_the_study_fills_is_no_obstacle_to_looking(tmp_path: Path) -> None:
    terrain = flat()
    terrain[10:20, 96:104] = np.nan
    found = evaluate(tmp_path, end(15, 20), end(15, 150), terrain=terrain, more="fill_voids_m = 2000\n", freq_mhz=900.0)
    np.testing.assert_allclose(found.profile.ground_m, 500, atol=1e-3)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"freq_mhz": 9e12}, "freq_mhz = 9000000000000.0 .*expected 30 to 6000 MHz"),
        ({"freq_mhz": -1.0}, "freq_mhz"),
        ({"hop": True, "freq_mhz": 5e8}, "500000 GHz; expected 1 to 100 GHz"),
    ],
)
def test_an_absurd_frequency_is_said_in_one_line(tmp_path: Path, asked: dict[str, object], said: str) -> None:
    with pytest.raises(CoverageError, match=said):
        evaluate(tmp_path, end(15, 20), end(15, 80), **asked)


def test_a_path_shorter_than_p1812_goes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRangeError, match=r"0\.25 to 3000 km"):
        evaluate(tmp_path, end(15, 20), end(15, 21))


def test_a_truncated_terrain_is_said_in_one_line(tmp_path: Path) -> None:
    study = load_study(write_study(tmp_path))
    whole = (tmp_path / "terrain.tif").read_bytes()
    (tmp_path / "terrain.tif").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CoverageError, match="cannot be read to its end") as caught:
        one_path(study, end(25, 20), end(25, 80))
    assert len(str(caught.value).splitlines()) == 1
