"""Entries on disk by kind and key. An entry is read only if it is, to the byte, what was put there under its key.

What is damaged, cut off, put under another's key, unreadable or no file at all is as if absent, and told. No answer here is ever
the last: whoever asks can reckon it anew.
"""

import hashlib
import os
import re
import stat
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from corpus.problems import CorpusError

FOLDER = ".corpus-cache"
KINDS = ("ledger", "near", "shards", "sketches", "sound", "tasks")
LEAST = 256 << 20  # bytes that may always stay
_TAG, _SIGNATURE = "CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"  # bford.info/cachedir: backups pass such folders over
_KEY = re.compile(r"[0-9a-f]{64}")
_HEAD = re.compile(rb"cda-cache/1 ([0-9a-f]{64}) (0|[1-9][0-9]{0,14})\n")
_LONGEST = 128  # bytes of a head
_BLOCK = 1 << 20
_A_DAY = 86_400
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def shelf_in(folder: Path, tell: Callable[[str], None]) -> "Shelf":
    """The shelf in a folder that is one, or empty, or not there yet: in no other will files be written and removed."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _TAG).is_file():
        raise CorpusError(f"{folder} holds other files and is no cache (it has no {_TAG}); name another folder with --cache")
    return Shelf(folder, tell)


class Shelf:
    """A folder of entries. Several programs may use it at once: an entry appears whole, in one step.

    `tell` is told in a line what was damaged, and that nothing can be written where that is so.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None] = lambda _: None) -> None:
        self.folder, self._tell = folder, tell
        self.given: Counter[str] = Counter()  # what was taken instead of being reckoned, by kind, as whoever took it tells
        self._used: set[Path] = set()
        self._damaged: list[str] = []
        self._writes = True

    def get(self, kind: str, key: str) -> bytes | None:
        """What was put there, or None."""
        with self.opened(kind, key) as entry:
            if entry is None:
                return None
            body, rest = entry
            if rest.read(1):
                self.damaged(kind, key)
                return None
            return body

    @contextmanager
    def opened(self, kind: str, key: str) -> Iterator[tuple[bytes, BinaryIO] | None]:
        """The body of an entry, and the file where its attachments follow, whose hashes and sizes are for the body to tell."""
        path = self.folder / kind / key
        try:
            file = _regular(path)
        except (FileNotFoundError, NotADirectoryError):
            yield None
            return
        except OSError:
            self.damaged(kind, key)
            yield None
            return
        with file:
            body = _body(file, kind, key)
            if body is None:
                self.damaged(kind, key)
                yield None
                return
            self._used.add(path)
            with suppress(OSError):
                os.utime(path)
            yield body, file

    def put(self, kind: str, key: str, body: bytes | bytearray, attached: Iterable[Path] = ()) -> None:
        """Put an entry there, with the bytes of these files after its body; where that cannot be, it is told once and left."""
        if not self._writes:
            return
        path = self.folder / kind / key
        try:
            self._made(path.parent)
            self._put(path, (_head(kind, key, body), body), attached)
        except OSError as error:
            self._writes = False
            self._tell(f"nothing more is remembered for the next build: {self.folder} cannot be written ({error.strerror or error})")
        else:
            self._used.add(path)

    def damaged(self, kind: str, key: str) -> None:
        """Note that an entry was not what it should be. It goes, where it can be removed."""
        self._damaged.append(f"{kind}/{key[:12]}")
        self._used.discard(self.folder / kind / key)
        with suppress(OSError):
            (self.folder / kind / key).unlink()

    def settle(self) -> None:
        """Tell what was damaged, and remove what was used longest ago: as much as this build used may stay beside it."""
        if self._damaged:
            one, more = self._damaged[0], len(self._damaged) - 1
            others = f" and {more} more of its entries were" if more else " was"
            self._tell(f"in {self.folder} {one}{others} damaged; reckoned anew")
            self._damaged.clear()
        with suppress(OSError):
            self._prune()

    def _made(self, folder: Path) -> None:
        if not folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, words in ((_TAG, _SIGNATURE), (".gitignore", "*\n")):
                with suppress(FileExistsError), (self.folder / name).open("x", encoding="utf-8") as file:
                    file.write(words)
            folder.mkdir(exist_ok=True)

    def _put(self, path: Path, parts: Iterable[bytes | bytearray], attached: Iterable[Path]) -> None:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".put-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(parts)
                for one in attached:
                    with one.open("rb") as held:
                        while block := held.read(_BLOCK):
                            file.write(block)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _prune(self) -> None:
        files = (path for kind in KINDS for path in self.folder.glob(f"{kind}/*"))
        ours = (path for path in files if _KEY.fullmatch(path.name) or path.name.startswith(".put-"))
        found = [(held, path) for path in ours if stat.S_ISREG((held := path.lstat()).st_mode)]
        used = sum(held.st_size for held, path in found if path in self._used)
        spare = sum(held.st_size for held, _ in found) - max(2 * used, LEAST)
        for held, path in sorted((one for one in found if one[1] not in self._used), key=lambda one: one[0].st_mtime_ns):
            unfinished = path.name.startswith(".put-")
            if spare > 0 or (unfinished and held.st_mtime < time.time() - _A_DAY):
                path.unlink(missing_ok=True)
                spare -= held.st_size


def _regular(path: Path) -> BinaryIO:
    """A file opened without following a link and without waiting for a pipe."""
    handle = os.open(path, _FLAGS)
    file = os.fdopen(handle, "rb") if stat.S_ISREG(os.fstat(handle).st_mode) else None
    if file is None:
        os.close(handle)
        raise OSError(f"{path} is no file")
    return file


def _head(kind: str, key: str, body: bytes | bytearray) -> bytes:
    return b"cda-cache/1 %s %d\n" % (_digest(kind, key, body).encode(), len(body))


def _digest(kind: str, key: str, body: bytes | bytearray) -> str:
    whole = hashlib.sha256(f"{kind}\0{key}\0{len(body)}\0".encode())
    whole.update(body)
    return whole.hexdigest()


def _body(file: BinaryIO, kind: str, key: str) -> bytes | None:
    """The body, if the head is that of this kind, this key and this very body."""
    try:
        head = _HEAD.fullmatch(file.readline(_LONGEST))
        length = int(head[2]) if head else 0
        if head is None or length > os.fstat(file.fileno()).st_size:
            return None
        body = file.read(length)
    except OSError:
        return None
    return body if len(body) == length and _digest(kind, key, body).encode() == head[1] else None
