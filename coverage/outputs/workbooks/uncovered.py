"""uncovered_villages.xlsx: the list as a workbook to file, filter, print and sign."""

import datetime
import io
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from coverage.columns.results import COMMUNES, SWITCH_OFFS, UNCOVERED, VILLAGES
from coverage.columns.schema import Column
from coverage.columns.words import TECHNOLOGIES
from coverage.outputs import definitions
from coverage.outputs.indicator_rows import in_words
from coverage.outputs.report import figures
from coverage.outputs.tables import select
from coverage.outputs.uncovered import uncovered_villages
from coverage.outputs.wording import Wording
from coverage.outputs.workbooks.sheet_tables import HEADER_ROW, write_pairs, write_table, write_totals
from coverage.outputs.workbooks.workbook import Workbook
from coverage.result import Result

_WIDTHS = {
    "stt": 4.5, "commune_name": 14, "commune_code": 6.5, "former_commune": 11, "name": 16, "households": 5.5,
    "people": 6.5, "has_power": 9, "status": 9, "2g": 5.5, "3g": 5.5, "4g": 5.5, "5g": 5.5, "operator": 17,
    "level_dbm": 7, "probability": 8, "fiber": 9, "nearest_site_km": 9.5, "lon": 8.5, "lat": 7.5, "proposal": 26,
    "note": 25,
}  # fmt: skip
_PROBABILITY = replace(VILLAGES["probability"], unit="share")
_LEVEL = UNCOVERED.names.index("level_dbm") + 1
_COLUMNS = (*UNCOVERED.columns[:_LEVEL], _PROBABILITY, *UNCOVERED.columns[_LEVEL:])
"""The list for officials, and after the level how likely there is signal: near one half no model can tell."""
_NAME = UNCOVERED.names.index("name")
_LOST_WIDTHS = {
    "stt": 4.5, "last_day": 12, "technology": 12, "commune_code": 8, "commune_name": 22, "name": 24, "households": 9,
    "people": 9, "has_power": 10, "status_before": 18,
}  # fmt: skip
"""Column -> width, in the order of printing."""
_SIGNAL_COLOURS = {"good": "#2E7D32", "weak": "#B26A00", "none": "#C00000"}


def uncovered_workbook(result: Result, say: Wording) -> bytes:
    """
    Return the workbook: a sheet per status, communes, indicators, definitions and sources.

    Text is text whatever it starts with, and codes keep their zeros; the same result gives the same bytes.

    Parameters
    ----------
    result
        A finished run.
    say
        The language.
    """
    content = io.BytesIO()
    title, source = _title(result, say), result.study.study.source
    with Workbook(content, title=title, day=result.as_of, vi=say.vi, comments=source) as book:
        sheets = _Sheets(book, result, say)
        for status in ("dead", "weak", "not_assessed"):
            listed = uncovered_villages(result, say, (status,))
            if len(listed) or status != "not_assessed":
                sheets.villages(status, listed)
        sheets.switch_offs()
        sheets.communes()
        sheets.indicators()
        sheets.definitions()
    return content.getvalue()


def _title(result: Result, say: Wording) -> str:
    area = result.study.study.province or result.study.study.name
    return f"Thôn/bản chưa phủ sóng – {area}" if say.vi else f"Uncovered villages – {area}"


