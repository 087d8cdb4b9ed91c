"""Where sites stand: in the communes, each once, on land, in reach of the terrain; how high their antennas are."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from coverage.grid import Grid
from coverage.layers.checks.nearness import held, neighbours, xy_m
from coverage.layers.draft import Draft
from coverage.layers.terrain import MARGIN_M
from coverage.study import Study

_FAR_OUT_M = 2000.0
"""A mast farther outside the communes is reported; one just across the border may serve this side."""
_ONE_PLACE_M = 5.0
"""Sites nearer to each other stand on one mast."""
_USUAL_HEIGHT_M = 60.0
"""An operator whose antennas are mostly higher gives feet: 60 m is 197 ft, the usual 36 m are 118 ft."""
_HIGH_M = 100.0
"""A single antenna above is worth a look."""
_SHORT_PERCENT = 5.0
"""Share of a mast's circle without terrain from which on it is reported."""
_SPOTS = 200
"""Points that a circle is judged by: one stands for 0.5 % of it."""
_MASTS_AT_ONCE = 5000


@dataclass(frozen=True)
class Ground:
    """Heights above sea level on a grid, m; NaN where there is none."""

    grid: Grid
    terrain_m: NDArray[np.float32]

    def at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return the heights under points in the grid's CRS, m."""
        return self.grid.sample(self.terrain_m, x, y)


def check_places(draft: Draft, borders: NDArray[np.object_], crs: CRS, ground: Ground | None) -> None:
    """
    Note sites in the sea or outside the communes.

    Parameters
    ----------
    draft
        Cells.
    borders
        Communes as polygons in `crs`; none to skip the check.
    crs
        Measures; the grid's where there is one.
    ground
        Tells sea from land; None where there is no terrain.
    """
    frame = draft.frame[draft.frame.geometry.notna()]
    if not len(borders) or frame.empty:
        return
    masts, mast_of = _masts(frame)
    xy = xy_m(masts.geometry, crs)
    points: NDArray[np.object_] = np.asarray(shapely.points(xy))
    outside = ~held(points, borders)
    in_sea = np.zeros(len(masts), dtype=bool)
    if ground is not None:
        height_m = ground.at(*xy.T)
        in_sea = outside & (height_m <= 0.0)
        # A mast without a height under it stops the run and is reported as such.
        outside &= ~np.isnan(height_m)
    away_m = np.zeros(len(masts))
    if outside.any():
        (asked, _), distances = shapely.STRtree(borders).query_nearest(
            points[outside], return_distance=True, all_matches=False
        )
        away_m[np.flatnonzero(outside)[asked]] = distances
    away_km = _spread(draft, frame, away_m[mast_of] / 1000.0)
    draft.report(
        _spread(draft, frame, in_sea[mast_of]).eq(True),
        lambda row: (
            f"site {row['site_id']} at {row['lon']:.5f}, {row['lat']:.5f} stands in the sea, "
            f"{away_km[row.name]:.1f} km from the nearest commune"
        ),
        "a site on land",
        "Correct its position.",
        fatal=False,
        kind="site_in_the_sea",
    )
    draft.report(
        _spread(draft, frame, ((away_m > _FAR_OUT_M) & ~in_sea)[mast_of]).eq(True),
        lambda row: (
            f"site {row['site_id']} at {row['lon']:.5f}, {row['lat']:.5f} stands {away_km[row.name]:.1f} km "
            "outside the communes"
        ),
        f"a site in the communes, or within {_FAR_OUT_M / 1000:g} km of them",
        "Correct its position if it does not stand across the border; it is kept.",
        fatal=False,
        kind="site_outside_the_communes",
    )


def check_twins(draft: Draft, crs: CRS) -> None:
    """Note masts that have two ids, of one operator or of several; `crs` measures."""
    frame = draft.frame[draft.frame.geometry.notna() & draft.frame["site_id"].notna()]
    sites = frame.drop_duplicates(["operator", "site_id"])
    partner = pd.Series(None, index=sites.index, dtype=object)
    for _, theirs in sites.groupby("operator"):
        partner[theirs.index] = _partner(theirs, crs)
    key = pd.MultiIndex.from_frame(frame[["operator", "site_id"]])
    partner.index = pd.MultiIndex.from_frame(sites[["operator", "site_id"]])
    other = pd.Series(partner.reindex(key).to_numpy(), index=frame.index).reindex(draft.frame.index)
    draft.report(
        other.notna(),
        lambda row: (
            f"sites {row['site_id']} and {other[row.name]} of {row['operator']} less than {_ONE_PLACE_M:g} m apart"
        ),
        "one site_id per mast",
        "Give one mast one id, or correct a position; until then it counts as two.",
        fatal=False,
        kind="two_sites_at_one_place",
    )
    each = frame.drop_duplicates("site_id")
    shared = frame["site_id"].map(dict(zip(each["site_id"], _partner(each, crs), strict=True)))
    shared = shared.reindex(draft.frame.index)
    draft.report(
        shared.notna() & other.isna(),
        lambda row: (
            f"sites {row['site_id']} and {shared[row.name]} of different operators less than {_ONE_PLACE_M:g} m apart"
        ),
        "one site_id for a mast that operators share",
        "Give a shared mast one id if it is to count as one position; until then it counts once for each.",
        fatal=False,
        kind="mast_shared_under_two_ids",
    )


