"""Gather: the candidates worth an exact look, and word of those that were refused."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.errors import Problem, StudyError
from coverage.planning.candidates import Candidates, proposed, thin, upgrades
from coverage.planning.costs import Backhaul, site_cost
from coverage.planning.demand import Demand
from coverage.planning.ground import shapes_of
from coverage.planning.landforms import standing_ground
from coverage.planning.reach import on_terrain, radius_m, rough_reach
from coverage.planning.surroundings import power_to_tap, ways_to
from coverage.planning.tables import commune_rows
from coverage.result import Layers
from coverage.study import Study

_NAMED = 3
"""So many of the refused are named, those of many only counted."""


@dataclass(frozen=True)
class Found:
    """Candidates, and what is to be said of those that are none."""

    candidates: Candidates
    problems: tuple[Problem, ...]


def find_candidates(layers: Layers, positions: pd.DataFrame, demand: Demand, study: Study) -> Found:
    """
    Gather the candidates that are worth an exact look: upgrades, the planner's proposals, and new positions.

    New positions lie in the communes. They are those that would roughly serve the most per rough cost (backhaul left
    aside), spaced from masts, proposals and each other, at most `planning.max_candidates`; they are called N-001 … from
    north to south, and tried at each of `planning.heights_m`.

    Parameters
    ----------
    layers
        Terrain, communes, cells, and whatever there is of roads, power lines and the planner's own candidates.
    positions
        Existing positions as `existing_positions` sums them up.
    demand
        Where people lack signal; at least one place.
    study
        `planning` and `costs`.

    Returns
    -------
    Found
        Upgrades that roughly serve somebody, then the planner's proposals and candidates, then new positions, one
        height after the other.

    Raises
    ------
    StudyError
        The operator that builds has no cell in the sites.
    """
    planning = study.planning
    standing, refused_masts = admitted(
        upgrades(positions, planning.technology, who_builds(positions, study)), layers, str(study.layers.sites)
    )
    wished, refused_wishes = admitted(
        proposed(layers.candidates, planning.heights_m), layers, str(study.layers.candidates)
    )
    settled, refused_proposals = admitted(
        proposed(layers.proposals, planning.heights_m), layers, str(study.layers.proposals)
    )
    wished = wished.take(~np.isin(wished.site_id.astype(str), settled.site_id.astype(str)))
    wished = Candidates.join([settled, wished])
    standing = standing.take(np.diff(rough_reach(standing, demand, layers, study).indptr) > 0)

    x, y = standing_ground(layers.grid, layers.terrain_m, demand, spacing_m=planning.spacing_m, reach_m=radius_m(study))
    inside = commune_rows(x, y, layers.communes) >= 0
    x, y = x[inside], y[inside]
    ground = Candidates.of("new", [""] * len(x), x, y, np.full(len(x), max(planning.heights_m)))
    rough = rough_reach(ground, demand, layers, study)
    masts = np.concatenate([positions[["x", "y"]].to_numpy(dtype=float), np.column_stack([wished.x_m, wished.y_m])])
    chosen = thin(
        x,
        y,
        (rough @ demand.weight) / np.maximum(_rough_usd(ground, layers, study), 1.0),
        [np.unique(demand.village[places]) for places in np.split(rough.indices, rough.indptr[1:-1])],
        occupied=masts,
        spacing_m=planning.spacing_m,
        limit=planning.max_candidates,
    )
    taken = {str(site_id) for site_id in (*positions.index, *wished.site_id)}
    new = ground.take(chosen).with_ids(_names(len(chosen), taken))
    heights = [new.at_height(height_m) for height_m in planning.heights_m]
    return Found(Candidates.join([standing, wished, *heights]), refused_masts + refused_wishes + refused_proposals)


def who_builds(positions: pd.DataFrame, study: Study) -> str | None:
    """
    Return the operator that builds, as the cells spell it; None where a study names none.

    Raises
    ------
    StudyError
        It has no cell in the sites: a wrong name would make every mast one of another's.
    """
    asked = study.planning.operator
    if asked is None:
        return None
    known = sorted({str(name) for names in positions["operators"] for name in names})
    for name in known:
        if name.casefold() == asked.casefold():
            return name
    raise StudyError(
        f"coverage.toml: [planning] operator = {asked!r} has no cell in {study.layers.sites}; expected one of "
        f"{', '.join(known) or 'the operators there'}. Correct it, or leave it out to plan for whoever has the mast."
    )


def admitted(candidates: Candidates, layers: Layers, file: str) -> tuple[Candidates, tuple[Problem, ...]]:
    """
    Leave out candidates where nothing can be built or computed, and say which.

    Parameters
    ----------
    candidates
        With finite coordinates.
    layers
        Terrain and communes.
    file
        Where they come from.

    Returns
    -------
    Candidates
        Those on the terrain and in a commune.
    tuple of Problem
        Of those off the terrain or on a void, and of the others outside every commune; none of them fatal.
    """
    known = on_terrain(candidates, layers)
    inside = commune_rows(candidates.x_m, candidates.y_m, layers.communes) >= 0
    reasons = (
        ("outside_terrain", ~known, "off the terrain or on a void", "a terrain height under it",
         "Correct the position, or supply terrain that reaches there"),
        ("site_outside_the_communes", known & ~inside, "outside every commune", "a position in one of the communes",
         "Correct the position, unless it lies across the border"),
    )  # fmt: skip
    problems = tuple(
        Problem(
            file,
            f"{_list(candidates.site_id[these])} {where}",
            expected,
            f"{remedy}; nothing is planned there.",
            fatal=False,
            kind=kind,
        )
        for kind, these, where, expected, remedy in reasons
        if these.any()
    )
    return candidates.take(known & inside), problems


def _list(site_ids: NDArray[np.object_]) -> str:
    """Return a few names; the options of one position are one."""
    names = list(dict.fromkeys(str(site_id) for site_id in site_ids))
    more = (
        f" and {len(names) - _NAMED} more stand" if len(names) > _NAMED else " stand" if len(names) > 1 else " stands"
    )
    return f"{'candidates' if len(names) > 1 else 'candidate'} {', '.join(names[:_NAMED])}{more}"


def _rough_usd(ground: Candidates, layers: Layers, study: Study) -> NDArray[np.float64]:
    """Return the central cost of mast, access and power."""
    roads = ways_to(shapes_of([layers.roads]), ground.x_m, ground.y_m, layers)
    lines = ways_to(power_to_tap(layers, study.costs), ground.x_m, ground.y_m, layers)
    costs = [
        site_cost("new", road, line, Backhaul("existing"), study.costs, height_m=float(height_m)).total.central
        for road, line, height_m in zip(roads, lines, ground.height_m, strict=True)
    ]
    return np.array(costs, dtype=float)


def _names(count: int, taken: set[str]) -> NDArray[np.object_]:
    """Return names of new positions, none of them taken and all of one length."""
    digits = max(3, len(str(count + len(taken))))
    names = (name for number in range(1, count + len(taken) + 1) if (name := f"N-{number:0{digits}d}") not in taken)
    return np.array([next(names) for _ in range(count)], dtype=object)