class _Sheets:
    """The sheets of one workbook; they share formats and print set-up."""

    def __init__(self, book: Workbook, result: Result, say: Wording) -> None:
        self.book, self.style, self._sheet = book, book.style, book.sheet
        self.result, self.say = result, say

    def villages(self, status: str, listed: pd.DataFrame) -> None:
        """Add the list of the villages of a status."""
        say = self.say
        sheet = self._sheet(say.status(status), {"dead": "#C00000", "weak": "#ED7D31"}.get(status, "#7F7F7F"))
        totals = (len(listed), *listed[["households", "people"]].sum())
        n, households, people = (say.number(float(total), 0) for total in totals)
        if say.vi:
            heading = f"DANH SÁCH THÔN/BẢN {say.status(status).upper()}"
            counts = f"Tổng số: {n} thôn/bản, {households} hộ, {people} khẩu"
        else:
            heading = f"{say.status(status).upper()} VILLAGES"
            counts = f"Total: {n} villages, {households} households, {people} people"
        self._heading(sheet, heading, counts)
        self._table(sheet, listed, _COLUMNS, [_WIDTHS[column.name] for column in _COLUMNS])
        sheet.freeze_panes(HEADER_ROW + 1, _NAME + 1)
        self._signatures(sheet, HEADER_ROW + len(listed) + 3)

    def switch_offs(self) -> None:
        """Add the villages that lose their last signal at each switch-off; one line says so where there is none."""
        say, lost = self.say, self.result.switch_offs
        ending = figures.ending(self.result, say)
        title = say.word("report.switch_offs", technologies=ending)
        sheet = self._sheet(title.replace("/", ", "), "#7030A0")
        if lost.empty:
            self._heading(sheet, title.upper(), say.word("report.none_lost", technologies=ending))
            return
        parts = lost[["last_day", "technology"]].drop_duplicates().itertuples(index=False)
        counts = "; ".join(figures.switch_off_text(lost, day, technology, say) for day, technology in parts)
        self._heading(sheet, title.upper(), counts)
        words = lost.assign(
            stt=range(1, len(lost) + 1),
            last_day=[say.date(datetime.date.fromisoformat(day)) for day in lost["last_day"]],
            technology=[say.technology(technology).replace("+", ", ") for technology in lost["technology"]],
            has_power=lost["has_power"].map(say.yes_no),
            status_before=lost["status_before"].map(say.status),
        )
        known = {column.name: column for column in (UNCOVERED["stt"], *SWITCH_OFFS.columns)}
        self._table(sheet, words, [known[name] for name in _LOST_WIDTHS], list(_LOST_WIDTHS.values()))
        sheet.freeze_panes(HEADER_ROW + 1, list(_LOST_WIDTHS).index("name") + 1)

    def communes(self) -> None:
        """Add the communes with their counts."""
        columns = [column for column in COMMUNES.columns if column.name != "definition_id"]
        say, communes = self.say, select(self.result.communes, columns)
        for name in ("centre_4g", "centre_3g_4g"):
            communes[name] = communes[name].map(say.yes_no)
        communes["centre_fiber"] = communes["centre_fiber"].map(say.fiber, na_action="ignore")
        sheet = self._sheet("Theo xã" if say.vi else "By commune", "#4472C4")
        self._heading(sheet, "TỔNG HỢP THEO XÃ/PHƯỜNG" if say.vi else "SUMMARY BY COMMUNE", "")
        self._table(sheet, communes, columns, [9, 26, 10, 10, 10, 11, 12, 11, 11, 12, 12, 12, 16])
        write_totals(self.book, sheet, communes, columns, vi=say.vi)
        sheet.freeze_panes(HEADER_ROW + 1, 2)

    def indicators(self) -> None:
        """Add the province's indicators; those of communes are in indicators.csv."""
        say = self.say
        columns = [
            Column("indicator", "text", "", "Indicator", "Chỉ tiêu"),
            Column("technology", "text", "", "Technology", "Công nghệ"),
            Column("operator", "text", "", "Operator", "Nhà mạng"),
            Column("numerator", "number", "households", "Number", "Số lượng"),
            Column("denominator", "number", "households", "Out of", "Trên tổng số"),
            Column("percent", "number", "%", "Percent", "Tỷ lệ (%)"),
        ]
        sheet = self._sheet("Chỉ tiêu" if say.vi else "Indicators", "#70AD47")
        self._heading(sheet, "CÁC CHỈ TIÊU" if say.vi else "INDICATORS", "")
        self._table(sheet, in_words(self.result, say), columns, [48, 20, 22, 14, 14, 12])
        sheet.freeze_panes(HEADER_ROW + 1, 1)

    def definitions(self) -> None:
        """Add what the words mean, and where the data came from."""
        result, say = self.result, self.say
        sheet = self._sheet("Định nghĩa" if say.vi else "Definitions", "#7F7F7F")
        self._heading(sheet, "ĐỊNH NGHĨA VÀ NGUỒN SỐ LIỆU" if say.vi else "DEFINITIONS AND SOURCES", "")
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 5, 22)
        vi = say.vi
        row = HEADER_ROW
        row = self._pairs(sheet, row, "Phương pháp" if vi else "Method", definitions.method(result, say))
        row = self._pairs(sheet, row, "Tình trạng" if vi else "Status", definitions.statuses(result, say))
        row = self._pairs(sheet, row, "Cáp quang" if vi else "Fiber", definitions.fiber_statuses(result, say))
        names = (
            ("Ngưỡng tín hiệu (dBm)", "Đại lượng", "Tốt: từ", "Yếu: từ", "Còn hoạt động", "Ngày cuối hoạt động")
            if vi
            else ("Signal classes (dBm)", "Quantity", "Good: from", "Weak: from", "In service", "Last day of service")
        )
        self._row(sheet, row, names, self.style(bold=True, bg_color="#D9E2F3", border=1, text_wrap=True))
        for one in definitions.thresholds(result, say):
            row += 1
            values = (
                one.technology,
                one.quantity,
                one.good_dbm,
                one.weak_dbm,
                say.yes_no(one.in_service),
                one.switch_off,
            )
            self._row(sheet, row, values, self.style(border=1))
        row += 2
        head = self.style(bold=True, bg_color="#D9E2F3", border=1)
        self._wide_row(sheet, row, ("Nguồn số liệu", "Tệp", "SHA-256") if vi else ("Sources", "File", "SHA-256"), head)
        for file in result.layers.files:
            row += 1
            self._wide_row(sheet, row, (say.word(f"layer.{file.layer}"), file.path, file.sha256), self.style(border=1))
        if result.study.study.source:
            style = self.style(italic=True, text_wrap=True)
            sheet.merge_range(row + 2, 0, row + 2, 5, "", style)
            sheet.write_string(row + 2, 0, result.study.study.source, style)
            sheet.set_row(row + 2, 32)
        sheet.fit_to_pages(1, 1)

    def _heading(self, sheet: Worksheet, heading: str, counts: str) -> None:
        say, about = self.say, self.result.study.study
        when = say.date(self.result.as_of)
        basis = (
            f"{about.province or about.name} – thời điểm {when} – định nghĩa {self.result.study.definition_id}"
            if say.vi
            else f"{about.province or about.name} – as of {when} – definition {self.result.study.definition_id}"
        )
        sheet.write_string(0, 0, heading, self.style(bold=True, font_size=15))
        sheet.write_string(1, 0, basis, self.style(font_size=11, italic=True))
        sheet.write_string(2, 0, counts, self.style(font_size=11, bold=True))
        sheet.set_row(0, 24)

    def _table(self, sheet: Worksheet, frame: pd.DataFrame, columns: Sequence[Column], widths: Sequence[float]) -> None:
        colours = {self.say.word(f"signal.{name}"): colour for name, colour in _SIGNAL_COLOURS.items()}
        coloured = dict.fromkeys(TECHNOLOGIES, colours)
        write_table(self.book, sheet, frame, columns, widths, vi=self.say.vi, coloured=coloured)

    def _signatures(self, sheet: Worksheet, row: int) -> None:
        """Leave room to sign under a list."""
        names = ("NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ") if self.say.vi else ("PREPARED BY", "APPROVED BY")
        signs = ("(Ký, ghi rõ họ tên)", "(Ký, ghi rõ họ tên, đóng dấu)") if self.say.vi else ("(name, signature)",) * 2
        for name, sign, place in zip(names, signs, (_NAME, len(_COLUMNS) - 2), strict=True):
            sheet.write_string(row, place, name, self.style(bold=True, align="center"))
            sheet.write_string(row + 1, place, sign, self.style(italic=True, align="center"))

    def _wide_row(self, sheet: Worksheet, row: int, values: tuple[str, str, str], style: Format) -> None:
        for text, first, last in zip(values, (0, 1, 3), (0, 2, 5), strict=True):
            if last > first:
                sheet.merge_range(row, first, row, last, "", style)
            sheet.write_string(row, first, text, style)

    def _pairs(self, sheet: Worksheet, row: int, heading: str, pairs: Sequence[tuple[str, str]]) -> int:
        return write_pairs(self.book, sheet, row, heading, pairs, last=5, letters=105)

    def _row(self, sheet: Worksheet, row: int, values: Sequence[object], style: Format) -> None:
        for place, value in enumerate(values):
            if isinstance(value, float):
                sheet.write_number(row, place, value, style)
            else:
                sheet.write_string(row, place, str(value), style)
