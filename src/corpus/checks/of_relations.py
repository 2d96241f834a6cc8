"""Checks of the level "relations": do ids, attributions and links of one layer hang together? Asks nothing of the text.

A check yields (JSON pointer, what is wrong, cure or None).
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

from corpus.checks.of_text import Finding
from corpus.model import ENDS, HUBS, MUTUAL, AnnotationSet, Document, Label, LinkType, Mention

T = TypeVar("T", bound=Hashable)


def id_is_unique(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """No two mentions of a layer have one id.

    Attributions and links name mentions by id; an id that stands twice makes them ambiguous.
    Cure: give one of the two another id, and correct what names it.
    """
    for at, name in _repeated(mention.id for mention in layer.mentions):
        yield f"/mentions/{at}/id", f"the id {name!r} stands twice", None


def mention_is_unique(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """The same words are not marked twice with the same label.

    One stretch may bear two labels (a denial without words is also its cue), but the same label twice says nothing more.
    Only a statement that is attributed twice, otherwise each time, as in the converted corpora of others, is two mentions.
    Cure: keep one, and let attributions and links name it.
    """
    said = {one.hub: (one.sources, one.cues, one.quote_type, one.polarity, one.certainty) for one in layer.attributions}
    met: dict[Hashable, list[Hashable]] = defaultdict(list)  # of each mention on these words, how it is attributed, or None
    for at, one in enumerate(layer.mentions):
        before = met[one.label, tuple((span.start, span.end) for span in one.spans)]
        now = said.get(one.id)
        if before and (now is None or None in before or now in before):
            yield f"/mentions/{at}", f"a second {one.label} on the same words, from {one.spans[0].start}", None
        before.append(now)


def attribution_resolves(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """Every mention that an attribution names is there.

    Cure: correct the id, or remove what names it.
    """
    known = layer.by_id()
    for pointer, name, _ in _parts(layer):
        if name not in known:
            yield pointer, f"no mention has the id {name!r}", None


def attribution_joins_right_labels(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """A hub is a claim, a denial or content; sources are sources, cues are cues.

    Cure: name a mention of the right label, or correct the label of the mention.
    """
    known = layer.by_id()
    for pointer, name, allowed in _parts(layer):
        if name in known and known[name].label not in allowed:
            yield pointer, f"{name} is a {known[name].label}, here stands a {' or '.join(allowed)}", None


def attribution_id_follows_hub(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """The id of an attribution is "a-" and the id of its hub.

    So an attribution keeps its id through Label Studio, which has no ids for it.
    Cure: write the id that follows from the hub.
    """
    for at, one in enumerate(layer.attributions):
        if one.id != f"a-{one.hub}":
            yield f"/attributions/{at}/id", f"{one.id!r}", f"write {f'a-{one.hub}'!r}"


def hub_has_one_attribution(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """A hub has at most one attribution, which holds all its sources and cues.

    Cure: join the two.
    """
    for at, hub in _repeated(one.hub for one in layer.attributions):
        yield f"/attributions/{at}/hub", f"{hub} has a second attribution", None


def attribution_is_not_empty(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """An attribution has a source, a cue, or at least something to say of the hub.

    Without any of them it says nothing, and Label Studio could not tell it from none.
    Cure: remove the attribution, or add what is missing.
    """
    for at, one in enumerate(layer.attributions):
        if not (one.sources or one.cues or one.quote_type or one.polarity or one.certainty):
            yield f"/attributions/{at}", "neither source nor cue nor attribute", None


def hub_is_attributed(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """Denials and contents have an attribution; only a claim may stand in the writer's own voice.

    Rule 7.1 of the guidelines.
    Cure: add the attribution (has_source or has_cue in Label Studio), or remove the mention.
    """
    attributed = {one.hub for one in layer.attributions}
    for at, mention in enumerate(layer.mentions):
        if mention.label in ("denial", "content") and mention.id not in attributed:
            yield f"/mentions/{at}", f"the {mention.label} {mention.id} has no attribution", None


def source_and_cue_are_used(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """Every source and cue belongs to an attribution.

    Rule 7.1 of the guidelines: what belongs to no statement is not marked.
    Cure: join it to its hub, or remove the mention.
    """
    used = {name for one in layer.attributions for name in (*one.sources, *one.cues)}
    for at, mention in enumerate(layer.mentions):
        if mention.label in ("source", "cue") and mention.id not in used:
            yield f"/mentions/{at}", f"the {mention.label} {mention.id} belongs to no attribution", None


def link_resolves(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """Both ends of a link are there.

    A link to nothing also blanks the page of Label Studio.
    Cure: correct the id, or remove the link.
    """
    known = layer.by_id()
    for at, link in enumerate(layer.links):
        for end, name in (("from", link.from_), ("to", link.to)):
            if name not in known:
                yield f"/links/{at}/{end}", f"no mention has the id {name!r}", None


def link_joins_right_labels(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """A link runs between the labels it is meant for, in its direction.

    denies: denial to claim, denial or content; affirms: hub to claim; same_claim: claims; same_source: sources; embedded_in: hubs.
    Cure: turn the link round, or choose another type.
    """
    known = layer.by_id()
    for at, link in enumerate(layer.links):
        if link.from_ in known and link.to in known:
            yield from _wrong_ends(at, link.type, known[link.from_], known[link.to])


def link_is_not_to_itself(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """A link joins two mentions.

    Cure: name the other mention, or remove the link.
    """
    for at, link in enumerate(layer.links):
        if link.from_ == link.to:
            yield f"/links/{at}", f"{link.type} from {link.from_} to itself", None


def mutual_link_runs_backwards(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """same_claim and same_source run from the later mention to the earlier.

    Rule 6.3 and 6.4 of the guidelines. They hold both ways, so one direction is written, the one that a pull from Label Studio gives.
    Cure: turn the link round.
    """
    known = layer.by_id()
    for at, link in enumerate(layer.links):
        ends = [known.get(link.from_), known.get(link.to)]
        if link.type in MUTUAL and ends[0] is not None and ends[1] is not None and ends[0].place < ends[1].place:
            yield f"/links/{at}", f"{link.type} from {link.from_}, the earlier, to {link.to}", f"from {link.to} to {link.from_}"


def pair_has_one_link(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """Two mentions are joined by one link at the most.

    Rule 6.6 of the guidelines; Label Studio keeps only one for a pair.
    Cure: keep the first in the order denies, affirms, same_claim, same_source, embedded_in.
    """
    for at, pair in _repeated(frozenset((link.from_, link.to)) for link in layer.links):
        yield f"/links/{at}", f"a second link for {' and '.join(sorted(pair))}", None


def embedding_is_not_shown_already(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """embedded_in stands only where the spans do not show the nesting.

    Rule 6.5 of the guidelines: a hub inside another hub's span needs no link.
    Cure: remove the link.
    """
    known = layer.by_id()
    for at, link in enumerate(layer.links):
        inner, outer = known.get(link.from_), known.get(link.to)
        if link.type == "embedded_in" and inner is not None and outer is not None and contains(outer, inner):
            yield f"/links/{at}", f"{outer.id} contains {inner.id} already", None


def contains(outer: Mention, inner: Mention) -> bool:
    """Whether every span of the inner mention lies within a span of the outer, and the two are not the same stretch."""
    inside = all(any(o.start <= s.start and s.end <= o.end for o in outer.spans) for s in inner.spans)
    return inside and [(s.start, s.end) for s in outer.spans] != [(s.start, s.end) for s in inner.spans]


def _repeated(values: Iterable[T]) -> Iterator[tuple[int, T]]:
    seen: Counter[T] = Counter()
    for at, value in enumerate(values):
        seen[value] += 1
        if seen[value] == 2:
            yield at, value


def _parts(layer: AnnotationSet) -> Iterator[tuple[str, str, tuple[Label, ...]]]:
    for at, one in enumerate(layer.attributions):
        yield f"/attributions/{at}/hub", one.hub, HUBS
        yield from ((f"/attributions/{at}/sources/{nth}", name, ("source",)) for nth, name in enumerate(one.sources))
        yield from ((f"/attributions/{at}/cues/{nth}", name, ("cue",)) for nth, name in enumerate(one.cues))


def _wrong_ends(at: int, kind: LinkType, first: Mention, second: Mention) -> Iterator[Finding]:
    starts, ends = ENDS[kind]
    if first.label not in starts:
        yield f"/links/{at}/from", f"{kind} starts at a {' or '.join(starts)}, {first.id} is a {first.label}", None
    elif second.label not in ends:
        yield f"/links/{at}/to", f"{kind} ends at a {' or '.join(ends)}, {second.id} is a {second.label}", None
