"""Single fields are written in any layout of YAML, and every other byte stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model import NOTE_LISTS, Limits
from builder.read.corpus_and_sources import read_fields
from builder.read.decode import decode
from builder.read.yaml import MappingNode, SequenceNode
from builder.reanchor.splice import Edit, set_field, splice, top_field, tree_values

SEEDS = sorted(
    path for path in (Path(__file__).parents[2] / "seeds").glob("*.yml") if path.stem not in {"corpus", "sources"}
)


def tree_of(text: str) -> MappingNode:
    tree, faults = read_fields(text, "a.yml", Limits())
    assert faults == ()
    return tree


def with_field(text: str, key: str, value: str) -> str:
    tree = tree_of(text)
    made = splice(text.encode(), [set_field(tree, key, value, beside="quote")]).decode()
    assert tree_values(tree_of(made)) == {**tree_values(tree), key: value}  # type: ignore[dict-item]
    return made


@pytest.mark.parametrize(
    ("before", "key", "value", "after"),
    [
        ("quote: some words  # c\nx: y\n", "quote", "other words", "quote: other words  # c\nx: y\n"),
        ("quote: some words\n", "quote", "other: words", 'quote: "other: words"\n'),
        ("quote: some words\n", "quote", "two\nlines", 'quote: "two\\nlines"\n'),
        ("quote: 'some words'   # c\n", "quote", "it's", "quote: 'it''s'   # c\n"),
        ('quote: "some words"\n', "quote", 'say "x" \\', 'quote: "say \\"x\\" \\\\"\n'),
        ("quote: some\n  words\nx: y\n", "quote", "other", "quote: other\nx: y\n"),
        ("quote: |  # c\n  some\n  words\n\n# d\nx: y\n", "quote", "other", 'quote: "other"  # c\n\n# d\nx: y\n'),
        ("quote: >-\n  some\n  words\nx: y\n", "quote", "other", 'quote: "other"\nx: y\n'),
        ("{quote: some words,x: y}", "quote", "a, b", '{quote: "a, b",x: y}'),
        ("quote: a  # c\nx: y", "prefix", "b ", 'quote: a  # c\nprefix: "b "\nx: y'),
        ("x: y\nquote: a", "suffix", " b", 'x: y\nquote: a\nsuffix: " b"'),
        ("quote: a\nprefix:\nx: y\n", "prefix", "b", "quote: a\nprefix: b\nx: y\n"),
        ("quote: a\noccurrence: 2  # c\n", "occurrence", "3", "quote: a\noccurrence: 3  # c\n"),
        ("quote: a\n", "occurrence", "3", "quote: a\noccurrence: 3\n"),
        ("quote: |\n  a\nx: y\n", "prefix", "b", 'prefix: "b"\nquote: |\n  a\nx: y\n'),
        ("quote:\n  - a\n  - b\nx: y\n", "prefix", "c", 'prefix: "c"\nquote:\n  - a\n  - b\nx: y\n'),
        ("quote: [a, b]\n", "occurrence", "2", "occurrence: 2\nquote: [a, b]\n"),
        ("{ quote: a , x: y }\n", "prefix", "b", '{ quote: a, prefix: "b" , x: y }\n'),
        ("{quote: [a, b], x: y}\n", "suffix", "c", '{suffix: "c", quote: [a, b], x: y}\n'),
    ],
)
def test_a_field(before: str, key: str, value: str, after: str) -> None:
    if isinstance(tree_of(before).get("quote"), SequenceNode):
        tree = tree_of(before)
        assert splice(before.encode(), [set_field(tree, key, value, beside="quote")]).decode() == after
        tree_of(after)
    else:
        assert with_field(before, key, value) == after


def test_in_a_list_the_field_stands_under_the_first() -> None:
    text = "claims:\n  - quote: a  # c\n    id: x\n"
    item = tree_of(text).values["claims"].items[0]  # type: ignore[union-attr]
    made = splice(text.encode(), [set_field(item, "prefix", "b", beside="quote")])  # type: ignore[arg-type]
    assert made.decode() == 'claims:\n  - quote: a  # c\n    prefix: "b"\n    id: x\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A  # a\n\n# list\nclaims:\n", "title: A  # a\ntext_sha256: abc\n\n# list\nclaims:\n"),
        ("text_sha256: 'x'  # c\ntitle: A\n", "text_sha256: 'abc'  # c\ntitle: A\n"),
        ("title: A\nsummary: |\n  B\n\nclaims:\n", "title: A\ntext_sha256: abc\nsummary: |\n  B\n\nclaims:\n"),
        ("claims:\n", "claims:\ntext_sha256: abc\n"),
        ("claims:\n  - {id: a, note: x}\n", "text_sha256: abc\nclaims:\n  - {id: a, note: x}\n"),
        ("{title: A, claims: []}\n", "{title: A, text_sha256: abc, claims: []}\n"),
        ("# only a remark", "# only a remark\ntext_sha256: abc\n"),
        ("", "text_sha256: abc\n"),
    ],
)
def test_the_fingerprint(before: str, after: str) -> None:
    assert (
        splice(before.encode(), [top_field(before, tree_of(before), "text_sha256", "abc", NOTE_LISTS)]).decode()
        == after
    )


@given(st.text("ab:#'\n \r\u2028é", max_size=40), st.booleans())
def test_no_edit_changes_no_byte(text: str, mark: bool) -> None:
    data = (b"\xef\xbb\xbf" if mark else b"") + text.encode()
    assert splice(data, []) == data


@given(st.lists(st.sampled_from(["a", "b\r\n", "\r", "\n", "é", "😀"]), max_size=20), st.data(), st.booleans())
def test_an_edit_is_made_at_its_place_of_the_decoded_text(parts: list[str], data: st.DataObject, mark: bool) -> None:
    raw = (b"\xef\xbb\xbf" if mark else b"") + "".join(parts).encode()
    text, _ = decode(raw, "a.yml")
    assert text is not None
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    made, _ = decode(splice(raw, [Edit(start, end, "X\nY")]), "a.yml")
    assert made == text[:start] + "X\nY" + text[end:]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_every_quote_of_this_corpus_can_be_written_anew(path: Path) -> None:
    """One line changes, or one is put in: all others, comments too, are as they were."""
    data = path.read_bytes()
    before = data.decode().splitlines(keepends=True)
    tree = tree_of(data.decode())
    items = [item for name in NOTE_LISTS for item in getattr(tree.get(name), "items", ()) if item.get("quote")]
    assert len(items) > 4
    for item in items:
        made = splice(data, [set_field(item, "occurrence", "7", beside="quote")]).decode().splitlines(keepends=True)
        line = next(index for index, each in enumerate(made) if each.strip() == "occurrence: 7")
        assert made[:line] + made[line + 1 :] == before or len(made) == len(before)
        if not isinstance(item.get("quote"), SequenceNode):
            after = splice(data, [set_field(item, "quote", "Other words.", beside="quote")]).decode()
            assert sum(one != two for one, two in zip(before, after.splitlines(keepends=True), strict=True)) == 1
