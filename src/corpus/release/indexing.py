"""Where each task of some exports stands, found in one pass over each file, wherever the work is spread; and the hashes of the files."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from corpus import bundle, export, storage
from corpus.problems import CorpusError, Problem
from corpus.release.delivering import delivered
from corpus.release.entries import Entry
from corpus.release.of_exports import packed
from corpus.release.spreading import Spread
from corpus.storage import Place


@dataclass(slots=True, kw_only=True)
class Indexed:
    """Where each task stands: places by document, the story that it names; the files to read from, and their names as faults tell them."""

    names: tuple[str, ...] = ()
    files: list[Place] = field(default_factory=list)
    places: dict[str, bytes] = field(default_factory=dict)
    stories: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        """By document."""
        return [Entry(name, self.stories.get(name, name), places) for name, places in sorted(self.places.items())]

    def add(self, other: "Indexed") -> None:
        """Take in what was found in the next file."""
        self.names += other.names
        self.files += other.files
        for name, places in other.places.items():
            self.places[name] = self.places.get(name, b"") + places
        self.stories |= other.stories
        self.inputs |= other.inputs
        self.problems += other.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    nth: int
    name: str
    path: Place
    unpacked: Place


def indexed(files: Sequence[Place], unpacked: Place, spreading: Spread) -> Indexed:
    """All tasks of all files; what is compressed is unpacked below a folder that all who work can see."""
    names = [path.name for path in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise CorpusError(f"two exports are named {twice}; a release tells them apart by name")
    jobs = [_Job(nth=nth, name=str(path), path=storage.absolute(path), unpacked=unpacked) for nth, path in enumerate(files)]
    found = Indexed()
    several = spreading(_indexed, jobs) if len(jobs) > 1 else map(_indexed, jobs)  # one is read here, while those who will work start
    for _, one in sorted(several, key=lambda one: one[0]):
        found.add(one)
    return found


def _indexed(job: _Job) -> tuple[int, Indexed]:
    found = Indexed(names=(job.name,))
    with job.path.open("rb") as file, ThreadPoolExecutor(1) as beside:
        hashed = _Hashed(file, beside)
        if job.path.suffix in bundle.COMPRESSIONS:
            found.files.append(_unpacked(hashed, job))
            with found.files[0].open("rb") as plain:
                _index(plain, job, found)
        else:
            found.files.append(job.path)
            _index(hashed, job, found)
        found.inputs[job.path.name] = hashed.rest()
    return job.nth, found


def _index(stream: Any, job: _Job, found: Indexed) -> None:
    for number, one in enumerate(bundle.split(stream, job.name)):
        if isinstance(one, Problem):
            found.problems.append(one)
            return
        offset, data, whose = one
        if whose is None:
            found.problems += _strange(data, job.name, f"/{number}")
        else:
            found.places[whose.document] = found.places.get(whose.document, b"") + packed([(job.nth, offset, len(data), number)])
            if whose.story is not None:
                found.stories[whose.document] = whose.story


def _strange(data: bytes, where: str, pointer: str) -> Iterator[Problem]:
    """Why a task does not say whose it is."""
    task, problems = bundle.task_in(data, where, pointer)
    problems = problems or list(export.shape_problems(task, where, pointer))
    message = "does not say of which document it is, or of which story"
    yield from problems or [Problem(where=where, pointer=f"{pointer}/data", check="matches-schema", message=message)]


class _Hashed:
    """A file that is hashed as it is read, a block behind and beside the reader."""

    def __init__(self, file: BinaryIO, beside: Executor) -> None:
        self._file, self._beside, self._hash, self.closed = file, beside, hashlib.sha256(), False
        self._last = beside.submit(int)

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._last.result()
        self._last = self._beside.submit(self._hash.update, data)  # type: ignore[arg-type]
        return data

    def readable(self) -> bool:
        return True

    def rest(self) -> str:
        """Read to the end; the SHA-256 of all."""
        while self.read(1 << 20):
            pass
        self._last.result()
        return self._hash.hexdigest()


def _unpacked(file: Any, job: _Job) -> Place:
    """A compressed export unpacked to where its tasks can be read again."""
    if isinstance(job.unpacked, Path):
        job.unpacked.mkdir(exist_ok=True)
    name = f"{job.nth}.json"
    with delivered(job.unpacked) as apart, (apart / name).open("wb") as plain:
        try:
            shutil.copyfileobj(bundle.opened(file, Path(job.path.name)), plain, 1 << 20)
        except OSError as error:
            if error.errno is not None:
                raise
            raise CorpusError(f"{job.name} cannot be unpacked: {error}") from None
    return storage.absolute(job.unpacked / name)
