"""One radio path from end to end: two texts and a study -> what is known of the path -> its files. Knows every room."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from coverage.errors import CoverageError
from coverage.layers.position.one_place import read_position, split_height
from coverage.layers.under_path import ground_under
from coverage.outputs.path.files import check_files
from coverage.outputs.path.files import write_files as write_files
from coverage.path_result import (
    End,
    InZone,
    OnePath,
    PathGround,
    PathHop,
    PathLink,
    Place,
    Profile,
    SiteCell,
)
from coverage.radio.antenna import Pattern
from coverage.radio.fresnel import EARTH_M, MEDIAN_K, obstructions, ray_over
from coverage.signal.hop import hop_of
from coverage.signal.link import Phone, link_budget, pattern_loss_db, terms_of
from coverage.signal.profile import Line, end_of, horizons_of, line_between, median_k, profile_of
from coverage.study import Study

if TYPE_CHECKING:
    from coverage.radio.models import Model

_HOP_RANGE_MHZ = (1_000.0, 100_000.0)


@dataclass(frozen=True)
class Asked:
    """What is asked about a path, beside its ends."""

    freq_mhz: float | None = None
    """Carrier; that of the cell, else of the technology, where None."""
    time_percent: float | None = None
    """In place of the study's."""
    operator: str | None = None
    technology: str | None = None
    """Of the cell at a site, and of what is assumed where no site stands."""
    metres_in: str | None = None
    """Reference system of ends in metres."""
    hop: bool = False
    """Whether it is a microwave hop."""
    phone: Phone = field(default_factory=Phone)


def one_path(study: Study, first: str, second: str, asked: Asked | None = None) -> OnePath:
    """
    Evaluate one radio path.

    Parameters
    ----------
    study
        Terrain, land cover, propagation and thresholds.
    first, second
        Its ends: `longitude,latitude,height`, or the id of a site, a cell or a village, which a height may follow.
        The station stands at the first end, unless only the second is a site.
    asked
        Carrier, cell, hop; the study's settings where absent.

    Returns
    -------
    OnePath
        Profile, obstructions, horizons, the terms of P.1812, and the link or the hop.

    Raises
    ------
    CoverageError
        An end that is nowhere, in a void, unknown, or the same as the other; a file that cannot be used.
    ModelRangeError
        A frequency, height, length or percentage out of a model's range.
    """
    asked = asked or Asked()
    if asked.time_percent is not None:
        study = study.model_copy(update={"radio": study.radio.model_copy(update={"time_percent": asked.time_percent})})
    places = _place(study, first, asked), _place(study, second, asked)
    notes = (*places[0].notes, *places[1].notes)
    if asked.hop:
        return replace(_hop(study, places, asked), notes=notes)
    return replace(_link(study, places, asked), notes=notes)


def _place(study: Study, text: str, asked: Asked) -> Place:
    stated = study.crs.get("sites") or study.crs.get("villages") or study.grid.crs
    position = read_position(text, metres_in=asked.metres_in or stated)
    if position is not None:
        return Place(text, "point", position.lon, position.lat, position.height_m, notes=position.notes)
    from coverage.layers.lookup import find_place  # positions, which are asked for most, need no tables

    name, height_m = split_height(text)
    return replace(find_place(study, name), height_m=height_m)


def _link(study: Study, places: tuple[Place, Place], asked: Asked) -> OnePath:
    station: Literal[0, 1] = 1 if places[1].cells and not places[0].cells else 0
    model = study.radio.model
    # What Hata's models call the height of a mast depends on the ground up to 15 km ahead of it.
    ground = ground_under(study, places, around_m=15_000.0 if model in ("hata", "cost231") else 0.0)
    line = line_between(ground, places, study)
    k = median_k(study)
    cell, cell_from = _cell_toward(study, places, station, line, asked, k)
    heights = _heights(study, places, station, cell)
    ends = _ends(places, heights, line, k)
    freq_mhz = cell.freq_mhz
    heights_m = ends[0].height_m, ends[1].height_m
    terms = terms_of(line, heights_m, study, freq_mhz=freq_mhz)
    bare = terms if line.cover_m is None else terms_of(line, heights_m, study, freq_mhz=freq_mhz, cover=False)
    profile = profile_of(line, ends, freq_mhz=freq_mhz, k=k)
    loss_db = terms["Lb"] if model == "p1812" else _other_loss_db(model, study, ground, line, ends, station, freq_mhz)
    link = link_budget(
        station,
        cell,
        (loss_db, _entry_db(study, freq_mhz)),
        _pattern_loss_db(cell, ends[station], study),
        study,
        cell_from=cell_from,
        phone=asked.phone,
    )
    cover_db = None if line.cover_m is None else terms["Lb"] - bare["Lb"]
    return _path(study, ends, profile, freq_mhz=freq_mhz, k=k, terms=terms, cover_db=cover_db, link=link)


