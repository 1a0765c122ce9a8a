"""What `postil rebase` does with edited texts, counted and printed: `python tests/bench/rebase.py [CASES] [--show]`.

A passage is annotated, the text is edited, and the note is looked for again: with the old text, by the difference, and
without it, by likeness. Real texts (GUM, shared test data) where they are present, else this repository's own corpus.

right: on the passage (on at least half of its letters, and on no more than half as much around it).
wrong: on other words. none: nothing is said. For a deleted passage everything but none is wrong.
"""

# ruff: noqa: S311 - nothing here is secret

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from builder.anchor.word_diff import diff_words
from builder.model import Span
from builder.reanchor.carry import Fate, carry, text_pair
from builder.reanchor.suggest import suggest

ROOT = Path(__file__).parents[2]
GUM = ROOT.parent / "shared" / "testdata" / "gum_open.jsonl.gz"
CONTEXT = 32
SHOW = "--show" in sys.argv
SENTENCE = re.compile(r"[^\s.!?\n][^.!?\n]{20,400}[.!?]")

OURS = -2  # a character that was put in, and belongs to the passage
Letters = list[tuple[str, int]]  # a character and where it stood; -1 for one put in
Find = Callable[[str, str, Span], tuple[Span | None, bool]]
Edit = Callable[[str, Span, random.Random], Letters]


def main() -> None:
    """Print the tables."""
    cases = next((int(each) for each in sys.argv[1:] if each.isdecimal()), 1000)
    sources = corpus()
    print(f"{len(sources)} texts, {cases} cases a line; share of each outcome in per cent\n")
    edits: list[tuple[str, Edit]] = [
        ("deleted", deleted),
        ("its sentence deleted", sentence_deleted),
        *((f"{share} % of words changed", changed(share / 100)) for share in (15, 30, 50)),
        ("put in and taken out around it", around),
        ("paragraphs swapped", swapped),
    ]
    for of, passages in (("whole sentences", sentences), ("phrases of 2 to 12 words", phrases)):
        for way, find in (
            ("with the old text", with_old),
            ("without, prefix and suffix", likely),
            ("without, quote alone", alone),
        ):
            print(f"{of}, {way}")
            for name, edit in edits:
                print(f"  {name:32}", line(run(sources, passages, edit, find, cases)))
            print()


def corpus() -> list[str]:
    if GUM.exists():
        with gzip.open(GUM, "rt", encoding="utf-8") as lines:
            return [json.loads(each)["text"] for each in lines]
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.[tm][xd]*"))]


def sentences(text: str) -> list[Span]:
    return [Span(*each.span()) for each in SENTENCE.finditer(text)]


def phrases(text: str) -> list[Span]:
    words = list(re.finditer(r"\w+", text))
    rng = random.Random(len(text))
    found = []
    for _ in range(40):
        first = rng.randrange(max(1, len(words) - 12))
        last = min(len(words) - 1, first + rng.randint(1, 11))
        span = Span(words[first].start(), words[last].end())
        if "\n" not in text[span.start : span.end]:
            found.append(span)
    return found


def run(sources: list[str], passages: Callable[[str], list[Span]], edit: Edit, find: Find, cases: int) -> Counter[str]:
    rng = random.Random(5)
    places = [(text, span) for text in sources for span in passages(text) if single(text, span, find is alone)]
    count: Counter[str] = Counter()
    began = time.process_time()
    for text, span in rng.sample(places, min(cases, len(places))):
        letters = edit(text, span, rng)
        new = "".join(each for each, _ in letters)
        spot, sure = find(text, new, span)
        left = [index for index, (_, origin) in enumerate(letters) if origin == OURS or span.start <= origin < span.end]
        if SHOW and judged(spot, left) == "wrong":
            print(
                "   ",
                repr(text[max(0, span.start - 30) : span.end + 30]),
                "->",
                repr(new[spot.start - 10 : spot.end + 10]),
            )
        count[judged(spot, left) + ("" if sure or spot is None else ", to be accepted")] += 1
    count["ms"] = round((time.process_time() - began) * 1000 / max(1, count.total()))
    return count


