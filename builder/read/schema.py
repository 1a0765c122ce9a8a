"""The one definition of what an editor writes: sidecar, ``corpus.yml``, ``sources.yml``. It uses pydantic.

The models read a tree of text (``read/yaml.py``): every value arrives as str, list or dict, and a field's type converts
it. The JSON Schemas come from the same models, for editors whose YAML plug-in sees ``2025`` as a number and ``yes``
as a truth value; so they accept a little more than the models, never less.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    RootModel,
    Tag,
    WithJsonSchema,
)
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from builder.read import field_values
from builder.translation import PLURAL_CATEGORIES


def _several(value: object) -> object:
    return () if value == "" else [value] if isinstance(value, str) else value


def _none_given(value: object) -> object:
    return () if value == "" else value


def _no_keys(value: object) -> object:
    return {} if value == "" else value


def _kind_of_source(value: object) -> str:
    if isinstance(value, dict):
        return "<place>" if "ref" in value else "<written>"
    return "<key>" if isinstance(value, str) else "<written>"


def _nullable(schema: dict[str, Any]) -> None:
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]


_WORDS: Final[list[str]] = ["string", "number", "boolean"]
_TEXT: Final = {"type": _WORDS, "minLength": 1}
_TRUTH: Final = {
    "type": ["boolean", "string"],
    "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo])$",
}

Line = Annotated[str, AfterValidator(field_values.line), WithJsonSchema(_TEXT)]
Markdown = Annotated[str, AfterValidator(field_values.prose), WithJsonSchema(_TEXT)]
Context = Annotated[str, WithJsonSchema({"type": _WORDS})]
Key = Annotated[str, AfterValidator(field_values.key), WithJsonSchema({"type": _WORDS, "pattern": field_values.ID})]
Date = Annotated[
    str,
    AfterValidator(field_values.date),
    WithJsonSchema({"type": ["string", "integer"], "pattern": field_values.DATE}),
]
Slug = Annotated[str, AfterValidator(field_values.slug), WithJsonSchema(_TEXT)]
Language = Annotated[
    str,
    AfterValidator(field_values.language),
    WithJsonSchema({"type": ["string", "boolean"], "pattern": field_values.LANGUAGE}),
]
Address = Annotated[
    str, AfterValidator(field_values.address), WithJsonSchema({"type": "string", "pattern": field_values.ADDRESS})
]
Doi = Annotated[str, AfterValidator(field_values.doi), WithJsonSchema({"type": "string", "minLength": 1})]
SitePage = Annotated[str, AfterValidator(field_values.page), WithJsonSchema({"type": "string", "minLength": 1})]
SourceType = Annotated[
    str, AfterValidator(field_values.source_type), WithJsonSchema({"enum": list(field_values.SOURCE_TYPES)})
]
Fingerprint = Annotated[
    str,
    AfterValidator(field_values.sha256_digits),
    WithJsonSchema({"type": ["string", "number"], "pattern": field_values.SHA256}),
]
Retirement = Annotated[
    str, AfterValidator(field_values.retirement), WithJsonSchema({"type": "string", "pattern": field_values.RETIRED})
]
# A truth value, a count and a rating arrive as text. pydantic's own conversions (1, "on", "2.0") would accept more.
Truth = Annotated[bool, BeforeValidator(lambda text: _typed(text, field_values.truth)), WithJsonSchema(_TRUTH)]
Count = Annotated[
    int,
    BeforeValidator(lambda text: _typed(text, field_values.count)),
    WithJsonSchema({"type": "integer", "minimum": 1}),
]
Rating = Annotated[
    int,
    BeforeValidator(lambda text: _typed(text, field_values.rating)),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 100}),
]
Words = Annotated[tuple[Line, ...], BeforeValidator(_none_given), Field(json_schema_extra=_nullable)]
_one_or_more = {"anyOf": [_TEXT, {"type": ["array", "null"], "items": _TEXT}]}
Several = Annotated[tuple[Line, ...], BeforeValidator(_several), WithJsonSchema(_one_or_more)]
Aliases = Annotated[
    tuple[Annotated[str, AfterValidator(field_values.alias)], ...],
    BeforeValidator(_several),
    WithJsonSchema(_one_or_more),
]
Passages = Annotated[
    tuple[Annotated[str, AfterValidator(field_values.passage)], ...],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value or [""]),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}),
]


def _typed(value: object, convert: Any) -> object:  # noqa: ANN401 - one of the functions of field_values.py
    if not isinstance(value, str):
        raise field_values.InvalidValue("must be a single value, not a list or fields", "write it after the colon")
    return convert(value)


@dataclass(frozen=True, slots=True)
class _OrText:
    """Lets a plain text stand for an entry: for its field ``name``."""

    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401 - pydantic's signature
        return core_schema.no_info_before_validator_function(self._as_field, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [_TEXT, handler(schema)]}

    def _as_field(self, value: object) -> object:
        return {self.name: value} if isinstance(value, str) and value else value


class _Strict(BaseModel):
    """Unknown fields are errors; instances are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceRef(_Strict):
    """A source of sources.yml, with the place in it."""

    ref: Line = Field(description="Key of a source in sources.yml.")
    at: Line | None = Field(None, description="Where in the source: a page, a paragraph, a minute.")
    supports: Line | None = Field(None, description="What of the note it supports, in a few words.")


