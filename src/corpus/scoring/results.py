"""What a score comes to: figures with intervals, parts, differences of two systems. Plain data; knows no reckoning."""

from dataclasses import dataclass
from typing import Literal

By = Literal["all", "split", "phenomenon", "source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One figure: measure "mention_overlap", of "denial": precision, recall and F1 over all articles, each to four decimals.

    low and high: the 95 % interval of F1; macro: the mean of the articles' own F1, over those in which there is anything to find or
    found. None where not defined. matched, gold and predicted are the counts behind it (code points of characters).
    """

    measure: str
    of: str
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None
    high: float | None
    macro: float | None
    matched: int
    gold: int
    predicted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """All figures over some articles: by "split", name "test"."""

    by: By
    name: str
    documents: int
    scores: tuple[Score, ...]

    def score(self, measure: str, of: str) -> Score:
        """One figure by its name; KeyError if there is none."""
        return {(one.measure, one.of): one for one in self.scores}[measure, of]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One system against gold: over everything, then over the parts that were asked for."""

    system: str
    resamples: int
    seed: int
    whole: Part
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """F1 of two systems on one measure: difference is first less second, with its 95 % interval; p by approximate randomisation."""

    measure: str
    of: str
    first: float | None
    second: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Two systems over the same articles."""

    systems: tuple[str, str]
    documents: int
    resamples: int
    shuffles: int
    seed: int
    differences: tuple[Difference, ...]
