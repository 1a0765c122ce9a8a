import os
import socket
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.diagnostics import Diagnostic, Place, UserError
from builder.model import Limits, SourceFormat
from builder.read.discovery import Seed, discover, document_slug, read_bytes


def corpus(root: Path, *names: str) -> Path:
    for name in names:
        path = root / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return root


def gathered(root: Path, limits: Limits | None = None) -> tuple[tuple[Seed, ...], tuple[Diagnostic, ...]]:
    return discover(root, root / "seeds", limits or Limits())


def faults(root: Path, limits: Limits | None = None) -> list[tuple[str, str]]:
    found = gathered(root, limits)[1]
    assert all(each.message and each.hint and each.place.line == 0 for each in found)
    return [(each.place.file, each.code) for each in found]


def test_documents_are_found_sorted_and_paired(tmp_path: Path) -> None:
    root = corpus(
        tmp_path, "b.txt", "b.yml", "a.md", "Deep/er/Ünï.html", "Deep/er/Ünï.yaml", "corpus.yml", "sources.yml",
        "a.png", "_draft.txt", "_off/x.txt", ".git/x.txt", "z.TXT",
    )  # fmt: skip
    seeds, found = gathered(root)
    assert found == ()
    assert seeds == (
        Seed(
            path=root / "seeds/Deep/er/Ünï.html",
            name="seeds/Deep/er/Ünï.html",
            relative="Deep/er/Ünï.html",
            format=SourceFormat.HTML,
            slug="deep/er/ünï",
            collection="Deep/er",
            sidecar=root / "seeds/Deep/er/Ünï.yaml",
            sidecar_name="seeds/Deep/er/Ünï.yaml",
        ),
        Seed(root / "seeds/a.md", "seeds/a.md", "a.md", SourceFormat.MD, "a", "", None, None),
        Seed(
            root / "seeds/b.txt", "seeds/b.txt", "b.txt", SourceFormat.TXT, "b", "", root / "seeds/b.yml", "seeds/b.yml"
        ),
        Seed(root / "seeds/z.TXT", "seeds/z.TXT", "z.TXT", SourceFormat.TXT, "z", "", None, None),
    )


def test_a_file_that_nobody_reads_is_noticed(tmp_path: Path) -> None:
    """But not what has its place beside documents, nor what begins with a dot or an underscore."""
    passed = [
        "README",
        "LICENSE",
        "x/readme.rst~",
        "a.PNG",
        "plan.svg",
        ".gitkeep",
        "_notes",
        ".x/noext",
        "sources.yaml",
    ]
    root = corpus(tmp_path, "a.txt", "a.yml", "corpus.yml", "noext", "x/table.ods", "x/v1.2", *passed)
    found = gathered(root)[1]
    assert [(each.place.file, each.code) for each in found if each.code != "F106"] == [
        (f"seeds/{name}", "F114") for name in ("noext", "x/table.ods", "x/v1.2")
    ]
    assert [each.message for each in found if each.severity == "notice"][:2] == [
        "file without an extension is ignored",
        "file with the extension .ods is ignored",
    ]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no folder seeds"):
        gathered(tmp_path)


def test_seeds_may_be_the_project_or_outside_it(tmp_path: Path) -> None:
    corpus(tmp_path, "a.txt")
    assert discover(tmp_path / "seeds", tmp_path / "seeds", Limits())[0][0].name == "a.txt"
    assert discover(tmp_path / "elsewhere", tmp_path / "seeds", Limits())[0][0].name == "../seeds/a.txt"


def test_links_are_refused_and_not_followed(tmp_path: Path) -> None:
    root = corpus(tmp_path, "a.txt", "c.txt")
    (root / "secret.txt").write_text("secret")
    (root / "seeds/b.txt").symlink_to(root / "secret.txt")
    (root / "seeds/folder").symlink_to(root)
    (root / "seeds/dangling.md").symlink_to(root / "nowhere")
    (root / "seeds/c.yml").symlink_to(root / "secret.txt")
    (root / "seeds/_ignored.txt").symlink_to(root / "secret.txt")
    assert faults(root) == [(f"seeds/{name}", "F104") for name in ("b.txt", "c.yml", "dangling.md", "folder")]
    seeds, _ = gathered(root)
    assert [(seed.relative, seed.sidecar) for seed in seeds] == [("a.txt", None), ("c.txt", None)]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    root = corpus(tmp_path, "a.txt")
    os.mkfifo(root / "seeds/b.txt")
    with socket.socket(socket.AF_UNIX) as door:
        place = Path.cwd()
        os.chdir(root / "seeds")  # a socket's path is short
        door.bind("c.sock")
        os.chdir(place)
        assert faults(root) == [("seeds/b.txt", "F112"), ("seeds/c.sock", "F112")]


