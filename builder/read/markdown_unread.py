"""Find in Markdown what its author may have meant as markup, and readers see as it is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from types import MappingProxyType

from markdown_it.token import Token

from builder.read.sanitise import DROPPED, SHOWN_AS, SILENT, TAGS

_SHOWN = 3  # kinds of tag that one message names
_NO_TEXT = "\0"  # stands for what is no text, such as code; no text has this character
_RAW_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>\0]*>")
_HTML = TAGS | DROPPED | SHOWN_AS.keys() | SILENT
_ESCAPED = re.compile(r"\\[()\[\]]")

# How each kind is named in a message, and what it looks like. Every pattern ends at the first sign that cannot belong
# to it, or at the next of its own, so that no run of signs is read more than twice.
_FORMULA = r"(?<![\\$\w])\$(?=[^\s$])[^$\n]*+(?<=[^\s$])\$(?![\d$])"
# Between escaped brackets, which converters write for brackets of the text, too: only what has a sign of formulas.
_INSIDE = r"(?=[^\\\0=^_]*+(?:[=^_]|\\[a-zA-Z]))(?:[^\\\0]|\\[^()\[\]])*+"
_KINDS = MappingProxyType(
    {
        "==…==": re.compile(r"(?<!=)==(?=[^\s=])[^=\0]*+(?<=\S)==(?!=)"),
        "++…++": re.compile(r"(?<!\+)\+\+(?=[^\s+])[^+\0]*+(?<=\S)\+\+(?!\+)"),
        "%%…%%": re.compile(r"(?<![\w%])%%(?!%)[^%\0]*+%%(?!%)|^%%$", re.MULTILINE),
        "$$…$$": re.compile(r"\$\$[^$]*[^\s$][^$]*\$\$|^\$\$$", re.MULTILINE),
        "$…$": re.compile(_FORMULA),
        r"\(…\)": re.compile(rf"\\\({_INSIDE}\\\)|\\\[{_INSIDE}\\\]"),
        "[[…]]": re.compile(r"\[\[[^\[\]\n\0]++\]\]"),
        "{{…}}": re.compile(r"\{\{[^{}\0]*+\}\}|\{%[^{}%\0]*+%\}"),
        "{#…}": re.compile(r"\{:?[ ]?[#.][\w-][^{}\n\0]*+\}"),
        ":::": re.compile(r"^:{3,}", re.MULTILINE),
        "!!!": re.compile(r"^(?:!!!|\?\?\?\+?)[ ]\w", re.MULTILINE),
        ":…:": re.compile(r"(?<![\w:/]):[a-z][a-z0-9_+-]*+:(?![\w:/])"),
        "^…^": re.compile(r"(?<!\^)\^[^\s^\[\0]++\^(?!\^)"),
        "^[…]": re.compile(r"\^\[[^\[\]\0]++\]"),
        "~…~": re.compile(r"(?<!~)~[^\s~\0]++~(?!~)"),
        "*[…]:": re.compile(r"^\*\[[^\[\]\n\0]++\]:", re.MULTILINE),
        "[TOC]": re.compile(r"^\[(?:TOC|toc|_TOC_)\]$", re.MULTILINE),
    }
)
_SIGN = re.compile(r"==|\+\+|%%|[$^~]|\\[(\[]|\[\[|\{[{%#.: ]|::|!!!|\?\?\?|:[a-z]|\*\[|\[(?:TOC|toc|_)")


def raw_html(tokens: list[Token]) -> tuple[int, tuple[str, ...]]:
    """Return the line (from 0) of the first block with tags of HTML in its text, and the names of all such tags."""
    line, names = 0, dict[str, None]()
    for token, text in _texts(tokens):
        found = tags_of_html(text)
        if found and not names and token.map:
            line = token.map[0]
        names |= dict.fromkeys(found)
    return line, tuple(names)


def tags_of_html(text: str) -> tuple[str, ...]:
    """Return the names of the tags of HTML in a text, each once. ``<name>`` that is no element is none."""
    if "<" not in text:
        return ()
    return tuple(dict.fromkeys(name for name in map(str.lower, _RAW_TAG.findall(text)) if name in _HTML))


def tags_as_text(names: tuple[str, ...]) -> str:
    """Return the message that these tags, or character references, are shown as text."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    kind = "tags" if any(name.startswith("<") for name in names) else "character references"
    return f"{kind} of HTML are shown as text: {', '.join(names[:_SHOWN])}{more}"


def unread_markup(tokens: list[Token]) -> tuple[int, dict[str, int]]:
    """Return the line (from 0) of the first block with markup that is not read; and its kinds, with their numbers."""
    first: int | None = None
    counts: Counter[str] = Counter()
    for token, text in _texts(tokens):
        if not _SIGN.search(text):
            continue
        for name, pattern in _KINDS.items():
            found = sum(1 for _ in pattern.finditer(text))
            if found:
                counts[name] += found
                first = token.map[0] if first is None and token.map else first
    return first or 0, {name: counts[name] for name in _KINDS if counts[name]}


def _texts(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """Yield the blocks of a document with their text; escapes other than those of brackets are no text."""
    for token in tokens:
        if token.type == "inline":
            yield token, "".join(map(_text, token.children or ()))


def _text(token: Token) -> str:
    if token.type == "text" or (token.type == "text_special" and token.markup == token.content):
        return token.content
    if token.type == "text_special" and _ESCAPED.fullmatch(token.markup):
        return token.markup
    return "\n" if token.type in ("softbreak", "hardbreak") else _NO_TEXT
