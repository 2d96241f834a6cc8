"""Readings as the parts of which rows are made. Derives what is never annotated: parent, depth, source chain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corpus import codec
from corpus.checks.of_relations import contains
from corpus.model import HUBS, AnnotationSet, Annotator, Attribution, Document, Member, Mention, RegisteredClaim, Source, Span

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
class Parts:
    """A reading as the parts of rows that several configs share: they are to be written, not changed.

    `article` and `layer` have the columns of `documents` but `mentions`; these are `known`, by id in the order of the text. `words` is the
    text of record, where it is at hand.
    """

    article: Row
    layer: Row
    known: Mapping[str, Row]
    words: str | None
    open: bool
    told: Sequence[tuple[RegisteredClaim, Member]] = ()

    @property
    def document(self) -> str:
        """The id of the article."""
        return str(self.article["document"])

    @property
    def annotator(self) -> str:
        """Whose reading it is."""
        return str(self.layer["annotator"])


def parts_of(reading: Reading) -> Parts:
    """The parts of a reading."""
    layer = codec.in_order(reading.layer)
    known = {one.id: _mention(one, reading) for one in layer.mentions}
    return Parts(_article(reading), _layer(reading, layer), known, reading.document.text, reading.open, reading.told)


def parents(mentions: Iterable[Mention]) -> dict[str, str | None]:
    """Hub → the smallest hub that contains it; of equal stretches the one that sorts first contains the other."""
    hubs = sorted((one for one in mentions if one.label in HUBS), key=_size)
    reach = [(one.spans[0].start, one.spans[-1].end, one) for one in hubs]
    return {
        one.id: next((wide.id for first, last, wide in reach[at:] if first <= start and end <= last and contains(wide, one)), None)
        for at, (start, end, one) in enumerate(reach, start=1)
    }


def derived(said: Mapping[str, Sequence[str]], above: Mapping[str, str | None]) -> dict[str, Row]:
    """Hub → parent, depth (0 at the top) and the sources from the writer inwards; ids joined by + where several, ? where none.

    `said` has the sources of each attributed hub, `above` the parent of every hub.
    """
    return {hub: _derived(hub, said, above) for hub in above}


def _derived(hub: str, said: Mapping[str, Sequence[str]], above: Mapping[str, str | None]) -> Row:
    line, outer = [hub], above[hub]
    while outer is not None:
        line.append(outer)
        outer = above[outer]
    chain = ["AUTHOR"]
    for one in reversed(line):
        if one in said:
            chain.append("+".join(said[one]) or "?")
    return {"parent": above[hub], "depth": len(line) - 1, "source_chain": chain}


# What stands in rows by the thousand has its keys in order: a digest spells them so, and need not sort them.


def bare(id: str, label: str, spans: list[Row]) -> Row:
    """A mention of which nothing else is said."""
    return {
        "canonical_source": None,
        "denial_scope": None,
        "id": id,
        "label": label,
        "responsibility": None,
        "source_kind": None,
        "spans": spans,
    }


def span(start: int, end: int, quote: str | None, check: str) -> Row:
    """A stretch, in code points."""
    return {"check": check, "end": end, "quote": quote, "start": start}


def link(kind: str, from_: str, to: str) -> Row:
    """A relation of two mentions."""
    return {"from": from_, "to": to, "type": kind}


def attributed(hub: str, sources: list[str], cues: list[str], said: Mapping[str, str | None], above: Row) -> Row:
    """An attribution as a row has it: its parts, what is `said` of it, and what is derived."""
    return {
        "certainty": said.get("certainty"),
        "cues": cues,
        "depth": above["depth"],
        "hub": hub,
        "id": f"a-{hub}",
        "parent": above["parent"],
        "polarity": said.get("polarity"),
        "quote_type": said.get("quote_type"),
        "source_chain": above["source_chain"],
        "sources": sources,
    }


def _article(reading: Reading) -> Row:
    document = reading.document
    facts = {name: getattr(document, name) for name in _OF_DOCUMENT}
    furniture = [{"start": one.start, "end": one.end} for one in document.furniture]
    words = document.text if reading.open else None
    ours = {"licence": reading.source.licence, "text": words, "furniture": furniture, "phenomena": list(document.phenomena or ())}
    return {"document": document.id, **facts, **ours}


def _layer(reading: Reading, layer: AnnotationSet) -> Row:
    above = derived({one.hub: one.sources for one in layer.attributions}, parents(layer.mentions))
    return {
        "annotator": layer.annotator,
        "annotator_kind": reading.annotator.kind,
        "origin": layer.origin,
        "guidelines": layer.guidelines,
        "made_from": None if layer.made_from is None else [asdict(one) for one in layer.made_from],
        "decisions": None if layer.decisions is None else [asdict(one) for one in layer.decisions],
        "attributions": [attributed(one.hub, list(one.sources), list(one.cues), _said(one), above[one.hub]) for one in layer.attributions],
        "links": [link(one.type, one.from_, one.to) for one in layer.links],
    }


def _mention(mention: Mention, reading: Reading) -> Row:
    spans = [span(one.start, one.end, _quote(one, reading), one.check) for one in mention.spans]
    return bare(mention.id, mention.label, spans) | {name: getattr(mention, name) for name in codec.ATTRIBUTES[mention.label]}


def _said(one: Attribution) -> Mapping[str, str | None]:
    return {"quote_type": one.quote_type, "polarity": one.polarity, "certainty": one.certainty}


def _quote(one: Span, reading: Reading) -> str | None:
    if not reading.open or reading.document.text is None:
        return None
    return reading.document.text[one.start : one.end]


def _size(mention: Mention) -> tuple[int, str]:
    return sum(span.end - span.start for span in mention.spans), mention.id
