"""Templates of papers that a study brings along: found, read, and refused where they could reach beyond themselves."""

import io
import re
import zipfile
from pathlib import Path

import docx
import jinja2
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.oxml.ns import qn
from lxml import etree

from coverage.errors import StudyError, shortened
from coverage.study import Study

HTML, DOCX = "html_template", "docx_template"
_MOST_BYTES = {HTML: 2_000_000, DOCX: 20_000_000}
_MOST_UNPACKED_BYTES = 100_000_000
_PARTS = ("vbaProject", "oleObject", "control", "aFChunk", "subDocument", "attachedTemplate", "frame", "package")
"""Kinds of parts, by the end of their relationship, that run, or that Word fills in from elsewhere."""
_LINKS = ("http://", "https://", "mailto:", "#")
_FIELDS = frozenset({
    "AUTHOR", "CREATEDATE", "DATE", "DOCPROPERTY", "FILENAME", "FORMTEXT", "HYPERLINK", "IF", "KEYWORDS", "LASTSAVEDBY",
    "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE", "QUOTE", "REF", "REVNUM", "SAVEDATE", "SECTION",
    "SECTIONPAGES", "SEQ", "STYLEREF", "SUBJECT", "SYMBOL", "TIME", "TITLE", "TOC",
})  # fmt: skip
"""What Word may work out in a report; others, such as INCLUDETEXT or DDEAUTO, read files or start programs."""


class _Refused(Exception):
    """Why a template cannot be used: what was found, and what was expected."""


def check_templates(study: Study) -> None:
    """
    Find out, before a long run, whether its papers can be written.

    Raises
    ------
    StudyError
        A template is missing, outside the study, no template, or could reach beyond itself.
    """
    html_template(study)
    docx_template(study)


def html_template(study: Study) -> str | None:
    """Return the text of the study's template of the report; None where it names none; StudyError as above."""
    content = _read(study, HTML)
    if content is None:
        return None
    try:
        text = content.decode("utf-8-sig")
        jinja2.Environment(autoescape=True).parse(text)
    except UnicodeDecodeError:
        raise StudyError(_said(study, HTML, "found no text in UTF-8")) from None
    except (jinja2.TemplateError, RecursionError) as error:
        raise StudyError(template_error(study, HTML, error)) from None
    return text


def docx_template(study: Study) -> Document | None:
    """Return the study's Word file; None where it names none; StudyError as above."""
    content = _read(study, DOCX)
    if content is None:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            if sum(part.file_size for part in file.infolist()) > _MOST_UNPACKED_BYTES:
                raise _Refused(f"found more than {_MOST_UNPACKED_BYTES // 10**6} MB when unpacked")
        document = docx.Document(io.BytesIO(content))
        _keep_within(document.part.package)
    except _Refused as error:
        raise StudyError(_said(study, DOCX, str(error))) from None
    except Exception:  # python-docx and lxml fail on broken files in more ways than they name
        raise StudyError(_said(study, DOCX, "found no Word document")) from None
    return document


def template_error(study: Study, kind: str, error: Exception) -> str:
    """Return what to tell of a template that failed."""
    line = getattr(error, "lineno", None) or _line_of(error)
    return _said(study, kind, f"{f'line {line}: ' if line else ''}{shortened(str(error), 300).rstrip('.')}")


def _line_of(error: Exception) -> int | None:
    """Return the line of the study's template in which rendering failed."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _read(study: Study, kind: str) -> bytes | None:
    given: Path | None = getattr(study.papers, kind)
    if given is None:
        return None
    path = study.folder / given
    if not study.may_use(path):
        raise StudyError(_said(study, kind, "leads outside the folder of the study", "; or add --allow-outside"))
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES[kind] + 1)
    except OSError as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else (error.strerror or "cannot be read")
        raise StudyError(_said(study, kind, f"found {reason[:1].lower()}{reason[1:]}")) from None
    if len(content) > _MOST_BYTES[kind]:
        raise StudyError(_said(study, kind, f"found more than {_MOST_BYTES[kind] // 10**6} MB"))
    return content


def _said(study: Study, kind: str, found: str, remedy: str = "") -> str:
    expected = {
        HTML: "a Jinja template in UTF-8 within the folder of the study",
        DOCX: "a Word document (.docx) within the folder of the study, without macros, embedded files, links to files "
        "and fields that read them",
    }[kind]
    given = getattr(study.papers, kind).as_posix()
    return (
        f"coverage.toml: [papers] {kind} = {shortened(given, 200)!r}: {found}; expected {expected}. "
        f"Correct it, or remove the setting to use ours{remedy}."
    )


def _keep_within(package: OpcPackage) -> None:
    """Refuse what opens, runs or fetches something else once the report is opened."""
    for relation in package.iter_rels():
        kind = relation.reltype.rpartition("/")[2]
        if kind in _PARTS:
            raise _Refused(f"found a part of the kind {shortened(kind, 40)}")
        if relation.is_external and not (
            relation.reltype == RELATIONSHIP_TYPE.HYPERLINK and relation.target_ref.casefold().startswith(_LINKS)
        ):
            raise _Refused(f"found a link to {shortened(relation.target_ref, 100)!r}")
    for part in package.iter_parts():
        if part.content_type.endswith(("xml", "vmlDrawing")):
            root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
            for source in root.xpath("//@*[local-name() = 'src' or local-name() = 'href']"):
                if not source.startswith("#"):
                    raise _Refused(f"found a link to {shortened(source, 100)!r}")
            for code in _field_codes(root):
                name = re.split(r"[\s\\\"]", code.strip() + " ", maxsplit=1)[0].upper()
                if name not in _FIELDS and name != "=":
                    raise _Refused(f"found the field {shortened(name or code, 40)!r}")


def _field_codes(root: etree._Element) -> list[str]:
    """Return the code of every field of a part; that of a field within another stands for itself."""
    codes = [element.get(qn("w:instr"), "") for element in root.iter(qn("w:fldSimple"))]
    open_fields: list[list[str]] = []
    for element in root.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText")):
        if element.tag != qn("w:fldChar"):
            if not open_fields:
                open_fields.append([])
            open_fields[-1].append(element.text or "")
        elif element.get(qn("w:fldCharType")) == "begin":
            open_fields.append([])
        elif element.get(qn("w:fldCharType")) == "end" and open_fields:
            codes.append("".join(open_fields.pop()))
    return [*codes, *("".join(field) for field in open_fields)]
