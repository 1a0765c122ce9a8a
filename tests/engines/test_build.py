"""A build publishes all of a site or nothing of it, whatever fails on the way."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from builder.diagnostics import UserError
from builder.engines import mkdocs_commands
from builder.publish import staging
from builder.search.check_pagefind import pagefind_available

pytestmark = pytest.mark.sites

MKDOCS = """\
site_name: T
site_url: https://t.example/sub/
theme: {name: material, font: false}
plugins: [{postil: {search: SEARCH}}]
"""


def project(root: Path, *, search: bool = False) -> Path:
    for name, content in {
        "docs/index.md": "# Home\n\n[[a#n|the note]] and [the document](documents/a.md#note-n)\n",
        "seeds/a.txt": "It was the best of times.\n",
        "seeds/a.yml": "context:\n  - {id: n, quote: best of times, note: Was it?}\n",
        "mkdocs.yml": MKDOCS.replace("SEARCH", str(search).lower()),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root / "mkdocs.yml"


def prints(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def hidden(root: Path) -> list[str]:
    return [path.name for path in root.iterdir() if path.name.startswith(".site")]


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
def test_a_page_that_is_not_to_be_searched_is_in_no_index(tmp_path: Path) -> None:
    config = project(tmp_path, search=True)
    (tmp_path / "docs" / "out.md").write_text("---\nsearch: {exclude: true}\n---\n# Out\n\nwallflower\n")
    (tmp_path / "docs" / "in.md").write_text("---\nsearch: {boost: 2}\n---\n# In\n\nsunflower\n")
    assert mkdocs_commands.build_site(config).published
    assert "wallflower" in (tmp_path / "site" / "out" / "index.html").read_text()
    texts = b"".join(map(gzip.decompress, map(Path.read_bytes, (tmp_path / "site" / "pagefind").rglob("*.pf_texts"))))
    assert b"sunflower" in texts
    assert b"wallflower" not in texts
    assert "https://t.example/sub/out/" in (tmp_path / "site" / "sitemap.xml").read_text()


def test_a_site_is_published_with_its_documents(tmp_path: Path) -> None:
    outcome = mkdocs_commands.build_site(project(tmp_path), strict=True)
    assert outcome.published
    assert (outcome.documents, outcome.notes, outcome.diagnostics) == (1, 1, ())
    site = tmp_path / "site"
    home = (site / "index.html").read_text()
    assert 'href="documents/a/#note-n">the note</a>' in home
    assert 'href="documents/a/#note-n">the document</a>' in home
    assert "https://t.example/sub/documents/a/" in (site / "sitemap.xml").read_text()
    assert "postil-slot" not in "".join(path.read_text() for path in site.rglob("*.html"))
    assert not list(site.rglob("*postil-slot*"))
    assert hidden(tmp_path) == []


def test_a_hand_written_page_that_links_is_linked_back(tmp_path: Path) -> None:
    mkdocs_commands.build_site(project(tmp_path))
    note = (tmp_path / "site/documents/a/index.html").read_text().partition('id="note-n"')[2]
    assert 'href="../../"' in note


def test_a_document_may_be_called_as_a_list_of_documents_is(tmp_path: Path) -> None:
    config = project(tmp_path)
    (tmp_path / "seeds" / "index.txt").write_text("Words.\n")
    (tmp_path / "docs" / "more.md").write_text(
        "# More\n\n[[index]], [it](documents/index/index.md), [all](documents/index.md)\n"
    )
    assert mkdocs_commands.build_site(config, strict=True).published
    more = (tmp_path / "site" / "more" / "index.html").read_text()
    assert '<a href="../documents/index/">Words.</a>, <a href="../documents/index/">it</a>' in more
    assert '<a href="../documents/">all</a>' in more


def test_a_document_that_a_navigation_lists_has_the_title_given_there_or_its_own(tmp_path: Path) -> None:
    config = project(tmp_path)
    (tmp_path / "seeds" / "b.txt").write_text("Words & deeds.\n")
    config.write_text(config.read_text() + "nav: [index.md, Mine: documents/a.md, documents/b.md]\n")
    (tmp_path / "docs" / "index.md").write_text("# Home\n\n[its note](documents/a.md#note-n)\n")
    assert mkdocs_commands.build_site(config, strict=True).published
    home = (tmp_path / "site" / "index.html").read_text()
    links = re.findall(r'<a href="(documents/\w/)" class="md-nav__link">\s*<span class="md-ellipsis">\s*(.*)\s*<', home)
    assert links == [("documents/a/", "Mine"), ("documents/b/", "Words &amp; deeds.")]


def test_an_address_in_the_sitemap_is_quoted_once(tmp_path: Path) -> None:
    config = project(tmp_path)
    (tmp_path / "docs" / "über uns.md").write_text("# Us\n")
    (tmp_path / "seeds" / "ä.txt").write_text("Words.\n")
    assert mkdocs_commands.build_site(config).published
    sitemap = (tmp_path / "site" / "sitemap.xml").read_text()
    assert "https://t.example/sub/%C3%BCber%20uns/<" in sitemap
    assert "https://t.example/sub/documents/%C3%A4/<" in sitemap


def test_any_write_that_fails_leaves_the_published_site_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of our writes in turn runs out of room: the first, the second, … until there is none left to fail."""
    config = project(tmp_path)
    old = tmp_path / "site"
    staging.write_file(old / "index.html", b"old")
    (old / "assets" / "postil").mkdir(parents=True)
    write = staging.write_file
    for failing in range(1, 100):
        written = 0

        def full(target: Path, content: bytes) -> None:
            nonlocal written
            written += 1
            if written == failing:  # noqa: B023 - called within this turn of the loop only
                raise OSError(28, "No space left on device")
            write(target, content)

        monkeypatch.setattr(staging, "write_file", full)
        try:
            assert mkdocs_commands.build_site(config).published
            break
        except UserError as refusal:
            assert "No space left" in str(refusal)  # noqa: PT017 - the last turn raises nothing
        assert prints(old) == {"index.html": hashlib.sha256(b"old").hexdigest()}
        assert hidden(tmp_path) == []
    assert failing > 1
    assert failing == written + 1


