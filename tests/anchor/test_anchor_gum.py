"""28,465 real annotations, nested to depth 8 (GUM): each on its true words or reported, none on other words."""

from __future__ import annotations

import gzip
import json
import random
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from anchor_nouns import document, note, quote

from builder.anchor.choose_place import Ambiguous, Missing, Resolved, resolve_quote
from builder.anchor.place_notes import anchor
from builder.anchor.searchable_text import quotable_text
from builder.model import Span

FILE = Path(__file__).parents[2].parent / "shared" / "testdata" / "gum_open.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Annotation:
    exact: str
    prefix: str
    suffix: str
    span: Span


@pytest.fixture(scope="module")
def corpus() -> list[tuple[str, list[Annotation]]]:
    if not FILE.exists():
        pytest.skip(f"{FILE.name} is not here")
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        (
            each["text"],
            [
                Annotation(one["exact"], one["prefix"], one["suffix"], Span(one["start"], one["end"]))
                for one in each["annotations"]
            ],
        )
        for each in records
    ]


def test_with_context_each_is_on_its_words_or_ambiguous(corpus):
    count: Counter[str] = Counter()
    for text, notes_of in corpus:
        notes = [
            note(quote(path.exact, prefix=path.prefix, suffix=path.suffix), str(index))
            for index, path in enumerate(notes_of)
        ]
        anchored, told = anchor(document(text, *notes))
        for placement in anchored.placements:
            count["right" if placement.spans == (notes_of[int(placement.note.id)].span,) else "wrong"] += 1
        count.update(diagnostic.code for diagnostic in told)
    print(f"\nGUM with context: {dict(count)}")
    assert count == {"right": 28_425, "Q202": 40}


def test_without_context_whatever_stands_more_than_once_is_reported(corpus):
    count: Counter[str] = Counter()
    for text, notes_of in corpus:
        for each in notes_of:
            match resolve_quote(quotable_text(text), quote(each.exact)):
                case Resolved(spans, normalised):
                    assert not normalised
                    assert text.count(each.exact) == 1
                    count["right" if spans == (each.span,) else "wrong"] += 1
                case Ambiguous(ways):
                    assert len(ways) > 1
                    count["Q202"] += 1
    print(f"\nGUM without context: {dict(count)}")
    assert count == {"right": 17_021, "Q202": 11_444}


Letters = list[tuple[str, int]]  # a character and where it stood before the edits; -1 for one put in


def edited(letters: Letters, rng: random.Random) -> Letters:
    """One edit: put in, take out, double a paragraph, other quotes and dashes, decomposed letters, other spaces."""
    start = rng.randrange(len(letters))
    end = min(len(letters), start + rng.randint(1, 60))
    piece = letters[start:end]
    match rng.randrange(7):
        case 0:
            piece = [*piece, *((each, -1) for each in rng.choice([" NEW", "x", "\n\nMeanwhile, ", ", he said,"]))]
        case 1:
            piece = []
        case 2:
            piece = [*piece, *letters[end : end + 300], ("\n", -1), *piece]
            end += 300
        case 3:
            shapes = str.maketrans({"'": "’", '"': "“", "-": "–", "’": "'", "“": '"', "–": "—"})
            return [(each.translate(shapes), origin) for each, origin in letters]
        case 4:
            return [(one, at) for character, at in letters for one in unicodedata.normalize("NFD", character)]
        case 5:
            piece = [("\n" if each == " " else each, origin) for each, origin in piece]
        case _:
            piece = [one for each in piece for one in ((each, ("\u00ad", -1)) if each[0].isalpha() else (each,))]
    return letters[:start] + piece + letters[end:]


def test_in_edited_texts_each_is_on_its_words_or_reported(corpus):
    rng = random.Random(2026)  # noqa: S311 - fixed edits, no secret
    count: Counter[str] = Counter()
    edits = 0
    for text, notes_of in corpus:
        letters: Letters = [(each, index) for index, each in enumerate(text)]
        for _ in range(10):
            letters = edited(letters, rng)
            edits += 1
            now = "".join(each for each, _ in letters)
            searched = quotable_text(now)
            for path in rng.sample(notes_of, min(len(notes_of), 40)):
                outcome = resolve_quote(searched, quote(path.exact, prefix=path.prefix, suffix=path.suffix))
                match outcome:
                    case Resolved(spans):
                        (span,) = spans
                        true = (letters[span.start][1], letters[span.end - 1][1]) == (
                            path.span.start,
                            path.span.end - 1,
                        )
                        count["right" if true else "wrong"] += 1
                        assert true, (path, now[span.start - 40 : span.end + 40])
                    case Missing() | Ambiguous():
                        count[type(outcome).__name__] += 1
                    case _:
                        pytest.fail(f"{outcome}")
    print(f"\nGUM after {edits} edits: {dict(count)}")
    assert edits >= 1_000
    assert count["right"] > 10 * count["wrong"]
    assert count["wrong"] == 0
