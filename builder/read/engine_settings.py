"""The settings of a site as its owner has written them, for engines that cannot be asked what they made of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from builder.diagnostics import UserError

_PLUGIN = "postil"


def read_engine_settings(file: Path, _heirs: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Return what stands in a ``mkdocs.yml`` and in those that it inherits from. Raises UserError if it is no mapping.

    Values with ``!ENV`` are those of the environment. Names of Python objects become None: nothing is imported.
    """
    if file.resolve() in _heirs:
        raise UserError(f"{file} inherits from itself")
    try:
        text = file.read_text(encoding="utf-8-sig")
        found = yaml.load(text, _Loader)  # noqa: S506 - a safe loader, which makes plain values only
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"cannot read {file}: {error}") from error
    if not isinstance(found, dict):
        raise UserError(f"{file} holds no settings")
    parent = found.pop("INHERIT", None)
    if not parent:
        return found
    return _merged(read_engine_settings(file.parent / str(parent), (*_heirs, file.resolve())), found)


def plugin_settings(settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each plug-in that is named in settings, with its options. They may be a list or a mapping."""
    written = settings.get("plugins") or {}
    named = written.items() if isinstance(written, dict) else map(_named, written if isinstance(written, list) else ())
    return {str(name): options if isinstance(options, dict) else {} for name, options in named}


def written_engine(file: Path) -> str | None:
    """Return the engine that ``postil: {engine: …}`` names; None if it names none."""
    engine = plugin_settings(read_engine_settings(file)).get(_PLUGIN, {}).get("engine")
    return str(engine) if engine else None


def _named(entry: object) -> tuple[object, object]:
    return next(iter(entry.items())) if isinstance(entry, dict) and entry else (entry, None)


def _merged(parent: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return settings over those that they inherit: mappings are merged, all else is replaced."""
    both = {key: _merged(parent[key], own[key]) for key in own if _mappings(parent.get(key), own[key])}
    return {**parent, **own, **both}


def _mappings(*values: object) -> bool:
    return all(isinstance(value, dict) for value in values)


class _Loader(yaml.SafeLoader):
    """Makes plain values, also of what has a tag."""


def _variable(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    """Return the value of ``!ENV NAME`` or ``!ENV [NAME, …, default]``."""
    if isinstance(node, yaml.SequenceNode):
        *names, default = loader.construct_sequence(node)
    else:
        names, default = [loader.construct_scalar(node)], None  # type: ignore[arg-type]  # a name is a scalar
    found = next((os.environ[str(name)] for name in names if str(name) in os.environ), None)
    return default if found is None else yaml.safe_load(found)


_Loader.add_constructor("!ENV", _variable)
_Loader.add_multi_constructor("", lambda _loader, _suffix, _node: None)
