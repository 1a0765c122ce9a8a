"""Folding's laws: idempotent, total and monotone, and blind to nothing but what the contract lists."""

from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder.anchor.normalise import (
    DASHES,
    DOUBLE_QUOTES,
    INVISIBLE,
    SINGLE_QUOTES,
    SPACES,
    describe_differences,
    normalise,
    original_span,
)

MARKS = "\u0301\u0323\u0307\u0308\u3099\u1161\u1175\u11a8\u11c2\u0bd7\u0344\U00016d67"
LETTERS = "aeqE\u00e9\u1eb9\u1112\ud55c\uac00\u304b\u212b\u2126\u0958\u00df\u0130\U0001f469\U0001d15e"
TRICKY = SPACES + INVISIBLE + SINGLE_QUOTES + DOUBLE_QUOTES + DASHES + MARKS + LETTERS
texts = st.text(st.sampled_from(TRICKY), max_size=30) | st.text(st.sampled_from("a e\u0301\u0323\u200b\n"), max_size=12)
anything = texts | st.text(max_size=20)


@given(anything)
@example("e\u200b\u0301")
@example("\u200b\u0301 \u200b\u0301")
def test_folding_is_idempotent(text):
    once = normalise(text).text
    assert normalise(once).text == once


@given(anything)
def test_what_is_folded_is_normalised_and_has_no_other_shapes(text):
    once = normalise(text).text
    assert unicodedata.is_normalized("NFC", once)
    assert "  " not in once
    assert not set(once) & (set(SPACES + INVISIBLE + SINGLE_QUOTES + DOUBLE_QUOTES + DASHES) - set(" '\"-"))


@given(anything)
def test_the_way_back_is_monotone_and_total(text):
    folded = normalise(text)
    length = len(folded.text)
    spans = [original_span(folded, index, index + 1) for index in range(length)]
    bounds = [span for span in spans if span is not None]
    assert bounds == sorted(bounds)
    assert all(0 <= start < end <= len(text) for start, end in bounds)
    assert all(one[1] <= two[0] for one, two in pairwise(bounds)), "characters share no original"
    if length:
        whole = original_span(folded, 0, length)
        assert whole is not None
        assert normalise(text[: whole[0]] + text[whole[1] :]).text == "", "only invisible characters stand outside"


@given(anything)
@example("\xad\u0344")
@example("a \u200d\u0301b")
@example("\u200b\u0301")
@example("\u200b\u0301\u200b")
def test_a_way_back_gives_words_that_fold_alike(text):
    folded = normalise(text)
    for start in range(len(folded.text)):
        for end in range(start + 1, len(folded.text) + 1):
            bounds = original_span(folded, start, end)
            if bounds is not None:
                assert normalise(text[slice(*bounds)]).text == folded.text[start:end]
                assert text[bounds[0]] not in INVISIBLE or folded.text[start] == " "
                assert text[bounds[1] - 1] not in INVISIBLE or folded.text[end - 1] == " "


@given(st.text(st.sampled_from("abc xyz'\"-.,\n"), max_size=30), st.data())
def test_changes_of_shape_alone_are_folded_away(text, data):
    shapes = {" ": SPACES, "\n": SPACES, "'": SINGLE_QUOTES, '"': DOUBLE_QUOTES, "-": DASHES}
    changed = "".join(
        data.draw(st.sampled_from(shapes.get(each, each)))
        + data.draw(st.sampled_from(["", "", "", " " if each.isspace() else "\u00ad"]))
        for each in text
    )
    assert normalise(changed).text == normalise(text).text


@pytest.mark.parametrize("plane", range(17))
def test_every_character_folds_as_its_normal_forms_do(plane):
    for first in range(plane << 16, (plane + 1) << 16, 1 << 11):
        everything = "\n".join(map(chr, range(first, first + (1 << 11))))
        once = normalise(everything).text
        assert normalise(once).text == once
        for form in ("NFC", "NFD"):
            assert normalise(unicodedata.normalize(form, everything)).text == once


def test_whatever_may_compose_is_seen_to_do_so():
    """Every pair that Unicode composes is composed again, an invisible character between them or not."""
    decomposed = [unicodedata.normalize("NFD", chr(number)) for number in range(sys.maxunicode + 1)]
    for letters in {each for each in decomposed if len(each) > 1}:
        composed = unicodedata.normalize("NFC", letters)
        assert normalise(letters).text == normalise(composed).text
        assert normalise("\u00ad".join(letters)).text == normalise(composed).text


def test_the_lists_are_those_of_unicode():
    everything = [chr(number) for number in range(sys.maxunicode + 1)]
    assert set(SPACES) == {character for character in everything if character.isspace()}
    assert {character for character in everything if unicodedata.category(character) == "Pd"} <= set(DASHES)
    assert {unicodedata.category(character) for character in INVISIBLE} == {"Cf", "Mn"}


@pytest.mark.parametrize("kept", ["Aa", "«»", "′″", "..", "½", "œ", "ß", "２", "‹›", "·", "`´"])
def test_what_the_contract_does_not_list_stays(kept):
    assert normalise(kept).text == kept


@pytest.mark.parametrize(
    ("quote", "found", "told"),
    [
        ("a b", "a\nb", ("white space",)),
        ("a'b", "a’b", ("quotation marks",)),
        ("a-b", "a–b", ("hyphens and dashes",)),
        ("ab", "a\u00adb", ("soft hyphens and zero-width characters",)),
        ("é", "e\u0301", ("composed and decomposed letters",)),
        (
            "'é' - x",
            "‘e\u0301’ –\u00a0x",
            ("white space", "quotation marks", "hyphens and dashes", "composed and decomposed letters"),
        ),
        ("wait...", "wait…", ("ellipses",)),
        ("war--which", "war — which", ("white space", "hyphens and dashes")),
        ("fine", "ﬁne", ("ligatures",)),
        ("Congress", "Congreſs", ("long s",)),
        ("last", "laﬅ", ("ligatures", "long s")),
        ("commission", "commis-\nsion", ("hyphens at line ends",)),
        ("well-known", "well-\nknown", ("white space",)),
        ("commission", "commis\xad\nsion", ("hyphens at line ends",)),
        ("commis- sion", "commis-\nsion", ("white space",)),
        ("שלום", "שָׁלוֹם", ("points and vowel signs",)),
        ("ἀλλ' ἐγώ", "ἀλλ᾽ ἐγώ", ("quotation marks",)),
        ("same", "same", ()),
    ],
)
def test_differences_are_named(quote, found, told):
    assert describe_differences(quote, found) == told