def test_a_page_that_is_nested_too_deeply_for_the_engine_is_named(tmp_path: Path) -> None:
    config = project(tmp_path)
    (tmp_path / "docs" / "deep.md").write_text("- " * 10_000 + "x\n")
    with pytest.raises(UserError, match=r"docs/deep\.md: quotes or lists are nested too deeply"):
        mkdocs_commands.build_site(config)
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("name", ["page.md", "picture.png"])
def test_a_file_that_cannot_be_read_is_named_and_not_called_a_write(tmp_path: Path, name: str) -> None:
    config = project(tmp_path)
    (tmp_path / "docs" / name).symlink_to("nowhere")
    with pytest.raises(UserError) as refusal:
        mkdocs_commands.build_site(config)
    assert str(refusal.value) == (
        f"cannot read docs/{name}: No such file or directory. The published site stands as it was."
    )


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_what_a_link_leads_to_outside_is_not_even_read(tmp_path: Path) -> None:
    config = project(tmp_path)
    (tmp_path / "docs" / "endless.bin").symlink_to("/dev/zero")
    (tmp_path / "docs" / "endless.md").symlink_to("/dev/zero")
    told = [(each.code, each.place.file) for each in mkdocs_commands.build_site(config).diagnostics]
    assert told == [("F104", "docs/endless.bin"), ("F104", "docs/endless.md")]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("OSError(28, 'No room', config.site_dir + '/a/index.html')", "cannot write a/index.html of the site: No room"),
        ("OSError(28, 'No room')", "cannot write the site: No room"),
        ("OSError(28, 'No room', config.docs_dir + '/kept')", "cannot write docs/kept: No room"),
        ("OSError(5, 'Input/output error')", "cannot build the site: Input/output error"),
        ("OSError(5, 'Broken', '/elsewhere/x')", "cannot read or write /elsewhere/x: Broken"),
    ],
)
def test_what_could_not_be_read_or_written_is_told_as_far_as_it_is_known(tmp_path: Path, error: str, told: str) -> None:
    config = project(tmp_path)
    (tmp_path / "hook.py").write_text(f"def on_env(env, config, files): raise {error}\n")
    config.write_text(config.read_text() + "hooks: [hook.py]\n")
    with pytest.raises(UserError) as refusal:
        mkdocs_commands.build_site(config)
    assert str(refusal.value) == f"{told}, in the hook hook.py. The published site stands as it was."


