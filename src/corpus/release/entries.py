"""What a release is built from, document by document: where each is to be read, and what reading it gives. Knows no way to read one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from corpus.model import GOLD
from corpus.problems import Problem
from corpus.tables import Parts

BATCH = 100  # documents that are read together


@dataclass(frozen=True, slots=True)
class Entry:
    """A document: its id, its story (its own id where it has none), and where it is read, in the words of its input."""

    document: str
    story: str
    places: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A document as it was read: its readings by annotator, what is wrong with it, and what was trimmed."""

    document: str
    readings: tuple[Parts, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    def of_record(self) -> Parts | None:
        """The reading of record: gold, or the only one."""
        gold = next((one for one in self.readings if one.annotator == GOLD), None)
        return gold or (self.readings[0] if len(self.readings) == 1 else None)


class Input(Protocol):
    """A repository or exports. It travels to the processes that read from it."""

    def gathered(self, entries: Sequence[Entry]) -> Iterator[Gathered]:
        """The documents of some entries, read and held to the rules."""
        ...

    def texts(self, entries: Sequence[Entry]) -> Iterator[tuple[str, str | None]]:
        """The texts alone, as they stand; None where one is not at hand."""
        ...


def batches(entries: Sequence[Entry], size: int = BATCH) -> Iterator[list[Entry]]:
    """The entries, some at a time."""
    return (list(entries[at : at + size]) for at in range(0, len(entries), size))
