"""MkDocs's commands as functions: what ``postil build``, ``check`` and ``serve`` call."""

from __future__ import annotations

import errno
import logging
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, MkDocsException

from builder.diagnostics import Diagnostic, Place, Refusal, has_errors
from builder.engines.config import settings_of
from builder.engines.mkdocs import PostilPlugin
from builder.pipeline import Progress, Settings

_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)  # nobody who only reads is told these
_DOC_FILE = re.compile(r"^Doc file '([^']+)' (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to. ``site_dir`` is where the site stands, new if ``published`` and old if not."""

    diagnostics: tuple[Diagnostic, ...]
    published: bool
    site_dir: Path
    documents: int
    notes: int


def settings_from(config_file: Path) -> Settings:
    """The corpus's settings in a ``mkdocs.yml``. Refusal if it can't be read or doesn't name the plug-in."""
    config = _load(config_file)
    return settings_of(_plugin(config).config, config, preview=False)


def docs_from(config_file: Path) -> Path:
    """The folder of hand-written pages that a ``mkdocs.yml`` names. Refusal as for ``settings_from``."""
    return Path(_load(config_file).docs_dir)


def check_site(config_file: Path, *, workers: int = 0, progress: Progress | None = None) -> tuple[Diagnostic, ...]:
    """Every fault of the corpus and of the hand-written pages' links, sorted. Publishes nothing."""
    with tempfile.TemporaryDirectory(prefix="postil-check-") as folder:
        config = _load(config_file, site_dir=Path(folder))
        plugin = _prepare(config, workers, progress)
        plugin.check_only = True
        return _run(config, plugin)


def build(
    config_file: Path,
    *,
    strict: bool = False,
    workers: int = 0,
    site_dir: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Build the site and publish it, or tell why not. Refusal if the machine can't."""
    config = _load(config_file, strict=strict, site_dir=site_dir)
    site = Path(config.site_dir)
    plugin = _prepare(config, workers, progress)
    diagnostics = _run(config, plugin)
    documents = plugin.found.corpus.documents if plugin.found else ()
    return Outcome(diagnostics, plugin.published, site, len(documents), sum(len(each.notes) for each in documents))


def serve(config_file: Path, *, address: str = "127.0.0.1:8000", open_in_browser: bool = False) -> None:
    """Preview the site until interrupted, rebuilding as files change. Faults are told, and shown on every page."""
    _load(config_file)
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    mkdocs_serve.serve(config_file=str(config_file), dev_addr=address, open_in_browser=open_in_browser)


def _load(config_file: Path, *, strict: bool = False, site_dir: Path | None = None) -> MkDocsConfig:
    if not config_file.is_file():
        raise Refusal(f"no such file: {config_file}. `postil init DIR` starts a project that has one.")
    try:
        config = load_config(
            config_file=str(config_file), strict=strict or None, site_dir=str(site_dir) if site_dir else None
        )
    except (ConfigurationError, Abort) as error:
        raise Refusal(f"{config_file}: {error}") from error
    _plugin(config)
    return config


def _plugin(config: MkDocsConfig) -> PostilPlugin:
    for plugin in config.plugins.values():
        if isinstance(plugin, PostilPlugin):
            return plugin
    raise Refusal("mkdocs.yml doesn't name the plug-in; add `plugins: [postil]`")


def _prepare(config: MkDocsConfig, workers: int, progress: Progress | None) -> PostilPlugin:
    plugin = _plugin(config)
    plugin.quiet, plugin.check_only = True, False  # MkDocs gives the object of the last build again
    plugin.progress = progress
    if workers:
        plugin.config.workers = workers
    return plugin


def _run(config: MkDocsConfig, plugin: PostilPlugin) -> tuple[Diagnostic, ...]:
    """Let MkDocs build, and gather its own warnings as diagnostics beside ours."""
    with _listening() as heard:
        try:
            config.plugins.on_startup(command="build", dirty=False)
            mkdocs_build.build(config)
        except (Abort, MkDocsException) as error:
            if plugin.refusal:
                raise plugin.refusal from error
            if not has_errors(plugin.diagnostics) and not config.strict:
                raise Refusal(str(error)) from error
        except RecursionError as error:
            if not plugin.drawing:
                raise
            message = f"{plugin.drawing}: quotes or lists are nested too deeply for the engine to read them"
            raise Refusal(f"{message}. The published site stands as it was.") from error
        except OSError as error:  # no room, no rights: the engine reads and writes too, and doesn't say it more kindly
            raise Refusal(f"{_failed(error, config, plugin)}. The published site stands as it was.") from error
        finally:
            config.plugins.on_shutdown()
    docs = Path(config.docs_dir).name
    return tuple(sorted({*plugin.diagnostics, *(_heard(each, docs) for each in heard)}))


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


def _heard(message: str, docs: str) -> Diagnostic:
    if found := _DOC_FILE.match(message):
        return Diagnostic(Place(f"{docs}/{found[1]}"), "P403", found[2])
    return Diagnostic(Place("mkdocs.yml"), "P403", message)


class _Ear(logging.Handler):
    """Keeps the warnings that MkDocs only logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one, unless it is our own or only says that a build ended."""
        if not record.name.startswith("mkdocs.plugins.postil") and record.levelno == logging.WARNING:
            self.heard.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    ear, logger = _Ear(), logging.getLogger("mkdocs")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(ear)
    try:
        yield ear.heard
    finally:
        logger.removeHandler(ear)
        logger.propagate = propagate
