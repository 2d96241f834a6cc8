"""Which documents of an input retell each other: sketches made wherever the work is spread, or made before, compared here."""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256

from corpus import nearness
from corpus.nearness import Clusters, Near
from corpus.release.entries import Entry, Input
from corpus.release.sketching import MADE, Sketches
from corpus.release.spreading import Spread, few_here, stopped

_A_JOB = 500  # documents
_HASH = MADE - nearness.SKETCH


def retold(
    input: Input,
    entries: Sequence[Entry],
    spreading: Spread,
    clusters: Clusters,
    before: Sketches | None = None,
    still: Callable[[Entry], bool] = lambda _: True,
) -> list[Near]:
    """Near-duplicates that no story joins, and in `clusters` what belongs together by story or by words.

    What was made of texts before is taken from there, and what is made now is kept, of entries that are `still` what they were.
    """
    entries = sorted(entries, key=lambda one: one.document)
    made = _made(input, entries, spreading, before)
    there = [at for at in range(len(entries)) if any(made[at * MADE : at * MADE + _HASH])]
    stories = [(entries[at].document, entries[at].story) for at in there]
    sketches = bytearray().join(made[at * MADE + _HASH : (at + 1) * MADE] for at in there)
    named = {one.document: one for one in entries}

    def words_of(name: str) -> str:
        if before is not None:
            before.reading()
        return next(input.texts([named[name]]))[1] or ""

    if before is None:
        return nearness.bridges(stories, sketches, words_of, clusters)
    texts = b"".join(made[at * MADE : at * MADE + _HASH] for at in there)
    found = before.bridges(stories, texts, sketches, words_of, clusters)
    before.keep(entries, made, still)
    return found


def _made(input: Input, entries: Sequence[Entry], spreading: Spread, before: Sketches | None) -> bytearray:
    """MADE bytes for each entry: hash and sketch of its text, zeros where that is not at hand."""
    made = bytearray(MADE * len(entries))
    unmade: list[tuple[int, Entry]] = []
    for at, entry in enumerate(entries):
        known = None if before is None else before.of(entry)
        if known is None:
            unmade.append((at, entry))
        else:
            made[at * MADE : (at + 1) * MADE] = known
    if unmade and before is not None:
        before.reading()
    given = [unmade[at : at + _A_JOB] for at in range(0, len(unmade), _A_JOB)]
    work = spreading if before is None else few_here(spreading, len(unmade))
    for some in work(partial(_sketched, input), given):
        for at, one in some:
            made[at * MADE : (at + 1) * MADE] = one
    return made


def _sketched(input: Input, job: Sequence[tuple[int, Entry]]) -> list[tuple[int, bytes]]:
    """Place, and hash and sketch of the text, of each document of a batch whose text is at hand."""
    if stopped():
        return []
    words = (words for _, words in input.texts([entry for _, entry in job]))
    return [(at, sha256(one.encode()).digest() + nearness.sketch(one)) for (at, _), one in zip(job, words, strict=True) if one]
