"""How codes, numbers and dates are said to people, in Vietnamese and English. Once, for every paper and the map."""

import datetime
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from pandas.api.typing import NAType

from coverage.columns.words import FIBER_EN, FIBER_VI, STATUS_EN, STATUS_VI
from coverage.errors import OutputError
from coverage.outputs.calibration.words import CALIBRATION_WORDS
from coverage.outputs.report.words import REPORT_WORDS
from coverage.outputs.workbooks.reconciliation_words import RECONCILIATION_WORDS
from coverage.study import Study

LANGUAGES = ("vi", "en")
NOT_MODELLED = "–"

_WORDS = {
    # Why a village has its status; {percent}, {cluster} and {technologies} come from the study.
    "reason.no_signal": ("Không có sóng tại trung tâm thôn/bản", "No signal at the village centre"),
    "reason.signal_switched_off": (
        "Chỉ còn sóng công nghệ đã ngừng cung cấp ({switched_off})",
        "Only signal of a technology out of service ({switched_off})",
    ),
    "reason.weak_centre": ("Sóng yếu tại trung tâm thôn/bản", "Weak signal at the village centre"),
    "reason.share_below": ("Dưới {percent}% số hộ có sóng", "Fewer than {percent}% of households have signal"),
    "reason.unserved_cluster": (
        "Có cụm dân cư từ {cluster} hộ trở lên không có sóng",
        "A cluster of {cluster} households or more has no signal",
    ),
    "reason.unserved_cluster.n": (
        "Cụm {households} hộ không có sóng",
        "A cluster of {households} households has no signal",
    ),
    "reason.no_point": ("Chưa có tọa độ hợp lệ", "No usable coordinates"),
    "reason.no_terrain": ("Thiếu dữ liệu địa hình", "Terrain data missing"),
    "reason.covered": ("Có sóng tại trung tâm và khu dân cư", "Signal at the centre and the housing"),
    # Beside the reason.
    "note.to_verify": ("cần xác minh vị trí", "location to be verified"),
    "note.no_power": ("chưa có điện lưới", "no grid power"),
    "note.programme": ("thuộc chương trình viễn thông công ích", "in the public-utility programme"),
    # Short words of the lists.
    "brief.dead": ("trắng", "dead"),
    "brief.weak": ("lõm", "weak"),
    "brief.covered": ("đã phủ", "covered"),
    "brief.not_assessed": ("chưa đánh giá", "not assessed"),
    "signal.good": ("tốt", "good"),
    "signal.weak": ("yếu", "weak"),
    "signal.none": ("không", "none"),
    "signal.unknown": (NOT_MODELLED, NOT_MODELLED),
    "yes": ("có", "yes"),
    "no": ("không", "no"),
    "nobody": ("không có", "none"),
    "operator.all": ("Tất cả nhà mạng", "All operators"),
    # Files that a study names.
    "layer.communes": ("Ranh giới xã/phường", "Commune boundaries"),
    "layer.villages": ("Thôn/bản", "Villages"),
    "layer.housing": ("Nhà ở", "Housing"),
    "layer.buildings": ("Công trình, nhà (vị trí)", "Buildings"),
    "layer.population": ("Bản đồ dân số", "Population raster"),
    "layer.village_areas": ("Ranh giới thôn/bản", "Areas of villages"),
    "layer.sites": ("Trạm BTS", "Base stations"),
    "layer.terrain": ("Địa hình (DEM)", "Terrain (DEM)"),
    "layer.fiber_routes": ("Tuyến cáp quang", "Fiber routes"),
    "layer.fiber_nodes": ("Nút cáp quang", "Fiber nodes"),
    "layer.roads": ("Đường bộ", "Roads"),
    "layer.power_lines": ("Lưới điện", "Power lines"),
    "layer.rivers": ("Sông, suối", "Rivers"),
    "layer.candidates": ("Vị trí đề xuất", "Proposed positions"),
    "layer.proposals": ("Vị trí đã quyết định", "Positions decided on"),
    "layer.official": ("Danh sách chính thức", "Official list"),
    # Planning.
    "kind.upgrade": ("Nâng cấp", "Upgrade"),
    "kind.proposed": ("Vị trí đề xuất", "Proposed site"),
    "kind.new": ("Trạm mới", "New site"),
    "backhaul.fiber": ("Cáp quang", "Fiber"),
    "backhaul.microwave": ("Vi ba", "Microwave"),
    "backhaul.satellite": ("Vệ tinh", "Satellite"),
    "backhaul.existing": ("Sẵn có", "Existing"),
    "backhaul.none": ("Chưa có", "None"),
    "proposal.upgrade": (
        "Nâng cấp {technology} tại trạm {site} (hạng {rank})",
        "Upgrade to {technology} at site {site} (rank {rank})",
    ),
    "proposal.proposed": (
        "Trạm {technology} tại vị trí đề xuất, hạng {rank} ({site})",
        "{technology} at the proposed position, rank {rank} ({site})",
    ),
    "proposal.new": ("Trạm {technology} mới, hạng {rank} ({site})", "New {technology} site, rank {rank} ({site})"),
    "proposal.fiber": ("kéo cáp quang, hạng {rank} ({km} km)", "fiber extension, rank {rank} ({km} km)"),
    # Indicators.
    "indicator.villages": ("Tổng số thôn/bản", "Villages"),
    "indicator.villages_assessed": ("Thôn/bản được đánh giá", "Villages assessed"),
    "indicator.villages_with_signal": ("Thôn/bản có sóng di động", "Villages with mobile signal"),
    "indicator.villages_covered": ("Thôn/bản đã phủ sóng đầy đủ", "Villages fully covered"),
    "indicator.villages_dead": ("Thôn/bản trắng sóng", "Dead villages"),
    "indicator.villages_weak": ("Thôn/bản lõm sóng (trong số không trắng sóng)", "Weak villages (of those not dead)"),
    "indicator.villages_with_technology": ("Thôn/bản có sóng", "Villages with signal"),
    "indicator.households_with_signal": ("Hộ có sóng di động", "Households with mobile signal"),
    "indicator.villages_with_power": ("Thôn/bản có điện lưới", "Villages with grid power"),
    "indicator.villages_dead_with_power": ("Thôn/bản trắng sóng có điện lưới", "Dead villages with grid power"),
    "indicator.villages_with_fiber": ("Thôn/bản có cáp quang", "Villages with fiber"),
    "indicator.villages_near_fiber": ("Thôn/bản gần cáp quang", "Villages near fiber"),
    "indicator.households_with_fiber": ("Hộ ở thôn/bản có cáp quang", "Households in villages with fiber"),
    "indicator.commune_centres_with_good_4g": ("Trung tâm xã/phường có 4G tốt", "Commune centres with good 4G"),
    "indicator.commune_centres_with_signal": ("Trung tâm xã/phường có sóng", "Commune centres with signal"),
    "indicator.former_centres_with_good_4g": ("Trung tâm xã cũ có 4G tốt", "Former commune centres with good 4G"),
    "indicator.former_centres_with_signal": ("Trung tâm xã cũ có sóng", "Former commune centres with signal"),
    "indicator.former_centres_with_fiber": ("Trung tâm xã cũ có cáp quang", "Former commune centres with fiber"),
    "indicator.commune_centres_with_fiber": ("Trung tâm xã/phường có cáp quang", "Commune centres with fiber"),
    "indicator.positions": ("Vị trí trạm", "Positions of masts"),
    "indicator.stations": ("Trạm (đếm theo công nghệ)", "Stations (counted per technology)"),
    "indicator.fiber_routes": ("Tuyến cáp quang", "Fiber routes"),
    "indicator.fiber_km": ("Chiều dài cáp quang (km)", "Length of fiber (km)"),
    # Two runs.
    "change.newly_covered": ("Mới phủ sóng", "Newly covered"),
    "change.better": ("Tốt lên", "Better"),
    "change.newly_dead": ("Mới trắng sóng", "Newly dead"),
    "change.worse": ("Kém đi", "Worse"),
    "change.unchanged": ("Không đổi", "Unchanged"),
    "change.not_comparable": ("Không so sánh được", "Not comparable"),
    "change.appeared": ("Mới xuất hiện", "Appeared"),
    "change.vanished": ("Không còn trong danh sách", "Vanished"),
    "match.same": ("như cũ", "same"),
    "match.renamed": ("đổi tên", "renamed"),
    "match.appeared": ("mới", "new"),
    "match.vanished": ("không còn", "gone"),
    "comparison.title": ("So sánh hai kỳ kết quả", "Two results compared"),
    "comparison.dates": ("{old} → {new}", "{old} → {new}"),
    "comparison.definitions": (
        "Hai kỳ theo định nghĩa khác nhau: {old} → {new}. Chênh lệch do định nghĩa không phải là tiến bộ.",
        "The results are under different definitions: {old} → {new}. What differs by definition is no progress.",
    ),
    "comparison.rules": (
        "Hai kỳ cùng mã định nghĩa {new} nhưng ngưỡng khác nhau. Chênh lệch do ngưỡng không phải là tiến bộ.",
        "The results carry one definition, {new}, with different thresholds. What differs by them is no progress.",
    ),
    "comparison.order": (
        "Kỳ trước ({old}) muộn hơn kỳ này ({new}): có thể đã đảo thứ tự hai thư mục.",
        "OLD ({old}) is later than NEW ({new}): the two folders may have been swapped.",
    ),
    "comparison.in_service": (
        "Công nghệ còn hoạt động khác nhau: {old} → {new}. Thôn/bản có thể đổi tình trạng do tắt sóng.",
        "Technologies in service differ: {old} → {new}. A village may have changed because one was switched off.",
    ),
    "comparison.grid": (
        "Lưới tính toán khác nhau: {old} → {new}.",
        "The grids differ: {old} → {new}.",
    ),
    "comparison.radio": (
        "Thiết lập truyền sóng khác nhau: {names}. Mức thu có thể đổi mà mạng không đổi.",
        "Settings of the propagation differ: {names}. Levels may have changed where the network has not.",
    ),
    # A fiber plan beside the same places joined in simpler ways.
    "fiber.plan": ("Phương án: {km} km, {usd} USD.", "The plan: {km} km, {usd} USD."),
    "fiber.tree": ("Cây khung nhỏ nhất cho cùng các điểm: {km} km, {usd} USD.",
                   "A minimum spanning tree over the same places: {km} km, {usd} USD."),
    "fiber.alone": ("Kéo riêng từng điểm: {km} km, {usd} USD.",
                    "Each place by a trench of its own: {km} km, {usd} USD."),
    "fiber.gap": ("Sai lệch đã chứng minh so với tối ưu: {percent}%.", "Proven gap to the best possible: {percent}%."),
    "fiber.unproven": ("Chưa chứng minh được sai lệch so với tối ưu.", "How far from the best possible is not proven."),
    "fiber.cheapest": ("Ngân sách không đủ: điểm rẻ nhất cần {usd} USD.",
                       "The budget is too small: the cheapest place takes {usd} USD."),
    # Steps of a run.
    "step.write": ("Ghi kết quả", "Writing results"),
    **RECONCILIATION_WORDS,
    **CALIBRATION_WORDS,
    **REPORT_WORDS,
}  # fmt: skip

