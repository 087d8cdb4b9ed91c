"""The command `coverage path`: what it loads, prints, writes and refuses."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from coverage.cli import cli
from coverage.outputs.path.words import TERMS
from coverage.radio.p1812 import Terms
from tests.path_world import at, end, flat, write_study

HEAVY = {"numba", "geopandas", "pandas", "matplotlib", "scipy", "shapely", "pyogrio", "folium", "sklearn"}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    terrain = flat()
    terrain[:, 60:63] = 560
    return write_study(tmp_path, terrain)


def run(study: Path, *args: str) -> Result:
    return CliRunner().invoke(cli, ["path", "--study", str(study), *args])


def loaded_by(*args: str) -> set[str]:
    """Return what a command loads, in a process of its own."""
    code = (
        "import sys\n"
        "from coverage.cli import cli\n"
        "try:\n    cli(sys.argv[1:])\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print('loaded:', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_help_loads_nothing_that_takes_long() -> None:
    assert loaded_by("--help") & (HEAVY | {"numpy", "rasterio", "pyproj", "pydantic", "rich", "jinja2"}) == set()


def test_a_path_between_coordinates_loads_only_what_reads_terrain(study: Path, tmp_path: Path) -> None:
    args = ["path", "--study", str(study), end(15, 20, 30), end(15, 100)]
    loaded = loaded_by(*args)
    assert loaded & (HEAVY | {"jinja2", "PIL"}) == set()
    assert {"numpy", "rasterio"} <= loaded
    assert loaded_by(*args, "--out", str(tmp_path / "path.svg")) & (HEAVY | {"jinja2", "PIL"}) == set()
    assert loaded_by(*args, "--out", str(tmp_path / "path.png")) & HEAVY == set()


def test_text_names_ends_obstruction_terms_and_both_margins_in_two_languages(study: Path) -> None:
    english = run(study, end(15, 20, 30), end(15, 100))
    assert english.exit_code == 0, english.output
    for said in (
        "antenna 30.0 m above ground (given)", "antenna 1.5 m above ground ([radio] rx_height_m)",
        "Length 8.001 km", "Effective Earth radius factor k = 1.467",
        "m into the zone", "Lbfs", "Ld50", "Ldp", "Lba", "Lbs", "Lloc", "Bullington over the actual profile, median",
        "Spherical-Earth diffraction, median", "Downlink A → B", "Uplink B → A", "Uplink margin", "Margin above a weak",
    ):  # fmt: skip
        assert said in english.output
    vietnamese = run(study, end(15, 20, 30), end(15, 100), "--language", "vi")
    for said in ("Chiều dài 8,001 km", "Miền Fresnel", "Đường xuống A → B", "Dự trữ đường lên"):
        assert said.casefold() in vietnamese.output.casefold()


def test_json_has_the_profile_every_term_and_null_where_nothing_is_known(study: Path) -> None:
    done = run(study, end(15, 20, 30), end(15, 100), "--format", "json", "--time-percent", "10")
    found = json.loads(done.stdout)
    assert found["length_km"] == pytest.approx(8.0008, abs=0.001)
    assert len(found["profile"]["ground_m"]) == len(found["profile"]["distance_km"]) == 81
    assert max(found["profile"]["ground_m"]) == 560
    assert list(found["terms"]) == list(TERMS) == list(Terms._fields)
    assert found["time_percent"] == 10
    assert (found["hop"], found["profile"]["cover_m"], found["link"]["cell"]["azimuth_deg"]) == (None, None, None)
    assert found["link"]["margin_db"] == pytest.approx(found["link"]["level_dbm"] + 115)


def test_a_hop_prints_the_heights_that_it_needs(study: Path) -> None:
    done = run(study, end(15, 20), end(15, 200), "--hop", "--freq-ghz", "7")
    assert done.exit_code == 0, done.output
    assert "Microwave hop: Not clear enough" in done.output
    assert "antenna 20.0 m above ground ([planning] relay_height_m)" in done.output
    assert "Free-space loss: 134.5 dB" in done.output  # 32.4 + 20 log 7000 + 20 log 18
    high = run(study, end(15, 20, 90), end(15, 200, 90), "--hop", "--freq-ghz", "7", "--format", "json")
    assert json.loads(high.stdout)["hop"]["clear"] is True


def test_drawings_and_page_open_and_fetch_nothing(study: Path, tmp_path: Path) -> None:
    files = [tmp_path / "made" / f"path{ending}" for ending in (".png", ".svg", ".html")]
    out = [option for file in files for option in ("--out", str(file))]
    done = run(study, end(15, 20, 30), end(15, 100), *out)
    assert done.exit_code == 0, done.output
    with Image.open(files[0]) as picture:
        assert picture.size == (2240, 1120)
        assert len(picture.convert("RGB").getcolors(maxcolors=1 << 24) or []) > 20
    svg = ElementTree.fromstring(files[1].read_text(encoding="utf-8"))
    words = {element.text for element in svg.iter() if element.tag.endswith("text")}
    assert {"A", "B", "First Fresnel zone", "Stands in the zone"} <= words
    page = files[2].read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert page.count('<tr class="main">') == 14
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    assert [path.name for path in sorted(files[0].parent.iterdir())] == ["path.html", "path.png", "path.svg"]


def test_what_a_stranger_calls_an_end_is_text_on_the_page(study: Path, tmp_path: Path) -> None:
    lon, lat = at(15, 20)
    file = tmp_path / "path.html"
    spelt = f"{lat:.6f}° N; {lon:.6f}° E"
    assert run(study, f"{spelt}, 30", end(15, 100), "--out", str(file)).exit_code == 0
    assert f"{spelt}, 30" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((end(15, 20), end(15, 20)), "the same point"),
        (("103.9,21.3,-5", end(15, 20)), "a height of -5 m"),
        (("103.9", end(15, 20)), "103.9: no site, cell or village|sites.csv"),
        ((end(15, 20), end(15, 100), "--freq-mhz", "9e9"), "30 to 6000 MHz"),
        ((end(15, 20), end(15, 100), "--out", "path.docx"), "expected a file that ends in .png, .svg, .html"),
        ((end(15, 20), end(15, 100), "--out", "/proc/path.svg"), "/proc/path.svg: could not be written"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_1(study: Path, args: tuple[str, ...], said: str) -> None:
    done = run(study, *args)
    assert done.exit_code == 1
    first = done.output.splitlines()[0]
    assert first.startswith("coverage: ")
    assert any(each in done.output for each in said.split("|"))
    assert "Traceback" not in done.output


def test_a_swapped_position_is_read_and_said(study: Path) -> None:
    lon, lat = at(15, 20)
    done = run(study, f"{lat:.6f},{lon:.6f},30", end(15, 100))
    assert done.exit_code == 0
    assert "the latitude stands first" in done.stderr
    assert "antenna 30.0 m" in done.stdout


def test_options_that_do_not_go_together_are_wrong_usage(study: Path) -> None:
    for options in (["--hop", "--freq-mhz", "7000"], ["--freq-ghz", "7"], ["--time-percent", "60"]):
        assert run(study, end(15, 20), end(15, 100), *options).exit_code == 2
