"""Weaving: cases as data, laws, and real, dense, nested notes."""

from __future__ import annotations

import gzip
import json
import random
import re
import warnings
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from render_makers import body, note, placements, plain_body
from selectolax.lexbor import LexborHTMLParser

from builder.model import Body, Piece, PieceRole, Placement, Span
from builder.render.weave import LANES, weave

GUM = Path(__file__).parents[2].parent / "shared" / "testdata" / "gum_open.jsonl.gz"
XHTML = "{http://www.w3.org/1999/xhtml}"
TAG, TEXT, GAP = PieceRole.TAG, PieceRole.TEXT, PieceRole.GAP


def woven(text: Body, placed: tuple[Placement, ...], tones: dict[str, str] | None = None) -> str:
    tones = tones or {each.note.id: "context" for each in placed}
    return weave(text, placed, tones, address="documents/a/")


def short(html: str) -> str:
    """The woven text with marks as ⟦ids:words⟧ and references as ^number, for cases that can be read."""
    number = r'<span>\[</span><a href="#note-[^"]*" [^>]*>(\d+)</a><span>\]</span>'
    html = re.sub(rf'<sup data-postil="ref" class="[^"]*">{number}</sup>', r"^\1", html)
    html = re.sub(r'<mark(?: id="[^"]*")? data-postil-notes="([^"]*)" class="[^"]*">', r"⟦\1:", html)
    return re.sub(r'<span id="[^"]*"></span>', "", html).replace("</mark>", "⟧")


# Markup with the spans of notes a, b, c … (several passages in one inner list), and what must come out.
CASES = {
    "none": ("one two", [], "one two"),
    "one": ("one two three", [[(4, 7)]], "one ⟦a:two⟧^1 three"),
    "whole": ("one", [[(0, 3)]], "⟦a:one⟧^1"),
    "nested": ("one two three", [[(0, 13)], [(4, 7)]], "⟦a:one ⟧⟦b a:two⟧^1⟦a: three⟧^2"),
    "nested, one end": ("one two three", [[(0, 13)], [(8, 13)]], "⟦a:one two ⟧⟦b a:three⟧^1^2"),
    "nested, one start": ("one two three", [[(0, 13)], [(0, 3)]], "⟦b a:one⟧^1⟦a: two three⟧^2"),
    "crossing": ("one two three", [[(0, 7)], [(4, 13)]], "⟦a:one ⟧⟦b a:two⟧^1⟦b: three⟧^2"),
    "touching": ("one two", [[(0, 3)], [(3, 7)]], "⟦a:one⟧^1⟦b: two⟧^2"),
    "equal": ("one two", [[(0, 3)], [(0, 3)]], "⟦a b:one⟧^1^2 two"),
    "three deep": ("abcde", [[(0, 5)], [(1, 4)], [(2, 3)]], "⟦a:a⟧⟦b a:b⟧⟦c b a:c⟧^1⟦b a:d⟧^2⟦a:e⟧^3"),
    "passages": ("one two three", [[(0, 3), (8, 13)]], "⟦a:one⟧ two ⟦a:three⟧^1"),
    "passages around": ("one two three", [[(0, 3), (8, 13)], [(4, 7)]], "⟦a:one⟧ ⟦b:two⟧^1 ⟦a:three⟧^2"),
    "passages of one note that overlap": ("one two", [[(0, 5), (4, 7)]], "⟦a:one ⟧⟦a:t⟧⟦a:wo⟧^1"),
}


@pytest.mark.parametrize("case", CASES)
def test_marks_of_one_paragraph(case: str) -> None:
    text, spans, expected = CASES[case]
    assert short(woven(body([Piece(TEXT, text)]), placements(spans))) == expected


def pieces(written: str) -> list[Piece]:
    """``<p>`` is a tag, ``·`` a gap of two line feeds, all else text."""
    parts = re.findall(r"<[^>]*>|·|[^<·]+", written)
    return [Piece(GAP, "\n\n") if each == "·" else Piece(TAG if each.startswith("<") else TEXT, each) for each in parts]


