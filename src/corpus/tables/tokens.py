"""The tokens of texts with their places, and the tags of stretches over them: columns of `tokens`, as arrays. All places in code points.

Nothing is done token by token: an article has hundreds, and five tags for each.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpus import codec, text

_BLANK, _SIGN, _JOINING, _LETTER = range(4)
_COMMON = 0x3100  # code points in a table; those above are looked at one by one, each once a batch
_BETWEEN = b'","'
_ESCAPED = [chr(code).encode() if 31 < code < 128 and chr(code) not in '"\\' else codec.compact(chr(code))[1:-1] for code in range(128)]
_ESCAPED_LENGTHS = np.ones(256, dtype=np.int64)
_ESCAPED_LENGTHS[:128] = [len(one) for one in _ESCAPED]
_O, _B, _I = b"OBI"
_SPELT = np.zeros(256, dtype="<u4")  # of each letter: '"O",' as four bytes
_SPELT[[_O, _B, _I]] = np.frombuffer(b'"O","B","I",', dtype="<u4")

Octets = NDArray[np.uint8]
Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text: where each starts and ends, in code points; all their UTF-8 bytes without a blank, and how many each has.

    `inner` is the list of them in JSON, but for its brackets and first and last quotation mark.
    """

    starts: Numbers
    ends: Numbers
    octets: Octets
    sizes: Numbers
    inner: Octets

    def __len__(self) -> int:
        return len(self.starts)

    def spelt(self) -> bytes:
        r"""As a list in JSON.

        >>> placed(['"It sank", 3.5 m'])[0].spelt()
        b'["\\"","It","sank","\\"",",","3.5","m"]'
        """
        return b'["' + self.inner.tobytes() + b'"]' if len(self) else b"[]"


@dataclass(frozen=True, slots=True)
class Tags:
    """The tag of each token of a text, a byte each: B where a stretch starts, I inside it, O for the others."""

    letters: Octets

    def __len__(self) -> int:
        return len(self.letters)

    def spelt(self) -> bytes:
        """As a list in JSON.

        >>> Tags(np.frombuffer(b"OBI", dtype=np.uint8)).spelt()
        b'["O","B","I"]'
        """
        return b"[" + _SPELT[self.letters].tobytes()[:-1] + b"]"


def placed(texts: Sequence[str]) -> list[Tokens]:
    """The tokens of each text, as `corpus.text.tokens` has them, by arithmetic on all texts at once.

    >>> [one] = placed(["Is it 3.5 %?"])
    >>> one.spelt(), one.starts.tolist(), one.ends.tolist()
    (b'["Is","it","3.5","%","?"]', [0, 3, 6, 10, 11], [2, 5, 9, 11, 12])
    """
    whole = "\n".join(texts)
    is_sign, starts, ends = _found(whole)
    octets = np.frombuffer(whole.encode("utf-8"), dtype=np.uint8)
    first, after = starts, ends
    if len(octets) > len(whole):
        places = np.flatnonzero(octets & 0xC0 != 0x80)  # of the first byte of each code point
        is_sign = np.repeat(is_sign, np.diff(places, append=len(octets)))
        places = np.append(places, len(octets))
        first, after = places[starts], places[ends]
    packed, sizes = octets[is_sign], (after - first).astype(np.int32)
    joined, begun = _joined(packed, sizes)
    bases = np.cumsum([0, *(len(one) + 1 for one in texts)])
    bounds = np.searchsorted(starts, bases).tolist()
    places = np.append(0, np.cumsum(sizes))
    return [
        Tokens(
            (starts[one:other] - base).astype(np.int32),
            (ends[one:other] - base).astype(np.int32),
            packed[places[one] : places[other]],
            sizes[one:other],
            joined[begun[one] : begun[other] - len(_BETWEEN)],
        )
        for base, (one, other) in zip(bases.tolist(), pairwise(bounds), strict=False)
    ]


