"""`postil new`: what it writes is valid as it stands, and with any of its examples uncommented."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from builder.cli import run
from builder.scaffold.sidecar_template import double_quoted

TEXT = "A speech\n\nWe said what we said, and we said it again.\n\nWe said what we said, and we said it again.\n"
HTML = """\
<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Ein „Titel“: mit \\ # 'allem' 🎉</title>
<meta name="author" content="A. Name"></head><body><h1>Ein „Titel“</h1><p>Es steht hier. Und hier steht es.</p></body>
</html>
"""
MARKDOWN = '---\ntitle: "A: title"\nauthor: [B. Name, C. Name]\n---\n\n# A heading\n\nSome *words* to quote.\n'


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds" / "talks").mkdir(parents=True)
    return tmp_path


def begun(corpus: Path, name: str, content: str) -> Path:
    seed = corpus / "seeds" / name
    seed.write_text(content, encoding="utf-8")
    assert run(["new", f"seeds/{name}"]) == 0
    return seed.with_suffix(".yml")


def uncommented(text: str, kinds: tuple[str, ...]) -> str:
    """The sidecar with the examples of these kinds taken out of their comments."""
    begin = text.index("# claims:")
    head, examples = text[:begin], text[begin:].splitlines()
    kind, lines = "", []
    for line in examples:
        if found := re.match(r"# (\w+):$", line):
            kind = found[1]
        lines.append(line.removeprefix("# ") if kind in kinds else line)
    return head + "\n".join(lines) + "\n"


KINDS = ("claims", "context", "corrections")
CHOICES = [choice for size in range(4) for choice in itertools.combinations(KINDS, size)]


@pytest.mark.parametrize("kinds", CHOICES, ids=lambda kinds: "+".join(kinds) or "none")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("speech.txt", TEXT),
        ("talks/page.html", HTML),
        ("note.md", MARKDOWN),
        ("same.txt", "ha\nha\nha\n"),
        ("one.txt", "x"),
        ("far.txt", "می\u200cخواهم\n\n東京都は日本の首都である。東京都は日本の首都である\n\n\u202etxet\n"),
    ],
    ids=lambda value: value if "." in value[-5:] else "",
)
def test_every_example_is_valid(
    corpus: Path, name: str, content: str, kinds: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    sidecar = begun(corpus, name, content)
    text = sidecar.read_text(encoding="utf-8")
    sidecar.write_text(uncommented(text, kinds), encoding="utf-8")
    capsys.readouterr()
    assert run(["check", "--strict"]) == 0, capsys.readouterr().out
    value = yaml.load(sidecar.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only
    assert {kind for kind in KINDS if kind in value} == set(kinds)


def test_what_the_document_says_of_itself(corpus: Path) -> None:
    value = yaml.load(begun(corpus, "talks/page.html", HTML).read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    assert value["title"] == "Ein „Titel“: mit \\ # 'allem' 🎉"
    assert value["language"] == "de"
    assert value["author"] == ["A. Name"]
    assert re.fullmatch("[0-9a-f]{64}", value["text_sha256"])


@pytest.mark.parametrize("corpus_file", ["", "language: de\n"])
def test_a_language_that_nobody_has_said_is_no_more_than_a_comment(corpus: Path, corpus_file: str) -> None:
    (corpus / "seeds" / "corpus.yml").write_text(corpus_file)
    text = begun(corpus, "rede.txt", "Eine Rede\n\nWir haben gesagt, was wir gesagt haben.\n").read_text(
        encoding="utf-8"
    )
    assert "language" not in yaml.load(text, yaml.BaseLoader)  # noqa: S506 - text only
    taken = "de" if corpus_file else "en"
    assert f"\n# language: {taken}   # the default; uncomment it" in text
    said = begun(corpus, "note.md", "---\nlanguage: fr\n---\n\nSome words to quote.\n").read_text(encoding="utf-8")
    assert yaml.load(said, yaml.BaseLoader)["language"] == "fr"  # noqa: S506 - text only
    assert "# language" not in said


def test_the_schema_is_asked_for_only_where_it_is_missing(corpus: Path) -> None:
    assert "postil schema sidecar" in begun(corpus, "a.txt", TEXT).read_text(encoding="utf-8")
    (corpus / "sidecar.schema.json").write_text("{}")
    assert "postil schema sidecar" not in begun(corpus, "b.txt", TEXT).read_text(encoding="utf-8")


def test_front_matter(corpus: Path) -> None:
    value = yaml.load(begun(corpus, "note.md", MARKDOWN).read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    assert value["title"] == "A: title"
    assert value["author"] == ["B. Name", "C. Name"]


@pytest.mark.parametrize(("name", "schema"), [("a.txt", "../sidecar"), ("talks/a.txt", "../../sidecar")])
def test_the_schema_line(corpus: Path, name: str, schema: str) -> None:
    first = begun(corpus, name, TEXT).read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={schema}.schema.json"


@pytest.mark.parametrize("ending", [".yml", ".yaml"])
def test_never_overwrites(corpus: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "seeds" / "a.txt").write_text(TEXT)
    sidecar = corpus / "seeds" / f"a{ending}"
    sidecar.write_text("title: mine\n")
    assert run(["new", "seeds/a.txt"]) == 2
    assert "already has a sidecar" in capsys.readouterr().err
    assert sidecar.read_text() == "title: mine\n"
    assert sorted(path.name for path in (corpus / "seeds").iterdir()) == sorted(["a.txt", f"a{ending}", "talks"])


def test_only_documents_of_the_corpus(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "elsewhere.txt").write_text(TEXT)
    assert run(["new", "elsewhere.txt"]) == 2
    assert "is not a document of the corpus" in capsys.readouterr().err
    assert not (corpus / "elsewhere.yml").exists()


def test_a_document_that_cannot_be_read(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "seeds" / "a.txt").write_bytes(b"caf\xe9")
    assert run(["new", "seeds/a.txt"]) == 1
    assert "F101" in capsys.readouterr().err
    assert not (corpus / "seeds" / "a.yml").exists()


def test_the_first_verdict_of_the_corpus_is_used(corpus: Path) -> None:
    (corpus / "seeds" / "corpus.yml").write_text("verdicts:\n  - {id: proven, label: Proven, tone: good, means: x}\n")
    assert '#     verdict: "proven"' in begun(corpus, "a.txt", TEXT).read_text(encoding="utf-8").splitlines()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_quoting(text: str) -> None:
    written = double_quoted(text)
    assert "\n" not in written
    assert yaml.load(f"key: {written}\n", yaml.CBaseLoader) == {"key": text}  # noqa: S506
    assert yaml.load(f"[{written}, {written}]", yaml.BaseLoader) == [text, text]  # noqa: S506


def test_quoting_is_json_too() -> None:
    assert double_quoted('a "b" \\ é 🎉\u2028\x85') == '"a \\"b\\" \\\\ é 🎉\\u2028\\u0085"'
    assert json.loads(double_quoted("a\tb\nc")) == "a\tb\nc"
