"""Vietnamese written in the encodings of old comes back letter by letter, and right text is left alone."""

import csv
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.layers.vietnamese.encodings import decode, repair
from coverage.layers.vietnamese.legacy_letters import from_cp1258, from_tcvn3, from_viscii, from_vni
from coverage.layers.vietnamese.names import loose_key, name_key, split_unit
from coverage.layers.vietnamese.syllables import SMALL_TONED, spelling

ROOT = Path(__file__).parents[2]
DATA = (ROOT / "../shared/data").resolve()
LETTERS = sorted(SMALL_TONED | set("ăâđêôơư"))
ALPHABET = "".join(LETTERS) + "".join(LETTERS).upper()
TONES = "\u0300\u0301\u0303\u0309\u0323"
NAMES = ["Sơn La", "Điện Biên", "Mường Ẳng", "Chiềng Cơi", "Tủa Chùa", "Nậm Pồ", "Pú Nhi", "Huổi Lèng", "Sín Chải"]


def as_page(content: bytes, page: str) -> str:
    """Read bytes as Windows does: a byte without a character becomes the control character of its number."""
    text = "".join(bytes([code]).decode(page, "ignore") or chr(code) for code in content)
    return unicodedata.normalize("NFC", text)


def inverse(decoder: Callable[[bytes], str]) -> dict[str, bytes]:
    """Return the byte of each letter, from the low half's control characters and the high half."""
    codes = [*range(1, 0x1F), *range(0x80, 0x100)]
    return {decoder(bytes([code])): bytes([code]) for code in codes if decoder(bytes([code])) in ALPHABET}


def tones_apart(text: str) -> bytes:
    """Write cp1258 as Windows does: the letter, then its tone."""
    written = b""
    for letter in text:
        try:
            written += letter.encode("cp1258")
        except UnicodeEncodeError:
            pieces = unicodedata.normalize("NFD", letter)
            plain = unicodedata.normalize("NFC", "".join(piece for piece in pieces if piece not in TONES))
            written += (plain + "".join(piece for piece in pieces if piece in TONES)).encode("cp1258")
    return written


def in_vni(text: str) -> bytes:
    """Write VNI from its rules: the vowel, then a sign that says tone and shape together."""
    round_signs = dict(zip(["", *"\u0301\u0300\u0309\u0303\u0323"], "âáàåãä", strict=True))
    short_signs = dict(zip(["", *"\u0301\u0300\u0309\u0303\u0323"], "êéèúüë", strict=True))
    tone_signs = dict(zip(["", *"\u0301\u0300\u0309\u0303\u0323"], ["", *"ùøûõï"], strict=True))
    alone = dict(zip("íìỉĩịỵđ", "íìæóòîñ", strict=True))
    written = ""
    for letter in text:
        small = letter.lower()
        pieces = unicodedata.normalize("NFD", small)
        tone = "".join(piece for piece in pieces if piece in TONES)
        if small in alone or pieces.isascii():
            sign = alone.get(small, small)
        elif "\u0302" in pieces:
            sign = pieces[0] + round_signs[tone]
        elif "\u0306" in pieces:
            sign = pieces[0] + short_signs[tone]
        else:
            sign = {"o": "ô", "u": "ö"}[pieces[0]] if "\u031b" in pieces else pieces[0]
            sign += tone_signs[tone]
        written += sign.upper() if letter.isupper() else sign
    return written.encode("cp1252")


def in_bytes(codes: dict[str, bytes]) -> Callable[[str], bytes]:
    return lambda text: b"".join(codes.get(letter) or letter.encode("ascii") for letter in text)


def in_abc(text: str) -> bytes:
    """Write TCVN3 as the ABC fonts do, which show a small letter where a capital with a tone is meant."""
    letters = (letter.lower() if letter.lower() in SMALL_TONED else letter for letter in text)
    return in_bytes(inverse(from_tcvn3))("".join(letters))


