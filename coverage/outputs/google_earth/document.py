"""What Google Earth shows of a run: villages by status, sites with their cells, proposals, communes, signal."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from coverage.classes import signal_class
from coverage.columns.results import level_column
from coverage.columns.words import ANY, STATUSES, TECHNOLOGIES
from coverage.outputs.google_earth import kml
from coverage.outputs.google_earth.signs import SIGNS, sign_png
from coverage.outputs.web_map.data import BORDER_TOLERANCE_M, LINE_TOLERANCE_M, first_view, operator_colour
from coverage.outputs.web_map.edition import for_edition
from coverage.outputs.web_map.lines import simple_areas
from coverage.outputs.web_map.pictures import CLASS_COLOURS, signal_pictures
from coverage.outputs.web_map.text import PHRASES, model_note
from coverage.outputs.wording import Wording
from coverage.result import Result

WGS84 = CRS.from_epsg(4326)
_SECTOR_M = 400.0
"""Length of the line that shows where a sector looks."""
_SHARED = "shared"


def google_earth(result: Result, *, language: str) -> bytes:
    """
    Draw a finished run for Google Earth.

    Parameters
    ----------
    result
        Layers, signal and tables. `study.map` says which edition.
    language
        `vi` or `en`, of names of folders and of balloons.

    Returns
    -------
    bytes
        A KMZ that needs no network: signs and pictures are inside. The same result gives the same bytes.

    Raises
    ------
    OutputError
        Unknown language, or a partner that has no such operator.
    """
    document = _Document(for_edition(result), Wording(language, result.study))
    about = result.study.study
    parts: list[Element | None] = [
        kml.element("name", about.name),
        kml.element("open", "1"),
        kml.element("Snippet", maxLines="0"),
        kml.element("description", document.about()),
        kml.look_at(first_view(document.result)),
        *document.styles(),
        document.villages(),
        document.ranked_sites(),
        document.fiber_plan(),
        document.sites(),
        document.communes(),
        document.signal(),
    ]
    files = {f"signs/{name}.png": sign_png(name) for name in SIGNS} | document.pictures
    return kml.kmz(parts, files, day=result.as_of)


class _Document:
    """The folders of one document; pictures gather as they are drawn."""

    def __init__(self, result: Result, say: Wording) -> None:
        self.result = result
        self.say = say
        cells = result.layers.cells["operator"].dropna().astype(str)
        self.operators = sorted({*result.signal.operators, *cells} - {ANY})
        self.pictures: dict[str, bytes] = {}

    def phrase(self, key: str, **values: object) -> str:
        return PHRASES[key][0 if self.say.vi else 1].format(**values)

    def about(self) -> str:
        study, say = self.result.study, self.say
        rows = [
            (self.phrase("as_of"), say.date(self.result.as_of)),
            (self.phrase("definition"), study.definition_id),
            (self.phrase("source"), study.study.source),
        ]
        if study.map.edition == "partner":
            rows.append((self.phrase("partner", operator=say.operator(str(study.map.operator))),
                         self.phrase("partner_note", metres=say.number(study.map.redaction_m))))  # fmt: skip
        above = model_note(self.result, say)
        return kml.balloon(study.study.name, rows, above=above)

    def styles(self) -> Iterator[Element]:
        for name in (*STATUSES, "ranked"):
            yield from kml.style(name, icon=f"signs/{name}.png", scale=SIGNS[name][3])
        for name, colour in [*((one, operator_colour(one, at)) for at, one in enumerate(self.operators)),
                             (_SHARED, "#444444")]:  # fmt: skip
            yield from kml.style(self.site_style(name), icon="signs/site.png", colour=colour, scale=SIGNS["site"][3])
        yield from kml.style("plan", colour="#7a3fa0", width=3)
        yield from kml.style("commune", colour="#333333", width=1.5)

    def site_style(self, operator: str) -> str:
        return f"site-{operator if operator == _SHARED else self.operators.index(operator)}"

    def villages(self) -> Element:
        frame = self.result.villages
        frame = frame[np.isfinite(frame["lon"].astype(float)) & np.isfinite(frame["lat"].astype(float))]
        folders = []
        for status in STATUSES:
            rows = frame[frame["status"] == status].to_dict("records")
            if rows:
                title = f"{self.say.status(status)} ({self.say.number(len(rows), 0)})"
                folders.append(kml.folder(title, *(self.village(row) for row in rows)))
        return kml.folder(self.phrase("layer_villages"), *folders)

    def village(self, row: dict[str, Any]) -> Element:
        say = self.say
        rows = [
            (self.phrase("commune"), _text(row["commune_name"])),
            (self.phrase("status"), say.status(str(row["status"]))),
            (self.phrase("why"), say.reason(row["reason"], row["cluster_households"])),
            (self.phrase("verify"), say.yes_no(True) if row["to_verify"] else None),
            (self.phrase("households"), self.count(row["households"])),
            (self.phrase("households_covered"), self.count(row["households_covered"])),
            (self.phrase("people"), self.count(row["people"])),
            (self.phrase("power"), say.yes_no(row["has_power"])),
            (self.phrase("fiber"), say.fiber(str(row["fiber"]))),
            (self.phrase("nearest_site"), self.km(row["nearest_site_km"])),
            (self.phrase("former_commune"), _text(row["former_commune"])),
            *((f"{say.technology(name)} ({self.phrase('any')})", self.level(row, name)) for name in TECHNOLOGIES),
        ]
        name, status = str(row["name"]), str(row["status"])
        data = {"village_id": str(row["village_id"]), "status": status}
        return kml.placemark(name, kml.point(float(row["lon"]), float(row["lat"])), style=status,
                             balloon=kml.balloon(name, rows), data=data)  # fmt: skip

    def level(self, row: dict[str, Any], technology: str) -> str | None:
        level_dbm = row.get(level_column(ANY, technology))
        if level_dbm is None or pd.isna(level_dbm):
            return None
        kind = ("class_none", "class_weak", "class_good")[int(signal_class(level_dbm, technology, self.result.study))]
        return f"{self.say.number(float(level_dbm), 0)} dBm, {self.phrase(kind).casefold()}"

    def sites(self) -> Element:
        cells = self.result.layers.cells
        cells = cells[np.isfinite(cells["lon"].astype(float)) & np.isfinite(cells["lat"].astype(float))]
        rows = cells.sort_values(["site_id", "operator", "technology", "freq_mhz", "azimuth_deg"]).to_dict("records")
        folders: dict[str, list[Element]] = {operator: [] for operator in (*self.operators, _SHARED)}
        for site_id, group in groupby(rows, key=lambda cell: str(cell["site_id"])):
            own = list(group)
            operators = {str(cell["operator"]) for cell in own if not pd.isna(cell["operator"])}
            whose = operators.pop() if len(operators) == 1 else _SHARED
            folders[whose].append(self.site(site_id, own, self.site_style(whose)))
        return kml.folder(
            self.phrase("layer_sites"),
            *(kml.folder(self.phrase("shared_site") if name == _SHARED else self.say.operator(name), *sites)
              for name, sites in folders.items() if sites),
            shown=False,
        )  # fmt: skip

    def site(self, site_id: str, cells: list[dict[str, Any]], style: str) -> Element:
        lon, lat = float(cells[0]["lon"]), float(cells[0]["lat"])
        rows = []
        for cell in cells:
            numbers = (("freq_mhz", " MHz"), ("azimuth_deg", "°"), ("height_m", " m"), ("eirp_dbm", " dBm"))
            said = [self.say.number(cell[name]) + unit for name, unit in numbers if not pd.isna(cell[name])]
            whose = "" if pd.isna(cell["operator"]) else self.say.operator(str(cell["operator"]))
            rows.append((f"{whose} {self.say.technology(str(cell['technology']))}", " · ".join(said) or "–"))
        azimuths = sorted({float(cell["azimuth_deg"]) for cell in cells if not pd.isna(cell["azimuth_deg"])})
        shape = kml.element("MultiGeometry", kml.point(lon, lat), *(_sector(lon, lat, one) for one in azimuths))
        return kml.placemark(site_id, shape if azimuths else kml.point(lon, lat), style=style,
                             balloon=kml.balloon(site_id, rows))  # fmt: skip

    def ranked_sites(self) -> Element:
        say, frame = self.say, self.result.ranked_sites.sort_values("rank")
        marks = []
        for row in frame.to_dict("records"):
            backhaul = None if pd.isna(row["backhaul"]) else say.word(f"backhaul.{row['backhaul']}")
            rows = [
                (say.word(f"kind.{row['kind']}"), say.technology(str(row["technology"]))),
                (self.phrase("commune"), _text(row["commune_name"])),
                (self.phrase("new_households"), self.count(row["new_households"])),
                (self.phrase("in_dead"), self.count(row["new_households_dead"])),
                (self.phrase("in_weak"), self.count(row["new_households_weak"])),
                (self.phrase("cumulative"), self.count(row["cumulative_households"])),
                (self.phrase("cost"), self.cost(row)),
                (self.phrase("backhaul"), ", ".join(filter(None, [backhaul, self.km(row["backhaul_km"])]))),
                (self.phrase("helped"), _text(row["villages"])),
                (self.phrase("why"), _text(row["reason"])),
            ]
            title = f"{row['rank']:.0f} · {row['site_id']}"
            marks.append(kml.placemark(title, kml.point(row["lon"], row["lat"]), style="ranked",
                                       balloon=kml.balloon(title, rows)))  # fmt: skip
        return kml.folder(self.phrase("layer_ranked"), *marks)

    def fiber_plan(self) -> Element:
        frame = self.result.fiber_plan
        lines = frame.geometry.simplify(LINE_TOLERANCE_M / 4).to_crs(WGS84)
        marks = []
        for row, line in zip(frame.to_dict("records"), lines, strict=True):
            rows = [
                (self.phrase("length"), self.km(row["length_km"])),
                (self.phrase("households"), self.count(row["households"])),
                (self.phrase("cost"), self.cost(row)),
                (self.phrase("connected"), _text(row["villages"])),
            ]
            title = self.phrase("rank", rank=f"{row['rank']:.0f}")
            marks += _drawn(title, line, "plan", kml.balloon(title, rows))
        return kml.folder(self.phrase("layer_plan"), *marks)

    def communes(self) -> Element:
        frame = self.result.communes
        shapes = gpd.GeoSeries(simple_areas(frame, tolerance_m=BORDER_TOLERANCE_M), crs=frame.crs).to_crs(WGS84)
        marks = []
        for row, area in zip(frame.to_dict("records"), shapes, strict=True):
            counts = [(self.say.status(status), self.count(row[status])) for status in STATUSES]
            rows = [
                (self.phrase("villages"), self.count(row["villages"])),
                *counts,
                (self.phrase("households"), self.count(row["households"])),
                (self.phrase("households_covered"), self.count(row["households_covered"])),
            ]
            title = str(row["commune_name"])
            marks += _drawn(title, area, "commune", kml.balloon(title, rows))
        return kml.folder(self.phrase("layer_borders"), *marks)

    def signal(self) -> Element:
        signal, study = self.result.signal, self.result.study
        found = signal.classified(study)
        classes = {(ANY, name): found[ANY, name] for name in TECHNOLOGIES if (ANY, name) in found}
        shown = max((pair for pair in classes if pair[1] in study.in_service() and pair[1] <= "4g"), default=None)
        overlays = []
        for pair, picture in signal_pictures(
            signal.grid, classes, self.result.communes, crs=WGS84, threads=study.threads
        ):
            name = f"signal/{pair[1]}.png"
            self.pictures[name] = picture.content
            title = f"{self.say.technology(pair[1])} · {self.say.operator(ANY)}"
            overlays.append(
                kml.overlay(title, name, picture.bounds, shown=pair == shown, about=self.legend(title, pair[1]))
            )
        return kml.folder(self.phrase("signal"), *overlays, one_of=True)

    def legend(self, title: str, technology: str) -> str:
        """Return the balloon of a picture of signal: what its colours mean."""
        good, weak = (self.say.number(level_dbm) for level_dbm in self.result.study.thresholds_dbm(technology))
        bounds = (f"≥ {good} dBm", f"≥ {weak} dBm", f"< {weak} dBm")
        rows = "".join(
            f"<tr><td bgcolor='{colour}'>&#160;&#160;&#160;&#160;</td><td>{kml.text(self.phrase(name))}</td>"
            f"<td>{kml.text(bound)}</td></tr>"
            for colour, name, bound in zip(
                CLASS_COLOURS, ("class_good", "class_weak", "class_none"), bounds, strict=True
            )
        )
        return f"<h3>{kml.text(title)}</h3><table border='0' cellpadding='3'>{rows}</table>"

    def count(self, value: Any) -> str | None:
        return None if pd.isna(value) else self.say.number(float(value), 0)

    def km(self, value: Any) -> str | None:
        return None if pd.isna(value) else f"{self.say.number(float(value), 1)} km"

    def cost(self, row: dict[str, Any]) -> str:
        low, central, high = (self.count(row[f"cost_{name}_usd"]) for name in ("low", "central", "high"))
        return self.phrase("cost_range", central=central, low=low, high=high)


def _drawn(title: str, line: BaseGeometry | None, style: str, balloon: str) -> list[Element]:
    shape = None if line is None else kml.shape(line)
    return [] if shape is None else [kml.placemark(title, shape, style=style, balloon=balloon)]


def _sector(lon: float, lat: float, azimuth_deg: float) -> Element:
    """Return a line from a mast to where a sector looks."""
    north_deg = _SECTOR_M / 111_320
    turn = np.radians(azimuth_deg)
    end = (lon + north_deg * np.sin(turn) / np.cos(np.radians(lat)), lat + north_deg * np.cos(turn))
    return kml.line(np.array([(lon, lat), end]))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
