"""What belongs together, by union-find: names for whoever asks, and numbers, four bytes each, where there are millions."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
NUMBER = np.uint32


class Clusters:
    """Names that belong together; the first of each cluster in the order of names stands for it.

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

    def firsts(self) -> set[str]:
        """The first name of each cluster of several."""
        return {self.first(name) for name in list(self._above)}


class Groups:
    """Numbers from 0 that belong together; the least of each group stands for it."""

    def __init__(self, above: NDArray[NUMBER]) -> None:
        self._above = above
        self.joins = 0  # so far

    @classmethod
    def apart(cls, count: int) -> "Groups":
        """So many numbers, each a group."""
        return cls(np.arange(count, dtype=NUMBER))

    @classmethod
    def alike(cls, labels: NDArray[NUMBER]) -> "Groups":
        """As many numbers as labels, those with equal labels a group."""
        _, first, which = np.unique(labels, return_index=True, return_inverse=True)
        return cls(first[which].astype(NUMBER))

    @classmethod
    def of(cls, names: Iterable[str], count: int, clusters: Clusters) -> "Groups":
        """Names by their place, those of a cluster a group."""
        groups, firsts, places = cls.apart(count), clusters.firsts(), dict[str, int]()
        for place, name in enumerate(names):
            first = clusters.first(name)
            if first != name or name in firsts:
                groups._above[place] = places.setdefault(first, place)
        return groups

    def first(self, numbers: Places) -> NDArray[NUMBER]:
        """The least of the group of each number."""
        found = self._above[numbers]
        while ((higher := self._above[found]) != found).any():
            found = higher
        self._above[numbers] = found
        return found

    def join(self, one: int, other: int) -> bool:
        """Make two groups one; whether they were two."""
        first, second = sorted((self._first(one), self._first(other)))
        self._above[[one, other, second]] = first
        self.joins += first != second
        return first != second

    def are_apart(self, one: int, other: int) -> bool:
        """Whether two numbers are in different groups."""
        return self._first(one) != self._first(other)

    def moved(self) -> tuple[NDArray[NUMBER], NDArray[NUMBER]]:
        """The numbers that are not the least of their group, in order, and those that are."""
        numbers = np.flatnonzero(self._above != np.arange(len(self._above), dtype=NUMBER))
        return numbers.astype(NUMBER), self.first(numbers)

    def _first(self, number: int) -> int:
        while (above := int(self._above[number])) != number:
            number = above
        return number