IN_TCVN = in_bytes(inverse(from_tcvn3))
IN_VISCII = in_bytes(inverse(from_viscii))
GARBLED: dict[str, Callable[[str], str]] = {
    "TCVN3 of the ABC fonts": lambda text: as_page(in_abc(text), "cp1252"),
    "TCVN3 read as cp1258": lambda text: as_page(in_abc(text), "cp1258"),
    "TCVN 5712-1": lambda text: as_page(IN_TCVN(text), "cp1252"),
    "TCVN 5712-1 read as latin-1": lambda text: IN_TCVN(text).decode("latin-1"),
    "VNI": lambda text: as_page(in_vni(text), "cp1252"),
    "VNI read as cp1258": lambda text: as_page(in_vni(text), "cp1258"),
    "VISCII": lambda text: as_page(IN_VISCII(text), "cp1252"),
    "VISCII read as latin-1": lambda text: IN_VISCII(text).decode("latin-1"),
    "cp1258": lambda text: as_page(tones_apart(text), "cp1252"),
    "UTF-8 read as cp1252": lambda text: as_page(text.encode(), "cp1252"),
    "UTF-8 read as latin-1": lambda text: text.encode().decode("latin-1"),
    "UTF-8 read as cp1258": lambda text: as_page(text.encode(), "cp1258"),
    "UTF-8 read as cp1252 twice": lambda text: as_page(as_page(text.encode(), "cp1252").encode(), "cp1252"),
}


def real_columns() -> list[list[str]]:
    with (DATA / "commune_crosswalk_2025.csv").open(encoding="utf-8-sig") as file:
        former = list(csv.DictReader(file))
    columns = []
    for province, file_name in (("Tỉnh Sơn La", "communes_son_la.gpkg"), ("Tỉnh Điện Biên", "communes_dien_bien.gpkg")):
        communes = gpd.read_file(DATA / file_name, ignore_geometry=True)
        columns += [communes["name"].tolist(), communes["fullName"].tolist()]
        columns.append([row["old_ward"] for row in former if row["old_province"] == province])
    return columns


needs_data = pytest.mark.skipif(not DATA.exists(), reason="the real communes are not beside the repository")


@needs_data
@pytest.mark.parametrize("garbled", GARBLED)
def test_all_names_of_real_communes_come_back(garbled: str) -> None:
    columns = real_columns()
    assert [len(column) for column in columns] == [75, 75, 200, 45, 45, 129]
    for names in columns:
        expected = names
        if "TCVN3" in garbled:  # "Xã é Tòng" and "Xã Mường é" of the source: the fonts write é and É alike
            expected = [name.replace(" é", " É") for name in names]
        assert repair([GARBLED[garbled](name) for name in names]).cells == expected


@needs_data
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_right_names_of_real_communes_stay_as_they_are(form: str) -> None:
    for names in real_columns():
        for column in (names, *([name] for name in names)):
            result = repair([unicodedata.normalize(form, name) for name in column])
            assert (result.cells, result.encoding, result.changed, result.share) == (column, None, 0, 0.0)


