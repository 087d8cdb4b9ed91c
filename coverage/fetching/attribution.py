"""Whose data they are, under which licence, and what has to be said where they are shown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coverage.fetching.folder import Folder

FILE = "ATTRIBUTION.md"


@dataclass(frozen=True)
class Source:
    """A supplier of open data."""

    title: str
    licence: str
    licence_url: str
    attribution: str
    """To be printed wherever the data or what was made of them are shown."""
    cite: str
    terms_vi: str
    terms_en: str


SOURCES = {
    "terrain": Source(
        "Copernicus DEM GLO-30 Public",
        "Copernicus WorldDEM-30 licence",
        "https://spacedata.copernicus.eu/documents/20126/0/CSCDA_ESA_Mission-specific+Annex.pdf",
        "produced using Copernicus WorldDEM-30 © DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH 2014-2018 "
        "provided under COPERNICUS by the European Union and ESA; all rights reserved",
        "https://doi.org/10.5270/ESA-c5d3d65",
        "Được dùng, sửa đổi và phân phối miễn phí; phải ghi nguồn và nêu rằng các tổ chức phụ trách Copernicus không "
        "chịu trách nhiệm về việc sử dụng dữ liệu.",
        "Free to use, change and pass on; the source must be named, and that the organisations in charge of Copernicus "
        "do not answer for any use of it.",
    ),
    "land_cover": Source(
        "ESA WorldCover 10 m 2021 v200",
        "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "© ESA WorldCover project 2021 / Contains modified Copernicus Sentinel data (2021) processed by ESA WorldCover "
        "consortium",
        "https://doi.org/10.5281/zenodo.7254221",
        "Được dùng, sửa đổi và phân phối; phải ghi nguồn.",
        "Free to use, change and pass on; the source must be named.",
    ),
    "population": Source(
        "WorldPop",
        "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "© WorldPop (www.worldpop.org), University of Southampton",
        "https://doi.org/10.5258/SOTON/WP00684",
        "Được dùng, sửa đổi và phân phối; phải ghi nguồn.",
        "Free to use, change and pass on; the source must be named.",
    ),
    "osm": Source(
        "OpenStreetMap",
        "ODbL 1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        "© OpenStreetMap contributors",
        "https://www.openstreetmap.org/copyright",
        "Phải ghi nguồn; cơ sở dữ liệu phái sinh được công bố phải cùng giấy phép ODbL.",
        "The source must be named; a database made from it and published must be under the ODbL too.",
    ),
    "boundaries": Source(
        "geoBoundaries",
        "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "© geoBoundaries (www.geoboundaries.org), William & Mary geoLab",
        "https://doi.org/10.1371/journal.pone.0231866",
        "Phải ghi nguồn; mỗi cấp còn theo giấy phép của bên lập ranh giới.",
        "The source must be named; each level is also under the licence of whoever drew it.",
    ),
}

_WORDS = {
    "vi": {
        "title": "Nguồn dữ liệu mở",
        "intro": "Tải về bằng `coverage fetch`; từng tệp, địa chỉ, thời điểm và SHA-256 được ghi trong `fetch.json`. "
        "Bản đồ, báo cáo lập từ dữ liệu này phải kèm các dòng ghi nguồn dưới đây.",
        "attribution": "Ghi nguồn",
        "licence": "Giấy phép",
        "terms": "Điều kiện",
        "cite": "Trích dẫn",
        "files": "Tệp",
        "drawn": "Bên lập ranh giới",
        "days": "Dữ liệu ngày",
    },
    "en": {
        "title": "Sources of the open data",
        "intro": "Fetched by `coverage fetch`; each file, its address, time and SHA-256 stand in `fetch.json`. Maps "
        "and reports made from these data must carry the lines of attribution below.",
        "attribution": "Attribution",
        "licence": "Licence",
        "terms": "Terms",
        "cite": "Cite",
        "files": "Files",
        "drawn": "Boundaries drawn by",
        "days": "Data of",
    },
}


def write_attribution(folder: Folder, language: str) -> None:
    """Write ATTRIBUTION.md, and a file for each source under `licences/`, for what the folder holds."""
    words = _WORDS[language]
    texts = [f"# {words['title']}", words["intro"]]
    for name, source in SOURCES.items():
        files = {
            path: entry for path, entry in folder.files.items() if entry.get("source") == name and "sha256" in entry
        }
        if files:
            text = "\n".join(_lines(source, files, folder, language))
            texts += [f"## {source.title}", text]
            folder.put_text(f"licences/{name}.md", f"# {source.title}\n\n{text}\n", {"request": "ours"})
    folder.put_text(FILE, "\n\n".join(texts) + "\n", {"request": "ours"})


def attribution_line(folder: Folder) -> str:
    """Return the attributions of all that a folder holds, for `[study] source`."""
    used = {entry.get("source") for entry in folder.files.values() if "sha256" in entry}
    return "; ".join(source.attribution for name, source in SOURCES.items() if name in used)


def _lines(source: Source, files: Mapping[str, Mapping[str, Any]], folder: Folder, language: str) -> Iterator[str]:
    words = _WORDS[language]
    yield f"- {words['attribution']}: **{source.attribution}**"
    yield f"- {words['licence']}: {source.licence}, <{source.licence_url}>"
    yield f"- {words['terms']}: {source.terms_vi if language == 'vi' else source.terms_en}"
    yield f"- {words['cite']}: <{source.cite}>"
    if days := sorted({day for entry in files.values() for day in entry.get("days", ())}):
        yield f"- {words['days']}: {days[0]}" + (f"…{days[-1]}" if len(days) > 1 else "")
    for path in sorted(files):
        if path.startswith("boundaries/") and path.endswith(".json"):
            answer = json.loads((folder.path / path).read_text(encoding="utf-8"))
            facts = answer[0] if isinstance(answer, list) else answer
            said = (
                facts.get(key, "?") for key in ("boundaryType", "boundarySource", "boundaryLicense", "licenseSource")
            )
            yield f"- {words['drawn']}: {', '.join(map(str, said))}"
    yield f"- {words['files']}: {', '.join(f'`{path}`' for path in sorted(files))}"
