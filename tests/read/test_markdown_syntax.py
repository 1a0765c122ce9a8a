"""What is read of Markdown beyond CommonMark: footnotes, tasks, definitions, call-outs, comments; raw HTML is text."""

from __future__ import annotations

import re

import pytest
from reparse import printed

from builder.model import Limits
from builder.read.markdown import read_markdown
from builder.source_positions import locate


def read(source):
    parsed, diagnostics = read_markdown(source, path="seeds/a.md", folder="", limits=Limits())
    assert parsed is not None
    return parsed.body, [f"{each.place.line} {each.code} {each.message}" for each in diagnostics]


def between_tags(markup):
    """Markup without the line feeds between its tags, which the text has where CommonMark's reference puts them."""
    return re.sub(r">\n+(?=<)", ">", markup)


CASES = {
    "footnotes stay where they are written, and lead back": (
        "It sank[^b] twice.[^1]\n\n[^1]: On a *pond*.\n[^b]: At sea,\n    in a calm.\n\n    So it was.\n\nThe end.",
        (
            '<p>It sank<sup id="src-fnref-1"><a href="#src-fn-1">[1]</a></sup> twice.'
            '<sup id="src-fnref-2"><a href="#src-fn-2">[2]</a></sup></p>\n'
            '<div class="postil-footnote" id="src-fn-2"><p><a href="#src-fnref-2">[2]</a> On a <em>pond</em>.</p></div>'
            '<div class="postil-footnote" id="src-fn-1">\n<p><a href="#src-fnref-1">[1]</a> At sea,\nin a calm.</p>\n'
            "<p>So it was.</p>\n</div>\n<p>The end.</p>"
        ),
    ),
    "a footnote that is referred to twice": (
        "a[^x] b[^x]\n\n[^x]: c",
        (
            '<p>a<sup id="src-fnref-1"><a href="#src-fn-1">[1]</a></sup> b'
            '<sup id="src-fnref-1-2"><a href="#src-fn-1">[1]</a></sup></p>\n'
            '<div class="postil-footnote" id="src-fn-1">\n<p><a href="#src-fnref-1">[1]</a> c</p>\n</div>'
        ),
    ),
    "a footnote that nothing refers to is not lost": (
        "a\n\n[^note]: lost?",
        '<p>a</p>\n<div class="postil-footnote">\n<p>[note] lost?</p>\n</div>',
    ),
    "a mark without a footnote is text": ("a[^1] b", "<p>a[^1] b</p>"),
    "tasks": (
        "- [x] done\n- [ ] *not* yet\n- [y] no box\n- []\n\n1. [X] one",
        (
            "<ul>\n<li>☑ done</li>\n<li>☐ <em>not</em> yet</li>\n<li>[y] no box</li>\n<li>[]</li>\n</ul>\n"
            "<ol>\n<li>☑ one</li>\n</ol>"
        ),
    ),
    "tasks with paragraphs": (
        "- [ ] one\n\n  more\n\n- two",
        "<ul>\n<li>\n<p>☐ one</p>\n<p>more</p>\n</li>\n<li>\n<p>two</p>\n</li>\n</ul>",
    ),
    "definitions": (
        "Term\n: means *this*\n: or that\n\nOther\n: x",
        "<dl>\n<dt>Term</dt>\n<dd>means <em>this</em></dd>\n<dd>or that</dd>\n<dt>Other</dt>\n<dd>x</dd>\n</dl>",
    ),
    "call-outs": (
        "> [!NOTE]\n> Mind the *gap*.\n\n> [!warning]- Deep *water*\n> Swim.\n\n> [!tip]",
        (
            "<blockquote>\n<p><strong>Note</strong></p>\n<p>Mind the <em>gap</em>.</p>\n</blockquote>\n"
            "<blockquote>\n<p><strong>Deep <em>water</em></strong></p>\n<p>Swim.</p>\n</blockquote>\n"
            "<blockquote>\n<p><strong>Tip</strong></p>\n</blockquote>"
        ),
    ),
    "brackets that are no call-out": (
        "> [!\n\n[!NOTE]\n\n- > a [!NOTE]",
        "<blockquote><p>[!</p></blockquote><p>[!NOTE]</p><ul><li><blockquote><p>a [!NOTE]</p></blockquote></li></ul>",
    ),
    "comments are dropped": (
        "<!-- ask -->\n\na <!-- b --> c\n<!-- over\n\nlines -->\nd\n\n- <!-- e -->\n- f\n\n> <!-- g\n> h --> i",
        "<p>a  c</p>\n<p>d</p>\n<ul>\n<li></li>\n<li>f</li>\n</ul>\n<blockquote>\n<p> i</p>\n</blockquote>",
    ),
    "words after a comment are kept": ("a\n\n<!-- b --> c", "<p>a</p><p> c</p>"),
    "what is no comment": (
        "a <!-- b\n\n<!-\n\n`<!-- c -->`\n\n    <!-- d -->\n\n<!--",
        (
            "<p>a &lt;!-- b</p><p>&lt;!-</p><p><code>&lt;!-- c --&gt;</code></p>"
            "<pre><code>&lt;!-- d --&gt;\n</code></pre><p>&lt;!--</p>"
        ),
    ),
    "a tag is shown as it is written": ("a #tag b", "<p>a #tag b</p>"),
}


