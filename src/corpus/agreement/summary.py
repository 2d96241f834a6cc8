"""Agreement of the annotators of a corpus: over everything, and over parts of it. Takes data; knows no folder and prints nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np

from corpus.agreement.bootstrap import RESAMPLES, SEED, interval
from corpus.agreement.measures import Measure, measures
from corpus.agreement.results import Agreement, By, Figure, Summary
from corpus.agreement.sides import Case, case, only
from corpus.agreement.values import confusions
from corpus.model import GOLD, AnnotationSet, Holdings
from corpus.problems import CorpusError

DIGITS = 4  # more would be noise, and the last bits differ from machine to machine


def summary(
    holdings: Holdings,
    *,
    annotators: Iterable[str] = (),
    source: str | None = None,
    by: Iterable[By] = (),
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Summary:
    """All figures over the articles that two or more of the annotators read; no annotators named: all but gold.

    `by` adds the parts: each "source", each "pair" of annotators, each annotator against "gold". Words of a withheld text are never shown.
    """
    named, by = tuple(annotators), tuple(by)
    chosen = sorted(set(named) or {layer.annotator for layer in holdings.layers.values()} - {GOLD})
    _known(holdings, named, source)
    cases = list(_cases(holdings, {*chosen, GOLD} if "gold" in by else chosen, source))
    whole = _narrowed(cases, chosen)
    if not whole:
        where = "" if source is None else f" of source {source}"
        raise CorpusError(f"no article{where} has two readings by {', '.join(chosen) or 'anybody'}; agreement needs two")
    chosen = sorted({layer.annotator for one in whole for layer in one.layers} | set(named))
    parts = [_agreement(kind, name, who, some, resamples, seed) for kind, name, who, some in _parts(cases, whole, chosen, by)]
    return Summary(resamples=resamples, seed=seed, whole=_agreement("all", "all", chosen, whole, resamples, seed), parts=tuple(parts))


def of_gold(holdings: Holdings, *, by: Iterable[By] = ()) -> Summary | None:
    """The figures of the annotators from whose readings gold was made; None where no gold was made from two."""
    gold = [layer for layer in holdings.layers.values() if layer.annotator == GOLD and len(layer.made_from or ()) > 1]
    if not gold:
        return None
    return summary(holdings, annotators={one.annotator for layer in gold for one in layer.made_from or ()}, by=by)


def by_document(holdings: Holdings, annotators: Iterable[str], wanted: Iterable[tuple[str, str]]) -> dict[str, tuple[Figure, ...]]:
    """The figures wanted (measure and what it is of) of each article that two of the annotators read; one article has no interval."""
    chosen, wanted = sorted(set(annotators)), set(wanted)
    return {
        one.document.id: tuple(_figure(held, [one], 0, SEED) for held in measures([one], chosen) if (held.name, held.of) in wanted)
        for one in _cases(holdings, chosen, None)
    }


def _known(holdings: Holdings, annotators: Iterable[str], source: str | None) -> None:
    there = sorted({layer.annotator for layer in holdings.layers.values()})
    for one in annotators:
        if one not in there:
            raise CorpusError(f"there is no reading by {one!r}; there are some by: {', '.join(there) or 'nobody'}")
    if source is not None and source not in holdings.sources:
        raise CorpusError(f"there is no source {source!r}; there are: {', '.join(sorted(holdings.sources))}")


def _cases(holdings: Holdings, annotators: Iterable[str], source: str | None) -> Iterator[Case]:
    wanted = set(annotators)
    layers: dict[str, list[AnnotationSet]] = defaultdict(list)
    for layer in holdings.layers.values():
        if layer.annotator in wanted:
            layers[layer.document].append(layer)
    for id, document in sorted(holdings.documents.items()):
        if len(layers[id]) > 1 and source in (None, document.source):
            yield case(document, layers[id], open=not holdings.withheld(document))


def _parts(
    cases: Sequence[Case], whole: Sequence[Case], annotators: Sequence[str], by: Sequence[By]
) -> Iterator[tuple[By, str, Sequence[str], Sequence[Case]]]:
    """The parts that hold anything: what it is by, its name, its annotators and its articles."""
    for source in sorted({one.document.source for one in whole}) if "source" in by else ():
        yield "source", source, annotators, [one for one in whole if one.document.source == source]
    twos = [("pair", f"{one} {other}", (one, other)) for one, other in combinations(annotators, 2)]
    against = [("gold", f"{one} gold", (one, GOLD)) for one in annotators if one != GOLD]
    for kind, name, who in [*twos, *against]:
        if kind in by and (some := _narrowed(cases, who)):
            yield kind, name, who, some  # type: ignore[misc]


def _narrowed(cases: Iterable[Case], annotators: Iterable[str]) -> list[Case]:
    wanted = set(annotators)
    return [found for one in cases if (found := only(one, wanted)) is not None]


def _agreement(by: By, name: str, annotators: Sequence[str], cases: Sequence[Case], resamples: int, seed: int) -> Agreement:
    return Agreement(
        by=by,
        name=name,
        annotators=tuple(annotators),
        documents=len(cases),
        without_text=sum(one.marks is None for one in cases),
        figures=tuple(_figure(one, cases, resamples, seed) for one in measures(cases, annotators)),
        confusions=confusions(cases),
    )


def _figure(measure: Measure, cases: Iterable[Case], resamples: int, seed: int) -> Figure:
    held = [counts for one in cases if (counts := measure.counted(one)) is not None]
    if not held:
        return Figure(measure=measure.name, of=measure.of, value=None, low=None, high=None, n=0, unit=measure.unit)
    counts = np.stack(held)
    total = counts.sum(axis=0)
    value = float(measure.value(total))
    low, high = interval(counts, measure.value, resamples=resamples, seed=seed) or (None, None)
    return Figure(
        measure=measure.name,
        of=measure.of,
        value=None if np.isnan(value) else _rounded(value),
        low=None if low is None else _rounded(low),
        high=None if high is None else _rounded(high),
        n=round(float(measure.size(total))),
        unit=measure.unit,
    )


def _rounded(value: float) -> float:
    return round(value, DIGITS) + 0.0  # never minus nought
