"""No test waits for ever: every wait in tests/ has a bound, so that a suite which cannot go on says where, and ends.

What this does not see, pytest ends after ten minutes: faulthandler_timeout in pyproject.toml.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FILES = sorted(path.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.py") if path.parent.name != "bench")

NAMED = {"subprocess.run", "subprocess.check_output", "urlopen", "create_connection"}  # by a keyword
ARGUED = {"wait", "communicate", "join", "acquire", "result"}  # by any argument; that of a text's join is no harm
STARTED = "Popen"  # leaving its block waits without a bound, so only ``processes.running`` starts one


def waits(source: str, *, starts: bool = False) -> Iterator[str]:
    """The calls of a source that wait without a bound, as ``line: call``; ``starts`` if it may start processes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            call = ast.unparse(node.func)
            name = call.rpartition(".")[2]
            bounded = any(keyword.arg == "timeout" for keyword in node.keywords)
            if (
                ({call, name} & NAMED and not bounded)
                or (name in ARGUED and not node.args and not bounded)
                or (name == STARTED and not starts)
            ):
                yield f"{node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("file", FILES)
def test_every_wait_has_a_bound(file: str) -> None:
    source = (TESTS / file).read_text(encoding="utf-8")
    assert list(waits(source, starts=file == "processes.py")) == []


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("subprocess.run(command, check=True)", True),
        ("subprocess.run(command, timeout=60)", False),
        ("urllib.request.urlopen(address)", True),
        ("urllib.request.urlopen(address, timeout=5)", False),
        ("thread.join()", True),
        ("thread.join(30)", False),
        ("process.communicate()", True),
        ("process.wait(timeout=30)", False),
        ("process.wait()", True),
        ("', '.join(words)", False),
        ("subprocess.Popen(command)", True),
        ("run(['check'])", False),
    ],
)
def test_a_wait_without_a_bound_is_found(call: str, found: bool) -> None:
    assert list(waits(call)) == ([f"1: {call}"] if found else [])
