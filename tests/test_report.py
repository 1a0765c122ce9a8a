from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import report
from builder.diagnostics import CODES, Diagnostic, Fix, Place
from builder.report import json_report, text_report
from builder.sarif_and_junit import sarif_report

QUOTE = Diagnostic(
    Place("seeds/b.yml", 12, 10),
    "Q201",
    'quote not found: "curiouser and curiousest"',
    'nearest: seeds/b.txt:88:14 "curiouser and curiouser"\nquote: curiouser and curiouser',
)
SOURCE = Diagnostic(Place("seeds/sources.yml", 3, 1), "S109", "no note cites budget")
NOTICE = Diagnostic(Place("seeds/b.yml", 4, 1), "Q205", "quote normalised")
WHOLE = Diagnostic(Place("seeds/a.txt"), "F102", "the document is empty")
ALL = (SOURCE, QUOTE, NOTICE, WHOLE)

texts = st.text(st.characters(codec=None, exclude_categories=[]), max_size=40)
diagnostics = st.builds(
    Diagnostic,
    st.builds(Place, texts.filter(bool), st.integers(1, 9), st.integers(1, 9)),
    st.sampled_from(sorted(CODES)),
    texts,
    texts,
)


def test_text_is_sorted_with_hints_under_their_lines() -> None:
    assert report.text_report(ALL) == (
        "seeds/a.txt: error F102: the document is empty\n"
        'seeds/b.yml:12:10: error Q201: quote not found: "curiouser and curiousest"\n'
        '    nearest: seeds/b.txt:88:14 "curiouser and curiouser"\n'
        "    quote: curiouser and curiouser\n"
        "seeds/sources.yml:3:1: warning S109: no note cites budget\n"
        "2 errors, 1 warning, 1 notice\n"
    )


def test_text_shows_notices_where_asked() -> None:
    assert report.text_report((NOTICE,), notices=True) == (
        "seeds/b.yml:4:1: notice Q205: quote normalised\nno errors, no warnings, 1 notice\n"
    )
    assert report.text_report((NOTICE,)) == "no errors, no warnings, 1 notice\n"


def test_text_of_nothing() -> None:
    assert report.text_report(()) == "no errors, no warnings\n"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x07", r"\x1b[2J\x07"),
        ("a\nseeds/x.yml:1:1: error Q201: forged", r"a\x0aseeds/x.yml:1:1: error Q201: forged"),
        ("a\rb\tc", r"a\x0db\x09c"),
        ("\x9b31m", r"\x9b31m"),
        ("abc\u202egnp.exe", r"abc\u202egnp.exe"),
        ("\u2028\ud800\ufeff", r"\u2028\ud800\ufeff"),
        ("\U000e0041", r"\U000e0041"),
        ("می\u200cخواهم 👩\u200d👧 naïve", "می\u200cخواهم 👩\u200d👧 naïve"),
    ],
)
def test_visible(hostile: str, shown: str) -> None:
    assert report.visible(hostile) == shown
    assert shown in report.text_report((Diagnostic(Place("a"), "Q201", hostile),))


@pytest.mark.parametrize("line", ["::error::x", "   ::stop-commands::t", "##[add-mask]x", "a ##[error]b"])
def test_no_line_of_a_log_is_a_command_of_the_runner(line: str) -> None:
    shown = report.text_report((Diagnostic(Place("a"), "Q201", "m", line),))
    assert not any(each.lstrip().startswith("::") or "##[" in each for each in shown.splitlines())
    assert shown.splitlines()[1].replace("\\", "") == f"    {line}"


@given(st.lists(diagnostics, max_size=3))
def test_nothing_steers_the_terminal_or_forges_a_fault(faults: list[Diagnostic]) -> None:
    for dialect in report.Dialect:
        said = report.report(faults, dialect, notices=True)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", said)
        said.encode()  # no lone surrogates
    lines = report.text_report(faults, notices=True).split("\n")
    assert (
        len(lines)
        == sum(1 + len([hint for hint in diagnostic.hint.split("\n") if hint.strip()]) for diagnostic in faults) + 2
    )
    commands = report.github_report(faults, notices=True).splitlines()[:-1]
    assert len(commands) == len(faults)
    assert all(
        re.match(r"::(error|warning|notice) file=[^:,]+,line=\d,col=\d,title=[^:,]+::", each) for each in commands
    )


