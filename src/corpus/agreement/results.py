"""What agreement comes to: figures with intervals, confusions with places where they stand. Plain data; knows no reckoning."""

from dataclasses import dataclass
from typing import Literal

By = Literal["all", "source", "pair", "gold"]
Unit = Literal["tokens", "units", "marks", "attributions", "links", "pairs"]
NOT_MARKED = "not marked"
NOT_GIVEN = "not given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: measure "mention_f1_exact", of "claim", value with its 95 % interval, to four decimals, from n of a unit.

    The value is None where the measure is not defined (nothing marked, or one value only), the interval also for a single document.
    """

    measure: str
    of: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where two readings part: outer edges of each one's mention in code points; words of it only where they may be passed on."""

    document: str
    first: tuple[int, int] | None
    second: tuple[int, int] | None
    words: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How often the first reader holds one value and the second another; some places where the two values differ."""

    first: str
    second: str
    count: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """The cells of "label" or of an attribute, the most frequent first. Of two readers the first is the first by id."""

    of: str
    cells: tuple[Cell, ...]

    def parted(self) -> tuple[Cell, ...]:
        """The cells in which the two part."""
        return tuple(cell for cell in self.cells if cell.first != cell.second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All figures of some annotators over some documents: by "source", name "lee"; `without_text` are left out of token figures."""

    by: By
    name: str
    annotators: tuple[str, ...]
    documents: int
    without_text: int
    figures: tuple[Figure, ...]
    confusions: tuple[Confusion, ...]

    def figure(self, measure: str, of: str) -> Figure:
        """One figure by its name; KeyError if there is none."""
        found = {(one.measure, one.of): one for one in self.figures}
        return found[measure, of]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Agreement over everything, then over the parts that were asked for; intervals from so many resamples with that seed."""

    resamples: int
    seed: int
    whole: Agreement
    parts: tuple[Agreement, ...]
