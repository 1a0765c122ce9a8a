"""The search index, asked in Node as a browser would ask it."""

from __future__ import annotations

import base64
import json
import re
import shutil
import stat
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builder.render
from builder.diagnostics import Refusal
from builder.model import SearchRecord
from builder.publish.bundle import _decode, _encode
from builder.publish.search import bundle_available, write_search
from builder.render.wording import GLYPHS

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt; &amp; <mark>mark</mark>",
    "{{ config }} ${x} [[y]]",
    "a\x00b \u202e \ufeff \U0001f600 e\u0301",
)
LANGUAGES = ("en", "en-GB", "de", "fr-CA")

needs_program = pytest.mark.skipif(not bundle_available(), reason="Pagefind is not installed")
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node")


def rare(number: int) -> str:
    """A word that stands in one note alone and that no stemmer shortens."""
    return "q" + "".join("bdfghjklmn"[int(digit)] + "o" for digit in f"{number:04}") + "zk"


def record(address: str, title: str, text: str, **more: Any) -> SearchRecord:
    given: dict[str, Any] = {"language": "en", "type": "page", "group": "", "meta": {}, "filters": {}, "sort": {}}
    return SearchRecord(address=address, title=title, text=text, **(given | more))


def corpus() -> list[SearchRecord]:
    """Eight documents with three notes each, in three languages, and two pages."""
    records = [record("", "Home", "Welcome to what stands here."), record("about/", "About us", "Who we are.")]
    for number in range(8):
        slug, language = f"documents/d{number}/", LANGUAGES[number % 4]
        title = f"Title {HOSTILE[number % 5]}"
        facets = {"type": ("document",), "year": (str(2018 + number),), "language": (language,)}
        text = f"{title}\nThe running houses of {HOSTILE[(number + 1) % 5]} say commonplace."
        shared = {"language": language, "group": title, "sort": {"date": str(2018 + number)}}
        records.append(record(slug, title, text, type="document", filters=facets, **shared))
        for note in range(3):
            word, evil = rare(number * 3 + note), HOSTILE[(number + note) % 5]
            facets = {"type": ("note",), "verdict": (("False", "Supported")[note % 2],), "topic": ("one", "two")[:note]}
            records.append(
                record(
                    f"{slug}#note-n{note}",
                    f"quoted {evil} words",
                    f"quoted {evil} words\nSays {word} of {evil}",
                    type="note",
                    meta={"kind": "claim", "verdict": "False", "tone": "bad"},
                    filters={facet: values for facet, values in facets.items() if values},
                    **shared,
                )
            )
    return records


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    assert write_search(corpus(), out) == ()
    return out / "pagefind"


def ask(folder: Path, *queries: str | None) -> list[list[dict[str, Any]]]:
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("search_query.mjs")), str(folder)],
        input=json.dumps(queries).encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    answers: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return answers


def tree(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


@needs_program
@needs_node
def test_every_note_is_found_by_a_rare_word_of_its_own(built: Path) -> None:
    notes = [each for each in corpus() if each.type == "note"]
    answers = ask(built, *(rare(number) for number in range(len(notes))))
    assert [answer[0]["address"] for answer in answers] == [note.address for note in notes]


@needs_program
@needs_node
def test_what_is_found_says_what_it_is(built: Path) -> None:
    ((found, *_),) = ask(built, rare(4))
    assert found["address"] == "documents/d1/#note-n1"
    assert found["title"] == "quoted &lt;b&gt; &amp; <mark>mark</mark> words"
    shown = {name: values for name, values in found["filters"].items() if name.startswith("_")}
    assert shown == {
        "_type": ["note"],
        "_group": ['Title "><img src=x onerror=alert(1)>'],
        "_kind": ["claim"],
        "_verdict": ["False"],
        "_tone": ["bad"],
    }
    words = found["content"].split()
    assert [words[at] for at in found["locations"]] == [rare(4)]


@needs_program
@needs_node
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Welcome", "./"),
        ("who", "about/"),
        ("hou", "documents/d0/"),
        ('"who we are"', "about/"),
        ("commonplaces", "documents/d0/"),
    ],
)
def test_pages_prefixes_phrases_and_stems(built: Path, query: str, first: str) -> None:
    (answer,) = ask(built, query)
    assert first in [each["address"] for each in answer]


@needs_program
@needs_node
def test_what_is_only_shown_is_not_searched(built: Path) -> None:
    assert ask(built, '"note"', '"bad"', '"claim"', '"document"', '"xyzzy"') == [[], [], [], [], []]


