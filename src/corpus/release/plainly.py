"""The short way of an exported task that is plainly sound to the parts of its rows. A no has no words, and sends it the way that has.

It is held to what schema, export and checks hold a task to, in one pass; tests hold the two ways to the same rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any

from corpus import codec, export, shapes, text
from corpus.model import ENDS, GOLD, HUBS, MUTUAL, Annotator, AnnotatorKind, Source
from corpus.shapes import UNSET, Exported
from corpus.tables import Parts, Row, attributed, bare, derived, link, span
from corpus.tasks import CHOICES, bearers

_BEARERS = {name: frozenset(bearers(name)) for name in (*CHOICES, "canonical_source")}
_VALUES = {name: frozenset(values) for name, values in CHOICES.items()}
_OF_MENTIONS = frozenset(name for names in codec.ATTRIBUTES.values() for name in names)
_PARTS: Mapping[str, Any] = {"has_source": (HUBS, ("source",)), "has_cue": (HUBS, ("cue",))}
_ENDS: Mapping[str, Any] = {**_PARTS, **{str(name): ends for name, ends in ENDS.items()}, "embedded_in": ((), ())}
UNKNOWN: Row = {"outlet": None, "date": None, "url": None, "language": "en", "story": None, "furniture": []}
TOLD = (*UNKNOWN, "phenomena")

Region = tuple[int, int, str, str]  # start, end, label, id: in the order of the text
Arrow = tuple[str, str, str]  # name, from, to
Ends = dict[str, list[str]]  # ids by hub


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the tasks of a collection are held to: its sources and annotators, and whether withheld words may stand in rows."""

    sources: Mapping[str, Source]
    annotators: Mapping[str, Annotator]
    all_texts: bool


def parts(data: bytes, ground: Ground) -> Parts | None:
    """The parts of the one reading in a task's bytes if all is plainly sound, else None."""
    task = shapes.exported(data) or shapes.exported(shapes.without_blanks(data) or b"")
    who = None if task is None else ground.annotators.get(task.data.annotator)
    done = [] if task is None else [one for one in task.annotations if not one.was_cancelled]
    if task is None or who is None or who.id == GOLD or len(done) != 1:
        return None
    article = _article(task.data, ground)
    read = None if article is None else _layer(done[0].result, task.data.text, article)
    if article is None or read is None:
        return None
    known, attributions, links = read
    facts = {
        "annotator": who.id,
        "annotator_kind": who.kind,
        "origin": _origin(task, done[0], who.kind),
        "guidelines": task.data.guidelines,
    }
    layer = {**facts, "made_from": None, "decisions": None, "attributions": attributions, "links": links}
    return Parts(article, layer, known, task.data.text, article["text"] is not None)


def _article(data: shapes.Data, ground: Ground) -> Row | None:
    """The article's columns; its text is the task's own, held to the hash that it carries."""
    words, names = data.text, ground.sources
    source = names.get(next(iter(names)) if data.source is UNSET and len(names) == 1 else data.source or "")
    if source is None or sha256(words.encode()).hexdigest() != data.text_sha256 or text.normal_form(words) != words:
        return None
    told = {name: held for name in TOLD if (held := getattr(data, name)) is not UNSET}
    furniture = [{"start": one.start, "end": one.end} for one in told.get("furniture", ())]
    facts = UNKNOWN | told | {"source": source.id, "text_sha256": data.text_sha256, "length": len(words), "furniture": furniture}
    if not shapes.is_record({"schema": "cda-document/1", "id": data.document, **facts}):
        return None
    phenomena = facts.get("phenomena", [])
    if len(set(phenomena)) < len(phenomena) or any(not one["start"] < one["end"] <= len(words) for one in furniture):
        return None
    shown = words if ground.all_texts or source.text == "included" else None
    return {"document": data.document, "licence": source.licence, "text": shown, **facts, "phenomena": phenomena}


def _origin(task: Exported, annotation: shapes.Annotation, kind: AnnotatorKind) -> str:
    seen = task.data.layer_origin == "from_suggestion" or task.data.suggestions or annotation.parent_prediction
    rows = annotation.result if kind == "human" else ()
    return export.origin(kind, suggested=bool(seen) or any(row.origin in export.SUGGESTED for row in rows))


def _layer(result: Sequence[Any], words: str, article: Row) -> tuple[dict[str, Row], list[Row], list[Row]] | None:
    """Mentions by id, attributions and links, all in the order of the text."""
    regions, said, arrows = list[Region](), list[tuple[str, str, str]](), list[Arrow]()
    shown: dict[str, Any] = {}
    for row in result:
        kind = type(row)
        if kind is shapes.Region:
            regions.append((row.value.start, row.value.end, row.value.labels[0], row.id))
            shown[row.id] = row.value.text
        elif kind is shapes.Choice:
            said.append((row.id, row.from_name, row.value.choices[0]))
        elif kind is shapes.Relation:
            arrows.append((row.labels[0], row.from_id, row.to_id) if row.direction != "left" else (row.labels[0], row.to_id, row.from_id))
            if row.direction == "bi" and row.labels[0] not in MUTUAL:
                return None
        else:
            said.append((row.id, row.from_name, row.value.text[0]))
    regions.sort()
    known = _mentions(regions, shown, words, article)
    said_of_hubs = None if known is None else _values(said, known)
    joined = _joined(arrows, regions)
    if known is None or said_of_hubs is None or joined is None:
        return None
    attributions = _attributions(regions, said_of_hubs, joined[0], joined[1])
    return None if attributions is None else (known, attributions, joined[2])


