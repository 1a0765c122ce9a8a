"""What is done where an engine is missing, two themes are in each other's way, or another program than ours builds."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from other_python import run_with, without
from test_build import prints, project

from builder.engines import mkdocs_commands
from builder.scaffold.new_project import create_project

pytestmark = pytest.mark.sites


def needs(package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(importlib.util.find_spec(package) is None, reason=f"{package} is not installed")


@pytest.mark.parametrize("command", ["build", "check", "serve", "pin"])
def test_a_command_that_misses_its_engine_names_the_line_to_type(tmp_path: Path, command: str) -> None:
    project(tmp_path / "project")
    packages = without(tmp_path / "packages", {"mkdocs", "mkdocs-material"})
    done = run_with(packages, command, cwd=tmp_path / "project")
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        [
            "error: MkDocs is not installed, and it draws the site",
            "install it:  pip install 'mkdocs>=1.6.1,<2' 'mkdocs-material>=9.8.1,<10'",
        ],
    )


def test_the_corpus_alone_is_checked_without_any_engine(tmp_path: Path) -> None:
    project(tmp_path / "project").unlink()
    packages = without(tmp_path / "packages", {"mkdocs", "mkdocs-material"})
    done = run_with(packages, "check", cwd=tmp_path / "project")
    assert (done.returncode, done.stdout) == (0, "no errors, no warnings\n"), done.stderr


def test_two_themes_that_overwrite_each_other_are_refused(tmp_path: Path) -> None:
    project(tmp_path / "project")
    packages = without(tmp_path / "packages", {}, also={"mkdocs-materialx": "10.2.2"})
    done = run_with(packages, "build", cwd=tmp_path / "project")
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        [
            "error: mkdocs-material and mkdocs-materialx are both installed, and have overwritten files of each other",
            "remove both, and install the one that you want:  pip uninstall mkdocs-material mkdocs-materialx",
        ],
    )


def run(program: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", program, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@needs("properdocs")
@pytest.mark.parametrize("fault", ["seeds/sources.yml", "docs/index.md"])
def test_properdocs_publishes_nothing_that_its_strict_build_refuses(tmp_path: Path, fault: str) -> None:
    project(tmp_path).rename(tmp_path / "properdocs.yml")
    done = run("properdocs", "build", "--strict", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    before = prints(tmp_path / "site")
    assert "documents/a/index.html" in before
    (tmp_path / fault).write_text({"seeds/sources.yml": "unused: {title: T}\n", "docs/index.md": "[x](y.md)\n"}[fault])
    assert run("properdocs", "build", "--strict", cwd=tmp_path).returncode == 1
    assert prints(tmp_path / "site") == before
    assert run("properdocs", "build", cwd=tmp_path).returncode == 0


def test_the_settings_of_properdocs_are_found(tmp_path: Path) -> None:
    config = project(tmp_path)
    config.write_text(config.read_text().replace("{name: material, font: false}", "material"))
    config.rename(tmp_path / "properdocs.yml")
    done = run("builder", "check", cwd=tmp_path)
    assert (done.returncode, done.stdout.partition(": the theme")[0]) == (0, "properdocs.yml:3:1: warning P405")


@pytest.mark.parametrize("name", ["search", "material/search"])
def test_a_second_search_box_is_told_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    config = project(tmp_path, search=True)
    config.write_text(config.read_text().replace("[{postil", f"[{name}, {{postil"))
    told = [str(each.place) for each in mkdocs_commands.check_site(config) if each.code == "P406"]
    assert told == ["mkdocs.yml:4:11"]


@needs("zensical")
def test_zensical_does_not_replace_a_new_projects_site_by_one_without_documents(tmp_path: Path) -> None:
    create_project(tmp_path / "project")
    (tmp_path / "project" / "site").mkdir()
    (tmp_path / "project" / "site" / "index.html").write_text("as it was")
    done = run("zensical", "build", cwd=tmp_path / "project")
    assert done.returncode == 1
    assert "would publish the site without its documents; build it with `postil build`" in done.stderr
    assert list(prints(tmp_path / "project" / "site")) == ["index.html"]


def test_mkdocs_without_the_plug_in_is_stopped_too(tmp_path: Path) -> None:
    create_project(tmp_path)
    settings = tmp_path / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("  - postil\n", "  - material/tags\n"))
    done = run("mkdocs", "build", cwd=tmp_path)
    assert done.returncode == 1
    assert "would publish the site without its documents; build it with `postil build`" in done.stderr


def test_a_guarded_project_is_built(tmp_path: Path) -> None:
    create_project(tmp_path)
    assert "builder.engines.guard" in (tmp_path / "mkdocs.yml").read_text()
    assert mkdocs_commands.build_site(tmp_path / "mkdocs.yml", strict=True).published
