"""The plug-in's settings in ``mkdocs.yml``, checked, and the places of settings in that file."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig

from builder.diagnostics import Place, UserError
from builder.model import Limits
from builder.pipeline import Settings

_BARE_THEMES = ("mkdocs", "readthedocs")


class PostilConfig(Config):  # type: ignore[no-untyped-call]
    """The plug-in's settings in ``mkdocs.yml``. The guide's page of settings is made from these lines.

    ``seeds``: folder of the documents and their sidecars, relative to ``mkdocs.yml``. It must lie outside ``docs_dir``.

    ``workers``: number of processes that read documents and make pages; 0 means one for each processor core. A corpus
    of fewer than 64 documents is built in one process.

    ``search``: build the search index, the search box and the page ``/search/``.

    ``history``: read git's history for the page ``/changes/``, its feeds, and the histories on notes and claims.

    ``content_security_policy``: put a Content-Security-Policy on every page. A mapping adds sources to its directives,
    and ``false`` leaves it out.

    ``limits``: sizes beyond which a file is refused, by name; see below.
    """

    seeds = option.Type(str, default="seeds")
    workers = option.Type(int, default=0)
    search = option.Type(bool, default=True)
    history = option.Type(bool, default=True)
    content_security_policy = option.Type((bool, dict), default=True)
    limits = option.Type(dict, default={})


def check_theme(config: MkDocsConfig) -> None:
    """Raise UserError for the themes that MkDocs itself brings: pages cannot be pressed in them."""
    if config.theme.name not in _BARE_THEMES:
        return
    note = "" if setting_place(config, "theme").line else ", which MkDocs takes where none is named"
    raise UserError(
        f'postil needs the theme Material; this site has "{config.theme.name}"{note}\n'
        "write in mkdocs.yml:  theme: {name: material}"
    )


def setting_place(config: MkDocsConfig, key: str, *, inside: bool = False) -> Place:
    """Return where ``key`` stands in ``mkdocs.yml``, at the margin or ``inside`` another; the file if nowhere."""
    before = r"[^#\n]*?(?<![\w./-])" if inside else ""
    return _place(config, rf"""^{before}["']?({re.escape(key)})["']?\s*:""")


def list_item_place(config: MkDocsConfig, item: str) -> Place:
    """Return where ``item`` stands in a list in ``mkdocs.yml``; the file if it is not found."""
    return _place(config, rf"""^(?:\s*-\s+|[^#\n]*[\[,]\s*)["']?({re.escape(item)})["']?\s*(?:[,\]:#]|$)""")


def published_address(config: MkDocsConfig, *, preview: bool) -> str | None:
    """Return the address that the site is published at, if it has one. MkDocs puts a preview's own in its place."""
    if not preview:
        return config.site_url or None
    with warnings.catch_warnings():  # MkDocs 1.6.1 means to remove it, and is the last of its line
        warnings.simplefilter("ignore", DeprecationWarning)
        given = config.user_configs
    written = next((settings["site_url"] for settings in reversed(given) if "site_url" in settings), None)
    return str(written) if written else None


def _place(config: MkDocsConfig, pattern: str) -> Place:
    path = Path(config.config_file_path or "mkdocs.yml")
    source = path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
    found = re.search(pattern, source, re.MULTILINE)
    if not found:
        return Place(path.name)
    at = found.start(1)
    return Place(path.name, source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at))


def pipeline_settings(own: PostilConfig, config: MkDocsConfig, *, preview: bool) -> Settings:
    """Return the plug-in's settings as the pipeline takes them.

    Raises UserError if a limit has an unknown name or isn't a number, and if one folder lies in another: publishing
    removes what is in ``site_dir``, which must not be what the site is made of.
    """
    root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
    try:
        limits = Limits(**{name: int(value) for name, value in own.limits.items()})
    except (TypeError, ValueError) as error:
        raise UserError(f"plugins: postil: limits: {error}") from error
    seeds = (root / own.seeds).absolute()
    if seeds.is_relative_to(Path(config.docs_dir).absolute()):
        raise UserError(f"{own.seeds} must lie outside docs_dir: its documents would be published unannotated too")
    site, corpus = Path(config.site_dir).resolve(), seeds.resolve()
    if site.is_relative_to(corpus) or corpus.is_relative_to(site) or root.resolve().is_relative_to(site):
        raise UserError(
            f"site_dir ({config.site_dir}) must be a folder of its own: publishing clears away all that is in it\n"
            "write in mkdocs.yml:  site_dir: site"
        )
    return Settings(root.absolute(), seeds, limits, own.workers, preview, bool(config.use_directory_urls))
