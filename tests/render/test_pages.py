"""The pages of the corpus: what stands on them, and that nothing hostile does."""

from __future__ import annotations

import itertools
import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from render_makers import HERE, LINKS, META, PROJECT, anchored, body, note, placements, plain_body, prose, source
from selectolax.lexbor import LexborHTMLParser, LexborNode

from builder.model import (
    Backlink,
    Catalog,
    Citation,
    Corpus,
    CrossLink,
    DocumentLinks,
    DocumentRecord,
    Heading,
    Note,
    NoteKind,
    NoteRecord,
    Page,
    Person,
    Piece,
    PieceRole,
    Prose,
    Publisher,
    Span,
    Target,
    TocEntry,
    Topic,
    Verdict,
)
from builder.render.document_page import document_page
from builder.render.index_pages import fill_slot

DATA = Path(__file__).parents[2].parent / "shared" / "testdata"
TEXT = plain_body("The summit of June 2024 was in The Hague.\n\nAll agreed.")


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<!doctype html><body>{html}</body>")


def seen(node: LexborNode | None) -> str:
    assert node is not None
    return " ".join(node.text(deep=True, separator="", strip=False).split())


def card(one: Note, links: DocumentLinks = LINKS, project: Any = PROJECT) -> LexborNode:
    """The card of a note on ``June 2024``, on its page."""
    made = document_page(anchored(TEXT, placements([[(14, 23)]], [one])), links, project)
    found = parsed(made.content).css_first(f"#note-{one.id}")
    assert found is not None
    return found


# --- the page as a whole --------------------------------------------------------------------------------------------


def test_a_page_has_one_text_and_its_parts_in_order() -> None:
    placed = placements([[(14, 23)], [(43, 54)]], [note("when", NoteKind.CORRECTION), note("who", NoteKind.CLAIM)])
    page = document_page(anchored(TEXT, placed, [note("origin")]), LINKS, PROJECT)
    tree = parsed(page.content)
    (article,) = tree.css("[data-postil=text]")
    assert (article.tag, article.attributes["lang"], article.attributes["dir"]) == ("article", "en", "ltr")
    assert article.attributes["class"] == "postil-text postil-text--txt postil-exhibit"
    assert [each.attributes["id"] for each in tree.css("[data-postil-kind]")] == [
        "note-origin",
        "note-when",
        "note-who",
    ]
    assert [each.attributes.get("value") for each in tree.css("ol > [data-postil-kind]")] == ["1", "2"]
    assert (page.address, page.title, page.noindex) == ("documents/a/", "[annotated] A headline", False)
    assert page.contents == (TocEntry("about-this-document", "On the whole document"), TocEntry("notes", "Notes"))
    assert {each.id for each in page.contents} <= {each.attributes["id"] for each in tree.css("[id]")}


