"""The same near-duplicates where no process holds all sketches: each text is written down once under each of its keys, all under a key are
read by one, and the first process has numbers alone. Knows no file: bytes in, bytes out.

A section is a band, or before all bands the texts themselves; a part is what has some of the keys of a section.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from corpus.nearness.grouping import NUMBER, Clusters, Groups, Places
from corpus.nearness.meeting import (
    BANDS,
    COARSE,
    HASH,
    Alike,
    Near,
    Signs,
    coarse_of,
    coarsely_alike,
    equal,
    first_met,
    forest,
    keys_of,
    meetings,
    named,
    runs,
    signs_in,
    still_apart,
)
from corpus.nearness.sketching import SKETCH, Numbers, mixed, share_of, sketch

TEXTS = 0  # the section of whole texts; that of the nth band is n + 1
SECTIONS = BANDS + 1
ROUNDS = (range(1, 2), range(2, 3), range(3, 9), range(9, SECTIONS))  # what the first bands join the later ones need not look at
_LARGE = 1000  # texts under a key of which some are surely alike enough to be looked at
_BLOCK = 2000  # texts that are looked at together
_HELD = 4000  # texts in memory at once

_TEXT = np.dtype([("hash", "<u8", HASH // 8), ("number", "<u4")])
_RECORD = np.dtype([("key", "<u8"), ("number", "<u4"), ("coarse", "u1", COARSE)])
_SUSPECT = np.dtype([*_RECORD.descr, ("group", "<u4")])
_EDGE = np.dtype([("section", "u1"), ("apart", "<u4"), ("key", "<u8"), ("one", "<u4"), ("other", "<u4"), ("share", "<f8")])
_AGAIN = np.dtype([("one", "<u4"), ("other", "<u4")])
Records = NDArray[np.void]


def sections(numbers: Sequence[int], made: Sequence[bytes], parts: int) -> Iterator[tuple[list[int], bytes]]:
    """Section by section what is to be written of some texts, by part, and how many bytes each part has.

    `made` has the SHA-256 and the sketch of each text.
    """
    rows = np.frombuffer(b"".join(made), dtype=np.uint8).reshape(-1, HASH + SKETCH)
    texts = np.empty(len(rows), dtype=_TEXT)
    texts["hash"], texts["number"] = np.ascontiguousarray(rows[:, :HASH]).view(np.uint64), numbers
    yield _by_part(texts, texts["hash"][:, 0], parts)
    signs = np.ascontiguousarray(rows[:, HASH:]).view(np.uint32)
    records = np.empty(len(rows), dtype=_RECORD)
    records["number"], records["coarse"] = numbers, coarse_of(signs)
    for band in range(BANDS):
        records["key"] = keys_of(signs, band)
        yield _by_part(records, mixed(records["key"]), parts)


def equal_in(held: Iterable[bytes]) -> bytes:
    """Of a part of all texts, those that stand again."""
    texts = np.concatenate([np.frombuffer(one, dtype=_TEXT) for one in held])
    texts = texts[np.argsort(texts["number"])]
    first, again = equal(texts["hash"])
    pairs = np.empty(len(first), dtype=_AGAIN)
    pairs["one"], pairs["other"] = texts["number"][first], texts["number"][again]
    return pairs.tobytes()


def met_in(held: Iterable[bytes], state: bytes) -> list[bytes]:
    """Of a part of a band, all that is under a key under which two that are not joined yet are coarsely alike; some keys at a time."""
    moved, firsts, again = _state(state)
    records = np.concatenate([np.frombuffer(one, dtype=_RECORD) for one in held])
    records = records[~np.isin(records["number"], again)]
    records = records[np.lexsort((records["number"], records["key"]))]
    _, sizes = runs(records["key"])
    records = records[np.repeat(sizes > 1, sizes)]
    suspects = np.empty(len(records), dtype=_SUSPECT)
    for name in ("key", "number", "coarse"):
        suspects[name] = records[name]
    suspects["group"] = _looked_up(records["number"], moved, firsts)
    groups = Groups.alike(suspects["group"])
    keys, places = still_apart(suspects["key"].astype(np.uint64), np.arange(len(suspects)), groups, 1)
    warm = _warm(keys, places, groups, suspects["coarse"])
    return list(_blocks(suspects[places[np.isin(keys, warm)]]))


def numbers_in(block: bytes) -> list[int]:
    """The numbers of the texts of a block, in its order."""
    numbers: list[int] = np.frombuffer(block, dtype=_SUSPECT)["number"].tolist()
    return numbers


def alike_in(section: int, block: bytes, texts: Callable[[list[int]], Iterable[str]]) -> bytes:
    """Near-duplicates that hold together what is in a block. `texts` gives those at some places of it."""
    held, band = np.frombuffer(block, dtype=_SUSPECT), section - 1
    keys, groups, known = held["key"].astype(np.uint64), Groups.alike(held["group"]), _Known(texts)

    def close(one: Places, other: Places) -> Alike:
        alike = coarsely_alike(held["coarse"][one], held["coarse"][other])
        if alike.any():
            one, other = one[alike], other[alike]
            known.hold({*one.tolist(), *other.tolist()})
            alike[alike] = first_met(known.signs(one), known.signs(other), band)
        return alike

    def share(one: int, other: int) -> float:
        return share_of(known.words(one), known.words(other))

    found = list(forest(keys, np.arange(len(held)), groups, close, share, at_once=_HELD // 8))
    edges = np.empty(len(found), dtype=_EDGE)
    edges["section"] = section
    for nth, name in enumerate(("apart", "key", "one", "other", "share")):
        edges[name] = [one[nth] for one in found]
    edges["one"], edges["other"] = held["number"][edges["one"]], held["number"][edges["other"]]
    return edges.tobytes()


class Joined:
    """What is joined so far: the least number of each text's group, four bytes a text, and the texts that stand again."""

    def __init__(self, names: Iterable[str], count: int, clusters: Clusters) -> None:
        self._groups = Groups.of(names, count, clusters)
        self._again: NDArray[NUMBER] = np.empty(0, dtype=NUMBER)
        self._found: list[NDArray[np.void]] = []

    def take_equal(self, pairs: Iterable[bytes]) -> None:
        """Take in the texts that stand again, of all parts."""
        again = np.frombuffer(b"".join(pairs), dtype=_AGAIN)
        again = again[np.argsort(again["other"])]
        edges = np.zeros(len(again), dtype=_EDGE)
        edges["one"], edges["other"], edges["share"] = again["one"], again["other"], 1.0
        self._again = again["other"].copy()
        self._join(edges)

    def take(self, edges: Iterable[bytes]) -> None:
        """Take in the near-duplicates of some sections, whole: those stay that hold together what is not joined otherwise."""
        held = np.frombuffer(b"".join(edges), dtype=_EDGE)
        self._join(held[np.lexsort((held["one"], held["key"], held["apart"], held["section"]))])

    def state(self) -> bytes:
        """What those who read the parts of the next sections are to know."""
        file = BytesIO()
        for one in (*self._groups.moved(), self._again):
            np.save(file, one)
        return file.getvalue()

    def bridges(self, name: Callable[[int], str], clusters: Clusters) -> list[Near]:
        """As `nearness.bridges`."""
        return named([pair for some in self._found for pair in some.tolist()], name, clusters)

    def _join(self, edges: NDArray[np.void]) -> None:
        pairs = zip(edges["one"].tolist(), edges["other"].tolist(), strict=True)
        held = np.fromiter((self._groups.join(one, other) for one, other in pairs), dtype=bool, count=len(edges))
        self._found.append(edges[held][["one", "other", "share"]])


