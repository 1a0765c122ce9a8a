"""Cross-links between documents: what they find, what comes back, and what is said of those that lead nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.diagnostics import Diagnostic, Place
from builder.link.cross_links import (
    CLOSED,
    PageLink,
    add_page_links,
    document_links,
    link_documents,
    redact_closed_verdicts,
    resolve_cross_link,
)
from builder.link.document_record import EXCERPT
from builder.model import (
    Citation,
    CrossLink,
    DocumentRecord,
    Note,
    NoteKind,
    NoteRecord,
    Project,
    Prose,
    Source,
    Span,
)

HERE = Place("seeds/a.yml", 7, 9)


def crossref(written: str) -> CrossLink:
    """A bare word as in ``see:``; ``document#note``, ``#note``, or ``document#`` for a whole one, as in ``[[…]]``."""
    document, hash_, note = written.partition("#")
    if hash_:
        return CrossLink(document or None, note or None, None, HERE)
    return CrossLink(None, document, None, HERE, bare=True)


def note(name: str, *links: str, cites: tuple[str, ...] = ()) -> NoteRecord:
    plain = Note(
        id=name,
        kind=NoteKind.CONTEXT,
        quote=None,
        body=None,
        correct=None,
        verdict=None,
        statement=None,
        claim=None,
        speaker=None,
        citations=tuple(Citation(key, None, None, HERE) for key in cites),
        see=(),
        topics=(),
        techniques=(),
        reviewed=None,
        by=(),
        place=HERE,
    )
    crossrefs = tuple(crossref(written) for written in links)
    return NoteRecord(plain, 1, words=f"words of {name}", excerpt="", sentence="", mark=None, links=crossrefs)


def document(slug: str, *notes: NoteRecord) -> DocumentRecord:
    return DocumentRecord(
        slug=slug,
        path=f"seeds/{slug}.txt",
        sidecar=f"seeds/{slug}.yml",
        collection="",
        title=f"Title of {slug}",
        language="en",
        rtl=False,
        published=None,
        publisher=None,
        topics=(),
        excerpt="It begins",
        noindex=False,
        draft=False,
        notes=notes,
        links=(),
        sources=(),
    )


def source(key: str) -> Source:
    return Source(key, key, (), None, None, None, None, None, None, link=True, place=Place("seeds/sources.yml", 1, 1))


def project(*sources: str) -> Project:
    return Project("T", "en", None, None, {}, {}, {}, {key: source(key) for key in sources})


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("two", "documents/a/#note-two"),
        ("#two", "documents/a/#note-two"),
        ("b", "documents/b/"),
        ("b#", "documents/b/"),
        ("b#far", "documents/b/#note-far"),
    ],
)
def test_a_link_finds_its_target_and_is_told_back(written: str, address: str) -> None:
    corpus, faults = link_documents(
        [document("b", note("far")), document("a", note("one", written), note("two"))], project(), drafts=False
    )
    assert faults == ()
    target = corpus.targets[next(iter(corpus.backlinks))]
    assert target.address == address
    assert [entry.address for entry in corpus.backlinks[target.slug, target.note or ""]] == ["documents/a/#note-one"]
    assert corpus.backlinks[target.slug, target.note or ""][0].words == "words of one"


def test_a_note_here_comes_before_a_document_of_the_same_name() -> None:
    corpus, _ = link_documents([document("a", note("one", "b"), note("b")), document("b")], project(), drafts=False)
    assert list(corpus.backlinks) == [("a", "b")]


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("beta#", "L301", "nearest: beto"),
        ("beto#nots", "L302", "nearest: beto#notes"),
        ("twoo", "L302", "nearest: two"),
        ("qqqqqqqq#", "L301", "no similar name exists"),
        ("secret#", "L303", "draft"),
        ("secret", "L303", "draft"),
        ("#twoo", "L302", "nearest: #two"),
        ("#beto", "L302", "for the document of that name write beto without #"),
        ("#secret", "L302", "no similar name exists"),
    ],
)
def test_a_link_to_nowhere_names_the_nearest_target(written: str, code: str, hint: str) -> None:
    documents = [
        document("a", note("one", written), note("two")),
        document("beto", note("notes")),
        replace(document("secret"), draft=True),
    ]
    _, faults = link_documents(documents, project(), drafts=False)
    assert [(diagnostic.code, diagnostic.place) for diagnostic in faults] == [(code, HERE)]
    assert hint in faults[0].hint


