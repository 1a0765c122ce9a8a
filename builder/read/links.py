"""Tags that lead or show something: which addresses of a document may stand in a page, and how."""

from __future__ import annotations

import posixpath
import re
from html import escape
from urllib.parse import quote, unquote

from builder.diagnostics import Diagnostic, Place
from builder.project_paths import is_hidden

# What a URL parser of a browser takes away before it looks for the scheme.
_IGNORED = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$|[\t\n\r]+")
_WEB = re.compile(r"(?:https?://[^/\\?#]|mailto:[^?#])", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")

SOURCE_REL = "nofollow noopener noreferrer ugc"
NOTE_REL = "nofollow noopener noreferrer"

_SLOT = "postil:"
_SHOWN = re.compile(rf'<img src="{_SLOT}([^"]*)"')


def safe_href(href: str) -> str | None:
    """The address as a browser reads it if it is http, https, mailto or a fragment; else None: it is told in words."""
    plain = _IGNORED.sub("", href)
    if plain.startswith("#"):
        return plain if len(plain) > 1 else None
    return plain if _WEB.match(plain) else None


def link_tag(href: str, rel: str, title: str = "") -> str | None:
    """The ``<a …>`` to this address, or None where it may not be followed."""
    where = safe_href(href)
    if where is None:
        return None
    extra = f' title="{escape(title)}"' if title else ""
    follow = "" if where.startswith("#") else f' rel="{rel}"'
    return f'<a href="{escape(where)}"{follow}{extra}>'


def image_tag(src: str, alt: str, folder: str, extra: str = "") -> str:
    """The ``<img …>`` of a document in ``folder`` (relative to ``seeds/``), ready to print.

    A picture beside the document stands as ``postil:<path, percent-encoded>``, which render makes an address. Any
    other is not loaded: its address stands in the alternative words. ``extra``: finished attributes (width, height).
    """
    path = _beside(src, folder)
    if path is not None:
        return f'<img src="{_SLOT}{quote(path)}" alt="{escape(alt)}"{extra}>'
    where = _IGNORED.sub("", src)
    where = "inline picture" if where[:5].lower() == "data:" else where
    words = f"Picture not loaded: {alt}".rstrip(" :") + (f" ({where})" if where else "")
    return f'<img class="postil-picture" alt="{escape(words)}">'


def unpublished_image(src: str) -> str | None:
    """The name of a picture that would lie beside the document but is of a kind that is not published, else None."""
    name = _relative(src)
    return None if name is None or name.lower().endswith(PICTURES) else name


def unpublished_image_diagnostic(place: Place, src: str) -> Diagnostic:
    """F111 for a picture of another kind."""
    hint = f"save it as one of {', '.join(PICTURES)}; until then its words stand in its place"
    return Diagnostic(place, "F111", f'picture "{src}" is of a kind that is not published', hint)


def image_path(tag: str) -> str | None:
    """The path (relative to ``seeds/``) of the picture that this tag shows, or None."""
    match = _SHOWN.match(tag)
    return unquote(match[1]) if match else None


def _beside(src: str, folder: str) -> str | None:
    """The picture's path relative to ``seeds/`` if it is a file of a publishable kind inside it, else None."""
    name = _relative(src)
    if name is None or not name.lower().endswith(PICTURES):
        return None
    if "\\" in name or any(ord(each) < ord(" ") or each == "\ufffd" for each in name):
        return None
    path = posixpath.normpath(posixpath.join(folder, name))
    if path.startswith("/") or is_hidden(path):
        return None
    return path


def _relative(src: str) -> str | None:
    """The path that an address means from the document's own folder, percent-decoded; None for any other address."""
    plain = _IGNORED.sub("", src)
    if not plain or _SCHEME.match(plain) or plain.startswith(("/", "\\", "#", "?")):
        return None
    return unquote(re.split(r"[?#]", plain, maxsplit=1)[0])
