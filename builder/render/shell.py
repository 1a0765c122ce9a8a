"""The theme, drawn once: an engine draws a page of markers, and every corpus page is pressed from it.

The engine is asked for one shell page per section and depth, because nothing else of the theme depends on the
page: outside title, description, address, contents list and content, a page that is not in the navigation is the
same as its neighbour. Pressing is joining strings; escaping is done here, where the engine would not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import zip_longest
from urllib.parse import quote

from builder.diagnostics import UserError
from builder.model import Page, TocEntry


class Marker(StrEnum):
    """The markers of a shell page. None of them can stand in a theme by chance."""

    TITLE = "postil-slot-title"
    DESCRIPTION = "postil-slot-description"
    CONTENT = "<h1>postil-slot-content</h1>"  # an h1, so that the theme doesn't put one of its own above it
    ADDRESS = "postil-slot-address"
    CONTENTS = "postil-slot-contents"  # ours: stands for the whole contents list
    HEAD = "postil-slot-head"  # ours: before </head>
    FIRST = "postil-slot-first"  # ours: the id of the first line of the contents list, for "skip to content"
    ITEM_TEXT = "postil-slot-item-text"
    ITEM_ID = "postil-slot-item-id"
    PARENT_TEXT = "postil-slot-parent-text"
    PARENT_ID = "postil-slot-parent-id"
    CHILD_TEXT = "postil-slot-child-text"
    CHILD_ID = "postil-slot-child-id"


# What the engine has to give a shell page for its contents list: one line without and one with a line below it.
SHELL_CONTENTS = (
    TocEntry(Marker.ITEM_ID, Marker.ITEM_TEXT),
    TocEntry(Marker.PARENT_ID, Marker.PARENT_TEXT, (TocEntry(Marker.CHILD_ID, Marker.CHILD_TEXT),)),
)

ShellKey = tuple[str, int]  # a page's section (the first part of its address) and depth (how many parts it has)

_DEEPEST = 6  # parts of an address; a document in four folders has as many

_PAGE_SLOTS = (Marker.TITLE, Marker.DESCRIPTION, Marker.CONTENT, Marker.CONTENTS, Marker.HEAD, Marker.FIRST)
_CLOSE = "</li>"


@dataclass(frozen=True, slots=True)
class Shell:
    """A page of the theme cut at its markers: ``literals`` and ``slots`` alternate, literals first and last.

    ``item`` and ``parent`` are the theme's own list items for a line of the contents list, markers still in them.
    """

    literals: tuple[str, ...]
    slots: tuple[Marker, ...]
    item: str
    parent: tuple[str, str]


def shell_key(address: str) -> ShellKey:
    """Return the key of the shell that a page of this address is pressed from."""
    parts = address.strip("/").split("/")
    return parts[0], len(parts)


def every_shell(sections: Iterable[str], needed: Iterable[ShellKey]) -> tuple[ShellKey, ...]:
    """Return the keys of all shells that a corpus may come to need, ``needed`` among them: all sections and depths."""
    usual = ((section, depth) for section in sections for depth in range(2, _DEEPEST + 1))
    return tuple(sorted({*needed, *usual}))


def shell_address(key: ShellKey) -> str:
    """Return the address that the engine has to draw the shell page for: of the same depth as its pages."""
    section, depth = key
    return "/".join([section, *[Marker.ADDRESS.value] * (depth - 1)]) + "/"


def cut_shell(html: str, key: ShellKey) -> Shell:
    """Cut the engine's page at the markers. Raises UserError if the theme left out the title or the content."""
    for needed, name in ((Marker.TITLE, "its title"), (Marker.CONTENT, "its content"), ("</head>", "</head>")):
        if needed not in html:
            raise UserError(f"the theme printed a page without {name}; postil is made for Material")
    try:
        html, item, parent = _cut_contents(html)
    except ValueError as error:
        raise UserError("the theme prints its contents list in an unknown way; postil is made for Material") from error
    html = html.replace(f"#{Marker.ITEM_ID}", f"#{Marker.FIRST}").replace("</head>", f"{Marker.HEAD}</head>", 1)
    address = shell_address(key)
    pattern = re.compile("|".join(re.escape(slot) for slot in (*_PAGE_SLOTS, address)))
    slots = tuple(Marker.ADDRESS if slot == address else Marker(slot) for slot in pattern.findall(html))
    return Shell(tuple(pattern.split(html)), slots, item, parent)


def press_page(page: Page, shell: Shell) -> str:
    """Return a page of the site: the shell with its slots filled. Texts are escaped, content is printed as it is."""
    filling = {
        Marker.TITLE: escape(page.title),
        Marker.DESCRIPTION: escape(page.description),
        Marker.CONTENT: page.content,
        Marker.ADDRESS: quote(page.address, safe="/"),
        Marker.CONTENTS: "".join(_lines(page.contents, shell)),
        Marker.HEAD: page.head,
        Marker.FIRST: escape(page.contents[0].id) if page.contents else "",
    }
    fillings = (filling[slot] for slot in shell.slots)
    return "".join(part for pair in zip_longest(shell.literals, fillings, fillvalue="") for part in pair)


def _lines(contents: Sequence[TocEntry], shell: Shell) -> Iterator[str]:
    for entry in contents:
        text, target = escape(entry.text), escape(entry.id)
        if entry.children:
            before, after = (
                part.replace(Marker.PARENT_TEXT, text).replace(Marker.PARENT_ID, target) for part in shell.parent
            )
            yield before
            yield from _lines(entry.children, shell)
            yield after
        else:
            yield shell.item.replace(Marker.ITEM_TEXT, text).replace(Marker.ITEM_ID, target)


def _cut_contents(html: str) -> tuple[str, str, tuple[str, str]]:
    """Take the contents lists out, leaving a slot for each; return the rest, an item without children and a parent.

    A theme may print the list more than once (a narrow and a wide one); the items of the first are used for all.
    """
    item, parent = "", ("", "")
    rest, pieces = html, []
    while (at := rest.find(f'"#{Marker.ITEM_ID}"')) >= 0:
        start = _item_before(rest, at)
        if start < 0 or _CLOSE in rest[start:at]:  # a link to the first line, not a line of the list
            pieces.append(rest[: at + 1])
            rest = rest[at + 1 :]
            continue
        end = rest.index(_CLOSE, at) + len(_CLOSE)
        parent_start = _item_before(rest, rest.index(Marker.PARENT_ID, end))
        child_start = _item_before(rest, rest.index(Marker.CHILD_ID, end))
        child_end = rest.index(_CLOSE, child_start) + len(_CLOSE)
        parent_end = rest.index(_CLOSE, child_end) + len(_CLOSE)
        item = item or rest[start:end]
        parent = parent if parent[0] else (rest[parent_start:child_start], rest[child_end:parent_end])
        pieces.append(rest[:start] + Marker.CONTENTS)
        rest = rest[parent_end:]
    return "".join([*pieces, rest]), item, parent


def _item_before(html: str, at: int) -> int:
    """Return where the last list item before ``at`` opens, or -1. ``<link`` is no list item."""
    return max(html.rfind("<li>", 0, at), html.rfind("<li ", 0, at))
