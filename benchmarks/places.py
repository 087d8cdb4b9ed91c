"""The villages of a growing country under four operators and technologies: `python -m benchmarks.places`."""

import datetime
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from affine import Affine
from pyproj import CRS

from benchmarks.machine import describe
from benchmarks.signal_runs import apart, measured
from coverage.columns.inputs import CELLS_IN, COMMUNES_IN, HOUSING_IN, VILLAGES_IN
from coverage.columns.schema import Table
from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.grid import Grid
from coverage.places.communes import assess_communes
from coverage.places.indicators import indicators
from coverage.places.networks import Network, village_statuses
from coverage.places.switch_offs import switch_offs
from coverage.places.villages import assess_villages, locate
from coverage.result import Layers, Signal
from coverage.study import Study

SIZES = (2_500, 25_000, 50_000, 100_000)
_OPERATORS = ("viettel", "vnpt", "mobifone", "vietnamobile")
_HOMES = 12
"""Of a village: groups of houses of the housing layer."""
_PER_COMMUNE = 30
_CELL_M = 300.0
_DTYPES = {"text": "str", "integer": "Int64", "number": "float64", "flag": "boolean"}
Figures = dict[str, Any]


def step(villages: int) -> Figures:
    """Assess so many villages, each part of the work by itself."""
    layers, signal = country(villages)
    study = Study.model_validate(
        {
            "folder": Path(),
            "layers": {"communes": "c", "villages": "v", "sites": "s", "terrain": "t"},
            "study": {"as_of": "2026-10-01", "name": "Benchmark"},
        }
    )
    spent: Figures = {}

    def timed(name: str, work: Any) -> Any:
        start = time.perf_counter()
        found = work()
        spent[name] = time.perf_counter() - start
        return found

    figures: Figures = {"villages": villages, "communes": len(layers.communes)}
    with measured(figures):
        places = timed("locate", lambda: locate(layers, study))
        anyone = Network(ANY, places, layers, signal, study)
        table = timed("villages", lambda: assess_villages(layers, signal, study, anyone=anyone))
        statuses = timed("networks", lambda: village_statuses(anyone, layers, signal, study))
        timed("switch_offs", lambda: switch_offs(anyone, layers, study))
        communes = timed("communes", lambda: assess_communes(layers, signal, table, study))
        shares = timed("indicators", lambda: indicators(layers, signal, table, communes, study))
    assert table["households"].sum() == communes["households"].sum() == layers.villages["households"].sum()
    return figures | {"spent": spent, "statuses": len(statuses), "indicators": len(shares)}


