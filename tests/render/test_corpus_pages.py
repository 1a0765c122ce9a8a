"""The pages and lists over the whole corpus: all of it is there, leads where it should, and does no harm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from render_makers import HERE, META, PROJECT, anchored, note, placements, plain_body, prose, source
from selectolax.lexbor import LexborHTMLParser, LexborNode
from test_pages import CURATED, words_of

from builder.addresses import relative_url
from builder.link.build_catalog import build_catalog
from builder.link.cross_links import link_documents, redact_closed_verdicts
from builder.link.document_record import document_record
from builder.model import (
    Catalog,
    Change,
    Changelog,
    ChangelogEntry,
    Citation,
    Corpus,
    CrossLink,
    DocumentRecord,
    Entry,
    Event,
    Note,
    NoteKind,
    Page,
    Person,
    Project,
    Prose,
    Publisher,
    Quote,
    Source,
    Span,
    Topic,
    Verdict,
)
from builder.render.catalog_pages import entry_addresses, entry_pages
from builder.render.changelog_pages import FEEDS
from builder.render.index_pages import (
    INDEXES,
    SLOTS,
    continuation_addresses,
    continuation_pages,
    fill_slot,
    list_files,
)
from builder.render.lists import ROWS
from builder.render.pagination import NOTES
from builder.search.records import entry_search_record

SITE = "https://site.invalid/"
TEXT = "Before it. The summit of June 2024 was in The Hague, they said. After it."
WORDS = (25, 34)  # June 2024


@dataclass(frozen=True)
class Made:
    corpus: Corpus
    catalog: Catalog

    @property
    def project(self) -> Project:
        return self.corpus.project

    def pages(self, entry: Entry) -> list[Page]:
        return list(entry_pages(entry, self.project))

    def slot(self, name: str, address: str | None = None) -> str:
        at = INDEXES[name].address if address is None else address
        html = fill_slot(name, self.corpus, self.catalog, at)
        assert html is not None
        return html


def document(
    slug: str, *notes: Note, text: str = TEXT, span: tuple[int, int] = WORDS, **fields: object
) -> DocumentRecord:
    collection = str(fields.pop("collection", ""))
    sources = fields.pop("sources", ())
    meta = replace(META, **{"title": f"Title of {slug}", **fields})
    made = anchored(plain_body(text), placements([[span]] * len(notes), notes), meta=meta, slug=slug)
    return document_record(replace(made, document=replace(made.document, collection=collection, sources=sources)))


def made(*documents: DocumentRecord, **fields: object) -> Made:
    corpus, _ = link_documents(documents, replace(PROJECT, **fields), drafts=False)
    return Made(corpus, build_catalog(corpus))


def claim(id_: str, verdict: str | None = "false", **fields: object) -> Note:
    return note(id_, NoteKind.CLAIM, **{"verdict": verdict, **fields})


def cites(*keys: str, at: str | None = None) -> tuple[Citation, ...]:
    return tuple(Citation(key, at, f"what {key} shows", HERE) for key in keys)


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<!doctype html><body>{html}</body>")


def seen(node: LexborNode | LexborHTMLParser | None) -> str:
    assert node is not None
    return " ".join(node.text(deep=True, separator="").split())


def hrefs(html: str, address: str) -> list[str]:
    """Where the links of a page lead, from the site's root."""
    found = (link.attributes["href"] or "" for link in parsed(html).css("a"))
    return [urljoin(SITE + address, href).removeprefix(SITE) for href in found]


def test_a_claims_page_begins_with_its_verdict_and_the_first_paragraph_of_why() -> None:
    """Of the note that was reviewed last; the verdict before the claim, which may be false."""
    html = ("<p>Not <em>so</em> &amp; never, as ", CrossLink("b", "two", None, HERE), " says.</p>\n<p>More.</p>")
    text = "Not so & never, as b#two says.\nMore."
    body = Prose(html, text, ((Span(19, 24), html[1]),))
    first = claim("one", claim="k", statement="It was.", body=prose("Older."), reviewed="2025", citations=cites("s"))
    last = claim("two", claim="k", body=body, reviewed="2026-01-02", citations=cites("s", "t"))
    corpus = made(document("a", first), document("b", last), sources={"s": source("s"), "t": source("t")})
    (page,) = corpus.pages(corpus.catalog.claims[0])
    assert seen(parsed(page.content).css_first(".postil-conclusion")) == (
        "✕ False It was. Not so & never, as Title of b says. 2 sources · reviewed 2 January 2026"
    )


def test_a_long_explanation_is_cut_and_a_list_is_told_as_elsewhere() -> None:
    long = claim("one", claim="long", body=Prose((f"<p>{'word ' * 400}</p>",), "word " * 400))
    listed = claim("two", claim="listed", body=Prose(("<ul><li>One</li><li>Two</li></ul>",), "One\nTwo"))
    corpus = made(document("a", long, listed))
    told = {
        entry.address: seen(parsed(page.content).css_first(".postil-explanation"))
        for entry in corpus.catalog.claims
        for page in corpus.pages(entry)
    }
    assert told["claims/listed/"] == "One Two"
    assert told["claims/long/"].endswith(" word…")
    assert 590 < len(told["claims/long/"]) <= 600


def test_people_have_no_bar_that_would_be_read_as_a_score() -> None:
    corpus = made(document("a", claim("one", speaker="ann"), topics=("t",)), topics={"t": Topic("t", "T", None)})
    (page,) = corpus.pages(corpus.catalog.people[0])
    assert [parsed(html).css("svg") for html in (page.content, corpus.slot("people"))] == [[], []]
    assert seen(parsed(corpus.slot("people")).css_first(".postil-tally")) == "✕ 1 False"


