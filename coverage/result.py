"""What a run knows: the layers it read, the signal it predicted, the tables it made. No logic, only shape."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coverage.classes import Classified
from coverage.columns.results import SWITCH_OFFS, VILLAGE_STATUSES
from coverage.columns.schema import Table
from coverage.errors import CoverageError, Problem
from coverage.grid import Grid
from coverage.study import Study

if TYPE_CHECKING:  # frames are only spoken of here, and what loads them takes longer than one path
    import geopandas as gpd
    import pandas as pd

Cut = tuple[tuple[float, float], ...]
"""An antenna's losses against its peak around one circle: (degrees, dB), at least one, ascending."""


def _empty(table: Table) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=table.names)


@dataclass(frozen=True)
class InputFile:
    """One file that a run read."""

    layer: str
    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Reading:
    """How a file of rows was understood."""

    layer: str
    file: str
    form: str
    """Kind of file, encoding, sheet or layer, as a person says it."""
    rows: int
    crs: str
    columns: Mapping[str, str]
    """Column of ours -> the heading in the file that was taken for it."""
    unused: tuple[str, ...]
    """Headings that no column of ours goes by."""


@dataclass(frozen=True)
class Check:
    """What is wrong with the layers of a study, and how they were read."""

    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]
    """Those that stop a run first."""
    tables: Mapping[str, pd.DataFrame]
    """File -> its cells as they were supplied, under its own headings; the index is the row as a person counts it."""

    @property
    def can_run(self) -> bool:
        """Whether nothing stops a run."""
        return not any(problem.fatal for problem in self.problems)


