"""The pages of the layers: what a planner may give, from coverage/columns and coverage/settings."""

import re
from collections.abc import Iterator

from coverage.columns.inputs import INPUTS
from coverage.columns.schema import Column, Table
from coverage.outputs.study_folder import TEMPLATES
from coverage.settings.layers import LayerPaths
from pages.common import written_by

HEAD = """\
# Inputs

{written}

Each layer is a file named under `[layers]` in `coverage.toml`; `communes`, `villages`, `sites` and `terrain` are
needed, the others are optional. `coverage check` reads them all and lists every problem with file, row, what was found,
what was expected and what to do; `--workbook FILE.xlsx` writes them into a copy of the tables, to be sent back to who
supplied them. `coverage init DIR` makes a workbook to fill in for each layer that may be a table.

- **Files.** GeoPackage, GeoJSON, FlatGeobuf, GML, GPX, KML and KMZ, FileGDB, shapefile (also zipped), DBF, MapInfo
  TAB and MIF, GeoParquet and whatever else GDAL opens; XLSX, XLSM, XLS, XLSB and ODS (values, never formulas); CSV,
  TSV and TXT (delimiter and encoding found). The row of headings is found: titles may stand above it, it may be in
  two rows, and a row that counts the columns may follow. Layers of points may be tables with `lon` and `lat`; lines
  and polygons need shapes. In a file of several layers, the one with our name counts, else the only one of our kind
  of shape; or name it, as QGIS does: `villages = "data/all.gpkg|layername=thon_ban"` (also for the sheet of a
  spreadsheet). The folders of Google Earth come as one, with the data and the two-column tables of their descriptions
  as columns.
- **Rasters** may come in tiles: `terrain = "data/terrain/*.hgt"`, a folder, or a list of files, all of one reference
  system and one size of pixel, in line. An area without a tile has no value, and that is reported.
- **Databases.** `villages = "postgresql://user@host/db#schema.table"`, or `#SELECT …`; needs
  `pip install 'coverage-planner[postgis]'` and `--allow-outside`. A password is better kept in `~/.pgpass`; none is
  ever printed or recorded.
- **A study from a stranger** is read within its folder only: paths and links that lead out, addresses, files that name
  other files, archives that unpack to more than 1 GB and the like are refused. `--allow-outside` (for `check` and
  `analyze`) lifts this for a study you trust, but for the limits of size.
- **Headings.** Case, accents and punctuation do not count: `Tên thôn/bản` is `TEN_THON_BAN`. Our own name comes before
  the printed headings, those before the other accepted ones. Two headings for one column are an error; say which one is
  meant, or name any other heading, in `coverage.toml`:
  `[columns.villages]` `name = "Tên gọi"`. Columns we do not know are left alone.
- **Coordinate reference system.** A vector file brings its own; where it carries none, `[crs]` in `coverage.toml`
  names it (`communes = "EPSG:9206"`). Tables are in degrees (WGS 84) unless `[crs]` says otherwise. Points in metres
  without a system are tried in every zone of VN-2000 and UTM, either axis first: the one that puts at least 80 % of
  the rows into the commune they declare, and clearly more than any other, is taken and reported with its share;
  otherwise the run stops and lists the shares. Hanoi-72 is refused, and so is a system whose datum is not known.
- **Coordinates.** `103.914`, `103,914`, `103°54'50,4"`, `103 độ 54 phút`, with or without a hemisphere; both in one
  column headed `Tọa độ`; metres with or without marks between thousands. Longitude and latitude that only make sense in
  Vietnam the other way round are turned and reported, and so are northings in the place of eastings.
- **Text.** Vietnamese in TCVN3 (ABC fonts), VNI, VISCII, cp1258, or UTF-8 that was read as something else is recognised
  column by column, mended and reported; right text is never touched.
- **Numbers** with a decimal point or comma. **Yes/no**: có/không, yes/no, 1/0, true/false, x or nothing.
- **Codes** are text of 5 digits. A column of numbers that lost its leading zero gets it back, and that is reported.
- **Merged cells.** A commune or district in a merged cell of a spreadsheet is read for every row that the cell covers.
- **Communes before and since 1 July 2025.** Codes and names were used again for other communes then. A village declared
  in a commune of before, by code or by name, is placed in today's by the crosswalk (the whole country's, or the layer
  `crosswalk`), and the share of such rows is reported. Where a commune was divided, or two districts had one of that
  name, the former district or the village's point decides; a code with the name of another commune is an error.
- **Empty.** A *needed* column must be there and filled in every row; any other may be missing or have empty cells. For
  `sites`, a missing column of frequency, bandwidth, EIRP or height is filled from the study; single empty cells are an
  error unless `fill_missing = true`. A cell without azimuth radiates all around.
"""

