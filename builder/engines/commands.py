"""Build, check, preview and freeze a site, with whichever engine."""

# ruff: noqa: PLC0415 - an engine is imported only if it is wanted: it may not be there

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from builder.diagnostics import Diagnostic, UserError
from builder.engines.build import BuildOptions, BuildResult
from builder.engines.draw_site import draw_only, draw_site
from builder.engines.frozen import FOLDER, read_frozen, write_frozen
from builder.engines.installed import ENGINES, MKDOCS, check_installed
from builder.engines.project_settings import pipeline_settings
from builder.engines.seam import Engine, SiteSettings
from builder.engines.written_settings import written_settings
from builder.engines.zensical import Zensical
from builder.pipeline import Progress, Settings
from builder.read.engine_settings import written_engine


@dataclass(frozen=True, slots=True)
class _Chosen:
    """An engine by its name; ``folder`` is that of a frozen site."""

    name: str
    folder: Path


def check_site(
    config_file: Path, *, engine: str | None = None, workers: int = 0, progress: Progress | None = None
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with the corpus and the hand-written pages, sorted. Publishes nothing.

    ``config_file``: the settings of the site.
    ``engine``: its name, or ``frozen:FOLDER``; None for that of the settings.
    ``workers``: number of processes; 0 means the number in the settings.
    ``progress``: called as the corpus is read.
    """
    chosen = _choose(config_file, engine)
    if chosen.name in MKDOCS:
        return _mkdocs(chosen).check_site(config_file, workers=workers, progress=progress)  # type: ignore[no-any-return]
    with tempfile.TemporaryDirectory(prefix="postil-check-") as folder:
        options = BuildOptions(check_only=True, quiet=True, progress=progress)
        return _draw(chosen, config_file, options, site_dir=Path(folder) / "site", workers=workers).diagnostics


def build_site(
    config_file: Path,
    *,
    engine: str | None = None,
    strict: bool = False,
    workers: int = 0,
    site_dir: Path | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Build the site, and publish it unless something is wrong.

    Raises UserError if the site cannot be built at all.

    ``config_file``, ``engine``, ``workers``, ``progress``: as for ``check_site``.
    ``strict``: publish nothing if there are warnings either.
    ``site_dir``: the folder to publish in, if not that of the settings.
    """
    chosen = _choose(config_file, engine)
    if chosen.name in MKDOCS:
        result: BuildResult = _mkdocs(chosen).build_site(
            config_file, strict=strict, workers=workers, site_dir=site_dir, progress=progress
        )
        return result
    options = BuildOptions(quiet=True, progress=progress)
    return _draw(chosen, config_file, options, site_dir=site_dir, workers=workers, strict=strict)


def freeze_site(config_file: Path, folder: Path, *, engine: str | None = None) -> tuple[str, ...]:
    """Keep what the engine draws in ``folder``, to build the site from when the engine is gone; return its files.

    Raises UserError if the site cannot be drawn, or if there is something else in the folder.

    ``config_file``, ``engine``: as for ``check_site``.
    """
    chosen = _choose(config_file, engine)
    if chosen.name == "frozen":
        raise UserError("a frozen site can't be frozen\nname the engine that is to draw it:  --engine mkdocs")
    if chosen.name == "zensical":
        return _freeze(chosen, config_file, folder)
    names: tuple[str, ...] = _mkdocs(chosen).freeze_site(config_file, folder, chosen.name)
    return names


def _freeze(chosen: _Chosen, config_file: Path, folder: Path) -> tuple[str, ...]:
    engine, settings, _ = _engine(chosen, config_file)
    with tempfile.TemporaryDirectory(prefix="postil-freeze-") as temporary:
        drawn = draw_only(settings, engine, Path(temporary) / "site")
        return write_frozen(folder, settings, drawn, chosen.name)


def serve_site(
    config_file: Path, *, engine: str | None = None, address: str = "127.0.0.1:8000", open_in_browser: bool = False
) -> None:
    """Preview the site until interrupted, and rebuild it as files change. Errors are logged, and shown on every page.

    Raises UserError if another program listens at the address, or if the engine has no preview.
    """
    chosen = _choose(config_file, engine)
    if chosen.name not in MKDOCS:
        raise UserError(f"{chosen.name} has no preview\nuse an engine that has one:  postil serve --engine mkdocs")
    _mkdocs(chosen).serve_site(config_file, address=address, open_in_browser=open_in_browser)


def load_settings(config_file: Path) -> Settings:
    """Return the settings of the corpus. Raises UserError if the file can't be read or doesn't name the plug-in."""
    return pipeline_settings(_site_settings(config_file), preview=False)


def docs_dir(config_file: Path) -> Path:
    """Return the folder of hand-written pages. Raises UserError as ``load_settings`` does."""
    return _site_settings(config_file).docs_dir


def _site_settings(config_file: Path) -> SiteSettings:
    chosen = _choose(config_file, None)
    if chosen.name == "frozen":
        return read_frozen(chosen.folder).settings(config_file)
    if chosen.name == "zensical":
        return written_settings(config_file)[0]
    settings: SiteSettings = _mkdocs(chosen).site_settings(config_file)
    return settings


def _choose(config_file: Path, engine: str | None) -> _Chosen:
    """Return the engine that is named, or else the one of the settings. Raises UserError if it is not there."""
    wanted = engine or _written_engine(config_file) or ENGINES[0]
    name, _, folder = wanted.partition(":")
    if name not in ENGINES or (folder and name != "frozen"):
        raise UserError(f'unknown engine "{wanted}"; known: {", ".join(ENGINES)}')
    check_installed(name)
    return _Chosen(name, Path(folder) if folder else config_file.absolute().parent / FOLDER)


def _written_engine(config_file: Path) -> str | None:
    """Return the engine that the settings name; None if they name none, or can't be read: MkDocs says best why."""
    try:
        return written_engine(config_file)
    except UserError:
        return None


def _mkdocs(chosen: _Chosen) -> ModuleType:
    """Return MkDocs's commands; with ProperDocs in its place, if that is chosen."""
    if chosen.name == "properdocs":
        from builder.engines.properdocs import take_the_place_of_mkdocs

        take_the_place_of_mkdocs()
    from builder.engines import mkdocs_commands

    return mkdocs_commands


def _draw(
    chosen: _Chosen,
    config_file: Path,
    options: BuildOptions,
    *,
    site_dir: Path | None,
    workers: int,
    strict: bool = False,
) -> BuildResult:
    engine, settings, told = _engine(chosen, config_file)
    settings = replace(
        settings,
        site_dir=site_dir or settings.site_dir,
        strict=settings.strict or strict,
        own=replace(settings.own, workers=workers or settings.own.workers),
    )
    build = draw_site(settings, replace(options, diagnostics=told), engine)
    documents = build.loaded.corpus.documents
    notes = sum(len(record.notes) for record in documents)
    return BuildResult(build.diagnostics, build.published, settings.site_dir, len(documents), notes)


def _engine(chosen: _Chosen, config_file: Path) -> tuple[Engine, SiteSettings, tuple[Diagnostic, ...]]:
    """Return an engine that only draws, the settings of the site, and what is wrong with them."""
    if chosen.name == "zensical":
        settings, written, told = written_settings(config_file)
        return Zensical(written), settings, told
    frozen = read_frozen(chosen.folder)
    settings = frozen.settings(config_file)
    return frozen, settings, tuple(sorted(frozen.changes(settings)))
