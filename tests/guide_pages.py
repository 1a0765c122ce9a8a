"""The pages of the guide that are made from the program: each is a function that returns the page's Markdown.

``tests/test_guide.py`` compares them with what stands in ``docs/guide/``, and writes them with ``pytest --update``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from builder.diagnostics import CODES
from builder.explanations import read_source


def front_matter(title: str, description: str, source: str) -> str:
    return (
        f"---\ntitle: {title}\ndescription: {description}\n---\n\n"
        f"<!-- Made from {source} by tests/guide_pages.py: change that, then run "
        "pytest tests/test_guide.py --update -->\n\n"
        f"# {title}\n\n"
    )


def diagnostics() -> str:
    """Return the explanations, each under its code, title and severity."""

    def heading(match: re.Match[str]) -> str:
        row = CODES[match[1]]
        return f"### {match[1]} {row.title}\n\n**{row.severity.capitalize()}.** "

    head = front_matter(
        "Diagnostics",
        "Every message of postil by its code, with what it means and what to do.",
        "builder/explanations.md",
    )
    return head + re.sub(r"^### ([A-Z]\d{3})\n\n", heading, read_source(), flags=re.MULTILINE)


PAGES: Mapping[str, Callable[[], str]] = {
    "diagnostics.md": diagnostics,
}
