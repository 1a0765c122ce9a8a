"""Front matter before a Markdown document: YAML between lines of dashes, or TOML between lines of plus signs."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from dataclasses import dataclass
from typing import Final

from builder.diagnostics import Diagnostic, Place
from builder.model import NOTE_LISTS, Limits
from builder.read.schema import NAMES, SidecarHead
from builder.read.yaml import MappingNode, ScalarNode, read_yaml

_FENCE: Final = re.compile(r"(---|\+\+\+)[ \t]*\n")
_ENDS: Final = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_TOML_PLACE: Final = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The text between the fences, which begins on line 2 of the file; and whether it is TOML."""

    text: str
    toml: bool


def split_front_matter(source: str) -> tuple[FrontMatter | None, int, str]:
    """Split off the front matter: return it or None, the line (from 1) where the rest starts, and the rest.

    A first fence without a second is no front matter.
    """
    opened = _FENCE.match(source)
    closed = _ENDS[opened[1]].search(source, opened.end()) if opened else None
    if opened is None or closed is None:
        return None, 1, source
    matter = FrontMatter(source[opened.end() : closed.start()], opened[1] == "+++")
    return matter, source.count("\n", 0, closed.end()) + 1, source[closed.end() :]


def read_front_matter(
    matter: FrontMatter, name: str, limits: Limits
) -> tuple[MappingNode | None, tuple[Diagnostic, ...]]:
    """Read front matter as a tree of fields. Unknown fields are ignored. ``name`` is the file's."""
    text = matter.text
    if matter.toml:
        try:
            text = _toml_as_yaml(text)
        except tomllib.TOMLDecodeError as error:
            return None, (_not_toml(error, name),)
    tree, diagnostics = read_yaml(text, file=name, limits=limits, first_line=2, names=NAMES)
    if not isinstance(tree, MappingNode):
        empty = tree is None or (isinstance(tree, ScalarNode) and not tree.value)
        wrong = Diagnostic(Place(name, 2, 1), "S102", "front matter must consist of fields", "write: title: …")
        return None, diagnostics if empty else (*diagnostics, wrong)
    notes = [tree.keys[key] for key in NOTE_LISTS if key in tree.keys]
    return tree, (
        *diagnostics,
        *(
            Diagnostic(key.place, "S101", f'"{key.value}" in front matter', "move the notes into the sidecar")
            for key in notes
        ),
    )


def _toml_as_yaml(text: str) -> str:
    """Return the fields of TOML that a document has, as YAML with each field on the line where it stands."""
    lines = text.split("\n")
    written = [""] * len(lines)
    for key, value in tomllib.loads(text).items():
        line = next(
            (number for number, line in enumerate(lines) if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line)),
            None,
        )
        if line is not None and key in (*SidecarHead.model_fields, *NOTE_LISTS):
            written[line] = f"{key}: {json.dumps(_plain(value), ensure_ascii=False)}"
    return "\n".join(written)


def _plain(value: object) -> object:
    """Return a value of TOML as JSON has it: dates as text, and numbers as they are written in a field."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def _not_toml(error: tomllib.TOMLDecodeError, name: str) -> Diagnostic:
    place = _TOML_PLACE.search(str(error))
    line, column = (int(place[1]) + 1, int(place[2])) if place else (2, 1)
    message = f"not TOML: {_TOML_PLACE.sub('', str(error))}"
    return Diagnostic(Place(name, line, column), "Y101", message, "put text in quotes, and dates and numbers without")
