"""Roads: national, provincial and communal, along the cheapest ways over the terrain."""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from sample.facts import Facts
from sample.frame import CELL_M, CRS, NORTH_M, WEST_M
from sample.relief import noise
from sample.settlements import Ground
from sample.travel import travel, walk

FACTOR = 2
"""Roads are traced on cells this many times the terrain's."""

# Communes along the main roads, in order; the roads are real, their course between the seats is the program's.
MAIN = (
    ("national", "QL6", ("Vân Hồ", "Mộc Sơn", "Mộc Châu", "Thảo Nguyên", "Chiềng Hặc", "Yên Châu", "Mai Sơn",
                         "Chiềng Mung", "Chiềng Sinh", "Tô Hiệu", "Muổi Nọi", "Thuận Châu", "Bình Thuận")),
    ("national", "QL37", ("Gia Phù", "Phù Yên", "Bắc Yên", "Tạ Khoa", "Mai Sơn")),
    ("national", "QL43", ("Lóng Sập", "Mộc Châu", "Vân Sơn", "Tân Phong", "Gia Phù")),
    ("national", "QL4G", ("Mai Sơn", "Chiềng Mai", "Chiềng Khoong", "Sông Mã", "Sốp Cộp")),
    ("national", "QL12", ("Bó Sinh", "Mường Lầm", "Sông Mã")),
    ("national", "QL279", ("Mường Giôn", "Quỳnh Nhai", "Mường Sại")),
    ("national", "QL279D", ("Tô Hiệu", "Chiềng An", "Mường Bú", "Mường La")),
    ("national", "QL6B", ("Thuận Châu", "Mường Sại", "Quỳnh Nhai")),
    ("national", "QL32B", ("Phù Yên", "Mường Cơi")),
    ("provincial", "ĐT109", ("Mường La", "Ngọc Chiến")),
    ("provincial", "ĐT106", ("Mường La", "Chiềng Lao")),
    ("provincial", "ĐT107", ("Mường Giôn", "Mường Chiên")),
    ("provincial", "ĐT108", ("Thuận Châu", "Co Mạ", "Bó Sinh")),
    ("provincial", "ĐT112", ("Bắc Yên", "Tà Xùa", "Xím Vàng")),
    ("provincial", "ĐT105", ("Sốp Cộp", "Mường Lèo")),
    ("provincial", "ĐT105A", ("Sốp Cộp", "Mường Lạn")),
    ("provincial", "ĐT102", ("Vân Hồ", "Xuân Nha", "Chiềng Sơn", "Lóng Sập")),
    ("provincial", "ĐT101", ("Vân Hồ", "Tô Múa", "Song Khủa")),
    ("provincial", "ĐT103", ("Yên Châu", "Phiêng Khoài", "Lóng Phiêng")),
    ("provincial", "ĐT110", ("Mai Sơn", "Tà Hộc")),
)  # fmt: skip


