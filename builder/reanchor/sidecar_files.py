"""The documents that a command is about, and their sidecars as bytes that are to be kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from builder.diagnostics import Diagnostic, UserError, has_errors
from builder.model import NOTE_LISTS, Limits, Project
from builder.pipeline import Settings
from builder.read.corpus_and_sources import read_fields, read_project
from builder.read.decode import decode
from builder.read.discovery import Seed, discover, read_bytes
from builder.read.yaml import MappingNode
from builder.reanchor.splice import Edit, splice, top_field, tree_values


@dataclass(frozen=True, slots=True)
class SidecarFile:
    """A sidecar as it is on disk, and its tree; ``text`` is decoded, ``tree`` holds offsets of it."""

    path: Path
    name: str
    data: bytes
    text: str
    tree: MappingNode


def select_documents(settings: Settings, documents: Sequence[Path]) -> tuple[Project, tuple[Seed, ...]]:
    """Return the project and these documents, named by their own path or their sidecar's; all if none is named.

    Raises UserError if one is no document of the corpus or has no sidecar.
    """
    seeds, _ = discover(settings.root, settings.seeds, settings.limits)
    project, _ = read_project(settings.seeds, settings.root, settings.limits)
    if not documents:
        return project, tuple(seed for seed in seeds if seed.sidecar)
    named = {path.resolve(): known for known in seeds for path in (known.path, known.sidecar) if path}
    wanted: dict[str, Seed] = {}
    for given in documents:
        seed = named.get(given.resolve())
        if seed is None:
            raise UserError(f"{given} is not a document of the corpus\nname a document below {settings.seeds}")
        if seed.sidecar is None:
            raise UserError(f"{given} has no sidecar\nwrite one to start from:  postil new {given}")
        wanted[seed.name] = seed
    return project, tuple(wanted[name] for name in sorted(wanted))


def sidecar_file(seed: Seed, limits: Limits) -> tuple[SidecarFile | None, tuple[Diagnostic, ...]]:
    """Return a document's sidecar, or None and its YAML errors. Raises UserError if it cannot be read."""
    if seed.sidecar is None or seed.sidecar_name is None:
        return None, ()
    try:
        data = read_bytes(seed.sidecar)
    except OSError as error:
        raise UserError(f"cannot read {seed.sidecar_name}: {error.strerror or error}") from error
    text, diagnostics = decode(data, seed.sidecar_name)
    if text is None:
        return None, diagnostics
    tree, diagnostics = read_fields(text, seed.sidecar_name, limits)
    if has_errors(diagnostics):
        return None, diagnostics
    return SidecarFile(seed.sidecar, seed.sidecar_name, data, text, tree), diagnostics


def fingerprint_edit(sidecar: SidecarFile, sha256: str) -> Edit:
    """Return the edit that writes a document's fingerprint."""
    return top_field(sidecar.text, sidecar.tree, "text_sha256", sha256, NOTE_LISTS)


def apply_edits(sidecar: SidecarFile, edits: Iterable[Edit], expected: object, limits: Limits) -> bytes:
    """Return the sidecar's bytes with these edits, after reading them again and comparing with ``expected``.

    ``expected``: as ``tree_values`` returns it.

    Raises UserError if the result says anything else: the file has a layout that splicing cannot handle.
    """
    data = splice(sidecar.data, edits)
    text, _ = decode(data, sidecar.name)
    tree, diagnostics = read_fields(text, sidecar.name, limits)
    if has_errors(diagnostics) or tree_values(tree) != expected:
        raise UserError(f"cannot edit {sidecar.name}: its YAML layout is not supported. The file is unchanged.")
    return data


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file atomically, keeping its permissions."""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from error
