"""The door: exit codes, what goes to which stream, and what a terminal may be sent. Real corpora in real folders."""

from __future__ import annotations

import json
import os
import pty
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from builder import __version__
from builder.cli import cli, run
from builder.diagnostics import CODES

POSTIL = str(Path(sys.executable).with_name("postil"))
DOCUMENT = "The town library opens at ten.\n\nIt is closed on Mondays.\n"
GOOD = "context:\n  - {id: hours, quote: opens at ten, note: Since 1998.}\n"
WRONG = "context:\n  - {id: hours, quote: opens at nine, note: Since 1998.}\n"
WARNED = "annual-report: {title: The year, publisher: Town}\n"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "library.txt").write_text(DOCUMENT)
    (tmp_path / "seeds" / "library.yml").write_text(GOOD)
    return tmp_path


def test_check_of_a_clean_corpus(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(corpus.rglob("*"))
    assert run(["check"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("no errors, no warnings\n", "")
    assert sorted(corpus.rglob("*")) == before


def test_check_tells_faults_on_stdout(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "seeds" / "library.yml").write_text(WRONG)
    assert run(["check"]) == 1
    out, err = capsys.readouterr()
    assert re.match(r"seeds/library\.yml:2:\d+: error Q201: ", out)
    assert out.endswith("1 error, no warnings\nfor more information:  postil explain Q201\n")
    assert err == ""


def test_warnings_fail_under_strict_only(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "seeds" / "sources.yml").write_text(WARNED)
    assert run(["check"]) == 0
    assert "warning S109" in capsys.readouterr().out
    assert run(["check", "--strict"]) == 1


def test_check_for_github(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "seeds" / "library.yml").write_text(WRONG)
    assert run(["check", "--format", "github"]) == 1
    out = capsys.readouterr().out
    assert re.match(r"::error file=seeds/library\.yml,line=2,col=\d+,title=Q201 quote not found::", out)


def test_check_as_json(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "seeds" / "library.yml").write_text(WRONG)
    assert run(["check", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["summary"]["errors"] == 1
    assert [each["code"] for each in told["diagnostics"] if each["severity"] == "error"] == ["Q201"]


def test_hostile_text_does_not_reach_the_terminal_raw(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "seeds" / "library.yml").write_text('context:\n  - {id: "\x1b]0;owned\x07", note: x}\n')
    (corpus / "seeds" / "evil\x1b[2J.yml").write_text(GOOD)
    for arguments in (
        ["check"],
        ["check", "--format", "github"],
        ["check", "--format", "json"],
        ["check", "--notices"],
    ):
        assert run(arguments) == 1
        out, err = capsys.readouterr()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", out + err)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--config", "missing.yml"],
        ["check", "--no-such-option"],
        ["check", "--format", "xml"],
        ["no-such-command"],
        ["build"],
        ["build", "--workers", "-1"],
        ["serve"],
        ["new"],
        ["new", "seeds/missing.txt"],
        ["init"],
        ["schema", "nothing"],
        ["explain", "Q211"],
    ],
    ids=" ".join,
)
def test_what_cannot_run_is_2(corpus: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "rror: " in err
    assert "Traceback" not in err


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1:port", "{taken}"])
def test_an_address_that_cannot_be_had_is_2(corpus: Path, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "docs").mkdir()
    (corpus / "docs" / "index.md").write_text("# Home\n")
    (corpus / "mkdocs.yml").write_text("site_name: x\ntheme: material\nplugins: [postil]\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = address.format(taken=f"127.0.0.1:{taken.getsockname()[1]}")
        command = [POSTIL, "serve", "--address", where]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "Building" not in done.stderr
    assert len(re.findall("error:|Config value", done.stderr)) == 1
    if "{taken}" in address:
        told = rf"error: another program listens at {where}, .*\n.* postil serve --address 127\.0\.0\.1:(\d+)\n"
        another = re.fullmatch(told, done.stderr)
        assert another
        socket.create_server(("127.0.0.1", int(another[1]))).close()


def test_outside_of_a_project_it_is_told_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds = tmp_path / "corpus" / "seeds"
    (seeds / "letters").mkdir(parents=True)
    (seeds / "a.txt").write_text(DOCUMENT)
    monkeypatch.chdir(seeds)
    neither = "error: there is neither a mkdocs.yml nor a folder seeds here"
    lacking = {
        "check": neither,
        "new": neither,
        "pin": neither,
        "build": "error: there is no mkdocs.yml in this folder",
    }
    for command, told in lacking.items():
        assert run([command, *["a.txt"] * (command == "new")]) == 2
        assert capsys.readouterr().err == f"{told}\nstart one:  postil init my-corpus\n"
    (tmp_path / "corpus" / "mkdocs.yml").write_text("site_name: x\ntheme: material\nplugins: [postil]\n")
    (tmp_path / "corpus" / "docs").mkdir()
    up = "\ngo there:  cd {0}\nor name it:  --config {0}/mkdocs.yml\n"
    for command, told in lacking.items():
        assert run([command, *["a.txt"] * (command == "new")]) == 2
        assert capsys.readouterr().err == f"{told}, but there is a project above{up.format('..')}"
    assert run(["new", "a.txt", "--config", "../mkdocs.yml"]) == 0
    monkeypatch.chdir(seeds / "letters")
    capsys.readouterr()
    assert run(["check"]) == 2
    assert capsys.readouterr().err.endswith(up.format("../.."))


def test_check_takes_no_file(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "seeds/library.yml"]) == 2
    assert "check takes no files" in capsys.readouterr().err


def test_a_strict_build_says_that_warnings_stopped_it(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "docs").mkdir()
    (corpus / "docs" / "index.md").write_text("# Home\n")
    settings = "site_name: x\ntheme: {name: material, font: false}\nplugins: [{postil: {search: false}}]\n"
    (corpus / "mkdocs.yml").write_text(settings)
    (corpus / "seeds" / "sources.yml").write_text(WARNED)
    why = " --strict treats the warnings as errors.\n"
    assert run(["build", "--strict"]) == 1
    assert capsys.readouterr().err == f"Nothing was published.{why}"
    assert run(["build"]) == 0
    assert run(["build", "--strict"]) == 1
    assert capsys.readouterr().err.endswith(f"Nothing was published; site is as it was.{why}")
    (corpus / "seeds" / "library.yml").write_text(WRONG)
    assert run(["build", "--strict"]) == 1
    assert capsys.readouterr().err == "Nothing was published; site is as it was.\n"


def test_a_project_is_begun_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "."]) == 0
    told = r"Wrote \d+ files here. Look at it:\n\n    postil serve --open\n"
    assert re.match(told, capsys.readouterr().err)
    assert run(["init", "."]) == 2
    assert capsys.readouterr().err.endswith(f"postil init {tmp_path}-2\n")
    assert run(["init", "sub"]) == 0
    assert re.match(r"Wrote \d+ files in sub. Look at it:\n\n    cd sub\n    postil serve", capsys.readouterr().err)


@pytest.mark.parametrize("name", [None, *cli.commands])
def test_help_ends_with_an_example(name: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"] if name else ["--help"]) == 0
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert re.fullmatch(rf"  (Example|Start here):  postil {name or ''}\b.*", last)


def test_the_commands() -> None:
    assert sorted(cli.commands) == [
        "build", "check", "diff", "explain", "freeze", "init", "links", "new", "pin", "rebase", "schema", "serve",
    ]  # fmt: skip


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"postil {__version__}\n"


def test_every_code_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for code, row in CODES.items():
        assert run(["explain", code.lower()]) == 0
        out = capsys.readouterr().out
        assert out.startswith(f"{code}: {row.title} ({row.severity})\n\n")
        assert f" {code}: " in out.split("\n", 1)[1], "an explanation has an example"
        assert "](" not in out, "no link leads anywhere in a terminal"
    assert run(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(maxsplit=2) for line in lines] == [
        [code, row.severity, row.title] for code, row in CODES.items()
    ]


def test_an_unknown_code_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "Q211"]) == 2
    listed = "list all codes:  postil explain"
    assert capsys.readouterr().err == f'error: unknown code "Q211"; did you mean Q201?\n{listed}\n'
    assert run(["explain", "?"]) == 2
    assert capsys.readouterr().err == f'error: unknown code "?"\n{listed}\n'


