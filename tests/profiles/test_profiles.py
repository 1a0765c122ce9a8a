"""House rules: where they come from, what each asks for, and that they ask for no more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from builder.cli import run
from builder.diagnostics import Diagnostic, UserError
from builder.model import Limits
from builder.pipeline import Settings, check
from builder.profiles.check_corpus import check_profiles
from builder.profiles.load_profile import load_profile, profile_names

TODAY = date(2026, 11, 22)
METHOD = "# Method\n\n" + "We read the document, look for what bears it out, and say what we found. " * 10
CLAIM = "claims:\n  - id: one\n    note: Found.\n    verdict: supported\n    reviewed: {}\n    sources: [{}]\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A corpus that keeps to all of it."""
    for folder in ("seeds", "docs", "profiles"):
        (tmp_path / folder).mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Some words.\n")
    (tmp_path / "seeds" / "a.yml").write_text(CLAIM.format("2026-11-01", "register"))
    (tmp_path / "seeds" / "sources.yml").write_text(
        "register: {title: R, url: https://example.org/, archived: https://example.org/copy}\n"
    )
    (tmp_path / "docs" / "method.md").write_text(METHOD)
    (tmp_path / "docs" / "corrections.md").write_text(METHOD)
    (tmp_path / "docs" / "contact.md").write_text("Write to desk@example.org. " * 6)
    return tmp_path


def judged(project: Path, *names: str, today: date = TODAY) -> list[str]:
    return [
        f"{diagnostic.place} {diagnostic.code} {diagnostic.message}"
        for diagnostic in found(project, *names, today=today)
    ]


def found(project: Path, *names: str, today: date = TODAY) -> tuple[Diagnostic, ...]:
    settings = Settings(root=project, seeds=project / "seeds")
    assert check(settings) == ()
    return check_profiles(settings, project / "docs", names or ("ifcn",), today)


def test_who_keeps_to_it_hears_nothing(project: Path) -> None:
    assert judged(project) == []


@pytest.mark.parametrize(
    ("reviewed", "today", "codes"),
    [
        ("2024-11-22", TODAY, []),
        ("2024-11-21", TODAY, ["R504"]),
        ("2024-11", TODAY, []),  # its last day
        ("2024-10", TODAY, ["R504"]),
        ("2024", TODAY, []),
        ("2023", TODAY, ["R504"]),
        ("2024-02", date(2026, 2, 28), []),  # of a leap year
        ("2030-01-01", TODAY, []),  # a typing error, which is not our business
    ],
)
def test_how_old_a_review_is(project: Path, reviewed: str, today: date, codes: list[str]) -> None:
    (project / "seeds" / "a.yml").write_text(CLAIM.format(reviewed, "register"))
    assert [diagnostic.code for diagnostic in found(project, today=today)] == codes


def test_the_line_to_write_has_the_day_of_the_check(project: Path) -> None:
    (project / "seeds" / "a.yml").write_text(CLAIM.format("2020", "register"))
    (old,) = found(project, today=date(2030, 1, 2))
    (project / "seeds" / "a.yml").write_text(CLAIM.format("", "register").replace("    reviewed: \n", ""))
    (missing,) = found(project, today=date(2030, 1, 2))
    assert (old.code, old.hint) == ("R504", "check it again, and write: reviewed: 2030-01-02")
    assert (missing.code, missing.hint) == ("R503", "if you check it today, add a line: reviewed: 2030-01-02")


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("", ["R501"]),
        ("{title: T}", ["R501"]),
        ("{title: T, note: A printed book}", []),
        ("{title: T, url: https://example.org/}", ["R502"]),
        ("{title: T, url: https://example.org/, archived: https://example.org/c}", []),
        ("{title: T}, register", []),
    ],
)
def test_what_a_verdict_rests_on(project: Path, source: str, codes: list[str]) -> None:
    text = CLAIM.format("2026-11-01", source)
    if "register" not in source:
        text += "context: [{id: two, note: Words., sources: [register]}]\n"
    (project / "seeds" / "a.yml").write_text(text)
    assert [diagnostic.code for diagnostic in found(project)] == codes