def test_github() -> None:
    assert report.github_report(ALL) == (
        "::error file=seeds/a.txt,title=F102 empty document::the document is empty\n"
        '::error file=seeds/b.yml,line=12,col=10,title=Q201 quote not found::quote not found: "curiouser and '
        'curiousest"%0Anearest: seeds/b.txt:88:14 "curiouser and curiouser"%0Aquote: curiouser and curiouser\n'
        "::warning file=seeds/sources.yml,line=3,col=1,title=S109 source never cited::no note cites budget\n"
        "2 errors, 1 warning, 1 notice\n"
    )


def test_github_escapes_properties_and_data() -> None:
    fault = Diagnostic(Place("seeds/50%,a:b\n.yml", 1, 2), "Q201", "100%\r\n::error::x")
    assert report.github_report((fault,)).splitlines()[0] == (
        r"::error file=seeds/50%25%2Ca%3Ab\x0a.yml,line=1,col=2,title=Q201 quote not found::100%25\x0d\x0a::error::x"
    )


def test_json_is_stable() -> None:
    assert json.loads(report.json_report(ALL)) == {
        "version": 1,
        "summary": {"errors": 2, "warnings": 1, "notices": 1},
        "diagnostics": [
            {
                "file": diagnostic.place.file,
                "line": diagnostic.place.line or None,
                "column": diagnostic.place.column or None,
                "severity": CODES[diagnostic.code].severity.value,
                "code": diagnostic.code,
                "title": CODES[diagnostic.code].title,
                "message": diagnostic.message,
                "hint": diagnostic.hint,
                "fix": None,
            }
            for diagnostic in (WHOLE, NOTICE, QUOTE, SOURCE)
        ],
    }


def test_json_has_what_a_program_may_write() -> None:
    fixed = replace(QUOTE, fix=Fix(Place("seeds/b.yml", 4, 10), ("one", "two")))
    (told,) = json.loads(report.json_report([fixed]))["diagnostics"]
    assert told["fix"] == {"file": "seeds/b.yml", "line": 4, "column": 10, "value": ["one", "two"]}
    assert fixed == QUOTE, "the same problem, whether or not its cure is known"


@given(diagnostics)
def test_json_keeps_every_character(fault: Diagnostic) -> None:
    said = report.json_report((fault,))
    assert said.isascii()
    (told,) = json.loads(said)["diagnostics"]
    # JSON cannot tell a pair of lone surrogates from the character that they spell
    exact = {
        key: value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        for key, value in (("file", fault.place.file), ("message", fault.message), ("hint", fault.hint))
    }
    assert {key: told[key] for key in exact} == exact


def test_the_dialects_are_those_of_the_functions() -> None:
    assert report.report(ALL, report.Dialect.TEXT, notices=True) == report.text_report(ALL, notices=True)
    assert report.report(ALL, report.Dialect.GITHUB) == report.github_report(ALL)
    assert report.report(ALL, report.Dialect.JSON) == report.json_report(ALL)


def test_a_files_name_is_real_for_machines_and_visible_for_people():
    diagnostic = Diagnostic(Place("seeds/a\u200bb\x1b\n\u0645\u200c\u0631.txt", 0, 0), "F108", "bad name")
    assert json.loads(json_report([diagnostic]))["diagnostics"][0]["file"] == diagnostic.place.file
    assert text_report([diagnostic]).startswith("seeds/a\\u200bb\\x1b\\x0a\u0645\u200c\u0631.txt: error F108")
    run = json.loads(sarif_report([diagnostic], "0", "https://example.org/"))["runs"][0]
    address = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(address) == diagnostic.place.file
    latin = Diagnostic(Place("seeds/caf\udce9.txt"), "F108", "bad name")
    run = json.loads(sarif_report([latin], "0", "https://example.org/"))["runs"][0]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "seeds/caf%E9.txt"
