"""Which documents of an input retell each other: sketches made wherever the work is spread, compared here."""

from collections.abc import Sequence
from functools import partial

from corpus import nearness
from corpus.nearness import Clusters, Near
from corpus.release.entries import Entry, Input, batches
from corpus.release.spreading import Spread, stopped

_A_JOB = 500  # documents


def retold(input: Input, entries: Sequence[Entry], spreading: Spread, clusters: Clusters) -> list[Near]:
    """Near-duplicates that no story joins, and in `clusters` what belongs together by story or by words."""
    entries = sorted(entries, key=lambda one: one.document)
    sketches = bytearray(nearness.SKETCH * len(entries))
    blank: set[int] = set()
    for first, made in spreading(partial(_sketched, input), list(enumerate(batches(entries, _A_JOB)))):
        for at, sketch in enumerate(made, first * _A_JOB):
            sketches[at * nearness.SKETCH : (at + 1) * nearness.SKETCH] = sketch or b"\0" * nearness.SKETCH
            if not sketch:
                blank.add(at)
    with_text = [(one.document, one.story) for at, one in enumerate(entries) if at not in blank]
    if blank:
        sketches = _without(sketches, blank)
    named = {one.document: one for one in entries}

    def words_of(name: str) -> str:
        return next(input.texts([named[name]]))[1] or ""

    return nearness.bridges(with_text, sketches, words_of, clusters)


def _sketched(input: Input, job: tuple[int, Sequence[Entry]]) -> tuple[int, list[bytes]]:
    """The sketch of each document of a batch, b"" where its text is not at hand."""
    at, entries = job
    return at, [] if stopped() else [nearness.sketch(words) if words else b"" for _, words in input.texts(entries)]


def _without(sketches: bytearray, blank: set[int]) -> bytearray:
    size = nearness.SKETCH
    return bytearray().join(sketches[at : at + size] for at in range(0, len(sketches), size) if at // size not in blank)