def test_corrections_stand_document_by_document_with_old_and_new_words() -> None:
    fixes = [
        note(f"fix{digit}", NoteKind.CORRECTION, correct=f"June 202{digit}", reviewed="2026-01-02") for digit in "56"
    ]
    wrong = claim("wrong", correct="July 2024", reviewed="2026-01-03")
    tree = parsed(made(document("a", *fixes), document("b", wrong)).slot("corrections"))
    assert [seen(head) for head in tree.css("h2, h3")] == [
        *("Reviewed 3 January 2026", "Title of b"),
        *("Reviewed 2 January 2026", "Title of a"),
    ]
    assert [seen(part) for part in tree.css(".postil-seen-head, .postil-sentence")] == [
        "✕ False",
        "The summit of June 2024 → should read July 2024 was in The Hague, they said.",
        "✎ Correction",
        "The summit of June 2024 → should read June 2025 was in The Hague, they said.",
        "✎ Correction",
        "The summit of June 2024 → should read June 2026 was in The Hague, they said.",
    ]


def test_a_long_list_of_corrections_runs_on_after_fifty() -> None:
    notes = [note(f"n{number}", NoteKind.CORRECTION, correct="x") for number in range(51)]
    corpus = made(document("a", *notes))
    assert list(continuation_addresses(corpus.corpus, corpus.catalog)) == ["corrections/page_2/"]
    (page,) = continuation_pages(corpus.corpus, corpus.catalog)
    assert len(parsed(page.content).css("ins")) == 1
    assert len(parsed(corpus.slot("corrections")).css("ins")) == 50


# --- a claim ----------------------------------------------------------------------------------------------------------


def a_claim() -> Made:
    one = claim(
        "one", claim="k", statement="It was in 2024.", speaker="ann", citations=cites("s", "t"), topics=("nato",),
        body=prose("It was in 2025."), reviewed="2026-01-02",
    )  # fmt: skip
    two = claim("two", "supported", claim="k", statement="It was in 2024, then.", citations=cites("s", at="page 4"))
    return made(
        document("a", one, published="2025-12-18", publisher="P"),
        document("b/c", two, published="2025"),
        sources={"s": source("s", date="2025-06"), "t": source("t")},
        people={"ann": Person("ann", "Ann Lee", None)},
        topics={"nato": Topic("nato", "NATO", None)},
    )


def test_a_claim_shows_every_appearance_with_its_words_in_their_sentence() -> None:
    corpus = a_claim()
    (page,) = corpus.pages(corpus.catalog.claims[0])
    tree = parsed(page.content)
    assert page.address == "claims/k/"
    assert seen(tree.css_first("h1")) == "It was in 2024, then."
    first, second = tree.css(".postil-seen")
    assert [seen(appearance.css_first("blockquote")) for appearance in (first, second)] == [
        "The summit of June 2024 was in The Hague, they said."
    ] * 2
    assert [seen(mark) for mark in tree.css("mark")] == ["June 2024"] * 2
    assert seen(first.css_first(".postil-stamp")) == "● Supported"
    assert seen(second.css_first(".postil-seen-head")) == "✕ False said by Ann Lee"
    assert seen(second.css_first(".postil-for")) == "Stated as It was in 2024."
    assert seen(second.css_first(".postil-excerpt")) == "It was in 2025."
    assert seen(second.css_first(".postil-seen-foot")) == (
        "Title of a, P, 18 December 2025 · Read note 1 in Title of a · reviewed 2 January 2026"
    )
    wanted = {"", "claims/", "topics/nato/", "people/ann/", "documents/a/", "documents/a/#note-one", "documents/b/c/"}
    wanted |= {"claims/k/#sources", "documents/b/c/#note-two", "sources/s/", "sources/t/"}
    assert set(hrefs(page.content, page.address)) == wanted


def test_a_claim_whose_words_are_gone_says_so() -> None:
    gone = claim(
        "one", claim="k", quote=Quote(("in 2024",), "", "", None, HERE), retired="2026-03-01, cut by the paper"
    )
    whole = anchored(plain_body("Other words."), general=[gone], slug="a")
    corpus = made(document_record(whole))
    (page,) = corpus.pages(corpus.catalog.claims[0])
    tree = parsed(page.content)
    assert seen(tree.css_first(".postil-for")) == "Not in the document any more 2026-03-01, cut by the paper"
    assert seen(tree.css_first("blockquote")) == "in 2024"


def test_a_claim_names_each_source_once_with_all_that_it_is_cited_for() -> None:
    corpus = a_claim()
    (page,) = corpus.pages(corpus.catalog.claims[0])
    assert [seen(work) for work in parsed(page.content).css(".postil-works > li")] == [
        "Title of s, June 2025For what s shows: page 4For what s shows",
        "Title of tFor what t shows",
    ]
    assert [entry.id for entry in page.contents] == ["appearances", "sources"]


def test_nothing_tells_a_claim_without_its_verdict() -> None:
    corpus = a_claim()
    entry = corpus.catalog.claims[0]
    (page,) = corpus.pages(entry)
    assert page.title == "Supported / False: It was in 2024, then."
    assert page.description == "A claim and its verdict: Supported, False. In 2 documents. 2 sources."
    assert entry_search_record(entry, corpus.project).title == page.title
    tree = parsed(page.content)
    assert seen(tree.css_first(".postil-conclusion")) == (
        "The verdict differs from place to place: ● Supported in 1 place ✕ False in 1 place "
        "It was in 2024, then. 2 sources · reviewed 2 January 2026"
    )
    assert seen(parsed(corpus.slot("claims")).css_first(".postil-row")).startswith("● Supported ✕ False It was in 2024")


