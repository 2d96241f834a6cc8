"""What a format says of whole corpora, documents and readings beside the marks, as plain values. Knows no path and no format.

A format that has a place for a JSON value carries these, and so comes back with nothing lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus import codec
from corpus.formats.converted import Converted, Extra, Value
from corpus.model import AnnotationSet, Annotator, RegisteredClaim, Source, Stretch

_MARKS = ("mentions", "attributions", "links")
_HEAD = ("document", "text_sha256", "annotator", "origin", "guidelines", "made_from", "decisions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What belongs to no one document."""

    sources: tuple[Source, ...] = ()
    annotators: tuple[Annotator, ...] = ()
    registry: tuple[RegisteredClaim, ...] = field(default=())


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


def extra_to_json(extra: Extra) -> codec.Json:
    """What else is told, spans as start and end.

    >>> extra_to_json({"m1": {"nested": True, "frame": (Stretch(start=0, end=4),)}})
    {'m1': {'frame': [{'start': 0, 'end': 4}], 'nested': True}}
    """
    return {id: {name: _plain(value) for name, value in sorted(values.items())} for id, values in sorted(extra.items()) if values}


def extra_from_json(value: Mapping[str, Mapping[str, Any]]) -> Extra:
    """The same, back."""
    return {id: {name: _value(one) for name, one in values.items()} for id, values in value.items()}


def _plain(value: Value) -> str | bool | int | list[codec.Json]:
    return [{"start": one.start, "end": one.end} for one in value] if isinstance(value, tuple) else value


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(Stretch(start=one["start"], end=one["end"]) for one in value)
    held: str | bool | int = value
    return held


def stretches(places: Iterable[tuple[int, int]]) -> tuple[Stretch, ...]:
    """Places as the value of something kept."""
    return tuple(Stretch(start=start, end=end) for start, end in places)
