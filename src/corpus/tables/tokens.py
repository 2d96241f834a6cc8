"""The tokens of a text with their places, and the tags of stretches over them: columns of `tokens`. All places in code points."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpus import text

_BLANK, _SIGN, _JOINING, _LETTER = range(4)
_COMMON = 0x3100  # code points in a table; those above are looked at one by one, each once a text

Kinds = NDArray[np.uint8]


def placed(words: str) -> tuple[list[str], list[int], list[int]]:
    """Tokens, starts and ends: those of `corpus.text.tokens`, by arithmetic on the whole text.

    >>> placed("Is it 3.5 %?")
    (['Is', 'it', '3.5', '%', '?'], [0, 3, 6, 10, 11], [2, 5, 9, 11, 12])
    """
    kinds = np.zeros(len(words) + 3, dtype=np.uint8)  # with blanks around it
    kinds[2:-1] = _kinds(words)
    letter, joining = kinds == _LETTER, kinds == _JOINING
    joined = joining[1:-1] & letter[:-2] & letter[2:]  # of the sign after the first
    goes_on = (letter[2:-1] & (letter[1:-2] | joined[:-1])) | joined[1:]
    is_sign = kinds[2:-1] != _BLANK
    starts = np.flatnonzero(is_sign & ~goes_on)
    ends = np.flatnonzero(is_sign & ~np.append(goes_on[1:], False)) + 1
    first, after = starts.tolist(), ends.tolist()
    return [words[start:end] for start, end in zip(first, after, strict=True)], first, after


def _kinds(words: str) -> Kinds:
    codes = np.frombuffer(words.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds: Kinds = _table()[np.minimum(codes, _COMMON - 1)]
    for code in np.unique(codes[codes >= _COMMON]).tolist():
        kinds[codes == code] = _kind(chr(code))
    return kinds


@cache
def _table() -> Kinds:
    return np.array([_kind(chr(code)) for code in range(_COMMON)], dtype=np.uint8)


def _kind(sign: str) -> int:
    if sign.isspace():
        return _BLANK
    if sign.isalnum() or sign == "_":
        return _LETTER
    return _JOINING if sign in text.JOINING else _SIGN


def bio(stretches: Iterable[tuple[int, int]], tokens: list[tuple[int, int]]) -> list[str]:
    """B for a token that starts a stretch, I for one inside it, O for the others; tokens in order.

    >>> bio([(4, 13)], [(0, 3), (4, 7), (8, 13), (14, 15)])
    ['O', 'B', 'I', 'O']
    """
    return tagged(stretches, [start for start, _ in tokens], [end for _, end in tokens])


def tagged(stretches: Iterable[tuple[int, int]], starts: list[int], ends: list[int]) -> list[str]:
    """The same, of tokens by their starts and their ends."""
    tags = ["O"] * len(starts)
    for start, end in stretches:
        first, after = bisect_right(ends, start), bisect_left(starts, end)
        if first < after:
            tags[first:after] = ["B", *["I"] * (after - first - 1)]
    return tags


def outermost(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """BIO holds no nesting: of stretches that overlap, the longest stands."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(stretches, key=lambda one: (one[0] - one[1], one[0])):
        if all(end <= first or last <= start for first, last in kept):
            kept.append((start, end))
    return sorted(kept)