def test_a_link_to_a_note_here_never_leads_to_a_document_of_that_name() -> None:
    documents = [document("a", note("one", "b", "#b")), document("b")]
    corpus, (fault,) = link_documents(documents, project(), drafts=True)
    assert fault.message == 'no note "b" in this document'
    (_, links), _ = document_links(corpus)
    assert ("a", "b") not in links.targets  # a preview shows it all the same, and not as a link
    assert links.targets["b", ""].address == "documents/b/"


def test_very_many_broken_links_are_all_told_without_looking_for_ever() -> None:
    names = [f"a-rather-long-name-{number}" for number in range(1_000)]
    links = ["a-rather-lnog-name-7#"] * 500 + [f"{name}-moved#" for name in names]
    _, faults = link_documents([document("z", note("one", *links)), *map(document, names)], project(), drafts=False)
    assert [diagnostic.code for diagnostic in faults] == ["L301"] * 1_500
    assert {diagnostic.hint for diagnostic in faults[:500]} == {"nearest: a-rather-long-name-7"}
    assert faults[500].hint == "nearest: a-rather-long-name-0"
    assert faults[-1].hint.startswith("no suggestion: there are too many")


def test_a_preview_links_drafts() -> None:
    documents = [document("a", note("one", "secret#")), replace(document("secret"), draft=True)]
    corpus, faults = link_documents(documents, project(), drafts=True)
    assert faults == ()
    assert [document.slug for document in corpus.documents] == ["a", "secret"]
    assert [document.slug for document in link_documents(documents, project(), drafts=False)[0].documents] == ["a"]


def test_a_source_that_nobody_cites_is_told_at_its_place() -> None:
    _, faults = link_documents([document("a", note("one", cites=("x",)))], project("x", "y"), drafts=False)
    assert [(diagnostic.code, str(diagnostic.place)) for diagnostic in faults] == [("S109", "seeds/sources.yml:1:1")]
    assert '"y"' in faults[0].message


def test_a_documents_slice_holds_what_its_page_needs_and_no_more() -> None:
    corpus, _ = link_documents(
        [document("a", note("one", "b#far", cites=("x",))), document("b", note("far")), document("c")],
        project("x", "y"),
        drafts=False,
    )
    slices = {record.slug: links for record, links in document_links(corpus)}
    assert {key: entry.address for key, entry in slices["a"].targets.items()} == {("b", "far"): "documents/b/#note-far"}
    assert list(slices["a"].sources) == ["x"]
    assert slices["a"].backlinks == {}
    assert list(slices["b"].backlinks) == ["far"]
    assert slices["a"].previous is None
    assert slices["b"].previous
    assert slices["b"].previous.slug == "a"
    assert slices["b"].following
    assert slices["b"].following.slug == "c"


def test_excerpts_name_what_they_link_to_by_its_title() -> None:
    links = (
        (Span(4, 6), CrossLink("b", "far", None, HERE)),
        (Span(8, 13), CrossLink("b", None, "there", HERE)),
        (Span(18, 20), CrossLink("no", None, None, HERE)),
        (Span(22, 25), CrossLink(None, "one", None, HERE)),
        (Span(25, 26), CrossLink("b", "no", None, HERE)),
    )
    opening = Prose((), "See b?\n there\n or no, one. " + "x " * 200, links)
    documents = [
        replace(document("a", replace(note("one"), words="", opening=opening)), opening=opening),
        document("b", note("far")),
    ]
    corpus, _ = link_documents(documents, project(), drafts=False)
    (told, _) = corpus.documents
    for excerpt in (told.excerpt, told.notes[0].excerpt, corpus.targets["a", "one"].words):
        assert excerpt.startswith("See Title of b there or no, Title of aTitle of b x x")
        assert len(excerpt) <= EXCERPT
    places = [(excerpt[span.start : span.end], address) for span, address in told.notes[0].excerpt_links]
    assert places == [
        ("Title of b", "documents/b/#note-far"),
        ("there", "documents/b/"),
        ("Title of a", "documents/a/#note-one"),
    ]
    assert (told.opening, told.notes[0].opening) == (None, None)


