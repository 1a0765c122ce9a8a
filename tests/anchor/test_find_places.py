"""The matcher's laws, each against a slow and simple answer."""

from __future__ import annotations

import re
from itertools import combinations, pairwise, product
from types import MappingProxyType

import pytest
import yaml
from anchor_nouns import document, note, quote
from hypothesis import assume, given
from hypothesis import strategies as st

from builder.anchor.disambiguating_lines import yaml_scalar
from builder.anchor.find_places import combinations_in_order, find_exact, find_loosely, find_normalised
from builder.anchor.nearest_passage import covers
from builder.anchor.normalise import normalise
from builder.anchor.place_notes import anchor
from builder.anchor.searchable_text import quotable_text
from builder.model import Body, Span
from builder.spaced_text import space_out

few = st.text(st.sampled_from("ab \n'’-–"), max_size=24)
words = st.lists(
    st.sampled_from(["the", "vote", "summit", "a", "Russia’s", "well–known", "cafe\u0301", "con\u00adse"]), max_size=12
)
prose = st.builds(
    lambda each, gaps: "".join(a + b for a, b in zip(each, gaps, strict=False)),
    words,
    st.lists(st.sampled_from([" ", " ", "\n\n", "\u00a0", ". "]), min_size=12, max_size=12),
)
SHAPES = MappingProxyType({"’": "'", "–": "-", "\u00ad": "", "\n\n": " ", "\u00a0": " ", "e\u0301": "é"})


def before_matches(text: str, prefix: str) -> bool:
    """Whether a prefix matches at a text's end, or up to its beginning but for white space."""
    beyond = prefix[:1].isspace() and text.lstrip() == prefix.lstrip()
    return text.endswith(prefix) or beyond


@given(
    few,
    st.text(st.sampled_from("ab '"), min_size=1, max_size=3),
    few.map(lambda each: each[:2]),
    few.map(lambda each: each[:2]),
)
def test_every_place_to_the_letter_is_found_and_no_other(text, exact, prefix, suffix):
    size = len(exact)
    slow = tuple(
        Span(index, index + size)
        for index in range(len(text) - size + 1)
        if text[index : index + size] == exact
        and before_matches(text[:index], prefix)
        and before_matches(text[index + size :][::-1], suffix[::-1])
    )
    assert find_exact(quotable_text(text), exact, prefix, suffix) == slow
    assert find_exact(quotable_text(text), exact, prefix, suffix, most=2) == slow[:2]


@given(prose | st.text(max_size=30), st.data())
def test_a_quote_that_stands_once_is_found_exactly_there(text, data):
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    exact = text[start:end]
    assume(normalise(exact).text.strip())
    assume(find_exact(quotable_text(text), exact) == (Span(start, end),))
    anchored, told = anchor(document(text, note(quote(exact))))
    assert [placement.spans for placement in anchored.placements] == [(Span(start, end),)]
    assert told == ()


@given(prose, st.data())
def test_a_quote_in_other_shapes_finds_the_same_words(text, data):
    """The quote is written otherwise: the same words are found, or several places, never others."""
    found = list(re.finditer(r"\S+", text))
    assume(found)
    first = data.draw(st.integers(0, len(found) - 1))
    last = data.draw(st.integers(first, len(found) - 1))
    true = Span(found[first].start(), found[last].end())
    exact = text[true.start : true.end]
    other = exact
    for shape, plain in SHAPES.items():
        other = other.replace(shape, plain)
    places = find_normalised(quotable_text(text), other)
    assert true in places
    if len(places) == 1 and not find_exact(quotable_text(text), other):
        anchored, told = anchor(document(text, note(quote(other))))
        assert [placement.spans for placement in anchored.placements] == [(true,)]
        assert [diagnostic.code for diagnostic in told] == ["Q205"]


@given(prose, st.data())
def test_a_text_in_other_shapes_holds_the_same_words(text, data):
    """The other way round: the text was reset since the quote was taken."""
    found = list(re.finditer(r"\S+", text))
    assume(found)
    start = data.draw(st.sampled_from(found)).start()
    end = next(match.end() for match in found if match.start() >= start)
    reset = [text[:start], text[start:end], text[end:]]
    for shape, plain in SHAPES.items():
        reset = [text.replace(shape, plain) for text in reset]
    true = Span(len(reset[0]), len(reset[0]) + len(reset[1]))
    whole = "".join(reset)
    assume(normalise(whole).text == normalise(text).text)
    places = find_exact(quotable_text(whole), text[start:end]) or find_normalised(quotable_text(whole), text[start:end])
    assert true in places


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "b", "’", "\u00ada", "a\u0301"]), min_size=1, max_size=3), min_size=1, max_size=7
    ),
    st.lists(st.sampled_from(["¦", "¦", " ", "\n "]), min_size=7, max_size=7),
    st.text(st.sampled_from("ab' "), min_size=1, max_size=6).map(str.strip),
    st.sampled_from(["", "a", "b ", " "]),
    st.sampled_from(["", "a", " b"]),
)
def test_a_border_is_white_space_or_nothing_each_by_itself(parts, gaps, exact, prefix, suffix):
    assume(exact)
    marked = "".join("".join(part) + gap for part, gap in zip(parts, gaps, strict=False)).rstrip("¦ \n")
    breaks = tuple(found.start() - number for number, found in enumerate(re.finditer("¦", marked)))
    text = marked.replace("¦", "")
    slow = set[Span]()
    for count in range(len(breaks) + 1):
        for spaced in combinations(breaks, count):
            variant = space_out(Body((), text, (), breaks=spaced))
            places = find_normalised(quotable_text(variant.text), exact, prefix, suffix)
            slow |= {variant.to_body(place) for place in places}
    assert set(find_normalised(quotable_text(text, breaks), exact, prefix, suffix)) == slow