class SourceFields(_Strict):
    """A source of the bibliography."""

    title: Line = Field(description="Title of the work or page.")
    author: Several = Field((), description="Who wrote it: one name or a list.")
    publisher: Line | None = Field(None, description="Who published it.")
    date: Date | None = Field(None, description="When it was published: a day, a month or a year.")
    url: Address | None = Field(None, description="Where it is found: http, https, mailto or doi.")
    doi: Doi | None = Field(None, description="Its DOI: the address, where no `url` is given.")
    archived: Address | None = Field(None, description="Address of a stored copy.")
    retrieved: Date | None = Field(None, description="When it was looked at.")
    note: Line | None = Field(None, description="A remark that is printed with it.")
    type: SourceType | None = Field(None, description="What it is, as CSL calls it, such as report, webpage or treaty.")
    party: Line | None = Field(None, description="Why its author or publisher is a party to the dispute.")
    link: Truth = Field(default=True, description="false: print the address, but do not send readers to it.")


class WrittenSource(SourceFields):
    """A source written out in the sidecar itself."""

    at: Line | None = Field(None, description="Where in the source: a page, a paragraph, a minute.")
    supports: Line | None = Field(None, description="What of the note it supports, in a few words.")


_Cited = Annotated[
    Annotated[Line, Tag("<key>")] | Annotated[SourceRef, Tag("<place>")] | Annotated[WrittenSource, Tag("<written>")],
    Discriminator(_kind_of_source),
]
Cited = Annotated[
    tuple[_Cited, ...],
    BeforeValidator(_none_given),
    Field(json_schema_extra=_nullable),
]


class VerdictChangeEntry(_Strict):
    """A change of the note, told by its editor."""

    date: Date = Field(description="When it was changed: a day, a month or a year.")
    before: Line | None = Field(None, alias="from", description="The verdict, or the correction, that it had before.")
    after: Line | None = Field(None, alias="to", description="The verdict, or the correction, that it has since.")
    reason: Line = Field(description="Why, in a sentence.")


class AnyNote(_Strict):
    """The fields of all three kinds of note."""

    id: Key = Field(description="Name of the note, unique in the document over all three lists: a-z, 0-9 and hyphens.")
    quote: Passages = Field(
        (), description="The words the note is about, copied from the document; a list for several separate passages."
    )
    prefix: Context = Field("", description="Characters right before the quote, to tell it from others like it.")
    suffix: Context = Field("", description="Characters right after the quote, to tell it from others like it.")
    occurrence: Count | None = Field(None, description="Which of the places that fit is meant, counted from 1.")
    note: Markdown | None = Field(None, description="The note itself, in Markdown with [[document#note]] cross-links.")
    correct: Line | None = Field(None, description="What the words should read.")
    sources: Cited = Field((), description="Keys of sources.yml, keys with a place in them, or sources written out.")
    see: Words = Field((), description="Other notes: `id` in this document, `document#id` elsewhere, or a document.")
    topics: Words = Field((), description="Keys of topics in corpus.yml.")
    techniques: Words = Field((), description="Persuasion techniques, in free words.")
    reviewed: Date | None = Field(None, description="When the note was last reviewed.")
    by: Several = Field((), description="Who wrote or reviewed it: one name or a list.")
    retired: Retirement | None = Field(
        None, description="Date and reason, where the words are gone from the document: it is kept without a place."
    )
    history: Annotated[tuple[VerdictChangeEntry, ...], BeforeValidator(_none_given)] = Field(
        (), description="What was changed when and why, in the editor's words.", json_schema_extra=_nullable
    )


class ClaimNote(AnyNote):
    """Something the document asserts, and what was found."""

    note: Markdown = Field(description="What was found, in Markdown with [[document#note]] cross-links.")
    statement: Line | None = Field(None, description="The claim as a self-contained sentence.")
    claim: Key | None = Field(None, description="The claim's key: the same key in several documents is one claim.")
    speaker: Line | None = Field(None, description="Who says it: a key of people in corpus.yml, or a plain name.")
    verdict: Line | None = Field(None, description="A key of the verdict scale.")