# As above, in markup; offsets count the text alone, a gap as two.
IN_MARKUP = {
    "split at every tag": (
        "<p>one <em>two</em> three</p>",
        [[(2, 9)]],
        "<p>on⟦a:e ⟧<em>⟦a:two⟧</em>⟦a: t⟧^1hree</p>",
    ),
    "no mark in a gap": (
        "<p>one</p>·<p>two</p>",
        [[(0, 8)]],
        "<p>⟦a:one⟧</p>\n\n<p>⟦a:two⟧^1</p>",
    ),
    "an end in a gap": ("<p>one</p>·<p>two</p>", [[(0, 4)]], "<p>⟦a:one⟧^1</p>\n\n<p>two</p>"),
    "a start in a gap": ("<p>one</p>·<p>two</p>", [[(4, 8)]], "<p>one</p>\n\n<p>⟦a:two⟧^1</p>"),
    "nothing but a gap": ("<p>one</p>·<p>two</p>", [[(3, 5)]], "<p>one^1</p>\n\n<p>two</p>"),
    "nothing before it": ("·<p>two</p>", [[(0, 2)]], "\n\n<p>two</p>^1"),
    "a gap inside a word": ("<p>on</p>·<p>e</p>", [[(1, 5)]], "<p>o⟦a:n⟧</p>\n\n<p>⟦a:e⟧^1</p>"),
    "an end inside a link": (
        '<a href="/x">one two</a> three',
        [[(0, 3)]],
        '<a href="/x">⟦a:one⟧ two</a>^1 three',
    ),
    "ends inside and at the end of a link": (
        '<a href="/x">one two</a> three',
        [[(4, 7)], [(0, 3)], [(0, 7)]],
        '<a href="/x">⟦b c:one⟧⟦c: ⟧⟦a c:two⟧</a>^1^2^3 three',
    ),
    "an end inside a formula": (
        "a <math><mi>x</mi><mo>=</mo><mn>1</mn></math> b",
        [[(2, 3)], [(0, 5)]],
        "⟦b:a ⟧<math><mi>⟦a b:x⟧</mi><mo>⟦b:=⟧</mo><mn>⟦b:1⟧</mn></math>^1^2 b",
    ),
    "elements that only look like links": ("<abbr>one</abbr> two", [[(0, 3)]], "<abbr>⟦a:one⟧^1</abbr> two"),
    "a link never closed": ('<a href="/x">one', [[(0, 3)]], '<a href="/x">⟦a:one⟧^1'),
}


@pytest.mark.parametrize("case", IN_MARKUP)
def test_marks_in_markup(case: str) -> None:
    written, spans, expected = IN_MARKUP[case]
    assert short(woven(body(pieces(written)), placements(spans))) == expected


def test_what_a_mark_and_a_reference_look_like() -> None:
    made = woven(body(pieces("one")), placements([[(0, 3)], [(0, 3)]]), {"a": "bad", "b": "good"})
    assert made == (
        '<mark id="quote-a" data-postil-notes="a b" class="postil-mark postil-tone-bad postil-line0-bad '
        'postil-line1-good"><span id="quote-b"></span>one</mark>'
        '<sup data-postil="ref" class="postil-ref postil-tone-bad">'
        '<span>[</span><a href="#note-a" aria-label="note 1">1</a><span>]</span></sup>'
        '<sup data-postil="ref" class="postil-ref postil-tone-good">'
        '<span>[</span><a href="#note-b" aria-label="note 2">2</a><span>]</span></sup>'
    )


def lines(html: str) -> list[tuple[str, dict[int, str]]]:
    marks = re.findall(r'data-postil-notes="([^"]*)" class="([^"]*)"', html)
    return [(ids, {int(n): tone for n, tone in re.findall(r"line(\d)-(\w+)", kind)}) for ids, kind in marks]


def test_a_line_keeps_its_height_and_the_inner_runs_above() -> None:
    made = woven(plain_body("abcdef"), placements([[(0, 6)], [(2, 4)]]), {"a": "bad", "b": "good"})
    assert lines(made) == [("a", {1: "bad"}), ("b a", {0: "good", 1: "bad"}), ("a", {1: "bad"})]


def test_lines_deeper_than_can_be_told_apart_share_the_last() -> None:
    spans = [[(each, 12 - each)] for each in range(6)]
    made = woven(plain_body("abcdefghijkl"), placements(spans))
    assert {lane for _, each in lines(made) for lane in each} == set(range(LANES))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
        ("a\rb", "a&#13;b"),
        ("'\"", "'\""),
    ],
)
def test_characters_are_escaped(before: str, after: str) -> None:
    assert woven(body([Piece(TEXT, before)]), ()) == after


@pytest.mark.parametrize("spans", [[], [[(0, 1)]], [[(0, 5)]], [[(1, 3)]]])
@pytest.mark.parametrize("tag", ["<pre>", '<pre class="x">', "<pre>\n"])
def test_a_line_feed_first_in_pre_survives(spans: list[list[tuple[int, int]]], tag: str) -> None:
    text = body([Piece(TAG, tag), Piece(TEXT, "\n\none"), Piece(TAG, "</pre>")])
    assert_law(woven(text, placements(spans)), text)


@pytest.mark.parametrize(
    ("tag", "address", "expected"),
    [
        ('<img src="postil:b.png">', "documents/a/", '<img src="../_files/b.png">'),
        (
            '<img alt="x" src="postil:c%20d/%C3%A9&amp;1%23.png" width="3">',
            "documents/c/a/",
            '<img alt="x" src="../../_files/c%20d/%C3%A9&amp;1%23.png" width="3">',
        ),
        ('<img src="/b.png" alt="postil:">', "documents/a/", '<img src="/b.png" alt="postil:">'),
        ('<a href="postil:b">', "documents/a/", '<a href="postil:b">'),
    ],
)
def test_pictures_beside_the_document(tag: str, address: str, expected: str) -> None:
    assert weave(body([Piece(TAG, tag)]), (), {}, address=address) == expected


# --- laws -----------------------------------------------------------------------------------------------------------