def test_every_link_into_the_page_finds_its_place() -> None:
    placed = placements([[(14, 23)], [(0, 23)], [(43, 54)]])
    tree = parsed(document_page(anchored(TEXT, placed, [note("origin")]), LINKS, PROJECT).content)
    ids = [each.attributes["id"] for each in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    inner = [each.attributes["href"] or "" for each in tree.css("a[href^='#']")]
    assert {each[1:] for each in inner} <= set(ids)
    for each in "abc":
        assert f"#note-{each}" in inner
        assert f"#quote-{each}" in inner


@pytest.mark.parametrize(
    ("authors", "publisher", "kicker"),
    [
        ((), None, "Annotated document 18 December 2025"),
        ((), "A paper", "Annotated document published by A paper 18 December 2025"),
        (("Ann",), "A paper", "Annotated document by Ann published by A paper 18 December 2025"),
        (("Ann", "The Editors"), "The editors", "Annotated document by Ann, The Editors published by The editors …"),
        (("The editors",), None, None),
        ((), "THE EDITORS", None),
        (("annotated corpus",), "The editors", None),
    ],
)
def test_somebody_elses_words_are_shown_as_such(
    authors: tuple[str, ...], publisher: str | None, kicker: str | None
) -> None:
    """Above the title, by the title, around the text, and in every title of the page; our own words are not."""
    meta = replace(META, authors=authors, publisher=publisher, published="2025-12-18")
    project = replace(PROJECT, publisher=Publisher("The editors", None, None))
    page = document_page(anchored(TEXT, general=[note("a")], meta=meta), LINKS, project)
    tree = parsed(page.content)
    if kicker is None:
        assert seen(tree.css_first(".postil-kicker")).endswith("18 December 2025")
        assert "Annotated document" not in page.content
        assert tree.css("q, .postil-exhibit") == []
        assert (page.title, seen(tree.css_first("h1"))) == ("A headline", "A headline")
        return
    assert seen(tree.css_first(".postil-kicker")) == kicker.replace("…", "18 December 2025")
    assert [each.text() for each in tree.css("h1.postil-exhibit > q")] == ["A headline"]
    assert len(tree.css("article.postil-exhibit")) == 1
    assert page.title == "[annotated] A headline"


def test_a_document_without_notes_is_only_a_text() -> None:
    page = document_page(anchored(TEXT), LINKS, PROJECT)
    tree = parsed(page.content)
    assert seen(tree.css_first("[data-postil=text]")) == "The summit of June 2024 was in The Hague. All agreed."
    assert tree.css("section, mark, ol.postil-cards, .postil-draft, .postil-neighbours") == []
    assert page.contents == ()
    assert page.description == "A source document, without notes."
    assert seen(tree.css_first(".postil-kicker")) == "Document"
    assert page.title == "A headline"


def test_the_head_tells_where_the_text_is_from() -> None:
    meta = replace(
        META,
        publisher="A paper",
        published="2025-12-18",
        authors=("A", "B"),
        url="https://example.org/a",
        archived="https://archive.example/a",
        retrieved="2026-11",
        rights="Quoted",
        topics=("nato", "other"),
    )
    project = replace(PROJECT, topics={"nato": Topic("nato", "NATO", None)})
    made = anchored(TEXT, meta=meta)
    tree = parsed(document_page(made, LINKS, project).content)
    head = {seen(each.css_first("dt")): seen(each.css_first("dd")) for each in tree.css(".postil-head > div")}
    assert head == {
        "Publisher": "A paper",
        "Date": "18 December 2025",
        "Authors": "A, B",
        "Found at": "https://example.org/a",
        "Archived copy": "https://archive.example/a",
        "Retrieved": "November 2026",
        "Rights": "Quoted",
        "Topics": "NATO, other",
        "Text": f"54 characters, SHA-256 {made.document.sha256[:12]}…",
    }
    assert tree.css_first('.postil-head a[href="../../topics/nato/"]').text() == "NATO"
    for each in tree.css('.postil-head a[href^="http"]'):
        assert set((each.attributes["rel"] or "").split()) == {"nofollow", "noopener", "noreferrer", "ugc"}
    assert tree.css_first("abbr").attributes["title"] == made.document.sha256
    assert [each.attributes["datetime"] for each in tree.css(".postil-head time")] == ["2025-12-18", "2026-11"]
    assert [each.tag for each in tree.css_first(".postil-about").iter()] == ["summary", "dl"]


def test_an_origin_that_is_not_to_be_linked_is_told_in_words() -> None:
    meta = replace(META, url="https://example.org/a", link_original=False)
    tree = parsed(document_page(anchored(TEXT, meta=meta), LINKS, PROJECT).content)
    assert tree.css("[href*='example.org']") == []
    assert "https://example.org/a (not linked)" in seen(tree.css_first(".postil-head"))


@pytest.mark.parametrize(("field", "badge"), [("noindex", 0), ("draft", 1)])
def test_pages_that_search_engines_are_to_leave_out(field: str, badge: int) -> None:
    page = document_page(anchored(TEXT, meta=replace(META, **{field: True})), LINKS, PROJECT)
    assert page.noindex
    assert page.head.startswith('<meta name="robots" content="noindex">')
    assert len(parsed(page.content).css(".postil-draft")) == badge
    assert "robots" not in document_page(anchored(TEXT), LINKS, PROJECT).head


def test_a_description_gives_verdicts_and_none_of_the_documents_words() -> None:
    notes = [note("a", NoteKind.CLAIM), note("b", NoteKind.CLAIM, verdict="supported"), note("c", NoteKind.CORRECTION)]
    meta = replace(META, publisher="A paper", published="2025-12-18", summary=prose("What\nit is."))
    made = anchored(TEXT, placements([[(0, 3)], [(4, 10)], [(14, 23)]], notes), [note("d")], meta)
    assert document_page(made, LINKS, PROJECT).description == (
        "A paper, 18 December 2025. Of 2 claims checked, 1 holds and 1 is false. "
        "Also: 1 correction and 1 note of context. What it is."
    )
    found = replace(meta, finding=Prose(("Half is <em>wrong</em>.",), "Half is wrong."))
    page = document_page(replace(made, document=replace(made.document, meta=found)), LINKS, PROJECT)
    assert page.description.startswith("A paper, 18 December 2025. Half is wrong. Of 2 claims checked, ")
    assert page.content.index("Half is <em>wrong</em>.") < page.content.index("postil-head")
    long = replace(meta, summary=prose("word " * 99))
    described = document_page(replace(made, document=replace(made.document, meta=long)), LINKS, PROJECT).description
    assert described.endswith("word …")
    assert len(described) < 320


def test_the_tally_follows_the_scale_and_gives_words_and_shapes() -> None:
    notes = [
        *(note(f"f{each}", NoteKind.CLAIM) for each in range(2)),
        note("s", NoteKind.CLAIM, verdict="supported"),
        note("u", NoteKind.CLAIM, verdict="unheard-of"),
        note("n", NoteKind.CLAIM, verdict=None),
        *(note(f"c{each}", NoteKind.CORRECTION) for each in range(2)),
        note("x"),
    ]
    tree = parsed(document_page(anchored(TEXT, placements([[(0, 3)]] * 8, notes)), LINKS, PROJECT).content)
    assert [seen(each) for each in tree.css(".postil-tally li")] == [
        "5 Claims",
        "● 1 Supported",
        "✕ 2 False",
        "◇ 1 unheard-of",
        "◇ 1 Not rated",
        "✎ 2 Corrections",
        "§ 1 Context",
    ]
    assert [(each.attributes["class"] or "").removeprefix("postil-tone-") for each in tree.css("rect")] == [
        *("good", "bad", "neutral", "neutral")  # of claims alone
    ]
    assert seen(tree.css_first(".postil-found .postil-holds")) == (
        "4 claims checked: 1 Supported, 2 False, 1 unheard-of. "
        "Also: 1 claim not rated, 2 corrections and 1 note of context."
    )
    bars = [(float(each.attributes["x"] or 0), float(each.attributes["width"] or 0)) for each in tree.css("rect")]
    assert bars[-1][0] + bars[-1][1] == pytest.approx(1000, abs=0.1)
    assert all(before[0] + before[1] < after[0] for before, after in itertools.pairwise(bars))


def test_headings_nest_in_the_contents() -> None:
    headings = [(2, "a"), (4, "b"), (3, "c"), (1, "d"), (2, "e")]
    made = body([Piece(PieceRole.TEXT, "x")])
    made = replace(made, headings=tuple(Heading(level, f"src-{id_}", id_) for level, id_ in headings))
    page = document_page(anchored(made), LINKS, PROJECT)
    assert page.contents == (
        TocEntry("src-a", "a", (TocEntry("src-b", "b"), TocEntry("src-c", "c"))),
        TocEntry("src-d", "d", (TocEntry("src-e", "e"),)),
    )


def test_breadcrumb_and_neighbours() -> None:
    made = anchored(TEXT, slug="west/a")
    made = replace(made, document=replace(made.document, collection="west"))
    before = Target("documents/b/", "b", None, "Before", "", None, None)
    after = Target("documents/west/c/", "west/c", None, "After", "", None, None)
    tree = parsed(document_page(made, replace(LINKS, previous=before, following=after), PROJECT).content)
    crumbs = [(seen(each), each.css_first("a")) for each in tree.css(".postil-crumbs li")]
    assert [(words, link and link.attributes["href"]) for words, link in crumbs] == [
        ("Home", "../../../"),
        ("Documents", "../../"),
        ("west", None),
    ]
    assert [(seen(each), each.attributes["href"]) for each in tree.css(".postil-neighbours a")] == [
        ("Previous Before", "../../b/"),
        ("Next After", "../c/"),
    ]


def test_a_text_from_right_to_left_says_so() -> None:
    made = anchored(TEXT, placements([[(14, 23)]]), meta=replace(META, language="ar", rtl=True))
    tree = parsed(document_page(made, LINKS, PROJECT).content)
    for place in ("h1", "[data-postil=text]", ".postil-quote"):
        found = tree.css_first(place)
        assert (found.attributes["lang"], found.attributes["dir"]) == ("ar", "rtl")
    assert tree.css_first(".postil-body").attributes["lang"] == "en"


# --- a note ---------------------------------------------------------------------------------------------------------


def test_what_is_said_of_a_text_is_in_its_own_language() -> None:
    told = replace(META, language="ar", rtl=True, notes_language="de", summary=prose("Worum es geht."))
    one = note("n", NoteKind.CLAIM, verdict="false", statement="Es war 2024.")
    made = document_page(anchored(TEXT, placements([[(14, 23)]], [one]), meta=told), LINKS, PROJECT)
    spoken = {
        each.attributes["class"]: each.attributes["lang"]
        for each in parsed(made.content).css(".postil-body, .postil-statement, .postil-summary, .postil-quote")
    }
    assert spoken == {"postil-body": "de", "postil-statement": "de", "postil-summary": "de", "postil-quote": "ar"}


def test_a_claim() -> None:
    project = replace(PROJECT, people={"vp": Person("vp", "V. P.", "https://example.org/vp")})
    one = note("a", NoteKind.CLAIM, statement="It was so.", speaker="vp", techniques=("haste", "fog"))
    made = card(one, project=project)
    assert (made.attributes["data-postil-kind"], made.attributes["data-postil-verdict"]) == ("claim", "false")
    assert seen(made.css_first("h3")) == "1 Claim ✕ False"
    assert made.css_first("h3 .postil-stamp").attributes["class"] == "postil-stamp postil-tone-bad"
    assert made.css_first("h3 .postil-glyph").attributes["aria-hidden"] == "true"
    assert seen(made.css_first(".postil-quote")) == "June 2024"
    assert made.css_first(".postil-quote a").attributes["href"] == "#quote-a"
    assert seen(made.css_first(".postil-claim")) == "The claimIt was so.Said byV. P."
    assert [each.attributes["href"] for each in made.css(".postil-claim a")] == [
        "../../claims/a/a/",
        "../../people/vp/",
    ]
    assert [seen(each) for each in made.css(".postil-chip")] == ["haste", "fog"]


def test_a_correction_gives_the_wrong_and_the_right_words() -> None:
    made = card(note("a", NoteKind.CORRECTION, correct="June 2025", body=None))
    assert (seen(made.css_first("del")), seen(made.css_first("ins"))) == ("June 2024", "June 2025")
    assert made.css_first("del").parent.attributes["href"] == "#quote-a"  # type: ignore[union-attr]
    assert "data-postil-verdict" not in made.attributes
    assert made.css(".postil-body, .postil-quote") == []


def test_a_note_on_several_passages_shows_them_all() -> None:
    made = anchored(TEXT, placements([[(4, 10), (14, 23)]]))
    page = parsed(document_page(made, LINKS, PROJECT).content)
    assert seen(page.css_first(".postil-quote")) == "summit … June 2024"


def test_a_long_quote_is_shortened_in_the_middle() -> None:
    made = anchored(plain_body("word " * 100 + "end"), placements([[(0, 503)]]))
    quoted = seen(parsed(document_page(made, LINKS, PROJECT).content).css_first(".postil-quote"))
    assert len(quoted) <= 220
    assert (quoted[:4], quoted[-3:], quoted.count("…")) == ("word", "end", 1)


def test_sources_say_what_they_support_and_where() -> None:
    sources = {
        "full": source(
            "full",
            authors=("A",),
            publisher="NATO",
            date="2025-06-25",
            url="https://nato.example/d",
            archived="https://archive.example/d",
        ),
        "told": source("told", url="https://bad.example/x", link=False),
        "doi": source("doi", url="https://doi.org/10.1000/1"),
    }
    citations = (
        Citation("full", "para. 2", "the 5% part", HERE),
        *(Citation(each, None, None, HERE) for each in ("told", "doi", "lost")),
    )
    made = card(note("a", citations=citations), replace(LINKS, sources=sources))
    assert [seen(each) for each in made.css(".postil-sources li")] == [
        "[1] Title of full, A, NATO, 25 June 2025, para. 2 archived copy for: the 5% part all uses",
        "[2] Title of told https://bad.example/x all uses",
        "[3] Title of doi all uses",
        "lost",
    ]
    assert made.css_first(".postil-uses").attributes["href"].startswith("../../sources/")
    assert [each.attributes["href"] for each in made.css(".postil-sources a:not(.postil-uses)")] == [
        "https://nato.example/d",
        "https://archive.example/d",
        "https://doi.org/10.1000/1",
    ]


def test_cross_links_lead_to_notes_here_and_elsewhere() -> None:
    targets = {
        ("a", "b"): Target("documents/a/#note-b", "a", "b", "A headline", "the words", NoteKind.CLAIM, "supported"),
        ("x/y", "n"): Target("documents/x/y/#note-n", "x/y", "n", "Elsewhere", "<n>", NoteKind.CONTEXT, None),
        ("x/y", ""): Target("documents/x/y/", "x/y", None, "Elsewhere", "Elsewhere", None, None),
    }
    refs = (
        CrossLink(None, "b", None, HERE),
        CrossLink("x/y", "n", "own <words>", HERE),
        CrossLink("x/y", None, None, HERE),
    )
    lost = CrossLink("no", "where", None, HERE)
    written = Prose(("<p>See ", refs[0], ", ", refs[1], ", ", refs[2], ", ", lost, ".</p>"), "")
    made = card(note("a", body=written, see=(*refs, lost)), replace(LINKS, targets=targets))
    expected = [("#note-b", "Supported: the words"), ("../x/y/#note-n", "own <words>"), ("../x/y/", "Elsewhere")]
    assert [(each.attributes["href"], seen(each)) for each in made.css(".postil-body a")] == expected
    assert seen(made.css_first(".postil-body")) == "See Supported: the words, own <words>, Elsewhere, where."
    listed = [("#note-b", "the words"), *expected[1:]]  # their labels stand beside them as badges
    assert [(each.attributes["href"], seen(each)) for each in made.css(".postil-links a")] == listed
    assert [seen(each) for each in made.css(".postil-links li")] == [
        "● Supported the words",
        "§ Context own <words> in Elsewhere",
        "Elsewhere",
    ]


def test_a_description_names_what_a_summary_links_to_by_its_title() -> None:
    links = replace(
        LINKS, targets={("b", "n"): Target("x", "b", "n", "Title of b", "the words", NoteKind.CLAIM, "false")}
    )
    summary = Prose((), "After b#n, and c.", ((Span(6, 9), CrossLink("b", "n", None, HERE)),))
    page = document_page(anchored(plain_body("x"), meta=replace(META, summary=summary)), links, PROJECT)
    assert page.description.endswith("After Title of b, and c.")


def test_a_bare_word_is_a_note_here_or_else_a_document_and_a_fragment_is_never_a_document() -> None:
    bare, fragment = CrossLink(None, "b", None, HERE, bare=True), CrossLink(None, "b", None, HERE)
    whole = {("b", ""): Target("documents/b/", "b", None, "A document", "A document", None, None)}
    here = {("a", "b"): Target("documents/a/#note-b", "a", "b", "A headline", "the words", NoteKind.CONTEXT, None)}
    for targets, expected in ((whole, ["../b/"]), (whole | here, ["#note-b"] * 2), ({}, [])):
        made = card(note("a", see=(bare, fragment)), replace(LINKS, targets=targets))
        assert [each.attributes["href"] for each in made.css(".postil-links a")] == expected


def test_backlinks_come_with_the_words_they_come_from() -> None:
    links = replace(
        LINKS,
        backlinks={
            "a": (
                Backlink("documents/a/#note-b", "A headline", "here", NoteKind.CONTEXT),
                Backlink("documents/c/#note-d", "Elsewhere", "there", NoteKind.CLAIM, "false"),
                Backlink("about/", "About", ""),
            ),
            "": (Backlink("documents/c/", "Elsewhere", "all of it"),),
        },
    )
    made = card(note("a"), links)
    assert [(each.attributes["href"], seen(each.parent)) for each in made.css(".postil-links a")] == [
        ("#note-b", "§ Context here"),
        ("../c/#note-d", "✕ False there in Elsewhere"),
        ("../../about/", "About"),
    ]
    page = document_page(anchored(TEXT), links, PROJECT)
    assert seen(parsed(page.content).css_first(".postil-mentions li")) == "all of it in Elsewhere"


@pytest.mark.parametrize(
    ("reviewed", "by", "foot"),
    [
        (None, (), "To the words · Link to this note"),
        ("2026-11-22", (), "Reviewed 22 November 2026 · To the words · Link to this note"),
        (None, ("AK",), "Reviewed by AK · To the words · Link to this note"),
        ("2026", ("AK", "B"), "Reviewed 2026 by AK, B · To the words · Link to this note"),
    ],
)
def test_who_reviewed_a_note_and_when(reviewed: str | None, by: tuple[str, ...], foot: str) -> None:
    made = card(note("a", reviewed=reviewed, by=by))
    assert seen(made.css_first(".postil-note-foot")) == foot
    assert made.css_first(".postil-permalink").attributes["href"] == "#note-a"


def test_teaching_mode_gives_no_answer_before_it_is_asked_for() -> None:
    """Neither by words nor by attributes, colours or the description; with details, so that no script is needed."""
    notes = [
        note("a", NoteKind.CLAIM, techniques=("haste",), statement="It was so."),
        note("b", NoteKind.CLAIM, verdict="supported", correct="the year after"),
        note("c"),
        note("d", NoteKind.CORRECTION, correct="June 2025"),
    ]
    finding = Prose(("Not to be trusted.",), "Not to be trusted.")
    meta = replace(META, reveal=True, finding=finding, summary=prose("One of three is wrong."))
    made = anchored(TEXT, placements([[(0, 3)], [(4, 10)], [(14, 18)], [(19, 23)]], notes), meta=meta)
    page = document_page(made, LINKS, PROJECT)
    assert page.description == "4 notes: 2 claims, 1 correction, 1 context."
    tree = parsed(page.content)
    assert tree.css(".postil-found, .postil-bar") == []
    closed = tree.css("details.postil-closed")
    assert [seen(each).partition(" Techniques")[0] for each in closed] == [
        "Summary One of three is wrong.",
        "What we found ✕ False About a.",
        "What we found ● Supported ReadssummitShould readthe year after About b.",
        "What we found Reads2024Should readJune 2025 About d.",
    ]
    assert all("open" not in each.attributes for each in closed)
    for each in (*closed, *tree.css(".postil-ask")):
        each.decompose()
    left = (tree.body.html or "") + page.head
    colours = ("tone-bad", "tone-good", "line0-bad")
    for words in (
        "False",
        "Supported",
        "haste",
        "About a.",
        "the year after",
        "2025",
        "wrong",
        "trusted",
        "-verdict",
        "<del",
        *colours,
    ):
        assert words not in left
    assert [seen(tree.css_first(f"#note-{each} .postil-quote")) for each in "abd"] == ["The", "summit", "2024"]
    assert len(tree.css("#note-c .postil-body")) == 1


def taught(*verdicts: str | None, told: str = "A") -> Page:
    """A page in teaching mode with claims of these verdicts, and all else that is closed in these words."""
    source_of = source(told.lower(), publisher=told)
    notes = [
        note(f"n{place}", NoteKind.CLAIM, verdict=verdict, techniques=(told,), body=prose(told), correct=told)
        for place, verdict in enumerate(verdicts)
    ]
    notes += [note("fix", NoteKind.CORRECTION, correct=told, body=prose(told)), note("plain")]
    notes[0] = replace(notes[0], citations=(Citation(source_of.key, told, told, HERE),))
    meta = replace(META, reveal=True, finding=prose(told), summary=prose(told))
    spans = [[(start, start + 3)] for start in range(0, 4 * len(notes), 4)]
    made = anchored(plain_body("abc " * len(notes)), placements(spans, notes), meta=meta)
    links = replace(LINKS, sources={source_of.key: source_of})
    return document_page(made, links, replace(PROJECT, site_url="https://x.example/", cards=True))


@pytest.mark.parametrize(
    "others", [("false", "false", "false"), ("supported", "false", "opinion"), ("opinion", None, "unsupported")]
)
def test_outside_of_what_is_closed_a_page_is_the_same_whatever_was_found(others: tuple[str | None, ...]) -> None:
    """So no word, attribute, order or number can tell, of what is there and of what is still to come."""

    def outside(page: Page) -> Page:
        tree = parsed(page.content)
        for each in tree.css("details.postil-closed"):
            each.decompose()
        return replace(page, content=tree.html or "")

    first, second = taught("false", "misleading", "supported"), taught(*others, told="B")
    assert first.content != second.content
    assert outside(first) == outside(second)


def test_a_closed_claim_asks_for_a_verdict_of_the_whole_scale() -> None:
    tree = parsed(taught("false", None).content)
    found = {each.attributes.get("data-postil-found") for each in tree.css(".postil-closed .postil-verdict")}
    assert found == {"false", None}
    assert tree.css("[data-postil-found]:not(.postil-closed *)") == []
    ask, other = tree.css(".postil-ask")
    assert seen(ask) == seen(other)
    buttons = ask.css("button")
    assert [(each.attributes["value"], seen(each), each.attributes["aria-keyshortcuts"]) for each in buttons] == [
        ("supported", "● Supported", "1"),
        ("partly", "◐ Partly supported", "2"),
        ("misleading", "▲ Misleading", "3"),
        ("unsupported", "○ No evidence found", "4"),
        ("false", "✕ False", "5"),
        ("opinion", "◇ Opinion", "6"),
    ]
    for part in (ask, tree.css_first(".postil-answers")):
        assert "hidden" in part.attributes, "it is of use to a script alone"


def test_only_pages_with_closed_verdicts_load_what_asks_for_them() -> None:
    script, styles = "script[src*='/teaching.']", "link[href*='/teaching.']"
    rated, plain = (note("a", NoteKind.CLAIM),), (note("a"),)
    for notes, reveal, wanted in ((rated, True, 1), (rated, False, 0), (plain, True, 0)):
        made = anchored(TEXT, placements([[(0, 3)]], notes), meta=replace(META, reveal=reveal))
        tree = parsed(document_page(made, LINKS, PROJECT).content)
        assert [len(tree.css(each)) for each in (script, styles, ".postil-ask", ".postil-answers")] == [wanted] * 4


# --- the index ------------------------------------------------------------------------------------------------------


def record(slug: str, published: str | None, notes: tuple[NoteRecord, ...] = (), **more: object) -> DocumentRecord:
    plain = DocumentRecord(
        slug=slug,
        path="",
        sidecar=None,
        collection="",
        title=f"Title {slug}",
        language="en",
        rtl=False,
        published=published,
        publisher=None,
        topics=(),
        excerpt="",
        noindex=False,
        draft=False,
        notes=notes,
        links=(),
        sources=(),
    )
    return replace(plain, **more)


def note_record(verdict: str) -> NoteRecord:
    claim = note("a", NoteKind.CLAIM, verdict=verdict)
    return NoteRecord(claim, 1, words="", excerpt="", sentence="", mark=None, links=())


def documents_index(corpus: Corpus, address: str) -> str:
    return fill_slot("documents", corpus, Catalog((), (), (), (), ()), address) or ""


def rows(*documents: DocumentRecord) -> list[str]:
    tree = parsed(documents_index(Corpus(PROJECT, documents, {}, {}), "documents/"))
    return [seen(row) for row in tree.css(".postil-row")]


def test_the_index_lists_documents_newest_first() -> None:
    made = rows(
        record("a", None),
        record("b", "2025-01-02", (note_record("false"), note_record("supported"), note_record("false"))),
        record("c", "2026", publisher="P", draft=True),
        record("d", "2025-01-02"),
    )
    assert made == [
        "Title c Draft P · 2026 No notes",
        "Title b 2 January 2025 ● 1 Supported ✕ 2 False",
        "Title d 2 January 2025 No notes",
        "Title a No notes",
    ]


@pytest.mark.parametrize(
    ("address", "href"), [("documents/", "x/a/"), ("", "documents/x/a/"), ("s/t/", "../../documents/x/a/")]
)
def test_the_index_may_stand_on_any_page(address: str, href: str) -> None:
    html = documents_index(Corpus(PROJECT, (record("x/a", None),), {}, {}), address)
    assert parsed(html).css_first("a").attributes["href"] == href


def test_an_empty_corpus_says_so() -> None:
    assert "No documents yet." in documents_index(Corpus(PROJECT, (), {}, {}), "documents/")


# --- hostile words --------------------------------------------------------------------------------------------------


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What the templates and the weaving may print, whatever words are put into them.
ELEMENTS = words_of(
    "html head body div nav ol ul li a h1 h2 h3 h4 p dl dt dd bdi time abbr code span section svg rect b "
    "article mark sup q del ins cite strong table caption thead tbody tr th td "
    "details summary pre select option button output i path template kbd label input dialog"
)
ATTRIBUTES = words_of(
    "class id href rel lang dir title value datetime role scope x width height viewbox "
    "preserveaspectratio focusable aria-label aria-hidden aria-labelledby data-postil data-postil-notes "
    "data-postil-kind data-postil-verdict "
    "data-postil-filter data-postil-facet data-postil-do data-postil-print type hidden aria-pressed aria-haspopup "
    "data-tone data-title data-part autofocus tabindex aria-orientation aria-valuemin aria-valuenow aria-valuemax"
)
SCHEMES = ("http://", "https://", "mailto:", "#", "../", "./", "a/")

CURATED = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "javascript:alert(1)",
    " \tjAvA\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    'https://example.org/" onmouseover="alert(1)',
    "//example.org",
    "doi:javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "</article></textarea><!--",
    "<!--><script>",
    "]]>&lt;&#x3c;script&#x3e;",
    "\u202e\u2066txt",
]


