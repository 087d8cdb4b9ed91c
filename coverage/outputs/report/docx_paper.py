"""What a Word document of ours is made of: styles after Decree 30/2020/NĐ-CP, tables, rules, fields; the same bytes."""

import datetime
import io
import zipfile
from collections.abc import Callable

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

_FONT = "Times New Roman"
_BODY_PT = 14
_LONGEST_TITLE = 255
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
"""Stands in place of the clock."""


def blank_paper(language: str) -> Document:
    """Return an empty document: A4 upright, margins, fonts and page numbers as the decree has them."""
    paper = docx.Document()
    for key, relation in list(paper.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):  # of another document
            del paper.part.package.rels[key]
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(20),
        Mm(20),
        Mm(30),
        Mm(15),
    )
    section.header_distance = section.footer_distance = Mm(10)
    _number_pages(section)
    for language_of in paper.styles.element.iter(qn("w:lang")):
        language_of.set(qn("w:val"), "vi-VN" if language == "vi" else "en-GB")
    for name, dress in _DRESS.items():
        dress(_found(paper, name))
    return paper


def style(paper: Document, name: str) -> ParagraphStyle:
    """Return a style by name, as the document has it; where it has none, ours in the document's own font."""
    known = any(one.name == name and one.type == WD_STYLE_TYPE.PARAGRAPH for one in paper.styles)
    found = _found(paper, name)
    if not known:
        found.base_style = paper.styles["Normal"]
        _DRESS[name](found, plain=True)
    return found


def text_width(paper: Document) -> Length:
    """Return the width of the text of the last section."""
    section = paper.sections[-1]
    page = section.page_width or Mm(210)
    return Length(page - (section.left_margin or 0) - (section.right_margin or 0))


def set_font(run: Run, *, size_pt: float | None = None, bold: bool | None = None, italic: bool | None = None,
             colour: str | None = None) -> None:  # fmt: skip
    """Give a run a look of its own."""
    run.bold, run.italic = bold, italic
    if size_pt is not None:
        run.font.size = Pt(size_pt)
    if colour is not None:
        run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))


def rule(paragraph: Paragraph, indent: Length) -> None:
    """Make an empty paragraph a line, from so far within its left edge to so far within its right one."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = indent
    form.first_line_indent = form.space_after = Pt(0)
    form.space_before = Pt(2)
    form.line_spacing = Pt(3)
    borders = _element("w:pBdr", _element("w:top", val="single", sz="6", space="1", color="auto"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def bytes_of(paper: Document, *, title: str, language: str, day: datetime.date) -> bytes:
    """Return the file; equal content gives equal bytes."""
    about, created = paper.core_properties, datetime.datetime.combine(day, datetime.time())
    about.title, about.author, about.last_modified_by = title[:_LONGEST_TITLE], "coverage-planner", ""
    about.language = language
    about.revision = 1
    about.created = about.modified = created
    content, packed = io.BytesIO(), io.BytesIO()
    paper.save(content)
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(entry, source.read(name), compresslevel=6)
    return packed.getvalue()


def _found(paper: Document, name: str) -> ParagraphStyle:
    for one in paper.styles:
        if one.name == name and isinstance(one, ParagraphStyle):
            return one
    made: ParagraphStyle = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    return made


def _number_pages(section: Section) -> None:
    """Number pages at the top, in the middle, from the second on."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    for kind in ("begin", "PAGE", "end"):
        run = paragraph.add_run()
        if kind == "PAGE":
            code = _element("w:instrText")
            code.text = kind
            run._r.append(code)
        else:
            run._r.append(_element("w:fldChar", fldCharType=kind))


def _element(name: str, *children: etree._Element, **attributes: str) -> etree._Element:
    made: etree._Element = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    made.extend(children)
    return made


def _dress(
    size_pt: float,
    align: ALIGN = ALIGN.LEFT,
    *,
    bold: bool = False,
    italic: bool = False,
    first_mm: float = 0,
    left_mm: float = 0,
    before_pt: float = 0,
    after_pt: float = 0,
    lines: float = 1.0,
    with_next: bool = False,
) -> Callable[..., None]:
    """Return what makes a style look so; `plain` leaves it the font of the text, and its size where that is ours."""

    def dress(one: ParagraphStyle, *, plain: bool = False) -> None:
        if not plain:
            for properties in one.element.xpath("w:rPr | w:pPr"):
                one.element.remove(properties)
        font, form = one.font, one.paragraph_format
        font.bold, font.italic = bold, italic
        if not plain or size_pt != _BODY_PT:
            font.size = Pt(size_pt)
        if not plain:
            fonts = one.element.get_or_add_rPr().get_or_add_rFonts()
            for key in ("ascii", "hAnsi", "eastAsia", "cs"):
                fonts.set(qn(f"w:{key}"), _FONT)
            font.color.rgb = RGBColor(0, 0, 0)
        form.alignment, form.line_spacing = align, lines
        form.first_line_indent, form.left_indent = Mm(first_mm), Mm(left_mm)
        form.space_before, form.space_after = Pt(before_pt), Pt(after_pt)
        form.keep_with_next, form.widow_control = with_next, True

    return dress


_DRESS = {
    "Normal": _dress(_BODY_PT),
    "Header": _dress(_BODY_PT, ALIGN.CENTER),
    "Body Text": _dress(_BODY_PT, ALIGN.JUSTIFY, first_mm=10, after_pt=6, lines=1.1),
    "Coverage List": _dress(12, ALIGN.LEFT, first_mm=0, left_mm=12, after_pt=3),
    "Title": _dress(_BODY_PT, ALIGN.CENTER, bold=True, before_pt=18, with_next=True),
    "Subtitle": _dress(_BODY_PT, ALIGN.CENTER, bold=True, with_next=True),
    "Heading 1": _dress(_BODY_PT, bold=True, before_pt=12, after_pt=6, first_mm=10, with_next=True),
    "Heading 2": _dress(_BODY_PT, bold=True, italic=True, before_pt=6, after_pt=6, first_mm=10, with_next=True),
    "Caption": _dress(13, bold=True, before_pt=6, after_pt=3, with_next=True),
    "Coverage Head": _dress(12, ALIGN.CENTER),
    "Coverage Cell": _dress(10.5),
    "Coverage Note": _dress(12, italic=True, after_pt=6),
}  # fmt: skip
"""Style -> how it looks where a template has none of that name."""
