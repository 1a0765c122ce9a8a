"""A small corpus for sidecars to refer to."""

from builder.diagnostics import Diagnostic, Place
from builder.model import Limits, Person, Project, Source, Topic
from builder.read.corpus_and_sources import DEFAULT_VERDICTS
from builder.read.sidecar import ParsedSidecar, read_sidecar

FILE = "seeds/a.yml"


def project() -> Project:
    place = Place("seeds/sources.yml", 1, 1)
    source = Source("hague", "The Hague Declaration", (), None, None, None, None, None, None, link=True, place=place)
    return Project(
        title="Corpus",
        language="en",
        publisher=None,
        license=None,
        verdicts={each.id: each for each in DEFAULT_VERDICTS},
        topics={"nato": Topic("nato", "NATO", None), "spending": Topic("spending", "Spending", None)},
        people={"vladimir-putin": Person("vladimir-putin", "Vladimir Putin", None)},
        sources={"hague": source},
    )


def read(
    text: str | None, slug: str = "a", limits: Limits | None = None
) -> tuple[ParsedSidecar, tuple[Diagnostic, ...]]:
    return read_sidecar(text, file=FILE, slug=slug, project=project(), limits=limits or Limits())
