import pytest
from hypothesis import given
from hypothesis import strategies as st
from reparse import faults, html5lib_article, printed, records, seen_by_html5lib, seen_by_lexbor

from builder.diagnostics import Place
from builder.model import Heading, Limits, PieceRole
from builder.read.markdown import read_markdown
from builder.source_positions import locate

LIMITS = Limits()


def read(source, folder="", first_line=1):
    return read_markdown(source, path="seeds/a.md", folder=folder, limits=LIMITS, first_line=first_line)


def body_of(source, folder=""):
    reading, _ = read(source, folder)
    assert reading is not None
    return reading.body


def test_the_tags_of_every_kind_of_block():
    source = (
        "# H *e*\n\na **b** ~~c~~ `d`  \ne\n\n> q\n\n3. x\n4. y\n\n---\n\n| h | i |\n|---|--:|\n| j | k |\n\n"
        "```py\n<l>\n```\n"
    )
    assert printed(body_of(source)) == (
        '<h2 id="src-h-e">H <em>e</em></h2>\n<p>a <strong>b</strong> <s>c</s> <code>d</code><br>\ne</p>\n<blockquote>\n'
        '<p>q</p>\n</blockquote>\n<ol start="3">\n<li>x</li>\n<li>y</li>\n</ol>\n<hr>\n'
        '<table>\n<thead>\n<tr>\n<th>h</th>\n<th align="right">i</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td>j</td>\n<td align="right">k</td>\n</tr>\n</tbody>\n'
        "</table>\n<pre><code>&lt;l&gt;</code></pre>"
    )


def test_title_headings_links_and_pictures():
    reading, diagnostics = read(
        "## The *head*\n[a](#the-head) [b](#nowhere) [c](https://x.y/) [d](other.md) [e](javascript:x)\n"
        "![f](p/g.png) ![h](https://x.y/i.png)",
        folder="one",
    )
    assert diagnostics == ()
    assert reading.body.headings == (Heading(3, "src-the-head", "The head"),)
    assert reading.body.pictures == ("one/p/g.png",)
    assert [piece.value for piece in reading.body.pieces if piece.role is PieceRole.TAG][5:] == [
        '<a href="#src-the-head">',
        "</a>",
        '<a href="https://x.y/" rel="nofollow noopener noreferrer ugc">',
        "</a>",
        '<img src="postil:one/p/g.png" alt="f">',
        '<img class="postil-picture" alt="Picture not loaded: h (https://x.y/i.png)">',
        "</p>",
    ]
    assert reading.body.text == "The head\na b c d [e](javascript:x)\n"[:-1]


def test_raw_html_is_text():
    body = body_of("<b>x</b>\n\n<script>y</script>")
    assert body.text == "<b>x</b>\n<script>y</script>"
    assert faults(printed(body)) == []


def test_every_word_is_found_in_the_file():
    source = (
        "# Alpha *beta*\n\n> quote \\*gamma &amp; delta [eps](http://zeta 'eta') zeta\n>  theta  \n> iota\n\n"
        "1. 1 kappa\n   - lambda\n\n| mu | nu |\n|----|----|\n| xi | `omicron` pi |\n\n"
        "```\n rho\n\n  sigma\n```\n\n    tau\n"
    )
    body = read(source, first_line=5)[0].body
    rows = source.split("\n")
    greek = "Alpha beta gamma delta eps zeta theta iota kappa lambda mu nu xi omicron pi rho sigma tau"
    for word in greek.split():
        line, column = locate(body, body.text.index(word))
        assert rows[line - 5][column - 1 :].startswith(word), word
    line, column = locate(body, body.text.index("zeta"))
    assert rows[line - 5][column - 1 :] == "zeta", "not the one in the link's address"
    line, column = locate(body, body.text.index("1 kappa"))
    assert rows[line - 5][column - 1 :] == "1 kappa", "not the number of the item"


@pytest.mark.parametrize("levels", [48, 97, 98, 99, 300, 10_000])
def test_deep_quotes_are_read_or_refused_but_never_cut(levels):
    reading, diagnostics = read("\n" + ">" * levels + " x")
    if levels < 98:
        assert reading.body.text == "x"
    else:
        assert reading is None
        assert [(each.place.line, each.code) for each in diagnostics] == [(2, "H101")]


@pytest.mark.parametrize(
    "source",
    ["[" * 100_000, "![" * 1_900, "*a_" * 10_000, "`" * 50_000 + "a", "**" * 20_000 + "a" + "**" * 20_000,
     "> " * 10_000 + "a",
     "".join("  " * n + "- a\n" for n in range(300)), "[a](<" * 800, "a" + " " * 100_000 + "b", "[a](" + "(" * 30_000],
    ids=lambda source: source[:4],
)  # fmt: skip
def test_no_document_keeps_the_reader_busy(source):
    # Where the cost is quadratic, these take minutes: a run that hangs here has failed.
    reading, diagnostics = read(source)
    assert reading is not None or [each.code for each in diagnostics] == ["H101"]


def test_what_html_cannot_carry_is_told_at_its_line_of_the_file():
    reading, diagnostics = read("a\nb\0", first_line=4)
    assert reading.body.text == "a\nb\ufffd"
    assert [(each.place, each.code) for each in diagnostics] == [(Place("seeds/a.md", 5, 2), "H103")]


def test_the_text_of_every_example_of_the_specification():
    compared = 0
    for example in records("commonmark.json"):
        if example["section"] in ("HTML blocks", "Raw HTML") or "<!--" in example["html"]:
            continue
        body = body_of(example["markdown"])
        markup = printed(body)
        assert seen_by_html5lib(markup) == body.text, example["example"]
        assert seen_by_lexbor(markup) == body.text, example["example"]
        assert faults(markup) == [], example["example"]
        if body_has_raw_html(example):
            continue
        compared += 1
        assert body.text == "".join(html5lib_article(example["html"]).itertext()).strip(), example["example"]
    assert compared > 550


def body_has_raw_html(example):
    """Whether the reference passes tags of the example through, which are text here."""
    names = [
        "a",
        "b",
        "del",
        "i",
        "bab",
        "c2c",
        "div",
        "foo",
        "input",
        "pre",
        "script",
        "style",
        "table",
        "td",
        "tr",
        "th",
        "ins",
        "image",
    ]
    raw = [name for name in names if f"<{name}" in example["markdown"] and f"<{name}" in example["html"]]
    return bool(raw) or "<a href" in example["markdown"]


BITS = st.one_of(
    st.sampled_from("*_`[]()<>!#-+|~\\&> \n\t:1.\0'\""),
    st.sampled_from(
        ["a", "b ", "\n\n", "    ", "```", "](", "http://x.y", "&#13;", "&amp;", "---", "|-|", "\u2028", "\x0b"]
    ),
    st.just("javascript:"),
)


@given(st.lists(BITS, max_size=40).map("".join))
def test_law_printed_pieces_say_the_text(source):
    body = body_of(source)
    markup = printed(body)
    assert body.text == "".join(piece.value for piece in body.pieces if piece.role is not PieceRole.TAG)
    assert seen_by_html5lib(markup) == body.text
    assert seen_by_lexbor(markup) == body.text
    assert faults(markup) == []
