"""report.docx, opened again as Word would, and held against report.html and the indicators."""

import dataclasses
import datetime
import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from coverage.errors import CoverageError, StudyError
from coverage.outputs.pictures import overview_picture
from coverage.outputs.report.content import report_content
from coverage.outputs.report.docx import report_docx
from coverage.outputs.report.html import render_report
from coverage.outputs.report.paper_templates import check_templates
from coverage.outputs.wording import Wording
from coverage.result import Result

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HOSTILE = [
    "=cmd|'/C calc'!A0",
    "+1",
    "@SUM(A1)",
    "-2",
    "\t=1\r\n+2",
    "<script>alert(1)</script>",
    "Bản " * 125,
    "Bản 😀",
    "\u202eđảo ngược",
    "\x0b\x00\x1f Nậm \ufffe",
    "{{ 7*7 }} ** ` {0}",
]


@pytest.fixture(autouse=True)
def _small_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview_picture, "_LONG_SIDE_PX", 120)


def _docx(result: Result, language: str = "vi") -> bytes:
    return report_docx(report_content(result, Wording(language, result.study)), result.study)


def _web(result: Result) -> str:
    return render_report(report_content(result, Wording("vi", result.study)), result.study)


def _open(result: Result, language: str = "vi") -> Document:
    return docx.Document(io.BytesIO(_docx(result, language)))


def _with(result: Result, **papers: object) -> Result:
    settings = result.study.papers.model_copy(update=papers)
    return dataclasses.replace(result, study=result.study.model_copy(update={"papers": settings}))


def _texts(paper: Document) -> list[str]:
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in paper.paragraphs), *cells]


def _table(paper: Document, heading: str) -> list[list[str]]:
    """Return the cells of the table with this caption."""
    body = list(paper.element.body)
    at = next(place for place, element in enumerate(body) if "".join(element.itertext()).startswith(heading))
    found = next(table for table in paper.tables if table._tbl is body[at + 1])
    return [[cell.text for cell in row.cells] for row in found.rows]


def test_it_is_set_up_as_the_decree_has_it(result: Result) -> None:
    paper = _open(result)
    section = paper.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xpath("string(.//w:instrText)")
    assert not section.first_page_header._element.xpath(".//w:instrText")
    for name in ("Normal", "Body Text", "Heading 1", "Title"):
        font = paper.styles[name].font
        assert (font.name, font.size) == ("Times New Roman", Pt(14))


def test_head_title_and_signature_are_those_of_an_administrative_paper(result: Result) -> None:
    paper = _open(result)
    head, foot = paper.tables[0], paper.tables[-1]
    left, right = (cell.text for cell in head.rows[0].cells)
    assert left.startswith("ỦY BAN NHÂN DÂN TỈNH SƠN LA\nSỞ …")
    assert "Số: ……/BC-……" in left
    assert right.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    assert not head._tbl.xpath(".//w:tblBorders")
    assert paper.paragraphs[0].text == "BÁO CÁO"
    subject = "Hiện trạng phủ sóng di động, cáp quang và đề xuất đầu tư trên địa bàn tỉnh Sơn La"
    assert " ".join(paper.paragraphs[1].text.split()) == subject
    assert foot.rows[0].cells[0].text.startswith("Nơi nhận:")
    assert "THỦ TRƯỞNG ĐƠN VỊ\n(Ký, ghi rõ họ tên, đóng dấu)" in foot.rows[0].cells[1].text
    headings = [one.text for one in paper.paragraphs if one.style.name == "Heading 1"]
    assert headings == [
        "I. Kết quả chung",
        "II. Chỉ tiêu",
        "III. Bản đồ hiện trạng",
        "IV. Tình hình theo xã, phường",
        "V. Danh sách thôn/bản trắng sóng",
        "VI. Mất sóng khi ngừng 2G/3G",
        "VII. Đề xuất đầu tư",
        "VIII. Phương pháp và định nghĩa",
        "IX. Hạn chế",
    ]


