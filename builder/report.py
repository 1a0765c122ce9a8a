"""Format diagnostics: as text, as annotations for GitHub, as JSON. Pure strings; nothing here prints.

Messages may quote hostile files, so whatever could steer a terminal or a log reader is made visible instead.
"""

from __future__ import annotations

import json as json_format
import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from builder import __version__
from builder.diagnostics import CODES, Diagnostic, Fix, Place, Severity
from builder.explanations import guide_url
from builder.sarif_and_junit import junit_report, sarif_report

JSON_VERSION = 1

# Escape sequences (C0, DEL, C1), line separators, lone surrogates, and the characters that reorder or hide text:
# bidirectional controls, the byte-order mark and tags. Joiners stay: words of many languages are written with them.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
# Of a file's name, these too: zero-width spaces, soft hyphens, invisible operators.
_HIDDEN = re.compile("[\xad\u034f\u180e\u200b\u2060-\u2064]")
# GitHub's runner takes a line of any log for a command where it starts with ``::`` or holds ``##[``.
_COMMAND = re.compile(r"^(\s*):(?=:)|##(?=\[)")


class Dialect(StrEnum):
    """The formats of a report."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


def report(diagnostics: Iterable[Diagnostic], dialect: Dialect, *, notices: bool = False) -> str:
    """Return the report in order of place, ending in a line feed; notices only if asked for (JSON has them all)."""
    match dialect:
        case Dialect.TEXT:
            return text_report(diagnostics, notices=notices)
        case Dialect.GITHUB:
            return github_report(diagnostics, notices=notices)
        case Dialect.JSON:
            return json_report(diagnostics)
        case Dialect.SARIF:
            return sarif_report(diagnostics, __version__, guide_url())
        case Dialect.JUNIT:
            return junit_report(diagnostics)


def text_report(diagnostics: Iterable[Diagnostic], *, notices: bool = False) -> str:
    """Return a line for each diagnostic (``place: severity code: message``), its hint indented, then the summary."""
    everything = tuple(diagnostics)
    lines = [line for diagnostic in _shown(everything, notices=notices) for line in _lines(diagnostic)]
    return "\n".join([*lines, summary(everything), ""])


def github_report(diagnostics: Iterable[Diagnostic], *, notices: bool = False) -> str:
    """Return workflow commands that GitHub shows on the lines of a pull request, then the summary as plain text.

    Escaped as in actions/toolkit, ``packages/core/src/command.ts``. GitHub shows ten of each severity a step.
    """
    everything = tuple(diagnostics)
    commands = [_command(diagnostic) for diagnostic in _shown(everything, notices=notices)]
    return "\n".join([*commands, summary(everything), ""])


def json_report(diagnostics: Iterable[Diagnostic]) -> str:
    """Return an object with ``version``, ``summary`` (errors, warnings, notices) and ``diagnostics``, in plain ASCII.

    Each diagnostic has ``file``, ``line`` and ``column`` (from 1; null where the whole file is meant), ``severity``,
    ``code``, ``title``, ``message``, ``hint`` and ``fix`` (null, or ``file``, ``line``, ``column`` and the ``value`` to
    write there in place of the text that begins there). Fields may be added within a version; none is renamed or
    dropped.
    """
    everything = tuple(diagnostics)
    tally = _tally(everything)
    value = {
        "version": JSON_VERSION,
        "summary": {f"{severity}s": tally[severity] for severity in Severity},
        "diagnostics": [
            {
                "file": diagnostic.place.file,
                "line": diagnostic.place.line or None,
                "column": diagnostic.place.column or None,
                "severity": diagnostic.severity,
                "code": diagnostic.code,
                "title": CODES[diagnostic.code].title,
                "message": diagnostic.message,
                "hint": diagnostic.hint,
                "fix": _fix(diagnostic.fix),
            }
            for diagnostic in sorted(everything)
        ],
    }
    return json_format.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"


def _fix(fix: Fix | None) -> object:
    if fix is None:
        return None
    return {"file": fix.place.file, "line": fix.place.line, "column": fix.place.column, "value": fix.value}


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the counts in words: ``3 errors, 1 warning``, and notices if there are any."""
    tally = _tally(diagnostics)
    words = [_count(tally[severity], severity) for severity in (Severity.ERROR, Severity.WARNING)]
    if tally[Severity.NOTICE]:
        words.append(_count(tally[Severity.NOTICE], Severity.NOTICE))
    return ", ".join(words)


def visible(line: str) -> str:
    r"""Return the line with what could steer a terminal or a log escaped: ``\x1b``, ``\u202e`` and the like."""
    return _COMMAND.sub(r"\g<0>\\", _UNPRINTABLE.sub(_escape, line))


def _shown(diagnostics: Iterable[Diagnostic], *, notices: bool) -> list[Diagnostic]:
    return sorted(diagnostic for diagnostic in diagnostics if notices or diagnostic.severity is not Severity.NOTICE)


def _tally(diagnostics: Iterable[Diagnostic]) -> Counter[Severity]:
    return Counter(diagnostic.severity for diagnostic in diagnostics)


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _lines(diagnostic: Diagnostic) -> list[str]:
    # A line feed in a message comes from a file: it must not look like the next diagnostic.
    first = visible(
        f"{_visible_place(diagnostic.place)}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message}"
    )
    return [first, *(f"    {line}" for line in _hint(diagnostic))]


def _visible_place(place: Place) -> str:
    """Return a place with whatever in its file's name cannot be seen escaped; joiners stay, as in ``visible``."""
    return _HIDDEN.sub(_escape, str(place))


def _hint(diagnostic: Diagnostic) -> list[str]:
    return [visible(line) for line in diagnostic.hint.split("\n") if line.strip()]


def _command(diagnostic: Diagnostic) -> str:
    place = {"file": diagnostic.place.file}
    if diagnostic.place.line:
        place |= {"line": str(diagnostic.place.line), "col": str(diagnostic.place.column)}
    properties = {**place, "title": f"{diagnostic.code} {CODES[diagnostic.code].title}"}
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    text = "\n".join([visible(diagnostic.message), *_hint(diagnostic)])
    return f"::{diagnostic.severity} {written}::{_data(text)}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(visible(value)).replace(":", "%3A").replace(",", "%2C")


def _escape(match: re.Match[str]) -> str:
    point = ord(match[0])
    if point <= 0xFF:  # noqa: PLR2004 - as Python and YAML write it
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"  # noqa: PLR2004