def country(villages: int) -> tuple[Layers, Signal]:
    """Return level land with square communes, villages strewn over them, and levels that vary from place to place."""
    random = np.random.default_rng(villages)
    side = int(np.ceil(np.sqrt(villages / _PER_COMMUNE)))
    cells = int(side * np.sqrt(_PER_COMMUNE * 3e6) / _CELL_M)  # 3 km² a village, as in the mountains
    grid = Grid(CRS.from_epsg(9206), Affine(_CELL_M, 0, 400_000, 0, -_CELL_M, 2_600_000), (cells, cells))
    west, south, _, north = grid.bounds
    step_m = (north - south) / side
    boxes = [
        shapely.box(west + x * step_m, south + y * step_m, west + (x + 1) * step_m, south + (y + 1) * step_m)
        for y in range(side)
        for x in range(side)
    ]
    codes = np.array([f"{number:05d}" for number in range(len(boxes))])
    xy = random.uniform(0, side * step_m, (villages, 2))
    own = (xy // step_m).astype(int).clip(0, side - 1) @ (1, side)
    households = random.integers(20, 200, villages)
    homes = (xy[:, None] + random.normal(0, 400, (villages, _HOMES, 2))).reshape(-1, 2)
    ids = np.array([f"{codes[own[n]]}-ban-{n}" for n in range(villages)])
    masts = xy[:: max(villages // 2_000, 1)]
    layers = Layers(
        grid=grid,
        terrain_m=np.full(grid.shape, 500, np.float32),
        communes=_frame(COMMUNES_IN, boxes, code=codes, name=codes),
        villages=_frame(
            VILLAGES_IN, gpd.points_from_xy(west + xy[:, 0], south + xy[:, 1]), village_id=ids, name=ids,
            commune_code=codes[own], commune_name=codes[own], former_commune=codes[own // 3 * 3], lon=0.0, lat=0.0,
            households=households, people=4 * households, has_power=random.random(villages) < 0.9,
        ),
        cells=_frame(
            CELLS_IN, gpd.points_from_xy(west + masts[:, 0], south + masts[:, 1]), operator="viettel", technology="4g",
            site_id=np.arange(len(masts)).astype(str), freq_mhz=1800.0,
        ),
        housing=_frame(
            HOUSING_IN, gpd.points_from_xy(west + homes[:, 0], south + homes[:, 1]), village_id=ids.repeat(_HOMES),
            households=(households // _HOMES + 1).repeat(_HOMES),
        ),
    )  # fmt: skip
    levels = {}
    for technology in TECHNOLOGIES:
        own_levels = {name: _levels_dbm(random, cells) for name in _OPERATORS}
        levels |= {(name, technology): level for name, level in own_levels.items()}
        levels[ANY, technology] = np.maximum.reduce(list(own_levels.values()))
    return layers, Signal(grid, levels, operators=_OPERATORS)


def _levels_dbm(random: np.random.Generator, cells: int) -> np.ndarray:
    """Return levels that change every 3 km, in a third of the country none."""
    coarse = random.normal(-100, 12, (cells // 10 + 1, cells // 10 + 1)).astype(np.float32)
    coarse[random.random(coarse.shape) < 1 / 3] = -np.inf
    return coarse.repeat(10, axis=0).repeat(10, axis=1)[:cells, :cells].copy()


def _frame(table: Table, geometry: Any, **columns: Any) -> gpd.GeoDataFrame:
    empty = {column.name: pd.NA if column.kind != "number" else np.nan for column in table.columns}
    frame = gpd.GeoDataFrame({**empty, **columns}, geometry=geometry, crs="EPSG:9206", index=range(len(geometry)))
    return frame.astype({column.name: _DTYPES[column.kind] for column in table.columns})


_HEADS = (
    "villages", "communes", "places, s", "villages.csv, s", "networks, s", "switch-offs, s", "communes, s",
    "indicators, s", "all, s", "ms a village", "peak memory, MB",
)  # fmt: skip
TEXT = """# What the villages take

Made by `python -m benchmarks.places` on {day:%Y-%m-%d}. Machine: {machine}.

Villages strewn over square communes of {per} villages, each with {homes} groups of houses; levels of {operators}
operators and any of them, in {technologies} technologies, on pixels of {cell:g} m, different every 3 km. One run each,
in a process of its own. Every village is judged under {pairs} networks (operators and any, each technology and all in
service), outdoors and in the house. Asked: seconds for 2,500, linear up to 100,000, memory bounded.

| {heads} |
|---|---|---|---|---|---|---|---|---|---|---|
{rows}
"""


def main() -> None:
    """Measure each size, and write places.md."""
    rows = []
    for villages in SIZES:
        found = apart(import_module("benchmarks.places").step, villages)  # here it is of `__main__`
        spent = " | ".join(f"{seconds:.2f}" for seconds in found["spent"].values())
        each = f"{1000 * found['wall_s'] / villages:.2f}"
        head, end = f"{villages:,} | {found['communes']:,}", f"{found['wall_s']:.1f} | {each} | {found['peak_mb']:,.0f}"
        rows.append(f"| {head} | {spent} | {end} |")
        print(rows[-1], flush=True)
    text = TEXT.format(
        day=datetime.date.today(), machine=describe(), rows="\n".join(rows), heads=" | ".join(_HEADS),
        per=_PER_COMMUNE, homes=_HOMES, operators=len(_OPERATORS), technologies=len(TECHNOLOGIES), cell=_CELL_M,
        pairs=(len(_OPERATORS) + 1) * (len(TECHNOLOGIES) + 1),
    )  # fmt: skip
    Path(__file__).with_name("places.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
