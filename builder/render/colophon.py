"""The foot of every page: who answers for the corpus, on what terms, how to report a mistake, and of when it is."""

from __future__ import annotations

from builder.addresses import relative_url
from builder.model import CorpusCommit, Project
from builder.render.changelog_pages import FEEDS
from builder.render.formatting import external_url, format_date
from builder.render.templating import render_template

_COMMIT = 7  # characters by which a commit is known to people


def colophon_html(project: Project, commit: CorpusCommit | None, address: str, *, policy: str | None) -> str:
    """Return the foot of the page at ``address`` as HTML.

    ``commit``: that of the corpus, if it is known.
    ``policy``: address of the site's own page on corrections, which comes before the one that ``corpus.yml`` names.
    """
    translation = project.translation
    publisher = project.publisher
    external_policy = external_url(publisher.corrections_policy) if publisher else None
    return render_template(
        "colophon.html",
        translation,
        publisher=publisher,
        publisher_href=external_url(publisher.url) if publisher else None,
        license=project.license,
        license_href=external_url(project.license),
        policy=relative_url(address, policy) if policy else external_policy,
        feeds=[(translation.gettext(name), relative_url(address, feed)) for name, feed in FEEDS],
        commit=commit.oid[:_COMMIT] if commit else None,
        day=format_date(commit.day, translation) if commit else None,
    )
