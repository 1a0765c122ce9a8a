"""Lines of YAML that single out a place, and text made fit for one line of a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from builder.anchor.fold import INVISIBLE, fold

if TYPE_CHECKING:
    from builder.model import Span

_SHOWN: Final = 80  # code points of a quote in a message
_CONTEXT: Final = 80  # code points of context that one would still write
_SLACK: Final = 40  # code points that folding may take away between words
_RIVALS: Final = 200  # with more places than this, contexts are not compared: the occurrence is told
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\xa0": "\\_"}
_WORD_START: Final = re.compile(r"(?<!\S)(?=\S)")
_WORD_END: Final = re.compile(r"(?<=\S)(?!\S)")


def scalar(text: str) -> str:
    """Write a text as a double-quoted YAML scalar on one line; what can't be seen is escaped, so that it can."""
    return '"' + "".join(_escape(each) for each in text) + '"'


def shown(text: str) -> str:
    """Make a text fit for a message: one line, nothing invisible, the middle left out where it is long."""
    line = " ".join(text.split())
    if len(line) > _SHOWN:
        line = f"{line[: _SHOWN * 2 // 3].rstrip()} … {line[-_SHOWN // 3 :].lstrip()}"
    return "".join(each if each in '"\\' else _escape(each) for each in line)


def pin(text: str, places: tuple[Span, ...], index: int, prefix: str = "", suffix: str = "") -> str:
    """Give the line of YAML that singles out ``places[index]`` among all places that fit quote, prefix and suffix.

    It is a longer ``prefix:``, else a longer ``suffix:``, of whole words; else the ``occurrence:``.
    """
    rivals = [each for number, each in enumerate(places) if number != index]
    if len(rivals) <= _RIVALS:
        span = places[index]
        for found in reversed(list(_WORD_START.finditer(text, max(0, span.start - _CONTEXT), span.start))):
            line = text[found.start() : span.start]
            if _ends(line, len(line), prefix) and not any(_ends(text, each.start, line) for each in rivals):
                return f"prefix: {scalar(line)}"
        for found in _WORD_END.finditer(text, span.end, span.end + _CONTEXT):
            line = text[span.end : found.start()]
            if _begins(line, 0, suffix) and not any(_begins(text, each.end, line) for each in rivals):
                return f"suffix: {scalar(line)}"
    return f"occurrence: {index + 1}"


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


def _ends(text: str, end: int, ending: str) -> bool:
    """Whether they fold alike up to ``end``: a place isn't single because of what folding overlooks."""
    return fold(text[max(0, end - len(ending) - _SLACK) : end]).text.endswith(fold(ending).text)


def _begins(text: str, start: int, beginning: str) -> bool:
    return fold(text[start : start + len(beginning) + _SLACK]).text.startswith(fold(beginning).text)
