"""What the web map knows: a result as plain, compact data for the browser."""

import base64
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.classes import SignalClass
from coverage.columns.results import level_column
from coverage.columns.words import ANY, FIBER_STATUSES, STATUSES, TECHNOLOGIES
from coverage.outputs.web_map.helped import helped_villages
from coverage.outputs.web_map.lines import encode_areas, encode_lines
from coverage.outputs.web_map.networks import village_networks
from coverage.outputs.web_map.pictures import CLASS_COLOURS, Picture, relief_picture, signal_pictures, water_picture
from coverage.outputs.web_map.servers import server_areas
from coverage.outputs.web_map.shades import shades
from coverage.outputs.web_map.text import texts
from coverage.outputs.web_map.values import flags, main_view, numbers, rounded, strings
from coverage.outputs.web_map.zone import vn2000
from coverage.result import Pair, Raster, Result

OPERATOR_COLOURS = {"viettel": "#b3123f", "vnpt": "#0b4f9e", "vinaphone": "#0b4f9e", "mobifone": "#3f7f1f",
                    "vietnamobile": "#8a5a00", "gtel": "#7a3fa0"}  # fmt: skip
"""Near the colours by which they are known, dark enough to be told apart on the relief."""
OTHER_COLOURS = ("#00707a", "#7a2e00", "#5b5b00", "#444444")
"""For operators without a colour, in turn."""

LINE_TOLERANCE_M = 40.0
BORDER_TOLERANCE_M = 60.0


def map_data(result: Result) -> dict[str, Any]:
    """
    Turn a result into what the page reads.

    Parameters
    ----------
    result
        A finished run, already cut down to its edition.

    Returns
    -------
    dict
        JSON-ready. Tables are column lists; coordinates are WGS 84; lines and borders are encoded (`web_map_lines`).
    """
    operators = _operators(result)
    relief = relief_picture(result.layers.grid, result.layers.terrain_m, result.communes)
    water = water_picture(result.layers.grid, result.layers.land_cover)
    signal = [
        {"operator": key[0], "technology": key[1], **picture_data(picture)}
        for key, picture in signal_pictures(
            result.signal.grid, _ordered_classes(result, operators), result.communes, threads=result.study.threads
        )
    ]
    sites, shaded = _sites(result, operators), shades(result, operators)
    return {
        "meta": _meta(result),
        "texts": texts(result, operators, shaded),
        "technologies": _technologies(result),
        "operators": [{"id": name, "colour": operator_colour(name, at)} for at, name in enumerate(operators)],
        "classColours": CLASS_COLOURS,
        "view": (view := first_view(result)),
        "vn2000": vn2000(result, (view[0][1] + view[1][1]) / 2),
        "rules": _rules(result),
        "relief": picture_data(relief),
        "water": None if water is None else picture_data(water),
        "signal": signal,
        "villages": _villages(result, operators),
        "networks": village_networks(result, operators),
        **_communes(result),
        "shades": shaded,
        "sites": sites,
        "servers": server_areas(result, site_ids=sites["id"], operators=operators),
        "routes": _routes(result),
        "nodes": _nodes(result),
        "roads": [] if result.layers.roads is None else encode_lines(result.layers.roads, tolerance_m=LINE_TOLERANCE_M),
        "rivers": _rivers(result),
        "ranked": _ranked(result),
        "plan": _plan(result),
    }  # fmt: skip


def first_view(result: Result) -> list[list[float]]:
    """Return south-west and north-east of the villages' main body; without villages, of the sites, then the grid."""
    for frame in (result.villages, result.layers.cells):
        view = main_view(frame)
        if view is not None:
            return view
    west, south, east, north = result.layers.grid.bounds
    corners = gpd.GeoSeries.from_xy([west, east], [south, north], crs=result.layers.grid.crs).to_crs(4326)
    return [[float(point.y), float(point.x)] for point in corners]


def _meta(result: Result) -> dict[str, Any]:
    about, settings = result.study.study, result.study.map
    return {
        "title": about.name,
        "province": about.province,
        "source": about.source,
        "edition": settings.edition,
        "operator": settings.operator if settings.edition == "partner" else None,
        "asOf": result.as_of.isoformat(),
        "definition": result.study.definition_id,
        "redactionM": settings.redaction_m,
    }


def _rules(result: Result) -> dict[str, Any]:
    rules = result.study.definitions
    return {
        "coveredPercent": rules.covered_percent,
        "clusterHouseholds": rules.cluster_households,
        "verifyPercent": rules.verify_percent,
        "decimal": result.study.papers.decimal,
    }


