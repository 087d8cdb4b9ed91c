"""comparison.xlsx: what changed between two runs, as a workbook to file, filter and print."""

import io
from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from coverage.columns.changes import COMMUNE_CHANGES, OPERATOR_CHANGES
from coverage.columns.schema import Column
from coverage.columns.words import CHANGES
from coverage.outputs.comparison.words import (
    CHANGE_COLOURS,
    changed_villages,
    differences,
    grid_words,
    operators_in_words,
    remarks,
    summary,
)
from coverage.outputs.tables import select
from coverage.outputs.wording import Wording
from coverage.outputs.workbooks.sheet_tables import HEADER_ROW, write_table, write_totals
from coverage.outputs.workbooks.workbook import CELL, HEADER, Workbook, lines_in, write_row, write_text, write_titles
from coverage.result import Comparison

_WIDTHS = {
    "stt": 4.5, "change": 12, "name": 16, "old_name": 13, "commune_name": 15, "commune_code": 7, "old_commune_name": 14,
    "status_old": 10, "status_new": 10, "reason_new": 24, "households": 7, "households_gained": 8, "lon": 9, "lat": 8,
}  # fmt: skip
_OPERATOR_WIDTH = 11
_BASIS_WIDTHS = (40, 46, 46)


def comparison_workbook(comparison: Comparison, say: Wording) -> bytes:
    """
    Return the workbook: summary, villages by change, communes, operators, and on what basis they were compared.

    Text is text whatever it starts with, and codes keep their zeros; the same comparison gives the same bytes.

    Parameters
    ----------
    comparison
        Two runs.
    say
        The language.
    """
    content = io.BytesIO()
    title, day = say.word("comparison.title"), comparison.new.as_of
    with Workbook(content, title=title, day=day, vi=say.vi) as book:
        sheets = _Sheets(book, comparison, say)
        sheets.summary()
        sheets.villages()
        sheets.communes()
        sheets.operators()
        sheets.basis()
    return content.getvalue()


