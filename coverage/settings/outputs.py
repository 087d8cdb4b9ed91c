"""What the map shows and what the papers look like."""

from pathlib import Path
from typing import Literal

from coverage.settings.base import CHOICE, Positive, Settings, setting


class Map(Settings):
    """[map]: what the web map shows."""

    edition: Literal["full", "partner"] = setting(
        "full", "`partner` leaves out other operators' sites and needs operator."
    )
    operator: str | None = setting(None, "Whose sites a partner edition shows.", example="viettel")
    redaction_m: Positive = setting(1000.0, "Sensitive sites are rounded to this, m.", CHOICE)
    tiles: str | None = setting(
        None,
        "URL template of background tiles; no network where absent.",
        example="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    )


class Papers(Settings):
    """[papers]: what the papers for officials look like; templates are files relative to the study."""

    html_template: Path | None = setting(
        None, "Jinja template of report.html; ours where absent.", example=Path("templates/report.html.j2")
    )
    docx_template: Path | None = setting(
        None,
        "Word file whose styles, header, footer and leading pages report.docx keeps; ours where absent.",
        example=Path("templates/letterhead.docx"),
    )
    decimal: Literal["point", "comma"] = setting(
        "point", "Decimal sign in uncovered_villages.csv; with the comma, `;` separates its columns."
    )
