"""SearchRecords -> pages as the index takes them, each with its notes after its own text.

A page is indexed as one thing, because an index of a hundred thousand things would be too large to load. Where each
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

# A part begins at a multiple of so many words: the exact lengths of a hundred thousand notes would be the largest part
# of what a first query loads, while most of them fill a slot or two. The filling is counted as words, but not indexed.
SLOT_SIZE = 32
_FILLING = "·"

# Pagefind leaves out a page without a letter or a digit. This is put behind all parts of such a page, in none of them.
_UNSEEN = "0q0y"

_LANGUAGE = re.compile(r"[a-z]{2,8}")


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page and the notes on it, ready to be indexed; made by the process that makes the page.

    ``language`` is that of the stemmer, ``size`` the number of characters of text. ``line`` is a JSON list: the
    address, the text as it is indexed, what is shown of the page, its date, of each part its slots, the words of its
    title, its type and its values by facet; and ``others``.

    A page with notes in other languages than its own comes once for each language. First the page, whose ``others`` are
    the languages of its notes. Then for each of these an echo without parts, whose ``others`` is the page's language
    alone. An echo has the words of the notes in that language, each in its place on the page.
    """

    language: str
    address: str
    size: int
    line: bytes


def search_pages(records: Iterable[SearchRecord]) -> Iterator[SearchPage]:
    """Prepare the records for indexing, page by page. A note's record follows that of its page."""
    for _, (record, *notes) in groupby(records, lambda record: record.address.partition("#")[0]):
        yield from _page_and_echoes(record, (record, *notes))


def _page_and_echoes(record: SearchRecord, parts: Sequence[SearchRecord]) -> Iterator[SearchPage]:
    texts = [indexed_words(part.text) for part in parts]
    shown = [_shown(part, text) for part, text in zip(parts, texts, strict=True)]
    lengths = [length for _, length, *_ in shown]
    slots = [ceil(length / SLOT_SIZE) for length in lengths]
    filled = [_filled(text, length, number) for text, length, number in zip(texts, lengths, slots, strict=True)]
    page = {
        "title": record.title,
        "type": record.type,
        "language": record.language,
        "notes": next((part.language for part in parts[1:]), record.language),
        "date": record.meta.get("date", ""),
        "parts": shown,
    }
    rows = [
        (
            number,
            title if isinstance(title, int) else 0,
            TYPES.index(part.type),
            [part.filters.get(facet, ()) for facet in FACETS],
        )
        for part, (_, _, title, *_), number in zip(parts, shown, slots, strict=True)
    ]
    language = _stemmer(record.language)
    stemmers = {tag: _stemmer(tag) for tag in dict.fromkeys(part.language for part in parts)}
    others = [other for other in dict.fromkeys(stemmers.values()) if other != language]
    date = record.sort.get("date", "")
    yield _search_page(record, language, filled, [page, date, rows, others], sum(map(len, texts)))
    for other in others:
        own = [stemmers[part.language] == other for part in parts]
        echo = [text if mine else _filled("", 0, number) for mine, text, number in zip(own, filled, slots, strict=True)]
        size = sum(len(text) for mine, text in zip(own, texts, strict=True) if mine)
        yield _search_page(record, other, echo, [{}, date, [], [language]], size)


def _filled(text: str, length: int, slots: int) -> str:
    """Return the text of a part, ``length`` words, filled up to so many slots."""
    return " ".join((*((text,) if text else ()), *(_FILLING,) * (slots * SLOT_SIZE - length)))


def _search_page(
    record: SearchRecord, language: str, texts: Sequence[str], values: Sequence[Any], size: int
) -> SearchPage:
    content = " ".join(filter(None, texts))
    if not any(map(str.isalnum, content)):
        content = f"{content} {_UNSEEN}".lstrip()
    line = json.dumps([record.address or "./", content, *values], separators=(",", ":")).encode()
    return SearchPage(language, record.address, size, line)


def _stemmer(tag: str) -> str:
    """Return the language of a BCP 47 tag without region and script: the name that Pagefind gives its stemmer."""
    language = re.split(r"[-_]", tag.lower(), maxsplit=1)[0]
    return language if _LANGUAGE.fullmatch(language) else "unknown"


def _shown(part: SearchRecord, text: str) -> list[Any]:
    """Return what is shown of a part: anchor, number of words, title, kind, the verdict's label and tone.

    The title is the number of its words if the text begins with it, which it mostly does.
    """
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
