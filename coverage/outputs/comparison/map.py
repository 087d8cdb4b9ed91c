"""comparison_map.html: villages by what became of them, communes beneath, in one document that opens anywhere."""

from typing import Any

from coverage.columns.changes import class_columns
from coverage.columns.words import ANY, CHANGES, MATCHES, SIGNAL_CLASSES, STATUSES
from coverage.outputs.comparison.signal_before_after import signal_before_after
from coverage.outputs.comparison.words import CHANGE_COLOURS, remarks, summary
from coverage.outputs.web_map.data import BORDER_TOLERANCE_M
from coverage.outputs.web_map.lines import encode_areas
from coverage.outputs.web_map.page import SHARED_SCRIPTS, render_page
from coverage.outputs.web_map.pictures import CLASS_COLOURS
from coverage.outputs.web_map.text import PHRASES
from coverage.outputs.web_map.values import main_view, rounded, strings
from coverage.outputs.wording import LANGUAGES, Wording
from coverage.result import Comparison

_SCRIPTS = (*SHARED_SCRIPTS, "swipe", "changes", "before_after", "changes_panel", "changes_start")
_VIETNAM = [[8.2, 102.0], [23.5, 110.0]]
_OWN = {
    "as_of": ("Hai kỳ", "From, to"),
    "search": ("Tìm thôn/bản, xã", "Find a village or commune"),
    "headline": ("thôn/bản thoát trắng hoặc tốt lên", "villages better or newly covered"),
    "headline_worse": ("thôn/bản mới trắng sóng hoặc kém đi", "villages worse or newly dead"),
    "gained": ("Số hộ có sóng tăng thêm", "Households with signal, gained"),
    "filters": ("Lọc", "Filter"),
    "layer_villages": ("Thôn/bản theo biến động", "Villages by change"),
    "layer_communes": ("Số hộ có sóng tăng, giảm theo xã", "Households gained or lost by commune"),
    "before": ("Kỳ trước", "Before"),
    "now": ("Kỳ này", "Now"),
    "old_name": ("Tên kỳ trước", "Name before"),
    "old_commune": ("Xã/phường kỳ trước", "Commune before"),
    "at_centre": ("Sóng tại trung tâm", "Signal at the centre"),
    "households_covered": ("Số hộ có sóng", "Households with signal"),
    "renamed": ("Đổi tên", "Renamed"),
    "remarks": ("Lưu ý khi so sánh", "Before comparing"),
    "about": ("Về bản đồ này", "About this map"),
    "view": ("Cách xem", "View"),
    "view_changes": ("Biến động", "What changed"),
    "view_swipe": ("Kéo thanh chia: kỳ trước | kỳ này", "Drag the divider: before | now"),
    "signal_any": ("Sóng của bất kỳ nhà mạng", "Signal of any operator"),
    "no_signal_layer": ("Không hiện", "Not shown"),
    "status_before_after": ("Tình trạng thôn/bản của từng kỳ", "Status of villages in each result"),
}


def render_comparison(comparison: Comparison, say: Wording) -> str:
    """
    Draw the map of a comparison.

    Parameters
    ----------
    comparison
        Two runs; communes without borders are left out of it.
    say
        The language in which the page opens; the reader can switch.

    Returns
    -------
    str
        One HTML document without anything from elsewhere; the same comparison gives the same text.
    """
    title = f"{say.word('comparison.title')} – {comparison.new.study.study.name}"
    return render_page(_data(comparison), title=title, language=say.language, scripts=_SCRIPTS)


def _data(comparison: Comparison) -> dict[str, Any]:
    about = comparison.new.study.study
    counts = summary(comparison)
    return {
        "meta": {"title": about.name, "province": about.province, "source": about.source},
        "texts": _texts(comparison),
        "changes": [
            {"id": change, "colour": CHANGE_COLOURS[change], "villages": villages, "households": households}
            for change, villages, households in zip(
                counts["change"], counts["villages"].tolist(), counts["households"].tolist(), strict=True
            )
        ],
        "operators": comparison.operators["operator"].tolist(),
        "view": main_view(comparison.villages) or _view_of_communes(comparison),
        "villages": _villages(comparison),
        "sites": {"id": []},
        "classColours": CLASS_COLOURS,
        "signal": signal_before_after(comparison),
        "inService": list(comparison.new.in_service),
        **_communes(comparison),
    }


