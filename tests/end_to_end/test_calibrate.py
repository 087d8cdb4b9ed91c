"""`coverage calibrate` on a small country whose levels were shifted by known amounts."""

import csv
import hashlib
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from click.testing import CliRunner, Result
from PIL import Image
from pyproj import Transformer
from rasterio.transform import from_origin

from coverage import load_study
from coverage.cli import cli
from coverage.layers import read_layers
from coverage.settings.places import Classes
from coverage.signal.prediction import predict
from tests.calibration.trials import SIDE, shadowing_db
from tests.end_to_end import country

OFFSETS_DB = {30: -7.0, 10: 4.0}
"""Code of land cover -> what the measurements have more than the prediction."""
MASTS = [(f"S{n}", 2.0 + 5.2 * (n % 6), 2.5 + 5.0 * (n // 6)) for n in range(24)]


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["calibrate", *map(str, words)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dozen masts, and stripes of grass and trees that stand 0 m high, so that only the fit tells them apart."""
    made = tmp_path_factory.mktemp("calibrated")
    study = country.build(made)
    rows = ["site_id,operator,technology,freq_mhz,bandwidth_mhz,eirp_dbm,height_m,lon,lat"]
    for site, east, south in MASTS:
        lon, lat = country.lon_lat(east, south)
        rows.append(f"{site},Viettel,4G,1800,10,50,33,{lon},{lat}")
    (made / "bts.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    codes = np.where(np.arange(300) // 15 % 2, 10, 30).astype(np.uint8)[np.newaxis].repeat(200, axis=0)
    transform = from_origin(country.WEST, country.NORTH, 100, 100)
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 1, "crs": "EPSG:9206", "nodata": 0}
    with rasterio.open(made / "cover.tif", "w", height=200, width=300, transform=transform, **profile) as raster:
        raster.write(codes, 1)
    text = study.read_text(encoding="utf-8")
    text = text.replace('terrain = "terrain.tif"', 'terrain = "terrain.tif"\nland_cover = "cover.tif"')
    study.write_text(text + "\n[radio]\nclutter_m = { 10 = 0.0, 30 = 0.0 }\n", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def measured(folder: Path) -> Path:
    """Readings along 8 roads, three to a pixel, shifted by class and shadowed; in VN-2000 degrees of WGS 84."""
    settings = load_study(folder)
    layers = read_layers(settings)
    level = np.asarray(predict(layers, settings).levels["viettel", "4g"])
    random = np.random.default_rng(11)
    shadow = np.hstack([shadowing_db(random, 7.0, 250.0), shadowing_db(random, 7.0, 250.0)])[:200, :300]
    row, col = np.array([(20 * n + 10 + int(4 * np.sin(c / 9)), c) for n in range(10) for c in range(0, 300, 2)]).T
    assert SIDE * 2 >= 300
    assert layers.land_cover is not None
    shift = np.vectorize(OFFSETS_DB.get)(layers.land_cover)
    dbm = (level + shift + shadow)[row, col]
    heard = np.isfinite(dbm) & (dbm > -125)
    x, y = layers.grid.centre(row[heard], col[heard])
    lon, lat = Transformer.from_crs(layers.grid.crs, "EPSG:4326", always_xy=True).transform(x, y)
    file = folder / "drive.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Thời gian", "Nhà mạng", "Kinh độ", "Vĩ độ", "RSRP"])
        for n, (a, b, one) in enumerate(zip(lon, lat, dbm[heard], strict=True)):
            for again in range(3):
                writer.writerow([f"2026-03-0{1 + again} 08:{n // 60 % 60:02d}:{n % 60:02d}", "Viettel",
                                 f"{a:.6f}", f"{b:.6f}", f"{one:.1f}"])  # fmt: skip
    return file


@pytest.fixture(scope="module")
def found(folder: Path, measured: Path) -> tuple[Result, Path]:
    return run(folder, measured, "--language", "en"), folder / "maps" / "calibration"


def table(folder: Path) -> dict[str, Any]:
    text = (folder / "calibration.toml").read_text(encoding="utf-8")
    calibration: dict[str, Any] = tomllib.loads(text)["radio"]["calibration"]
    return calibration


def test_the_offsets_of_both_classes_are_found_within_their_intervals(
    found: tuple[Result, Path], measured: Path
) -> None:
    done, out = found
    assert done.exit_code == 0, done.output
    calibration = table(out)
    assert (calibration["kind"], calibration["model"], calibration["land_cover"]) == ("measurements", "p1812", True)
    assert calibration["evidence"]["sha256"] == hashlib.sha256(measured.read_bytes()).hexdigest()
    row = calibration["technologies"]["4g"]
    intervals = row["evidence"]["interval_db"]
    for name, truth in (("open", -7.0), ("urban_trees", 4.0)):
        low, high = intervals[name]
        assert low <= truth <= high
        assert high - low < 6.0
        assert row["clutter_db"][name] == pytest.approx((low + high) / 2, abs=0.02)
    evidence = row["evidence"]
    assert evidence["readings"] == 3 * evidence["pixels"]
    assert evidence["block_km"] >= 2.0
    assert evidence["held_out"]["after"]["rmse_db"] < evidence["held_out"]["before"]["rmse_db"]
    assert abs(evidence["held_out"]["after"]["bias_db"]) < 1.0
    counts = np.array(evidence["held_out"]["measured_by_predicted_after"])
    assert counts.sum() == evidence["held_out"]["classed"]


def test_what_was_found_is_printed_and_drawn(found: tuple[Result, Path]) -> None:
    done, out = found
    assert "held-out" in done.output
    assert 'set calibration = "maps/calibration/calibration.toml" under [radio]' in done.output
    with Image.open(out / "4g.png") as picture:
        assert picture.size == (1650, 990)
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 50
    assert sorted(file.name for file in out.iterdir()) == ["4g.png", "calibration.toml"]


def test_the_study_that_names_it_has_all_levels_shifted(found: tuple[Result, Path], folder: Path) -> None:
    plain = folder / "coverage.toml"
    using = folder / "using.toml"
    text = plain.read_text(encoding="utf-8")
    using.write_text(text + 'calibration = "maps/calibration/calibration.toml"\n', encoding="utf-8")
    settings = load_study(using)
    row = table(found[1])["technologies"]["4g"]
    layers = read_layers(settings)
    before, after = (np.asarray(predict(layers, each).levels["any", "4g"]) for each in (load_study(plain), settings))
    assert layers.land_cover is not None
    expected = np.where(layers.land_cover == 30, row["clutter_db"]["open"], row["clutter_db"]["urban_trees"])
    both = np.isfinite(before) & np.isfinite(after)
    assert both.mean() > 0.5
    np.testing.assert_allclose(after[both] - before[both], expected[both], atol=0.06)


def test_measurements_are_held_against_the_uncalibrated_model_whatever_the_study_uses(
    found: tuple[Result, Path], folder: Path, measured: Path, tmp_path: Path
) -> None:
    using = folder / "using.toml"
    text = (folder / "coverage.toml").read_text(encoding="utf-8")
    using.write_text(
        text + 'calibration = "maps/calibration/calibration.toml"\nbuilding = "traditional"\n', encoding="utf-8"
    )
    done = run(using, measured, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    again = table(tmp_path / "calibration")
    assert again["technologies"]["4g"]["clutter_db"] == table(found[1])["technologies"]["4g"]["clutter_db"]


def test_readings_of_a_named_cell_are_held_against_that_cell(folder: Path, measured: Path, tmp_path: Path) -> None:
    """Every reading names the mast S0, which most of them are too far from to hear: only those near it remain."""
    lines = measured.read_text(encoding="utf-8").splitlines()
    file = tmp_path / "named.csv"
    file.write_text("\n".join([f"{lines[0]},site_id", *(f"{line},S0" for line in lines[1:])]), encoding="utf-8")
    done = run(folder, file, "--out", tmp_path)
    assert done.exit_code == 1
    assert "served by one mast alone" in done.stderr
    assert not (tmp_path / "calibration").exists()


def test_what_cannot_support_a_calibration_is_refused_in_one_line(folder: Path, measured: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("\n".join(measured.read_text(encoding="utf-8").splitlines()[:40]), encoding="utf-8")
    done = run(folder, few, "--out", tmp_path)
    assert done.exit_code == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "few.csv: 4g: 13 usable pixels; expected at least 30." in done.stderr


@pytest.mark.parametrize("words", [(), ("a", "b", "c")])
def test_wrong_usage_is_told(words: tuple[str, ...], folder: Path) -> None:
    done = CliRunner().invoke(cli, ["calibrate", *(words or (str(folder),))])
    assert done.exit_code == 2


def test_a_calibration_that_cannot_be_read_is_said(folder: Path) -> None:
    using = folder / "broken.toml"
    text = (folder / "coverage.toml").read_text(encoding="utf-8")
    for named, said in (("nowhere.toml", "no table [radio.calibration] can be read"), ("../x.toml", "leads outside")):
        using.write_text(f'{text}calibration = "{named}"\n', encoding="utf-8")
        done = CliRunner().invoke(cli, ["check", str(using)])
        assert done.exit_code == 1
        assert said in done.stderr


@pytest.fixture(scope="module")
def strict(folder: Path) -> Path:
    """The same study, where signal counts from -75 dBm on, so that shares hang on the level and not on the radius."""
    study = folder / "strict.toml"
    text = (folder / "coverage.toml").read_text(encoding="utf-8")
    study.write_text(f"{text}[definitions.classes_dbm]\n4g = {{ good = -70, weak = -75 }}\n", encoding="utf-8")
    return study


def shares_of(strict: Path, above_dbm: float) -> dict[str, float]:
    """Count what has such a level, without the code that is tested."""
    settings = load_study(strict)
    layers = read_layers(settings)
    lower = Classes(good=-70, weak=-120)
    rules = settings.definitions.model_copy(update={"classes_dbm": {**settings.definitions.classes_dbm, "4g": lower}})
    level = np.asarray(predict(layers, settings.model_copy(update={"definitions": rules})).levels["any", "4g"])
    places = {village: country.metres(east, south) for village, _, east, south, *_ in country.VILLAGES if east}
    homes = [(count, country.metres(east, south)) for *_, lived in country.VILLAGES for count, east, south in lived]

    def has(at: tuple[float, float]) -> bool:
        (row,), (col,) = layers.grid.pixel([at[0]], [at[1]])
        return bool(level[row, col] >= above_dbm)

    return {
        "diện tích": 100 * float(np.mean(level >= above_dbm)),
        "thôn bản": 100 * float(np.mean([has(at) for at in places.values()])),
        "hộ dân": 100 * sum(count for count, at in homes if has(at)) / sum(count for count, _ in homes),
    }


@pytest.mark.parametrize("of", ["diện tích", "thôn bản", "hộ dân"])
def test_published_shares_are_met_by_one_offset_and_nothing_more_is_claimed(
    strict: Path, tmp_path: Path, of: str
) -> None:
    """Published is what would be so if all levels were 4 dB higher."""
    file = tmp_path / "shares.csv"
    file.write_text(f"Công nghệ,of,Tỷ lệ\n4G,{of},{shares_of(strict, -79.0)[of]:.3f}\n", encoding="utf-8")
    done = run(strict, "--shares", file, "--out", tmp_path, "--language", "en")
    assert done.exit_code == 0, done.output
    assert "nothing is validated" in done.output
    calibration = table(tmp_path / "calibration")
    assert calibration["kind"] == "published_shares"
    row = calibration["technologies"]["4g"]
    low, high = row["evidence"]["offsets_as_good_db"]
    assert low <= 4.0 <= high
    assert low <= row["offset_db"] <= high
    if of == "diện tích":
        assert high - low < 0.5
    text = (tmp_path / "calibration" / "calibration.toml").read_text(encoding="utf-8")
    assert "NOT TO MEASUREMENTS" in text


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("4G,thôn bản,100", "offsets of up to 20 dB come no nearer than"),
        ("5G,thôn bản,90", "any 5g, which the sites layer has not"),
        ("4G,trạm,90", "column of"),
        ("4G,thôn bản,9000", "column percent"),
    ],
)
def test_a_share_that_cannot_be_met_is_refused(strict: Path, tmp_path: Path, rows: str, said: str) -> None:
    file = tmp_path / "shares.csv"
    file.write_text(f"technology,of,percent\n{rows}\n", encoding="utf-8")
    done = run(strict, "--shares", file, "--out", tmp_path)
    assert done.exit_code == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_shares_that_hang_on_nothing_but_the_radius_tell_nothing(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "shares.csv"
    file.write_text("technology,of,percent\n4G,villages,55.6\n", encoding="utf-8")
    done = run(folder, "--shares", file, "--out", tmp_path)
    assert done.exit_code == 1
    assert "gives alike; expected shares that tell one offset from another" in done.stderr
