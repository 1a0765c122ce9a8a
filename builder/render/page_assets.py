"""The parts of postil that every page of the site carries besides its content: styles, scripts, a preview's problems.

Style sheets and scripts are published under the fingerprint of their content, so that no browser keeps an old one.
Search adds parts of its own (``search/search_assets.py``).
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable

from builder.diagnostics import Diagnostic, UserError
from builder.translation import Translation, script_messages

ASSETS_FOLDER = "assets/postil"

_ASSETS = ("postil.css", "catalog.css", "print.css", "postil.js", "lists.js")
_REDIRECT = "redirect.js"
_TEACHING = ("teaching.css", "teaching.js")
# Written as modules, one for each subject, and published as one file: a reader's browser asks for it once, and loads it
# from a folder too, which it refuses to do with modules.
_JOINED = ("postil.js", "teaching.js")
_IMPORT = re.compile(rb'^import \{[^}]*\} from "\./([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(rb"^export (?=const |(?:async )?function )", re.MULTILINE)
# With their lines, and types within code; other comments behind code stay. They are for whoever looks at the source.
_COMMENTS = re.compile(rb"^ */\*.*?\*/\n|/\*\* @type .*?\*/ ", re.MULTILINE | re.DOTALL)
_INDENTATION = re.compile(rb"^ +", re.MULTILINE)
# Space around operators and brackets, and comments behind code, outside texts.
_SPACE = re.compile(
    rb"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)|\s*//[^\n]*|/\*[^\n]*?\*/"""
    rb"""|\s*(=>|===|!==|<=|>=|&&|\|\||\?\?=?|[-+*/|]=|[][=?:,;{}()<>])\s*"""
)
_SHOWN = 100  # of the problems, for they are on every page
_NO_PLACE = "the theme prints a page without {}, where parts are to be put in; postil is made for Material"


@dataclass(frozen=True, slots=True)
class Asset:
    """A style sheet or a script. ``address`` is relative to the site's root.

    Every page loads it, unless it is ``on_demand``: then single pages or another script do, when they need it.
    """

    address: str
    content: bytes
    on_demand: bool = False

    @property
    def script(self) -> bool:
        """Whether it is a script, and not a style sheet."""
        return self.address.endswith(".js")


@cache
def assets() -> tuple[Asset, ...]:
    """Return the style sheets and scripts of pages, in the order in which pages load them."""
    folder = files("builder.render") / "assets"
    contents = {name: read_joined(folder, name) if name in _JOINED else read_asset(folder / name) for name in _ASSETS}
    every_page = (Asset(fingerprinted_address(name, content), content) for name, content in contents.items())
    return (*every_page, redirect_script(), *teaching_assets())


@cache
def teaching_assets() -> tuple[Asset, Asset]:
    """Return the style sheet and the script of documents that keep their verdicts closed (``reveal``)."""
    folder = files("builder.render") / "assets"
    styles, script = _TEACHING
    css, js = read_asset(folder / styles), read_joined(folder, script)
    return (
        Asset(fingerprinted_address(styles, css), css, on_demand=True),
        Asset(fingerprinted_address(script, js), js, on_demand=True),
    )


@cache
def redirect_script() -> Asset:
    """Return the script of the pages at old addresses of documents."""
    content = read_asset(files("builder.render") / "assets" / _REDIRECT)
    return Asset(fingerprinted_address(_REDIRECT, content), content, on_demand=True)


def words_asset(translation: Translation) -> Asset:
    """Return the script that gives the others their words: it comes before them."""
    content = read_asset(files("builder.render") / "assets" / "words.js")
    if data := script_messages(translation):
        # "<" can neither end the element nor begin a comment, wherever the script may be put
        translated = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        content = f"globalThis.postilTranslation={translated};\n".encode() + content
    return Asset(fingerprinted_address("words.js", content), content)


def read_asset(path: Traversable) -> bytes:
    """Return a style sheet or a script as it is published: without indentation and whole lines of comment.

    They are a quarter of what readers would load, and the source keeps them.
    """
    return _INDENTATION.sub(b"", _COMMENTS.sub(b"", path.read_bytes()))


