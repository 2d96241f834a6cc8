"""Every measure of a prediction as what one article adds to it: (matched, gold, predicted), or such a triple for each label.

What matches is agreement's to say; here it is gold that comes first, so precision and recall are told apart.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import get_args

import numpy as np

from corpus.agreement import coefficients, matching
from corpus.agreement.coefficients import Counts
from corpus.agreement.sides import ROLES, Sides
from corpus.model import Label, LinkType

ALL_LABELS = "all labels"
MEAN = "mean of labels"
Counted = Callable[[Sides], Counts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure "mention_exact" of "claim"; its counts hold one triple, or one for each label of which the mean is taken."""

    name: str
    of: str
    counted: Counted


def measures() -> Iterator[Measure]:
    """All measures, in the order in which they are told."""
    for name, found in _MENTIONS:
        yield from (Measure(name=name, of=role, counted=partial(found, role=role)) for role in ROLES)
        yield Measure(name=name, of=ALL_LABELS, counted=partial(_pooled, found=found))
        yield Measure(name=name, of=MEAN, counted=partial(_each, found=found))
    for name, part, whole in _ATTRIBUTIONS:
        yield from (Measure(name=name, of=f"{role} of it", counted=partial(part, role=role)) for role in get_args(matching.Part))
        yield Measure(name=name, of="all roles", counted=whole)
        yield Measure(name=name, of="all roles and label", counted=partial(whole, labelled=True))
        yield Measure(name=name, of="all roles of a denial", counted=partial(whole, labelled=True, hubs=("denial",)))
    for name, links in _LINKS:
        yield from (Measure(name=name, of=one, counted=partial(links, types=(one,))) for one in get_args(LinkType))
        yield Measure(name=name, of="all types", counted=partial(links, types=get_args(LinkType)))


def precision(counts: Counts) -> Counts:
    """Matched over predicted; of several labels the mean."""
    return _mean(coefficients.ratio(_triples(counts)[..., 0], _triples(counts)[..., 2]))


def recall(counts: Counts) -> Counts:
    """Matched over gold; of several labels the mean."""
    return _mean(coefficients.ratio(_triples(counts)[..., 0], _triples(counts)[..., 1]))


def f1(counts: Counts) -> Counts:
    """Twice matched over gold and predicted together; of several labels the mean of theirs."""
    return _mean(coefficients.f1(_triples(counts)))


def totals(counts: Counts) -> tuple[int, int, int]:
    """Matched, gold and predicted."""
    matched, gold, predicted = (int(one) for one in _triples(counts).sum(axis=-2))
    return matched, gold, predicted


def _triples(counts: Counts) -> Counts:
    return counts.reshape(*counts.shape[:-1], -1, 3)


def _mean(values: Counts) -> Counts:
    """Over the labels for which it is defined."""
    there = ~np.isnan(values)
    return coefficients.ratio(np.where(there, values, 0).sum(axis=-1), there.sum(axis=-1))


def _each(sides: Sides, found: Callable[..., Counts]) -> Counts:
    return np.concatenate([found(sides, role=label) for label in get_args(Label)])


def _pooled(sides: Sides, found: Callable[..., Counts]) -> Counts:
    total: Counts = np.sum([found(sides, role=label) for label in get_args(Label)], axis=0)
    return total


_MENTIONS: Iterable[tuple[str, Callable[..., Counts]]] = (
    ("mention_exact", matching.mentions_exact),
    ("mention_overlap", matching.mentions_overlapping),
    ("characters", matching.characters),
)
_ATTRIBUTIONS: Iterable[tuple[str, Callable[..., Counts], Callable[..., Counts]]] = (
    ("attribution_exact", matching.parts_exact, matching.attributions_exact),
    ("attribution_overlap", matching.parts_overlapping, matching.attributions_overlapping),
)
_LINKS: Iterable[tuple[str, Callable[..., Counts]]] = (
    ("link_exact", matching.links_exact),
    ("link_overlap", matching.links),
    ("link_overlap_shared", matching.links_between_shared),
)
