import hashlib
from pathlib import Path

import pytest
from sidecar_makers import project

from builder.diagnostics import Diagnostic, Place
from builder.model import Document, DocumentRecord, Limits, SourceFormat
from builder.pipeline import Settings, check
from builder.read.corpus_and_sources import read_project
from builder.read.decode import decode
from builder.read.discovery import discover
from builder.read.document import read_document, slug_collisions


def read(
    root: Path, name: str, text: str | bytes, sidecar: str | bytes | None = None, **limits: int
) -> tuple[Document | None, list[str]]:
    """A document and its sidecar, written below seeds/ and read; its faults as ``place code message``."""
    path = root / "seeds" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    beside = path.with_suffix(".yml")
    beside.unlink(missing_ok=True)
    if sidecar is not None:
        beside.write_bytes(sidecar if isinstance(sidecar, bytes) else sidecar.encode())
    seeds, found = discover(root, root / "seeds", Limits())
    assert found == ()
    (seed,) = (each for each in seeds if each.relative == name)
    document, told = read_document(seed, project(), Limits(**limits))
    assert all(each.hint for each in told)
    return document, [f"{each.place} {each.code} {each.message}" for each in told]


def good(root: Path, name: str, text: str | bytes, sidecar: str | None = None) -> Document:
    document, found = read(root, name, text, sidecar)
    assert found == []
    assert document is not None
    return document


@pytest.mark.parametrize(
    ("name", "source", "title"),
    [
        ("a.md", "##### A small heading\n\n# The *head*", "The head"),
        ("a.md", "An opening\nline\n\n##### A very small heading", "An opening line"),
        ("a.md", "- one\n- two", "one"),
        ("a.md", "\\* \\* \\*", "a.md"),
        ("a.html", "<h2>Before</h2><h1>The <i>head</i></h1>", "The head"),
        ("a.html", "<h2>Before</h2><p>The text", "Before"),
        ("a.html", "<title> Own\n title </title><h1>Head</h1>", "Own title"),
        ("a.html", "<ul><li>One\n sheep</li><li>Two goats</li></ul>", "One sheep"),
        ("a.html", "<p>Arms and<br>the man", "Arms and"),
        ("b.txt", "* * *", "b.txt"),
    ],
)
def test_the_title_of_a_document_that_states_none(tmp_path: Path, name: str, source: str, title: str) -> None:
    assert good(tmp_path, name, source).meta.title == title


def test_a_document_with_its_sidecar(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbfA first line\r\n\r\nand a second\rand a third \xf0\x9f\x98\x80"
    sidecar = """
title: |
  A
  headline
author: A. Name
publisher: example.news
published: 2025
url: doi:10.1000/182
archived: DOI:10.1000/182
rights: quoted
topics: [nato]
summary: In *short*.
link_original: false
noindex: yes
draft: true
context:
  - {id: a, note: On it., quote: second, sources: [{title: X}]}
"""
    document = good(tmp_path, "in/side/a.txt", text, sidecar)
    assert document.text == "A first line\n\nand a second\nand a third 😀"
    assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
    assert (document.slug, document.path, document.sidecar) == (
        "in/side/a",
        "seeds/in/side/a.txt",
        "seeds/in/side/a.yml",
    )
    assert (document.collection, document.format) == ("in/side", SourceFormat.TXT)
    meta = document.meta
    assert (meta.title, meta.authors, meta.publisher, meta.published) == (
        "A headline",
        ("A. Name",),
        "example.news",
        "2025",
    )
    assert (meta.url, meta.rights, meta.topics) == ("https://doi.org/10.1000/182", "quoted", ("nato",))
    assert (meta.link_original, meta.noindex, meta.draft) == (False, True, True)
    assert meta.summary is not None
    assert meta.summary.text == "In short."
    assert [note.id for note in document.notes] == ["a"]
    assert [source.key for source in document.sources] == ["in--side--a--1"]


def test_a_document_without_a_sidecar_is_plain(tmp_path: Path) -> None:
    document = good(tmp_path, "a.txt", "  A first\tline \nand more")
    assert (document.sidecar, document.notes, document.sources) == (None, (), ())
    meta = document.meta
    assert (meta.title, meta.language, meta.rtl, meta.authors) == ("A first line", "en", False, ())
    assert (meta.link_original, meta.noindex, meta.draft) == (True, False, False)


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("x" * 400, "x" * 400),
        ("x" * 401, "x" * 400 + "…"),
        ("word " * 100, "word " * 79 + "word…"),
        ("A sentence. " * 40, "A sentence."),
        ("\u00a0\n\n  second", "second"),
        ("=====\n * * *\n  NOTICE  TO ALL\n=====", "NOTICE TO ALL"),
        ("A title\x0cof two pages", "A title"),
        ("* * *", "rest"),
        ('<b> & "x"', '<b> & "x"'),
    ],
)  # fmt: skip
def test_the_first_line_is_the_title_and_only_a_paragraph_is_cut(tmp_path: Path, first: str, title: str) -> None:
    assert good(tmp_path, "a.txt", first + "\nrest").meta.title == title


