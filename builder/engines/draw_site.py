"""A build with an engine that only draws: postil fills in everything of the corpus afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from builder.addresses import page_file
from builder.diagnostics import Diagnostic
from builder.engines.build import Build, BuildOptions, StoppedError, start_build
from builder.engines.dead_links import dead_links
from builder.engines.docs_files import site_files
from builder.engines.raw_page import RawPage, fill_links, split_page
from builder.engines.seam import Drawn, Engine, Given, SiteSettings
from builder.engines.site_checks import refused_files
from builder.publish.staging import write_file
from builder.render.index_pages import SECTIONS
from builder.render.shell import every_shell, shell_address


def draw_site(settings: SiteSettings, options: BuildOptions, engine: Engine) -> Build:
    """Build a site and publish it, unless something is wrong; return the build, which knows.

    Raises UserError if the site cannot be built at all. The published site then stands as it was.

    ``settings``: those of the site.
    ``options``: what the caller wants.
    ``engine``: what draws the theme.
    """
    said: list[Diagnostic] = []
    build = start_build(settings, options, lambda: bool(said))
    try:
        build.load({})
        refused = dict(refused_files(site_files(settings), settings))
        build.report(refused.values())
        given = build.given([file for file in site_files(settings) if file.source not in refused])
        drawn = engine.draw(given, build.out)
        said += drawn.said
        build.report(drawn.said)
        _complete(build, drawn, given)
        build.finish()
    except StoppedError:
        pass  # its diagnostics say why
    finally:
        build.discard()
    return build


def draw_only(settings: SiteSettings, engine: Engine, out: Path) -> Drawn:
    """Have an engine draw a site and the shells of all its sections into ``out``, and fill in nothing of the corpus."""
    build = start_build(replace(settings, site_dir=out), BuildOptions(draw_only=True, quiet=True), lambda: False)
    build.load({})
    refused = {source for source, _ in refused_files(site_files(settings), settings)}
    given = build.given([file for file in site_files(settings) if file.source not in refused])
    out.mkdir(parents=True)
    return engine.draw(replace(given, settings=settings, shells=every_shell(SECTIONS, given.shells)), out)


def _complete(build: Build, drawn: Drawn, given: Given) -> None:
    """Fill in the pages that an engine has drawn, write them, and cut its shells."""
    build.skip_label = drawn.skip_label or build.skip_label
    build.pages.leads_to_documents |= drawn.leads_to_documents
    # All are filled before the first is written, so that every page of a preview can show what is wrong in any.
    linked = [(path, raw, _linked(build, raw)) for path, raw in _raw_pages(build, drawn)]
    written = [(raw.page, content) for _, raw, content in linked]
    build.report(dead_links(written, drawn.folder, given.pressed, build.settings.docs_dir))
    filled = [
        (path, raw.page, f"{raw.before}{build.fill_page(content, raw.page)}{raw.after}")
        for path, raw, content in linked
    ]
    addresses = (*(page.address for _, page, _ in filled), *map(shell_address, given.shells))
    depths = {-1, *(address.count("/") for address in addresses)}
    build.make_policy(scripts for depth, scripts in drawn.theme if depth in depths)
    for path, page, html in filled:
        html = build.insert_parts(html, page.address, tolerant=page.own_template)  # noqa: PLW2901 - its next state
        write_file(path, build.finish_page(html, page).encode())
    for name in drawn.templates:
        path = drawn.folder / name
        write_file(path, build.finish_template(path.read_text(encoding="utf-8"), name).encode())
    for key in given.shells:
        address = shell_address(key)
        html = (drawn.folder / page_file(address)).read_text(encoding="utf-8")
        build.finish_shell(build.insert_parts(html, address), key)
    for asset in build.assets:
        write_file(build.out / asset.address, asset.content)


def _raw_pages(build: Build, drawn: Drawn) -> Iterator[tuple[Path, RawPage]]:
    for path in sorted(drawn.folder.rglob("*.html")):
        raw = split_page(path.read_text(encoding="utf-8"), build.settings.docs_dir)
        if raw:
            yield path, raw


def _linked(build: Build, raw: RawPage) -> str:
    """Return the content of a page with its cross-links leading somewhere."""
    page = raw.page
    build.pages.current = page
    resolve = partial(build.pages.drawn_link, page=page)
    return fill_links(raw.content, page.address, resolve, directory_urls=build.settings.directory_urls)
