"""Read ``corpus.yml`` and ``sources.yml``: the Project that every document belongs to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from builder.diagnostics import Diagnostic, Place, has_errors
from builder.labels import DEFAULT_VERDICTS
from builder.model import Limits, Person, Project, Prose, Publisher, Source, Topic, Verdict
from builder.read.discovery import read_text_file
from builder.read.invisible_characters import find_invisible
from builder.read.markdown import render_prose
from builder.read.schema import NAMES, CorpusFile, SourceFields, SourcesFile
from builder.read.tags_in_fields import find_tags
from builder.read.validation import M, did_you_mean, salvage
from builder.read.yaml import MappingNode, ScalarNode, read_yaml
from builder.translation import PLACEHOLDER, OwnWords, Translation, has_translation, messages

# Codes for references to what is not in corpus.yml, and not in sources.yml.
_CORPUS_CODES, _SOURCES_CODES = frozenset({"S105", "S106", "S107"}), frozenset({"S108"})


def read_project(seeds: Path, root: Path, limits: Limits, language: str = "") -> tuple[Project, tuple[Diagnostic, ...]]:
    """Read the two files; a missing one gives the defaults. What is wrong in them is left out and reported.

    ``seeds``: the folder that they are in.
    ``root``: the project's folder, which places are relative to.
    ``limits``: sizes beyond which a file is refused.
    ``language``: the readers' (BCP 47), where it is known; else it is the corpus's.
    """
    corpus, corpus_tree, of_corpus = _read(seeds / "corpus.yml", root, limits, CorpusFile)
    bibliography, sources_tree, of_sources = _read(seeds / "sources.yml", root, limits, SourcesFile)
    topics, of_topics = _topics(corpus, corpus_tree)
    words, of_words = own_words(corpus.words, corpus_tree)
    spoken, of_language = _translation(language, corpus, corpus_tree)
    project = Project(
        title=corpus.title,
        language=corpus.language,
        publisher=_publisher(corpus),
        license=corpus.license,
        verdicts={verdict.id: verdict for verdict in _verdicts(corpus)},
        topics=topics,
        people={key: Person(key, person.name or key, person.same_as) for key, person in corpus.people.items()},
        sources={
            key: source_from_entry(key, entry, sources_tree.keys[key].place) for key, entry in bibliography.root.items()
        },
        faulty=frozenset(sources_tree.keys) - bibliography.root.keys(),
        unsure=_unsure_codes(of_corpus, _CORPUS_CODES) | _unsure_codes(of_sources, _SOURCES_CODES),
        reveal=corpus.reveal,
        translation=spoken.with_words(words),
        what_holds=_what_holds(corpus),
    )
    twice = _report_repeated_verdicts(corpus, corpus_tree)
    return project, tuple(sorted({*of_corpus, *of_sources, *of_topics, *of_words, *of_language, *twice}))


def _unsure_codes(diagnostics: Iterable[Diagnostic], codes: frozenset[str]) -> frozenset[str]:
    """Return these codes if the file with these diagnostics could not be read to its end, else none."""
    return (
        codes
        if any(diagnostic.code[0] in "FY" and has_errors((diagnostic,)) for diagnostic in diagnostics)
        else frozenset()
    )


def source_from_entry(key: str, entry: SourceFields, place: Place) -> Source:
    """Return an entry of the bibliography as a Source. A DOI is its address, or a remark if it has another address."""
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
        type=entry.type,
        party=entry.party,
    )


def _read(path: Path, root: Path, limits: Limits, model: type[M]) -> tuple[M, MappingNode, tuple[Diagnostic, ...]]:
    """Read a file as its model, and as a tree. A missing file counts as an empty one."""
    name = Path(os.path.relpath(path, root)).as_posix()
    there = path.exists() and not path.is_symlink()  # discovery reports links (F104)
    text, of_file = read_text_file(path, name, limits.sidecar_bytes) if there else (None, ())
    tree, of_yaml = read_fields(text, name, limits)
    value, of_values = salvage(model, tree)
    reported = {diagnostic.place for diagnostic in of_yaml if has_errors((diagnostic,))}
    others = tuple(
        diagnostic
        for diagnostic in (*of_values, *find_invisible(tree), *find_tags((tree,)))
        if diagnostic.place not in reported
    )
    return value or model.model_validate({}), tree, (*of_file, *of_yaml, *others)


def read_fields(text: str | None, file: str, limits: Limits) -> tuple[MappingNode, tuple[Diagnostic, ...]]:
    """Read a file that consists of fields; none if there is no text, or if it does not consist of fields (S102)."""
    nothing = MappingNode({}, {}, Place(file, 1, 1))
    if text is None:
        return nothing, ()
    tree, diagnostics = read_yaml(text, file=file, limits=limits, names=NAMES)
    if isinstance(tree, MappingNode):
        return tree, diagnostics
    if tree is None or (isinstance(tree, ScalarNode) and not tree.value):
        return nothing, diagnostics
    wrong = Diagnostic(tree.place, "S102", "the file must consist of fields", "write one line for each: title: …")
    return nothing, (*diagnostics, wrong)


def _translation(language: str, corpus: CorpusFile, tree: MappingNode) -> tuple[Translation, tuple[Diagnostic, ...]]:
    """Return what the site speaks; P412 where that is English because there is no translation for its language.

    ``language``: that of the theme, "" if it is set to none. Who has set it reports it.
    """
    translation = Translation(language or corpus.language)
    node = tree.get("language")
    if language or node is None or has_translation(corpus.language):
        return translation, ()
    return translation, (untranslated(node.place, corpus.language),)


def untranslated(place: Place, language: str) -> Diagnostic:
    """Return the notice that the program does not speak a language (P412)."""
    message = f'there is no translation for "{language}": what the program itself says on pages is in English'
    return Diagnostic(place, "P412", message, "`words:` in corpus.yml can say it in other words")


def own_words(
    words: Mapping[str, Mapping[str, str]], tree: MappingNode
) -> tuple[tuple[OwnWords, ...], tuple[Diagnostic, ...]]:
    """Return what a corpus says instead of our messages, and what is wrong: no such message, or other placeholders."""
    known = messages() if words else {}
    listed = tree.get("words")
    found: list[OwnWords] = []
    diagnostics: list[Diagnostic] = []
    for name, forms in words.items():
        node = listed.keys.get(name) if isinstance(listed, MappingNode) else None
        place = node.place if node else tree.place
        if name not in known:
            hint = did_you_mean(name, known) or "a message is the English text: languages.md tells where they are"
            diagnostics.append(Diagnostic(place, "S101", f'the program does not say "{name}"', hint))
            continue
        english = known[name]
        wrong = next(filter(None, (_misfit(form, text, english) for form, text in forms.items())), "")
        if len(english) == 1 and set(forms) != {"other"}:
            wrong = "it has no number, so it has no plural"
        if wrong:
            hint = f"write in its place: {english[-1]}"
            diagnostics.append(Diagnostic(place, "S102", f'"{name}": {wrong}', hint))
        else:
            found.append(OwnWords(name, tuple((form, _percent(text)) for form, text in forms.items())))
    return tuple(found), tuple(diagnostics)


def _misfit(form: str, text: str, english: tuple[str, ...]) -> str:
    """Return what is wrong with the placeholders of a text; "" if they are those of the English one."""
    wanted, given = set(PLACEHOLDER.findall(english[-1])), set(PLACEHOLDER.findall(text))
    optional = {"%(num)s"} if form != "other" else set[str]()
    if given - wanted:
        return f"{min(given - wanted)} is not in the English text"
    missing = wanted - given - optional
    return f"{min(missing)} is missing" if missing else ""


def _percent(text: str) -> str:
    """Return a text with every percent sign written twice that does not begin a placeholder."""
    return re.sub(r"%(?!\(\w+\)s)(?:%)?", "%%", text)


def _publisher(corpus: CorpusFile) -> Publisher | None:
    entry = corpus.publisher
    return Publisher(entry.name, entry.url, entry.corrections_policy) if entry else None


def _verdicts(corpus: CorpusFile) -> tuple[Verdict, ...]:
    own = tuple(
        Verdict(entry.id, entry.label or entry.id, entry.tone, entry.rating, entry.means or "")
        for entry in corpus.verdicts
    )
    return own or DEFAULT_VERDICTS


def _what_holds(corpus: CorpusFile) -> tuple[OwnWords, ...] | None:
    if corpus.what_holds is None:
        return None
    return tuple(OwnWords(tone, tuple(forms.items())) for tone, forms in corpus.what_holds.items())


def _report_repeated_verdicts(corpus: CorpusFile, tree: MappingNode) -> tuple[Diagnostic, ...]:
    first_places: dict[str, Place] = {}
    diagnostics: list[Diagnostic] = []
    listed = tree.get("verdicts")
    for item in getattr(listed, "items", ()):
        node = item.get("id") if isinstance(item, MappingNode) else None
        if not isinstance(node, ScalarNode) or not corpus.verdicts:
            continue
        if node.text in first_places:
            hint = f"first given at {first_places[node.text]}: rename one of the two"
            diagnostics.append(Diagnostic(node.place, "S104", f'verdict "{node.text}" given twice', hint))
        first_places.setdefault(node.text, node.place)
    return tuple(diagnostics)


def _topics(corpus: CorpusFile, tree: MappingNode) -> tuple[dict[str, Topic], tuple[Diagnostic, ...]]:
    topics: dict[str, Topic] = {}
    diagnostics: list[Diagnostic] = []
    listed = tree.get("topics")
    for key, entry in corpus.topics.items():
        about: Prose | None = None
        node = listed.get(key) if isinstance(listed, MappingNode) else None
        text = node.get("about") if isinstance(node, MappingNode) else None
        if entry.about is not None and isinstance(text, ScalarNode):
            about, of_prose = render_prose(text.text, text.at)
            diagnostics += of_prose
        topics[key] = Topic(key, entry.label or key, about)
    return topics, tuple(diagnostics)
