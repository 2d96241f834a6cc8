"""Readings as rows of each config, in plain values. Derives what is never annotated: parent, depth, source chain, BIO tags."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, get_args

from corpus import codec, text
from corpus.checks.of_relations import contains
from corpus.model import HUBS, AnnotationSet, Annotator, Attribution, Document, Label, Member, Mention, RegisteredClaim, Source, Span
from corpus.tables.columns import Config

Row = dict[str, Any]

_OF_DOCUMENT = ("source", "outlet", "date", "url", "language", "story", "text_sha256", "length")


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


@dataclass(frozen=True, slots=True)
class _Parts:
    """A reading with what several configs tell of it, made once: mentions as rows by id, attributions by hub, parent and chain by hub."""

    reading: Reading
    known: Mapping[str, Row]
    said: Mapping[str, Attribution]
    derived: Mapping[str, Row]


def rows_of(config: Config, readings: Iterable[Reading]) -> list[Row]:
    """The rows of a config, in the order of the readings and of the text."""
    return [row for reading in readings for row in _ROWS[config](_parts(reading))]


def rows_by_config(configs: Iterable[Config], reading: Reading) -> dict[Config, list[Row]]:
    """The rows of one reading in each of the configs. Rows share values: they are to be written, not changed."""
    parts = _parts(reading)
    return {config: list(_ROWS[config](parts)) for config in configs}


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
    return _tagged(stretches, [start for start, _ in tokens], [end for _, end in tokens])


def _tagged(stretches: Iterable[tuple[int, int]], starts: list[int], ends: list[int]) -> list[str]:
    tags = ["O"] * len(starts)
    for start, end in stretches:
        first, after = bisect_right(ends, start), bisect_left(starts, end)
        if first < after:
            tags[first:after] = ["B", *["I"] * (after - first - 1)]
    return tags


def _parts(reading: Reading) -> _Parts:
    known = {one.id: _mention(one, reading) for one in sorted(reading.layer.mentions, key=lambda one: one.place)}
    said = {one.hub: one for one in reading.layer.attributions}
    return _Parts(reading, known, said, _derived(reading.layer, said))


def _documents(parts: _Parts) -> Iterator[Row]:
    reading, document = parts.reading, parts.reading.document
    facts = {name: getattr(document, name) for name in _OF_DOCUMENT}
    furniture = [{"start": one.start, "end": one.end} for one in document.furniture]
    words = document.text if reading.open else None
    ours = {"licence": reading.source.licence, "text": words, "furniture": furniture, "phenomena": list(document.phenomena or ())}
    yield {"document": document.id, **facts, **ours, **_layer(parts)}


def _annotations(parts: _Parts) -> Iterator[Row]:
    yield {"document": parts.reading.document.id, "text_sha256": parts.reading.layer.text_sha256, **_layer(parts)}


def _attributions(parts: _Parts) -> Iterator[Row]:
    known, layer = parts.known, parts.reading.layer
    for one in layer.attributions:
        joined = {"hub": known[one.hub], "sources": [known[id] for id in one.sources], "cues": [known[id] for id in one.cues]}
        said = {"quote_type": one.quote_type, "polarity": one.polarity, "certainty": one.certainty}
        facts = {"document": layer.document, "attribution": one.id, "annotator": layer.annotator}
        yield facts | joined | said | parts.derived[one.hub]


def _denials(parts: _Parts) -> Iterator[Row]:
    known, said, layer = parts.known, parts.said, parts.reading.layer
    for mention in layer.mentions:
        if mention.label == "denial":
            one = said[mention.id]
            answered = [link.to for link in layer.links if link.type == "denies" and link.from_ == mention.id]
            yield {
                "document": layer.document,
                "denial": known[mention.id],
                "sources": [known[id] for id in one.sources],
                "cues": [known[id] for id in one.cues],
                "polarity": one.polarity,
                "certainty": one.certainty,
                "denies": [{"mention": known[id], "sources": _sources(known, said.get(id))} for id in answered],
                "annotator": layer.annotator,
            }


def _tokens(parts: _Parts) -> Iterator[Row]:
    """No row for a text that is not at hand: tokens cannot be guessed."""
    reading, words = parts.reading, parts.reading.document.text
    if words is None:
        return
    places = text.tokens(words)
    starts, ends = [start for start, _ in places], [end for _, end in places]
    yield {
        "document": reading.document.id,
        "annotator": reading.layer.annotator,
        "tokens": [words[start:end] for start, end in places] if reading.open else None,
        "starts": starts,
        "ends": ends,
        **{f"{label}_tags": _tagged(outermost(reading.layer, label), starts, ends) for label in get_args(Label)},
    }


def _claims(parts: _Parts) -> Iterator[Row]:
    """A row for each member of the registry in this reading."""
    for claim, one in parts.reading.told:
        facts = {"document": one.document, "claim": claim.id, "statement": claim.statement, "stance": one.stance}
        sources = _sources(parts.known, parts.said.get(one.mention))
        yield facts | {"mention": parts.known[one.mention], "sources": sources, "annotator": parts.reading.layer.annotator}


_ROWS: Mapping[Config, Callable[[_Parts], Iterator[Row]]] = {
    "documents": _documents,
    "attributions": _attributions,
    "denials": _denials,
    "tokens": _tokens,
    "annotations": _annotations,
    "claims": _claims,
}


def _layer(parts: _Parts) -> Row:
    layer = codec.in_order(parts.reading.layer)
    return {
        "annotator": layer.annotator,
        "annotator_kind": parts.reading.annotator.kind,
        "origin": layer.origin,
        "guidelines": layer.guidelines,
        "made_from": None if layer.made_from is None else [asdict(one) for one in layer.made_from],
        "decisions": None if layer.decisions is None else [asdict(one) for one in layer.decisions],
        "mentions": list(parts.known.values()),
        "attributions": [_attribution(one) | parts.derived[one.hub] for one in layer.attributions],
        "links": [{"type": one.type, "from": one.from_, "to": one.to} for one in layer.links],
    }


def _attribution(one: Attribution) -> Row:
    parts = {"sources": list(one.sources), "cues": list(one.cues)}
    return {"id": one.id, "hub": one.hub, **parts, "quote_type": one.quote_type, "polarity": one.polarity, "certainty": one.certainty}


def _mention(mention: Mention, reading: Reading) -> Row:
    spans = [{"start": s.start, "end": s.end, "quote": _quote(s, reading), "check": s.check} for s in mention.spans]
    return {
        "id": mention.id,
        "label": mention.label,
        "spans": spans,
        "responsibility": mention.responsibility,
        "denial_scope": mention.denial_scope,
        "source_kind": mention.source_kind,
        "canonical_source": mention.canonical_source,
    }


def _quote(span: Span, reading: Reading) -> str | None:
    if not reading.open or reading.document.text is None:
        return None
    return reading.document.text[span.start : span.end]


def _derived(layer: AnnotationSet, said: Mapping[str, Attribution]) -> dict[str, Row]:
    """Hub → parent, depth (0 at the top) and the sources from the writer inwards; ids joined by + where several, ? where none."""
    above = parents(layer.mentions)
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
