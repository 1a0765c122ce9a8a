"""Create a sidecar: read the document and write what it says of itself into a new sidecar beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from builder.diagnostics import Diagnostic, UserError
from builder.model import Body
from builder.pipeline import Settings
from builder.read.corpus_and_sources import read_project
from builder.read.discovery import Seed, discover
from builder.read.document import read_document
from builder.scaffold.sidecar_template import sidecar_template

SCHEMA = "sidecar.schema.json"  # in the project's folder, where `postil init` puts it


@dataclass(frozen=True, slots=True)
class CreatedSidecar:
    """A sidecar that was written: its path, and the document's body with its fingerprint."""

    sidecar: Path
    sha256: str
    body: Body


def create_sidecar(document: Path, settings: Settings) -> tuple[CreatedSidecar | None, tuple[Diagnostic, ...]]:
    """Write a sidecar beside a document of the corpus.

    Returns None and the errors if the document cannot be read. Raises UserError if it is no document of the corpus,
    has a sidecar already, or the sidecar cannot be written.
    """
    seed = _seed(document, settings)
    project, _ = read_project(settings.seeds, settings.root, settings.limits)
    # Read without the corpus's language, so that the document has only one that it declares itself.
    document_read, diagnostics = read_document(seed, replace(project, language=""), settings.limits)
    if document_read is None:
        return None, diagnostics
    sidecar = document.with_suffix(".yml")
    schema = Path(os.path.relpath(settings.root / SCHEMA, sidecar.resolve().parent)).as_posix()
    content = sidecar_template(
        document_read,
        schema=schema,
        schema_missing=not (settings.root / SCHEMA).exists(),
        language=project.language,
        verdict=next(iter(project.verdicts)),
    )
    try:
        with sidecar.open("x", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except OSError as error:
        raise UserError(f"cannot write {sidecar}: {error.strerror or error}") from error
    return CreatedSidecar(sidecar, document_read.sha256, document_read.body), diagnostics


def _seed(document: Path, settings: Settings) -> Seed:
    seeds, _ = discover(settings.root, settings.seeds, settings.limits)
    seed = next((candidate for candidate in seeds if candidate.path.resolve() == document.resolve()), None)
    if seed is None:
        raise UserError(
            f"{document} is not a document of the corpus\nput a .txt, .md or .html file below {settings.seeds}"
        )
    if seed.sidecar:
        raise UserError(f"{document} already has a sidecar: {seed.sidecar_name}")
    return seed