@pytest.mark.parametrize("case", CASES)
def test_syntax(case):
    source, markup = CASES[case]
    body, diagnostics = read(source)
    assert between_tags(printed(body)) == between_tags(markup)
    assert diagnostics == []


@pytest.mark.parametrize(
    ("source", "diagnostics"),
    [
        ("a\n\nOne<br>two <b>c</b>.", ["3 H107 tags of HTML are shown as text: <br>, <b>"]),
        (
            '<p align="center">Fired <i>at</i> dawn <br/><u>x</u></p>',
            ["1 H107 tags of HTML are shown as text: <p>, <i>, <br> and 1 more"],
        ),
        ("`<br>`\n\n```\n<b>\n```\n\n    <p>\n\n<https://example.org> <name> a<b and c &lt;br> \\<br>", []),
    ],
)
def test_raw_html_is_reported_once(source, diagnostics):
    assert read(source)[1] == diagnostics


UNREAD = {
    "==wet== clay": "==…== (1)",
    "==wet==, ++dry++ and ==damp *clay*==": "==…== (1), ++…++ (1)",
    "a %%hm%% b": "%%…%% (1)",
    "%%\nnot\n\npublished\n%%": "%%…%% (2)",
    "It is $q = 7h$, or $x$.": "$…$ (2)",
    "$a_1 b_2$ and *$c$*": "$…$ (2)",
    "$$\nx_1^2 = \\alpha\n$$": "$$…$$ (1)",
    "\\(a = b\\), then \\[f(x) = \\frac{1}{2}\\]": "\\(…\\) (2)",
    "the [[Well]] and ![[well.png]]": "[[…]] (2)",
    "{{ name }} {% include x %}": "{{…}} (2)",
    "# Kiln {#kiln .old}\n\nClay {: .wet}": "{#…} (2)",
    "::: note\nwet\n:::": "::: (2)",
    '!!! note "Kiln"\n    wet': "!!! (1)",
    "??? tip\n    wet": "!!! (1)",
    "wet :droplet: clay": ":…: (1)",
    "x^2^ and H~2~O": "^…^ (1), ~…~ (1)",
    "clay^[from the river]": "^[…] (1)",
    "*[HTML]: a language": "*[…]: (1)",
    "[TOC]\n\nclay": "[TOC] (1)",
    "a | b\n-|-\n==x== | y": "==…== (1)",
}
READ = (
    "`==x== $y$ [[z]]`",
    "\\==x==, \\$y\\$, \\[\\[z\\]\\]",
    "    ==x==",
    "~~struck~~, ~5 or ~6",
    "It costs $5 and $10, or US$5–$10.",
    "a == b, C++ and C++, 50%% of 20%",
    "from 10:30:15 to 11:30, std::vector<int>::iterator, http://a:b@example.org",
    "\\[sic\\] and \\(see below\\)",
    "[[x]]\n\n[x]: https://example.org",
    "a ^ b ^ c",
    "{braces} and {}",
)


@pytest.mark.parametrize("source", UNREAD)
def test_markup_that_is_not_read_is_told(source):
    assert [each.split(" ", 1)[1] for each in read(source)[1]] == [
        f"H108 markup that is shown as it is written: {UNREAD[source]}"
    ]


@pytest.mark.parametrize("source", READ)
def test_what_is_no_markup_is_not_told(source):
    assert read(source)[1] == []


def test_markup_is_told_once_at_the_first_block_with_some():
    assert read("a\n\n- b\n- ==c==\n\n$d$ and ==e==")[1] == [
        "4 H108 markup that is shown as it is written: ==…== (2), $…$ (1)"
    ]


def test_words_are_found_in_the_file():
    source = (
        "- [x] the north sluice\n\n> [!note] Depth\n> Nineteen <!-- x --> fathoms[^1].\n\n"
        "Term\n: means this\n\n[^1]: On a pond."
    )
    body, _ = read(source)
    rows = source.split("\n")
    for words in ("the north", "Depth", "Nineteen", " fathoms", "Term", "means", "On a pond"):
        line, column = locate(body, body.text.index(words))
        assert rows[line - 1][column - 1 :].startswith(words), words


def test_nothing_keeps_the_reader_busy():
    for text in (
        "<!-- \n\n" * 20_000,
        "<!-- a " * 20_000,
        "<!-- a --> b\n\n" * 10_000,
        "[^a]: b\n" * 5_000,
        "a[^a] " * 3_000 + "\n\n[^a]: b",
        "a\n: b\n\n" * 5_000,
        "> [!x] y\n\n" * 5_000,
        "<!-- \n\n" * 5_000 + "--> x",
    ):
        read(text)
