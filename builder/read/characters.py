"""Characters that HTML cannot carry, and line ends as HTML reads them."""

from __future__ import annotations

import re

from builder.diagnostics import Diagnostic, Place

# U+0000 is dropped or replaced by every HTML parser; surrogates are no characters at all. All other scalars (C0 and C1
# controls and noncharacters too) come through html5lib, lexbor and html5ever unchanged, whatever the standard says of
# them; a test tries each one.
_UNPUBLISHABLE = re.compile("[\x00\ud800-\udfff]")
# C0 and C1 controls but for tab, line feed, carriage return, and what ends a line (U+000B, U+000C, U+0085).
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def replace_unpublishable(source: str, path: str, first_line: int = 1) -> tuple[str, tuple[Diagnostic, ...]]:
    """Replace every character that HTML cannot carry by U+FFFD.

    All of these are reported in one H103; control characters, which come through but show nothing, in one H106. Line 1
    of the source is line ``first_line`` of the file.
    """
    diagnostics: list[Diagnostic] = []
    clean = source
    if found := _UNPUBLISHABLE.findall(source):
        clean = _UNPUBLISHABLE.sub("\ufffd", source)
        message = f"a web page cannot carry the character {_name(found)}; published as U+FFFD"
        hint = "remove it from the document, or leave it if the replacement character will do"
        diagnostics.append(Diagnostic(_place(source, found[0], path, first_line), "H103", message, hint))
    if found := _CONTROL.findall(source):
        message = f"control character {_name(found)}, which readers cannot see"
        hint = "remove it from the document, or replace it by the character that is meant"
        diagnostics.append(Diagnostic(_place(source, found[0], path, first_line), "H106", message, hint))
    return clean, tuple(diagnostics)


def _name(characters: list[str]) -> str:
    return f"U+{ord(characters[0]):04X}" + (f", and {len(characters) - 1} more" if len(characters) > 1 else "")


def _place(source: str, character: str, path: str, first_line: int) -> Place:
    start = source.index(character)
    return Place(path, source.count("\n", 0, start) + first_line, start - source.rfind("\n", 0, start))


def normalise_line_ends(text: str) -> str:
    """Replace carriage returns (from character references) by the line feeds that HTML makes of them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
