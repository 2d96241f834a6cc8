"""The tokens of a text with their places, and the tags of stretches over them: columns of `tokens`. All places in code points."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np

from corpus import text

_HIGHEST_BLANK = 0x3000
_IS_SIGN = np.array([not chr(at).isspace() for at in range(_HIGHEST_BLANK + 2)])


def placed(words: str) -> tuple[list[str], list[int], list[int]]:
    """Tokens, starts and ends. Every sign that is no blank is in a token, so a token's length tells where the next one starts.

    >>> placed("Is it 3.5 %?")
    (['Is', 'it', '3.5', '%', '?'], [0, 3, 6, 10, 11], [2, 5, 9, 11, 12])
    """
    found = text.words_and_signs(words)
    lengths = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    signs = np.frombuffer(words.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    places = np.flatnonzero(_IS_SIGN[np.minimum(signs, _HIGHEST_BLANK + 1)])
    starts = places[np.cumsum(lengths) - lengths] if found else places
    return found, starts.tolist(), (starts + lengths).tolist()


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
