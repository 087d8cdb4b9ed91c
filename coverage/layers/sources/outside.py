"""What would lead a reader of files out of the study's folder: links, files that name others, the network."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from xml.parsers import expat

import rasterio

from coverage.study import Study

OWN_FORMATS = (
    "GTiff", "COG", "SRTMHGT", "AAIGrid", "AIG", "GRASSASCIIGrid", "HFA", "EHdr", "ENVI", "DTED", "USGSDEM", "XYZ",
    "JP2OpenJPEG", "GPKG", "PCRaster", "RST", "GSAG", "GSBG", "GS7BG", "SAGA", "netCDF", "BT", "BYN", "GTX",
    "NTv2", "HF2", "LCP", "SIGDEM", "ZMap", "ACE2", "Leveller", "Terragen", "GRIB", "MBTiles", "PNG", "JPEG", "GIF",
    "BMP", "WEBP", "VRT",
)  # fmt: skip
"""Raster formats that hold their pixels themselves; a VRT is read only when all that it names lies in the folder."""
_VRT = b"<vrtdataset"
_NAMING = (
    _VRT, b"<ogrvrtdatasource", b"<gdal_wms", b"<gdal_wmts", b"<wms_", b"<wmt_ms", b"<wcs_", b"<capabilities",
    b"<gdaltileindexdataset", b"<mrf_meta", b"<ogrwfsdatasource", b"<ogrcswdatasource", b"<ogroapif",
    b"gdal_streamed_alg", b"gdal_virtual_file", b"[internetshortcut]", b"overview_file",
)  # fmt: skip
"""How a file begins that names other files or addresses, in lower case."""
_NAMING_TAB = (b"open table", b"create view", b"isseamless", b"type linked")
_HEAD = 1 << 16
_NO_NETWORK = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
}
"""GDAL asks a proxy that is not there, whatever address a file names."""
_DEEPEST = 4
"""VRTs within VRTs."""
_LARGEST_VRT = 20_000_000


def leads_outside(study: Study, path: Path) -> str | None:
    """
    Return how a file, or one that is opened along with it, leads out of the folder; None where it does not.

    Parameters
    ----------
    study
        Its folder, and whether it may be left.
    path
        A file, or a folder that is one data set.
    """
    if study.allow_outside:
        return None
    for file in family(path):
        if not study.may_use(file):
            other = "" if file == path else f"{file.name} beside it is "
            return f"{other}a path that leads outside the folder of the study"
        if file.is_file() and (found := _names_others(study, file, 0)):
            return found if file == path else f"{file.name} beside it, {found}"
    return None


def family(path: Path) -> list[Path]:
    """Return a file with those of its name that GDAL opens along with it, or a folder with all that is in it."""
    if path.is_dir():
        return [path, *sorted(path.rglob("*"))]
    beside = (file for file in path.parent.iterdir() if file.name.startswith((f"{path.stem}.", f"{path.name}.")))
    return [path, *sorted(file for file in beside if file != path and not file.is_dir())]


@contextmanager
def offline_rasters(study: Study) -> Iterator[None]:
    """Keep what reads rasters from the network, unless the study may use it."""
    with nullcontext() if study.allow_outside else rasterio.Env(**_NO_NETWORK):
        yield


@contextmanager
def offline(study: Study) -> Iterator[None]:
    """Keep GDAL from the network, unless the study may use it."""
    if study.allow_outside:
        yield
        return
    import pyogrio  # takes long to load, and one path needs only the terrain

    before = {option: pyogrio.get_gdal_config_option(option) for option in _NO_NETWORK}
    pyogrio.set_gdal_config_options(_NO_NETWORK)
    try:
        with offline_rasters(study):
            yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _names_others(study: Study, file: Path, depth: int) -> str | None:
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD).lower()
    except OSError:
        return None
    marks = (*_NAMING, *_NAMING_TAB) if file.suffix.lower() == ".tab" else _NAMING
    found = [mark.decode() for mark in marks if mark in head]
    if not found or (found == [_VRT.decode()] and _vrt_stays(study, file, depth)):
        return None
    return f"a file whose content ({found[0]}) names other files or addresses"


def _vrt_stays(study: Study, file: Path, depth: int) -> bool:
    """Return whether every source of a raster VRT is a plain file in the folder."""
    named: list[tuple[str, bool]] = []
    text: list[str] = []
    relative = False

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal relative
        text.clear()
        relative = values.get("relativeToVRT") == "1"

    def end(tag: str) -> None:
        if tag.lower().endswith(("filename", "dataset")) and "".join(text).strip():
            named.append(("".join(text).strip(), relative))
        text.clear()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text.append
    if depth >= _DEEPEST or file.stat().st_size > _LARGEST_VRT:
        return False
    content = file.read_bytes()
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError):  # the last two: an encoding that there is none of
        return False
    paths = [file.parent / name if beside else Path(name) for name, beside in named]
    return not any(mark in content.lower() for mark in _NAMING if mark != _VRT) and all(
        path.is_absolute()
        and path.is_file()
        and all(
            study.may_use(each) and not _names_others(study, each, depth + 1) for each in family(path) if each != file
        )
        for path in paths
    )