def _joined(packed: Octets, sizes: Numbers) -> tuple[Octets, NDArray[np.int64]]:
    r"""Tokens as the strings of a list in JSON are joined, what has to be escaped in them escaped; and where each begins there.

    >>> _joined(np.frombuffer(b'ab"', dtype=np.uint8), np.array([2, 1]))[0].tobytes()
    b'ab","\\"","'
    """
    lengths = _ESCAPED_LENGTHS[packed]
    ends = np.cumsum(lengths, dtype=np.int64) + len(_BETWEEN) * np.repeat(np.arange(len(sizes)), sizes)  # of each byte, escaped
    last = np.cumsum(sizes) - 1
    joined = np.full(int(ends[-1]) + len(_BETWEEN) if len(ends) else 0, ord('"'), dtype=np.uint8)
    joined[ends - 1] = packed
    joined[ends[last] + 1] = ord(",")
    quoted = (packed == ord('"')) | (packed == ord("\\"))
    joined[ends[quoted] - 2] = ord("\\")
    for at in np.flatnonzero((lengths > 1) & ~quoted).tolist():
        spelt = _ESCAPED[packed[at]]
        joined[ends[at] - len(spelt) : ends[at]] = np.frombuffer(spelt, dtype=np.uint8)
    return joined, np.append(0, ends[last] + len(_BETWEEN))


def _found(whole: str) -> tuple[Flags, NDArray[np.intp], NDArray[np.intp]]:
    """Which code points belong to a token; where tokens start, and where they end."""
    kinds = np.zeros(len(whole) + 3, dtype=np.uint8)  # with blanks around it
    kinds[2:-1] = _kinds(whole)
    letter, joining = kinds == _LETTER, kinds == _JOINING
    joined = joining[1:-1] & letter[:-2] & letter[2:]  # of the sign after the first
    goes_on = (letter[2:-1] & (letter[1:-2] | joined[:-1])) | joined[1:]
    is_sign = kinds[2:-1] != _BLANK
    return is_sign, np.flatnonzero(is_sign & ~goes_on), np.flatnonzero(is_sign & ~np.append(goes_on[1:], False)) + 1


def _kinds(words: str) -> Octets:
    codes = np.frombuffer(words.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds: Octets = _table()[np.minimum(codes, _COMMON - 1)]
    for code in np.unique(codes[codes >= _COMMON]).tolist():
        kinds[codes == code] = _kind(chr(code))
    return kinds


@cache
def _table() -> Octets:
    return np.array([_kind(chr(code)) for code in range(_COMMON)], dtype=np.uint8)


def _kind(sign: str) -> int:
    if sign.isspace():
        return _BLANK
    if sign.isalnum() or sign == "_":
        return _LETTER
    return _JOINING if sign in text.JOINING else _SIGN


def tagged(stretches: Mapping[str, Iterable[tuple[int, int]]], tokens: Tokens) -> dict[str, Tags]:
    """The tags of the tokens by name of the stretches that they tell of.

    >>> tagged({"claim": [(4, 13)]}, placed(["The ferry stopped."])[0])["claim"].spelt()
    b'["O","B","I","O"]'
    """
    tags = dict(zip(stretches, np.full((len(stretches), len(tokens)), _O, dtype=np.uint8), strict=True))
    outer = [(name, one) for name, some in stretches.items() for one in outermost(some)]
    first = np.searchsorted(tokens.ends, np.array([start for _, (start, _) in outer], dtype=np.int32), side="right").tolist()
    after = np.searchsorted(tokens.starts, np.array([end for _, (_, end) in outer], dtype=np.int32), side="left").tolist()
    for (name, _), one, other in zip(outer, first, after, strict=True):
        tags[name][one:other] = _I
        tags[name][one : min(one + 1, other)] = _B
    return {name: Tags(held) for name, held in tags.items()}


def bio(stretches: Iterable[tuple[int, int]], tokens: list[tuple[int, int]]) -> list[str]:
    """B for a token that starts a stretch, I for one inside it, O for the others; tokens in order.

    >>> bio([(4, 13)], [(0, 3), (4, 7), (8, 13), (14, 15)])
    ['O', 'B', 'I', 'O']
    """
    starts, ends = [start for start, _ in tokens], [end for _, end in tokens]
    tags = ["O"] * len(starts)
    for start, end in stretches:
        first, after = bisect_right(ends, start), bisect_left(starts, end)
        if first < after:
            tags[first:after] = ["B", *["I"] * (after - first - 1)]
    return tags


def outermost(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """BIO holds no nesting: of stretches that overlap, the longest stands."""
    kept = sorted(stretches)
    if all(one[1] <= other[0] for one, other in pairwise(kept)):
        return kept
    kept = []
    for start, end in sorted(stretches, key=lambda one: (one[0] - one[1], one[0])):
        if all(end <= first or last <= start for first, last in kept):
            kept.append((start, end))
    return sorted(kept)
