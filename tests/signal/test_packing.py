import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from coverage.errors import StoreError
from coverage.signal.packing import pack, pack_footprint, pack_plain, unpack, unpack_plain
from coverage.signal.tiling import Tiling, around

BEYOND, VOID = -32768, -32767


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        np.int16,
        array_shapes(min_dims=3, max_dims=3, max_side=7),
        elements=st.one_of(st.sampled_from([BEYOND, VOID, 32767, -32766]), st.integers(-32768, 32767)),
    )
)
def test_whatever_is_packed_comes_back(values: np.ndarray) -> None:
    np.testing.assert_array_equal(unpack(pack(values), values.shape), values)


def test_a_count_that_its_marks_belie_is_refused_before_anything_is_read() -> None:
    values = np.arange(12, dtype=np.int16).reshape(1, 3, 4)
    values[0, 0, 0] = BEYOND
    box = np.array([0, 0, 3, 4], np.uint16).tobytes()
    planes = np.zeros(12 + 2 * 11, np.uint8)  # eleven values, twelve without a mark
    with pytest.raises(StoreError, match="coverage cache --clear"):
        unpack((11).to_bytes(4, "little") + box + pack_plain(planes), values.shape)


@pytest.mark.parametrize("box", [(0, 0, 4, 4), (1, 0, 3, 4), (0, 0, 3, 5), (0, 4, 3, 1), (65535, 0, 1, 1)])
def test_a_box_that_is_not_in_the_raster_is_refused_before_anything_is_written(box: tuple[int, ...]) -> None:
    size = box[2] * box[3]
    planes = pack_plain(np.zeros(3 * size, np.uint8))
    with pytest.raises(StoreError, match="coverage cache --clear"):
        unpack(size.to_bytes(4, "little") + np.array(box, np.uint16).tobytes() + planes, (1, 3, 4))


def test_a_smooth_surface_takes_a_fraction_of_a_byte_a_pixel_and_an_empty_one_next_to_nothing() -> None:
    rows, cols = np.mgrid[0:128, 0:128]
    slope = (1000 + 3 * rows + 2 * cols).astype(np.int16)[np.newaxis]
    assert len(pack(slope)) < slope.size / 50
    assert len(pack(np.full((3, 128, 128), BEYOND, np.int16))) < 100


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8, np.int32])
def test_plain_arrays_come_back(dtype: type) -> None:
    values = np.arange(12).reshape(3, 4).astype(dtype)
    back = unpack_plain(pack_plain(values.T), dtype, (4, 3))
    np.testing.assert_array_equal(back, values.T)


def test_tiles_cover_the_grid_once_and_the_last_are_smaller() -> None:
    tiling = Tiling((10, 7), 4)
    assert tiling.tiles == (3, 2)
    count = np.zeros((10, 7), int)
    for _, window in tiling.touched(slice(0, 10), slice(0, 7)):
        count[window] += 1
    assert (count == 1).all()
    assert tiling.window((2, 1)) == (slice(8, 10), slice(4, 7))


def test_a_window_beyond_the_grid_touches_only_what_is_there() -> None:
    tiling = Tiling((10, 7), 4)
    touched = dict(tiling.touched(slice(-3, 5), slice(5, 99)))
    assert touched == {(0, 1): (slice(0, 4), slice(5, 7)), (1, 1): (slice(4, 5), slice(5, 7))}
    assert dict(tiling.touched(slice(-9, -2), slice(0, 3))) == {}


def test_a_footprint_is_cut_along_the_tiles_and_only_where_it_reaches() -> None:
    tiling = Tiling((20, 20), 5)
    loss = np.full((2, 9, 9), BEYOND, np.int16)  # 4 pixels to every side of row 7, column 1: columns -3 to 5
    loss[0, 4, 4] = 1000  # the mast's own pixel, in tile (1, 0)
    loss[1, 0, 8] = VOID  # row 3, column 5: tile (0, 1)
    pieces = pack_footprint(loss, 7, 1, tiling)
    assert set(pieces) == {(1, 0), (0, 1)}
    rows, cols = tiling.shared((1, 0), *around(7, 1, 4))
    piece = unpack(pieces[1, 0], (2, rows.stop - rows.start, cols.stop - cols.start))
    assert piece[0, 7 - rows.start, 1 - cols.start] == 1000
    assert (piece != BEYOND).sum() == 1
    assert unpack(pieces[0, 1], (2, 2, 1))[1, 0, 0] == VOID
