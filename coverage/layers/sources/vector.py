"""Any vector or table source -> its rows as they were written, before anyone asks what they mean."""

from dataclasses import replace

from coverage.columns.inputs import INPUTS
from coverage.columns.schema import Table
from coverage.layers.headings import known
from coverage.layers.sources import database
from coverage.layers.sources.delimited import read_delimited, read_long
from coverage.layers.sources.features import from_frame, read_features
from coverage.layers.sources.files import Source
from coverage.layers.sources.parquet import read_parquet
from coverage.layers.sources.raw_table import RawTable
from coverage.layers.sources.sheets import read_sheets

__all__ = ["RawTable", "read_vector"]

_DELIMITED = frozenset({".csv", ".tsv", ".txt"})
_SHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_PARQUET = frozenset({".parquet", ".geoparquet"})


def read_vector(source: Source, *, layer: str, headings: set[str]) -> RawTable:
    """
    Read a source of rows.

    Parameters
    ----------
    source
        CSV or TSV in any delimiter and encoding, a spreadsheet, anything that GDAL opens, GeoParquet, or a database.
    layer
        Our name of the layer: chosen among several in one file.
    headings
        Folded headings that are known, by which the row of headings, the delimiter and the sheet are found.

    Returns
    -------
    RawTable
        Rows without those that are wholly empty.

    Raises
    ------
    LayerError
        The source cannot be opened or read as what its ending says it is.
    """
    name, kind = source.name, INPUTS[layer].geometry
    if source.database:
        return from_frame(database.read_rows(source.address or "", name), form="PostgreSQL")
    if source.address is not None:
        return read_features(source.address, name=name, layer=layer, kind=kind, part=source.part)
    path = source.files[0]
    suffix = path.suffix.lower()
    if suffix in _DELIMITED:
        if INPUTS[layer].long:
            return read_long(path, name=name, headings=headings, texts=known(_texts(INPUTS[layer]), {}))
        return read_delimited(path, name=name, headings=headings)
    if suffix in _SHEETS:
        return read_sheets(path, name=name, headings=headings, sheet=source.part)
    if suffix in _PARQUET:
        return read_parquet(path, name=name)
    return read_features(path, name=name, layer=layer, kind=kind, part=source.part)


def _texts(table: Table) -> Table:
    """Return the columns of a table that hold text."""
    return replace(table, geometry=None, columns=tuple(column for column in table.columns if column.kind == "text"))
