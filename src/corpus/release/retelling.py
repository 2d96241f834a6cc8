"""Which documents of an input retell each other: sketches made wherever the work is spread, or made before, compared here."""

from collections.abc import Callable, Sequence
from functools import partial

from corpus import nearness
from corpus.nearness import Clusters, Near
from corpus.release.entries import Entry, Input
from corpus.release.spreading import Spread, few_here, stopped

_A_JOB = 500  # documents
_HASH = 32  # bytes


class Sketches:
    """Sketches of texts by what the texts stand for: `stamp` gives the hash of what an entry's text is read from, or None.

    `held` are hashes and sketches, one after the other; `reading` is called before any text is read.
    """

    def __init__(self, held: bytes, stamp: Callable[[Entry], str | None], reading: Callable[[], None] = lambda: None) -> None:
        self._held, self._stamp, self.reading, self.grown = held, stamp, reading, False
        self._at = {held[at : at + _HASH]: at + _HASH for at in range(0, len(held), _HASH + nearness.SKETCH)}

    def of(self, entry: Entry) -> bytes | None:
        """The sketch of an entry, where it was made before."""
        stamp = self._stamp(entry)
        at = None if stamp is None else self._at.get(bytes.fromhex(stamp))
        return None if at is None else self._held[at : at + nearness.SKETCH]

    def taken_in(self, entries: Sequence[Entry], sketches: bytearray, blank: set[int]) -> None:
        """Hold these instead."""
        size = nearness.SKETCH
        made = {
            bytes.fromhex(stamp): sketches[at * size : (at + 1) * size]
            for at, one in enumerate(entries)
            if at not in blank and (stamp := self._stamp(one)) is not None
        }
        self.grown, self._at = not made.keys() <= self._at.keys(), {}
        self._held = b"".join(part for pair in sorted(made.items()) for part in pair) if self.grown else b""

    def given(self) -> bytes:
        """All hashes and sketches, to be kept; they are held no longer."""
        held, self._held = self._held, b""
        return held


def retold(input: Input, entries: Sequence[Entry], spreading: Spread, clusters: Clusters, before: Sketches | None = None) -> list[Near]:
    """Near-duplicates that no story joins, and in `clusters` what belongs together by story or by words."""
    entries = sorted(entries, key=lambda one: one.document)
    sketches = bytearray(nearness.SKETCH * len(entries))
    blank: set[int] = set()
    unmade: list[tuple[int, Entry]] = []
    for at, entry in enumerate(entries):
        known = None if before is None else before.of(entry)
        if known is None:
            unmade.append((at, entry))
        else:
            sketches[at * nearness.SKETCH : (at + 1) * nearness.SKETCH] = known
    if unmade and before is not None:
        before.reading()
    given = [unmade[at : at + _A_JOB] for at in range(0, len(unmade), _A_JOB)]
    for made in few_here(spreading, len(unmade))(partial(_sketched, input), given):
        for at, sketch in made:
            sketches[at * nearness.SKETCH : (at + 1) * nearness.SKETCH] = sketch or b"\0" * nearness.SKETCH
            if not sketch:
                blank.add(at)
    if before is not None:
        before.taken_in(entries, sketches, blank)
    with_text = [(one.document, one.story) for at, one in enumerate(entries) if at not in blank]
    if blank:
        sketches = _without(sketches, blank)
    named = {one.document: one for one in entries}

    def words_of(name: str) -> str:
        if before is not None:
            before.reading()
        return next(input.texts([named[name]]))[1] or ""

    return nearness.bridges(with_text, sketches, words_of, clusters)


def _sketched(input: Input, job: Sequence[tuple[int, Entry]]) -> list[tuple[int, bytes]]:
    """The sketch of each document of a batch, b"" where its text is not at hand."""
    if stopped():
        return []
    words = (words for _, words in input.texts([entry for _, entry in job]))
    return [(at, nearness.sketch(one) if one else b"") for (at, _), one in zip(job, words, strict=True)]


def _without(sketches: bytearray, blank: set[int]) -> bytearray:
    size = nearness.SKETCH
    return bytearray().join(sketches[at : at + size] for at in range(0, len(sketches), size) if at // size not in blank)
