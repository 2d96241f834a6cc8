"""Which documents of an input retell each other: sketches made wherever the work is spread, or made before, compared here."""

from collections.abc import Sequence
from functools import partial
from hashlib import sha256

from corpus import nearness
from corpus.nearness import Clusters, Near
from corpus.release.entries import Entry, Input
from corpus.release.sketching import MADE, Sketches, Still
from corpus.release.spreading import Spread, few_here, stopped

_A_JOB = 500  # documents
_HASH = MADE - nearness.SKETCH


def retold(
    input: Input,
    entries: Sequence[Entry],
    spreading: Spread,
    clusters: Clusters,
    before: Sketches | None = None,
    still: Still = lambda _: True,
) -> list[Near]:
    """Near-duplicates that no story joins, and in `clusters` what belongs together by story or by words.

    What was made of texts before is taken from there, and what is made now is kept, if the entries are `still` what they were.
    """
    entries = sorted(entries, key=lambda one: one.document)
    made = _made(input, entries, spreading, before)
    stories = [(entry.document, entry.story) for entry, one in zip(entries, made, strict=True) if one is not None]
    named = {one.document: one for one in entries}

    def words_of(name: str) -> str:
        if before is not None:
            before.reading()
        return next(input.texts([named[name]]))[1] or ""

    def sketches() -> bytearray:
        whole = bytearray()
        for at, one in enumerate(made):
            whole += one[_HASH:] if one is not None else b""
            made[at] = None  # never all of them twice
        return whole

    if before is None:
        return nearness.bridges(stories, sketches(), words_of, clusters)
    before.keep(entries, made, still)
    texts = b"".join(one[:_HASH] for one in made if one is not None)
    return before.bridges(stories, texts, sketches, words_of, clusters, entries, still)


def _made(input: Input, entries: Sequence[Entry], spreading: Spread, before: Sketches | None) -> list[bytes | None]:
    """For each entry hash and sketch of its text, None where that is not at hand."""
    made: list[bytes | None] = [None] * len(entries) if before is None else before.of(entries)
    unmade = [(at, entry) for at, entry in enumerate(entries) if made[at] is None]
    if unmade and before is not None:
        before.reading()
    given = [unmade[at : at + _A_JOB] for at in range(0, len(unmade), _A_JOB)]
    work = spreading if before is None else few_here(spreading, len(unmade))
    for some in work(partial(_sketched, input), given):
        for at, one in some:
            made[at] = one
    return made


def _sketched(input: Input, job: Sequence[tuple[int, Entry]]) -> list[tuple[int, bytes]]:
    """Place, and hash and sketch of the text, of each document of a batch whose text is at hand."""
    if stopped():
        return []
    words = (words for _, words in input.texts([entry for _, entry in job]))
    return [(at, sha256(one.encode()).digest() + nearness.sketch(one)) for (at, _), one in zip(job, words, strict=True) if one]
