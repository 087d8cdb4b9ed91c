"""The only file that knows every room: Study -> Result -> files."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from coverage.calibration_result import Calibrated
from coverage.columns.words import ANY
from coverage.errors import CoverageError
from coverage.layers import read_layers
from coverage.layers.finished import read_finished, read_ranked_sites
from coverage.layers.finished_result import read_result
from coverage.layers.units.crosswalk import national_crosswalk
from coverage.layers.units.succession import succession
from coverage.layers.vietnamese.names import name_keys
from coverage.outputs import check_folder, write_results
from coverage.outputs.calibration.files import write_calibration as write_calibration
from coverage.outputs.comparison.files import write_comparison as write_comparison
from coverage.outputs.fiber_files import write_fiber_plan as write_fiber_plan
from coverage.outputs.map_files import write_map
from coverage.outputs.report.paper_templates import check_templates
from coverage.outputs.signal_rasters import open_raster
from coverage.outputs.site_plan.files import write_site_plan as write_site_plan
from coverage.places import comparison
from coverage.places.indicators import indicators
from coverage.progress import Progress, Silent
from coverage.result import Comparison, Layers, Result, SitePlan
from coverage.study import Study

if TYPE_CHECKING:
    from coverage.planning.fiber import FiberPlan


def analyze(study: Study, *, progress: Progress | None = None, scheduler: str | None = None) -> Result:
    """
    Do the whole job in memory: layers, signal, places, planning.

    Parameters
    ----------
    study
        Settings, as `load_study` reads them.
    progress
        Told of every step.
    scheduler
        Address of a Dask scheduler whose workers predict the signal; threads of this process where None.

    Returns
    -------
    Result
        Layers, signal, tables, and the seconds that each step took.

    Raises
    ------
    CoverageError
        A layer cannot be used, a setting is out of the model's range, or the cluster cannot do its part.
    """
    # What predicts loads numba, which takes longer than all that the other commands do.
    from coverage.places.communes import assess_communes, assess_former_communes
    from coverage.places.networks import Network, village_statuses
    from coverage.places.reconciliation import reconcile
    from coverage.places.switch_offs import switch_offs
    from coverage.places.villages import assess_villages, locate
    from coverage.planning import plan_fiber, rank_sites
    from coverage.signal.prediction import predict

    watch = progress or Silent()
    timings: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        timings[name] = time.perf_counter() - start

    with timed("layers"):
        layers = read_layers(study, progress=watch)
    with timed("signal"):
        signal = predict(layers, study, progress=watch, scheduler=scheduler)
    with timed("places"), watch.step("places"):
        places = locate(layers, study)
        anyone = Network(ANY, places, layers, signal, study)
        villages = assess_villages(layers, signal, study, anyone=anyone)
        statuses = village_statuses(anyone, layers, signal, study)
        lost = switch_offs(anyone, layers, study)
        communes = assess_communes(layers, signal, villages, study)
        former = assess_former_communes(layers, signal, study)
        shares = indicators(layers, signal, villages, communes, study, former=former)
        compared = reconcile(layers, signal, villages, study, keys=name_keys)
    with timed("ranked_sites"):
        ranking = rank_sites(layers, signal, villages, study, progress=watch, anyone=anyone)
    with timed("fiber_plan"):
        fiber_plan = plan_fiber(layers, villages, study, progress=watch, ranked_sites=ranking.sites)
    return Result(
        study=study,
        layers=layers,
        signal=signal,
        villages=villages,
        village_statuses=statuses,
        former_communes=former,
        switch_offs=lost,
        communes=communes,
        indicators=shares,
        ranked_sites=ranking.sites,
        fiber_plan=fiber_plan,
        timings_s=timings,
        raster_opener=open_raster,
        reconciliation=compared,
        planning_problems=ranking.problems,
    )


def compare(old: Path, new: Path) -> Comparison:
    """
    Hold the results of two runs against each other.

    Parameters
    ----------
    old, new
        Out folders of the earlier and the later run.

    Returns
    -------
    Comparison
        Changes of villages, communes and operators.

    Raises
    ------
    LayerError
        A folder holds no results, or damaged ones.
    """
    before, now = read_finished(old), read_finished(new)
    successors = succession(before.communes, now.communes, national_crosswalk())
    return comparison.compare(before, now, successors)


def rank(
    study: Study, *, without: Sequence[str] = (), progress: Progress | None = None, scheduler: str | None = None
) -> SitePlan:
    """
    Rank what to build next, and tell what hangs on what stands.

    Finished work is taken from the store of the study; what it lacks is computed.

    Parameters
    ----------
    study
        `planning` and `costs` above all; `layers.proposals` are taken as built, before anything else.
    without
        Positions to be thought away, by `site_id`.
    progress
        Told of every step.
    scheduler
        As for `analyze`.

    Returns
    -------
    SitePlan
        The ranking, what budgets can buy at best, and who hangs on single positions.

    Raises
    ------
    CoverageError
        A layer cannot be used, or no such position stands.
    """
    from coverage.places.networks import Network
    from coverage.places.resilience import losses, resilience
    from coverage.places.villages import assess_villages, locate
    from coverage.planning import plan_sites
    from coverage.signal.prediction import predict

    watch = progress or Silent()
    layers = read_layers(study, progress=watch)
    remaining = _without(layers, without)
    signal = predict(layers, study, progress=watch, scheduler=scheduler)
    places = locate(layers, study)
    anyone = Network(ANY, places, layers, signal, study)
    villages = assess_villages(layers, signal, study, anyone=anyone)
    lost = None
    if without:
        signal = predict(remaining, study, progress=watch, scheduler=scheduler)
        anyone = Network(ANY, places, remaining, signal, study)
        before, villages = villages, assess_villages(remaining, signal, study, anyone=anyone)
        lost = losses(before, villages)
    with watch.step("resilience"):
        hanging = resilience(remaining, places, villages, study)
    planned = plan_sites(remaining, signal, villages, study, progress=watch, anyone=anyone)
    return replace(planned, resilience=hanging, removed=tuple(without), losses=lost)


def fiber(study: Study, out: Path, *, progress: Progress | None = None, scheduler: str | None = None) -> "FiberPlan":
    """
    Rank extensions of the fiber network, and hold them against the same places joined in simpler ways.

    Parameters
    ----------
    study
        `planning.fiber_budget_usd` above all.
    out
        Folder of finished results; its ranked sites, where it has any, tell which masts a trench would feed.
    progress
        Told of every step.
    scheduler
        As for `analyze`.

    Raises
    ------
    CoverageError
        A layer cannot be used, or the ranked sites in the folder are damaged.
    """
    from coverage.places.villages import assess_villages
    from coverage.planning import plan_fiber_with_totals
    from coverage.signal.prediction import predict

    watch = progress or Silent()
    layers = read_layers(study, progress=watch)
    signal = predict(layers, study, progress=watch, scheduler=scheduler)
    villages = assess_villages(layers, signal, study)
    sites = read_ranked_sites(out)
    ranked = None if sites is None else sites.to_crs(layers.grid.crs)
    return plan_fiber_with_totals(layers, villages, study, progress=watch, ranked_sites=ranked)


def draw(
    study: Study,
    results: Path,
    *,
    out: Path | None = None,
    language: str | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """
    Draw the web map and its twin for Google Earth again, from finished results; computes no signal.

    Parameters
    ----------
    study
        `map` above all, which may differ from that of the run; layers must be those that the run read.
    results
        Out folder of `analyze`.
    out
        The HTML file; the other lies beside it. None: in the folder of results, under the names that `analyze` gives
        them, or names of the partner's.
    language
        `vi` or `en`: what the map opens in; that of the run where None.
    progress
        Told of every step.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    CoverageError
        There are no finished results, or they are damaged or older than the layers; or no such partner.
    """
    watch = progress or Silent()
    result = read_result(results, study, progress=watch)
    return write_map(result, results, out=out, language=language, progress=watch)


def calibrate(
    study: Study,
    *,
    sloped: bool = False,
    block_km: float | None = None,
    progress: Progress | None = None,
    scheduler: str | None = None,
) -> Calibrated:
    """
    Hold the levels of a study against measured ones, and find what brings them together.

    Parameters
    ----------
    study
        `layers.measurements` names the measurements.
    sloped
        Whether an offset may change with the distance from the mast.
    block_km
        Side of the blocks that are held out; as the shadowing asks for where None.
    progress
        Told of every step.
    scheduler
        As for `analyze`.

    Raises
    ------
    CoverageError
        A layer cannot be used, or the measurements do not suffice.
    """
    from coverage.calibration import measured
    from coverage.calibration.comparison import uncalibrated
    from coverage.layers.measurements import read_measurements
    from coverage.signal.prediction import predict

    watch = progress or Silent()
    plain = uncalibrated(study)
    layers = read_layers(plain, progress=watch)
    measurements = read_measurements(plain, layers)
    signal = predict(layers, plain, progress=watch, scheduler=scheduler)
    with watch.step("calibration"):
        return measured.calibrate(measurements, layers, signal, plain, sloped=sloped, block_km=block_km)


def calibrate_to_shares(study: Study, *, progress: Progress | None = None, scheduler: str | None = None) -> Calibrated:
    """
    Find the offsets under which a study gives the shares of a province that somebody has published.

    Parameters
    ----------
    study
        `layers.published_shares` names them.
    progress, scheduler
        As for `calibrate`.

    Raises
    ------
    CoverageError
        A layer cannot be used, or no offset gives these shares.
    """
    from coverage.calibration import shares
    from coverage.layers.published_shares import read_published_shares
    from coverage.signal.prediction import predict

    watch = progress or Silent()
    plain = study.model_copy(update={"radio": study.radio.model_copy(update={"calibration": None})})
    published, file = read_published_shares(plain)
    layers = read_layers(plain, progress=watch)
    signal = predict(layers, shares.reaching(plain), progress=watch, scheduler=scheduler)
    return shares.calibrate_to_shares(published, file, layers, signal, plain)


def _without(layers: Layers, sites: Sequence[str]) -> Layers:
    """Return the layers without some positions."""
    standing = layers.cells["site_id"]
    unknown = sorted(set(sites) - set(standing))
    if unknown:
        raise CoverageError(
            f"--remove {unknown[0]}: no such site; expected a site_id of the sites layer, such as {standing.min()}."
        )
    return replace(layers, cells=layers.cells[~standing.isin(sites)].reset_index(drop=True))


def check_out(out: Path) -> None:
    """Raise OutputError before a long run whose results could not be written."""
    check_folder(out)


def check_papers(study: Study) -> None:
    """Raise StudyError before a long run whose papers follow a template that cannot be used."""
    check_templates(study)


def write(result: Result, out: Path, *, language: str | None = None, progress: Progress | None = None) -> list[Path]:
    """
    Write every file of a finished run, all or none.

    Parameters
    ----------
    result
        As `analyze` returns it.
    out
        Folder; made where absent.
    language
        `vi` or `en`; the study's where None.
    progress
        Told of every file.

    Returns
    -------
    list of Path
        The files, in the order of the contract.

    Raises
    ------
    OutputError
        The folder cannot be written; what it held before is intact.
    """
    return write_results(result, out, language=language, progress=progress or Silent())
