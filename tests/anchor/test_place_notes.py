"""The stage as a whole: order, numbers, what is left out, and how much is told."""

from __future__ import annotations

import random
import re

import pytest
from anchor_nouns import document, note, quote

from builder.anchor.place_notes import anchor
from builder.diagnostics import Place
from builder.model import Body, Origin, Piece, PieceRole, Span


def numbered(text: str, *quotes: tuple[str, ...]) -> list[tuple[int, str]]:
    notes = [note(quote(*parts), f"n{index}") for index, parts in enumerate(quotes)]
    return [(placement.number, placement.note.id) for placement in anchor(document(text, *notes))[0].placements]


def test_numbers_follow_the_ends_of_the_quotes():
    assert numbered("one two three", ("three",), ("one",), ("two",)) == [(1, "n1"), (2, "n2"), (3, "n0")]


def test_inner_before_outer_where_they_end_together():
    assert numbered("one two three", ("one two three",), ("two three",), ("three",)) == [
        (1, "n2"),
        (2, "n1"),
        (3, "n0"),
    ]


def test_crossing_quotes_are_numbered_by_their_ends():
    assert numbered("one two three", ("two three",), ("one two",)) == [(1, "n1"), (2, "n0")]


def test_equal_quotes_keep_the_order_of_the_sidecar():
    assert numbered("one two three", ("two",), ("two",), ("two",)) == [(1, "n0"), (2, "n1"), (3, "n2")]


def test_several_passages_count_where_the_last_one_ends():
    assert numbered("one two three", ("one", "three"), ("two",)) == [(1, "n1"), (2, "n0")]


def test_notes_on_the_whole_document_stand_apart_and_failures_are_left_out():
    notes = (note(None, "b"), note(quote("two"), "q"), note(quote("absent words here"), "x"), note(None, "a"))
    anchored, told = anchor(document("one two three", *notes))
    assert [each.id for each in anchored.general] == ["b", "a"]
    assert [placement.note.id for placement in anchored.placements] == ["q"]
    assert [diagnostic.code for diagnostic in told] == ["Q201"]
    assert len(anchored.general) + len(anchored.placements) + len(told) == len(notes)


def test_what_is_told_stands_at_the_quote_in_the_sidecar():
    told = anchor(document("one two", note(quote("absent words", line=7))))[1]
    assert [each.place for each in told] == [Place("seeds/a.yml", 7, 5)]


def test_places_are_those_of_the_source_file():
    """The text of this body starts in line 10, and its second paragraph in line 20 at column 4."""
    text = "first line\nsecond line\n\nthe summit was held"
    plain = document(text, note(quote("the sumit was held")))
    body = Body((Piece(PieceRole.TEXT, text),), text, (Origin(0, 10, 3), Origin(24, 20, 4)))
    moved = type(plain)(**{name: getattr(plain, name) for name in plain.__slots__} | {"body": body})
    assert anchor(moved)[1][0].hint.startswith('nearest: seeds/a.txt:20:4 "the summit was held"')


def test_places_found_together_with_the_notes_order_do_not_depend_on_the_notes_order():
    text = "one two three two one"
    quotes = [("one two",), ("three",), ("two one",), ("two three",)]
    shuffled = list(quotes)
    random.Random(1).shuffle(shuffled)  # noqa: S311 - a fixed order, no secret

    def places(each: list[tuple[str, ...]]) -> set[tuple[tuple[str, ...], tuple[Span, ...]]]:
        notes = [note(quote(*parts)) for parts in each]
        return {(at.note.quote.parts, at.spans) for at in anchor(document(text, *notes))[0].placements if at.note.quote}

    assert places(quotes) == places(shuffled)


@pytest.mark.parametrize("occurrence", [1, 999, 1_000, 1_001, 2_500])
def test_a_late_occurrence_is_found_where_places_are_many(occurrence):
    anchored, told = anchor(document("x " * 2_500, note(quote("x", occurrence=occurrence))))
    assert [placement.spans for placement in anchored.placements] == [(Span(2 * occurrence - 2, 2 * occurrence - 1),)]
    assert told == ()


def test_too_many_places_are_not_counted_to_the_end():
    told = anchor(document("x " * 2_500, note(quote("x"))))[1]
    assert told[0].code == "Q202"
    assert told[0].message == 'quote matches 1,000 places or more: "x"'
    assert told[0].hint.endswith("  and 990 more")


def test_a_common_word_between_two_rare_ones_has_its_place():
    anchored, _ = anchor(
        document("the " * 3_000 + "zebra the omega " + "the " * 3_000, note(quote("zebra", "the", "omega")))
    )
    assert [placement.spans[1] for placement in anchored.placements] == [Span(12_006, 12_009)]


def test_a_part_that_stands_everywhere_is_not_guessed():
    told = anchor(document("x" * 20_000 + "zebra x omega", note(quote("zebra", "x", "omega"))))[1]
    assert [(diagnostic.code, diagnostic.message) for diagnostic in told] == [
        ("Q202", 'part 2 of the quote matches 10,000 places or more: "x"')
    ]


def test_the_nearest_passages_of_a_broken_sidecar_are_bounded():
    text = "the quick brown fox jumps over the lazy dog " * 20
    told = anchor(document(text, *[note(quote(f"the quick brown cat jumps {n}"), f"n{n}") for n in range(250)]))[1]
    assert {diagnostic.code for diagnostic in told} == {"Q201"}
    looked = [bool(re.match("nearest|Nothing", diagnostic.hint)) for diagnostic in told]
    assert looked == sorted(looked, reverse=True)
    assert 150 < sum(looked) <= 200
    assert told[-1].hint.endswith("Fix the errors above and check again.")


def test_an_empty_document_says_so_of_every_quote():
    assert [diagnostic.code for diagnostic in anchor(document("", note(quote("word"))))[1]] == ["Q201"]


def test_a_note_without_parts_is_empty():
    assert [diagnostic.code for diagnostic in anchor(document("text", note(quote())))[1]] == ["Q203"]
