"""Characters that HTML cannot carry, and line ends as HTML reads them."""

from __future__ import annotations

import re

from builder.diagnostics import Diagnostic, Place

# U+0000 is dropped or replaced by every HTML parser; surrogates are no characters at all. All other scalars (C0 and C1
# controls and noncharacters too) come through html5lib, lexbor and html5ever unchanged, whatever the standard says of
# them; a test tries each one.
_UNPUBLISHABLE = re.compile("[\x00\ud800-\udfff]")


def replace_unpublishable(source: str, path: str, first_line: int = 1) -> tuple[str, tuple[Diagnostic, ...]]:
    """Replace every character that HTML cannot carry by U+FFFD, and report all of them in one H103.

    Line 1 of the source is line ``first_line`` of the file.
    """
    first = _UNPUBLISHABLE.search(source)
    if first is None:
        return source, ()
    clean, count = _UNPUBLISHABLE.subn("\ufffd", source)
    start = first.start()
    place = Place(path, source.count("\n", 0, start) + first_line, start - source.rfind("\n", 0, start))
    name = f"U+{ord(first.group()):04X}"
    times = "" if count == 1 else f", and {count - 1} more"
    return clean, (
        Diagnostic(
            place,
            "H103",
            f"a web page cannot carry the character {name}{times}; published as U+FFFD",
            "remove it from the document, or leave it if the replacement character will do",
        ),
    )


def normalise_line_ends(text: str) -> str:
    """Replace carriage returns (from character references) by the line feeds that HTML makes of them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