@pytest.mark.parametrize(("statement", "language"), [("Es war 2024.", "de"), (None, "ar")])
def test_a_claim_is_in_the_language_of_whoever_states_it(statement: str | None, language: str) -> None:
    one = claim("one", claim="k", statement=statement)
    corpus = made(document("a", one, language="ar", notes_language="de"))
    (entry,) = corpus.catalog.claims
    (page,) = corpus.pages(entry)
    head, sentence, excerpt = parsed(page.content).css(".postil-title, .postil-sentence, .postil-excerpt")
    assert [node.attributes["lang"] for node in (head, sentence, excerpt)] == [language, "ar", "de"]
    assert entry_search_record(entry, corpus.project).language == language


def test_links_in_a_note_lead_on_where_it_is_quoted() -> None:
    body = Prose((), "See b#x, then.", ((Span(4, 7), CrossLink("b", "x", None, HERE)),))
    corpus = made(document("a", claim("one", claim="k", body=body, correct="c")), document("b", note("x")))
    (page,) = corpus.pages(corpus.catalog.claims[0])
    for html, address in ((page.content, page.address), (corpus.slot("corrections"), "corrections/")):
        excerpt = parsed(html).css_first(".postil-excerpt")
        assert seen(excerpt) == "See Title of b, then."
        assert hrefs(excerpt.html or "", address) == ["documents/b/#note-x"]


@pytest.mark.parametrize(
    ("unstated", "said"),
    [
        (0, []),
        (1, ["1 more claim is rated in the documents, but not stated in a sentence of its own."]),
        (2, ["2 more claims are rated in the documents, but not stated in a sentence of their own."]),
    ],
)
def test_the_list_of_claims_tells_of_those_that_are_not_in_it(unstated: int, said: list[str]) -> None:
    notes = [claim(f"c{number}") for number in range(unstated)]
    corpus = made(document("a", claim("one", statement="It was."), claim("two", claim="k"), note("x"), *notes))
    assert [seen(found) for found in parsed(corpus.slot("claims")).css(".postil-index > .postil-count")] == said


def test_a_claim_without_a_statement_stands_in_the_documents_words() -> None:
    corpus = made(document("a", claim("one", None, claim="k")))
    (page,) = corpus.pages(corpus.catalog.claims[0])
    assert page.title == "Not rated: “June 2024”"
    assert seen(parsed(page.content).css_first("h1")) == "“June 2024”"


@pytest.mark.parametrize(("flags", "hidden"), [((True, True), True), ((True, False), False)])
def test_search_engines_leave_out_what_stands_only_where_they_are_not_to_look(
    flags: tuple[bool, bool], hidden: bool
) -> None:
    one, two = (claim(id_, claim="k", speaker="Ann", citations=cites("s"), topics=("t",)) for id_ in ("one", "two"))
    corpus = made(
        document("a", one, noindex=flags[0]),
        document("b", two, noindex=flags[1]),
        sources={"s": source("s")},
        topics={"t": Topic("t", "T", None)},
    )
    pages = [page for entry in corpus.catalog.entries for page in corpus.pages(entry)]
    assert len(pages) == 4
    for page in pages:
        assert (page.noindex, 'content="noindex"' in page.head) == (hidden, hidden)


def test_long_sentences_are_cut_between_words_around_the_quote() -> None:
    text = f"{'before ' * 60}June 2024 {'after ' * 60}."
    corpus = made(document("a", claim("one", claim="k"), text=text, span=(420, 429)))
    (page,) = corpus.pages(corpus.catalog.claims[0])
    quote = seen(parsed(page.content).css_first("blockquote"))
    assert re.fullmatch(r"… (before )+June 2024( after)+ …", quote)
    assert len(quote) < 400


# --- a source, a topic, a person --------------------------------------------------------------------------------------


def test_a_source_lists_every_note_that_cites_it_and_for_what() -> None:
    shared = source("s", authors=("A. Author",), publisher="P", url="https://example.org/s", note="A remark.")
    corpus = made(
        document("a", claim("one", citations=cites("s", at="page 4")), note("two", citations=cites("s"))),
        document("b", note("three", NoteKind.CORRECTION, correct="June 2025", citations=cites("s"))),
        sources={"s": shared},
    )
    (page,) = corpus.pages(corpus.catalog.sources[0])
    tree = parsed(page.content)
    assert seen(tree.css_first("h1")) == "Title of s"
    assert seen(tree.css_first("dl")) == "AuthorA. AuthorPublisherPFound athttps://example.org/sRemarkA remark."
    assert seen(tree.css_first("h2")) == "Cited in 3 notes"
    assert [seen(head) for head in tree.css("h3")] == ["Title of a", "Title of b"]
    found = {seen(shown.css_first(".postil-for")) for shown in tree.css(".postil-seen")}
    assert found == {"For what s shows, page 4", "For what s shows"}
    assert seen(tree.css("blockquote")[2]) == "The summit of June 2024 June 2025 was in The Hague, they said."
    assert seen(tree.css_first("del")) + seen(tree.css_first("ins")) == "June 2024June 2025"
    notes = {"documents/a/#note-one", "documents/a/#note-two", "documents/b/#note-three"}
    assert notes <= set(hrefs(page.content, page.address))


def test_readers_are_not_sent_to_a_source_that_is_not_to_be_linked() -> None:
    shared = source("s", url="https://example.org/s", link=False)
    corpus = made(document("a", note("one", citations=cites("s"))), sources={"s": shared})
    (page,) = corpus.pages(corpus.catalog.sources[0])
    assert "https://example.org/s (not linked)" in seen(parsed(page.content))
    for html in (page.content, corpus.slot("sources")):
        assert "https://example.org/s" not in hrefs(html, "")


