"""The search index, asked in Node as a browser would ask it."""

from __future__ import annotations

import base64
import gzip
import json
import os
import random
import re
import shutil
import stat
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asking import ask
from hypothesis import given
from hypothesis import strategies as st

import builder.search
from builder.cache_files import read_cache_file, write_cache_file
from builder.compression import gzip_bytes
from builder.diagnostics import Diagnostic, UserError
from builder.model import SearchRecord
from builder.render.formatting import GLYPHS
from builder.search.cbor import decode_cbor, encode_cbor
from builder.search.check_pagefind import pagefind_available
from builder.search.pagefind_index import CancelledError
from builder.search.pages import SearchPage, search_pages
from builder.search.shard_index import dump_shard, load_shard
from builder.search.shards import cut_shards
from builder.search.write_index import write_search as write_pages

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt; &amp; <mark>mark</mark>",
    "{{ config }} ${x} [[y]]",
    "a\x00b \u202e \ufeff \U0001f600 e\u0301",
)
LANGUAGES = ("en", "en-GB", "de", "fr-CA")

needs_program = pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
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
            facets = {"type": ("note",), "verdict": (("false", "true")[note % 2],), "topic": ("one", "two")[:note]}
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


def write_search(records: Iterable[SearchRecord], out: Path, **more: Any) -> tuple[Diagnostic, ...]:
    return write_pages(search_pages(records), out, **more)


def found(answer: dict[str, Any]) -> list[str]:
    """Addresses of the parts that were found, in their order."""
    return [
        group["address"] + (f"#{part['anchor']}" if part["anchor"] else "")
        for group in answer["groups"]
        for part in group["parts"]
    ]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


@needs_program
@needs_node
def test_every_note_is_found_by_a_rare_word_of_its_own(built: Path) -> None:
    notes = [each for each in corpus() if each.type == "note"]
    answers = ask(built, *(rare(number) for number in range(len(notes))))
    assert [found(answer) for answer in answers] == [[note.address] for note in notes]


@needs_program
@needs_node
def test_what_is_found_says_what_it_is(built: Path) -> None:
    (answer,) = ask(built, rare(4))
    (group,) = answer["groups"]
    (part,) = group["parts"]
    assert (group["title"], group["type"], group["language"]) == (f"Title {HOSTILE[1]}", "document", "en-GB")
    assert (part["type"], part["kind"], part["verdict"], part["tone"]) == ("note", "claim", "False", "bad")
    assert " ".join(word["text"] for word in part["title"]) == f"quoted {HOSTILE[2]} words"
    assert [word["text"] for word in part["title"] + part["excerpt"] if word["found"]] == [rare(4)] == part["marked"]