def text_of_html5lib(html: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = html5lib.parse(f"<!doctype html><article>{html}</article>")
    article = tree.find(f".//{XHTML}article")
    assert article is not None
    for parent in article.iter():
        for child in list(parent):
            if child.get("data-postil") == "ref":
                place = list(parent).index(child)
                tail = child.tail or ""
                parent.remove(child)
                if place:
                    parent[place - 1].tail = (parent[place - 1].tail or "") + tail
                else:
                    parent.text = (parent.text or "") + tail
    return "".join(article.itertext())


def text_of_lexbor(html: str) -> str:
    tree = LexborHTMLParser(f"<!doctype html><article>{html}</article>")
    for each in tree.css('[data-postil="ref"]'):
        each.decompose()
    (article,) = tree.css("article")
    return article.text(deep=True, separator="", strip=False)


def assert_law(html: str, text: Body) -> None:
    assert text_of_html5lib(html) == text.text
    assert text_of_lexbor(html) == text.text


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=6
)
INLINE = ["<em>", "<b>", '<a href="/x">', "<code>"]


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    made = list[Piece]()
    for block in range(draw(st.integers(1, 3))):
        if block:
            made.append(Piece(GAP, draw(st.sampled_from(["\n", "\n\n", " \n"]))))
        outer = draw(st.sampled_from(["p", "pre", "blockquote"]))
        made.append(Piece(TAG, f"<{outer}>"))
        for _ in range(draw(st.integers(1, 3))):
            tag = draw(st.sampled_from(["", *INLINE]))
            made += [Piece(TAG, tag)] if tag else []
            made.append(Piece(TEXT, draw(WORDS)))
            made += [Piece(TAG, f"</{re.match('<([a-z]+)', tag)[1]}>")] if tag else []  # type: ignore[index]
        made.append(Piece(TAG, f"</{outer}>"))
    return body(made)


@st.composite
def woven_bodies(draw: st.DrawFn) -> tuple[Body, tuple[Placement, ...]]:
    text = draw(bodies())
    offsets = st.integers(0, len(text.text))
    notes = list[list[tuple[int, int]]]()
    for _ in range(draw(st.integers(0, 6))):
        ends = sorted(draw(st.sets(offsets, min_size=2, max_size=4)))
        notes.append([(ends[at], ends[at + 1]) for at in range(0, len(ends) - 1, 2)])
    return text, placements(notes)


@given(woven_bodies())
def test_weaving_never_changes_the_text(made: tuple[Body, tuple[Placement, ...]]) -> None:
    text, placed = made
    assert_law(woven(text, placed), text)


@given(woven_bodies(), st.randoms(use_true_random=False))
def test_the_order_of_notes_does_not_matter(made: tuple[Body, tuple[Placement, ...]], chance: random.Random) -> None:
    text, placed = made
    shuffled = list(placed)
    chance.shuffle(shuffled)
    assert woven(text, tuple(shuffled)) == woven(text, placed)


@given(woven_bodies())
def test_every_covered_character_names_its_notes(made: tuple[Body, tuple[Placement, ...]]) -> None:
    text, placed = made
    tree = LexborHTMLParser(f"<!doctype html><article>{woven(text, placed)}</article>")
    found = [each.css_first("a").attributes["href"] for each in tree.css('[data-postil="ref"]')]
    assert sorted(filter(None, found)) == sorted(f"#note-{each.note.id}" for each in placed)
    ids = [each.attributes["id"] for each in tree.css("[id]")]
    assert sorted(filter(None, ids)) == sorted(f"quote-{each.note.id}" for each in placed)
    assert not tree.css("mark mark, a a, a sup")
    in_text = text_places(text)
    for each in placed:
        marked = "".join(
            mark.text(deep=True)
            for mark in tree.css("mark")
            if each.note.id in (mark.attributes["data-postil-notes"] or "").split()
        )
        covered = {at for span in each.spans for at in range(span.start, span.end)} & in_text
        assert marked == "".join(text.text[at] for at in sorted(covered))


def text_places(text: Body) -> set[int]:
    places, at = set[int](), 0
    for each in text.pieces:
        if each.role is not TAG:
            places |= set(range(at, at + len(each.value))) if each.role is TEXT else set()
            at += len(each.value)
    return places


# --- real notes -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not GUM.exists(), reason="GUM is not here: no dense, nested notes by other people")
def test_real_documents_with_thousands_of_nested_notes() -> None:
    total = 0
    with gzip.open(GUM, "rt", encoding="utf-8") as lines_:
        for number, line in enumerate(lines_):
            record = json.loads(line)
            text = plain_body(record["text"])
            spans = [(each["start"], each["end"]) for each in record["annotations"]]
            order = sorted(spans, key=lambda each: (each[1], -each[0]))
            placed = tuple(Placement(note(f"e{place}"), (Span(*span),), place) for place, span in enumerate(order, 1))
            html = woven(text, placed)
            assert text_of_lexbor(html) == text.text
            if not number % 20:
                assert text_of_html5lib(html) == text.text
            assert re.findall(r'href="#note-e(\d+)"', html) == [str(each) for each in range(1, len(placed) + 1)]
            total += len(placed)
    assert total == 28_465
