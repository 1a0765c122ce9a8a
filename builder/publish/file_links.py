"""Links that lead to files in place of folders, for a site that is opened from a folder and not from a server."""

from __future__ import annotations

import re

from builder.addresses import page_file

# In well-formed HTML; a text has no "<" of its own.
_TAG = re.compile(r"""<(?:a|area|form|link)\b(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_FOLDER = re.compile(
    r"""(\s(?:href|action)=")((?!/|[a-z][a-z0-9+.-]*:)(?:[^"?#]*/)(?:\.{1,2})?|\.{1,2})(?=["?#])""", re.IGNORECASE
)


def link_to_files(html: str) -> str:
    """Return a page whose relative links to folders of the site lead to the files that a server would send for them."""
    return _TAG.sub(lambda tag: _FOLDER.sub(_to_file, tag[0]), html)


def _to_file(link: re.Match[str]) -> str:
    folder = link[2] if link[2].endswith("/") else f"{link[2]}/"
    return link[1] + page_file(folder)
