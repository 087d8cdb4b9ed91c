"""The bundled sample, broken by a program in many ways: each is found, and named by kind, file, row and column."""

import functools
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from shapely.affinity import translate

from coverage import load_study
from coverage.errors import Problem
from coverage.layers import check_layers
from coverage.layers.units.crosswalk import national_crosswalk

SAMPLE = Path(__file__).parents[2]
TABLES = {
    "villages": "data/boundaries/villages.csv",
    "housing": "data/boundaries/housing.csv",
    "bts": "data/sites/bts.csv",
    "nodes": "data/sites/fiber_nodes.csv",
}
SHAPES = {"communes": "data/boundaries/communes.gpkg", "routes": "data/sites/fiber_routes.gpkg"}
TERRAIN = "data/terrain/terrain.tif"
TCVN3 = dict(
    zip(
        "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĐ",
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ®§",
        strict=True,
    )
)
"""Letter -> how a file in TCVN 5712:1993 shows it to a program that knows nothing of it."""


@dataclass
class Sample:
    """The files of the sample, opened to be broken."""

    folder: Path
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self.frames:
            path = self.folder / (TABLES | SHAPES)[name]
            table = name in TABLES
            self.frames[name] = (
                pd.read_csv(path, dtype=str, keep_default_na=False) if table else gpd.read_file(path, engine="pyogrio")
            )
        return self.frames[name]

    def write(self) -> None:
        for name, frame in self.frames.items():
            path = self.folder / (TABLES | SHAPES)[name]
            path.unlink()
            if name in TABLES:
                frame.to_csv(path, index=False)
            else:
                frame.to_file(path, engine="pyogrio")


@dataclass(frozen=True)
class Fault:
    """One way to break the sample, and how it is to be named."""

    together: str
    """Faults of one name are put into one copy of the sample."""
    break_it: Callable[[Sample], list[int]]
    """Returns the positions that are broken; none for the whole file."""
    file: str
    kind: str = ""
    column: str | None = None
    says: str = ""
    fatal: bool = False
    at_least: bool = False
    """Other rows may be named as well."""


FAULTS: dict[str, Fault] = {}


def fault(name: str, together: str, file: str, **named: object) -> Callable[..., Callable[[Sample], list[int]]]:
    def add(break_it: Callable[[Sample], list[int]]) -> Callable[[Sample], list[int]]:
        FAULTS[name] = Fault(together, break_it, {**TABLES, **SHAPES, "terrain": TERRAIN}[file], **named)  # type: ignore[arg-type]
        return break_it

    return add


def cells_of(sample: Sample, operator: str, technology: str) -> list[int]:
    frame = sample.bts
    return np.flatnonzero((frame["operator"] == operator) & (frame["technology"] == technology)).tolist()


def put(frame: pd.DataFrame, rows: list[int], column: str, values: object) -> list[int]:
    frame.loc[frame.index[rows], column] = values
    return rows


def scale(frame: pd.DataFrame, rows: list[int], column: str, change: Callable[[float], float]) -> list[int]:
    return put(frame, rows, column, [f"{change(float(value)):.10g}" for value in frame[column].iloc[rows]])


# Rows of villages ---------------------------------------------------------------------------------------------------


@fault("a village point in another commune than declared", "rows", "villages", kind="outside_declared_commune")
def _(sample: Sample) -> list[int]:
    there = sample.villages.iloc[2400]
    put(sample.villages, [10], "lon", f"{float(there['lon']) + 0.0007:.6f}")
    return put(sample.villages, [10], "lat", there["lat"])


@fault("a village point in no commune", "rows", "villages", kind="point_in_no_commune")
def _(sample: Sample) -> list[int]:
    return put(sample.villages, [20], "lat", "22.300000")


@fault("an unknown code of a commune", "rows", "villages", kind="unknown_commune", column="commune_code", fatal=True)
def _(sample: Sample) -> list[int]:
    put(sample.villages, [30], "commune_name", "")
    put(sample.villages, [30], "former_commune", "")
    return put(sample.villages, [30], "commune_code", "99999")