def test_a_topic_goes_by_kind_and_its_description_links() -> None:
    about = Prose(("<p>See ", CrossLink("a", "one", None, HERE), ".</p>"), "See.")
    corpus = made(
        document("a", note("c"), claim("one", topics=("t",)), topics=("t",)),
        document("b", note("two", topics=("t",)), note("three", NoteKind.CORRECTION, correct="x", topics=("t",))),
        topics={"t": Topic("t", "A topic", about)},
    )
    (page,) = corpus.pages(corpus.catalog.topics[0])
    tree = parsed(page.content)
    assert [entry.id for entry in page.contents] == ["documents", "claim", "correction", "context"]
    assert [seen(head) for head in tree.css("h2")] == ["Documents", "Claims", "Corrections", "Context"]
    assert seen(tree.css_first(".postil-summary")) == "See False: June 2024."
    assert tree.css_first(".postil-see").attributes["href"] == "../../documents/a/#note-one"
    assert seen(tree.css_first(".postil-tally")) == "✕ 1 False ✎ 1 Correction § 1 Context"


def test_a_person_has_what_documents_say_that_they_said() -> None:
    corpus = made(
        document("a", claim("one", speaker="ann"), claim("two", speaker="Other")),
        people={"ann": Person("ann", "Ann Lee", "https://example.org/ann")},
    )
    ann, other = corpus.catalog.people
    (page,) = corpus.pages(ann)
    assert page.title == "Ann Lee"
    assert "documents/a/#note-one" in hrefs(page.content, page.address)
    assert "https://example.org/ann" in hrefs(page.content, page.address)
    assert "documents/a/#note-two" not in hrefs(page.content, page.address)
    assert corpus.pages(other)[0].address == "people/other/"


# --- long lists -------------------------------------------------------------------------------------------------------


def test_a_long_list_of_notes_runs_on_over_pages_and_none_is_missing_or_twice() -> None:
    count = 2 * NOTES + 1
    notes = [note(f"n{number}", citations=cites("s")) for number in range(count)]
    corpus = made(*(document(f"d{place}", one) for place, one in enumerate(notes)), sources={"s": source("s")})
    entry = corpus.catalog.sources[0]
    pages = corpus.pages(entry)
    assert tuple(page.address for page in pages) == entry_addresses(entry)
    assert [page.address for page in pages] == ["sources/s/", "sources/s/page_2/", "sources/s/page_3/"]
    assert [page.title for page in pages][1:] == ["Title of s (page 2)", "Title of s (page 3)"]
    shown = [href for page in pages for href in hrefs(page.content, page.address) if "#note-" in href]
    assert sorted(shown) == sorted(f"documents/d{place}/#note-n{place}" for place in range(count))
    others = {href for page in pages for href in hrefs(page.content, page.address) if "page_" in href}
    assert others == {"sources/s/page_2/", "sources/s/page_3/"}
    assert seen(parsed(pages[1].content).css_first(".postil-pages p")) == f"{NOTES + 1}–{2 * NOTES} of {count}"


def test_a_long_list_runs_on_over_pages_that_need_no_script() -> None:
    count = 2 * ROWS + 1
    documents = [document(f"d{place:03}", published=f"{1500 + place}") for place in range(count)]
    corpus = made(*documents)
    pages = list(continuation_pages(corpus.corpus, corpus.catalog))
    assert [page.address for page in pages] == ["documents/page_2/", "documents/page_3/"]
    assert [page.address for page in pages] == list(continuation_addresses(corpus.corpus, corpus.catalog))
    first = corpus.slot("documents")
    linked = [link for page in [first, *(page.content for page in pages)] for link in parsed(page).css(".postil-row a")]
    assert [seen(link) for link in linked] == [f"Title of d{place:03}" for place in reversed(range(count))]
    assert hrefs(pages[0].content, "documents/page_2/")[-1] == "documents/page_3/"
    sifted = parsed(first).css_first(".postil-sifted").attributes
    assert (sifted["data-postil-list"], sifted["data-postil-size"]) == ("./", str(ROWS))
    assert "data-postil-list" not in pages[0].content
    assert seen(parsed(first).css_first(".postil-count")) == f"{count} documents"


# --- lists ------------------------------------------------------------------------------------------------------------


def test_the_bibliography_has_every_source_once_and_what_carries_most_first() -> None:
    sources = {key: source(key, publisher=by, authors=("A",)) for key, by in (("a", "Q"), ("b", "P"), ("c", "P"))}
    written = Source("d--1", "Written out", ("B. Author",), None, None, None, None, None, None, True, HERE)
    one = note("one", citations=(*cites("a", "b", "c"), Citation("d--1", None, None, HERE)))
    two = note("two", citations=cites("c"))
    corpus = made(document("d", one, two, sources=(written,)), sources=sources)
    rows = parsed(corpus.slot("sources")).css(".postil-row")
    assert [seen(each) for each in rows] == [
        "Title of c A · P · (not linked) 2 notes",
        "Written out B. Author · (not linked) 1 note",
        "Title of b A · P · (not linked) 1 note",
        "Title of a A · Q · (not linked) 1 note",
    ]
    listed = [each for each in hrefs(corpus.slot("sources"), "sources/") if each.startswith("sources/")]
    assert sorted(listed) == sorted(each.address for each in corpus.catalog.sources)


