"""Units and gaps of readings on the line of a text, and how far two readings of it part, in code points. Knows no coefficient.

The spans of a mention are units of their own; spans of one role that overlap (a claim inside a claim) count as one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np

from corpus.agreement.coefficients import Counts

Section = tuple[int, int, bool]  # start, end, whether it is a unit


def sections(stretches: Iterable[tuple[int, int]], length: int) -> list[Section]:
    """The line from 0 to length, cut into units and gaps.

    >>> sections([(2, 5), (4, 6), (6, 7)], 9)
    [(0, 2, False), (2, 6, True), (6, 7, True), (7, 9, False)]
    """
    found: list[Section] = []
    at = 0
    for start, end in _joined(stretches):
        found += [(at, start, False)] if at < start else []
        found.append((start, end, True))
        at = end
    return found + ([(at, length, False)] if at < length else [])


def parting(one: Sequence[Section], other: Sequence[Section]) -> int:
    """Sum of the squared differences of all sections that meet."""
    total, first, second = 0, 0, 0
    while first < len(one) and second < len(other):
        total += difference(one[first], other[second])
        ends = one[first][1], other[second][1]
        first += ends[0] <= ends[1]
        second += ends[1] <= ends[0]
    return total


def difference(one: Section, other: Section) -> int:
    """Squared difference: of two units that of both their edges, of a unit wholly in a gap its length, else nothing.

    >>> difference((225, 295, True), (220, 300, True)), difference((400, 450, False), (400, 420, True))
    (50, 400)
    """
    if one[2] and other[2]:
        return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
    if one[2] == other[2]:
        return 0
    unit, gap = (one, other) if one[2] else (other, one)
    return (unit[1] - unit[0]) ** 2 if gap[0] <= unit[0] and unit[1] <= gap[1] else 0


def counted(readings: Sequence[Sequence[Section]], lengths: Sequence[int]) -> Counts:
    """What one document adds, as `coefficients.unitising_alpha` takes it; `lengths` are those of all units anywhere, sorted."""
    parted = 2 * sum(parting(one, other) for one, other in combinations(readings, 2)) / (len(readings) - 1)
    units = Counter(end - start for reading in readings for start, end, unit in reading if unit)
    gaps = np.array([end - start for reading in readings for start, end, unit in reading if not unit])
    continuum = sum(reading[-1][1] for reading in readings if reading)
    atoms = sum(number * length * (length - 1) for length, number in units.items())
    room = [int(np.maximum(gaps - length + 1, 0).sum()) for length in lengths]
    return np.array([parted, continuum, atoms, *(units[length] for length in lengths), *room], dtype=np.float64)


def _joined(stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What overlaps made one; what only touches stays two."""
    held: tuple[int, int] | None = None
    for start, end in sorted(stretches):
        if held is not None and start < held[1]:
            held = held[0], max(held[1], end)
            continue
        if held is not None:
            yield held
        held = start, end
    if held is not None:
        yield held
