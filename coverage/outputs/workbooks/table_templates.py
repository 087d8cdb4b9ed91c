"""Tables to fill in, as workbooks: headings, what each cell may hold, and notes on every column."""

import datetime
import io
from collections.abc import Iterator
from typing import Any

from xlsxwriter.worksheet import Worksheet

from coverage.columns.schema import Column, Table
from coverage.outputs.workbooks.workbook import CELL, HEADER, Workbook

_LAST_ROW = 1_048_575
_ROWS = {
    "villages": ("Thôn/bản: mỗi dòng một thôn/bản.", "Villages: one row for each."),
    "housing": (
        "Nhà ở: mỗi dòng một cụm nhà của một thôn/bản.",
        "Housing: one row for each group of houses of a village.",
    ),
    "sites": (
        "Trạm BTS: mỗi dòng một cell; trạm có nhiều công nghệ hoặc nhiều hướng thì ghi nhiều dòng.",
        "Base stations: one row for each cell; a mast with several technologies or sectors has several rows.",
    ),
    "fiber_nodes": ("Nút cáp quang: mỗi dòng một nút.", "Fiber nodes: one row for each."),
    "candidates": (
        "Vị trí đề xuất: mỗi dòng một vị trí có thể xây dựng trạm.",
        "Proposed positions: one row for each place where a mast may be built.",
    ),
    "proposals": (
        "Vị trí đã quyết định: mỗi dòng một vị trí sẽ xây dựng trạm.",
        "Positions settled on: one row for each place where a mast will be built.",
    ),
    "official": (
        "Danh sách chính thức: mỗi dòng một thôn/bản chưa có sóng theo danh sách của Sở hoặc của Bộ.",
        "Official list: one row for each village that an authority lists as without coverage.",
    ),
    "crosswalk": (
        "Chuyển đổi đơn vị hành chính ngày 01/7/2025: mỗi dòng một xã cũ và một xã mới tiếp nhận.",
        "Change of communes on 1 July 2025: one row for each old commune and each new one that took it over.",
    ),
}
_ADVICE = (
    (
        "Điền vào trang đầu tiên, mỗi cột đúng một loại thông tin. Không đổi tên các cột; cột không dùng có thể xóa.",
        "Cột có dấu (*) là bắt buộc: phải điền ở mọi dòng. Chưa biết thì để trống, không ghi số 0 hoặc dấu gạch.",
        "Tọa độ: kinh độ và vĩ độ WGS 84, tính bằng độ (103,914) hoặc độ, phút, giây (103°54'50\").",
    ),
    (
        "Fill in the first sheet. Leave the headings as they are; columns that are not used may be deleted.",
        "Columns marked (*) are needed and filled in every row. Leave a cell empty where the value is not known.",
        "Coordinates: longitude and latitude in WGS 84, in degrees (103.914) or degrees, minutes, seconds "
        "(103°54'50\").",
    ),
)
_NOTES = (
    ("Tiêu đề cột", "Nội dung", "Đơn vị", "Giá trị cho phép", "Bắt buộc", "Ví dụ", "Tiêu đề khác cũng được nhận"),
    ("Heading", "Holds", "Unit", "Allowed", "Needed", "Example", "Other headings that are understood"),
)
_KINDS = {
    "text": ("Chữ", "Text"),
    "integer": ("Số nguyên", "Whole number"),
    "number": ("Số", "Number"),
    "flag": ("Có hoặc không", "Yes or no"),
}
_UNITS = {"households": ("hộ", "households"), "people": ("người", "people"), "degree": ("độ", "degrees")}
_FLAGS = (("có", "không"), ("yes", "no"))
_CODE = (
    "Mã gồm 5 chữ số, nhập dạng chữ để giữ số 0 ở đầu",
    "Code of 5 digits, kept as text so that a leading zero stays",
)
_VALUES = {
    "dead": ("Trắng sóng", "No signal"),
    "weak": ("Lõm sóng", "Weak signal"),
    "covered": ("Đã phủ sóng", "Covered"),
    "fiber": ("Cáp quang", "Fiber"),
    "microwave": ("Vi ba", "Microwave"),
    "satellite": ("Vệ tinh", "Satellite"),
    "none": ("Chưa có", "None"),
    "whole": ("Toàn bộ xã cũ về một xã mới", "The whole old commune went to one new commune"),
    "divided": ("Xã cũ chia cho nhiều xã mới", "The old commune was divided among several"),
}
"""Value of a list -> what it means; those of other columns say it themselves."""
_ALL_OR_NONE = frozenset({"freq_mhz", "bandwidth_mhz", "eirp_dbm", "height_m"})
"""What a cell needs: a table without such a column takes it from the study, one with the column fills every row."""
_EXAMPLES: dict[str, str | float] = {
    "village_id": "03646-mong-1", "name": "Bản Mòng", "commune_code": "03646", "commune_name": "Tô Hiệu",
    "former_commune": "Hua La", "former_district": "Thành phố Sơn La", "lon": 103.914, "lat": 21.327,
    "households": 85, "people": 390, "site_id": "SLA0412", "cell_id": "SLA0412-4G-1", "operator": "Viettel",
    "freq_mhz": 1800, "bandwidth_mhz": 10, "height_m": 36, "azimuth_deg": 120, "tilt_deg": 4, "beamwidth_deg": 65,
    "eirp_dbm": 62, "node_id": "SLA-ODF-07", "kind": "OLT", "technology": "4g", "antenna": "",
    "old_code": "03646", "old_ward": "Chiềng Lề", "old_district": "Thành phố Sơn La", "old_province": "Sơn La",
    "old_lat": 21.331, "old_lon": 103.911, "new_code": "03646", "new_ward": "Tô Hiệu", "new_province": "Sơn La",
}  # fmt: skip