def test_size_is_bounded_to_the_byte(tmp_path: Path) -> None:
    root = corpus(tmp_path, "a.txt", "a.yml", "b.txt", "b.yml")
    (root / "seeds/a.txt").write_bytes(b"x" * 11)
    (root / "seeds/b.yml").write_bytes(b"x" * 6)
    assert faults(root, Limits(document_bytes=11, sidecar_bytes=6)) == []
    assert faults(root, Limits(document_bytes=10, sidecar_bytes=5)) == [
        ("seeds/a.txt", "F103"),
        ("seeds/b.yml", "F103"),
    ]
    seeds, _ = gathered(root, Limits(document_bytes=10, sidecar_bytes=5))
    assert [(seed.relative, seed.sidecar) for seed in seeds] == [("b.txt", None)]


def test_a_sidecar_without_a_document(tmp_path: Path) -> None:
    root = corpus(
        tmp_path,
        "article.txt",
        "artcle.yml",
        "x/corpus.yml",
        "x/a.md",
        "corpus.yaml",
        "zzzzzz.yml",
        "q.txt.yml",
        "q.txt",
    )
    found = gathered(root)[1]
    nothing_near = "put the document beside it (.txt, .md or .html), or begin its name with _ to have it ignored"
    assert [(each.place.file, each.code, each.hint.split("\n")[0]) for each in found] == [
        ("seeds/artcle.yml", "F106", "nearest document: seeds/article.txt"),
        ("seeds/corpus.yaml", "F106", "rename it to corpus.yml if it describes the corpus"),
        ("seeds/q.txt.yml", "F106", "nearest document: seeds/q.txt"),
        ("seeds/x/corpus.yml", "F106", nothing_near),
        ("seeds/zzzzzz.yml", "F106", nothing_near),
    ]  # fmt: skip
    assert found[0].hint == "nearest document: seeds/article.txt\nrename it to article.yml"


def test_two_sidecars(tmp_path: Path) -> None:
    root = corpus(tmp_path, "a.txt", "a.yaml", "a.yml")
    seeds, found = gathered(root)
    assert seeds[0].sidecar_name == "seeds/a.yml"
    assert found == (
        Diagnostic(
            Place("seeds/a.yaml"),
            "F107",
            "second sidecar beside seeds/a.yml",
            "move its content into seeds/a.yml and delete it",
        ),
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nb.txt", "a\nb.txt"),
        ("a\x1b[31m.txt", "a\x1b[31m.txt"),
        ("a\u202eb.txt", "a\u202eb.txt"),
        ("a\u200bb.txt", "a\u200bb.txt"),
        ("\u200cab.txt", "\u200cab.txt"),
        ("a \u200cb.txt", "a \u200cb.txt"),
        ("1\u200c2.txt", "1\u200c2.txt"),
        ("a..b.txt", "a..b.txt"),
        (" a.txt", " a.txt"),
        ("a:b.txt", "a:b.txt"),
        ("a\\b.txt", "a\\b.txt"),
        ("CON.txt", "CON.txt"),
        ("com1.old.md", "com1.old.md"),
        ("nul .txt", "nul .txt"),
        ("x" * 197 + ".txt", "x" * 197 + ".txt"),
        ("é" * 99 + ".txt", "é" * 99 + ".txt"),
        ("!!!.txt", "!!!.txt"),
        (b"caf\xe9.txt", "caf\udce9.txt"),
        ("dir./a.txt", "dir."),
        ("aux/a.txt", "aux"),
        ("dir /a.txt", "dir "),
    ],
)
def test_names_that_cannot_be_published(tmp_path: Path, name: str | bytes, shown: str) -> None:
    corpus(tmp_path, os.fsdecode(name))
    assert gathered(tmp_path)[0] == ()
    assert faults(tmp_path) == [(f"seeds/{shown}", "F108")]


