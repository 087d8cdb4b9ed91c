"""Technologies, the propagation model, and what measurements add to it."""

import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from coverage.columns.words import TECHNOLOGIES
from coverage.settings.base import CHOICE, PRACTICE, PUBLISHED, Finite, NotNegative, Positive, Settings, setting

Offset = Annotated[float, Field(ge=-40, le=40)]
"""dB; more is no error of a model but a fault in the data."""
CLUTTER = ("unknown", "water", "open", "suburban", "urban_trees", "dense_urban")
"""What stands around a receiver: the categories of P.1812-8, table 2, and none of them."""


class Technology(Settings):
    """[technologies.*]: what a cell without a value of its own is given, and how long it is in service."""

    freq_mhz: Positive = setting(..., "Carrier, MHz.", PRACTICE)
    bandwidth_mhz: Positive = setting(..., "Channel, MHz.", PRACTICE)
    eirp_dbm: Finite = setting(..., "EIRP of the whole carrier per sector, dBm.", PRACTICE)
    max_radius_km: Positive = setting(..., "No prediction beyond, km.", PRACTICE)
    switch_off: datetime.date | None = setting(None, "Last day of service; does not count after it.", PUBLISHED)


def default_technologies() -> dict[str, Technology]:
    """Return what is taken of every technology where a study says nothing."""
    # EIRP, radii: engineering practice. 2G/3G dates: the published sunset.
    row = Technology.model_construct
    return {
        "2g": row(freq_mhz=900.0, bandwidth_mhz=0.2, eirp_dbm=57.0, max_radius_km=20.0,
                  switch_off=datetime.date(2026, 9, 15)),
        "3g": row(freq_mhz=2100.0, bandwidth_mhz=5.0, eirp_dbm=57.0, max_radius_km=15.0,
                  switch_off=datetime.date(2028, 9, 30)),
        "4g": row(freq_mhz=1800.0, bandwidth_mhz=10.0, eirp_dbm=62.0, max_radius_km=15.0,
                  switch_off=None),
        "5g": row(freq_mhz=3700.0, bandwidth_mhz=100.0, eirp_dbm=76.0, max_radius_km=10.0,
                  switch_off=None),
    }  # fmt: skip


class TechnologyCalibration(Settings):
    """[radio.calibration.technologies.*]: what is added to the levels of a technology, and what says so."""

    offset_db: Offset = Field(description="Added to the level where clutter_db says nothing else, dB.")
    clutter_db: dict[str, Offset] = Field(
        default_factory=dict, description="Added in its place where such stands around the receiver (P.1812), dB."
    )
    slope_db: Annotated[float, Field(ge=-40, le=40)] = Field(0.0, description="Added per decade of distance, dB.")
    centre_km: Positive = Field(1.0, description="Distance at which the slope adds nothing, km.")
    from_km: Positive = Field(0.001, description="Nearer, the slope goes no further, km.")
    to_km: Positive = Field(1000.0, description="Farther, the slope goes no further, km.")
    evidence: dict[str, Any] = Field(default_factory=dict, description="What the figures rest on; changes nothing.")

    @model_validator(mode="after")
    def _known_clutter(self) -> Self:
        unknown = sorted(set(self.clutter_db) - set(CLUTTER))
        if unknown:
            raise ValueError(f"clutter_db.{unknown[0]} is unknown; one of {', '.join(CLUTTER)} is expected")
        return self


class Calibration(Settings):
    """[radio.calibration]: what measurements or published shares add to the levels; coverage calibrate writes it."""

    kind: Literal["measurements", "published_shares"] = Field(description="What it was fitted to.")
    model: str = Field(description="The propagation model that it corrects; no other may be used with it.")
    land_cover: bool = Field(description="Whether that model saw a layer of land cover; the study must then have one.")
    evidence: dict[str, Any] = Field(default_factory=dict, description="Where it comes from; changes nothing.")
    technologies: dict[str, TechnologyCalibration] = Field(description="2g to 5g; one that is absent stays as it is.")

    @model_validator(mode="after")
    def _known_technologies(self) -> Self:
        unknown = sorted(set(self.technologies) - set(TECHNOLOGIES))
        if unknown:
            raise ValueError(f"technologies.{unknown[0]} is unknown; one of {', '.join(TECHNOLOGIES)} is expected")
        return self


class Radio(Settings):
    """[radio]: the propagation model and what it needs."""

    model: Literal["p1812", "itm", "hata", "cost231", "tr38901_rma", "tr38901_uma", "free_space"] = setting(
        "p1812", "Propagation model; docs/models.md says where each of them holds."
    )
    environment: Literal["open", "suburban", "urban"] = setting(
        "suburban", "Surroundings for hata and cost231; suburban is known to both, and open flatters hills."
    )
    clutter_m: dict[Annotated[int, Field(ge=1, le=255)], NotNegative] = Field(
        default_factory=dict,
        description="Code of land_cover = height of trees or houses, m, in place of P.1812-8 table 2; for p1812.",
        examples=[{10: 20.0, 50: 6.0}],
    )
    building: Literal["none", "traditional", "thermally_efficient"] = setting(
        "none", "Levels inside such buildings, at the ground floor, by P.2109; none: outdoors."
    )
    rx_height_m: Positive = setting(1.5, "Receiver above ground, m: outdoors in the hand.", PRACTICE)
    time_percent: Annotated[float, Field(ge=1, le=50)] = setting(
        50.0, "Loss not exceeded for this share of time, %; 50 is the median.", CHOICE
    )
    location_percent: Annotated[float, Field(ge=1, le=99)] = setting(
        50.0, "Share of places within a pixel that have at least the level, %; 50 is the median.", CHOICE
    )
    location_sigma_db: NotNegative = setting(
        5.5, "Spread of the level between places within a pixel, dB.", "ITU-R P.1812, table 6, rural"
    )
    delta_n: Positive = setting(50.0, "Refractivity lapse in the first km, N-units; northern Vietnam.", PRACTICE)
    n0: Positive = setting(350.0, "Sea-level refractivity, N-units; northern Vietnam.", PRACTICE)
    antenna_height_m: Positive = setting(33.0, "Antenna above ground where unknown, m.", PRACTICE)
    beamwidth_deg: Positive = setting(65.0, "Horizontal half-power beam of a sector, degrees.", "3GPP TR 36.942")
    vertical_beamwidth_deg: Positive = setting(10.0, "Vertical half-power beam, degrees.", "3GPP TR 36.814")
    calibration: Calibration | None = Field(
        None, description="File of coverage calibrate, or its table [radio.calibration] itself: added to every level."
    )

    @model_validator(mode="after")
    def _known_surroundings(self) -> Self:
        if self.model == "cost231" and self.environment == "open":
            raise ValueError("environment = 'open' is unknown to cost231; suburban or urban is expected")
        if self.calibration is not None and self.calibration.model != self.model:
            raise ValueError(
                f"the calibration is of the model {self.calibration.model!r}, not of {self.model!r}; use that model, "
                "or calibrate anew"
            )
        return self
