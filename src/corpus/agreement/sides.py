"""Two or more readings of one article side by side, with all that several measures need of them. Counts nothing.

Roles: source, cue, hub (claim, denial or content), and each of the three by itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from corpus import text
from corpus.agreement.alignment import Alignment, aligned
from corpus.model import HUBS, AnnotationSet, Document, Label, Mention

Role = Literal["source", "cue", "hub", "claim", "denial", "content"]
ROLES: tuple[Role, ...] = get_args(Role)
BIT: Mapping[Label, int] = {label: 1 << nth for nth, label in enumerate(get_args(Label))}
Marks = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Two readings of one article: `every` aligns all mentions, whatever label a hub has; `labelled` those of each hub label alone."""

    first: AnnotationSet
    second: AnnotationSet
    every: Alignment
    labelled: Mapping[Label, Alignment]

    def of(self, role: Role) -> Alignment:
        """The alignment of one role."""
        return self.every.of(role) if role == "source" or role == "cue" or role == "hub" else self.labelled[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One article with its readings by annotator, and every two of them.

    `marks` holds for each reading and token the bits of the labels that mark it, None where the text is not at hand; `open` is whether
    words of the text may be shown.
    """

    document: Document
    open: bool
    layers: tuple[AnnotationSet, ...]
    sides: tuple[Sides, ...]
    marks: Marks | None


def case(document: Document, layers: Iterable[AnnotationSet], *, open: bool) -> Case:
    """Lay readings of one article side by side."""
    ordered = tuple(sorted(layers, key=lambda one: one.annotator))
    return Case(
        document=document,
        open=open,
        layers=ordered,
        sides=tuple(laid(first, second) for first, second in combinations(ordered, 2)),
        marks=None if document.text is None else _marks(ordered, text.tokens(document.text)),
    )


def only(one: Case, annotators: Iterable[str]) -> Case | None:
    """The case with these annotators alone; None where fewer than two of them read it."""
    wanted = set(annotators)
    kept = [nth for nth, layer in enumerate(one.layers) if layer.annotator in wanted]
    if len(kept) < 2:
        return None
    return Case(
        document=one.document,
        open=one.open,
        layers=tuple(one.layers[nth] for nth in kept),
        sides=tuple(two for two in one.sides if {two.first.annotator, two.second.annotator} <= wanted),
        marks=None if one.marks is None else one.marks[kept],
    )


def of_role(mentions: Iterable[Mention], role: Role) -> Iterator[Mention]:
    """The mentions that play a role."""
    labels = HUBS if role == "hub" else (role,)
    return (one for one in mentions if one.label in labels)


def laid(first: AnnotationSet, second: AnnotationSet) -> Sides:
    """Two readings of one text, their mentions aligned."""
    labelled = {label: aligned(of_role(first.mentions, label), of_role(second.mentions, label)) for label in HUBS}
    return Sides(first=first, second=second, every=aligned(first.mentions, second.mentions), labelled=labelled)


def _marks(layers: Sequence[AnnotationSet], tokens: Sequence[tuple[int, int]]) -> Marks:
    """A token is marked by a span that shares a code point with it."""
    starts, ends = (np.array([token[at] for token in tokens], dtype=np.int64) for at in (0, 1))
    marks = np.zeros((len(layers), len(tokens)), dtype=np.int64)
    for row, layer in zip(marks, layers, strict=True):
        for mention in layer.mentions:
            for span in mention.spans:
                row[np.searchsorted(ends, span.start, side="right") : np.searchsorted(starts, span.end)] |= BIT[mention.label]
    return marks
