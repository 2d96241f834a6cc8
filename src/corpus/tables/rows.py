"""Readings as rows of each config, in plain values. Derives what is never annotated: parent, depth, source chain, BIO tags."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from corpus import text
from corpus.checks.of_relations import contains
from corpus.codec import annotations_to_json
from corpus.model import HUBS, AnnotationSet, Annotator, Attribution, Document, Label, Member, Mention, RegisteredClaim, Source, Span
from corpus.tables.columns import Config

Row = dict[str, Any]

_ATTRIBUTES = ("responsibility", "denial_scope", "source_kind", "canonical_source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A layer with all that a row says of it; `open` is whether words of the text may stand in the row.

    `told` is what it tells of the registry, where it is the reading of record.
    """

    document: Document
    source: Source
    annotator: Annotator
    layer: AnnotationSet
    open: bool
    told: tuple[tuple[RegisteredClaim, Member], ...] = ()


def rows_of(config: Config, readings: Iterable[Reading]) -> list[Row]:
    """The rows of a config, in the order of the readings and of the text."""
    return [row for reading in readings for row in _ROWS[config](reading)]


def parents(mentions: Iterable[Mention]) -> dict[str, str | None]:
    """Hub → the smallest hub that contains it; of equal stretches the one that sorts first contains the other."""
    hubs = sorted((one for one in mentions if one.label in HUBS), key=_size)
    reach = [(one.spans[0].start, one.spans[-1].end, one) for one in hubs]
    return {
        one.id: next((wide.id for first, last, wide in reach[at:] if first <= start and end <= last and contains(wide, one)), None)
        for at, (start, end, one) in enumerate(reach, start=1)
    }


def bio(stretches: Iterable[tuple[int, int]], tokens: list[tuple[int, int]]) -> list[str]:
    """B for a token that starts a stretch, I for one inside it, O for the others; all in code points, tokens in order.

    >>> bio([(4, 13)], [(0, 3), (4, 7), (8, 13), (14, 15)])
    ['O', 'B', 'I', 'O']
    """
    tags, starts, ends = ["O"] * len(tokens), [start for start, _ in tokens], [end for _, end in tokens]
    for start, end in stretches:
        inside = range(bisect_right(ends, start), bisect_left(starts, end))
        for nth, at in enumerate(inside):
            tags[at] = "I" if nth else "B"
    return tags


def _documents(reading: Reading) -> Iterator[Row]:
    document = reading.document
    facts = {name: getattr(document, name) for name in ("source", "outlet", "date", "url", "language", "story", "text_sha256", "length")}
    furniture = [{"start": one.start, "end": one.end} for one in document.furniture]
    words = document.text if reading.open else None
    ours = {"licence": reading.source.licence, "text": words, "furniture": furniture, "phenomena": list(document.phenomena or ())}
    yield {"document": document.id, **facts, **ours, **_layer(reading)}


def _annotations(reading: Reading) -> Iterator[Row]:
    yield {"document": reading.document.id, "text_sha256": reading.layer.text_sha256, **_layer(reading)}


def _attributions(reading: Reading) -> Iterator[Row]:
    known, derived = _mentions(reading), _derived(reading.layer)
    for one in reading.layer.attributions:
        parts = {"hub": known[one.hub], "sources": [known[id] for id in one.sources], "cues": [known[id] for id in one.cues]}
        said = {"quote_type": one.quote_type, "polarity": one.polarity, "certainty": one.certainty}
        facts = {"document": reading.document.id, "attribution": one.id, "annotator": reading.layer.annotator}
        yield facts | parts | said | derived[one.hub]


def _denials(reading: Reading) -> Iterator[Row]:
    denials = [one for one in reading.layer.mentions if one.label == "denial"]
    known = _mentions(reading) if denials else {}
    said = {one.hub: one for one in reading.layer.attributions}
    for mention in denials:
        one = said[mention.id]
        answered = [link.to for link in reading.layer.links if link.type == "denies" and link.from_ == mention.id]
        yield {
            "document": reading.document.id,
            "denial": known[mention.id],
            "sources": [known[id] for id in one.sources],
            "cues": [known[id] for id in one.cues],
            "polarity": one.polarity,
            "certainty": one.certainty,
            "denies": [{"mention": known[id], "sources": _sources(known, said.get(id))} for id in answered],
            "annotator": reading.layer.annotator,
        }


