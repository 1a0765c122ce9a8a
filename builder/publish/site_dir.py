"""What stands where a site is to go. Publishing clears it away, so it must be a site that was built, or nothing."""

from __future__ import annotations

import re
from pathlib import Path

from builder.diagnostics import UserError
from builder.publish.staging import check_is_folder

_OURS = "assets/postil"  # every site of ours has had it
_ENGINES = ("index.html", "404.html")  # the second also where the engine failed on the way, or there is no home page
# Material names MkDocs as the page's generator; MkDocs's own themes do so in a comment on the home page.
_BUILT = re.compile(rb"<meta\b(?=[^>]*\bname=[\"']?generator\b)[^>]*\bcontent=[\"']?mkdocs|MkDocs version : ")
_NAMED = 3  # of the files in the way


def check_site_dir(site: Path) -> None:
    """UserError, unless ``site`` is missing, empty, or a folder that postil or MkDocs has built a site into.

    Names beginning with a dot don't count: they are the owner's, and stay when a site is published.
    """
    check_is_folder(site)
    try:
        found = sorted(each.name for each in site.iterdir() if not each.name.startswith(".")) if site.exists() else []
        if not found or (site / _OURS).is_dir() or any(_built(site / name) for name in _ENGINES):
            return
    except OSError as error:
        raise UserError(f"cannot look into {site}: {error.strerror or error}") from error
    names = ", ".join([*found[:_NAMED], *(["…"] if len(found) > _NAMED else [])])
    raise UserError(
        f"{site} holds what no build has put there, and publishing would clear it away: {names}\n"
        "give the site a folder of its own, as with `site_dir: site` in mkdocs.yml,\n"
        "or move all that out of it, if the site is to stand there"
    )


def _built(page: Path) -> bool:
    return page.is_file() and bool(_BUILT.search(page.read_bytes()))
