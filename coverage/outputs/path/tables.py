"""The tables of one path, in words, for a terminal and a page alike; and the same as JSON."""

import json
import math
from dataclasses import asdict
from typing import Any

from coverage.outputs.path.words import MAIN_TERMS, TERMS, Say
from coverage.path_result import OnePath, PathLink

Row = tuple[str, str]
"""What it is, and its value with its unit."""
_MOST_ZONES = 12
"""Stretches that are listed in words, the deepest of more; the JSON has them all."""


def end_lines(path: OnePath, say: Say, number: int) -> list[str]:
    """Return what is known of an end."""
    end = path.ends[number]
    return [
        say.word("end", letter="AB"[number], label=end.label),
        say.word("position", lon=say.number(end.lon, 5), lat=say.number(end.lat, 5)),
        say.word("ground", m=say.number(end.ground_m)),
        say.word("antenna", m=say.number(end.height_m), source=say.source(end.height_from)),
        say.word("toward", deg=say.number(end.azimuth_deg), up=say.number(end.elevation_deg, 2)),
    ]


def path_lines(path: OnePath, say: Say) -> list[str]:
    """Return length, air and horizons."""
    lines = [
        say.word("length", km=say.number(path.length_km, 3), mhz=say.number(path.freq_mhz, 0)),
        say.word("air", k=say.number(path.k, 3)),
        say.word("sight" if path.in_sight else "no_sight"),
    ]
    for letter, horizon in zip("AB", path.horizons, strict=True):
        lines.append(
            say.word(
                "nearest" if path.in_sight else "horizon",
                letter=letter,
                km=say.number(horizon.distance_km, 2),
                m=say.number(horizon.ground_m, 0),
                mrad=say.number(horizon.elevation_mrad, 2),
            )
        )
    return lines


def zone_lines(path: OnePath, say: Say) -> list[str]:
    """Return what stands in the first Fresnel zone, from A to B."""
    if not path.in_zone:
        return [say.word("zone.none")]
    deepest = sorted(path.in_zone, key=lambda each: each.room_f1)[:_MOST_ZONES]
    lines = [
        say.word(
            "zone.blocked" if each.room_m < 0 else "zone.line",
            start=say.number(each.from_km, 2),
            stop=say.number(each.to_km, 2),
            worst=say.number(each.worst_km, 2),
            depth=say.number(each.depth_m),
            share=say.number(each.room_f1, 2),
            over=say.number(-each.room_m),
        )
        for each in sorted(deepest, key=lambda each: each.worst_km)
    ]
    more = len(path.in_zone) - len(deepest)
    return [*lines, say.word("zone.more", count=more)] if more else lines


def term_rows(path: OnePath, say: Say, *, every: bool) -> list[tuple[str, str, str]]:
    """Return symbol, meaning and value of the terms of P.1812: the chief ones, or every one."""
    rows = []
    for symbol, value in (path.terms or {}).items():
        if not every and symbol not in MAIN_TERMS:
            continue
        unit = TERMS[symbol][0]
        decimals = 2 if unit in ("dB", "dB(µV/m)", "mrad", "%") else 3
        rows.append((symbol, say.term(symbol), f"{say.number(value, decimals)} {unit}".strip()))
    return rows


def cover_row(path: OnePath, say: Say) -> Row:
    """Return what trees and houses add."""
    return say.word("cover"), say.word("cover.none") if path.cover_db is None else say.db(path.cover_db)


def settings_line(path: OnePath, say: Say) -> str:
    """Return for which share of time and places the loss holds."""
    numbers = {"time": path.time_percent, "places": path.location_percent, "sigma": path.location_sigma_db}
    return say.word("terms.settings", **{name: say.number(value) for name, value in numbers.items()})


def down_rows(link: PathLink, say: Say) -> list[Row]:
    """Return the link budget from the station to the phone."""
    cell = link.cell
    values = {"technology": cell.technology.upper(), "mhz": say.number(cell.freq_mhz, 0)}
    named = say.word("cell.assumed", source=link.cell_from, **values)
    if link.cell_from == "site":
        named = say.word("cell.of", operator=cell.operator, id=cell.cell_id, **values)
    rows = [
        (say.word("cell"), named),
        (say.word("eirp"), say.db(cell.eirp_dbm, "dBm")),
        (say.word("reference"), say.db(link.reference_dbm, "dBm")),
    ]
    if math.isfinite(link.aside_db):
        rows += [(say.word("aside"), say.db(link.aside_db)), (say.word("tilt"), say.db(link.tilt_db))]
    rows += [
        (say.word("pattern"), say.db(link.pattern_db)),
        (say.word("loss", model=link.model), say.db(link.loss_db)),
    ]
    if link.entry_db:
        rows.append((say.word("entry"), say.db(link.entry_db)))
    return [
        *rows,
        (say.word("level"), f"{say.db(link.level_dbm, 'dBm')} ({say.word(f'class.{link.signal}')})"),
        (say.word("margin.weak", dbm=say.number(link.weak_dbm, 0)), say.db(link.margin_db)),
        (say.word("margin.good", dbm=say.number(link.good_dbm, 0)), say.db(link.level_dbm - link.good_dbm)),
    ]


def up_rows(link: PathLink, say: Say) -> list[Row]:
    """Return the link budget from the phone to the station."""
    return [
        (say.word("phone"), say.db(link.phone_dbm, "dBm")),
        (say.word("station_gain"), say.db(link.station_gain_dbi, "dBi")),
        (say.word("pattern"), say.db(link.pattern_db)),
        (say.word("uplink"), say.db(link.uplink_dbm, "dBm")),
        (say.word("sensitivity"), say.db(link.sensitivity_dbm, "dBm")),
        (say.word("uplink_margin"), say.db(link.uplink_margin_db)),
    ]


def directions(link: PathLink, say: Say) -> tuple[str, str]:
    """Return the headings of both budgets, with the letters of their ends."""
    ends = {"a": "AB"[link.station], "b": "BA"[link.station]}
    return say.word("down", **ends), say.word("up", **ends)


def hop_table(path: OnePath, say: Say) -> list[tuple[str, ...]]:
    """Return headings and rows of what a hop asks for under each bend of the air; nothing where it is none."""
    if path.hop is None:
        return []
    names = ("k", "asked", "least", "at", "kept", "both", "first", "second")
    rows = [tuple(say.word(f"hop.{name}") for name in names)]
    for each in path.hop.clearances:
        both = " / ".join(say.number(height) for height in each.heights_both_m)
        rows.append((
            say.number(each.k, 2), say.number(each.asked_f1, 2), say.number(each.least_f1, 2),
            say.number(each.at_km, 2), say.word("yes" if each.kept else "no"), both,
            say.number(each.height_first_m), say.number(each.height_second_m),
        ))  # fmt: skip
    return rows


def path_json(path: OnePath) -> str:
    """
    Return all that is known of a path as JSON.

    Names are those of `path_result`, with their units; the terms of P.1812 are under their own symbols. What is not
    known is null.
    """
    found = {"length_km": path.length_km, **asdict(path)}
    if path.link is not None:
        found["link"] |= {"margin_db": path.link.margin_db, "uplink_margin_db": path.link.uplink_margin_db}
    if path.hop is not None:
        for given, each in zip(found["hop"]["clearances"], path.hop.clearances, strict=True):
            given["kept"] = each.kept
    return json.dumps(_plain(found), ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    """Return a value as JSON can say it."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