TERRAIN = """\
A raster of one band: heights above sea level in metres, in whatever GDAL opens, with a reference system and with
voids declared as nodata (or NaN). Heights whose unit says feet become metres, which is reported. The grid of every
result follows it: `[grid] crs`, else the terrain's CRS where that is in metres, else the UTM zone of its centre;
`[grid] cell_m`, else the terrain's own resolution. Terrain that already lies on that grid keeps its pixels; otherwise
it is interpolated (bilinear; where it is finer than the grid, all pixels of a cell weigh in), each pixel at its exact
place, and a void is never blended into its neighbours. The grid reaches 20 km beyond villages, housing and sites, as
far as there is terrain. Rasters are read strip by strip, and one of more than 16 million pixels is kept in a
temporary file, so that a larger area takes more disk rather than more memory; where `/tmp` itself lies in memory, set
`TMPDIR` to a folder on a disk.
"""

LAND_COVER = """\
A raster of one band: codes of ESA WorldCover (10 trees, 20 shrubs, 30 grass, 40 crops, 50 built-up, 60 bare,
70 snow, 80 water, 90 wetland, 95 mangroves, 100 moss), in whatever GDAL opens and any reference system. Each pixel of
the grid takes the class at its centre. Trees then stand 15 m high and built-up land 10 m
([clutter](../models/p2108.md#land-cover)), or as high as `[radio] clutter_m = { 10 = 20.0, 50 = 6.0 }` says, which may
name codes of your own, 1 to 255. Pixels without a class or with an unknown one count as open ground, and
`coverage check` says how many. It counts in model `p1812` alone.
"""

POPULATION = """\
A raster of one band: the number of people in each pixel (WorldPop, GHS-POP and the like; not people per
km²), in whatever GDAL opens, in tiles too, in any reference system, north up. Voids are nodata or NaN; a value below 0
counts as one and is reported. Its pixels are summed and never interpolated, commune by commune: a pixel on a border
counts in each commune with the share of it that lies there (exactextract), and the people of a commune are shared out
to its villages ([definitions](../definitions.md#where-households-live)). Memory grows with the pixels that have people
in them, by some 50 bytes each.
"""

AREAS = {
    "housing": "A polygon counts at a point inside it.",
    "measurements": """\
Only `coverage calibrate` reads them ([calibration](../calibration.md)), from the file that its command line names or
from this layer. `technology` may be left out where the heading of the level says it (RSRP, SS-RSRP, RSCP, RxLev). A
cell or site that is named must be one of the sites; a row that names none is compared with the best server of its
operator.""",
    "published_shares": """\
Only `coverage calibrate --shares` reads them ([calibration](../calibration.md)). Without an operator a share is that
of any operator.""",
    "buildings": """\
A polygon counts at a point inside it. Each belongs to the village whose area holds it, else to the
nearest of its commune within `[places] building_m`; an empty number of households counts as one.""",
    "village_areas": """\
Each is of the village of its `village_id`; without one, of that of its name in the commune it declares; without a
name, or where several have it, of the one whose point it holds. Where this layer is not given and the villages are
polygons, those are their areas.""",
}
"""What is said of shapes beside their kind."""

