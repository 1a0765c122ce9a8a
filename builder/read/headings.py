"""Names inside a document: ids of its headings, and links that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import escape, unescape
from urllib.parse import unquote

from builder.model import Heading, Role
from builder.read.parts import Part

# Every id of a document stands under this prefix: the theme has ids of its own, and scripts look for them.
ID_PREFIX = "src-"
_OPEN = re.compile(r"<h([2-6])(?= |>)")
_ID = re.compile(r'<[^>]*? id="([^"]*)"')
_FRAGMENT = re.compile(r'<a href="#([^"]*)"')
_NOT_A_WORD = re.compile(r"[^\w]+")


def shifted(name: str) -> str:
    """The name of a heading's tag one level down: the page's own ``<h1>`` is its title. Others as they are."""
    return f"h{min(int(name[1]) + 1, 6)}" if len(name) == 2 and name[0] == "h" and name[1].isdigit() else name  # noqa: PLR2004


def name_headings(parts: list[Part]) -> tuple[list[Part], tuple[Heading, ...]]:
    """The parts with an id on every heading, made from its words where it has none, and the list of headings."""
    taken = {match[1] for part in parts if part.role is Role.TAG and (match := _ID.match(part.value))}
    named = list(parts)
    headings: list[Heading] = []
    for index, part in enumerate(parts):
        match = _OPEN.match(part.value) if part.role is Role.TAG else None
        if match is None:
            continue
        text = " ".join(_words(parts, index, f"</h{match[1]}>").split())
        own = _ID.match(part.value)
        name = own[1] if own else escape(_new_name(text, taken))
        if not own:
            taken.add(name)
            named[index] = replace(part, value=f'{match.group()} id="{name}"{part.value[match.end() :]}')
        if text:
            headings.append(Heading(int(match[1]), unescape(name), text))
    return named, tuple(headings)


def _words(parts: list[Part], index: int, end: str) -> str:
    words: list[str] = []
    for part in parts[index + 1 :]:
        if part.role is not Role.TAG:
            words.append(part.value)
        elif part.value == end:
            break
    return "".join(words)


def _new_name(text: str, taken: set[str]) -> str:
    base = ID_PREFIX + (_NOT_A_WORD.sub("-", text.lower()).strip("-")[:60] or "section")
    name, count = base, 2
    while name in taken:
        name, count = f"{base}-{count}", count + 1
    return name


def settle_fragments(parts: Iterable[Part]) -> list[Part]:
    """The parts with links to places in the document led to the prefixed ids; links to nowhere lose their tags.

    Links do not nest, so the next ``</a>`` is a link's own.
    """
    parts = list(parts)
    ids = {match[1] for part in parts if part.role is Role.TAG and (match := _ID.match(part.value))}
    settled: list[Part] = []
    dead = False
    for part in parts:
        match = _FRAGMENT.match(part.value) if part.role is Role.TAG else None
        if match:
            target = escape(ID_PREFIX + unquote(unescape(match[1])))
            dead = target not in ids
            if not dead:
                settled.append(replace(part, value=f'<a href="#{target}"{part.value[match.end() :]}'))
        elif dead and part.role is Role.TAG and part.value == "</a>":
            dead = False
        else:
            settled.append(part)
    return settled
