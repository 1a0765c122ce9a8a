import json
from pathlib import Path

import pytest
from fault_cases import cases, check_case, told
from hypothesis import given
from hypothesis import strategies as st
from sidecar_makers import FILE, read
from snapshots import Snapshots

from builder.diagnostics import Place
from builder.model import Citation, CrossLink, Limits, NoteKind, Quote
from builder.read.field_values import line

BLNS = Path(__file__).parents[2].parent / "shared" / "testdata" / "blns.json"


@pytest.mark.parametrize(("text", "expected"), cases("sidecar_faults.txt"))
def test_faults(text: str, expected: list[str], snapshot: Snapshots) -> None:
    check_case(snapshot, "sidecar_faults.txt", text, expected, told(read(text)[1]))


def example() -> str:
    return cases("sidecar_faults.txt")[0].values[0]


def test_the_head_of_the_contracts_example() -> None:
    sidecar, _ = read(example())
    head = sidecar.head
    assert (head.title, head.slug, head.language, head.author) == ("A headline", "other/address", "no", ("A. Name",))
    assert (head.published, head.retrieved) == ("2025-12-18", "2026-11")
    assert (head.url, head.archived) == (
        "https://example.news/2025/12/18/headline?a=b&c=d#e",
        "https://doi.org/10.1000/182",
    )
    assert (head.link_original, head.noindex, head.draft) == (False, True, True)
    assert sidecar.topics == ("nato", "spending")
    assert sidecar.summary is not None
    assert sidecar.summary.text == "One paragraph of Markdown."
    assert sidecar.finding is not None
    assert sidecar.finding.text == "- Two of three claims hold, as summit-year says."


def test_a_note_with_everything() -> None:
    sidecar, _ = read(example())
    note = sidecar.notes[0]
    assert (note.id, note.kind, note.place) == ("five-percent", NoteKind.CLAIM, Place(FILE, 19, 5))
    assert note.quote == Quote(
        ("its push to increase defense spending to 5% of GDP by 2035",), "", "", None, Place(FILE, 20, 12)
    )
    assert (note.statement, note.claim) == (
        "NATO members agreed to spend 5% of GDP on defence by 2035.",
        "nato-five-percent",
    )
    assert (note.speaker, note.verdict) == ("vladimir-putin", "false")
    assert note.citations == (
        Citation("hague", None, None, Place(FILE, 28, 9)),
        Citation("hague", "para. 2", "the 3.5% and 1.5% parts", Place(FILE, 29, 9)),
        Citation("other--address--1", None, None, Place(FILE, 30, 9)),
    )
    assert note.see == (
        CrossLink(None, "summit-year", None, Place(FILE, 31, 11), bare=True),
        CrossLink("nato-treaty", "article-3", None, Place(FILE, 31, 24)),
        CrossLink(None, "summit-year", None, Place(FILE, 31, 47)),
        CrossLink("a/b", None, None, Place(FILE, 31, 63)),
        CrossLink("überblick", None, None, Place(FILE, 31, 68)),
    )
    assert (note.topics, note.techniques) == (("spending",), ("loaded language",))
    assert (note.reviewed, note.by) == ("2026-11-22", ("AK",))
    assert note.body is not None
    links = [each for each in note.body.html if isinstance(each, CrossLink)]
    assert links == [
        CrossLink("nato-treaty", None, None, Place(FILE, 26, 22)),
        CrossLink("nato-treaty", "article-3", None, Place(FILE, 26, 42)),
    ]


@pytest.mark.parametrize(("slug", "codes"), [("ä" * 100, []), ("ä" * 101, ["S102"]), ("a/" * 150 + "a", [])])
def test_no_name_in_an_address_is_too_long_for_a_file_system(slug: str, codes: list[str]) -> None:
    sidecar, faults = read(f"slug: {slug}\n")
    assert [each.code for each in faults] == codes
    assert sidecar.head.slug == (None if codes else slug)


def test_see_takes_every_word_that_can_be_an_id_for_a_note() -> None:
    sidecar, faults = read("context:\n  - {id: a--b, note: x, see: [a--b, -c, d-]}\n")
    assert faults == ()
    assert [(each.document, each.note) for each in sidecar.notes[0].see] == [(None, "a--b"), (None, "-c"), (None, "d-")]


