import hashlib
import os
import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import coverage.signal.prediction as prediction
from coverage.errors import CoverageError, ModelRangeError
from coverage.result import Layers, Signal
from coverage.signal.prediction import predict
from coverage.signal.tile import compose
from coverage.study import Study
from tests.worlds import NORTH, WEST, cell, layers, study

NEAR = {"technologies": {name: {"max_radius_km": 1.5} for name in ("2g", "3g", "4g", "5g")}}
Predict = Callable[..., Signal]


def middle(row: int, col: int) -> tuple[float, float]:
    return WEST + 100 * col + 50, NORTH - 100 * row - 50


def grown(*places: tuple[int, int], **values: Any) -> list[dict[str, Any]]:
    return [cell(*middle(*at), cell_id=f"{at}", azimuth_deg=40.0 * at[0], **values) for at in places]


def everything(signal: Signal) -> dict[str, bytes]:
    """Every raster of a signal, as bytes."""
    kinds = {"level": signal.levels, "second": signal.seconds, "server": signal.servers, "overlap": signal.overlaps}
    found = {
        f"{kind} {pair}": np.asarray(raster).tobytes() for kind, of in kinds.items() for pair, raster in of.items()
    }
    return found | {f"void {name}": np.asarray(raster).tobytes() for name, raster in signal.voids.items()}


