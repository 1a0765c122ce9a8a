"""``postil pin``: a sidecar says which text its quotes were taken from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from builder.anchor.place_notes import anchor
from builder.diagnostics import Diagnostic, has_errors
from builder.model import Limits, Project
from builder.read.discovery import Seed
from builder.read.document import read_document
from builder.reanchor.old_texts import keep_text
from builder.reanchor.sidecar_files import apply_edits, fingerprint_edit, sidecar_file, write_atomically
from builder.reanchor.splice import tree_values


@dataclass(frozen=True, slots=True)
class Pinned:
    """What came of one sidecar. ``written``: its fingerprint is new; ``changed``: it had another one before.

    Faults that are errors: nothing was written.
    """

    sidecar: str
    sha256: str
    written: bool
    diagnostics: tuple[Diagnostic, ...]
    changed: bool = False


def pin(seed: Seed, project: Project, limits: Limits, root: Path) -> Pinned:
    """Write the fingerprint of the document's text into its sidecar and keep the text for ``rebase``.

    Nothing is written while a note has no place: the fingerprint says which text the notes were written for.
    """
    name = seed.sidecar_name or seed.name
    document, diagnostics = read_document(seed, project, limits)
    sidecar, unread = sidecar_file(seed, limits)
    if document is None or sidecar is None:
        return Pinned(name, "", written=False, diagnostics=tuple(sorted({*diagnostics, *unread})))
    _, misplaced = anchor(document)
    diagnostics = tuple(sorted({*diagnostics, *misplaced}))
    if has_errors(diagnostics):
        return Pinned(name, document.sha256, written=False, diagnostics=diagnostics)
    keep_text(root, document.sha256, document.body)
    if document.meta.text_sha256 == document.sha256:
        return Pinned(name, document.sha256, written=False, diagnostics=())
    expected = {**_fields(tree_values(sidecar.tree)), "text_sha256": document.sha256}
    write_atomically(sidecar.path, apply_edits(sidecar, [fingerprint_edit(sidecar, document.sha256)], expected, limits))
    changed = document.meta.text_sha256 is not None
    return Pinned(name, document.sha256, written=True, diagnostics=(), changed=changed)


def _fields(tree: object) -> dict[str, object]:
    return dict(tree) if isinstance(tree, dict) else {}
