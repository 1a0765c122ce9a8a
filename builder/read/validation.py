"""Validate a tree of YAML against a model; report each error at its key or value.

The messages of pydantic are replaced by ones for editors, with the line to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import takewhile
from typing import Final, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from builder.diagnostics import Diagnostic, Fix, Place
from builder.model import NOTE_LISTS
from builder.read.field_values import ADDRESS, InvalidValue
from builder.read.schema import ClaimNote, ContextNote, CorrectionNote, SidecarHead, known_keys
from builder.read.yaml import MappingNode, Node, ScalarNode, SequenceNode
from builder.read.yaml_repair.lines import single_quoted

M = TypeVar("M", bound=BaseModel)
_CERTAIN: Final = 0.8  # likeness of a name, and of no other, from which it is certainly meant
Location = tuple[str | int, ...]

_TYPE_MESSAGES: Final = {
    "string_type": ("must be one text", "write it after the colon, in quotes if it holds brackets"),
    "tuple_type": ("must be a list", "write: [first, second], or one line for each item, beginning with a dash"),
    "dict_type": ("must be fields with values", "write one line for each: field: value"),
    "model_type": ("must be fields with values", "write one line for each: field: value"),
    "model_attributes_type": ("must be fields with values", "write one line for each: field: value"),
}


def plain_values(node: Node) -> object:
    """Return the tree as str, list and dict; block scalars without the line end that their syntax adds."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain_values(item) for item in node.items]
    return {key: plain_values(value) for key, value in node.values.items()}


def validate(model: type[M], node: MappingNode) -> tuple[M | None, tuple[Diagnostic, ...]]:
    """Return the model, or None and every error of the tree."""
    try:
        return model.model_validate(plain_values(node)), ()
    except ValidationError as error:
        return None, _diagnostics(model, node, error.errors(include_url=False))


def salvage(model: type[M], node: MappingNode) -> tuple[M | None, tuple[Diagnostic, ...]]:
    """Return the model without the values that are wrong, and every error; None only if nothing is left.

    So one wrong date does not hide a title, nor one wrong source the other forty.
    """
    data = plain_values(node)
    diagnostics: tuple[Diagnostic, ...] = ()
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data), diagnostics
        except ValidationError as error:
            errors = error.errors(include_url=False)
        diagnostics = diagnostics or _diagnostics(model, node, errors)
        # Deepest and last first, so that no deletion changes the path of another.
        paths = {_faulty_path(error) for error in errors}
        for path in sorted(paths, key=lambda path: [(isinstance(x, int), x) for x in path], reverse=True):
            _delete(data, path)
    return None, diagnostics


# Each round removes at least a whole level of errors; a tree is no deeper than the YAML limit.
_ROUNDS: Final = 16


def did_you_mean(word: str, known: object) -> str:
    """Return a hint with the nearest of the known words, or the empty string."""
    words = [str(word) for word in known] if hasattr(known, "__iter__") else []
    found = _nearest(word, words)
    return f'did you mean "{found[0]}"?' if found else ""


def written_out(url: str) -> str:
    """Return a source given by nothing but its address, written out between braces; its title is the host."""
    host = urlsplit(url).netloc or url.partition(":")[0]
    return f"{{title: {single_quoted(host)}, url: {single_quoted(url)}}}"