def test_headings_of_tables_are_on_every_page_and_rows_stay_whole(result: Result) -> None:
    listed = _open(result).tables[1:-1]
    assert len(listed) == 11
    for table in listed:
        assert table.rows[0]._tr.trPr.findall(qn("w:tblHeader"))
        assert all(row._tr.trPr.findall(qn("w:cantSplit")) for row in table.rows)
        assert not any(row._tr.trPr.findall(qn("w:tblHeader")) for row in table.rows[1:])


def test_word_and_html_and_indicators_state_the_same_figures(result: Result) -> None:
    paper = _open(result)
    html = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", _web(result)))
    summary = " ".join(one.text for one in paper.paragraphs)
    for said in ("4 thôn/bản trắng sóng", "140 hộ, 600 khẩu", "55,6%", "3 thôn/bản lõm sóng", "52.000 USD", "3,4 km"):
        assert said in summary
        assert said in html.replace(" %", "%")
    shares = {tuple(row[:2]): row[2:] for row in _table(paper, "Bảng 1.")[1:]}
    for one in result.indicators[result.indicators["indicator"] == "villages_dead"].head(1).to_dict("records"):
        assert shares["Thôn/bản trắng sóng", "3G, 4G, 5G"] == ["4", "9", "44,4"]
        assert (one["numerator"], one["denominator"]) == (4, 9)
    communes = _table(paper, "Bảng 4.")
    assert communes[-1][1:] == ["Tổng cộng", "10", "4", "3", "2", "1", "525", "365", "3"]
    figures = [run for cells in (row for table in paper.tables[1:-1] for row in _cells(table)) for run in cells]
    assert all(figure in html for figure in figures)


def _cells(table: object) -> list[list[str]]:
    return [
        [line for cell in row.cells for line in cell.text.split("\n") if re.fullmatch(r"[\d.,–% ]+", line)]
        for row in table.rows  # type: ignore[attr-defined]
    ]


def test_villages_that_lose_signal_stand_under_their_switch_off(result: Result) -> None:
    rows = _table(_open(result), "Bảng 6. Thôn/bản mất sóng khi ngừng 2G/3G")
    assert rows[1][0] == "Ngừng 2G sau ngày 15/09/2026: 1 thôn/bản, 60 hộ"
    assert rows[2] == ["1", "Bản Tà", "Phường Tô Hiệu", "60", "250", "không", "Đã phủ sóng"]
    assert rows[3][0] == "Ngừng 3G sau ngày 30/09/2028: 1 thôn/bản, 15 hộ"
    nobody = dataclasses.replace(result, switch_offs=result.switch_offs.iloc[:0])
    assert "Không có thôn/bản nào mất sóng khi ngừng 2G/3G." in _texts(_open(nobody))


def test_the_same_result_gives_the_same_bytes_dated_by_the_assessment(result: Result) -> None:
    content = _docx(result)
    assert content == _docx(result)
    assert _open(result).core_properties.created == datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any("thumbnail" in entry.filename for entry in file.infolist())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_name_breaks_the_paper(result: Result, hostile: str) -> None:
    villages = result.villages.assign(name=hostile, commune_name=hostile)
    communes = result.communes.assign(commune_name=hostile)
    sites = result.ranked_sites.assign(villages=hostile, site_id=hostile, commune_name=hostile)
    about = result.study.study.model_copy(update={"source": hostile, "province": hostile, "name": hostile})
    study = result.study.model_copy(update={"study": about})
    lost = result.switch_offs.assign(name=hostile)
    changed = dataclasses.replace(
        result, villages=villages, communes=communes, ranked_sites=sites, study=study, switch_offs=lost
    )
    paper = _open(changed)
    core = "".join(letter for letter in hostile.replace("\u202e", "") if letter.isprintable())
    core = " ".join(core.split())
    assert any(core.replace(" ", "") in text.replace(" ", "") for text in _texts(paper))
    html = _web(changed)
    assert "<script>alert" not in html
    html.encode()


