"""The law on whole files: carried notes are on their own words, a second run changes nothing, remarks survive."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from builder.anchor.place_notes import anchor
from builder.model import Limits, Placement, Span
from builder.pipeline import Settings
from builder.read.corpus_and_sources import read_project
from builder.read.discovery import discover
from builder.read.document import read_document
from builder.reanchor.old_texts import text_history
from builder.reanchor.pin import pin
from builder.reanchor.rebase import Rebased, plan, rebased
from builder.reanchor.sidecar_files import select_documents, write_atomically

VOCABULARY = ["the", "a", "library", "books", "mayor", "town", "said", "lent", "opens", "of", "and", "Monday", "2023"]
NOTES = 12


def make(rng: random.Random) -> str:
    sentences = [
        " ".join(rng.choices(VOCABULARY, k=rng.randint(4, 14))).capitalize() + f" in {rng.randint(1, 99)}."
        for _ in range(rng.randint(20, 60))
    ]
    return "".join(each + rng.choice([" ", " ", "\n\n", "\n"]) for each in sentences).strip()


def sidecar(text: str, spans: list[Span]) -> str:
    lines = ["# A remark at the top.", "title: A", "", "context:   # the notes"]
    for index, span in enumerate(spans):
        words = text[span.start : span.end]
        places = [at for at in range(len(text)) if text.startswith(words, at)]
        quoted = words.replace("\n", "\\n")
        lines += [f"  # Remark {index}.", f"  - id: n{index}", f'    quote: "{quoted}"  # remark {index}']
        if len(places) > 1:
            lines.append(f"    occurrence: {places.index(span.start) + 1}")
        lines.append("    note: x")
    return "\n".join(lines) + "\n"


def passages(text: str, rng: random.Random) -> list[Span]:
    found = []
    while len(found) < NOTES:
        start = rng.randrange(len(text) - 60)
        span = Span(start, start + rng.choice([3, 8, 20, 60]))
        if text[span.start : span.end].strip() == text[span.start : span.end]:
            found.append(span)
    return found


def edit(text: str, spans: list[Span], rng: random.Random) -> list[tuple[str, int]]:
    """Some edits outside the passages and, now and then, one that takes a passage out."""
    letters = [(each, index) for index, each in enumerate(text)]
    kept = spans[1:] if rng.random() < 0.5 else spans
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(letters))
        until = min(len(letters), at + rng.choice([0, 0, 4, 40]))
        touched = {origin for _, origin in letters[max(0, at - 1) : until + 1]}
        if not any(span.start <= origin < span.end for span in kept for origin in touched):
            new = " ".join(rng.choices(["Zebra", "quartz", "vex", "the"], k=rng.randint(0, 5)))
            letters[at:until] = [(each, -1) for each in f" {new} "]
    return letters


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "seeds").mkdir()
    return Settings(root=tmp_path, seeds=tmp_path / "seeds")


def rebase(settings: Settings, *, accept: bool) -> Rebased | None:
    project, (seed,) = select_documents(settings, [])
    made, faults = plan(seed, project, settings.limits, lambda: text_history(settings.root))
    assert faults == ()
    if made is None:
        return None
    done = rebased(made, frozenset(each.note.id for each in made.outcomes) if accept else frozenset(), settings.limits)
    write_atomically(settings.seeds / "a.yml", done.data)
    return done


def placements(settings: Settings) -> dict[str, Placement]:
    (seed,), _ = discover(settings.root, settings.seeds, Limits())
    project, _ = read_project(settings.seeds, settings.root, Limits())
    document, _ = read_document(seed, project, Limits())
    assert document is not None
    return {each.note.id: each for each in anchor(document)[0].placements}


@pytest.mark.parametrize("seed", range(60))
def test_carried_notes_are_on_their_own_words(settings: Settings, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - not a secret
    text = make(rng)
    spans = passages(text, rng)
    path = settings.seeds / "a.yml"
    (settings.seeds / "a.txt").write_text(text)
    path.write_text(sidecar(text, spans))
    project, (only,) = select_documents(settings, [])
    assert pin(only, project, settings.limits, settings.root).written
    assert rebase(settings, accept=True) is None

    letters = edit(text, spans, rng)
    new = "".join(each for each, _ in letters)
    offset = len(new) - len(new.lstrip())
    (settings.seeds / "a.txt").write_text(new)
    done = rebase(settings, accept=False)
    if done is None:
        assert new.strip() == text
        return
    places = placements(settings)
    left = {each.note.id for each in done.left}
    for index, span in enumerate(spans):
        home = [at for at, (_, origin) in enumerate(letters) if span.start <= origin < span.end]
        if f"n{index}" not in left:
            assert places[f"n{index}"].spans == (Span(home[0] - offset, home[-1] + 1 - offset),)
        elif not home:
            assert f"n{index}" not in places, "gone, but on other words"
    remarks = re.compile(r"# .*emark.*|# the notes")
    assert remarks.findall(path.read_text()) == remarks.findall(sidecar(text, spans))

    once = path.read_bytes()
    again = rebase(settings, accept=False)
    assert path.read_bytes() == once
    assert (again is None) is (not left)
