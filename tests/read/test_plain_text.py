from hypothesis import given
from hypothesis import strategies as st
from reparse import printed, seen_by_html5lib, seen_by_lexbor

from builder.model import Origin, PieceRole
from builder.read.plain_text import read_plain_text
from builder.source_positions import locate


def test_blank_lines_part_paragraphs_and_stay_in_the_text():
    body = read_plain_text("\n  a\nb \n \t\n\n c\n")
    assert [(piece.role, piece.value) for piece in body.pieces] == [
        (PieceRole.TAG, "<p>"),
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
    assert seen_by_html5lib(printed(body)) == body.text
    assert seen_by_lexbor(printed(body)) == body.text
