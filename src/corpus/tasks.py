"""A document and a layer as a Label Studio task. Knows the shapes of rows and relations, not the server; the way back is `export`.

Offsets of `<Text>` are code points in Label Studio 1.23.2, as they are here: they pass unchanged.
"""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from corpus.codec import ATTRIBUTES, fingerprint
from corpus.model import (
    HUBS,
    MUTUAL,
    AnnotationSet,
    Attribution,
    Certainty,
    Decision,
    DenialScope,
    Document,
    Layer,
    Link,
    LinkType,
    Mention,
    Polarity,
    QuoteType,
    Responsibility,
    SourceKind,
    Span,
)
from corpus.problems import CorpusError

Row = dict[str, Any]
Task = dict[str, Any]

FRAGMENT = "fragment"
RELATIONS: tuple[str, ...] = ("has_source", "has_cue", "continues", *get_args(LinkType))
OF_ATTRIBUTION = ("quote_type", "polarity", "certainty")
LONGEST_FACT = 60  # characters of page furniture told above the text

# The per-region choices of the page: their values, and the labels that bear them.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "quote_type": get_args(QuoteType),
    "polarity": get_args(Polarity),
    "certainty": get_args(Certainty),
    "responsibility": get_args(Responsibility),
    "denial_scope": get_args(DenialScope),
    "source_kind": get_args(SourceKind),
}
WORDS = "canonical_source"


def bearers(attribute: str) -> tuple[str, ...]:
    """The labels whose regions bear an attribute on the page.

    >>> bearers("denial_scope"), bearers("polarity")
    (('denial',), ('claim', 'denial', 'content'))
    """
    if attribute in OF_ATTRIBUTION:
        return HUBS
    return tuple(label for label, attributes in ATTRIBUTES.items() if attribute in attributes)


def to_task(
    document: Document, annotator: str, guidelines: str, layer: AnnotationSet | None, *, made_from: tuple[Layer, ...] | None = None
) -> Task:
    """What is sent to Label Studio for one annotator: the text, the facts shown above it, and the layer if there is one.

    With its fingerprint, so that a pull can tell on which side it changed; `made_from` names the layers that gold adjudicates.
    """
    if document.text is None:
        raise CorpusError(f"{document.id} has no text here; run corpus hydrate {document.source}")
    data = {
        "document": document.id,
        "annotator": annotator,
        "text": document.text,
        "text_sha256": document.text_sha256,
        "guidelines": guidelines,
        "layer_sha256": None if layer is None else fingerprint(layer),
        "layer_origin": None if layer is None else layer.origin,
        **({} if made_from is None else {"made_from": [{"annotator": one.annotator, "sha256": one.sha256} for one in made_from]}),
        **({} if layer is None or layer.decisions is None else {"decisions": [decision(one) for one in layer.decisions]}),
        "facts": " · ".join(fact for fact in (document.id, document.outlet, document.date, *_furniture(document)) if fact),
    }
    if layer is None:
        return {"data": data}
    # Without "ground_truth": False the import would declare every annotation a ground truth.
    return {"data": data, "annotations": [{"result": list(rows(document.text, layer)), "ground_truth": False}]}


def _furniture(document: Document) -> Iterator[str]:
    """Page furniture by its first and last words, for the page shows the text of record whole."""
    for one in document.furniture:
        words = " ".join((document.text or "")[one.start : one.end].split())
        yield f"not to be marked: “{words if len(words) <= LONGEST_FACT else f'{words[:20]} … {words[-20:]}'}”"


def with_suggestion(task: Task, text: str, layer: AnnotationSet) -> Task:
    """The task with another's layer as a prediction. The task says so, for whoever annotates it has seen it."""
    version = f"{layer.annotator} {fingerprint(layer)[:12]}"
    offered = [row | {"origin": "prediction"} if row["type"] != "relation" else row for row in rows(text, layer)]
    return task | {"data": task["data"] | {"suggestions": version}, "predictions": [{"model_version": version, "result": offered}]}


def decision(one: Decision) -> Row:
    """A decision of gold as it travels in a task."""
    return {"start": one.start, "end": one.end, "about": one.about, "rule": one.rule}


def rows(text: str, layer: AnnotationSet) -> Iterator[Row]:
    """A layer as the rows of a Label Studio result: regions, choices, names, then relations."""
    said = {one.hub: one for one in layer.attributions}
    origin = "prediction" if layer.origin == "from_suggestion" else "manual"
    for mention in layer.mentions:
        for row in mention_rows(text, mention.id, mention, attributes(mention, said.get(mention.id))):
            yield row | {"origin": origin}
    yield from (row for mention in layer.mentions for row in continuations(mention.id, mention))
    for one in layer.attributions:
        yield from (relation(one.hub, source, "has_source") for source in one.sources)
        yield from (relation(one.hub, cue, "has_cue") for cue in one.cues)
    yield from (relation(link.from_, link.to, link.type) for link in layer.links)


def attributes(mention: Mention, said: Attribution | None) -> dict[str, str | None]:
    """All that the page asks of a region, with what is known of it."""
    asked = OF_ATTRIBUTION if mention.label in HUBS else ()
    return {name: getattr(said, name, None) for name in asked} | {name: getattr(mention, name) for name in ATTRIBUTES[mention.label]}


def mention_rows(text: str, region: str, mention: Mention, values: Mapping[str, str | None]) -> Iterator[Row]:
    """The regions of a mention, the first under the given id, with the values that are known."""
    head, *rest = mention.spans
    yield _region(text, region, mention.label, head)
    yield from (_attribute(region, name, value, head) for name, value in values.items() if value is not None)
    for fragment, span in zip(_fragments(region, mention), rest, strict=True):
        yield _region(text, fragment, FRAGMENT, span)


def continuations(region: str, mention: Mention) -> Iterator[Row]:
    """The relations that join a mention's further regions to its first."""
    return (relation(fragment, region, "continues") for fragment in _fragments(region, mention))


def relation(first: str, second: str, name: str) -> Row:
    """An arrow from one region to another."""
    return {"type": "relation", "from_id": first, "to_id": second, "direction": "right", "labels": [name]}


def from_later_to_earlier(link: Link, mentions: Mapping[str, Mention]) -> Link:
    """A mutual link runs from the later mention to the earlier, however it was drawn."""
    if link.type in MUTUAL and mentions[link.from_].place < mentions[link.to].place:
        return Link(type=link.type, from_=link.to, to=link.from_)
    return link


def _fragments(region: str, mention: Mention) -> list[str]:
    """Region ids of the further spans; a dot cannot stand in a mention's id, so they never clash with one."""
    return [f"{region}.{nth}" for nth in range(2, len(mention.spans) + 1)]


def _region(text: str, region: str, label: str, span: Span) -> Row:
    value = {"start": span.start, "end": span.end, "text": text[span.start : span.end], "labels": [label]}
    return {"id": region, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def _attribute(region: str, name: str, value: str, head: Span) -> Row:
    kind, held = ("textarea", {"text": [value]}) if name == WORDS else ("choices", {"choices": [value]})
    place = {"start": head.start, "end": head.end}
    return {"id": region, "from_name": name, "to_name": "text", "type": kind, "value": place | held}