def test_an_engine_that_fails_leaves_the_published_site_alone(tmp_path: Path) -> None:
    """Another plug-in raises while the pages are drawn: MkDocs by itself would have emptied the site by then."""
    config = project(tmp_path)
    assert mkdocs_commands.build_site(config).published
    before = prints(tmp_path / "site")
    (tmp_path / "hook.py").write_text("def on_page_context(*_, **__): raise RuntimeError('no')\n")
    config.write_text(config.read_text() + "hooks: [hook.py]\n")
    with pytest.raises(UserError, match=r"the hook hook\.py failed: RuntimeError: no"):
        mkdocs_commands.build_site(config)
    assert prints(tmp_path / "site") == before
    assert hidden(tmp_path) == []


def test_errors_publish_nothing_and_warnings_only_fail_a_strict_build(tmp_path: Path) -> None:
    config = project(tmp_path)
    assert mkdocs_commands.build_site(config).published
    before = prints(tmp_path / "site")
    (tmp_path / "seeds/sources.yml").write_text("unused: {title: T}\n")
    strict = mkdocs_commands.build_site(config, strict=True)
    assert ([each.code for each in strict.diagnostics], strict.published) == (["S109"], False)
    assert prints(tmp_path / "site") == before
    assert mkdocs_commands.build_site(config).published
    (tmp_path / "seeds/a.txt").write_text("Other words.\n")
    broken = mkdocs_commands.build_site(config)
    assert "Q201" in [each.code for each in broken.diagnostics]
    assert not broken.published
    assert prints(tmp_path / "site") == before
    assert hidden(tmp_path) == []


def test_the_engines_own_warnings_are_told_with_their_page(tmp_path: Path) -> None:
    config = project(tmp_path)
    (tmp_path / "docs/index.md").write_text("[x](nowhere.md) [y](documents/a.md#note-m)\n")
    outcome = mkdocs_commands.build_site(config)
    assert [(each.code, each.place.file) for each in outcome.diagnostics] == [("P403", "docs/index.md")] * 2
    assert outcome.published
    assert not mkdocs_commands.build_site(config, strict=True).published


def test_mkdocs_itself_works_and_fails_with_its_own_exit_code(tmp_path: Path) -> None:
    project(tmp_path)

    def mkdocs(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mkdocs", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert mkdocs("build", "--strict").returncode == 0
    before = prints(tmp_path / "site")
    (tmp_path / "seeds/sources.yml").write_text("unused: {title: T}\n")
    failed = mkdocs("build", "--strict")
    assert (failed.returncode, "S109" in failed.stderr) == (1, True)
    (tmp_path / "seeds/a.yml").write_text("context:\n  - {id: n, quote: worst, note: Was it?}\n")
    failed = mkdocs("build")
    assert failed.returncode == 1
    assert "seeds/a.yml:2:20: error Q201" in failed.stderr
    assert prints(tmp_path / "site") == before


@pytest.mark.parametrize("setting", ["", "strict: true\n"])
def test_a_warning_on_the_settings_counts_as_any_other(tmp_path: Path, setting: str) -> None:
    config = project(tmp_path)
    config.write_text(config.read_text().replace("false}}]", "false, serach: true}}]") + setting)
    told = [("P403", "mkdocs.yml:4:36", 'unknown option "serach" of the plug-in postil', "nearest: search")]
    outcome = mkdocs_commands.build_site(config, strict=not setting)
    found = [[(each.code, str(each.place), each.message, each.hint) for each in faults] for faults in (
        outcome.diagnostics,
        mkdocs_commands.check_site(config),
        mkdocs_commands.build_site(project(tmp_path / "sound")).diagnostics,
    )]  # fmt: skip
    assert found == [told, told, []]
    assert not outcome.published
    assert mkdocs_commands.build_site(config).published is not bool(setting)


def test_a_setting_that_a_refusal_may_come_from_is_told_with_it(tmp_path: Path) -> None:
    config = project(tmp_path)
    config.write_text(config.read_text().replace("theme:", "them:"))
    for command in (mkdocs_commands.build_site, mkdocs_commands.check_site):
        with pytest.raises(UserError) as refusal:
            command(config)
        assert str(refusal.value).splitlines() == [
            'postil needs the theme Material; this site has "mkdocs", which MkDocs takes where none is named',
            "write in mkdocs.yml:  theme: {name: material}",
            'mkdocs.yml:3:1: warning P403: unknown key "them"',
        ]
    config.write_text(config.read_text().replace("them:", "theme:").replace("material", "readthedocs"))
    with pytest.raises(UserError, match='this site has "readthedocs"\n'):
        mkdocs_commands.check_site(config)


FLAT_THEME = b"""<title>{{ page.title }}</title>{{ page.content }}
<ul>{% for each in page.toc %}<li><a href="{{ each.url }}">{{ each.title }}</a></li>{% endfor %}</ul>
"""


def test_a_theme_whose_pages_cannot_be_pressed_is_refused_by_a_check_too(tmp_path: Path) -> None:
    config = project(tmp_path)
    config.write_text(config.read_text().replace("name: material", "name: null, custom_dir: own"))
    staging.write_file(tmp_path / "own" / "main.html", FLAT_THEME)
    for command in (mkdocs_commands.build_site, mkdocs_commands.check_site):
        with pytest.raises(UserError, match="postil is made for Material"):
            command(config)


def test_a_wrong_setting_is_refused_with_the_next_step(tmp_path: Path) -> None:
    config = project(tmp_path)
    (tmp_path / "docs").rename(tmp_path / "elsewhere")
    with pytest.raises(
        UserError, match=r"docs_dir: .* isn't an existing directory\.\nmake that folder, with an index\.md"
    ):
        mkdocs_commands.check_site(config)


def test_one_search_box_is_enough(tmp_path: Path) -> None:
    config = project(tmp_path, search=True)
    config.write_text(config.read_text().replace("[{postil", "[search, {postil"))
    assert [str(each.place) for each in mkdocs_commands.check_site(config) if each.code == "P406"] == [
        "mkdocs.yml:4:11"
    ]
    config.write_text(config.read_text().replace("search: true", "search: false"))
    assert mkdocs_commands.check_site(config) == ()


def test_what_cannot_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        mkdocs_commands.build_site(tmp_path / "mkdocs.yml")
    config = project(tmp_path)
    (tmp_path / "seeds").rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="seeds"):
        mkdocs_commands.build_site(config)
    config.write_text("site_name: T\n")
    with pytest.raises(UserError, match="plug-in"):
        mkdocs_commands.build_site(config)


