"""Commands that build a site, for ``postil build``, ``check`` and ``serve``."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from builder.diagnostics import Diagnostic
from builder.engines.build import BuildOptions
from builder.engines.mkdocs import load_site, preview_address, run_build, serve_preview
from builder.engines.preview_hosts import check_port_free
from builder.engines.project_settings import pipeline_settings
from builder.pipeline import Progress, Settings


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What came of a build.

    ``diagnostics``: everything that is wrong, sorted.
    ``published``: whether the site was published.
    ``site_dir``: the folder of the site, new if ``published`` and old if not.
    ``documents``, ``notes``: how many there are.
    """

    diagnostics: tuple[Diagnostic, ...]
    published: bool
    site_dir: Path
    documents: int
    notes: int


def load_settings(config_file: Path) -> Settings:
    """Return the settings of the corpus in a ``mkdocs.yml``.

    Raises UserError if the file can't be read or doesn't name the plug-in.
    """
    return pipeline_settings(load_site(config_file).settings, preview=False)


def docs_dir(config_file: Path) -> Path:
    """Return the folder of hand-written pages of a ``mkdocs.yml``. Raises UserError as ``load_settings`` does."""
    return load_site(config_file).settings.docs_dir


def check_site(config_file: Path, *, workers: int = 0, progress: Progress | None = None) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with the corpus and the hand-written pages, sorted. Publishes nothing.

    ``config_file``: the ``mkdocs.yml``.
    ``workers``: number of processes; 0 means the number in the settings.
    ``progress``: called as the corpus is read.
    """
    with tempfile.TemporaryDirectory(prefix="postil-check-") as folder:
        site = load_site(config_file, site_dir=Path(folder))
        return run_build(site, BuildOptions(check_only=True, quiet=True, progress=progress), workers=workers)


def build_site(
    config_file: Path,
    *,
    strict: bool = False,
    workers: int = 0,
    site_dir: Path | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Build the site, and publish it unless something is wrong.

    Raises UserError if the site cannot be built at all.

    ``config_file``: the ``mkdocs.yml``.
    ``strict``: publish nothing if there are warnings either.
    ``workers``: number of processes; 0 means the number in the settings.
    ``site_dir``: the folder to publish in, if not that of the settings.
    ``progress``: called as the corpus is read and written.
    """
    site = load_site(config_file, strict=strict, site_dir=site_dir)
    where = site.settings.site_dir  # as long as no build has turned it aside
    diagnostics = run_build(site, BuildOptions(quiet=True, progress=progress), workers=workers)
    build = site.plugin.build
    documents = build.loaded.corpus.documents if build else ()
    notes = sum(len(record.notes) for record in documents)
    return BuildResult(diagnostics, bool(build and build.published), where, len(documents), notes)


def serve_site(config_file: Path, *, address: str = "127.0.0.1:8000", open_in_browser: bool = False) -> None:
    """Preview the site until interrupted, and rebuild it as files change. Errors are logged, and shown on every page.

    Raises UserError if another program listens at the address.
    """
    check_port_free(*preview_address(config_file, address))
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    serve_preview(config_file, address=address, open_in_browser=open_in_browser)
