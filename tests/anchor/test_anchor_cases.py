"""The cases of cases.md: spans are shown in the text, and all that is told is compared to the letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from anchor_nouns import document, note, quote
from snapshots import Snapshots

from builder.anchor.place_notes import anchor

FILE = Path(__file__).with_name("cases.md")
CASE = re.compile(
    r"^(?P<title>.+)\n\.\n(?P<text>(?:.*\n)*?)\.\n(?P<quote>(?:.*\n)*?)\.\n(?P<told>(?:.*\n)*?)\.$", re.MULTILINE
)
SOURCE = FILE.read_text(encoding="utf-8")


def unescaped(text: str) -> str:
    return re.sub(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8}))", lambda match: chr(int(match[1] or match[2], 16)), text)


def told_about(marked: str, fields: str) -> tuple[str, str]:
    """Anchor one note: its text with the words that were found in brackets, and what was told."""
    text = unescaped(marked).replace("⟦", "").replace("⟧", "")
    breaks = tuple(found.start() - number for number, found in enumerate(re.finditer("¦", text)))
    text = text.replace("¦", "")
    given = yaml.load(fields, Loader=yaml.BaseLoader)  # noqa: S506 - every scalar is text
    parts = given["quote"] if isinstance(given["quote"], list) else [given["quote"]]
    occurrence = int(given["occurrence"]) if "occurrence" in given else None
    words = quote(*parts, prefix=given.get("prefix", ""), suffix=given.get("suffix", ""), occurrence=occurrence)
    anchored, diagnostics = anchor(document(text, note(words), breaks=breaks))
    marks = [(offset, "¦") for offset in breaks]
    for placement in anchored.placements:
        marks += [mark for span in placement.spans for mark in ((span.start, "⟦"), (span.end, "⟧"))]
    for offset, mark in sorted(marks, key=lambda mark: (mark[0], "⟧¦⟦".index(mark[1])), reverse=True):
        text = f"{text[:offset]}{mark}{text[offset:]}"
    assert all(diagnostic.place == words.place for diagnostic in diagnostics)
    lines = [
        line
        for diagnostic in diagnostics
        for line in (f"{diagnostic.code} {diagnostic.message}", *diagnostic.hint.split("\n"))
    ]
    return text, "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(match, id=f"cases.md:{SOURCE.count(chr(10), 0, match.start()) + 1}")
        for match in CASE.finditer(SOURCE)
    ],
)
def test_case(case: re.Match[str], snapshot: Snapshots):
    text, told = told_about(case["text"].removesuffix("\n"), case["quote"])
    assert text == unescaped(case["text"].removesuffix("\n")), case["title"]  # never renewed: where a note goes
    snapshot.part(FILE, SOURCE[case.start() : case.start("told")], case["told"], told)


def test_nothing_of_the_file_is_left_over():
    assert CASE.sub("", SOURCE).strip().endswith("A failing test is named after the line of its title.")
    assert "\n\n" not in CASE.sub("", SOURCE).strip()
