"""Files of cases: ``=== what it shows``, the YAML, ``>>>``, and every diagnostic that must come out, in order.

A diagnostic is written ``line:column code message | hint``, line feeds of hints as ``\\n``. Nothing after ``>>>`` means
that nothing may be told. In the YAML ``␇`` stands for U+0007 and ``‼`` for U+202E,
``↵`` for U+2028, so that the file can be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from snapshots import Snapshots

from builder.diagnostics import Diagnostic

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One case of a file: the line of its title, its text, and what it expects, which stands behind ``before``."""

    line: int
    before: str
    text: str
    expected: list[str]


def cases(name: str) -> list:
    """One parameter set for each case of a file beside this one; its id is ``file:line``."""
    return [pytest.param(case.text, case.expected, id=f"{name}:{case.line}") for case in _cases(name)]


def check_case(snapshot: Snapshots, name: str, text: str, expected: list[str], found: list[str]) -> None:
    """Compare what was found in a case of the file with what it expects; with ``pytest --update`` write it there."""
    if not snapshot.update:
        assert found == expected, f"if that is meant, run pytest --update to renew tests/read/{name}, and read the diff"
        return
    (case,) = (case for case in _cases(name) if (case.text, case.expected) == (text, expected))
    snapshot.part(FOLDER / name, case.before, *("".join(f"{line}\n" for line in lines) for lines in (expected, found)))


def _cases(name: str) -> Iterator[Case]:
    lines = (FOLDER / name).read_text(encoding="utf-8").split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("=== ")]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        middle = lines.index(">>>", start, stop)
        text = "\n".join(lines[start + 1 : middle]) + "\n"
        text = text.replace("␇", "\a").replace("‼", "\u202e").replace("↵", "\u2028")
        before = "\n".join(lines[start : middle + 1]) + "\n"
        yield Case(start + 1, before, text, [line for line in lines[middle + 1 : stop] if line])


def told(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """The diagnostics as the files write them."""
    return [
        f"{each.place.line}:{each.place.column} {each.code} {each.message} | {each.hint}".replace("\n", "\\n")
        .replace("\a", "␇")
        .replace("\u202e", "‼")
        .replace("\u2028", "↵")
        for each in diagnostics
    ]
