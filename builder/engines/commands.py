"""MkDocs's commands as functions: what ``postil build``, ``check`` and ``serve`` call."""

from __future__ import annotations

import errno
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from builder.diagnostics import Diagnostic, UserError, has_errors
from builder.engines.load_site import LoadedSite, load_site, with_warnings
from builder.engines.log_capture import capture_warnings, page_warnings
from builder.engines.mkdocs import PostilPlugin
from builder.engines.plugin_config import pipeline_settings
from builder.engines.preview_hosts import check_port_free
from builder.pipeline import Progress, Settings

_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)  # nobody who only reads is told these


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build came to. ``site_dir`` is where the site stands, new if ``published`` and old if not."""

    diagnostics: tuple[Diagnostic, ...]
    published: bool
    site_dir: Path
    documents: int
    notes: int


def load_settings(config_file: Path) -> Settings:
    """The corpus's settings in a ``mkdocs.yml``. UserError if it can't be read or doesn't name the plug-in."""
    site = load_site(config_file)
    return pipeline_settings(site.plugin.config, site.config, preview=False)


def docs_dir(config_file: Path) -> Path:
    """The folder of hand-written pages that a ``mkdocs.yml`` names. UserError as for ``settings_from``."""
    return Path(load_site(config_file).config.docs_dir)


def check_site(config_file: Path, *, workers: int = 0, progress: Progress | None = None) -> tuple[Diagnostic, ...]:
    """Every fault of the corpus and of the hand-written pages' links, sorted. Publishes nothing."""
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
    """Build the site and publish it, or tell why not. UserError if the machine can't."""
    site = load_site(config_file, strict=strict, site_dir=site_dir)
    where, plugin = Path(site.config.site_dir), site.plugin  # a build turns site_dir aside
    diagnostics = _run(site, workers=workers, progress=progress)
    documents = plugin.found.corpus.documents if plugin.found else ()
    return BuildResult(diagnostics, plugin.published, where, len(documents), sum(len(each.notes) for each in documents))


def serve_site(config_file: Path, *, address: str = "127.0.0.1:8000", open_in_browser: bool = False) -> None:
    """Preview the site until interrupted, rebuilding as files change. Faults are told, and shown on every page.

    UserError if another program listens at the address.
    """
    check_port_free(*load_site(config_file, address=address).config.dev_addr)
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    mkdocs_serve.serve(config_file=str(config_file), dev_addr=address, open_in_browser=open_in_browser)


def _run(
    site: LoadedSite, *, workers: int, progress: Progress | None, check_only: bool = False
) -> tuple[Diagnostic, ...]:
    """Let MkDocs build, and gather its own warnings as diagnostics beside ours."""
    config, plugin = site.config, site.plugin
    plugin.quiet, plugin.check_only = True, check_only  # MkDocs gives the object of the last build again
    plugin.progress, plugin.beforehand = progress, site.warnings
    if workers:
        plugin.config.workers = workers
    with capture_warnings() as heard:
        try:
            config.plugins.on_startup(command="build", dirty=False)
            mkdocs_build.build(config)
        except (Abort, MkDocsException) as error:
            if plugin.refusal:
                raise UserError(f"{plugin.refusal}{with_warnings(site.warnings)}") from error
            if not has_errors(plugin.diagnostics) and not config.strict:
                raise UserError(f"{error}{with_warnings(site.warnings)}") from error
        except RecursionError as error:
            if not plugin.drawing:
                raise
            message = f"{plugin.drawing}: quotes or lists are nested too deeply for the engine to read them"
            raise UserError(f"{message}. The published site stands as it was.") from error
        except OSError as error:  # no room, no rights: the engine reads and writes too, and doesn't say it more kindly
            raise UserError(f"{_failed(error, config, plugin)}. The published site stands as it was.") from error
        finally:
            config.plugins.on_shutdown()
    return tuple(sorted({*plugin.diagnostics, *page_warnings(heard, Path(config.docs_dir).name)}))


def _failed(error: OSError, config: MkDocsConfig, plugin: PostilPlugin) -> str:
    """Say what could not be read or written, as far as the error knows: it names a file, but not what was done to it.

    What is below the site's folder is only ever written, what the site is made of only ever read.
    """
    reason = error.strerror or str(error)
    if not isinstance(error.filename, str):
        doing = "write" if error.errno in _WRITING else "build"
        return f"cannot {doing} the site: {reason}"
    path, site = Path(error.filename).absolute(), Path(config.site_dir).absolute()
    if path.is_relative_to(site):
        return f"cannot write {path.relative_to(site).as_posix()} of the site: {reason}"
    root = Path(config.config_file_path).absolute().parent
    named = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    made_of = (config.docs_dir, str(root / plugin.config.seeds), *config.theme.dirs)
    if error.errno not in _WRITING and any(path.is_relative_to(Path(each).absolute()) for each in made_of):
        return f"cannot read {named}: {reason}"
    return f"cannot {'write' if error.errno in _WRITING else 'read or write'} {named}: {reason}"
