"""What `postil check --fix` writes, and what it leaves to the editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.model import Limits
from builder.pipeline import Settings, check
from builder.reanchor.fixes import fixed_files

TEXT = """\
It was the best of times, it was

12

the worst of times, it was the age of wisdom, in 1775.

The Café de Flore opens at ten, and closes.
"""
CORPUS = "people: {ann: Ann A.}\ntopics: {times: Times}\n"


def fixed(root: Path, sidecar: str | bytes) -> str | None:
    """The sidecar of a text with its fixes in it; None if nothing is written. What was fixed is no longer told."""
    seeds = root / "seeds"
    seeds.mkdir(exist_ok=True)
    (seeds / "a.txt").write_text(TEXT, encoding="utf-8")
    (seeds / "corpus.yml").write_text(CORPUS, encoding="utf-8")
    path = seeds / "a.yml"
    path.write_bytes(sidecar.encode() if isinstance(sidecar, str) else sidecar)
    diagnostics = check(Settings(root=root, seeds=seeds))
    files = fixed_files(root, diagnostics, Limits())
    if not files:
        return None
    (file,) = files
    assert (file.path, file.old) == (path, path.read_bytes())
    path.write_bytes(file.data)
    after = check(Settings(root=root, seeds=seeds))
    assert not {(each.code, each.message) for each in after} & {(each.code, each.message) for each in file.fixed}
    return file.data.decode()


NOTE = "context:\n  - id: n   # a note\n    {}\n    note: x\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("quote: the age of wisdon", "quote: the age of wisdom"),
        ("quote: 'the age of wisdon'  # why", "quote: 'the age of wisdom'  # why"),
        ("quote: it was the worst of times", 'quote: ["it was", "the worst of times"]'),
        ("quote: |\n      it was the worst of times", 'quote: ["it was", "the worst of times"]'),
        ("quote: [it was the age of wisdon, in 1775]  # two", "quote: [it was the age of wisdom, in 1775]  # two"),
        (
            "quote:\n      - the age of wisdon  # a\n      - in 1775",
            "quote:\n      - the age of wisdom  # a\n      - in 1775",
        ),
        ("quote: [it was the worst of times, in 1775]", 'quote: ["it was", "the worst of times", in 1775]'),
        ("topics: times", 'topics: ["times"]'),
        ("quot: opens at ten", "quote: opens at ten"),
    ],
)
def test_one_value_is_written_and_nothing_else(tmp_path: Path, before: str, after: str) -> None:
    assert fixed(tmp_path, NOTE.format(before)) == NOTE.format(after)


@pytest.mark.parametrize(
    "kept",
    [
        "quote: in 1776",  # a number that is spelt otherwise is another one
        "quote: the age of foolishness",
        "quote: it was the best of timex, it was the worst",
        "quote: [it was the age of wisdon, in 1776]",  # one part is not certain
        "quote: [the age of wisdon, it was the best]",  # they would be out of order
        "quote:\n      - it was the worst of times\n      - in 1775",  # one line cannot become two
        "quote: the\n    prefix: it was",
        "colour: red",
    ],
)
def test_what_is_not_certain_is_left_alone(tmp_path: Path, kept: str) -> None:
    assert fixed(tmp_path, NOTE.format(kept)) is None


def test_labels_names_and_several_at_once(tmp_path: Path) -> None:
    sidecar = (
        "\ufefftitel: A\r\nclaims:\r\n- {id: a, note: x, verdict: Partly supported, speaker: Ann A.}\r\n"
        "- id: b\r\n  note: x\r\n  verdict: FALSE\r\n  quote: closes at ten\r\n"
    )
    assert fixed(tmp_path, sidecar.encode()) == (
        "\ufefftitle: A\r\nclaims:\r\n- {id: a, note: x, verdict: partly, speaker: ann}\r\n"
        "- id: b\r\n  note: x\r\n  verdict: false\r\n  quote: closes at ten\r\n"
    )


def test_a_letter_that_is_cut(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    sidecar = NOTE.format("quote: The Cafe")
    (tmp_path / "seeds" / "b.txt").write_text("The Cafe\u0301.\n", encoding="utf-8")
    (tmp_path / "seeds" / "b.yml").write_text(sidecar, encoding="utf-8")
    (file,) = fixed_files(tmp_path, check(Settings(root=tmp_path, seeds=tmp_path / "seeds")), Limits())
    assert file.data.decode() == NOTE.format('quote: "The Cafe\u0301"')


def test_a_file_with_errors_of_yaml_is_left_alone(tmp_path: Path) -> None:
    assert fixed(tmp_path, NOTE.format("quote: the age of wisdon") + "  - id: b\n    note x\n") is None


def test_what_would_give_a_field_twice_is_left_alone_and_the_rest_written(tmp_path: Path) -> None:
    sidecar = "title: A\ntitel: B\ncontext:\n  - {id: n, quote: the age of wisdon, note: x}\n"
    assert fixed(tmp_path, sidecar) == sidecar.replace("wisdon", "wisdom")


def test_a_corpus_file_and_no_document(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.md").write_text("---\ntitel: A\n---\nText.\n")
    (seeds / "corpus.yml").write_text("titel: C\n")
    files = fixed_files(tmp_path, check(Settings(root=tmp_path, seeds=seeds)), Limits())
    assert [(file.name, file.data) for file in files] == [("seeds/corpus.yml", b"title: C\n")]
