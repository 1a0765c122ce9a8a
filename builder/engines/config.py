"""The plug-in's settings in ``mkdocs.yml``, and what they come to."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig

from builder.diagnostics import Refusal
from builder.model import Limits
from builder.pipeline import Settings


class PostilConfig(Config):  # type: ignore[no-untyped-call]
    """The plug-in's settings in ``mkdocs.yml``."""

    seeds = option.Type(str, default="seeds")
    workers = option.Type(int, default=0)
    search = option.Type(bool, default=True)
    history = option.Type(bool, default=True)
    limits = option.Type(dict, default={})


def settings_of(own: PostilConfig, config: MkDocsConfig, *, preview: bool) -> Settings:
    """The plug-in's settings as the pipeline takes them.

    Refusal if a limit has an unknown name or isn't a number, and if folders stand in each other: what is in
    ``site_dir`` is cleared away when a site is published, and must not be what the site is made of.
    """
    root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
    try:
        limits = Limits(**{name: int(value) for name, value in own.limits.items()})
    except (TypeError, ValueError) as error:
        raise Refusal(f"plugins: postil: limits: {error}") from error
    seeds = (root / own.seeds).absolute()
    if seeds.is_relative_to(Path(config.docs_dir).absolute()):
        raise Refusal(f"{own.seeds} must lie outside docs_dir: its documents would be published unannotated too")
    site, corpus = Path(config.site_dir).resolve(), seeds.resolve()
    if site.is_relative_to(corpus) or corpus.is_relative_to(site) or root.resolve().is_relative_to(site):
        raise Refusal(
            f"site_dir ({config.site_dir}) must be a folder of its own: publishing clears away all that is in it\n"
            "write in mkdocs.yml:  site_dir: site"
        )
    return Settings(root.absolute(), seeds, limits, own.workers, preview)
