"""``corpus.yml`` and ``sources.yml`` -> the Project that every document is read in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from builder.diagnostics import Diagnostic, Place, has_errors
from builder.model import Limits, Person, Project, Prose, Publisher, Source, Topic, Verdict
from builder.read.discovery import read_text_file
from builder.read.invisible_characters import find_invisible
from builder.read.markdown import render_prose
from builder.read.schema import NAMES, CorpusFile, SourceEntry, SourcesFile
from builder.read.validation import M, salvage
from builder.read.yaml import MappingNode, ScalarNode, read_yaml

# The scale of a corpus that gives none of its own.
DEFAULT_VERDICTS: Final = (
    Verdict("supported", "Supported", "good", 5, "The evidence we found bears it out."),
    Verdict("partly", "Partly supported", "mixed", 3, "Part of it is borne out, part of it is not."),
    Verdict("misleading", "Misleading", "warn", 2, "The words may be right, but they lead to a wrong conclusion."),
    Verdict("unsupported", "No evidence found", "unknown", None, "We looked, and found nothing that bears it out."),
    Verdict("false", "False", "bad", 1, "The evidence we found contradicts it."),
    Verdict("opinion", "Opinion", "neutral", None, "A judgement or a forecast, which evidence can't settle."),
)


# Faults of notes that name what is not in corpus.yml, and in sources.yml.
_OF_CORPUS, _OF_SOURCES = frozenset({"S105", "S106", "S107"}), frozenset({"S108"})


def read_project(seeds: Path, root: Path, limits: Limits) -> tuple[Project, tuple[Diagnostic, ...]]:
    """What the two files say, or the defaults; both may be missing. What is wrong in them is left out and told."""
    corpus, corpus_tree, of_corpus = _read(seeds / "corpus.yml", root, limits, CorpusFile)
    bibliography, sources_tree, of_sources = _read(seeds / "sources.yml", root, limits, SourcesFile)
    topics, of_topics = _topics(corpus, corpus_tree)
    project = Project(
        title=corpus.title,
        language=corpus.language,
        publisher=_publisher(corpus),
        license=corpus.license,
        verdicts={each.id: each for each in _verdicts(corpus)},
        topics=topics,
        people={key: Person(key, each.name or key, each.same_as) for key, each in corpus.people.items()},
        sources={
            key: source_from_entry(key, each, sources_tree.keys[key].place) for key, each in bibliography.root.items()
        },
        faulty=frozenset(sources_tree.keys) - bibliography.root.keys(),
        unsure=_broken(of_corpus, _OF_CORPUS) | _broken(of_sources, _OF_SOURCES),
        reveal=corpus.reveal,
    )
    twice = _verdicts_twice(corpus, corpus_tree)
    return project, tuple(sorted({*of_corpus, *of_sources, *of_topics, *twice}))


def _broken(faults: Iterable[Diagnostic], codes: frozenset[str]) -> frozenset[str]:
    """These codes, if the file with these faults could not be read to its end."""
    return codes if any(each.code[0] in "FY" and has_errors((each,)) for each in faults) else frozenset()


def source_from_entry(key: str, entry: SourceEntry, place: Place) -> Source:
    """An entry of the bibliography under its key. A DOI is its address, or a remark where it has another."""
    note = entry.note
    if entry.doi and entry.url and entry.doi != entry.url:
        note = f"{note + ' ' if note else ''}DOI: {entry.doi.removeprefix('https://doi.org/')}"
    return Source(
        key=key,
        title=entry.title,
        authors=entry.author,
        publisher=entry.publisher,
        date=entry.date,
        url=entry.url or entry.doi,
        archived=entry.archived,
        retrieved=entry.retrieved,
        note=note,
        link=entry.link,
        place=place,
    )


def _read(path: Path, root: Path, limits: Limits, model: type[M]) -> tuple[M, MappingNode, tuple[Diagnostic, ...]]:
    """The file as its model, and its tree. A missing file is an empty one."""
    name = Path(os.path.relpath(path, root)).as_posix()
    there = path.exists() and not path.is_symlink()  # gather tells of links (F104)
    text, unread = read_text_file(path, name, limits.sidecar_bytes) if there else (None, ())
    tree, faults = read_fields(text, name, limits)
    value, wrongs = salvage(model, tree)
    told = {each.place for each in faults if has_errors((each,))}
    kept = tuple(each for each in (*wrongs, *find_invisible(tree)) if each.place not in told)
    return value or model.model_validate({}), tree, (*unread, *faults, *kept)


def read_fields(text: str | None, file: str, limits: Limits) -> tuple[MappingNode, tuple[Diagnostic, ...]]:
    """The fields of a file of fields; none where there is no text, or no fields in it."""
    nothing = MappingNode({}, {}, Place(file, 1, 1))
    if text is None:
        return nothing, ()
    tree, faults = read_yaml(text, file=file, limits=limits, names=NAMES)
    if isinstance(tree, MappingNode):
        return tree, faults
    if tree is None or (isinstance(tree, ScalarNode) and not tree.value):
        return nothing, faults
    wrong = Diagnostic(tree.place, "S102", "the file is a list of fields", "write one line for each: title: …")
    return nothing, (*faults, wrong)


def _publisher(corpus: CorpusFile) -> Publisher | None:
    entry = corpus.publisher
    return Publisher(entry.name, entry.url, entry.corrections_policy) if entry else None


def _verdicts(corpus: CorpusFile) -> tuple[Verdict, ...]:
    own = tuple(
        Verdict(each.id, each.label or each.id, each.tone, each.rating, each.means or "") for each in corpus.verdicts
    )
    return own or DEFAULT_VERDICTS


def _verdicts_twice(corpus: CorpusFile, tree: MappingNode) -> tuple[Diagnostic, ...]:
    seen: dict[str, Place] = {}
    found: list[Diagnostic] = []
    listed = tree.get("verdicts")
    for item in getattr(listed, "items", ()):
        node = item.get("id") if isinstance(item, MappingNode) else None
        if not isinstance(node, ScalarNode) or not corpus.verdicts:
            continue
        if node.text in seen:
            hint = f"first given at {seen[node.text]}: rename one of the two"
            found.append(Diagnostic(node.place, "S104", f'the verdict "{node.text}" is given twice', hint))
        seen.setdefault(node.text, node.place)
    return tuple(found)


def _topics(corpus: CorpusFile, tree: MappingNode) -> tuple[dict[str, Topic], tuple[Diagnostic, ...]]:
    topics: dict[str, Topic] = {}
    found: list[Diagnostic] = []
    listed = tree.get("topics")
    for key, entry in corpus.topics.items():
        about: Prose | None = None
        node = listed.get(key) if isinstance(listed, MappingNode) else None
        text = node.get("about") if isinstance(node, MappingNode) else None
        if entry.about is not None and isinstance(text, ScalarNode):
            about, faults = render_prose(text.text, text.at)
            found += faults
        topics[key] = Topic(key, entry.label or key, about)
    return topics, tuple(found)
