"""What the guide says against what the program does: fields, examples, commands, the workflow for GitLab."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import guide_pages
import pytest
from markdown.extensions.toc import slugify
from snapshots import Snapshots

from builder import __version__
from builder.cli import cli, run
from builder.explanations import guide_url, section_address
from builder.model import Limits
from builder.read.corpus_and_sources import read_project
from builder.render.index_pages import SLOTS
from builder.search import search_page

GUIDE = Path(__file__).parents[1] / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))


def blocks(page: str, language: str) -> list[str]:
    found = re.findall(
        rf"^( *)```{language}\n(.*?)^\1```$", (GUIDE / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [code for _, code in found]


def properties(schema: object) -> set[str]:
    if isinstance(schema, list):
        return {name for each in schema for name in properties(each)}
    if not isinstance(schema, dict):
        return set()
    own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return own | {name for each in schema.values() for name in properties(each)}


@pytest.mark.parametrize("name", ["sidecar", "corpus", "sources"])
def test_every_field_is_in_the_reference(name: str) -> None:
    schema = json.loads(resources.files("builder").joinpath("schema", f"{name}.schema.json").read_text("utf-8"))
    page = (GUIDE / "sidecar.md").read_text("utf-8")
    words = set(
        re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`[^`\n]+`", page)) + " ".join(blocks("sidecar.md", "yaml")))
    )
    assert properties(schema) - words == set()


def test_the_examples_of_the_project_files_hold(tmp_path: Path) -> None:
    examples = blocks("sidecar.md", "yaml")
    files = {
        "corpus.yml": next(each for each in examples if each.startswith("title: Annotated corpus")),
        "sources.yml": next(each for each in examples if each.startswith("annual-report:")),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    project, faults = read_project(tmp_path, tmp_path, Limits())
    assert faults == ()
    assert set(project.verdicts) == {"supported", "false"}
    assert project.sources["annual-report"].link is False


def test_the_quick_start_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "my-corpus"]) == 0
    monkeypatch.chdir(tmp_path / "my-corpus")
    shell = next(block for block in blocks("quick-start.md", "sh") if "<<'END'" in block)
    Path("seeds/roof.txt").write_text(re.findall(r"<<'END'\n(.*?)END\n", shell, re.DOTALL)[0])
    assert run(["new", "seeds/roof.txt"]) == 0
    sidecar = Path("seeds/roof.yml")
    begun, examples, _ = sidecar.read_text().partition("# claims:")
    assert examples
    (note,) = blocks("quick-start.md", "yaml")
    sidecar.write_text(begun + note)
    capsys.readouterr()
    assert run(["check", "--strict"]) == 0
    sidecar.write_text(begun + note.replace("40 years", "forty years"))
    capsys.readouterr()
    assert run(["check"]) == 1
    (shown,) = blocks("quick-start.md", "text")
    assert capsys.readouterr().out.startswith(shown)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_exists(page: Path) -> None:
    shown = re.findall(rf"\bpostil ({'|'.join(cli.commands)})\b([^`\n|]*)", page.read_text("utf-8"))
    for command, rest in shown:
        known = {option for parameter in cli.commands[command].params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest.partition("#")[0])) <= known, f"{command}{rest}"


def test_every_command_and_slot_is_listed() -> None:
    readme = (GUIDE.parents[1] / "README.md").read_text("utf-8")
    listed = set(re.findall(r"`postil ([a-z]+)", "\n".join(re.findall(r"^\| `postil .*", readme, re.MULTILINE))))
    assert listed == set(cli.commands)
    slots = set(re.findall(r"<!-- postil: ([a-z-]+) -->", (GUIDE / "theming.md").read_text("utf-8")))
    assert slots == {*SLOTS, search_page.SLOT}


@pytest.mark.parametrize("name", guide_pages.PAGES)
def test_a_page_made_from_the_program_is_up_to_date(name: str, snapshot: Snapshots) -> None:
    """What it is made from, and so what to change, it says in its head."""
    snapshot.whole(GUIDE / name, guide_pages.PAGES[name]())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_sections_lead_somewhere(page: Path) -> None:
    """MkDocs checks this too, but only when the site is built."""
    for name, section in re.findall(r"\]\(([a-z-]+\.md)?#([^)\s]+)\)", page.read_text("utf-8")):
        titles = re.findall(r"^#+ (.*)", (GUIDE / (name or page.name)).read_text("utf-8"), re.MULTILINE)
        assert section in {slugify(title.replace("`", ""), "-") for title in titles}, f"{name}#{section}"


def test_sarif_leads_to_the_sections_of_the_guide() -> None:
    titles = re.findall(r"^### (.*)", (GUIDE / "diagnostics.md").read_text("utf-8"), re.MULTILINE)
    assert [section_address(title[:4]) for title in titles] == [
        f"diagnostics/#{slugify(title, '-')}" for title in titles
    ]


def test_the_version_is_the_same_everywhere() -> None:
    root = GUIDE.parents[1]
    assert tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"] == __version__
    assert f"## [{__version__}] - " in (root / "CHANGELOG.md").read_text("utf-8")
    assert f"| {__version__.rpartition('.')[0]}.x | yes |" in (root / "SECURITY.md").read_text("utf-8")


def test_the_guides_address_is_the_packages() -> None:
    urls = tomllib.loads((GUIDE.parents[1] / "pyproject.toml").read_text("utf-8"))["project"].get("urls", {})
    assert guide_url() == urls.get("Documentation", "")


def test_the_files_that_the_architecture_names_are_there() -> None:
    page = (GUIDE / "architecture.md").read_text("utf-8")
    root = GUIDE.parents[1]
    files = [path.as_posix() for folder in ("builder", "tests") for path in (root / folder).rglob("*.*")]
    named = set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|md|js))`", page))
    assert [name for name in sorted(named) if not any(file.endswith(f"/{name}") for file in files)] == []
    rooms = {f"{path.parent.name}/" for path in (root / "builder").glob("*/__init__.py")}
    assert rooms - set(re.findall(r"`([a-z]+/)`", page)) == set()


def test_the_recipes_name_files_and_names_that_are_there() -> None:
    root = GUIDE.parents[1]
    recipes = (root / "CONTRIBUTING.md").read_text("utf-8").partition("## Recipes")[2]
    paths = set(re.findall(r"`((?:[a-z_]+/)+[a-z_.-]*)`", recipes))
    assert [path for path in sorted(paths) if not (root / path).exists()] == []
    names = 0
    for step in re.split(r"^\d\. ", recipes, flags=re.MULTILINE):
        files = [root / path for path in re.findall(r"`((?:[a-z_]+/)+[a-z_.-]+)`", step)]
        text = "".join(path.read_text("utf-8") for path in files if path.is_file())
        for name in re.findall(r"`(\w*[A-Z_]\w*)`", step) if text else ():
            assert re.search(rf"\b{name}\b", text), f"{name} is in none of the files of its step: {step}"
            names += 1
    assert names > 25


def test_the_readme_names_every_page_of_the_guide() -> None:
    named = set(re.findall(r"\(docs/guide/([a-z-]+\.md)\)", (GUIDE.parents[1] / "README.md").read_text("utf-8")))
    assert named == {page.name for page in PAGES}


def test_the_twin_for_gitlab_is_valid(tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema")
    (twin,) = (each for each in blocks("deploying.md", "yaml") if "pages:" in each)
    path = tmp_path / "gitlab-ci.yml"
    path.write_text(twin)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
