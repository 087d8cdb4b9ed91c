"""What is assessed, the files that are given, and the pixels."""

import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_serializer

from coverage.errors import without_password
from coverage.settings.base import CHOICE, NotNegative, Positive, Settings, setting

_Source = Annotated[str, BeforeValidator(lambda given: given.as_posix() if isinstance(given, Path) else given)]
"""A file or folder relative to the study, `file|layername=NAME`, or a database: docs/inputs.md."""


class About(Settings):
    """[study]: what is assessed, as of when, and for whom."""

    name: str = setting("Coverage study", "Title printed on every result.", example="Phủ sóng tỉnh Sơn La 2026")
    province: str = setting("", "Name of the province, for titles and the indicators' area.", example="Sơn La")
    as_of: datetime.date | None = setting(
        None, "Date of the assessment; today where absent.", example=datetime.date(2026, 10, 1)
    )
    language: Literal["vi", "en"] = setting("vi", "Language of papers and map.")
    out: Path = setting(Path("maps"), "Where results go, relative to the study.")
    source: str = setting("", "Who supplied the data; printed with the results.", example="Sở Khoa học và Công nghệ")


class LayerPaths(Settings):
    """[layers]: files relative to the study, rasters also in several tiles; those without a default are optional."""

    communes: _Source = Field(description="Polygons of the communes.")
    villages: _Source = Field(description="Villages: a table with coordinates, or points.")
    sites: _Source = Field(description="Cells of the masts, a row each: a table with coordinates, or points.")
    terrain: _Source | tuple[_Source, ...] = Field(description="Raster of heights above sea level, m.")
    housing: _Source | None = setting(None, "Where households live; without it every home is at the centre.")
    buildings: _Source | None = setting(None, "Buildings, where there is no housing: each is given to a village.")
    population: _Source | tuple[_Source, ...] | None = setting(
        None, "Raster of people per pixel, where there are no buildings: shared out to the villages."
    )
    village_areas: _Source | None = setting(
        None, "Polygons of villages: which buildings and people are theirs, and where they live without either."
    )
    fiber_routes: _Source | None = setting(None, "Lines of fiber; without routes and nodes fiber is not assessed.")
    fiber_nodes: _Source | None = setting(None, "Points where fiber can be tapped.")
    roads: _Source | None = setting(None, "Lines of roads; without them distances are straight lines.")
    power_lines: _Source | None = setting(None, "Lines of the grid; without them the power of a new site has no price.")
    rivers: _Source | None = setting(None, "Lines of rivers, for the map alone.")
    candidates: _Source | None = setting(None, "Positions of your own, ranked beside the proposed ones.")
    proposals: _Source | None = setting(None, "Positions settled on: a ranking takes them as built first.")
    land_cover: _Source | tuple[_Source, ...] | None = setting(
        None, "Raster of ESA WorldCover codes: trees and houses, which p1812 adds to the terrain."
    )
    crosswalk: _Source | None = setting(None, "Communes before and since 1 July 2025; absent: the whole country's.")
    official: _Source | None = setting(None, "The official list, to be compared with; it changes no status.")
    measurements: _Source | None = setting(None, "Measured levels: read by coverage calibrate alone.")
    published_shares: _Source | None = setting(None, "Published shares of coverage: read by coverage calibrate alone.")
    antennas: _Source | None = setting(
        None, "Folder of antenna patterns (.msi, .pln), which the column `antenna` of the sites names."
    )

    def given(self) -> dict[str, str | tuple[str, ...]]:
        """Return layer name -> what the study names for it, of the layers that it names."""
        return {name: source for name, source in self if source is not None}

    @field_serializer("*", when_used="json")
    def _without_password(self, source: Any) -> Any:
        """Keep passwords of databases out of whatever is written down."""
        return without_password(source) if isinstance(source, str) else source


class GridSettings(Settings):
    """[grid]: the pixels of every raster."""

    crs: str | None = setting(
        None, "Projected CRS in metres; the terrain's, else its UTM zone, where absent.", example="EPSG:9206"
    )
    cell_m: Positive | None = setting(None, "Side of a pixel, m; the terrain's own where absent.", example=90.0)
    fill_voids_m: NotNegative = setting(
        0.0, "Voids inside the terrain up to this wide and high are interpolated, m; 0 leaves them.", CHOICE
    )
