"""What the web map says, in Vietnamese and English; what other papers say too comes from wording.py."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from coverage.columns.results import VILLAGES
from coverage.columns.words import ANY, FIBER_STATUSES, STATUSES
from coverage.outputs.definitions import calibrated, place
from coverage.outputs.site_plan.words import SITE_PLAN_WORDS
from coverage.outputs.web_map.layer_words import LAYER_PHRASES
from coverage.outputs.web_map.shades import HOUSEHOLDS_DEAD
from coverage.outputs.web_map.use_words import HOUSEHOLDS_FROM, USE_PHRASES
from coverage.outputs.wording import LANGUAGES, Wording
from coverage.result import Result

PHRASES = {
    "language": ("English", "Tiếng Việt"),
    "language_label": ("Chuyển sang tiếng Anh", "Switch to Vietnamese"),
    "as_of": ("Thời điểm đánh giá", "As of"),
    "definition": ("Định nghĩa", "Definition"),
    "source": ("Nguồn số liệu", "Source"),
    "partner": ("Bản dành cho đối tác: {operator}", "Partner edition: {operator}"),
    "partner_note": (
        "Không gồm trạm và tuyến cáp của nhà mạng khác; vị trí nhạy cảm làm tròn {metres} m.",
        "Without other operators' sites and fiber; sensitive sites rounded to {metres} m.",
    ),
    "offline": ("Mọi dữ liệu nằm trong tệp này; không cần mạng.", "Everything is in this file; no network needed."),
    "model_note": (
        "Mức thu là kết quả tính toán {where}, theo mô hình truyền sóng trên địa hình, không phải số đo.",
        "Levels are predicted {where}, by a propagation model over the terrain; they are not measurements.",
    ),
    "search": ("Tìm thôn/bản, xã, trạm", "Find a village, commune or site"),
    "search_hint": ("Gõ có dấu hoặc không dấu", "With or without accents"),
    "found": ("{count} kết quả", "{count} results"),
    "nothing_found": ("Không tìm thấy", "Nothing found"),
    "panel": ("Bảng điều khiển", "Panel"),
    "show_panel": ("Số liệu và lớp bản đồ", "Figures and layers"),
    "hide_panel": ("Thu gọn", "Close panel"),
    "villages": ("Thôn/bản", "Villages"),
    "village": ("Thôn/bản", "Village"),
    "commune": ("Xã/phường", "Commune"),
    "site": ("Trạm", "Site"),
    "headline": ("thôn/bản không trắng sóng", "of villages are not dead zones"),
    "strict": ("đã phủ sóng đầy đủ", "fully covered"),
    "of": ("{part} trên {all}", "{part} of {all}"),
    "households_in": ("{count} hộ", "{count} households"),
    "filters": ("Lọc thôn/bản", "Filter villages"),
    "all_communes": ("Mọi xã/phường", "All communes"),
    "power_filter": ("Điện lưới", "Grid power"),
    "power_all": ("Có hoặc chưa có điện lưới", "With or without grid power"),
    "power_yes": ("Có điện lưới", "With grid power"),
    "power_no": ("Chưa có điện lưới", "Without grid power"),
    "verify_only": ("Chỉ thôn/bản cần xác minh", "Only villages to verify"),
    "reset": ("Bỏ lọc", "Clear filters"),
    "signal": ("Mức sóng", "Signal"),
    "technology": ("Công nghệ", "Technology"),
    "operator": ("Nhà mạng", "Operator"),
    "show_signal": ("Hiện lớp mức sóng", "Show signal"),
    "opacity": ("Độ đậm", "Opacity"),
    "class_good": ("Tốt", "Good"),
    "class_weak": ("Yếu", "Weak"),
    "class_none": ("Không có sóng", "No signal"),
    "class_unknown": ("Không tính toán", "Not modelled"),
    "off_service": ("đã ngừng cung cấp", "out of service"),
    "layers": ("Lớp bản đồ", "Map layers"),
    "layer_villages": ("Thôn/bản theo tình trạng", "Villages by status"),
    "layer_communes": ("Xã/phường theo chỉ tiêu", "Communes by indicator"),
    "layer_borders": ("Ranh giới và tên xã", "Commune borders and names"),
    "layer_sites": ("Vị trí trạm", "Sites"),
    "layer_routes": ("Tuyến cáp quang", "Fiber routes"),
    "layer_ranked": ("Vị trí đề xuất xây trạm", "Ranked new sites"),
    "layer_plan": ("Cáp quang đề xuất", "Planned fiber"),
    "layer_roads": ("Đường giao thông", "Roads"),
    "layer_relief": ("Địa hình", "Relief"),
    "layer_tiles": ("Bản đồ nền trực tuyến", "Online background map"),
    "shared_site": ("Nhiều nhà mạng", "Several operators"),
    "about": ("Về bản đồ này", "About this map"),
    "status": ("Tình trạng", "Status"),
    "why": ("Vì sao", "Why"),
    "verify": ("Cần xác minh vị trí", "Location to be verified"),
    "level_at_centre": ("Mức thu tại trung tâm (dBm)", "Level at the centre (dBm)"),
    "any": ("Tốt nhất", "Best"),
    "not_modelled": ("không tính", "not modelled"),
    "former_commune": ("Xã cũ", "Former commune"),
    "households": ("Số hộ", "Households"),
    "households_covered": ("Số hộ có sóng", "Households with signal"),
    "people": ("Số khẩu", "People"),
    "power": ("Điện lưới", "Grid power"),
    "programme": ("Chương trình viễn thông công ích", "Public-utility programme"),
    "fiber": ("Cáp quang", "Fiber"),
    "route_passes": ("có tuyến đi qua", "a route passes"),
    "nearest_site": ("Trạm gần nhất", "Nearest site"),
    "coordinates": ("Tọa độ WGS 84", "WGS 84 coordinates"),
    "no_point": ("Chưa có tọa độ, không thể hiện trên bản đồ", "No coordinates: not on the map"),
    "unplaced": ("{count} thôn/bản chưa có tọa độ", "{count} villages without coordinates"),
    "stations": ("{count} trạm (theo công nghệ)", "{count} stations (per technology)"),
    "freq": ("MHz", "MHz"),
    "azimuth": ("Hướng", "Azimuth"),
    "height": ("Cao anten", "Antenna height"),
    "rank": ("Hạng {rank}", "Rank {rank}"),
    "new_households": ("Số hộ được phủ mới", "Households newly covered"),
    "in_dead": ("ở thôn/bản trắng sóng", "in dead villages"),
    "in_weak": ("ở thôn/bản lõm sóng", "in weak villages"),
    "cumulative": ("Lũy kế số hộ", "Households so far"),
    "cost": ("Chi phí (USD)", "Cost (USD)"),
    "cost_range": ("{central} (từ {low} đến {high})", "{central} (from {low} to {high})"),
    "backhaul": ("Truyền dẫn", "Backhaul"),
    "helped": ("Thôn/bản được phủ", "Villages helped"),
    "resolved": ("Từ đó phủ sóng đầy đủ", "Covered from then on"),
    "improved": ("Từ đó trắng thành lõm sóng", "Weak instead of dead from then on"),
    "connected": ("Thôn/bản được kết nối", "Villages connected"),
    "length": ("Chiều dài", "Length"),
    "route": ("Tuyến cáp", "Fiber route"),
    "yes": ("Có", "Yes"),
    "no": ("Không", "No"),
    "unknown": ("chưa rõ", "not known"),
    "close": ("Đóng", "Close"),
    "zoom_in": ("Phóng to", "Zoom in"),
    "zoom_out": ("Thu nhỏ", "Zoom out"),
    "home": ("Về toàn tỉnh", "Whole province"),
    "map": ("Bản đồ", "Map"),
    **LAYER_PHRASES,
    **USE_PHRASES,
}


def texts(result: Result, operators: list[str], shades: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """
    Return everything that the page says.

    Parameters
    ----------
    result
        Supplies codes and thresholds that occur in sentences.
    operators
        Operators that the map shows.
    shades
        What communes can be shaded by (`web_map.shades`).

    Returns
    -------
    dict
        Language -> phrases by key (with `{name}` where the page fills in), beside the wording of codes: `statuses` and
        `fibers` in the order of `coverage.columns`, `reasons` (and
        `cluster_reason` where the number is known), `kinds`, `backhauls`, `powers`, `accesses`, `operatorNames`,
        `shades` in their order, `asOfDate`, `householdsFrom`, and `headings` of the table of villages.
    """
    found = {}
    for at, language in enumerate(LANGUAGES):
        wording = Wording(language, result.study)
        reasons = _codes(pd.concat([result.villages["reason"], result.village_statuses["reason"]]))
        found[language] = {
            **{key: pair[at] for key, pair in PHRASES.items()},
            "model_note": model_note(result, wording),
            "statuses": [wording.status(code) for code in STATUSES],
            "fibers": [wording.fiber(code) for code in FIBER_STATUSES],
            "reasons": {code: wording.reason(code) for code in reasons},
            "cluster_reason": wording.pattern("reason.unserved_cluster.n"),
            "kinds": {code: wording.word(f"kind.{code}") for code in ("upgrade", "proposed", "new")},
            "backhauls": {code: _planned("backhaul", code, at) for code in _codes(result.ranked_sites["backhaul"])},
            "operatorNames": {name: wording.operator(name) for name in (ANY, *operators)},
            "powers": {code: _planned("power", code, at) for code in _codes(result.ranked_sites["power"])},
            "accesses": {code: _planned("access", code, at) for code in _codes(result.ranked_sites["access"])},
            "shades": [_shade(shade, wording, at) for shade in shades],
            "asOfDate": wording.date(result.as_of),
            "headings": VILLAGES.headings(language),
            "householdsFrom": {code: pair[at] for code, pair in HOUSEHOLDS_FROM.items()},
        }
    return found


def model_note(result: Result, say: Wording) -> str:
    """Return what the levels are, and what they are not."""
    at, how = 0 if say.vi else 1, calibrated(result, say)
    note = PHRASES["model_note"][at].format(where=place(result, say))
    return f"{note} {('Mức thu đã hiệu chỉnh', 'Levels are calibrated')[at]} {how}." if how else note


def _codes(column: pd.Series) -> list[str]:
    return sorted({str(code) for code in column.dropna().unique()})


def _planned(prefix: str, code: str, language_at: int) -> str:
    """Return the wording of a code of planning; one that has none is shown as it is."""
    pair = SITE_PLAN_WORDS.get(f"{prefix}.{code}")
    return code if pair is None else pair[language_at]


def _shade(shade: Mapping[str, Any], wording: Wording, language_at: int) -> str:
    if shade["id"] == HOUSEHOLDS_DEAD:
        return ("Số hộ ở thôn/bản trắng sóng", "Households in dead villages")[language_at]
    said = wording.word(f"indicator.{shade['id']}")
    return f"{said} {wording.technology(shade['technology'])}".strip()