def _operators(result: Result) -> list[str]:
    there = {*result.signal.operators, *result.layers.cells["operator"].dropna().astype(str)}
    return sorted(there - {ANY})


def operator_colour(operator: str, at: int) -> str:
    """Return the colour of an operator, the `at`-th of the map."""
    return OPERATOR_COLOURS.get(operator.casefold(), OTHER_COLOURS[at % len(OTHER_COLOURS)])


def _ordered_classes(result: Result, operators: list[str]) -> dict[Pair, Raster]:
    classes = result.signal.classified(result.study)
    keys = [(operator, technology) for technology in TECHNOLOGIES for operator in (ANY, *operators)]
    return {key: classes[key] for key in keys if key in classes}


def _technologies(result: Result) -> list[dict[str, Any]]:
    in_service = result.study.in_service()
    rows = []
    for name in TECHNOLOGIES:
        good, weak = result.study.thresholds_dbm(name)
        rows.append({"id": name, "good": good, "weak": weak, "inService": name in in_service})
    return rows


def picture_data(picture: Picture) -> dict[str, Any]:
    """Return an image as the page reads it: itself as an address, and its bounds."""
    encoded = base64.b64encode(picture.content).decode("ascii")
    return {"src": f"data:{picture.mime};base64,{encoded}", "bounds": picture.bounds}


def _villages(result: Result, operators: list[str]) -> dict[str, list[Any]]:
    frame = result.villages
    x, y = frame.geometry.x, frame.geometry.y
    codes = {code: at for at, code in enumerate(result.communes["commune_code"].astype(str))}
    columns: dict[str, list[Any]] = {
        "id": strings(frame["village_id"]),
        "name": strings(frame["name"]),
        "commune": [codes.get(str(code), -1) for code in frame["commune_code"]],
        "former": strings(frame["former_commune"]),
        "lon": rounded(frame["lon"], 5),
        "lat": rounded(frame["lat"], 5),
        "status": [STATUSES.index(status) for status in frame["status"]],
        "reason": strings(frame["reason"]),
        "cluster": rounded(frame["cluster_households"], 0),
        "verify": flags(frame["to_verify"]),
        "fiber": [FIBER_STATUSES.index(status) for status in frame["fiber"]],
        "fiberKm": rounded(frame["fiber_km"], 1),
        "routePasses": flags(frame["route_passes"]),
        "siteKm": rounded(frame["nearest_site_km"], 1),
        "households": rounded(frame["households"], 0),
        "householdsCovered": rounded(frame["households_covered"], 0),
        "people": rounded(frame["people"], 0),
        "power": flags(frame["has_power"]),
        "programme": flags(frame["programme"]),
        "householdsFrom": strings(_optional(frame, "households_from")),
        "peopleEstimated": rounded(_optional(frame, "people_estimated"), 0),
        "indoors": [
            STATUSES.index(status) if status else None for status in strings(_optional(frame, "status_indoors"))
        ],
        "probability": rounded(_optional(frame, "probability"), 2),
    }
    classes, grid = result.signal.classified(result.study), result.signal.grid
    for technology in TECHNOLOGIES:
        for operator in (ANY, *operators):
            name = level_column(operator, technology)
            if name in frame:
                level_dbm: list[Any] = rounded(frame[name], 0)
                if (operator, technology) in classes:
                    without = np.flatnonzero(frame[name].isna())
                    found = grid.sample(classes[operator, technology], x.iloc[without], y.iloc[without])
                    for row in without[found == SignalClass.NONE]:
                        level_dbm[row] = "none"
                columns[f"dbm_{operator}_{technology}"] = level_dbm
    return columns


