"""What the words of the papers mean: definitions, thresholds, technologies, model and sources, as rows to print."""

from dataclasses import dataclass

from coverage.columns.words import TECHNOLOGIES
from coverage.outputs.wording import Wording
from coverage.result import Result
from coverage.settings.radio import TechnologyCalibration


@dataclass(frozen=True)
class Threshold:
    """The classes of one technology as applied, dBm."""

    technology: str
    quantity: str
    good_dbm: float
    weak_dbm: float
    in_service: bool
    switch_off: str


_QUANTITY = {"2g": "RxLev", "3g": "RSCP", "4g": "RSRP", "5g": "SS-RSRP"}


def thresholds(result: Result, say: Wording) -> list[Threshold]:
    """Return the signal classes as they were applied: the study's, raised by the loss asked for indoors."""
    study = result.study
    return [
        Threshold(
            say.technology(name),
            _QUANTITY[name],
            *study.thresholds_dbm(name),
            name in study.in_service(),
            "" if row.switch_off is None else say.date(row.switch_off),
        )
        for name in TECHNOLOGIES
        for row in [study.technologies[name]]
    ]


def statuses(result: Result, say: Wording) -> list[tuple[str, str]]:
    """Return status -> what it means, in the words of the definition applied."""
    rules = result.study.definitions
    percent, verify = say.number(rules.covered_percent), say.number(rules.verify_percent)
    cluster, distance = rules.cluster_households, say.number(rules.cluster_m)
    if say.vi:
        meanings = {
            "dead": "Không có sóng của bất kỳ nhà mạng nào tại trung tâm thôn/bản (nhà văn hóa hoặc điểm được cung "
            f"cấp). Nếu vẫn có từ {verify}% số hộ có sóng thì ghi “cần xác minh vị trí”.",
            "weak": f"Trung tâm chỉ có sóng yếu, hoặc dưới {percent}% số hộ có sóng, hoặc có cụm dân cư từ "
            f"{cluster} hộ trở lên (các nhà cách nhau không quá {distance} m) không có sóng.",
            "covered": "Không thuộc hai trường hợp trên.",
            "not_assessed": "Thiếu tọa độ hoặc thiếu dữ liệu địa hình; không tính là trắng sóng.",
        }
    else:
        meanings = {
            "dead": "No signal of any operator at the village centre (house of culture, or the point supplied). "
            f"Where {verify}% of households have signal all the same, the location is to be verified.",
            "weak": f"The centre has signal but only a weak one, or fewer than {percent}% of households have signal, "
            f"or a cluster of {cluster} households or more (houses within {distance} m of each other) has none.",
            "covered": "Neither of the two.",
            "not_assessed": "No coordinates or no terrain data; never counted as dead.",
        }
    return [(say.status(code), meaning) for code, meaning in meanings.items()]


def fiber_statuses(result: Result, say: Wording) -> list[tuple[str, str]]:
    """Return fiber status -> what it means."""
    rules = result.study.fiber
    drop, road, straight = say.number(rules.served_m), say.number(rules.near_road_m), say.number(rules.near_straight_m)
    if say.vi:
        meanings = {
            "served": f"Có nút hoặc tuyến cáp trong vòng {drop} m tính từ trung tâm, hoặc có tuyến đi qua khu dân cư.",
            "near": f"Cách cáp quang không quá {road} m theo đường bộ (hoặc {straight} m đường chim bay khi không có "
            "lớp đường bộ).",
            "unserved": "Xa hơn các khoảng cách trên.",
        }
    else:
        meanings = {
            "served": f"A node or route within {drop} m of the centre, or a route through the housing.",
            "near": f"Within {road} m of fiber by road (or {straight} m straight where there is no road layer).",
            "unserved": "Beyond those distances.",
        }
    return [(say.fiber(code), meaning) for code, meaning in meanings.items()]


