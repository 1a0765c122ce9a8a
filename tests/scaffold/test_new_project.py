"""`postil init`: a new project is whole, is clean, builds, and says nothing of the machine that it was made on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from builder.cli import run
from builder.render.index_pages import SLOTS
from builder.scaffold.new_project import requirement
from builder.search import search_page

pytestmark = pytest.mark.sites

ROOT = Path(__file__).parents[2]
SENTENCE = "Write in requirements.txt where to install postil from, as its comments show"
FILES = [
    ".github/workflows/check.yml",
    ".github/workflows/engines.yml",
    ".github/workflows/links.yml",
    ".github/workflows/pages.yml",
    ".gitignore",
    "README.md",
    "docs/claims/index.md",
    "docs/corrections-policy.md",
    "docs/corrections/index.md",
    "docs/documents/index.md",
    "docs/index.md",
    "docs/method.md",
    "docs/sources/index.md",
    "docs/topics/index.md",
    "mkdocs.yml",
    "requirements.txt",
    "seeds/corpus.yml",
    "seeds/library-notice.txt",
    "seeds/library-notice.yml",
    "seeds/sources.yml",
    "sidecar.schema.json",
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert run(["init", str(tmp_path / "corpus")]) == 0
    monkeypatch.chdir(tmp_path / "corpus")
    return tmp_path / "corpus"


def test_the_files(project: Path) -> None:
    assert sorted(str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()) == FILES


def test_nothing_of_this_machine(project: Path) -> None:
    for path in project.rglob("*"):
        if path.is_file():
            assert not re.search(r"/home/|/root/|/work/|/Users/|/tmp/", path.read_text(encoding="utf-8")), path


def test_no_built_site_is_taken_into_git(project: Path) -> None:
    """`public/` is where the file for GitLab builds it."""
    assert {"site/", "public/"} <= set((project / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_the_projects_readme_lists_every_slot(project: Path) -> None:
    slots = re.findall(r"`([a-z-]+)`", (project / "README.md").read_text(encoding="utf-8").partition("<!-- postil:")[2])
    assert {*SLOTS, search_page.SLOT} - {"documents"} <= set(slots)


def test_it_is_clean(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["check", "--strict"]) == 0, capsys.readouterr().out


def test_the_corpus_alone_is_clean(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "mkdocs.yml").unlink()
    capsys.readouterr()
    assert run(["check", "--strict"]) == 0, capsys.readouterr().out


def test_it_builds_at_once(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    postil = str(Path(sys.executable).with_name("postil"))
    done = subprocess.run([postil, "build", "--strict"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Published 1 document with 4 notes in site\n" in done.stderr
    page = (project / "site" / "documents" / "library-notice" / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'\bid="(note-[a-z-]+)"', page)) == {
        "note-twice-as-many",
        "note-invented",
        "note-posts",
        "note-reading-room-year",
    }
    home = (project / "site" / "index.html").read_text(encoding="utf-8")
    assert 'href="documents/library-notice/#note-twice-as-many"' in home
    assert "library-notice/" in (project / "site" / "documents" / "index.html").read_text(encoding="utf-8")


def test_a_build_with_errors_publishes_nothing(project: Path) -> None:
    (project / "site" / "assets" / "postil").mkdir(parents=True)
    (project / "site" / "old.html").write_text("old")
    sidecar = project / "seeds" / "library-notice.yml"
    sidecar.write_text(sidecar.read_text().replace("quote: opened in 1911", "quote: opened in 1811"))
    postil = str(Path(sys.executable).with_name("postil"))
    done = subprocess.run([postil, "build"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert re.search(r"^seeds/library-notice\.yml:\d+:\d+: error Q201: ", done.stdout, re.MULTILINE)
    assert done.stderr.endswith("Nothing was published; site is as it was.\n")
    assert sorted(path.name for path in (project / "site").iterdir()) == ["assets", "old.html"]


def test_the_sample_has_one_of_each_kind(project: Path) -> None:
    sidecar = yaml.safe_load((project / "seeds" / "library-notice.yml").read_text())
    assert all(sidecar[kind] for kind in ("claims", "context", "corrections"))


def test_the_site_asks_no_other_host(project: Path) -> None:
    settings = yaml.load((project / "mkdocs.yml").read_text(), yaml.BaseLoader)  # noqa: S506 - the guard has a tag
    assert settings["theme"]["font"] == "false"
    assert settings["plugins"] == ["postil"]


@pytest.mark.parametrize("kind", ["file", "full", "link"])
def test_only_into_an_empty_folder(tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "corpus"
    if kind == "file":
        target.write_text("mine")
    elif kind == "full":
        target.mkdir()
        (target / ".hidden").write_text("mine")
    else:
        target.symlink_to(tmp_path / "nowhere")
    before = sorted(tmp_path.rglob("*"))
    assert run(["init", str(target)]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(["init", str(tmp_path / "empty")]) == 0


def test_requirement_names_the_repository_and_commit() -> None:
    origin = {
        "url": "https://git.example.org/postil.git",
        "vcs_info": {
            "vcs": "git",
            "commit_id": "0123456789abcdef0123456789abcdef01234567",
            "requested_revision": "main",
        },
    }
    assert requirement(json.dumps(origin)) == (
        "postil @ git+https://git.example.org/postil.git@0123456789abcdef0123456789abcdef01234567\n"
    )


@pytest.mark.parametrize(
    "origin",
    [
        None,
        {"url": "file:///somewhere/postil", "dir_info": {"editable": True}},
        {"url": "file:///somewhere/postil", "vcs_info": {"vcs": "git", "commit_id": "0" * 40}},
    ],
)
def test_requirement_never_names_a_folder_or_a_bare_name(origin: dict[str, object] | None) -> None:
    said = requirement(origin and json.dumps(origin))
    *comments, last = said.splitlines()
    assert all(line.startswith("#") for line in comments)
    assert last == SENTENCE
    assert "somewhere" not in said


def pip(folder: Path, requirements: str) -> subprocess.CompletedProcess[str]:
    (folder / "requirements.txt").write_text(requirements)
    options = ["--dry-run", "--no-deps", "--force-reinstall", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "-r", "requirements.txt"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def test_without_an_address_pip_fails_and_says_what_to_do(tmp_path: Path) -> None:
    done = pip(tmp_path, requirement(None))
    assert done.returncode == 1
    assert SENTENCE in done.stderr


def test_the_examples_for_an_address_are_such_as_pip_takes(tmp_path: Path) -> None:
    """A clone beside the project, as it is written; a repository, by the address of one that is here."""
    examples = re.findall(r"^#   (\S.*)$", requirement(None), re.MULTILINE)
    assert examples == ["postil @ git+https://github.com/OWNER/postil@COMMIT", "../postil"]
    (tmp_path / "postil").symlink_to(ROOT)
    (tmp_path / "corpus").mkdir()
    done = pip(tmp_path / "corpus", "../postil\n")
    if "No matching distribution found" in done.stderr:
        pytest.skip("pip cannot fetch what builds the program")
    assert done.returncode == 0, done.stderr
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    done = pip(tmp_path / "corpus", f"postil @ git+{ROOT.as_uri()}@{commit.stdout}")
    assert done.returncode == 0, done.stderr


def test_the_project_is_in_the_wheel(tmp_path: Path) -> None:
    """Dot-files too: an editable install would not miss them, a real one would."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"pip cannot build a wheel here: {done.stderr.strip().splitlines()[-1:]}")
    (wheel,) = tmp_path.glob("*.whl")
    prefix = "builder/scaffold/project/"
    packed = {name.removeprefix(prefix) for name in ZipFile(wheel).namelist() if name.startswith(prefix)}
    assert packed == set(FILES) - {"requirements.txt", "sidecar.schema.json"}
