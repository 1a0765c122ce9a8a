"""SearchRecords -> pages as the index takes them, each with its notes after its own text.

A page is searched as one thing, because an index of a hundred thousand things would be too large to load; where each
part of it begins is kept beside the index, so that the browser still finds single notes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from builder.model import SearchRecord
from builder.search.words import indexed_words

FACETS = ("kind", "verdict", "topic", "person", "technique", "collection", "language", "year")
TYPES = ("document", "note", "page")

# A part begins at a multiple of so many words: the lengths of a hundred thousand notes would be the largest part of
# what a first query loads, while most of them fill a slot or two. What fills up is counted as a word, but not indexed.
SLOT = 32
_FILL = "·"

# Pagefind leaves out a page without a letter or a digit. This stands behind all parts of such a page, in none of them.
_UNSEEN = "0q0y"

_LANGUAGE = re.compile(r"[a-z]{2,8}")


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page and the notes on it, ready to be indexed: made where the page is made, by whichever process.

    ``language`` is that of the stemmer, ``size`` the number of characters of text. ``line`` is a JSON list of the
    address, the text as it is indexed, what is shown of the page, its date, of each part its slots, the words of its
    title, its type and its values by facet; and ``others``.

    A page whose notes are in other languages than its own text comes once for each: first the page, whose ``others``
    are the languages of its notes, then for each of these an echo without parts, whose ``others`` is the page's
    language alone. An echo has the words of the notes in that language, each in its place on the page.
    """

    language: str
    address: str
    size: int
    line: bytes


def search_pages(records: Iterable[SearchRecord]) -> Iterator[SearchPage]:
    """Prepare the records. A note's record follows that of its page."""
    for _, (record, *notes) in groupby(records, lambda each: each.address.partition("#")[0]):
        yield from _prepared(record, (record, *notes))


def _prepared(record: SearchRecord, parts: Sequence[SearchRecord]) -> Iterator[SearchPage]:
    texts = [indexed_words(part.text) for part in parts]
    shown = [_shown(part, text) for part, text in zip(parts, texts, strict=True)]
    slots = [ceil(each[1] / SLOT) for each in shown]
    filled = [_filled(text, each[1], number) for text, each, number in zip(texts, shown, slots, strict=True)]
    page = {
        "title": record.title,
        "type": record.type,
        "language": record.language,
        "notes": next((part.language for part in parts[1:]), record.language),
        "date": record.meta.get("date", ""),
        "parts": shown,
    }
    told = [
        (
            number,
            each[2] if isinstance(each[2], int) else 0,
            TYPES.index(part.type),
            [part.filters.get(facet, ()) for facet in FACETS],
        )
        for part, each, number in zip(parts, shown, slots, strict=True)
    ]
    language = _language(record.language)
    spoken = {each: _language(each) for each in dict.fromkeys(part.language for part in parts)}
    others = [each for each in dict.fromkeys(spoken.values()) if each != language]
    values = [page, record.sort.get("date", ""), told, others]
    yield _page(record, language, filled, values, sum(map(len, texts)))
    for other in others:
        own = [spoken[part.language] == other for part in parts]
        echo = [each if mine else _filled("", 0, number) for mine, each, number in zip(own, filled, slots, strict=True)]
        size = sum(len(text) for mine, text in zip(own, texts, strict=True) if mine)
        yield _page(record, other, echo, [{}, record.sort.get("date", ""), [], [language]], size)


def _filled(text: str, length: int, slots: int) -> str:
    """A part's text of so many words, filled up to so many slots."""
    return " ".join((*((text,) if text else ()), *(_FILL,) * (slots * SLOT - length)))


def _page(record: SearchRecord, language: str, texts: Sequence[str], values: Sequence[Any], size: int) -> SearchPage:
    content = " ".join(filter(None, texts))
    if not any(map(str.isalnum, content)):
        content = f"{content} {_UNSEEN}".lstrip()
    line = json.dumps([record.address or "./", content, *values], separators=(",", ":")).encode()
    return SearchPage(language, record.address, size, line)


def _language(tag: str) -> str:
    """Give the language of a BCP 47 tag without region and script, as Pagefind's stemmers are named."""
    base = re.split(r"[-_]", tag.lower(), maxsplit=1)[0]
    return base if _LANGUAGE.fullmatch(base) else "unknown"


def _shown(part: SearchRecord, text: str) -> list[Any]:
    """Anchor, number of words, title, kind, verdict's label, tone. A title that begins the text is its length."""
    title = indexed_words(part.title)
    begins = f"{text} ".startswith(f"{title} ")
    return [
        part.address.partition("#")[2],
        len(text.split()),
        len(title.split()) if begins else part.title,
        part.meta.get("kind", ""),
        part.meta.get("verdict", ""),
        part.meta.get("tone", ""),
    ]
