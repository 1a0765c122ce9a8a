import json
from pathlib import Path

import pytest
import yaml
from fault_cases import cases, check_case, told
from hypothesis import given
from hypothesis import strategies as st
from snapshots import Snapshots

from builder.diagnostics import Diagnostic, Place
from builder.model import Limits
from builder.read.validation import plain_values
from builder.read.yaml import MappingNode, Node, ScalarNode, SequenceNode, read_yaml

TESTDATA = Path(__file__).parents[2].parent / "shared" / "testdata"
FILE = "seeds/a.yml"


def read(text: str, **limits: int) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    return read_yaml(text, file=FILE, limits=Limits(**limits))


def good(text: str) -> Node:
    node, found = read(text)
    assert found == ()
    assert node is not None
    return node


def plain(node: Node | None) -> object:
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.values.items()} if node else None


@pytest.mark.parametrize(("text", "expected"), cases("yaml_faults.txt"))
def test_faults(text: str, expected: list[str], snapshot: Snapshots) -> None:
    check_case(snapshot, "yaml_faults.txt", text, expected, told(tuple(sorted(read(text)[1]))))


# --- what is read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["no", "on", "false", "~", "null", "1.10", "0123", "1_000", "12:30:45", "2025-06-25", "9" * 5000, "0x1F"]
)
def test_a_scalar_is_the_text_that_stands_there(text: str) -> None:
    assert plain(good(f"a: {text}\n")) == {"a": text}


def test_the_tree_with_its_places() -> None:
    tree = good("é𝒳: b\nlist:\n  - x\n  - {k: 'v'}\nempty:\nblock: |\n  one\n   two\n")
    assert isinstance(tree, MappingNode)
    assert plain(tree) == {"é𝒳": "b", "list": ["x", {"k": "v"}], "empty": "", "block": "one\n two\n"}
    assert tree.place == Place(FILE, 1, 1)
    assert [(key.place.line, key.place.column) for key in tree.keys.values()] == [(1, 1), (2, 1), (5, 1), (6, 1)]
    assert tree.values["é𝒳"].place == Place(FILE, 1, 5)
    items = tree.values["list"]
    assert isinstance(items, SequenceNode)
    assert [item.place for item in (items, *items.items)] == [Place(FILE, 3, 3), Place(FILE, 3, 5), Place(FILE, 4, 5)]
    assert tree.values["block"].place == Place(FILE, 6, 8)
    assert isinstance(tree.values["block"], ScalarNode)
    assert tree.values["block"].text == "one\n two"


def test_the_first_line_is_added() -> None:
    node, found = read_yaml("a: &x b\n", file=FILE, limits=Limits(), first_line=40)
    assert isinstance(node, MappingNode)
    assert node.place == Place(FILE, 40, 1)
    assert found[0].place == Place(FILE, 40, 4)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n...\n"])
def test_an_empty_document_is_nothing(text: str) -> None:
    node, found = read(text)
    assert found == ()
    assert node is None or (isinstance(node, ScalarNode) and node.value == "")


# --- places inside a scalar: § is looked for in the value and in the file ---------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a: one § two",
        "a: one\n  two\n   § three",
        "a: 'one § two'",
        "a: 'it''s one,\n\n  that''s § two'",
        'a: "one § two"',
        'a: "one\n   two § three"',
        "a: |\n  one\n    § two\n",
        "a: |\n\n  𝒳é § two\n",
        "a: |4\n      one §\n",
        "a: |-\n  - § x\n",
        "b:\n  - a: >\n      one\n      two § three\n\n      four\n",
        "b:\n  - a: >-\n      one\n      two\n\n      fo§ur\n",
        "a: |  # a comment\n  one §\n",
        "a: > # a comment § no\n  one §\n",
        "{a: [one § two, x]}",
    ],
)
@pytest.mark.parametrize("first_line", [1, 7])
def test_a_place_inside_a_scalar(text: str, first_line: int) -> None:
    tree, _ = read_yaml(text, file=FILE, limits=Limits(), first_line=first_line)
    scalar = next(each for each in scalars(tree) if "§" in each.value)
    before = scalar.value[: scalar.value.index("§")]
    in_file = text[: text.rindex("§")]
    expected = Place(FILE, in_file.count("\n") + first_line, len(in_file) - in_file.rfind("\n"))
    assert scalar.at(before.count("\n"), len(before) - (before.rfind("\n") + 1)) == expected