def test_right_names_of_the_sample_stay_as_they_are() -> None:
    with (ROOT / "data/boundaries/villages.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for column in ("name", "commune_name", "former_commune"):
        assert repair([row[column] for row in rows]).changed == 0
        assert all(repair([name]).changed == 0 for name in {row[column] for row in rows})


@pytest.mark.parametrize("garbled", GARBLED)
def test_a_short_column_comes_back(garbled: str) -> None:
    result = repair([*map(GARBLED[garbled], NAMES), None, "", "Him Lam"])
    assert result.cells == [*NAMES, None, "", "Him Lam"]
    assert result.encoding == garbled.split(" read")[0].split(" of")[0].replace("TCVN 5712-1", "TCVN3") + (
        " twice" if garbled.endswith("twice") else ""
    )
    assert result.changed == sum(GARBLED[garbled](name) != name for name in NAMES)
    assert result.share == result.changed / 9


@pytest.mark.parametrize(
    ("written", "meant", "encoding"),
    [
        ("S¬n La", "Sơn La", "TCVN3"),
        ("§iÖn Biªn", "Điện Biên", "TCVN3"),
        ("§IÖN BI£N", "ĐIỆN BIÊN", "TCVN3"),
        ("X· ¼ng Të", "Xã Ẳng Tở", "TCVN3"),
        ("ThÞ trÊn M\xadêng ¶ng", "Thị trấn Mường Ảng", "TCVN3"),
        ("Ñieän Bieân", "Điện Biên", "VNI"),
        ("SÆ¡n La", "Sơn La", "UTF-8"),
        ("HÃ\xa0 Nam", "Hà Nam", "UTF-8"),
        ("Ðiêòn Biên", "Điện Biên", "cp1258"),
    ],
)
def test_one_name_is_enough_where_only_one_reading_is_vietnamese(written: str, meant: str, encoding: str) -> None:
    result = repair([written])
    assert (result.cells, result.encoding) == ([meant], encoding)


@pytest.mark.parametrize(
    "text",
    [
        "café",
        "21°30'",
        "10 m²",
        "±2 µm",
        "½",
        "§ 4",
        "où est la gare",
        "Hôtel São Paulo",
        "Müller, El Niño",
        "naïve Zoë élève",
        "Krông Pắc",
        "Kông Lơng Khơng",
        "Đắk Xiêr",
        "Nuí Cao",
        "Hoà Bình",
        "Hòa Bình",
        "Tổ 1",
        "“Bản Mòng” – Sơn La…",
        "Bản\xa0Mòng",
        "ບ້ານ",
        "村",
        "Sõn La",
        "Sôn La",
    ],
)
def test_text_that_may_be_right_stays_as_it_is(text: str) -> None:
    assert (repair([text]).cells, repair([text]).encoding) == ([text], None)


def test_only_garbled_cells_of_a_mixed_column_are_mended() -> None:
    cells = ["S¬n La", "Điện Biên", "Pó Nhi", "B¶n Mßng", "Mường La", "TuÇn Gi¸o", "Tủa Chùa", None]
    result = repair(cells)
    assert result.cells == ["Sơn La", "Điện Biên", "Pó Nhi", "Bản Mòng", "Mường La", "Tuần Giáo", "Tủa Chùa", None]
    assert (result.encoding, result.changed, result.share) == ("TCVN3", 3, 3 / 7)


def test_a_cell_with_two_readings_follows_a_column_that_is_garbled_throughout() -> None:
    assert repair(["Pó Nhi", "B¶n Mßng", "TuÇn Gi¸o"]).cells == ["Pú Nhi", "Bản Mòng", "Tuần Giáo"]


def test_a_slip_of_the_pen_among_right_names_is_not_an_encoding() -> None:
    names = ["Nuí Cao", "Điện Biên", "Mường La", "Tủa Chùa"]
    assert repair(names).cells == names


def test_every_share_counts_cells_and_not_distinct_names() -> None:
    result = repair(["§iÖn Biªn"] * 3 + ["Điện Biên", "A"])
    assert (result.changed, result.share) == (3, 0.75)


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is not installed")
@pytest.mark.parametrize(
    ("charset", "decoder"), [("TCVN5712-1", from_tcvn3), ("VISCII", from_viscii), ("CP1258", from_cp1258)]
)
def test_letters_are_those_of_iconv(charset: str, decoder: Callable[[bytes], str]) -> None:
    letters = "\n".join(ALPHABET)
    command = ["iconv", "-f", "UTF-8", "-t", charset]
    written = subprocess.run(command, input=letters.encode(), capture_output=True, check=True).stdout
    assert decoder(written) == letters


def test_vni_has_every_letter() -> None:
    assert [from_vni(in_vni(letter)) for letter in ALPHABET] == list(ALPHABET)
    assert from_vni("Sôn La, Ñieän Bieân".encode("cp1252")) == "Sơn La, Điện Biên"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"\xef\xbb\xbf" + "Tổ 1\n".encode(), "utf-8"),
        ("Tổ 1\n".encode(), "utf-8"),
        ("Tổ 1\n".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "Tổ 1\n".encode("utf-16-be"), "utf-16"),
        ("Tổ 1\n".encode("utf-16-le"), "utf-16"),
        ("Tổ 1\n".encode("utf-16-be"), "utf-16"),
        ("Tổ 1\n".encode("utf-32"), "utf-32"),
    ],
)
def test_unicode_files_are_read_with_and_without_a_mark(content: bytes, encoding: str) -> None:
    read = decode(content)
    assert (read.text, read.encoding) == ("Tổ 1\n", encoding)


