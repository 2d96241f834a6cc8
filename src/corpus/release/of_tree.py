"""The repository as the input of a build: audited whole, then read again some articles at a time."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import audit, nearness, store
from corpus.model import Holdings
from corpus.problems import Problem
from corpus.release.entries import Entry, Gathered
from corpus.release.remembering import TreeMemory
from corpus.release.retelling import retold
from corpus.release.spreading import Spread
from corpus.storage import Place
from corpus.store import Unit
from corpus.tables import Parts, Reading, parts_of

if TYPE_CHECKING:  # exports, which are built without it, need not load it
    from corpus.scoring.board import Entry as Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A repository. Its entries have their files, as a Unit, for places."""

    root: Path
    all_texts: bool

    def gathered(self, entries: Sequence[Entry]) -> Iterator[Gathered]:
        """Each article with its readings. Held to the rules by the audit: what is faulty now has changed since."""
        stored = store.read(self.root, [one.places for one in entries])
        readings: dict[str, list[Parts]] = {}
        for reading in _readings(stored.holdings, all_texts=self.all_texts):
            readings.setdefault(reading.document.id, []).append(parts_of(reading))
        for nth, one in enumerate(entries):
            problems = () if nth else stored.problems
            yield Gathered(document=one.document, readings=tuple(readings.get(one.document, ())), problems=problems)

    def texts(self, entries: Sequence[Entry]) -> Iterator[tuple[str, str | None]]:
        """The texts of record."""
        for one in entries:
            path = self.root / one.places.records[0]
            try:
                yield one.document, path.with_suffix(".txt").read_bytes().decode("utf-8")
            except FileNotFoundError:
                yield one.document, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the audit of a repository found: its facts without its articles, an entry for each article, and the faults."""

    common: Holdings
    entries: list[Entry]
    problems: list[Problem]


def found(root: Path, memory: TreeMemory | None = None) -> Found:
    """Audit the repository, and list its articles by id."""
    if memory is None:
        seen = audit.look(root)
    else:
        seen = audit.look(root, memory.recall)
        memory.learn(seen)
    stories = seen.census.stories
    entries = [Entry(unit.name, stories[unit.name] or unit.name, unit) for unit in seen.units if unit.name in stories]
    return Found(common=store.read(root, ()).holdings, entries=entries, problems=seen.problems)


def read_twice(root: Path, entries: Sequence[Entry]) -> Holdings:
    """The articles of which there are several readings: what agreement is measured on. Held whole."""
    units: list[Unit] = [one.places for one in entries if len(one.places.layers) > 1]
    return store.read(root, units).holdings


def inputs(root: Path, entries: Iterable[Entry], registry: Iterable[str], memory: TreeMemory | None = None) -> Iterator[tuple[str, str]]:
    """Every file that rows are made from, with its hash: layers and registry, and what is told of annotators, articles and sources."""
    units: list[Unit] = [one.places for one in entries]
    layers = sorted(where for one in units for where in one.layers)
    records = sorted(one.records[0] for one in units)
    sources = sorted({f"{where.rpartition('/')[0]}/source.json" for where in records})
    for where in [*layers, *sorted(registry), store.ANNOTATORS, *records, *sources]:
        known = None if memory is None else memory.ledger.sha256(where)
        yield where, known or hashlib.sha256((root / where).read_bytes()).hexdigest()


def leaderboard(root: Path) -> "list[Line]":
    """What systems reached, as it is stored."""
    from corpus.scoring import board

    path = root / board.PATH
    return board.from_bytes(path.read_bytes()) if path.is_file() else []


def parted(tree: Tree, entries: Sequence[Entry], spreading: Spread, beside: Place, memory: TreeMemory | None = None) -> Iterator[Problem]:
    """Near-duplicates that no story joins. Asked of a release and not of every change: it compares each article with every other.

    What is held meanwhile lies `beside` the shards.
    """
    told = {one.document: one for one in entries}
    before, still = (None, lambda _: True) if memory is None else (memory.sketches(), memory.have_texts_still)
    for first, second, share in retold(tree, entries, spreading, beside, nearness.Clusters(), before, still):
        message = f"{share:.0%} of its words in runs of {nearness.WORDS} are those of {first}, and they share no story"
        hint = f'"story": "{told[first].story}" in both records'
        where = told[second].places.records[0]
        yield Problem(where=where, pointer="/story", check="near-duplicates-share-a-story", message=message, hint=hint)


def _readings(holdings: Holdings, *, all_texts: bool) -> Iterator[Reading]:
    told = [(claim, one) for claim in holdings.registry.values() for one in claim.members]
    told.sort(key=lambda one: (one[0].id, one[1]))
    for layer in sorted(holdings.layers.values(), key=lambda one: (one.document, one.annotator)):
        document = holdings.documents[layer.document]
        yield Reading(
            document=document,
            source=holdings.sources[document.source],
            annotator=holdings.annotators[layer.annotator],
            layer=layer,
            open=all_texts or not holdings.withheld(document),
            told=tuple(one for one in told if one[1].document == document.id),
        )
