"""reconciliation.xlsx: the official list and the run side by side, for those who answer for either."""

import io
from collections.abc import Sequence

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from coverage.columns.results import RECONCILIATION
from coverage.columns.schema import Column
from coverage.columns.words import CAUSES, LISTED, OFFICIAL_MATCHES, OURS, STATUSES
from coverage.outputs import definitions
from coverage.outputs.wording import Wording
from coverage.outputs.workbooks.sheet_tables import HEADER_ROW, write_pairs, write_table
from coverage.outputs.workbooks.workbook import HEAD, HEADER, Workbook, write_row, write_titles
from coverage.result import Agreement, Reconciliation, Result

_LAST = 7
"""Last column of the first sheet: six statuses and their sum."""
_RARE = ("unstated", "undecided")
"""Shown in the matrix only where there are any."""
_AGREES = "#E2EFDA"
_COLUMNS = {
    "stt": 4.5, "difference": 17, "commune_code": 7, "commune_name": 15, "official_name": 17, "name": 17,
    "households": 8, "official_households": 10, "match": 16, "official_status": 14, "our_status": 14, "reason": 24,
    "perhaps": 15, "distance_km": 10, "note": 16,
}  # fmt: skip
"""Column -> width, in the order of printing."""
_STT = Column("stt", "integer", "", "No.", "STT")
_DIFFERENCE = Column("difference", "text", "", "Difference", "Loại khác biệt")
_COLOURS = {"dead": "#C00000", "weak": "#B26A00", "covered": "#2E7D32"}


def reconciliation_workbook(result: Result, compared: Reconciliation, say: Wording) -> bytes:
    """
    Return the workbook: matrix and shares, differences, matches, and what could not be matched.

    Parameters
    ----------
    result
        A finished run.
    compared
        Its comparison with the official list.
    say
        The language.
    """
    content = io.BytesIO()
    area = result.study.study.province or result.study.study.name
    title = f"{say.word('reconciliation.title')} – {area}"
    with Workbook(content, title=title, day=result.as_of, vi=say.vi) as book:
        sheets = _Sheets(book, result, compared, say)
        sheets.matrix()
        table = compared.table
        matched = table["match"].isin(["same", "similar", "renamed"])
        differ = table["agree"].eq(False).fillna(False) | (table["match"] == "only_official")
        sheets.rows("differences", "#C00000", table[differ], without=("match",))
        sheets.rows("matches", "#70AD47", table[matched], without=("difference", "perhaps"))
        unmatched = table[table["match"].isin(["ambiguous", "only_official"])]
        sheets.rows("unmatched", "#7F7F7F", unmatched, without=("difference", "distance_km"))
    return content.getvalue()


def agreement_text(compared: Reconciliation, say: Wording) -> str:
    """Return in one line how many villages were matched, and how many of them agree."""
    table = compared.table
    listed = int(table["official_name"].notna().sum())
    matched = int(table["match"].isin(["same", "similar", "renamed"]).sum())
    counts = {"listed": say.number(listed, 0), "matched": say.number(matched, 0)}
    return say.word("reconciliation.counts", **counts, agreement=_share(compared.statuses, say))


def _share(agreement: Agreement, say: Wording) -> str:
    if not agreement.villages:
        return say.word("reconciliation.none")
    return say.word(
        "reconciliation.share",
        alike=say.number(agreement.alike, 0),
        villages=say.number(agreement.villages, 0),
        percent=say.number(100 * agreement.alike / agreement.villages, 1),
        kappa=say.number(agreement.kappa, 2) or say.word("reconciliation.no_kappa"),
    )


