"""Types of the corpus to plain JSON values in schema key order, and back. Knows no path and no bytes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from corpus.codec.reader import Json, canonical
from corpus.judgement import Hub, Judgement, Judgements, Pair
from corpus.model import (
    AnnotationSet,
    Annotator,
    Assignments,
    Attribution,
    Decision,
    Document,
    Layer,
    Link,
    Member,
    Mention,
    RegisteredClaim,
    Released,
    Source,
    Span,
    Stretch,
    Withdrawn,
)

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "claim": ("responsibility",),
    "denial": ("responsibility", "denial_scope"),
    "content": (),
    "source": ("source_kind", "canonical_source"),
    "cue": (),
}


def annotations_to_json(layer: AnnotationSet) -> Json:
    """A layer as plain values in schema key order, sorted by place."""
    layer = in_order(layer)
    return {
        "schema": "cda-annotation/1",
        "document": layer.document,
        "text_sha256": layer.text_sha256,
        "annotator": layer.annotator,
        "origin": layer.origin,
        "guidelines": layer.guidelines,
        **({} if layer.made_from is None else {"made_from": [_plain(one) for one in layer.made_from]}),
        **({} if layer.decisions is None else {"decisions": [_plain(one) for one in layer.decisions]}),
        "mentions": [_mention_to_json(mention) for mention in layer.mentions],
        "attributions": [_plain(attribution) for attribution in layer.attributions],
        "links": [{"type": link.type, "from": link.from_, "to": link.to} for link in layer.links],
    }


def annotations_from_json(value: Json) -> AnnotationSet:
    """A layer from values that hold to `annotation.schema.json`, in the order of the file."""
    facts = {key: value[key] for key in ("document", "text_sha256", "annotator", "origin", "guidelines")}
    return AnnotationSet(
        **facts,
        made_from=made_from(value.get("made_from")),
        decisions=decisions(value.get("decisions")),
        mentions=tuple(_mention_from_json(one) for one in value["mentions"]),
        attributions=tuple(_attribution_from_json(one) for one in value["attributions"]),
        links=tuple(Link(type=one["type"], from_=one["from"], to=one["to"]) for one in value["links"]),
    )


def fingerprint(layer: AnnotationSet) -> str:
    """SHA-256 of the layer's canonical file."""
    return hashlib.sha256(canonical(annotations_to_json(layer))).hexdigest()


def made_from(value: list[Json] | None) -> tuple[Layer, ...] | None:
    """The layers that gold was made from, by annotator; None where it is no gold."""
    return None if value is None else tuple(sorted((Layer(**one) for one in value), key=lambda one: one.annotator))


def decisions(value: list[Json] | None) -> tuple[Decision, ...] | None:
    """What gold settled, in the order of the text; None where nothing is told."""
    return None if value is None else tuple(sorted(Decision(**one) for one in value))


def in_order(layer: AnnotationSet) -> AnnotationSet:
    """The layer with everything sorted by its place in the text; what names an unknown mention comes last."""
    rank = {mention.id: at for at, mention in enumerate(sorted(layer.mentions, key=lambda one: one.place))}
    last = len(rank)

    def place(mention: str) -> tuple[int, str]:
        return rank.get(mention, last), mention

    return replace(
        layer,
        decisions=None if layer.decisions is None else tuple(sorted(layer.decisions)),
        mentions=tuple(sorted(layer.mentions, key=lambda one: one.place)),
        attributions=tuple(sorted((_parts_in_order(one, place) for one in layer.attributions), key=lambda one: (place(one.hub), one.id))),
        links=tuple(sorted(layer.links, key=lambda one: (place(one.from_), place(one.to), one.type))),
    )


def document_to_json(document: Document) -> Json:
    """The facts of an article; its text stands in a file of its own."""
    value = {"schema": "cda-document/1", **_plain(document)}
    del value["text"]
    if document.phenomena is None:
        del value["phenomena"]
    return value | {"furniture": [_plain(one) for one in document.furniture]}


def document_from_json(value: Json, text: str | None = None) -> Document:
    """A document from values that hold to `document.schema.json`."""
    furniture = tuple(Stretch(start=one["start"], end=one["end"]) for one in value["furniture"])
    phenomena = {"phenomena": tuple(value["phenomena"])} if "phenomena" in value else {}
    return Document(**(_without_schema(value) | {"furniture": furniture} | phenomena), text=text)


def source_from_json(value: Json) -> Source:
    """A source from values that hold to `source.schema.json`."""
    return Source(**_without_schema(value))


def source_to_json(source: Source) -> Json:
    """The facts of a source."""
    value = _plain(source)
    if source.annotation_licence is None:
        del value["annotation_licence"]
    return {"schema": "cda-source/1", **value}


