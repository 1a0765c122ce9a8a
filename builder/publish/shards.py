"""SearchRecords -> pages with their parts -> shards, each of which becomes one search index.

A page is searched as one thing, with its notes after its own text, because an index of a hundred thousand things would
be too large to load; where each part of it begins is kept beside the index (``Shard.table``), so that the browser
still finds single notes.

A shard holds one language, because the browser's half of Pagefind stems a query as one language only. How many there
are depends on the size of the corpus, in steps; which one a page goes into depends on its address alone. So a page that
changes, comes or goes changes no other shard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from math import ceil
from typing import Any

from builder.model import SearchRecord

FACETS = ("kind", "verdict", "topic", "person", "technique", "collection", "language", "year")
TYPES = ("document", "note", "page")

# Characters of a shard. Pagefind takes about 640 bytes of memory for each word, and two shards are made at a time: that
# is 2 x 110 MB in a corpus of up to a thousand documents. In a larger one a shard may be larger too, because a query
# fetches something of every shard: 2 x 350 MB.
_CHARACTERS, _MANY, _LARGEST = 1_100_000, 16, 3_700_000

# Numbers of shards, far enough apart that a growing corpus is rarely parted anew. Beyond: multiples of the last.
_STEPS = (1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32)

# A part begins at a multiple of so many words: the lengths of a hundred thousand notes would be the largest part of
# what a first query loads, while most of them fill a slot or two. What fills up is counted as a word, but not indexed.
SLOT = 32
_FILL = "·"

_LANGUAGE = re.compile(r"[a-z]{2,8}")

# Scripts that put no space between words: Han, Hiragana, Katakana. Each character becomes a word of the index, and a
# query for several of them a phrase. The space that we add is one that nobody types, so that it can be taken away.
_UNSPACED = r"[\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_GAP = "\u2006"
_UNSPACED_ONE = re.compile(_UNSPACED)
_BETWEEN = re.compile(rf"(?<={_UNSPACED})(?=\S)|(?<=\S)(?={_UNSPACED})")

# French, Italian and Catalan write words together that are looked for by themselves: l'homme, qu'il, dell'arte.
_ELIDED = re.compile(
    r"(?<!\w)((?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|(?:d|n|s)?[ae]ll|un|quest|quell)['’])(?=\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page to find, and the notes on it."""

    record: SearchRecord
    notes: tuple[SearchRecord, ...]

    @property
    def parts(self) -> tuple[SearchRecord, ...]:
        """The page's own text first, then its notes."""
        return (self.record, *self.notes)


@dataclass(frozen=True, slots=True)
class Shard:
    """Pages of one language that are indexed together."""

    language: str
    pages: tuple[SearchPage, ...]


def shards(records: Iterable[SearchRecord]) -> tuple[Shard, ...]:
    """Part the records. A note's record follows that of its page; languages stand in the order of their first page."""
    languages: dict[str, list[SearchPage]] = {}
    for _, (record, *notes) in groupby(records, lambda each: each.address.partition("#")[0]):
        languages.setdefault(_language(record.language), []).append(SearchPage(record, tuple(notes)))
    return tuple(shard for language, pages in languages.items() for shard in _parted(language, pages))


def _parted(language: str, pages: Sequence[SearchPage]) -> Iterator[Shard]:
    number = _number(sum(len(part.text) for page in pages for part in page.parts))
    parted: list[list[SearchPage]] = [[] for _ in range(number)]
    for page in pages:
        place = int.from_bytes(sha256(page.record.address.encode("utf-8", "surrogatepass")).digest()[:4], "big")
        parted[place % number].append(page)
    return (Shard(language, tuple(each)) for each in parted if each)


def _number(characters: int) -> int:
    needed = ceil(characters / _CHARACTERS)
    if needed > _MANY:
        needed = max(_MANY, ceil(characters / _LARGEST))
    return next((step for step in _STEPS if step >= needed), ceil(needed / _STEPS[-1]) * _STEPS[-1])


def _language(tag: str) -> str:
    """Give the language of a BCP 47 tag without region and script, as Pagefind's stemmers are named."""
    base = re.split(r"[-_]", tag.lower(), maxsplit=1)[0]
    return base if _LANGUAGE.fullmatch(base) else "unknown"


