"""What changed in a text, shortly: the words that were there, and those that are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from builder.anchor.word_diff import WordDiff, diff_words
from builder.history import git
from builder.link.document_record import truncate
from builder.model import Limits, SourceFormat
from builder.read.discovery import Seed
from builder.read.document import read_body
from builder.spaced_text import spaced_text

_PASSAGES: Final = 3  # that are shown of one change
_CONTEXT: Final = 2  # words before and after what changed, by which it can be found
_MOST: Final = 240  # code points of either side
_SIGNS: Final = ".,;:!?…)]”’» "  # that an excerpt does not begin with
_BATCH: Final = 50  # pairs of texts in memory at a time

Excerpts = tuple[str | None, str | None]


def changed_words(old: str, new: str) -> Excerpts:
    """Return what was there and what is there, each on one line; None for both if only the typography differs."""
    difference = diff_words(old, new)
    was, now = [], []
    passages = list(_passages(difference))
    for (old_start, old_end), (new_start, new_end) in passages[:_PASSAGES]:
        was.append(_words(old, difference, range(old_start, old_end), of_old=True))
        now.append(_words(new, difference, range(new_start, new_end), of_old=False))
    if not passages:
        return None, None
    more = f" … and {len(passages) - _PASSAGES} more" if len(passages) > _PASSAGES else ""
    return truncate(" … ".join(was), _MOST) + more or None, truncate(" … ".join(now), _MOST) + more or None


def _passages(difference: WordDiff) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the runs of words that differ, with their context: (first, end) of the old words and of the new ones."""
    kept = [(-1, -1), *((old, new) for old, new in enumerate(difference.same) if new >= 0)]
    kept.append((len(difference.old), len(difference.new)))
    runs: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for (old, new), (next_old, next_new) in pairwise(kept):
        if (next_old, next_new) == (old + 1, new + 1):
            continue
        if runs and old - runs[-1][0][1] < 2 * _CONTEXT:  # so near that their contexts meet
            runs[-1] = ((runs[-1][0][0], next_old), (runs[-1][1][0], next_new))
        else:
            runs.append(((old + 1, next_old), (new + 1, next_new)))
    for (old_start, old_end), (new_start, new_end) in runs:
        before = min(_CONTEXT, old_start, new_start)
        after = min(_CONTEXT, len(difference.old) - old_end, len(difference.new) - new_end)
        yield (old_start - before, old_end + after), (new_start - before, new_end + after)


def _words(text: str, difference: WordDiff, words: range, *, of_old: bool) -> str:
    spans = difference.old if of_old else difference.new
    passage = text[spans[words.start].start : spans[words.stop - 1].end] if words else ""
    return passage.lstrip(_SIGNS)


def changed_texts(repo: git.Repository, versions: Iterable[tuple[str, str]], limits: Limits) -> Iterator[Excerpts]:
    """Yield what changed from one version of a document to another; None for both where one cannot be read.

    A version is the id of its content and the ending of its file, with a colon between.
    """
    pairs = list(versions)
    for start in range(0, len(pairs), _BATCH):
        some = pairs[start : start + _BATCH]
        wanted = dict.fromkeys(version for pair in some for version in pair)
        oids = [version.partition(":")[0] for version in wanted]
        contents = [content for _, content in git.read_blobs(repo, oids, limits.document_bytes)]
        texts = {version: _text(version, content, limits) for version, content in zip(wanted, contents, strict=True)}
        for old, new in some:
            was, now = texts[old], texts[new]
            yield (None, None) if was is None or now is None else changed_words(was, now)


def _text(version: str, content: bytes | None, limits: Limits) -> str | None:
    name = f"text.{version.partition(':')[2]}"
    seed = Seed(Path(name), name, name, SourceFormat(version.partition(":")[2]), "", "", None, None)
    body = read_body(content, seed, limits) if content is not None else None
    return spaced_text(body) if body else None
