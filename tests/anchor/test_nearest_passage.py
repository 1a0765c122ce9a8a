"""The nearest passage: to the word where quotes were bent in known ways, and none where nothing is alike."""

from __future__ import annotations

import random
import re

import pytest
from anchor_nouns import document, note, quote

from builder.anchor.nearest_passage import nearest_passage, word_changes
from builder.anchor.place_notes import anchor

SYLLABLES = ["ka", "lo", "mir", "ten", "sa", "vu", "rion", "el", "pos", "tad", "gre", "ni", "hov", "ulm", "ey"]


def text_of(count: int, seed: int) -> str:
    """Made-up words in sentences: no two stretches of some words are alike."""
    rng = random.Random(seed)  # noqa: S311 - a fixed text, no secret
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(count // 6)]
    return "".join(word + rng.choice([" ", " ", " ", " ", ", ", ".\n"]) for word in words)[:count]


def bent(words: list[str], rng: random.Random) -> str:
    """Change some words inside: a letter, a word left out, put in or replaced; the first and last stay."""
    out = list(words)
    for _ in range(max(1, len(words) // 8)):
        at = rng.randrange(1, len(out) - 1)
        match rng.randrange(4):
            case 0:
                out[at] = out[at][:1] + "x" + out[at][1:]
            case 1:
                del out[at]
            case 2:
                out.insert(at, "zzyzx")
            case _:
                out[at] = "zzyzx"
    return " ".join(out)


@pytest.mark.parametrize("size", [5, 12, 40, 120, 400])
def test_a_bent_quote_is_found_to_the_word(size):
    """In its place always; to the very word in 19 of 20, since a word at the very end may be read in two ways."""
    text = text_of(60_000, size)
    rng = random.Random(size)  # noqa: S311 - fixed cases, no secret
    words = list(re.finditer(r"[^\s,.]+", text))
    exact = 0
    for _ in range(60):
        first = rng.randrange(len(words) - size)
        start, end = words[first].start(), words[first + size - 1].end()
        asked = bent(text[start:end].split(), rng)
        found = nearest_passage(text, asked)
        assert found is not None or size < 12, asked
        if found:
            assert found.span.start < end, asked
            assert found.span.end > start, asked
            exact += (found.span.start, found.span.end) == (start, end)
    assert exact >= 57 if size >= 12 else exact >= 50


@pytest.mark.parametrize("seed", range(20))
def test_nothing_alike_is_nothing_found(seed):
    text = text_of(20_000, 1)
    rng = random.Random(seed)  # noqa: S311 - fixed cases, no secret
    asked = " ".join("".join(rng.choices("bcdfjkqwxyz", k=rng.randint(3, 9))) for _ in range(rng.randint(1, 30)))
    assert nearest_passage(text, asked) is None


def test_the_context_chooses_among_equals():
    text = "In May the long summit was held. In June the long summit was left."
    assert nearest_passage(text, "the lung summit", prefix="In June ").span.start == text.rindex("the long")
    assert nearest_passage(text, "the lung summit", suffix=" was held").span.start == text.index("the long")


def test_a_wrong_context_does_not_hide_the_passage():
    text = "Of the vote nothing is known. " * 3 + "They left the long summit."
    assert nearest_passage(text, "the lung sumit", prefix="Of the vote nothing ").span.start == text.index("the long")


@pytest.mark.parametrize("empty", ["", " "])
def test_empty_strings_have_no_nearest_passage(empty):
    assert nearest_passage("some text", empty) is None
    assert nearest_passage(empty, "some words") is None


def test_a_quote_longer_than_the_text_finds_all_of_it():
    assert nearest_passage("the long summit", "the longer summit of all").span.end == len("the long summit")


def test_small_and_capital_letters_are_overlooked_where_they_stand():
    text = "\u0130\u0130 The Long Summit"
    found = nearest_passage(text, "THE LONG SUMMIT OF")
    assert text[found.span.start : found.span.end] == "The Long Summit"


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ("Curiouser and curiousest", "Curiouser and curiouser", (("curiousest", "curiouser"),)),
        ("a big red dog", "a red dog", (("big", ""),)),
        ("a red dog", "a big red dog", (("", "big"),)),
        ("the alliance's 3.5% goal", "the alliance's 2% aim", (("3.5", "2"), ("goal", "aim"))),
        ("same words", "same  words", ()),
    ],
)
def test_changes_are_told_word_by_word(ours, theirs, told):
    assert word_changes(ours, theirs) == told


def test_one_missing_quote_in_a_megabyte_is_told():
    text = text_of(1_000_000, 7)
    words = text[500_000:500_220].split()
    asked = bent(words[1:-1], random.Random(3))  # noqa: S311 - a fixed case, no secret
    told = anchor(document(text, note(quote(asked))))[1]
    assert told[0].hint.startswith("nearest: ")
