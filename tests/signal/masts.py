"""A mast in the middle of level ground, and the one tile that it is heard on."""

import math
from typing import Any

import numpy as np

from coverage.signal.footprint import Cell, Ground, Mast, Propagation, footprint
from coverage.signal.packing import pack, unpack, unpack_plain
from coverage.signal.servers import SILENT, UNKNOWN
from coverage.signal.tile import Piece, TileJob, compose, part_name

PROPAGATION = Propagation(
    model="p1812", environment="suburban", rx_height_m=1.5, time_percent=50, location_percent=50, location_sigma_db=0,
    delta_n=50, n0=350, latitude_deg=21,
)  # fmt: skip
FLAT = np.full((41, 41), 500, dtype=np.float32)


def cell(**values: object) -> Cell:
    preset: dict[str, Any] = {
        "index": 0, "operator": "viettel", "technology": "4g", "freq_mhz": 1800.0, "power_dbm": 34.0,
        "azimuth_deg": math.nan, "tilt_deg": 0.0, "beamwidth_deg": 65.0, "vertical_beamwidth_deg": 360.0,
        "max_radius_m": 1500.0, "weak_dbm": -115.0,
    }  # fmt: skip
    return Cell(**{**preset, **values})


class Heard:
    """The parts of a tile, unpacked."""

    def __init__(self, parts: dict[str, bytes], shape: tuple[int, int]) -> None:
        self.parts, self.shape = parts, shape

    def level(self, operator: str = "viettel", technology: str = "4g", quantity: str = "level") -> np.ndarray:
        tenths = unpack(self.parts[part_name(quantity, (operator, technology))], (1, *self.shape))[0]
        return np.where(tenths == SILENT, -np.inf, np.where(tenths == UNKNOWN, np.nan, tenths / 10))

    def second(self, operator: str = "viettel", technology: str = "4g") -> np.ndarray:
        return self.level(operator, technology, "second")

    def server(self, operator: str = "viettel", technology: str = "4g") -> np.ndarray:
        return unpack_plain(self.parts[part_name("server", (operator, technology))], np.int32, self.shape)

    def overlap(self, operator: str = "viettel", technology: str = "4g") -> np.ndarray:
        return unpack_plain(self.parts[part_name("overlap", (operator, technology))], np.uint8, self.shape)

    def void(self, technology: str = "4g") -> np.ndarray:
        packed = self.parts.get(part_name("void", ("any", technology)))
        return np.zeros(self.shape, bool) if packed is None else unpack_plain(packed, np.bool_, self.shape)


def over(level: np.ndarray, other: np.ndarray) -> np.ndarray:
    """By how many dB one level is above another; NaN where one of them is none."""
    known = np.isfinite(level) & np.isfinite(other)
    return np.subtract(level, other, where=known, out=np.full(level.shape, np.nan))


def heard(*masts: Mast, terrain: np.ndarray = FLAT) -> Heard:
    """Lay masts over one another on a tile as large as the terrain; the cells bear their own numbers."""
    ground, pieces = Ground(terrain, 100.0), []
    rows, cols = terrain.shape
    for mast in masts:
        loss = footprint(mast, ground, propagation=PROPAGATION)
        n = loss.shape[1] // 2
        top, left = max(mast.row - n, 0), max(mast.col - n, 0)
        inside = loss[:, top - mast.row + n : rows - mast.row + n, left - mast.col + n : cols - mast.col + n]
        numbers = tuple(one.index for one in mast.cells)
        ground_m = float(terrain[mast.row, mast.col])
        packed = pack(np.ascontiguousarray(inside))
        pieces.append(Piece(mast, mast.row, mast.col, ground_m, numbers, top, left, inside.shape, packed))
    return Heard(compose(TileJob("key", terrain, 100.0, PROPAGATION, tuple(pieces)))[1], terrain.shape)


def alone(*cells: Cell, terrain: np.ndarray = FLAT) -> Heard:
    """Hear one mast in the middle."""
    return heard(Mast(20, 20, 33.0, cells), terrain=terrain)