def test_a_link_at_the_end_of_an_excerpt_is_cut_with_it() -> None:
    words = "w" * 300
    links = tuple((Span(start, start + 300), CrossLink("a", None, words, HERE)) for start in (10, 310))
    record = replace(note("one"), opening=Prose((), "Look here " + words * 2, links))
    corpus, _ = link_documents([document("a", record)], project(), drafts=False)
    ((told,),) = (found.notes for found in corpus.documents)
    assert told.excerpt == "Look here " + "w" * (EXCERPT - 11) + "…"
    assert told.excerpt_links == ((Span(10, EXCERPT - 1), "documents/a/"),)


def test_hand_written_pages_link_and_are_linked_back() -> None:
    corpus, _ = link_documents([document("a", note("one"))], project(), drafts=False)
    found = resolve_cross_link(corpus, CrossLink("a", "one", None, HERE))
    assert not isinstance(found, Diagnostic)
    assert found.address == "documents/a/#note-one"
    missing = resolve_cross_link(corpus, CrossLink("a", "onee", None, HERE))
    assert isinstance(missing, Diagnostic)
    assert (missing.code, missing.hint) == ("L302", "nearest: a#one")
    nowhere = resolve_cross_link(corpus, CrossLink(None, "one", None, HERE))
    assert isinstance(nowhere, Diagnostic)
    assert (nowhere.message, nowhere.hint) == (
        'no note "one" here: only documents have notes',
        "write [[document#one]]",
    )
    linked = add_page_links(corpus, [PageLink("about/", "About", "a", "one")] * 2)
    assert [entry.address for entry in linked.backlinks["a", "one"]] == ["about/"]


def test_the_order_of_documents_does_not_matter() -> None:
    documents = [document("c", note("n", "a#")), document("a", note("n", "b")), document("b", note("n", "c"))]
    assert link_documents(documents, project(), drafts=False) == link_documents(
        documents[::-1], project(), drafts=False
    )


def test_what_a_document_keeps_closed_no_other_page_gives_away() -> None:
    plain = note("one")
    claim = replace(plain.note, kind=NoteKind.CLAIM, verdict="false")
    rated = replace(plain, note=claim, excerpt="It is wrong.")
    closed = replace(document("a", rated, note("two")), reveal=True)
    corpus, _ = link_documents([closed, document("b", rated)], project(), drafts=False)
    told = redact_closed_verdicts(corpus)
    assert [[record.note.verdict for record in one.notes] for one in told.documents] == [[CLOSED, None], ["false"]]
    assert [one.notes[0].excerpt for one in told.documents] == ["", "It is wrong."]
    assert (told.targets["a", "one"].verdict, told.targets["b", "one"].verdict) == (CLOSED, "false")
    assert corpus.targets["a", "one"].verdict == "false"


def test_nothing_gives_away_what_a_document_keeps_closed() -> None:
    plain = note("one", "b#three")
    claim = replace(plain.note, kind=NoteKind.CLAIM, verdict="false", correct="right", techniques=("fog",))
    claim = replace(claim, citations=(Citation("s", "p. 1", "that it is wrong", HERE),))
    fix = replace(plain.note, id="two", kind=NoteKind.CORRECTION, correct="right")
    said = {"excerpt": "It is wrong.", "words": ""}
    first = replace(document("a", replace(plain, note=claim, **said), replace(plain, note=fix, **said)), reveal=True)
    first = replace(first, excerpt="All wrong.", links=(crossref("b#three"),))
    corpus, _ = link_documents([first, document("b", note("three"))], project("s"), drafts=False)
    redacted = redact_closed_verdicts(corpus)
    text = repr((redacted.documents[0].notes, redacted.documents[0].excerpt, redacted.targets, redacted.backlinks))
    for words in ("false", "right", "fog", "wrong"):
        assert words in repr(corpus)
        assert f"'{words}'" not in text
        assert "wrong" not in text
    assert [(link.words, link.kind, link.verdict) for link in redacted.backlinks["b", "three"]] == [
        ("", None, None),
        ("", NoteKind.CLAIM, CLOSED),
        ("", NoteKind.CORRECTION, None),
    ]
