"""Where the layers of one article agree and differ: mentions joined into clusters, then every point on which they part.

A cluster holds at most one mention of each annotator, of one kind (hub, source or cue), joined by overlap. Knows no decision.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.codec import ATTRIBUTES
from corpus.model import HUBS, About, AnnotationSet, Attribution, Mention

OF_ATTRIBUTION = ("quote_type", "polarity", "certainty")
Stretches = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Mentions taken for one: id "c4", annotator → mention. Its place spans them all, in code points."""

    id: str
    mentions: Mapping[str, Mention]

    @property
    def start(self) -> int:
        """First code point of any of its mentions."""
        return min(one.spans[0].start for one in self.mentions.values())

    @property
    def end(self) -> int:
        """One past the last code point of any of its mentions."""
        return max(one.spans[-1].end for one in self.mentions.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A point on which annotators part: id "d7", what it is about, the cluster, what it asks, and what each one holds.

    `asks` names the attribute, or "type c5" of a link to cluster c5; it is None of a mention and of the parts of an attribution.
    """

    id: str
    about: About
    cluster: Cluster
    asks: str | None
    held: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All layers of one article laid side by side."""

    layers: Mapping[str, AnnotationSet]
    clusters: tuple[Cluster, ...]
    differences: tuple[Difference, ...]
    at: Mapping[tuple[str, str], Cluster] = field(repr=False)  # annotator, mention → its cluster


def compared(layers: Iterable[AnnotationSet]) -> Comparison:
    """Two or more layers of one article, by annotator; differences in the order of the text."""
    by_annotator = {layer.annotator: layer for layer in sorted(layers, key=lambda one: one.annotator)}
    clusters = _clusters(by_annotator)
    at = {(who, mention.id): cluster for cluster in clusters for who, mention in cluster.mentions.items()}
    found = _differences(by_annotator, clusters, at)
    ordered = sorted(found, key=lambda one: (one[1].start, one[1].end, one[1].id))
    numbered = (
        Difference(id=f"d{nth}", about=about, cluster=cluster, asks=asks, held=held)
        for nth, (about, cluster, asks, held) in enumerate(ordered, start=1)
    )
    return Comparison(layers=by_annotator, clusters=clusters, differences=tuple(numbered), at=at)


def kind_of(mention: Mention) -> str:
    """Mentions of one kind can be readings of one another: a claim of a denial, but not of a cue."""
    return "hub" if mention.label in HUBS else mention.label


def stretches(mention: Mention) -> Stretches:
    """The spans as (start, end), in code points."""
    return tuple((span.start, span.end) for span in mention.spans)


def overlap(first: Mention, second: Mention) -> float:
    """Shared code points over all code points of both; 1.0 for the same stretches."""
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in first.spans for b in second.spans)
    both = sum(span.end - span.start for one in (first, second) for span in one.spans)
    return shared / (both - shared)


def _clusters(layers: Mapping[str, AnnotationSet]) -> tuple[Cluster, ...]:
    groups: list[dict[str, Mention]] = []
    for who, layer in layers.items():
        _join(groups, who, layer.mentions)
    in_order = sorted(groups, key=lambda one: min(mention.place for mention in one.values()))
    return tuple(Cluster(id=f"c{nth}", mentions=group) for nth, group in enumerate(in_order, start=1))


def _join(groups: list[dict[str, Mention]], who: str, mentions: Sequence[Mention]) -> None:
    """Each mention to the group that it overlaps most, best pairs first, one to one; what is left starts groups of its own."""
    reach = [(min(one.spans[0].start for one in group.values()), max(one.spans[-1].end for one in group.values())) for group in groups]
    likely = [
        (_likeness(mention, groups[at]), at, nth)
        for nth, mention in enumerate(mentions)
        for at, (start, end) in enumerate(reach)
        if mention.spans[0].start < end and start < mention.spans[-1].end
    ]
    pairs = sorted((-share, not same, at, nth) for (share, same), at, nth in likely if share)
    taken: set[int] = set()
    joined: set[int] = set()
    for _, _, at, nth in pairs:
        if at not in taken and nth not in joined:
            groups[at][who] = mentions[nth]
            taken.add(at)
            joined.add(nth)
    groups += [{who: mention} for nth, mention in enumerate(mentions) if nth not in joined]


def _likeness(mention: Mention, group: Mapping[str, Mention]) -> tuple[float, bool]:
    """How much a mention overlaps a group of its kind, and whether a label is the same, which settles equal overlaps."""
    of_a_kind = (one for one in group.values() if kind_of(one) == kind_of(mention))
    return max(((overlap(mention, one), mention.label == one.label) for one in of_a_kind), default=(0.0, False))


def _differences(
    layers: Mapping[str, AnnotationSet], clusters: Sequence[Cluster], at: Mapping[tuple[str, str], Cluster]
) -> Iterator[tuple[About, Cluster, str | None, dict[str, Any]]]:
    said = {(who, one.hub): one for who, layer in layers.items() for one in layer.attributions}
    for cluster in clusters:
        marked = {who: (held.label, stretches(held)) if (held := cluster.mentions.get(who)) else None for who in layers}
        if _part(marked):
            yield "mention", cluster, None, marked
        for name, values in _attributes(cluster, said):
            yield "attribute", cluster, name, values
        parts = {who: _parts(said.get((who, one.id)), who, at) for who, one in cluster.mentions.items() if one.label in HUBS}
        if _part(parts):
            yield "attribution", cluster, None, parts
    yield from _links(layers, at)


def _attributes(cluster: Cluster, said: Mapping[tuple[str, str], Attribution]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Attributes on which those part who marked a label that has them, and attributed it."""
    for name in ("responsibility", "denial_scope", "source_kind", "canonical_source"):
        held = {who: getattr(one, name) for who, one in cluster.mentions.items() if name in ATTRIBUTES[one.label]}
        if _part(held):
            yield name, held
    for name in OF_ATTRIBUTION:
        held = {who: getattr(said[who, one.id], name) for who, one in cluster.mentions.items() if (who, one.id) in said}
        if _part(held):
            yield name, held


def _parts(one: Attribution | None, who: str, at: Mapping[tuple[str, str], Cluster]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The clusters of sources and of cues."""
    if one is None:
        return (), ()
    sources, cues = (tuple(sorted({at[who, name].id for name in names})) for names in (one.sources, one.cues))
    return sources, cues


def _links(
    layers: Mapping[str, AnnotationSet], at: Mapping[tuple[str, str], Cluster]
) -> Iterator[tuple[About, Cluster, str, dict[str, bool]]]:
    """A link that one drew and another, who marked both its ends, did not."""
    drawn = {who: {(link.type, at[who, link.from_].id, at[who, link.to].id) for link in layer.links} for who, layer in layers.items()}
    by_id = {cluster.id: cluster for cluster in at.values()}
    for kind, first, second in sorted(set().union(*drawn.values())):
        able = [who for who in layers if who in by_id[first].mentions and who in by_id[second].mentions]
        held = {who: (kind, first, second) in drawn[who] for who in able}
        if _part(held):
            yield "link", by_id[first], f"{kind} {second}", held


def _part(held: Mapping[str, Any]) -> bool:
    return len(set(held.values())) > 1
