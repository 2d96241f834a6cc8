"""Which texts meet in a band of their sketches, and which of those are near-duplicates: as many pairs as hold clusters together.

The order in which pairs are looked at decides which of them hold a cluster together, so it is the same wherever they are: texts that are
equal, then band by band, the nearest neighbours under a key first, then by key and by place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count, repeat
from math import ceil

import numpy as np
from numpy.typing import NDArray

from corpus.nearness.grouping import Clusters, Groups, Places
from corpus.nearness.sketching import HASHES, Numbers, share_of, sketch

SIMILAR = 0.5  # exact Jaccard of the shingles; unrelated articles have less than 0.1
BANDS = 42  # three rows a band: a pair of 0.5 is met with a chance of 0.996, and one of 0.8 always
ROWS = HASHES // BANDS
LEAST = ceil(0.3 * HASHES)  # hashes alike; a pair of 0.5 has fewer once in 100,000
HASH = 32  # bytes of what tells whether two texts are equal
COARSE = HASHES // 2  # bytes of a sketch of which each hash has four bits
_PAIRS = 10_000  # looked at at once

Near = tuple[str, str, float]
Signs = NDArray[np.uint32]
Alike = NDArray[np.bool_]


def near(texts: Mapping[str, str]) -> list[Near]:
    """Pairs of names whose texts share at least half of their shingles, with how much they share.

    >>> words = "the ferry line said on Monday that all the boats had been inspected in the spring and again in May"
    >>> near({"a": words, "b": words + " 2001", "c": "a quite other article about the price of tea in the hills"})
    [('a', 'b', 0.941)]
    """
    names = sorted(texts)
    met = sorted(likely(b"".join(sketch(texts[name]) for name in names)))
    exact = ((names[one], names[at], share_of(texts[names[one]], texts[names[at]])) for one, at in met)
    return [(first, second, round(share, 3)) for first, second, share in exact if share >= SIMILAR]


def likely(sketches: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """Places of pairs that have a whole band in common and of which the whole sketches are alike enough, the earlier first.

    In a large collection most that meet in a band are strangers; their sketches tell without their texts.
    """
    signs = signs_in(sketches)
    places, apart = np.arange(len(signs)), Groups.apart(len(signs))
    for band in range(BANDS):
        for _, _, one, other in meetings(*in_order(keys_of(signs, band), places), apart):
            close = first_met(signs[one], signs[other], band)
            yield from zip(one[close].tolist(), other[close].tolist(), strict=True)


def bridges(
    stories: Sequence[tuple[str, str]],
    texts: bytes,
    sketches: bytes | bytearray,
    words_of: Callable[[str], str],
    clusters: Clusters,
) -> list[Near]:
    """Pairs of near-duplicates that no story joins, each joined in `clusters` as it is found; of a cluster, as many as hold it together.

    `stories` has the name and the story of each text, sorted by name; `texts` their SHA-256 and `sketches` their sketches, one after the
    other. What is the same text is compared with others once.
    """
    clusters.join_all((name, story) for name, story in stories if name != story)
    names, signs = [name for name, _ in stories], signs_in(sketches)
    coarse = coarse_of(signs)
    groups = Groups.of(names, len(names), clusters)

    def close(band: int, one: Places, other: Places) -> Alike:
        alike = coarsely_alike(coarse[one], coarse[other])  # most are strangers, which is sooner seen in fewer bytes
        alike[alike] = first_met(signs[one[alike]], signs[other[alike]], band)
        return alike

    def share(one: int, other: int) -> float:
        return share_of(words_of(names[one]), words_of(names[other]))

    first, again = equal(np.frombuffer(texts, dtype=np.uint64).reshape(-1, HASH // 8))
    pairs = zip(first.tolist(), again.tolist(), repeat(1.0))
    found = [(one, other, shared) for one, other, shared in pairs if groups.join(one, other)]
    once = np.delete(np.arange(len(names)), again)
    for band in range(BANDS):
        met = forest(*in_order(keys_of(signs, band)[once], once), groups, partial(close, band), share)
        found += ((one, other, shared) for _, _, one, other, shared in met)
    return named(found, names.__getitem__, clusters)


def named(found: Iterable[tuple[int, int, float]], name: Callable[[int], str], clusters: Clusters) -> list[Near]:
    """The same pairs by name, each joined."""
    pairs = sorted((name(one), name(other), round(share, 3)) for one, other, share in found)
    clusters.join_all((one, other) for one, other, _ in pairs)
    return pairs


def forest(
    keys: Numbers,
    members: Places,
    groups: Groups,
    close: Callable[[Places, Places], Alike],
    share: Callable[[int, int], float],
    at_once: int = _PAIRS,
) -> Iterator[tuple[int, int, int, int, float]]:
    """Near-duplicates that make two groups one, each joined as it is found: how far apart under which key, the two, and what they share.

    Keys are in order, and members under each. `close` is asked of pairs of different groups which of them to look at.
    """
    for apart, under, one, other in meetings(keys, members, groups, at_once):
        parted = groups.first(one) != groups.first(other)
        under, one, other = under[parted], one[parted], other[parted]
        alike = close(one, other)
        for key, first, second in zip(under[alike].tolist(), one[alike].tolist(), other[alike].tolist(), strict=True):
            if groups.are_apart(first, second):
                shared = share(first, second)
                if shared >= SIMILAR:
                    groups.join(first, second)
                    yield apart, key, first, second, shared


def meetings(keys: Numbers, members: Places, groups: Groups, at_once: int = _PAIRS) -> Iterator[tuple[int, Numbers, Places, Places]]:
    """Pairs under one key that were of two groups when last asked: how far apart, their keys, the earlier and the later.

    Most under a key that many have are soon of one group, and its square is gone through as seldom and as quickly as may be.
    """
    joins, firsts = -1, groups.first(members)
    for apart in count(1):
        if groups.joins != joins or apart.bit_count() == 1:
            keys, members = still_apart(keys, members, groups, apart)
            joins, firsts = groups.joins, groups.first(members)
        if len(keys) <= apart:
            return
        at = np.flatnonzero((keys[apart:] == keys[:-apart]) & (firsts[apart:] != firsts[:-apart]))
        for some in np.split(at, range(at_once, len(at), at_once)) if len(at) else ():
            yield apart, keys[some], members[some], members[some + apart]


def in_order(keys: Numbers, members: Places) -> tuple[Numbers, Places]:
    """By key, and under each as they were."""
    order = np.argsort(keys, kind="stable")
    return keys[order], members[order]


def runs(keys: Numbers) -> tuple[Places, Places]:
    """Where each key begins, of keys in order, and how often it comes."""
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(keys), 1), dtype=bool), keys[1:] != keys[:-1]]))
    return starts, np.diff(starts, append=len(keys))


def still_apart(keys: Numbers, members: Places, groups: Groups, apart: int) -> tuple[Numbers, Places]:
    """What comes under a key that more have than are `apart`, and not all of one group."""
    if not len(keys):
        return keys, members
    starts, sizes = runs(keys)
    firsts = groups.first(members)
    parted = np.minimum.reduceat(firsts, starts) != np.maximum.reduceat(firsts, starts)
    keep = np.repeat(parted & (sizes > apart), sizes)
    return keys[keep], members[keep]


def first_met(one: Signs, other: Signs, band: int) -> Alike:
    """Of pairs by their sketches: whether they are alike enough, and meet in no earlier band, where they were looked at."""
    same = one == other
    whole = same.reshape(-1, BANDS, ROWS).all(axis=2)
    alike: Alike = (same.sum(axis=1) >= LEAST) & (whole.argmax(axis=1) == band)
    return alike


def equal(texts: Numbers) -> tuple[Places, Places]:
    """Of texts by their hashes, a row each: those that stand again, and the first of each."""
    order = np.lexsort(texts.T[::-1])
    new = np.ones(len(order), dtype=bool)
    new[1:] = (texts[order[1:]] != texts[order[:-1]]).any(axis=1)
    first = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))]
    again = np.argsort(order[~new])
    return first[~new][again], order[~new][again]


def signs_in(sketches: bytes | bytearray) -> Signs:
    """Sketches as a row of numbers each."""
    return np.frombuffer(sketches, dtype=np.uint32).reshape(-1, HASHES)


def keys_of(signs: Signs, band: int) -> Numbers:
    """The rows of a band as one number each; two bands that meet by chance are told apart by the exact measure."""
    keys: Numbers = np.zeros(len(signs), dtype=np.uint64)
    for row in range(band * ROWS, (band + 1) * ROWS):
        keys = (keys * np.uint64(0x9E3779B97F4A7C15) + signs[:, row]).astype(np.uint64)
    return keys


def coarse_of(signs: Signs) -> NDArray[np.uint8]:
    """Four bits of each hash, COARSE bytes a sketch."""
    low = (signs & 15).astype(np.uint8)
    packed: NDArray[np.uint8] = low[:, ::2] << np.uint8(4) | low[:, 1::2]
    return packed


def coarsely_alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> Alike:
    """Of pairs by these: whether they may be alike enough. What is alike by all bits is so by some."""
    differ = one ^ other
    alike: Alike = (differ < 16).sum(axis=1) + (differ & 15 == 0).sum(axis=1) >= LEAST
    return alike
