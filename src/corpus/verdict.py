"""A fast yes: whether the files of a record or a layer keep every rule and stand in canonical form. A no has no words.

What is not plainly right is left to the checks, which say what is wrong. Tests hold the two to the same verdict; faults are worded
in `checks` only.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from corpus import shapes
from corpus.checks.of_corpus import ORIGINS
from corpus.codec import ATTRIBUTES, LARGEST_FILE
from corpus.model import ENDS, GOLD, HUBS, MUTUAL, Annotator, Document, Holdings, Stretch
from corpus.shapes import UNSET
from corpus.text import normal_form

_ON_MENTIONS = ("responsibility", "denial_scope", "source_kind", "canonical_source")
_UNSET = {label: tuple(name not in names for name in _ON_MENTIONS) for label, names in ATTRIBUTES.items()}
_FACTS = ("id", "source", "outlet", "date", "url", "language", "story", "text_sha256", "length")
_CHECK = re.compile("[0-9a-f]{12}")

Place = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a layer is held to: its article, whether the text is withheld, who may have annotated, the sibling layers by hash."""

    document: Document
    withheld: bool
    annotators: Mapping[str, Annotator]
    siblings: Mapping[str, str]


def sound_layer(data: bytes, ground: Ground) -> shapes.Layer | None:
    """The layer in a file's bytes if it is plainly without fault, else None."""
    layer = shapes.layer(data)
    return layer if layer is not None and keeps_rules(layer, ground) else None


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


def keeps_rules(layer: shapes.Layer, ground: Ground) -> bool:
    """Whether a layer of the right shape keeps every rule of text, relations and corpus, in canonical order."""
    document, who = ground.document, ground.annotators.get(layer.annotator)
    return (
        layer.document == document.id
        and layer.text_sha256 == document.text_sha256
        and who is not None
        and layer.origin in ORIGINS[who.kind]
        and (layer.made_from is UNSET) is (layer.annotator != GOLD)
        and layer.decisions is UNSET  # they are held to the sibling layers themselves, by the checks
        and (layer.made_from is UNSET or _is_made_from(layer.made_from, ground.siblings))
        and (places := _places(layer.mentions, ground)) is not None
        and _attributions_hold(layer.attributions, places)
        and _links_hold(layer.links, places)
    )


def _is_made_from(named: Any, siblings: Mapping[str, str]) -> bool:
    annotators = [one.annotator for one in named]
    return annotators == sorted(annotators) and all(siblings.get(one.annotator) == one.sha256 for one in named) and GOLD not in annotators


def _places(mentions: list[shapes.Mention], ground: Ground) -> dict[str, Place] | None:
    """Where each mention stands, by id in the order of the text; None where a mention breaks a rule."""
    places: dict[str, Place] = {}
    marked: set[tuple[Any, ...]] = set()
    last: Any = (-1,)
    hold = _for_spans(ground)
    for one in mentions:
        label, spans = one.label, one.spans
        last, before = (spans[0].start, spans[-1].end, label, one.id), last
        unset = (one.responsibility is UNSET, one.denial_scope is UNSET, one.source_kind is UNSET, one.canonical_source is UNSET)
        if last <= before or unset != _UNSET[label] or not hold(spans):
            return None
        marked.add(last[:3] if len(spans) == 1 else (label, *[(span.start, span.end) for span in spans]))
        places[one.id] = last
    return places if len(places) == len(mentions) == len(marked) and shapes.are_ids(places) else None


def _for_spans(ground: Ground) -> Callable[[list[shapes.Span]], bool]:
    """Whether the spans of one mention hold. A closure, for this is asked of every span of a corpus."""
    text, length, furniture, withheld = ground.document.text, ground.document.length, ground.document.furniture, ground.withheld

    def hold(spans: list[shapes.Span]) -> bool:
        before = -1
        for span in spans:
            start, end, quote = span.start, span.end, span.quote
            if not before < start < end <= length or (quote is None) is not withheld:
                return False
            if not (_CHECK.fullmatch(span.check) if text is None else _words_hold(text[start:end], quote, span.check)):
                return False
            if furniture and any(start < one.end and one.start < end for one in furniture):
                return False
            before = end
        return text is not None or withheld

    return hold


def _words_hold(words: str, quote: str | None, check: str) -> bool:
    return (
        (quote is None or quote == words)
        and sha256(words.encode()).hexdigest()[:12] == check
        and not (words[0].isspace() or words[-1].isspace())
    )


def _attributions_hold(attributions: list[shapes.Attribution], places: Mapping[str, Place]) -> bool:
    used: set[str] = set()
    last: Any = (-1,)
    for one in attributions:
        hub, sources, cues = one.hub, one.sources, one.cues
        place = places.get(hub)
        if place is None or place <= last or place[2] not in HUBS or one.id != f"a-{hub}":
            return False
        if not (sources or cues or one.quote_type or one.polarity or one.certainty):
            return False
        if not (_are(sources, "source", places) and _are(cues, "cue", places)):
            return False
        last = place
        used.update((hub, *sources, *cues))
    return all(place[2] == "claim" or name in used for name, place in places.items())


def _are(names: list[str], label: str, places: Mapping[str, Place]) -> bool:
    """Whether all are mentions of the label, each once and in the order of the text."""
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