def method(result: Result, say: Wording) -> list[tuple[str, str]]:
    """Return what was assumed and with what it was computed, as heading -> text."""
    study, grid = result.study, result.signal.grid
    radio, rules = study.radio, study.definitions
    in_service = ", ".join(say.technology(name) for name in study.in_service())
    model, terrain = _model(radio.model), f"{grid.crs.name}, {say.number(grid.cell_m)} m"
    height, share = say.number(radio.rx_height_m), say.number(radio.location_percent)
    if say.vi:
        where = f"trong nhà (cộng thêm {say.number(rules.indoor_db)} dB)" if rules.indoor_db else place(result, say)
        if rules.load_percent:
            where += f", tải của cell {say.number(rules.load_percent)}% (cộng thêm {say.number(rules.load_db, 1)} dB)"
        return [
            ("Định nghĩa áp dụng", study.definition_id),
            ("Thời điểm đánh giá", say.date(result.as_of)),
            ("Công nghệ còn hoạt động", in_service),
            ("Mô hình truyền sóng", model),
            *([("Hiệu chỉnh mức thu", corrected)] if (corrected := calibrated(result, say)) else []),
            ("Điểm thu", f"cao {height} m so với mặt đất, {where}; mức thu đạt tại {share}% vị trí trong ô lưới"),
            ("Lưới tính toán", terrain),
            ("Cách đếm trạm", "Mỗi công nghệ trên một vị trí là một trạm; vị trí là cột hoặc mái nhà đặt trạm."),
            ("Tỷ lệ thôn/bản có sóng", "(Số thôn/bản được đánh giá − số trắng sóng) / số thôn/bản được đánh giá."),
            ("Tỷ lệ lõm sóng", "Số thôn/bản lõm sóng / số thôn/bản không trắng sóng."),
            ("Mức thu (dBm)", "Mức của công nghệ còn hoạt động vượt ngưỡng “yếu” nhiều nhất tại trung tâm."),
            ("Dấu “–” ở cột 2G–5G", "Không có trạm nào trong bán kính tính toán, hoặc không tính được."),
        ]
    where = f"indoors ({say.number(rules.indoor_db)} dB more)" if rules.indoor_db else place(result, say)
    if rules.load_percent:
        where += f", cells loaded to {say.number(rules.load_percent)} % ({say.number(rules.load_db, 1)} dB more)"
    return [
        ("Definition applied", study.definition_id),
        ("Date of the assessment", say.date(result.as_of)),
        ("Technologies in service", in_service),
        ("Propagation model", model),
        *([("Calibration of levels", corrected)] if (corrected := calibrated(result, say)) else []),
        ("Receiver", f"{height} m above ground, {where}; level reached at {share}% of places within a pixel"),
        ("Grid", terrain),
        ("Counting of stations", "Each technology at a position is a station; a position is a mast or rooftop."),
        ("Villages with signal", "(Villages assessed − dead) / villages assessed."),
        ("Share of weak villages", "Weak villages / villages that are not dead."),
        ("Level (dBm)", "Of the technology in service that clears its threshold “weak” by most at the centre."),
        ("“–” under 2G to 5G", "No station within the radius of prediction, or it could not be predicted."),
    ]


def calibrated(result: Result, say: Wording) -> str:
    """Return what was added to the levels and after what, as a clause; empty where nothing was."""
    calibration = result.study.radio.calibration
    if calibration is None:
        return ""
    after = {
        "measurements": ("theo số đo", "after measurements"),
        "published_shares": (
            "theo tỷ lệ phủ sóng đã công bố, không phải theo số đo",
            "after published shares of coverage, not after measurements",
        ),
    }[calibration.kind][0 if say.vi else 1]
    added = [f"{say.technology(name)} {_added(found, say)}" for name, found in sorted(calibration.technologies.items())]
    return f"{after} ({'; '.join(added)})"


def _added(found: TechnologyCalibration, say: Wording) -> str:
    """Return what is added to the levels of a technology, from least to most where land cover decides."""
    several = {found.offset_db, *found.clutter_db.values()}
    least, most = (f"{one:+.1f}".replace("-", "−") for one in (min(several), max(several)))
    text = least if least == most else f"{least} … {most}"
    return f"{text.replace('.', ',') if say.vi else text} dB"


def place(result: Result, say: Wording) -> str:
    """Return where the levels hold, in words that follow "the level": outdoors, or in which kind of building."""
    vi, en = {
        "none": ("ngoài trời", "outdoors"),
        "traditional": (
            "trong nhà, tầng trệt, nhà thông thường (gỗ, gạch, kính thường; ITU-R P.2109)",
            "indoors at the ground floor of traditional buildings (wood, brick, plain glass; ITU-R P.2109)",
        ),
        "thermally_efficient": (
            "trong nhà, tầng trệt, nhà cách nhiệt (màng kim loại, kính phủ; ITU-R P.2109)",
            "indoors at the ground floor of thermally efficient buildings (foil, coated glass; ITU-R P.2109)",
        ),
    }[result.study.radio.building]
    return vi if say.vi else en


def _model(name: str) -> str:
    return {
        "p1812": "ITU-R P.1812-8",
        "itm": "Longley–Rice (ITM)",
        "hata": "Okumura–Hata",
        "cost231": "COST 231-Hata",
        "tr38901_rma": "3GPP TR 38.901 RMa",
        "tr38901_uma": "3GPP TR 38.901 UMa",
        "free_space": "ITU-R P.525-4",
    }.get(name, name)
