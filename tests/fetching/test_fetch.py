"""The command as a whole, against services on loopback."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_plus

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import rasterio.errors
from click.testing import CliRunner, Result
from filelock import FileLock

from coverage.cli import cli
from coverage.fetching import SOURCES
from coverage.layers import check_study
from coverage.study import load_study
from tests.fetching.services import (
    LOGIN_PAGE,
    Reply,
    Services,
    addresses,
    as_json,
    geotiff,
    node,
    pixel,
    put_boundaries,
    put_land_cover,
    put_overpass,
    put_population,
    put_terrain,
    way,
)
from tests.layers.conftest import COMMUNES, EAST, NORTH, SITES, SOUTH, WEST

BOX = "103.90,21.30,104.00,21.40"
"""The two communes of tests/layers/conftest.py."""
ELEMENTS = [
    node(1, 103.910, 21.310, place="village", name="Bản Mòng", population="1 180"),
    node(2, 103.920, 21.350, place="hamlet", name="Bản Hụm"),
    node(3, 103.960, 21.330, place="hamlet", name="Bản Cọ", population="about 50"),
    node(4, 103.980, 21.390, place="hamlet"),
    node(5, 104.100, 21.390, place="hamlet", name="Bản Ngoài"),
    way(10, [(103.88, 21.32), (103.95, 21.33)], highway="secondary", name="QL6"),
    way(11, [(103.95, 21.33), (103.98, 21.36)], highway="track", ref="DT.106"),
    way(12, [(103.92, 21.31), (103.97, 21.31)], power="line", voltage="110000;22000"),
    way(13, [(103.92, 21.36), (103.97, 21.36)], power="minor_line"),
    node(20, 103.930, 21.340, man_made="mast", height="45 m", operator="Viettel", **{"tower:type": "communication"}),
    way(21, [(103.9601, 21.3501), (103.9603, 21.3503)], man_made="communications_tower", height="150 ft"),
    way(30, [(103.9101, 21.3101), (103.9103, 21.3103)], building="yes"),
    way(31, [(103.9601, 21.3301), (103.9603, 21.3303)], building="house"),
]


@pytest.fixture
def world(services: Services) -> Services:
    """Services that have everything there is in a corner of Sơn La."""
    put_terrain(services, [(103, 21), (104, 21), (103, 20)])
    put_land_cover(services, [(102, 21)])
    put_population(services)
    put_boundaries(services, {"Sơn La": ("VN-05", (103.90, 21.30, 104.00, 21.40))})
    put_overpass(services, ELEMENTS)
    return services


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study whose planner has communes and sites, and nothing else yet."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "communes.geojson").write_text(COMMUNES, encoding="utf-8")
    (folder / "bts.csv").write_text(SITES, encoding="utf-8")
    (folder / "coverage.toml").write_text(
        '[layers]\ncommunes = "communes.geojson"\nsites = "bts.csv"\nvillages = "villages.csv"\nterrain = "dem.tif"\n'
        "[fetch]\npause_s = 0\nmargin_km = 1\n",
        encoding="utf-8",
    )
    return folder


def run(services: Services, study: Path, *more: str, area: str = BOX) -> Result:
    options = [part for name, url in addresses(services).items() for part in ("--address", f"{name}={url}")]
    return CliRunner().invoke(cli, ["fetch", area, "--study", str(study), *options, *more])


def record(study: Path) -> dict:
    return json.loads((study / "data/open/fetch.json").read_text(encoding="utf-8"))


def test_a_fetched_study_passes_the_check_with_the_lines_that_are_printed(world: Services, study: Path) -> None:
    done = run(world, study, "--language", "en")
    assert done.exit_code == 0, done.output
    lines = done.output.partition("under [layers]:\n")[2].partition("\n\n")[0].splitlines()
    assert lines == [
        'buildings = "data/open/buildings.gpkg"',
        'land_cover = "data/open/land_cover"',
        'candidates = "data/open/masts.gpkg"',
        'population = "data/open/population/vnm_ppp_2020_constrained.tif"',
        'power_lines = "data/open/power_lines.gpkg"',
        'roads = "data/open/roads.gpkg"',
        'terrain = "data/open/terrain"',
        'villages = "data/open/villages.gpkg"',
    ]
    toml = study / "coverage.toml"
    kept = [
        line for line in toml.read_text(encoding="utf-8").splitlines() if not line.startswith(("villages", "terrain"))
    ]
    toml.write_text("\n".join(kept).replace("[layers]", "\n".join(["[layers]", *lines])), encoding="utf-8")
    found = check_study(load_study(study))
    assert found.can_run, [str(problem) for problem in found.problems]
    checked = CliRunner().invoke(cli, ["check", str(study)])
    assert checked.exit_code == 0, checked.output


def test_what_openstreetmap_has_becomes_the_columns_of_the_layers(world: Services, study: Path) -> None:
    assert run(world, study).exit_code == 0
    folder = study / "data/open"
    villages = gpd.read_file(folder / "villages.gpkg").set_index("village_id")
    assert villages["name"].to_dict() == {"osm-n1": "Bản Mòng", "osm-n2": "Bản Hụm", "osm-n3": "Bản Cọ"}
    assert villages["people"].fillna(-1).astype(int).to_dict() == {"osm-n1": 1180, "osm-n2": -1, "osm-n3": -1}
    assert (villages.geometry["osm-n1"].x, villages.geometry["osm-n1"].y) == (103.910, 21.310)
    roads = gpd.read_file(folder / "roads.gpkg")
    assert roads[["class", "name"]].to_numpy().tolist() == [["secondary", "QL6"], ["track", "DT.106"]]
    assert roads.geometry[0].wkt == "LINESTRING (103.88 21.32, 103.95 21.33)"
    power = gpd.read_file(folder / "power_lines.gpkg")
    assert power["voltage_kv"].fillna(-1).tolist() == [110.0, -1.0]  # volts there, kV here
    masts = gpd.read_file(folder / "masts.gpkg").set_index("site_id")
    assert masts["height_m"].fillna(-1).to_dict() == {"osm-n20": 45.0, "osm-w21": -1.0}  # feet are not guessed at
    assert masts.geometry["osm-w21"].x == pytest.approx(103.9602)
    assert len(gpd.read_file(folder / "buildings.gpkg")) == 2


def test_tiles_of_the_sea_are_no_error_and_those_of_land_lie_where_they_belong(world: Services, study: Path) -> None:
    done = run(world, study, "--only", "terrain,land_cover", area="103.5,20.5,104.5,21.5")
    assert done.exit_code == 0, done.output
    assert "terrain: 1 of 4 tiles do not exist; there is sea only." in done.output  # 104 E, 20 N
    tiles = sorted(file.name for file in (study / "data/open/terrain").glob("*.tif"))
    assert tiles == [
        f"Copernicus_DSM_COG_10_{name}_00_DEM.tif" for name in ("N20_00_E103", "N21_00_E103", "N21_00_E104")
    ]
    # The server makes its tiles so that a point 0.5° from both edges has 2 · 30 more than 100 times the latitude.
    assert pixel(study / "data/open/terrain" / tiles[1], 103.5, 21.5) == 2100 + 60
    assert "land_cover: 1 of 2 tiles do not exist" in done.output  # 18…21° N is not there
    assert not any("E104_00_DEM/" in path and "N20" in path for path in world.paths())


def test_a_tile_that_the_list_has_and_the_server_has_not_is_an_error(world: Services, study: Path) -> None:
    name = "Copernicus_DSM_COG_10_N21_00_E103_00_DEM"
    del world.files[f"/dem/{name}/{name}.tif"]
    done = run(world, study, "--only", "terrain")
    assert done.exit_code == 1
    assert f"{name}.tif: the server answers 404" in done.output


def test_a_mirror_without_a_list_has_sea_where_it_has_no_tile(world: Services, study: Path) -> None:
    del world.files["/dem/tileList.txt"]
    done = run(world, study, "--only", "terrain", area="103.5,20.5,104.5,21.5")
    assert done.exit_code == 0, done.output
    assert "terrain: 1 of 4 tiles do not exist" in done.output


def test_open_sea_is_no_area(world: Services, study: Path) -> None:
    done = run(world, study, "--only", "terrain", area="112,15,112.5,15.5")
    assert done.exit_code == 1
    assert "no tile of terrain for AREA; expected land" in done.output


def test_the_second_time_nobody_is_asked_and_again_asks_for_what_is_newer(world: Services, study: Path) -> None:
    assert run(world, study).exit_code == 0
    before, files = len(world.asked), record(study)["files"]
    assert run(world, study).exit_code == 0
    assert len(world.asked) == before
    put_terrain(world, [(103, 21), (104, 21), (103, 20)], pixels=30)
    assert run(world, study, "--only", "terrain,population", "--again").exit_code == 0
    later = record(study)["files"]
    tile = "terrain/Copernicus_DSM_COG_10_N21_00_E103_00_DEM.tif"
    assert later[tile]["sha256"] != files[tile]["sha256"]
    people = "population/vnm_ppp_2020_constrained.tif"
    assert later[people] == files[people]
    assert world.asked[-1].headers["If-None-Match"] == files[people]["etag"]


def test_another_area_is_fetched_in_place_of_the_one_before(world: Services, study: Path) -> None:
    assert run(world, study, "--only", "villages,masts").exit_code == 0
    assert run(world, study, "--only", "villages,masts", area="104.05,21.30,104.20,21.40").exit_code == 0
    assert gpd.read_file(study / "data/open/villages.gpkg")["name"].tolist() == ["Bản Ngoài"]
    assert not (study / "data/open/masts.gpkg").exists()  # there is none


def test_the_record_says_of_each_file_where_it_came_from_and_its_checksum(world: Services, study: Path) -> None:
    assert run(world, study).exit_code == 0
    found = record(study)
    assert found["area"]["asked"] == BOX
    absent = [name for name, entry in found["files"].items() if entry.get("absent")]
    assert absent == ["boundaries/ADM2.json"]
    for name in found["files"].keys() - absent:
        entry = found["files"][name]
        content = (study / "data/open" / name).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["bytes"] == len(content)
        assert entry["when"].startswith("20")
    assert found["files"]["villages.gpkg"]["days"] == ["2026-11-20"]
    people = found["files"]["population/vnm_ppp_2020_constrained.tif"]
    assert people["request"] == f"{world.base}/pop/vnm_ppp_2020_constrained.tif"
    left = [path.name for path in (study / "data/open").rglob("*") if path.is_file()]
    assert not [name for name in left if name.endswith((".part", ".part.json", ".quarters"))]
    assert not (study / "data/open/.answers").exists()


def test_every_source_is_attributed_with_its_licence(world: Services, study: Path) -> None:
    assert run(world, study, "--language", "vi").exit_code == 0
    text = (study / "data/open/ATTRIBUTION.md").read_text(encoding="utf-8")
    for said in ("© OpenStreetMap contributors", "ODbL 1.0", "© DLR e.V. 2010-2014", "ESA WorldCover project 2021",
                 "WorldPop", "Ghi nguồn", "Public Domain"):  # fmt: skip
        assert said in text
    licences = sorted(file.stem for file in (study / "data/open/licences").iterdir())
    assert licences == ["boundaries", "land_cover", "osm", "population", "terrain"]


def test_a_file_of_the_planner_is_not_written_over(world: Services, study: Path) -> None:
    assert run(world, study, "--only", "villages").exit_code == 0
    villages = study / "data/open/villages.gpkg"
    villages.write_bytes(b"my own corrections")
    done = run(world, study, "--only", "villages")
    assert done.exit_code == 1
    assert "villages.gpkg: is not the file that was fetched, or was changed since" in done.output
    assert villages.read_bytes() == b"my own corrections"
    assert run(world, study, "--only", "villages", "--replace").exit_code == 0
    assert len(gpd.read_file(villages)) == 3


def test_a_layer_that_the_study_has_already_is_shown_as_a_comment(world: Services, study: Path) -> None:
    (study / "villages.csv").write_text("name,lon,lat\nBản Mòng,103.91,21.31\n", encoding="utf-8")
    before = (study / "coverage.toml").read_bytes()
    done = run(world, study, "--only", "villages,terrain")
    assert '# villages = "data/open/villages.gpkg"  # the study has villages.csv' in done.output
    assert '\nterrain = "data/open/terrain"' in done.output
    assert (study / "coverage.toml").read_bytes() == before


def test_a_new_study_is_offered_what_it_has_no_file_for_and_keeps_its_templates(
    world: Services, tmp_path: Path
) -> None:
    assert CliRunner().invoke(cli, ["init", str(tmp_path / "new")]).exit_code == 0
    done = run(world, tmp_path / "new", "--only", "villages,terrain,roads", area="Sơn La")
    assert done.exit_code == 0, done.output
    lines = done.output.partition("under [layers]:\n")[2].partition("\n\n")[0].splitlines()
    assert lines == [
        'roads = "data/open/roads.gpkg"',
        'terrain = "data/open/terrain"',
        '# villages = "data/open/villages.gpkg"  # the study has data/boundaries/villages.xlsx',
    ]


def test_a_box_that_is_too_much_is_asked_for_in_quarters_and_nothing_comes_twice(world: Services, study: Path) -> None:
    long, short = [(103.60, 21.35), (103.97, 21.35)], [(103.91, 21.31), (103.92, 21.31)]
    roads = [way(10, long, highway="primary"), way(11, short, highway="track")]
    put_overpass(world, [*ELEMENTS[:3], *roads], too_much=1)
    done = run(world, study, "--only", "villages,roads", area="103.55,21.30,103.99,21.40")
    assert done.exit_code == 0, done.output
    assert len(gpd.read_file(study / "data/open/villages.gpkg")) == 3
    assert gpd.read_file(study / "data/open/roads.gpkg")["osm"].tolist() == ["osm-w10", "osm-w11"]
    boxes = [re.search(r"bbox:([^\]]+)", unquote_plus(asked.body))[1] for asked in world.asked]
    assert boxes[:3] == [
        "21,103.5,21.5,104",
        "21.25,103.5,21.5,103.75",
        "21.25,103.75,21.5,104",
    ]  # south has none of it


def test_a_small_box_that_is_too_much_is_one_line(world: Services, study: Path) -> None:
    world.posts["/overpass"] = lambda text: as_json(
        {"elements": [], "remark": "runtime error: Query run out of memory using about 2048 MB of RAM."}
    )
    done = run(world, study, "--only", "buildings")
    assert done.exit_code == 1
    assert "run out of memory using about 2048 MB of RAM for a box of" in done.output
    assert not (study / "data/open/buildings.gpkg").exists()


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (as_json({"elements": [], "remark": "runtime error: open64: 0 Success /osm3s_v0.7.62_osm_base Dispatcher"}),
         "it remarks 'runtime error: open64"),
        (Reply(200, b'{"version": 0.6, "elements": [{"type": "no'), "no JSON, or not all of it"),
        (Reply(200, LOGIN_PAGE, {"Content-Type": "text/html"}), "a web page instead of data"),
        (Reply(400, b"<html>parse error</html>", {"Content-Type": "text/html"}), "the server answers 400"),
        (as_json([1, 2]), "JSON without elements"),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_overpass_is_one_line_and_the_other_sources_come(
    world: Services, study: Path, reply: Reply, said: str
) -> None:
    world.faults["/overpass"] = [reply]
    done = run(world, study, "--only", "villages,terrain")
    assert done.exit_code == 1
    lines = [line for line in done.output.splitlines() if line.startswith("coverage: ")]
    assert len(lines) == 1
    assert said in lines[0]
    assert (study / "data/open/terrain").exists()
    assert not (study / "data/open/villages.gpkg").exists()
    assert run(world, study, "--only", "villages").exit_code == 0


def test_a_busy_overpass_is_asked_again(world: Services, study: Path) -> None:
    world.faults["/overpass"] = [
        Reply(429, b"<html>rate_limited</html>", {"Content-Type": "text/html", "Retry-After": "0"}),
        Reply(504, b"<html>The server is probably too busy</html>", {"Content-Type": "text/html"}),
    ]
    done = run(world, study, "--only", "villages")
    assert done.exit_code == 0, done.output
    assert world.paths() == ["/overpass"] * 3


def test_nothing_on_the_map_is_said_and_makes_no_layer(world: Services, study: Path) -> None:
    put_overpass(world, [])
    done = run(world, study, "--only", "masts")
    assert done.exit_code == 0, done.output
    assert "masts: OpenStreetMap has none in this area." in done.output
    assert "candidates" not in done.output
    assert not (study / "data/open/masts.gpkg").exists()
    before = len(world.asked)
    assert run(world, study, "--only", "masts").exit_code == 0
    assert len(world.asked) == before


def test_boxes_that_were_answered_are_not_asked_again_after_a_break(world: Services, study: Path) -> None:
    wide = "103.2,21.0,104.3,21.4"  # three boxes of half a degree
    answer = world.posts["/overpass"]
    answers = iter([answer, answer, lambda text: Reply(400, b"no")])
    world.posts["/overpass"] = lambda text: next(answers)(text)
    assert run(world, study, "--only", "villages", area=wide).exit_code == 1
    world.posts["/overpass"], before = answer, len(world.asked)
    assert run(world, study, "--only", "villages", area=wide).exit_code == 0
    assert (before, len(world.asked)) == (3, 4)
    assert len(gpd.read_file(study / "data/open/villages.gpkg")) == 4


@pytest.mark.parametrize("spoil", ["short", "page", "bare"])
def test_a_raster_that_is_none_or_cut_short_is_one_line_and_not_kept(world: Services, study: Path, spoil: str) -> None:
    path = "/pop/vnm_ppp_2020_constrained.tif"
    content, kind = world.files[path]
    bad, said = {
        "short": (content[: len(content) // 2], "cannot be read to its end"),  # with the length of what is sent
        "page": (LOGIN_PAGE, "no GeoTIFF (begins b'<!DOCTYPE html>"),
        "bare": (without_place(), "without a place on Earth"),
    }[spoil]  # fmt: skip
    world.put(path, bad, kind)
    done = run(world, study, "--only", "population")
    assert done.exit_code == 1
    assert said in done.output
    assert not list((study / "data/open/population").iterdir())
    world.put(path, content, kind)
    assert run(world, study, "--only", "population").exit_code == 0


def without_place() -> bytes:
    with warnings.catch_warnings(action="ignore", category=rasterio.errors.NotGeoreferencedWarning):
        return geotiff(0, 0, 1, np.ones((8, 8), "float32"), crs=None, transform=None)


def test_a_fetch_killed_in_the_middle_goes_on_and_ends_as_if_it_had_not_been(
    world: Services, study: Path, tmp_path: Path
) -> None:
    path = "/pop/vnm_ppp_2020_constrained.tif"
    noise = np.random.default_rng(3).random((1000, 1000), dtype="float32")
    world.put(path, geotiff(102.0, 23.0, 4.0, noise), "image/tiff")

    def slowly(reply: Reply) -> Reply:
        reply.chunk_s = 0.1
        return reply

    world.faults[path] = [slowly]
    options = [part for name, url in addresses(world).items() for part in ("--address", f"{name}={url}")]
    command = [sys.executable, "-m", "coverage", "fetch", BOX, "--study", str(study), "--only", "terrain,population"]
    child = subprocess.Popen(
        [*command, *options], env={**os.environ, "NO_PROXY": "127.0.0.1"}, stdout=subprocess.DEVNULL
    )
    part = study / "data/open/population/vnm_ppp_2020_constrained.tif.part"
    deadline = time.monotonic() + 90
    while not (part.exists() and part.stat().st_size > 500_000):
        assert time.monotonic() < deadline
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    begun, asked = part.stat().st_size, len(world.asked)
    assert not part.with_suffix("").exists()
    assert run(world, study, "--only", "terrain,population").exit_code == 0
    assert part.with_suffix("").read_bytes() == world.files[path][0]
    assert [(later.path, later.headers.get("Range")) for later in world.asked[asked:]] == [(path, f"bytes={begun}-")]
    assert not part.exists()


def test_a_kill_between_the_record_and_the_place_of_a_file_leaves_no_stranger(
    world: Services, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(world, study, "--only", "population").exit_code == 0
    put_land_cover(world, [(102, 21)])
    world.put(
        "/pop/vnm_ppp_2020_constrained.tif", world.files["/cover/ESA_WorldCover_10m_2021_v200_N21E102_Map.tif"][0]
    )
    replace = os.replace

    def killed(source: Path, place: Path) -> None:
        if str(place).endswith(".tif"):
            raise KeyboardInterrupt
        replace(source, place)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        assert run(world, study, "--only", "population", "--again").exit_code == 1
    assert run(world, study, "--only", "population").exit_code == 0
    found = study / "data/open/population/vnm_ppp_2020_constrained.tif"
    assert found.read_bytes() == world.files["/pop/vnm_ppp_2020_constrained.tif"][0]


def test_two_fetches_into_one_folder_do_not_mix(world: Services, study: Path) -> None:
    assert run(world, study, "--only", "villages").exit_code == 0
    with FileLock(study / "data/open/.fetch.lock"):
        done = run(world, study, "--only", "roads")
    assert done.exit_code == 1
    assert "another coverage fetch is at work here" in done.output


def test_servers_that_a_study_names_are_asked_only_with_leave(world: Services, study: Path) -> None:
    toml = study / "coverage.toml"
    toml.write_text(toml.read_text() + f'overpass = "{world.base}/overpass"\n')
    arguments = ["fetch", BOX, "--study", str(study), "--only", "villages"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 1
    assert "[fetch] overpass = 'http://127.0.0.1" in done.output
    assert "For a study you trust, add --allow-outside" in done.output
    assert world.asked == []
    assert CliRunner().invoke(cli, [*arguments, "--allow-outside"]).exit_code == 0


def test_the_password_of_a_mirror_is_written_nowhere(world: Services, study: Path) -> None:
    secret = world.base.replace("http://", "http://planner:hunter2@")
    address = f"population={secret}/pop/vnm_ppp_2020_constrained.tif"
    world.faults["/pop/vnm_ppp_2020_constrained.tif"] = [lambda reply: replace(reply, stop_after=10_000)] * 5
    done = run(world, study, "--only", "population", "--address", address)
    assert world.asked[-1].headers["Authorization"].startswith("Basic ")
    assert done.exit_code == 1
    assert "hunter2" not in done.output
    assert (study / "data/open/population/vnm_ppp_2020_constrained.tif.part.json").exists()
    for file in (study / "data/open").rglob("*"):
        assert file.is_dir() or b"hunter2" not in file.read_bytes()


def test_without_a_study_the_files_go_where_out_says(
    world: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = [part for name, url in addresses(world).items() for part in ("--address", f"{name}={url}")]
    done = CliRunner().invoke(cli, ["fetch", "14", "--out", "mở", "--only", "villages", *options])
    assert done.exit_code == 0, done.output
    assert f'villages = "{(tmp_path / "mở/villages.gpkg").as_posix()}"' in done.output
    assert done.output.startswith("Sơn La: geoBoundaries: Sơn La\n")
    missing = CliRunner().invoke(cli, ["fetch", "14"])
    assert missing.exit_code == 1
    assert "coverage.toml: no such study" in missing.output


def test_a_folder_that_cannot_be_written_is_one_line(world: Services, tmp_path: Path, study: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(world, study, "--out", str(tmp_path / "file" / "x"))
    assert done.exit_code == 1
    assert "could not be written" in done.output
    assert "Traceback" not in done.output


def test_what_cannot_be_meant_is_wrong_usage(study: Path) -> None:
    for wrong in (
        ["--only", "castles"],
        ["--only", ","],
        ["--address", "moon=http://x"],
        ["--address", "terrain=ftp://x"],
    ):
        assert CliRunner().invoke(cli, ["fetch", BOX, "--study", str(study), *wrong]).exit_code == 2


def test_every_source_is_named_in_the_help() -> None:
    text = "".join(CliRunner().invoke(cli, ["fetch", "--help"]).output.split())
    assert all(name in text for name in SOURCES)


def test_the_corner_is_that_of_the_layers(study: Path) -> None:
    assert list(map(float, BOX.split(","))) == [WEST, SOUTH, EAST, NORTH]
