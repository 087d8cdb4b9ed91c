"""The network and its surroundings as the engine takes them: masts, ground, propagation."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from coverage.grid import Grid
from coverage.radio.antenna import Pattern
from coverage.radio.clutter import CATEGORIES, category_numbers, representative_height_m
from coverage.radio.correction import Correction
from coverage.radio.reference_power import reference_power_dbm
from coverage.result import Layers
from coverage.signal.footprint import Cell, Ground, Mast, Propagation
from coverage.study import Study

_OF_A_CELL = (
    "operator", "technology", "freq_mhz", "bandwidth_mhz", "eirp_dbm", "height_m", "azimuth_deg", "tilt_deg",
    "beamwidth_deg", "antenna",
)  # fmt: skip


def propagation_of(study: Study, grid: Grid) -> Propagation:
    """Return what the loss depends on beside the ground, at the latitude of the grid's centre."""
    radio = study.radio
    west, south, east, north = grid.bounds
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    _, latitude_deg = to_degrees.transform((west + east) / 2, (south + north) / 2)
    return Propagation(
        model=radio.model,
        environment=radio.environment,
        rx_height_m=radio.rx_height_m,
        time_percent=radio.time_percent,
        location_percent=radio.location_percent,
        location_sigma_db=radio.location_sigma_db,
        delta_n=radio.delta_n,
        n0=radio.n0,
        latitude_deg=float(latitude_deg),
        building=radio.building,
    )


def ground_of(layers: Layers, study: Study, window: tuple[slice, slice] = np.s_[:, :]) -> Ground:
    """Return the terrain of a window with the heights of its land cover; pixels without a class are open ground."""
    cover_m = None
    if layers.land_cover is not None:
        codes = layers.land_cover[window]
        cover_m = np.nan_to_num(representative_height_m(codes, heights_m=study.radio.clutter_m), nan=0.0)
    return Ground(layers.terrain_m[window], layers.grid.cell_m, cover_m)


def categories_of(layers: Layers, study: Study, window: tuple[slice, slice] = np.s_[:, :]) -> NDArray[np.uint8] | None:
    """Return what stands at the pixels of a window, by number; None where no correction asks for it."""
    if study.radio.calibration is None:
        return None
    if layers.land_cover is None:
        return np.zeros(layers.terrain_m[window].shape, np.uint8)
    return category_numbers(layers.land_cover[window])


def correction_of(study: Study, technology: str) -> Correction | None:
    """Return what the calibration of a study adds to the levels of a technology; None where it says nothing of it."""
    calibration = study.radio.calibration
    found = None if calibration is None else calibration.technologies.get(technology)
    if found is None:
        return None
    return Correction(
        offsets_db=tuple(found.clutter_db.get(name, found.offset_db) for name in CATEGORIES),
        slope_db=found.slope_db,
        centre_km=found.centre_km,
        from_km=found.from_km,
        to_km=found.to_km,
    )


def masts_of(layers: Layers, study: Study) -> list[Mast]:
    """Group cells by the pixel they stand on and their height, in that order."""
    radio = study.radio
    row, col = layers.grid.pixel(layers.cells.geometry.x, layers.cells.geometry.y)
    cells = pd.DataFrame(layers.cells[list(_OF_A_CELL)]).assign(row=row, col=col)
    cells = cells.fillna({"tilt_deg": 0.0, "beamwidth_deg": radio.beamwidth_deg})
    patterns = {name: Pattern(*cuts) for name, cuts in layers.antennas.items()}
    radius_m = {name: technology.max_radius_km * 1000 for name, technology in study.technologies.items()}
    weak_dbm = {name: study.thresholds_dbm(name)[1] for name in study.technologies}
    corrections = {name: correction_of(study, name) for name in study.technologies}
    groups: dict[tuple[int, int, float], list[Cell]] = {}
    rows: Iterable[Any] = cells.itertuples(index=False)
    for index, cell in enumerate(rows):
        groups.setdefault((cell.row, cell.col, float(cell.height_m)), []).append(
            Cell(
                index=index,
                operator=cell.operator,
                technology=cell.technology,
                freq_mhz=float(cell.freq_mhz),
                power_dbm=reference_power_dbm(
                    cell.technology, eirp_dbm=float(cell.eirp_dbm), bandwidth_mhz=float(cell.bandwidth_mhz)
                ),
                azimuth_deg=float(cell.azimuth_deg),
                tilt_deg=float(cell.tilt_deg),
                beamwidth_deg=float(cell.beamwidth_deg),
                vertical_beamwidth_deg=radio.vertical_beamwidth_deg,
                max_radius_m=radius_m[cell.technology],
                weak_dbm=weak_dbm[cell.technology],
                pattern=patterns.get(cell.antenna),
                correction=corrections[cell.technology],
            )
        )
    return [Mast(*where, cells=tuple(group)) for where, group in sorted(groups.items())]