class ContextNote(AnyNote):
    """What a reader needs to know."""

    note: Markdown = Field(description="What the reader needs to know, in Markdown with cross-links.")


class CorrectionNote(AnyNote):
    """An error of fact or of transcription, and what it should read."""

    correct: Line = Field(description="What the words should read.")


class SidecarHead(_Strict):
    """What a sidecar says of its document."""

    title: Line | None = Field(None, description="Title. Default: the document's own, or its first line.")
    slug: Slug | None = Field(None, description="Address below documents/. Default: the path without its ending.")
    aliases: Aliases = Field((), description="Earlier addresses below documents/, which lead to this one.")
    language: Language | None = Field(None, description="Language of the document (BCP 47). Default: corpus.yml's.")
    notes_language: Language | None = Field(None, description="Language of the notes (BCP 47). Default: corpus.yml's.")
    author: Several = Field((), description="Who wrote the document: one name or a list.")
    publisher: Line | None = Field(None, description="Who published the document.")
    published: Date | None = Field(None, description="When it was published: a day, a month or a year.")
    url: Address | None = Field(None, description="Where it was found: http, https, mailto or doi.")
    archived: Address | None = Field(None, description="Address of a stored copy.")
    retrieved: Date | None = Field(None, description="When it was retrieved.")
    rights: Line | None = Field(None, description="Why and on what terms it may be published here.")
    topics: Words = Field((), description="Keys of topics in corpus.yml.")
    finding: Line | None = Field(
        None, description="What you found of the document as a whole, in one line of Markdown without blocks."
    )
    summary: Markdown | None = Field(None, description="One paragraph of Markdown.")
    link_original: Truth = Field(default=True, description="false: print `url`, but do not send readers to it.")
    noindex: Truth = Field(default=False, description="true: ask search engines not to list this page.")
    draft: Truth = Field(default=False, description="true: leave it out of a published site, show it in preview.")
    reveal: Truth | None = Field(
        None, description="true: keep verdicts closed until the reader opens them. Default: corpus.yml's."
    )
    text_sha256: Fingerprint | None = Field(
        None, description="Fingerprint of the text that the quotes were taken from."
    )


class Sidecar(SidecarHead):
    """Notes on a source document: claims, context and corrections on its exact words."""

    claims: Annotated[tuple[ClaimNote, ...], BeforeValidator(_none_given)] = Field(
        (), description="Something the document asserts, and what was found.", json_schema_extra=_nullable
    )
    context: Annotated[tuple[ContextNote, ...], BeforeValidator(_none_given)] = Field(
        (), description="What a reader needs to know.", json_schema_extra=_nullable
    )
    corrections: Annotated[tuple[CorrectionNote, ...], BeforeValidator(_none_given)] = Field(
        (), description="Errors of fact or transcription, and what they should read.", json_schema_extra=_nullable
    )


class PublisherEntry(_Strict):
    """Who answers for the corpus."""

    name: Line = Field(description="Name of the publisher.")
    url: SitePage | None = Field(None, description="Address of the publisher.")
    corrections_policy: SitePage | None = Field(None, description="Address of the corrections policy, or a page here.")


class VerdictEntry(_Strict):
    """One step of the verdict scale."""

    id: Key = Field(description="Key that claims use.")
    label: Line | None = Field(None, description="What readers see. Default: the key.")
    tone: Annotated[
        str,
        AfterValidator(field_values.tone),
        WithJsonSchema({"enum": list(field_values.TONES)}),
    ] = Field("neutral", description="Colour and shape: good, mixed, warn, bad, unknown or neutral.")
    rating: Rating | None = Field(None, description="Place on a scale, for machines; higher is truer.")
    means: Line | None = Field(None, description="What the verdict means, in a sentence.")


class TopicFields(_Strict):
    """A subject that documents and notes are filed under."""

    label: Line | None = Field(None, description="What readers see. Default: the key.")
    about: Markdown | None = Field(None, description="What the topic is about, in Markdown.")


class PersonFields(_Strict):
    """Somebody who is quoted."""

    name: Line | None = Field(None, description="Full name. Default: the key.")
    same_as: Address | None = Field(None, description="An address that identifies the person elsewhere.")


_Topics = Annotated[dict[Key, Annotated[TopicFields, _OrText("label")]], BeforeValidator(_no_keys)]
_People = Annotated[dict[Key, Annotated[PersonFields, _OrText("name")]], BeforeValidator(_no_keys)]