@pytest.mark.parametrize("site_dir", ["seeds", "seeds/site", "."])
def test_a_site_never_takes_the_place_of_what_it_is_made_of(tmp_path: Path, site_dir: str) -> None:
    config = project(tmp_path / "project")
    (tmp_path / "project" / "docs").rename(tmp_path / "docs")  # elsewhere, where the engine itself sees no harm
    config.write_text(config.read_text() + f"docs_dir: ../docs\nsite_dir: {site_dir}\n")
    before = prints(tmp_path)
    with pytest.raises(UserError, match="must be a folder of its own"):
        mkdocs_commands.build_site(config)
    assert prints(tmp_path) == before
    assert subprocess.run(
        [sys.executable, "-m", "mkdocs", "-q", "build"], cwd=config.parent, timeout=120, check=False
    ).returncode
    assert prints(tmp_path) == before


MATERIAL = '<meta name="generator" content="mkdocs-1.6.1, mkdocs-material-9.8.1">'


@pytest.mark.parametrize("command", ["build", "gh-deploy"])
def test_a_site_never_takes_the_place_of_somebodys_own_files(tmp_path: Path, command: str) -> None:
    config = project(tmp_path)
    for name, content in {"diary.txt": "Dear", "letters/index.html": MATERIAL, "index.html": "<h1>Mine"}.items():
        staging.write_file(tmp_path / "precious" / name, content.encode())
    before = prints(tmp_path)
    with pytest.raises(UserError, match=r"would remove them: diary\.txt, index\.html, letters\n"):
        mkdocs_commands.build_site(config, site_dir=tmp_path / "precious")
    config.write_text(config.read_text() + "site_dir: precious\n")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, "precious holds files that no build has written" in done.stderr) == (1, True)
    config.write_text(config.read_text().replace("site_dir: precious\n", ""))
    assert prints(tmp_path) == before
    assert [each.name for each in tmp_path.iterdir() if ".postil-" in each.name] == []


@pytest.mark.parametrize(
    "standing",
    [
        {},
        {".nojekyll": "", ".git/HEAD": "ref"},
        {"assets/postil/postil.css": ""},
        {"index.html": MATERIAL},
        {"index.html": "<meta content=mkdocs-1.6.1 name=generator>"},
        {"index.html": "<!--\nMkDocs version : 1.6.1\n-->"},
        {"404.html": MATERIAL, "assets/stylesheets/main.css": ""},
    ],
    ids=["empty", "the owner's", "postil", "Material", "minified", "MkDocs", "half a site"],
)
def test_a_site_takes_the_place_of_nothing_and_of_a_site(tmp_path: Path, standing: dict[str, str]) -> None:
    config = project(tmp_path)
    (tmp_path / "site").mkdir()
    for name, content in standing.items():
        staging.write_file(tmp_path / "site" / name, content.encode())
    assert mkdocs_commands.build_site(config).published
    assert mkdocs_commands.build_site(config).published