def test_html_says_things_of_itself_and_the_sidecar_more(tmp_path: Path) -> None:
    page = (
        '<html lang="arc"><head><title>Own title</title><meta name="author" content="Own Author">'
        '<meta property="article:published_time" content="2025-06-25T10:00:00Z"></head><body><p>Text.</p></body></html>'
    )
    meta = good(tmp_path, "a.html", page).meta
    assert (meta.title, meta.language, meta.rtl) == ("Own title", "arc", True)
    assert (meta.authors, meta.published) == (("Own Author",), "2025-06-25")
    meta = good(tmp_path, "a.html", page, "title: T\nlanguage: de\nauthor: []\npublished: 2024\n").meta
    assert (meta.title, meta.language, meta.rtl, meta.published) == ("T", "de", False, "2024")


def test_front_matter_gives_defaults_and_is_no_text(tmp_path: Path) -> None:
    matter = "title: Front\nauthor: [X]\nlanguage: arc\naliases: [The mill]\ntags: [its, own]\nlayout: page\n"
    text = f"---\n{matter}---\n# Heading\n\nText.\n"
    document = good(tmp_path, "a.md", text, "title: Sidecar\n")
    assert document.text.split() == ["Heading", "Text."]
    assert (document.meta.title, document.meta.authors) == ("Sidecar", ("X",))
    assert (document.meta.language, document.meta.rtl) == ("arc", True)
    assert good(tmp_path, "b.md", text).meta.title == "Front"
    assert good(tmp_path, "c.md", "# Heading\n\nText.\n").meta.title == "Heading"
    assert good(tmp_path, "d.md", "---\n---\nText.\n").meta.title == "Text."


