"""An extension of Python-Markdown: ``[[document#note|words]]`` in hand-written pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX, AtomicString

Resolve = Callable[[str, str], tuple[str, str] | None]
"""(target, words as written) -> (address, words of the target itself), or None where it leads nowhere."""

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
        md.inlinePatterns.register(_CrossLink(self._resolve), "postil-cross-link", _BEFORE_REFERENCES)


class _CrossLink(InlineProcessor):
    def __init__(self, resolve: Resolve) -> None:
        super().__init__(_LINK)
        self._resolve = resolve

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        del data
        written = (m.group(2) or "").strip()
        found = self._resolve(m.group(1).strip(), written)
        if found is None:
            return None, None, None
        address, words = found
        link = Element("a", {"href": address})
        # Atomic, so that Python-Markdown reads nothing into a source's words; without the control characters that it
        # marks its placeholders with; and with every "&" escaped, for it prints what looks like an entity as one.
        link.text = AtomicString(written or words.translate(_PLACEHOLDER_MARKS).replace("&", "&amp;"))
        return link, m.start(0), m.end(0)