def read_joined(folder: Traversable, name: str) -> bytes:
    """Return a script as it is published, with the modules that it imports: one function, each module once.

    A module comes after those that it imports. All share the function's scope, so the names at their top must differ,
    and are imported as they are. Space is left out too.
    """
    joined: dict[str, bytes] = {}

    def join(module: str) -> None:
        code = read_asset(folder / module)
        for imported in _IMPORT.findall(code):
            if (path := posixpath.join(posixpath.dirname(module), imported.decode())) not in joined:
                join(path)
        joined[module] = _EXPORT.sub(b"", _IMPORT.sub(b"", code))

    join(name)
    script = b'(() => {\n"use strict";\n' + b"".join(joined.values()) + b"})();\n"
    return _SPACE.sub(rb"\1\2", script)


def fingerprinted_address(name: str, content: bytes) -> str:
    """Return the address of an asset, with the fingerprint of its content in its name."""
    stem, _, ending = name.rpartition(".")
    return f"{ASSETS_FOLDER}/{stem}.{short_fingerprint(content)}.{ending}"


def short_fingerprint(content: bytes) -> str:
    """Return eight hexadecimal digits of the content's SHA-256."""
    return hashlib.sha256(content).hexdigest()[:8]


def insert_parts(
    html: str,
    *,
    head: str = "",
    button: str = "",
    dialog: str = "",
    colophon: str = "",
    problems: Sequence[Diagnostic] = (),
) -> str:
    """Return a page of the theme with these parts put in.

    The dialog and the problems stand after ``</header>``, outside the parts that instant navigation replaces.
    Raises UserError if the page has no place for one of the parts: a site would lack it and nobody would know.

    ``html``: the page as the theme prints it.
    ``head``: HTML for the end of ``<head>``.
    ``button``: HTML for the end of the header's bar.
    ``dialog``: HTML for the place after the header.
    ``colophon``: HTML for the footer, before what the theme says of itself; a page without a footer does without.
    ``problems``: what stands in the way of publishing; in a preview only.
    """
    after_header = dialog + _problems(problems)
    if after_header:
        before, closing, after = _split(html, "</header>")
        html = f"{before}{closing}{after_header}{after}"
    if button:
        before, closing, after = _split(html, "</header>")
        bar, nav, rest = before.rpartition("</nav>")
        if not nav:
            raise UserError(_NO_PLACE.format("</nav> in its header"))
        html = f"{bar}{button}{nav}{rest}{closing}{after}"
    footer = html.rfind("</footer>")
    if colophon and footer >= 0:
        themes = html.rfind('<div class="md-footer-meta', 0, footer)
        place = footer if themes < 0 else themes
        html = html[:place] + colophon + html[place:]
    if head:
        before, closing, after = _split(html, "</head>")
        html = f"{before}{head}{closing}{after}"
    return html


def _split(html: str, tag: str) -> tuple[str, str, str]:
    before, found, after = html.partition(tag)
    if not found:
        raise UserError(_NO_PLACE.format(tag))
    return before, found, after


def _problems(problems: Sequence[Diagnostic]) -> str:
    """Return the list of what stands in the way of publishing: on every page, where nobody can overlook it."""
    if not problems:
        return ""
    lines = "".join(
        f"<li><code>{escape(str(problem.place))}</code> {escape(problem.code)}: {escape(problem.message)}"
        f"{f'<pre>{escape(problem.hint)}</pre>' if problem.hint else ''}</li>"
        for problem in problems[:_SHOWN]
    )
    if (more := len(problems) - _SHOWN) > 0:
        lines += f"<li>and {more} more: <code>postil check</code> tells all</li>"
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    # ``danger`` is the theme's own: its colours, light and dark.
    return (
        f'<div class="postil-problems md-typeset"><details class="danger"><summary>{count}: nothing can be published '
        f"until mended</summary><ul>{lines}</ul></details></div>"
    )
