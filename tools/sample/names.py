"""Names: plausible Thái, H'Mông and Kinh names of villages, each once per commune, NFC."""

import unicodedata

import numpy as np

_THAI_HEAD = (
    "Nà", "Huổi", "Pá", "Co", "Phiêng", "Nong", "Bó", "Púng", "Hin", "Tông", "Mòn", "Kéo", "Noong", "Cang", "Ten",
    "Sốp", "Nậm", "Đin", "Cọ", "Lọng",
)  # fmt: skip
_THAI_TAIL = (
    "Lằn", "Sản", "Hạ", "Bó", "Khoang", "Cáy", "Phặng", "Lo", "Sàng", "Tòng", "Mạt", "Củ", "Ngà", "Hốc", "Đứa",
    "Pàn", "Khài", "Lán", "Nghè", "Tở", "Ban", "Luông", "Nọi", "Nưa", "Tấu", "Muông", "Lạnh", "Ỏ", "Ít", "Sẳng",
    "Bon", "Có", "Lốm", "Lụng", "Sai", "Dọi", "Tăng", "Phát", "Hỳ", "Mé", "Cưởm", "Pom", "Xa", "Hày", "Viền",
    "Đông", "Ngùa", "Lưa", "Trai", "Mười",
)  # fmt: skip
_HMONG_HEAD = (
    "Háng", "Pú", "Hua", "Xím", "Tà", "Suối", "Làng", "Chống", "Lao", "Sa", "Trò", "Pa", "Phình", "Đề", "Khau",
)  # fmt: skip
_HMONG_TAIL = (
    "Đồng", "Chua", "Xùa", "Tra", "Sáng", "Vàng", "Cao", "Sình", "Lừ", "Chớ", "Dê", "Phàng", "Khống", "Nhù", "Tếnh",
    "Chải", "Lềnh", "Pua", "Dua", "Tủa", "Gia", "Mông", "Lành", "Sua", "Chơ",
)  # fmt: skip
_KINH = (
    "Tân Lập", "Hợp Tiến", "Quyết Thắng", "Tân Hòa", "Đoàn Kết", "Thống Nhất", "Tiến Xa", "Hưng Yên", "Yên Bình",
    "Tân Thảo", "Thành Công", "Tân Quế", "Nà Sản", "Thắng Lợi", "Kim Sơn", "Hòa Bình", "Phú Cường", "Tân Xuân",
    "An Thái", "Bình Minh", "Sơn Tra", "Tân Cương", "Chiềng Tân", "Trung Tâm", "Vườn Đào",
)  # fmt: skip


def name_villages(rng: np.random.Generator, *, town: list[bool], ward: bool, highland: list[bool]) -> list[str]:
    """
    Return one name per village of a commune, no two alike.

    Parameters
    ----------
    town
        Whether the village belongs to the town of the commune: a numbered quarter.
    ward
        Whether the commune is a phường, whose quarters are called Tổ; elsewhere Tiểu khu.
    highland
        Whether the village lies high, where names are H'Mông.
    """
    used: set[str] = set()
    found = []
    quarter = 0
    for in_town, high in zip(town, highland, strict=True):
        if in_town:
            quarter += 1
            name = f"Tổ {quarter}" if ward else f"Tiểu khu {quarter}"
        else:
            name = _village(rng, high)
            while name.casefold() in used:
                name = _village(rng, high)
        used.add(name.casefold())
        found.append(unicodedata.normalize("NFC", name))
    return found


def _village(rng: np.random.Generator, highland: bool) -> str:
    draw = rng.random()
    if draw < 0.08:
        return "Bản " + _KINH[rng.integers(len(_KINH))]
    head, tail = (_HMONG_HEAD, _HMONG_TAIL) if highland and draw < 0.85 else (_THAI_HEAD, _THAI_TAIL)
    name = f"Bản {head[rng.integers(len(head))]} {tail[rng.integers(len(tail))]}"
    number = rng.random()
    return f"{name} {int(rng.integers(1, 4))}" if number < 0.12 else name


def slug(name: str) -> str:
    """Return the name in plain letters, joined by hyphens: `Bản Nà Lằn` -> `ban-na-lan`."""
    plain = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "-".join("".join(letter for letter in plain if not unicodedata.combining(letter)).lower().split())
