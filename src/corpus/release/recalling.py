"""What builds from exports remember between them: where the tasks of an unchanged file stand, sketches of texts, shards."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from corpus import shapes
from corpus.cache import Ledger, Shelf, fingerprint, of_code
from corpus.model import Holdings
from corpus.release.entries import Entry
from corpus.release.keeping import Keeping
from corpus.release.ranging import Index
from corpus.release.remembering import told_of
from corpus.release.sketching import Sketches

_DIGEST = 64  # signs


class ExportsMemory:
    """The memory of a collection of exports."""

    def __init__(self, shelf: Shelf, code: str, files: Sequence[Path], common: Holdings) -> None:
        paths = [str(path.absolute()) for path in files]
        self._shelf, self._code, self._paths = shelf, code, paths
        self._place = fingerprint("exports", *sorted(path.rpartition("/")[0] for path in paths))
        self._common = fingerprint(code, told_of(common))
        self._ledger = Ledger.read(shelf, self._place, "")
        self._new: dict[str, Index] = {}

    @classmethod
    def of(cls, shelf: Shelf | None, files: Sequence[Path], common: Holdings) -> "ExportsMemory | None":
        """The memory of a collection on a shelf; None without a shelf, or where the code is not what it was when it was loaded."""
        code = None if shelf is None else of_code()
        return None if shelf is None or code is None else cls(shelf, code, files, common)

    def is_new(self) -> bool:
        """Whether none of the files is what it was in an earlier build."""
        return all(self._ledger.known(path) is None for path in self._paths)

    def indexed(self, path: Path) -> Index | None:
        """The index of a file that has not changed since it was made."""
        digest = self._ledger.known(str(path.absolute()))
        found = None if digest is None else shapes.plainly_read(self._shelf.get("tasks", self._of_index(digest)) or b"", Index)
        return found if found is not None and found.sha256 == digest else None

    def learn(self, path: Path, before: os.stat_result, started: int, index: Index) -> None:
        """Take in what was read of a file, from `started` on in ns, with what was asked of it before."""
        self._ledger.learn(str(path.absolute()), before, started, index.sha256)
        self._new[index.sha256] = index

    def keep_indexes(self) -> None:
        """Remember the indexes of the files that were read, which are what they were."""
        if self.still(()):
            for digest, index in self._new.items():
                self._shelf.put("tasks", self._of_index(digest), shapes.spelt_plainly(index))
            self._new.clear()
            self._ledger.write(self._shelf, self._place)

    def sketches(self, hashes: Mapping[str, str], reading: Callable[[], None]) -> Sketches:
        """What was made of the texts before; a text is that of its document's first task."""
        return Sketches(self._shelf, self._code, self._place, lambda one: hashes[one.document][:_DIGEST], reading)

    def keeping(self, hashes: Mapping[str, str], reading: Callable[[], None], *, all_texts: bool) -> Keeping:
        """How shards are kept."""
        common = fingerprint(self._common, "exports", "all" if all_texts else "released")
        known: list[bool] = []

        def still(_: Sequence[Entry]) -> bool:
            if not known:  # asked once, after all was read
                known.append(self.still(()))
            return known[0]

        return Keeping(shelf=self._shelf, common=common, stamp=lambda one: hashes.get(one.document), still=still, reading=reading)

    def still(self, _: Sequence[Entry]) -> bool:
        """Whether the files are what they were."""
        return all(self._ledger.still(path) for path in self._paths)

    def _of_index(self, digest: str) -> str:
        return fingerprint(self._code, digest)
