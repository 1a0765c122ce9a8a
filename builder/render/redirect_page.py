"""Draw the page at an old address of a document, which leads to the new one. It needs no theme.

A refresh loses the fragment of the link that led here, and with it the note that the link was to. So a script leads on,
and the refresh is for readers without JavaScript: beside the script it might overtake it.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from builder.addresses import document_address, page_file, relative_url
from builder.model import DocumentRecord
from builder.render.page_assets import redirect_script


def redirect_page(alias: str, document: DocumentRecord, site_url: str | None, *, directory_urls: bool = True) -> str:
    """Return the page at ``alias``, an address below ``documents/``.

    ``document``: where it leads.
    ``site_url``: the site's own address, for the canonical one; it is relative without.
    ``directory_urls``: link to folders, not to the files in them.
    """
    target = document_address(document.slug)
    target = target if directory_urls else page_file(target)
    here = quote(relative_url(document_address(alias), target), safe="/.")
    canonical = f"{site_url.rstrip('/')}/{quote(target, safe='/')}" if site_url else here
    title = escape(document.title)
    script = relative_url(document_address(alias), redirect_script().address)
    return (
        "<!doctype html>\n"
        f'<html lang="{escape(document.language)}"{" dir=rtl" if document.rtl else ""}>\n'
        '<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'\">\n"
        f'<script src="{escape(script)}" data-to="{escape(here)}"></script>\n'
        f'<noscript><meta http-equiv="refresh" content="0; url={escape(here)}"></noscript>\n'
        '<meta name="robots" content="noindex">\n'
        f'<link rel="canonical" href="{escape(canonical)}">\n'
        f"<title>{title}</title>\n</head>\n"
        f'<body><p><a href="{escape(here)}">{title}</a></p></body>\n</html>\n'
    )
