from dataclasses import replace

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio.antenna import Pattern
from coverage.radio.clutter import WORLDCOVER
from coverage.signal.network import ground_of, masts_of, predict
from tests.worlds import NORTH, WEST, cell, layers, study

NEAR = {"technologies": {name: {"max_radius_km": 2.0} for name in ("2g", "3g", "4g", "5g")}}


def middle(row: int, col: int) -> tuple[float, float]:
    return WEST + 100 * col + 50, NORTH - 100 * row - 50


def test_cells_on_one_pixel_at_one_height_are_one_mast() -> None:
    cells = [
        cell(*middle(5, 5), cell_id="1"),
        cell(*middle(5, 5), cell_id="2", technology="2g", freq_mhz=900.0, bandwidth_mhz=0.2),
        cell(*middle(5, 5), cell_id="3", height_m=45.0),
        cell(*middle(9, 5), cell_id="4"),
    ]
    masts = masts_of(layers(cells=cells), study())
    assert [(mast.row, mast.col, mast.height_m, len(mast.cells)) for mast in masts] == [
        (5, 5, 33.0, 2),
        (5, 5, 45.0, 1),
        (9, 5, 33.0, 1),
    ]


def test_a_cell_without_an_azimuth_is_omnidirectional_and_takes_the_studys_beam() -> None:
    (mast,) = masts_of(layers(cells=[cell(*middle(5, 5))]), study(radio={"beamwidth_deg": 70}))
    (found,) = mast.cells
    assert np.isnan(found.azimuth_deg)
    assert (found.beamwidth_deg, found.tilt_deg) == (70.0, 0.0)
    assert found.power_dbm == pytest.approx(62 - 27.782, abs=1e-3)  # 10 MHz: 600 resource elements


def test_a_cell_that_names_a_pattern_is_given_it_and_one_of_an_unknown_name_is_a_sector() -> None:
    cuts = ((0.0, 0.0), (180.0, 20.0)), ((0.0, 0.0), (180.0, 20.0))
    cells = [cell(*middle(5, 5), antenna=name) for name in ("a.msi", "b.msi")] + [cell(*middle(5, 5))]
    (mast,) = masts_of(replace(layers(cells=cells), antennas={"a.msi": cuts}), study())
    assert [found.pattern for found in mast.cells] == [Pattern(*cuts), None, None]


def test_any_operator_is_the_best_of_all_and_names_the_cell_that_serves() -> None:
    signal = predict(
        layers(cells=[cell(*middle(20, 5)), cell(*middle(20, 35), operator="vnpt", cell_id="B1")]), study(**NEAR)
    )
    viettel, vnpt, best = (signal.levels[name, "4g"] for name in ("viettel", "vnpt", "any"))
    np.testing.assert_array_equal(best, np.fmax(viettel, vnpt))
    assert signal.servers["4g"][20, 6] == 0
    assert signal.servers["4g"][20, 34] == 1
    assert signal.servers["4g"][0, 20] == -1
    assert signal.operators == ("viettel", "vnpt")


def test_of_two_equal_cells_the_first_in_the_layer_serves_whichever_is_computed_first() -> None:
    cells = [cell(*middle(20, 20), height_m=45.0), cell(*middle(20, 20), operator="vnpt", height_m=45.0)]
    for order in (cells, cells[::-1]):
        assert set(np.unique(predict(layers(cells=order), study(**NEAR)).servers["4g"])) == {-1, 0}


def test_one_thread_and_two_give_the_same_bytes() -> None:
    cells = [cell(*middle(r, c), cell_id=f"{r}-{c}", azimuth_deg=40.0 * r) for r in (3, 9, 30) for c in (4, 20, 36)]
    terrain = np.random.default_rng(1).uniform(300, 900, (40, 40)).astype(np.float32)
    one, two = (predict(layers(cells=cells, terrain_m=terrain), study(threads=n, **NEAR)) for n in (1, 2))
    assert one.levels.keys() == two.levels.keys()
    for key, level in one.levels.items():
        assert level.tobytes() == two.levels[key].tobytes()
    assert one.servers["4g"].tobytes() == two.servers["4g"].tobytes()


def test_missing_terrain_marks_what_lies_behind_it_as_void() -> None:
    terrain = np.full((40, 40), 500, dtype=np.float32)
    terrain[:, 25] = np.nan
    signal = predict(layers(cells=[cell(*middle(20, 20))], terrain_m=terrain), study(**NEAR))
    assert signal.voids["4g"][20, 30]
    assert not signal.voids["4g"][20, 22]
    assert np.isnan(signal.levels["any", "4g"][20, 30])


def test_every_finished_mast_is_told() -> None:
    from contextlib import contextmanager

    told: list[tuple[str, int | None, int]] = []

    class Watch:
        @contextmanager
        def step(self, title, total=None):
            yield lambda parts: told.append((title, total, parts))

    predict(layers(cells=[cell(*middle(5, 5)), cell(*middle(9, 9), cell_id="B")]), study(**NEAR), progress=Watch())
    assert told == [("signal", 2, 1)] * 2


def covered(codes: np.ndarray):
    return replace(layers(cells=[cell(*middle(20, 5))]), land_cover=codes.astype(np.uint8))


def test_a_forest_between_the_mast_and_a_village_weakens_the_level_behind_it() -> None:
    grass = np.full((40, 40), 30)
    forest = grass.copy()
    forest[:, 17:20] = 10
    settings = study(technologies={"4g": {"max_radius_km": 2.5}})
    before, behind = (20, 14), (20, 22)
    bare, open_ground, wooded = (
        predict(world, settings).levels["viettel", "4g"]
        for world in (layers(cells=[cell(*middle(20, 5))]), covered(grass), covered(forest))
    )
    np.testing.assert_array_equal(open_ground, bare)
    assert wooded[before] == bare[before]
    # The last trees stand 300 m before a phone 1.7 km away, 15 m high where the line of sight is at 7 m: nu = 1.8, so
    # one knife edge alone costs 18 dB (P.526), and level ground without them costs a little too.
    assert 15 < bare[behind] - wooded[behind] < 35
    taller = study(technologies={"4g": {"max_radius_km": 2.5}}, radio={"clutter_m": {10: 30.0}})
    assert predict(covered(forest), taller).levels["viettel", "4g"][behind] < wooded[behind] - 3


def test_codes_become_heights_once_and_a_study_may_say_others() -> None:
    codes = np.zeros((40, 40))
    codes[0, :4] = [10, 50, 80, 7]
    world = covered(codes)
    assert ground_of(layers(), study()).cover_m is None
    assert ground_of(world, study()).cover_m[0, :5].tolist() == [15.0, 10.0, 0.0, 0.0, 0.0]
    own = ground_of(world, study(radio={"clutter_m": {"10": 22.5, "7": 4.0}}))
    assert own.cover_m[0, :5].tolist() == [22.5, 10.0, 0.0, 4.0, 0.0]


def test_the_layer_accepts_exactly_the_classes_that_have_a_height() -> None:
    from coverage.layers.land_cover import WORLDCOVER_CODES

    assert set(WORLDCOVER_CODES) == set(WORLDCOVER)


def test_a_frequency_that_the_model_of_the_study_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(ModelRangeError, match=r"Okumura-Hata: freq_mhz = 1800.0"):
        predict(layers(cells=[cell(*middle(20, 5))]), study(radio={"model": "hata"}))
