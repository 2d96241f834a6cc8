"""What the papers of a release are made from: the manifest, counts of what the rows hold, who annotated, and the sources."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.judgement import Judgements
from corpus.manifest import Manifest
from corpus.model import Annotator, Source

if TYPE_CHECKING:  # most builds from exports measure nothing, and need not load what does
    from corpus.agreement import Summary
    from corpus.scoring.board import Entry

TITLE = "CDA: Claims, Denials and Attributions in news"
Tally = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A release before its papers: shards are named in the manifest, `sizes` has their bytes, `configs` those that it is to have.

    `tally` counts what stands in it: ("rows", config); of the readings of record ("documents", "read"), ("mentions", label),
    ("attributions", "read"), ("links", type), ("denials", "linked"); of all documents ("language", tag) and ("source", id). `annotators`
    are those who have a reading in it, by id. `agreement` is of the annotators whose readings gold was made from, where there is such gold.
    `judged` is what annotators answered to pairs across articles, and no part of the release; `leaderboard` as it is stored.
    """

    manifest: Manifest
    configs: Sequence[str]
    tally: Tally
    sizes: Mapping[str, int]
    sources: Mapping[str, Source]
    annotators: Sequence[Annotator]
    agreement: "Summary | None" = None
    judged: Sequence[Judgements] = ()
    leaderboard: "Sequence[Entry]" = ()

    def told(self, kind: str) -> dict[str, int]:
        """The counts of one kind, by name."""
        return {name: number for (of, name), number in sorted(self.tally.items()) if of == kind}

    def filled(self) -> list[str]:
        """The configs that hold any row."""
        return [config for config in self.configs if self.tally["rows", config]]
