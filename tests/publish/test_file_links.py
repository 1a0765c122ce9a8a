"""Relative links to folders lead to files; all other links, and texts that look like one, stay."""

from __future__ import annotations

import pytest

from builder.publish.file_links import link_to_files


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ('<a href="../b/">b/</a>', '<a href="../b/index.html">b/</a>'),
        ('<a class="x" href="./">', '<a class="x" href="./index.html">'),
        ('<a href="..">', '<a href="../index.html">'),
        ('<a href="../..">', '<a href="../../index.html">'),
        ('<a href=".#x">', '<a href="./index.html#x">'),
        ('<a href="../../documents/a/#note-x">', '<a href="../../documents/a/index.html#note-x">'),
        ('<a href="search/?topic=t&amp;x=a/">', '<a href="search/index.html?topic=t&amp;x=a/">'),
        ('<a title=">" href="b/">', '<a title=">" href="b/index.html">'),
        ('<link rel="next" href="page_2/">', '<link rel="next" href="page_2/index.html">'),
        ('<a href="./a:b/">', '<a href="./a:b/index.html">'),
    ],
)
def test_a_link_to_a_folder_leads_to_its_file(html: str, linked: str) -> None:
    assert link_to_files(html) == linked


@pytest.mark.parametrize(
    "html",
    [
        '<a href="#note-x">',
        '<a href="">',
        '<a href="?q=a/">',
        '<a href="b.html">',
        '<a href="https://h.example/b/">',
        '<a href="//h.example/b/">',
        '<a href="/b/">',
        '<a href="mailto:a@b.example/">',
        '<p data-href="b/">href="b/" &lt;a href="b/"&gt;</p>',
        '<img src="b/">',
    ],
)
def test_everything_else_stays(html: str) -> None:
    assert link_to_files(html) == html