@dataclass(frozen=True)
class Layers:
    """
    Everything that was read, validated, in the CRS of `grid` (metres).

    Columns are those of the `*_IN` tables in `coverage.columns`, all of them, NA where the file had none.
    Point tables keep `lon` and `lat` in WGS 84 beside their geometry; a village without a usable point has a None
    geometry. Optional layers that the study does not name are None.
    """

    grid: Grid
    terrain_m: NDArray[np.float32]
    """[rows, cols] heights above sea level, m; NaN where there is none."""
    communes: gpd.GeoDataFrame
    villages: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    """One row per cell; frequency, height, EIRP … filled from the study where the file had none."""
    housing: gpd.GeoDataFrame | None = None
    buildings: gpd.GeoDataFrame | None = None
    """Points that name no village."""
    population: pd.DataFrame | None = None
    """One row for each part of a populated pixel that lies in one commune, sorted by commune: `commune` (row number in
    `communes`), `x_m`, `y_m` of the pixel's centre, and `people`, those of the part."""
    village_areas: gpd.GeoDataFrame | None = None
    """`village_id` and its area, at most one row for each village."""
    fiber_routes: gpd.GeoDataFrame | None = None
    fiber_nodes: gpd.GeoDataFrame | None = None
    roads: gpd.GeoDataFrame | None = None
    power_lines: gpd.GeoDataFrame | None = None
    rivers: gpd.GeoDataFrame | None = None
    former_communes: gpd.GeoDataFrame | None = None
    """Centres of the communes of before July 2025 that became these: `columns.FORMER_COMMUNES` up to `lat`."""
    candidates: gpd.GeoDataFrame | None = None
    """The planner's own candidate positions: site_id, lon, lat, height_m."""
    proposals: gpd.GeoDataFrame | None = None
    """Positions that the planner has settled on, likewise."""
    official: gpd.GeoDataFrame | None = None
    """The official list; `status` is missing where the list has words for it that say nothing clear."""
    land_cover: NDArray[np.uint8] | None = None
    """[rows, cols] codes of land cover (ESA WorldCover); 0 where there is none."""
    antennas: Mapping[str, tuple[Cut, Cut]] = field(default_factory=dict)
    """Name in the column `antenna` of `cells` -> horizontal cut, degrees clockwise from the boresight, and vertical
    cut, degrees downwards from the horizon ahead. A cell whose antenna has no entry is a sector of its beam width."""
    files: tuple[InputFile, ...] = ()
    readings: tuple[Reading, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What was found wrong but does not stop a run."""


class Raster(Protocol):
    """[rows, cols] values that need not lie in memory: an array, or what is read like one, window by window."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows, columns."""
        ...

    def __getitem__(self, where: Any, /) -> Any:
        """Return the values of a window (two slices) or of single pixels (two arrays of rows and columns)."""
        ...

    def __array__(self, dtype: Any = None) -> NDArray[Any]:
        """Return all of it; only for areas that fit in memory."""
        ...


Pair = tuple[str, str]
"""Operator and technology; operator `any` is the best of all."""


@dataclass(frozen=True)
class Signal:
    """What the network gives at every pixel, per operator and technology."""

    grid: Grid
    levels: Mapping[Pair, Raster]
    """float32 dBm of the best server; -inf where no cell reaches, NaN is "not modelled"."""
    seconds: Mapping[Pair, Raster] = field(default_factory=dict)
    """float32 dBm of the second-best server; -inf where there is none."""
    servers: Mapping[Pair, Raster] = field(default_factory=dict)
    """int32 row number in `Layers.cells` of the best server; -1 where none."""
    overlaps: Mapping[Pair, Raster] = field(default_factory=dict)
    """uint8 number of cells within 6 dB of the best server, itself among them; 0 where the best is below weak."""
    voids: Mapping[str, Raster] = field(default_factory=dict)
    """technology -> bool, True where a mast in reach could not be modelled, for want of terrain on the way."""
    operators: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What went wrong on the way and was put right."""
    classes: Mapping[Pair, Raster] = field(default_factory=dict)
    """uint8 `classes.SignalClass` of levels, or NOT_MODELLED, where they are kept beside; see `classified`."""

    def at(self, operator: str, technology: str, x: Any, y: Any) -> NDArray[np.float32]:
        """
        Return levels, dBm, at points in the grid's CRS.

        -inf where no cell reaches; NaN outside the grid, where not modelled, and where there is no such network.
        """
        level = self.levels.get((operator, technology))
        if level is None:
            return np.full(np.shape(x), np.nan, dtype=np.float32)
        return self.grid.sample(level, x, y)

    def classified(self, study: Study) -> dict[Pair, Raster]:
        """Return the classes of all levels: those that are kept, or else found in the levels where they are asked."""
        return {
            pair: self.classes[pair] if pair in self.classes else Classified(level_dbm, pair[1], study)
            for pair, level_dbm in self.levels.items()
        }


@dataclass(frozen=True)
class Agreement:
    """How far two judgements of the same villages agree."""

    villages: int
    alike: int
    kappa: float
    """Cohen's kappa; NaN where one of the two has no choice, so that chance alone would agree."""


@dataclass(frozen=True)
class Reconciliation:
    """The official list held against a run, which it does not influence."""

    table: pd.DataFrame
    """Columns of `columns.RECONCILIATION`."""
    villages: pd.DataFrame
    """Villages by what the list says (`columns.LISTED`, down) and what the run says (`columns.OURS`, across)."""
    households: pd.DataFrame
    """Their households likewise: the run's number, the list's where only that has the village; unknown ones count 0."""
    listed: tuple[str, ...]
    """Statuses that the list collects; a village that it leaves out is none of these."""
    statuses: Agreement
    """Dead, weak or covered, of the villages that were matched and assessed."""
    dead: Agreement
    """Dead or not, of all assessed villages; one that a list leaves out is not dead by it."""


@dataclass(frozen=True)
class Result:
    """A finished run. Frames are in the CRS of the grid; outputs turn them to WGS 84."""

    study: Study
    """The settings that it was made with."""
    layers: Layers
    """What was read."""
    signal: Signal
    """Levels, second servers and overlap of every network."""
    villages: gpd.GeoDataFrame
    """Columns of `columns.VILLAGES` and the levels of every network (`columns.level_column`)."""
    communes: gpd.GeoDataFrame
    """Columns of `columns.COMMUNES`."""
    indicators: pd.DataFrame
    """Columns of `columns.INDICATORS`."""
    ranked_sites: gpd.GeoDataFrame
    """Columns of `columns.RANKED_SITES`."""
    fiber_plan: gpd.GeoDataFrame
    """Columns of `columns.FIBER_PLAN`."""
    timings_s: Mapping[str, float] = field(default_factory=dict)
    """Step -> seconds."""
    raster_opener: Callable[[Signal, str, str], Any] | None = None
    """Turns levels into an open rasterio dataset; `analyze` sets it."""
    village_statuses: pd.DataFrame = field(default_factory=lambda: _empty(VILLAGE_STATUSES))
    """Every village under every operator and technology."""
    former_communes: gpd.GeoDataFrame | None = None
    """The centres of the communes of before July 2025, and what reaches them."""
    switch_offs: pd.DataFrame = field(default_factory=lambda: _empty(SWITCH_OFFS))
    """The villages that become dead at each switch-off."""
    reconciliation: Reconciliation | None = None
    """None where the study names no official list."""
    planning_problems: tuple[Problem, ...] = ()
    """What could not be planned for."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that was left out, and why; none of them fatal."""
        return (*self.layers.problems, *self.signal.problems, *self.planning_problems)

    @property
    def uncovered_villages(self) -> gpd.GeoDataFrame:
        """Villages that are dead or weak."""
        return self.villages[self.villages["status"].isin(["dead", "weak"])]

    def open_raster(self, operator: str, technology: str) -> Any:
        """
        Open the levels of an operator's technology as a rasterio dataset, the same as the file of a run holds.

        Parameters
        ----------
        operator
            One of `signal.operators`, or `any`.
        technology
            `2g` to `5g`.

        Returns
        -------
        rasterio.DatasetReader
            One band; close it after use.

        Raises
        ------
        CoverageError
            The run has no such raster.
        """
        if self.raster_opener is None or (operator, technology) not in self.signal.levels:
            known = ", ".join("_".join(pair) for pair in sorted(self.signal.levels))
            raise CoverageError(f"result: no raster {operator}_{technology}; there are {known}.")
        return self.raster_opener(self.signal, operator, technology)

    @property
    def as_of(self) -> datetime.date:
        """Date of the assessment."""
        return self.study.as_of


@dataclass(frozen=True)
class SitePlan:
    """What to build next, what the money can buy at most, and what hangs on single positions."""

    study: Study
    sites: gpd.GeoDataFrame
    """Columns of `columns.RANKED_SITES`; first what the planner has settled on, if anything."""
    budgets: pd.DataFrame
    """Columns of `columns.BUDGET_CURVE`, ascending."""
    covers: pd.DataFrame
    """Columns of `columns.CHEAPEST_COVER`, ascending."""
    households_dead: int
    """Without signal, of dead villages: what there is to gain."""
    households_weak: int
    """Likewise, of weak villages."""
    resilience: gpd.GeoDataFrame
    """Columns of `columns.RESILIENCE`."""
    removed: tuple[str, ...] = ()
    """Positions that are thought away."""
    losses: gpd.GeoDataFrame | None = None
    """Columns of `columns.LOSSES`; None where nothing is thought away."""
    problems: tuple[Problem, ...] = ()
    """What was left out of the plan, and why."""

    @property
    def as_of(self) -> datetime.date:
        """Date of the assessment."""
        return self.study.as_of


@dataclass(frozen=True)
class Finished:
    """What the folder of a finished run says, read back."""

    folder: Path
    study: Study
    """Its settings as recorded, with the date of the assessment; paths of layers were relative to another folder."""
    definition_id: str
    """As printed with the results; a later version may name the same settings otherwise."""
    in_service: tuple[str, ...]
    """Technologies that counted."""
    crs: str
    """Of its grid."""
    cell_m: float
    villages: gpd.GeoDataFrame
    """Columns of `columns.VILLAGES` and the levels, in EPSG:4326; `name_key` is equal for two spellings of one name."""
    communes: gpd.GeoDataFrame
    """Columns of `columns.COMMUNES` in EPSG:4326; borders as in coverage.gpkg, None where the folder has none."""

    @property
    def as_of(self) -> datetime.date:
        """Date of the assessment."""
        return self.study.as_of


@dataclass(frozen=True)
class Comparison:
    """Two finished runs held against each other."""

    old: Finished
    new: Finished
    villages: gpd.GeoDataFrame
    """Columns of `columns.VILLAGE_CHANGES` and the classes of each operator, in EPSG:4326."""
    communes: gpd.GeoDataFrame
    """Columns of `columns.COMMUNE_CHANGES`, with the borders of `new`."""
    operators: pd.DataFrame
    """Columns of `columns.OPERATOR_CHANGES`."""