@fault("longitude and latitude of a village swapped", "rows", "villages", kind="swapped")
def _(sample: Sample) -> list[int]:
    lon, lat = sample.villages.loc[40, ["lon", "lat"]]
    put(sample.villages, [40], "lon", lat)
    return put(sample.villages, [40], "lat", lon)


@fault("two villages at one point", "rows", "villages", kind="villages_at_one_point")
def _(sample: Sample) -> list[int]:
    for column in ("lon", "lat"):
        put(sample.villages, [51], column, sample.villages.at[50, column])
    return [50, 51]


@fault("a village name twice in a commune", "rows", "villages", kind="village_name_twice", column="name")
def _(sample: Sample) -> list[int]:
    for column in ("name", "commune_code", "commune_name", "former_commune"):
        put(sample.villages, [61], column, sample.villages.at[60, column])
    return [60, 61]


@fault("an id of two villages", "shapes", "villages", column="village_id", fatal=True, says="more than once")
def _(sample: Sample) -> list[int]:
    put(sample.villages, [71], "village_id", sample.villages.at[70, "village_id"])
    return [70, 71]


@fault("people fewer than households", "rows", "villages", kind="fewer_people_than_households", column="people")
def _(sample: Sample) -> list[int]:
    return put(sample.villages, [80, 81], "people", ["12", "40"])


@fault("too many people to a household", "rows", "villages", kind="people_per_household", column="people")
def _(sample: Sample) -> list[int]:
    return scale(sample.villages, [85], "people", lambda people: people * 10)


@fault("a village without households", "rows", "villages", kind="village_without_households", column="households")
def _(sample: Sample) -> list[int]:
    return put(sample.villages, [90], "households", "0")


@fault("households that are no number", "rows", "villages", kind="not_a_number", column="households", fatal=True)
def _(sample: Sample) -> list[int]:
    return put(sample.villages, [95], "households", "nhiều")


@fault("no word on power", "rows", "villages", kind="power_unknown", column="has_power")
def _(sample: Sample) -> list[int]:
    return put(sample.villages, [100], "has_power", "")


@fault("a sheet error in place of a point", "rows", "villages", kind="no_point")
def _(sample: Sample) -> list[int]:
    given = np.flatnonzero(sample.villages["lon"] == "").tolist()
    put(sample.villages, [105], "lon", "#N/A")
    return sorted([*given, 105])


# Rows of housing ----------------------------------------------------------------------------------------------------


@fault("housing far from its village", "shapes", "housing", kind="housing_far_from_its_village")
def _(sample: Sample) -> list[int]:
    return scale(sample.housing, [2000], "lat", lambda lat: lat + 0.2 if lat < 21.2 else lat - 0.2)


@fault("housing that does not sum up", "rows", "housing", kind="housing_sum_differs", column="households")
def _(sample: Sample) -> list[int]:
    village = sample.housing.at[3000, "village_id"]
    rows = np.flatnonzero(sample.housing["village_id"] == village).tolist()
    return scale(sample.housing, rows, "households", lambda households: households * 2)


@fault("housing of a village that is in no table", "rows", "housing", column="village_id", says="lacks")
def _(sample: Sample) -> list[int]:
    extra = sample.housing.iloc[[5000]].assign(village_id="99999-khong-co-1")
    sample.frames["housing"] = pd.concat([sample.housing, extra], ignore_index=True)
    return [len(sample.housing) - 1]


# Rows of sites ------------------------------------------------------------------------------------------------------


@fault("a site in another province", "rows", "bts", kind="site_outside_the_communes")
def _(sample: Sample) -> list[int]:
    rows = np.flatnonzero(sample.bts["site_id"] == "SLA-0300").tolist()
    put(sample.bts, rows, "lon", "104.900000")
    return put(sample.bts, rows, "lat", "21.400000")


@fault("a mast under two ids", "rows", "bts", kind="two_sites_at_one_place")
def _(sample: Sample) -> list[int]:
    frame = sample.bts
    rows = np.flatnonzero((frame["site_id"] == "SLA-0400") & (frame["technology"] == "4g")).tolist()
    every = np.flatnonzero(frame["site_id"] == "SLA-0400").tolist()
    put(frame, rows, "site_id", "SLA-0400B")
    return scale(frame, rows, "lon", lambda lon: lon + 0.00002) and every