def test_a_source_says_what_it_is_that_it_is_a_party_and_where_it_leads() -> None:
    fields = {"publisher": "NATO", "date": "2025-06", "url": "https://www.nato.example/x", "type": "treaty"}
    told = source("s", **fields, party="its own document")
    corpus = made(document("a", note("one", citations=cites("s"))), sources={"s": told})
    row = parsed(corpus.slot("sources")).css_first(".postil-row")
    assert seen(row) == (
        "Title of s NATO · treaty · June 2025 · nato.example ↗: Title of s "
        "Party to the dispute: its own document 1 note"
    )
    outward = row.css_first(".postil-outward")
    assert (outward.attributes["href"], outward.attributes["rel"]) == ("https://www.nato.example/x", "noopener")
    (page,) = corpus.pages(corpus.catalog.sources[0])
    assert "Party to the dispute its own document" in seen(parsed(page.content).css_first(".postil-head")).replace(
        "disputeits", "dispute its"
    )


def test_sources_are_chosen_by_kind_and_publisher() -> None:
    sources = {
        f"s{number}": source(f"s{number}", publisher=f"P{number % 2}", type=("treaty", "post-weblog", None)[number % 3])
        for number in range(9)
    }
    corpus = made(document("a", note("one", citations=cites(*sources))), sources=sources)
    facets = {
        each.attributes["data-postil-facet"]: [seen(label) for label in each.css("label")]
        for each in parsed(corpus.slot("sources")).css("fieldset")
    }
    assert facets == {"type": ["post weblog 3", "treaty 3"], "publisher": ["P0 5", "P1 4"]}


def test_the_ledger_goes_from_the_newest_review_and_says_wrong_and_right() -> None:
    corpus = made(
        document("a", note("old", NoteKind.CORRECTION, correct="June 2025", reviewed="2025-01-02")),
        document("b", note("new", NoteKind.CORRECTION, correct="May 2025", reviewed="2026-03"), note("plain")),
        document("c", note("undated", NoteKind.CORRECTION, correct="July 2025")),
    )
    tree = parsed(corpus.slot("corrections"))
    assert [seen(head) for head in tree.css("h2")] == [
        "Reviewed March 2026", "Reviewed 2 January 2025", "No date of review",
    ]  # fmt: skip
    assert [(seen(fix.css_first("del")), seen(fix.css_first("ins"))) for fix in tree.css(".postil-ledger > li")] == [
        ("June 2024", "May 2025"),
        ("June 2024", "June 2025"),
        ("June 2024", "July 2025"),
    ]


def a_shelf() -> Made:
    """Eight documents: what can be chosen among them, and what does not hold in them, differs."""
    fix = note("fix", NoteKind.CORRECTION, correct="May")
    link = CrossLink("b", None, None, HERE)
    finding = Prose(("See ", link), "See b", ((Span(4, 5), link),))
    return made(
        document("a", claim("one"), fix, published="2025-12-18", publisher="P", collection="x", topics=("t", "u")),
        document("b", claim("one", "supported"), title="Äon", published="2025", publisher="Q", finding=finding),
        document("c", claim("one", None), published="2024-02", publisher="P", collection="y", topics=("t",)),
        *(document(f"d{place}") for place in range(5)),
        topics={"t": Topic("t", "Topic T", None), "u": Topic("u", "Topic U", None)},
    )


def test_rows_say_whether_a_document_holds_before_it_is_opened() -> None:
    rows = parsed(a_shelf().slot("documents")).css(".postil-row")
    assert [seen(row) for row in rows[:3]] == [
        "Title of a P · 18 December 2025 ✕ 1 False ✎ 1 Correction",
        "Äon Q · 2025 See Äon ● 1 Supported",
        "Title of c P · February 2024 ◇ 1 Not rated",
    ]
    assert seen(rows[3]) == "Title of d0 No notes"
    assert [len(row.css("rect")) for row in rows[:4]] == [1, 1, 1, 0]  # the bar is of claims alone


def test_the_facets_of_a_list_have_counts() -> None:
    tree = parsed(a_shelf().slot("documents"))
    facets = {
        seen(found.css_first("legend")): [seen(item) for item in found.css("li")] for found in tree.css("fieldset")
    }
    assert facets == {
        "Verdict": ["● Supported 1", "✕ False 1", "◇ Not rated 1"],
        "Topic": ["Topic T 2", "Topic U 1"],
        "Publisher": ["P 2", "Q 1"],
        "Year": ["2025 2", "2024 1"],
        "Collection": ["x 1", "y 1"],
        "Notes": ["No notes 5", "Claim 3", "Correction 1"],
    }
    assert [seen(option) for option in tree.css("option")] == [
        "Newest first", "Most that does not hold", "Oldest first", "Title",
    ]  # fmt: skip


def test_a_list_that_is_seen_at_a_glance_has_no_facets() -> None:
    assert "fieldset" not in made(document("a", published="2025"), document("b", published="2024")).slot("documents")


def test_the_script_of_a_list_reads_the_rows_that_the_page_has() -> None:
    corpus = a_shelf()
    files = dict(list_files(corpus.corpus, corpus.catalog))
    assert list(files) == ["documents/list.gz"]
    head, *rows = files["documents/list.gz"].decode().split("\n")
    shown = [re.sub(r"\s+", " ", row.html or "") for row in parsed(corpus.slot("documents")).css(".postil-row")]
    assert [re.sub(r"\s+", " ", parsed(row).css_first("li").html or "") for row in rows] == shown
    data = json.loads(head)
    assert data["orders"] == {
        "unsound": [0, 1, 2, 3, 4, 5, 6, 7],
        "oldest": [2, 1, 0, 3, 4, 5, 6, 7],
        "title": [1, 0, 2, 3, 4, 5, 6, 7],
    }
    assert data["facets"]["verdict"] == {
        "values": [
            ["supported", "Supported", 1, "good", "●"],
            ["false", "False", 1, "bad", "✕"],
            ["_", "Not rated", 1, "neutral", "◇"],
        ],
        "of": [[1], [0], [2], [], [], [], [], []],
    }
    assert data["facets"]["topic"] == {
        "values": [["t", "Topic T", 2], ["u", "Topic U", 1]],
        "of": [[0, 1], [], [0], [], [], [], [], []],
    }


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("address", ["", "claims/", "s/t/"])
def test_every_list_may_stand_on_any_page(slot: str, address: str) -> None:
    fix = note("fix", NoteKind.CORRECTION, correct="June 2025", topics=("nato",))
    corpus = made(document("c", fix, claim("one", speaker="Ann")), topics={"nato": Topic("nato", "NATO", None)})
    corpus = corpus if slot in ("corrections", "topics", "people", "changes-newest") else a_claim()
    known = {"", *(index.address for index in INDEXES.values()), *(entry.address for entry in corpus.catalog.entries)}
    known |= {f"documents/{record.slug}/" for record in corpus.corpus.documents} | {feed for _, feed in FEEDS}
    found = {href.partition("#")[0] for href in hrefs(corpus.slot(slot, address), address)}
    assert found
    assert found <= known


