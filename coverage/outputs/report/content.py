"""What the report says, once for every file that it is printed to: sentences and tables from a finished run."""

from coverage.errors import Problem
from coverage.outputs.check import problem_words
from coverage.outputs.paper_text import one_line
from coverage.outputs.pictures.map_drawing import SIGNAL_COLOURS, SITE_COLOUR, STATUS_COLOURS
from coverage.outputs.pictures.overview_picture import overview_png
from coverage.outputs.report import figures
from coverage.outputs.report.blocks import (
    Block,
    Bullets,
    Foot,
    Head,
    Paragraph,
    Picture,
    Report,
    Runs,
    Section,
    Sign,
    sentence,
)
from coverage.outputs.report.tables import Tables
from coverage.outputs.wording import Wording
from coverage.result import Result

PROBLEMS_SHOWN = 10
_CLAUSES = ("not_assessed", "dead_power_unknown", "dead_switched_off", "dead_to_verify")
"""Parts of sentences that are left out where they count nothing."""
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_SHORT = 30
"""Letters of an area's name that may be kept on one line of the title."""


def report_content(result: Result, say: Wording) -> Report:
    """
    Return the report.

    Parameters
    ----------
    result
        A finished run.
    say
        The language.
    """
    return _Writer(result, say).report()


class _Writer(Tables):
    """Writes the sections in their order."""

    def __init__(self, result: Result, say: Wording) -> None:
        super().__init__(result, say)
        self.figures = figures.figures(result, say)

    def report(self) -> Report:
        """Return all of it."""
        say, about = self.say, self.result.study.study
        authority, area = figures.authority(self.result, say), figures.area(self.result, say)
        together = area.replace(" ", "\N{NO-BREAK SPACE}") if len(area) < _SHORT else area
        parts = {
            "summary": (say.word("report.summary"), self.summary()),
            "indicators": (say.word("report.indicators"), self.indicators()),
            "map": (say.word("report.map"), self.map()),
            "communes": (say.word("report.communes"), self.communes()),
            "dead": (say.word("report.list"), self.dead()),
            "switch_offs": (say.word("report.switch_offs", technologies=self.ending), self.switch_offs()),
            "proposals": (say.word("report.proposals"), [*self.sites(), *self.routes()]),
            "method": (say.word("report.method"), self.method()),
            "limits": (say.word("report.limits"), [*self.limits(), self.said("end", area=area)]),
        }
        sections = [
            Section(key, f"{roman}. {title}", tuple(blocks))
            for roman, (key, (title, blocks)) in zip(_ROMAN, parts.items(), strict=False)
        ]
        words = {name: say.word(f"report.{name}") for name in ("body", "number", "nation", "motto", "place")}
        head = Head(say.word("report.province", authority=authority).upper(), **words)
        foot = (say.word(f"report.{name}") for name in ("recipient", "recipient", "file_copy"))
        return Report(
            language=say.language,
            page_title=say.word("report.page_title", area=one_line(about.province or about.name)),
            head=head,
            title=say.word("report.title").upper(),
            subject=say.word("report.subject", area=together),
            when=say.word(
                "report.when", day=say.date(self.result.as_of), definition=one_line(self.result.study.definition_id)
            ),
            day=self.result.as_of.isoformat(),
            sections=tuple(sections),
            foot=Foot(say.word("report.recipients"), tuple(foot), say.word("report.signer"), say.word("report.sign")),
            figures=self.figures,
        )

    def summary(self) -> list[Block]:
        """Return the figures in sentences."""
        counts, say = self.figures, self.say
        clauses = {
            f"and_{name}": say.word(f"report.{name}", **counts) if counts[name] != "0" else "" for name in _CLAUSES
        }
        names = ["dead", "of_dead", "weak", "shares", "infrastructure", "proposed"]
        if counts["dead"] == "0":
            names.remove("of_dead")
        in_service = ", ".join(map(say.technology, self.result.study.in_service()))
        source = self.result.study.study.source
        return [
            *([Paragraph(sentence(say.pattern("report.source"), source=source), notice=True)] if source else []),
            self.said("assessed", day=say.date(self.result.as_of), in_service=in_service, **counts, **clauses),
            Bullets(tuple(sentence(say.pattern(f"report.{name}"), **counts, **clauses) for name in names)),
            self.said("files"),
        ]

    def map(self) -> list[Block]:
        """Return the picture and what its signs mean."""
        say = self.say
        villages = tuple(Sign("dot", colour, say.status(code)) for code, colour in STATUS_COLOURS.items())
        site = Sign("triangle", SITE_COLOUR, say.word("legend.site"))
        signal = tuple(Sign("square", colour, say.word(f"legend.{name}")) for name, colour in SIGNAL_COLOURS.items())
        caption = say.word("report.figure", number=self.numbered + 1)
        return [Picture(overview_png(self.result), say.word("report.map_alt"), ((*villages, site), signal), caption)]

    def limits(self) -> list[Block]:
        """Return what the report cannot say."""
        say, problems = self.say, self.result.layers.problems
        limits = [sentence(say.pattern(f"report.limit.{name}")) for name in ("model", "input", "costs", "borders")]
        if not problems:
            return [Bullets(tuple(limits))]
        limits.append(sentence(say.pattern("report.problems"), count=self.number(len(problems))))
        shown = [self._problem(problem) for problem in problems[:PROBLEMS_SHOWN]]
        more = [sentence("…")] if len(problems) > PROBLEMS_SHOWN else []
        return [Bullets(tuple(limits)), Bullets((*shown, *more), level=2)]

    def _problem(self, problem: Problem) -> Runs:
        """Say what is wrong in the reader's language where there are words for it, else as it was found."""
        if not self.say.vi or problem.kind not in problem_words.kinds():
            return sentence("`{problem}`", problem=str(problem))
        words = problem_words.words(problem.kind, self.say.language)
        rows = {"file": problem.file, "count": self.number(problem.rows), "row": str(problem.row)}
        where = self.say.word("report.problem_rows", **rows) if problem.at else problem.file
        return sentence(self.say.pattern("report.problem"), where=where, title=words.title, remedy=words.remedy)