class RoadBuilder:
    """Lays roads one after the other; later ones join earlier ones where that is cheaper."""

    def __init__(self, rng: np.random.Generator, ground: Ground) -> None:
        slope = ndimage.uniform_filter(ground.slope_deg, FACTOR)[::FACTOR, ::FACTOR]
        water = ground.relief.lake[::FACTOR, ::FACTOR] | (ground.relief.upstream_km2[::FACTOR, ::FACTOR] > 4000)
        bends = noise(rng, slope.shape, CELL_M * FACTOR, 900.0)  # no road runs straight, not even on a plain
        self.cost = (1.0 + (slope / 7.0) ** 2 + 25.0 * water) * np.exp(0.3 * bends)
        self.on_road = np.zeros(self.cost.shape, bool)
        self.rows: list[tuple[str, str, NDArray[np.int64]]] = []

    def join(self, start: NDArray[np.int64], end: NDArray[np.int64], kind: str, name: str) -> None:
        """Lay a road between two cells of the terrain."""
        (r0, c0), (r1, c1) = start // FACTOR, end // FACTOR
        best = travel(self.cost, np.array([r0]), np.array([c0]), np.inf)
        self._lay(walk(best, self.cost, r1, c1), kind, name)

    def reach(self, places: NDArray[np.int64], kind: str, names: list[str]) -> None:
        """Lay roads from places to the roads that are there, each ending where it meets another."""
        best = travel(self.cost, *np.nonzero(self.on_road), np.inf)
        order = np.argsort(best[tuple((places // FACTOR).T)], kind="stable")
        cost = self.cost.copy()
        for k in order:
            row, col = places[k] // FACTOR
            if self.on_road[row, col]:
                continue
            path = walk(best, cost, row, col)
            met = np.flatnonzero(self.on_road[tuple(path.T)])
            self._lay(path[: met[0] + 1] if len(met) else path, kind, names[k])

    def _lay(self, path: NDArray[np.int64], kind: str, name: str) -> None:
        if len(path) < 2:
            return
        self.rows.append((kind, name, path))
        fresh = path[~self.on_road[tuple(path.T)]]
        self.on_road[tuple(path.T)] = True
        self.cost[tuple(fresh.T)] *= 0.3

    def distance_m(self, shape: tuple[int, int]) -> NDArray[np.float64]:
        """Return the distance to the nearest road on the terrain grid."""
        far = ndimage.distance_transform_edt(~self.on_road) * CELL_M * FACTOR
        return np.kron(far, np.ones((FACTOR, FACTOR)))[: shape[0], : shape[1]]

    def frame(self) -> gpd.GeoDataFrame:
        """Return the roads as lines; shared stretches appear once, and lines that meet share a vertex."""
        seen: set[tuple[int, int]] = set()
        pieces = [(kind, name, piece) for kind, name, path in self.rows for piece in _fresh_pieces(path, seen)]
        ends = {tuple(cell) for _, _, piece in pieces for cell in (piece[0], piece[-1])}
        whole = [(kind, name, part) for kind, name, piece in pieces for part in _cut_at(piece, ends)]
        kinds, names, paths = zip(*whole, strict=True)
        return gpd.GeoDataFrame({"class": kinds, "name": names}, geometry=[to_line(path) for path in paths], crs=CRS)


def _cut_at(path: NDArray[np.int64], ends: set[tuple[int, ...]]) -> list[NDArray[np.int64]]:
    """Cut a path wherever another one ends on it."""
    cuts = [k for k in range(1, len(path) - 1) if tuple(path[k]) in ends]
    return [path[start : end + 1] for start, end in zip([0, *cuts], [*cuts, len(path) - 1], strict=True)]


def _fresh_pieces(path: NDArray[np.int64], seen: set[tuple[int, int]]) -> list[NDArray[np.int64]]:
    """Cut a path into the stretches that no earlier road covers; keep the cells where they meet."""
    pieces, current = [], [path[0]]
    for before, after in itertools.pairwise(path):
        a, b = int(before[0]) * 100_000 + int(before[1]), int(after[0]) * 100_000 + int(after[1])
        edge = (min(a, b), max(a, b))
        if edge not in seen:
            seen.add(edge)
            current.append(after)
            continue
        if len(current) > 1:
            pieces.append(np.array(current))
        current = [after]
    if len(current) > 1:
        pieces.append(np.array(current))
    return pieces


def to_line(path: NDArray[np.int64]) -> shapely.LineString:
    """Return cells of the road raster as a line in the frame's CRS, rounded off but with its ends kept."""
    step = CELL_M * FACTOR
    points = np.column_stack([WEST_M + (path[:, 1] + 0.5) * step, NORTH_M - (path[:, 0] + 0.5) * step])
    return shapely.simplify(shapely.LineString(points), 0.45 * step)


def main_roads(rng: np.random.Generator, facts: Facts, ground: Ground, seat: NDArray[np.int64]) -> RoadBuilder:
    """Lay the national and provincial roads and join every seat to them."""
    number = {name: k for k, name in enumerate(facts.communes.name)}
    builder = RoadBuilder(rng, ground)
    for kind, name, stops in MAIN:
        for start, end in itertools.pairwise(stops):
            builder.join(seat[number[start]], seat[number[end]], kind, name)
    left = [k for k in range(len(seat)) if not builder.on_road[tuple(seat[k] // FACTOR)]]
    builder.reach(seat[left], "provincial", [f"ĐT{113 + i}" for i in range(len(left))])
    return builder


def village_roads(builder: RoadBuilder, villages: pd.DataFrame) -> None:
    """Lay communal roads to all villages but most of the isolated ones, which have a track at best."""
    served = villages[~villages.isolated | (villages.index % 3 == 0)]
    builder.reach(served[["row", "col"]].to_numpy(), "communal", [f"Đường {name}" for name in served.name])
