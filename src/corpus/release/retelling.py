"""Which documents of an input retell each other: sketches made wherever the work is spread, or made before, compared here or there."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import partial

from corpus import nearness
from corpus.nearness import Clusters, Near
from corpus.release import shuffling
from corpus.release.entries import Entry, Input
from corpus.release.sketching import MADE, Sketches, Still, sketched
from corpus.release.spreading import Spread, few_here
from corpus.storage import Place

HERE = 2_000_000  # documents that are compared in the first process at the most: of each it holds 1.2 kB more meanwhile, 2.4 GB of all
_A_JOB = 500  # documents
_HASH = MADE - nearness.SKETCH


def retold(
    input: Input,
    entries: Sequence[Entry],
    spreading: Spread,
    beside: Place,
    clusters: Clusters,
    before: Sketches | None = None,
    still: Still = lambda _: True,
) -> list[Near]:
    """Near-duplicates that no story joins, and in `clusters` what belongs together by story or by words.

    Of more documents than HERE nothing is remembered, and what is held for a while lies `beside` the shards, where all who work can see it.
    Of fewer, what was made of texts before is taken from there, and what is made now is kept, if the entries are `still` what they were.
    """
    entries = sorted(entries, key=lambda one: one.document)
    if len(entries) > HERE:
        if before is not None:
            before.reading()
        return shuffling.bridges(input, entries, spreading, beside, clusters)
    made = _made(input, entries, spreading, before)
    stories = [(entry.document, entry.story) for entry, one in zip(entries, made, strict=True) if one is not None]

    def words_of(name: str) -> str:
        if before is not None:
            before.reading()
        at = bisect_left(entries, name, key=lambda one: one.document)  # no table of names beside millions of entries
        return next(input.texts([entries[at]]))[1] or ""

    def sketches() -> bytearray:
        whole, end = bytearray(nearness.SKETCH * len(stories)), 0  # at once: one that grows leaves holes as large as itself
        for at, one in enumerate(made):
            if one is not None:
                whole[end : (end := end + nearness.SKETCH)] = one[_HASH:]
            made[at] = None  # never all of them twice
        return whole

    if before is not None:
        before.keep(entries, made, still)
    texts = b"".join(one[:_HASH] for one in made if one is not None)
    if before is None:
        return nearness.bridges(stories, texts, sketches(), words_of, clusters)
    return before.bridges(stories, texts, sketches, words_of, clusters, entries, still)


def _made(input: Input, entries: Sequence[Entry], spreading: Spread, before: Sketches | None) -> list[bytes | None]:
    """For each entry hash and sketch of its text, None where that is not at hand."""
    made: list[bytes | None] = [None] * len(entries) if before is None else before.of(entries)
    unmade = [(at, entry) for at, entry in enumerate(entries) if made[at] is None]
    if unmade and before is not None:
        before.reading()
    given = [unmade[at : at + _A_JOB] for at in range(0, len(unmade), _A_JOB)]
    work = spreading if before is None else few_here(spreading, len(unmade))
    for some in work(partial(sketched, input), given):
        for at, one in some:
            made[at] = one
    return made