def _each(names: Sequence[str], schema: object) -> dict[str, Any]:
    return {"type": "object", "propertyNames": {"enum": list(names)}, "additionalProperties": schema}


# Words around a number: a text, or one for each plural category (CLDR) of the language.
_COUNTING: Final = {"type": "string", "minLength": 1}
_FORMS: Final = {"anyOf": [_COUNTING, _each(PLURAL_CATEGORIES, _COUNTING) | {"required": ["other"]}]}
_Forms = Annotated[
    dict[str, Annotated[str, AfterValidator(field_values.counting_words)]],
    BeforeValidator(lambda value: {"other": value} if isinstance(value, str) and value else value),
    AfterValidator(field_values.plural_forms),
]


_OwnForms = Annotated[
    dict[str, Line],
    BeforeValidator(lambda value: {"other": value} if isinstance(value, str) and value else value),
    AfterValidator(field_values.plural_forms),
]
_OwnWords = Annotated[
    dict[str, _OwnForms],
    BeforeValidator(_no_keys),
    WithJsonSchema({"type": ["object", "null"], "additionalProperties": _FORMS}),
]


def _words_or_silence(value: object) -> object:
    if not isinstance(value, str):
        return value
    return {} if value == "" or field_values.truth(value) else None


_WordsOfTones = Annotated[
    dict[Annotated[str, AfterValidator(field_values.tone)], _Forms] | None,
    BeforeValidator(_words_or_silence),
    WithJsonSchema({"anyOf": [_TRUTH, _each(field_values.TONES, _FORMS), {"type": "null"}]}),
]


class CorpusFile(_Strict):
    """What holds for the whole corpus."""

    title: Line = Field("Annotated corpus", description="Title of the corpus.")
    language: Language = Field("en", description="Language of the documents, unless they say otherwise (BCP 47).")
    publisher: Annotated[PublisherEntry, _OrText("name")] | None = Field(
        None, description="Who answers for the corpus: a name, or fields."
    )
    license: Line | None = Field(None, description="Terms on which the notes may be used.")
    reveal: Truth = Field(default=False, description="true: keep verdicts closed until the reader opens them.")
    verdicts: Annotated[tuple[VerdictEntry, ...], BeforeValidator(_none_given)] = Field(
        (), description="The verdict scale, in order. Default: six steps.", json_schema_extra=_nullable
    )
    what_holds: _WordsOfTones = Field(
        {},
        description="The sentence that says how many claims hold. false: none. Or other words for some tones of the "
        "scale: tone -> words around %(num)s.",
    )
    words: _OwnWords = Field({}, description="English text of the program -> what the site says instead.")
    topics: _Topics = Field(
        {}, description="Topic key -> label, or label and description.", json_schema_extra=_nullable
    )
    people: _People = Field({}, description="Person key -> name, or name and address.", json_schema_extra=_nullable)


class SourcesFile(RootModel[dict[Key, SourceFields]]):
    """The shared bibliography: key -> source."""


MODELS: Final[dict[str, Any]] = {"sidecar": Sidecar, "corpus": CorpusFile, "sources": SourcesFile}


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, described in model.model_fields.items():
        yield described.alias or name
        for inner in _models_in(described.annotation):
            yield from _names(inner)


def known_keys(model: type[BaseModel], location: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the keys that a model has at a location within it, in the order in which they are declared."""
    for step in ("root", *location):
        if step == "<place>":
            model = SourceRef
        elif step == "<written>":
            model = WrittenSource
        elif isinstance(step, str) and step in model.model_fields:
            model = next(_models_in(model.model_fields[step].annotation), model)
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


NAMES: Final = frozenset(name for model in MODELS.values() for name in _names(model)) - {"root"}
"""Every key of the three files, at any level."""


def json_schema(name: str) -> str:
    """Return the JSON Schema (2020-12) of ``sidecar``, ``corpus`` or ``sources``, as the text of its file."""
    model: type[BaseModel] = MODELS[name]
    schema = model.model_json_schema(schema_generator=_ForEditors)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, ensure_ascii=False, indent=2) + "\n"


class _ForEditors(GenerateJsonSchema):
    """Optional fields are not nullable in the schema, and their defaults are given in their descriptions."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        return {"allOf": [inner]} if "$ref" in inner else inner  # a bare reference would lose the field's description

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        result = super().default_schema(schema)
        if result.get("default") in (None, [], {}, ""):
            result.pop("default", None)
        return result

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        result = super().dict_schema(schema)
        if "patternProperties" in result:
            result["additionalProperties"] = False
        return result

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the library's signature
        return False