def test_inside_a_scalar_with_escapes_it_is_the_scalars_place() -> None:
    tree = good('a: "caf\\u00e9 § x"')
    assert next(each for each in scalars(tree) if "§" in each.value).at(0, 5) == Place(FILE, 1, 4)


def scalars(node: Node | None) -> list[ScalarNode]:
    if isinstance(node, ScalarNode):
        return [node]
    below = node.items if isinstance(node, SequenceNode) else node.values.values() if node else ()
    return [scalar for each in below for scalar in scalars(each)]


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\ufffe\uffff")
    )
)
def test_every_place_in_a_single_quoted_scalar_is_exact(value: str) -> None:
    text = f"- '{value.replace(chr(39), chr(39) * 2)}'"
    tree = good(text)
    (scalar,) = scalars(tree)
    assert scalar.value == value
    for column, character in enumerate(value):
        assert text[scalar.at(0, column).column - 1] == character


# --- laws -----------------------------------------------------------------------------------------------------------

# All that YAML can hold raw, and a sidecar may: no controls but tab and line feed (escaped), no lone surrogates.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\u2028\u2029")
    | st.sampled_from("\n\t #:'\"\\-*&!")
)


@given(TEXT)
def test_any_text_survives_in_double_quotes_as_json_writes_it(text: str) -> None:
    assert plain(good("a: " + json.dumps(text, ensure_ascii=False))) == {"a": text}


@given(st.text(alphabet="ab:-?[]{},#&*!|>'\"%@` \n\t\\0𝒳é\ufeff\x07\u2028", max_size=60))
def test_odd_text_is_read_or_told_and_never_more(text: str) -> None:
    node, found = read(text)
    assert all(each.code in {f"Y{number}" for number in range(101, 110)} for each in found)
    lines = text.split("\n")
    for each in found:
        assert 1 <= each.place.line <= len(lines) + 1
        assert each.message
        assert each.hint
    for scalar in scalars(node):
        assert 1 <= scalar.place.line <= len(lines) + 1


@given(
    st.recursive(
        TEXT, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
    )
)
def test_what_an_emitter_writes_is_read_as_it_was(data: object) -> None:
    text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, default_style='"')
    node, found = read(text, yaml_depth=100)
    assert [each.code for each in found if each.code != "Y107"] == []
    assert plain(node) == data


# --- attacks: refused, and at once ------------------------------------------------------------------------------------

MERGE_BOMB = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 8)
)
ALIAS_BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        pytest.param(MERGE_BOMB, "Y103", (1, 5), id="merge keys"),
        pytest.param(ALIAS_BOMB, "Y103", (1, 4), id="aliases"),
        pytest.param("a: &a [*a]", "Y103", (1, 4), id="itself"),
        pytest.param("[" * 200_000, "Y108", (1, 13), id="brackets"),
        pytest.param("{" * 200_000, "Y108", (1, 13), id="braces"),
        pytest.param("{a: " * 100_000, "Y108", (1, 49), id="mappings"),
        pytest.param("- " * 100_000, "Y108", (1, 25), id="dashes"),
        pytest.param("? " * 100_000, "Y108", (1, 25), id="question marks"),
        pytest.param("[? " * 100_000, "Y108", (1, 19), id="pairs"),
        pytest.param("\n".join(" " * n + "a:" for n in range(1000)), "Y108", (13, 13), id="indentation"),
        pytest.param("- &a b\n" * 100_000, "Y103", (1, 3), id="anchors"),
        pytest.param("a: b\n" * 100_000, "Y102", (2, 1), id="one key again and again"),
        pytest.param("a:" * 500_000, "Y101", (1, 1_000_000), id="colons"),
        pytest.param('a: "' + "x" * 3_000_000, "Y101", (1, 3_000_005), id="a long unclosed quote"),
        pytest.param("\x01" * 1_000_000, "Y107", (1, 1), id="controls"),
        pytest.param("a: !!python/object/apply:os.system [x]", "Y104", (1, 4), id="a constructor"),
        pytest.param("%TAG ! tag:x,2000:\n" * 1000 + "---\na: b", "Y101", (2, 1), id="directives"),
        pytest.param("x" * 4_000_001, "Y108", (1, 1), id="bytes"),
    ],
)
def test_attacks(text: str, code: str, place: tuple[int, int]) -> None:
    # Without bounds these take minutes, or end the process: a run that hangs here has failed.
    _, found = read(text)
    assert (found[0].code, (found[0].place.line, found[0].place.column)) == (code, place)
    assert len(found) <= 1000


