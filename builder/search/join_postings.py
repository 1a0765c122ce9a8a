"""Postings of single shards -> one index of them all, in pieces of a size of our own.

The lists of pages that a word has in several shards are joined by writing them one after the other and counting anew
to the first page of each; nothing inside them is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise

from builder.search.cbor import LIST, NUMBER, Cbor, cbor_file, cbor_head, encode_cbor
from builder.search.postings import EMPTY_LIST, PAGE_HEAD, Postings

# Bytes of a piece before compression, which halves them: what is fetched for a word, and the number of files. Few
# thousand files are enough, so that pages, texts and pieces together stay below the 20,000 that many hosts take.
_SMALLEST, _PIECES = 16_000, 2_000

_ROWS = 500  # that are kept in one line, and of one shard joined at a time


# --- keeping one shard ----------------------------------------------------------------------------------------------


def dump_postings(postings: Iterable[Postings]) -> bytes:
    """Return the postings of a shard as bytes, in the order of their words.

    First a line that says how long what follows is: lines of JSON, each with some postings by columns, with the lengths
    of their entries in place of these. Then the entries.
    """
    ordered = sorted(postings)
    lines: list[bytes] = []
    for start in range(0, len(ordered), _ROWS):
        columns = list(zip(*ordered[start : start + _ROWS], strict=True))
        columns[-1] = tuple(map(len, columns[-1]))
        lines.append(json.dumps(columns, separators=(",", ":")).encode() + b"\n")
    return b"".join((b"%d\n" % sum(map(len, lines)), *lines, *(posting.entries for posting in ordered)))


def iter_postings(content: bytes) -> Iterator[tuple[str, int, int, int, bytes]]:
    """Yield the postings again, one at a time and as plain tuples: all at once take several times the memory."""
    start = content.index(b"\n") + 1
    at = start + int(content[:start])
    for line in BytesIO(content[start:at]):
        for word, first, last, pages, length in zip(*json.loads(line), strict=True):
            yield word, first, last, pages, content[at : at + length]
            at += length


# --- joining --------------------------------------------------------------------------------------------------------

_Part = tuple[int, int, int, bytes]  # first page, last, how many, entries


def join_postings(shards: Sequence[tuple[bytes, int]]) -> Iterator[tuple[str, bytes]]:
    """Yield each word of the shards and its entry in the index of them all, in the order of the words.

    A shard is what ``dump_postings`` made, and the number of pages before it.
    """
    streams = [iter_postings(content) for content, _ in shards]
    waiting = [next(stream, None) for stream in streams]
    for border in (*_borders(shards[0][0]), None):
        # A stretch of the alphabet at a time: what all shards have of it, in the order of the shards.
        words: dict[str, list[_Part]] = {}
        for at, (stream, (_, before)) in enumerate(zip(streams, shards, strict=True)):
            row = waiting[at]
            while row and (border is None or row[0] < border):
                word, first, last, pages, entries = row
                words.setdefault(word, []).append((before + first, before + last, pages, entries))
                row = next(stream, None)
            waiting[at] = row
        for word in sorted(words):
            yield word, _word_entry(word, words[word])


def _borders(content: bytes) -> Iterable[str]:
    """Return words of a shard that cut the alphabet into stretches with some of every shard: every so many."""
    return dict.fromkeys(row[0] for at, row in enumerate(iter_postings(content)) if at and at % _ROWS == 0)


def _word_entry(word: str, parts: list[_Part]) -> bytes:
    return b"".join((cbor_head(LIST, 3), encode_cbor(word), _joined_pages(parts), EMPTY_LIST))


def _joined_pages(parts: list[_Part]) -> bytes:
    """Return the pages of several shards one after the other, counted anew to the first of each."""
    joined = [cbor_head(LIST, sum(pages for _, _, pages, _ in parts))]
    end = 0
    for first, last, _, entries in parts:
        joined += (PAGE_HEAD, cbor_head(NUMBER, first - end), entries)
        end = last
    return b"".join(joined)


# --- cutting into pieces --------------------------------------------------------------------------------------------


def index_pieces(entries: Iterable[tuple[str, bytes]], total: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield the pieces of the index: first word, last word, CBOR. ``total``: about how many bytes there are."""
    size_of_piece = max(_SMALLEST, total // _PIECES)
    words: list[str] = []
    piece: list[bytes] = []
    size = 0
    for word, entry in entries:
        words.append(word)
        piece.append(entry)
        size += len(entry)
        if size >= size_of_piece:
            yield words[0], words[-1], _piece(piece)
            words, piece, size = [], [], 0
    if words:
        yield words[0], words[-1], _piece(piece)


def _piece(entries: Sequence[bytes]) -> bytes:
    return cbor_head(LIST, 1) + cbor_head(LIST, len(entries)) + b"".join(entries)


def index_contents(about: Sequence[Cbor], pages: int, borders: Sequence[tuple[str, str]]) -> bytes:
    """Return the file that the browser loads first: the names of pages and of pieces, which are numbers in base 36.

    Those of pages are written backwards, which makes the file a third smaller. It also holds how long each page is,
    which only Pagefind's own ranking asks: they are all one word long.

    ``about``: what Pagefind's own file says besides: its version first.
    ``pages``: how many there are.
    ``borders``: first and last word of each piece.
    """
    rows: list[list[Cbor]] = [[first, last, base36(at)] for at, (first, last) in enumerate(borders)]
    # Borders are shortened to what distinguishes pieces, so that the beginning of a word finds its piece too.
    for before, after in pairwise(rows):
        last, first = str(before[1]), str(after[0])
        common = next((at for at, (a, b) in enumerate(zip(last, first, strict=False)) if a != b), len(last))
        before[1], after[0] = last[: common + 1], first[: common + 1]
    version, *others = about
    names: list[Cbor] = [[base36(at)[::-1], 1] for at in range(pages)]
    return cbor_file(encode_cbor([version, names, list(rows), *others]))


def base36(number: int) -> str:
    """Return a number as the browser's ``toString(36)`` does."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
