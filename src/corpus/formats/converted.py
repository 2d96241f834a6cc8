"""What every reader yields and every writer takes: sources, annotators, and articles one at a time with their layers. Knows no format."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

from corpus.model import AnnotationSet, Annotator, Document, Holdings, RegisteredClaim, Source, Stretch
from corpus.problems import CorpusError, Problem

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
    """What the user tells where files do not: id of the source, licence (SPDX), language (ISO 639); and which documents are asked for.

    With `keep_going` an article that cannot be taken is left out and told; else with one nothing is made.
    """

    source: str | None = None
    licence: str | None = None
    language: str | None = None
    only: str | None = None
    keep_going: bool = False

    def takes(self, document: str) -> bool:
        """Whether a document is asked for, by its id, which has no capitals.

        >>> Given(only="GUM_news_*").takes("gum_news_nasa"), Given().takes("any")
        (True, True)
        """
        return self.only is None or fnmatchcase(document, self.only.lower())


class Articles:
    """Articles made one at a time, each under the name of its file; after one that cannot be read the next one can.

    A generator would end there.
    """

    def __init__(self, make: Callable[..., Article], of: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
        """`of` has the name of each article's file and what `make` takes."""
        self._make, self._of = make, iter(of)
        self.at = ""

    def __iter__(self) -> Iterator[Article]:
        """Itself."""
        return self

    def __next__(self) -> Article:
        """The next article; a CorpusError tells why there is none, and `at` of which file."""
        self.at, given = next(self._of)
        try:
            return self._make(*given)
        except (AttributeError, LookupError, TypeError, ValueError) as error:  # what a damaged file gives a reader that trusts its form
            raise CorpusError(f"it has not the form of its kind: {type(error).__name__} {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """All that was read. `articles` is read once, one article in memory at a time; `total` is how many there are.

    `problems` are faults of files that no article has.
    """

    sources: tuple[Source, ...]
    annotators: tuple[Annotator, ...]
    total: int
    articles: Iterator[Article]
    registry: tuple[RegisteredClaim, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()

    def soundly(self) -> Iterator[Article | Problem]:
        """The articles, and in the place of each that cannot be read a Problem; the rest is read all the same."""
        yield from self.problems
        refused, made = False, 0
        while True:
            try:
                article = next(self.articles)
            except StopIteration:
                break
            except CorpusError as error:
                refused, made = True, made + 1
                yield unreadable(getattr(self.articles, "at", ""), str(error))
            else:
                made += 1
                yield article
        if refused and made < self.total:
            yield unreadable("", f"what follows it cannot be read either: {self.total - made:,} articles")

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


def unreadable(where: str, message: str) -> Problem:
    """The fault of an article, or of a file of it, that its reader cannot read."""
    return Problem(where=where, pointer="", check="article-is-readable", message=message)


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
