"""Readings as rows of each config, in plain values. Derives what is never annotated: parent, depth, source chain, BIO tags."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from corpus import codec
from corpus.checks.of_relations import contains
from corpus.model import HUBS, AnnotationSet, Annotator, Attribution, Document, Label, Member, Mention, RegisteredClaim, Source, Span
from corpus.tables.columns import Config
from corpus.tables.tokens import outermost, placed, tagged

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

    `article` and `layer` have the columns of `documents`, `known` the mentions by id in the order of the text. `words` is the text of
    record, where it is at hand.
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


def rows_of(config: Config, readings: Iterable[Reading]) -> list[Row]:
    """The rows of a config, in the order of the readings and of the text."""
    return [row for reading in readings for row in _ROWS[config](parts_of(reading))]


def rows_by_config(configs: Iterable[Config], parts: Parts) -> dict[Config, list[Row]]:
    """The rows of one reading in each of the configs. Rows share values: they are to be written, not changed."""
    return {config: list(_ROWS[config](parts)) for config in configs}


def parents(mentions: Iterable[Mention]) -> dict[str, str | None]:
    """Hub → the smallest hub that contains it; of equal stretches the one that sorts first contains the other."""
    hubs = sorted((one for one in mentions if one.label in HUBS), key=_size)
    reach = [(one.spans[0].start, one.spans[-1].end, one) for one in hubs]
    return {
        one.id: next((wide.id for first, last, wide in reach[at:] if first <= start and end <= last and contains(wide, one)), None)
        for at, (start, end, one) in enumerate(reach, start=1)
    }


def parts_of(reading: Reading) -> Parts:
    """The parts of a reading."""
    layer = codec.in_order(reading.layer)
    known = {one.id: _mention(one, reading) for one in layer.mentions}
    told = reading.told
    return Parts(_article(reading), _layer(reading, layer, known), known, reading.document.text, reading.open, told)


def derived(said: Mapping[str, Sequence[str]], above: Mapping[str, str | None]) -> dict[str, Row]:
    """Hub → parent, depth (0 at the top) and the sources from the writer inwards; ids joined by + where several, ? where none.

    `said` has the sources of each attributed hub, `above` the parent of every hub.
    """
    found = {}
    for hub in above:
        line = _line(hub, above)
        chain = ["AUTHOR", *("+".join(said[one]) or "?" for one in reversed(line) if one in said)]
        found[hub] = {"parent": above[hub], "depth": len(line) - 1, "source_chain": chain}
    return found


def _documents(parts: Parts) -> Iterator[Row]:
    yield {**parts.article, **parts.layer}


def _annotations(parts: Parts) -> Iterator[Row]:
    yield {"document": parts.document, "text_sha256": parts.article["text_sha256"], **parts.layer}


def _attributions(parts: Parts) -> Iterator[Row]:
    known, facts = parts.known, {"document": parts.document, "annotator": parts.annotator}
    for one in parts.layer["attributions"]:
        joined = {"hub": known[one["hub"]], "sources": [known[id] for id in one["sources"]], "cues": [known[id] for id in one["cues"]]}
        yield {name: held for name, held in one.items() if name != "id"} | joined | facts | {"attribution": one["id"]}


def _denials(parts: Parts) -> Iterator[Row]:
    known, said = parts.known, {one["hub"]: one for one in parts.layer["attributions"]}
    for id, mention in known.items():
        if mention["label"] == "denial":
            one = said[id]
            answered = [link["to"] for link in parts.layer["links"] if link["type"] == "denies" and link["from"] == id]
            yield {
                "document": parts.document,
                "denial": mention,
                "sources": [known[id] for id in one["sources"]],
                "cues": [known[id] for id in one["cues"]],
                "polarity": one["polarity"],
                "certainty": one["certainty"],
                "denies": [{"mention": known[id], "sources": _sources(known, said.get(id))} for id in answered],
                "annotator": parts.annotator,
            }


def _tokens(parts: Parts) -> Iterator[Row]:
    """No row for a text that is not at hand: tokens cannot be guessed."""
    if parts.words is None:
        return
    words, starts, ends = placed(parts.words)
    stretches: dict[str, list[tuple[int, int]]] = {label: [] for label in get_args(Label)}
    for one in parts.known.values():
        stretches[one["label"]] += [(span["start"], span["end"]) for span in one["spans"]]
    yield {
        "document": parts.document,
        "annotator": parts.annotator,
        "tokens": words if parts.open else None,
        "starts": starts,
        "ends": ends,
        **{f"{label}_tags": tagged(outermost(some), starts, ends) for label, some in stretches.items()},
    }


def _claims(parts: Parts) -> Iterator[Row]:
    """A row for each member of the registry in this reading."""
    said = {one["hub"]: one for one in parts.layer["attributions"]} if parts.told else {}
    for claim, one in parts.told:
        facts = {"document": one.document, "claim": claim.id, "statement": claim.statement, "stance": one.stance}
        sources = _sources(parts.known, said.get(one.mention))
        yield facts | {"mention": parts.known[one.mention], "sources": sources, "annotator": parts.annotator}


_ROWS: Mapping[Config, Callable[[Parts], Iterator[Row]]] = {
    "documents": _documents,
    "attributions": _attributions,
    "denials": _denials,
    "tokens": _tokens,
    "annotations": _annotations,
    "claims": _claims,
}


def _article(reading: Reading) -> Row:
    document = reading.document
    facts = {name: getattr(document, name) for name in _OF_DOCUMENT}
    furniture = [{"start": one.start, "end": one.end} for one in document.furniture]
    words = document.text if reading.open else None
    ours = {"licence": reading.source.licence, "text": words, "furniture": furniture, "phenomena": list(document.phenomena or ())}
    return {"document": document.id, **facts, **ours}


def _layer(reading: Reading, layer: AnnotationSet, known: Mapping[str, Row]) -> Row:
    above = derived({one.hub: one.sources for one in layer.attributions}, parents(layer.mentions))
    return {
        "annotator": layer.annotator,
        "annotator_kind": reading.annotator.kind,
        "origin": layer.origin,
        "guidelines": layer.guidelines,
        "made_from": None if layer.made_from is None else [asdict(one) for one in layer.made_from],
        "decisions": None if layer.decisions is None else [asdict(one) for one in layer.decisions],
        "mentions": list(known.values()),
        "attributions": [_attribution(one) | above[one.hub] for one in layer.attributions],
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


def _line(hub: str, above: Mapping[str, str | None]) -> list[str]:
    line, outer = [hub], above[hub]
    while outer is not None:
        line.append(outer)
        outer = above[outer]
    return line


def _size(mention: Mention) -> tuple[int, str]:
    return sum(span.end - span.start for span in mention.spans), mention.id


def _sources(known: Mapping[str, Row], attribution: Row | None) -> list[Row]:
    return [known[id] for id in attribution["sources"]] if attribution is not None else []
