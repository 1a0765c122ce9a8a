"""A tree of YAML against a model -> the model, and each fault at its exact key or value.

What the models find wrong is said here in an editor's words, with the line to write.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import takewhile
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from builder.diagnostics import Diagnostic, Place
from builder.model import NOTE_LISTS
from builder.read.field_values import InvalidValue
from builder.read.schema import ClaimNote, ContextNote, CorrectionNote, SidecarHead, known_keys
from builder.read.yaml import MappingNode, Node, ScalarNode, SequenceNode
from builder.read.yaml_repair.lines import single_quoted

M = TypeVar("M", bound=BaseModel)
Location = tuple[str | int, ...]

_WANTED: Final = {
    "string_type": ("one piece of text belongs here", "write it after the colon, in quotes if it holds brackets"),
    "tuple_type": ("a list belongs here", "write: [first, second], or one line for each, beginning with a dash"),
    "dict_type": ("keys with values belong here", "write one line for each: key: value"),
    "model_type": ("keys with values belong here", "write one line for each: key: value"),
    "model_attributes_type": ("keys with values belong here", "write one line for each: key: value"),
}


def plain_values(node: Node) -> object:
    """The tree as str, list and dict; blocks without the line end that they have by their form alone."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain_values(item) for item in node.items]
    return {key: plain_values(value) for key, value in node.values.items()}


def validate(model: type[M], node: MappingNode) -> tuple[M | None, tuple[Diagnostic, ...]]:
    """The model, or None and every fault of the tree."""
    try:
        return model.model_validate(plain_values(node)), ()
    except ValidationError as error:
        return None, _told(model, node, error.errors(include_url=False))


def salvage(model: type[M], node: MappingNode) -> tuple[M | None, tuple[Diagnostic, ...]]:
    """The model without what is wrong in it, and every fault; None only if nothing of it can be kept.

    So one wrong date doesn't hide a title, nor one wrong source the other forty.
    """
    data = plain_values(node)
    diagnostics: tuple[Diagnostic, ...] = ()
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data), diagnostics
        except ValidationError as error:
            faults = error.errors(include_url=False)
        diagnostics = diagnostics or _told(model, node, faults)
        # Deepest and last first, so that no deletion moves another's place.
        paths = {_faulty(each) for each in faults}
        for path in sorted(paths, key=lambda path: [(isinstance(x, int), x) for x in path], reverse=True):
            _delete(data, path)
    return None, diagnostics


# Each round removes a whole level of faults at least; a tree is no deeper than the YAML limit.
_ROUNDS: Final = 16


def did_you_mean(word: str, known: object) -> str:
    """A hint that names the nearest of the known words, or the empty string."""
    words = [str(each) for each in known] if hasattr(known, "__iter__") else []
    found = _nearest(word, words)
    return f'did you mean "{found[0]}"?' if found else ""


def _nearest(word: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(word, list(known), n=1, cutoff=0.6)


def error_node(node: Node, location: Location) -> tuple[Node, ScalarNode | None]:
    """The node that an error speaks of (the deepest that is there), and its key where it has one.

    Tags of unions (``<…>``) and pydantic's mark for a key (``[key]``) are no steps of the tree.
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


def _faulty(error: ErrorDetails) -> Location:
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


def _told(model: type[BaseModel], tree: MappingNode, errors: list[ErrorDetails]) -> tuple[Diagnostic, ...]:
    """Each fault once: a field that is missing because its key is misspelt is told at that key alone."""
    meant = {
        (*_steps(each["loc"])[:-1], found[0])
        for each in errors
        if each["type"] == "extra_forbidden"
        and (found := _nearest(str(each["loc"][-1]), known_keys(model, each["loc"][:-1])))
    }
    told = (each for each in errors if each["type"] != "missing" or _steps(each["loc"]) not in meant)
    return tuple(dict.fromkeys(_diagnostic(model, tree, each) for each in told))


def _diagnostic(model: type[BaseModel], tree: MappingNode, error: ErrorDetails) -> Diagnostic:
    location = _steps(error["loc"])
    node, key = error_node(tree, location)
    name = next((step for step in reversed(location) if isinstance(step, str) and step != "[key]"), "")
    if error["type"] == "extra_forbidden":
        if key and (cut := _cut_by_comma(error_node(tree, location[:-1])[0], key)):
            return cut
        return _unknown_key(model, error, name, key.place if key else node.place)
    if error["type"] == "missing":
        return Diagnostic(node.place, "S103", f'the field "{name}" is missing', f"add a line: {name}: …")
    place = key.place if location and location[-1] == "[key]" and key else node.place
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, InvalidValue):
        return Diagnostic(place, cause.code, f"{name}: {cause.message}", cause.hint)
    message, hint = _WANTED.get(error["type"], (error["msg"], "compare the sidecar reference of the guide"))
    if error["type"] == "tuple_type" and isinstance(node, ScalarNode):
        hint = f"write: {name}: [{node.text}]"
    elif name == "see":
        hint = "write it without brackets: see: [note-id, document#note-id]"
    return Diagnostic(place, "S102", f"{name}: {message}", hint)


def _cut_by_comma(parent: Node, key: ScalarNode) -> Diagnostic | None:
    """The fault of a word between braces that has no colon: the rest of the value before it, which a comma ended."""
    if not isinstance(parent, MappingNode) or not _alone(key):
        return None
    before: ScalarNode | None = None
    for each in parent.keys.values():
        before = before if _alone(each) else each
        if each is key:
            break
    value = parent.values[before.value] if before else None
    if before is None or not isinstance(value, ScalarNode) or value.style:
        return None
    following = [each for each in parent.keys.values() if each.start > before.start]
    cut = list(takewhile(_alone, following))
    whole = " ".join(key.origin.text[value.start : cut[-1].end].split())
    hint = f"in {{ }} a comma ends a value: put the value in quotes\nwrite: {before.value}: {single_quoted(whole)}"
    return Diagnostic(cut[0].place, "S101", f'unknown key "{cut[0].value}"', hint)


def _alone(key: ScalarNode) -> bool:
    """Whether it stands between braces without a colon."""
    return not key.style and key.origin.text[key.end :].lstrip()[:1] in {",", "}"}


def _unknown_key(model: type[BaseModel], error: ErrorDetails, name: str, place: Place) -> Diagnostic:
    known = known_keys(model, error["loc"][:-1])
    if name in ClaimNote.model_fields and issubclass(model, ContextNote | CorrectionNote) and len(error["loc"]) == 1:
        hint = "it stands on claims only: move the note under claims:, or delete the line"
    elif model is SidecarHead and (meant := did_you_mean(name, NOTE_LISTS)):
        hint = meant
    elif name in ClaimNote.model_fields and model is SidecarHead:
        hint = "it belongs to a note, under claims:, context: or corrections:"
    else:
        known = (*known, *NOTE_LISTS) if model is SidecarHead else known
        hint = did_you_mean(name, known) or f"known here: {', '.join(known)}"
    return Diagnostic(place, "S101", f'unknown key "{name}"', hint)
