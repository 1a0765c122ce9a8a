"""Load a ``mkdocs.yml``, and make diagnostics, or one UserError, of what MkDocs says of it."""

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
from builder.engines.plugin_config import config_name, setting_place

_VALUE = re.compile(r"^Config value '([^']*)': (.*)", re.DOTALL)
_UNKNOWN = re.compile(r"(?:^Plugin '([^']+)' option '[^']*': )?Unrecognised configuration name: (.+)$")


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site's settings, our plug-in among them, and what MkDocs warns of in the settings."""

    config: MkDocsConfig
    plugin: PostilPlugin
    warnings: tuple[Diagnostic, ...]


def load_site(
    config_file: Path, *, strict: bool = False, site_dir: Path | None = None, address: str | None = None
) -> LoadedSite:
    """Return the settings of ``config_file``, changed as the caller wants.

    Raises UserError if the file can't be read, has a wrong value, or doesn't name the plug-in. Warnings forbid nothing
    here, not even under ``strict``.

    ``config_file``: the ``mkdocs.yml``.
    ``strict``: set MkDocs's ``strict``, whatever the file says.
    ``site_dir``: the folder of the site, if not that of the file.
    ``address``: where a preview is to listen, if not where the file says.
    """
    if not config_file.is_file():
        raise UserError(f"no such file: {config_file}. `postil init DIR` starts a project that has one.")
    with capture_warnings() as records:
        try:
            options = {"site_dir": str(site_dir) if site_dir else None, "dev_addr": address}
            config = _load_config(config_file, records, options)
        except (ConfigurationError, Abort) as error:
            messages = [_error(record) for record in records if record.levelno >= logging.ERROR]
            raise UserError("\n".join(f"{config_file}: {line}" for line in messages or [str(error)])) from error
    config.strict = config.strict or strict
    warnings = tuple(sorted({_warning(record, config) for record in records}))
    for plugin in config.plugins.values():
        if isinstance(plugin, PostilPlugin):
            return LoadedSite(config, plugin, warnings)
    raise UserError(f"{config_file.name} doesn't name the plug-in; add `plugins: [postil]`{format_warnings(warnings)}")


def _load_config(
    config_file: Path, records: list[logging.LogRecord], options: Mapping[str, str | None]
) -> MkDocsConfig:
    """Load the settings, also those that MkDocs refuses only because they are strict and it has a warning."""
    try:
        return load_config(config_file=str(config_file), **options)
    except Abort:
        if any(record.levelno >= logging.ERROR for record in records):
            raise
    records.clear()
    config = load_config(config_file=str(config_file), strict=False, **options)
    config.strict = True
    return config


def format_warnings(warnings: Iterable[Diagnostic]) -> str:
    """Return the lines to add to an error. A setting that MkDocs ignored may well be its cause."""
    return "".join(f"\n{fault.place}: {fault.severity} {fault.code}: {fault.message}" for fault in warnings)


def _error(record: logging.LogRecord) -> str:
    """Return what is wrong with a value, with the next step where there is one."""
    value = _VALUE.match(record.getMessage())
    if not value:
        return record.getMessage()
    message = f"{value[1]}: {value[2]}"
    if value[1] == "docs_dir" and "isn't an existing" in message:
        return f"{message}\nmake that folder, with an index.md in it, for the pages that you write by hand"
    return message


def _warning(record: logging.LogRecord, config: MkDocsConfig) -> Diagnostic:
    """Return P403: for an unknown key its place and the nearest known one; other warnings as MkDocs words them."""
    message = record.getMessage()
    if not (value := _VALUE.match(message)):
        return Diagnostic(Place(config_name(config)), "P403", message)
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
