"""Broken YAML as people write it: what is told must be the cause, and a line to write must help."""

from __future__ import annotations

import re

import pytest
from fault_cases import cases, check_case, told
from hypothesis import given
from hypothesis import strategies as st
from sidecar_makers import read
from snapshots import Snapshots

from builder.diagnostics import Diagnostic
from builder.model import Limits
from builder.read.corpus_and_sources import read_fields
from builder.read.yaml import read_yaml

CASES = cases("breakages.txt")
WHOLE = """\
title: The fire
claims:
  - id: no-accident
    quote: It was no accident
    statement: The fire was set.
    verdict: partly
    note: The report says so.
    sources:
      - report
      - {ref: minutes, at: page 2}
  - id: paid
    quote: paid in full
    note: |
      So it was.

      Twice.
corrections:
  - id: year
    quote: in 1911
    correct: in 1913
"""


def faults(text: str) -> tuple[Diagnostic, ...]:
    return tuple(each for each in read_fields(text, "a.yml", Limits())[1] if each.severity == "error")


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_breakages(text: str, expected: list[str], snapshot: Snapshots) -> None:
    found = [line for line in told(read(text)[1]) if " Y10" in line]
    check_case(snapshot, "breakages.txt", text, expected, found)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_line_to_write_helps(text: str, expected: list[str]) -> None:
    """Put in as it is told, the file reads on: what is left, if anything, stands further down."""
    fault = next(each for each in faults(text) if each.message.startswith("not YAML"))
    shown = re.search(r"^write(?:, with .*)?:[ \n](.*)", fault.hint, re.MULTILINE)
    if shown is None or "along with it" in fault.hint:
        return
    lines = text.split("\n")
    at = fault.place.line - 1
    width = "" if shown[0].startswith("write,") else lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines[at] = width + shown[1]
    left = [each.place.line for each in faults("\n".join(lines)) if each.code == "Y101"]
    assert all(line > fault.place.line + 1 for line in left)


@given(st.integers(0, WHOLE.count("\n") - 1), st.integers(-6, 6))
def test_a_line_that_was_moved_is_the_line_that_is_told(at: int, by: int) -> None:
    """Or one that stands right beside it: which of the two was moved nobody can know."""
    lines = WHOLE.split("\n")
    said = lines[at].lstrip(" ")
    lines[at] = " " * max(len(lines[at]) - len(said) + by, 0) + said
    for each in faults("\n".join(lines)):
        if each.code == "Y101":
            assert abs(each.place.line - (at + 1)) <= 2
            assert "write" in each.hint


def test_a_large_file_is_told_of_too() -> None:
    note = "  - id: n\n    note: The report says so.\n"
    text = "context:\n" + note * 40_000 + "  id: lost\n    note: x\n" + note
    (fault,) = (each for each in faults(text) if each.code == "Y101")
    assert fault.place.line == 80_002


@pytest.mark.parametrize("unit", ["x: ", ": ", "@ ", "' ", '" ', "- ", " ", "[", "{a: b: c ", "x:, ", "\t"])
def test_no_line_takes_long_to_look_at(unit: str) -> None:
    for head in ("a: {", "a: ", "- ", "a: | "):
        line = (head + unit * 2000)[:1990]
        for text in (f"x: y\n{line}]z\nb: c: d\n", f"{line}\n" * 60 + "b: [\nc:d: e\n"):
            assert any(each.code[0] == "Y" for each in faults(text))  # after minutes, if a pattern were not linear


def test_one_run_tells_of_thirty_notes() -> None:
    notes = "".join(f"  - id: n{number}\n    verdict partly\n    note: It is.\n" for number in range(40))
    found = [(each.place.line, each.code) for each in faults(f"claims:\n{notes}")]
    assert found == [(3 * number + 3, "Y101") for number in range(30)]


def test_what_is_mended_is_read_on_with_places_of_the_file() -> None:
    text = "claims:\n  - id: a\n    note x\n  - id: b\n    verdict: suported\n    note: y\n"
    assert [(each.place.line, each.place.column, each.code) for each in read(text)[1]] == [
        (3, 9, "Y101"),
        (5, 14, "S105"),
    ]


def test_without_names_nothing_is_read_on() -> None:
    tree, (fault,) = read_yaml("a: b\nc d\ne f\n", file="a.yml", limits=Limits())
    assert tree is None
    assert fault.place.line == 2