@fault("a site far from its other cells", "rows", "bts", says="from its first cell")
def _(sample: Sample) -> list[int]:
    row = np.flatnonzero(sample.bts["site_id"] == "SLA-0500").tolist()[-1:]
    return scale(sample.bts, row, "lat", lambda lat: lat + 0.01)


@fault("a cell twice", "rows", "bts", kind="cell_twice")
def _(sample: Sample) -> list[int]:
    copy = sample.bts.iloc[[6000]].assign(cell_id="COPY")
    sample.frames["bts"] = pd.concat([sample.bts, copy], ignore_index=True)
    return [len(sample.bts) - 1]


@fault("a sector without azimuth", "rows", "bts", kind="azimuth_missing", column="azimuth_deg")
def _(sample: Sample) -> list[int]:
    return put(sample.bts, np.flatnonzero(sample.bts["site_id"] == "SLA-0600").tolist()[:1], "azimuth_deg", "")


@fault("a height above the sea", "rows", "bts", kind="height_above_the_sea", column="height_m")
def _(sample: Sample) -> list[int]:
    rows = np.flatnonzero(sample.bts["site_id"] == "SLA-0700").tolist()
    lon, lat = (float(value) for value in sample.bts.loc[rows[0], ["lon", "lat"]])
    with rasterio.open(sample.folder / TERRAIN) as terrain:
        point = gpd.GeoSeries.from_xy([lon], [lat], crs=4326).to_crs(terrain.crs).iloc[0]
        ground_m = float(next(terrain.sample([(point.x, point.y)]))[0])
    assert ground_m > 150
    return scale(sample.bts, rows, "height_m", lambda height: height + round(ground_m))


@fault("heights in feet", "rows", "bts", kind="height_in_feet", column="height_m")
def _(sample: Sample) -> list[int]:
    rows = np.flatnonzero(sample.bts["operator"] == "mobifone").tolist()
    return scale(sample.bts, rows, "height_m", lambda height: round(height / 0.3048, 1))


@fault("frequencies in kHz", "rows", "bts", kind="frequency_in_khz", column="freq_mhz", fatal=True)
def _(sample: Sample) -> list[int]:
    return scale(sample.bts, cells_of(sample, "vnpt", "3g"), "freq_mhz", lambda mhz: mhz * 1000)


@fault("frequencies in Hz", "rows", "bts", kind="frequency_in_hz", column="freq_mhz", fatal=True)
def _(sample: Sample) -> list[int]:
    return scale(sample.bts, cells_of(sample, "vnpt", "5g"), "freq_mhz", lambda mhz: mhz * 1e6)


@fault("frequencies in GHz", "rows", "bts", kind="frequency_in_ghz", column="freq_mhz", fatal=True)
def _(sample: Sample) -> list[int]:
    return scale(sample.bts, cells_of(sample, "vnpt", "2g"), "freq_mhz", lambda mhz: mhz / 1000)


@fault("channel numbers for frequencies", "rows", "bts", kind="frequency_is_channel", column="freq_mhz")
def _(sample: Sample) -> list[int]:
    return put(sample.bts, cells_of(sample, "vietnamobile", "4g"), "freq_mhz", "325")  # EARFCN 325: 2142.5 MHz


@fault("a frequency of another technology", "rows", "bts", kind="frequency_not_of_technology", column="freq_mhz")
def _(sample: Sample) -> list[int]:
    return put(sample.bts, cells_of(sample, "vietnamobile", "2g")[:2], "freq_mhz", "2600")


@fault("EIRP of a resource element", "rows", "bts", kind="eirp_per_element", column="eirp_dbm")
def _(sample: Sample) -> list[int]:
    rows = cells_of(sample, "viettel", "4g")
    blocks = {"10": 50, "15": 75, "20": 100}
    mhz = sample.bts["bandwidth_mhz"].iloc[rows].astype(float)
    eirp_dbm = sample.bts["eirp_dbm"].iloc[rows].astype(float)
    per_element = [
        f"{power - 10 * np.log10(12 * blocks[f'{width:g}']):.1f}" for power, width in zip(eirp_dbm, mhz, strict=True)
    ]
    return put(sample.bts, rows, "eirp_dbm", per_element)


