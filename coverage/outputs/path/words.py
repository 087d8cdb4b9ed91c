"""How one radio path is said to people, in Vietnamese and English."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Tuyến vô tuyến {first} – {second}", "Radio path {first} – {second}"),
    "end": ("Đầu {letter}: {label}", "End {letter}: {label}"),
    "position": ("kinh độ {lon}, vĩ độ {lat}", "longitude {lon}, latitude {lat}"),
    "ground": ("mặt đất {m} m so với mực nước biển", "ground {m} m above sea level"),
    "antenna": ("anten cao {m} m so với mặt đất ({source})", "antenna {m} m above ground ({source})"),
    "toward": ("hướng {deg}°, góc ngẩng {up}°", "azimuth {deg}°, elevation {up}°"),
    "source.given": ("đã cho", "given"),
    "source.site": ("theo dữ liệu trạm", "of the site"),
    "length": ("Chiều dài {km} km, tần số {mhz} MHz", "Length {km} km, frequency {mhz} MHz"),
    "air": ("Hệ số bán kính Trái Đất k = {k}", "Effective Earth radius factor k = {k}"),
    "sight": ("Hai đầu nhìn thấy nhau trên mặt đất trống", "The bare ground lets the ends see each other"),
    "no_sight": ("Mặt đất che khuất hai đầu", "The ground hides the ends from each other"),
    "horizon": (
        "Chân trời nhìn từ {letter}: cách {km} km, cao {m} m, góc {mrad} mrad",
        "Horizon of {letter}: {km} km away, {m} m high, at {mrad} mrad",
    ),
    "nearest": (
        "Điểm gần tia nhất nhìn từ {letter}: cách {km} km, cao {m} m",
        "Closest to the ray, from {letter}: {km} km away, {m} m high",
    ),
    "zone": ("Vật cản trong miền Fresnel thứ nhất", "Obstructions in the first Fresnel zone"),
    "zone.none": ("Miền Fresnel thứ nhất thông thoáng", "The first Fresnel zone is free"),
    "zone.line": (
        "km {start}–{stop}: sâu nhất tại km {worst}, lấn {depth} m vào miền ({share} bán kính còn trống)",
        "km {start}–{stop}: deepest at km {worst}, {depth} m into the zone ({share} of its radius free)",
    ),
    "zone.blocked": (
        "km {start}–{stop}: sâu nhất tại km {worst}, lấn {depth} m vào miền, cao hơn tia {over} m",
        "km {start}–{stop}: deepest at km {worst}, {depth} m into the zone, {over} m above the ray",
    ),
    "zone.more": ("và {count} đoạn nữa", "and {count} more stretches"),
    "terms": ("Các đại lượng của ITU-R P.1812-8", "Terms of ITU-R P.1812-8"),
    "terms.settings": (
        "{time} % thời gian, {places} % vị trí, độ lệch chuẩn {sigma} dB",
        "{time} % of the time, {places} % of places, standard deviation {sigma} dB",
    ),
    "cover": ("Cây cối và nhà cửa làm tăng suy hao", "Added by trees and houses"),
    "cover.none": ("không có dữ liệu lớp phủ", "no land cover in the study"),
    "column.symbol": ("Ký hiệu", "Symbol"),
    "column.meaning": ("Ý nghĩa", "Meaning"),
    "column.value": ("Giá trị", "Value"),
    "link": ("Quỹ đường truyền", "Link budget"),
    "down": ("Đường xuống {a} → {b}", "Downlink {a} → {b}"),
    "up": ("Đường lên {b} → {a}", "Uplink {b} → {a}"),
    "cell": ("Cell", "Cell"),
    "cell.of": ("{operator} {technology} {mhz} MHz, {id}", "{operator} {technology} {mhz} MHz, {id}"),
    "cell.assumed": ("{technology} {mhz} MHz, giả định theo {source}", "{technology} {mhz} MHz, assumed from {source}"),
    "eirp": ("EIRP của toàn sóng mang", "EIRP of the whole carrier"),
    "reference": ("EIRP của tín hiệu mà máy đo", "EIRP of what a phone measures"),
    "aside": ("Suy giảm do lệch hướng búp sóng", "Loss off the beam, aside"),
    "tilt": ("Suy giảm do góc ngẩng", "Loss off the beam, up or down"),
    "pattern": ("Suy giảm của anten theo hướng này", "Antenna loss in this direction"),
    "loss": ("Suy hao truyền sóng ({model})", "Propagation loss ({model})"),
    "entry": ("Suy hao vào trong nhà (P.2109)", "Building entry loss (P.2109)"),
    "level": ("Mức thu của máy", "Level at the phone"),
    "class.good": ("tốt", "good"),
    "class.weak": ("yếu", "weak"),
    "class.none": ("không có sóng", "none"),
    "margin.weak": ("Dự trữ so với ngưỡng có sóng ({dbm} dBm)", "Margin above a weak signal ({dbm} dBm)"),
    "margin.good": ("Dự trữ so với ngưỡng sóng tốt ({dbm} dBm)", "Margin above a good signal ({dbm} dBm)"),
    "phone": ("Công suất phát của máy", "Power of the phone"),
    "station_gain": ("Tăng ích anten trạm, đã trừ phi đơ", "Gain of the station's antenna, less cables"),
    "uplink": ("Mức thu tại trạm", "Level at the station"),
    "sensitivity": ("Độ nhạy chuẩn của trạm (3GPP)", "Reference sensitivity of the station (3GPP)"),
    "uplink_margin": ("Dự trữ đường lên", "Uplink margin"),
    "one_way": (
        "Suy hao hai chiều coi như bằng nhau.",
        "The loss is taken to be the same both ways.",
    ),
    "hop": ("Tuyến vi ba", "Microwave hop"),
    "hop.clear": ("Đạt: tuyến đủ thông thoáng", "Clear enough for a hop"),
    "hop.blocked": ("Không đạt: tuyến chưa đủ thông thoáng", "Not clear enough for a hop"),
    "hop.k": ("k", "k"),
    "hop.asked": ("Yêu cầu (F1)", "Asked (F1)"),
    "hop.least": ("Thực tế (F1)", "Free (F1)"),
    "hop.at": ("tại km", "at km"),
    "hop.both": ("Cùng nâng A / B (m)", "Both raised: A / B (m)"),
    "hop.first": ("Chỉ nâng A (m)", "A alone (m)"),
    "hop.second": ("Chỉ nâng B (m)", "B alone (m)"),
    "hop.kept": ("Đạt", "Kept"),
    "hop.free": ("Suy hao không gian tự do", "Free-space loss"),
    "hop.rain": (
        "Chưa tính mưa và fading nhiều tia (P.530, P.838). Dòng thứ ba là yêu cầu của P.530 cho tuyến trên khoảng "
        "30 km ở vùng nhiệt đới.",
        "Rain and multipath fading (P.530, P.838) are left out. The third row is what P.530 asks of hops beyond some "
        "30 km in the tropics.",
    ),
    "yes": ("có", "yes"),
    "no": ("không", "no"),
    "axis.distance": ("Khoảng cách từ A (km)", "Distance from A (km)"),
    "axis.height": ("Độ cao, gồm cả độ cong Trái Đất (m)", "Height with the Earth's curvature (m)"),
    "legend.ground": ("Mặt đất", "Ground"),
    "legend.cover": ("Cây cối, nhà cửa", "Trees, houses"),
    "legend.ray": ("Tia thẳng", "Straight ray"),
    "legend.fresnel": ("Miền Fresnel thứ nhất", "First Fresnel zone"),
    "legend.clear": ("60 % miền Fresnel", "60 % of the zone"),
    "legend.obstruction": ("Lấn vào miền Fresnel", "Stands in the zone"),
    "legend.horizon": ("Điểm chân trời", "Horizon point"),
    "drawing": (
        "Mặt cắt địa hình từ A đến B với tia thẳng và miền Fresnel thứ nhất",
        "Profile of the ground from A to B with the straight ray and the first Fresnel zone",
    ),
    "ends": ("Hai đầu", "Ends"),
    "path": ("Tuyến", "Path"),
    "notes": ("Lưu ý", "Notes"),
    "all_terms": ("Tất cả các đại lượng trung gian", "Every intermediate value"),
}  # fmt: skip

TERMS: Mapping[str, tuple[str, str, str]] = {
    "d": ("km", "Chiều dài tuyến", "Path length"),
    "dlt": ("km", "Khoảng cách từ A đến chân trời của A", "Distance from A to its horizon"),
    "dlr": ("km", "Khoảng cách từ B đến chân trời của B", "Distance from B to its horizon"),
    "th_t": ("mrad", "Góc chân trời tại A", "Horizon elevation at A"),
    "th_r": ("mrad", "Góc chân trời tại B", "Horizon elevation at B"),
    "th": ("mrad", "Khoảng cách góc của tuyến", "Path angular distance"),
    "hts": ("m", "Độ cao anten A so với mực nước biển", "Antenna A above sea level"),
    "hrs": ("m", "Độ cao anten B so với mực nước biển", "Antenna B above sea level"),
    "w": ("", "Tỷ lệ tuyến trên biển", "Share of the path over sea"),
    "dtm": ("km", "Đoạn liên tục dài nhất trên đất liền", "Longest continuous part over land"),
    "dlm": ("km", "Đoạn liên tục dài nhất trong nội địa", "Longest continuous part inland"),
    "b0": ("%", "Thời gian truyền sóng dị thường β0", "Time of anomalous propagation β0"),
    "ae": ("km", "Bán kính Trái Đất hiệu dụng, trung vị", "Median effective Earth radius"),
    "hst": ("m", "Mặt đất nhẵn tại A", "Smooth surface at A"),
    "hsr": ("m", "Mặt đất nhẵn tại B", "Smooth surface at B"),
    "hst_ducting": ("m", "Mặt đất nhẵn tại A cho ống dẫn sóng", "Smooth surface at A for ducting"),
    "hsr_ducting": ("m", "Mặt đất nhẵn tại B cho ống dẫn sóng", "Smooth surface at B for ducting"),
    "hstd": ("m", "Mặt đất nhẵn tại A cho nhiễu xạ", "Smooth surface at A for diffraction"),
    "hsrd": ("m", "Mặt đất nhẵn tại B cho nhiễu xạ", "Smooth surface at B for diffraction"),
    "htc": ("m", "Anten A trên mặt nhẵn nhiễu xạ", "Antenna A over the diffraction surface"),
    "hrc": ("m", "Anten B trên mặt nhẵn nhiễu xạ", "Antenna B over the diffraction surface"),
    "hte": ("m", "Độ cao hiệu dụng của A cho ống dẫn sóng", "Effective height of A for ducting"),
    "hre": ("m", "Độ cao hiệu dụng của B cho ống dẫn sóng", "Effective height of B for ducting"),
    "hm": ("m", "Độ gồ ghề của địa hình", "Terrain roughness"),
    "Fi": ("", "Hệ số nội suy theo thời gian", "Interpolation factor in time"),
    "Fj": ("", "Hệ số nội suy theo góc", "Interpolation factor in angle"),
    "Fk": ("", "Hệ số nội suy theo khoảng cách", "Interpolation factor in distance"),
    "Lbfs": ("dB", "Không gian tự do", "Free space"),
    "Lb0p": ("dB", "Không gian tự do với đa đường và hội tụ, p % thời gian", "Line of sight with focusing, p % of time"),
    "Lb0b": ("dB", "Như trên, β0 % thời gian", "Line of sight with focusing, β0 % of time"),
    "Lbulla50": ("dB", "Nhiễu xạ Bullington trên địa hình thực, trung vị", "Bullington over the actual profile, median"),
    "Lbulls50": ("dB", "Nhiễu xạ Bullington trên mặt nhẵn, trung vị", "Bullington over the smooth profile, median"),
    "Ldsph50": ("dB", "Nhiễu xạ trên Trái Đất cầu, trung vị", "Spherical-Earth diffraction, median"),
    "Lbulla": ("dB", "Nhiễu xạ Bullington trên địa hình thực, β0", "Bullington over the actual profile, β0"),
    "Lbulls": ("dB", "Nhiễu xạ Bullington trên mặt nhẵn, β0", "Bullington over the smooth profile, β0"),
    "Ldsph": ("dB", "Nhiễu xạ trên Trái Đất cầu, β0", "Spherical-Earth diffraction, β0"),
    "Ld50": ("dB", "Suy hao nhiễu xạ, trung vị", "Diffraction loss, median"),
    "Ldb": ("dB", "Suy hao nhiễu xạ, β0", "Diffraction loss, β0"),
    "Ldp": ("dB", "Suy hao nhiễu xạ, p % thời gian", "Diffraction loss, p % of time"),
    "Lbd50": ("dB", "Suy hao cơ bản do nhiễu xạ, trung vị", "Basic loss by diffraction, median"),
    "Lbd": ("dB", "Suy hao cơ bản do nhiễu xạ, p % thời gian", "Basic loss by diffraction, p % of time"),
    "Lminb0p": ("dB", "Suy hao nhỏ nhất do tầm nhìn và nhiễu xạ trên biển", "Least loss by sight and diffraction over sea"),
    "Lba": ("dB", "Ống dẫn sóng và phản xạ tầng", "Ducting and layer reflection"),
    "Lminbap": ("dB", "Suy hao nhỏ nhất do ống dẫn sóng và tầm nhìn", "Least loss by ducting and sight"),
    "Lbda": ("dB", "Nhiễu xạ và ống dẫn sóng", "Diffraction and ducting together"),
    "Lbam": ("dB", "Nhiễu xạ, tầm nhìn và ống dẫn sóng", "Diffraction, sight and ducting together"),
    "Lbs": ("dB", "Tán xạ tầng đối lưu", "Troposcatter"),
    "Lbc": ("dB", "Suy hao cơ bản, mọi cơ chế", "Basic loss of all mechanisms"),
    "Lloc": ("dB", "Biến động theo vị trí", "Location variability"),
    "Lb": ("dB", "Suy hao truyền dẫn cơ bản", "Basic transmission loss"),
    "Ep": ("dB(µV/m)", "Cường độ trường ứng với 1 kW ERP", "Field strength for 1 kW e.r.p."),
}  # fmt: skip
"""Symbol -> unit and meaning, in the order of calculation."""

MAIN_TERMS = (
    "Lbfs", "Lb0p", "Lbulla50", "Lbulls50", "Ldsph50", "Ld50", "Ldb", "Ldp", "Lbd", "Lba", "Lbs", "Lbc", "Lloc", "Lb",
)  # fmt: skip
"""What a text on a terminal shows; the page and the JSON have them all."""


@dataclass(frozen=True)
class Say:
    """Words and numbers in one language."""

    language: str

    @property
    def vi(self) -> bool:
        return self.language == "vi"

    def word(self, key: str, **values: object) -> str:
        """Return a phrase with its values in place."""
        return WORDS[key][0 if self.vi else 1].format(**values)

    def term(self, symbol: str) -> str:
        """Return what a symbol of P.1812 means."""
        return TERMS[symbol][1 if self.vi else 2]

    def number(self, value: float, decimals: int = 1) -> str:
        """Return a number as it is read here: 1.234,5 in Vietnamese."""
        if not math.isfinite(value):
            return "–"
        text = f"{value:,.{decimals}f}"
        if text.strip("-0.,") == "":
            text = text.lstrip("-")
        return text.translate(str.maketrans(",.", ".,")) if self.vi else text

    def db(self, value: float, unit: str = "dB") -> str:
        """Return a level, a loss or a margin with its unit."""
        return f"{self.number(value)} {unit}"

    def source(self, name: str) -> str:
        """Return what says a height: words of its own, or the name of a setting."""
        return self.word(f"source.{name}") if f"source.{name}" in WORDS else name
