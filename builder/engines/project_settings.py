"""Settings of a site checked, and given to the pipeline as it takes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from builder.cache_files import cache_path
from builder.cards.draw_cards import CardFolders, cards_available
from builder.diagnostics import Diagnostic, UserError
from builder.engines.seam import OwnSettings, SiteSettings
from builder.model import Limits
from builder.pipeline import Settings

_BARE_THEMES = ("mkdocs", "readthedocs")


def check_theme(settings: SiteSettings) -> None:
    """Raise UserError for the themes that MkDocs itself brings: pages cannot be pressed in them."""
    if settings.theme not in _BARE_THEMES:
        return
    note = "" if settings.place("theme").line else ", which MkDocs takes where none is named"
    raise UserError(
        f'postil needs the theme Material; this site has "{settings.theme}"{note}\n'
        f"write in {settings.file.name}:  theme: {{name: material}}"
    )


def pipeline_settings(settings: SiteSettings, *, preview: bool) -> Settings:
    """Return a site's settings as the pipeline takes them.

    Raises UserError if a limit has an unknown name or isn't a number, and if one folder lies in another: publishing
    removes what is in ``site_dir``, which must not be what the site is made of.
    """
    root, own = settings.root, settings.own
    try:
        limits = Limits(**{name: int(str(value)) for name, value in own.limits.items()})
    except (TypeError, ValueError) as error:
        raise UserError(f"plugins: postil: limits: {error}") from error
    seeds = (root / own.seeds).absolute()
    if seeds.is_relative_to(settings.docs_dir.absolute()):
        raise UserError(f"{own.seeds} must lie outside docs_dir: its documents would be published unannotated too")
    site, corpus = settings.site_dir.resolve(), seeds.resolve()
    if site.is_relative_to(corpus) or corpus.is_relative_to(site) or root.resolve().is_relative_to(site):
        raise UserError(
            f"site_dir ({settings.site_dir}) must be a folder of its own: publishing clears away all that is in it\n"
            f"write in {settings.file.name}:  site_dir: site"
        )
    cards = None if preview or not settings.url else _card_folders(own, root)
    return Settings(root, seeds, limits, own.workers, preview, settings.directory_urls, cards, settings.language)


def check_cards(settings: SiteSettings) -> Iterator[Diagnostic]:
    """Yield P410 if share cards are asked for, and the site has no address that their own could begin with."""
    if settings.own.cards is not False and not settings.url:
        message, hint = "share cards need the site's address: none are drawn", "site_url: https://…"
        yield Diagnostic(settings.place("cards", inside=True), "P410", message, hint)


def _card_folders(own: OwnSettings, root: Path) -> CardFolders | None:
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