@fault("transmitter power for EIRP", "rows", "bts", kind="eirp_is_power", column="eirp_dbm")
def _(sample: Sample) -> list[int]:
    return put(sample.bts, cells_of(sample, "vnpt", "4g"), "eirp_dbm", "46")


@fault("EIRP in watts", "rows", "bts", kind="eirp_in_watts", column="eirp_dbm", fatal=True)
def _(sample: Sample) -> list[int]:
    return put(sample.bts, cells_of(sample, "mobifone", "4g")[:50], "eirp_dbm", "1260")


@fault("an unknown technology", "rows", "bts", column="technology", fatal=True, says="6G")
def _(sample: Sample) -> list[int]:
    return put(sample.bts, cells_of(sample, "viettel", "5g")[:1], "technology", "6G")


@fault("a cell without height", "rows", "bts", column="height_m", fatal=True, says="no height_m")
def _(sample: Sample) -> list[int]:
    return put(sample.bts, cells_of(sample, "viettel", "3g")[:1], "height_m", "-")


# Shapes -------------------------------------------------------------------------------------------------------------


@fault("communes that overlap", "shapes", "communes", kind="communes_overlap")
def _(sample: Sample) -> list[int]:
    shapes = sample.communes.geometry
    one = 0
    other = next(i for i in range(1, len(shapes)) if shapes[i].intersection(shapes[one]).length > 0.01)
    border = shapes[one].intersection(shapes[other]).interpolate(0.5, normalized=True)
    grown = shapely.union(shapes[one], shapely.intersection(border.buffer(0.005), shapes[other]))
    sample.communes.loc[one, "geometry"] = grown
    return [one, other]


@fault("a gap between communes", "shapes", "communes", kind="communes_leave_a_gap")
def _(sample: Sample) -> list[int]:
    shapes = sample.communes.geometry
    one, other = next(
        (i, j)
        for i in range(40, len(shapes))
        for j in range(i + 1, len(shapes))
        if shapes[i].intersection(shapes[j]).length > 0.02
    )
    border = shapes[one].intersection(shapes[other])
    middle = max(shapely.get_parts(shapely.line_merge(border)), key=lambda line: line.length).interpolate(
        0.5, normalized=True
    )
    hole = middle.buffer(0.002)
    for row in (one, other):
        sample.communes.loc[row, "geometry"] = shapely.difference(shapes[row], hole)
    return [one, other]


@fault("a stated area far from the drawn one", "shapes", "communes", kind="area_differs", column="area_km2")
def _(sample: Sample) -> list[int]:
    sample.communes.loc[20, "area_km2"] *= 1.2
    return [20]


@fault("a boundary that crosses itself", "shapes", "communes", kind="crossing_boundary")
def _(sample: Sample) -> list[int]:
    ring = shapely.get_coordinates(sample.communes.geometry[30])
    start, way = ring[10], ring[11] - ring[10]
    aside = np.array([-way[1], way[0]]) / np.hypot(*way) * 0.00005  # 5 m
    bow = [start + 0.4 * way, start + 0.2 * way + aside, start + 0.2 * way - aside]
    sample.communes.loc[30, "geometry"] = shapely.Polygon(np.insert(ring, 11, bow, axis=0))
    assert not sample.communes.geometry[30].is_valid
    return [30]


@fault("a route that touches nothing", "shapes", "routes", kind="route_touches_nothing")
def _(sample: Sample) -> list[int]:
    # Nothing of the sample lies 30 km beyond its southern end.
    far = sample.routes.total_bounds[1] - 0.3
    line = sample.routes.geometry[100]
    sample.routes.loc[100, "geometry"] = translate(line, 0.0, far - line.bounds[3])
    return [100]


@fault("a route with a stray point", "shapes", "routes", kind="route_jumps")
def _(sample: Sample) -> list[int]:
    points = shapely.get_coordinates(sample.routes.geometry[200])
    points[1] += 0.3
    sample.routes.loc[200, "geometry"] = shapely.LineString(points)
    return [200]


