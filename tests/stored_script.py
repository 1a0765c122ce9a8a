"""A site whose sources and sidecars hold script wherever they can, and hand-written pages that take their words."""

from __future__ import annotations

import json
from pathlib import Path

from builder.render.index_pages import SLOTS

# Each calls `evil` if any part of a page takes it for more than text: in a tag, in an attribute, decoded twice, as
# one of Python-Markdown's attribute lists, abbreviations or placeholders, as a template, or as one of our own markers.
ATTACKS = {
    "element": "</title></textarea></script><script>evil()</script>",
    "attribute": "\" onfocus=evil() onerror='evil()' autofocus x=\"",
    "single": "' onfocus=evil() autofocus x='",
    "image": "<img src=x onerror=evil()>",
    "decoded": "&lt;img src=x onerror=evil()&gt;&#60;script&#62;evil()&#60;/script&#62;",
    "comment": "--><script>evil()</script><!-- postil: documents -->",
    "list": "{: onclick=evil() onfocus=evil() }",
    "template": "{{ evil() }}{% raw %}<script>evil()</script>",
    "markdown": "[x](javascript:evil()) <svg onload=evil()>",
    "slot": "postil-slot-title postil-slot-head <svg/onload=evil()>",
}

MKDOCS = """\
site_name: T
site_url: https://t.example/
theme:
  name: material
  font: false
  custom_dir: theme
  features: [navigation.path, navigation.tabs, navigation.footer, navigation.indexes, content.action.edit]
plugins: [{postil: {search: SEARCH}}]
markdown_extensions: [abbr, attr_list, md_in_html, tables, footnotes, def_list, {toc: {permalink: true}}]
"""
# What an owner's override, or Material's plug-in for social cards, does with a title and a contents list.
OVERRIDE = """\
{% extends "base.html" %}
{% block extrahead %}
<meta property="og:title" content="{{ page.title }} - {{ config.site_name }}">
<meta name='twitter:title' content='{{ page.title | striptags }}'>
{% for line in page.toc %}<meta name="part" content="{{ line.title }}" title='{{ line.title | striptags }}'>{% endfor %}
{% endblock %}
"""


def sidecar(attack: str) -> str:
    """Return a sidecar with the attack in every field that holds a person's words."""
    note = {"note": attack, "quote": attack, "topics": ["t"], "speaker": attack, "sources": ["s"]}
    own = {"title": attack, "author": [attack], "publisher": attack, "date": "2020"}
    fields = {
        "title": attack,
        "author": attack,
        "summary": attack,
        "topics": ["t"],
        "claims": [
            {"id": "quoted", **note, "statement": attack, "verdict": "v", "techniques": [attack]},
            {"id": "sourced", **note, "sources": [own]},
        ],
        "context": [{"id": "label", "quote": attack, "note": attack}],
        "corrections": [
            {"id": "fix", "quote": "old word", "correct": attack, "reviewed": "2026-01-02", "note": attack}
        ],
    }
    return json.dumps(fields, ensure_ascii=False)


def hand_written(slug: str) -> dict[str, str]:
    """Return pages that take the words of the document and of its notes wherever a page can."""
    document, note, fix = f"[[{slug}]]", f"[[{slug}#quoted]]", f"[[{slug}#fix]]"
    parts = f"{document}\n\n## {note}\n\n### *{document}* and **{fix}**\n\n- {document}\n\n    {note}\n"
    return {
        f"{slug}-h1.md": f"# About {document}\n\n{parts}",
        f"{slug}-only.md": f"# {note}\n\nText.\n\n# {document}\n",
        f"{slug}-setext.md": f"{document} {note}\n=====\n\n{note}\n---\n",
        f"{slug}-nested.md": f"# [About {document}](index.md)\n\n[see {note}](index.md)\n\n![{document}](index.md)\n",
        f"{slug}-meta.md": f"---\ntitle: About {document}\ndescription: {document}\n---\n\n{note}\n{{: title=x }}\n",
        f"{slug}-cells.md": f"# Cells\n\n| {document} | {note} |\n|-|-|\n| {note} | {fix} |\n\nTerm\n:   {note}\n",
        f"{slug}-html.md": f'<div markdown="1">\n\n# {note}\n\n</div>\n\n[^1]\n\n[^1]: {document}\n\n*[evil]: {note}\n',
        f"{slug}/index.md": f"# {document}\n\n[[{slug}|own words]]\n",
    }


def lay_out(root: Path, *, navigation: bool, search: bool = False) -> Path:
    """Write the site below ``root``, and return its ``mkdocs.yml``."""
    files = {"theme/main.html": OVERRIDE, "docs/index.md": "# Home\n"}
    labels = {"t": {"label": ATTACKS["element"], "about": ATTACKS["image"]}}
    verdicts = [{"id": "v", "label": ATTACKS["attribute"], "tone": "bad", "means": ATTACKS["image"]}]
    corpus = {"title": ATTACKS["element"], "publisher": {"name": ATTACKS["single"]}, "license": ATTACKS["decoded"]}
    files["seeds/corpus.yml"] = json.dumps({**corpus, "topics": labels, "verdicts": verdicts})
    files["seeds/sources.yml"] = json.dumps(
        {"s": {"title": ATTACKS["element"], "author": [ATTACKS["attribute"]], "publisher": ATTACKS["image"]}}
    )
    nav: list[object] = []
    for slug, attack in ATTACKS.items():
        files[f"seeds/{slug}.txt"] = f"{attack}\n\nAn old word.\n"
        files[f"seeds/{slug}.yml"] = sidecar(attack)
        written = hand_written(slug)
        files |= {f"docs/{name}": content for name, content in written.items()}
        nav += [*written, {f"[[{slug}]]": [f"documents/{slug}.md", {f"[[{slug}#quoted]]": f"{slug}-h1.md"}]}]
    files |= {f"docs/slots/{slot}.md": f"# {slot}\n\n<!-- postil: {slot} -->\n" for slot in (*SLOTS, "search")}
    settings = MKDOCS.replace("SEARCH", str(search).lower())
    files["mkdocs.yml"] = settings + (f"nav: {json.dumps(['index.md', *nav])}\n" if navigation else "")
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root / "mkdocs.yml"
