"""Format diagnostics as SARIF 2.1.0, for code scanning, and as JUnit, for most other systems. Pure strings."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from builder.diagnostics import CODES, Diagnostic, Severity
from builder.explanations import read_explanations, section_address

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}
# What looks like a link in a SARIF message is one (SARIF 2.1.0, 3.11.6), unless its bracket is escaped.
_LINK: Final = re.compile(r"(\\*)([\[\]])")
# No part of XML 1.0, however written (section 2.2), or one that steers a terminal that prints a log.
_NO_XML: Final = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def sarif_report(diagnostics: Iterable[Diagnostic], version: str, guide_url: str) -> str:
    """Return a SARIF log with one run, in plain ASCII; columns count code points, paths are relative to the project.

    A diagnostic of a whole file is placed on its first line: code scanning requires one. Each has a fingerprint of
    code, file and message, so that it stays the same when lines move. Each rule brings
    its explanation along. A ``helpUri`` must be absolute (SARIF 2.1.0, 3.49.12): without a ``guide_url`` there is none.
    """
    everything = sorted(diagnostics)
    codes = list(dict.fromkeys(diagnostic.code for diagnostic in everything))
    explanations = read_explanations()
    rules = [_rule(code, explanations[code], guide_url) for code in codes]
    run = {
        "tool": {"driver": {"name": "postil", "semanticVersion": version, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": _results(everything, codes),
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2).replace("\x7f", "\\u007f") + "\n"


def junit_report(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a test suite in which each error and warning is a failed case, in plain ASCII; else one passed case.

    Notices are left out: they are no failures, and a passed case for each would mean nothing.
    """
    sorted_diagnostics = sorted(diagnostic for diagnostic in diagnostics if diagnostic.severity is not Severity.NOTICE)
    cases = [_case(diagnostic) for diagnostic in sorted_diagnostics] or [
        '    <testcase classname="postil" name="check"/>'
    ]
    tally = f'tests="{len(cases)}" failures="{len(sorted_diagnostics)}" errors="0"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="postil" {tally}>',
        f'  <testsuite name="postil check" {tally} skipped="0">',
        *cases,
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


def _rule(code: str, explanation: str, guide_url: str) -> dict[str, object]:
    row = CODES[code]
    address = {"helpUri": guide_url + section_address(code)} if guide_url else {}
    return {
        "id": code,
        "shortDescription": {"text": row.title[0].upper() + row.title[1:]},
        "help": {"text": explanation, "markdown": explanation},  # GitHub shows the Markdown, others the text
        **address,
        "defaultConfiguration": {"level": _LEVELS[row.severity]},
    }


def _results(diagnostics: Sequence[Diagnostic], codes: Sequence[str]) -> list[dict[str, object]]:
    seen: Counter[str] = Counter()
    results = []
    for diagnostic in diagnostics:
        content = f"{diagnostic.code}\0{diagnostic.place.file}\0{diagnostic.message}".encode("utf-8", "surrogatepass")
        finger = hashlib.sha256(content).hexdigest()[:16]
        seen[finger] += 1
        results.append(
            {
                "ruleId": diagnostic.code,
                "ruleIndex": codes.index(diagnostic.code),
                "level": _LEVELS[diagnostic.severity],
                "message": {"text": _message(diagnostic)},
                "locations": [{"physicalLocation": _location(diagnostic)}],
                "partialFingerprints": {"primaryLocationLineHash": f"{finger}:{seen[finger]}"},
            }
        )
    return results


def _message(diagnostic: Diagnostic) -> str:
    text = "\n".join(filter(None, (diagnostic.message, diagnostic.hint)))
    return _LINK.sub(lambda match: match[1] * 2 + "\\" + match[2], text)


def _location(diagnostic: Diagnostic) -> dict[str, object]:
    region = {"startLine": max(diagnostic.place.line, 1)}
    if diagnostic.place.line:
        region["startColumn"] = max(diagnostic.place.column, 1)
    address = quote(_bytes(diagnostic.place.file), safe="/")
    return {"artifactLocation": {"uri": address, "uriBaseId": "%SRCROOT%"}, "region": region}


def _bytes(name: str) -> bytes:
    """Return a file's name as its file system has it: bytes that are not UTF-8 as they are."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")


def _case(diagnostic: Diagnostic) -> str:
    where = f"line {diagnostic.place.line}, column {diagnostic.place.column}" if diagnostic.place.line else "the file"
    name = f"{diagnostic.code} {CODES[diagnostic.code].title}: {where}"
    file = _attribute(diagnostic.place.file)
    text = "\n".join(filter(None, (f"{diagnostic.place}: {diagnostic.message}", diagnostic.hint)))
    failure = f'type="{diagnostic.severity}" message={_attribute(diagnostic.message)}'
    return (
        f"    <testcase classname={file} name={_attribute(name)} file={file}>\n"
        f"      <failure {failure}>{escape(_sound(text))}</failure>\n"
        "    </testcase>"
    )


def _attribute(value: str) -> str:
    return quoteattr(_sound(value), {"\n": "&#10;"})


def _sound(value: str) -> str:
    return _NO_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