# --- a home page ------------------------------------------------------------------------------------------------------


def test_the_newest_documents_with_notes_are_cards() -> None:
    documents = [document(f"d{year}", claim("one"), published=str(year)) for year in range(2010, 2018)]
    finding = prose("It does not hold.")
    corpus = made(
        *documents,
        document("new", published="2020"),
        document("told", claim("one"), published="2018-02-03", publisher="P", finding=finding),
    )
    tree = parsed(corpus.slot("documents-newest", ""))
    assert [seen(card) for card in tree.css(".postil-card")] == [
        "P · 3 February 2018Title of told It does not hold.✕ 1 False",
        *(f"{year}Title of d{year} ✕ 1 False" for year in range(2017, 2012, -1)),
    ]
    assert seen(tree.css_first(".postil-more-of")) == "All 10 documents"


def test_a_note_is_shown_beside_its_words() -> None:
    body = prose("The paper says so.")
    sourced = {"body": body, "citations": cites("s")}
    corpus = made(
        document("a", note("plain", body=body), claim("bad", **sourced), published="2024", publisher="P"),
        document("b", claim("good", "supported", **sourced), claim("bare", body=body), published="2025"),
        replace(document("c", claim("closed", **sourced), published="2026"), reveal=True),
        document("d", published="2027"),
        sources={"s": source("s")},
    )
    shown = fill_slot("note", redact_closed_verdicts(corpus.corpus), corpus.catalog, "")
    tree = parsed(shown or "")
    assert (
        seen(tree.css_first("figure"))
        == "✕ False · Title of a, P, 2024 The summit of June 2024 was in The Hague, they said."
    )
    assert seen(tree.css_first("mark")) == "June 2024"
    assert seen(tree.css_first(".postil-live-note")) == (
        "Claim ✕ False The paper says so.Sources Title of sRead the note in its document"
    )
    assert set(hrefs(shown or "", "")) == {"documents/a/", "documents/a/#note-bad", "sources/s/"}
    named = fill_slot("note", corpus.corpus, corpus.catalog, "", "b#bare")
    assert "documents/b/#note-bare" in hrefs(named or "", "")
    assert fill_slot("documents", corpus.corpus, corpus.catalog, "", "b#bare") is None


def test_without_a_claim_that_does_not_hold_the_newest_note_is_shown() -> None:
    corpus = made(document("a", note("plain", body=prose("So.")), published="2024"), document("b", note("bare")))
    assert "documents/a/#note-plain" in hrefs(corpus.slot("note", ""), "")


def test_the_newest_corrections_and_changed_verdicts_stand_side_by_side() -> None:
    fixes = [note(f"fix{day}", NoteKind.CORRECTION, correct=f"{day} May", reviewed=f"2026-01-0{day}") for day in (1, 2)]
    corpus = made(document("a", *fixes, claim("one", statement="It was.")))
    changes = [
        Change(event, "a.yml", "one", NoteKind.CLAIM, before, "false", f"2026-02-0{day}", "", None)
        for event, before, day in ((Event.VERDICT, "supported", 2), (Event.ADDED, None, 1))
    ]
    entries = tuple(
        ChangelogEntry(change, "a", "documents/a/#note-one", "Title of a", "It was.", "false", None)
        for change in changes
    )
    catalog = replace(corpus.catalog, changelog=Changelog(entries, {}, ""))
    tree = parsed(fill_slot("changes-newest", corpus.corpus, catalog, "") or "")
    parts = ".postil-newest-title, li, .postil-more-of"
    assert [[seen(item) for item in section.css(parts)] for section in tree.css("section")] == [
        [
            "Corrections",
            "✎ Correction June 2024 → 2 May Title of a · 2 January 2026",
            "✎ Correction June 2024 → 1 May Title of a · 1 January 2026",
            "All corrections",
        ],
        ["Changed verdicts", "● Supported → to ✕ False It was. · Title of a · 2 February 2026", "All changes"],
    ]


@pytest.mark.parametrize("slot", SLOTS)
def test_an_empty_corpus_has_lists_all_the_same(slot: str) -> None:
    html = made().slot(slot, "x/")
    assert re.search(r"No [a-z ]+ yet|has a page yet|<b>0</b> documents", html)


def test_nobody_knows_other_slots() -> None:
    corpus = made()
    assert fill_slot("nothing", corpus.corpus, corpus.catalog, "") is None


# --- pictures ---------------------------------------------------------------------------------------------------------


def a_picture() -> Made:
    return made(
        document("a", claim("one", claim="k", topics=("t",), citations=cites("s")), claim("two"), published="2024-05"),
        document("b", claim("three", "supported", claim="k"), note("four", citations=cites("s")), published="2026"),
        sources={"s": source("s", date="2025-06-25")},
        topics={"t": Topic("t", "A & <topic>", None)},
    )


