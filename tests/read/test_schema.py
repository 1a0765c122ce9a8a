"""The models against the published JSON Schemas: what we read, an editor's plug-in must not forbid."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from fault_cases import cases
from hypothesis import given
from hypothesis import strategies as st
from sidecar_makers import read
from snapshots import Snapshots

from builder.read import field_values
from builder.read.schema import MODELS, json_schema, known_keys

FOLDER = Path(__file__).parents[2] / "builder" / "schema"


class CoreLoader(yaml.CSafeLoader):
    """YAML 1.2's core schema, as editors' plug-ins read it: dates stay text, only true and false are truth values."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]*", "-+0123456789"),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), list(first))


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(json_schema(name)))


def seen(text: str) -> object:
    return yaml.load(text, Loader=CoreLoader)  # noqa: S506 - made from the safe one


def accepts(name: str, text: str) -> bool:
    return validator(name).is_valid(seen(text))


@pytest.mark.parametrize("name", MODELS)
def test_the_files_are_in_step_with_the_models(name: str, snapshot: Snapshots) -> None:
    snapshot.whole(FOLDER / f"{name}.schema.json", json_schema(name))


def test_there_are_no_other_files() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(f"{name}.schema.json" for name in MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_every_schema_is_one_and_describes_every_field(name: str) -> None:
    schema = json.loads(json_schema(name))
    jsonschema.Draft202012Validator.check_schema(schema)
    objects = [schema, *schema["$defs"].values()]
    for each in objects:
        for field, says in each.get("properties", {}).items():
            assert says.get("description", "").endswith("."), field
        if "properties" in each:
            assert each["additionalProperties"] is False


def test_the_contracts_example_passes() -> None:
    text, expected = cases("sidecar_faults.txt")[0].values
    assert expected == []
    assert list(validator("sidecar").iter_errors(seen(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "published: 2025",
        "published: 2025-12",
        "title: 1984",
        "title: true",
        "title: 3.50",
        "author: 2025",
        "author: [A, B]",
        "draft: yes",
        "draft: true",
        "reveal: yes",
        "draft: 'no'",
        "language: no",
        "claims:",
        "context: [{id: a, note: x, quote: gone, retired: '2026-11-22, taken out'}]",
        "topics:",
        "context: []",
        "claims: [{id: 1, note: 2}]",
        "context: [{id: a, note: x, quote: 5}, {id: b, note: x, quote: [5, true], occurrence: 2}]",
        "corrections: [{id: a, correct: 2025}]",
        "url: DOI:10.1000/182",
        "url: HTTPS://example.org/",
    ],
)
def test_what_we_read_editors_accept(text: str) -> None:
    assert [each for each in read(text)[1] if each.code != "S106"] == []
    assert accepts("sidecar", text)


@pytest.mark.parametrize(
    "text",
    [
        "titel: x",
        "retired: 2026-11-22",
        "published: yesterday",
        "url: javascript:x",
        "claims: [{id: a}]",
        "claims: [{id: A B, note: x}]",
        "context: [{id: a, note: x, verdict: y}]",
        "corrections: [{id: a}]",
        "context: [{id: a, note: x, retired: 2026-11-22}]",
        "context: [{id: a, note: x, retired: taken out}]",
        "claims: [{id: a, note: x, sources: [{ref: a, page: 2}]}]",
        "claims: [{id: a, note: x, occurrence: 0}]",
        "text_sha256: abc",
        "title: [x]",
        "- x",
    ],
)
def test_both_refuse(text: str) -> None:
    assert read(text)[1] != ()
    assert not accepts("sidecar", text)


def test_corpus_and_sources() -> None:
    corpus = """
title: A
language: en
publisher: {name: U, url: https://u.example, corrections_policy: about/corrections/}
license: CC BY 4.0
verdicts: [{id: false, label: "False", tone: bad, rating: 1, means: It is not so.}]
topics: {nato: {label: NATO, about: Markdown}}
people: {vladimir-putin: {name: Vladimir Putin, same_as: https://example.org}}
"""
    assert accepts("corpus", corpus)
    assert accepts("corpus", "verdicts:\ntopics:\npeople:\n")
    assert not accepts("corpus", "verdicts: [{id: a, tone: god}]")
    assert not accepts("corpus", "topics: {A B: {label: x}}")
    for words in ("false", "no", "", "{good: '%(num)s stand', bad: {one: x, other: y}}"):
        assert accepts("corpus", f"what_holds: {words}")
    for words in ("maybe", "[a]", "{odd: x}", "{good: {one: x}}", "{good: {plural: x, other: x}}"):
        assert not accepts("corpus", f"what_holds: {words}")
    assert accepts("sources", "a-1: {title: A, date: 2025, url: https://a.example, link: false, doi: 10.1000/1}")
    assert accepts("sources", "a-1: {title: A, type: article-newspaper, party: It is the council's own.}")
    assert not accepts("sources", "a-1: {publisher: A}")
    assert not accepts("sources", "a-1: {title: A, type: reports}")
    assert not accepts("sources", "A B: {title: A}")


def test_known_keys() -> None:
    assert known_keys(MODELS["sources"], ("x",))[:3] == ("title", "author", "publisher")
    assert known_keys(MODELS["corpus"], ("people", "x")) == ("name", "same_as")
    assert known_keys(MODELS["sidecar"], ("claims", 0, "sources", 1, "<place>")) == ("ref", "at", "supports")
    assert "verdict" in known_keys(MODELS["sidecar"], ("claims", 0))
    assert "verdict" not in known_keys(MODELS["sidecar"], ("context", 0))


# --- the values of fields -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "rtl"),
    [
        ("ar", True), ("he-IL", True), ("fa", True), ("ur", True), ("ps", True), ("ckb", True), ("yi", True),
        ("sd", True),
        ("dv", True), ("ug", True), ("en", False), ("de-Arab", True), ("AR-latn", False), ("az-Arab-IR", True),
        ("yi-Latn", False), ("ku-Hebr", True), ("ja", False), ("ms-Arab", True), ("sd-Deva", False),
    ],
)  # fmt: skip
def test_direction(tag: str, rtl: bool) -> None:
    assert field_values.is_rtl(field_values.language(tag)) is rtl


@pytest.mark.parametrize(
    "tag", ["en", "de-AT", "zh-Hant-TW", "sl-rozaj-biske", "de-CH-1901", "es-419", "en-x-mine", "no", "sgn-ase"]
)
def test_language_tags(tag: str) -> None:
    assert field_values.language(tag) == tag


@pytest.mark.parametrize(
    "tag", ["", "e", "english", "en_GB", "de-", "-de", "en--GB", "en GB", "en-GB\n x", "12", "en-x"]
)
def test_words_that_are_no_language_tags(tag: str) -> None:
    with pytest.raises(field_values.InvalidValue):
        field_values.language(tag)


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: object) -> None:
    assert field_values.date(str(day)) == str(day)


