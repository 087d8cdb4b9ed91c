"""The tables of the report, one for every file that it is printed to, numbered as they come."""

from collections.abc import Sequence

from coverage.columns.words import STATUSES
from coverage.outputs import definitions
from coverage.outputs.indicator_rows import Matrix, in_words, matrix
from coverage.outputs.report import figures
from coverage.outputs.report.blocks import Align, Block, Column, Heading, Paragraph, Row, Table, row, sentence
from coverage.outputs.report.figures import number_text, switch_off_text
from coverage.outputs.uncovered import uncovered_villages
from coverage.outputs.wording import Wording
from coverage.result import Result

SITES_SHOWN = 20
ROUTES_SHOWN = 20
LOST_SHOWN = 200
_COUNTS = ("villages", "dead", "weak", "covered", "not_assessed", "households", "households_covered", "fiber_served")
"""Of a commune, in the order of printing."""


class Tables:
    """
    Writes tables with the sentences around them.

    Parameters
    ----------
    result
        A finished run.
    say
        The language.
    """

    def __init__(self, result: Result, say: Wording) -> None:
        self.result, self.say = result, say
        self.ending = figures.ending(result, say)
        self.numbered = 0

    def indicators(self) -> list[Block]:
        """Return the shares of the whole area, then signal and stations by operator and technology."""
        say, summed = self.say, in_words(self.result, self.say, single_operators=False)
        laid_out = summed["indicator"].isin([say.word("indicator.stations"), say.word("indicator.positions")])
        rows = [
            row(
                one["indicator"],
                one["technology"],
                *map(self.number, (one["numerator"], one["denominator"])),
                self.number(one["percent"], 1),
            )
            for one in summed[~laid_out].to_dict("records")
        ]
        columns = self._columns(("indicator", 44), ("technology", 17, "centre"), ("count", 13, "right"),
                                ("of", 13, "right"), ("percent", 13, "right"))  # fmt: skip
        reception = matrix(self.result, say, "villages_with_technology", "percent")
        stations = matrix(self.result, say, "stations", "numerator")
        return [
            self._table("key_indicators", columns, rows),
            self._matrix("reception", reception, 1),
            self._matrix("stations", stations, 0),
        ]

    def communes(self) -> list[Block]:
        """Return the counts of every commune, and their sums."""
        communes = self.result.communes
        columns = self._columns(
            ("number", 6.5, "centre"), ("commune", 19), ("villages", 10.5, "right"), ("dead", 7.5, "right"),
            ("weak", 7.5, "right"), ("covered", 7.5, "right"), ("not_assessed", 8, "right"),
            ("households", 10.5, "right"), ("with_signal", 10.5, "right"), ("with_fiber", 11, "right"),
        )  # fmt: skip
        seldom = ("dead", "weak", "not_assessed")
        rows = [
            row(
                str(place),
                one["commune_name"],
                *("" if name in seldom and not one[name] else self.number(one[name]) for name in _COUNTS),
            )
            for place, one in enumerate(communes.drop(columns=communes.geometry.name).to_dict("records"), start=1)
        ]
        total = row(
            "", self.say.word("report.total"), *(self.number(communes[name].sum()) for name in _COUNTS), look="total"
        )
        return [self._table("by_commune", columns, [*rows, total])]

    def dead(self) -> list[Block]:
        """Return the dead villages under their communes."""
        listed = uncovered_villages(self.result, self.say, ("dead",))
        if listed.empty:
            return [self.said("none_dead")]
        columns = self._columns(
            ("number", 5.5, "centre"), ("village", 14), ("households", 5.5, "right"), ("people", 6.5, "right"),
            ("power", 7.5, "centre"), ("fiber", 8), ("nearest", 7, "right"), ("proposal", 18), ("note", 28),
        )  # fmt: skip
        rows: list[Row] = []
        for (code, name), villages in listed.groupby(["commune_code", "commune_name"], sort=False, dropna=False):
            commune = f"{name if isinstance(name, str) else '–'}{f' ({code})' if isinstance(code, str) else ''}"
            rows.append(row(self._counted(commune, len(villages)), look="group"))
            rows += [
                row(str(one["stt"]), one["name"], self.number(one["households"]), self.number(one["people"]),
                    one["has_power"],
                    one["fiber"], self.number(one["nearest_site_km"], 1), one["proposal"], one["note"])
                for one in villages.to_dict("records")
            ]  # fmt: skip
        return [self._table("dead_by_commune", columns, rows)]

    def switch_offs(self) -> list[Block]:
        """Return who loses the last signal at each switch-off."""
        say, lost = self.say, self.result.switch_offs
        if lost.empty:
            return [self.said("none_lost", technologies=self.ending)]
        columns = self._columns(
            ("number", 7, "centre"), ("village", 24), ("commune", 25), ("households", 9, "right"),
            ("people", 9, "right"), ("power", 10, "centre"), ("before", 16),
        )  # fmt: skip
        rows: list[Row] = []
        for (day, technology), villages in lost.head(LOST_SHOWN).groupby(["last_day", "technology"], sort=False):
            rows.append(row(switch_off_text(lost, day, technology, say), look="group"))
            rows += [
                row(str(place), one["name"], one["commune_name"], self.number(one["households"]),
                    self.number(one["people"]), say.yes_no(one["has_power"]), say.status(one["status_before"]))
                for place, one in enumerate(villages.to_dict("records"), start=1)
            ]  # fmt: skip
        counts = {"shown": self.number(LOST_SHOWN), "count": self.number(len(lost))}
        more = [self.said("lost_more", **counts)] if len(lost) > LOST_SHOWN else []
        return [self._table("lost", columns, rows, technologies=self.ending), *more]

    def sites(self) -> list[Block]:
        """Return the sites in order of priority."""
        say, ranked = self.say, self.result.ranked_sites
        heading = Heading(say.word("report.new_sites"))
        if ranked.empty:
            return [heading, self.said("no_site")]
        columns = self._columns(
            ("rank", 8, "centre"), ("site", 13), ("kind", 12), ("commune", 15), ("new_households", 8, "right"),
            ("so_far", 8.5, "right"), ("cost", 14.5, "right"), ("helped", 21),
        )  # fmt: skip
        rows = [
            row(str(one["rank"]), one["site_id"],
                say.word(f"kind.{one['kind']}") + " " + say.technology(one["technology"]),
                one["commune_name"] if isinstance(one["commune_name"], str) else one["commune_code"],
                self.number(one["new_households"]), self.number(one["cumulative_households"]), self._money(one),
                one["villages"])
            for one in ranked.sort_values("rank").head(SITES_SHOWN).to_dict("records")
        ]  # fmt: skip
        pattern = say.pattern("report.ranked")
        if len(ranked) > len(rows):
            pattern += say.pattern("report.ranked_more")
        said = sentence(pattern, shown=self.number(len(rows)), count=self.number(len(ranked)))
        return [heading, Paragraph(said), self._table("sites", columns, rows)]

    def routes(self) -> list[Block]:
        """Return the fiber extensions in order of priority."""
        plan = self.result.fiber_plan
        heading = Heading(self.say.word("report.new_routes"))
        if plan.empty:
            return [heading, self.said("no_route")]
        columns = self._columns(("rank", 8, "centre"), ("connected", 48), ("households", 12, "right"),
                                ("length", 14, "right"), ("cost", 18, "right"))  # fmt: skip
        rows = [
            row(
                str(one["rank"]),
                one["villages"],
                self.number(one["households"]),
                self.number(one["length_km"], 1),
                self._money(one),
            )
            for one in plan.sort_values("rank").head(ROUTES_SHOWN).to_dict("records")
        ]
        more = [self.said("routes_more", count=self.number(len(plan)))] if len(plan) > len(rows) else []
        return [heading, self._table("routes", columns, rows), *more]

    def method(self) -> list[Block]:
        """Return what was assumed, the classes of signal, and the files that were read."""
        result, say = self.result, self.say
        pairs = (
            definitions.method(result, say)
            + definitions.statuses(result, say)
            + definitions.fiber_statuses(result, say)
        )
        meanings = self._table(
            "method", self._columns(("what", 32), ("meaning", 68), bold=1), [row(*pair) for pair in pairs]
        )
        columns = self._columns(
            ("technology", 15, "centre"), ("quantity", 17, "centre"), ("good_from", 15, "right"),
            ("weak_from", 15, "right"), ("in_service", 18, "centre"), ("last_day", 20, "centre"),
        )  # fmt: skip
        classes = [
            row(
                one.technology,
                one.quantity,
                self.number(one.good_dbm),
                self.number(one.weak_dbm),
                say.yes_no(one.in_service),
                one.switch_off,
            )
            for one in definitions.thresholds(result, say)
        ]
        files = [row(say.word(f"layer.{file.layer}"), file.path, file.sha256) for file in result.layers.files]
        inputs = Column("SHA-256", 45)
        listed = [self._table("inputs", (*self._columns(("layer", 22), ("file", 33)), inputs), files)] if files else []
        return [meanings, self._table("thresholds", columns, classes, whole=True), *listed]

    def said(self, name: str, **values: str) -> Paragraph:
        """Return a phrase of the report as a paragraph."""
        return Paragraph(sentence(self.say.pattern(f"report.{name}"), **values))

    def number(self, value: object, decimals: int = 0) -> str:
        """Return a number as it is read."""
        return number_text(value, self.say, decimals)

    def _money(self, one: dict[str, object]) -> str:
        low, central, high = (self.number(one[f"cost_{level}_usd"]) for level in ("low", "central", "high"))
        return f"{central}\n{low} – {high}"

    def _counted(self, commune: str, count: int) -> str:
        text = self.say.word("report.in_commune", commune=commune, count=count)
        return text.removesuffix("s") if count == 1 and not self.say.vi else text

    def _columns(self, *given: tuple[str, float] | tuple[str, float, Align], bold: int = 0) -> tuple[Column, ...]:
        """Return columns by their words, which are those of a status where there is one; the first `bold` stand out."""
        return tuple(
            Column(self._heading(name), width, align[0] if align else "left", place < bold)
            for place, (name, width, *align) in enumerate(given)
        )

    def _heading(self, name: str) -> str:
        return self.say.status(name) if name in STATUSES else self.say.word(f"head.{name}")

    def _matrix(self, name: str, laid_out: Matrix, decimals: int) -> Table:
        share = 70 / max(1, len(laid_out.technologies))
        columns = (*self._columns(("operator", 30)), *(Column(one, share, "right") for one in laid_out.technologies))
        last = len(laid_out.rows) - 1
        rows = [
            row(operator, *(self.number(value, decimals) for value in values), look="total" if place == last else "")
            for place, (operator, values) in enumerate(laid_out.rows)
        ]
        return self._table(name, columns, rows, whole=True)

    def _table(
        self, name: str, columns: Sequence[Column], rows: Sequence[Row], *, whole: bool = False, **values: str
    ) -> Table:
        self.numbered += 1
        caption = self.say.word(f"report.{name}", **values)
        return Table(
            self.say.word("report.table", number=self.numbered, caption=caption), tuple(columns), tuple(rows), whole
        )