def test_every_picture_is_xml_with_a_title_and_a_description() -> None:
    for slot in ("overview", "overview-small"):
        html = a_picture().slot(slot, "overview/")
        drawn = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
        assert len(drawn) == html.count("<svg") > 0
        for picture in drawn:
            tree = ET.fromstring(picture)  # noqa: S314 - our own
            assert tree.get("role") == "img"
            assert (tree[0].tag, tree[1].tag) == ("title", "desc")
            assert tree[0].text
            assert tree[1].text
            assert {shape.tag for shape in tree[2:]} <= {"rect", "path"}


def test_claims_and_the_places_of_their_verdicts_are_told_apart() -> None:
    corpus = a_picture()
    assert [seen(figure) for figure in parsed(corpus.slot("overview")).css(".postil-figures li")][1] == "1 claim"
    assert seen(parsed(corpus.slot("overview")).css_first("section p")) == (
        "Documents make claims in 3 places, and each is judged by itself. "
        "A claim that is made in several is counted once among the claims above. "
        "In 1 place the claim has no page of its own and is not among them."
    )
    small = parsed(corpus.slot("overview-small", ""))
    assert seen(small.css_first(".postil-count")) == "The verdicts, in the 3 places where documents make a claim"
    assert (
        seen(parsed(corpus.slot("claims")).css_first(".postil-listed-head"))
        == "1 claim, made in 2 placesLast seen first"
    )
    plain = made(document("a", claim("one", claim="k")))
    assert seen(parsed(plain.slot("overview")).css_first("section p")) == (
        "Documents make claims in 1 place, and each is judged by itself."
    )


def test_every_picture_has_its_words_beside_it() -> None:
    tree = parsed(a_picture().slot("overview"))
    sections = {section.css_first("h2").attributes["id"]: section for section in tree.css("section")}
    assert set(sections) == {"verdicts", "by-topic", "over-time", "carriers", "map"}
    assert seen(sections["verdicts"].css_first("ul")) == "● 1 Supported ✕ 2 False"
    assert [seen(part) for part in sections["by-topic"].css("a, .postil-tally")] == ["A & <topic>", "✕ 1 False"]
    assert seen(sections["by-topic"].css_first("title")) == "A & <topic>: 1 False"
    rows = [[seen(cell) for cell in row.css("th, td")] for row in sections["over-time"].css("tbody tr")]
    assert rows == [["April 2024", "1", "0"], ["April 2025", "0", "1"], ["January 2026", "1", "0"]]
    assert seen(sections["carriers"].css_first("b")) == "2"
    listed = [seen(line) for line in sections["map"].css("details li")]
    assert listed == ["Title of a: ✕ False “June 2024”", "Title of b: ● Supported “June 2024”"]
    described = seen(sections["map"].css_first("desc"))
    assert described == "Title of a: False: “June 2024”. Title of b: Supported: “June 2024”."
    assert len(sections["map"].css("path")) == 2


def test_pictures_are_the_same_every_time() -> None:
    assert a_picture().slot("overview") == a_picture().slot("overview")


# --- what a page says of itself ---------------------------------------------------------------------------------------


def test_every_kind_of_page_says_what_it_is_and_of_when_and_by_whom() -> None:
    """Zotero would take an entry's date from the first document that is named on it."""
    one = claim("one", claim="k", statement="It was so.", reviewed="2026-02-03", citations=cites("s"), speaker="Ann")
    two = claim("two", claim="k", reviewed="2026-01", topics=("t",))
    corpus = made(
        document("a", one, two, published="1999", sources=(source("s"),)),
        publisher=Publisher("The editors", None, None),
        topics={"t": Topic("t", "A topic", None)},
        site_url=SITE,
    )
    kinds = {type(entry).__name__ for entry in corpus.catalog.entries}
    assert kinds == {"ClaimEntry", "SourceEntry", "TopicEntry", "PersonEntry"}
    for entry in corpus.catalog.entries:
        (page,) = corpus.pages(entry)
        metas = [meta.attributes for meta in LexborHTMLParser(f"<head>{page.head}</head>").css("meta")]
        found = {meta.get("property") or meta["name"]: meta["content"] for meta in metas}
        assert (found["og:title"], found["og:description"]) == (page.title, page.description)
        assert (found["og:type"], found["author"]) == ("article", "The editors")
        assert (found["og:site_name"], found["og:url"]) == ("Annotated corpus", SITE + entry.address)
        assert found["article:modified_time"] in {"2026-02-03", "2026-01"}
        assert found["article:published_time"] in {"2026-02-03", "2026-01"}
        assert "citation_title" not in found
        assert "It was so" not in str(found["og:description"])
    (page,) = corpus.pages(corpus.catalog.claims[0])
    assert 'property="og:title" content="False: It was so."' in page.head


# --- hostile words ----------------------------------------------------------------------------------------------------

ELEMENTS = words_of(
    "html head body div nav ol ul li a h1 h2 h3 p dl dt dd bdi time b section mark del ins span svg rect path title "
    "desc table caption thead tbody tr th td blockquote details summary "
    "form fieldset legend label input select option button figure figcaption"
)
ATTRIBUTES = words_of(
    "class id href rel lang dir datetime role scope x y d width height viewbox preserveaspectratio focusable "
    "aria-hidden aria-label aria-labelledby aria-current aria-expanded title type name value "
    "autocomplete spellcheck hidden data-postil-list data-postil-size data-postil-facet data-postil-do"
)
SCHEMES = (
    "http://",
    "https://",
    "mailto:",
    "#",
    "../",
    "./",
    "documents/",
    "search/?",
    *("d/", "e/", "f", "k/", "s/"),  # of rows, from the address of their list
    *(each.address for each in INDEXES.values()),
)


