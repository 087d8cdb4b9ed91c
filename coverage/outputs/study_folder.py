"""A new study folder: a coverage.toml that explains itself, tables to fill in, or the bundled sample."""

import datetime
import shutil
import tempfile
import textwrap
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from coverage.columns.inputs import INPUTS
from coverage.errors import OutputError
from coverage.outputs.settings_list import Setting, room_about, rooms, toml
from coverage.outputs.workbooks.table_templates import table_template
from coverage.settings.layers import LayerPaths
from coverage.settings.radio import default_technologies

TEMPLATES = ("villages", "sites", "housing", "fiber_nodes", "candidates", "proposals", "crosswalk", "official")
"""Layers that may be tables."""
_LAYERS = {
    "communes": "data/boundaries/communes.gpkg",
    "villages": "data/boundaries/villages.xlsx",
    "sites": "data/sites/bts.xlsx",
    "terrain": "data/terrain/terrain.tif",
    "housing": "data/boundaries/housing.xlsx",
    "buildings": "data/boundaries/buildings.gpkg",
    "population": "data/boundaries/population.tif",
    "village_areas": "data/boundaries/village_areas.gpkg",
    "fiber_routes": "data/sites/fiber_routes.gpkg",
    "fiber_nodes": "data/sites/fiber_nodes.xlsx",
    "roads": "data/infrastructure/roads.gpkg",
    "power_lines": "data/infrastructure/power_lines.gpkg",
    "rivers": "data/infrastructure/rivers.gpkg",
    "candidates": "data/sites/candidates.xlsx",
    "proposals": "data/sites/proposals.xlsx",
    "land_cover": "data/terrain/land_cover.tif",
    "crosswalk": "data/boundaries/crosswalk.xlsx",
    "official": "data/boundaries/official.xlsx",
    "measurements": "data/sites/measurements.csv",
    "published_shares": "data/boundaries/published_shares.csv",
    "antennas": "data/sites/antennas",
}
_EXAMPLES = {"columns": '# households = "Tổng số hộ 2025"', "crs": '# villages = "EPSG:9206"'}
"""Of the rooms whose names are the planner's own."""
_HEAD = {
    "vi": (
        "Thiết lập của một lần đánh giá phủ sóng.",
        "Dòng bắt đầu bằng “#: ” là giá trị mặc định: bỏ “#: ” rồi sửa để thay đổi. Dòng bắt đầu bằng “# ” là giải "
        "thích hoặc ví dụ. Trong [ ] là giá trị cho phép, đơn vị và căn cứ của giá trị mặc định.",
        "",
    ),
    "en": (
        "Settings of a coverage study.",
        'A line that starts with "#: " shows a default: remove "#: " and change it. A line that starts with "# " '
        "explains, or is an example. In [ ] stand what is allowed, the unit, and where the default comes from.",
        "",
    ),
}
_FILL = {
    "vi": (
        "Chép ranh giới xã vào {communes_file} và địa hình vào {terrain_file}; tệp có tên hoặc định dạng khác thì sửa "
        "đường dẫn ở mục [layers] của coverage.toml.",
        "Điền {villages_file} (thôn/bản) và {sites_file} (trạm); trang “Ghi chú” của mỗi tệp giải thích từng cột.",
        "Mở coverage.toml: ghi tên, tên tỉnh và đơn vị cung cấp số liệu; bỏ “# ” trước các lớp quý vị có thêm.",
    ),
    "en": (
        "Copy the communes to {communes_file} and the terrain to {terrain_file}; for files of another name or format "
        "change the path under [layers] in coverage.toml.",
        "Fill in {villages_file} and {sites_file} (masts); the sheet Notes of each explains every column.",
        'Open coverage.toml: give the title, the province and who supplied the data; remove "# " before the layers '
        "that you also have.",
    ),
}
_RUN = {
    "vi": (
        "Kiểm tra số liệu: coverage check {dir}",
        "Tính toán: coverage analyze {dir}",
        "Mở coverage_map.html trong thư mục kết quả (maps) bằng trình duyệt.",
    ),
    "en": (
        "Check the data: coverage check {dir}",
        "Do the analysis: coverage analyze {dir}",
        "Open coverage_map.html in the folder of the results (maps) with a browser.",
    ),
}