def words(text: str) -> str:
    """Give the text as the index takes it: its words with one space between them, others set apart."""
    text = " ".join(text.split())
    if _UNSPACED_ONE.search(text):
        text = _BETWEEN.sub(_GAP, text)
    return _ELIDED.sub(rf"\1{_GAP}", text) if "'" in text or "’" in text else text


@dataclass(frozen=True, slots=True)
class Prepared:
    """A shard as it is handed over: what Pagefind is to index, a record a page; and the two tables beside its index."""

    pages: tuple[Mapping[str, Any], ...]
    table: bytes
    facets: bytes


def prepare(shard: Shard) -> Prepared:
    """Make a shard's records and tables, as JSON: what the browser has to know of every part without loading any page.

    The first table is for words. By page: the number of parts. By part: the number of slots that it fills, the words of
    its title, its type. The second is for filters and sorting. By page: the date. For each facet: its values, the sets
    of them that occur, and by part which set it has.
    """
    pages: list[Mapping[str, Any]] = []
    sizes: list[int] = []
    titles: list[int] = []
    for page in shard.pages:
        texts = [words(part.text) for part in page.parts]
        shown = [_shown(part, text) for part, text in zip(page.parts, texts, strict=True)]
        slots = [ceil(each[1] / SLOT) for each in shown]
        fills = [[_FILL] * (number * SLOT - each[1]) for number, each in zip(slots, shown, strict=True)]
        sizes += slots
        titles += [each[2] if isinstance(each[2], int) else 0 for each in shown]
        filled = (word for text, fill in zip(texts, fills, strict=True) for word in (text, *fill) if word)
        pages.append(_added(page.record, shard.language, " ".join(filled), shown))
    parts = [part for page in shard.pages for part in page.parts]
    columns = {
        "parts": [len(page.parts) for page in shard.pages],
        "slots": sizes,
        "title": titles,
        "type": [TYPES.index(part.type) for part in parts],
    }
    chosen = {
        "date": [page.record.sort.get("date", "") for page in shard.pages],
        "facets": {facet: _column([part.filters.get(facet, ()) for part in parts]) for facet in FACETS},
    }
    return Prepared(tuple(pages), _json(columns).encode(), _json(chosen).encode("utf-8", "surrogatepass"))


def _added(record: SearchRecord, language: str, text: str, parts: Sequence[Sequence[Any]]) -> Mapping[str, Any]:
    """What Pagefind is to index of a page, and (as a filter that ``settle`` takes away again) what is shown of it."""
    shown = {
        "title": record.title,
        "type": record.type,
        "language": record.language,
        "date": record.meta.get("date", ""),
        "parts": parts,
    }
    return {
        "url": record.address or "./",  # an empty one is mistaken for none in the browser
        "content": text,
        "language": language,
        # Pagefind searches all of its `meta`, so nothing stands there: a title begins the text anyway.
        "meta": {},
        "filters": {"shown": [_json(shown)]},
        "sort": {},
    }


def _shown(part: SearchRecord, text: str) -> list[Any]:
    """Anchor, number of words, title, kind, verdict's label, tone. A title that begins the text is its length."""
    title = words(part.title)
    begins = f"{text} ".startswith(f"{title} ")
    return [
        part.address.partition("#")[2],
        len(text.split()),
        len(title.split()) if begins else part.title,
        part.meta.get("kind", ""),
        part.meta.get("verdict", ""),
        part.meta.get("tone", ""),
    ]


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _column(sets: Sequence[tuple[str, ...]]) -> Mapping[str, Any]:
    values = {value: number for number, value in enumerate(dict.fromkeys(value for each in sets for value in each))}
    numbers = {each: number for number, each in enumerate(dict.fromkeys(sets))}
    return {
        "values": list(values),
        "sets": [[values[value] for value in each] for each in numbers],
        "of": [numbers[each] for each in sets],
    }


def counts(made: Iterable[Shard]) -> Mapping[str, Mapping[str, int]]:
    """How many parts have each value of each facet."""
    counted: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for part in (part for shard in made for page in shard.pages for part in page.parts):
        for facet in FACETS:
            for value in part.filters.get(facet, ()):
                counted[facet][value] = counted[facet].get(value, 0) + 1
    return counted