def table_template(table: Table, language: str, *, day: datetime.date) -> bytes:
    """
    Return a workbook to fill in: a sheet of headings, one of notes, and one of lists where a column has values.

    A value that the lists and ranges do not foresee brings up a question, never a refusal: coordinates may be
    degrees, minutes and seconds, and a decimal comma depends on the computer. Codes stay text.

    Parameters
    ----------
    table
        One of `columns.INPUTS` that needs no lines or polygons.
    language
        `vi` or `en`.
    day
        When it was made.
    """
    content = io.BytesIO()
    place = 0 if language == "vi" else 1
    title = _ROWS.get(table.name, (table.name, table.name))[place]
    with Workbook(content, title=title.partition(":")[0], day=day, vi=place == 0) as book:
        _data(book, table, place)
        _notes(book, table, place, title)
        if any(column.values for column in table.columns):
            _lists(book, table, place)
    return content.getvalue()


def example(column: Column, place: int) -> str | float:
    """Return a value that a column may hold."""
    if column.kind == "flag":
        return _FLAGS[place][0]
    if column.name in _EXAMPLES and (not column.values or _EXAMPLES[column.name] in column.values):
        return _EXAMPLES[column.name]
    if column.values:
        return column.values[0]
    return "" if column.kind == "text" else 1 if column.minimum is None else max(column.minimum, 1)


def _data(book: Workbook, table: Table, place: int) -> None:
    sheet = book.sheet(("Số liệu", "Data")[place], "#C00000")
    sheet.hide_gridlines(0)
    sheet.set_row(0, 48)
    for number, column in enumerate(table.columns):
        heading = _heading(table, column, place)
        needed = _needed(table, column)
        optional = {} if needed == "yes" else {"bg_color": "#D9E2F3", "font_color": "#1F2937"}
        words = max(map(len, heading.split()))
        width = min(max(10, words + 4, len(heading) * 0.7), 26)
        body = book.style(num_format="@") if column.kind in ("text", "flag") else book.style()
        sheet.set_column(number, number, width, body)
        sheet.write_string(0, number, heading, book.style(**HEADER | optional))
        sheet.data_validation(1, number, _LAST_ROW, number, _validation(table, column, place))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_LAST_ROW + 1}"})
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _notes(book: Workbook, table: Table, place: int, title: str) -> None:
    sheet = book.sheet(("Ghi chú", "Notes")[place], "#7F7F7F")
    for number, width in enumerate((26, 26, 11, 30, 18, 18, 46)):
        sheet.set_column(number, number, width)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, title, book.style(bold=True, font_size=13))
    for row, line in enumerate(_ADVICE[place], start=1):
        sheet.write_string(row, 0, line, book.style())
    row = len(_ADVICE[place]) + 2
    _row(book, sheet, row, _NOTES[place], HEADER)
    sheet.set_row(row, 32)
    sheet.freeze_panes(row + 1, 1)
    sheet.repeat_rows(row)
    for column in table.columns:
        row += 1
        cells = _noted(table, column, place)
        _row(book, sheet, row, cells, {**CELL, "text_wrap": True, "indent": 1, "num_format": "@"})
        sheet.write_string(row, 0, cells[0], book.style(**CELL, bold=True, text_wrap=True, indent=1))
        sheet.set_row(row, 16 * max(1 + len(cells[1]) // 29, 1 + len(cells[4]) // 20, 1 + len(cells[6]) // 52) + 3)


def _lists(book: Workbook, table: Table, place: int) -> None:
    sheet = book.sheet(("Danh mục", "Lists")[place], "#7F7F7F")
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 2, 48)
    titles = (("Cột", "Giá trị nhập", "Ý nghĩa"), ("Column", "Value to enter", "Meaning"))[place]
    _row(book, sheet, 0, titles, HEADER)
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 0)
    row = 0
    for column in table.columns:
        for value in column.values:
            row += 1
            meaning = _VALUES[value][place] if value in _VALUES else value.upper()
            _row(book, sheet, row, (_title(column, place), value, meaning), {**CELL, "indent": 1, "num_format": "@"})


