"""Which annotator reads which article: k readings an article, loads balanced within each source by number and by length. Pure.

What stands is kept: an article keeps the annotators it has or was given, and only what is missing is dealt out.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.problems import CorpusError

Roster = Mapping[str, tuple[str, ...]]  # document → annotators, sorted


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the dealing needs to know of an article: its id, source and length in code points."""

    document: str
    source: str
    length: int


def dealt(items: Iterable[Item], annotators: Sequence[str], *, each: int, seed: int, standing: Roster) -> dict[str, tuple[str, ...]]:
    """The roster of all items, each with at least `each` readers; the longest articles are dealt first, so that lengths even out.

    >>> items = [Item(document=f"d{n}", source="s", length=100) for n in range(4)]
    >>> sorted(Counter(who for whos in dealt(items, ["a", "b", "c", "d"], each=2, seed=1, standing={}).values() for who in whos).values())
    [2, 2, 2, 2]
    """
    if each > len(annotators):
        raise CorpusError(f"{each} different annotators an article need at least {each} to choose from; {len(annotators)} were named")
    by_source: dict[str, list[Item]] = {}
    for item in items:
        by_source.setdefault(item.source, []).append(item)
    return {
        name: whos for _, held in sorted(by_source.items()) for name, whos in _of_source(held, annotators, each, seed, standing).items()
    }


def loads(roster: Roster, items: Iterable[Item]) -> dict[tuple[str, str], tuple[int, int]]:
    """(annotator, source) → number of articles and their code points together."""
    numbers: Counter[tuple[str, str]] = Counter()
    lengths: Counter[tuple[str, str]] = Counter()
    for item in items:
        for who in roster.get(item.document, ()):
            numbers[who, item.source] += 1
            lengths[who, item.source] += item.length
    return {key: (numbers[key], lengths[key]) for key in sorted(numbers)}


def _of_source(items: list[Item], annotators: Sequence[str], each: int, seed: int, standing: Roster) -> dict[str, tuple[str, ...]]:
    number: Counter[str] = Counter(who for item in items for who in standing.get(item.document, ()))
    length: Counter[str] = Counter()
    roster = {}
    for item in sorted(items, key=lambda one: (-one.length, _chance(seed, one.document))):
        kept = standing.get(item.document, ())
        free = [who for who in annotators if who not in kept]
        free.sort(key=lambda who: (number[who], length[who], _chance(seed, item.document, who)))
        new = free[: max(0, each - len(kept))]
        number.update(new)
        length.update(dict.fromkeys((*kept, *new), item.length))
        roster[item.document] = tuple(sorted({*kept, *new}))
    return roster


def _chance(seed: int, *names: str) -> str:
    """An order that only the seed decides, the same on every machine."""
    return hashlib.sha256("/".join((str(seed), *names)).encode("utf-8")).hexdigest()
