"""Where the sound layers of one article part, as places alone: what gold that tells its decisions has to settle. Of stored shapes.

What the points are, and how each is called, is told by `adjudication.comparison`; tests hold the two to the same points.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from corpus.adjudication.comparison import compared, kind_of, overlap
from corpus.codec import ATTRIBUTES
from corpus.model import HUBS, About
from corpus.shapes import Attribution, Layer, Mention

Point = tuple[int, int, About]
_Pair = tuple[Mention, Mention]


@dataclass(frozen=True, slots=True)
class Marked:
    """A sound layer, and its mentions by what they mark: the label and the stretches, which no two of them share."""

    layer: Layer
    marks: Mapping[Hashable, Mention]


def points(layers: Sequence[Marked]) -> Iterator[Point]:
    """Start and end in code points of every point on which layers part, sorted by annotator, and what it is about; some more than once."""
    if len(layers) == 2:
        yield from _of_two(*layers)
    elif len(layers) > 2:
        told = compared(cast("Any", [one.layer for one in layers]))
        yield from ((one.cluster.start, one.cluster.end, one.about) for one in told.differences)


def _of_two(first: Marked, second: Marked) -> Iterator[Point]:
    """What both mark alike is a pair before anything else is, for nothing overlaps it more."""
    alike = [(one, second.marks[mark]) for mark, one in first.marks.items() if mark in second.marks]
    ours = [one for mark, one in first.marks.items() if mark not in second.marks]
    theirs = [one for mark, one in second.marks.items() if mark not in first.marks]
    pairs = _overlapping(ours, theirs)
    yield from _of_mentions(ours, theirs, pairs)
    pairs += alike
    yield from _of_values(pairs, _said(first), _said(second))
    yield from _of_links(pairs, first.layer, second.layer)


def _overlapping(ours: Sequence[Mention], theirs: Sequence[Mention]) -> list[_Pair]:
    """Best pairs first, one to one; an equal label, then the order of the text settles equal overlaps."""
    likely = []
    for at, one in enumerate(ours):
        start, end, kind = one.spans[0].start, one.spans[-1].end, kind_of(cast("Any", one))
        for nth, other in enumerate(theirs):
            near = other.spans[0].start < end and start < other.spans[-1].end
            if near and kind_of(cast("Any", other)) == kind and (share := overlap(cast("Any", other), cast("Any", one))):
                likely.append((-share, one.label != other.label, at, nth))
    pairs, taken, joined = [], set(), set()
    for _, _, at, nth in sorted(likely):
        if at not in taken and nth not in joined:
            taken.add(at)
            joined.add(nth)
            pairs.append((ours[at], theirs[nth]))
    return pairs


def _of_mentions(ours: Sequence[Mention], theirs: Sequence[Mention], pairs: Sequence[_Pair]) -> Iterator[Point]:
    paired = {id(one) for pair in pairs for one in pair}
    yield from ((*_place(pair), "mention") for pair in pairs)
    yield from ((*_place((one,)), "mention") for some in (ours, theirs) for one in some if id(one) not in paired)


def _of_values(pairs: Sequence[_Pair], ours: Mapping[str, Attribution], theirs: Mapping[str, Attribution]) -> Iterator[Point]:
    names = {other.id: one.id for one, other in pairs}
    for one, other in pairs:
        if one.label in _BEARERS and _attributes_part(one, other):
            yield (*_place((one, other)), "attribute")
        if one.label not in HUBS:
            continue
        said, told = ours.get(one.id), theirs.get(other.id)
        if said is not None and told is not None and _facts(said) != _facts(told):
            yield (*_place((one, other)), "attribute")
        if _parts_part(said, told, names):
            yield (*_place((one, other)), "attribution")


def _attributes_part(one: Mention, other: Mention) -> bool:
    if one.label == other.label:
        return _values(one) != _values(other)
    return any(getattr(one, name) != getattr(other, name) for name in ATTRIBUTES[one.label] if name in ATTRIBUTES[other.label])


def _values(one: Mention) -> tuple[object, ...]:
    return one.responsibility, one.denial_scope, one.source_kind, one.canonical_source


def _parts_part(said: Attribution | None, told: Attribution | None, names: Mapping[str, str]) -> bool:
    """Whether sources or cues are others; `names` has ours for each of theirs that is paired."""
    if said is None or told is None:
        return said is not told and _has_parts(said or told)
    sources, cues = [names.get(name) for name in told.sources], [names.get(name) for name in told.cues]
    return (sources != said.sources and {*sources} != {*said.sources}) or (cues != said.cues and {*cues} != {*said.cues})


def _has_parts(said: Attribution | None) -> bool:
    return said is not None and bool(said.sources or said.cues)


def _of_links(pairs: Sequence[_Pair], first: Layer, second: Layer) -> Iterator[Point]:
    """A link of one between two mentions that both marked, and the other did not draw."""
    if not first.links and not second.links:
        return
    both = {one.id: (one, other) for one, other in pairs}
    names = {other.id: one.id for one, other in pairs}
    ours = {(link.type, link.from_, link.to) for link in first.links if link.from_ in both and link.to in both}
    theirs = {(link.type, names[link.from_], names[link.to]) for link in second.links if link.from_ in names and link.to in names}
    yield from ((*_place(both[start]), "link") for _, start, _ in ours ^ theirs)


def _said(one: Marked) -> dict[str, Attribution]:
    return {said.hub: said for said in one.layer.attributions}


def _facts(said: Attribution) -> tuple[str | None, str | None, str | None]:
    return said.quote_type, said.polarity, said.certainty


def _place(mentions: Sequence[Mention]) -> tuple[int, int]:
    return min(one.spans[0].start for one in mentions), max(one.spans[-1].end for one in mentions)


_BEARERS = frozenset(label for label, names in ATTRIBUTES.items() if names)