@fault("a stated length far from the drawn one", "shapes", "routes", kind="length_differs", column="length_km")
def _(sample: Sample) -> list[int]:
    sample.routes.loc[300, "length_km"] *= 3
    return [300]


@fault("a length in metres", "shapes", "routes", kind="length_in_metres", column="length_km")
def _(sample: Sample) -> list[int]:
    sample.routes.loc[400, "length_km"] *= 1000
    return [400]


@fault("terrain that ends before the sites' reach", "shapes", "bts", kind="terrain_short_of_reach", at_least=True)
def _(sample: Sample) -> list[int]:
    path = sample.folder / TERRAIN
    with rasterio.open(path) as terrain:
        profile, heights, to_m = terrain.profile, terrain.read(1), terrain.transform
    cut = heights.shape[1] // 5
    heights[:, :cut] = profile["nodata"]
    with rasterio.open(path, "w", **profile) as terrain:
        terrain.write(heights, 1)
    east_m = (
        gpd.GeoSeries.from_xy(sample.bts["lon"], sample.bts["lat"], crs=4326).to_crs(profile["crs"]).x
        - (to_m @ (cut, 0))[0]
    )
    return np.flatnonzero(east_m.between(1000, 5000)).tolist()  # a third of 15 km lies beyond the edge


@fault("housing rounded to a kilometre", "shapes", "housing", kind="coordinates_rounded", column="lon")
def _(sample: Sample) -> list[int]:
    for column in ("lon", "lat"):
        sample.housing[column] = sample.housing[column].astype(float).round(2).astype(str)
    return list(range(len(sample.housing)))


# Files --------------------------------------------------------------------------------------------------------------


@fault("communes without a reference system", "files", "communes", says="no coordinate reference system", fatal=True)
def _(sample: Sample) -> list[int]:
    path = sample.folder / SHAPES["communes"]
    frame = gpd.read_file(path).set_crs(None, allow_override=True)
    path.unlink()
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(path, engine="pyogrio")
    return []


@fault("a heading twice", "files", "bts", says="'operator'", fatal=True)
def _(sample: Sample) -> list[int]:
    path = sample.folder / TABLES["bts"]
    path.write_text(path.read_text(encoding="utf-8").replace("cell_id", "operator", 1), encoding="utf-8")
    return []


@fault("a heading that is missing", "files", "villages", column="name", says="no such heading", fatal=True)
def _(sample: Sample) -> list[int]:
    path = sample.folder / TABLES["villages"]
    path.write_text(path.read_text(encoding="utf-8").replace(",name,", ",,", 1), encoding="utf-8")
    return []


@fault("a picture called a table", "files", "nodes", says="not text", fatal=True)
def _(sample: Sample) -> list[int]:
    (sample.folder / TABLES["nodes"]).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    return []


@fault("a file that is missing", "files", "housing", says="no such file", fatal=True)
def _(sample: Sample) -> list[int]:
    (sample.folder / TABLES["housing"]).unlink()
    return []


@fault("a file cut short", "files", "routes", fatal=True)
def _(sample: Sample) -> list[int]:
    path = sample.folder / SHAPES["routes"]
    path.write_bytes(path.read_bytes()[:5000])
    return []


@fault("a picture for terrain", "files", "terrain", says="3 bands", fatal=True)
def _(sample: Sample) -> list[int]:
    path = sample.folder / TERRAIN
    with rasterio.open(path) as terrain:
        profile = {**terrain.profile, "count": 3, "dtype": "uint8", "nodata": None, "width": 64, "height": 64}
    path.unlink()
    with rasterio.open(path, "w", **profile) as picture:
        picture.write(np.zeros((3, 64, 64), dtype=np.uint8))
    return []


# Whole columns of an older time -------------------------------------------------------------------------------------


@fault("names in TCVN3", "old", "villages", kind="legacy_encoding", column="name", at_least=True)
def _(sample: Sample) -> list[int]:
    names = sample.villages["name"]
    written = names.map(lambda name: "".join(TCVN3.get(letter, TCVN3.get(letter.lower(), letter)) for letter in name))
    sample.villages["name"] = written
    return np.flatnonzero((written != names) & names.str.contains("[ảạầấậềếệ]")).tolist()


