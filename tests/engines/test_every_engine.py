"""One corpus through every engine that is installed: what postil promises does not depend on which of them draws."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sharing import shared
from site_cases import lay_out, tree
from test_build import prints, project
from test_frozen import demanding
from test_installed import needs, run

pytestmark = pytest.mark.sites

OTHERS = [pytest.param("properdocs", marks=needs("properdocs")), pytest.param("zensical", marks=needs("zensical"))]
CORPORA = ("good", "demanding")
# The theme's own files, and the policy that names its scripts.
THEMES_OWN = re.compile(r"assets/(?:javascripts|stylesheets|images)/|_headers$|^search\.json$")
# What an engine may add to an article: Zensical has a place to skip to.
EXCEPTIONS = re.compile(r'<a id="__skip" tabindex="-1"></a>')


def build(engine: str, config: Path, *options: str) -> str:
    """Build in a process of its own, which can have only one of MkDocs and ProperDocs; return what is told."""
    command = ["build", "--engine", engine, "--config", str(config), *options]
    done = run("builder", *command, cwd=config.parent)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    def make(folder: Path) -> None:
        for corpus in CORPORA:
            config = lay_out("good", folder) / "mkdocs.yml" if corpus == "good" else demanding(folder / corpus)
            page = config.parent / "docs/deep/er/page.md"
            if page.is_file():
                page.write_text(page.read_text().replace("[[nowhere]] [[a#none|gone]]", ""))
            for engine in ("mkdocs", *(param.values[0] for param in OTHERS if not skipped(param))):
                (folder / f"{corpus}-{engine}.txt").write_text(
                    build(str(engine), config, "--site-dir", str(folder / f"{corpus}-{engine}"))
                )

    folder = shared(tmp_path_factory, "engines", make)
    return {
        (corpus, engine): folder / f"{corpus}-{engine}"
        for corpus in CORPORA
        for engine in ("mkdocs", "properdocs", "zensical")
    }


def skipped(param: object) -> bool:
    return any(mark.args[0] for mark in param.marks)  # type: ignore[attr-defined]


def article(page: bytes) -> str:
    html = EXCEPTIONS.sub("", page.decode())
    found = re.search(r"<article(?=[^>]*md-content__inner).*</article>", html, re.DOTALL)
    return " ".join(found[0].split()) if found else html


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("corpus", CORPORA)
def test_articles_files_feeds_and_search_are_the_same(
    built: dict[tuple[str, str], Path], corpus: str, engine: str
) -> None:
    first, second = (
        {name: content for name, content in tree(built[corpus, each]).items() if not THEMES_OWN.search(name)}
        for each in ("mkdocs", engine)
    )
    assert len(first) > 30
    assert sorted(second) == sorted(first)
    for name, content in first.items():
        if name.endswith(".html") and name != "404.html":
            assert article(second[name]) == article(content), name
        elif name != "404.html":
            assert second[name] == content, name


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("corpus", CORPORA)
def test_what_is_told_is_the_same(built: dict[tuple[str, str], Path], corpus: str, engine: str) -> None:
    told = [built[corpus, each].with_suffix(".txt").read_text() for each in ("mkdocs", engine)]
    assert told[0] == told[1]


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("corpus", CORPORA)
def test_every_page_has_our_parts(built: dict[tuple[str, str], Path], corpus: str, engine: str) -> None:
    pages = {name: content for name, content in tree(built[corpus, engine]).items() if name.endswith(".html")}
    for name, content in pages.items():
        html = content.decode()
        assert "postil-slot" not in html, name
        assert "postil-begin" not in html, name
        assert 'href="postil:' not in html, name
        assert 'http-equiv="Content-Security-Policy"' in html, name
        if name != "404.html":
            assert html.count("assets/postil/words.") == 1, name
            assert 'href="#__content" class="md-skip"' in html, name


ENGINES = [pytest.param("mkdocs"), *OTHERS]


@pytest.mark.parametrize("engine", [*ENGINES, pytest.param("frozen")])
def test_what_is_refused_leaves_the_site_as_it_is(tmp_path: Path, engine: str) -> None:
    config = project(tmp_path)
    if engine == "frozen":
        assert run("builder", "freeze", cwd=tmp_path).returncode == 0
    build(engine, config)
    before = prints(tmp_path / "site")
    assert "documents/a/index.html" in before
    (tmp_path / "seeds/sources.yml").write_text("unused: {title: T}\n")
    assert "S109" in build(engine, config, "--strict")
    assert prints(tmp_path / "site") == before
    (tmp_path / "seeds/a.txt").write_text("Other words.\n")
    assert "Q201" in build(engine, config)
    assert prints(tmp_path / "site") == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".site")] == []


LINKS = """\
# Links

