"""What every page of the site carries of ours besides its content: styles, scripts, the search box, the problems.

Style sheets and scripts are published under the fingerprint of their content, so that no browser keeps an old one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

from builder.diagnostics import Diagnostic

_ASSETS = ("postil.css", "corpus.css", "search.css", "postil.js", "corpus.js")
_FOLDER = "assets/postil"

# Search is a script for every page, and others that it loads when they are wanted: by their names, so in a folder.
_SEARCH, *_LATER = ("search.js", "arrival.js", "box.js", "finder.js", "page.js", "results.js")
_SHOWN = 100  # of the problems, for they are on every page


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that every page loads, or, if ``later``, a script of ours. ``address`` is relative to the site's root."""

    address: str
    content: bytes
    later: bool = False

    @property
    def script(self) -> bool:
        """Whether it is a script, and not a style sheet."""
        return self.address.endswith(".js")


@cache
def assets() -> tuple[Asset, ...]:
    """Our style sheets and scripts, in the order in which pages load them."""
    source, browser = files("builder.render") / "assets", files("builder.search") / "browser"
    ours = {name: ((browser if name == "search.css" else source) / name).read_bytes() for name in _ASSETS}
    search = {name: (browser / name).read_bytes() for name in (_SEARCH, *_LATER)}
    folder = f"{_FOLDER}/search.{_fingerprint(b''.join(search.values()))}"
    return (
        *(Asset(_named(name, content), content) for name, content in ours.items()),
        *(Asset(f"{folder}/{name}", content, later=name in _LATER) for name, content in search.items()),
    )


def insert_assets(html: str, *, search: bool, problems: Sequence[Diagnostic] = ()) -> str:
    """A page of the theme with our parts put in: the search box in the header, its dialog after it, the problems.

    The dialog stands after ``</header>``, outside the parts that instant navigation replaces. A theme without a
    header gets none of it.
    """
    head, closed, rest = html.partition("</header>")
    if not closed:
        return html
    if search:
        inner, nav, tail = head.rpartition("</nav>")
        head = f"{inner}{_fragment('search-button.html')}{nav}{tail}" if nav else head
        closed += _fragment("search-dialog.html")
    return head + closed + _problems(problems) + rest


def _named(name: str, content: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{_FOLDER}/{stem}.{_fingerprint(content)}.{ending}"


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


@cache
def _fragment(name: str) -> str:
    return (files("builder.search") / "templates" / name).read_text(encoding="utf-8")


def _problems(problems: Sequence[Diagnostic]) -> str:
    """In a preview, what stands in the way of publishing: on every page, where nobody can overlook it."""
    if not problems:
        return ""
    lines = "".join(
        f"<li><code>{escape(str(each.place))}</code> {escape(each.code)}: {escape(each.message)}"
        f"{f'<pre>{escape(each.hint)}</pre>' if each.hint else ''}</li>"
        for each in problems[:_SHOWN]
    )
    if (more := len(problems) - _SHOWN) > 0:
        lines += f"<li>and {more} more: <code>postil check</code> tells all</li>"
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    # ``danger`` is the theme's own: its colours, light and dark.
    return (
        f'<div class="postil-problems md-typeset"><details class="danger"><summary>{count}: nothing can be published '
        f"until mended</summary><ul>{lines}</ul></details></div>"
    )