def single(text: str, span: Span, bare: bool) -> bool:
    """Whether a sidecar could have this note: the quote, or the quote with its context, stands once."""
    around = 0 if bare else CONTEXT
    return text.count(text[max(0, span.start - around) : span.end + around]) == 1


def judged(spot: Span | None, left: list[int]) -> str:
    if spot is None:
        return "none"
    if not left:
        return "wrong"
    inside = sum(spot.start <= each < spot.end for each in left)
    around = sum(not left[0] <= each <= left[-1] for each in range(spot.start, spot.end))
    return "right" if inside * 2 >= len(left) and around * 2 <= left[-1] - left[0] + 1 else "wrong"


def line(count: Counter[str]) -> str:
    ms = count.pop("ms")
    total = count.total()
    return ", ".join(f"{name} {100 * number / total:.1f}" for name, number in sorted(count.items())) + f"   {ms} ms"


def with_old(old: str, new: str, span: Span) -> tuple[Span | None, bool]:
    found = carry(text_pair(old, new, diff_words(old, new)), span)
    return found.span, found.fate in {Fate.UNCHANGED, Fate.MOVED}


def likely(old: str, new: str, span: Span) -> tuple[Span | None, bool]:
    before, after = old[max(0, span.start - CONTEXT) : span.start], old[span.end : span.end + CONTEXT]
    return _likely(new, old[span.start : span.end], before, after)


def alone(old: str, new: str, span: Span) -> tuple[Span | None, bool]:
    return _likely(new, old[span.start : span.end], "", "")


def _likely(new: str, quote: str, before: str, after: str) -> tuple[Span | None, bool]:
    found = suggest(new, quote, before, after)
    return (found.span if found else None), False


# --- edits ----------------------------------------------------------------------------------------------------------


def as_letters(text: str) -> Letters:
    return [(each, index) for index, each in enumerate(text)]


def deleted(text: str, span: Span, rng: random.Random) -> Letters:
    letters = as_letters(text)
    return letters[: span.start] + letters[span.end :]


def sentence_deleted(text: str, span: Span, rng: random.Random) -> Letters:
    start = max(text.rfind(each, 0, span.start) for each in ".!?\n") + 1
    ends = [at for each in ".!?\n" if (at := text.find(each, span.end - 1)) >= 0]
    letters = as_letters(text)
    return letters[:start] + letters[min(ends, default=len(text)) + 1 :]


def changed(share: float) -> Edit:
    def edit(text: str, span: Span, rng: random.Random) -> Letters:
        words = list(re.finditer(r"\w+", text[span.start : span.end]))
        chosen = set(rng.sample(range(len(words)), max(1, round(share * len(words)))))
        vocabulary = re.findall(r"\w+", text)
        letters = as_letters(text)
        for index in sorted(chosen, reverse=True):
            start, end = (span.start + each for each in words[index].span())
            letters[start:end] = [(each, OURS) for each in rng.choice(vocabulary)]
        return letters

    return edit


def around(text: str, span: Span, rng: random.Random) -> Letters:
    letters = as_letters(text)
    words = text.split()
    tail = span.end + rng.randint(0, 40)
    new = [(each, -1) for each in f" {' '.join(rng.choices(words, k=rng.randint(1, 15)))} "]
    letters[tail : tail + rng.choice([0, 30])] = new
    head = max(0, span.start - rng.randint(0, 40))
    letters[max(0, head - rng.choice([0, 30])) : head] = new
    return letters


def swapped(text: str, span: Span, rng: random.Random) -> Letters:
    bounds = sorted({0, len(text), *(each.end() for each in re.finditer("\n+", text))})
    letters = as_letters(text)
    blocks = [letters[start:end] for start, end in pairwise(bounds)]
    for _ in range(3):
        one, two = rng.randrange(len(blocks)), rng.randrange(len(blocks))
        blocks[one], blocks[two] = blocks[two], blocks[one]
    home = next(index for index, block in enumerate(blocks) if any(origin == span.start for _, origin in block))
    blocks.insert(rng.randrange(len(blocks)), blocks.pop(home))
    return [each for block in blocks for each in block]


if __name__ == "__main__":
    main()
