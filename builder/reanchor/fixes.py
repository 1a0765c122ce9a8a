"""``postil check --fix``: write into sidecars what diagnostics propose, where only one value would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder.anchor.disambiguating_lines import yaml_scalar
from builder.diagnostics import Diagnostic, Fix, Place, UserError, has_errors
from builder.model import Limits
from builder.read.corpus_and_sources import read_fields
from builder.read.decode import decode
from builder.read.discovery import read_bytes
from builder.read.yaml import Node, ScalarNode, SequenceNode
from builder.reanchor.sidecar_files import SidecarFile, apply_edits
from builder.reanchor.splice import Edit, set_key, set_list, set_value, tree_values

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file with its fixes in it, not written yet. ``fixed`` are the diagnostics that are gone."""

    path: Path
    name: str
    old: bytes
    data: bytes
    fixed: tuple[Diagnostic, ...]


def fixed_files(root: Path, diagnostics: Iterable[Diagnostic], limits: Limits) -> tuple[FixedFile, ...]:
    """Return the files below ``root`` to which diagnostics have fixes, each with all of them that can be written.

    A file with errors of YAML, or with a layout that cannot be edited, is left out. Documents are never changed.
    """
    by_file: dict[str, list[Diagnostic]] = {}
    for diagnostic in sorted(diagnostics):
        if diagnostic.fix and diagnostic.fix.place.file.lower().endswith((".yml", ".yaml")):
            by_file.setdefault(diagnostic.fix.place.file, []).append(diagnostic)
    files = (_fixed_file(root, name, several, limits) for name, several in by_file.items())
    return tuple(file for file in files if file)


def _fixed_file(root: Path, name: str, diagnostics: Sequence[Diagnostic], limits: Limits) -> FixedFile | None:
    try:
        data = read_bytes(root / name)
    except OSError as error:
        raise UserError(f"cannot read {name}: {error.strerror or error}") from error
    text, _ = decode(data, name)
    tree, unread = read_fields(text, name, limits)
    if text is None or has_errors(unread):
        return None
    file = SidecarFile(root / name, name, data, text, tree)
    written = _written(file, diagnostics, limits)
    if written is None and len(diagnostics) > 1:  # one of them cannot be written: leave out those that cannot
        able = [diagnostic for diagnostic in diagnostics if _written(file, [diagnostic], limits)]
        diagnostics, written = able, _written(file, able, limits)
    return FixedFile(file.path, name, data, written, tuple(diagnostics)) if written else None


def _written(file: SidecarFile, diagnostics: Sequence[Diagnostic], limits: Limits) -> bytes | None:
    """Return the bytes of a file with these fixes; None if it does not say then what they want."""
    expected = tree_values(file.tree)
    edits: list[Edit] = []
    for fix in (diagnostic.fix for diagnostic in diagnostics if diagnostic.fix):
        found = _find(file.tree, fix.place, ())
        if found is None:
            return None
        path, node, is_key = found
        edits += _edits(node, fix, is_key=is_key)
        expected = _with_fix(expected, path, fix, is_key=is_key)
    try:
        return apply_edits(file, edits, expected, limits) if edits else None
    except UserError:
        return None


def _find(node: Node, place: Place, path: Path_) -> tuple[Path_, ScalarNode | SequenceNode, bool] | None:
    """Return the scalar or list of scalars at a place with its path in the tree, and whether it is a key.

    None if none begins there.
    """
    if isinstance(node, ScalarNode):
        return (path, node, False) if node.place == place else None
    if isinstance(node, SequenceNode):
        if node.place == place and all(isinstance(item, ScalarNode) for item in node.items):
            return path, node, False
        children: Iterable[tuple[str | int, Node]] = enumerate(node.items)
    else:
        for name, key in node.keys.items():
            if key.place == place:
                return (*path, name), key, True
        children = node.values.items()
    found = (_find(child, place, (*path, step)) for step, child in children)
    return next(filter(None, found), None)


def _edits(node: ScalarNode | SequenceNode, fix: Fix, *, is_key: bool) -> list[Edit]:
    if isinstance(node, SequenceNode):
        return _item_edits([item for item in node.items if isinstance(item, ScalarNode)], fix.value)
    if isinstance(fix.value, tuple):
        return [set_list(node, fix.value)]
    return [set_key(node, fix.value) if is_key else set_value(node, fix.value)]


def _item_edits(items: Sequence[ScalarNode], values: str | tuple[str, ...]) -> list[Edit]:
    """Return the edits that give a list these values, of which one item may become several."""
    if len(values) == len(items):
        return [set_value(item, value) for item, value in zip(items, values, strict=True) if item.text != value]
    at = next((number for number, item in enumerate(items) if item.text != values[number]), len(items) - 1)
    instead = values[at : at + 1 + len(values) - len(items)]
    # Between brackets. What this makes of a list with dashes is no YAML, so it is not written.
    return [replace(set_value(items[at], "0"), text=", ".join(map(yaml_scalar, instead)))]


def _with_fix(values: object, path: Path_, fix: Fix, *, is_key: bool) -> object:
    """Return the values of a file, as ``tree_values`` returns them, with a fix in them."""
    if not path:
        return list(fix.value) if isinstance(fix.value, tuple) else fix.value
    first, rest = path[0], path[1:]
    if isinstance(values, Mapping):
        if is_key and not rest:
            return {fix.value if name == first else name: value for name, value in values.items()}
        return {
            name: _with_fix(value, rest, fix, is_key=is_key) if name == first else value
            for name, value in values.items()
        }
    if isinstance(values, list):
        return [
            _with_fix(value, rest, fix, is_key=is_key) if number == first else value
            for number, value in enumerate(values)
        ]
    return values
