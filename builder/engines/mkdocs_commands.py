"""MkDocs's commands, and ProperDocs's: what ``commands.py`` does with these engines."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from builder.diagnostics import Diagnostic
from builder.engines.build import BuildOptions, BuildResult
from builder.engines.frozen import write_frozen
from builder.engines.mkdocs import draw_site, load_site, preview_address, run_build, serve_preview
from builder.engines.preview_hosts import check_port_free
from builder.engines.seam import SiteSettings
from builder.pipeline import Progress


def site_settings(config_file: Path) -> SiteSettings:
    """Return the settings of a site. Raises UserError if the file can't be read or doesn't name the plug-in."""
    return load_site(config_file).settings


def freeze_site(config_file: Path, folder: Path, engine: str) -> tuple[str, ...]:
    """Keep what MkDocs draws in ``folder``, as ``commands.freeze_site`` does; ``engine`` is its name."""
    with tempfile.TemporaryDirectory(prefix="postil-freeze-") as temporary:
        settings, drawn = draw_site(config_file, Path(temporary) / "site")
        return write_frozen(folder, settings, drawn, engine)


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
