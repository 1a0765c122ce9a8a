"""The law of rebase: a note whose words still stand is on those words, or a person is asked; never on others."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from builder.anchor.word_diff import diff_words
from builder.model import Span
from builder.reanchor.carry import Fate, carry, text_pair

# Few words, so that the text repeats itself as much as texts do.
WORDS = [
    "Monday",
    "a",
    "and",
    "at",
    "books",
    "it",
    "lent",
    "library",
    "many",
    "mayor",
    "of",
    "on",
    "opens",
    "readers",
    "says",
    "ten",
    "that",
    "the",
    "to",
    "town",
]
Letters = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """A text, a passage of it, and the text's letters after edits."""

    old: str
    span: Span
    letters: Letters

    def __repr__(self) -> str:
        start, end = self.span.start, self.span.end
        return f"{self.old[:start]}⟦{self.old[start:end]}⟧{self.old[end:]} => {self.new}"

    @property
    def new(self) -> str:
        return "".join(each for each, _ in self.letters)


sentence = st.lists(st.sampled_from(WORDS), min_size=3, max_size=9).map(
    lambda words: " ".join(words).capitalize() + "."
)
paragraph = st.lists(sentence, min_size=1, max_size=4).map(" ".join)
text = st.lists(paragraph, min_size=2, max_size=6).map("\n\n".join)


def split(letters: Letters, span: Span, at: int) -> bool:
    """Whether an edit here would be inside the quote."""
    return 0 < at < len(letters) and all(span.start <= letters[each][1] < span.end for each in (at - 1, at))


@st.composite
def edited(draw: st.DrawFn, *, put_in: st.SearchStrategy[str]) -> Case:
    old = draw(text)
    start = draw(st.integers(0, len(old) - 2))
    span = Span(start, draw(st.integers(start + 1, min(len(old), start + 60))))
    assume(old[span.start : span.end].strip() == old[span.start : span.end])
    letters: Letters = [(each, index) for index, each in enumerate(old)]
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(letters)))
        until = min(len(letters), at + draw(st.sampled_from([0, 0, 3, 20, 80])))
        whole = all(not span.start <= origin < span.end for _, origin in letters[at:until])
        if whole and not split(letters, span, at):
            letters[at:until] = [(each, -1) for each in draw(put_in)]
    return Case(old, span, letters)


def outcome(case: Case) -> tuple[Fate, Span | None, Span]:
    found = carry(text_pair(case.old, case.new, diff_words(case.old, case.new)), case.span)
    left = [index for index, (_, origin) in enumerate(case.letters) if case.span.start <= origin < case.span.end]
    return found.fate, found.span, Span(left[0], left[-1] + 1)


OTHER = st.lists(st.sampled_from(["Zebra", "quartz", "vex"]), max_size=6).map(lambda words: f" {' '.join(words)} ")


@given(edited(put_in=OTHER))
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_edits_in_other_words_never_lead_astray(case: Case) -> None:
    fate, found, true = outcome(case)
    assert case.new[true.start : true.end] == case.old[case.span.start : case.span.end]
    if fate in {Fate.UNCHANGED, Fate.MOVED}:
        assert found == true


# A longer run of them could repeat what stood around the words: then the copy may well be the better place.
SAME = st.lists(st.sampled_from(WORDS), max_size=2).map(lambda words: f" {' '.join(words)} ")


@given(edited(put_in=SAME))
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_nor_do_edits_in_the_same_words(case: Case) -> None:
    fate, found, true = outcome(case)
    if fate in {Fate.UNCHANGED, Fate.MOVED}:
        assert found == true


@given(edited(put_in=OTHER))
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_words_with_their_neighbours_are_found(case: Case) -> None:
    """With some of what stood around them left, and no copy of it, words that stand are found without asking."""
    start, end = case.span.start, case.span.end
    around = case.old[max(0, start - 45) : end + 45]
    assume(case.new.count(around) == 1 and len(around) >= end - start + 45)
    for near in (case.old[max(0, start - 15) : end], case.old[start : end + 15]):
        assume(case.old.count(near) == 1 and case.new.count(near) == 1)
    fate, found, true = outcome(case)
    assert (fate, found) == (Fate.UNCHANGED, true)


@given(text, st.data())
def test_no_change_changes_nothing(old: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(old))))
    assume(old[span.start : span.end].strip())
    found = carry(text_pair(old, old, diff_words(old, old)), span)
    assert (found.fate, found.span) == (Fate.UNCHANGED, span)
