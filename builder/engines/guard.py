"""An extension of Python-Markdown that ends a build in which postil has no part.

Such a build would succeed, and replace the published site by one without documents. ``postil init`` writes into the
settings::

    markdown_extensions:
      - builder.engines.guard: {postil: !!python/name:builder.engines.guard.present}

Zensical passes over plug-ins that it does not know. It imports this file when it reads the settings, before it clears
the site away, and tells in one line what an import fails with. MkDocs without the plug-in is stopped at the first page.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

_REFUSAL = "this program would publish the site without its documents; build it with `postil build`"
_FIRST = 1000  # before all other preprocessors: nothing has been read or written yet

if "zensical" in sys.modules and "POSTIL_DRAWS" not in os.environ:
    raise ImportError(_REFUSAL)

present = True  # what the settings name


class _Guard(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        """Return the lines, if postil's own extension is there."""
        if "postil-cross-link" not in self.md.inlinePatterns:
            raise RuntimeError(_REFUSAL)
        return lines


class GuardExtension(Extension):
    """Ends the build if postil has no part in it."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Python-Markdown's
        self.config = {"postil": [False, "names this file, so that it is imported with the settings"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the check."""
        md.preprocessors.register(_Guard(md), "postil-guard", _FIRST)


def makeExtension(**options: Any) -> GuardExtension:  # noqa: ANN401, N802 - Python-Markdown's name
    """Return the extension."""
    return GuardExtension(**options)
