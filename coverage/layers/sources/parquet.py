"""GeoParquet, and plain Parquet tables."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.lib
import pyarrow.parquet
from pyproj.exceptions import CRSError

from coverage.errors import refuse
from coverage.layers.sources.features import from_frame
from coverage.layers.sources.raw_table import MOST_ROWS, RawTable, hold_columns, one_line

_MOST_BYTES = 2_000_000_000


def read_parquet(path: Path, *, name: str) -> RawTable:
    """
    Read a Parquet file, with its shapes where it is GeoParquet.

    Raises
    ------
    LayerError
        It is damaged, or larger than can be held.
    """
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            about = file.metadata
            size = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
            shapes = b"geo" in (about.metadata or {})
            rows = about.num_rows
            hold_columns(about.num_columns, name)
            if rows <= MOST_ROWS and size <= _MOST_BYTES:
                for i in range(about.num_row_groups):
                    file.read_row_group(i).validate(full=True)  # text that is none would fail cell by cell
        if rows > MOST_ROWS or size > _MOST_BYTES:
            found = f"{rows:,} rows, {size / 1e6:,.0f} MB unpacked"
            expected = f"at most {MOST_ROWS:,} rows and {_MOST_BYTES / 1e6:,.0f} MB"
            raise refuse(name, found, expected, "Supply the rows of this study alone.", kind="too_large")
        frame = gpd.read_parquet(path) if shapes else pd.read_parquet(path)
    except (pyarrow.lib.ArrowException, OSError, ValueError, KeyError, TypeError, CRSError) as error:
        found = f"a file that cannot be read ({one_line(error)})"
        raise refuse(name, found, "a Parquet file", "It may be cut short; supply it again.") from None
    return from_frame(frame, form="GeoParquet" if shapes else "Parquet")