def test_faults_of_front_matter_stand_at_their_line(tmp_path: Path) -> None:
    text = "---\ntitle: &x Front\npublished: soon\nretrieved: never\nclaims:\n  - id: a\n---\nText.\n"
    document, found = read(tmp_path, "a.md", text, "retrieved: 2025\n")
    assert document is not None
    assert document.meta.retrieved == "2025"
    assert found == [
        "seeds/a.md:2:8 Y103 anchor &x",
        'seeds/a.md:3:12 S102 published: "soon" is not a date',
        'seeds/a.md:5:1 S101 "claims" in front matter',
    ]
    assert read(tmp_path, "b.md", "---\n- x\n---\nText.\n")[1] == [
        "seeds/b.md:2:1 S102 front matter must consist of fields"
    ]
    assert read(tmp_path, "c.md", "---\na: [\n---\nText.\n")[1] == [
        "seeds/c.md:3:1 Y101 not YAML: did not find expected node content"
    ]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xff", "1:1"),
        (b"ab\r\nc\xe9d", "2:2"),
        (b"\xef\xbb\xbfa\xe9", "1:2"),
        ("𝒳é".encode() + b"\x80", "1:3"),
        (b"a\rb\r\n\xed\xa0\x80", "3:1"),
        (b"ok\n\xf0\x9f\x98", "2:1"),
        (b"\xc0\xaf", "1:1"),
        ("x".encode("utf-16"), "1:1"),
    ],
)
def test_what_is_not_utf_8_is_told_to_the_byte(tmp_path: Path, data: bytes, place: str) -> None:
    document, found = read(tmp_path, "a.txt", data)
    assert document is None
    assert [each.split(" the byte")[0] for each in found] == [f"seeds/a.txt:{place} F101"]
    plain, found = read(tmp_path, "b.txt", "x", data)
    assert plain is not None
    assert plain.notes == ()
    assert [each.split(" the byte")[0] for each in found] == [f"seeds/b.yml:{place} F101"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", ""),
        ("a.txt", " \n\t\r\n"),
        ("a.txt", "\ufeff"),
        ("a.md", "---\ntitle: x\n---\n"),
        ("a.html", "<p> </p><!-- x -->"),
    ],
)
def test_an_empty_document(tmp_path: Path, name: str, text: str) -> None:
    document, found = read(tmp_path, name, text)
    assert document is None
    assert f"seeds/{name} F102 the document has no text" in found


CONVERT = "save the file as UTF-8 in your editor, or convert it:  iconv -f "


@pytest.mark.parametrize(
    ("name", "data", "hint"),
    [
        (
            "a.txt",
            "caf\u00e9".encode("cp1252"),
            f"{CONVERT}WINDOWS-1252",
        ),
        (
            "a.txt",
            "\u0445\u043b\u0435\u0431 \u0438 \u0441\u043e\u043b\u044c".encode("cp1251"),
            f"{CONVERT}WINDOWS-1251",
        ),
        (
            "a.txt",
            "\u78e8\u574a\u5173\u95ed\u4e86\u3002".encode("gb2312"),
            f"{CONVERT}GB18030",
        ),
        ("a.txt", "水車小屋は閉鎖".encode("euc-jp"), f"{CONVERT}EUC-JP"),
        ("a.txt", "水車小屋は閉鎖".encode("cp932"), f"{CONVERT}CP932"),
        ("a.txt", "방앗간이 문을 닫았다".encode("cp949"), f"{CONVERT}CP949"),
        ("a.html", '<meta charset="gb2312"><p>\u78e8\u574a'.encode("gb2312"), "it declares gb2312: save the file"),
        (
            "a.html",
            "<meta http-equiv=Content-Type content='text/html; charset=ISO-8859-2'><p>\u017ar\u00f3d\u0142o".encode(
                "iso8859-2"
            ),
            "it declares ISO-8859-2: save the file",
        ),
        ("a.html", '<meta charset="utf-8"><p>caf\u00e9'.encode("cp1252"), "save the file as UTF-8"),
        (
            "a.html",
            '<?xml version="1.0" encoding="koi8-r"?><p>\u0445\u043b\u0435\u0431'.encode("koi8-r"),
            "it declares koi8-r: save the file",
        ),
        ("a.html", b'<meta charset="x-nonsense"><p>caf\xe9', "save the file as UTF-8"),
        ("a.txt", "\ufeffa".encode("utf-16"), "it looks like UTF-16: save"),
    ],
)
def test_the_encoding_to_convert_from_is_the_declared_one_or_one_that_decodes(
    name: str, data: bytes, hint: str
) -> None:
    text, diagnostics = decode(data, name)
    assert text is None
    assert diagnostics[0].hint.startswith(hint)


def test_size_is_bounded(tmp_path: Path) -> None:
    assert read(tmp_path, "a.txt", "12345", document_bytes=5)[1] == []
    assert read(tmp_path, "a.txt", "12345", document_bytes=4) == (
        None,
        ["seeds/a.txt F103 5 bytes; at most 4 are allowed"],
    )


