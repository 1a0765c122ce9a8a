"""The difference of two texts by words: what is the same, what took whose place, and what it costs."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from builder.anchor.word_diff import diff_words, words_touching
from builder.model import Span


def shown(old: str, new: str) -> list[tuple[str, str]]:
    found = diff_words(old, new)
    return [
        (old[one.start : one.end], new[two.start : two.end])
        for one, image in zip(found.old, found.same, strict=True)
        if image >= 0
        for two in [found.new[image]]
    ]


def test_words_that_stay() -> None:
    assert shown("one two three four", "zero one three four five") == [
        ("one", "one"),
        ("three", "three"),
        ("four", "four"),
    ]


def test_typography_is_no_difference() -> None:
    assert shown("It’s 3–4 “so”", 'It\'s 3-4 "so"') == list(
        zip(["It’s", "3–4", "“", "so", "”"], ["It's", "3-4", '"', "so", '"'], strict=True)
    )


def test_what_took_its_place() -> None:
    found = diff_words("lent 41,200 books", "lent 42,000 books")
    assert (found.same, found.other, found.origin) == ((0, -1, 2), (-1, 1, -1), (0, -1, 2))


def test_a_sentence_that_moved_past_a_short_one_is_not_taken_for_it() -> None:
    one, two, three = "All of this was said long ago.", "And then some.", "Nobody knew why it had to be so."
    found = diff_words(f"{one} {two}", f"{two} {three}")
    assert next(found.old[index].start for index, image in enumerate(found.same) if image >= 0) == len(one) + 1


@given(st.text("ab c.", max_size=60), st.text("ab c.", max_size=60))
def test_the_same_words_rise_together(old: str, new: str) -> None:
    found = diff_words(old, new)
    images = [image for image in found.same if image >= 0]
    assert images == sorted(set(images))
    for one, two in shown(old, new):
        assert one == two
    assert [found.origin[image] for image in images] == [index for index, image in enumerate(found.same) if image >= 0]
    assert all(one < 0 or two < 0 for one, two in zip(found.same, found.other, strict=True))


@given(st.text("ab c.", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_words_at(text: str, one: int, two: int) -> None:
    span = Span(min(one, two, len(text)), min(max(one, two), len(text)))
    words = diff_words(text, "").old
    touched = [index for index, each in enumerate(words) if each.start < span.end and span.start < each.end]
    assert list(words_touching(words, span)) == touched


def test_a_megabyte_that_was_edited_everywhere_is_aligned_in_bounded_time() -> None:
    rng = random.Random(1)  # noqa: S311 - not a secret
    words = [
        rng.choice(["the", "of", "and"]) if rng.random() < 0.4 else f"w{rng.randrange(20_000)}" for _ in range(150_000)
    ]
    new = [f"x{rng.randrange(9)}" if rng.random() < 0.1 else word for word in words]
    began = time.process_time()
    found = diff_words(" ".join(words), " ".join(new))
    assert sum(image >= 0 for image in found.same) > 0.85 * len(words)
    assert time.process_time() - began < 60  # it takes about three; a quadratic way would take an hour