@pytest.mark.parametrize("field", ["draft: true\n", None])
def test_drafts_and_opinions_are_let_be(project: Path, field: str | None) -> None:
    text = CLAIM.format("2020", "{title: T, url: https://example.org/}, register")
    sidecar = (field or "") + (text if field else text.replace("supported", "opinion"))
    (project / "seeds" / "a.yml").write_text(sidecar)
    (project / "seeds" / "b.txt").write_text("More words.\n")
    (project / "seeds" / "b.yml").write_text("context: [{id: two, note: Words., sources: [register]}]\n")
    assert judged(project) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has 0 words; 100 are required"),
        ("---\ntitle: Method\n---\n# Method\n<!-- " + "word " * 200 + "-->\n", "has 0 words; 100 are required"),
        (METHOD + "\nTODO: more\n", 'still says "TODO"'),
        ("Coming soon.", 'still says "Coming soon"'),
        ("方" * 99, "has 99 words; 100 are required"),
    ],
)
def test_a_page_that_is_a_stub(project: Path, text: str, message: str) -> None:
    (project / "docs" / "method.md").write_text(text, encoding="utf-8")
    assert judged(project) == [f"docs/method.md R506 the method page {message}"]


def test_a_page_without_an_address(project: Path) -> None:
    (project / "docs" / "contact.md").write_text("Ask anybody in the street. " * 6)
    assert judged(project) == ["docs/contact.md R506 the contact page has no mail address and no link"]
    (project / "docs" / "about.md").write_text("Write to [the desk](https://example.org/desk). " * 6)
    assert judged(project) == [], "another page does as well"


def test_a_page_that_is_missing_or_a_link_out(project: Path, tmp_path: Path) -> None:
    (project / "docs" / "method.md").rename(project / "elsewhere.md")
    assert judged(project) == ["docs/method.md R505 no method page"]
    (project / "docs" / "method.md").symlink_to(project / "elsewhere.md")
    assert judged(project) == ["docs/method.md R505 no method page"]


def test_a_profile_of_ones_own(project: Path) -> None:
    own = project / "profiles" / "newsroom.yml"
    own.write_text("extends: ifcn\nverdicts: {reviewed_within_days: 10}\npages: {funding: {words: 3}}\n")
    assert judged(project, "newsroom") == [
        "docs/funding.md R505 no funding page",
        'seeds/a.yml:2:5 R504 "one" was reviewed on 2026-11-01, 21 days ago; 10 are allowed',
    ]
    own.write_text("verdicts: {stored_copy: optional}\n")
    assert judged(project, "newsroom") == []
    assert profile_names(project) == ("ifcn", "newsroom")


def test_ones_own_may_have_the_name_of_the_one_that_it_extends(project: Path) -> None:
    (project / "profiles" / "ifcn.yml").write_text("extends: ifcn\nverdicts: {reviewed_within_days: 10}\n")
    assert [diagnostic.code for diagnostic in found(project)] == ["R504"]
    profile, faults = load_profile("ifcn", project, Limits())
    assert faults == ()
    assert (profile.source, profile.days, set(profile.pages)) == (True, 10, {"method", "corrections", "contact"})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ifcm", 'no profile "ifcm"; did you mean "ifcn"\\?\na corpus keeps its own in profiles/ifcm.yml'),
        ("../ifcn", "is not a valid profile name"),
        ("round", "profiles extend each other in a circle: round, and-round, round"),
    ],
)
def test_no_such_profile(project: Path, name: str, message: str) -> None:
    (project / "profiles" / "round.yml").write_text("extends: and-round\n")
    (project / "profiles" / "and-round.yml").write_text("extends: round\n")
    with pytest.raises(UserError, match=message):
        judged(project, name)


@pytest.mark.parametrize("text", ["- a\n", "just words\n", ""])
def test_a_file_that_is_no_profile(project: Path, text: str) -> None:
    (project / "profiles" / "mine.yml").write_text(text)
    assert judged(project, "mine") == ["profiles/mine.yml S102 a profile is a list of fields"]


def test_the_command(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(project)
    assert run(["check", "--profile", "ifcn", "--today", "2026-11-22"]) == 0
    assert run(["check", "--profile", "ifcn", "--today", "2036-11-22"]) == 1
    assert "error R504" in capsys.readouterr().out
    assert run(["check", "--today", "2036-11-22"]) == 0
    assert run(["check", "--profile", "nobody"]) == 2


def test_pages_stand_where_mkdocs_has_them(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "docs").rename(project / "pages")
    (project / "pages" / "index.md").write_text("# Home\n")
    theme = "theme: {name: material, font: false}\n"
    (project / "mkdocs.yml").write_text(f"site_name: S\ndocs_dir: pages\nplugins: [postil]\n{theme}")
    monkeypatch.chdir(project)
    assert run(["check", "--profile", "ifcn", "--today", "2026-11-22"]) == 0
    (project / "pages" / "method.md").unlink()
    assert run(["check", "--profile", "ifcn", "--today", "2026-11-22"]) == 1
    assert "pages/method.md: error R505" in capsys.readouterr().out
