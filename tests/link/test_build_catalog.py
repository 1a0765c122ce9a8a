"""The catalog: every claim, source, topic, person and correction, with all that tells of it, in a settled order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from builder.addresses import claim_address, note_address, person_address, source_address, topic_address
from builder.diagnostics import Place
from builder.link.build_catalog import build_catalog
from builder.link.cross_links import link_documents
from builder.model import (
    Catalog,
    Citation,
    CrossLink,
    DocumentRecord,
    Entry,
    Note,
    NoteKind,
    NoteRecord,
    Person,
    Project,
    Prose,
    Source,
    Topic,
    Verdict,
)

HERE = Place("seeds/a.yml", 1, 1)


def note(id_: str, kind: NoteKind = NoteKind.CLAIM, *, cites: tuple[str, ...] = (), **fields: object) -> NoteRecord:
    number = int(str(fields.pop("number", 1)))
    plain = Note(
        id=id_,
        kind=kind,
        quote=None,
        body=None,
        correct=None,
        verdict=None,
        statement=None,
        claim=None,
        speaker=None,
        citations=tuple(Citation(key, None, f"for {key}", HERE) for key in cites),
        see=(),
        topics=(),
        techniques=(),
        reviewed=None,
        by=(),
        place=HERE,
    )
    words = f"words of {id_}"
    return NoteRecord(replace(plain, **fields), number, words, excerpt="", sentence="", mark=None, links=())


def document(slug: str, *notes: NoteRecord, published: str | None = None, **fields: object) -> DocumentRecord:
    plain = DocumentRecord(
        slug=slug,
        path=f"seeds/{slug}.txt",
        sidecar=f"seeds/{slug}.yml",
        collection="",
        title=f"Title of {slug}",
        language="en",
        rtl=False,
        published=published,
        publisher=None,
        topics=(),
        excerpt="",
        noindex=False,
        draft=False,
        notes=notes,
        links=(),
        sources=(),
    )
    return replace(plain, **fields)


def source(key: str, **fields: object) -> Source:
    plain = Source(
        key, f"Title of {key}", (), None, None, None, None, None, None, True, Place("seeds/sources.yml", 1, 1)
    )
    return replace(plain, **fields)


def project(**fields: object) -> Project:
    plain = Project("T", "en", None, None, {"false": Verdict("false", "False", "bad", 1, "")}, {}, {}, {})
    return replace(plain, **fields)


def gathered(*documents: DocumentRecord, of: Project | None = None, drafts: bool = False) -> Catalog:
    return build_catalog(link_documents(documents, of or project(), drafts=drafts)[0])


def where(entry: Entry) -> list[str]:
    return [note_address(appearance.document.slug, appearance.note.id) for appearance in entry.appearances]


# --- claims -----------------------------------------------------------------------------------------------------------


def test_one_key_in_several_documents_is_one_claim_the_earliest_first() -> None:
    (claim,) = gathered(
        document("a", note("one", claim="k"), published="2025-03"),
        document("b", note("two", claim="k", statement="It is so."), note("three", claim="k"), published="2025-02-28"),
        document("c", note("four", claim="k", statement="It is thus.")),
    ).claims
    assert claim.address == "claims/k/"
    assert claim.statement == "It is so."
    assert where(claim) == [
        f"documents/{each}" for each in ("b/#note-two", "b/#note-three", "a/#note-one", "c/#note-four")
    ]
    assert all(appearance.document.notes == () for appearance in claim.appearances)


def test_a_statement_without_a_key_is_a_claim_of_its_own() -> None:
    found = gathered(
        document("a/b", note("c", statement="One.")),
        document("a", note("b-c", statement="Two."), note("plain")),
        document("x", note("y", NoteKind.CONTEXT)),
    ).claims
    assert {entry.address: entry.statement for entry in found} == {"claims/a/b/c/": "One.", "claims/a/b-c/": "Two."}


def test_the_claim_seen_last_comes_first_and_undated_ones_last() -> None:
    found = gathered(
        document("a", note("n", claim="old"), note("m", claim="both"), published="2024"),
        document("b", note("n", claim="new"), published="2025-01"),
        document("c", note("n", claim="both"), published="2026"),
        document("d", note("n", claim="undated")),
    ).claims
    assert [entry.address for entry in found] == [f"claims/{each}/" for each in ("both", "new", "old", "undated")]


SLUGS = st.lists(st.sampled_from(["a", "b", "a-b", "é"]), min_size=1, max_size=3).map("/".join)
IDS = st.text("ab-", min_size=1, max_size=4)


@given(st.lists(st.tuples(SLUGS, IDS, st.none() | IDS), min_size=2, max_size=12))
def test_no_two_claims_meet_at_one_address(claims: list[tuple[str, str, str | None]]) -> None:
    meant: dict[str, object] = {}
    for slug, id_, key in claims:
        address = claim_address(slug, note(id_, claim=key, statement="It is so.").note)
        assert address is not None
        assert meant.setdefault(address, key or (slug, id_)) == (key or (slug, id_))


# --- sources ----------------------------------------------------------------------------------------------------------


def test_a_source_has_every_note_that_cites_it_each_once() -> None:
    (entry,) = gathered(
        document("b", note("one", NoteKind.CONTEXT, cites=("s", "s"))),
        document("a", note("two", cites=("s",)), note("none")),
        of=project(sources={"s": source("s")}),
    ).sources
    assert entry.address == "sources/s/"
    assert where(entry) == ["documents/a/#note-two", "documents/b/#note-one"]
    assert len(entry.appearances[1].sources) == 2


def test_the_bibliography_goes_by_publisher_and_title_without_case_accents_and_quotation_marks() -> None:
    sources = {
        "one": source("one", publisher="Zeit"),
        "two": source("two", publisher="Élan", title="B"),
        "three": source("three", publisher="élan", title="“A”"),
        "four": source("four", authors=("Adams",)),
        "five": source("five", title="«Mot»"),
    }
    found = gathered(document("a", note("n", cites=tuple(sources))), of=project(sources=sources)).sources
    assert [entry.source.key for entry in found] == ["four", "three", "two", "five", "one"]


def test_a_source_that_nobody_cites_or_only_a_draft_is_not_told_of() -> None:
    sources = {"s": source("s"), "t": source("t")}
    made = (document("a", note("n", cites=("s",)), draft=True), document("b"))
    assert gathered(*made, of=project(sources=sources)).sources == ()
    assert [source.address for source in gathered(*made, of=project(sources=sources), drafts=True).sources] == [
        "sources/s/"
    ]


def test_a_source_written_out_is_known_by_where_it_is_found() -> None:
    url = "https://www.example.org/reports/2025?x=1"
    one, other = source("a--1", url=url, title="A report"), source("b--7", url=url, title="The report")
    (entry,) = gathered(
        document("a", note("n", cites=("a--1",)), sources=(one,)),
        document("b", note("m", cites=("b--7",)), sources=(other,)),
    ).sources
    assert entry.address.startswith("sources/example-org-reports-2025-x-1-")
    assert where(entry) == ["documents/a/#note-n", "documents/b/#note-m"]


def test_a_source_written_out_without_an_address_is_known_by_title_and_origin() -> None:
    plain = source("a--1", title="The stone over the door")
    assert source_address(plain, project()) == source_address(replace(plain, key="b--2", note="?"), project())
    assert source_address(plain, project()) != source_address(replace(plain, publisher="P"), project())
    assert source_address(plain, project()).startswith("sources/the-stone-over-the-door-")


# --- topics and people ------------------------------------------------------------------------------------------------


def test_topics_keep_their_order_and_have_documents_and_notes_of_every_kind() -> None:
    about = Prose(("<p>See ", CrossLink("a", "n", "this", HERE), " and ", CrossLink("b", None, None, HERE), "</p>"), "")
    topics = {"z": Topic("z", "Zed", about), "y": Topic("y", "Why", None)}
    documents = (
        document("a", note("n", topics=("z",)), note("m", NoteKind.CONTEXT, topics=("z", "y"))),
        document("b", topics=("z",)),
    )
    corpus, faults = link_documents(documents, project(topics=topics), drafts=False)
    assert faults == ()
    zed, why = build_catalog(corpus).topics
    assert (zed.address, why.address) == ("topics/z/", "topics/y/")
    assert [document.slug for document in zed.documents] == ["b"]
    assert where(zed) == ["documents/a/#note-n", "documents/a/#note-m"]
    assert {key: target.address for key, target in zed.targets.items()} == {
        ("a", "n"): "documents/a/#note-n",
        ("b", ""): "documents/b/",
    }
    assert [entry.address for entry in corpus.backlinks["a", "n"]] == ["topics/z/"]


def test_a_topic_that_links_to_nowhere_is_told() -> None:
    place = Place("seeds/corpus.yml", 3, 5)
    topic = Topic("t", "T", Prose((CrossLink("nowhere", None, None, place),), ""))
    _, faults = link_documents((), project(topics={"t": topic}), drafts=False)
    assert [(diagnostic.code, diagnostic.place) for diagnostic in faults] == [("L301", place)]


def test_people_are_keys_and_plain_names_and_a_name_that_reads_as_a_key_is_that_person() -> None:
    people = {"ann-lee": Person("ann-lee", "Ann Lee", None), "zoe": Person("zoe", "Zoe", None)}
    found = gathered(
        document("a", note("n", speaker="ann-lee"), note("m", speaker="Ann Lee"), note("o", speaker="李明")),
        document("b", note("p", NoteKind.CONTEXT, speaker="zoe"), note("q", speaker="?!")),
        of=project(people=people),
    ).people
    assert [(entry.address, entry.person.name, len(entry.appearances)) for entry in found] == [
        ("people/ann-lee/", "Ann Lee", 2),
        ("people/zoe/", "Zoe", 0),
        ("people/李明/", "李明", 1),
    ]
    assert person_address("?!") is None


# --- corrections ------------------------------------------------------------------------------------------------------


def test_the_newest_review_comes_first_and_undated_ones_last() -> None:
    def fix(id_: str, reviewed: str | None, number: int = 1, kind: NoteKind = NoteKind.CORRECTION) -> NoteRecord:
        return note(id_, kind, correct="right", reviewed=reviewed, number=number)

    found = gathered(
        document("b", fix("undated", None), fix("month", "2026-01"), published="2020"),
        document("a", fix("second", "2026-02-03", 2), fix("first", "2026-02-03"), note("none", NoteKind.CONTEXT)),
        document("c", fix("also", "2025", kind=NoteKind.CONTEXT)),
    ).corrections
    assert [placement.note.id for placement in found] == ["first", "second", "month", "also", "undated"]


def test_drafts_are_in_nothing() -> None:
    hidden = document("a", note("n", claim="k", speaker="Ann", correct="x", topics=("t",)), draft=True, topics=("t",))
    found = gathered(hidden, of=project(topics={"t": Topic("t", "T", None)}))
    assert (found.claims, found.people, found.corrections) == ((), (), ())
    assert (found.topics[0].documents, found.topics[0].appearances) == ((), ())


def test_a_name_of_any_length_is_a_folder_that_a_file_system_takes() -> None:
    long = ["k" * 300, "k" * 299 + "j"]
    folders = [topic_address(each).split("/")[1] for each in long] + [(person_address("明" * 300) or "").split("/")[1]]
    assert len(set(folders)) == 3
    assert all(len(each.encode()) <= 255 for each in folders)
