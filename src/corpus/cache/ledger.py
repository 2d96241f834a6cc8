"""SHA-256 of files by what the file system says of them, so that an unchanged file costs one question and no reading.

As git's index: size, times of content and of status, and inode must be the same; a file that changed in the same moment as it was
hashed is hashed again the next time. Where the status time is no such thing (Windows), size and time of content must do.
"""

import hashlib
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.cache.shelf import Shelf

_SLACK = 2_000_000_000  # ns; the coarsest clock of a file system in use
_FIELDS = 3  # of an entry: path, stamp, hash
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class _Known:
    """The hash of a file as it was under its stamp; settled, if no later change can have the same stamp."""

    stamp: str
    sha256: str | None
    settled: bool


class Ledger:
    """Hashes of files below a folder; `before` are stamp and hash of each, as they were remembered."""

    def __init__(self, folder: str, before: Mapping[str, tuple[str, str]]) -> None:
        self._folder, self._before = folder, before
        self._seen: dict[str, _Known] = {}
        self._new = 0

    @property
    def is_new(self) -> bool:
        """Whether nothing was remembered."""
        return not self._before

    @classmethod
    def read(cls, shelf: Shelf, key: str, folder: str) -> "Ledger":
        """What is remembered of a folder under a key."""
        return cls(folder, _entries(shelf.get("ledger", key)))

    def write(self, shelf: Shelf, key: str) -> None:
        """Remember what was seen, where that is not what was remembered."""
        if not self._new and sum(one.settled for one in self._seen.values()) == len(self._before):
            return
        settled = {where: (one.stamp, one.sha256) for where, one in self._seen.items() if one.settled and one.sha256 is not None}
        if settled != self._before:
            plain = "\0".join(part for where, one in sorted(settled.items()) for part in (where, *one))
            shelf.put("ledger", key, os.fsencode(plain))

    def known(self, where: str) -> str | None:
        """The hash of a file that has not changed since it was remembered; None where it would have to be read."""
        try:
            stamp = stamp_of(os.stat(self._path(where)))  # noqa: PTH116 - asked of 300,000 files, and Path takes as long again
        except OSError:
            return None
        before = self._before.get(where)
        if before is None or before[0] != stamp:
            return None
        self._seen[where] = _Known(stamp, before[1], settled=True)
        return before[1]

    def sha256(self, where: str) -> str | None:
        """The hash of a file; None where there is none that can be read."""
        seen = self._seen.get(where)
        if seen is not None:
            return seen.sha256
        known = self.known(where)
        if known is None:
            self._seen[where] = self._hashed(where)
            self._new += 1
            known = self._seen[where].sha256
        return known

    def learn(self, where: str, before: os.stat_result, started: int, sha256: str) -> None:
        """Take in the hash of a file that was read from `started` on, in ns, with what was asked of it before."""
        try:
            same = stamp_of(os.stat(self._path(where))) == stamp_of(before)  # noqa: PTH116
        except OSError:
            same = False
        if same:
            self._seen[where] = _Known(stamp_of(before), sha256, settled=_is_settled(before, started))
            self._new += 1

    def still(self, where: str) -> bool:
        """Whether a file is what it was when it was asked for; of one that is not settled the bytes are asked again."""
        seen = self._seen.get(where)
        if seen is None:
            return False
        try:
            stamp = stamp_of(os.stat(self._path(where)))  # noqa: PTH116
        except OSError:
            return seen.sha256 is None and not seen.stamp
        return stamp == seen.stamp and (seen.settled or self._hashed(where).sha256 == seen.sha256)

    def _path(self, where: str) -> str:
        return f"{self._folder}/{where}" if self._folder else where

    def _hashed(self, where: str) -> _Known:
        started = time.time_ns()
        try:
            handle = os.open(self._path(where), _FLAGS)
        except OSError:
            return _Known("", None, settled=False)
        try:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                return _Known("no file", None, settled=False)
            digest = _digest(handle)
            same = stamp_of(os.fstat(handle)) == stamp_of(before)
        except OSError:
            return _Known("not read", None, settled=False)
        finally:
            os.close(handle)
        return _Known(stamp_of(before) if same else "changing", digest, settled=same and _is_settled(before, started))


def stamp_of(held: os.stat_result) -> str:
    """What changes whenever a file does."""
    return f"{held.st_size} {held.st_mtime_ns} {held.st_ctime_ns} {held.st_ino}"


def _is_settled(held: os.stat_result, started: int) -> bool:
    """Whether the file was so old when its hashing started that every later change shows in its times."""
    return max(held.st_mtime_ns, held.st_ctime_ns) + _SLACK < started


def _digest(handle: int) -> str:
    whole = hashlib.sha256()
    while block := os.read(handle, 1 << 20):
        whole.update(block)
    return whole.hexdigest()


def _entries(data: bytes | None) -> dict[str, tuple[str, str]]:
    """Names of files hold any sign but NUL, so NUL it is that stands between."""
    parts = os.fsdecode(data).split("\0") if data else []
    if len(parts) % _FIELDS:
        return {}
    return dict(zip(parts[::_FIELDS], zip(parts[1::_FIELDS], parts[2::_FIELDS], strict=True), strict=True))
