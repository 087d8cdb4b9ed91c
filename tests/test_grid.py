import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from coverage.errors import CoverageError
from coverage.grid import Grid

TM3 = CRS.from_epsg(9206)


def grid() -> Grid:
    return Grid(TM3, Affine(100, 0, 500_000, 0, -100, 2_300_000), (3, 4))


def test_the_centre_of_the_first_pixel_lies_half_a_cell_inside_the_corner() -> None:
    x, y = grid().centre(0, 0)
    assert (float(x), float(y)) == (500_050, 2_299_950)


def test_a_point_falls_in_the_pixel_that_holds_it_and_the_edges_belong_to_the_north_west() -> None:
    row, col = grid().pixel(
        [500_000, 500_100, 500_399, 500_400, np.nan], [2_300_000, 2_299_900, 2_299_701, 2_299_750, 0]
    )
    assert row.tolist() == [0, 1, 2, -1, -1]
    assert col.tolist() == [0, 1, 3, -1, -1]


def test_bounds_are_west_south_east_north() -> None:
    assert grid().bounds == (500_000, 2_299_700, 500_400, 2_300_000)


def test_sampling_outside_the_grid_gives_nan() -> None:
    raster = np.arange(12, dtype=np.float32).reshape(3, 4)
    found = grid().sample(raster, [500_150, 499_999], [2_299_850, 2_299_850])
    assert found[0] == 5
    assert np.isnan(found[1])


def test_a_raster_of_another_shape_is_refused() -> None:
    with pytest.raises(CoverageError, match="shape"):
        grid().sample(np.zeros((4, 3), dtype=np.float32), 0, 0)


@pytest.mark.parametrize(
    ("crs", "transform", "shape", "says"),
    [
        (CRS.from_epsg(4326), Affine(1, 0, 0, 0, -1, 0), (1, 1), "not in metres"),
        (TM3, Affine(100, 0, 0, 0, -90, 0), (1, 1), "square"),
        (TM3, Affine(100, 5, 0, 0, -100, 0), (1, 1), "square"),
        (TM3, Affine(100, 0, 0, 0, 100, 0), (1, 1), "north-up"),
        (TM3, Affine(100, 0, 0, 0, -100, 0), (0, 5), "no pixel"),
    ],
)
def test_a_grid_that_is_not_square_metres_north_up_is_refused(
    crs: CRS, transform: Affine, shape: tuple[int, int], says: str
) -> None:
    with pytest.raises(CoverageError, match=says):
        Grid(crs, transform, shape)