def _villages(comparison: Comparison) -> dict[str, list[Any]]:
    rows = comparison.villages
    at = {code: place for place, code in enumerate(comparison.communes["commune_code"]) if isinstance(code, str)}
    statuses = {status: place for place, status in enumerate(STATUSES)}
    columns: dict[str, list[Any]] = {
        "name": strings(rows["name"]),
        "oldName": strings(rows["old_name"].where(rows["old_name"] != rows["name"])),
        "commune": [at.get(code, -1) for code in rows["commune_code"]],
        "oldCommune": strings(rows["old_commune_name"].where(rows["old_commune_name"] != rows["commune_name"])),
        "lon": rounded(rows["lon"], 5),
        "lat": rounded(rows["lat"], 5),
        "change": [CHANGES.index(change) for change in rows["change"]],
        "match": [MATCHES.index(match) for match in rows["match"]],
        "statusOld": [statuses.get(status, -1) for status in rows["status_old"]],
        "statusNew": [statuses.get(status, -1) for status in rows["status_new"]],
        "reason": strings(rows["reason_new"].where(rows["reason_new"].notna(), rows["reason_old"])),
    }
    for name in (
        "households",
        "households_old",
        "households_covered_old",
        "households_covered_new",
        "households_gained",
    ):
        columns[name] = rounded(rows[name], 0)
    classes = {name: place for place, name in enumerate(SIGNAL_CLASSES)}
    for operator in comparison.operators["operator"]:
        before, now = ([classes.get(word, -1) for word in rows[name]] for name in class_columns(operator))
        columns[f"class_{operator}"] = [list(pair) for pair in zip(before, now, strict=True)]
    return columns


def _communes(comparison: Comparison) -> dict[str, Any]:
    rows = comparison.communes[comparison.communes["commune_code"].notna()]
    shapes, outline = encode_areas(rows.to_crs(rows.estimate_utm_crs()) if rows.geometry.notna().any() else rows,
                                   tolerance_m=BORDER_TOLERANCE_M)  # fmt: skip
    columns = {
        "code": strings(rows["commune_code"]),
        "name": strings(rows["commune_name"]),
        "old": strings(rows["old_communes"]),
        "shape": shapes,
        **{name: rounded(rows[name], 0) for name in ("villages", *CHANGES, "households_gained")},
    }
    return {"communes": columns, "outline": outline}


def _view_of_communes(comparison: Comparison) -> list[list[float]]:
    west, south, east, north = comparison.communes.total_bounds
    return [[float(south), float(west)], [float(north), float(east)]] if north == north else _VIETNAM


def _texts(comparison: Comparison) -> dict[str, dict[str, Any]]:
    found = {}
    old, new = comparison.old, comparison.new
    for at, language in enumerate(LANGUAGES):
        say = Wording(language, new.study)
        reasons = {str(code) for name in ("reason_old", "reason_new") for code in comparison.villages[name].dropna()}
        found[language] = {
            **{key: pair[at] for key, pair in (PHRASES | _OWN).items()},
            "statuses": [say.status(code) for code in STATUSES],
            "changes": [say.word(f"change.{change}") for change in CHANGES],
            "classes": [say.word(f"signal.{name}") for name in SIGNAL_CLASSES],
            "reasons": {code: say.reason(code) for code in sorted(reasons)},
            "operatorNames": {name: say.operator(name) for name in (*comparison.operators["operator"], ANY)},
            "compared": say.word("comparison.title"),
            "dates": say.word("comparison.dates", old=say.date(old.as_of), new=say.date(new.as_of)),
            "definitions": new.definition_id if old.definition_id == new.definition_id
            else f"{old.definition_id} → {new.definition_id}",
            "remarkTexts": remarks(comparison, say),
        }  # fmt: skip
    return found
