"""Tables of the report in Word: headings on every page, rows that stay whole, widths that add up."""

from xml.sax.saxutils import escape, quoteattr

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Length

from coverage.outputs.report.blocks import Column, Row, Table
from coverage.outputs.report.docx_paper import style

_GROUND = {"head": "E8EDF4", "group": "F3F5F8", "total": "F3F5F8"}
_ALIGN = {"left": "left", "centre": "center", "right": "right"}
_SMALL_HALF_PT = 18
_GRID = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_CELL_EDGE_TWIPS = 70


def add_table(paper: Document, table: Table, width: Length) -> None:
    """
    Append a table at the end of a document.

    Parameters
    ----------
    paper
        Where it goes.
    table
        What it holds.
    width
        Of all of it.
    """
    cell_style = style(paper, "Coverage Cell").style_id
    shares = [column.width / sum(column.width for column in table.columns) for column in table.columns]
    widths = [round(share * width.twips) for share in shares]
    head = Row(tuple(column.heading for column in table.columns))
    rows = [_row(head, table.columns, widths, cell_style, look="head")]
    last = len(table.rows) - 1
    for place, row in enumerate(table.rows):
        with_next = row.look == "group" or (table.whole and place < last)
        rows.append(_row(row, table.columns, widths, cell_style, look=row.look, with_next=with_next))
    margins = "".join(f'<w:{side} w:w="{_CELL_EDGE_TWIPS}" w:type="dxa"/>' for side in ("left", "right"))
    xml = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{_GRID}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{''.join(f'<w:gridCol w:w={quoteattr(str(one))}/>' for one in widths)}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )
    paper.element.body._insert_tbl(parse_xml(xml))
    paper.add_paragraph(style=style(paper, "Coverage Note"))  # two tables in a row would become one


def _row(
    row: Row, columns: tuple[Column, ...], widths: list[int], cell_style: str, *, look: str, with_next: bool = False
) -> str:
    heading = "<w:tblHeader/>" if look == "head" else ""
    cells = []
    for place, text in enumerate(row.cells):
        column = columns[place]
        span = f'<w:gridSpan w:val="{len(columns)}"/>' if look == "group" else ""
        width = sum(widths) if look == "group" else widths[place]
        ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{_GROUND[look]}"/>' if look in _GROUND else ""
        middle = '<w:vAlign w:val="center"/>' if look == "head" else ""
        align = "center" if look == "head" else "left" if look == "group" else _ALIGN[column.align]
        bold = bool(look) or column.bold
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{ground}{middle}</w:tcPr>'
            f"{_paragraph(text, cell_style, align, bold=bold, with_next=with_next or look == 'head')}</w:tc>"
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{heading}</w:trPr>{''.join(cells)}</w:tr>"


def _paragraph(text: str, cell_style: str, align: str, *, bold: bool, with_next: bool) -> str:
    first, *rest = text.split("\n")
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    runs = [f'<w:r>{look}<w:t xml:space="preserve">{escape(first)}</w:t></w:r>'] if first else []
    small = f'<w:rPr><w:sz w:val="{_SMALL_HALF_PT}"/><w:szCs w:val="{_SMALL_HALF_PT}"/></w:rPr>'
    runs += [f'<w:r>{small}<w:br/><w:t xml:space="preserve">{escape(line)}</w:t></w:r>' for line in rest]
    keep = "<w:keepNext/>" if with_next else ""
    properties = f'<w:pStyle w:val={quoteattr(cell_style)}/>{keep}<w:jc w:val="{align}"/>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"
