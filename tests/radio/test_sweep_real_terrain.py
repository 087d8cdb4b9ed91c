"""The area kernel on real mountains against the reference along the exact line to each pixel, at steps of one cell."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from coverage.radio.pathwise import Setting, exact_losses_db
from coverage.radio.radial import Mast
from coverage.radio.sweep import area_loss_db

TERRAIN = Path(__file__).parents[2] / "../shared/data/dem_copernicus_glo30_mountains.tif"
pytestmark = pytest.mark.skipif(not TERRAIN.exists(), reason=f"needs ../shared/data/{TERRAIN.name}")


@pytest.fixture(scope="module")
def mountains() -> NDArray[np.float32]:
    """30 m cells in UTM zone 11N."""
    rasterio = pytest.importorskip("rasterio")
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    with rasterio.open(TERRAIN) as source:
        transform, width, height = calculate_default_transform(
            source.crs, "EPSG:32611", source.width, source.height, *source.bounds, resolution=30.0
        )
        warped = np.full((height, width), np.nan, np.float32)
        reproject(
            source.read(1), warped, src_transform=source.transform, src_crs=source.crs, dst_transform=transform,
            dst_crs="EPSG:32611", dst_nodata=np.nan, resampling=Resampling.bilinear,
        )  # fmt: skip
    return warped[40:-40, 40:-40]


@pytest.mark.compiled
def test_ten_thousand_pixels_around_five_masts_agree_with_the_exact_paths(mountains: NDArray[np.float32]) -> None:
    rng = np.random.default_rng(2026)
    rows, cols = mountains.shape
    differences, levels = [], []
    for _ in range(5):
        row, col = int(rng.integers(300, rows - 300)), int(rng.integers(300, cols - 300))
        away, bearing = 500.0 * np.sqrt(rng.uniform(size=4000)), rng.uniform(0.0, 2.0 * np.pi, 4000)
        at_row = np.rint(row + away * np.sin(bearing)).astype(int)
        at_col = np.rint(col + away * np.cos(bearing)).astype(int)
        on = (at_row >= 0) & (at_row < rows) & (at_col >= 0) & (at_col < cols)
        on &= np.hypot(at_row - row, at_col - col) <= 500.0
        on &= (at_row != row) | (at_col != col)
        at_row, at_col = at_row[on], at_col[on]
        fast = area_loss_db(
            mountains, cell_m=30.0, tx_row=row, tx_col=col, tx_height_m=33.0, rx_height_m=1.5, freq_mhz=1800.0,
            radius_m=15_000.0,
        )[0, at_row - row + 500, at_col - col + 500]  # fmt: skip
        exact = exact_losses_db(
            Mast(np.ascontiguousarray(mountains), np.zeros((0, 0), np.float32), row, col, 33.0, 1.5, 0.03),
            Setting(21.0, 50.0, True, 45.0, 325.0, 50.0, 0.0), 1.8, at_row, at_col, np.zeros(len(at_row)),
        )  # fmt: skip
        differences.append(np.abs(fast - exact))
        levels.append((fast, exact))
    difference = np.concatenate(differences)
    assert len(difference) >= 10_000
    assert np.isfinite(difference).all()
    assert difference.mean() <= 0.3
    assert np.percentile(difference, 95) <= 1.2
    # RSRP of 62 dBm EIRP over 10 MHz (27.8 dB per resource element); good from -105, weak from -115 dBm
    classes = [np.digitize(62.0 - 27.8 - np.concatenate(side), [-115.0, -105.0]) for side in zip(*levels, strict=True)]
    assert (classes[0] == classes[1]).mean() >= 0.99
