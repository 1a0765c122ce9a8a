"""Settings of a site from its file alone, for an engine that takes no part of postil in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from builder.diagnostics import Diagnostic, UserError
from builder.engines.engine_log import settings_warning
from builder.engines.seam import OwnSettings, SiteSettings, is_documents
from builder.read.engine_settings import plugin_settings, read_engine_settings

_OWN: Mapping[str, tuple[object, tuple[type, ...]]] = {  # default, and what else is allowed
    "seeds": ("seeds", (str,)),
    "workers": (0, (int,)),
    "search": (True, (bool,)),
    "history": (True, (bool,)),
    "cards": (False, (bool, dict)),
    "content_security_policy": (True, (bool, dict)),
    "limits": ({}, (dict,)),
}
_ELSEWHERE = ("engine",)


def written_settings(file: Path) -> tuple[SiteSettings, dict[str, Any], tuple[Diagnostic, ...]]:
    """Return the settings of a site, all that stands in the file, and what is wrong with postil's own settings.

    Raises UserError if the file can't be read, has a wrong value, or doesn't name the plug-in.
    """
    written = read_engine_settings(file)
    plugins = plugin_settings(written)
    if "postil" not in plugins:
        raise UserError(f"{file.name} doesn't name the plug-in; add `plugins: [postil]`")
    root = file.absolute().parent
    docs = root / _text(written, "docs_dir", "docs")
    if not docs.is_dir():
        raise UserError(
            f"{file}: docs_dir: The path '{docs}' isn't an existing directory.\n"
            "make that folder, with an index.md in it, for the pages that you write by hand"
        )
    theme = written.get("theme") or {}
    theme = theme if isinstance(theme, dict) else {"name": theme}
    url = _text(written, "site_url", "")
    url = url if not url or url.endswith("/") else f"{url}/"
    settings = SiteSettings(
        file=file,
        name=_text(written, "site_name", ""),
        url=url,
        published_url=url or None,
        docs_dir=docs,
        site_dir=root / _text(written, "site_dir", "site"),
        directory_urls=written.get("use_directory_urls", True) is not False,
        strict=written.get("strict") is True,
        has_nav=bool(written.get("nav")),
        plugins=frozenset(plugins),
        theme=str(theme.get("name") or "material"),
        language=str(theme.get("language") or ""),
        tabs="navigation.tabs" in (theme.get("features") or ()),
        loads_fonts=False,
        repo_url=_text(written, "repo_url", ""),
        scripts=tuple(_paths(written.get("extra_javascript"))),
        styles=tuple(_paths(written.get("extra_css"))),
        own=_own(plugins["postil"], file),
    )
    if not settings.name:
        raise UserError(f"{file}: site_name: Required configuration not provided.")
    settings = replace(settings, loads_fonts=theme.get("font") is not False and not settings.has_plugin("privacy"))
    return settings, written, tuple(_unknown(plugins["postil"], settings))


def leads_to_documents(nav: object) -> bool:
    """Return whether a navigation, as it is written, leads to the documents."""
    if isinstance(nav, dict):
        return any(map(leads_to_documents, nav.values()))
    if isinstance(nav, list):
        return any(map(leads_to_documents, nav))
    return is_documents(str(nav))


def nav_sources(nav: object) -> Iterator[str]:
    """Yield the paths of the pages in a navigation, as they are written."""
    if isinstance(nav, dict | list):
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from nav_sources(entry)
    elif isinstance(nav, str):
        yield nav


def _own(options: Mapping[str, Any], file: Path) -> OwnSettings:
    values: dict[str, Any] = {}
    for field in fields(OwnSettings):
        default, kinds = _OWN[field.name]
        value = options.get(field.name, default)
        if type(value) not in kinds:
            raise UserError(f"{file}: plugins: postil: {field.name}: not a value of the right kind: {value!r}")
        values[field.name] = value
    return OwnSettings(**values)


def _unknown(options: Mapping[str, Any], settings: SiteSettings) -> Iterator[Diagnostic]:
    known = (*_OWN, *_ELSEWHERE)
    for name in options.keys() - {*known}:
        message = f"Config value 'plugins': Plugin 'postil' option '{name}': Unrecognised configuration name: {name}"
        yield settings_warning(message, settings, {"postil": known})


def _text(written: Mapping[str, Any], key: str, default: str) -> str:
    value = written.get(key)
    return default if value is None else str(value)


def _paths(entries: object) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else ():
        yield str(entry.get("path", "")) if isinstance(entry, dict) else str(entry)
