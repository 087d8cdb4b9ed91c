"""The whole of `coverage fetch`: an area, what is wanted of it, and the lines that bring it into a study."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from coverage.errors import FetchError
from coverage.fetching.areas import Area, find_area
from coverage.fetching.attribution import attribution_line, write_attribution
from coverage.fetching.boundaries import bring_boundaries
from coverage.fetching.folder import Errand, Folder
from coverage.fetching.osm import THEMES
from coverage.fetching.overpass import aside, ask, boxes, forget, overpass_text
from coverage.fetching.rasters import bring_land_cover, bring_population, bring_terrain
from coverage.fetching.server import Servers
from coverage.progress import Progress, Silent
from coverage.settings.fetch import Fetch
from coverage.study import Study

SOURCES = ("boundaries", "terrain", *THEMES, "population", "land_cover")
"""What can be fetched, in the order in which it is: what a study cannot do without first, what is large last."""


@dataclass(frozen=True)
class Fetched:
    """What a fetch has brought."""

    folder: Path
    area: Area
    layers: dict[str, Path]
    """Layer of a study -> the file or folder of tiles that can be it."""
    notes: tuple[str, ...]
    """What whoever asked should know."""
    failures: tuple[str, ...]
    """Why some of it could not be fetched, one line each."""
    attribution: str
    """To be printed with the results."""


def fetch_area(
    asked: str,
    folder: Path,
    *,
    rules: Fetch,
    study: Study | None = None,
    only: Collection[str] = SOURCES,
    again: bool = False,
    replace: bool = False,
    language: str = "vi",
    progress: Progress | None = None,
    servers: Servers | None = None,
) -> Fetched:
    """
    Fetch open data of an area.

    Parameters
    ----------
    asked
        A province by name or code, a file of polygons, or `west,south,east,north` in degrees.
    folder
        Where the files go.
    rules
        Addresses and manners.
    study
        Whose communes may be the province; None where there is no study.
    only
        Which of `SOURCES`.
    again
        Whether to ask for newer versions of what is there.
    replace
        Whether files that are not ours may be written over.
    language
        `vi` or `en`, of the file of attributions.
    progress, servers
        Who watches, and who is asked.

    Returns
    -------
    Fetched
        A source that fails leaves the others be.

    Raises
    ------
    FetchError
        The area is not known, or nothing can be written.
    """
    progress, servers = progress or Silent(), servers or Servers(rules)
    store = Folder(folder, again=again, replace=replace)
    with store.alone():
        with _errand(store, servers, progress, "fetch_area") as errand:
            area = find_area(asked, errand, rules.boundaries, study)
        around = area.around(rules.margin_km)
        store.note("area", {"asked": asked, "name": area.name, "known_by": area.known_by, "bounds": area.shape.bounds})
        tasks: dict[str, Callable[[Errand], Iterable[str]]] = {
            "boundaries": partial(bring_boundaries, base=rules.boundaries),
            "terrain": partial(bring_terrain, base=rules.terrain, area=around),
            "land_cover": partial(bring_land_cover, base=rules.land_cover, area=around),
            "population": partial(bring_population, url=rules.population, area=area.shape),
        }
        for name, theme in THEMES.items():
            tasks[name] = partial(_osm, name=name, rules=rules, area=around if theme.around else area.shape)
        notes: list[str] = []
        failures: list[str] = []
        for name in (name for name in SOURCES if name in only):
            try:
                with _errand(store, servers, progress, f"fetch_{name}") as errand:
                    notes += tasks[name](errand)
            except FetchError as error:
                failures.append(str(error))
        write_attribution(store, language)
        return Fetched(store.path, area, _layers(store), tuple(notes), tuple(failures), attribution_line(store))


@contextmanager
def _errand(folder: Folder, servers: Servers, progress: Progress, step: str) -> Iterator[Errand]:
    """Give what one source needs, and let whoever watches see how far it is."""
    with progress.step(step, 100) as advance:
        done = 0

        def told(parts: float, total: int) -> None:
            nonlocal done
            percent = int(100 * parts / total)
            if percent > done:
                advance(percent - done)
                done = percent

        yield Errand(folder, servers, told)


def _osm(errand: Errand, name: str, rules: Fetch, area: BaseGeometry) -> Iterator[str]:
    """Fetch a theme of OpenStreetMap into a GeoPackage, and yield what is to be known."""
    theme, file = THEMES[name], f"{name}.gpkg"
    asked = "\n".join(overpass_text(theme.question, box, 0) for box in boxes(area, theme.question.side_deg))
    exactly = shapely.to_wkb(shapely.normalize(area))
    request = hashlib.sha256(f"{rules.overpass}\n{asked}".encode() + exactly).hexdigest()
    if errand.folder.is_whole(file, request) and not errand.folder.again:
        return
    errand.folder.allow(file)
    answers = ask(errand, rules.overpass, name, theme.question, area, rules.overpass_timeout_s)
    frame, days = theme.frame(answers, area)
    entry = {"source": "osm", "request": request, "days": days, "rows": len(frame)}
    if len(frame):
        written = aside(errand, name) / file
        written.unlink(missing_ok=True)
        try:
            frame.to_file(written, driver="GPKG", layer=theme.layer, engine="pyogrio")
        except (RuntimeError, OSError) as error:
            raise FetchError(
                f"{errand.folder.path / file}: could not be written ({error}); expected room on the disk. Free space, "
                "and run the same command again."
            ) from None
        errand.folder.put(file, written, entry)
    else:
        errand.folder.put_none(file, entry)
        yield f"{name}: OpenStreetMap has none in this area."
    forget(errand, name)


def _layers(folder: Folder) -> dict[str, Path]:
    """Return which layers of a study a folder can be."""
    found: dict[str, Path] = {}
    for name, entry in sorted(folder.files.items()):
        place = folder.path / name
        if "sha256" not in entry or not place.exists():
            continue
        if name.startswith(("terrain/", "land_cover/")) and place.suffix == ".tif":
            found[name.partition("/")[0]] = place.parent
        elif name.startswith("population/"):
            found["population"] = place
        elif name.removesuffix(".gpkg") in THEMES:
            found[THEMES[name.removesuffix(".gpkg")].layer] = place
    return found