def _mentions(regions: Sequence[Region], shown: Mapping[str, Any], words: str, article: Row) -> dict[str, Row] | None:
    """Each with an id and a place of its own, clean edges, the words that its page showed, and off the furniture."""
    length, is_open = len(words), article["text"] is not None
    known: dict[str, Row] = {}
    before = (-1, -1, "")
    for start, end, label, id in regions:
        quote = words[start:end]
        if not 0 <= start < end <= length or quote.strip() != quote or (start, end, label) == before:
            return None
        if shown[id] != quote and shown[id] is not UNSET:
            return None
        check = sha256(quote.encode()).hexdigest()[:12]
        known[id] = bare(id, label, [span(start, end, quote if is_open else None, check)])
        before = start, end, label
    for off in article["furniture"]:
        if any(start < off["end"] and off["start"] < end for start, end, _, _ in regions):
            return None
    return known if len(known) == len(regions) and shapes.are_ids(known) else None


def _values(said: Sequence[tuple[str, str, str]], known: Mapping[str, Row]) -> dict[str, dict[str, str]] | None:
    """What is said of attributions, by hub; what is said of mentions is written into them. None where it does not fit, or is said twice."""
    values: dict[str, dict[str, str]] = {}
    for id, name, value in said:
        mention = known.get(id)
        if mention is None or mention["label"] not in _BEARERS[name] or (name != "canonical_source" and value not in _VALUES[name]):
            return None
        held = mention if name in _OF_MENTIONS else values.setdefault(id, {})
        if held.get(name, value) not in (None, value):
            return None
        held[name] = value
    return values


def _joined(arrows: Sequence[Arrow], regions: Sequence[Region]) -> tuple[Ends, Ends, list[Row]] | None:
    """Sources and cues by hub, and the links; None where an arrow does not join what it may. Nesting is left to the checks."""
    rank = {one[3]: nth for nth, one in enumerate(regions)}
    sources, cues, links = dict[str, list[int]](), dict[str, list[int]](), dict[tuple[int, int], Row]()
    for name, first, second in arrows:
        one, other = rank.get(first), rank.get(second)
        if one is None or other is None or one == other:
            return None
        starts, ends = _ENDS[name]
        if regions[one][2] not in starts or regions[other][2] not in ends:
            return None
        if name in _PARTS:
            held = (sources if name == "has_source" else cues).setdefault(first, [])
            if other in held:
                return None
            held.append(other)
            continue
        later, earlier = (other, one) if name in MUTUAL and one < other else (one, other)
        if (later, earlier) in links or (earlier, later) in links:
            return None
        links[later, earlier] = link(name, regions[later][3], regions[earlier][3])
    return _named(sources, regions), _named(cues, regions), [links[pair] for pair in sorted(links)]


def _named(held: Mapping[str, list[int]], regions: Sequence[Region]) -> Ends:
    return {hub: [regions[at][3] for at in sorted(some)] for hub, some in held.items()}


def _attributions(regions: Sequence[Region], values: Mapping[str, Mapping[str, str]], sources: Ends, cues: Ends) -> list[Row] | None:
    """In the order of the text; None where something but a claim is not attributed, or belongs to nothing."""
    hubs = [one for one in regions if one[2] in HUBS]
    told = [id for _, _, _, id in hubs if id in values or id in sources or id in cues]
    used = {*told, *(id for some in (*sources.values(), *cues.values()) for id in some)}
    if any(label != "claim" and id not in used for _, _, label, id in regions):
        return None
    above = derived({id: sources.get(id, ()) for id in told}, _parents(hubs))
    return [attributed(id, sources.get(id, []), cues.get(id, []), values.get(id, {}), above[id]) for id in told]


def _parents(hubs: Sequence[Region]) -> dict[str, str | None]:
    """Hub → the smallest that contains it, as `tables` reckons it; these are unbroken."""
    if all(one[1] <= other[0] for one, other in pairwise(hubs)):
        return dict.fromkeys(one[3] for one in hubs)
    sizes = sorted((end - start, id, start, end) for start, end, _, id in hubs)
    return {
        id: next((wide for large, wide, first, last in sizes[nth:] if first <= start and end <= last and large > size), None)
        for nth, (size, id, start, end) in enumerate(sizes, start=1)
    }
