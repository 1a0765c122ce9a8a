"""Blocks of plain text and Markdown have the direction of their first letter."""

from __future__ import annotations

import re

import pytest
from reparse import printed

from builder.model import Limits
from builder.read.markdown import read_markdown
from builder.read.plain_text import read_plain_text


def markdown(source):
    parsed, _ = read_markdown(source, path="seeds/a.md", folder="", limits=Limits())
    assert parsed is not None
    return re.sub(r' id="[^"]*"', "", printed(parsed.body))


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        ("one\n\ntwo", "<p>one</p>\n\n<p>two</p>"),
        ("one\n\n\u05d0\u05d1 two\n\n12", '<p dir="ltr">one</p>\n\n<p dir="rtl">\u05d0\u05d1 two</p>\n\n<p>12</p>'),
        ("\u0627\u0628", '<p dir="rtl">\u0627\u0628</p>'),
    ],
)
def test_plain_text(source, markup):
    assert printed(read_plain_text(source)) == markup


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        ("# one\n- two", "<h2>one</h2>\n<ul>\n<li>two</li></ul>"),
        (
            "# \u05d0\n- \u05d1\n- *two*\n\n> \u05d2\n>\n> four",
            (
                '<h2 dir="rtl">\u05d0</h2>\n<ul dir="rtl">\n<li>\u05d1</li>\n<li dir="ltr"><em>two</em></li>\n</ul>\n'
                '<blockquote dir="rtl">\n<p>\u05d2</p>\n<p dir="ltr">four</p></blockquote>'
            ),
        ),
    ],
)
def test_markdown(source, markup):
    assert markdown(source) == markup