def test_the_english_report_has_no_vietnamese_sentence(result: Result) -> None:
    text = " ".join(_texts(_open(result, "en")))
    assert "4 dead villages in 2 communes" in text
    assert "2G ends after 15 September 2026: 1 villages, 60 households" in text
    for word in ("thôn", "Không", "Bảng", "trạm", "sóng", "Nơi nhận"):
        assert word not in text


def _letterhead(folder: Path, *, text: str = "SỞ KHOA HỌC VÀ CÔNG NGHỆ") -> Document:
    paper = docx.Document()
    paper.styles["Heading 1"].font.size = Pt(21)
    paper.sections[0].left_margin = Mm(40)
    paper.sections[0].footer.paragraphs[0].text = "Mẫu của Sở"
    if text:
        paper.add_paragraph(text)
    paper.save(str(folder / "letterhead.docx"))
    return paper


def test_a_word_template_keeps_its_styles_footer_margins_and_leading_page(result: Result) -> None:
    _letterhead(result.study.folder)
    paper = _open(_with(result, docx_template=Path("letterhead.docx")))
    assert paper.paragraphs[0].text == "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    assert paper.styles["Heading 1"].font.size == Pt(21)
    assert paper.sections[0].footer.paragraphs[0].text == "Mẫu của Sở"
    assert round(paper.sections[0].left_margin.mm) == 40
    assert not any("CỘNG HÒA" in text for text in _texts(paper))
    assert any("4 thôn/bản trắng sóng" in text for text in _texts(paper))


def test_an_empty_word_template_gets_our_head(result: Result) -> None:
    _letterhead(result.study.folder, text="")
    paper = _open(_with(result, docx_template=Path("letterhead.docx")))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in paper.tables[0].rows[0].cells[1].text


def _field(code: str) -> str:
    return (
        f'<w:p {nsdecls("w")}><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code[:4]}</w:instrText></w:r><w:r><w:instrText>{code[4:]}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        (r'INCLUDETEXT "C:\\secret.txt"', False),
        (r"DDEAUTO cmd.exe calc", False),
        (r"  includepicture http://a.b/c.png", False),
        (r"PAGE \* MERGEFORMAT", True),
        (r"TOC \o 1-2", True),
    ],
)
def test_fields_that_read_files_or_start_programs_are_refused(result: Result, code: str, allowed: bool) -> None:
    paper = _letterhead(result.study.folder)
    paper.element.body.insert(0, parse_xml(_field(code)))
    paper.save(str(result.study.folder / "letterhead.docx"))
    study = _with(result, docx_template=Path("letterhead.docx")).study
    if allowed:
        check_templates(study)
        return
    with pytest.raises(StudyError, match="found the field"):
        check_templates(study)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (RELATIONSHIP_TYPE.IMAGE, "http://tracker.example/pixel.png"),
        (RELATIONSHIP_TYPE.IMAGE, "file:///etc/passwd"),
        (f"{_OFFICE}/attachedTemplate", "\\\\host\\share\\evil.dotm"),
        (RELATIONSHIP_TYPE.HYPERLINK, "file:///C:/Windows/calc.exe"),
    ],
)
def test_a_word_template_that_fetches_something_is_refused(result: Result, kind: str, target: str) -> None:
    paper = _letterhead(result.study.folder)
    paper.part.relate_to(target, kind, is_external=True)
    paper.save(str(result.study.folder / "letterhead.docx"))
    with pytest.raises(StudyError, match=r"\[papers\] docx_template = 'letterhead.docx': found a (link|part)"):
        check_templates(_with(result, docx_template=Path("letterhead.docx")).study)