@pytest.mark.parametrize(
    "name",
    [
        "\u0645\u06cc\u200c\u0631\u0648\u0645.txt",
        "\u0915\u094d\u200d\u0937.txt",
        "console.txt",
        "x" * 196 + ".txt",
        "a.b.c.txt",
        "a b (1).txt",
        "com.txt",
        "é" * 98 + ".txt",
    ],
)
def test_names_that_can(tmp_path: Path, name: str) -> None:
    assert faults(corpus(tmp_path, name)) == []


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("a/b.txt", "a/b"),
        ("000_23b9d09a6a378575.txt", "000-23b9d09a6a378575"),
        ("Straße & Co. – Q&A?.html", "straße-co-q-a"),
        ("ΑΣ/Привет мир.md", "ας/привет-мир"),
        ("हिन्दी.txt", "हिन्दी"),
        ("العربية.txt", "العربية"),
        ("日本語 テスト.MD", "日本語-テスト"),
        ("e\u0301.txt", "é"),
        ("v1.2.txt", "v1-2"),
        ("name.pdf", "name-pdf"),
        ("!!!.txt", ""),
        ("a/!/b.txt", ""),
        ("--a--.txt", "a"),
        ("😀 x.txt", "x"),
        ("%2e%2e/x.txt", "2e-2e/x"),
    ],
)
def test_slugs(path: str, slug: str) -> None:
    assert document_slug(path) == slug


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_a_slug_is_a_fixed_point_safe_in_a_url_and_in_nfc(path: str) -> None:
    slug = document_slug(path)
    assert document_slug(slug) == slug
    assert unicodedata.is_normalized("NFC", slug)
    for character in slug:
        assert character in "-/" or unicodedata.category(character)[0] in "LMN"
    for segment in slug.split("/") if slug else ():
        assert segment
        assert segment == segment.strip("-")


# --- bytes ------------------------------------------------------------------------------------------------------------


def test_bytes_are_read_from_files_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x00\r\n\xff")
    assert read_bytes(tmp_path / "a") == b"\x00\r\n\xff"
    (tmp_path / "link").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "fifo")
    for name in ("link", "fifo", "missing", "."):
        with pytest.raises(OSError):
            read_bytes(tmp_path / name)


NOTES = "context:\n  - {id: n, note: x}\n"


@pytest.mark.parametrize(
    ("name", "content", "meant"),
    [
        ("roof.yml.txt", NOTES, "roof.yml"),
        ("x/roof.YAML.md", NOTES, "x/roof.yml"),
        ("roof.yml.html", "<p>x", "roof.yml"),
        ("roof.yml~", "", "roof.yml"),
        ("roof.yml.bak", "", "roof.yml"),
        ("roof.yml (1)", "", "roof.yml"),
        ("roof.ymal", "", "roof.yml"),
        ("roof.json", '{"context": [{"id": "n", "note": "x"}]}', "roof.yml"),
        ("roof.json", '{"context": "x"}', None),
        ("roof.notes", "title: x\n\n" + NOTES, "roof.yml"),
        ("roof", NOTES.replace("\n", "\r\n"), "roof.yml"),
        ("roof", "The context:\n- is a list\n", None),
        ("roof.xml", NOTES.replace("context", "contents"), None),
        ("roof.csv", "context:,x\n", None),
        ("roof.ods", b"PK\x03\x04\xff", None),
    ],
)
def test_a_sidecar_under_another_name_is_refused(
    tmp_path: Path, name: str, content: str | bytes, meant: str | None
) -> None:
    path = corpus(tmp_path, name) / "seeds" / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    seeds, (diagnostic,) = gathered(tmp_path)
    assert seeds == ()
    assert (diagnostic.place, diagnostic.code) == (Place(f"seeds/{name}"), "F115" if meant else "F114")
    if meant:
        assert diagnostic.hint == f"rename it to seeds/{meant}, or begin its name with _ to have it ignored"


def test_a_backup_beside_its_sidecar_is_left_alone(tmp_path: Path) -> None:
    root = corpus(tmp_path, "a.txt", "a.yml", "a.yml~", "a.yml.bak", "a.YML.orig")
    (root / "seeds" / "a.json").write_text('{"context": [{"id": "n"}]}')
    assert faults(root) == [
        ("seeds/a.YML.orig", "F114"),
        ("seeds/a.json", "F114"),
        ("seeds/a.yml.bak", "F114"),
        ("seeds/a.yml~", "F114"),
    ]