def test_the_other_kinds() -> None:
    sidecar, _ = read(example())
    assert [(note.id, note.kind) for note in sidecar.notes[1:]] == [
        ("provenance", NoteKind.CONTEXT),
        ("parts", NoteKind.CONTEXT),
        ("summit-year", NoteKind.CORRECTION),
    ]
    assert sidecar.notes[1].quote is None
    assert sidecar.notes[2].quote == Quote(("first part", "second part"), "", " after", 2, Place(FILE, 40, 12))
    assert (sidecar.notes[3].correct, sidecar.notes[3].body) == ("June 2025 summit", None)


def test_sources_written_out_get_keys_and_the_same_one_keeps_its_key() -> None:
    sidecar, found = read(
        """
context:
  - id: a
    note: x
    sources: [{title: A, url: "https://a.example", link: no}, {title: B, author: X, doi: 10.1000/b, at: p. 2}]
  - id: b
    note: x
    sources: [{title: A, url: "https://a.example", link: no, supports: more}]
""",
        slug="one/two",
    )
    assert found == ()
    assert [(each.key, each.title, each.url, each.link) for each in sidecar.sources] == [
        ("one--two--1", "A", "https://a.example", False),
        ("one--two--2", "B", "https://doi.org/10.1000/b", True),
    ]
    assert [[(c.source, c.at, c.supports) for c in note.citations] for note in sidecar.notes] == [
        [("one--two--1", None, None), ("one--two--2", "p. 2", None)],
        [("one--two--1", None, "more")],
    ]


def test_a_broken_note_and_a_broken_field_dont_hide_the_others() -> None:
    sidecar, found = read(
        "title: kept\npublished: never\n"
        "claims:\n  - {id: a, note: x}\n  - {id: b}\n  - {id: c, note: x, verdict: none}\n"
    )
    assert [each.code for each in found] == ["S102", "S103", "S105"]
    assert (sidecar.head.title, sidecar.head.published) == ("kept", None)
    assert [(note.id, note.verdict) for note in sidecar.notes] == [("a", None), ("c", None)]


def test_no_sidecar_is_an_empty_one() -> None:
    sidecar, found = read(None)
    assert (sidecar.notes, sidecar.head.title, found) == ((), None, ())


def test_the_line_end_of_a_block_is_no_part_of_a_quote() -> None:
    sidecar, _ = read(
        "context:\n  - id: a\n    note: x\n    quote: |\n      one\n      two\n    prefix: >\n      a\n      b\n"
    )
    assert sidecar.notes[0].quote == Quote(("one\ntwo",), "a b", "", None, Place(FILE, 4, 12))


def test_the_number_of_notes_is_bounded() -> None:
    text = "context:\n" + "".join(f"  - {{id: n{n}, note: x}}\n" for n in range(4))
    assert read(text, limits=Limits(notes=4))[1] == ()
    sidecar, found = read(text, limits=Limits(notes=3))
    assert [note.id for note in sidecar.notes] == ["n0", "n1", "n2"]
    assert [(each.code, each.place) for each in found] == [("Y108", Place(FILE, 5, 5))]


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\u2028\u2029")
    )
)
def test_any_text_survives_as_quote_and_speaker_and_title(text: str) -> None:
    written = json.dumps(text, ensure_ascii=False)
    body = f"title: {written}\nclaims:\n  - id: a\n    note: x\n    quote: {written}\n    statement: {written}\n"
    sidecar, found = read(body)
    if not text.strip():
        assert "Q203" in {each.code for each in found}
        return
    assert {each.code for each in found} <= {"S112"}
    assert sidecar.notes[0].quote is not None
    assert sidecar.notes[0].quote.parts == (text,)
    assert (sidecar.head.title, sidecar.notes[0].statement) == (line(text), line(text))


@pytest.mark.skipif(not BLNS.exists(), reason="the list of naughty strings is not here")
def test_naughty_strings_as_titles_quotes_and_notes() -> None:
    tried = 0
    for text in json.loads(BLNS.read_text(encoding="utf-8")):
        written = json.dumps(text, ensure_ascii=False)
        sidecar, found = read(f"title: {written}\ncontext:\n  - id: a\n    note: {written}\n    quote: {written}\n")
        codes = {each.code for each in found}
        if "Y107" in codes or not text.strip():
            continue
        assert codes <= {"S112", "L304", "H103", "H107"}, text
        assert sidecar.head.title == line(text)
        assert sidecar.notes[0].quote is not None
        assert sidecar.notes[0].quote.parts == (text,)
        tried += 1
    assert tried > 450
