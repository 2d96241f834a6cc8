"""Which documents retell each other, where the first process cannot hold their sketches: whoever works writes the keys of some texts where
all can see them, then reads what all have written under some of the keys. Knows nothing of what a key is.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import storage
from corpus.nearness import Clusters, Near, shuffling
from corpus.release.delivering import delivered
from corpus.release.entries import Entry, Input
from corpus.release.sketching import sketched
from corpus.release.spreading import Spread, stopped
from corpus.storage import Place

FOLDER = ".near"
_NUMBER = 8  # bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """Into how much the work is cut: documents of a range, whose keys are written by one, and keys of a part, which are read by one."""

    documents: int = 10_000  # 35 MB of keys
    keys: int = 500_000  # of them 40 MB


@dataclass(frozen=True, slots=True)
class _Range:
    """Documents, the number of the first, and that of the file that takes their keys."""

    nth: int
    first: int
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class _Part:
    """What has some of the keys of a section, in all files."""

    section: int
    nth: int
    state: str  # "" before anything is joined


@dataclass(frozen=True, slots=True)
class _Block:
    """What meets under some keys, and where its texts are read."""

    section: int
    held: bytes
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class _Shuffle:
    """What all who work have in common: where the texts are, the folder, its files, and the parts of a section."""

    input: Input
    folder: Place
    files: int
    parts: int

    def written(self, job: _Range) -> list[int]:
        """Write the keys of a range, section by section and part by part, and before them where each begins; which have no text at hand."""
        numbers = range(job.first, job.first + len(job.entries))
        made = sketched(self.input, list(zip(numbers, job.entries, strict=True)))
        ends = array("Q", bytes(_NUMBER * (shuffling.SECTIONS * self.parts + 1)))
        with delivered(self.folder) as apart, (apart / _name(job.nth)).open("wb") as file:
            file.write(ends)
            at, ends[0] = 0, file.tell()
            for sizes, data in shuffling.sections([number for number, _ in made], [one for _, one in made], self.parts):
                file.write(data)
                for size in sizes:
                    at += 1
                    ends[at] = ends[at - 1] + size
            file.seek(0)
            file.write(ends)
        return sorted({*numbers} - {number for number, _ in made})

    def met(self, job: _Part) -> tuple[int, list[bytes]]:
        """The section, and what under the keys of a part is to be looked at: before the first band the texts that stand again."""
        if stopped():
            return job.section, []
        if job.section == shuffling.TEXTS:
            return job.section, [shuffling.equal_in(self._read(job))]
        return job.section, shuffling.met_in(self._read(job), (self.folder / job.state).read_bytes())

    def alike(self, job: _Block) -> bytes:
        """The near-duplicates of a block."""

        def texts(places: list[int]) -> Iterator[str]:
            for _, words in self.input.texts([job.entries[place] for place in places]):
                yield words or ""

        return b"" if stopped() else shuffling.alike_in(job.section, job.held, texts)

    def _read(self, job: _Part) -> Iterator[bytes]:
        place = _NUMBER * (job.section * self.parts + job.nth)
        for name in map(_name, range(self.files)):
            begin, end = array("Q", self._bytes(name, place, 2 * _NUMBER))
            yield self._bytes(name, begin, end - begin)

    def _bytes(self, name: str, offset: int, length: int) -> bytes:
        if not length:
            return b""
        with storage.reading([self.folder / name], [(0, offset, length)]) as files:
            files[0].seek(offset)
            return files[0].read(length)


def bridges(input: Input, entries: Sequence[Entry], spreading: Spread, beside: Place, clusters: Clusters, cut: Cut = Cut()) -> list[Near]:
    """As `nearness.bridges`, for documents by id. What is written meanwhile lies in a folder beside the shards, and is gone afterwards."""
    folder = beside / FOLDER
    if isinstance(folder, Path):
        folder.mkdir(exist_ok=True)
    shuffle = _Shuffle(input, folder, -(-len(entries) // cut.documents), -(-len(entries) // cut.keys))
    without = {number for some in spreading(shuffle.written, _ranges(entries, cut.documents)) for number in some}
    clusters.join_all((one.document, one.story) for nth, one in enumerate(entries) if one.document != one.story and nth not in without)
    joined = shuffling.Joined((one.document for one in entries), len(entries), clusters)
    whole = spreading(shuffle.met, (_Part(shuffling.TEXTS, nth, "") for nth in range(shuffle.parts)))
    joined.take_equal(pairs for _, some in whole for pairs in some)
    for round, sections in enumerate(shuffling.ROUNDS):
        state = f"{round}.state"
        with delivered(folder) as apart:
            (apart / state).write_bytes(joined.state())
        joined.take(spreading(shuffle.alike, _blocks(shuffle, sections, state, entries, spreading)))
    storage.remove(folder)
    return joined.bridges(lambda number: entries[number].document, clusters)


def _ranges(entries: Sequence[Entry], documents: int) -> Iterator[_Range]:
    for nth, at in enumerate(range(0, len(entries), documents)):
        yield _Range(nth, at, entries[at : at + documents])


def _name(nth: int) -> str:
    return f"{nth:06d}.keys"


def _blocks(shuffle: _Shuffle, sections: Sequence[int], state: str, entries: Sequence[Entry], spreading: Spread) -> Iterator[_Block]:
    """What is to be looked at, as soon as it is found."""
    parts = (_Part(section, nth, state) for section in sections for nth in range(shuffle.parts))
    for section, some in spreading(shuffle.met, parts):
        for held in some:
            yield _Block(section, held, [entries[number] for number in shuffling.numbers_in(held)])