class _Sheets:
    def __init__(self, book: Workbook, comparison: Comparison, say: Wording) -> None:
        self.book, self.comparison, self.say = book, comparison, say
        self.colours = {say.word(f"change.{change}"): colour for change, colour in CHANGE_COLOURS.items()}

    def summary(self) -> None:
        """Add the counts by change, and above all what makes two runs hard to compare."""
        say, vi = self.say, self.say.vi
        sheet = self.book.sheet("Tổng hợp" if vi else "Summary", "#1F4E79")
        self._titles(sheet, "SO SÁNH HAI KỲ KẾT QUẢ" if vi else "TWO RESULTS COMPARED")
        columns = [
            Column("change", "text", "", "Change", "Biến động"),
            Column("villages", "integer", "villages", "Villages", "Số thôn/bản"),
            Column("households", "integer", "households", "Households", "Số hộ"),
            Column("households_gained", "integer", "households", "Households gained", "Số hộ có sóng tăng thêm"),
        ]
        rows = summary(self.comparison)
        rows["change"] = [say.word(f"change.{change}") for change in rows["change"]]
        widths = (34, 16, 16, 22)
        write_table(self.book, sheet, rows, columns, widths, vi=vi, coloured={"change": self.colours})
        write_totals(self.book, sheet, rows, columns, vi=vi)
        write_text(sheet, HEADER_ROW + len(CHANGES) + 1, 0, "Tổng cộng" if vi else "Total", self._total())
        self._sentences(sheet, HEADER_ROW + len(CHANGES) + 3, [*remarks(self.comparison, say), *_notes(say)], 3)
        sheet.freeze_panes(HEADER_ROW + 1, 1)

    def villages(self) -> None:
        """Add the villages of which there is anything to tell."""
        vi = self.say.vi
        rows, columns = changed_villages(self.comparison, self.say)
        sheet = self.book.sheet("Thôn bản" if vi else "Villages", "#C00000")
        unchanged = self.say.number(len(self.comparison.villages) - len(rows), 0)
        left_out = (
            f"{unchanged} thôn/bản không đổi có trong village_changes.csv."
            if vi
            else f"{unchanged} unchanged villages are in village_changes.csv."
        )
        self._titles(sheet, "THÔN/BẢN CÓ BIẾN ĐỘNG" if vi else "VILLAGES BY CHANGE", left_out)
        widths = [_WIDTHS.get(column.name, _OPERATOR_WIDTH) for column in columns]
        write_table(self.book, sheet, rows, columns, widths, vi=vi, coloured={"change": self.colours})
        sheet.freeze_panes(HEADER_ROW + 1, 3)

    def communes(self) -> None:
        """Add the sums of communes of now."""
        vi, columns = self.say.vi, COMMUNE_CHANGES.columns
        rows = select(self.comparison.communes, columns)
        rows["commune_name"] = rows["commune_name"].fillna("(ngoài các xã)" if vi else "(in no commune)")
        sheet = self.book.sheet("Theo xã" if vi else "By commune", "#4472C4")
        self._titles(sheet, "BIẾN ĐỘNG THEO XÃ/PHƯỜNG" if vi else "CHANGES BY COMMUNE")
        write_table(self.book, sheet, rows, columns, [8, 22, 26, *[9.5] * 10, 11, 11, 10], vi=vi)
        write_totals(self.book, sheet, rows, columns, vi=vi)
        sheet.freeze_panes(HEADER_ROW + 1, 2)

    def operators(self) -> None:
        """Add what each operator gained and lost."""
        vi = self.say.vi
        rows = operators_in_words(self.comparison, self.say)
        sheet = self.book.sheet("Nhà mạng" if vi else "Operators", "#70AD47")
        at_centre = (
            "Theo sóng tại trung tâm thôn/bản; có sóng tại trung tâm thì tính toàn bộ số hộ."
            if vi
            else "By the signal at the village centre; where it has one, all households count."
        )
        self._titles(sheet, "BIẾN ĐỘNG THEO NHÀ MẠNG" if vi else "CHANGES BY OPERATOR", at_centre)
        write_table(self.book, sheet, rows, OPERATOR_CHANGES.columns, [24, *[14] * 7], vi=vi)
        sheet.freeze_panes(HEADER_ROW + 1, 1)

    def basis(self) -> None:
        """Add what was compared, and every setting that differs."""
        say, vi, old, new = self.say, self.say.vi, self.comparison.old, self.comparison.new
        sheet = self.book.sheet("Cơ sở so sánh" if vi else "Basis", "#7F7F7F")
        self._titles(sheet, "CƠ SỞ SO SÁNH" if vi else "BASIS OF THE COMPARISON")
        for place, width in enumerate(_BASIS_WIDTHS):
            sheet.set_column(place, place, width)
        head = ("Nội dung", "Kỳ trước", "Kỳ này") if vi else ("", "Before", "Now")
        write_row(sheet, HEADER_ROW, head, self.book.style(**HEADER), height=22)
        facts = {
            "Tên" if vi else "Name": [run.study.study.name for run in (old, new)],
            "Thư mục" if vi else "Folder": [run.folder.name for run in (old, new)],
            "Thời điểm đánh giá" if vi else "As of": [say.date(run.as_of) for run in (old, new)],
            "Định nghĩa" if vi else "Definition": [run.definition_id for run in (old, new)],
            "Công nghệ còn hoạt động" if vi else "Technologies in service": [
                ", ".join(map(say.technology, run.in_service)) for run in (old, new)
            ],
            "Lưới tính toán" if vi else "Grid": [grid_words(run, say) for run in (old, new)],
            "Số thôn/bản" if vi else "Villages": [say.number(len(run.villages), 0) for run in (old, new)],
            "Số xã/phường" if vi else "Communes": [say.number(len(run.communes), 0) for run in (old, new)],
            "Nguồn số liệu" if vi else "Source": [run.study.study.source for run in (old, new)],
        }
        row = self._triples(sheet, HEADER_ROW + 1, [(name, *values) for name, values in facts.items()])
        settings = differences(self.comparison)
        heading = ("Thiết lập khác nhau", "", "") if vi else ("Settings that differ", "", "")
        write_row(sheet, row + 1, heading, self.book.style(**HEADER), height=22)
        nothing = [("không có" if vi else "none", "", "")]
        row = self._triples(sheet, row + 2, settings or nothing)
        self._sentences(sheet, row + 1, [*remarks(self.comparison, say), *_notes(say)], 2)

    def _titles(self, sheet: Worksheet, title: str, under: str = "") -> None:
        say, old, new = self.say, self.comparison.old, self.comparison.new
        area = new.study.study.province or new.study.study.name
        when = say.word("comparison.dates", old=say.date(old.as_of), new=say.date(new.as_of))
        word = "định nghĩa" if say.vi else "definition"
        same = old.definition_id == new.definition_id
        definition = new.definition_id if same else f"{old.definition_id} → {new.definition_id}"
        write_titles(self.book, sheet, (title, f"{area} – {when} – {word} {definition}", under))

    def _sentences(self, sheet: Worksheet, row: int, texts: Sequence[str], last: int) -> None:
        style = self.book.style(text_wrap=True)
        for text in texts:
            sheet.merge_range(row, 0, row, last, "", style)
            write_text(sheet, row, 0, text, style)
            sheet.set_row(row, 15 * lines_in(text, 88) + 3)
            row += 1

    def _triples(self, sheet: Worksheet, row: int, triples: Sequence[tuple[str, ...]]) -> int:
        style = self.book.style(**CELL, text_wrap=True, indent=1, num_format="@")
        for cells in triples:
            lines = max(lines_in(cell, width) for cell, width in zip(cells, _BASIS_WIDTHS, strict=True))
            write_row(sheet, row, cells, style, height=14 * lines + 4)
            row += 1
        return row

    def _total(self) -> object:
        return self.book.style(bold=True, bg_color="#D9E2F3", border=1, num_format="#,##0")


def _notes(say: Wording) -> list[str]:
    """Return how the figures are to be read."""
    if say.vi:
        return [
            "Số hộ có sóng tăng thêm = số hộ có sóng kỳ này − kỳ trước, ở thôn/bản được đánh giá trong cả hai kỳ; gồm "
            "cả biến động do số hộ của thôn/bản thay đổi.",
            "Thôn/bản được đối chiếu theo tên trong xã/phường tương ứng (kể cả qua sắp xếp đơn vị hành chính ngày "
            "01/07/2025), theo mã và theo vị trí; mã hoặc tên riêng lẻ không đủ để xác định.",
        ]
    return [
        "Households gained: with signal now less those before, of villages assessed in both; their growth counts.",
        "Villages are found by name within the communes that correspond, across the change of 1 July 2025 too, by id "
        "and by place; neither a code nor a name alone tells.",
    ]