def make_study_folder(folder: Path, *, sample: bool = False, language: str = "vi") -> list[Path]:
    """
    Make a study folder that a planner can fill in.

    Parameters
    ----------
    folder
        New or empty.
    sample
        Fill it with the bundled sample province instead of empty tables.
    language
        `vi` or `en`, of the tables and of the study; the sample keeps its own.

    Returns
    -------
    list of Path
        What was made, files only.

    Raises
    ------
    OutputError
        The folder holds something already, or cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise OutputError(f"{folder}: is not an empty folder; choose another, so that nothing is overwritten.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as draft:
            study = Path(draft) / "study"
            _copy_sample(study) if sample else _write_templates(study, language)
            made = sorted(file.relative_to(study) for file in study.rglob("*") if file.is_file())
            if folder.exists():
                folder.rmdir()
            study.rename(folder)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be written ({error.strerror}); choose a folder you may write to."
        ) from None
    return [folder / file for file in made]


def _copy_sample(study: Path) -> None:
    """Copy the sample from the installed package, or from the checkout that we run in."""
    packaged = Path(str(files("coverage"))) / "sample"
    source = packaged if packaged.is_dir() else packaged.parents[1]
    if not (source / "coverage.toml").is_file():
        raise OutputError("the bundled sample is not installed; install coverage-planner again.")
    shutil.copytree(source / "data", study / "data")
    shutil.copy(source / "coverage.toml", study)


def _write_templates(study: Path, language: str) -> None:
    for name in _LAYERS.values():
        (study / name).parent.mkdir(parents=True, exist_ok=True)
    for layer in TEMPLATES:
        content = table_template(INPUTS[layer], language, day=datetime.date.today())
        (study / _LAYERS[layer]).write_bytes(content)
    (study / "coverage.toml").write_text("\n".join(settings_text(language)) + "\n", encoding="utf-8")


def next_steps(folder: Path, *, sample: bool, language: str) -> list[str]:
    """
    Return what to do with a new study folder, one step a line.

    Parameters
    ----------
    folder
        As the commands will name it.
    sample
        It holds the bundled sample, so that nothing is to be filled in.
    language
        `vi` or `en`.
    """
    named = f'"{folder}"' if " " in str(folder) else str(folder)
    steps = (() if sample else _FILL[language]) + _RUN[language]
    files = {f"{name}_file": _LAYERS[name] for name in LayerPaths.model_fields}
    return [f"{number}. {step.format(dir=named, **files)}" for number, step in enumerate(steps, start=1)]


def settings_text(language: str) -> Iterator[str]:
    """Write every setting with meaning, range, default and origin, in `vi` or `en`; defaults stand commented out."""
    yield from _comment(*_HEAD[language], *next_steps(Path("."), sample=False, language=language))
    for room, settings in rooms().items():
        if room:
            yield ""
            yield from _comment(room_about(room, language))
        if room == "technologies.*":
            yield from _technologies(settings, language)
            continue
        if room:
            yield f"[{room}]" if settings else f"# [{room}.villages]" if room == "columns" else f"# [{room}]"
        if room in _EXAMPLES:
            yield _EXAMPLES[room]
        for setting in settings:
            yield from _said(setting, language)
            if room == "layers":
                needed = LayerPaths.model_fields[setting.name].is_required()
                yield f'{"" if needed else "# "}{setting.name} = "{_LAYERS[setting.name]}"'
            elif setting.key == "study.language" and language != setting.default:
                yield f'language = "{language}"'
            elif setting.default in (None, "") and setting.example is not None:
                yield f"# {setting.name} = {toml(setting.example)}"
            elif setting.default is not None:
                yield f"#: {setting.name} = {toml(setting.default)}"


def _technologies(settings: list[Setting], language: str) -> Iterator[str]:
    """Write the defaults of every technology; what they mean stands with the first."""
    for number, (technology, row) in enumerate(default_technologies().items()):
        yield from ([""] if number else [])
        yield f"[technologies.{technology}]"
        for setting in settings:
            if number == 0:
                yield from _said(setting, language)
            value = getattr(row, setting.name)
            if value is not None:
                yield f"#: {setting.name} = {toml(value)}"


def _said(setting: Setting, language: str) -> Iterator[str]:
    """Write what a setting is, may hold, and where its default comes from, as comments."""
    yield ""
    held = "; ".join(filter(None, (setting.limits(language), setting.source(language))))
    yield from _comment(f"{setting.meaning(language)} [{held}]" if held else setting.meaning(language))


def _comment(*lines: str) -> Iterator[str]:
    for line in lines:
        yield from textwrap.wrap(line, 110, initial_indent="# ", subsequent_indent="#    ", break_on_hyphens=False) or [
            "#"
        ]