def test_a_sidecar_that_cannot_be_read_leaves_the_document_plain(tmp_path: Path) -> None:
    document, found = read(tmp_path, "a.txt", "Text", "note: }{ [\n")
    assert document is not None
    assert (document.meta.title, document.notes) == ("Text", ())
    assert [line.partition(":")[0] for line in found] == ["seeds/a.yml"]


def test_a_sidecar_with_one_cure_is_read_as_if_it_were_mended(tmp_path: Path) -> None:
    document, found = read(tmp_path, "a.txt", "Text", 'title: "x\n')
    assert document is not None
    assert (document.meta.title, document.notes) == ("x", ())
    assert found == ['seeds/a.yml:1:10 Y101 not YAML: line 1 opens a quotation mark (") that nothing closes']


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    read(tmp_path, "a.txt", "x")
    (seed,), _ = discover(tmp_path, tmp_path / "seeds", Limits())
    seed.path.unlink()
    assert [each.code for each in read_document(seed, project(), Limits())[1]] == ["F116"]
    seed.path.symlink_to("/etc/hostname")
    assert [each.code for each in read_document(seed, project(), Limits())[1]] == ["F116"]


def test_the_fingerprint(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"Text\nmore").hexdigest()
    assert good(tmp_path, "a.txt", "Text\r\nmore", f"text_sha256: {digest.upper()}\n").sha256 == digest
    document, found = read(tmp_path, "a.txt", "Text\nmore.", f"title: x\ntext_sha256: {digest}\n")
    assert document is not None
    assert found == ["seeds/a.yml:2:14 Q206 the text differs from the one that the quotes were taken from"]