_OPERATORS = {
    "any": ("Bất kỳ nhà mạng", "Any operator"),
    "viettel": ("Viettel", "Viettel"),
    "vnpt": ("VNPT", "VNPT"),
    "vinaphone": ("VinaPhone", "VinaPhone"),
    "mobifone": ("MobiFone", "MobiFone"),
    "vietnamobile": ("Vietnamobile", "Vietnamobile"),
    "gtel": ("Gtel", "Gtel"),
    "gmobile": ("Gmobile", "Gmobile"),
    "itel": ("iTel", "iTel"),
    "fpt": ("FPT", "FPT"),
    "sctv": ("SCTV", "SCTV"),
    "cmc": ("CMC", "CMC"),
}
"""Key of an operator in the data -> name as it writes itself."""


_TO_VIETNAMESE = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class Wording:
    """
    Says things in one language.

    Parameters
    ----------
    language
        `vi` or `en`.
    study
        Supplies the thresholds that appear in sentences.

    Raises
    ------
    OutputError
        Another language.
    """

    language: str
    study: Study

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise OutputError(f"language {self.language!r} is unknown; one of {', '.join(LANGUAGES)} is expected.")

    @property
    def vi(self) -> bool:
        """Whether the language is Vietnamese."""
        return self.language == "vi"

    def word(self, key: str, **values: object) -> str:
        """Return a phrase by its key; a code that has none, such as a new `reason`, is shown as it is."""
        return self.pattern(key).format(**values) if key in _WORDS else key.partition(".")[2] or key

    def pattern(self, key: str) -> str:
        """Return a phrase with its places for values still open."""
        return _WORDS[key][0 if self.vi else 1]

    def status(self, code: str) -> str:
        """Return the heading of a status, such as `Trắng sóng`."""
        return (STATUS_VI if self.vi else STATUS_EN).get(code, code)

    def fiber(self, code: str) -> str:
        """Return the wording of a fiber status."""
        return (FIBER_VI if self.vi else FIBER_EN).get(code, code)

    def operator(self, key: str) -> str:
        """Return an operator's name as it writes itself."""
        pair = _OPERATORS.get(key.casefold())
        return key if pair is None else pair[0 if self.vi else 1]

    def technology(self, key: str) -> str:
        """Return `4G` for `4g`."""
        return key.upper()

    @cached_property
    def switched_off(self) -> str:
        """Technologies that no longer count."""
        in_service = self.study.in_service()
        return ", ".join(self.technology(name) for name in self.study.technologies if name not in in_service)

    def reason(self, codes: object, cluster_households: object = pd.NA) -> str:
        """
        Return the wording of one reason code, or of several joined by `;`.

        Parameters
        ----------
        codes
            As a village has them.
        cluster_households
            How many households lie together without signal; where unknown, the phrase names the threshold.
        """
        if not isinstance(codes, str):
            return ""
        definitions = self.study.definitions
        counted = not pd.isna(cluster_households)  # type: ignore[call-overload]
        phrases = [
            self.word(
                f"reason.{code}.n" if counted and code == "unserved_cluster" else f"reason.{code}",
                percent=self.number(definitions.covered_percent),
                cluster=definitions.cluster_households,
                households=self.number(float(cluster_households), 0) if counted else "",  # type: ignore[arg-type]
                switched_off=self.switched_off or "2G",
            )
            for code in map(str.strip, codes.split(";"))
            if code
        ]
        return "; ".join(phrases)

    def yes_no(self, flag: bool | NAType | None) -> str:
        """Return `có` / `không`, and nothing where it is not known."""
        return "" if pd.isna(flag) else self.word("yes" if flag else "no")

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return a number as it is read here: 1.234,5 in Vietnamese; without decimals given, at most two."""
        if pd.isna(value):
            return ""
        text = f"{value:,.{2 if decimals is None else decimals}f}"
        if decimals is None:
            text = text.rstrip("0").rstrip(".")
        if text.strip("-0.,") == "":
            text = text.lstrip("-")
        return text.translate(_TO_VIETNAMESE) if self.vi else text

    def date(self, day: datetime.date) -> str:
        """Return 01/07/2026 in Vietnamese, 1 July 2026 in English."""
        return f"{day:%d/%m/%Y}" if self.vi else f"{day.day} {day:%B %Y}"
