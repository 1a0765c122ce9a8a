"""The plug-in's settings in ``mkdocs.yml``, checked, and the places of settings in that file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig

from builder.cache_files import cache_path
from builder.cards.draw_cards import CardFolders, cards_available
from builder.diagnostics import Diagnostic, Place, UserError
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

    ``cards``: draw a share card for every document and claim, the picture that other sites put beside a link; needs
    `site_url`, and ``pip install 'postil[cards]'``. ``{fonts: FOLDER}`` takes fonts from a folder, not the machine.

    ``content_security_policy``: put a Content-Security-Policy on every page. A mapping adds sources to its directives,
    and ``false`` leaves it out.

    ``limits``: sizes beyond which a file is refused, by name; see below.
    """

    seeds = option.Type(str, default="seeds")
    workers = option.Type(int, default=0)
    search = option.Type(bool, default=True)
    history = option.Type(bool, default=True)
    cards = option.Type((bool, dict), default=False)
    content_security_policy = option.Type((bool, dict), default=True)
    limits = option.Type(dict, default={})


def check_theme(config: MkDocsConfig) -> None:
    """Raise UserError for the themes that MkDocs itself brings: pages cannot be pressed in them."""
    if config.theme.name not in _BARE_THEMES:
        return
    note = "" if setting_place(config, "theme").line else ", which MkDocs takes where none is named"
    raise UserError(
        f'postil needs the theme Material; this site has "{config.theme.name}"{note}\n'
        f"write in {config_name(config)}:  theme: {{name: material}}"
    )


def config_name(config: MkDocsConfig) -> str:
    """Return the name of the file of settings, for messages."""
    return Path(config.config_file_path or "mkdocs.yml").name


def has_plugin(config: MkDocsConfig, name: str) -> bool:
    """Return whether a site has a plug-in of this name, whichever theme it comes with: ``material/search`` too."""
    return any(plugin.rpartition("/")[2] == name for plugin in config.plugins)


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
    written = _written_setting(config, "site_url")
    return str(written) if written else None


def _theme_language(config: MkDocsConfig) -> str:
    """Return the language that the owner has set the theme to; "" if it is the theme's own default."""
    theme = _written_setting(config, "theme")
    return str(theme.get("language") or "") if isinstance(theme, dict) else ""


def _written_setting(config: MkDocsConfig, key: str) -> object:
    """Return a setting as the owner has written it, before MkDocs makes anything of it; None if it is not written."""
    with warnings.catch_warnings():  # MkDocs 1.6.1 means to remove it, and is the last of its line
        warnings.simplefilter("ignore", DeprecationWarning)
        given = config.user_configs
    return next((settings[key] for settings in reversed(given) if key in settings), None)


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
            f"write in {config_name(config)}:  site_dir: site"
        )
    cards = None if preview or not config.site_url else _card_folders(own, root.absolute())
    return Settings(
        root.absolute(),
        seeds,
        limits,
        own.workers,
        preview,
        bool(config.use_directory_urls),
        cards,
        _theme_language(config),
    )


def check_cards(own: PostilConfig, config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Yield P410 if share cards are asked for, and the site has no address that their own could begin with."""
    if own.cards is not False and not config.site_url:
        message, hint = "share cards need the site's address: none are drawn", "site_url: https://…"
        yield Diagnostic(setting_place(config, "cards", inside=True), "P410", message, hint)


def _card_folders(own: PostilConfig, root: Path) -> CardFolders | None:
    """Return where share cards are kept and their fonts are, None if there are to be none. Raises UserError."""
    if own.cards is False:
        return None
    settings = own.cards if isinstance(own.cards, dict) else {}
    if unknown := [key for key in settings if key != "fonts"]:
        raise UserError(f'plugins: postil: cards: unknown setting "{unknown[0]}"; known: fonts')
    fonts = root / str(settings["fonts"]) if "fonts" in settings else None
    if fonts and not fonts.is_dir():
        raise UserError(f"plugins: postil: cards: there is no folder {settings['fonts']}")
    if not cards_available():
        raise UserError("share cards need Typst: pip install 'postil[cards]'\nor do without them:  cards: false")
    return CardFolders(cache_path(root, "cards"), fonts)