def everywhere(bad: str, kinds: Iterable[NoteKind] = NoteKind) -> Iterator[str]:
    """The pages of a document that says ``bad`` wherever words can be put, for notes of each kind, and the index."""
    tuple_ = (bad,)
    for kind in kinds:
        cross = (CrossLink(None, "t", bad, HERE), CrossLink(bad, bad, bad, HERE))
        one = note(
            "n",
            kind,
            body=Prose(("<p>", *cross, "</p>"), bad),
            correct=bad or None,
            verdict=bad if kind is NoteKind.CLAIM else None,
            statement=bad,
            speaker=bad,
            citations=(Citation("s", bad, bad, HERE), Citation(bad + "-", bad, bad, HERE)),
            see=cross,
            topics=tuple_,
            techniques=tuple_,
            reviewed=bad,
            by=tuple_,
        )
        meta = replace(
            META,
            title=bad,
            language=bad,
            authors=tuple_,
            publisher=bad,
            published=bad,
            url=bad,
            archived=bad,
            retrieved=bad,
            rights=bad,
            topics=tuple_,
            finding=Prose(cross, bad),
            summary=Prose(cross, bad),
            draft=True,
        )
        links = DocumentLinks(
            targets={("a", "t"): Target("documents/a/#note-t", "z", "t", bad, bad, NoteKind.CLAIM, bad)},
            backlinks=dict.fromkeys(("n", ""), (Backlink("documents/a/#note-n", bad, bad),)),
            sources={
                "s": source("s", title=bad, authors=tuple_, publisher=bad, date=bad, url=bad, archived=bad, note=bad)
            },
            previous=Target("documents/a/", "a", None, bad, bad, None, None),
            following=None,
        )
        project = replace(
            PROJECT,
            language=bad,
            verdicts={bad: Verdict(bad, bad, bad, None, bad)},
            topics={bad: Topic(bad, bad, None)},
            people={bad: Person(bad, bad, bad)},
        )
        text = plain_body(f"{bad} words")
        made = anchored(text, placements([[(0, len(text.text))]], [one]), [replace(one, id="g")], meta)
        made = replace(made, document=replace(made.document, collection=bad, sha256=bad))
        page = document_page(made, links, project)
        yield page.content
        head = LexborHTMLParser(f"<!doctype html><head>{page.head}</head>").head
        assert head is not None
        for each in head.css("head > *"):
            assert each.tag == "meta", bad
            assert set(each.attributes) <= {"name", "property", "content"}, bad
        assert len(head.css("*")) == page.head.count("<meta ") + 1, bad
    noted: Mapping[str, Any] = {"collection": bad, "title": bad, "language": bad, "publisher": bad}
    yield documents_index(Corpus(project, (record("a", bad, (note_record(bad),), **noted),), {}, {}), "documents/")


