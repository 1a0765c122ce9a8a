"""MkDocs's commands as functions, for ``postil build``, ``check`` and ``serve``."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.exceptions import Abort, MkDocsException

from builder.diagnostics import Diagnostic, UserError
from builder.engines.build import STOPPED, BuildOptions
from builder.engines.failures import explain_failure
from builder.engines.load_config import LoadedSite, format_warnings, load_site
from builder.engines.log_capture import capture_warnings, page_warnings
from builder.engines.plugin_config import config_name, pipeline_settings
from builder.engines.preview_hosts import check_port_free
from builder.pipeline import Progress, Settings

_IN_STRICT_MODE = re.compile(r"^Aborted with .* in strict mode!$")  # MkDocs's; the warnings are diagnostics


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
    site = load_site(config_file)
    return pipeline_settings(site.plugin.config, site.config, preview=False)


def docs_dir(config_file: Path) -> Path:
    """Return the folder of hand-written pages of a ``mkdocs.yml``. Raises UserError as ``load_settings`` does."""
    return Path(load_site(config_file).config.docs_dir)


def check_site(config_file: Path, *, workers: int = 0, progress: Progress | None = None) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with the corpus and the hand-written pages, sorted. Publishes nothing.

    ``config_file``: the ``mkdocs.yml``.
    ``workers``: number of processes; 0 means the number in the settings.
    ``progress``: called as the corpus is read.
    """
    with tempfile.TemporaryDirectory(prefix="postil-check-") as folder:
        site = load_site(config_file, site_dir=Path(folder))
        return _run(site, workers=workers, progress=progress, check_only=True)


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
    where = Path(site.config.site_dir)  # as long as no build has turned it aside
    diagnostics = _run(site, workers=workers, progress=progress)
    build = site.plugin.build
    documents = build.loaded.corpus.documents if build else ()
    notes = sum(len(record.notes) for record in documents)
    return BuildResult(diagnostics, bool(build and build.published), where, len(documents), notes)


def serve_site(config_file: Path, *, address: str = "127.0.0.1:8000", open_in_browser: bool = False) -> None:
    """Preview the site until interrupted, and rebuild it as files change. Errors are logged, and shown on every page.

    Raises UserError if another program listens at the address.
    """
    check_port_free(*load_site(config_file, address=address).config.dev_addr)
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    mkdocs_serve.serve(config_file=str(config_file), dev_addr=address, open_in_browser=open_in_browser)


def _run(
    site: LoadedSite, *, workers: int, progress: Progress | None, check_only: bool = False
) -> tuple[Diagnostic, ...]:
    """Let MkDocs build; return our diagnostics and its own warnings, sorted."""
    config, plugin = site.config, site.plugin
    plugin.options = BuildOptions(check_only=check_only, quiet=True, progress=progress, diagnostics=site.warnings)
    if workers:
        plugin.config.workers = workers
    with capture_warnings() as records:
        try:
            config.plugins.on_startup(command="build", dirty=False)
            mkdocs_build.build(config)
        except (Abort, MkDocsException) as error:
            if reason := _reason(error, records):
                raise UserError(f"{reason}{format_warnings(site.warnings)}") from error
        except Exception as error:
            page_name = plugin.build.page_name if plugin.build else ""
            failure = explain_failure(error, config, seeds=plugin.config.seeds, page_name=page_name)
            if failure is None:
                raise
            raise UserError(failure) from error
        finally:
            config.plugins.on_shutdown()
    diagnostics = plugin.build.diagnostics if plugin.build else ()
    return tuple(sorted({*diagnostics, *page_warnings(records, Path(config.docs_dir).name, config_name(config))}))


def _reason(error: BaseException, records: Iterable[logging.LogRecord]) -> str:
    """Return why MkDocs gave up, "" if the diagnostics say it all.

    MkDocs logs the reason and raises an error that says only that there is one. Ours is further down the chain.
    """
    chain = [error]
    while cause := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(cause)
    for cause in chain:
        if isinstance(cause, UserError):
            return str(cause)
        if str(cause) == STOPPED or _IN_STRICT_MODE.search(str(cause)):
            return ""
    logged = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    return "\n".join(logged or [str(error)])
