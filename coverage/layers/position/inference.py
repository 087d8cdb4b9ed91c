"""Which system of metres puts the rows of a table in the communes that they declare."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from coverage.layers.position.vn2000 import HANOI_72, SYSTEMS, System, moved, named, system_of

ENOUGH = 0.8
"""Share of rows that must lie in their declared commune (DOMAIN.md)."""
FEWEST_ROWS = 3
"""Rows from which a system is inferred: fewer may agree by accident."""
MOST_ROWS = 5_000
"""Rows that are looked at; of more, this many are drawn, always the same ones."""


@dataclass(frozen=True)
class Inference:
    """Which system a table is in, and how many of its rows say so."""

    epsg: int | None
    """None where the rows do not tell, or tell Hanoi-72."""
    share: float
    """Of the rows judged, those that the best system puts in their declared commune (or in the area)."""
    rows: int
    """Rows that could be judged."""
    by_commune: bool
    """Judged by the declared commune; else no row declares one, and only the area could be asked."""
    swapped: bool
    """X is the northing and Y the easting."""
    scores: tuple[tuple[int, float], ...]
    """EPSG code and share of every system, best first; 2044, 2045 and 4147 stand for Hanoi-72."""

    def __str__(self) -> str:
        where = "their declared commune" if self.by_commune else "the communes of the study"
        if self.rows < FEWEST_ROWS:
            return f"{self.rows} rows with coordinates and a commune: too few to tell the reference system"
        listed = "; ".join(f"EPSG:{epsg} {_percent(share)}" for epsg, share in self.scores[:5] if share > 0)
        if self.epsg is not None:
            axes = ", X being the northing" if self.swapped else ""
            which = f"EPSG:{self.epsg} ({named(self.epsg)}){axes}"
            return f"{which}: {_percent(self.share)} of {self.rows} rows lie in {where} (tried: {listed})"
        if self.share < ENOUGH:
            return f"no system puts {_percent(ENOUGH)} of {self.rows} rows in {where} (best: {listed or 'none'})"
        if self.scores[0][0] in {system.epsg for system in HANOI_72}:
            return f"Hanoi-72, which cannot be used, puts most of {self.rows} rows in {where}: {listed}"
        return f"{self.rows} rows do not tell which system they are in; share in {where}: {listed}"


def infer_system(x: ArrayLike, y: ArrayLike, declared: gpd.GeoSeries, area: shapely.Geometry | None) -> Inference:
    """
    Find the system that puts the rows of a table in the communes they name.

    Parameters
    ----------
    x, y
        Metres, in either order; NaN where a row has none.
    declared
        Polygon of the commune that each row declares, in WGS 84; None where it declares none.
    area
        All communes together, in WGS 84: asked where hardly a row declares its commune. The answer then rests on the
        rows lying in it at all: a table of the next province, read in the wrong zone, may.

    Returns
    -------
    Inference
        With a system only where at least 80 % of the rows lie where they say, and every other system is clearly worse:
        by half of the rows, or by seven rows and four more for each that says the contrary. Systems on one meridian
        differ by 200 to 1,000 m and need the latter; where only the area is asked, no other may reach 80 % either.
    """
    places = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    communes = np.asarray(declared.to_numpy(), dtype=object)
    readable = np.isfinite(places).all(axis=1)
    telling = readable & ~(shapely.is_missing(communes) | shapely.is_empty(communes))
    by_commune = int(np.count_nonzero(telling)) >= FEWEST_ROWS or area is None
    rows = np.flatnonzero(telling if by_commune else readable)
    if len(rows) < FEWEST_ROWS:
        return Inference(None, 0.0, len(rows), by_commune, False, ())
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(2000).choice(rows, MOST_ROWS, replace=False))
    shapes = communes[rows] if by_commune else np.full(len(rows), area, dtype=object)
    tried = _tried(places[rows], shapes)
    (best, swapped), inside = tried[0]
    others = [(system, other) for (system, _), other in tried[1:] if system != best]
    clear = all(_clearly_better(inside, other, by=3 if system in HANOI_72 else 7) for system, other in others)
    if not by_commune:
        clear = clear and all(other.mean() < ENOUGH for _, other in others)
    scores: dict[System, float] = {}
    for (system, _), hits in tried:
        scores.setdefault(system, float(hits.mean()))
    share = float(inside.mean())
    sure = share >= ENOUGH and clear and best in SYSTEMS
    listed = tuple((system.epsg, score) for system, score in scores.items())
    return Inference(best.epsg if sure else None, share, len(rows), by_commune, swapped, listed)


def is_shifted(x: ArrayLike, y: ArrayLike, declared: gpd.GeoSeries, epsg: int) -> bool:
    """
    Tell whether a zone of VN-2000 that a file gives the datum WGS 84 is one of VN-2000 all the same.

    Parameters
    ----------
    x, y
        Easting and northing, m.
    declared
        As for `infer_system`.
    epsg
        The zone, a code of `SYSTEMS`.

    Returns
    -------
    bool
        True where the rows lie in their declared communes clearly better with the shift of VN-2000 than without.
    """
    system = system_of(epsg)
    places, shapes = np.column_stack([x, y]).astype(float), np.asarray(declared.to_numpy(), dtype=object)
    rows = np.flatnonzero(np.isfinite(places).all(axis=1) & ~shapely.is_missing(shapes))[:MOST_ROWS]
    if len(rows) < FEWEST_ROWS:
        return False
    ours, theirs = (_inside(each, places[rows], shapes[rows]) for each in (system, replace(system, datum="WGS 84")))
    return bool(ours.mean() >= ENOUGH) and _clearly_better(ours, theirs, by=7)


def _tried(
    places: NDArray[np.float64], shapes: NDArray[np.object_]
) -> list[tuple[tuple[System, bool], NDArray[np.bool_]]]:
    """Return which rows each system, with either axis first, puts where they say they are; best first."""
    for shape in {id(shape): shape for shape in shapes}.values():
        shapely.prepare(shape)
    tried = []
    for system in (*SYSTEMS, *HANOI_72):
        for swapped in (False, True):
            inside = _inside(system, places[:, ::-1] if swapped else places, shapes)
            tried.append(((system, swapped), inside))
    return sorted(tried, key=lambda each: -int(each[1].sum()))


def _inside(system: System, places: NDArray[np.float64], shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    lon, lat = moved(system, places[:, 0], places[:, 1], "FORWARD")
    known = np.isfinite(lon)
    inside = np.zeros(len(places), dtype=bool)
    inside[known] = shapely.intersects_xy(shapes[known], lon[known], lat[known])
    return inside


def _clearly_better(one: NDArray[np.bool_], other: NDArray[np.bool_], *, by: int) -> bool:
    """
    Tell whether the rows that differ speak for one.

    Were neither right, seven rows to none, or eleven to one, would come about less than once in a hundred times; three
    do against Hanoi-72, which went out of use before there were base stations to list.
    """
    won, lost = int(np.count_nonzero(one & ~other)), int(np.count_nonzero(other & ~one))
    return won - lost >= len(one) / 2 or won >= by + 4 * lost


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
