"""What a format says of whole corpora, documents and readings beside the marks, as plain values. Knows no path and no format.

A format that has a place for a JSON value carries these, and so comes back with nothing lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus import codec, schema, tasks, text
from corpus.formats.converted import DOCUMENT, Article, Converted, Extra, Given, Value
from corpus.model import (
    AnnotationSet,
    Annotator,
    Attribution,
    Label,
    Link,
    LinkType,
    Mention,
    RegisteredClaim,
    Source,
    Span,
    Stretch,
)  # fmt: skip
from corpus.problems import CorpusError, Problem

COMMON = "corpus.json"  # of a written folder: what belongs to no one document
_MARKS = ("mentions", "attributions", "links")
_UNKNOWN: Mapping[str, Any] = dict.fromkeys(tasks.OF_ATTRIBUTION)
_HEAD = ("document", "text_sha256", "annotator", "origin", "guidelines", "made_from", "decisions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What belongs to no one document."""

    sources: tuple[Source, ...] = ()
    annotators: tuple[Annotator, ...] = ()
    registry: tuple[RegisteredClaim, ...] = field(default=())

    @property
    def withheld(self) -> frozenset[str]:
        """The sources whose texts may not be passed on."""
        return frozenset(one.id for one in self.sources if one.text == "withheld")


def common_to_json(converted: Converted) -> codec.Json:
    """Sources, annotators and registry of a corpus."""
    return {
        "sources": [codec.source_to_json(one) for one in converted.sources],
        "annotators": codec.annotators_to_json(converted.annotators)["annotators"],
        "registry": [codec.claim_to_json(one) for one in converted.registry],
    }


def common_from_json(value: codec.Json) -> Common:
    """The same, back."""
    return Common(
        sources=tuple(codec.source_from_json(one) for one in value["sources"]),
        annotators=codec.annotators_from_json(value),
        registry=tuple(codec.claim_from_json(one) for one in value["registry"]),
    )


def head_to_json(layer: AnnotationSet) -> codec.Json:
    """A layer without its marks: whose it is, and what it was made from."""
    return {key: held for key, held in codec.annotations_to_json(layer).items() if key not in _MARKS}


def head_from_json(value: codec.Json) -> dict[str, Any]:
    """The fields of a layer that are no marks."""
    layer = codec.annotations_from_json({**value, **{name: [] for name in _MARKS}})
    return {name: getattr(layer, name) for name in _HEAD}


def article_to_json(article: Article, layer: AnnotationSet | None) -> codec.Json:
    """The record of an article and the head of one reading of it (or of none), with what else that tells."""
    told = {} if layer is None else article.extra.get(layer.annotator, {})
    head = None if layer is None else head_to_json(layer)
    return {"document": codec.document_to_json(article.document), "layer": head, "extra": extra_to_json(told)}


def article_from_json(value: codec.Json, words: str) -> Article:
    """The article, without its marks; refused where the text is not the one of the record."""
    document = codec.document_from_json(value["document"], words)
    if text.sha256(words) != document.text_sha256:
        raise CorpusError(f"the text of {document.id} is not the one that was converted")
    told = {value["layer"]["annotator"]: extra_from_json(value["extra"])} if value["layer"] and value["extra"] else {}
    return Article(document=document, layers=(), extra=told)


def layer_of(
    head: codec.Json,
    words: str,
    mentions: Iterable[tuple[str, Label, Iterable[tuple[int, int]], Mapping[str, Any]]],
    attributions: Iterable[tuple[str, Mapping[str, tuple[str, ...]], Mapping[str, Any]]],
    links: Iterable[tuple[LinkType, str, str]],
    *,
    withheld: bool,
) -> AnnotationSet:
    """A layer of ours as another format carried it: nothing is made sound here, for the checks of the conversion look at it."""
    return codec.in_order(
        AnnotationSet(
            **head_from_json(head),
            mentions=tuple(
                Mention(id=id, label=label, spans=tuple(span(words, *one, withheld=withheld) for one in places), **values)
                for id, label, places, values in mentions
            ),
            attributions=tuple(
                Attribution(id=f"a-{hub}", hub=hub, **{"sources": (), "cues": (), **_UNKNOWN, **parts, **values})
                for hub, parts, values in attributions
            ),
            links=tuple(Link(type=type, from_=first, to=second) for type, first, second in links),
        )
    )


def span(words: str, start: int, end: int, *, withheld: bool) -> Span:
    """A span with its check, and its words where they may be passed on."""
    return Span(start=start, end=end, quote=None if withheld else words[start:end], check=text.slice_check(words, start, end))


def value_of(path: Path) -> codec.Json:
    """The value of a JSON file beside the data; refused where it cannot be read."""
    try:
        value, problems = codec.read_json(path.read_bytes(), path.name, largest=None)
    except FileNotFoundError:
        raise CorpusError(f"{path.name} is missing: it was written with the data and belongs to it") from None
    if problems or not isinstance(value, dict):
        raise CorpusError(f"{path.name} cannot be read: {problems[0].message if problems else 'it is no object'}")
    return value


def grouped(files: Iterable[Path], given: Given) -> dict[str, list[Path]]:
    """The files of several readings by document, whose id is their name."""
    found: dict[str, list[Path]] = {}
    for one in files:
        if given.takes(one.stem):
            found.setdefault(one.stem, []).append(one)
    return dict(sorted(found.items()))


def extra_to_json(extra: Extra) -> codec.Json:
    """What else is told, spans as start and end.

    >>> extra_to_json({"m1": {"nested": True, "frame": (Stretch(start=0, end=4),)}})
    {'m1': {'frame': [{'start': 0, 'end': 4}], 'nested': True}}
    """
    return {id: {name: _plain(value) for name, value in sorted(values.items())} for id, values in sorted(extra.items()) if values}


def extra_from_json(value: Mapping[str, Mapping[str, Any]]) -> Extra:
    """The same, back."""
    return {id: {name: _value(one) for name, one in values.items()} for id, values in value.items()}


def extra_problems(where: str, extra: Extra, layer: AnnotationSet, length: int) -> Iterator[Problem]:
    """What is wrong with what else is told: its shape, ids that the reading lacks, spans outside of the text."""
    head = {"schema": "cda-extra/1", "document": layer.document, "annotator": layer.annotator, "of": extra_to_json(extra)}
    yield from schema.problems("extra", head, where)
    known = {DOCUMENT, *(one.id for one in layer.mentions), *(one.id for one in layer.attributions)}
    for id, values in extra.items():
        if id not in known:
            yield Problem(
                where=where, pointer=f"/of/{id}", check="matches-schema", message=f"the reading has no mention or attribution {id!r}"
            )
        if any(not 0 <= one.start < one.end <= length for held in values.values() if isinstance(held, tuple) for one in held):
            yield Problem(where=where, pointer=f"/of/{id}", check="offsets-are-in-text", message=f"a span outside of {length} code points")


def _plain(value: Value) -> str | bool | int | list[codec.Json]:
    return [{"start": one.start, "end": one.end} for one in value] if isinstance(value, tuple) else value


def _value(value: Any) -> Value:
    if isinstance(value, list | tuple):  # msgpack gives tuples
        return tuple(Stretch(start=one["start"], end=one["end"]) for one in value)
    held: str | bool | int = value
    return held


def stretches(places: Iterable[tuple[int, int]]) -> tuple[Stretch, ...]:
    """Places as the value of something kept."""
    return tuple(Stretch(start=start, end=end) for start, end in places)