def _path(
    study: Study,
    ends: tuple[End, End],
    profile: Profile,
    *,
    freq_mhz: float,
    k: float,
    terms: Mapping[str, float] | None = None,
    cover_db: float | None = None,
    link: PathLink | None = None,
    hop: PathHop | None = None,
) -> OnePath:
    """Put together what every path has: horizons and obstructions."""
    first, second, in_sight = horizons_of(profile, ends, freq_mhz=freq_mhz, k=k)
    ray = ray_over(
        profile.distance_km * 1000, profile.top_m, first_m=float(profile.ray_m[0]),
        second_m=float(profile.ray_m[-1]), freq_mhz=freq_mhz, earth_radius_m=k * EARTH_M,
    )  # fmt: skip
    in_zone = tuple(
        InZone(each.from_m / 1000, each.to_m / 1000, each.worst_m / 1000, each.depth_m, each.room_m, each.room_f1)
        for each in obstructions(ray)
    )
    return OnePath(
        ends=ends,
        freq_mhz=freq_mhz,
        k=k,
        profile=profile,
        in_zone=in_zone,
        horizons=(first, second),
        in_sight=in_sight,
        terms=terms,
        cover_db=cover_db,
        location_sigma_db=study.radio.location_sigma_db,
        time_percent=study.radio.time_percent,
        location_percent=study.radio.location_percent,
        link=link,
        hop=hop,
    )


def _ends(
    places: tuple[Place, Place], heights: tuple[tuple[float, str], tuple[float, str]], line: Line, k: float
) -> tuple[End, End]:
    first_m, second_m = float(line.ground_m[0]), float(line.ground_m[-1])
    one, other = heights
    return (
        end_of(places[0], places[1], heights=(one, other[0]), grounds_m=(first_m, second_m), k=k),
        end_of(places[1], places[0], heights=(other, one[0]), grounds_m=(second_m, first_m), k=k),
    )


def _heights(
    study: Study, places: tuple[Place, Place], station: Literal[0, 1], cell: SiteCell
) -> tuple[tuple[float, str], tuple[float, str]]:
    """Return the height of both antennas above ground, m, and what says so."""

    def height(number: int) -> tuple[float, str]:
        place = places[number]
        if place.height_m is not None:
            return place.height_m, "given"
        if number == station:
            return cell.height_m, "site" if place.cells else "[radio] antenna_height_m"
        if place.cells:
            return max(each.height_m for each in place.cells), "site"
        return study.radio.rx_height_m, "[radio] rx_height_m"

    return height(0), height(1)


def _cell_toward(
    study: Study, places: tuple[Place, Place], station: Literal[0, 1], line: Line, asked: Asked, k: float
) -> tuple[SiteCell, str]:
    """
    Return the cell that the link is reckoned for, at the carrier asked for, and whether a `site` has it.

    Of a site's cells it is the one that sends most towards the other end, of the technology asked for, else of that of
    new sites, else of any.
    """
    place, other = places[station], places[1 - station]
    technology = asked.technology or study.planning.technology
    row = study.technologies[technology]
    if not place.cells:
        cell = SiteCell(
            "", asked.operator or "", technology, asked.freq_mhz or row.freq_mhz, row.bandwidth_mhz, row.eirp_dbm,
            study.radio.antenna_height_m,
        )  # fmt: skip
        return cell, f"[technologies.{technology}]"
    cells = [
        cell
        for cell in place.cells
        if asked.operator in (None, cell.operator) and asked.technology in (None, cell.technology)
    ]
    if not cells:
        has = ", ".join(sorted({f"{cell.operator} {cell.technology}" for cell in place.cells}))
        raise CoverageError(
            f"{place.label}: no cell of {asked.operator or 'any operator'} with {asked.technology or 'any technology'};"
            f" it has {has}. Ask for one of them."
        )
    wanted = [cell for cell in cells if cell.technology == technology] or cells
    grounds_m = [float(line.ground_m[at]) for at in (0, -1)]

    def sent_dbm(cell: SiteCell) -> float:
        heights = (place.height_m or cell.height_m, "site"), other.height_m or study.radio.rx_height_m
        toward = end_of(place, other, heights=heights, grounds_m=(grounds_m[station], grounds_m[1 - station]), k=k)
        return cell.eirp_dbm - _pattern_loss_db(cell, toward, study)[0]

    best = max(wanted, key=sent_dbm)
    return (best if asked.freq_mhz is None else replace(best, freq_mhz=asked.freq_mhz)), "site"


