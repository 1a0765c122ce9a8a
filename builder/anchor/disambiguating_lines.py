"""Write lines of YAML that single out a place, and prepare text for one line of a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from builder.anchor.normalise import INVISIBLE, normalise
from builder.anchor.searchable_text import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.anchor.searchable_text import QuotableText
    from builder.model import Span

_SHOWN: Final = 80  # code points of a quote in a message
_RIVALS: Final = 200  # with more places than this, contexts are not compared: the line is an occurrence
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\xa0": "\\_"}
_WORD_START: Final = re.compile(r"(?<!\S)(?=\S)")
_WORD_END: Final = re.compile(r"(?<=\S)(?!\S)")


def yaml_scalar(text: str) -> str:
    """Return a text as a double-quoted YAML scalar on one line, invisible characters escaped."""
    return '"' + "".join(_escape(character) for character in text) + '"'


def message_excerpt(text: str) -> str:
    """Return a text for a message: on one line, invisible characters escaped, the middle of a long one left out."""
    line = " ".join(text.split())
    if len(line) > _SHOWN:
        line = f"{line[: _SHOWN * 2 // 3].rstrip()} … {line[-_SHOWN // 3 :].lstrip()}"
    return "".join(character if character in '"\\' else _escape(character) for character in line)


def disambiguating_lines(
    searched: QuotableText, places: tuple[Span, ...], wanted: Sequence[int], prefix: str = "", suffix: str = ""
) -> tuple[str, ...]:
    """Return, for each wanted index of ``places``, the line of YAML that singles it out among all of them.

    ``places`` are all that fit quote, ``prefix`` and ``suffix``. The line is a longer ``prefix:``, else a longer
    ``suffix:``, of whole words; else the ``occurrence:``.
    """
    if len(places) > _RIVALS:
        return tuple(f"occurrence: {index + 1}" for index in wanted)
    spaced = searched.spaced()
    # Compared normalised, with breaks as spaces and as nothing: what matching ignores does not single out a place.
    before = [searched.before(place.start) for place in places]
    after = [searched.after(place.end) for place in places]
    ends, begins = normalise(prefix).text, normalise(suffix).text
    shown = {index: spaced.from_body(places[index]) for index in wanted}
    return tuple(
        _prefix(spaced.text, shown[index].start, before, ends)
        or _suffix(spaced.text, shown[index].end, after, begins)
        or f"occurrence: {index + 1}"
        for index in wanted
    )


def _prefix(text: str, start: int, contexts: list[tuple[str, str]], given: str) -> str:
    for candidate in reversed(list(_WORD_START.finditer(text, max(0, start - CONTEXT), start))):
        line = text[candidate.start() : start]
        ending = normalise(line).text
        # What does not end so does not end with a longer line, either.
        contexts = [context for context in contexts if any(side.endswith(ending) for side in context)]
        if ending.endswith(given) and len(contexts) == 1:
            return f"prefix: {yaml_scalar(line)}"
    return ""


def _suffix(text: str, end: int, contexts: list[tuple[str, str]], given: str) -> str:
    for candidate in _WORD_END.finditer(text, end, end + CONTEXT):
        line = text[end : candidate.start()]
        beginning = normalise(line).text
        contexts = [context for context in contexts if any(side.startswith(beginning) for side in context)]
        if beginning.startswith(given) and len(contexts) == 1:
            return f"suffix: {yaml_scalar(line)}"
    return ""


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and character not in INVISIBLE:
        return character
    for mark, width in (("x", 2), ("u", 4), ("U", 8)):
        digits = f"{ord(character):0{width}x}"
        if len(digits) == width:
            return f"\\{mark}{digits}"
    raise AssertionError(character)
