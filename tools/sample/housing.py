"""Housing: where the households of a village stand."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from sample.frame import CELL_M
from sample.settlements import Ground, split

NEAR_PLOTS, FAR_PLOTS = 12, 32
WITH_DARK_HAMLET = 100
"""Villages with signal at the centre and an outlying hamlet without: "lõm"."""


def plots(rng: np.random.Generator, ground: Ground, villages: pd.DataFrame) -> pd.DataFrame:
    """Return places near each village where people may live: village, x, y; first gentle ones, then side valleys."""
    around = ndimage.gaussian_filter(ground.relief.height_m, 10)
    sunk_m = np.clip(around - ground.relief.height_m, -50.0, 150.0)
    near = np.where(villages.town, 180.0, 420.0)
    shares, outer = np.linspace(0.2, 1.0, NEAR_PLOTS), np.linspace(500.0, 2500.0, FAR_PLOTS)
    rows = []
    for k, village in enumerate(villages.itertuples()):
        for radius, side_valley in [(near[k] * share, False) for share in shares] + [(far, True) for far in outer]:
            angle, far = rng.uniform(0, 2 * np.pi, 4), radius * rng.uniform(0.8, 1.0, 4)
            x, y = village.x + far * np.cos(angle), village.y + far * np.sin(angle)
            row, col = (y / CELL_M).astype(int), (x / CELL_M).astype(int)
            bad = ground.slope_deg[row, col] + 100.0 * ground.relief.lake[row, col]
            bad += 200.0 * (ground.commune[row, col] != village.commune) - side_valley * 0.5 * sunk_m[row, col]
            best = int(bad.argmin())
            rows.append((k, x[best], y[best]) if bad[best] < 60 else (k, village.x, village.y))
    return pd.DataFrame(rows, columns=["village", "x", "y"])


def house(
    rng: np.random.Generator,
    villages: pd.DataFrame,
    places: pd.DataFrame,
    lit: NDArray[np.bool_],
    dark: NDArray[np.bool_],
) -> pd.DataFrame:
    """
    Return clusters of households: village (row number), x, y, households.

    Parameters
    ----------
    places
        As `plots` returns them.
    lit, dark
        Per place, whether it surely has 3G or 4G and whether it surely has not. Most villages live in the light; a few
        have an outlying hamlet in the dark.
    """
    lit, dark, x, y = (np.asarray(a).reshape(len(villages), -1) for a in (lit, dark, places.x, places.y))
    lit_far, dark_far = lit[:, NEAR_PLOTS:], dark[:, NEAR_PLOTS:]
    ordinary = ~(villages.isolated | villages.town).to_numpy()
    could = ordinary & ~villages.centre.to_numpy() & dark_far.any(axis=1) & (villages.households.to_numpy() > 40)
    in_two = set(rng.permutation(np.flatnonzero(could))[:WITH_DARK_HAMLET].tolist())
    rows = []
    for k, village in enumerate(villages.itertuples()):
        near = np.arange(NEAR_PLOTS) if village.isolated else np.flatnonzero(lit[k, :NEAR_PLOTS])
        near = np.concatenate([near[:1], rng.permutation(near[1:])])[: int(np.clip(rng.poisson(4.2) + 1, 3, 7))]
        spots = [(x[k, i], y[k, i]) for i in near]
        while len(spots) < 3:  # close around the centre
            spots.append((village.x + rng.uniform(-25, 25), village.y + rng.uniform(-25, 25)))
        weight = np.sort(rng.dirichlet(np.full(len(spots), 2.0)))[::-1]
        far = dark_far[k] if k in in_two else lit_far[k]
        if k in in_two or (ordinary[k] and far.any() and rng.random() < 0.3):
            i = NEAR_PLOTS + rng.choice(np.flatnonzero(far))
            spots.append((x[k, i], y[k, i]))
            weight = np.append(weight, rng.uniform(0.2, 0.45) if k in in_two else 0.15)
        spots, weight = spots[: village.households], weight[: village.households]
        homes = 1 + split(village.households - len(spots), weight)
        rows += [(k, *spot, int(count)) for spot, count in zip(spots, homes, strict=True)]
    return pd.DataFrame(rows, columns=["village", "x", "y", "households"])
