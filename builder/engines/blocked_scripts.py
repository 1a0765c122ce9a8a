"""Which scripts the pages of a site may run, and what is reported of those that they may not."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url, is_error_template

from builder.diagnostics import Diagnostic, Place, UserError
from builder.engines.drawn_page import is_shell_page, place_of_text
from builder.engines.plugin_config import PostilConfig, has_plugin, setting_place
from builder.publish.content_policy import (
    PageScripts,
    covers,
    format_policy,
    insert_policy,
    page_scripts,
    read_additions,
    script_hash,
)

log = logging.getLogger("mkdocs.plugins.postil")

# Front matter that no template makes a script of. A page with other fields may have one that its neighbours don't.
_INERT = frozenset(
    ("author", "authors", "categories", "date", "description", "hide", "icon", "search", "status", "subtitle", "tags")
) | {"template", "title"}
_MOST = 200  # drawings of the theme, 15 ms each; a page beyond them may be warned of without need


@dataclass(slots=True)
class ScriptPolicy:
    """The Content-Security-Policy of one build.

    ``value``: the policy.
    ``sources``: what it lets run besides files of the site.
    """

    value: str
    sources: frozenset[str]
    _site: str
    _blocked: dict[tuple[str, str], set[Place]] = field(default_factory=dict)
    _everywhere: set[tuple[str, str]] = field(default_factory=set)

    def apply(self, html: str, page: Page | None) -> str:
        """Return a page with the policy in it, and note which of its scripts will not run."""
        scripts = page_scripts(html)
        for key in self._not_covered(scripts):
            if page is None or is_shell_page(page.file):
                self._everywhere.add(key)
            else:
                self._blocked.setdefault(key, set()).add(_place(page, key))
        return insert_policy(html, self.value)

    def diagnostics(self, config: MkDocsConfig) -> Iterator[Diagnostic]:
        """Yield P407 for every script that will not run, at the page that has it; at the settings if all pages do."""
        for key in sorted(self._everywhere):
            yield _blocked(setting_place(config, "plugins"), key)
        for key in sorted(self._blocked.keys() - self._everywhere):
            for place in sorted(self._blocked[key]):
                yield _blocked(place, key)

    def _not_covered(self, scripts: PageScripts) -> Iterator[tuple[str, str]]:
        for text in scripts.inline:
            if script_hash(text) not in self.sources:
                yield "inline", script_hash(text)
        for address in scripts.external:
            own = not urlsplit(address).netloc or urlsplit(address).netloc == self._site
            if not own and not covers(self.sources, address):
                yield "external", address
        for name in scripts.handlers:
            yield "handler", name


def script_policy(
    env: Any,  # noqa: ANN401 - Jinja2 lives in render/
    files: Files,
    config: MkDocsConfig,
    own: PostilConfig,
    *,
    search: bool,
    before: ScriptPolicy | None = None,
) -> ScriptPolicy | None:
    """Return the policy of a site; None if its settings want none. Raises UserError if they are wrong.

    ``env``: the theme's templates.
    ``files``: all pages that MkDocs draws, their front matter read.
    ``config``: MkDocs's settings.
    ``own``: the plug-in's settings.
    ``search``: whether the site has our search, which runs WebAssembly.
    ``before``: the policy of a build that this one is part of: the site has one file of headers.
    """
    setting = own.content_security_policy
    if setting is False:
        return None
    try:
        wanted = read_additions(setting if isinstance(setting, dict) else {})
    except UserError as error:
        raise UserError(f"plugins: postil: content_security_policy: {error}") from error
    scripts = [str(script) for script in config.extra_javascript]
    hashes = set(before.sources) if before else set()
    for html in _theme_pages(env, files, config):
        drawn = page_scripts(html)
        scripts += drawn.external
        hashes |= set(map(script_hash, drawn.inline))
    additions = {directive: set(sources) for directive, sources in wanted.items()}
    for directive, sources in {
        "script-src": (*hashes, *_external(scripts), *(("'wasm-unsafe-eval'",) if search else ())),
        "style-src": (*_external(config.extra_css), *_google_fonts(config)),
        "font-src": _google_fonts(config),
        "connect-src": _repository_hosts(config),
    }.items():
        additions.setdefault(directive, set()).update(sources)
    site = urlsplit(config.site_url or "").netloc
    policy = ScriptPolicy(format_policy(additions), frozenset(additions["script-src"]), site)
    if before:
        policy._blocked, policy._everywhere = before._blocked, before._everywhere  # noqa: SLF001 - it goes on from there
    return policy


def _external(addresses: Iterable[str]) -> Iterator[str]:
    """Yield the addresses of other hosts, without a query, which no policy can hold."""
    return (address.partition("?")[0] for address in addresses if urlsplit(address).netloc)


def _google_fonts(config: MkDocsConfig) -> tuple[str, ...]:
    """Return the hosts that Material loads its fonts from."""
    loads = config.theme.get("font") and not has_plugin(config, "privacy")
    return ("https://fonts.googleapis.com", "https://fonts.gstatic.com") if loads else ()


def _repository_hosts(config: MkDocsConfig) -> Iterator[str]:
    """Yield the host that Material asks for a repository's stars and its last release."""
    address = urlsplit(config.repo_url or "")
    if address.netloc == "github.com":
        yield "https://api.github.com"
    elif "gitlab" in address.netloc:
        yield f"https://{address.netloc}"


