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
from unicodedata import normalize

from builder.model import SearchRecord

FACETS = ("kind", "verdict", "topic", "person", "technique", "collection", "language", "year")
TYPES = ("document", "note", "page")

# A part begins at a multiple of so many words: the lengths of a hundred thousand notes would be the largest part of
# what a first query loads, while most of them fill a slot or two. What fills up is counted as a word, but not indexed.
SLOT = 32
_FILL = "·"

# Pagefind leaves out a page without a letter or a digit. This stands behind all parts of such a page, in none of them.
_UNSEEN = "0q0y"

_LANGUAGE = re.compile(r"[a-z]{2,8}")

# Scripts that put no space between words: Han, Hiragana, Katakana. Each character becomes a word of the index, and a
# query for several of them a phrase. The space that we add is one that nobody types, so that it can be taken away.
_UNSPACED = (
    r"[\u3005\u3007\u3041-\u3098\u309b-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_GAP = "\u2006"
_BREAK = "\u200b"  # where a word may be broken, and Pagefind breaks it: some write Thai and Khmer with it
_UNSPACED_ONE = re.compile(_UNSPACED)
_BETWEEN = re.compile(rf"(?<={_UNSPACED})(?=[^\s\u3099\u309a])|(?<=[\w\u3099\u309a])(?={_UNSPACED})")

# Words that a long dash or an ellipsis joins are words by themselves. Pagefind parts words at ASCII only, and gives
# the parts one place, so that no phrase runs over them.
_DASHES = ("—", "―", "⸺", "…", "--", "...")
_DASHED = re.compile(r"(?<=\S)([—―⸺…]+|-{2,}|\.{3,})(?=[^\s—―⸺….-])")

# What has no letter is no word: it goes with the word after it, so that a phrase may run over it (war – which). The
# character between them is one that no text has; where it was a gap there is none.
_GLUE = "\ufdd0"
_NO_WORD = re.compile(rf"[ {_GAP}](?:[^\w {_GAP}]+[ {_GAP}])+(?=[^ {_GAP}])")

# French, Italian and Catalan write words together that are looked for by themselves: l'homme, qu'il, dell'arte.
_ELIDED = re.compile(
    r"(?<!\w)((?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|(?:d|n|s)?[ae]ll|un|quest|quell)['’])(?=\w)", re.IGNORECASE
)

# What is searched as if it were written otherwise: Pagefind parts words at ASCII hyphens, apostrophes and commas only,
# and knows neither ligatures nor characters of full width, nor a stroke through a letter as an accent.
_ALIKE = {
    **dict.fromkeys("‐‑‒–−־", "-"),
    **dict.fromkeys("ʼʻ’", "'"),
    **dict.fromkeys("،؛", ","),
    **dict(zip("øØłŁđĐðÐħĦŧŦı", "oOlLdDdDhHtTi", strict=True)),
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
}
_OTHERWISE = re.compile(rf"[{''.join(_ALIKE)}ﬀ-ﬆ！-～]")


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


def indexed_words(text: str) -> str:
    """Give the text as the index takes it: its words with one space between them, others set apart."""
    text = " ".join(text.split()).replace(_BREAK, _GAP)
    if _UNSPACED_ONE.search(text):
        text = _BETWEEN.sub(_GAP, text)
    if "'" in text or "’" in text:
        text = _ELIDED.sub(rf"\1{_GAP}", text)
    if any(each in text for each in _DASHES):
        text = _DASHED.sub(rf"\1{_GAP}", text)
    return _NO_WORD.sub(_glued, f" {text}")[1:]


def _glued(found: re.Match[str]) -> str:
    return found[0][0] + found[0][1:].replace(" ", _GLUE).replace(_GAP, "")


def pagefind_words(text: str) -> str:
    """Give the words of a text, as many as it has, with the characters that Pagefind knows."""
    return _OTHERWISE.sub(lambda found: _ALIKE.get(found[0]) or normalize("NFKC", found[0]), text)


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
