"""Sketches of texts that an earlier build made, and which texts it found near each other: the same texts are not compared again."""

from collections.abc import Callable, Sequence

from corpus import codec, nearness, shapes
from corpus.cache import Shelf, fingerprint
from corpus.nearness import Clusters, Near
from corpus.release.entries import Entry

_HASH = 32  # bytes
MADE = _HASH + nearness.SKETCH  # of what is made of a text: its SHA-256 and its sketch
_RECORD = _HASH + MADE
_FEW = 200  # one new text among so many is sooner sketched again than all are written


class Sketches:
    """What is made of texts, by what the texts are read from: `stamp` gives the hash of that, or None where there is none.

    `code` stands for the code, and `place` for the collection. `reading` is called before any text is read.
    """

    def __init__(
        self, shelf: Shelf, code: str, place: str, stamp: Callable[[Entry], str | None], reading: Callable[[], None] = lambda: None
    ) -> None:
        self._shelf, self._code, self._key = shelf, code, fingerprint(code, place)
        self._stamp, self.reading = stamp, reading
        held = shelf.get("sketches", self._key) or b""
        self._held = held if len(held) % _RECORD == 0 else b""
        self._at = {held[at : at + _HASH]: at + _HASH for at in range(0, len(self._held), _RECORD)}
        self._found: tuple[str, list[Near]] | None = None

    def of(self, entry: Entry) -> bytes | None:
        """What was made of an entry's text before, MADE bytes."""
        stamp = self._stamp(entry)
        at = None if stamp is None else self._at.get(bytes.fromhex(stamp))
        return None if at is None else self._held[at : at + MADE]

    def keep(self, entries: Sequence[Entry], made: bytearray, still: Callable[[Entry], bool]) -> None:
        """Remember what was made of these texts and which were found near, if they lie as they did; hold nothing any longer.

        `made` has MADE bytes for each entry, all zero where there is no text.
        """
        before, self._at, self._held = self._at, {}, b""
        stamps = {bytes.fromhex(stamp): at for at, one in enumerate(entries) if (stamp := self._stamp(one)) is not None}
        new = [at for stamp, at in stamps.items() if stamp not in before]
        if not all(still(entries[at]) for at in new):
            return
        if self._found is not None:
            self._shelf.put("near", self._found[0], shapes.spelt_plainly(self._found[1]))
        if len(new) * _FEW > len(stamps):
            body = bytearray()
            for digest, at in sorted(stamps.items()):
                one = made[at * MADE : (at + 1) * MADE]
                body += digest + one if any(one) else b""
            self._shelf.put("sketches", self._key, bytes(body))

    def bridges(
        self, stories: Sequence[tuple[str, str]], texts: bytes, sketches: bytearray, words_of: Callable[[str], str], clusters: Clusters
    ) -> list[Near]:
        """As `nearness.bridges`; of the same stories and texts (their hashes, one after the other), what was found before."""
        key = fingerprint(self._code, codec.sorted_line(stories), texts)
        found = shapes.plainly_read(self._shelf.get("near", key) or b"", list[Near])
        if found is None:
            found = nearness.bridges(stories, sketches, words_of, clusters)
            self._found = key, found
            return found
        for one, other in [*stories, *((first, second) for first, second, _ in found)]:
            clusters.join(one, other)
        return found
