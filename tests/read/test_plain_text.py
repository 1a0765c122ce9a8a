import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reparse import printed, seen_by_html5lib, seen_by_lexbor

from builder.model import Origin, PieceRole
from builder.read.plain_text import is_tabular, read_plain_text
from builder.source_positions import locate


def test_blank_lines_part_paragraphs_and_stay_in_the_text():
    body = read_plain_text("\n  a\nb \n \t\n\n c\n")
    assert [(piece.role, piece.value) for piece in body.pieces] == [
        (PieceRole.TAG, "<p>"),
        (PieceRole.TAG, "  "),
        (PieceRole.TEXT, "a\nb "),
        (PieceRole.TAG, "</p>"),
        (PieceRole.GAP, "\n \t\n\n"),
        (PieceRole.TAG, "<p>"),
        (PieceRole.TEXT, " c"),
        (PieceRole.TAG, "</p>"),
    ]
    assert body.text == "a\nb \n \t\n\n c"
    assert body.origins == (Origin(0, 2, 3),)


def test_nothing_but_white_space_is_an_empty_body():
    assert read_plain_text(" \n\u00a0\t\n").pieces == ()


def test_every_offset_is_found_in_the_file():
    source = "\n\n  One two\nthree\n\n\n  four \U0001f600 five\n"
    body = read_plain_text(source)
    rows = source.split("\n")
    for offset, character in enumerate(body.text):
        line, column = locate(body, offset)
        assert (rows[line - 1] + "\n")[column - 1] == character


def test_every_scalar_comes_through_both_parsers():
    scalars = [chr(code) for code in range(0x110000) if code != 0xD and not 0xD800 <= code <= 0xDFFF]
    body = read_plain_text("a" + "".join(scalars) + "z")
    markup = printed(body)
    assert body.text == "a" + "".join(scalars).replace("\0", "\ufffd") + "z"
    assert seen_by_html5lib(markup) == body.text
    assert seen_by_lexbor(markup) == body.text


@given(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_law_the_printed_text_is_the_source_without_white_space_at_its_ends(source):
    body = read_plain_text(source)
    assert body.text == source.replace("\0", "\ufffd").strip()
    assert body.text == "".join(piece.value for piece in body.pieces if piece.role is not PieceRole.TAG)
    assert seen_by_html5lib(printed(body)).strip() == body.text
    assert seen_by_lexbor(printed(body)).strip() == body.text


VERSE = "    The tide goes out,\n        the tide comes in,\n\n            II\n\n    The boat."


def test_indents_are_printed_that_of_the_first_line_too():
    body = read_plain_text(VERSE)
    assert body.text == VERSE.strip()
    assert printed(body) == (
        "<p>    The tide goes out,\n        the tide comes in,</p>\n\n<p>            II</p>\n\n<p>    The boat.</p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ward        Votes    Share\nNorthgate     112     40 %\nEastgate       84     30 %",
        "IVO.      Who turned the wheel?\nBERIT.    Not I. (She sits.)\nIVO.      Then it turned\n          by itself.",
        "a\t12\nbb\t3\n",
        "Flour\t12\t3\nOats\t7\t4",
        "+----+----+\n| a  | b  |\n+----+----+",
        "North   12\n(and all the rest)\nSouth    9",
    ],
)
def test_aligned_columns_are_found(text):
    assert is_tabular(text.split("\n"))
    assert printed(read_plain_text(text)).startswith('<p class="postil-columns">')


@pytest.mark.parametrize(
    "text",
    [
        "The lamp was lit at dusk and\nput out at dawn, and in all the years\nthat he kept it no ship was lost.",
        "It was late.  He went home.\nIt was dark.  He fell down.\n",
        "    The tide goes out,\n        the tide comes in,",
        "a    gap in one line only\nand none in the others\nof this text",
        "Yours  truly,\nthe   undersigned",
        "* * *",
        "one line   with a gap",
        "\tindented by tabs\n\tlike this",
    ],
)
def test_prose_and_verse_are_no_columns(text):
    assert not is_tabular(text.split("\n"))


def test_a_heading_beside_columns_belongs_to_them():
    markup = printed(
        read_plain_text("The votes\n\nWard      Votes\n\nNorth     12\nSouth      9\n\nAll        21\n\nSo  it was.")
    )
    assert re.findall("<p[^>]*>(.)", markup) == ["T", "W", "N", "A", "S"]
    assert re.findall('<p class="postil-columns">(.)', markup) == ["W", "N", "A"]


def test_what_ends_a_line_is_shown_so():
    body = read_plain_text("a\x0cb\x0bc\u2028d\u2029e\x85f\n\x0c\ng")
    assert body.text == "a\x0cb\x0bc\u2028d\u2029e\x85f\n\x0c\ng"
    assert printed(body) == (
        '<p>a<span class="postil-end-of-page">\x0c</span>b<span class="postil-end-of-line">\x0b</span>c'
        '<span class="postil-end-of-line">\u2028</span>d<span class="postil-end-of-paragraph">\u2029</span>e'
        '<span class="postil-end-of-line">\x85</span>f</p>\n<div class="postil-end-of-page">\x0c</div>\n<p>g</p>'
    )


def test_nothing_keeps_the_reader_busy():
    for text in (
        " " * 200_000 + "x",
        "a  b" * 50_000,
        "\t" * 100_000 + "x",
        "a\tb\n" * 20_000,
        "a \t" * 50_000,
        "|" * 100_000 + "\n|",
    ):
        read_plain_text("x\n" + text)
