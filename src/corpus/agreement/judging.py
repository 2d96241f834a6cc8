"""Agreement on pairs across articles: of every two annotators, over the pairs that both judged. Plain kappa, no interval."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import get_args

import numpy as np

from corpus.agreement.coefficients import kappa
from corpus.agreement.telling import number
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


def in_words(judgements: Iterable[Judgements]) -> str:
    """How many pairs were judged by how many annotators, and how far every two agree.

    >>> in_words([])
    'No pair of a statement and a claim of another article has been judged yet.'
    """
    held = [one for one in judgements if one.judgements]
    if not held:
        return "No pair of a statement and a claim of another article has been judged yet."
    pairs = len({one.pair for each in held for one in each.judgements})
    counted = f"{pairs:,} pair{'s' * (pairs != 1)} of a statement and a claim of another article"
    by = f"judged by {len(held)} annotator{'s' * (len(held) != 1)}"
    return "; ".join([f"{counted} {by}", *map(of_two_in_words, judged(held))]) + "."


def of_two_in_words(one: Judged) -> str:
    """Of two annotators: pairs, how many alike, kappa."""
    return f"{one.first} and {one.second}: {one.alike:,} of {one.pairs:,} alike, kappa {number(one.kappa)}"


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
