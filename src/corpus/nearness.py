"""Near-duplicates among articles, by MinHash and locality-sensitive hashing, then by exact Jaccard. The only door to rensa.

Retellings copied from each other must share a story, or the same words stand in training and in test data. A text is held as its
sketch alone, half a kilobyte; it is asked for again only where the sketches say that it is like another.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

WORDS = 5  # of a shingle
SIMILAR = 0.5  # exact Jaccard of the shingles; unrelated articles have less than 0.1
_HASHES, _BANDS = 126, 42  # three rows a band: a pair of 0.5 is met with a chance of 0.996, and one of 0.8 always
_ROWS = _HASHES // _BANDS
_LEAST = 0.3  # of the hashes alike; a pair of 0.5 has fewer once in 100,000
_PAIRS = 10_000  # looked at at once
_SEED = 42
_WORD = re.compile(r"[^\W_]\w*(?:[-'’.,]\w+)*")
_JOINING = "-'’.,"
_FACTOR = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
SKETCH = 4 * _HASHES  # bytes

Numbers = NDArray[np.uint64]
_PLACES: Numbers = np.array([pow(0xD1342543DE82EF95, at, 1 << 64) for at in range(WORDS)], dtype=np.uint64)  # in a shingle

Near = tuple[str, str, float]


class Clusters:
    """Names that belong together, by union-find; the first of each cluster in the order of names stands for it.

    >>> clusters = Clusters()
    >>> clusters.join("b", "c"), clusters.join("a", "c"), clusters.first("b"), clusters.first("x")
    (True, True, 'a', 'x')
    """

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def first(self, name: str) -> str:
        """The first name of the cluster that a name is in, or itself."""
        while (above := self._above.get(name, name)) != name:
            self._above[name] = self._above.get(above, above)
            name = above
        return name

    def join(self, one: str, other: str) -> bool:
        """Make two clusters one; whether they were two."""
        first, second = sorted((self.first(one), self.first(other)))
        if first != second:
            self._above[second] = first
        return first != second

    def join_all(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Make clusters of pairs one."""
        for one, other in pairs:
            self.join(one, other)


def near(texts: Mapping[str, str]) -> list[Near]:
    """Pairs of names whose texts share at least half of their shingles, with how much they share.

    >>> words = "the ferry line said on Monday that all the boats had been inspected in the spring and again in May"
    >>> near({"a": words, "b": words + " 2001", "c": "a quite other article about the price of tea in the hills"})
    [('a', 'b', 0.941)]
    """
    names = sorted(texts)
    sketches = [sketch(texts[name]) for name in names]
    likely = sorted(set(_likely(b"".join(sketches))))
    exact = ((names[one], names[at], share_of(texts[names[one]], texts[names[at]])) for one, at in likely)
    return [(first, second, round(share, 3)) for first, second, share in exact if share >= SIMILAR]


def bridges(
    stories: Sequence[tuple[str, str]], sketches: bytes | bytearray, words_of: Callable[[str], str], clusters: Clusters
) -> list[Near]:
    """Pairs of near-duplicates that no story joins, each joined in `clusters` as it is found; of a cluster, as many as hold it together.

    `stories` has the name and the story of each text, sorted by name; `sketches` their sketches, one after the other.
    """
    clusters.join_all((name, story) for name, story in stories if name != story)
    found = []
    for one, other in _likely(sketches):
        first, second = stories[one][0], stories[other][0]
        if clusters.first(first) != clusters.first(second):
            share = share_of(words_of(first), words_of(second))
            if share >= SIMILAR:
                clusters.join(first, second)
                found.append((first, second, round(share, 3)))
    return sorted(found)


def sketch(words: str) -> bytes:
    """The MinHash of a text, SKETCH bytes."""
    hashed = _hashed_shingles(words)
    made = RMinHash.digest_matrix_from_flat_token_hashes(hashed, (0, len(hashed)), _HASHES, _SEED)
    return array("I", made.to_rows()[0]).tobytes()


def share_of(one: str, other: str) -> float:
    """Exact Jaccard of the shingles of two texts."""
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / len(first | second)


