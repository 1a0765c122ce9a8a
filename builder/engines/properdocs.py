"""ProperDocs, which goes on where MkDocs 1 stopped: the plug-in runs in it as it does in MkDocs."""

from __future__ import annotations

import sys

from builder.diagnostics import UserError


def take_the_place_of_mkdocs() -> None:
    """Have ``mkdocs`` mean ProperDocs in this process. Raises UserError if MkDocs itself is at work in it already."""
    at_work = sys.modules.get("mkdocs")
    if at_work and at_work.__name__ == "mkdocs":
        raise UserError("MkDocs is at work in this process; ProperDocs needs one of its own")
    from properdocs import replacement  # noqa: PLC0415 - from here on it is ProperDocs that is imported

    del replacement