def _tokens(reading: Reading) -> Iterator[Row]:
    """No row for a text that is not at hand: tokens cannot be guessed."""
    words = reading.document.text
    if words is None:
        return
    places = text.tokens(words)
    tags = {f"{label}_tags": bio(outermost(reading.layer, label), places) for label in get_args(Label)}
    yield {
        "document": reading.document.id,
        "annotator": reading.layer.annotator,
        "tokens": [words[start:end] for start, end in places] if reading.open else None,
        "starts": [start for start, _ in places],
        "ends": [end for _, end in places],
        **tags,
    }


def _claims(reading: Reading) -> Iterator[Row]:
    """A row for each member of the registry in this reading."""
    known = _mentions(reading) if reading.told else {}
    said = {one.hub: one for one in reading.layer.attributions}
    for claim, one in reading.told:
        facts = {"document": one.document, "claim": claim.id, "statement": claim.statement, "stance": one.stance}
        sources = _sources(known, said.get(one.mention))
        yield facts | {"mention": known[one.mention], "sources": sources, "annotator": reading.layer.annotator}


_ROWS: Mapping[Config, Callable[[Reading], Iterator[Row]]] = {
    "documents": _documents,
    "attributions": _attributions,
    "denials": _denials,
    "tokens": _tokens,
    "annotations": _annotations,
    "claims": _claims,
}


def _layer(reading: Reading) -> Row:
    layer, derived = reading.layer, _derived(reading.layer)
    plain = annotations_to_json(layer)
    return {
        "annotator": layer.annotator,
        "annotator_kind": reading.annotator.kind,
        "origin": layer.origin,
        "guidelines": layer.guidelines,
        "made_from": plain.get("made_from"),
        "decisions": plain.get("decisions"),
        "mentions": list(_mentions(reading).values()),
        "attributions": [one | derived[one["hub"]] for one in plain["attributions"]],
        "links": plain["links"],
    }


def _mentions(reading: Reading) -> dict[str, Row]:
    return {one.id: _mention(one, reading) for one in sorted(reading.layer.mentions, key=lambda one: one.place)}


def _mention(mention: Mention, reading: Reading) -> Row:
    spans = [{"start": s.start, "end": s.end, "quote": _quote(s, reading), "check": s.check} for s in mention.spans]
    return {"id": mention.id, "label": mention.label, "spans": spans} | {name: getattr(mention, name) for name in _ATTRIBUTES}


def _quote(span: Span, reading: Reading) -> str | None:
    if not reading.open or reading.document.text is None:
        return None
    return reading.document.text[span.start : span.end]


def _derived(layer: AnnotationSet) -> dict[str, Row]:
    """Hub → parent, depth (0 at the top) and the sources from the writer inwards; ids joined by + where several, ? where none."""
    above, said = parents(layer.mentions), {one.hub: one for one in layer.attributions}
    derived = {}
    for hub in above:
        line = _line(hub, above)
        chain = ["AUTHOR", *("+".join(said[one].sources) or "?" for one in reversed(line) if one in said)]
        derived[hub] = {"parent": above[hub], "depth": len(line) - 1, "source_chain": chain}
    return derived


def _line(hub: str, above: Mapping[str, str | None]) -> list[str]:
    line, outer = [hub], above[hub]
    while outer is not None:
        line.append(outer)
        outer = above[outer]
    return line


def _size(mention: Mention) -> tuple[int, str]:
    return sum(span.end - span.start for span in mention.spans), mention.id


def _sources(known: Mapping[str, Row], attribution: Attribution | None) -> list[Row]:
    return [known[id] for id in attribution.sources] if attribution is not None else []


def outermost(layer: AnnotationSet, label: Label) -> list[tuple[int, int]]:
    """BIO holds no nesting: of spans of one label that overlap, the longest stands."""
    spans = sorted(((s.start, s.end) for one in layer.mentions if one.label == label for s in one.spans), key=lambda s: (s[0] - s[1], s[0]))
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if all(end <= first or last <= start for first, last in kept):
            kept.append((start, end))
    return sorted(kept)
