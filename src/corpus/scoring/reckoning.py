"""Scores of a system, and the difference of two, from gold and prediction side by side. Takes data; knows no folder, prints nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus import splits
from corpus.agreement.bootstrap import RESAMPLES, SEED, SHUFFLES, chance, interval
from corpus.agreement.coefficients import Counts
from corpus.agreement.sides import laid
from corpus.model import AnnotationSet, Document
from corpus.problems import CorpusError
from corpus.scoring.measures import f1, measures, precision, recall, totals
from corpus.scoring.results import By, Contest, Difference, Part, Report, Score

DIGITS = 4
Layers = Mapping[str, AnnotationSet]  # document → its layer
Named = tuple[str, str]  # a measure and what it is of
_KEYS: Mapping[By, Callable[[Document], Iterable[str]]] = {
    "split": lambda one: (splits.split_of(one.story or one.id),),
    "phenomenon": lambda one: one.phenomena or (),
    "source": lambda one: (one.source,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What every article adds to every measure, one row an article; the rows are in the order of `names`."""

    names: tuple[str, ...]
    counts: Mapping[Named, Counts]


def tally(gold: Layers, predicted: Layers) -> Tally:
    """Count once; every part and every resample is then a sum. The two must be of the same articles."""
    if gold.keys() != predicted.keys() or not gold:
        raise CorpusError("gold and prediction are not of the same articles, or of none")
    names = tuple(sorted(gold))
    sides = [laid(gold[name], predicted[name]) for name in names]
    return Tally(names=names, counts={(one.name, one.of): np.stack([one.counted(two) for two in sides]) for one in measures()})


def report(
    held: Tally, system: str, documents: Mapping[str, Document], *, by: Iterable[By] = (), resamples: int = RESAMPLES, seed: int = SEED
) -> Report:
    """All figures of a system; an article whose record is not known stands in no part."""
    parts = [_part(held, kind, name, rows, resamples, seed) for kind in by for name, rows in _groups(held.names, documents, kind)]
    whole = _part(held, "all", "all", range(len(held.names)), resamples, seed)
    return Report(system=system, resamples=resamples, seed=seed, whole=whole, parts=tuple(parts))


def contest(
    first: Tally, second: Tally, systems: tuple[str, str], *, resamples: int = RESAMPLES, shuffles: int = SHUFFLES, seed: int = SEED
) -> Contest:
    """Two systems over the same articles, measure by measure."""
    if first.names != second.names:
        raise CorpusError("the two systems did not predict the same articles")
    found = (_difference(one, first.counts[one], second.counts[one], resamples, shuffles, seed) for one in first.counts)
    return Contest(
        systems=systems, documents=len(first.names), resamples=resamples, shuffles=shuffles, seed=seed,
        differences=tuple(found),
    )  # fmt: skip


def _groups(names: Sequence[str], documents: Mapping[str, Document], by: By) -> Iterator[tuple[str, list[int]]]:
    keys = [set(_KEYS[by](documents[name])) if name in documents else set() for name in names]
    for key in sorted(set().union(*keys)):
        yield key, [row for row, held in enumerate(keys) if key in held]


def _part(held: Tally, by: By, name: str, rows: Sequence[int], resamples: int, seed: int) -> Part:
    scores = (_score(one, counts[list(rows)], resamples, seed) for one, counts in held.counts.items())
    return Part(by=by, name=name, documents=len(rows), scores=tuple(scores))


def _score(measure: Named, counts: Counts, resamples: int, seed: int) -> Score:
    total = counts.sum(axis=0)
    low, high = interval(counts, f1, resamples=resamples, seed=seed) or (None, None)
    matched, gold, predicted = totals(total)
    return Score(
        measure=measure[0], of=measure[1],
        precision=_rounded(precision(total)), recall=_rounded(recall(total)), f1=_rounded(f1(total)),
        low=_rounded(low), high=_rounded(high), macro=_rounded(_macro(f1(counts))), matched=matched, gold=gold, predicted=predicted,
    )  # fmt: skip


def _difference(measure: Named, first: Counts, second: Counts, resamples: int, shuffles: int, seed: int) -> Difference:
    ours, theirs = f1(first.sum(axis=0)), f1(second.sum(axis=0))
    both, width = np.concatenate([first, second], axis=-1), first.shape[-1]
    apart = interval(both, lambda held: f1(held[..., :width]) - f1(held[..., width:]), resamples=resamples, seed=seed)
    low, high = apart or (None, None)
    return Difference(
        measure=measure[0], of=measure[1], first=_rounded(ours), second=_rounded(theirs), difference=_rounded(ours - theirs),
        low=_rounded(low), high=_rounded(high), p=_rounded(chance(first, second, f1, shuffles=shuffles, seed=seed)),
    )  # fmt: skip


def _macro(values: Counts) -> float | None:
    """The mean over the articles for which it is defined."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else None


def _rounded(value: Counts | float | None) -> float | None:
    return None if value is None or np.isnan(value) else round(float(value), DIGITS) + 0.0  # never minus nought