class _Sheets:
    """The sheets of one workbook."""

    def __init__(self, book: Workbook, result: Result, compared: Reconciliation, say: Wording) -> None:
        self.book, self.result, self.compared, self.say = book, result, compared, say

    def matrix(self) -> None:
        """Add both matrices, the shares of agreement, and what the words mean."""
        say, book, compared = self.say, self.book, self.compared
        sheet = book.sheet(say.word("reconciliation.matrix"), "#1F4E79")
        self._titles(sheet, "title", agreement_text(compared, say))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, _LAST, 15)
        row = self._counts(sheet, HEADER_ROW, "villages", compared.villages)
        row = self._counts(sheet, row, "households", compared.households)
        pairs = [
            (say.word("reconciliation.of_statuses"), _share(compared.statuses, say)),
            (say.word("reconciliation.of_dead"), _share(compared.dead, say)),
            (say.word("reconciliation.kappa"), say.word("reconciliation.kappa_means")),
            (say.word("reconciliation.listed"), ", ".join(map(say.status, compared.listed)) or "–"),
        ]
        blocks = [
            ("reconciliation.agreement", pairs),
            ("reconciliation.statuses", definitions.statuses(self.result, say)),
            ("reconciliation.matching", self._meanings("match", OFFICIAL_MATCHES)),
            ("reconciliation.causes", self._meanings("cause", CAUSES)),
            (
                "reconciliation.sources",
                [
                    (say.word(f"layer.{file.layer}"), f"{file.path}; SHA-256 {file.sha256}")
                    for file in self.result.layers.files
                    if file.layer in ("official", "villages")
                ],
            ),
        ]
        for heading, block in blocks:
            if block:
                row = write_pairs(book, sheet, row, say.word(heading), block, last=_LAST, letters=125)
        sheet.freeze_panes(HEADER_ROW, 0)

    def rows(self, name: str, colour: str, table: pd.DataFrame, *, without: Sequence[str]) -> None:
        """Add a list of villages."""
        say = self.say
        only = table["match"].isin(["only_official", "only_ours"])
        reasons = [say.word(f"cause.{reason}") if isinstance(reason, str) else "" for reason in table["reason"]]
        words = pd.DataFrame(
            {
                "stt": range(1, len(table) + 1),
                "difference": [
                    say.word(f"match.{match}" if alone else "reconciliation.status_differs")
                    for match, alone in zip(table["match"], only, strict=True)
                ],
                "match": [say.word(f"match.{match}") for match in table["match"]],
                "official_status": [_status(status, say) for status in table["official_status"]],
                "our_status": [_status(status, say) for status in table["our_status"]],
                "reason": reasons,
            },
            index=table.index,
        )
        listed = pd.concat([table.drop(columns=words.columns, errors="ignore"), words], axis="columns")
        known = {column.name: column for column in (_STT, _DIFFERENCE, *RECONCILIATION.columns)}
        names = [column for column in _COLUMNS if column not in without]
        sheet = self.book.sheet(say.word(f"reconciliation.{name}"), colour)
        self._titles(sheet, f"{name}.title", say.word("reconciliation.villages_n", n=say.number(len(table), 0)))
        colours = {say.status(status): colour for status, colour in _COLOURS.items()}
        write_table(
            self.book,
            sheet,
            listed,
            [known[column] for column in names],
            [_COLUMNS[column] for column in names],
            vi=say.vi,
            coloured=dict.fromkeys(("official_status", "our_status"), colours),
        )
        sheet.freeze_panes(HEADER_ROW + 1, names.index("name") + 1)

    def _meanings(self, what: str, names: Sequence[str]) -> list[tuple[str, str]]:
        return [(self.say.word(f"{what}.{name}"), self.say.word(f"{what}.{name}.means")) for name in names]

    def _titles(self, sheet: Worksheet, title: str, counts: str) -> None:
        say, about = self.say, self.result.study.study
        basis = {"area": about.province or about.name, "day": say.date(self.result.as_of)}
        line = say.word("reconciliation.basis", **basis, definition=self.result.study.definition_id)
        write_titles(self.book, sheet, [say.word(f"reconciliation.{title}").upper(), line, counts])

    def _counts(self, sheet: Worksheet, top: int, what: str, counts: pd.DataFrame) -> int:
        """Write one matrix with its sums; return the row after the next blank one."""
        say, book = self.say, self.book
        listed = [name for name in LISTED if name not in _RARE or counts.loc[name].any()]
        ours = [name for name in OURS if name not in _RARE or counts[name].any()]
        total = say.word("reconciliation.total")
        heading = say.word(f"reconciliation.matrix_{what}")
        write_row(sheet, top, [heading, *(_status(name, say) for name in ours), total], book.style(**HEADER), height=48)
        summed = counts.loc[listed, ours]
        for row, name in enumerate([*listed, total], start=top + 1):
            last = name == total
            values = summed.sum() if last else summed.loc[name]
            sheet.write_string(row, 0, total if last else _status(name, say), book.style(border=1, bold=True))
            for place, (other, value) in enumerate([*values.items(), (total, values.sum())], start=1):
                look = HEAD if last or other == total else {"border": 1}
                look = look | ({"bg_color": _AGREES, "bold": True} if other == name and not last else {})
                sheet.write_number(row, place, int(value), book.style(**look, num_format="#,##0"))
        return top + len(listed) + 3


def _status(name: str, say: Wording) -> str:
    return say.status(name) if name in STATUSES else say.word(f"listed.{name}")
