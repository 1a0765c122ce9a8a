"""What is relied on in a theme is written down in theme.toml: all of it, nothing else, and every theme here has it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_every_engine import ENGINES, built

__all__ = ["built"]  # the fixture

BUILDER = Path(__file__).parents[2] / "builder"
THEME: dict[str, list[dict[str, Any]]] = tomllib.loads((BUILDER / "engines" / "theme.toml").read_text(encoding="utf-8"))
ENTRIES = [(kind, entry) for kind, entries in THEME.items() for entry in entries]
# No word of ours that only ends in "md-"; names of our own begin with "postil-".
NAME = re.compile(r"(?<![\w-])(?:--|data-)?md-[a-z0-9]+(?:[-_]+[a-z0-9]+)*")


def sources() -> Iterator[Path]:
    return (
        path
        for path in sorted(BUILDER.rglob("*"))
        if path.suffix in {".css", ".js", ".py", ".html"} and "node_modules" not in path.parts
    )


def names(path: Path) -> set[str]:
    return {name.removeprefix("data-") for name in NAME.findall(path.read_text(encoding="utf-8"))}


def test_every_name_of_the_theme_is_in_the_list() -> None:
    listed = {entry["name"] for kind, entry in ENTRIES if kind in {"selector", "variable", "option"}}
    used = {name: path.relative_to(BUILDER).as_posix() for path in sources() for name in names(path)}
    assert {name: file for name, file in used.items() if name not in listed} == {}, "write it into engines/theme.toml"
    assert listed - used.keys() == set(), "nothing needs it any more: take it out of engines/theme.toml"


@pytest.mark.parametrize(
    ("kind", "entry"), ENTRIES, ids=lambda value: value["name"] if isinstance(value, dict) else value
)
def test_an_entry_says_who_needs_it_and_what_is_seen_without_it(kind: str, entry: dict[str, Any]) -> None:
    assert set(entry) == {"name", "needs", "without"} | {"shape": {"pattern"}, "number": {"value"}}.get(kind, set())
    assert entry["without"]
    for file in entry["needs"]:
        text = (BUILDER / file).read_text(encoding="utf-8")
        if kind in {"selector", "variable", "option"}:
            assert entry["name"] in names(BUILDER / file), f"{file} does without"
        elif kind == "number":
            assert entry["value"] in text, f"{file} does without"


def test_the_list_tells_a_name_from_its_neighbours() -> None:
    found = NAME.findall('.md-nav__item--active [data-md-color-scheme="slate"] var(--md-a-b--c) postil-md-x cmd-line')
    assert found == ["md-nav__item--active", "data-md-color-scheme", "--md-a-b--c"]


@pytest.mark.sites
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_draws_a_theme_that_has_it(built: dict[tuple[str, str], Path], engine: str) -> None:
    site = built["good", engine]
    pages = "".join(path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html")))
    # Ours are published below assets/postil/ and would say yes to everything.
    styles = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((site / "assets" / "stylesheets").rglob("*.css"))
        if "modern" not in path.parts
    )
    theirs = re.sub(r"<(?:nav|div|footer|section|p|aside)\b[^>]*postil-[^>]*>", "", pages)
    page = (site / "documents" / "town" / "notice" / "index.html").read_text(encoding="utf-8")
    missing = [
        entry["name"]
        for kind, entry in ENTRIES
        if not {
            "selector": lambda name=entry["name"]: bool(
                re.search(rf"(?<![\w-])(?:data-)?{name}(?![\w-])", theirs + styles)
            ),
            "variable": lambda name=entry["name"]: f"{name}:" in styles,
            "option": lambda: True,
            "shape": lambda entry=entry: bool(re.search(entry.get("pattern", ""), page, re.DOTALL)),
            "number": lambda entry=entry: f"min-width:{entry.get('value')}" in styles,
        }[kind]()
    ]
    assert missing == []
