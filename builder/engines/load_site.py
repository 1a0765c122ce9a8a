"""A ``mkdocs.yml`` is loaded, and what MkDocs says of it becomes diagnostics, or one refusal with the next step."""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from builder.diagnostics import Diagnostic, Place, UserError
from builder.engines.log_capture import capture_warnings
from builder.engines.mkdocs import PostilPlugin
from builder.engines.plugin_config import setting_place

_VALUE = re.compile(r"^Config value '([^']*)': (.*)", re.DOTALL)
_UNKNOWN = re.compile(r"(?:^Plugin '([^']+)' option '[^']*': )?Unrecognised configuration name: (.+)$")


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site's settings, our plug-in among them, and what MkDocs warns of in them."""

    config: MkDocsConfig
    plugin: PostilPlugin
    warnings: tuple[Diagnostic, ...]


def load_site(
    config_file: Path, *, strict: bool = False, site_dir: Path | None = None, address: str | None = None
) -> LoadedSite:
    """The settings of ``config_file``, with what the caller wants otherwise.

    UserError if it can't be read, has a wrong value, or doesn't name the plug-in. Warnings are told, and forbid nothing
    here: ``config.strict`` says whether they are to.
    """
    if not config_file.is_file():
        raise UserError(f"no such file: {config_file}. `postil init DIR` starts a project that has one.")
    with capture_warnings() as heard:
        try:
            options = {"site_dir": str(site_dir) if site_dir else None, "dev_addr": address}
            config = _loaded(config_file, heard, options)
        except (ConfigurationError, Abort) as error:
            said = [_error(record) for record in heard if record.levelno >= logging.ERROR]
            raise UserError("\n".join(f"{config_file}: {each}" for each in said or [str(error)])) from error
    config.strict = config.strict or strict
    warnings = tuple(sorted({_warning(each, config) for each in heard}))
    for plugin in config.plugins.values():
        if isinstance(plugin, PostilPlugin):
            return LoadedSite(config, plugin, warnings)
    raise UserError(f"{config_file.name} doesn't name the plug-in; add `plugins: [postil]`{with_warnings(warnings)}")


def _loaded(config_file: Path, heard: list[logging.LogRecord], options: Mapping[str, str | None]) -> MkDocsConfig:
    """The settings, though they be strict and MkDocs warn of something: there is more to tell than that."""
    try:
        return load_config(config_file=str(config_file), **options)
    except Abort:
        if any(record.levelno >= logging.ERROR for record in heard):
            raise
    heard.clear()
    config = load_config(config_file=str(config_file), strict=False, **options)
    config.strict = True
    return config


def with_warnings(warnings: Iterable[Diagnostic]) -> str:
    """What a refusal says besides: a setting that MkDocs passed over may well be its cause."""
    return "".join(f"\n{each.place}: {each.severity} {each.code}: {each.message}" for each in warnings)


def _error(record: logging.LogRecord) -> str:
    found = _VALUE.match(record.getMessage())
    if not found:
        return record.getMessage()
    said = f"{found[1]}: {found[2]}"
    if found[1] == "docs_dir" and "isn't an existing" in said:
        return f"{said}\nmake that folder, with an index.md in it, for the pages that you write by hand"
    return said


def _warning(record: logging.LogRecord, config: MkDocsConfig) -> Diagnostic:
    """P403: an unknown key where it stands, with the nearest known one; other warnings as MkDocs says them."""
    message = record.getMessage()
    if not (value := _VALUE.match(message)):
        return Diagnostic(Place(Path(config.config_file_path).name), "P403", message)
    if not (unknown := _UNKNOWN.search(value[2])):
        return Diagnostic(setting_place(config, value[1]), "P403", f"{value[1]}: {value[2]}")
    plugin, key = unknown[1], unknown[2]
    known = sorted(set(_known(config, plugin)) - {key})
    near = difflib.get_close_matches(key, known, n=1)
    where = f'option "{key}" of the plug-in {plugin}' if plugin else f'key "{key}"'
    hint = f"nearest: {near[0]}" if near else "take it out"
    return Diagnostic(setting_place(config, key, inside=bool(plugin)), "P403", f"unknown {where}", hint)


def _known(config: MkDocsConfig, plugin: str | None) -> Iterator[str]:
    yield from config.plugins[plugin].config if plugin else config
