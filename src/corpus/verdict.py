"""A fast yes: whether the files of a record or a layer keep every rule and stand in canonical form. A no has no words.

What is not plainly right is left to the checks, which say what is wrong. Tests hold the two to the same verdict; faults are worded
in `checks` only.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Any

from corpus import shapes
from corpus.checks.of_corpus import ORIGINS
from corpus.codec import ATTRIBUTES, LARGEST_FILE
from corpus.judgement import Hub, Judgements
from corpus.model import ENDS, GOLD, HUBS, MUTUAL, Annotator, Document, Holdings, Member, RegisteredClaim, Stretch
from corpus.parting import Marked, points
from corpus.shapes import UNSET
from corpus.text import normal_form

_ON_MENTIONS = ("responsibility", "denial_scope", "source_kind", "canonical_source")
_UNSET = {label: tuple(name not in names for name in _ON_MENTIONS) for label, names in ATTRIBUTES.items()}
_FACTS = ("id", "source", "outlet", "date", "url", "language", "story", "text_sha256", "length")
_CHECK = re.compile("[0-9a-f]{12}")

Place = tuple[int, int, str, str]
Marks = Mapping[str, Mapping[str, tuple[str, str]]]  # document → mention → its label and the check of its first span


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a layer is held to: its article, whether the text is withheld, who may have annotated, the sibling layers by hash.

    `beside` has the siblings that are known to be sound, and `held` the spans that are known to hold: the layers of an article share most.
    """

    document: Document
    withheld: bool
    annotators: Mapping[str, Annotator]
    siblings: Mapping[str, str]
    beside: Mapping[str, Marked] = field(default_factory=dict)
    held: set[shapes.Span] = field(default_factory=set)


def sound_layer(data: bytes, ground: Ground) -> Marked | None:
    """The layer in a file's bytes if it is plainly without fault, else None."""
    layer = shapes.layer(data)
    return None if layer is None else kept_rules(layer, ground)


def sound_document(data: bytes, words: bytes | None, holdings: Holdings) -> Document | None:
    """The document with its text in a record's and a text's bytes (None where it is not at hand) if both are plainly without fault."""
    read = shapes.record(data)
    text = None if words is None else _sound_text(words)
    if read is None or (words is not None and (text is None or (sha256(words).hexdigest(), len(text)) != (read.text_sha256, read.length))):
        return None
    furniture = tuple(Stretch(start=one.start, end=one.end) for one in read.furniture)
    if any(not one.start < one.end <= read.length for one in furniture):
        return None
    facts = {name: getattr(read, name) for name in _FACTS}
    phenomena = None if read.phenomena is UNSET else tuple(read.phenomena)
    if len(set(phenomena or ())) < len(phenomena or ()):
        return None
    document = Document(**facts, furniture=furniture, phenomena=phenomena, text=text)
    known = document.source in holdings.sources
    return document if known and (text is not None or holdings.withheld(document)) else None


def _sound_text(words: bytes) -> str | None:
    try:
        text = words.decode("utf-8")
    except UnicodeDecodeError:
        return None
    sound = len(words) <= LARGEST_FILE and text[:1] not in ("", "\ufeff") and "\0" not in text and normal_form(text) == text
    return text if sound else None


def kept_rules(layer: shapes.Layer, ground: Ground) -> Marked | None:
    """A layer of the right shape if it keeps every rule of text, relations and corpus, in canonical order."""
    places, marks = _places(layer.mentions, ground)
    sound = (
        places is not None
        and _is_of(layer, ground)
        and _attributions_hold(layer.attributions, places)
        and _links_hold(layer.links, places)
        and (layer.decisions is UNSET or _is_settled(layer, ground))
    )
    return Marked(layer, marks) if sound else None


def _is_of(layer: shapes.Layer, ground: Ground) -> bool:
    """Whether its head says of what it is, and by whom, as it may."""
    document, who = ground.document, ground.annotators.get(layer.annotator)
    return (
        layer.document == document.id
        and layer.text_sha256 == document.text_sha256
        and who is not None
        and layer.origin in ORIGINS[who.kind]
        and (layer.made_from is UNSET) is (layer.annotator != GOLD)
        and (layer.made_from is UNSET or _is_made_from(layer.made_from, ground.siblings))
        and (layer.decisions is UNSET or layer.annotator == GOLD)
    )


def _is_made_from(named: Any, siblings: Mapping[str, str]) -> bool:
    annotators = [one.annotator for one in named]
    return annotators == sorted(annotators) and all(siblings.get(one.annotator) == one.sha256 for one in named) and GOLD not in annotators


def _is_settled(layer: shapes.Layer, ground: Ground) -> bool:
    """Whether its decisions are in order, in the text, and as many as the layers that it was made from ask for."""
    decisions = [(one.start, one.end, one.about, one.rule) for one in layer.decisions or ()]
    if decisions != sorted(decisions) or not all(start < end <= ground.document.length for start, end, *_ in decisions):
        return False
    layers = [ground.beside.get(one.annotator) for one in layer.made_from or ()]
    decided = {one[:3] for one in decisions}
    return None not in layers and all(one in decided for one in points([one for one in layers if one is not None]))