def check_heights(draft: Draft, ground: Ground | None) -> None:
    """Note heights in feet, and those counted from the sea, which hold the ground as well."""
    if "height_m" not in draft.given:
        return
    frame = draft.frame
    height_m = frame["height_m"]
    above_m = pd.Series(np.nan, index=frame.index)
    if ground is not None:
        above_m = height_m - ground.at(*xy_m(frame.geometry, ground.grid.crs).T)
    # Terrain models err by some tens of metres on slopes, so an antenna may seem to stand a little in the ground.
    with_ground = (height_m > _HIGH_M) & above_m.between(-30.0, _HIGH_M)
    draft.report(
        with_ground,
        lambda row: (
            f"{row['height_m']:g} m at site {row['site_id']}, where the ground lies at "
            f"{row['height_m'] - above_m[row.name]:.0f} m: a height above the sea"
        ),
        "height above the ground",
        "Subtract the height of the ground.",
        column="height_m",
        fatal=False,
        kind="height_above_the_sea",
    )
    # What is beyond the range of the column was reported by its schema.
    rest = height_m.mask(with_ground | (height_m > (draft.table["height_m"].maximum or np.inf)))
    in_feet = rest.notna() & (rest.groupby(frame["operator"]).transform("median") > _USUAL_HEIGHT_M)
    draft.report(
        in_feet,
        lambda row: (
            f"{row['height_m']:g} at site {row['site_id']}, most antennas of {row['operator']} above "
            f"{_USUAL_HEIGHT_M:g}: looks like feet ({row['height_m'] * 0.3048:.1f} m)"
        ),
        "height above the ground in m",
        "Multiply by 0.3048 if these are feet.",
        column="height_m",
        fatal=False,
        kind="height_in_feet",
    )
    draft.report(
        (rest > _HIGH_M) & ~in_feet,
        lambda row: f"{row['height_m']:g} m at site {row['site_id']}",
        f"rarely above {_HIGH_M:g} m",
        "Check it: feet, or a height that holds the ground, would explain it.",
        column="height_m",
        fatal=False,
        kind="height_improbable",
    )


def check_reach(draft: Draft, study: Study, ground: Ground) -> None:
    """Note masts whose circle of prediction the terrain does not fill."""
    frame = draft.frame[draft.frame.geometry.notna()]
    if frame.empty:
        return
    radii_m = {name: min(row.max_radius_km * 1000.0, MARGIN_M) for name, row in study.technologies.items()}
    masts, mast_of = _masts(frame)
    reach_m = frame["technology"].map(radii_m).fillna(0.0).groupby(mast_of).max().to_numpy(dtype=float)
    xy = xy_m(masts.geometry, ground.grid.crs)
    parts = [slice(start, start + _MASTS_AT_ONCE) for start in range(0, len(xy), _MASTS_AT_ONCE)]
    missing = np.concatenate([_missing_percent(xy[part], reach_m[part], ground) for part in parts])
    missing[np.isnan(ground.at(*xy.T))] = 0.0
    percent = _spread(draft, frame, missing[mast_of])
    circle_km = _spread(draft, frame, reach_m[mast_of] / 1000.0)
    draft.report(
        percent > _SHORT_PERCENT,
        lambda row: (
            f"{percent[row.name]:.0f} % of the {circle_km[row.name]:g} km around site {row['site_id']} has no terrain"
        ),
        f"terrain as far as max_radius_km, at least {100 - _SHORT_PERCENT:g} % of it",
        "Supply terrain that reaches there, 0 m where it is sea; what lies beyond is not modelled.",
        fatal=False,
        kind="terrain_short_of_reach",
    )


def _missing_percent(xy: NDArray[np.float64], radius_m: NDArray[np.float64], ground: Ground) -> NDArray[np.float64]:
    """Return the share of circles without terrain, %: points that fill them evenly, as seeds fill a sunflower."""
    seed = np.arange(_SPOTS) + 0.5
    out, turn = np.sqrt(seed / _SPOTS), seed * np.pi * (3.0 - np.sqrt(5.0))
    x = xy[:, :1] + radius_m[:, None] * (out * np.cos(turn))
    y = xy[:, 1:] + radius_m[:, None] * (out * np.sin(turn))
    share: NDArray[np.float64] = np.isnan(ground.at(x, y)).mean(axis=1)
    return 100.0 * share


def _masts(frame: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return one row per position, and the number of each row's position: cells share them by the dozen."""
    number = frame.groupby(["lon", "lat"], sort=False).ngroup().to_numpy()
    _, first = np.unique(number, return_index=True)
    return frame.iloc[first], number.astype(np.int64)


def _partner(sites: pd.DataFrame, crs: CRS) -> NDArray[np.object_]:
    """Return for each site the id of another one at its place, None where there is none."""
    other = neighbours(xy_m(sites.geometry, crs), _ONE_PLACE_M)
    ids: NDArray[np.object_] = sites["site_id"].to_numpy(dtype=object)[other]
    ids[other < 0] = None
    return ids


def _spread(draft: Draft, frame: pd.DataFrame, values: NDArray[np.generic]) -> pd.Series:
    """Return values of some rows over all rows of a draft."""
    return pd.Series(values, index=frame.index).reindex(draft.frame.index)