class Counted:
    """What a prediction had to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.masts: list[tuple[int, int]] = []
        self.tiles = 0
        sweep = prediction._sweep

        def counted_sweep(job: Any) -> Any:
            self.masts += [(mast.row, mast.col) for mast in job.masts]
            return sweep(job)

        def counted_compose(job: Any) -> Any:
            self.tiles += 1
            return compose(job)

        monkeypatch.setattr(prediction, "_sweep", counted_sweep)
        monkeypatch.setattr(prediction, "compose", counted_compose)

    def of(self, work: Callable[[], Signal]) -> tuple[Signal, list[tuple[int, int]], int]:
        self.masts, self.tiles = [], 0
        return work(), sorted(self.masts), self.tiles


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def settings(folder: Path, **values: Any) -> Study:
    folder.mkdir(exist_ok=True)
    return study(**{**NEAR, **values}).model_copy(update={"folder": folder})


def test_any_operator_is_the_best_of_all_and_names_the_cell_that_serves(tmp_path: Path) -> None:
    cells = [cell(*middle(20, 5)), cell(*middle(20, 35), operator="vnpt", cell_id="B1")]
    signal = predict(layers(cells=cells), settings(tmp_path))
    viettel, vnpt, best = (np.asarray(signal.levels[name, "4g"]) for name in ("viettel", "vnpt", "any"))
    np.testing.assert_array_equal(best, np.maximum(viettel, vnpt))
    server = np.asarray(signal.servers["any", "4g"])
    assert server[20, 6] == 0
    assert server[20, 34] == 1
    assert server[0, 20] == -1
    assert set(np.unique(signal.servers["vnpt", "4g"])) == {-1, 1}
    assert signal.operators == ("viettel", "vnpt")


def test_of_two_equal_cells_the_first_in_the_layer_serves_whichever_is_computed_first(tmp_path: Path) -> None:
    cells = [cell(*middle(20, 20), height_m=45.0), cell(*middle(20, 20), operator="vnpt", height_m=45.0)]
    apart = [cell(*middle(20, 19)), cell(*middle(20, 21))]
    for order in (cells, cells[::-1]):
        signal = predict(layers(cells=order), settings(tmp_path))
        assert set(np.unique(signal.servers["any", "4g"])) == {-1, 0}
    for order in (apart, apart[::-1]):
        server = np.asarray(predict(layers(cells=order), settings(tmp_path)).servers["any", "4g"])
        assert (server[:, 20][server[:, 20] >= 0] == 0).all()  # as far from one as from the other


def test_a_level_below_the_weakest_class_is_known_6_db_further_and_then_no_cell_reaches(tmp_path: Path) -> None:
    terrain = np.full((40, 40), 500, np.float32)
    terrain[:, 22] = 900  # a wall that nothing gets over
    world = layers(cells=[cell(*middle(20, 20), eirp_dbm=20.0)], terrain_m=terrain)
    level = np.asarray(predict(world, settings(tmp_path)).levels["viettel", "4g"])
    finite = level[np.isfinite(level)]
    assert finite.min() >= -121
    assert finite.min() < -115
    assert np.isneginf(level[20, 24:]).all()


def test_one_thread_and_two_and_any_tiles_give_the_same_bytes(tmp_path: Path) -> None:
    cells = grown(*((r, c) for r in (3, 9, 30) for c in (4, 20, 36)), tilt_deg=3.0)
    terrain = np.random.default_rng(1).uniform(300, 900, (40, 40)).astype(np.float32)
    terrain[0:4, 30] = np.nan
    world = layers(cells=cells, terrain_m=terrain)
    ways = {"threads": (2, 128), "untiled": (1, 40), "small tiles": (2, 7), "one pixel each": (1, 13)}
    found = [
        everything(predict(world, settings(tmp_path / name, threads=threads), tile_pixels=side))
        for name, (threads, side) in ways.items()
    ]
    assert all(one == found[0] for one in found[1:])
    assert len(found[0]) == 9


def test_a_raster_is_read_by_window_and_by_pixel_like_an_array(tmp_path: Path) -> None:
    cells = grown((3, 4), (30, 36))
    signal = predict(layers(cells=cells), settings(tmp_path), tile_pixels=16)
    level = signal.levels["any", "4g"]
    whole = np.asarray(level)
    assert level.shape == whole.shape == (40, 40)
    np.testing.assert_array_equal(level[5:21, 3:40], whole[5:21, 3:40])
    np.testing.assert_array_equal(level[:7, -5:], whole[:7, -5:])
    assert level[9:9, 0:4].shape == (0, 4)
    row, col = np.array([0, 39, -1, 16]), np.array([0, 39, -1, 15])
    np.testing.assert_array_equal(level[row, col], whole[row, col])
    grid_of_points = row.reshape(2, 2), col.reshape(2, 2)
    np.testing.assert_array_equal(level[grid_of_points], whole[grid_of_points])
    assert level[np.array([], int), np.array([], int)].shape == (0,)
    with pytest.raises(IndexError):
        level[np.array([40]), np.array([0])]
    assert signal.at("any", "4g", *middle(3, 5)) == whole[3, 5]


def test_missing_terrain_marks_what_lies_behind_it_as_void(tmp_path: Path) -> None:
    terrain = np.full((40, 40), 500, dtype=np.float32)
    terrain[:, 25] = np.nan
    signal = predict(layers(cells=[cell(*middle(20, 20))], terrain_m=terrain), settings(tmp_path))
    void = np.asarray(signal.voids["4g"])
    assert void[20, 30]
    assert not void[20, 22]
    assert np.isnan(np.asarray(signal.levels["any", "4g"])[20, 30])


def test_every_finished_mast_and_tile_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int | None, int]] = []

    class Watch:
        @contextmanager
        def step(self, title, total=None):
            yield lambda parts: told.append((title, total, parts))

        def tell(self, what):
            told.append((what, None, 0))

    cells = [cell(*middle(5, 5)), cell(*middle(9, 9), cell_id="B")]
    predict(layers(cells=cells), settings(tmp_path), progress=Watch())
    assert told == [("signal", 2, 1)] * 2 + [("tiles", 1, 1)]


def test_a_network_without_a_mast_has_no_raster(tmp_path: Path) -> None:
    signal = predict(layers(), settings(tmp_path))
    assert not signal.levels
    assert np.isnan(signal.at("any", "4g", *middle(3, 5)))


PLACES = ((3, 4), (3, 36), (20, 20), (36, 4), (36, 36))


def test_what_was_finished_is_not_done_again(tmp_path: Path, counted: Counted) -> None:
    world = layers(cells=grown(*PLACES))
    first, masts, tiles = counted.of(lambda: predict(world, settings(tmp_path), tile_pixels=10))
    assert masts == sorted(PLACES)
    assert tiles == 16
    again, masts, tiles = counted.of(lambda: predict(world, settings(tmp_path), tile_pixels=10))
    assert (masts, tiles) == ([], 0)
    assert everything(again) == everything(first)


def test_a_moved_mast_is_computed_again_and_the_tiles_around_its_old_and_new_place(
    tmp_path: Path, counted: Counted
) -> None:
    predict(layers(cells=grown(*PLACES)), settings(tmp_path), tile_pixels=10)
    world = layers(cells=grown((4, 4), *PLACES[1:]))
    moved, masts, tiles = counted.of(lambda: predict(world, settings(tmp_path), tile_pixels=10))
    assert masts == [(4, 4)]
    assert tiles == 4  # the mast reaches 15 pixels: up to row 19 and column 19
    assert everything(moved) == everything(predict(world, settings(tmp_path / "fresh"), tile_pixels=10))


def test_turning_an_antenna_sweeps_no_terrain(tmp_path: Path, counted: Counted) -> None:
    cells = grown(*PLACES)
    predict(layers(cells=cells), settings(tmp_path), tile_pixels=10)
    cells[0]["azimuth_deg"] += 5
    turned, masts, tiles = counted.of(lambda: predict(layers(cells=cells), settings(tmp_path), tile_pixels=10))
    assert (masts, tiles) == ([], 4)
    assert everything(turned) == everything(predict(layers(cells=cells), settings(tmp_path / "fresh")))


def test_a_row_put_before_the_others_makes_only_its_own_work(tmp_path: Path, counted: Counted) -> None:
    predict(layers(cells=grown(*PLACES)), settings(tmp_path), tile_pixels=10)
    world = layers(cells=[*grown((37, 37)), *grown(*PLACES)])
    found, masts, tiles = counted.of(lambda: predict(world, settings(tmp_path), tile_pixels=10))
    assert (masts, tiles) == ([(37, 37)], 4)
    assert np.asarray(found.servers["any", "4g"])[3, 5] == 1  # the number of the row, which moved down by one
    assert everything(found) == everything(predict(world, settings(tmp_path / "fresh")))


CHANGES: dict[str, tuple[dict[str, Any], Callable[[Layers], Layers]]] = {
    "the model": ({"radio": {"model": "free_space"}}, lambda world: world),
    "the refractivity": ({"radio": {"delta_n": 60.0}}, lambda world: world),
    "the receiver": ({"radio": {"rx_height_m": 3.0}}, lambda world: world),
    "the building": ({"radio": {"building": "traditional"}}, lambda world: world),
    "a threshold": ({"definitions": {"classes_dbm": {"4g": {"weak": -110.0}}}}, lambda world: world),
    "the loss indoors": ({"definitions": {"indoor_db": 10.0}}, lambda world: world),
    "the radius": ({"technologies": {"4g": {"max_radius_km": 1.2}}}, lambda world: world),
    "the beam": ({"radio": {"beamwidth_deg": 90.0}}, lambda world: world),
    "the land cover": ({}, lambda world: replace(world, land_cover=np.full((40, 40), 10, np.uint8))),
    "the terrain": ({}, lambda world: replace(world, terrain_m=world.terrain_m * np.float32(1.2))),
}


@pytest.mark.parametrize("what", CHANGES)
def test_after_a_change_of_anything_the_result_is_that_of_a_first_run(tmp_path: Path, what: str) -> None:
    changed, of = CHANGES[what]
    terrain = np.random.default_rng(2).uniform(300, 500, (40, 40)).astype(np.float32)
    world = layers(cells=grown(*PLACES, vertical_beamwidth_deg=10.0), terrain_m=terrain)
    before = predict(world, settings(tmp_path), tile_pixels=20)
    after = predict(of(world), settings(tmp_path, **changed), tile_pixels=20)
    fresh = predict(of(world), settings(tmp_path / "fresh", **changed), tile_pixels=20)
    assert everything(after) == everything(fresh)
    assert everything(after) != everything(before)


def files(folder: Path, kind: str) -> list[Path]:
    return sorted(file for file in (folder / ".coverage-cache" / kind).glob("*/*") if file.is_file())


@pytest.mark.parametrize("kind", ["footprints", "tiles"])
def test_a_spoilt_file_is_computed_again_and_reported(tmp_path: Path, kind: str, counted: Counted) -> None:
    world = layers(cells=grown(*PLACES))
    undisturbed = everything(predict(world, settings(tmp_path), tile_pixels=10))
    spoilt = files(tmp_path, kind)[0]
    whole = spoilt.read_bytes()
    for broken in (whole[:-1], b"", whole[: len(whole) // 2] + b"?" + whole[len(whole) // 2 + 1 :]):
        spoilt.write_bytes(broken)
        for file in files(tmp_path, "tiles") if kind == "footprints" else []:
            file.unlink()
        found, _, _ = counted.of(lambda: predict(world, settings(tmp_path), tile_pixels=10))
        assert everything(found) == undisturbed
        (problem,) = found.problems
        assert problem.kind == "store_damaged"
        assert not problem.fatal
        assert spoilt.name in problem.file
        assert spoilt.read_bytes() == whole


def test_a_lost_footprint_is_computed_again_where_a_tile_needs_it(tmp_path: Path, counted: Counted) -> None:
    world = layers(cells=grown(*PLACES))
    undisturbed = everything(predict(world, settings(tmp_path), tile_pixels=10))
    for file in files(tmp_path, "footprints"):
        file.unlink()
    found, masts, tiles = counted.of(lambda: predict(world, settings(tmp_path), tile_pixels=10))
    assert (masts, tiles) == ([], 0)  # the tiles are all there
    files(tmp_path, "tiles")[0].unlink()
    found, masts, tiles = counted.of(lambda: predict(world, settings(tmp_path), tile_pixels=10))
    assert tiles == 1
    assert 0 < len(masts) < len(PLACES)
    assert everything(found) == undisturbed


def test_an_old_model_sees_the_ground_15_km_ahead_though_it_predicts_less_far(tmp_path: Path) -> None:
    rough = np.random.default_rng(5).uniform(480, 520, (40, 400)).astype(np.float32)
    from tests.worlds import grid

    hata = {"radio": {"model": "hata"}, "technologies": {"2g": {"max_radius_km": 2.0}}}
    gsm = {"technology": "2g", "freq_mhz": 900.0, "bandwidth_mhz": 0.2, "eirp_dbm": 57.0, "height_m": 60.0}
    world = layers(where=grid(40, 400), terrain_m=rough, cells=[cell(*middle(20, 200), **gsm)])
    tiled = predict(world, settings(tmp_path / "tiled", **hata), tile_pixels=16)
    whole = predict(world, settings(tmp_path / "whole", **hata), tile_pixels=400)
    assert np.isfinite(np.asarray(whole.levels["any", "2g"])).any()
    assert everything(tiled) == everything(whole)
    flat_far = rough.copy()
    flat_far[:, 300:] = 490  # 10 km away
    other = predict(replace(world, terrain_m=flat_far), settings(tmp_path / "tiled", **hata), tile_pixels=16)
    assert everything(other) != everything(tiled)


def test_a_forest_between_the_mast_and_a_village_weakens_the_level_behind_it(tmp_path: Path) -> None:
    def covered(codes: np.ndarray) -> Layers:
        return replace(layers(cells=[cell(*middle(20, 5))]), land_cover=codes.astype(np.uint8))

    grass = np.full((40, 40), 30)
    forest = grass.copy()
    forest[:, 17:20] = 10
    far = {"technologies": {"4g": {"max_radius_km": 2.5}}}
    before, behind = (20, 14), (20, 22)
    bare, open_ground, wooded = (
        np.asarray(predict(world, settings(tmp_path, **far)).levels["viettel", "4g"])
        for world in (layers(cells=[cell(*middle(20, 5))]), covered(grass), covered(forest))
    )
    np.testing.assert_array_equal(open_ground, bare)
    assert wooded[before] == bare[before]
    # The last trees stand 300 m before a phone 1.7 km away, 15 m high where the line of sight is at 7 m: nu = 1.8, so
    # one knife edge alone costs 18 dB (P.526), and level ground without them costs a little too.
    assert 15 < bare[behind] - wooded[behind] < 35
    taller = settings(tmp_path, **far, radio={"clutter_m": {10: 30.0}})
    assert np.asarray(predict(covered(forest), taller).levels["viettel", "4g"])[behind] < wooded[behind] - 3


def test_a_frequency_that_the_model_of_the_study_does_not_know_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelRangeError, match=r"Okumura-Hata: freq_mhz = 1800.0"):
        predict(layers(cells=[cell(*middle(20, 5))]), settings(tmp_path, radio={"model": "hata"}))


def test_a_mast_on_a_void_is_refused(tmp_path: Path) -> None:
    terrain = np.full((40, 40), 500, dtype=np.float32)
    terrain[20, 20] = np.nan
    with pytest.raises(CoverageError, match="row 20, column 20"):
        predict(layers(cells=[cell(*middle(20, 20))], terrain_m=terrain), settings(tmp_path))


def test_nothing_of_a_key_depends_on_the_process(tmp_path: Path) -> None:
    """Names of finished work are the same in every process, or a second run would find nothing."""
    import subprocess
    import sys

    program = (
        "import sys; sys.path.insert(0, '.')\n"
        "from pathlib import Path\n"
        "from tests.signal.test_prediction import *\n"
        "predict(layers(cells=grown(*PLACES)), settings(Path(sys.argv[1])), tile_pixels=20)\n"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, env=environment)
    names = [file.parent.name + file.name for kind in ("footprints", "tiles") for file in files(tmp_path, kind)]
    assert len(names) == len(PLACES) + 4
    assert all(re.fullmatch("[0-9a-f]{64}", name) for name in names)
    assert len({hashlib.sha256(file.read_bytes()).digest() for file in files(tmp_path, "tiles")}) == 4