def test_mkdocs_gh_deploy_publishes_the_whole_site(tmp_path: Path) -> None:
    here = tmp_path / "work"
    project(here)
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_{what}": "t@t.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }

    def run_in(folder: Path, *command: str) -> str:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run_in(tmp_path, "git", "init", "-q", "--bare", "remote.git")
    run_in(here, "git", "init", "-q")
    run_in(here, "git", "remote", "add", "origin", str(tmp_path / "remote.git"))
    run_in(here, "git", "add", ".")
    run_in(here, "git", "commit", "-qm", "Start")
    run_in(here, sys.executable, "-m", "mkdocs", "gh-deploy")
    published = run_in(tmp_path / "remote.git", "git", "ls-tree", "-r", "--name-only", "gh-pages").split()
    assert "documents/a/index.html" in published
    assert sorted(published) == sorted([*prints(here / "site"), ".nojekyll"])


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("error", ["PluginError", "BuildError", "ConfigurationError", "Abort"])
@pytest.mark.parametrize("event", ["on_startup", "on_config", "on_files", "on_env", "on_post_page", "on_post_build"])
def test_the_reason_why_mkdocs_gives_up_is_never_lost(tmp_path: Path, event: str, error: str, *, strict: bool) -> None:
    config = project(tmp_path)
    hook = f"from mkdocs.exceptions import *\ndef {event}(*_, **__):\n    raise {error}('it rains')\n"
    (tmp_path / "hook.py").write_text(hook)
    config.write_text(config.read_text() + "hooks: [hook.py]\n")
    with pytest.raises(UserError, match="it rains"):
        mkdocs_commands.build_site(config, strict=strict)
    assert hidden(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
@pytest.mark.parametrize("name", ["page.md", "picture.png"])
def test_a_pipe_among_the_pages_is_not_waited_for(tmp_path: Path, name: str) -> None:
    config = project(tmp_path)
    os.mkfifo(tmp_path / "docs" / name)
    assert [(each.code, str(each.place)) for each in mkdocs_commands.check_site(config)] == [("F112", f"docs/{name}")]


@pytest.mark.skipif(os.name == "nt", reason="limits of processes")
@pytest.mark.parametrize("command", ["mkdocs", "postil"])
def test_a_full_disk_is_told_in_a_line_by_either_command(tmp_path: Path, command: str) -> None:
    """No file may be larger than a kilobyte: the system says so as it says that a disk is full."""
    project(tmp_path)
    limit = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024)); "
    script = limit + "os.execv(sys.argv[1], sys.argv[1:])"
    program = str(Path(sys.executable).with_name(command))
    done = subprocess.run(
        [sys.executable, "-c", script, program, "build"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "File too large. The published site stands as it was." in done.stderr
    assert hidden(tmp_path) == []


@pytest.mark.parametrize(("directory_urls", "page"), [("true", ""), ("false", "index.html")])
def test_an_old_address_leads_to_the_document(tmp_path: Path, directory_urls: str, page: str) -> None:
    config = project(tmp_path)
    config.write_text(config.read_text() + f"use_directory_urls: {directory_urls}\n")
    sidecar = tmp_path / "seeds" / "a.yml"
    sidecar.write_text("title: A < B\naliases: [old/ä-b, ö]\n" + sidecar.read_text())
    assert mkdocs_commands.build_site(config).published
    site = tmp_path / "site"
    for alias, up in (("old/ä-b", "../../"), ("ö", "../")):
        html = (site / "documents" / alias / "index.html").read_text(encoding="utf-8")
        assert f'content="0; url={up}a/{page}"' in html
        assert f'data-to="{up}a/{page}"' in html
        assert f'<a href="{up}a/{page}">A &lt; B</a>' in html
        assert f'<link rel="canonical" href="https://t.example/sub/documents/a/{page}">' in html
        assert '<meta name="robots" content="noindex">' in html
    listed = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*") if path.suffix in {".xml", ".txt"})
    lists = (site / "documents" / "index.html").read_text(encoding="utf-8")
    assert "documents/a" in listed
    assert "old/" not in listed + lists