class _Known:
    """Some texts of a block with their sketches."""

    def __init__(self, texts: Callable[[list[int]], Iterable[str]]) -> None:
        self._texts = texts
        self._held: dict[int, tuple[str, Signs]] = {}

    def hold(self, places: set[int]) -> None:
        """Have these at hand."""
        if len(self._held) > _HELD:
            self._held = {place: one for place, one in self._held.items() if place in places}
        missing = sorted(places - self._held.keys())
        for place, words in zip(missing, self._texts(missing), strict=True):
            self._held[place] = words, signs_in(sketch(words))[0]

    def words(self, place: int) -> str:
        """A text that is at hand."""
        return self._held[place][0]

    def signs(self, places: Places) -> Signs:
        """A row for each, of those at hand."""
        return np.stack([self._held[place][1] for place in places.tolist()])


def _by_part(records: Records, keys: Numbers, parts: int) -> tuple[list[int], bytes]:
    part = (keys % np.uint64(parts)).astype(np.int64)
    sizes = np.bincount(part, minlength=parts) * records.dtype.itemsize
    return sizes.tolist(), records[np.argsort(part, kind="stable")].tobytes()


def _state(state: bytes) -> list[NDArray[NUMBER]]:
    file = BytesIO(state)
    return [np.load(file, allow_pickle=False) for _ in range(3)]


def _looked_up(numbers: NDArray[NUMBER], moved: NDArray[NUMBER], firsts: NDArray[NUMBER]) -> NDArray[NUMBER]:
    """The first of each number's group, its own where it has not moved."""
    if not len(moved):
        return numbers
    at = np.minimum(np.searchsorted(moved, numbers), len(moved) - 1)
    return np.where(moved[at] == numbers, firsts[at], numbers)


def _warm(keys: Numbers, places: Places, groups: Groups, coarse: NDArray[np.uint8]) -> Numbers:
    """Keys under which two of different groups are coarsely alike, or so many stand that they need not be asked."""
    _, sizes = runs(keys)
    large = np.repeat(sizes > _LARGE, sizes)
    warm = [np.unique(keys[large])]
    for _, under, one, other in meetings(keys[~large], places[~large], groups):
        warm.append(np.unique(under[coarsely_alike(coarse[one], coarse[other])]))
    return np.concatenate(warm)


def _blocks(suspects: Records) -> Iterator[bytes]:
    """Cut between keys, as soon as a block is large."""
    starts, sizes = runs(suspects["key"])
    begin = 0
    for end in (starts + sizes).tolist():
        if end - begin >= _BLOCK or end == len(suspects):
            yield suspects[begin:end].tobytes()
            begin = end
