"""The rasters of a run, opened again."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from coverage.columns.words import ANY
from coverage.errors import OutputError
from coverage.grid import Grid
from coverage.outputs import signal_rasters
from coverage.outputs.signal_rasters import open_raster, raster_name, raster_names, write_raster
from coverage.outputs.web_map.pictures import CLASS_COLOURS
from coverage.result import Pair, Signal
from coverage.study import Study
from tests.worlds import grid as grid_of
from tests.worlds import painted

PAIR = ("viettel", "4g")
QUANTITIES = ["level", "class", "second", "overlap", "server"]


class FromDisk:
    """A raster that is no array: it gives windows alone, and notes how large they were."""

    def __init__(self, values: NDArray[Any]) -> None:
        self.values, self.shape, self.largest = values, values.shape, 0

    def __getitem__(self, where: Any) -> NDArray[Any]:
        found = self.values[where]
        self.largest = max(self.largest, found.size)
        return found

    def __array__(self, dtype: Any = None) -> NDArray[Any]:
        raise MemoryError("the whole of it was asked for")


def written(folder: Path, signal: Signal, quantity: str, study: Study, pair: Pair = PAIR) -> Path:
    path = folder / f"{quantity}.tif"
    write_raster(signal, quantity, pair, study, path)
    assert [file.name for file in folder.iterdir() if file.name.startswith(".")] == []
    return path


@pytest.fixture
def five(grid: Grid) -> Signal:
    """Five columns: good, on the threshold of weak, below it, out of reach and not modelled."""
    level = np.repeat(np.array([[-80.04, -115.0, -115.1, -np.inf, np.nan]], dtype=np.float32), 8, axis=1)
    level = np.repeat(level, 40, axis=0)
    second = np.where(level > -100, np.float32(-91.5), level + np.float32(-np.inf))
    return Signal(
        grid,
        {PAIR: level},
        seconds={PAIR: second},
        servers={PAIR: np.where(np.isfinite(level), 70_000, -1).astype(np.int32)},
        overlaps={PAIR: np.select([level > -100, level >= -115], [9, 1], 0).astype(np.uint8)},
    )


@pytest.mark.parametrize(
    ("quantity", "dtype", "nodata", "unit", "scale", "columns"),
    [
        ("level", "int16", -32768, "dBm", 0.1, [-800, -1150, -1151, -32768, -32768]),
        ("class", "uint8", 255, None, 1.0, [2, 1, 0, 0, 255]),
        ("second", "int16", -32768, "dBm", 0.1, [-915, -32768, -32768, -32768, -32768]),
        ("overlap", "uint8", 0, "servers", 1.0, [9, 1, 0, 0, 0]),
        ("server", "int32", -1, None, 1.0, [70_000, 70_000, 70_000, -1, -1]),
    ],
)
def test_every_quantity_keeps_its_values_kind_unit_and_gaps(
    five: Signal, study: Study, tmp_path: Path, quantity: str, dtype: str, nodata: int, unit: str | None,
    scale: float, columns: list[int],
) -> None:  # fmt: skip
    with rasterio.open(written(tmp_path, five, quantity, study)) as dataset:
        assert (dataset.dtypes, dataset.nodata) == ((dtype,), nodata)
        assert (dataset.units[0] or None, dataset.scales, dataset.offsets) == (unit, (scale,), (0.0,))
        assert dataset.read(1)[20, 4::8].tolist() == columns
        assert dataset.crs.to_epsg() == 9206
        assert dataset.transform == five.grid.transform
        assert dataset.descriptions[0].endswith(", viettel 4G")
        tags = dataset.tags()
        assert (tags["operator"], tags["technology"], tags["quantity"]) == ("viettel", "4g", quantity)
        assert "not modelled" in tags["nodata_means"]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_raster_is_a_tiled_cloud_optimised_geotiff_with_overviews(
    study: Study, tmp_path: Path, quantity: str
) -> None:
    where = grid_of(700, 900)
    level = np.full(where.shape, -90, dtype=np.float32)
    whole = np.full(where.shape, 3)
    signal = Signal(where, {PAIR: level}, {PAIR: level}, {PAIR: whole.astype(np.int32)}, {PAIR: whole.astype(np.uint8)})
    with rasterio.open(written(tmp_path, signal, quantity, study)) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.compression.value == "DEFLATE"
        assert dataset.block_shapes == [(256, 256)]
        assert dataset.overviews(1) == [2, 4]


def test_overviews_of_classes_and_cells_hold_no_value_that_the_raster_does_not(study: Study, tmp_path: Path) -> None:
    where = grid_of(600, 600)
    rng = np.random.default_rng(3)
    level = rng.choice(np.array([-80, -110, -130, np.nan], dtype=np.float32), where.shape)
    server = rng.choice(np.array([5, 1000, -1], dtype=np.int32), where.shape)
    signal = Signal(where, {PAIR: level}, servers={PAIR: server})
    for quantity, known in (("class", {0, 1, 2, 255}), ("server", {5, 1000, -1})):
        with rasterio.open(written(tmp_path, signal, quantity, study), overview_level=0) as dataset:
            assert dataset.shape == (300, 300)
            assert set(np.unique(dataset.read(1)).tolist()) <= known


def test_classes_wear_the_colours_of_the_map_and_what_is_not_modelled_is_clear(
    five: Signal, study: Study, tmp_path: Path
) -> None:
    with rasterio.open(written(tmp_path, five, "class", study)) as dataset:
        colours = dataset.colormap(1)
        named = [dataset.tags()[f"class_{value}"] for value in range(3)]
        assert dataset.colorinterp == (rasterio.enums.ColorInterp.palette,)
    assert named == ["none", "weak", "good"]
    assert ["#{:02x}{:02x}{:02x}".format(*colours[value][:3]) for value in (2, 1, 0)] == list(CLASS_COLOURS)
    assert [colours[value][3] for value in (0, 1, 2, 255)] == [255, 255, 255, 0]


def test_the_colours_of_overlap_go_from_calm_to_warm_and_none_is_clear(
    five: Signal, study: Study, tmp_path: Path
) -> None:
    with rasterio.open(written(tmp_path, five, "overlap", study)) as dataset:
        colours = dataset.colormap(1)
    assert colours[0][3] == 0
    redder = [colours[count][0] - colours[count][2] for count in range(1, 7)]
    assert redder[0] < 0 < redder[2] < redder[4]
    assert colours[7] == colours[200] != colours[6]


def test_thresholds_indoors_shift_the_classes(five: Signal, study: Study, tmp_path: Path) -> None:
    indoors = study.model_copy(update={"definitions": study.definitions.model_copy(update={"indoor_db": 30.0})})
    with rasterio.open(written(tmp_path, five, "class", indoors)) as dataset:
        assert dataset.read(1)[0, ::8].tolist() == [1, 0, 0, 0, 255]


def test_a_level_file_says_its_range_so_that_programs_spread_their_colours(
    grid: Grid, study: Study, tmp_path: Path
) -> None:
    level = np.full(grid.shape, -np.inf, dtype=np.float32)
    level[0, :4] = [-60, -80, -100, np.nan]
    with rasterio.open(written(tmp_path, Signal(grid, {PAIR: level}), "level", study)) as dataset:
        tags = dataset.tags(1)
    assert (tags["STATISTICS_MINIMUM"], tags["STATISTICS_MAXIMUM"], tags["STATISTICS_MEAN"]) == (
        "-1000",
        "-600",
        "-800.0",
    )
    assert float(tags["STATISTICS_STDDEV"]) == pytest.approx((2 * 200**2 / 3) ** 0.5, abs=1e-3)


@pytest.mark.parametrize("nothing", [np.nan, -np.inf])
def test_a_network_that_reaches_nowhere_still_makes_its_rasters(
    grid: Grid, study: Study, tmp_path: Path, nothing: float
) -> None:
    signal = painted(grid, viettel_4g=nothing)
    with rasterio.open(written(tmp_path, signal, "level", study)) as dataset:
        assert (dataset.read(1) == -32768).all()
    with rasterio.open(written(tmp_path, signal, "class", study)) as dataset:
        assert (dataset.read(1) == (255 if np.isnan(nothing) else 0)).all()


def test_a_single_pixel_is_a_raster_too(study: Study, tmp_path: Path) -> None:
    with rasterio.open(written(tmp_path, painted(grid_of(1, 1), viettel_4g=-90), "level", study)) as dataset:
        assert dataset.read(1).tolist() == [[-900]]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_windows_and_the_whole_give_the_same_bytes(
    signal: Signal, study: Study, tmp_path: Path, quantity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = written(tmp_path, signal, quantity, study).read_bytes()
    monkeypatch.setattr(signal_rasters, "ROWS_AT_ONCE", 7)
    kinds = ("levels", "seconds", "servers", "overlaps")
    tiled = {kind: {pair: FromDisk(raster) for pair, raster in getattr(signal, kind).items()} for kind in kinds}
    (tmp_path / f"{quantity}.tif").unlink()
    assert written(tmp_path, dataclasses.replace(signal, **tiled), quantity, study).read_bytes() == whole
    assert max(raster.largest for of in tiled.values() for raster in of.values()) == 7 * 40


def test_a_file_that_the_system_cuts_short_is_noticed(study: Study, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits on file size are a POSIX thing")
    rng = np.random.default_rng(5)
    where = grid_of(600, 600)
    signal = Signal(where, {PAIR: rng.uniform(-120, -60, where.shape).astype(np.float32)})
    full = written(tmp_path, signal, "level", study)
    sizes = {"copied": full.stat().st_size, "plain": 600 * 600 * 2}
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (1, 100_000, sizes["copied"] - 50_000, sizes["copied"] - 1, sizes["plain"] - 1):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
        try:
            with pytest.raises((OSError, rasterio.errors.RasterioError)):
                write_raster(signal, "level", PAIR, study, tmp_path / f"cut-{limit}.tif")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_reads_back_otherwise_is_refused(
    signal: Signal, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = rasterio.shutil.copy

    def forgetful(source: Any, target: Path, **options: Any) -> None:
        copy(source, target, **options)
        with rasterio.open(target, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as dataset:
            dataset.write(np.full((1, 1), -999, dtype=np.int16), 1, window=Window(39, 30, 1, 1))

    monkeypatch.setattr(rasterio.shutil, "copy", forgetful)
    with pytest.raises(OSError, match="does not read back as it was written"):
        write_raster(signal, "level", PAIR, study, tmp_path / "level.tif")


def test_an_overview_of_classes_shows_the_commonest_and_not_the_mean_of_colours(study: Study, tmp_path: Path) -> None:
    where = grid_of(600, 600)
    level = np.tile(np.array([[-80, -80], [-130, -110]], dtype=np.float32), (300, 300))
    with rasterio.open(written(tmp_path, Signal(where, {PAIR: level}), "class", study), overview_level=0) as dataset:
        assert (dataset.read(1) == 2).all()


def test_only_what_the_run_made_has_a_name(signal: Signal) -> None:
    assert list(raster_names(painted(grid_of(), any_4g=-90))) == ["signal/any_4g.tif", "signal/class/any_4g.tif"]
    assert raster_names(signal)["signal/second/vnpt_2g.tif"] == ("second", ("vnpt", "2g"))
    assert len(raster_names(signal)) == 6 * 5


def test_the_name_of_an_operator_cannot_leave_the_folder() -> None:
    assert raster_name("viettel", "4g") == "signal/viettel_4g.tif"
    assert raster_name("../../etc/x", "4g", quantity="class") == "signal/class/-etc-x_4g.tif"
    assert raster_name("Mạng Ế", "2g") == "signal/Mạng-Ế_2g.tif"


def test_an_open_raster_reads_dbm_with_nan_where_nothing_reaches_or_was_modelled(signal: Signal) -> None:
    level = signal.levels["vnpt", "4g"]
    with open_raster(signal, "vnpt", "4g") as dataset:
        assert isinstance(dataset, rasterio.io.DatasetReader)
        assert (dataset.dtypes, dataset.units) == (("float32",), ("dBm",))
        assert np.isnan(dataset.nodata)
        np.testing.assert_array_equal(dataset.read(1), np.where(np.isfinite(level), level, np.nan))
        x, y = signal.grid.centre(20, 30)
        assert next(dataset.sample([(float(x), float(y))]))[0] == level[20, 30]


def test_a_raster_that_was_not_made_is_refused_by_name(signal: Signal) -> None:
    with pytest.raises(OutputError, match="no levels for viettel 5g; there are any/2g, any/4g, viettel/2g"):
        open_raster(signal, "viettel", "5g")
    assert open_raster(signal, ANY, "2g").shape == signal.grid.shape
