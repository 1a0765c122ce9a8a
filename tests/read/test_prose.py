import pytest
from hypothesis import given
from hypothesis import strategies as st
from reparse import faults, records

from builder.diagnostics import Place
from builder.model import CrossLink
from builder.read.markdown import render_line, render_prose


def place(line, column):
    return Place("seeds/a.yml", line + 10, column + 7)


def html_of(source):
    value, diagnostics = render_prose(source, place)
    assert diagnostics == ()
    return "".join(
        each if isinstance(each, str) else f"«{each.document}#{each.note}|{each.words}»" for each in value.html
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a *b*\n\nc", "<p>a <em>b</em></p>\n<p>c</p>"),
        ("# H\n\nx", "<p><strong>H</strong></p>\n<p>x</p>"),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
        ("[x](https://a.b/ 'T')", '<p><a href="https://a.b/" rel="nofollow noopener noreferrer" title="T">x</a></p>'),
        ("[x](#note-y)", '<p><a href="#note-y">x</a></p>'),
        ("[x](mailto:a@b.c)", '<p><a href="mailto:a@b.c" rel="nofollow noopener noreferrer">x</a></p>'),
        ("[x](/y) [z](//a.b/) [w](y.md)", "<p>x z w</p>"),
        ("[x](javascript:y)", "<p>[x](javascript:y)</p>"),
        ("![the *picture*](https://a.b/c.png)", "<p>the picture</p>"),
        ("[[a]]", "<p>«a#None|None»</p>"),
        ("[[a/b#c-1|the words]]", "<p>«a/b#c-1|the words»</p>"),
        ("[[#c]], [[a|two\n lines]]", "<p>«None#c|None», «a#None|two lines»</p>"),
        ("`[[a]]` \\[[a]] [[1]](https://a.b/)",
         '<p><code>[[a]]</code> [[a]] <a href="https://a.b/" rel="nofollow noopener noreferrer">[1]</a></p>'),
        ("*[[a|<i>]]*", "<p><em>«a#None|<i>»</em></p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_made_of_markdown(source, expected):
    assert html_of(source) == expected


@pytest.mark.parametrize(
    ("source", "html", "text"),
    [
        ("a *b*", "a <em>b</em>", "a b"),
        ("a\nb", "a b", "a b"),
        ("a\n\nb", "a  b", "a  b"),
        ("a\\\nb  \nc", "a b c", "a b c"),
        ("# a\n- b\n\n> c", "# a - b  &gt; c", "# a - b  > c"),
        ("| a |\n|---|", "| a | |---|", "| a | |---|"),
        ("    code", "    code", "code"),
        ("`a\nb` ![p](q.png) <b>", "<code>a b</code> p &lt;b&gt;", "a b p <b>"),
    ],
)
def test_a_line_has_no_blocks(source, html, text):
    value, diagnostics = render_line(source, place)
    assert ("".join(value.html), value.text, diagnostics) == (html, text, ())


def test_a_crossref_in_a_line_knows_its_place():
    value, diagnostics = render_line("one\n two [[b#c]] and [[b#c]", place)
    assert [(each, value.text[span.start : span.end]) for span, each in value.links] == [
        (CrossLink("b", "c", None, Place("seeds/a.yml", 11, 12)), "b#c")
    ]
    assert diagnostics == ()
    value, diagnostics = render_line("a\n[[B]]", place)
    assert ([each.code for each in diagnostics], diagnostics[0].place) == (["L304"], Place("seeds/a.yml", 11, 7))


def test_a_crossref_knows_its_place():
    value, _ = render_prose("one\n- two `[[a]]` [[b#c]]\n- [[d]]", place)
    assert [each for each in value.html if isinstance(each, CrossLink)] == [
        CrossLink("b", "c", None, Place("seeds/a.yml", 11, 21)),
        CrossLink("d", None, None, Place("seeds/a.yml", 12, 9)),
    ]


def test_the_text_has_the_words_or_else_the_target():
    value, _ = render_prose("See [[a#b]], [[#c]] and [[d|*these*]].\n\n![p](q.png)", place)
    assert value.text == "See a#b, c and *these*.\np"
    assert [(value.text[span.start : span.end], link.note) for span, link in value.links] == [
        ("a#b", "b"),
        ("c", "c"),
        ("*these*", None),
    ]
    assert value.with_words(lambda link: link.document and "a title").text == "See a title, c and *these*.\np"


def test_links_are_counted_in_the_text_without_its_white_space_at_the_ends():
    value, _ = render_prose("&#32;[[a]] [[]] [[b]]&#32;", place)
    assert value.text == "a [[]] b"
    assert [value.text[span.start : span.end] for span, _ in value.links] == ["a", "b"]


@pytest.mark.parametrize(
    "inside", ["", " ", "A", "a b", "#", "a#", "a#B", "a#b#c", "a|", "a| ", "|a", "a|b|c", "a?b", "\u2028"]
)
def test_a_malformed_crossref_is_told_and_stays_as_written(inside):
    value, diagnostics = render_prose(f"x\n[[{inside}]]", place)
    assert [(each.place, each.code) for each in diagnostics] == [(Place("seeds/a.yml", 11, 7), "L304")]
    assert value.html == (f"<p>x\n[[{inside}]]</p>",)


def test_what_cannot_be_read_is_told():
    assert [each.code for each in render_prose(">" * 200 + "x", place)[1]] == ["H101"]
    assert [(each.place, each.code) for each in render_prose("a\n\0", place)[1]] == [
        (Place("seeds/a.yml", 11, 7), "H103")
    ]


def finished(source):
    value, _ = render_prose(source, place)
    return "".join(each for each in value.html if isinstance(each, str))


def test_hostile_prose_is_harmless():
    for payload in [record["payload"] for record in records("xss_dompurify.jsonl")] + records("blns.json"):
        assert faults(finished(payload)) == [], payload


@given(st.lists(st.sampled_from(["[[", "]]", "a", "#", "|", "](", ")", "\n", " ", "`", "*", "<b>", "javascript:x", "https://a.b",
                                 "![", "> ", "- ", "\0", "&#106;", "'"]), max_size=30).map("".join))  # fmt: skip
def test_law_prose_is_always_safe(source):
    assert faults(finished(source)) == []
