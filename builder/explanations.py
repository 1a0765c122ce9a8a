"""Explanations of the diagnostic codes, from ``explanations.md``: for ``postil explain``, SARIF and the guide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import metadata, resources
from typing import Final

from builder.diagnostics import CODES, UserError

_SECTION: Final = re.compile(r"^### ([A-Z]\d{3})\n\n(.*?)\s*(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\[([^\[\]]+)\]\([^()\s]+\)")


def read_source() -> str:
    """Return the Markdown that the explanations, and the guide's page of diagnostics, are made from."""
    return resources.files("builder").joinpath("explanations.md").read_text(encoding="utf-8")


def read_explanations() -> Mapping[str, str]:
    """Return the explanation of each code as Markdown without links, which would lead nowhere outside the guide."""
    return {code: _LINK.sub(r"\1", text) for code, text in _SECTION.findall(read_source())}


def explain(code: str) -> str:
    """Return one code's title, severity and explanation as text, ending in a line feed.

    Raises UserError if there is no such code, and suggests the nearest one.
    """
    name = code.upper()
    if name not in CODES:
        nearest = get_close_matches(name, CODES, n=1)
        suggestion = f"; did you mean {nearest[0]}?" if nearest else ""
        raise UserError(f'unknown code "{code}"{suggestion}\nlist all codes:  postil explain')
    row = CODES[name]
    return f"{name}: {row.title} ({row.severity})\n\n{read_explanations()[name]}\n"


def list_codes() -> str:
    """Return a line for each code, with its severity and title."""
    return "".join(f"{code}  {row.severity:<7}  {row.title}\n" for code, row in CODES.items())


def guide_url() -> str:
    """Return the address of the published guide, with a slash at its end; empty if it is published nowhere.

    It is the package's project URL "Documentation", so that whoever publishes postil names it in pyproject.toml alone.
    """
    urls = metadata.metadata("postil").get_all("Project-URL") or []
    named = dict(line.split(", ", 1) for line in urls)
    return f"{named['Documentation'].rstrip('/')}/" if "Documentation" in named else ""


def section_address(code: str) -> str:
    """Return the address of a code's section, relative to the guide's: ``diagnostics/#q201-quote-not-found``."""
    # Python-Markdown's slug of the heading; importing its function would bring the library into this room.
    slug = re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", f"{code} {CODES[code].title}").strip().lower())
    return f"diagnostics/#{slug}"
