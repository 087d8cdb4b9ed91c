"""The signal of a run, read back from files that `outputs` wrote: the slow twin is the array they were made from."""

from pathlib import Path

import numpy as np
import pytest

from coverage.classes import NOT_MODELLED
from coverage.errors import LayerError
from coverage.layers.finished_signal import read_signal
from coverage.outputs.signal_rasters import raster_names, write_raster
from coverage.result import Signal
from tests.worlds import grid, study

WHERE = grid(rows=600, cols=530)  # three and two blocks, the last of each cut off
PAIRS = [("any", "4g"), ("viettel", "4g")]


def tenths(start: int) -> np.ndarray:
    """Levels as the store has them, some of them out of reach and some not modelled."""
    steps = np.arange(start, start + WHERE.shape[0] * WHERE.shape[1]).reshape(WHERE.shape) % 900 - 1400
    level_dbm = steps.astype(np.float32) / np.float32(10)
    level_dbm[300:310] = -np.inf
    level_dbm[:, 500:] = np.nan
    return level_dbm


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Signal]:
    folder = tmp_path_factory.mktemp("signal")
    levels = {pair: tenths(number) for number, pair in enumerate(PAIRS)}
    signal = Signal(
        WHERE,
        levels,
        seconds={pair: np.where(level > -100, level - 5, np.where(np.isnan(level), np.nan, -np.inf)).astype(np.float32)
                 for pair, level in levels.items()},
        servers={pair: np.where(np.isfinite(level), 7, -1).astype(np.int32) for pair, level in levels.items()},
        overlaps={pair: np.where(level > -100, 2, 0).astype(np.uint8) for pair, level in levels.items()},
        operators=("viettel",),
    )  # fmt: skip
    for name, (quantity, pair) in raster_names(signal).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_raster(signal, quantity, pair, study(), folder / name)
    return folder, signal


@pytest.fixture
def read(written: tuple[Path, Signal]) -> Signal:
    folder, signal = written
    return read_signal(folder, [*raster_names(signal), "villages.csv", "communes/03646.png"], WHERE)


def test_every_quantity_comes_back_to_the_bit(read: Signal, written: tuple[Path, Signal]) -> None:
    for quantity in ("levels", "seconds", "servers", "overlaps"):
        before = getattr(written[1], quantity)
        now = getattr(read, quantity)
        assert list(now) == sorted(before)
        for pair, values in before.items():
            np.testing.assert_array_equal(np.asarray(now[pair]), values)
            assert np.asarray(now[pair]).dtype == values.dtype
    assert read.operators == ("viettel",)


def test_classes_that_were_kept_are_those_found_in_the_levels(read: Signal, written: tuple[Path, Signal]) -> None:
    found, kept = written[1].classified(study()), read.classified(study())
    assert list(kept) == list(found) == PAIRS
    for pair in PAIRS:
        assert kept[pair] is read.classes[pair]
        np.testing.assert_array_equal(np.asarray(kept[pair]), np.asarray(found[pair]))
        np.testing.assert_array_equal(kept[pair][290:320, 490:], found[pair][290:320, 490:])
    assert set(np.unique(kept[PAIRS[0]])) == {0, 1, 2, NOT_MODELLED}


def test_windows_and_pixels_are_those_of_the_array(read: Signal, written: tuple[Path, Signal]) -> None:
    level, now = written[1].levels[PAIRS[0]], read.levels[PAIRS[0]]
    np.testing.assert_array_equal(now[250:400, 490:999], level[250:400, 490:999])
    np.testing.assert_array_equal(now[slice(590, 700), :], level[590:700])
    row, col = np.array([[0, 599, 255, 256], [305, -1, 10, 10]]), np.array([[0, 529, 255, 256], [3, -1, 499, 500]])
    np.testing.assert_array_equal(now[row, col], level[row, col])
    assert now[np.array([], dtype=int), np.array([], dtype=int)].shape == (0,)


def test_out_of_reach_and_not_modelled_are_told_apart_at_a_village(read: Signal) -> None:
    x, y = WHERE.centre([305, 10], [3, 510])
    level_dbm = read.at("any", "4g", x, y)
    assert np.isneginf(level_dbm[0])
    assert np.isnan(level_dbm[1])


def test_rasters_of_another_grid_are_refused(written: tuple[Path, Signal]) -> None:
    with pytest.raises(LayerError, match="600 x 530 pixels; expected the grid of the study, 40 x 40"):
        read_signal(written[0], ["signal/any_4g.tif"], grid())


def test_levels_without_their_classes_are_refused(written: tuple[Path, Signal]) -> None:
    with pytest.raises(LayerError, match=r"no signal/class/any_4g\.tif; expected one beside each raster of levels"):
        read_signal(written[0], ["signal/any_4g.tif"], WHERE)
