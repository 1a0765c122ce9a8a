"""The Content-Security-Policy of a site: browsers run the scripts that it names, and no others.

It is the second line of defence: if a word of a source ever reached a page as markup, it still would not run. So it
must never be made from what pages hold. It names files of the site, the theme's own inline scripts as they are before
any word of the corpus is filled in, and what the owner adds in the settings.

A browser applies a policy in ``<meta>`` to what comes after it. ``frame-ancestors`` works in a header only, so there is
a file of headers too, for hosts that read one.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from builder.diagnostics import UserError

HEADERS = "_headers"

# What may be loaded without a setting. Styles and pictures run nothing: the tables of Python-Markdown have styles in
# attributes, and pages that people write show pictures, films and embedded pages of other hosts.
_DIRECTIVES: Mapping[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'",),
    "style-src": ("'self'", "'unsafe-inline'"),
    "img-src": ("'self'", "data:", "https:"),
    "media-src": ("'self'", "https:"),
    "font-src": ("'self'", "data:"),
    "connect-src": ("'self'",),
    "frame-src": ("'self'", "https:"),
    "object-src": ("'none'",),
    "base-uri": ("'self'",),
}

_SOURCE = re.compile(r"[!-+\--:<-~]+")  # no white space, comma or semicolon, which end a source or a directive
_KEYWORD = re.compile(r"sha(?:256|384|512)-.+|self|none|unsafe-[a-z-]+|wasm-unsafe-eval|strict-dynamic|report-sample")
_SCRIPT_TYPE = re.compile(
    r"|module|importmap|speculationrules|(?:text|application)/(?:x-)?(?:java|ecma)script.*", re.IGNORECASE
)
_IN_PAGE = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="[^">]*?script-src ')
_BEFORE_POLICY = re.compile(r"<head[^>]*>(?:\s*<meta charset=[^>]*>)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageScripts:
    """What a browser would run of a page.

    ``inline``: texts of inline scripts.
    ``external``: addresses of scripts, as they are written.
    ``handlers``: names of event handlers in attributes, such as ``onclick``.
    """

    inline: tuple[str, ...]
    external: tuple[str, ...]
    handlers: tuple[str, ...]


def page_scripts(html: str) -> PageScripts:
    """Return the scripts of a page, in order."""
    tree = LexborHTMLParser(html)
    run = [node for node in tree.css("script") if _SCRIPT_TYPE.fullmatch((node.attributes.get("type") or "").strip())]
    inline = (node.text(deep=True, separator="", strip=False) for node in run if "src" not in node.attributes)
    external = (node.attributes["src"] or "" for node in run if "src" in node.attributes)
    handlers = (name for node in tree.css("*") for name in node.attributes if name.startswith("on"))
    return PageScripts(tuple(inline), tuple(external), tuple(handlers))


def script_hash(script: str) -> str:
    """Return the source expression that lets an inline script run."""
    return f"'sha256-{b64encode(sha256(script.encode('utf-8', 'replace')).digest()).decode()}'"


def covers(sources: Iterable[str], address: str) -> bool:
    """Return whether a script at ``address`` (https://host/path) may run: a source names it, its folder or its host."""
    url = urlsplit(address)
    origin = f"{url.scheme}://{url.netloc}"
    names = {url.netloc, origin, f"{origin}/", origin + url.path}
    return any(source in names or (source[-1:] == "/" and (origin + url.path).startswith(source)) for source in sources)


def read_additions(settings: Mapping[object, object]) -> dict[str, tuple[str, ...]]:
    """Return the sources that the settings add to directives.

    Quotation marks around hashes and keywords, which CSP demands, may be left out. Raises UserError if a directive is
    unknown, or if what is given would change the meaning of the policy.
    """
    additions = {}
    for directive, sources in settings.items():
        if directive not in _DIRECTIVES:
            raise UserError(f'unknown directive "{directive}"; known: {", ".join(_DIRECTIVES)}')
        names = [sources] if isinstance(sources, str) else sources
        if not isinstance(names, list) or not all(isinstance(name, str) and _SOURCE.fullmatch(name) for name in names):
            raise UserError(f"{directive}: write a list of addresses or hashes, without white space in them")
        quoted = tuple(f"'{name}'" if _KEYWORD.fullmatch(name) else name for name in names)
        if directive == "script-src" and "'unsafe-inline'" in quoted:
            raise UserError("script-src: browsers ignore 'unsafe-inline' beside hashes; allow a script by its hash")
        additions[str(directive)] = quoted
    return additions


def format_policy(additions: Mapping[str, Iterable[str]]) -> str:
    """Return the policy as a header's value, with these sources added to directives; they are sorted."""
    parts = []
    for directive, sources in _DIRECTIVES.items():
        added = sorted(set(additions.get(directive, ())) - set(sources))
        parts.append(" ".join((directive, *sources, *added)))
    return "; ".join(parts)


def insert_policy(html: str, policy: str) -> str:
    """Return a page with the policy before all that it is to hold for; only the charset has to come even earlier."""
    value = escape(policy, quote=False).replace('"', "&quot;")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{value}">'
    return _BEFORE_POLICY.sub(lambda head: head[0] + meta, html, count=1)


def allow_script(page: bytes, script: str) -> bytes:
    """Return a page whose policy lets one more inline script run; unchanged if it has no policy."""
    return _IN_PAGE.sub(lambda policy: policy[0] + script_hash(script).encode() + b" ", page, count=1)


def headers_file(policy: str) -> bytes:
    """Return a file of headers in the form that Netlify, Cloudflare Pages and others read."""
    lines = (
        "/*",
        f"  Content-Security-Policy: {policy}; frame-ancestors 'self'",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: strict-origin-when-cross-origin",
    )
    return "".join(f"{line}\n" for line in lines).encode()
