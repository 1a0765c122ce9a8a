"""The policy names scripts and nothing else, stands before what it is to hold for, and settings cannot bend it."""

from __future__ import annotations

import pytest

from builder.diagnostics import UserError
from builder.publish.content_policy import (
    allow_script,
    covers,
    format_policy,
    headers_file,
    insert_policy,
    page_scripts,
    read_additions,
    script_hash,
)

# The example of the specification: https://www.w3.org/TR/CSP3/#external-hash
HELLO = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_a_hash_is_that_of_the_specification() -> None:
    assert script_hash("alert('Hello, world.');") == HELLO


def test_scripts_are_those_that_a_browser_runs() -> None:
    scripts = page_scripts(
        "<script>one()\r\n</script><script type=module>two()</script><script type='text/JavaScript; x'>three()</script>"
        "<script type=application/json>{}</script><script type=text/template>no</script><template><script>no</script>"
        "</template><script src=a.js>no()</script><svg><script>four()</script></svg><p onclick=five()>"
    )
    assert scripts.inline == ("one()\n", "two()", "three()", "four()")
    assert scripts.external == ("a.js",)
    assert scripts.handlers == ("onclick",)


@pytest.mark.parametrize(
    ("source", "covered"),
    [
        ("https://h.example", True),
        ("h.example", True),
        ("https://h.example/", True),
        ("https://h.example/a/", True),
        ("https://h.example/a/b.js", True),
        ("https://h.example/a/b", False),
        ("https://h.example/b/", False),
        ("https://other.example", False),
        (HELLO, False),
    ],
)
def test_a_source_covers_a_script_as_browsers_match_them(source: str, covered: bool) -> None:
    assert covers([source], "https://h.example/a/b.js?v=1") is covered


def test_additions_stand_behind_ours_sorted_and_once() -> None:
    policy = format_policy({"script-src": ["https://b.example", HELLO, "https://a.example", "'self'", HELLO]})
    assert f"; script-src 'self' {HELLO} https://a.example https://b.example; style-src " in policy
    assert policy == format_policy({"script-src": ["https://a.example", "https://b.example", HELLO]})


@pytest.mark.parametrize("head", ["<head>", '<head>\n<meta charset="utf-8">', "<head lang=x><META CHARSET=utf-8>"])
def test_it_stands_before_everything_but_the_charset(head: str) -> None:
    page = insert_policy(f"<!doctype html><html>{head}<title>x</title>", "script-src 'self'")
    meta = '<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">'
    assert page == f"<!doctype html><html>{head}{meta}<title>x</title>"


def test_one_more_script_is_allowed_in_the_policy_and_nowhere_else() -> None:
    page = insert_policy("<head></head><p>script-src 'self'</p>", format_policy({})).encode()
    allowed = allow_script(page, "alert('Hello, world.');").decode()
    assert allowed == page.decode().replace("script-src 'self'", f"script-src {HELLO} 'self'", 1)
    assert allow_script(b"<p>script-src 'self'</p>", "x") == b"<p>script-src 'self'</p>"


def test_settings_are_quoted_where_the_syntax_wants_it() -> None:
    settings = {"script-src": [HELLO.strip("'"), "https://h.example"], "connect-src": "https://*.h.example"}
    assert read_additions(settings) == {
        "script-src": (HELLO, "https://h.example"),
        "connect-src": ("https://*.h.example",),
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"script": ["x"]}, 'unknown directive "script"; known: default-src, script-src, .*'),
        ({"script-src": ["x; object-src *"]}, "script-src: write a list of addresses or hashes, .*"),
        ({"script-src": ["x,y"]}, "script-src: write a list .*"),
        ({"script-src": [1]}, "script-src: write a list .*"),
        ({"script-src": {"x": 1}}, "script-src: write a list .*"),
        ({"script-src": ["unsafe-inline"]}, "script-src: browsers ignore 'unsafe-inline' beside hashes; .*"),
    ],
)
def test_settings_that_would_change_the_meaning_are_refused(settings: dict[object, object], message: str) -> None:
    with pytest.raises(UserError, match=f"^{message}$"):
        read_additions(settings)


def test_the_headers_are_those_of_every_page() -> None:
    lines = headers_file("script-src 'self'").decode().splitlines()
    assert lines[:2] == ["/*", "  Content-Security-Policy: script-src 'self'; frame-ancestors 'self'"]
    assert all(line.startswith("  ") for line in lines[1:])
