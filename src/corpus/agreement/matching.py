"""What of one reading stands in another: mentions, attributions and links as (matched, marked by the first, marked by the second).

A mention is found exactly if the other reading has the same spans in the same role, by overlap if one is aligned with it. An attribution
is found if its hub, all its sources and all its cues are, and the other one has no more of them; the label of the hub is no part of that.
A link is found if the other reading has one of its type between the aligned mentions; of mutual types the direction does not count.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from corpus.adjudication.comparison import stretches
from corpus.agreement.coefficients import Counts
from corpus.agreement.sides import Role, Sides, of_role
from corpus.model import MUTUAL, AnnotationSet, Link, LinkType

LinkKey = tuple[LinkType, str | None, str | None]


def mentions_exact(sides: Sides, role: Role) -> Counts:
    """Mentions with the same spans."""
    first, second = (Counter(map(stretches, of_role(layer.mentions, role))) for layer in (sides.first, sides.second))
    return _counts((first & second).total(), first.total(), second.total())


def mentions_overlapping(sides: Sides, role: Role) -> Counts:
    """Mentions aligned by overlap."""
    found = sides.of(role)
    matched = len(found.pairs)
    return _counts(matched, matched + len(found.first_only), matched + len(found.second_only))


def attributions_exact(sides: Sides) -> Counts:
    """Attributions with the same spans in every role."""
    first, second = (Counter(_placed(layer)) for layer in (sides.first, sides.second))
    return _counts((first & second).total(), first.total(), second.total())


def attributions_overlapping(sides: Sides) -> Counts:
    """Attributions whose every part is aligned with a part of the other."""
    names = sides.every.names()
    here = {(names.get(one.hub), _all(one.sources, names), _all(one.cues, names)) for one in sides.first.attributions}
    there = {(one.hub, frozenset(one.sources), frozenset(one.cues)) for one in sides.second.attributions}
    return _counts(len(here & there), len(sides.first.attributions), len(sides.second.attributions))


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


def _placed(layer: AnnotationSet) -> Iterator[object]:
    place = {one.id: stretches(one) for one in layer.mentions}
    for one in layer.attributions:
        yield place[one.hub], frozenset(place[id] for id in one.sources), frozenset(place[id] for id in one.cues)


def _all(ids: Iterable[str], names: Mapping[str, str]) -> frozenset[str | None]:
    return frozenset(names.get(id) for id in ids)


def _key(link: Link, name: Callable[[str], str | None]) -> LinkKey:
    first, second = name(link.from_), name(link.to)
    if link.type in MUTUAL and first is not None and second is not None:
        first, second = sorted((first, second))
    return link.type, first, second


def _counts(*numbers: int) -> Counts:
    return np.array(numbers, dtype=np.float64)
