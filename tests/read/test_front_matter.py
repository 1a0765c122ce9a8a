"""Front matter in YAML and in TOML."""

from __future__ import annotations

import pytest

from builder.model import Limits
from builder.read.front_matter import FrontMatter, read_front_matter, split_front_matter
from builder.read.validation import plain_values


@pytest.mark.parametrize(
    ("source", "matter", "line", "rest"),
    [
        ("---\na: 1\nb: 2\n---\n# x\n", "a: 1\nb: 2\n", 5, "# x\n"),
        ("---\na: 1\n...\nx", "a: 1\n", 4, "x"),
        ("---\n---\nx", "", 3, "x"),
        ("---\na: 1\n---", "a: 1\n", 3, ""),
        ("---\na: 1\n\nx", None, 1, "---\na: 1\n\nx"),
        ("---\na: 1\n+++\nx", None, 1, "---\na: 1\n+++\nx"),
        ("\n---\na: 1\n---\n", None, 1, "\n---\na: 1\n---\n"),
        ("----\na: 1\n---\n", None, 1, "----\na: 1\n---\n"),
        ("+++ \na = 1\n+++\n\nx", "a = 1\n", 4, "\nx"),
        ("+++\na = 1\n---\nx", None, 1, "+++\na = 1\n---\nx"),
    ],
)
def test_it_stands_between_two_fences_at_the_very_start(source, matter, line, rest):
    expected = None if matter is None else FrontMatter(matter, toml=source.startswith("+"))
    assert split_front_matter(source) == (expected, line, rest)


def toml(text):
    tree, diagnostics = read_front_matter(FrontMatter(text, toml=True), "seeds/a.md", Limits())
    places = {key: node.place.line for key, node in tree.keys.items()} if tree else {}
    return (
        plain_values(tree) if tree else None,
        places,
        [f"{each.place} {each.code} {each.message}" for each in diagnostics],
    )


def test_toml_is_read_for_the_fields_that_a_document_has():
    text = (
        "# a comment\ntitle = 'Tolls of the \"Ebb\" bridge'\ndate = 2001-02-03\ndraft = false\n"
        'author = ["A. Name",\n  "B. Name"]\npublished = 2001-02-03T10:00:00Z\n[params]\ntitle = "no"\n'
    )
    values, places, diagnostics = toml(text)
    assert values == {
        "title": 'Tolls of the "Ebb" bridge',
        "draft": "false",
        "author": ["A. Name", "B. Name"],
        "published": "2001-02-03",
    }
    assert places == {"title": 3, "draft": 5, "author": 6, "published": 8}
    assert diagnostics == []


@pytest.mark.parametrize(
    ("text", "diagnostics"),
    [
        ("", []),
        ("title = Tolls", ["seeds/a.md:2:9 Y101 not TOML: Invalid value"]),
        ("a = 1\na = 2\n", ["seeds/a.md:3:6 Y101 not TOML: Cannot overwrite a value"]),
        ("[[claims]]\nid = 1", []),
        ("claims = [{id = 'a'}]", ['seeds/a.md:2:1 S101 "claims" in front matter']),
    ],
)
def test_faults_of_toml_stand_at_their_line(text, diagnostics):
    assert toml(text)[2] == diagnostics