@needs_program
@needs_node
def test_facets_count_the_records_and_nothing_else(built: Path) -> None:
    (facets,) = ask(built, None)
    counts: Counter[tuple[str, str]] = Counter()
    for bundle in facets:
        for facet, values in bundle.items():
            counts.update({(facet, value): number for value, number in values.items()})
    assert counts == Counter(
        (facet, value) for each in corpus() for facet, values in each.filters.items() for value in values
    )


@needs_program
def test_one_folder_for_each_language(built: Path) -> None:
    listing = json.loads((built / "bundles.json").read_bytes())
    assert listing == {"en": [""], "de": ["de-1/"], "fr": ["fr-1/"]}


@needs_program
def test_only_what_the_browser_needs_is_published(built: Path) -> None:
    names = {re.sub(r"[0-9a-f]{7,}", "HASH", name) for name in tree(built) if "/" not in name}
    assert names == {
        "bundles.json",
        "pagefind-entry.json",
        "pagefind-worker.js",
        "pagefind.en_HASH.pf_meta",
        "pagefind.js",
        "wasm.en.pagefind",
    }


@needs_program
def test_same_records_same_bytes(built: Path, tmp_path: Path) -> None:
    before = tree(built)
    for _ in range(2):  # the second time over what is there
        write_search(corpus(), tmp_path)
        assert tree(tmp_path / "pagefind") == before


@needs_program
@needs_node
def test_what_is_too_much_for_one_bundle_goes_on_in_the_next(tmp_path: Path) -> None:
    long = "some words again and again " * 40_000
    records = [record(f"d{number}/", f"Long {number}", f"{long} {rare(number)}") for number in range(3)]
    assert write_search(records, tmp_path) == ()
    folder = tmp_path / "pagefind"
    assert json.loads((folder / "bundles.json").read_bytes()) == {"en": ["", "en-2/"]}
    assert not (folder / "en-2" / "pagefind.js").exists()
    answers = ask(folder, f'"{rare(0)}"', f'"{rare(2)}"', '"words again"')
    assert [{each["address"] for each in answer} for answer in answers] == [{"d0/"}, {"d2/"}, {"d0/", "d1/", "d2/"}]


@needs_program
def test_nothing_to_find_makes_no_folder(tmp_path: Path) -> None:
    (tmp_path / "pagefind").mkdir()
    assert write_search([], tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


@needs_program
def test_a_folder_that_cannot_be_written_is_a_refusal(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.write_text("a file, where a folder belongs")
    with pytest.raises(Refusal, match="cannot write the search index"):
        write_search(corpus(), site)


def program(folder: Path, script: str) -> Path:
    path = folder / "pagefind"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_no_program_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(tmp_path / "missing"))
    assert not bundle_available()
    (fault,) = write_search(corpus(), tmp_path)
    assert (fault.code, str(fault.place)) == ("P402", "mkdocs.yml")
    assert "pip install 'pagefind[bin]'" in fault.hint
    assert list(tmp_path.iterdir()) == []


def test_a_program_for_another_machine_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pagefind.bin"
    path.write_bytes(b"\x7fNOT A PROGRAM")
    path.chmod(0o755)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(path))
    (fault,) = write_search(corpus(), tmp_path)
    assert fault.code == "P402"
    assert not (tmp_path / "pagefind").exists()


ERROR = base64.b64encode(
    json.dumps({"message_id": 1, "payload": {"type": "Error", "message": "no room"}}).encode()
).decode()


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo no such thing >&2; exit 3", "no such thing"),
        ("head -c 300 >/dev/null; echo out of memory >&2; kill -9 $$", "out of memory"),
        (f"head -c 20 >/dev/null; printf {ERROR},; cat >/dev/null", "NewIndex: no room"),
    ],
)
def test_a_program_that_fails_is_a_refusal(
    script: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(program(tmp_path, script)))
    with pytest.raises(Refusal, match=says):
        write_search(corpus(), tmp_path / "out")


VALUES = st.recursive(
    st.integers(0, 2**64 - 1) | st.text(max_size=300), lambda inner: st.lists(inner, max_size=30), max_leaves=40
)


@given(VALUES)
@settings(max_examples=200, derandomize=True)
def test_cbor_comes_back_as_it_was(value: Any) -> None:
    data = _encode(value)
    assert _decode(data, 0) == (value, len(data))


def test_open_ended_lists_are_read() -> None:
    assert _decode(b"\x9f\x01\x61\x61\x9f\xff\xff", 0) == ([1, "a", []], 7)


def test_the_box_knows_the_shapes_of_the_pages() -> None:
    script = (Path(builder.render.__file__).parent / "assets" / "search.js").read_text(encoding="utf-8")
    table = re.search(r"GLYPHS = \{(.*?)\}", script, re.DOTALL)
    assert table
    assert dict(re.findall(r'(\w+): "(.)"', table[1])) == GLYPHS
