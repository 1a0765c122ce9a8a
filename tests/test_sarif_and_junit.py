"""SARIF and JUnit, against what their readers demand, and whatever a hostile file puts into a message."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from builder.diagnostics import CODES, Diagnostic, Place
from builder.report import Dialect, report
from builder.sarif_and_junit import sarif_report

QUOTE = Diagnostic(Place("seeds/ä b.yml", 12, 10), "Q201", "quote not found: [a](http://x)", "nearest: …\nwrite: …")
WHOLE = Diagnostic(Place("seeds/a.txt"), "F102", "the document has no text")
NOTICE = Diagnostic(Place("seeds/b.yml", 4, 1), "Q205", "quote normalised")

texts = st.text(st.characters(codec=None, exclude_categories=[]), max_size=40)
diagnostics = st.builds(
    Diagnostic,
    st.builds(Place, texts.filter(bool), st.integers(0, 9), st.integers(0, 9)),
    st.sampled_from(sorted(CODES)),
    texts,
    texts,
)

# The parts of SARIF 2.1.0 that we write, as the specification and code scanning demand them.
SCHEMA = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "message": {
            "type": "object",
            "required": ["text"],
            "additionalProperties": False,
            "properties": {"text": {"type": "string", "minLength": 1}},
        },
        "level": {"enum": ["none", "note", "warning", "error"]},
        "run": {
            "type": "object",
            "required": ["tool", "results", "columnKind"],
            "additionalProperties": False,
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "properties": {
                        "driver": {
                            "type": "object",
                            "required": ["name", "semanticVersion", "rules"],
                            "additionalProperties": False,
                            "properties": {
                                "name": {"const": "postil"},
                                "semanticVersion": {"pattern": r"^\d+\.\d+\.\d+"},
                                "rules": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/rule"}},
                            },
                        }
                    },
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "rule": {
            "type": "object",
            "required": ["id", "shortDescription", "help", "defaultConfiguration"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "shortDescription": {"$ref": "#/$defs/message"},
                "help": {
                    "type": "object",
                    "required": ["text", "markdown"],
                    "additionalProperties": False,
                    "properties": {"text": {"type": "string"}, "markdown": {"type": "string", "minLength": 1}},
                },
                "helpUri": {"type": "string", "format": "uri", "pattern": "^https://"},
                "defaultConfiguration": {"properties": {"level": {"$ref": "#/$defs/level"}}},
            },
        },
        "result": {
            "type": "object",
            "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": {"$ref": "#/$defs/level"},
                "message": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
                "partialFingerprints": {
                    "type": "object",
                    "additionalProperties": {"type": "string", "pattern": r"^[0-9a-f]{16}:\d+$"},
                },
                "locations": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["physicalLocation"],
                        "properties": {
                            "physicalLocation": {
                                "type": "object",
                                "required": ["artifactLocation", "region"],
                                "properties": {
                                    "artifactLocation": {
                                        "type": "object",
                                        "required": ["uri"],
                                        "properties": {"uri": {"pattern": r"^[!$&'()*+,\-./:;=@_~%0-9A-Za-z]+$"}},
                                    },
                                    "region": {
                                        "type": "object",
                                        "required": ["startLine"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "startLine": {"type": "integer", "minimum": 1},
                                            "startColumn": {"type": "integer", "minimum": 1},
                                        },
                                    },
                                },
                            }
                        },
                    },
                },
            },
        },
    },
}


def sarif(*faults: Diagnostic) -> dict:
    said = report(faults, Dialect.SARIF)
    assert said.isascii()
    assert said.endswith("}\n")
    log = json.loads(said)
    Draft202012Validator(SCHEMA).validate(log)
    return log["runs"][0]


def test_sarif_explains_its_rules() -> None:
    (rule,) = sarif(QUOTE)["tool"]["driver"]["rules"]
    assert rule["help"]["text"].startswith("The words are not in the document")
    assert "helpUri" not in rule, "the guide is published nowhere yet"
    log = json.loads(sarif_report([QUOTE], "1.0.0", "https://example.org/guide/"))
    Draft202012Validator(SCHEMA).validate(log)
    (rule,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert rule["helpUri"] == "https://example.org/guide/diagnostics/#q201-quote-not-found"


def junit(*faults: Diagnostic) -> ET.Element:
    said = report(faults, Dialect.JUNIT)
    assert said.isascii()
    return ET.fromstring(said)  # noqa: S314 - our own


def test_sarif() -> None:
    run = sarif(QUOTE, WHOLE, NOTICE)
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        ("F102", "error"),
        ("Q205", "note"),
        ("Q201", "error"),
    ]
    whole, _, quote = (each["locations"][0]["physicalLocation"] for each in run["results"])
    assert whole["region"] == {"startLine": 1}
    assert quote["region"] == {"startLine": 12, "startColumn": 10}
    assert quote["artifactLocation"] == {"uri": "seeds/%C3%A4%20b.yml", "uriBaseId": "%SRCROOT%"}
    assert run["results"][2]["message"]["text"] == "quote not found: \\[a\\](http://x)\nnearest: …\nwrite: …"
    assert run["tool"]["driver"]["rules"][1]["shortDescription"]["text"] == "Quote normalised"


def test_sarif_of_nothing() -> None:
    assert sarif()["results"] == []


def test_a_fault_stays_the_same_when_lines_move_and_two_stay_two() -> None:
    moved = Diagnostic(Place(QUOTE.place.file, 20, 1), QUOTE.code, QUOTE.message, QUOTE.hint)
    prints = [each["partialFingerprints"] for each in sarif(QUOTE, moved)["results"]]
    assert prints[0] == sarif(moved)["results"][0]["partialFingerprints"]
    assert prints[0] != prints[1]


@given(st.lists(diagnostics, max_size=4))
def test_sarif_of_anything(faults: list[Diagnostic]) -> None:
    run = sarif(*faults)
    assert len(run["results"]) == len(faults)
    for diagnostic, fault in zip(run["results"], sorted(faults), strict=True):
        assert run["tool"]["driver"]["rules"][diagnostic["ruleIndex"]]["id"] == diagnostic["ruleId"] == fault.code
        uri = diagnostic["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote(uri, errors="surrogatepass") == fault.place.file
        # No bracket that is not escaped: no link.
        assert not re.search(r"(?<!\\)(\\\\)*[\[\]]", diagnostic["message"]["text"])


def test_junit() -> None:
    suites = junit(QUOTE, WHOLE, NOTICE)
    assert suites.attrib == {"name": "postil", "tests": "2", "failures": "2", "errors": "0"}
    whole, quote = suites.iter("testcase")
    assert (whole.get("classname"), whole.get("name")) == ("seeds/a.txt", "F102 empty document: the file")
    assert quote.get("name") == "Q201 quote not found: line 12, column 10"
    failure = quote.find("failure")
    assert failure is not None
    assert failure.get("type") == "error"
    assert failure.text == "seeds/ä b.yml:12:10: quote not found: [a](http://x)\nnearest: …\nwrite: …"


def test_junit_of_nothing_is_one_case_that_passed() -> None:
    assert [case.get("name") for case in junit(NOTICE).iter("testcase")] == ["check"]
    assert next(junit().iter("failure"), None) is None


@given(st.lists(diagnostics, max_size=4))
def test_junit_of_anything(faults: list[Diagnostic]) -> None:
    told = [diagnostic for diagnostic in faults if diagnostic.severity != "notice"]
    assert len(list(junit(*faults).iter("failure"))) == len(told)
