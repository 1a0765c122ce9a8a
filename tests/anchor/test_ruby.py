"""Quotes over ruby: with its readings and brackets, without the brackets, or the base alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from anchor_nouns import document, note, quote

from builder.anchor.place_notes import anchor
from builder.model import Limits
from builder.read.html import read_html

WITH_BRACKETS = (
    "<p>旅人は<ruby>堰<rp>(</rp><rt>せき</rt><rp>)</rp></ruby>を<ruby>渡<rt>わた</rt></ruby>った。</p><p>夜明け"
)


def placed(source, **fields):
    parsed, _ = read_html(source, path="seeds/a.html", folder="", limits=Limits())
    assert parsed is not None
    words = quote(fields.pop("quote"), **fields)
    anchored, diagnostics = anchor(replace(document("", note(words)), body=parsed.body))
    found = [parsed.body.text[span.start : span.end] for place in anchored.placements for span in place.spans]
    return found, [(diagnostic.code, diagnostic.hint) for diagnostic in diagnostics]


@pytest.mark.parametrize(
    ("written", "words", "codes"),
    [
        ("旅人は堰(せき)を渡わたった。", "旅人は堰(せき)を渡わたった。", []),
        ("旅人は堰せきを渡わたった。", "旅人は堰(せき)を渡わたった。", ["Q205"]),
        ("旅人は堰を渡った。", "旅人は堰(せき)を渡わたった。", ["Q205"]),
        ("堰を渡", "堰(せき)を渡", ["Q205"]),
        ("堰", "堰", []),
        ("せき", "せき", []),
        ("渡った。 夜明け", "渡わたった。夜明け", ["Q205"]),
        ("堰がを", None, ["Q201"]),
    ],
)
def test_the_base_is_found_over_its_reading(written, words, codes):
    found, told = placed(WITH_BRACKETS, quote=written)
    assert found == ([words] if words else [])
    assert [code for code, _ in told] == codes


def test_what_is_left_out_is_named():
    _, told = placed(WITH_BRACKETS, quote="堰を渡")
    assert told == [
        (
            "Q205",
            'It differs from seeds/a.txt:1:13 in what it leaves out of ruby. Exactly:\n  quote: "堰(せき)を渡"',
        )
    ]


def test_a_base_alone_and_the_same_words_without_ruby_are_two_places():
    source = "<p>a<ruby>b<rt>x</rt></ruby>c’ and abc’"
    assert placed(source, quote="abc'")[1][0][0] == "Q202"
    assert placed(source, quote="abc'", suffix=" and")[0] == ["abxc’"]