def test_a_report_names_the_command_that_explains_it(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "seeds" / "sources.yml").write_text(WARNED)
    (corpus / "seeds" / "library.yml").write_text(GOOD.replace("context", "contexts"))
    (corpus / "seeds" / "other.yml").write_text(GOOD)
    (corpus / "seeds" / "agenda.docx").write_text("")
    (corpus / "seeds" / "latin.txt").write_bytes(b"Caf\xe9")
    (corpus / "seeds" / "empty.txt").write_text("")
    assert run(["check"]) == 1
    assert capsys.readouterr().out.endswith("\nfor more information:  postil explain F102 F101 S101\n")
    for dialect in ("github", "json", "sarif", "junit"):
        assert run(["check", "--format", dialect]) == 1
        assert "postil explain" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["sidecar", "corpus", "sources"])
def test_schema(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", name]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org/")


def test_schema_is_of_a_sidecar_if_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert "claims" in json.loads(capsys.readouterr().out)["properties"]


def test_as_a_program(corpus: Path) -> None:
    """In a process of its own, with a terminal that knows no UTF-8, the exit code and the report arrive."""
    (corpus / "seeds" / "library.txt").write_text("Où est la bibliothèque\n")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [POSTIL, "check"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "Q201" in done.stdout
    assert done.stderr == ""


def test_colour_for_terminals_only(corpus: Path) -> None:
    (corpus / "seeds" / "library.yml").write_text(WRONG)
    command = [POSTIL, "check"]

    def on_a_terminal(environment: dict[str, str]) -> bytes:
        ours, theirs = pty.openpty()
        subprocess.run(command, env=environment, stdout=theirs, stderr=subprocess.DEVNULL, timeout=60, check=False)
        os.close(theirs)
        said = os.read(ours, 100_000)
        os.close(ours)
        return said

    plain = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    assert b"\x1b[31m\x1b[1merror\x1b[0m" in on_a_terminal(plain)
    assert b"\x1b" not in on_a_terminal({**plain, "NO_COLOR": "1"})
    assert b"\x1b" not in subprocess.run(command, env=plain, capture_output=True, timeout=60, check=False).stdout


def test_the_list_of_commands_has_a_whole_sentence_on_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    commands = capsys.readouterr().out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert len(commands) == len(cli.commands)
    assert [line for line in commands if not re.fullmatch(r"  [a-z]+ +[A-Z][^.]+\.", line)] == []


def test_the_program_runs_as_a_module_too() -> None:
    command = [sys.executable, "-m", "builder", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"postil {__version__}\n", "")


def test_check_fixes(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sidecar = corpus / "seeds" / "library.yml"
    sidecar.write_text(GOOD.replace("opens at ten", "town library opens at tin") + "titel: x\ncolour: red\n")
    before = sidecar.read_text()
    assert run(["check", "--diff"]) == 1
    out, err = capsys.readouterr()
    assert out == (
        "--- a/seeds/library.yml\n+++ b/seeds/library.yml\n@@ -1,4 +1,4 @@\n context:\n"
        "-  - {id: hours, quote: town library opens at tin, note: Since 1998.}\n-titel: x\n"
        "+  - {id: hours, quote: town library opens at ten, note: Since 1998.}\n+title: x\n colour: red\n"
    )
    assert err == "2 changes in 1 file; --fix writes them.\n"
    assert sidecar.read_text() == before
    assert run(["check", "--fix"]) == 1
    out, err = capsys.readouterr()
    assert re.fullmatch(r"(seeds/library\.yml:\d+:\d+: fixed [QS]\d+: .*\n){2}", err)
    assert out.startswith('seeds/library.yml:4:1: error S101: unknown field "colour"\n')
    sidecar.write_text(sidecar.read_text().replace("colour: red\n", ""))
    assert run(["check", "--fix"]) == 0
    assert capsys.readouterr() == ("no errors, no warnings\n", "")
    assert run(["check", "--diff"]) == 0
    assert capsys.readouterr() == ("", "Nothing to fix.\n")
