"""The words of a text as shingles, their MinHash, and exact Jaccard of two texts. The only door to rensa."""

import re
from array import array
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

WORDS = 5  # of a shingle
HASHES = 126
SKETCH = 4 * HASHES  # bytes
_SEED = 42
WORD = re.compile(r"[^\W_]\w*(?:[-'’.,]\w+)*")
_JOINING = "-'’.,"
_FACTOR = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64

Numbers = NDArray[np.uint64]
_PLACES: Numbers = np.array([pow(0xD1342543DE82EF95, at, 1 << 64) for at in range(WORDS)], dtype=np.uint64)  # in a shingle


def sketch(words: str) -> bytes:
    """The MinHash of a text, SKETCH bytes."""
    hashed = hashed_shingles(words)
    made = RMinHash.digest_matrix_from_flat_token_hashes(hashed, (0, len(hashed)), HASHES, _SEED)
    return array("I", made.to_rows()[0]).tobytes()


def share_of(one: str, other: str) -> float:
    """Exact Jaccard of the shingles of two texts."""
    first, second = shingles(one), shingles(other)
    return len(first & second) / len(first | second)


def shingles(words: str) -> frozenset[str]:
    """Runs of words in one case, without punctuation; a shorter text is one run."""
    plain = WORD.findall(words.casefold())
    if len(plain) < WORDS:
        return frozenset([" ".join(plain)])
    return frozenset(map(" ".join, zip(*(plain[at:] for at in range(WORDS)), strict=False)))


def hashed_shingles(words: str) -> Numbers:
    """The same shingles as a number each, some more than once.

    Words are hashed by arithmetic on the whole text at once: a loop over them takes most of the time that a sketch has.
    """
    codes, kinds = coded(words)
    starts, ends = bounds(kinds.take(codes))
    up, down = _powers(max(12, len(codes).bit_length()))
    sums = np.cumsum(codes * up[: len(codes)], dtype=np.uint64)
    hashed = (sums[ends - 1] - sums[starts - 1]) * down[starts]
    if len(hashed) < WORDS:
        hashed = np.concatenate([hashed, np.zeros(WORDS - len(hashed), dtype=np.uint64)])
    return mixed(np.correlate(hashed, _PLACES, "valid"))


def coded(words: str) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """Code points of a text in one case, a space around it, and the kinds of as many code points as it may have."""
    folded = words.casefold()
    if "_" in folded:  # part of a word that it does not begin, which the bounds cannot tell
        folded = " ".join(WORD.findall(folded))
    folded = f" {folded} "
    if folded.isascii():
        return np.frombuffer(folded.encode("ascii"), dtype=np.uint8), _kinds(0x80)
    codes = np.frombuffer(folded.encode("utf-32-le"), dtype="<u4")
    return codes, _kinds(0x10000 if codes.max() < 0x10000 else 0x110000)


def bounds(kinds: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
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


def mixed(numbers: Numbers) -> Numbers:
    """Each number with its high bits, where a product gathers, in its low ones, too."""
    numbers = (numbers ^ (numbers >> np.uint64(32))) * np.uint64(0xBF58476D1CE4E5B9)
    return numbers ^ (numbers >> np.uint64(32))