def _likely(sketches: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """Places of pairs that have a whole band in common and of which the whole sketches are alike enough, the earlier first.

    A pair may come again. In a large collection most that meet in a band are strangers; their sketches tell without their texts.
    """
    signs = np.frombuffer(sketches, dtype=np.uint32).reshape(-1, _HASHES)
    for band in range(_BANDS):
        keys = _keys(signs[:, band * _ROWS : (band + 1) * _ROWS])
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        for apart in range(1, len(keys)):
            alike = np.flatnonzero(keys[apart:] == keys[:-apart])
            if not len(alike):
                break
            for some in np.split(alike, range(_PAIRS, len(alike), _PAIRS)):
                yield from _close(signs, order[some], order[some + apart])


def _close(signs: NDArray[np.uint32], one: NDArray[np.int64], other: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """The sort is stable, so the earlier of a pair comes first."""
    close = (signs[one] == signs[other]).mean(axis=1) >= _LEAST
    return zip(one[close].tolist(), other[close].tolist(), strict=True)


def _keys(band: NDArray[np.uint32]) -> Numbers:
    """The rows of a band as one number each; two bands that meet by chance are told apart by the exact measure."""
    keys: Numbers = np.zeros(len(band), dtype=np.uint64)
    for row in range(band.shape[1]):
        keys = (keys * np.uint64(0x9E3779B97F4A7C15) + band[:, row]).astype(np.uint64)
    return keys


def _shingles(words: str) -> frozenset[str]:
    """Runs of words in one case, without punctuation; a shorter text is one run."""
    plain = _WORD.findall(words.casefold())
    if len(plain) < WORDS:
        return frozenset([" ".join(plain)])
    return frozenset(map(" ".join, zip(*(plain[at:] for at in range(WORDS)), strict=False)))


def _hashed_shingles(words: str) -> Numbers:
    """The same shingles as a number each, some more than once.

    Words are hashed by arithmetic on the whole text at once: a loop over them takes most of the time that a sketch has.
    """
    codes, kinds = _coded(words)
    starts, ends = _bounds(kinds.take(codes))
    up, down = _powers(max(12, len(codes).bit_length()))
    sums = np.cumsum(codes * up[: len(codes)], dtype=np.uint64)
    hashed = (sums[ends - 1] - sums[starts - 1]) * down[starts]
    if len(hashed) < WORDS:
        hashed = np.concatenate([hashed, np.zeros(WORDS - len(hashed), dtype=np.uint64)])
    return _mixed(np.correlate(hashed, _PLACES, "valid"))


def _coded(words: str) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """Code points of a text in one case, a space around it, and the kinds of as many code points as it may have."""
    folded = words.casefold()
    if "_" in folded:  # part of a word that it does not begin, which the bounds cannot tell
        folded = " ".join(_WORD.findall(folded))
    folded = f" {folded} "
    if folded.isascii():
        return np.frombuffer(folded.encode("ascii"), dtype=np.uint8), _kinds(0x80)
    codes = np.frombuffer(folded.encode("utf-32-le"), dtype="<u4")
    return codes, _kinds(0x10000 if codes.max() < 0x10000 else 0x110000)


def _bounds(kinds: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends of words: of runs of letters, and of what joins where a letter stands on both sides."""
    letters = kinds == 1
    inside = letters.copy()
    inside[1:-1] |= (kinds[1:-1] == 2) & letters[:-2] & letters[2:]
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    return edges[::2], edges[1::2]


@cache
def _kinds(count: int) -> NDArray[np.uint8]:
    """1 for each of the first code points that a word has, 2 for what joins two words, 0 for the rest."""
    every = np.arange(count, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    kinds = np.zeros(count, dtype=np.uint8)
    for run in re.finditer(r"\w+", every):
        kinds[run.start() : run.end()] = 1
    kinds[[ord(one) for one in _JOINING if ord(one) < count]] = 2
    return kinds


@cache
def _powers(bits: int) -> tuple[Numbers, Numbers]:
    """The powers of the factor and of its inverse from 0, modulo 2**64."""
    up, down = (np.full(1 << bits, number, dtype=np.uint64) for number in (_FACTOR, pow(_FACTOR, -1, 1 << 64)))
    up[0] = down[0] = 1
    return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)


def _mixed(numbers: Numbers) -> Numbers:
    """Each number with its high bits, where a product gathers, in its low ones, too."""
    numbers = (numbers ^ (numbers >> np.uint64(32))) * np.uint64(0xBF58476D1CE4E5B9)
    return numbers ^ (numbers >> np.uint64(32))
