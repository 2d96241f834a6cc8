"""What every reader yields and every writer takes: sources, annotators, and articles one at a time with their layers. Knows no format."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from corpus.model import AnnotationSet, Annotator, Document, Holdings, RegisteredClaim, Source, Stretch
from corpus.problems import CorpusError

Value = str | bool | int | tuple[Stretch, ...]
# Id of a mention or an attribution, or "document" → name → value: what the scheme has no field for.
Extra = Mapping[str, Mapping[str, Value]]
DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Note:
    """What a conversion changed or left out, and how often: kind "left_out", what "Discuss in no attribution", number 3."""

    kind: Literal["changed", "left_out"]
    what: str
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A document with its text, its layers by annotator, what else the file told, and what was changed or left out on the way."""

    document: Document
    layers: tuple[AnnotationSet, ...]
    extra: Mapping[str, Extra] = field(default_factory=dict)  # by annotator
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the user tells where files do not: id of the source, licence (SPDX), language (ISO 639); and which documents are asked for."""

    source: str | None = None
    licence: str | None = None
    language: str | None = None
    only: str | None = None

    def takes(self, document: str) -> bool:
        """Whether a document is asked for, by its id.

        >>> Given(only="gum_news_*").takes("gum_news_nasa"), Given().takes("any")
        (True, True)
        """
        return self.only is None or fnmatchcase(document, self.only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """All that was read. `articles` is read once, one article in memory at a time; `total` is how many there are."""

    sources: tuple[Source, ...]
    annotators: tuple[Annotator, ...]
    total: int
    articles: Iterator[Article]
    registry: tuple[RegisteredClaim, ...] = ()
    notes: tuple[Note, ...] = ()

    def withheld(self, document: Document) -> bool:
        """Whether the text of this document may not be passed on."""
        return next((one.text for one in self.sources if one.id == document.source), "withheld") == "withheld"

    def holdings(self) -> Holdings:
        """Everything at once, in memory, as `store.read` gives it; uses up the articles."""
        articles = list(self.articles)
        return Holdings(
            sources={one.id: one for one in self.sources},
            documents={one.document.id: one.document for one in sorted(articles, key=lambda one: one.document.id)},
            annotators={one.id: one for one in self.annotators},
            layers={f"annotations/{one.document}/{one.annotator}.json": one for article in articles for one in article.layers},
            registry={f"annotations/claims/{one.id}.json": one for one in self.registry},
        )


def of_taken(registry: Iterable[RegisteredClaim], given: Given) -> tuple[RegisteredClaim, ...]:
    """The claims that the documents asked for tell of, without the members that are in others."""
    kept = ((claim, tuple(one for one in claim.members if given.takes(one.document))) for claim in registry)
    return tuple(replace(claim, members=members) for claim, members in kept if members)


def pseudonym(name: str) -> str:
    """The annotator id of a name: the name itself where it is one, else the first four hex digits of its SHA-256.

    >>> pseudonym("6b86"), pseudonym("gold"), pseudonym("the annotators of GUM")
    ('6b86', 'gold', '89e2')
    """
    return name if re.fullmatch("[0-9a-f]{4}|gold", name) else hashlib.sha256(name.encode()).hexdigest()[:4]


def document_id(name: str) -> str:
    """The id of a document made from the name of its file; refused where nothing of it is left.

    >>> document_id("GUM_news_nasa"), document_id("courier_2016-09-08_the-dam-"), document_id("4895 - Jungfernflug: 1")
    ('gum_news_nasa', 'courier_2016-09-08_the-dam', '4895-jungfernflug-1')
    """
    words = re.sub(r"[^a-z0-9_-]+", "-", name.lower())
    made = re.sub(r"([_-])[_-]+", r"\1", words).strip("_-")
    if not made or len(made) > 80:
        made = f"{made[:67].strip('_-')}-{hashlib.sha256(name.encode()).hexdigest()[:12]}".strip("-")
    return made


def distinct(ids: Sequence[str], what: str) -> None:
    """Refuse two files that would become one document."""
    twice = next((one for one in ids if ids.count(one) > 1), None) if len(set(ids)) < len(ids) else None
    if twice is not None:
        raise CorpusError(f"two files of {what} would both become the document {twice}; rename one")
