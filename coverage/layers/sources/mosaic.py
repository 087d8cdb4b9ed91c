"""Several raster files that lie side by side, read as one without copying them."""

import numpy as np
from affine import Affine

from coverage.errors import Problem, refuse
from coverage.grid import Grid
from coverage.layers.position.reference import WGS84, bounds_text
from coverage.layers.sources.files import Source
from coverage.layers.sources.raster import Raster, open_raster, turned
from coverage.layers.sources.virtual import vrt_text
from coverage.study import Study

_ALIGNED = 0.02
"""Of a pixel; tiles of SRTM are written to ten decimals of a degree."""
_LEAST_PIXELS = 4
"""A gap between tiles that is thinner than this many pixels each way is one of rounding."""


def open_tiles(study: Study, layer: str, source: Source, *, holds: str, whole: bool = True) -> Raster:
    """
    Open a raster that may come in several files.

    Parameters
    ----------
    study, layer
        As `open_raster` takes them.
    source
        One file, its tiles, or an address.
    holds
        What is expected in it, for messages.
    whole
        As `open_raster` takes it.

    Returns
    -------
    Raster
        Where tiles overlap, the later one counts but for its voids; where there is none, there is no value.

    Raises
    ------
    LayerError
        A file cannot be used, or two tiles do not fit together.
    """
    if len(source.files) < 2:
        path = source.address or source.files[0]
        return open_raster(study, layer, path, name=source.name, holds=holds, whole=whole)
    tiles = [open_raster(study, layer, file, name=file.name, holds=holds, whole=whole) for file in source.files]
    first = tiles[0]
    for tile in tiles:
        if (odd := _odd(first, tile)) is not None:
            found = f"tiles that do not fit together: {first.name} and {tile.name} {odd}"
            expected = "tiles of one reference system, one unit and one size of pixel, in line"
            raise refuse(
                source.name,
                found,
                expected,
                "Bring them to one form, or supply one file.",
                kind="tiles_do_not_fit",
            )
    west, north = min(tile.bounds[0] for tile in tiles), max(tile.bounds[3] for tile in tiles)
    east, south = max(tile.bounds[2] for tile in tiles), min(tile.bounds[1] for tile in tiles)
    step = first.transform
    shape = round((south - north) / step.e), round((east - west) / step.a)
    transform = Affine(step.a, 0.0, west, 0.0, step.e, north)
    text = vrt_text(tiles, transform, shape, first.crs)
    bounds = tuple(tile.bounds for tile in tiles)
    return Raster(text, source.name, first.crs, transform, shape, ("VRT",), first.unit_m, bounds)


def missing_part(raster: Raster, grid: Grid) -> list[Problem]:
    """Say which part of a grid lies between the tiles of a raster; nothing where it is one file or all are there."""
    if not raster.tiles:
        return []
    import shapely

    area = shapely.box(*turned(grid.bounds, grid.crs, raster.crs)).intersection(shapely.box(*raster.bounds))
    width, height = raster.transform.a, -raster.transform.e
    gaps = area.difference(shapely.union_all([shapely.box(*tile) for tile in raster.tiles]))
    wide = [
        part
        for part in shapely.get_parts(gaps)
        if np.all(np.subtract(part.bounds[2:], part.bounds[:2]) >= np.multiply(_LEAST_PIXELS, (width, height)))
    ]
    if not wide:
        return []
    largest = max(wide, key=lambda part: float(part.area))
    share = 100 * sum(float(part.area) for part in wide) / float(area.area)
    where = bounds_text(turned(largest.bounds, raster.crs, WGS84))
    more = f" and {len(wide) - 1} other parts" if len(wide) > 1 else ""
    found = f"no tile for {share:.0f} % of the area, at {where}{more}"
    remedy = "Supply the tiles that are missing; there is no signal predicted where there is no terrain."
    return [Problem(raster.name, found, "tiles that cover the area", remedy, fatal=False, kind="tiles_missing")]


def _odd(first: Raster, other: Raster) -> str | None:
    """Return in what a tile differs from the first."""
    if not (first.upright and other.upright):
        return "are turned"
    if not other.crs.equals(first.crs, ignore_axis_order=True):
        return f"are in {first.crs.name} and in {other.crs.name}"
    ours, theirs = first.transform, other.transform
    if not np.allclose((ours.a, ours.e), (theirs.a, theirs.e), rtol=1e-6, atol=0):
        return f"have pixels of {ours.a:.6g} by {-ours.e:.6g} and of {theirs.a:.6g} by {-theirs.e:.6g}"
    if first.unit_m != other.unit_m:
        return "are in different units"
    offset = np.array(~ours @ (theirs.c, theirs.f))
    aside = np.abs(offset - np.round(offset)).max()
    return f"lie {aside:.2f} of a pixel aside" if aside > _ALIGNED else None