def assert_harmless(tag: str, attributes: Mapping[str, str | None], bad: str) -> None:
    assert tag in ELEMENTS, (bad, tag)
    assert {each.lower() for each in attributes} <= ATTRIBUTES, (bad, attributes)
    assert (attributes.get("href") or "#").startswith(SCHEMES), (bad, attributes)


@pytest.mark.parametrize("bad", CURATED)
def test_no_word_becomes_markup_script_or_a_way_out(bad: str) -> None:
    for html in everywhere(bad):
        for node in parsed(html).css("*"):
            assert_harmless(node.tag or "", node.attributes, bad)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = html5lib.parse(f"<!doctype html><body>{html}</body>", namespaceHTMLElements=False)
        for element in tree.iter():
            tag = str(element.tag).rpartition("}")[2]
            assert_harmless(tag, dict(element.attrib), bad)


@pytest.mark.skipif(not DATA.exists(), reason="the lists of hostile strings by other people are not here")
def test_no_word_of_known_lists_does_either() -> None:
    known = json.loads((DATA / "blns.json").read_text(encoding="utf-8"))
    lines = (DATA / "xss_dompurify.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    known += [json.loads(line)["payload"] for line in lines]
    assert len(known) == 515 + 223
    for bad in known:
        for html in everywhere(bad, [NoteKind.CLAIM]):
            for node in parsed(html).css("*"):
                assert_harmless(node.tag or "", node.attributes, bad)
