"""Which mention of one reading answers which of another: one to one, by overlap. Counts nothing and knows no text.

Two mentions can answer each other if they are of one kind (hub, source or cue) and share a code point. Pairs are made best first: the
larger overlap (shared code points over all code points of both), then the same label, then the earlier place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.adjudication.comparison import kind_of, overlap, stretches
from corpus.model import Mention

Key = tuple[float, bool, list[tuple[tuple[int, int], ...]], list[str]]
Pair = tuple[Mention, Mention]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Pairs of mentions in the order of the first reading, and what stands alone on either side."""

    pairs: tuple[Pair, ...]
    first_only: tuple[Mention, ...]
    second_only: tuple[Mention, ...]

    def names(self) -> dict[str, str]:
        """Id in the first reading → id in the second."""
        return {first.id: second.id for first, second in self.pairs}

    def of(self, kind: str) -> "Alignment":
        """The same for one kind of mentions: "hub", "source" or "cue"."""
        return Alignment(
            pairs=tuple(pair for pair in self.pairs if kind_of(pair[0]) == kind),
            first_only=tuple(one for one in self.first_only if kind_of(one) == kind),
            second_only=tuple(one for one in self.second_only if kind_of(one) == kind),
        )


def aligned(first: Iterable[Mention], second: Iterable[Mention]) -> Alignment:
    """Mentions of two readings of one text, paired. Turning the two round turns the pairs round."""
    first, second = tuple(first), tuple(second)
    found: dict[str, Mention] = {}
    taken: set[str] = set()
    for _, one, other in sorted(_likely(first, second), key=lambda item: item[0]):
        if one.id not in found and other.id not in taken:
            found[one.id] = other
            taken.add(other.id)
    return Alignment(
        pairs=tuple((one, found[one.id]) for one in first if one.id in found),
        first_only=tuple(one for one in first if one.id not in found),
        second_only=tuple(other for other in second if other.id not in taken),
    )


def _likely(first: Sequence[Mention], second: Sequence[Mention]) -> Iterator[tuple[Key, Mention, Mention]]:
    edges = [(other.spans[0].start, other.spans[-1].end, kind_of(other), other) for other in second]
    for one in first:
        start, end, kind = one.spans[0].start, one.spans[-1].end, kind_of(one)
        for starts, ends, held, other in edges:
            if starts < end and start < ends and held == kind and (share := overlap(one, other)):
                yield _key(share, one, other), one, other


def _key(share: float, one: Mention, other: Mention) -> Key:
    return -share, one.label != other.label, sorted((stretches(one), stretches(other))), sorted((one.id, other.id))
