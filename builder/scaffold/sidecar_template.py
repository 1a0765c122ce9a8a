"""Make a sidecar to start from: what the document says of itself, and an example note of each kind in comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from builder.model import Body, Document
from builder.read.script import script_language, script_mismatch
from builder.spaced_text import spaced_text

# No field may hold one, not even written as an escape.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]+")
# What YAML 1.1 allows in a file only as an escape (its c-printable, without the tab and line breaks).
_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_WORDS, _CHARACTERS = 6, 60  # of a quote in an example

_SCHEMA_MISSING = (
    "# That file tells your editor what may stand here. Once, in the project's folder:",
    "#   postil schema sidecar > sidecar.schema.json",
)
_EXAMPLES = """\
claims:
  # Something that the document asserts, and what you found.
  - id: a-claim
    quote: {claim}
    verdict: {verdict}
    note: |
      What you found, in Markdown.
    sources:
      - {{title: A report, publisher: Its publisher, date: 2025-06-25, url: "https://example.org/report"}}
context:
  # What a reader needs to know. Without a quote it is a note on the whole document.
  - id: provenance
    note: |
      Where this document comes from.
corrections:
  # An error of fact or of transcription, and what it should read.
  - id: a-correction
    quote: {correction}
    correct: what it should read
    note: |
      How you know.
"""


def sidecar_template(document: Document, *, schema: str, schema_missing: bool, language: str, verdict: str) -> str:
    """Return the text of a sidecar for a document. An example with ``# `` removed is a valid note on its words.

    ``document``: that the sidecar is for.
    ``schema``: path of the JSON Schema for the editor, relative to the sidecar.
    ``schema_missing``: that file is not there yet.
    ``language``: the corpus's, for a document that does not declare one.
    ``verdict``: one of the corpus's scale, for the example.
    """
    meta = document.meta
    declared = "" if script_mismatch(document.text, meta.language) else meta.language
    own_language = declared or script_language(document.text) or meta.language
    given = {
        "title": _line(meta.title),
        "language": _line(own_language),
        "author": f"[{', '.join(map(_line, meta.authors))}]" if meta.authors else "",
        "publisher": _line(meta.publisher),
        "published": _line(meta.published),
        "url": _line(meta.url),
    }
    lines = [f"{key}: {value}" for key, value in given.items() if value]
    if not own_language:  # hyphenation, search and reading aloud depend on it, so a guess is written as a comment only
        hint = "the default; uncomment it for a document in another language"
        lines.append(f"# language: {language}   # {hint}")
    claim, correction = _quotes(document.body)
    examples = _EXAMPLES.format(claim=claim, correction=correction, verdict=double_quoted(verdict))
    return "\n".join(
        [
            f"# yaml-language-server: $schema={schema}",
            *(_SCHEMA_MISSING if schema_missing else ()),
            *lines,
            f"text_sha256: {double_quoted(document.sha256)}",
            "",
            '# To use an example, remove "# " from the start of its lines.',
            "",
            *(f"# {line}" for line in examples.splitlines()),
            "",
        ]
    )


def double_quoted(text: str) -> str:
    """Return the text as a double-quoted YAML scalar on one line.

    JSON will not do: it writes characters beyond U+FFFF as surrogate pairs, which YAML readers reject.
    """
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _line(text: str | None) -> str:
    words = _CONTROL.sub(" ", text or "").strip()
    return double_quoted(words) if words else ""


def _quotes(body: Body) -> tuple[str, str]:
    """Return two passages to quote, as YAML: unique words, else the first words with an occurrence."""
    text, lines = body.text, spaced_text(body, separator="\n").split("\n")
    passages = _unique(text, lines)
    first = next(passages, None)
    if first is None:
        first = _opening(next(line for line in map(str.strip, lines) if line))
    second = next(passages, first)
    return (_quote(text, first), _quote(text, second))


def _quote(text: str, words: str) -> str:
    return double_quoted(words) if _once(text, words) else f"{double_quoted(words)}\n    occurrence: 1"


def _unique(text: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        words = _opening(line.strip())
        if len(words) > 1 and words.isprintable() and _once(text, words):
            yield words


def _opening(line: str) -> str:
    return " ".join(line.split(" ")[:_WORDS])[:_CHARACTERS].rstrip()


def _once(text: str, words: str) -> bool:
    return text.find(words, text.find(words) + 1) < 0
