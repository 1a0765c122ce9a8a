"""Diagnostics as data: what is wrong, where, and what to do next. Nothing here prints or counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """An error prevents publishing, a warning fails under ``--strict``, a notice only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A point in a file of the corpus.

    ``file`` is a POSIX path relative to the project (``seeds/a.yml``); ``line`` and ``column`` count from 1,
    columns in code points. ``line == 0`` means the file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Fix:
    """What to write for a problem, where only one value would do: ``postil check --fix`` writes it.

    The text (a key or a value) that begins at ``place`` is to be ``value``; a tuple is a list of texts.
    """

    place: Place
    value: str | tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One problem. Diagnostics sort by place, which is the order of the report.

    ``hint`` is the next step, possibly several lines; it may hold the very line of YAML to write. ``fix`` is the same
    for programs, where it is certain.
    """

    place: Place
    code: str
    message: str
    hint: str = ""
    fix: Fix | None = field(default=None, compare=False)

    @property
    def severity(self) -> Severity:
        """Return the severity that the table gives this code."""
        return CODES[self.code].severity


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table: a severity and a short title."""

    severity: Severity
    title: str


class UserError(Exception):
    """A problem of the machine or the call, not of the corpus: a missing folder, a full disk. The exit code is 2."""


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

# The one list of codes. A test demands that each is raised by a fixture and explained in builder/explanations.md.
# F files, Y YAML, S sidecar and corpus fields, H HTML and Markdown documents, Q quotes, L links, P publishing,
# R house rules, A addresses of sources.
CODES: Mapping[str, Code] = MappingProxyType(
    {
        "F101": Code(_E, "not UTF-8"),
        "F102": Code(_E, "empty document"),
        "F103": Code(_E, "file too large"),
        "F104": Code(_E, "symbolic link"),
        "F105": Code(_E, "two documents with one address"),
        "F106": Code(_E, "sidecar without a document"),
        "F107": Code(_E, "two sidecars for one document"),
        "F108": Code(_E, "name cannot be published"),
        "F109": Code(_E, "address taken by a page of docs/"),
        "F110": Code(_W, "picture not found"),
        "F111": Code(_W, "picture of a kind that is not published"),
        "F112": Code(_E, "not a regular file"),
        "F113": Code(_W, "document in a format that is not published"),
        "F114": Code(_N, "file that is not read"),
        "F115": Code(_E, "sidecar under another name"),
        "F116": Code(_E, "file that cannot be read"),
        "F117": Code(_E, "document that takes too long or too much"),
        "Y101": Code(_E, "not YAML"),
        "Y102": Code(_E, "key given twice"),
        "Y103": Code(_E, "anchor or alias"),
        "Y104": Code(_E, "tag"),
        "Y105": Code(_E, "merge key"),
        "Y106": Code(_E, "second YAML document"),
        "Y107": Code(_E, "control character"),
        "Y108": Code(_E, "too deep or too long"),
        "Y109": Code(_W, "value cut short by a comment"),
        "S101": Code(_E, "unknown key"),
        "S102": Code(_E, "wrong value"),
        "S103": Code(_E, "required field missing"),
        "S104": Code(_E, "id given twice"),
        "S105": Code(_E, "unknown verdict"),
        "S106": Code(_E, "unknown topic"),
        "S107": Code(_E, "unknown person"),
        "S108": Code(_E, "unknown source"),
        "S109": Code(_W, "source never cited"),
        "S110": Code(_E, "address that is not allowed"),
        "S112": Code(_W, "invisible or direction-changing characters"),
        "S113": Code(_N, "speaker like a person of corpus.yml"),
        "S114": Code(_W, "language in another script"),
        "H101": Code(_E, "document nested too deeply"),
        "H102": Code(_N, "parts of the document left out"),
        "H103": Code(_W, "character that cannot be published"),
        "H104": Code(_N, "hidden words left out"),
        "H105": Code(_W, "visible words left out"),
        "H106": Code(_W, "control character in a document"),
        "H107": Code(_W, "tags of HTML that are shown as text"),
        "H108": Code(_N, "markup that is not read"),
        "Q201": Code(_E, "quote not found"),
        "Q202": Code(_E, "quote matches several places"),
        "Q203": Code(_E, "empty quote"),
        "Q204": Code(_E, "passages out of order"),
        "Q205": Code(_N, "quote normalised"),
        "Q206": Code(_W, "text changed since the notes were written"),
        "Q207": Code(_E, "no such occurrence"),
        "L301": Code(_E, "link to an unknown document"),
        "L302": Code(_E, "link to an unknown note"),
        "L303": Code(_E, "link to a draft"),
        "L304": Code(_E, "malformed cross-link"),
        "P401": Code(_E, "published text differs from its source"),
        "P402": Code(_W, "no search"),
        "P403": Code(_W, "warning of the engine"),
        "P404": Code(_E, "unknown slot"),
        "P405": Code(_W, "fonts from another host"),
        "P406": Code(_W, "second search box"),
        "P407": Code(_W, "script that browsers will not run"),
        "P408": Code(_W, "page in the place of a list"),
        "P409": Code(_W, "navigation without the documents"),
        "P410": Code(_W, "share cards without an address"),
        "P411": Code(_W, "share card without a font"),
        "P412": Code(_N, "language without a translation"),
        "P413": Code(_W, "settings changed since the site was frozen"),
        "P414": Code(_E, "page changed since the site was frozen"),
        "R501": Code(_E, "verdict without a source"),
        "R502": Code(_E, "source without a stored copy"),
        "R503": Code(_E, "verdict without a date of review"),
        "R504": Code(_E, "review too long ago"),
        "R505": Code(_E, "page missing"),
        "R506": Code(_E, "page not written yet"),
        "A601": Code(_E, "address gone"),
        "A602": Code(_W, "address without a good answer"),
        "A603": Code(_N, "address moved for good"),
    }
)


def has_errors(diagnostics: tuple[Diagnostic, ...], *, strict: bool = False) -> bool:
    """Return whether these prevent publishing: any error, or under ``strict`` any warning."""
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(diagnostic.severity in bad for diagnostic in diagnostics)
