"""Which scripts the pages of a site may run, and what is reported of those that they may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from builder.diagnostics import Diagnostic, Place, UserError
from builder.engines.seam import DrawnPage, SiteSettings
from builder.publish.content_policy import (
    PageScripts,
    covers,
    format_policy,
    insert_policy,
    page_scripts,
    read_additions,
    script_hash,
)


@dataclass(slots=True)
class ScriptPolicy:
    """The Content-Security-Policy of one build.

    ``value``: the policy.
    ``sources``: what it lets run besides files of the site.
    """

    value: str
    sources: frozenset[str]
    _site: str
    _docs: Path
    _blocked: dict[tuple[str, str], set[Place]] = field(default_factory=dict)
    _everywhere: set[tuple[str, str]] = field(default_factory=set)

    def apply(self, html: str, page: DrawnPage | None) -> str:
        """Return a page with the policy in it, and note which of its scripts will not run.

        ``page``: the hand-written page; None if it is a shell or one of the theme's own.
        """
        scripts = page_scripts(html)
        for key in self._not_covered(scripts):
            if page is None:
                self._everywhere.add(key)
            else:
                self._blocked.setdefault(key, set()).add(_place(page, self._docs, key))
        return insert_policy(html, self.value)

    def diagnostics(self, settings: SiteSettings) -> Iterator[Diagnostic]:
        """Yield P407 for every script that will not run, at the page that has it; at the settings if all pages do."""
        for key in sorted(self._everywhere):
            yield _blocked(settings.place("plugins"), key)
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
    theme: Iterable[PageScripts], settings: SiteSettings, *, search: bool, before: ScriptPolicy | None = None
) -> ScriptPolicy | None:
    """Return the policy of a site; None if its settings want none. Raises UserError if they are wrong.

    ``theme``: the scripts that pages have of the theme, whatever they hold.
    ``settings``: those of the site.
    ``search``: whether the site has our search, which runs WebAssembly.
    ``before``: the policy of a build that this one is part of: the site has one file of headers.
    """
    setting = settings.own.content_security_policy
    if setting is False:
        return None
    try:
        wanted = read_additions(setting if isinstance(setting, dict) else {})
    except UserError as error:
        raise UserError(f"plugins: postil: content_security_policy: {error}") from error
    scripts = list(settings.scripts)
    hashes = set(before.sources) if before else set()
    for drawn in theme:
        scripts += drawn.external
        hashes |= set(map(script_hash, drawn.inline))
    additions = {directive: set(sources) for directive, sources in wanted.items()}
    for directive, sources in {
        "script-src": (*hashes, *_external(scripts), *(("'wasm-unsafe-eval'",) if search else ())),
        "style-src": (*_external(settings.styles), *_google_fonts(settings)),
        "font-src": _google_fonts(settings),
        "connect-src": _repository_hosts(settings),
    }.items():
        additions.setdefault(directive, set()).update(sources)
    site = urlsplit(settings.url).netloc
    policy = ScriptPolicy(format_policy(additions), frozenset(additions["script-src"]), site, settings.docs_dir)
    if before:
        policy._blocked, policy._everywhere = before._blocked, before._everywhere  # noqa: SLF001 - it goes on from there
    return policy


def _external(addresses: Iterable[str]) -> Iterator[str]:
    """Yield the addresses of other hosts, without a query, which no policy can hold."""
    return (address.partition("?")[0] for address in addresses if urlsplit(address).netloc)


def _google_fonts(settings: SiteSettings) -> tuple[str, ...]:
    """Return the hosts that Material loads its fonts from."""
    return ("https://fonts.googleapis.com", "https://fonts.gstatic.com") if settings.loads_fonts else ()


def _repository_hosts(settings: SiteSettings) -> Iterator[str]:
    """Yield the host that Material asks for a repository's stars and its last release."""
    address = urlsplit(settings.repo_url)
    if address.netloc == "github.com":
        yield "https://api.github.com"
    elif "gitlab" in address.netloc:
        yield f"https://{address.netloc}"


def _place(page: DrawnPage, docs: Path, key: tuple[str, str]) -> Place:
    kind, name = key
    return page.place(docs, {"inline": "<script", "external": name, "handler": f"{name}="}[kind])


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
