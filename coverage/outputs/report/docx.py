"""report.docx: the report as the paper that an official completes, numbers and signs."""

import datetime
import io
from collections.abc import Iterable

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from coverage.outputs.report.blocks import Block, Bullets, Heading, Paragraph, Picture, Report, Run, Table
from coverage.outputs.report.docx_paper import blank_paper, bytes_of, rule, set_font, style, text_width
from coverage.outputs.report.docx_table import add_table
from coverage.outputs.report.paper_templates import docx_template
from coverage.study import Study

_SIGNS = {"dot": "●", "square": "■", "triangle": "▲"}
_SIGNATURE_MM = 26
_HEAD_SHARES = (0.42, 0.58)
_FOOT_SHARES = (0.45, 0.55)
_TALLEST_PICTURE_MM = 190


def report_docx(report: Report, study: Study) -> bytes:
    """
    Return the report as a Word document, in the layout of Decree 30/2020/NĐ-CP or of the study's own template.

    Of a template styles, header, footer, page set-up and whatever stands in it are kept; the report follows. A template
    that holds something is a letterhead or a cover, and ours is left out. The same report gives the same bytes.

    Parameters
    ----------
    report
        What it says.
    study
        Whose template it is, where it names one.

    Raises
    ------
    StudyError
        The study's template cannot be used.
    """
    template = docx_template(study)
    paper = template or blank_paper(report.language)
    writer = _Writer(paper)
    if template is None or not _holds_something(paper):
        writer.head(report)
    writer.title(report)
    for section in report.sections:
        writer.paragraph("Heading 1", [Run(section.title)])
        for block in section.blocks:
            writer.block(block)
    writer.foot(report)
    day = datetime.date.fromisoformat(report.day)
    return bytes_of(paper, title=report.page_title, language=report.language, day=day)


def _holds_something(paper: Document) -> bool:
    """Whether a template has more than empty paragraphs."""
    body = paper.element.body
    return bool(paper.tables) or bool(body.xpath("string(.)").strip()) or bool(body.xpath("//w:drawing | //w:pict"))


class _Writer:
    """Appends to a document, in its styles."""

    def __init__(self, paper: Document) -> None:
        self.paper, self.width = paper, text_width(paper)

    def head(self, report: Report) -> None:
        """Write who issues the paper beside the name of the country, as two columns without borders."""
        head = report.head
        left, right = self._columns(_HEAD_SHARES)
        self._line(left, head.province)
        self._line(left, head.body, bold=True)
        self._rule(left, self.width * _HEAD_SHARES[0] * 0.33)
        self._line(left, head.number, size_pt=13, before_pt=4)
        self._line(right, head.nation, bold=True)
        self._line(right, head.motto, bold=True, size_pt=13)
        self._rule(right, self.width * _HEAD_SHARES[1] * 0.19)
        self._line(right, head.place, italic=True, size_pt=13, before_pt=4)

    def title(self, report: Report) -> None:
        """Write the title, what it is about, and as of when."""
        self.paragraph("Title", [Run(report.title)])
        self.paragraph("Subtitle", [Run(report.subject)])
        when = self.paragraph("Coverage Note", [Run(report.when)])
        when.alignment = ALIGN.CENTER
        when.paragraph_format.space_after = Pt(3)
        rule(self.paper.add_paragraph(style=style(self.paper, "Coverage Head")), Length(round(self.width * 0.36)))

    def block(self, block: Block) -> None:
        """Append a block."""
        if isinstance(block, Paragraph):
            self.paragraph("Coverage Note" if block.notice else "Body Text", block.runs)
        elif isinstance(block, Bullets):
            for item in block.items:
                self.paragraph("Body Text" if block.level == 1 else "Coverage List", (Run("- "), *item))
        elif isinstance(block, Heading):
            self.paragraph("Heading 2", [Run(block.text)])
        elif isinstance(block, Table):
            self.paragraph("Caption", [Run(block.caption)])
            add_table(self.paper, block, self.width)
        else:
            self.picture(block)

    def paragraph(self, look: str, runs: Iterable[Run]) -> DocxParagraph:
        """Append a paragraph in a style; what its runs say beside it is bold, or the name of a file."""
        made = self.paper.add_paragraph(style=style(self.paper, look))
        for run in runs:
            added = made.add_run(run.text)
            if run.look == "bold":
                added.bold = True
            elif run.look == "file":
                added.italic = True
        return made

    def picture(self, block: Picture) -> None:
        """Append a picture as wide as the text, its legend and caption on the same page."""
        place = self.paper.add_paragraph(style=style(self.paper, "Coverage Head"))
        place.paragraph_format.keep_with_next = True
        shape = place.add_run().add_picture(io.BytesIO(block.png), width=self.width)
        if shape.height > Mm(_TALLEST_PICTURE_MM):
            shape.width, shape.height = (
                Length(shape.width * Mm(_TALLEST_PICTURE_MM) / shape.height),
                Mm(_TALLEST_PICTURE_MM),
            )
        shape._inline.docPr.set("descr", block.alt)
        for line in block.legend:
            legend = self.paper.add_paragraph(style=style(self.paper, "Coverage Cell"))
            legend.alignment, legend.paragraph_format.keep_with_next = ALIGN.CENTER, True
            for sign in line:
                set_font(legend.add_run(_SIGNS[sign.shape]), colour=sign.colour, size_pt=13)
                legend.add_run(f" {sign.text}".replace(" ", "\N{NO-BREAK SPACE}") + "   ")
        caption = self.paragraph("Coverage Note", [Run(block.caption)])
        caption.alignment = ALIGN.CENTER

    def foot(self, report: Report) -> None:
        """Write who receives the paper, and leave room to sign it."""
        foot = report.foot
        left, right = self._columns(_FOOT_SHARES)
        self._line(left, foot.heading, bold=True, italic=True, before_pt=12, align=ALIGN.LEFT)
        for recipient in foot.recipients:
            self._line(left, recipient, size_pt=11, align=ALIGN.LEFT)
        self._line(right, foot.signer, bold=True, size_pt=14, before_pt=12)
        self._line(right, foot.sign, italic=True, size_pt=13).paragraph_format.space_after = Mm(_SIGNATURE_MM)

    def _columns(self, shares: tuple[float, float]) -> tuple[_Cell, ...]:
        """Append a table of one row without borders that stays on one page; return its cells."""
        table = self.paper.add_table(rows=1, cols=2)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        no_edge = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        edges = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{no_edge}</w:tblCellMar>")
        table._tblPr.insert_element_before(edges, "w:tblLook")
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, column, share in zip(table.rows[0].cells, table.columns, shares, strict=True):
            cell.width = column.width = Length(round(self.width * share))
        return tuple(table.rows[0].cells)

    def _rule(self, cell: _Cell, indent: float) -> None:
        rule(cell.add_paragraph(style=style(self.paper, "Coverage Head")), Length(round(indent)))

    def _line(
        self,
        cell: _Cell,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        size_pt: float = 12,
        before_pt: float = 0,
        align: ALIGN = ALIGN.CENTER,
    ) -> DocxParagraph:
        """Add a line to a cell; the first takes the place of the empty one that every cell begins with."""
        first = cell.paragraphs[0]
        made: DocxParagraph = cell.add_paragraph() if first.runs else first
        made.style = style(self.paper, "Coverage Head")
        made.alignment, made.paragraph_format.space_before = align, Pt(before_pt)
        set_font(made.add_run(text), bold=bold, italic=italic, size_pt=size_pt)
        return made