@fault("metres of VN-2000 in columns of degrees", "old", "villages", kind="inferred_system", says="9206")
def _(sample: Sample) -> list[int]:
    placed = sample.villages["lon"] != ""
    degrees = sample.villages.loc[placed, ["lon", "lat"]].astype(float)
    metres = gpd.GeoSeries.from_xy(degrees["lon"], degrees["lat"], crs=4326).to_crs("EPSG:9206")
    sample.villages.loc[placed, "lon"] = metres.x.map("{:.2f}".format)
    sample.villages.loc[placed, "lat"] = metres.y.map("{:.2f}".format)
    return []


@fault("codes and names of before July 2025", "former", "villages", kind="earlier_commune", column="commune_code",
       says="before 1 July 2025", at_least=True)  # fmt: skip
def _(sample: Sample) -> list[int]:
    changes = national_crosswalk().rows
    whole = changes[(changes["kind"] == "whole") & changes["new_province"].str.contains("Sơn La")]
    before = whole.drop_duplicates("new_code", keep="last").set_index("new_code")
    declared = sample.villages["commune_code"]
    mapped = declared.isin(before.index)
    sample.villages["commune_code"] = declared.map(before["old_code"]).where(mapped, declared)
    sample.villages["commune_name"] = declared.map(before["old_ward"]).where(mapped, sample.villages["commune_name"])
    sample.villages["former_commune"] = ""
    return np.flatnonzero(mapped & (sample.villages["commune_code"] != declared)).tolist()


# What is asserted ---------------------------------------------------------------------------------------------------


@functools.cache
def checked(folder: Path, together: str) -> tuple[tuple[Problem, ...], dict[str, list[int]]]:
    """Return the problems of a copy with all the faults of a group, and the positions that each has broken."""
    for name in ("data", "coverage.toml"):
        source = SAMPLE / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    sample = Sample(folder)
    broken = {name: fault.break_it(sample) for name, fault in FAULTS.items() if fault.together == together}
    sample.write()
    return tuple(check_layers(load_study(folder / "coverage.toml"))), broken


@pytest.fixture(scope="module")
def problems_of(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], tuple[tuple[Problem, ...], dict[str, list[int]]]]:
    folders: dict[str, Path] = {}

    def of(together: str) -> tuple[tuple[Problem, ...], dict[str, list[int]]]:
        folders.setdefault(together, tmp_path_factory.mktemp(together or "sound"))
        return checked(folders[together], together)

    return of


def is_named(problem: Problem, fault: Fault) -> bool:
    same = (problem.file, problem.column, problem.fatal) == (fault.file, fault.column, fault.fatal)
    return same and (not fault.kind or problem.kind == fault.kind) and fault.says in problem.found


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_put_into_the_sample_is_found_and_named(
    name: str, problems_of: Callable[[str], tuple[tuple[Problem, ...], dict[str, list[int]]]]
) -> None:
    fault = FAULTS[name]
    problems, broken = problems_of(fault.together)
    named = [problem for problem in problems if is_named(problem, fault)]
    assert len(named) == 1, "\n".join(map(str, named or problems))
    first = 2 if fault.file.endswith(".csv") else 1  # a sheet's first row of data is 2, a feature's number starts at 1
    expected = {row + first for row in broken[name]}
    assert expected <= set(named[0].at) if fault.at_least else expected == set(named[0].at)
    assert "\n" not in str(named[0])
    assert named[0].expected
    assert named[0].remedy


def test_the_sample_has_none_of_these_faults(
    problems_of: Callable[[str], tuple[tuple[Problem, ...], dict[str, list[int]]]],
) -> None:
    problems, _ = problems_of("")
    assert [problem for problem in problems if problem.fatal] == []
    # Five villages have no point, as tables of a province do, and five masts stand near the end of the terrain.
    assert [(problem.file, problem.kind, problem.rows) for problem in problems] == [
        (TABLES["villages"], problems[0].kind, 5),
        (TABLES["bts"], "terrain_short_of_reach", 45),
    ]
    assert "without a point" in problems[0].found


def test_there_are_thirty_ways_and_more() -> None:
    assert len(FAULTS) >= 30
