"""Where open data come from."""

from typing import Annotated

from pydantic import Field, field_serializer

from coverage.errors import without_password
from coverage.settings.base import CHOICE, NotNegative, Positive, Settings, setting

_Address = Annotated[str, Field(pattern=r"^https?://[^/\s]+\S*$")]


class Fetch(Settings):
    """[fetch]: where open data come from, and how the services are asked; only `coverage fetch` uses it."""

    terrain: _Address = Field(
        "https://copernicus-dem-30m.s3.amazonaws.com", description="Tiles of Copernicus DEM GLO-30."
    )
    land_cover: _Address = Field(
        "https://esa-worldcover.s3.eu-central-1.amazonaws.com/v200/2021/map",
        description="Tiles of ESA WorldCover 2021.",
    )
    population: _Address = Field(
        "https://data.worldpop.org/GIS/Population/Global_2000_2020_Constrained/2020/BSGM/VNM/"
        "vnm_ppp_2020_constrained.tif",
        description="Raster of people, WorldPop.",
    )
    boundaries: _Address = Field(
        "https://www.geoboundaries.org/api/current/gbOpen/VNM", description="Boundaries, geoBoundaries."
    )
    overpass: _Address = Field(
        "https://overpass-api.de/api/interpreter", description="OpenStreetMap, by the Overpass API."
    )
    contact: str = Field("", description="Your address (e-mail or web), which the services see and may write to.")
    margin_km: NotNegative = setting(
        20.0, "Terrain, land cover, roads, power lines and masts are fetched this far around, km.", CHOICE
    )
    pause_s: NotNegative = setting(1.0, "Between two requests to one server, s.", CHOICE)
    timeout_s: Positive = setting(60.0, "A server that says nothing for so long is given up, s.", CHOICE)
    attempts: Annotated[int, Field(ge=1, le=20)] = setting(5, "Tries without progress before giving up.", CHOICE)
    longest_wait_s: NotNegative = setting(300.0, "A server that asks for a longer wait ends the fetch, s.", CHOICE)
    overpass_timeout_s: Annotated[int, Field(ge=1, le=900)] = setting(
        180, "Time that one question to Overpass may take there, s.", CHOICE
    )

    @field_serializer("terrain", "land_cover", "population", "boundaries", "overpass", when_used="json")
    def _without_password(self, address: str) -> str:
        """Keep passwords of mirrors out of whatever is written down."""
        return without_password(address)
