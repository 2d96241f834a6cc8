"""What the papers of a release are made from: the manifest, the rows, and what the repository holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.agreement import Summary
from corpus.manifest import Manifest
from corpus.model import Document, Holdings
from corpus.scoring.board import Entry

TITLE = "CDA: Claims, Denials and Attributions in news"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A release before its papers: shards are named in the manifest, `sizes` has their bytes, `documents` those with a reading.

    `agreement` is of the annotators whose readings gold was made from, where there is such gold; `leaderboard` as it is stored.
    """

    manifest: Manifest
    rows: Mapping[Any, Sequence[Mapping[str, Any]]]
    sizes: Mapping[str, int]
    holdings: Holdings
    documents: Sequence[Document]
    agreement: Summary | None = None
    leaderboard: Sequence[Entry] = ()
