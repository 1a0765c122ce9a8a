"""Files of cases: ``=== what it shows``, the YAML, ``>>>``, and every diagnostic that must come out, in order.

A diagnostic is written ``line:column code message | hint``, line feeds of hints as ``\\n``. Nothing after ``>>>`` means
that nothing may be told. In the YAML ``␇`` stands for U+0007 and ``‼`` for U+202E,
``↵`` for U+2028, so that the file can be read.
"""

from pathlib import Path

import pytest

from builder.diagnostics import Diagnostic


def cases(name: str) -> list:
    """One parameter set for each case of a file beside this one; its id is ``file:line``."""
    path = Path(__file__).parent / name
    lines = path.read_text(encoding="utf-8").split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("=== ")]
    found = []
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        middle = lines.index(">>>", start, stop)
        text = "\n".join(lines[start + 1 : middle]) + "\n"
        text = text.replace("␇", "\a").replace("‼", "\u202e").replace("↵", "\u2028")
        expected = [line for line in lines[middle + 1 : stop] if line]
        found.append(pytest.param(text, expected, id=f"{name}:{start + 1}"))
    return found


def told(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """The diagnostics as the files write them."""
    return [
        f"{each.place.line}:{each.place.column} {each.code} {each.message} | {each.hint}".replace("\n", "\\n")
        .replace("\a", "␇")
        .replace("\u202e", "‼")
        .replace("\u2028", "↵")
        for each in diagnostics
    ]