def _theme_pages(env: Any, files: Files, config: MkDocsConfig) -> Iterator[str]:  # noqa: ANN401
    """Yield the theme's pages as they are without title, content, contents list and navigation.

    One for every template at every depth, since scripts hold the way to the site's root; and one for all front matter
    that a template may make a script of.
    """
    drawn: set[str] = set()
    for file in files.documentation_pages():
        if file.page is None:
            continue
        meta = {key: value for key, value in file.page.meta.items() if key not in _INERT}
        # If a template cannot be drawn without its page, what it shares with the others is known all the same.
        for template in {"main.html", str(file.page.meta.get("template", "main.html"))}:
            key = repr((template, get_relative_url(".", file.page.url), sorted(map(repr, meta.items()))))
            if key not in drawn and len(drawn) < _MOST:
                drawn.add(key)
                yield from _draw(env, template, _empty_page(file, meta, config), config)
    for name in sorted(config.theme.static_templates):
        if name.endswith(".html"):
            yield from _draw(env, name, None, config)


def _empty_page(file: File, meta: Mapping[str, object], config: MkDocsConfig) -> Page:
    """Return a page at the depth of ``file`` that holds nothing but its front matter."""
    twin = File(file.src_uri, None, config.site_dir, config.use_directory_urls, dest_uri=file.dest_uri)
    page = Page("", twin, config)
    page.markdown, page.content, page.meta = "", "", dict(meta)
    return page


def _draw(env: Any, template: str, page: Page | None, config: MkDocsConfig) -> Iterator[str]:  # noqa: ANN401
    base_url = urlsplit(config.site_url or "/").path if is_error_template(template) else "."
    context = get_context(Navigation([], []), [], config, page, base_url)
    try:
        yield env.get_template(template).render(context)
    except Exception as error:  # noqa: BLE001 - a template of the owner's may want what only a whole page has
        log.debug("postil: %s cannot be drawn without a page's content: %s", template, error)


def _place(page: Page, key: tuple[str, str]) -> Place:
    kind, name = key
    return place_of_text(page, {"inline": "<script", "external": name, "handler": f"{name}="}[kind])


def _blocked(place: Place, key: tuple[str, str]) -> Diagnostic:
    kind, name = key
    match kind:
        case "inline":
            what, source = "an inline script", name.strip("'")
        case "external":
            what, source = f"the script {name}", name
        case _:
            what, source = f"the event handler {name}", ""
    hint = "put it into a file of docs/, and name the file in `extra_javascript`"
    if source:
        hint += f', or allow it:\n- postil: {{content_security_policy: {{script-src: ["{source}"]}}}}'
    return Diagnostic(place, "P407", f"the site's Content-Security-Policy keeps {what} from running", hint)