def everywhere(bad: str) -> Iterator[str]:
    """Every page and list of a corpus that says this wherever it can say anything; keys are what sidecars may write."""
    written = Source("w", bad, (bad,), bad, bad, bad, bad, bad, bad, True, HERE)
    about = Prose(("<p>", CrossLink("d", "one", bad, HERE), "</p>"), bad)
    fields = {
        "statement": bad, "speaker": bad, "correct": bad, "body": prose(bad), "techniques": (bad,), "reviewed": bad,
        "topics": ("t",), "verdict": bad, "by": (bad,),
        "citations": (Citation("w", bad, bad, HERE), Citation("s", bad, bad, HERE)),
    }  # fmt: skip
    one, two = claim("one", **{**fields, "claim": "k"}), claim("two", **fields)
    meta = {"title": bad, "language": bad, "publisher": bad, "published": bad, "topics": ("t",), "collection": bad}
    text = f"Before. {bad} they said."
    corpus = made(
        document("d", one, two, text=text, span=(8, 8 + len(bad)), sources=(written,), **meta),
        document("e", claim("three", **{**fields, "claim": "k"}), text=text, span=(8, 8 + len(bad)), **meta),
        *(document(f"f{place}", published="2025") for place in range(8)),
        verdicts={bad: Verdict(bad, bad, bad, None, bad)},
        topics={"t": Topic("t", bad, about)},
        people={bad: Person(bad, bad, bad)},
        sources={"s": replace(written, key="s")},
        search="search/",
    )
    for entry in corpus.catalog.entries:
        for page in corpus.pages(entry):
            yield page.content
    for slot in SLOTS:
        yield corpus.slot(slot, "")
    for _, content in list_files(corpus.corpus, corpus.catalog):
        yield "".join(content.decode().split("\n")[1:])


@pytest.mark.parametrize("bad", CURATED)
def test_no_word_becomes_markup_script_or_a_way_out(bad: str) -> None:
    pages = list(everywhere(bad))
    assert len(pages) == 6 + len(SLOTS) + 3
    for html in pages:
        for element in parsed(html).css("*"):
            attributes = {name.lower(): value or "" for name, value in element.attributes.items()}
            assert element.tag in ELEMENTS, html
            assert set(attributes) <= ATTRIBUTES, html
            href = attributes.get("href", "#")
            assert href.startswith(SCHEMES) or re.fullmatch(r"[a-z0-9-]+/", href), attributes


def test_a_relative_address_is_what_a_browser_makes_of_it() -> None:
    for there in ("claims/a/b/", "sources/s/page_2/", "documents/a/#note-n"):
        assert urljoin(f"{SITE}claims/x/", relative_url("claims/x/", there)) == SITE + there


# --- ways into the search ---------------------------------------------------------------------------------------------


def searchable(**fields: object) -> Made:
    """Two documents in a collection; a name written in two ways, a key with a space, a closed verdict, a stray one."""
    said = [("one", "false", "Ann & Co"), ("two", "supported", "ann co"), ("three", "odd one", "Ann & Co")]
    notes = [claim(id_, verdict, claim="k", speaker=name, topics=("t/1",)) for id_, verdict, name in said]
    fix = note("fix", NoteKind.CORRECTION)
    return made(
        document("box/a", *notes, fix, collection="box 1/é"),
        replace(document("z", claim("closed", speaker="Bob")), reveal=True),
        **{"topics": {"t/1": Topic("t/1", "T", None), "none": Topic("none", "N", None)}, **fields},
    )


def searches(corpus: Made, html: str, address: str) -> list[str]:
    return [href for href in hrefs(html, address) if href.startswith("find/")]


def test_pages_lead_to_the_search_for_what_they_are_about() -> None:
    corpus = searchable(search="find/")
    (person,) = [entry for entry in corpus.catalog.people if entry.person.name == "Ann & Co"]
    topic, empty = corpus.catalog.topics
    found = {entry.address: searches(corpus, page.content, page.address)
             for entry in (person, topic, empty) for page in corpus.pages(entry)}  # fmt: skip
    names = "person=Ann+%26+Co&person=ann+co"
    assert found == {
        "people/ann-co/": [f"find/?{names}&verdict=supported", f"find/?{names}&verdict=false", f"find/?{names}"],
        topic.address: ["find/?topic=t%2F1"],
        "topics/none/": [],
    }


@pytest.mark.parametrize("address", ["", "a/b/c/"])
def test_lists_lead_to_the_search_for_what_they_list(address: str) -> None:
    corpus = searchable(search="find/")
    found = {slot: searches(corpus, corpus.slot(slot, address), address) for slot in SLOTS}
    assert {slot: links for slot, links in found.items() if links} == {
        "documents": ["find/?type=document"],
        "claims": ["find/?kind=claim"],
        "corrections": ["find/?kind=correction"],
        "overview": ["find/?verdict=supported", "find/?verdict=false"],
        "overview-small": ["find/?verdict=supported", "find/?verdict=false"],
    }


def test_a_list_leads_to_no_search_where_nothing_is_listed_or_the_site_has_none() -> None:
    empty = made(search="find/")
    assert [slot for slot in SLOTS if searches(empty, empty.slot(slot, ""), "")] == []
    without = searchable()
    drawn = [without.slot(slot, "") for slot in SLOTS]
    drawn += [page.content for entry in without.catalog.entries for page in without.pages(entry)]
    assert [html for html in drawn if "find/" in html or "postil-search-for" in html] == []
