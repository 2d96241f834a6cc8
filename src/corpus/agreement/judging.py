"""Agreement on pairs across articles: of every two annotators, over the pairs that both judged. Plain kappa, no interval."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import get_args

import numpy as np

from corpus.agreement.coefficients import kappa
from corpus.judgement import Answer, Judgements

ANSWERS: tuple[Answer, ...] = get_args(Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Two annotators: first "a3f1", second "4b22", the pairs that both judged, how many alike, Cohen's kappa (None if undefined)."""

    first: str
    second: str
    pairs: int
    alike: int
    kappa: float | None


def judged(judgements: Iterable[Judgements], annotators: Iterable[str] = ()) -> list[Judged]:
    """Every two of the annotators who judged a pair in common; none named: all."""
    wanted = set(annotators)
    held = sorted((one for one in judgements if not wanted or one.annotator in wanted), key=lambda one: one.annotator)
    return [found for first, second in combinations(held, 2) if (found := _of_two(first, second)).pairs]


def _of_two(first: Judgements, second: Judgements) -> Judged:
    others = {one.pair: one.answer for one in second.judgements}
    table = np.zeros((len(ANSWERS), len(ANSWERS)))
    for one in first.judgements:
        if one.pair in others:
            table[ANSWERS.index(one.answer), ANSWERS.index(others[one.pair])] += 1
    value = float(kappa(table.ravel(), len(ANSWERS)))
    return Judged(
        first=first.annotator,
        second=second.annotator,
        pairs=round(float(table.sum())),
        alike=round(float(np.trace(table))),
        kappa=None if np.isnan(value) else round(value, 4),
    )
