"""The values that two readings give to the mentions they share, side by side, and what comes of laying many such pairs together.

Null is a value of its own, "not given", as long as one of the two gives a value; where neither does there is nothing to compare.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from corpus import model
from corpus.adjudication.comparison import OF_ATTRIBUTION
from corpus.agreement.coefficients import Counts
from corpus.agreement.results import NOT_GIVEN, NOT_MARKED, Cell, Confusion, Place
from corpus.agreement.sides import Case, Sides
from corpus.codec import ATTRIBUTES
from corpus.model import HUBS, Mention

NAME = "canonical_source"
HUB_LABEL = "label of the hub"
OF_MENTION = ("responsibility", "denial_scope", "source_kind")
VALUES: Mapping[str, tuple[str, ...]] = {
    HUB_LABEL: HUBS,
    "responsibility": (*get_args(model.Responsibility), NOT_GIVEN),
    "denial_scope": (*get_args(model.DenialScope), NOT_GIVEN),
    "source_kind": (*get_args(model.SourceKind), NOT_GIVEN),
    "quote_type": (*get_args(model.QuoteType), NOT_GIVEN),
    "polarity": (*get_args(model.Polarity), NOT_GIVEN),
    "certainty": (*get_args(model.Certainty), NOT_GIVEN),
}
SHOWN = ("label", *(name for name in VALUES if name != HUB_LABEL))
PLACES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One thing on which two readings agree or part: of "source_kind", and what each one holds at its mention, if it has one."""

    of: str
    held: tuple[str, str]
    mentions: tuple[Mention | None, Mention | None]


def compared(sides: Sides) -> Iterator[Compared]:
    """Labels of all mentions, aligned or not; attributes of all aligned mentions whose labels both have them."""
    said = [{one.hub: one for one in layer.attributions} for layer in (sides.first, sides.second)]
    for both in sides.every.pairs:
        yield Compared(of="label", held=(both[0].label, both[1].label), mentions=both)
        if both[0].label in HUBS:
            yield Compared(of=HUB_LABEL, held=(both[0].label, both[1].label), mentions=both)
        for name in (*OF_MENTION, NAME):
            if all(name in ATTRIBUTES[one.label] for one in both):
                yield from _attribute(name, both, both)
        if both[0].id in said[0] and both[1].id in said[1]:
            for name in OF_ATTRIBUTION:
                yield from _attribute(name, (said[0][both[0].id], said[1][both[1].id]), both)
    yield from (Compared(of="label", held=(one.label, NOT_MARKED), mentions=(one, None)) for one in sides.every.first_only)
    yield from (Compared(of="label", held=(NOT_MARKED, one.label), mentions=(None, one)) for one in sides.every.second_only)


def tables(case: Case, of: str, pairs: Sequence[tuple[str, str]]) -> Counts:
    """A contingency table for each pair of annotators, in this order, flat."""
    values = {value: at for at, value in enumerate(VALUES[of])}
    found = np.zeros((len(pairs), len(values), len(values)))
    for sides in case.sides:
        table = found[pairs.index((sides.first.annotator, sides.second.annotator))]
        for one in compared(sides):
            if one.of == of:
                table[values[one.held[0]], values[one.held[1]]] += 1
    return found.ravel()


def equal(case: Case, of: str) -> Counts:
    """How many are equal, and how many there are."""
    held = [one.held for sides in case.sides for one in compared(sides) if one.of == of]
    return np.array([sum(first == second for first, second in held), len(held)], dtype=np.float64)


def confusions(cases: Iterable[Case]) -> tuple[Confusion, ...]:
    """Labels and attributes, all pairs of readers together; names of sources are words and are left out."""
    cells: dict[tuple[str, tuple[str, str]], list[tuple[Case, Compared]]] = defaultdict(list)
    for case in cases:
        for sides in case.sides:
            for one in compared(sides):
                cells[one.of, one.held].append((case, one))
    return tuple(_confusion(of, {held: found for (name, held), found in cells.items() if name == of}) for of in SHOWN)


def _confusion(of: str, cells: Mapping[tuple[str, str], Sequence[tuple[Case, Compared]]]) -> Confusion:
    ordered = sorted(cells.items(), key=lambda item: (-len(item[1]), item[0]))
    return Confusion(
        of=of,
        cells=tuple(
            Cell(first=held[0], second=held[1], count=len(found), places=_places(found) if held[0] != held[1] else ())
            for held, found in ordered
        ),
    )


def _places(found: Sequence[tuple[Case, Compared]]) -> tuple[Place, ...]:
    """Some places, spread evenly over all of them."""
    chosen = (found[at * len(found) // PLACES] for at in range(PLACES)) if len(found) > PLACES else iter(found)
    return tuple(_place(case, one) for case, one in chosen)


def _place(case: Case, one: Compared) -> Place:
    first, second = ((held.spans[0].start, held.spans[-1].end) if held else None for held in one.mentions)
    shown = next(held for held in one.mentions if held is not None)
    whole = case.document.text if case.open else None
    words = None if whole is None else " … ".join(whole[span.start : span.end] for span in shown.spans)
    return Place(document=case.document.id, first=first, second=second, words=words)


def _attribute(name: str, holders: tuple[Any, Any], mentions: tuple[Mention, Mention]) -> Iterator[Compared]:
    first, second = (getattr(one, name) for one in holders)
    if first is not None or second is not None:
        yield Compared(of=name, held=(first or NOT_GIVEN, second or NOT_GIVEN), mentions=mentions)
