"""What of one reading stands in another: mentions, attributions and links as (matched, marked by the first, marked by the second).

A mention is found exactly if the other reading has the same spans in the same role, by overlap if one is aligned with it. An attribution
is found if its hub, all its sources and all its cues are, and the other one has no more of them; the label of the hub is no part of that
unless labels are asked for. A part of an attribution is the hub with one source, or with one cue.
A link is found if the other reading has one of its type between the aligned mentions; of mutual types the direction does not count.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any, Literal

import numpy as np

from corpus.adjudication.comparison import Stretches, stretches
from corpus.agreement.coefficients import Counts
from corpus.agreement.sides import Role, Sides, of_role
from corpus.model import HUBS, MUTUAL, AnnotationSet, Label, Link, LinkType

LinkKey = tuple[LinkType, Any, Any]
Part = Literal["hub", "source", "cue"]


def mentions_exact(sides: Sides, role: Role) -> Counts:
    """Mentions with the same spans."""
    first, second = (Counter(map(stretches, of_role(layer.mentions, role))) for layer in (sides.first, sides.second))
    return _counts((first & second).total(), first.total(), second.total())


def mentions_overlapping(sides: Sides, role: Role) -> Counts:
    """Mentions aligned by overlap."""
    found = sides.of(role)
    matched = len(found.pairs)
    return _counts(matched, matched + len(found.first_only), matched + len(found.second_only))


def characters(sides: Sides, role: Role) -> Counts:
    """Code points that mentions of this role cover; nesting counts once."""
    first, second = (_covered(layer, role) for layer in (sides.first, sides.second))
    return _counts(len(first & second), len(first), len(second))


def attributions_exact(sides: Sides, *, labelled: bool = False, hubs: Iterable[Label] = HUBS) -> Counts:
    """Attributions of these hubs with the same spans in every role; `labelled`: the hub has the same label besides."""
    first, second = (Counter(_placed(layer, labelled, set(hubs))) for layer in (sides.first, sides.second))
    return _counts((first & second).total(), first.total(), second.total())


def attributions_overlapping(sides: Sides, *, labelled: bool = False, hubs: Iterable[Label] = HUBS) -> Counts:
    """Attributions of these hubs whose every part is aligned with a part of the other; `labelled`: the hub has the same label besides."""
    names, (ours, theirs) = sides.every.names(), (layer.by_id() for layer in (sides.first, sides.second))
    of_ours, of_theirs = (
        [one for one in layer.attributions if known[one.hub].label in set(hubs)]
        for layer, known in ((sides.first, ours), (sides.second, theirs))
    )
    here = {(names.get(one.hub), _all(one.sources, names), _all(one.cues, names), labelled and ours[one.hub].label) for one in of_ours}
    there = {(one.hub, frozenset(one.sources), frozenset(one.cues), labelled and theirs[one.hub].label) for one in of_theirs}
    return _counts(len(here & there), len(of_ours), len(of_theirs))


def parts_exact(sides: Sides, role: Part) -> Counts:
    """Hubs with their sources (or cues) one by one, with the same spans; of "hub" the attributed hubs alone."""
    first, second = (
        Counter((place[hub], place[part]) for place, hub, part in _parts(layer, role)) for layer in (sides.first, sides.second)
    )
    return _counts((first & second).total(), first.total(), second.total())


def parts_overlapping(sides: Sides, role: Part) -> Counts:
    """The same with both ends aligned."""
    names = sides.every.names()
    first, second = ([(hub, part) for _, hub, part in _parts(layer, role)] for layer in (sides.first, sides.second))
    here = Counter((names.get(hub), names.get(part)) for hub, part in first)
    return _counts((here & Counter(second)).total(), len(first), len(second))


def links_exact(sides: Sides, types: Iterable[LinkType]) -> Counts:
    """Links of these types between mentions with the same labels and spans."""
    wanted = set(types)
    placed = [{one.id: (one.label, stretches(one)) for one in layer.mentions} for layer in (sides.first, sides.second)]
    first, second = (
        Counter(_key(link, place.__getitem__) for link in layer.links if link.type in wanted)
        for layer, place in zip((sides.first, sides.second), placed, strict=True)
    )
    return _counts((first & second).total(), first.total(), second.total())


def links(sides: Sides, types: Iterable[LinkType]) -> Counts:
    """Links of these types, both ends aligned."""
    names, wanted = sides.every.names(), set(types)
    here = [_key(link, names.get) for link in sides.first.links if link.type in wanted]
    there = [_key(link, str) for link in sides.second.links if link.type in wanted]
    return _counts((Counter(here) & Counter(there)).total(), len(here), len(there))


def links_between_shared(sides: Sides, types: Iterable[LinkType]) -> Counts:
    """The same, counting only links between two mentions that both readings marked: did they link what both saw?"""
    names, wanted = sides.every.names(), set(types)
    found = set(names.values())
    here = [_key(link, names.get) for link in sides.first.links if link.type in wanted and {link.from_, link.to} <= names.keys()]
    there = [_key(link, str) for link in sides.second.links if link.type in wanted and {link.from_, link.to} <= found]
    return _counts((Counter(here) & Counter(there)).total(), len(here), len(there))


def _covered(layer: AnnotationSet, role: Role) -> set[int]:
    return {at for one in of_role(layer.mentions, role) for span in one.spans for at in range(span.start, span.end)}


def _placed(layer: AnnotationSet, labelled: bool, hubs: Container[Label]) -> Iterator[object]:
    place = {one.id: stretches(one) for one in layer.mentions}
    label = {one.id: one.label for one in layer.mentions}
    for one in layer.attributions:
        if label[one.hub] in hubs:
            parts = frozenset(place[id] for id in one.sources), frozenset(place[id] for id in one.cues)
            yield place[one.hub], *parts, labelled and label[one.hub]


def _parts(layer: AnnotationSet, role: Part) -> Iterator[tuple[Mapping[str, Stretches], str, str]]:
    place = {one.id: stretches(one) for one in layer.mentions}
    for one in layer.attributions:
        for part in {"hub": (one.hub,), "source": one.sources, "cue": one.cues}[role]:
            yield place, one.hub, part


def _all(ids: Iterable[str], names: Mapping[str, str]) -> frozenset[str | None]:
    return frozenset(names.get(id) for id in ids)


def _key(link: Link, name: Callable[[str], Any]) -> LinkKey:
    first, second = name(link.from_), name(link.to)
    if link.type in MUTUAL and first is not None and second is not None:
        first, second = sorted((first, second))
    return link.type, first, second


def _counts(*numbers: int) -> Counts:
    return np.array(numbers, dtype=np.float64)