@pytest.mark.parametrize(
    "text", ["2025-00", "2025-1-1", "2025-02-30", "25-01-01", "0000", "2025-01-01T00:00", "２０２５", "2025-"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(field_values.InvalidValue):
        field_values.date(text)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("doi:10.1000/182", "https://doi.org/10.1000/182"),
        ("DOI:10.1002/(SICI)1097<1::AID#X>3.0.CO;2-Z", "https://doi.org/10.1002/(SICI)1097%3C1::AID%23X%3E3.0.CO;2-Z"),
        ("mailto:desk@example.org", "mailto:desk@example.org"),
        (" https://example.org/ü?q=1&r=2#s\n", "https://example.org/ü?q=1&r=2#s"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("http://münchen.example/", "http://münchen.example/"),
    ],
)
def test_addresses(written: str, published: str) -> None:
    assert field_values.address(written) == published


# What a browser would make of these is something else than it seems, or no link at all (WHATWG URL).
@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:x", "\x01javascript:x", " \tjavascript:x",
        "vbscript:x",
        "data:text/html,x", "file:///etc/passwd", "blob:x", "//example.org", "/path", "path", "", "?q", "https:", "https://",
        "https:///x", "https:/x", "https:\\\\x", "https://x\\@y", "https://a@b", "https://a:b@c/", "http://a%40b/",
        "http://a b/", "http://a/\tb", "http://a/\x00", "http://a/\x7f", "http://a/\u2028", 'http://a/"onload=', "http://a/<b>",
        "http://x:70000/", "http://[::1", "mailto:", "mailto:a", "mailto:a@b?bcc=c@d", "doi:", "doi:x", "doi:10.1/", "feed:https://a",
        "view-source:https://a", "https\u200b://a",
    ],
)  # fmt: skip
def test_addresses_that_are_not_allowed(text: str) -> None:
    with pytest.raises(field_values.InvalidValue) as refused:
        field_values.address(text)
    assert refused.value.code == "S110"
    assert refused.value.hint


@given(
    st.text("javscript:htp/@\\.x \t\n%40<>\"'?#[]0é\u200b", max_size=30).map(lambda text: "https:" + text)
    | st.text(max_size=20)
)
def test_an_address_that_passes_begins_as_it_must_and_holds_nothing_odd(text: str) -> None:
    try:
        published = field_values.address(text)
    except field_values.InvalidValue:
        return
    assert re.match(r"(?i)https?://[^/?#@\\\s]+([/?#]|$)|mailto:[^@]+@[^@]+$", published)
    assert not re.search(r"[\x00-\x20\x7f\\<>\"`]", published)


@pytest.mark.parametrize("text", ["about/corrections/", "/about/", "about/#errors", "https://example.org/policy"])
def test_pages_of_the_site(text: str) -> None:
    assert field_values.page(text) == text


@pytest.mark.parametrize("text", ["//example.org", "javascript:x", "a b", "a\\b", "java\nscript:x", "", "data:x/y"])
def test_what_is_no_page_of_the_site(text: str) -> None:
    with pytest.raises(field_values.InvalidValue):
        field_values.page(text)
