"""An extension of Python-Markdown: ``[[document#note|words]]`` in hand-written pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX, AtomicString

Resolve = Callable[[str, str, Any], tuple[str, str] | None]
"""(target, words as written, file) -> (address, words of the target itself), or None where it leads nowhere.

The file is MkDocs's; None if it is not known.
"""

_LINK = r"\[\[([^\[\]|\n]*)(?:\|([^\[\]\n]*))?\]\]"
_BEFORE_REFERENCES = 175  # Python-Markdown's own [text][reference] has 170; code spans come first with 190
_PLACEHOLDER_MARKS = dict.fromkeys(map(ord, (STX, ETX)))


class CrossLinkExtension(Extension):
    """Turns cross-links into links. One that leads nowhere stays as it was written."""

    def __init__(self, resolve: Resolve) -> None:
        super().__init__()
        self._resolve = resolve

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the pattern."""
        md.inlinePatterns.register(_CrossLink(self._resolve, md), "postil-cross-link", _BEFORE_REFERENCES)


class _CrossLink(InlineProcessor):
    def __init__(self, resolve: Resolve, md: Markdown) -> None:
        super().__init__(_LINK, md)
        self._resolve = resolve

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        del data
        written = (m.group(2) or "").strip()
        # MkDocs registers a processor for relative links on each page, which knows the page's file.
        processors = self.md.treeprocessors
        file = getattr(processors["relpath"], "file", None) if "relpath" in processors else None
        found = self._resolve(m.group(1).strip(), written, file)
        if found is None:
            return None, None, None
        address, words = found
        link = Element("a", {"href": address})
        # Atomic, so that Python-Markdown reads nothing into a source's words; without the control characters that it
        # marks its placeholders with; and with every "&" escaped, for it prints what looks like an entity as one.
        link.text = AtomicString(written or words.translate(_PLACEHOLDER_MARKS).replace("&", "&amp;"))
        return link, m.start(0), m.end(0)