def test_other_text_keeps_every_byte() -> None:
    content = bytes(range(1, 256))
    read = decode(content)
    assert read.encoding == "cp1252"
    assert len(set(read.text)) == 255
    assert read.text[0x80 - 1] == "€"
    assert read.text[0x81 - 1] == "\x81"


@pytest.mark.parametrize("content", [b"PK\x03\x04\0\0\x08", b"a\0\0\0b", b"\xff\xfea\0\0\0", b"\0"])
def test_binary_content_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not text"):
        decode(content)


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    try:
        read = decode(content)
    except ValueError:
        assert b"\0" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff")
    else:
        assert "\0" not in read.text


@given(st.lists(st.none() | st.text(max_size=12) | st.text("ÃÂáº»¿½§µ¶aonSL \xa0\x90òñêôù", max_size=9), max_size=6))
def test_mending_twice_is_mending_once(cells: list[str | None]) -> None:
    once = repair(cells)
    again = repair(once.cells)
    assert again.cells == once.cells
    assert again.changed == 0
    assert [cell is None for cell in cells] == [cell is None for cell in once.cells]


@pytest.mark.parametrize(
    ("word", "grade"),
    [
        *[
            (word, 2)
            for word in ("Ẳng", "Tở", "Nghiêng", "giếng", "gì", "Quyết", "khuỷu", "thuở", "ĐIỆN", "hoà", "hòa")
        ],
        *[(word, 1) for word in ("Krông", "Đăk", "Xiêr", "QĐ", "Lơng")],
        *[(word, 0) for word in ("S¬n", "Ñieän", "điệN", "Hiêòu", "café", "Ðiện", "ngố́")],
    ],
)
def test_spelling_tells_syllables_from_others(word: str, grade: int) -> None:
    assert spelling(word) == grade


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bản Mòng", "mòng"),
        ("Thôn Bản Mòng", "Bản Mòng"),
        ("X. Hoà Bình", "Xã Hòa Bình"),
        ("P.Him Lam", "Phường Him Lam"),
        ("TT Thuỷ Yên", "Thị trấn Thủy Yên"),
        ("TDP 5", "Tổ dân phố số 05"),
        ("TK6", "Tiểu khu 6"),
        ("Pú-Nhi", "PÚ NHI"),
        ("Bản", "bản"),
        ("Bản Mo\u0300ng", "Bản Mòng"),
    ],
)
def test_names_that_are_the_same_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bản Mòng", "Bản Mông"),
        ("Bản Mòng", "Bản Mong"),
        ("Bản Lý", "Bản Lí"),
        ("Bản 1", "Tiểu khu 1"),
        ("Bảng", "g"),
        ("Bản Xá", "Xã"),
        ("Tò A", "Tòa"),
    ],
)
def test_names_that_differ_have_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_loose_keys_know_no_accents() -> None:
    assert loose_key("Bản Mòng") == loose_key("Ban Mong") == loose_key("MỘNG") == "mong"
    assert loose_key("Tổ dân phố 5") == loose_key("To dan pho 5") == "todanpho5"
    assert loose_key("Tổ 2") == loose_key("To 2") == loose_key("to 02") == "todanpho2"
    assert loose_key("Bản Làng Phàng") == loose_key("Ban Lang Phang") == "phang"
    assert loose_key("Bản 1") == loose_key("Ban 1") == "ban1"
    assert split_unit("Thị trấn Mường Ảng") == ("thị trấn", "Mường Ảng")
