"""The nouns of pairs across articles: which statement was set against which claim, and what an annotator answered. Knows no file."""

from dataclasses import dataclass
from typing import Literal

Answer = Literal["denies", "affirms", "neither", "cannot_tell"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Hub:
    """A claim, denial or content from outside its article: document "lee_0042", mention "m3" of the reading of record, its first check."""

    document: str
    mention: str
    check: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Pair:
    """A statement of one article and a claim of another."""

    statement: Hub
    claim: Hub

    @property
    def documents(self) -> tuple[str, str]:
        """The article of the statement and that of the claim."""
        return self.statement.document, self.claim.document

    @property
    def name(self) -> str:
        """By document and mention, as in "lee_0042.m7 lee_0043.m3"; no check, so a pair whose mention moved keeps its name."""
        return f"{self.statement.document}.{self.statement.mention} {self.claim.document}.{self.claim.mention}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Judgement:
    """What one annotator answered of a pair, and after which version of the guidelines."""

    pair: Pair
    answer: Answer
    guidelines: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """All judgements of one annotator, by pair."""

    annotator: str
    judgements: tuple[Judgement, ...]

    def by_pair(self) -> dict[str, Judgement]:
        """The judgements by the names of their pairs."""
        return {one.pair.name: one for one in self.judgements}