def test_the_count_of_events_is_bounded() -> None:
    text = "- a\n" * 50
    # One event for each item; stream, document and list begin and end.
    assert read(text, yaml_events=56)[1] == ()
    assert [(each.code, each.place.line) for each in read(text, yaml_events=55)[1]] == [("Y108", 51)]
    assert [(each.code, each.place.line) for each in read(text, yaml_events=40)[1]] == [("Y108", 38)]
    assert read(text, yaml_events=40)[0] is None


def test_the_count_of_bytes_is_bounded() -> None:
    assert read("a: é", sidecar_bytes=5)[1] == ()
    assert [each.code for each in read("a: é", sidecar_bytes=4)[1]] == ["Y108"]


def test_without_the_c_library_the_pure_one_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "é𝒳: 'b'\nlist: [x, &y z]\nblock: |\n  one\nplain: a\n  b #c\n"
    with_c = read(text)
    monkeypatch.delattr(yaml, "CSafeLoader")
    without = read(text)
    assert with_c == without
    assert [each.code for each in without[1]] == ["Y103", "Y109"]


# --- the suite of the YAML project ----------------------------------------------------------------------------------


def suite() -> list[dict[str, str]]:
    path = TESTDATA / "yaml_test_suite.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.skipif(not suite(), reason="the YAML test suite is not here")
def test_the_yaml_test_suite_is_read_right_or_refused() -> None:
    right = 0
    for case in suite():
        node, found = read(case["yaml"])
        errors = [each for each in found if each.code != "Y109"]
        if errors or case["fail"] or not case["json"]:
            continue
        expected = json.loads(case["json"])
        # White space at the very end of a file without a last line end is read differently, and means nothing to us.
        if case["id"] not in {"JEF9/02", "L24T/01"}:
            assert same(plain(node), expected), case["id"]
            right += 1
    assert right > 150


def same(ours: object, theirs: object) -> bool:
    """Whether our tree of text is their value: text as it stands, other scalars as YAML 1.2 spells them."""
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, dict):
        same_keys = isinstance(ours, dict) and ours.keys() == theirs.keys()
        return same_keys and all(same(ours[key], theirs[key]) for key in theirs)
    if isinstance(theirs, str):
        return ours == theirs
    if theirs is None:
        return ours in {None, "", "null", "~"}
    if isinstance(theirs, bool):
        return ours == str(theirs).lower()
    return isinstance(ours, str) and float(int(ours, 0) if ours.startswith("0x") else ours) == float(theirs)


@pytest.mark.skipif(not (TESTDATA / "blns.json").exists(), reason="the list of naughty strings is not here")
def test_naughty_strings_survive() -> None:
    for text in json.loads((TESTDATA / "blns.json").read_text(encoding="utf-8")):
        node, found = read("a: " + json.dumps(text, ensure_ascii=False))
        if any(each.code == "Y107" for each in found):
            continue
        assert found == ()
        assert plain(node) == {"a": text}


def test_an_escaped_line_end_of_two_characters_is_one_line_feed():
    tree, diagnostics = read_yaml('quote: "one\\r\\ntwo\\rthree"', file="a.yml", limits=Limits())
    assert diagnostics == ()
    assert tree is not None
    assert plain_values(tree) == {"quote": "one\ntwo\nthree"}
