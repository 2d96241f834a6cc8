"""Every measure as what one article adds to it, how the sums become a figure, and how many things that figure speaks of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import get_args

import numpy as np

from corpus.agreement import coefficients, matching, unitising, values
from corpus.agreement.coefficients import Counts
from corpus.agreement.results import Unit
from corpus.agreement.sides import BIT, ROLES, Case, Marks, Role, Sides, of_role
from corpus.model import HUBS, AnnotationSet, LinkType

Value = Callable[[Counts], Counts]
_EVERY = range(sum(BIT.values()) + 1)  # all sets of labels that a token can have
_HUB = sum(BIT[label] for label in HUBS)
_ROLES_OF = [bool(bits & BIT["source"]) + 2 * bool(bits & BIT["cue"]) + 4 * bool(bits & _HUB) for bits in _EVERY]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure "mention_f1_exact" of "claim": `counted` is None for an article that it cannot speak of; `size` counts the unit."""

    name: str
    of: str
    unit: Unit
    counted: Callable[[Case], Counts | None]
    value: Value
    size: Value


def measures(cases: Sequence[Case], annotators: Iterable[str]) -> Iterator[Measure]:
    """All measures, in the order in which they are told."""
    yield from _of_tokens()
    yield from _of_units(cases)
    yield from _of_marks()
    yield from _of_links()
    yield from _of_values(tuple(combinations(sorted(annotators), 2)))


def _of_tokens() -> Iterator[Measure]:
    """Of "role" the value is the set of source, cue and hub; of "label" the set of labels; of the rest whether the token has it."""
    for of, meaning in {"role": _ROLES_OF, "label": list(_EVERY), **{str(role): _present(role) for role in ROLES}}.items():
        number = max(meaning) + 1
        counted = partial(_coincidences, meaning=np.array(meaning), number=number)
        yield Measure(name="token_alpha", of=of, unit="tokens", counted=counted, value=partial(_alpha, number=number), size=_nth(0))


def _of_units(cases: Sequence[Case]) -> Iterator[Measure]:
    for role in ROLES:
        sections = {case.document.id: [_sections(layer, role, case) for layer in case.layers] for case in cases}
        lengths = sorted({end - start for held in sections.values() for one in held for start, end, unit in one if unit})
        value = partial(coefficients.unitising_alpha, lengths=np.array(lengths, dtype=np.float64))
        counted = partial(_parted, sections=sections, lengths=lengths)
        yield Measure(name="unitising_alpha", of=role, unit="units", counted=counted, value=value, size=partial(_units, kinds=len(lengths)))


def _of_marks() -> Iterator[Measure]:
    for name, found in (("mention_f1_exact", matching.mentions_exact), ("mention_f1_overlap", matching.mentions_overlapping)):
        for role in ROLES:
            yield _f1(name, role, "marks", partial(found, role=role))
    yield _f1("attribution_f1_exact", "all roles", "attributions", matching.attributions_exact)
    yield _f1("attribution_f1_overlap", "all roles", "attributions", matching.attributions_overlapping)


def _of_links() -> Iterator[Measure]:
    every: tuple[LinkType, ...] = get_args(LinkType)
    for name, found in (("link_f1", matching.links), ("link_f1_shared", matching.links_between_shared)):
        yield _f1(name, "all types", "links", partial(found, types=every))
        for one in every:
            yield _f1(name, one, "links", partial(found, types=(one,)))


def _of_values(pairs: Sequence[tuple[str, str]]) -> Iterator[Measure]:
    for of, held in values.VALUES.items():
        counted, value = partial(values.tables, of=of, pairs=pairs), partial(coefficients.kappa, values=len(held))
        yield Measure(name="kappa", of=of, unit="pairs", counted=counted, value=value, size=_all)
    for of in (*values.VALUES, values.NAME):
        counted = partial(values.equal, of=of)
        yield Measure(name="equal", of=of, unit="pairs", counted=counted, value=coefficients.share, size=_nth(1))


def _f1(name: str, of: str, unit: Unit, found: Callable[[Sides], Counts]) -> Measure:
    """Counted over every two readers, so that with more of them the figure is over all pairs."""
    return Measure(name=name, of=of, unit=unit, counted=partial(_summed, found=found), value=coefficients.f1, size=_marked)


def _coincidences(case: Case, meaning: Marks, number: int) -> Counts | None:
    """How many tokens, and the coincidence matrix of the values that readers gave to them."""
    if case.marks is None:
        return None
    found = meaning[case.marks]
    given = np.stack([(found == value).sum(axis=0) for value in range(number)], axis=-1).astype(np.float64)
    matrix = (given.T @ given - np.diag(given.sum(axis=0))) / (len(found) - 1)
    return np.concatenate(([found.shape[1]], matrix.ravel()))


def _parted(case: Case, sections: Mapping[str, Sequence[Sequence[unitising.Section]]], lengths: Sequence[int]) -> Counts:
    return unitising.counted(sections[case.document.id], lengths)


def _summed(case: Case, found: Callable[[Sides], Counts]) -> Counts:
    return sum((found(sides) for sides in case.sides), start=np.zeros(3))


def _sections(layer: AnnotationSet, role: Role, case: Case) -> list[unitising.Section]:
    spans = ((span.start, span.end) for one in of_role(layer.mentions, role) for span in one.spans)
    return unitising.sections(spans, case.document.length)


def _present(role: Role) -> list[int]:
    wanted = _HUB if role == "hub" else BIT[role]
    return [int(bool(bits & wanted)) for bits in _EVERY]


def _alpha(counts: Counts, number: int) -> Counts:
    return coefficients.alpha(counts[..., 1:], number)


def _units(counts: Counts, kinds: int) -> Counts:
    return _all(counts[..., 3 : 3 + kinds])


def _marked(counts: Counts) -> Counts:
    return _all(counts[..., 1:])


def _all(counts: Counts) -> Counts:
    total: Counts = np.sum(counts, axis=-1)
    return total


def _nth(at: int) -> Value:
    return lambda counts: counts[..., at]
