"""Sketches of texts that an earlier build made, and which texts it found near each other: the same texts are not compared again."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from corpus import codec, nearness, shapes
from corpus.cache import Shelf, fingerprint
from corpus.nearness import Clusters, Near
from corpus.release.entries import Entry, Input
from corpus.release.spreading import stopped

_HASH = nearness.HASH
MADE = _HASH + nearness.SKETCH  # of what is made of a text: its SHA-256 and its sketch
_RECORD = _HASH + MADE
Still = Callable[[Sequence[Entry]], bool]
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

    def of(self, entries: Iterable[Entry]) -> list[bytes | None]:
        """What was made of the text of each entry before, MADE bytes."""
        places = (None if (stamp := self._stamp(one)) is None else self._at.get(bytes.fromhex(stamp)) for one in entries)
        return [None if at is None else self._held[at : at + MADE] for at in places]

    def keep(self, entries: Sequence[Entry], made: Sequence[bytes | None], still: Still) -> None:
        """Remember what was made of these texts, if they lie as they did; hold nothing any longer."""
        before, self._at, self._held = self._at, {}, b""
        stamps = {bytes.fromhex(stamp): at for at, one in enumerate(entries) if (stamp := self._stamp(one)) is not None}
        new = [entries[at] for stamp, at in stamps.items() if stamp not in before]
        if len(new) * _FEW > len(stamps) and still(new):
            body = bytearray()
            for digest, at in sorted(stamps.items()):
                one = made[at]
                body += digest + one if one is not None else b""
            self._shelf.put("sketches", self._key, body)

    def bridges(
        self,
        stories: Sequence[tuple[str, str]],
        texts: bytes,
        sketches: Callable[[], bytearray],
        words_of: Callable[[str], str],
        clusters: Clusters,
        entries: Sequence[Entry],
        still: Still,
    ) -> list[Near]:
        """As `nearness.bridges`; of the same stories and texts (their hashes, one after the other), what was found before."""
        key = fingerprint(self._code, codec.sorted_line(stories), texts)
        found = shapes.plainly_read(self._shelf.get("near", key) or b"", list[Near])
        if found is None:
            found = nearness.bridges(stories, texts, sketches(), words_of, clusters)
            if still(entries):
                self._shelf.put("near", key, shapes.spelt_plainly(found))
            return found
        clusters.join_all((name, story) for name, story in stories if name != story)
        clusters.join_all((first, second) for first, second, _ in found)
        return found


def sketched(input: Input, job: Sequence[tuple[int, Entry]]) -> list[tuple[int, bytes]]:
    """Place, and hash and sketch of the text, of each document of a batch whose text is at hand."""
    if stopped():
        return []
    words = (words for _, words in input.texts([entry for _, entry in job]))
    return [(at, sha256(one.encode()).digest() + nearness.sketch(one)) for (at, _), one in zip(job, words, strict=True) if one]