def _pattern_loss_db(cell: SiteCell, end: End, study: Study) -> tuple[float, float, float]:
    """Return what the antenna of a cell loses towards the other end of the path, as `pattern_loss_db`."""
    pattern = None
    if cell.antenna is not None:
        from coverage.layers.lookup import read_pattern

        read = read_pattern(study, cell.antenna)
        pattern = Pattern(read.horizontal, read.vertical)
    return pattern_loss_db(cell, pattern, study, azimuth_deg=end.azimuth_deg, elevation_deg=end.elevation_deg)


def _entry_db(study: Study, freq_mhz: float) -> float:
    """Return what getting into a building costs, dB, as the map reckons it; 0 outdoors."""
    radio = study.radio
    if radio.building == "none":
        return 0.0
    from coverage.radio.indoor import indoor_loss_db

    loss_db = indoor_loss_db(
        freq_mhz=freq_mhz, percent=radio.location_percent, building=radio.building,
        location_sigma_db=radio.location_sigma_db,
    )  # fmt: skip
    return max(loss_db, 0.0)


def _other_loss_db(
    model: "Model",
    study: Study,
    ground: PathGround,
    line: Line,
    ends: tuple[End, End],
    station: Literal[0, 1],
    freq_mhz: float,
) -> float:
    """Return the loss by another model than P.1812, which a study may name, as its map has it at the other end."""
    from pyproj import Transformer

    from coverage.radio.models import area_loss_db

    to_grid = Transformer.from_crs("EPSG:4326", ground.grid.crs, always_xy=True)
    mast, phone = ends[station], ends[1 - station]
    x, y = to_grid.transform([mast.lon, phone.lon], [mast.lat, phone.lat])
    (row, row_there), (col, col_there) = (pixels.tolist() for pixels in ground.grid.pixel(x, y))
    cell_m, away = ground.grid.cell_m, math.hypot(row_there - row, col_there - col)
    radio = study.radio
    outdoors = radio.building == "none"
    found = area_loss_db(
        model, ground.terrain_m, cell_m=cell_m, tx_row=row, tx_col=col, tx_height_m=mast.height_m,
        rx_height_m=phone.height_m, freq_mhz=freq_mhz, radius_m=(away + 1) * cell_m, time_percent=radio.time_percent,
        location_percent=radio.location_percent if outdoors else 50.0, location_sigma_db=radio.location_sigma_db,
        delta_n=radio.delta_n, n0=radio.n0, latitude_deg=line.latitude_deg, environment=radio.environment,
    )  # fmt: skip
    n = found.shape[1] // 2
    loss_db = float(found[0, row_there - row + n, col_there - col + n])
    if math.isnan(loss_db):
        raise CoverageError(
            f"{ends[0].label} … {ends[1].label}: the length or a height of this path is out of the range of the "
            f"study's model {model}; see docs/models.md, or set [radio] model = 'p1812'."
        )
    return loss_db


def _hop(study: Study, places: tuple[Place, Place], asked: Asked) -> OnePath:
    freq_mhz = asked.freq_mhz or study.planning.microwave_mhz
    low, high = _HOP_RANGE_MHZ
    if not low <= freq_mhz <= high:
        raise CoverageError(
            f"a microwave hop at {freq_mhz / 1000:g} GHz; expected {low / 1000:g} to {high / 1000:g} GHz. Correct "
            "--freq-ghz."
        )
    ground = ground_under(study, places)
    line = line_between(ground, places, study)

    def height(place: Place) -> tuple[float, str]:
        if place.height_m is not None:
            return place.height_m, "given"
        if place.cells:
            return max(cell.height_m for cell in place.cells), "site"
        return study.planning.relay_height_m, "[planning] relay_height_m"

    ends = _ends(places, (height(places[0]), height(places[1])), line, MEDIAN_K)
    profile = profile_of(line, ends, freq_mhz=freq_mhz, k=MEDIAN_K)
    hop = hop_of(profile, ends, study, freq_mhz=freq_mhz)
    return _path(study, ends, profile, freq_mhz=freq_mhz, k=MEDIAN_K, hop=hop)


def check_out(files: tuple[Path, ...]) -> None:
    """Raise OutputError for a file whose ending is no picture or page, before anything is read."""
    check_files(files)
