"""Check what is already in ``site_dir``: publishing removes it, so it must be a site that was built, or nothing."""

from __future__ import annotations

import re
from pathlib import Path

from builder.diagnostics import UserError
from builder.publish.staging import check_is_folder

_OURS = "assets/postil"  # every site of ours has had it
_ENGINES = ("index.html", "404.html")  # the second also where the engine failed on the way, or there is no home page
# Material names MkDocs as the page's generator; MkDocs's own themes do so in a comment on the home page.
_BUILT = re.compile(
    rb"<meta\b(?=[^>]*\bname=[\"']?generator\b)[^>]*\bcontent=[\"']?(?:mkdocs|zensical)|MkDocs version : "
)
_NAMED = 3  # of the files in the way


def check_site_dir(site: Path) -> None:
    """Raise UserError unless ``site`` is missing, empty, or a folder that postil or MkDocs has built a site into.

    Names beginning with a dot don't count: they are the owner's, and stay when a site is published.
    """
    check_is_folder(site)
    try:
        entries = sorted(path.name for path in site.iterdir() if not path.name.startswith(".")) if site.exists() else []
        if not entries or (site / _OURS).is_dir() or any(_built(site / name) for name in _ENGINES):
            return
    except OSError as error:
        raise UserError(f"cannot read the folder {site}: {error.strerror or error}") from error
    names = ", ".join([*entries[:_NAMED], *(["…"] if len(entries) > _NAMED else [])])
    raise UserError(
        f"{site} holds files that no build has written, and publishing would remove them: {names}\n"
        "give the site a folder of its own, such as `site_dir: site` in mkdocs.yml,\n"
        "or move these files out of it"
    )


def _built(page: Path) -> bool:
    return page.is_file() and bool(_BUILT.search(page.read_bytes()))