# What is typed, in a corpus of many languages, and the pages that have it.
TEXTS = {
    "cafe/": ("en", "The café by the co-operation centre; well-known, naïve. Don’t stop. U.S. policy, 2,000 troops."),
    "who/": ("en", "Who we are matters; we are who. The parties met, part of them. Alpha beta gamma."),
    "homme/": ("fr", "L’homme de l’élection présidentielle: des défenses, qu’il a dites."),
    "haus/": ("de", "Die Häuser der Straße, Rüstungsausgaben."),
    "ja/": ("ja", "東京の図書館は静かです。ガスの価格。第3回NATO会議"),
    "zh/": ("zh", "北约成员国承诺增加国防开支。"),
    "th/": ("th", "ประชา\u200bธิปไตย \u200b zero\u200bwidth เลือกตั้ง"),
    "ru/": ("ru", "Российские войска вошли в город; ёлка"),
    "dash/": (
        "en",
        "– Salt – then pepper … wait; thunder—if it rumbles--rolls on. Loss & gain, 1 + 2. Hawaiʻi pre–dawn",
    ),
    "uk/": ("uk", "п’ять, мʼята"),
    "kana/": ("ja", "ジョン・スミス氏は、来る。第５回　🚂 駅 ﬁsh"),
    "he/": ("he", "בית־ספר"),
    "hi/": ("hi", "हिन्दी में"),
    "print/": ("en", "The commis-\nsion’s bene\u00ad\nfits, oﬃcers poſſeſs; Anglo-\nIrish, pre-\nand interwar, ĳsland"),
    "strokes/": ("da", "Over Øresund til Łódź, sagde O’Brien; en encyclopædia, n’t."),
}
TYPED = """
café cafe | naïve naive | don’t don't dont | U.S. US | 2,000 2000 -> cafe/
co-operation cooperation operation | well-known wellknown "well-known" | “policy,” troop troops -> cafe/
défense défenses homme l'homme l’homme | élection election | presidenti -> homme/
Haus HÄUSER | strasse straße | Rüstungs rustungsausgaben -> haus/
図書館 図書 館は | ガス 価格 | NATO会議 第3回 -> ja/
北约 国防 成员国 国防开支 -> zh/
เลือกตั้ง width -> th/
войска войск елка ёлка -> ru/
thunder rumbles rolls thunder—if Hawaii hawai'i predawn dawn pre-dawn -> dash/
м’ята мята п'ять -> uk/
ジョン・スミス スミス氏は来る スミス氏は、来る 第5回 第５回 fish ﬁsh -> kana/
ספר בית-ספר -> he/
commission benefit officers possess possessing "officers possess" Anglo-Irish irish interwar ijsland -> print/
øresund oresund øres Lodz Łódź łódź lod encyclopaedia | O'Brien o’brien obrien brien -> strokes/
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("many")
    texts = TEXTS.items()
    write_search((record(at, at.strip("/"), text, language=language) for at, (language, text) in texts), out)
    return out / "pagefind"


def typed() -> list[tuple[str, str]]:
    rows = [line.split(" -> ") for line in TYPED.strip().splitlines()]
    return [(word, page) for words, page in rows for word in words.replace("|", " ").split()]


@needs_program
@needs_node
def test_text_as_people_type_it(many: Path) -> None:
    answers = ask(many, *(word for word, _ in typed()))
    pages = [
        (word, group["address"]) for (word, _), each in zip(typed(), answers, strict=True) for group in each["groups"]
    ]
    assert pages == typed()


# By what is typed: the pages that have it.
PHRASES: dict[str, list[str]] = {
    '"who we are"': ["who/"],
    "“are who”": ["who/"],
    '"we who"': [],
    '"well known"': ["cafe/"],
    '"homme de l\'élection"': ["homme/"],
    'alpha "beta gamma"': ["who/"],
    '"beta gamma': ["who/"],  # the second mark is still to come
    '"gamma beta"': [],
    "alpha café": [],
    "国増": [],
    "who theoryqq": [],
    '"salt – then pepper"': ["dash/"],
    '"pepper wait thunder if it rumbles rolls on"': ["dash/"],
    '"thunder—if it"': ["dash/"],
    '"loss & gain 1 + 2"': ["dash/"],
    '"第5回 駅"': ["kana/"],
    "- “ ” + $": list(TEXTS),  # no word: everything
}


@needs_program
@needs_node
def test_phrases_and_several_words(many: Path) -> None:
    answers = zip(PHRASES, ask(many, *PHRASES), strict=True)
    pages = {query: sorted(group["address"] for group in answer["groups"]) for query, answer in answers}
    assert pages == {query: sorted(pages) for query, pages in PHRASES.items()}


@needs_program
@needs_node
def test_a_phrase_is_found_where_its_words_stand_with_and_without_accents(tmp_path: Path) -> None:
    write_search([record("a/", "A", "the cafe noir and the café blanc"), record("b/", "B", "カナ ガク")], tmp_path)
    queries = ('"cafe noir"', '"café blanc"', "カナ", "ガク")
    answers = ask(tmp_path / "pagefind", *queries)
    assert [len(found(answer)) for answer in answers] == [1] * len(queries)


@needs_program
@needs_node
def test_the_words_of_a_phrase_are_marked_and_no_others(many: Path) -> None:
    phrase, begun, signs, run = ask(many, '"part of them"', "part", "में हिन्दी", "スミス氏は、来る")
    assert phrase["groups"][0]["parts"][0]["marked"] == ["part", "of", "them"]
    assert begun["groups"][0]["parts"][0]["marked"] == ["parties", "part"]
    assert signs["groups"][0]["parts"][0]["marked"] == ["हिन्दी", "में"]
    assert run["groups"][0]["parts"][0]["marked"] == ["スミス氏は、来る"]


@needs_program
@needs_node
def test_a_word_that_a_phrase_has_twice_has_to_stand_there_twice(tmp_path: Path) -> None:
    page = record("p/", "P", "again and again")
    write_search(
        [page, record("p/#a", "", "it was very very long 谢谢"), record("p/#b", "", "it was very long 谢")], tmp_path
    )
    answers = ask(tmp_path / "pagefind", '"very very"', "谢谢", '"very very long"', '"very long"')
    assert [sorted(found(answer)) for answer in answers] == [["p/#a"]] * 3 + [["p/#a", "p/#b"]]


@needs_program
@needs_node
def test_what_is_shown_is_what_is_written(many: Path) -> None:
    answers = ask(many, "pepper", "駅", "ספר", "interwar")
    parts = [answer["groups"][0]["parts"][0] for answer in answers]
    shown = ["".join(word["text"] + word["gap"] for word in part["excerpt"]).strip() for part in parts]
    assert shown == [" ".join(TEXTS[page][1].split()) for page in ("dash/", "kana/", "he/", "print/")]


@needs_program
@needs_node
def test_every_word_has_to_be_in_the_same_note(built: Path) -> None:
    together, apart, missing = ask(built, f"says {rare(4)}", f"{rare(3)} {rare(4)}", f"says {rare(4)} xyzzy")
    assert found(together) == ["documents/d1/#note-n1"]
    assert (apart["total"], [term["total"] for term in apart["terms"]]) == (0, [1, 1])
    assert (missing["total"], [term["total"] for term in missing["terms"]][1:]) == (0, [1, 0])


@needs_program
def test_every_character_is_counted_as_it_was_sent(tmp_path: Path) -> None:
    known = [chr(number) for number in range(0x20000) if not 0xD800 <= number < 0xE000]
    texts = [
        " ".join(f"a{each}b {each} c" for each in known[start : start + 400]) for start in range(0, len(known), 400)
    ]
    records = [record(f"p{number}/", "T", text) for number, text in enumerate(texts)]
    assert write_search(records, tmp_path) == ()  # a UserError, if the program has parted words where we have not


@needs_program
@needs_node
def test_words_that_are_nearly_everywhere_are_left_out_unless_one_insists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.search.join._COMMON", 200)
    texts = [f"the {rare(number)} of the summit" for number in range(30)]
    records = [record(f"d{number}/", "T", text) for number, text in enumerate(texts)]
    records.append(record("short/", "Hague summit", "Hague summit"))
    write_search(records, tmp_path)
    answers = ask(
        tmp_path / "pagefind", "the hague", '"the" hague', "the", "the summit", f"The {rare(7)}", '"of the summit" the'
    )
    assert [(answer["total"], answer["left"]) for answer in answers] == [
        (1, ["the"]),
        (0, []),
        (30, []),
        (30, []),  # nothing else is asked for
        (1, ["The"]),
        (30, ["the"]),
    ]


# By language of a page: its text, and by language of its notes: theirs, with what finds it by its stem alone.
SPOKEN = {
    "de": ("Die Brücken der Städte wurden gesperrt.", "brücke"),
    "fr": ("Les chevaux nationaux ont couru.", "nationale"),
    "xx": ("Zzyzx qwom.", "zzyzx"),
}
NOTED = {
    "en": ("Lorries were excluded by ministries", "ministry", '"excluded by ministries"'),
    "de": ("Behauptungen ohne Belege der Behörden", "behauptung", '"ohne Belege"'),
    "en-GB": ("Running houses say so", "house", '"running houses"'),
}


def spoken() -> Iterator[tuple[str, str, SearchRecord]]:
    """Pages in three languages with notes in three, two of a kind each; and their languages."""
    for number in range(60):
        language, notes = tuple(SPOKEN)[number % 3], tuple(NOTED)[number // 3 % 3]
        address = f"documents/d{number}/"
        text = f"{SPOKEN[language][0]} {'word ' * (number % 50)}{rare(number)}."
        shared = {"filters": {"language": (language,)}, "sort": {"date": "2020"}}
        yield language, "", record(address, f"D{number}", text, language=language, type="document", **shared)
        for note in (0, 1):
            said = f"{NOTED[notes][0]} {rare(100 + 2 * number + note)}"
            more = {"language": notes, "type": "note", **shared}
            yield language, notes, record(f"{address}#note-n{note}", "Words", f"Words {said}", **more)


@needs_program
@needs_node
def test_notes_are_stemmed_as_their_own_language_whatever_that_of_their_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in {"_LEAST": 1_000, "_FURTHER": 1_000, "_MOST": 3_000}.items():
        monkeypatch.setattr(f"builder.search.shards.{name}", size)
    given = list(spoken())
    write_search([each for _, _, each in given], tmp_path, cache_folder=tmp_path / "cache")
    assert len([each for each in (tmp_path / "cache").iterdir() if each.name.startswith("en-")]) > 1
    asked = {
        query: {each.address for language, notes, each in given if language == of and not notes}
        for of, (_, query) in SPOKEN.items()
    }
    for of, (_, *queries) in NOTED.items():
        asked |= {query: {each.address for _, notes, each in given if notes == of} for query in queries}
    asked |= {rare(100 + number): {f"documents/d{number // 2}/#note-n{number % 2}"} for number in range(120)}
    answers = ask(tmp_path / "pagefind", *({"query": query, "limit": 100} for query in asked))
    for (query, addresses), answer in zip(asked.items(), answers, strict=True):
        assert (query, sorted(found(answer))) == (query, sorted(addresses))
        assert answer["counts"]["type"].get("note", 0) + answer["counts"]["type"].get("document", 0) == len(addresses)
    (both,) = ask(tmp_path / "pagefind", f"words ministry {rare(100)}")  # a quote of the page, and what is said of it
    assert found(both) == ["documents/d0/#note-n0"]
    assert both["groups"][0]["parts"][0]["marked"] == ["Words", "ministries", rare(100)]


@needs_program
@needs_node
def test_what_is_only_shown_is_not_searched(built: Path) -> None:
    answers = ask(built, '"note"', '"bad"', '"claim"', '"document"', '"xyzzy"', "shown")
    assert [answer["total"] for answer in answers] == [0] * 6


@needs_program
@needs_node
def test_facets_count_the_records_and_nothing_else(built: Path) -> None:
    (everything,) = ask(built, {})
    expected: dict[str, Counter[str]] = {}
    for each in corpus():
        for facet, values in (each.filters | {"type": (each.type,)}).items():
            expected.setdefault(facet, Counter()).update(values)
    assert {facet: counts for facet, counts in everything["counts"].items() if counts} == expected
    rows = json.loads((built / "facets.json").read_bytes())
    listed = {facet: {value: count for value, _, count in each} for facet, each in rows.items() if each}
    assert listed == {facet: counts for facet, counts in expected.items() if facet != "type"}


@needs_program
@needs_node
def test_a_value_may_be_called_like_what_every_object_has(tmp_path: Path) -> None:
    values = ("constructor", "__proto__", "toString")
    write_search([record("p/", "P", "p", filters={"technique": values}), record("q/", "Q", "q")], tmp_path)
    (answer,) = ask(tmp_path / "pagefind", {"facets": {"technique": ["__proto__"]}})
    assert answer["counts"]["technique"] == dict.fromkeys(values, 1)


@needs_program
@needs_node
def test_facets_alone_are_a_query_and_count_as_if_each_were_open(built: Path) -> None:
    chosen, narrower, worded, unknown = ask(
        built,
        {"facets": {"verdict": ["true"]}},
        {"facets": {"verdict": ["true", "false"], "topic": ["two"]}, "sort": "date"},
        {"facets": {"verdict": ["false"]}, "query": rare(4)},
        {"facets": {"verdict": ["no such"]}},
    )
    assert sorted(found(chosen)) == [f"documents/d{number}/#note-n1" for number in range(8)]
    assert chosen["counts"]["verdict"] == {"true": 8, "false": 16}  # as if none were chosen there
    assert chosen["counts"]["topic"] == {"one": 8}
    assert found(narrower) == [f"documents/d{number}/#note-n2" for number in range(7, -1, -1)]  # the newest first
    assert (worded["total"], worded["without"], worded["counts"]["verdict"]) == (0, 1, {"true": 1})
    assert (unknown["total"], unknown["without"]) == (0, len(corpus()))


@needs_program
def test_facets_are_listed_with_their_labels_in_their_order(tmp_path: Path) -> None:
    notes = [record(f"p/#{n}", "t", "x", filters={"verdict": (value,)}) for n, value in enumerate("cab")]
    write_search([record("p/", "P", "p"), *notes], tmp_path, labels={"verdict": {"b": "Bad", "z": "Zed", "a": "All"}})
    rows = json.loads((tmp_path / "pagefind" / "facets.json").read_bytes())
    assert rows["verdict"] == [["b", "Bad", 1], ["a", "All", 1], ["c", "c", 1]]


@needs_program
@needs_node
def test_best_first_or_newest_first(tmp_path: Path) -> None:
    def page(address: str, title: str, text: str, date: str) -> SearchRecord:
        return record(address, title, f"{title}\n{text}", sort={"date": date}, meta={"date": date})

    records = [
        page("begins/", "One", "spinach and other greens", "2025"),
        page("once/", "Two", "a long text in which spin occurs once among very many other words of no concern", "2024"),
        page("title/", "Spin", "what it is", "2023"),
        page("often/", "Three", "spin, spin and spin", "2022"),
    ]
    write_search(records, tmp_path)
    best, newest = ask(tmp_path / "pagefind", "spin", {"query": "spin", "sort": "date"})
    assert found(best) == ["title/", "often/", "once/", "begins/"]
    assert found(newest) == ["begins/", "once/", "title/", "often/"]


@needs_program
def test_one_bundle_for_each_language(built: Path) -> None:
    listing = json.loads((built / "bundles.json").read_bytes())["languages"]
    assert list(listing) == ["en", "de", "fr"]
    assert all(folder.startswith(f"{language}-") for language, folder in listing.items())


@needs_program
def test_only_what_the_browser_needs_is_published(built: Path) -> None:
    names = {re.sub(r"[0-9a-f]{7,}", "HASH", name) for name in tree(built) if "de-" not in name and "fr-" not in name}
    assert names == {
        "bundles.json",
        "facets.json",
        "find.js",
        "pagefind.js",
        "en-HASH/pagefind-entry.json",
        "en-HASH/pagefind.HASH.pf_meta",
        "en-HASH/wasm.en.pagefind",
        "en-HASH/words.pf_table",
        "en-HASH/facets.pf_table",
        "en-HASH/index/0.pf_index",
        "texts/en-HASH/0.pf_texts",
    }


@needs_program
def test_same_records_same_bytes_cached_or_not(built: Path, tmp_path: Path) -> None:
    before = tree(built)
    for _ in range(2):  # the second time over what is there
        write_search(corpus(), tmp_path / "site", cache_folder=tmp_path / "cache")
        assert tree(tmp_path / "site" / "pagefind") == before


def large(number: int) -> list[SearchRecord]:
    """Records that fill several shards with few words."""
    long = f"{'some words again and again ' * 9_000}  {'x' * 300_000}"
    return [record(f"d{n}/", f"Long {n}", f"{long} {rare(n)}") for n in range(number)]


@needs_program
@needs_node
def test_a_changed_note_changes_its_shard_alone(tmp_path: Path) -> None:
    def texts() -> dict[str, dict[str, bytes]]:
        return {each.name: tree(each) for each in (tmp_path / "pagefind" / "texts").iterdir()}

    records = large(12)
    write_search(records, tmp_path, cache_folder=tmp_path / "cache")
    before, made = texts(), cached(tmp_path / "cache")
    records[5] = replace(records[5], text=f"{records[5].text} edited")
    write_search(records, tmp_path, cache_folder=tmp_path / "cache")
    after = texts()
    assert len(before) == len(after) >= 3
    (old,) = set(before) - set(after)
    (new,) = set(after) - set(before)
    assert {name: files for name, files in after.items() if name != new} == {
        name: files for name, files in before.items() if name != old
    }
    kept = cached(tmp_path / "cache")
    assert {name: at for name, at in kept.items() if name != f"{new}.shard"} == made
    answers = ask(tmp_path / "pagefind", "edited", rare(0), rare(11), '"words again"')
    assert [len(found(answer)) for answer in answers] == [1, 1, 1, 12]
    assert {name.split("/")[1] for name, _ in answers[0]["fetched"] if name.startswith("texts/")} == {new}


@pytest.mark.parametrize("size", [3_000, 50_000, 700_000])
def test_a_page_that_comes_or_goes_leaves_other_shards_alone(size: int) -> None:
    pages = [SearchPage("en", f"documents/d{n:05}/", size, b"") for n in range(60_000_000 // size)]
    whole = set(cut_shards(pages))
    assert all(sum(page.size for page in each.pages) < 600_000 + size for each in whole)
    assert len(whole) > 40
    for gone in (0, len(pages) // 2, len(pages) - 1):
        fewer = set(cut_shards(pages[:gone] + pages[gone + 1 :]))
        assert len(whole - fewer) <= 6
        assert sorted(page.address for each in fewer for page in each.pages) == [
            page.address for at, page in enumerate(pages) if at != gone
        ]


def test_shards_are_of_one_language_and_come_as_soon_as_they_are_whole() -> None:
    def pages() -> Iterator[SearchPage]:
        for number in range(1_000):
            yield SearchPage(("en", "fr")[number % 2], f"d{number}/", 10_000, b"")
            made.append(number)

    made: list[int] = []
    cut = cut_shards(pages())
    first = next(cut)
    assert len(first.pages) < len(made) < 300
    assert {page.language for page in first.pages} == {first.language}
    assert sum(len(each.pages) for each in (first, *cut)) == 1_000


def cached(folder: Path) -> dict[str, int]:
    """Return the shards of a cache, each with a number that another file would not have."""
    return {path.name: path.stat().st_ino for path in folder.glob("*.shard")}


@needs_program
def test_what_is_cached_is_not_made_again(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    write_search(corpus(), tmp_path / "one", cache_folder=cache)
    made = cached(cache)
    write_search(corpus(), tmp_path / "two", cache_folder=cache)
    assert cached(cache) == made
    write_search([], tmp_path / "none", cache_folder=cache)
    assert cached(cache) == made


@needs_program
def test_the_cache_stays_in_bounds(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (cache / "en-1234567890" / "program").mkdir(parents=True)  # as earlier versions kept a shard
    for number in range(6):
        for path in cache.iterdir():
            os.utime(path, (number, number))  # long ago: another build may be using what is young
        write_search([record("p/", "P", f"text {number}")], tmp_path / "one", cache_folder=cache)
    assert len(cached(cache)) == 3
    assert len(list(cache.iterdir())) == 4


def shard_files(cache: Path) -> list[Path]:
    found = sorted(cache.glob("*.shard"))
    assert len(found) == 3
    return found


@needs_program
def test_whichever_byte_is_changed_the_shard_is_made_anew(built: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    write_search(corpus(), tmp_path / "one", cache_folder=cache)
    whole = {path: path.read_bytes() for path in shard_files(cache)}
    chance = random.Random(3)  # noqa: S311
    for _ in range(8):
        for path, content in whole.items():
            at = chance.choice([chance.randrange(80), chance.randrange(80, 400), chance.randrange(len(content))])
            path.write_bytes(content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :])
        write_search(corpus(), tmp_path / "two", cache_folder=cache)
        assert {path: path.read_bytes() for path in shard_files(cache)} == whole
        assert tree(tmp_path / "two" / "pagefind") == tree(built)


@needs_program
@pytest.mark.parametrize("spoil", ["gone", "empty", "cut", "longer", "another's", "a link", "a folder", "a pipe"])
def test_a_shard_that_is_not_as_it_was_written_is_made_anew(spoil: str, built: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    write_search(corpus(), tmp_path / "one", cache_folder=cache)
    first, second, third = shard_files(cache)
    content = first.read_bytes()
    first.unlink()
    if spoil in {"empty", "cut", "longer"}:
        first.write_bytes({"empty": b"", "cut": content[:-1], "longer": content + b"0"}[spoil])
    elif spoil == "another's":
        first.write_bytes(second.read_bytes())
    elif spoil == "a link":
        (tmp_path / "elsewhere").write_bytes(content)
        first.symlink_to(tmp_path / "elsewhere")
    elif spoil == "a folder":
        (first / "program").mkdir(parents=True)
    elif spoil == "a pipe":
        os.mkfifo(first)
    write_search(corpus(), tmp_path / "two", cache_folder=cache)
    assert shard_files(cache) == [first, second, third]
    assert not first.is_symlink()
    assert first.read_bytes() == content
    assert tree(tmp_path / "two" / "pagefind") == tree(built)


@needs_program
def test_what_results_show_is_not_taken_from_the_cache_on_trust(built: Path, tmp_path: Path) -> None:
    """Not even with the right digest: somebody may have run a program as this user, or filled the cache of a CI."""
    cache = tmp_path / "cache"
    write_search(corpus(), tmp_path / "one", cache_folder=cache)
    for path in shard_files(cache):
        content = read_cache_file(path)
        assert content
        shard = load_shard(content)
        texts = [
            (pages, gzip_bytes(gzip.decompress(file).replace(b'"False"', b'"True"'), 6)) for pages, file in shard.texts
        ]
        assert texts != list(shard.texts)
        write_cache_file(path, dump_shard(replace(shard, texts=tuple(texts))))
    write_search(corpus(), tmp_path / "two", cache_folder=cache)
    assert tree(tmp_path / "two" / "pagefind") == tree(built)


@needs_program
def test_no_program_is_taken_from_the_cache(built: Path, tmp_path: Path) -> None:
    write_search(corpus(), tmp_path / "one", cache_folder=tmp_path / "cache")
    kept = b"".join(path.read_bytes() for path in shard_files(tmp_path / "cache"))
    program = (built / "pagefind.js").read_bytes()
    assert not any(program[at : at + 40] in kept for at in range(0, len(program) - 40, 40))


@needs_program
@needs_node
@pytest.mark.parametrize("text", ["* * *", "— … —", "", "."])
def test_a_page_without_a_letter_is_no_fault(tmp_path: Path, text: str) -> None:
    write_search([record("dots/", text, text), record("a/", "A", "alpha", language="fr")], tmp_path)
    everything, alpha = ask(tmp_path / "pagefind", {}, "alpha")
    assert sorted(found(everything)) == ["a/", "dots/"]
    assert found(alpha) == ["a/"]
    assert all(word["text"] != "0q0y" for group in everything["groups"] for word in group["parts"][0]["excerpt"])


@needs_program
def test_a_fault_of_whoever_makes_the_pages_is_not_told_as_one_of_search(tmp_path: Path) -> None:
    def pages() -> Iterator[SearchPage]:
        yield from search_pages(corpus())
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_pages(pages(), tmp_path)


@needs_program
def test_search_that_is_not_wanted_any_more(tmp_path: Path) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(CancelledError):
        write_search(corpus(), tmp_path / "site", cache_folder=tmp_path / "cache", cancelled=cancelled)
    assert not (tmp_path / "site").exists()
    assert [each.name for each in (tmp_path / "cache").iterdir()] == [".gitignore"]


@needs_program
def test_nothing_to_find_makes_no_folder(tmp_path: Path) -> None:
    (tmp_path / "pagefind").mkdir()
    assert write_search([], tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


@needs_program
def test_a_folder_that_cannot_be_written_is_a_refusal(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.write_text("a file, where a folder belongs")
    with pytest.raises(UserError, match="cannot write the search index"):
        write_search(corpus(), site)


def program(folder: Path, script: str) -> Path:
    path = folder / "pagefind"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_no_program_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(tmp_path / "missing"))
    assert not pagefind_available()
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
    with pytest.raises(UserError, match=says):
        write_search(corpus(), tmp_path / "out")


VALUES = st.recursive(
    st.integers(-(2**64), 2**64 - 1) | st.text(max_size=300), lambda inner: st.lists(inner, max_size=30), max_leaves=40
)


@given(VALUES)
def test_cbor_comes_back_as_it_was(value: Any) -> None:
    data = encode_cbor(value)
    assert decode_cbor(data, 0) == (value, len(data))


def test_open_ended_lists_are_read() -> None:
    assert decode_cbor(b"\x9f\x01\x61\x61\x9f\xff\xff", 0) == ([1, "a", []], 7)


def test_the_box_knows_the_shapes_of_the_pages() -> None:
    script = (Path(builder.search.__file__).parent / "browser" / "run-search.js").read_text(encoding="utf-8")
    table = re.search(r"GLYPHS = \{(.*?)\}", script, re.DOTALL)
    assert table
    assert dict(re.findall(r'(\w+): "(.)"', table[1])) == GLYPHS
