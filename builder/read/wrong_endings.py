"""Recognise a sidecar under a name that is not read as one, so that no notes are left out without a word.

Windows hides extensions and saves ``roof.yml`` as ``roof.yml.txt``; it would be published as a document. Editors keep
``roof.yml~`` and ``roof.yml.bak``; these are left alone where ``roof.yml`` is there.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Final

_INNER_EXTENSION: Final = re.compile(r"\.ya?ml(?=[^\w])", re.IGNORECASE)
_LISTS: Final = r"(?:claims|context|corrections)"
# A list of notes, in YAML or in JSON.
_NOTES: Final = re.compile(
    rf"^{_LISTS}:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*-[ \t]|^[{{ \t]*\"{_LISTS}\"\s*:\s*\[\s*{{",
    re.MULTILINE,
)
# A line of a file of fields: what belongs to a field above it, a field, an item, a comment, or nothing.
_FIELD_LINE: Final = re.compile(r"[ \t].*|[a-z_0-9]+:(?:[ \t].*)?|-[ \t].*|#.*|---|")
_READ: Final = 65_536  # code points of a file that are looked at


def intended_name(relative: str) -> str | None:
    """Return the name that a file has if it is called like a sidecar, up to an extension too many or a misspelt one."""
    folder, _, name = relative.rpartition("/")
    match = _INNER_EXTENSION.search(name)
    extension = PurePosixPath(name).suffix.lower()
    if match and match.start():
        stem = name[: match.start()]
    elif extension not in {".yml", ".yaml", ".xml"} and get_close_matches(extension, [".yml", ".yaml"], 1, 0.75):
        stem = name[: -len(extension)]
    else:
        return None
    return f"{folder}/{stem}.yml" if folder else f"{stem}.yml"


def holds_notes(text: str) -> bool:
    """Return whether a text has a list of notes as a sidecar has it, among whatever else."""
    return _NOTES.search(text[:_READ].removeprefix("\ufeff").replace("\r\n", "\n")) is not None


def reads_like_sidecar(text: str) -> bool:
    """Return whether a text has a list of notes and consists of nothing but fields."""
    beginning = text[:_READ].removeprefix("\ufeff").replace("\r\n", "\n")
    whole_lines = beginning if len(text) <= _READ else beginning.rpartition("\n")[0]
    return _NOTES.search(beginning) is not None and all(map(_FIELD_LINE.fullmatch, whole_lines.split("\n")))
