"""Columns of coordinates as people write them, and two columns swapped."""

import pandas as pd

from coverage.layers.position.angles import (
    BEYOND,
    EASTING_M,
    NORTHING_M,
    VIETNAM_LAT,
    VIETNAM_LON,
    ZONES,
    degrees_of,
    metres_of,
    pair_of,
)


def to_degrees(raw: pd.Series) -> tuple[pd.Series, pd.Series]:
    """
    Read a column of longitudes or latitudes.

    Parameters
    ----------
    raw
        Decimal degrees with a point or a comma, or degrees, minutes and seconds with or without a hemisphere.

    Returns
    -------
    tuple[Series, Series]
        float64 degrees, NaN where empty; and a mask of cells that hold no angle.
    """
    if pd.api.types.is_float_dtype(raw.dtype):
        usable = raw.abs().lt(BEYOND) | raw.isna()
        return raw.where(usable), ~usable
    cells = [degrees_of(value) for value in raw]
    degrees = pd.Series([value for value, _ in cells], index=raw.index, dtype="float64")
    return degrees, pd.Series([not understood for _, understood in cells], index=raw.index, dtype=bool)


def to_pair(raw: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """
    Read a column whose cells hold both coordinates, in either order.

    Parameters
    ----------
    raw
        Two angles a cell, such as `21.327, 103.914` or `21°19'37"N 103°54'50"E`.

    Returns
    -------
    tuple[Series, Series, Series]
        Longitude and latitude in degrees, NaN where empty; and a mask of cells that cannot be read in exactly one way.
        Which is which is told by the hemisphere, else by the ranges of Vietnam, which do not overlap.
    """
    cells = [pair_of(value) for value in raw]
    lon, lat, understood = zip(*cells, strict=True) if cells else ((), (), ())
    bad = ~pd.Series(understood, index=raw.index, dtype=bool)
    return pd.Series(lon, index=raw.index, dtype="float64"), pd.Series(lat, index=raw.index, dtype="float64"), bad


def to_metres(raw: pd.Series) -> tuple[pd.Series, pd.Series]:
    """
    Read a column of eastings or northings.

    Parameters
    ----------
    raw
        Metres such as `2359155.24`, `2.359.155,24`, `490 883,05` or `490.883`, which no easting but 490883 can mean.

    Returns
    -------
    tuple[Series, Series]
        float64 metres, NaN where empty; and a mask of cells that hold no such number.
    """
    cells = [metres_of(value) for value in raw]
    metres = pd.Series([value for value, _ in cells], index=raw.index, dtype="float64")
    return metres, pd.Series([not understood for _, understood in cells], index=raw.index, dtype=bool)


def swapped(lon: pd.Series, lat: pd.Series) -> pd.Series:
    """Return a mask of points whose two numbers only make sense, in Vietnam, the other way round."""
    return lon.between(*VIETNAM_LAT) & lat.between(*VIETNAM_LON)


def axes_swapped_metres(easting: pd.Series, northing: pd.Series) -> pd.Series:
    """Return a mask of points whose easting is a northing and the reverse, as where X points north."""
    across = northing.between(*EASTING_M) | zone_in_front(northing).notna()
    return easting.between(*NORTHING_M, inclusive="right") & across


def zone_in_front(easting: pd.Series) -> pd.Series:
    """Return the number of the zone that stands before an easting (48 of 48490883), NA where none does."""
    zone = easting // 1_000_000
    found = zone.isin(ZONES) & (easting % 1_000_000).between(*EASTING_M)
    return zone.where(found).astype("Int64")