def _row(book: Workbook, sheet: Worksheet, row: int, cells: tuple[str, ...], style: dict[str, Any]) -> None:
    for number, text in enumerate(cells):
        sheet.write_string(row, number, text, book.style(**style))


def _noted(table: Table, column: Column, place: int) -> tuple[str, ...]:
    """Return the cells of a column's row of notes."""
    holds = _CODE[place] if column.pattern else _KINDS[column.kind][place]
    needed = {
        "yes": ("Bắt buộc", "Needed"),
        "made": ("Tự tạo nếu để trống", "Made if left empty"),
        "whole": ("Mọi dòng, hoặc xóa cả cột", "Every row, or delete the column"),
        "no": ("Không bắt buộc", "Optional"),
    }[_needed(table, column)][place]
    others = dict.fromkeys((column.name, column.vi, column.en, *column.aliases))
    others.pop(_title(column, place), None)
    shown = example(column, place)
    text = shown if isinstance(shown, str) else _number(shown, place)
    return (_heading(table, column, place), holds, _unit(column, place), _allowed(column, place), needed, text,
            ", ".join(others))  # fmt: skip


def _title(column: Column, place: int) -> str:
    return (column.vi, column.en)[place]


def _heading(table: Table, column: Column, place: int) -> str:
    """Return the heading as printed; the mark does not count when headings are matched."""
    return _title(column, place) + (" (*)" if _needed(table, column) == "yes" else "")


def _needed(table: Table, column: Column) -> str:
    """Return `yes`, `no`, `made` for an id that is made where it is missing, or `whole` for every row or none."""
    if column.required or (table.geometry == "point" and table.placed and column.name in ("lon", "lat")):
        return "yes"
    if table.name == "sites" and column.name in _ALL_OR_NONE:
        return "whole"
    return "made" if column.name == table.key else "no"


def _unit(column: Column, place: int) -> str:
    return _UNITS.get(column.unit, (column.unit, column.unit))[place]


def _allowed(column: Column, place: int) -> str:
    """Return what a cell may hold, where that is limited."""
    if column.values:
        return ", ".join(column.values)
    if column.kind == "flag":
        return ", ".join(_FLAGS[place])
    low, high = (None if limit is None else _number(limit, place) for limit in (column.minimum, column.maximum))
    if low is not None and high is not None:
        return (f"từ {low} đến {high}", f"{low} to {high}")[place]
    if low is not None:
        return (f"từ {low} trở lên", f"{low} or more")[place]
    return "" if high is None else (f"không quá {high}", f"{high} or less")[place]


def _number(value: float, place: int) -> str:
    text = f"{value:g}"
    return text.replace(".", ",") if place == 0 else text


def _validation(table: Table, column: Column, place: int) -> dict[str, Any]:
    """Return what Excel offers and asks when a cell of a column is filled."""
    holds, *said, needed, _, _ = _noted(table, column, place)[1:]
    message = ". ".join((" ".join(filter(None, (holds, f"({said[0]})" if said[0] else ""))), *_said(said[1], needed)))
    question = (
        "Giá trị khác với hướng dẫn. Vẫn giữ giá trị này?",
        "This differs from the notes. Keep it all the same?",
    )
    return {
        **dict(_rule(column, place)),
        "input_title": _title(column, place)[:32],
        "input_message": message[:255],
        "error_type": "warning",
        "error_title": ("Xin kiểm tra", "Please check")[place],
        "error_message": question[place],
    }


def _said(allowed: str, needed: str) -> Iterator[str]:
    if allowed:
        yield allowed[0].upper() + allowed[1:]
    yield needed


def _rule(column: Column, place: int) -> Iterator[tuple[str, Any]]:
    """Yield what a cell is held against."""
    low, high = column.minimum, column.maximum
    if column.values or column.kind == "flag":
        yield from (("validate", "list"), ("source", list(column.values or _FLAGS[place])))
    elif column.pattern:
        yield from (("validate", "length"), ("criteria", "=="), ("value", 5))
    elif column.kind == "text" or low is None:
        yield "validate", "any"
    else:
        yield "validate", "integer" if column.kind == "integer" else "decimal"
        limits = (("criteria", ">="), ("value", low))
        yield from limits if high is None else (("criteria", "between"), ("minimum", low), ("maximum", high))
