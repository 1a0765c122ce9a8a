from pathlib import Path

import pytest

from builder.diagnostics import Diagnostic, Place
from builder.model import CrossLink, Limits, Person, Project, Publisher, Source, Topic, Verdict
from builder.pipeline import Settings, check
from builder.read.corpus_and_sources import DEFAULT_VERDICTS, read_project
from builder.translation import OwnWords


def read(root: Path, corpus: str | bytes | None = None, sources: str | None = None) -> tuple[Project, list[str]]:
    seeds = root / "seeds"
    seeds.mkdir(exist_ok=True)
    for name, text in (("corpus.yml", corpus), ("sources.yml", sources)):
        if text is not None:
            (seeds / name).write_bytes(text.encode() if isinstance(text, str) else text)
    project, found = read_project(seeds, root, Limits())
    return project, [said(each) for each in found]


def said(each: Diagnostic) -> str:
    assert each.hint
    return f"{each.place} {each.code} {each.message}"


def test_what_a_broken_file_would_know_is_no_fault_of_the_notes(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("Words of a text.\n")
    (seeds / "a.yml").write_text(
        "claims:\n- {id: n, quote: Words, note: N, verdict: own, topics: [u], speaker: ann, sources: [s]}\n"
    )
    (seeds / "corpus.yml").write_text("topics\n  t: {label: T}\n")
    (seeds / "sources.yml").write_text("s: {title: S\n")
    settings = Settings(tmp_path, seeds)
    assert [(each.place.file, each.code) for each in check(settings)] == [
        ("seeds/corpus.yml", "Y101"),
        ("seeds/sources.yml", "Y101"),
    ]
    (seeds / "corpus.yml").unlink()
    (seeds / "sources.yml").unlink()
    assert [each.code for each in check(settings)] == ["S105", "S106", "S107", "S108"]


def test_without_files_the_defaults_hold(tmp_path: Path) -> None:
    project, found = read(tmp_path)
    assert found == []
    assert (project.title, project.language, project.publisher, project.license) == (
        "Annotated corpus",
        "en",
        None,
        None,
    )
    assert [(each.id, each.label, each.tone, each.rating) for each in project.verdicts.values()] == [
        ("supported", "Supported", "good", 5),
        ("partly", "Partly supported", "mixed", 3),
        ("misleading", "Misleading", "warn", 2),
        ("unsupported", "No evidence found", "unknown", None),
        ("false", "False", "bad", 1),
        ("opinion", "Opinion", "neutral", None),
    ]
    assert (project.topics, project.people, project.sources) == ({}, {}, {})


def test_a_doi_is_a_whole_address_in_every_field_that_takes_one(tmp_path: Path) -> None:
    project, found = read(
        tmp_path,
        "publisher: {name: A, url: 'doi:10.1000/1'}\npeople: {a: {name: A, same_as: DOI:10.1000/1}}\n",
        "a: {title: A, url: 'doi:10.1000/1', archived: 'doi:10.1000/1'}\nb: {title: B, doi: 'doi:10.1000/1'}\n",
    )
    assert found == []
    assert project.publisher is not None
    sources = project.sources.values()
    addresses = [project.publisher.url, project.people["a"].same_as, *(each.url for each in sources)]
    assert {*addresses, project.sources["a"].archived} == {"https://doi.org/10.1000/1"}


def test_files_with_everything(tmp_path: Path) -> None:
    project, found = read(
        tmp_path,
        """\ufefftitle: A corpus
language: no
publisher: {name: Us, url: https://us.example/, corrections_policy: about/corrections/}
license: CC BY 4.0
verdicts:
  - {id: yes, label: Yes, tone: good, rating: 5, means: It is so.}
  - {id: "false", label: "False", tone: bad}
topics:
  nato: {label: NATO, about: "See [[nato-treaty]]."}
  bare: {}
people:
  a-name: {name: A. Name, same_as: https://www.example.org/Q1}
""".replace("\n", "\r\n"),
        """b-first:
  title: B
  author: [X, Y]
  publisher: P
  date: 2025-06
  url: https://b.example/
  archived: https://web.archive.org/b
  retrieved: 2026-11-22
  note: A remark.
  link: false
a-second: {title: A, doi: 10.1000/182}
both: {title: C, doi: "https://doi.org/10.1000/182", url: https://c.example/, note: Seen.}
""",
    )
    assert [line.partition(":")[0] for line in found] == ["seeds/corpus.yml"]  # no: Norwegian, which we do not speak
    assert " P412 " in found[0]
    assert (project.title, project.language, project.license) == ("A corpus", "no", "CC BY 4.0")
    assert project.publisher == Publisher("Us", "https://us.example/", "about/corrections/")
    assert list(project.verdicts.values()) == [
        Verdict("yes", "Yes", "good", 5, "It is so."),
        Verdict("false", "False", "bad", None, ""),
    ]
    about = project.topics["nato"].about
    assert about is not None
    link = CrossLink("nato-treaty", None, None, Place("seeds/corpus.yml", 9, 35))
    assert [each for each in about.html if isinstance(each, CrossLink)] == [link]
    assert (project.topics["bare"].label, project.topics["bare"].about) == ("bare", None)
    assert project.people == {"a-name": Person("a-name", "A. Name", "https://www.example.org/Q1")}
    assert list(project.sources.values()) == [
        Source(
            "b-first", "B", ("X", "Y"), "P", "2025-06", "https://b.example/", "https://web.archive.org/b",
            "2026-11-22", "A remark.", link=False, place=Place("seeds/sources.yml", 1, 1),
        ),
        Source(
            "a-second", "A", (), None, None, "https://doi.org/10.1000/182", None, None, None,
            link=True, place=Place("seeds/sources.yml", 11, 1),
        ),
        Source(
            "both", "C", (), None, None, "https://c.example/", None, None, "Seen. DOI: 10.1000/182",
            link=True, place=Place("seeds/sources.yml", 12, 1),
        ),
    ]  # fmt: skip


def test_what_is_wrong_is_told_and_the_rest_kept(tmp_path: Path) -> None:
    project, found = read(
        tmp_path,
        """titel: A corpus
language: english
reveal: maybe
publisher: {url: javascript:x}
verdicts:
  - {id: a, tone: god}
  - {label: No id}
  - words
  - {id: b, rating: 200}
  - {id: a}
topics:
  Not a key: {label: x}
  fine: {label: Fine, about: "[[not good]]", colour: red}
  words: x
people: [a]
""",
        "A B: {title: x}\nc: {title: C, url: ftp://c, date: yesterday}\nd: {}\ne: words\nf: {title: F}\n",
    )
    assert found == [
        'seeds/corpus.yml:1:1 S101 unknown field "titel"',
        'seeds/corpus.yml:2:11 S102 language: "english" is not a language tag (BCP 47)',
        'seeds/corpus.yml:3:9 S102 reveal: "maybe" is neither true nor false',
        'seeds/corpus.yml:4:12 S103 missing field "name"',
        'seeds/corpus.yml:4:18 S110 url: "javascript:x" is not an http, https, mailto or doi address',
        'seeds/corpus.yml:6:19 S102 tone: "god" is not a tone',
        'seeds/corpus.yml:7:5 S103 missing field "id"',
        'seeds/corpus.yml:8:5 S102 "verdicts" must be fields with values',
        'seeds/corpus.yml:9:21 S102 rating: "200" is not a whole number from 0 to 100',
        'seeds/corpus.yml:10:10 S104 verdict "a" given twice',
        'seeds/corpus.yml:12:3 S102 Not a key: "Not a key" has other characters than a-z, 0-9 and -',
        "seeds/corpus.yml:13:31 L304 malformed cross-link: [[not good]]",
        'seeds/corpus.yml:13:46 S101 unknown field "colour"',
        'seeds/corpus.yml:15:9 S102 "people" must be fields with values',
        'seeds/sources.yml:1:1 S102 A B: "A B" has other characters than a-z, 0-9 and -',
        'seeds/sources.yml:2:20 S110 url: "ftp://c" is not an http, https, mailto or doi address',
        'seeds/sources.yml:2:35 S102 date: "yesterday" is not a date',
        'seeds/sources.yml:3:4 S103 missing field "title"',
        'seeds/sources.yml:4:4 S102 "e" must be fields with values',
    ]
    assert list(project.verdicts) == ["a", "b"]
    assert [(each.tone, each.rating) for each in project.verdicts.values()] == [("neutral", None), ("neutral", None)]
    assert [(topic.id, topic.label) for topic in project.topics.values()] == [("fine", "Fine"), ("words", "x")]
    assert [(each.key, each.url) for each in project.sources.values()] == [("c", None), ("f", None)]


def test_other_faults_of_the_files(tmp_path: Path) -> None:
    project, found = read(tmp_path, b"title: x\r\nlicense: caf\xc3\xa9 \xe9\n", "- a\n")
    assert found == [
        "seeds/corpus.yml:2:15 F101 the byte 0xE9 is not UTF-8",
        "seeds/sources.yml:1:1 S102 the file must consist of fields",
    ]
    assert tuple(project.verdicts.values()) == DEFAULT_VERDICTS
    assert read(tmp_path, "title: &x y\ntitle: z\n", "")[1] == [
        "seeds/corpus.yml:1:8 Y103 anchor &x",
        'seeds/corpus.yml:2:1 Y102 key "title" given twice',
    ]


@pytest.mark.parametrize(
    ("written", "expected", "fault"),
    [
        ("false", None, ""),
        ("no", None, ""),
        ("yes", (), ""),
        ("", (), ""),
        ("{good: '%(num)s stand'}", (OwnWords("good", (("other", "%(num)s stand"),)),), ""),
        ("{bad: {one: a, other: 9 %%}}", (OwnWords("bad", (("one", "a"), ("other", "9 %%"))),), ""),
        ("maybe", (), 'S102 what_holds: "maybe" is neither true nor false'),
        ("[a]", (), 'S102 "what_holds" must be fields with values'),
        ("{odd: x}", (), 'S102 odd: "odd" is not a tone'),
        ("{good: {one: x}}", (), "S102 good: the words for all other numbers are missing"),
        ("{good: {plural: x, other: x}}", (), 'S102 good: "plural" is not a plural category'),
        ("{good: 9 % of %(num)s}", (), 'S102 other: "9 % of %(num)s" has a % that is not the number'),
        ("{good: '%(number)s'}", (), 'S102 other: "%(number)s" has a % that is not the number'),
    ],
)
def test_the_words_of_the_sentence_on_what_holds(
    tmp_path: Path, written: str, expected: tuple[OwnWords, ...] | None, fault: str
) -> None:
    project, found = read(tmp_path, f"what_holds: {written}\n", "")
    assert (project.what_holds, [each.split(" ", 1)[1] for each in found]) == (expected, [fault] if fault else [])


def test_a_comma_between_braces_and_a_misspelt_key_are_one_fault_each(tmp_path: Path) -> None:
    (tmp_path / "corpus.yml").write_text("topics:\n  transport: {label: Transport, about: Boats, buses and bridges.}\n")
    (tmp_path / "sources.yml").write_text("report:\n  titel: A report\n")
    _, found = read_project(tmp_path, tmp_path, Limits())
    assert [(str(each.place), each.code, each.message) for each in found] == [
        ("corpus.yml:2:47", "S101", 'unknown field "buses and bridges."'),
        ("sources.yml:2:3", "S101", 'unknown field "titel"'),
    ]
    assert found[0].hint == (
        "in { } a comma ends a value: put the value in quotes\nwrite: about: 'Boats, buses and bridges.'"
    )
    assert found[1].hint == 'did you mean "title"?'


def test_size_is_bounded(tmp_path: Path) -> None:
    read(tmp_path, "title: x\n", "")
    _, found = read_project(tmp_path / "seeds", tmp_path, Limits(sidecar_bytes=8))
    assert [(each.place, each.code) for each in found] == [(Place("seeds/corpus.yml"), "F103")]


def test_links_are_not_followed_and_folders_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.yml").write_text("title: secret\n")
    read(tmp_path)
    (tmp_path / "seeds/corpus.yml").symlink_to(tmp_path / "secret.yml")
    assert read(tmp_path)[0].title == "Annotated corpus"
    (tmp_path / "seeds/sources.yml").mkdir()
    assert [line.split()[:2] for line in read(tmp_path)[1]] == [["seeds/sources.yml", "F116"]]


def test_a_plain_text_is_the_label_or_the_name(tmp_path: Path) -> None:
    (tmp_path / "corpus.yml").write_text("publisher: The Desk\ntopics: {nato: NATO}\npeople: {ann: Ann A.}\n")
    project, diagnostics = read_project(tmp_path, tmp_path, Limits())
    assert diagnostics == ()
    assert project.publisher == Publisher("The Desk", None, None)
    assert project.topics == {"nato": Topic("nato", "NATO", None)}
    assert project.people == {"ann": Person("ann", "Ann A.", None)}


@pytest.mark.parametrize(
    ("written", "hint"),
    [("treaties", "write one of: article, "), ("Reports", "write: report"), ("Legal case", "write one of: article, ")],
)
def test_a_source_is_of_a_type_of_csl(tmp_path: Path, written: str, hint: str) -> None:
    (tmp_path / "sources.yml").write_text(
        f"s: {{title: S, type: {written}}}\nt: {{title: T, type: treaty, party: P.}}\n"
    )
    project, found = read_project(tmp_path, tmp_path, Limits())
    assert [(each.code, each.message, (each.hint or "")[: len(hint)]) for each in found] == [
        ("S102", f'type: "{written}" is no type of source', hint)
    ]
    assert (project.sources["t"].type, project.sources["t"].party) == ("treaty", "P.")