def test_what_is_no_template_is_said_in_one_line(result: Result, tmp_path: Path) -> None:
    folder = result.study.folder
    (folder / "text.docx").write_text("no zip")
    (folder / "latin.j2").write_bytes(b"S\xa4n La")
    (folder / "broken.j2").write_text("<p>\n{% for x in %}")
    (folder.parent / "outside.j2").write_text("x")
    (folder / "link.j2").symlink_to(folder.parent / "outside.j2")
    for papers, said in (
        ({"docx_template": Path("text.docx")}, "found no Word document"),
        ({"docx_template": Path("missing.docx")}, "found no such file"),
        ({"html_template": Path("latin.j2")}, "found no text in UTF-8"),
        ({"html_template": Path("broken.j2")}, "line 2: "),
        ({"html_template": Path("../outside.j2")}, "leads outside the folder of the study"),
        ({"html_template": Path("link.j2")}, "leads outside the folder of the study"),
        ({"html_template": Path("/etc/hostname")}, "leads outside the folder of the study"),
    ):
        with pytest.raises(StudyError) as caught:
            check_templates(_with(result, **papers).study)
        assert said in str(caught.value)
        assert "expected a" in str(caught.value)
        assert "\n" not in str(caught.value)


def _html(result: Result, template: str) -> str:
    (result.study.folder / "own.j2").write_text(template, encoding="utf-8")
    return _web(_with(result, html_template=Path("own.j2")))


def test_an_html_template_of_ones_own_may_extend_ours(result: Result) -> None:
    html = _html(result, "{% extends 'report.html.j2' %}{% block head %}<p>Sở {{ figures.dead }}</p>{% endblock %}")
    assert "<p>Sở 4</p>" in html
    assert "CỘNG HÒA" not in html
    assert "Bảng 5." in html
    assert "script-src" not in html
    assert html.startswith("<!doctype html>")
    assert "default-src 'none'" in html.splitlines()[2]
    assert _html(result, "{{ report.sections[4].title }}").endswith("V. Danh sách thôn/bản trắng sóng")
    assert "&lt;b&gt;" in _html(result, "{{ '<b>' }}")


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ report.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self._TemplateReference__context }}",
        "{% include '/etc/passwd' %}",
        "{% include '../report.py' %}",
        "{% import 'os' as os %}{{ os }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ nothing }}",
        "{{ 1 / 0 }}",
        "{% set _ = report.figures.update({'dead': '0'}) %}",
        "\n\n{{ report.sections[99].title }}",
    ],
)
def test_a_template_can_neither_run_code_nor_read_files(result: Result, template: str) -> None:
    try:
        page = _html(result, template)
    except CoverageError as error:
        page = str(error)
        said = "[papers] html_template = 'own.j2': " in page and "\n" not in page
    else:
        page = page.split("base-uri")[1]
        said = True
    assert said
    assert not re.search("root:|uid=|<class 'sub|PathLike", page)


def test_a_failing_template_says_in_which_line(result: Result) -> None:
    with pytest.raises(CoverageError, match=r"own.j2': line 3: .*nothing"):
        _html(result, "a\nb\n{{ nothing }}\n")


def test_a_template_is_handed_plain_text_and_numbers_alone(result: Result) -> None:
    """A path or a frame would be a way to files, whatever the sandbox."""

    def plain(value: object) -> bool:
        if dataclasses.is_dataclass(value):
            return all(plain(getattr(value, field.name)) for field in dataclasses.fields(value))
        if isinstance(value, tuple):
            return all(map(plain, value))
        if isinstance(value, dict):
            return all(map(plain, [*value, *value.values()]))
        return type(value) in (str, int, float, bool, bytes)

    assert plain(report_content(result, Wording("vi", result.study)))


def test_unknown_counts_are_dashes(result: Result) -> None:
    bare = dataclasses.replace(result, indicators=result.indicators.iloc[:0], villages=result.villages.iloc[4:5])
    texts = _texts(_open(bare))
    assert "Không có thôn/bản trắng sóng." in texts
    assert any("đạt –%" in text for text in texts)
