"""The sentence on what holds of a document, for our own scale, for others, and in the corpus's own words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from render_makers import PROJECT, note

from builder.labels import DEFAULT_VERDICTS
from builder.model import NoteKind, Project, Verdict
from builder.render.counts import count_notes
from builder.render.what_holds import other_notes, what_holds
from builder.translation import OwnWords

OURS = replace(PROJECT, verdicts={verdict.id: verdict for verdict in DEFAULT_VERDICTS})
WRITTEN_OUT = replace(OURS, verdicts={key: replace(each, ours=False) for key, each in OURS.verdicts.items()})
OTHER = replace(
    PROJECT,
    verdicts={
        "true": Verdict("true", "True", "good", None, ""),
        "half": Verdict("half", "Half true", "mixed", None, ""),
        "fire": Verdict("fire", "Pants on fire", "bad", None, ""),
        "satire": Verdict("satire", "Satire", "neutral", None, ""),
    },
)
OWN_WORDS = (
    OwnWords("good", (("one", "%(num)s stands"), ("other", "%(num)s stand"))),
    OwnWords("bad", (("other", "%(num)s or 100%% fall"),)),
)


def sentence(numbers: dict[str | None, int], project: Project) -> str:
    claims = [
        note(f"{verdict}-{number}", NoteKind.CLAIM, verdict=verdict)
        for verdict, count in numbers.items()
        for number in range(count)
    ]
    counts = count_notes([*claims, note("context"), note("fix", NoteKind.CORRECTION)], project)
    return what_holds(counts, project)


@pytest.mark.parametrize("project", [OURS, WRITTEN_OUT])
@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (
            {"false": 2, "supported": 2, "unsupported": 4, "partly": 5, "misleading": 4},
            "Of 17 claims checked, 2 hold, 5 hold in part, 4 mislead, 2 are false; for 4 no evidence was found.",
        ),
        (
            {"supported": 1, "partly": 1, "misleading": 1, "false": 1, "opinion": 1},
            "Of 5 claims checked, 1 holds, 1 holds in part, 1 misleads, 1 is false and 1 is an opinion.",
        ),
        ({"unsupported": 1, "opinion": 2}, "Of 3 claims checked, 2 are opinions; for 1 no evidence was found."),
        ({"supported": 3}, "Of 3 claims checked, 3 hold."),
        ({"unsupported": 3}, "No evidence was found for any of the 3 claims checked."),
        ({"supported": 1_234, "false": 1}, "Of 1,235 claims checked, 1,234 hold and 1 is false."),
        ({"supported": 1}, "The one claim checked holds."),
        ({"partly": 1}, "The one claim checked holds in part."),
        ({"misleading": 1}, "The one claim checked misleads."),
        ({"false": 1}, "The one claim checked is false."),
        ({"opinion": 1}, "The one claim checked is an opinion."),
        ({"unsupported": 1, None: 3}, "No evidence was found for the one claim checked."),
        ({None: 3}, ""),
        ({}, ""),
    ],
)
def test_our_own_scale_has_words_for_each_tone(project: Project, numbers: dict[str | None, int], expected: str) -> None:
    assert sentence(numbers, project) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"fire": 2, "true": 1, "satire": 1}, "4 claims checked: 1 True, 2 Pants on fire, 1 Satire."),
        ({"half": 1}, "1 claim checked: 1 Half true."),
        ({"true": 2, "unheard-of": 1}, "3 claims checked: 2 True, 1 unheard-of."),
    ],
)  # fmt: skip
def test_a_scale_of_others_keeps_its_labels(numbers: dict[str | None, int], expected: str) -> None:
    """A tone is a colour and a shape there, and says nothing of what a verdict means."""
    assert sentence(numbers, OTHER) == expected


@pytest.mark.parametrize(
    ("project", "numbers", "expected"),
    [
        (OURS, {"supported": 1, "false": 2}, "Of 3 claims checked, 1 stands and 2 or 100% fall."),
        (OURS, {"supported": 1}, "Of 1 claim checked, 1 stands."),
        (OURS, {"partly": 1}, "The one claim checked holds in part."),
        (OTHER, {"true": 2, "fire": 1}, "Of 3 claims checked, 2 stand and 1 or 100% fall."),
        (OTHER, {"true": 2, "half": 1}, "3 claims checked: 2 True, 1 Half true."),
    ],
)
def test_a_corpus_has_words_of_its_own(project: Project, numbers: dict[str | None, int], expected: str) -> None:
    assert sentence(numbers, replace(project, what_holds=OWN_WORDS)) == expected


def test_where_no_evidence_has_words_of_the_corpus_they_stand_in_the_order_of_the_scale() -> None:
    words = (OwnWords("unknown", (("other", "%(num)s could not be checked"),)),)
    project = replace(OURS, what_holds=words)
    expected = "Of 3 claims checked, 1 holds, 1 could not be checked and 1 is false."
    assert sentence({"false": 1, "supported": 1, "unsupported": 1}, project) == expected


def test_a_corpus_can_do_without_the_sentence() -> None:
    assert sentence({"supported": 2}, replace(OURS, what_holds=None)) == ""


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("", ""),
        ("r", ""),
        ("cx", "Notes: 1 correction and 1 note of context."),
        ("rccxx", "Also: 2 corrections and 2 notes of context."),
        ("ru", "Also: 1 claim not rated."),
        ("uux", "Notes: 2 claims not rated and 1 note of context."),
    ],
)
def test_the_other_notes_are_told_in_words(kinds: str, expected: str) -> None:
    made = {
        "r": note("r", NoteKind.CLAIM, verdict="false"),
        "u": note("u", NoteKind.CLAIM, verdict=None),
        "c": note("c", NoteKind.CORRECTION),
        "x": note("x"),
    }
    assert other_notes(count_notes((made[kind] for kind in kinds), OURS), OURS) == expected
