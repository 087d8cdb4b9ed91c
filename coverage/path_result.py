"""What is known of one radio path: its ends, the ground between them, its losses, its link. No logic, only shape."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coverage.grid import Grid

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SiteCell:
    """A cell of a site as a study's layer has it, complete."""

    cell_id: str
    operator: str
    technology: str
    freq_mhz: float
    bandwidth_mhz: float
    eirp_dbm: float
    height_m: float
    azimuth_deg: float = math.nan
    """NaN where it radiates all around."""
    tilt_deg: float = math.nan
    beamwidth_deg: float = math.nan
    antenna: str | None = None
    """Name of its pattern file."""


@dataclass(frozen=True)
class Place:
    """An end of a path before the ground is known: a point, a site with its cells, or a village."""

    label: str
    """As it was asked for, or the name of the village."""
    kind: Literal["point", "site", "village"]
    lon: float
    """WGS 84, degrees."""
    lat: float
    height_m: float | None = None
    """Above ground, where one was asked for."""
    cells: tuple[SiteCell, ...] = ()
    notes: tuple[str, ...] = ()
    """What was read in another way than it was written."""


@dataclass(frozen=True)
class PathGround:
    """The part of a study's terrain that a path lies on."""

    file: str
    """As the study names it, for messages."""
    grid: Grid
    terrain_m: NDArray[np.float32]
    land_cover: NDArray[np.uint8] | None
    """Codes of ESA WorldCover; None where the study has none."""
    reach: str
    """Where the whole terrain lies, for messages."""


@dataclass(frozen=True)
class End:
    """An end of a path, on its ground."""

    label: str
    kind: Literal["point", "site", "village"]
    lon: float
    lat: float
    ground_m: float
    """Above sea level."""
    height_m: float
    """Antenna above ground."""
    height_from: str
    """What says so: `given`, `site`, or the name of a setting."""
    azimuth_deg: float
    """Towards the other end, clockwise from north."""
    elevation_deg: float
    """Of the other antenna above the horizontal, on the effective Earth."""


@dataclass(frozen=True)
class Profile:
    """The ground along a path; arrays of one entry per point, the ends included."""

    distance_km: Floats
    ground_m: Floats
    """Above sea level."""
    cover_m: Floats | None
    """Trees and houses above it; None where the study has no land cover."""
    ray_m: Floats
    """Straight ray, less the bulge of the Earth: what stands higher than this is in its way."""
    fresnel_m: Floats
    """Radius of the first Fresnel zone; 0 at the ends."""

    @property
    def top_m(self) -> Floats:
        """Ground with what stands on it between the ends."""
        if self.cover_m is None:
            return self.ground_m
        top = self.ground_m + self.cover_m
        top[[0, -1]] = self.ground_m[[0, -1]]
        return top


@dataclass(frozen=True)
class InZone:
    """A stretch of a path on which something stands in the first Fresnel zone."""

    from_km: float
    to_km: float
    worst_km: float
    """Where it stands deepest."""
    depth_m: float
    """How far into the zone, from below."""
    room_m: float
    """Between the ray and it; below 0 it blocks the ray."""
    room_f1: float
    """The same in radii of the zone."""


@dataclass(frozen=True)
class Horizon:
    """What an end sees farthest in the direction of the other, over bare ground."""

    distance_km: float
    """From that end."""
    ground_m: float
    elevation_mrad: float


@dataclass(frozen=True)
class PathLink:
    """The link budget of a path, down to the phone and back."""

    station: Literal[0, 1]
    """Which end sends: 0 or 1."""
    cell: SiteCell
    cell_from: str
    """`site`, or the settings where no site stands there."""
    reference_dbm: float
    """EIRP of what a phone measures."""
    pattern_db: float
    """What the antenna radiates less towards the other end than at its strongest, dB, 0 or more."""
    aside_db: float
    """Of it because the beam points aside; NaN for a measured pattern."""
    tilt_db: float
    """Of it because the beam points above or below; NaN for a measured pattern."""
    model: str
    """Of the study; gives `loss_db`."""
    loss_db: float
    """Outdoors, between isotropic antennas."""
    entry_db: float
    """For getting into a building, where the study asks for levels indoors."""
    level_dbm: float
    """What the phone measures."""
    good_dbm: float
    weak_dbm: float
    signal: Literal["good", "weak", "none"]
    phone_dbm: float
    station_gain_dbi: float
    """Of the station's antenna at its strongest, cables taken off."""
    sensitivity_dbm: float
    uplink_dbm: float
    """At the station's receiver."""

    @property
    def margin_db(self) -> float:
        """Level above that of a weak signal."""
        return self.level_dbm - self.weak_dbm

    @property
    def uplink_margin_db(self) -> float:
        """Level above the weakest that the station must understand."""
        return self.uplink_dbm - self.sensitivity_dbm


@dataclass(frozen=True)
class Clearance:
    """How clear a hop is under one bend of the air, and how high its antennas would have to be."""

    k: float
    asked_f1: float
    """Free share of the first Fresnel zone that is asked for."""
    least_f1: float
    at_km: float
    """Where the zone is least clear."""
    heights_both_m: tuple[float, float]
    """Antennas above ground that are needed, both raised (or lowered) by as much."""
    height_first_m: float
    """The first alone."""
    height_second_m: float
    """The second alone."""

    @property
    def kept(self) -> bool:
        """Whether as much is free as is asked for."""
        return self.least_f1 >= self.asked_f1


@dataclass(frozen=True)
class PathHop:
    """A microwave hop: whether it keeps clear, and what it loses in free space."""

    clearances: tuple[Clearance, ...]
    """Those a hop needs, then the stricter one of long hops in the tropics."""
    clear: bool
    """Whether it keeps the first two, as `coverage rank` asks of hops."""
    free_space_db: float


@dataclass(frozen=True)
class OnePath:
    """One radio path."""

    ends: tuple[End, End]
    freq_mhz: float
    k: float
    """Effective radius of the Earth over its own."""
    profile: Profile
    in_zone: tuple[InZone, ...]
    horizons: tuple[Horizon, Horizon]
    in_sight: bool
    """Whether the bare ground lets the ends see each other."""
    terms: Mapping[str, float] | None
    """Of ITU-R P.1812-8, by their symbols; None for a hop."""
    cover_db: float | None
    """What trees and houses add to the loss; None without land cover or terms."""
    location_sigma_db: float
    time_percent: float
    location_percent: float
    link: PathLink | None
    hop: PathHop | None
    notes: tuple[str, ...] = ()

    @property
    def length_km(self) -> float:
        """Between the ends, along the ground."""
        return float(self.profile.distance_km[-1])