def _nearest(word: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(word, list(known), n=1, cutoff=0.6)


def error_node(node: Node, location: Location) -> tuple[Node, ScalarNode | None]:
    """Return the node that an error is about (the deepest that exists), and its key if it has one.

    Tags of unions (``<…>``) and pydantic's mark for a key (``[key]``) are not steps of the tree.
    """
    key: ScalarNode | None = None
    for step in location:
        if isinstance(node, MappingNode) and isinstance(step, str) and step in node.values:
            key, node = node.keys[step], node.values[step]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            key, node = None, node.items[step]
    return node, key


def _steps(location: Location) -> Location:
    return tuple(step for step in location if not (isinstance(step, str) and step.startswith("<")))


def _faulty_path(error: ErrorDetails) -> Location:
    location = _steps(error["loc"])
    if location and location[-1] == "[key]":
        return location[:-1]
    return location[:-1] if error["type"] == "missing" else location


def _delete(data: object, path: Location) -> None:
    if not path:
        return
    for step in path[:-1]:
        if isinstance(data, dict | list):
            try:
                data = data[step]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                return
    last = path[-1]
    if isinstance(data, dict):
        data.pop(last, None)
    elif isinstance(data, list) and isinstance(last, int) and last < len(data):
        del data[last]


def _diagnostics(model: type[BaseModel], tree: MappingNode, errors: list[ErrorDetails]) -> tuple[Diagnostic, ...]:
    """Report each error once: a field that is missing because its name is misspelt is reported at that name only."""
    misspelt = {
        (*_steps(error["loc"])[:-1], found[0])
        for error in errors
        if error["type"] == "extra_forbidden"
        and (found := _nearest(str(error["loc"][-1]), known_keys(model, error["loc"][:-1])))
    }
    remaining = (error for error in errors if error["type"] != "missing" or _steps(error["loc"]) not in misspelt)
    return tuple(dict.fromkeys(_diagnostic(model, tree, error) for error in remaining))


def _diagnostic(model: type[BaseModel], tree: MappingNode, error: ErrorDetails) -> Diagnostic:
    location = _steps(error["loc"])
    node, key = error_node(tree, location)
    name = next((step for step in reversed(location) if isinstance(step, str) and step != "[key]"), "")
    if error["type"] == "extra_forbidden":
        if key and (cut := _cut_by_comma(error_node(tree, location[:-1])[0], key)):
            return cut
        return _unknown_field(model, error, name, key.place if key else node.place)
    if error["type"] == "missing":
        return Diagnostic(node.place, "S103", f'missing field "{name}"', f"add a line: {name}: …")
    place = key.place if location and location[-1] == "[key]" and key else node.place
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, InvalidValue):
        return Diagnostic(place, cause.code, f"{name}: {cause.message}", cause.hint)
    message, hint = _TYPE_MESSAGES.get(error["type"], (error["msg"], "see the sidecar reference in the guide"))
    fix: Fix | None = None
    if error["type"] == "tuple_type" and isinstance(node, ScalarNode):
        alone = name == "sources" and re.match(ADDRESS, node.text)
        hint = f"write: {name}: [{written_out(node.text) if alone else node.text}]"
        items = tuple(part.strip() for part in node.text.split(","))
        if all(items) and not re.search(r"[\[\]{}\"':#]", node.text):
            fix = Fix(node.place, items)
    elif name == "see":
        hint = "write it without brackets: see: [note-id, document#note-id]"
    return Diagnostic(place, "S102", f'"{name}" {message}', hint, fix)


def _cut_by_comma(parent: Node, key: ScalarNode) -> Diagnostic | None:
    """Return the S101 for a word between braces without a colon: the rest of a value that a comma ended."""
    if not isinstance(parent, MappingNode) or not _has_no_colon(key):
        return None
    before: ScalarNode | None = None
    for candidate in parent.keys.values():
        before = before if _has_no_colon(candidate) else candidate
        if candidate is key:
            break
    value = parent.values[before.value] if before else None
    if before is None or not isinstance(value, ScalarNode) or value.style:
        return None
    following = [candidate for candidate in parent.keys.values() if candidate.start > before.start]
    rest = list(takewhile(_has_no_colon, following))
    whole = " ".join(key.origin.text[value.start : rest[-1].end].split())
    hint = f"in {{ }} a comma ends a value: put the value in quotes\nwrite: {before.value}: {single_quoted(whole)}"
    return Diagnostic(rest[0].place, "S101", f'unknown field "{rest[0].value}"', hint)


def _has_no_colon(key: ScalarNode) -> bool:
    """Return whether it is between braces, without a colon."""
    return not key.style and key.origin.text[key.end :].lstrip()[:1] in {",", "}"}


def _unknown_field(model: type[BaseModel], error: ErrorDetails, name: str, place: Place) -> Diagnostic:
    known = known_keys(model, error["loc"][:-1])
    if name in ClaimNote.model_fields and issubclass(model, ContextNote | CorrectionNote) and len(error["loc"]) == 1:
        hint = "only claims have it: move the note under claims:, or delete the line"
    elif model is SidecarHead and (suggestion := did_you_mean(name, NOTE_LISTS)):
        hint = suggestion
    elif name in ClaimNote.model_fields and model is SidecarHead:
        hint = "it belongs to a note, under claims:, context: or corrections:"
    else:
        known = (*known, *NOTE_LISTS) if model is SidecarHead else known
        hint = did_you_mean(name, known) or f"known fields: {', '.join(known)}"
    near = get_close_matches(name, known, n=2, cutoff=_CERTAIN)
    fix = Fix(place, near[0]) if len(near) == 1 and hint.startswith("did you mean") else None
    return Diagnostic(place, "S101", f'unknown field "{name}"', hint, fix)
