"""Links and pictures of a document: which addresses may be used in a page, and the tags for them."""

from __future__ import annotations

import posixpath
import re
from html import escape
from urllib.parse import quote, unquote

from builder.diagnostics import Diagnostic, Place
from builder.hidden_paths import is_hidden

# What a browser removes from an address before it looks for the scheme (WHATWG URL, section 4.4).
_IGNORED = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$|[\t\n\r]+")
_WEB = re.compile(r"(?:https?://[^/\\?#]|mailto:[^?#])", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")

SOURCE_REL = "nofollow noopener noreferrer ugc"
NOTE_REL = "nofollow noopener noreferrer"

_SLOT = "postil:"
_IMAGE = re.compile(rf'<img src="{_SLOT}([^"]*)"')


def safe_href(href: str) -> str | None:
    """Return the address as a browser reads it if it is http, https, mailto or a fragment; else None."""
    plain = _IGNORED.sub("", href)
    if plain.startswith("#"):
        return plain if len(plain) > 1 else None
    return plain if _WEB.match(plain) else None


def link_tag(href: str, rel: str, title: str = "") -> str | None:
    """Return the ``<a …>`` to this address, or None if it is not of an allowed kind."""
    where = safe_href(href)
    if where is None:
        return None
    extra = f' title="{escape(title)}"' if title else ""
    follow = "" if where.startswith("#") else f' rel="{rel}"'
    return f'<a href="{escape(where)}"{follow}{extra}>'


def image_tag(src: str, alt: str, folder: str, extra: str = "") -> str:
    """Return the ``<img …>`` of a picture.

    A picture beside the document gets the address ``postil:<path, percent-encoded>``, which render replaces. Any other
    is not loaded: its address is given in the alternative text.

    ``src``: the address as the document has it.
    ``alt``: the alternative text.
    ``folder``: the document's folder, relative to ``seeds/``.
    ``extra``: finished attributes (width, height).
    """
    path = _path_in_seeds(src, folder)
    if path is not None:
        return f'<img src="{_SLOT}{quote(path)}" alt="{escape(alt)}"{extra}>'
    where = _IGNORED.sub("", src)
    where = "inline picture" if where[:5].lower() == "data:" else where
    words = f"Picture not loaded: {alt}".rstrip(" :") + (f" ({where})" if where else "")
    return f'<img class="postil-picture" alt="{escape(words)}">'


def unpublished_image(src: str) -> str | None:
    """Return the name of a picture beside the document whose format is not published, else None."""
    name = _relative_path(src)
    return None if name is None or name.lower().endswith(PICTURES) else name


def unpublished_image_diagnostic(place: Place, src: str) -> Diagnostic:
    """Return the F111 for a picture in another format."""
    hint = f"save it as one of {', '.join(PICTURES)}; until then its alternative text is shown"
    return Diagnostic(place, "F111", f'picture "{src}" is in a format that is not published', hint)


def image_path(tag: str) -> str | None:
    """Return the path (relative to ``seeds/``) of the picture that this tag shows, or None."""
    match = _IMAGE.match(tag)
    return unquote(match[1]) if match else None


def _path_in_seeds(src: str, folder: str) -> str | None:
    """Return the picture's path relative to ``seeds/`` if it is in there and of a published format, else None."""
    name = _relative_path(src)
    if name is None or not name.lower().endswith(PICTURES):
        return None
    if "\\" in name or any(ord(character) < ord(" ") or character == "\ufffd" for character in name):
        return None
    path = posixpath.normpath(posixpath.join(folder, name))
    if path.startswith("/") or is_hidden(path):
        return None
    return path


def _relative_path(src: str) -> str | None:
    """Return the percent-decoded path of an address relative to the document's folder; None for any other address."""
    plain = _IGNORED.sub("", src)
    if not plain or _SCHEME.match(plain) or plain.startswith(("/", "\\", "#", "?")):
        return None
    return unquote(re.split(r"[?#]", plain, maxsplit=1)[0])