[[nowhere]] [[a#m]] [a page](gone.md) [a document](documents/gone.md) [a note](documents/a.md#note-m)
[an anchor](index.md#gone) [one that is there](index.md) [a note too](documents/a.md#note-n) [out](https://x.example/)

<!-- postil: nothing -->
"""


@pytest.mark.parametrize("engine", [*ENGINES, pytest.param("frozen")])
def test_what_leads_nowhere_is_told_at_its_place(tmp_path: Path, engine: str) -> None:
    config = project(tmp_path)
    (tmp_path / "docs" / "links.md").write_text(LINKS)
    if engine == "frozen":
        assert run("builder", "freeze", cwd=tmp_path).returncode == 0
    told = build(engine, config)
    places = re.findall(r"^(docs/links\.md\S*): \w+ (\w+): ", told, re.MULTILINE)
    links = sorted(place for place, code in places if code == "P403")
    assert sorted((place, code) for place, code in places if code != "P403") == [
        ("docs/links.md:3:1", "L301"),
        ("docs/links.md:3:13", "L302"),
        ("docs/links.md:6:1", "P404"),
    ]
    assert len(links) == 4, told
    if engine in {"zensical", "frozen"}:  # postil's own check, which knows the line
        assert [place.split(":")[1] for place in links] == ["3", "3", "3", "4"]


@needs("zensical")
def test_zensical_that_fails_is_told_in_its_last_words(tmp_path: Path) -> None:
    config = project(tmp_path)
    config.write_text(config.read_text() + "markdown_extensions: [no.such.extension]\n")
    done = run("builder", "build", "--engine", "zensical", cwd=tmp_path)
    assert done.returncode == 2
    assert "error: Zensical could not draw the site: " in done.stderr
    assert "no.such" in done.stderr or "No module" in done.stderr
    assert not (tmp_path / "site").exists()


@needs("zensical")
@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("plugins: [{postil: {search: maybe}}]\n", "plugins: postil: search: not a value of the right kind: 'maybe'"),
        ("plugins: [tags]\n", "doesn't name the plug-in; add `plugins: [postil]`"),
        ("plugins: [postil]\ndocs_dir: nowhere\n", "isn't an existing directory"),
        ("- 1\n", "holds no settings"),
        ("plugins: [\n", "cannot read"),
        ("INHERIT: mkdocs.yml\n", "inherits from itself"),
    ],
)
def test_settings_are_read_as_they_are_written(tmp_path: Path, settings: str, told: str) -> None:
    config = project(tmp_path)
    config.write_text("site_name: T\n" * (settings[0] != "-") + settings)
    done = run("builder", "build", "--engine", "zensical", cwd=tmp_path)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr


@needs("zensical")
def test_an_unknown_setting_of_ours_is_told_with_the_nearest(tmp_path: Path) -> None:
    config = project(tmp_path)
    config.write_text(config.read_text().replace("search:", "serach:"))
    assert 'mkdocs.yml:4:21: warning P403: unknown option "serach" of the plug-in postil' in build("zensical", config)