def released_from_json(value: Json) -> Released:
    """What the last release held, from values that hold to `released.schema.json`."""
    return Released(**_without_schema(value))


def released_to_json(released: Released) -> Json:
    """What a release held, documents by name."""
    plain = {"version": released.version, "splits": dict(sorted(released.splits.items())), "counts": dict(released.counts)}
    return {"schema": "cda-released/1", **plain}


def assignments_from_json(value: Json) -> Assignments:
    """Who reads what, from values that hold to `assignments.schema.json`."""
    return Assignments(seed=value["seed"], roster={name: tuple(sorted(whos)) for name, whos in value["roster"].items()})


def assignments_to_json(assignments: Assignments) -> Json:
    """Who reads what, by document."""
    roster = {name: list(whos) for name, whos in sorted(assignments.roster.items())}
    return {"schema": "cda-assignments/1", "seed": assignments.seed, "roster": roster}


def withdrawn_from_json(value: Json) -> tuple[Withdrawn, ...]:
    """Tombstones, from values that hold to `withdrawn.schema.json`."""
    return tuple(sorted(Withdrawn(**one) for one in value["documents"]))


def withdrawn_to_json(tombstones: Iterable[Withdrawn]) -> Json:
    """Tombstones by document."""
    return {"schema": "cda-withdrawn/1", "documents": [_plain(one) for one in sorted(tombstones)]}


def claim_from_json(value: Json) -> RegisteredClaim:
    """A claim of the registry from values that hold to `claim.schema.json`."""
    members = tuple(sorted(Member(**one) for one in value["members"]))
    return RegisteredClaim(id=value["id"], statement=value["statement"], members=members)


def claim_to_json(claim: RegisteredClaim) -> Json:
    """A claim of the registry, members by document."""
    return {"schema": "cda-claim/1", **_plain(claim), "members": [_plain(one) for one in sorted(claim.members)]}


def judgements_from_json(value: Json) -> Judgements:
    """One annotator's judgements from values that hold to `judgements.schema.json`, in the order of the file."""
    return Judgements(annotator=value["annotator"], judgements=tuple(judgement_from_json(one) for one in value["judgements"]))


def judgement_from_json(value: Json) -> Judgement:
    """A judgement of a pair."""
    pair = Pair(statement=Hub(**value["statement"]), claim=Hub(**value["claim"]))
    return Judgement(pair=pair, answer=value["answer"], guidelines=value["guidelines"])


def judgements_to_json(judgements: Judgements) -> Json:
    """One annotator's judgements, by pair."""
    told = [pair_to_json(one.pair) | {"answer": one.answer, "guidelines": one.guidelines} for one in sorted(judgements.judgements)]
    return {"schema": "cda-judgements/1", "annotator": judgements.annotator, "judgements": told}


def pair_to_json(pair: Pair) -> Json:
    """Both sides of a pair, as they stand in a judgement and in a task."""
    return {"statement": _plain(pair.statement), "claim": _plain(pair.claim)}


def annotators_from_json(value: Json) -> tuple[Annotator, ...]:
    """Annotators in the order of the file, from values that hold to `annotators.schema.json`."""
    return tuple(Annotator(**one) for one in value["annotators"])


def annotators_to_json(annotators: Iterable[Annotator]) -> Json:
    """Annotators in the order given."""
    return {"schema": "cda-annotators/1", "annotators": [_plain(one) for one in annotators]}


def _plain(one: Any) -> Json:
    """Fields of a flat dataclass; tuples become lists, mappings dicts."""
    value = {field.name: getattr(one, field.name) for field in fields(one)}
    return {key: list(held) if isinstance(held, tuple) else held for key, held in value.items()}


def _without_schema(value: Json) -> Json:
    return {key: held for key, held in value.items() if key != "schema"}


def _mention_to_json(mention: Mention) -> Json:
    attributes = {name: getattr(mention, name) for name in ATTRIBUTES[mention.label]}
    spans = [{"start": span.start, "end": span.end, "quote": span.quote, "check": span.check} for span in mention.spans]
    return {"id": mention.id, "label": mention.label, "spans": spans, **attributes}


def _mention_from_json(value: Json) -> Mention:
    return Mention(**(value | {"spans": tuple(Span(**span) for span in value["spans"])}))


def _attribution_from_json(value: Json) -> Attribution:
    return Attribution(**(value | {"sources": tuple(value["sources"]), "cues": tuple(value["cues"])}))


def _parts_in_order(attribution: Attribution, place: Any) -> Attribution:
    sources, cues = tuple(sorted(attribution.sources, key=place)), tuple(sorted(attribution.cues, key=place))
    ordered = (sources, cues) == (attribution.sources, attribution.cues)
    return attribution if ordered else replace(attribution, sources=sources, cues=cues)
