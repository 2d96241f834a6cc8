"""Files beyond this machine: s3:// addresses beside paths. The only door to fsspec and s3fs; knows nothing of what the files hold.

Where the store is and who asks is said where its other tools look: AWS_ENDPOINT_URL, AWS_PROFILE, ~/.aws.
"""

import bisect
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from corpus.problems import CorpusError

SCHEME = "s3://"
_BLOCK = 8 << 20  # bytes asked for at once where a file is read from one end to the other
_GAP = 64 << 10  # between two stretches that are asked for as one


@dataclass(frozen=True, slots=True)
class Remote:
    """An object of a store, or all whose keys start alike.

    >>> place = Remote("s3://bucket/news") / "export.json.gz"
    >>> str(place), place.name, place.suffix
    ('s3://bucket/news/export.json.gz', 'export.json.gz', '.gz')
    """

    url: str

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> "Remote":
        return Remote(f"{self.url}/{name}")

    @property
    def name(self) -> str:
        """The last part of its key."""
        return PurePosixPath(self.url).name

    @property
    def suffix(self) -> str:
        """What its name ends with, from the last dot on."""
        return PurePosixPath(self.url).suffix

    def is_file(self) -> bool:
        """Whether there is such an object."""
        with _told(self):
            try:
                kind: str = _store().info(self.url)["type"]
            except FileNotFoundError:
                return False
        return kind == "file"

    def open(self, mode: str) -> Any:
        """To be read from one end to the other ("rb"), or written ("wb"): an object appears whole, when it is closed."""
        with _told(self):
            file = _store().open(self.url, mode, block_size=_BLOCK, cache_type="readahead")
        return file if mode == "wb" else _Stream(file, self)

    def read_bytes(self) -> bytes:
        """All of an object."""
        with _told(self):
            data: bytes = _store().cat_file(self.url)
            return data

    def put(self, path: Path) -> None:
        """Make a file's bytes an object, in one step."""
        with _told(self):
            _store().put_file(str(path), self.url)

    def names(self) -> list[str]:
        """The keys below it, without its own."""
        with _told(self):
            found = _store().find(self.url)
        return sorted(one.removeprefix(self.url.removeprefix(SCHEME) + "/") for one in found)

    def remove(self) -> None:
        """Remove it and what lies below it, if there is anything."""
        with _told(self):
            found = _store().find(self.url)
            if found:
                _store().rm(found)

    def ranges(self, spans: Sequence[tuple[int, int]]) -> "Fetched":
        """Some stretches of an object (offset and length), asked for together."""
        from fsspec.utils import merge_offset_ranges

        starts, ends = [at for at, _ in spans], [at + length for at, length in spans]
        paths, starts, ends = merge_offset_ranges([self.url] * len(spans), starts, ends, max_gap=_GAP, max_block=_BLOCK)
        with _told(self):
            blocks = _store().cat_ranges(paths, starts, ends, on_error="raise") if spans else []
        return Fetched(starts, blocks)


Place = Path | Remote


def place(where: str) -> Place:
    """A path or an address.

    >>> place("s3://bucket/news/"), place("news")
    (Remote(url='s3://bucket/news'), PosixPath('news'))
    """
    if not where.startswith(SCHEME):
        return Path(where)
    bucket, _, key = where.removeprefix(SCHEME).strip("/").partition("/")
    if not bucket or not key:
        raise CorpusError(f"{where} names no object; write s3://BUCKET/KEY")
    return Remote(f"{SCHEME}{bucket}/{key}")


def absolute(where: Place) -> Place:
    """The same place, wherever its reader stands."""
    return where.absolute() if isinstance(where, Path) else where


def stamp(where: Place) -> tuple[int, str]:
    """Size in bytes, and what changes when the file does."""
    if isinstance(where, Path):
        held = where.stat()
        return held.st_size, str(held.st_mtime_ns)
    with _told(where):
        facts = _store().info(where.url)
    return facts["size"], str(facts.get("ETag") or facts.get("LastModified"))


def remove(where: Place) -> None:
    """Remove a folder, or all whose keys start alike."""
    if isinstance(where, Path):
        shutil.rmtree(where, ignore_errors=True)
    else:
        where.remove()


@contextmanager
def fetched(where: Remote) -> Iterator[Path]:
    """All below an address in a folder of this machine, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        for name in where.names():
            path = Path(folder) / where.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with _told(where):
                _store().get_file(str(where / name), str(path))
        yield Path(folder) / where.name


class _Stream:
    """An object as it is read; what the store refuses meanwhile is told in a sentence."""

    def __init__(self, file: Any, where: Remote) -> None:
        self._file, self._where = file, where

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int = -1) -> bytes:
        with _told(self._where):
            data: bytes = self._file.read(size)
            return data


class Fetched:
    """Stretches of an object, to be read as from an open file."""

    def __init__(self, starts: Sequence[int], blocks: Sequence[bytes]) -> None:
        self._starts, self._blocks, self._at = starts, blocks, 0

    def seek(self, at: int) -> None:
        """Go to an offset in the object."""
        self._at = at

    def read(self, length: int) -> bytes:
        """Bytes of one stretch that was asked for."""
        nth = bisect.bisect_right(self._starts, self._at) - 1
        from_ = self._at - self._starts[nth]
        return self._blocks[nth][from_ : from_ + length]


class Reading:
    """Files by number, each opened when it is first asked for; of an object, the wanted stretches alone are fetched."""

    def __init__(self, places: Sequence[Place], wanted: Sequence[tuple[int, int, int]]) -> None:
        self._places, self._wanted = places, wanted
        self._open: dict[int, Any] = {}
        self._stack = ExitStack()

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __getitem__(self, nth: int) -> BinaryIO:
        if nth not in self._open:
            where = self._places[nth]
            if isinstance(where, Path):
                self._open[nth] = self._stack.enter_context(where.open("rb"))
            else:
                self._open[nth] = where.ranges([(offset, length) for file, offset, length in self._wanted if file == nth])
        held: BinaryIO = self._open[nth]
        return held


def reading(places: Sequence[Place], wanted: Sequence[tuple[int, int, int]]) -> Reading:
    """Files to be read at the places that are wanted: number of the file, offset, length."""
    return Reading(places, wanted)


def _store() -> Any:
    try:
        import fsspec
        import s3fs  # noqa: F401 - fsspec's own word for its absence does not say what to install
    except ImportError:
        raise CorpusError('s3:// needs what is not installed: pip install "cda-corpus[s3]"') from None
    return fsspec.filesystem("s3", use_listings_cache=False)


@contextmanager
def _told(where: Remote) -> Iterator[None]:
    """What a store refuses is no fault of the code."""
    _store()
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError, OSError) as error:
        raise CorpusError(f"{where} cannot be reached: {' '.join(str(error).split()) or type(error).__name__}") from None