def _places(mentions: list[shapes.Mention], ground: Ground) -> tuple[dict[str, Place] | None, Mapping[Hashable, shapes.Mention]]:
    """Where each mention stands, by id in the order of the text, and the mentions by what they mark; None where one breaks a rule."""
    places: dict[str, Place] = {}
    marks: dict[Hashable, shapes.Mention] = {}
    last: Any = (-1,)
    held, holds = ground.held, _for_spans(ground)
    for one in mentions:
        label, name, spans = one.label, one.id, one.spans
        first = spans[0]
        if len(spans) == 1:
            last, before = (first.start, first.end, label, name), last
            mark = last[:3]
            sound = first in held or holds(first)
        else:
            last, before = (first.start, spans[-1].end, label, name), last
            mark = (label, *[(span.start, span.end) for span in spans])
            sound = _are_apart(spans) and all(span in held or holds(span) for span in spans)
        unset = (one.responsibility is UNSET, one.denial_scope is UNSET, one.source_kind is UNSET, one.canonical_source is UNSET)
        if not sound or last <= before or unset != _UNSET[label]:
            return None, {}
        marks[mark] = one
        places[name] = last
    return (places, marks) if len(places) == len(mentions) == len(marks) and shapes.are_ids(places) else (None, {})


def _are_apart(spans: list[shapes.Span]) -> bool:
    return all(one.end < other.start for one, other in pairwise(spans))


def _for_spans(ground: Ground) -> Callable[[shapes.Span], bool]:
    """Whether a span holds, which then is known. A closure, for this is asked of every span of a corpus."""
    text, length, furniture, withheld = ground.document.text, ground.document.length, ground.document.furniture, ground.withheld
    held = ground.held

    def holds(span: shapes.Span) -> bool:
        start, end, quote = span.start, span.end, span.quote
        if not 0 <= start < end <= length or (quote is None) is not withheld:
            return False
        if not ((withheld and _CHECK.fullmatch(span.check)) if text is None else _words_hold(text[start:end], quote, span.check)):
            return False
        if furniture and any(start < one.end and one.start < end for one in furniture):
            return False
        held.add(span)
        return True

    return holds


def _words_hold(words: str, quote: str | None, check: str) -> bool:
    return (
        (quote is None or quote == words)
        and sha256(words.encode()).hexdigest()[:12] == check
        and not (words[0].isspace() or words[-1].isspace())
    )


def _attributions_hold(attributions: list[shapes.Attribution], places: Mapping[str, Place]) -> bool:
    used: list[str] = []
    last: Any = (-1,)
    for one in attributions:
        hub, sources, cues = one.hub, one.sources, one.cues
        place = places.get(hub)
        if place is None or place <= last or place[2] not in HUBS or one.id != "a-" + hub:
            return False
        if not (sources or cues or one.quote_type or one.polarity or one.certainty):
            return False
        if (sources and not _are(sources, "source", places)) or (cues and not _are(cues, "cue", places)):
            return False
        last = place
        used.append(hub)
        used += sources
        used += cues
    return all(places[name][2] == "claim" for name in places.keys() - used)


def _are(names: list[str], label: str, places: Mapping[str, Place]) -> bool:
    """Whether all are mentions of the label, each once and in the order of the text."""
    if len(names) == 1:
        place = places.get(names[0])
        return place is not None and place[2] == label
    last: Any = (-1,)
    for name in names:
        place = places.get(name)
        if place is None or place[2] != label or place <= last:
            return False
        last = place
    return True


def _links_hold(links: list[shapes.Link], places: Mapping[str, Place]) -> bool:
    """Nesting is left to the checks: `embedded_in` is rare, and asks for every span."""
    pairs = set()
    last: Any = ((-1,),)
    for link in links:
        kind, first, second = link.type, places.get(link.from_), places.get(link.to)
        if kind == "embedded_in" or first is None or second is None:
            return False
        starts, ends = ENDS[kind]
        if first[2] not in starts or second[2] not in ends or first == second or (kind in MUTUAL and first < second):
            return False
        if (first, second) <= last:
            return False
        last = (first, second)
        pairs.add(frozenset(last))
    return len(pairs) == len(links)


def sound_claim(claim: RegisteredClaim, marks: Marks) -> bool:
    """Whether a claim of the registry is plainly without fault beside the readings of record of its members."""
    fit = all((hub := _hub(one, marks)) is not None and (hub == "denial") == (one.stance == "denies") for one in claim.members)
    return fit and len({(one.document, one.mention) for one in claim.members}) == len(claim.members)


def sound_judgements(told: Judgements, marks: Marks, annotators: Mapping[str, Annotator]) -> bool:
    """Whether judgements of pairs are plainly without fault beside the readings of record."""
    pairs = [one.pair for one in told.judgements]
    return (
        told.annotator in annotators
        and all(_hub(one.statement, marks) and _hub(one.claim, marks) and len(set(one.documents)) == 2 for one in pairs)
        and len({one.name for one in pairs}) == len(pairs)
    )


def _hub(one: Member | Hub, marks: Marks) -> str | None:
    """The label of the claim, denial or content that is named with the check of its first span."""
    label, check = marks.get(one.document, {}).get(one.mention, ("", ""))
    return label if label in HUBS and check == one.check else None