def _optional(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series(pd.NA, index=frame.index, dtype=object)


def _communes(result: Result) -> dict[str, Any]:
    frame = result.communes
    shapes, outline = encode_areas(frame, tolerance_m=BORDER_TOLERANCE_M)
    counts = ("villages", "dead", "weak", "covered", "not_assessed", "households", "households_covered", "fiber_served")
    columns = {
        "code": strings(frame["commune_code"]),
        "name": strings(frame["commune_name"]),
        "shape": shapes,
        **{name: rounded(frame[name], 0) for name in counts},
    }
    return {"communes": columns, "outline": outline}


def _sites(result: Result, operators: list[str]) -> dict[str, list[Any]]:
    """One row per position; its cells as lists: operator, technology, MHz, azimuth, tilt, height, EIRP, beam width."""
    cells = result.layers.cells
    cells = cells[np.isfinite(numbers(cells["lon"])) & np.isfinite(numbers(cells["lat"]))]
    rows = list(zip(
        cells["site_id"].astype(str), rounded(cells["lon"], 5), rounded(cells["lat"], 5),
        [operators.index(str(name)) if pd.notna(name) else -1 for name in cells["operator"]],
        [TECHNOLOGIES.index(name) for name in cells["technology"]],
        rounded(cells["freq_mhz"], 1), rounded(cells["azimuth_deg"], 0), rounded(cells["tilt_deg"], 1),
        rounded(cells["height_m"], 1), rounded(cells["eirp_dbm"], 1), rounded(cells["beamwidth_deg"], 0), strict=True,
    ))  # fmt: skip
    positions: dict[str, tuple[Any, Any, list[list[Any]]]] = {}
    for site_id, lon, lat, *cell in sorted(rows, key=lambda row: (row[0], row[3], row[4])):
        positions.setdefault(site_id, (lon, lat, []))[2].append(cell)
    return {
        "id": list(positions),
        "lon": [lon for lon, _, _ in positions.values()],
        "lat": [lat for _, lat, _ in positions.values()],
        "cells": [cells for _, _, cells in positions.values()],
    }


def _routes(result: Result) -> dict[str, list[Any]]:
    frame = result.layers.fiber_routes
    if frame is None:
        return {"shape": [], "name": [], "operator": [], "km": []}
    names = frame["name"].where(frame["name"].notna(), frame["route_id"])
    return {
        "shape": encode_lines(frame, tolerance_m=LINE_TOLERANCE_M),
        "name": strings(names),
        "operator": strings(frame["operator"]),
        "km": rounded(pd.Series(frame.geometry.length / 1000.0), 1),
    }


def _rivers(result: Result) -> dict[str, list[Any]]:
    frame = result.layers.rivers
    if frame is None:
        return {"shape": [], "name": [], "wide": []}
    return {
        "shape": encode_lines(frame, tolerance_m=LINE_TOLERANCE_M),
        "name": strings(frame["name"]),
        "wide": [int(kind == "river") for kind in strings(frame["class"])],
    }


def _nodes(result: Result) -> dict[str, list[Any]]:
    frame = result.layers.fiber_nodes
    if frame is None:
        return {"lon": [], "lat": [], "name": [], "operator": [], "kind": []}
    return {
        "lon": rounded(frame["lon"], 5),
        "lat": rounded(frame["lat"], 5),
        "name": strings(frame["node_id"]),
        "operator": strings(frame["operator"]),
        "kind": strings(frame["kind"]),
    }


def _ranked(result: Result) -> dict[str, list[Any]]:
    frame = result.ranked_sites.sort_values("rank")
    texts_of = ("site_id", "kind", "technology", "villages", "villages_resolved", "villages_improved", "commune_name",
                "reason", "backhaul", "power", "access", "via", "operators")  # fmt: skip
    whole = ("rank", "new_households", "new_households_dead", "new_households_weak", "cost_low_usd", "cost_central_usd",
             "cost_high_usd", "cumulative_households")  # fmt: skip
    within_m = 1000 * result.study.planning.max_radius_km
    lifted = {
        name: helped_villages(frame, result.villages, within_m=within_m, column=f"villages_{name}")
        for name in ("resolved", "improved")
    }
    return {
        "lon": rounded(frame["lon"], 5),
        "lat": rounded(frame["lat"], 5),
        "height_m": rounded(frame["height_m"], 1),
        "backhaul_km": rounded(frame["backhaul_km"], 1),
        "slope_deg": rounded(frame["slope_deg"], 0),
        "cumulative_percent": rounded(frame["cumulative_percent"], 1),
        "helped": helped_villages(frame, result.villages, within_m=within_m),
        **lifted,
        **{name: strings(frame[name]) for name in texts_of},
        **{name: rounded(frame[name], 0) for name in whole},
    }


def _plan(result: Result) -> dict[str, list[Any]]:
    frame = result.fiber_plan
    whole = ("rank", "households", "cost_low_usd", "cost_central_usd", "cost_high_usd", "villages_gained",
             "centres_gained")  # fmt: skip
    return {
        "shape": encode_lines(frame, tolerance_m=LINE_TOLERANCE_M),
        "villages": strings(frame["villages"]),
        "centres": strings(frame["centres"]),
        "feeds": [[one for one in text.split("; ") if one] for text in strings(frame["feeds_sites"])],
        "helped": helped_villages(frame, result.villages, within_m=result.study.fiber.served_m),
        "length_km": rounded(frame["length_km"], 1),
        **{name: rounded(frame[name], 0) for name in whole},
    }