@pytest.mark.parametrize(
    ("corpus", "sidecar", "wanted"),
    [
        (False, "title: x", False),
        (True, "title: x", True),
        (False, "reveal: true", True),
        (True, "reveal: no", False),
    ],
)
def test_teaching_mode_is_the_corpuss_unless_the_sidecar_says(
    tmp_path: Path, corpus: bool, sidecar: str, wanted: bool
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Text")
    (tmp_path / "seeds" / "a.yml").write_text(sidecar + "\n")
    (tmp_path / "seeds" / "corpus.yml").write_text(f"reveal: {str(corpus).lower()}\n")
    described, faults = read_project(tmp_path / "seeds", tmp_path, Limits())
    (seed,), _ = discover(tmp_path, tmp_path / "seeds", Limits())
    document, found = read_document(seed, described, Limits())
    assert (faults, found) == ((), ())
    assert document is not None
    assert document.meta.reveal is wanted


def test_a_slug_of_its_own(tmp_path: Path) -> None:
    document = good(
        tmp_path, "x/a.txt", "Text", "slug: other/place\ncontext: [{id: a, note: n, sources: [{title: T}]}]\n"
    )
    assert (document.slug, document.sources[0].key) == ("other/place", "other--place--1")
    kept, found = read(tmp_path, "x/a.txt", "Text", "slug: ../Other\n")
    assert kept is not None
    assert kept.slug == "x/a"
    assert found == ['seeds/x/a.yml:1:7 S102 slug: "../Other" cannot be an address']


@pytest.mark.parametrize(
    ("data", "encoding"), [(b"caf\xe9", "WINDOWS-1252"), ("café".encode("utf-16"), "UTF-16")], ids=["latin", "utf-16"]
)
def test_a_file_in_another_encoding_is_told_with_the_command_that_helps(data: bytes, encoding: str) -> None:
    (fault,) = decode(data, "seeds/a note.yml")[1]
    assert fault.hint.endswith(f"  iconv -f {encoding} -t UTF-8 'seeds/a note.yml' > new.yml")
    assert data.decode(encoding) == "café"


def at_address(slug: str, path: str, *aliases: str) -> DocumentRecord:
    return DocumentRecord(
        slug=slug,
        path=path,
        sidecar=None,
        collection="",
        title="",
        language="en",
        rtl=False,
        published=None,
        publisher=None,
        topics=(),
        excerpt="",
        noindex=False,
        draft=False,
        notes=(),
        links=(),
        sources=(),
        aliases=aliases,
    )


def test_two_documents_with_one_address() -> None:
    addresses = [("b", "seeds/b.txt"), ("a", "seeds/a.txt"), ("a", "seeds/a.md"), ("straße", "s/1"), ("STRASSE", "s/2")]
    found = slug_collisions(at_address(*address) for address in addresses)
    hint = "rename one of the two, or give one another address in its sidecar: slug: …"
    assert found == (
        Diagnostic(Place("s/2"), "F105", "the address documents/STRASSE/ already belongs to s/1", hint),
        Diagnostic(Place("seeds/a.txt"), "F105", "the address documents/a/ already belongs to seeds/a.md", hint),
    )
    others = [at_address(*address) for address in (("é", "1"), ("e\u0301", "2"), ("a/b", "3"), ("a", "4"))]
    assert [each.place.file for each in slug_collisions(others)] == ["2"]


def test_an_old_address_that_another_document_has_or_had() -> None:
    found = slug_collisions(
        [at_address("a", "1", "old", "B"), at_address("b", "2", "OLD", "own"), at_address("c", "3", "own", "free")]
    )
    assert [(each.place.file, each.message) for each in found] == [
        ("1", "the address documents/B/ already belongs to 2"),
        ("2", "the address documents/OLD/ already belongs to 1"),
        ("3", "the address documents/own/ already belongs to 2"),
    ]


@pytest.mark.parametrize("pinned", ["md", "txt", ""])
def test_a_sidecar_beside_two_documents_is_read_with_its_own(tmp_path: Path, pinned: str) -> None:
    """And with neither, where it does not say which: a quote looked for in the wrong one is no fault."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    texts = {"md": "The boat is late.", "txt": "The ferry is late."}
    for ending, text in texts.items():
        (seeds / f"ferry.{ending}").write_text(text)
    noted = f"text_sha256: {hashlib.sha256(texts[pinned].encode()).hexdigest()}\n" if pinned else ""
    (seeds / "ferry.yml").write_text(noted + "context: [{id: a, quote: late, note: x}]\n")
    (seeds / "other.txt").write_text("See there.")
    (seeds / "other.yml").write_text('context: [{id: a, note: "[[ferry]]", sources: [report]}]')
    (seeds / "sources.yml").write_text("report: {title: T}\nuncited: {title: T}\n")
    found, _ = discover(tmp_path, seeds, Limits())
    read_ones = {each.name: read_document(each, project(), Limits()) for each in found[:2]}
    notes = {name: [note.id for note in document.notes] for name, (document, _) in read_ones.items() if document}
    assert notes == {f"seeds/ferry.{ending}": ["a"] if ending == pinned else [] for ending in texts}
    (fault,) = check(Settings(root=tmp_path, seeds=seeds))
    assert (str(fault.place), fault.code) == ("seeds/ferry.txt", "F105")
    assert fault.message == "the address documents/ferry/ already belongs to seeds/ferry.md"
    belongs = (
        f"according to its text_sha256, seeds/ferry.yml belongs to seeds/ferry.{pinned}: rename the other document"
    )
    assert fault.hint == (belongs if pinned else "rename one of the two, and its sidecar with it")


def test_a_source_with_a_fault_of_its_own_is_not_to_be_added_again(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("One two three.\n")
    (seeds / "a.yml").write_text("context:\n  - {id: n, quote: two, note: x, sources: [s]}\n")
    (seeds / "sources.yml").write_text("s: {publisher: x}\n")
    (seed,), _ = discover(tmp_path, seeds, Limits())
    project, _ = read_project(seeds, tmp_path, Limits())
    _, faults = read_document(seed, project, Limits())
    assert [each.code for each in faults] == ["S108"]
    assert "has an error of its own: fix that first" in faults[0].hint