OFFICIAL = """\
The list of villages without coverage that a Department or the Ministry keeps; `--official FILE` (for `analyze` and
`check`) takes another one, wherever it lies. It is only compared with the results ([definitions](../definitions.md)):
no status depends on it, and no faulty row of it stops a run. Names may lack their accents. A commune may stand in
every row, in a merged cell over its villages, in a row of its own above them (`II. Xã Chiềng Lao`), or in the first
of their rows where that is sure: every commune is written once, and most rows are empty. `status` is read from the
words in use: *trắng sóng*, *không có sóng*; *lõm sóng*, *sóng yếu*; *đã phủ sóng*, *có sóng*; or `dead`, `weak`,
`covered`. Without that column every village on the list is dead.
"""

RASTERS = {"terrain": TERRAIN, "land_cover": LAND_COVER, "population": POPULATION}
ANTENNAS = """\
A folder of Planet files (`.msi`, `.pln`), one measured pattern each. The column `antenna` of [sites](sites.md) names
one, with or without its ending; what a pattern then decides: [antennas](../models/link_budget.md#antennas).
"""

GEOMETRY = {
    "point": "points: a vector file, or a table with `lon` and `lat`",
    "line": "lines: a vector file",
    "polygon": "polygons: a vector file",
    None: "a table",
}
PLACED_OR_NOT = "a table, with `lon` and `lat` or without, or points in a vector file"
KINDS = {"text": "text", "integer": "whole number", "number": "number", "flag": "yes/no"}


def pages() -> dict[str, str]:
    """Return path below docs/ -> its text."""
    found = {"inputs.md": HEAD.format(written=written_by("coverage/columns and coverage/settings")) + "\n" + overview()}
    for name in LayerPaths.model_fields:
        found[f"layers/{name}.md"] = page(name)
    return found


def overview() -> str:
    """Return the table of all layers."""
    rows = [
        f"| [`{name}`](layers/{name}.md) | {setting.description} | {'needed' if setting.is_required() else ''} "
        f"| {'yes' if name in TEMPLATES else ''} |"
        for name, setting in LayerPaths.model_fields.items()
    ]
    head = ("## Layers", "", "| layer | what it is | | workbook to fill in |", "|---|---|---|---|")
    return "\n".join([*head, *rows, ""])


def page(name: str) -> str:
    """Return the page of one layer."""
    setting = LayerPaths.model_fields[name]
    needed = "Needed" if setting.is_required() else "Optional"
    lines = [
        f"# Layer `{name}`",
        "",
        written_by("coverage/columns and coverage/settings"),
        "",
        f"{needed}. {setting.description}",
        "",
    ]
    if name in INPUTS:
        lines += list(section(INPUTS[name]))
    lines += [RASTERS.get(name, ""), ANTENNAS if name == "antennas" else ""]
    lines += ["What holds for every layer (formats, headings, coordinates, codes): [inputs](../inputs.md).", ""]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines))


def section(table: Table) -> Iterator[str]:
    """Yield what one table may hold."""
    shape = GEOMETRY[table.geometry] if table.placed else PLACED_OR_NOT
    yield f"{shape[0].upper()}{shape[1:]}. {AREAS.get(table.name, '')}".strip()
    if table.name in TEMPLATES:
        yield ""
        yield "`coverage init` makes a workbook to fill in, with these headings and notes on every column."
    yield from ("", "| column | holds | unit | needed | heading | Vietnamese heading | also accepted |")
    yield "|---|---|---|---|---|---|---|"
    yield from (row(table, column) for column in table.columns)
    yield from ("", OFFICIAL if table.name == "official" else "")


def row(table: Table, column: Column) -> str:
    """Return one column as a row."""
    needed = "yes" if column.required else "in a table" if column.name in ("lon", "lat") and table.placed else ""
    if column.name == table.key and not column.required:
        needed = "made if absent"
    others = ", ".join(dict.fromkeys(column.aliases))
    return f"| `{column.name}` | {holds(column)} | {column.unit} | {needed} | {column.en} | {column.vi} | {others} |"


def holds(column: Column) -> str:
    """Return what a column may hold."""
    if column.values:
        return " · ".join(f"`{value}`" for value in column.values)
    if column.pattern:
        return "text of 5 digits"
    low, high = column.minimum, column.maximum
    limits = f" {low:g}…{high:g}" if low is not None and high is not None else f" ≥ {low:g}" if low is not None else ""
    return KINDS[column.kind] + limits
