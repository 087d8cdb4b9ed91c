"""The only file that knows every room: Study -> Result -> files."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coverage.columns import ANY
from coverage.layers import read_layers
from coverage.layers.finished import read_finished
from coverage.layers.units.crosswalk import national_crosswalk
from coverage.layers.units.succession import succession
from coverage.layers.vietnamese.names import name_keys
from coverage.outputs import check_folder, write_results
from coverage.outputs.comparison.files import write_comparison as write_comparison
from coverage.outputs.report.paper_templates import check_templates
from coverage.outputs.signal_rasters import open_raster
from coverage.places import comparison
from coverage.places.indicators import indicators
from coverage.progress import Progress, Silent
from coverage.result import Comparison, Result
from coverage.study import Study


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
        ranked_sites = rank_sites(layers, signal, villages, study, progress=watch, settlement=places.settlement)
    with timed("fiber_plan"):
        fiber_plan = plan_fiber(layers, villages, study, progress=watch)
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
        ranked_sites=ranked_sites,
        fiber_plan=fiber_plan,
        timings_s=timings,
        raster_opener=open_raster,
        reconciliation=compared,
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