spans = st.builds(lambda start, size: Span(start, start + size), st.integers(0, 12), st.integers(1, 3))
choices = st.lists(
    st.tuples(st.integers(1, 3), st.sets(st.integers(0, 12), min_size=1, max_size=5)), min_size=1, max_size=4
)


@given(choices)
def test_all_ways_of_placing_several_passages_are_found_in_reading_order(drawn):
    ordered = tuple(tuple(Span(each, each + size) for each in sorted(starts)) for size, starts in drawn)
    slow = [way for way in product(*ordered) if all(one.end <= two.start for one, two in pairwise(way))]
    assert list(combinations_in_order(ordered)) == slow


def test_a_quote_may_have_more_passages_than_the_interpreter_has_frames():
    text = " ".join(f"word{number}" for number in range(3_000))
    placed, told = anchor(document(text, note(quote(*text.split()))))
    assert (len(placed.placements[0].spans), told) == (3_000, ())


@given(prose, st.data())
def test_every_line_that_is_proposed_singles_out_its_place(text, data):
    found = list(re.finditer(r"\S+", text))
    assume(found)
    exact = data.draw(st.sampled_from(found))[0]
    _, told = anchor(document(text, note(quote(exact))))
    assume([diagnostic.code for diagnostic in told] == ["Q202"])
    places = find_exact(quotable_text(text), exact)
    proposed = re.findall(r"^    (\w+: .*)$", told[0].hint, re.MULTILINE)
    assert len(proposed) == min(10, len(places))
    for place, line in zip(places, proposed, strict=False):
        given_line = yaml.safe_load(line)
        anchored, after = anchor(document(text, note(quote(exact, **given_line))))
        assert [placement.spans for placement in anchored.placements] == [(place,)], line
        assert after == ()


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        'a "b" \\ c',
        "tab\t\nline\r",
        "\u200b\u00ad\u00a0\u2028\ufeff\x85",
        "\U0001f469\u200d\U0001f4bb é # : -",
        "\x1b[31m",
    ],
)
def test_a_proposed_scalar_is_read_back_to_the_letter(text):
    assert yaml.safe_load(f"quote: {yaml_scalar(text)}") == {"quote": text}
    assert yaml_scalar(text).isprintable()


@given(
    st.lists(
        st.sampled_from(["commission", "sat", "the", "Jean-Paul", "1914", "战争", "שלום"]), min_size=1, max_size=6
    ),
    st.data(),
)
def test_words_are_found_however_a_text_divides_them(given_words, data):
    """Divide words at lines' ends and point them: the same words are found, there and nowhere else."""
    cut = [data.draw(st.integers(1, len(word) - 1)) if len(word) > 1 else 1 for word in given_words]
    divided = []
    for word, at in zip(given_words, cut, strict=True):
        joint = {"战争": "\n", "שלום": "\u05b8"}.get(word, "-\n" if word.isalpha() else "")
        divided.append(word[:at] + data.draw(st.sampled_from(["", joint])) + word[at:])
    text, exact = " ".join(divided), " ".join(given_words)
    searched = quotable_text(f"Before {text} after")
    spans = find_exact(searched, exact) or find_normalised(searched, exact) or find_loosely(searched, exact)
    assert spans == (Span(7, 7 + len(text)),)


@given(few, st.text(st.sampled_from("ab '"), min_size=1, max_size=4))
def test_words_that_nothing_divides_are_not_found_otherwise(text, exact):
    assume(exact.strip() and not re.search(r"[-–]\s", text))
    searched = quotable_text(text)
    loosely = find_loosely(searched, exact)
    assert set(loosely) <= set(find_normalised(searched, exact))


@given(prose, st.data())
def test_every_line_for_a_missing_quote_is_a_place_and_begins_and_ends_as_the_quote(text, data):
    found = list(re.finditer(r"\S+", text))
    assume(len(found) > 1)
    start, end = sorted(data.draw(st.lists(st.sampled_from(found), min_size=2, max_size=2)), key=re.Match.start)
    exact = text[start.start() : end.end()]
    at = data.draw(st.integers(0, len(exact)))
    exact = exact[:at] + data.draw(st.sampled_from(["", "x", " more ", "!", "’s"])) + exact[at + 1 :]
    assume(exact.strip())
    _, told = anchor(document(text, note(quote(exact))))
    assume([diagnostic.code for diagnostic in told] == ["Q201"] and "write:" in told[0].hint)
    fields = yaml.safe_load(told[0].hint.partition("write:\n")[2])
    parts = [fields["quote"]] if isinstance(fields["quote"], str) else fields["quote"]
    context = {key: value for key, value in fields.items() if key != "quote"}
    anchored, after = anchor(document(text, note(quote(*parts, **context))))
    assert after == ()
    assert covers(normalise(exact).text, normalise(" ".join(parts)).text)
    assert len(anchored.placements) == 1
