"""Where each task of some exports stands, found in one pass over each file, wherever the work is spread; and the hashes of the files."""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from corpus import bundle, export, storage
from corpus.problems import CorpusError, Problem
from corpus.release.delivering import delivered
from corpus.release.entries import Entry
from corpus.release.of_exports import packed
from corpus.release.ranging import LARGE, Index, Task, ranged, task_of
from corpus.release.spreading import Spread
from corpus.storage import Place


@dataclass(slots=True, kw_only=True)
class Indexed:
    """Where each task stands: places by document, the story that it names; the files to read from, and their names as faults tell them.

    `hashes` has the SHA-256 of each document's tasks, where that is asked for; `waiting` the compressed files that are known without
    having been read, and are not unpacked yet.
    """

    names: tuple[str, ...] = ()
    files: list[Place] = field(default_factory=list)
    places: dict[str, bytes] = field(default_factory=dict)
    stories: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    waiting: list["_Job"] = field(default_factory=list)

    def task(self, nth: int, number: int, one: Task) -> None:
        """Take in a task of the nth file."""
        self.places[one.document] = self.places.get(one.document, b"") + packed([(nth, one.offset, one.length, number)])
        if one.story is not None:
            self.stories[one.document] = one.story
        if one.sha256:
            self.hashes[one.document] = self.hashes.get(one.document, "") + one.sha256

    def unpack(self) -> None:
        """Unpack what waits to be."""
        for job in self.waiting:
            with job.path.open("rb") as file, ThreadPoolExecutor(1) as beside:
                hashed = _Hashed(file, beside)
                _unpacked(hashed, job)
                if hashed.rest() != self.inputs[job.path.name]:
                    raise changed(job.name)
        self.waiting.clear()

    def entries(self) -> list[Entry]:
        """By document. Places are handed over, for there may be millions."""
        places, self.places = self.places, {}
        return [Entry(name, self.stories.get(name, name), places.pop(name)) for name in sorted(places)]

    def add(self, other: "Indexed") -> None:
        """Take in what was found in the next file."""
        self.names += other.names
        self.files += other.files
        for name, places in other.places.items():
            self.places[name] = self.places.get(name, b"") + places
        self.stories |= other.stories
        for name, digests in other.hashes.items():
            self.hashes[name] = self.hashes.get(name, "") + digests
        self.inputs |= other.inputs
        self.problems += other.problems
        self.waiting += other.waiting


class Memory(Protocol):
    """What is known of files that have not changed."""

    def indexed(self, path: Path) -> Index | None:
        """The index of such a file."""
        ...

    def learn(self, path: Path, before: os.stat_result, started: int, index: Index) -> None:
        """Take in what was read of a file, from `started` on in ns, with what was asked of it before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    nth: int
    name: str
    path: Place
    unpacked: Place
    hash: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was found in a file, and for a memory the stat of the file before, since when it was read, and its index."""

    job: _Job
    found: Indexed
    before: os.stat_result | None
    started: int
    index: Index


def indexed(files: Sequence[Place], unpacked: Place, spreading: Spread, memory: Memory | None = None) -> Indexed:
    """All tasks of all files; what is compressed is unpacked below a folder that all who work can see.

    A memory is asked, and told, of files on this machine only.
    """
    names = [path.name for path in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise CorpusError(f"two exports are named {twice}; a release tells them apart by name")
    hash = memory is not None
    jobs = [_Job(nth=nth, name=str(path), path=storage.absolute(path), unpacked=unpacked, hash=hash) for nth, path in enumerate(files)]
    parts = {job.nth: _recalled(job, held) for job in jobs if (held := _known(job, memory)) is not None}
    rest = [job for job in jobs if job.nth not in parts]
    for one in spreading(_indexed, rest) if len(rest) > 1 else (_alone(job, spreading) for job in rest):
        parts[one.job.nth] = one.found
        if memory is not None and one.before is not None and isinstance(one.job.path, Path) and not one.found.problems:
            memory.learn(one.job.path, one.before, one.started, one.index)
    found = Indexed()
    for nth in sorted(parts):
        found.add(parts.pop(nth))
    return found


def _known(job: _Job, memory: Memory | None) -> Index | None:
    return memory.indexed(job.path) if memory is not None and isinstance(job.path, Path) else None


def _recalled(job: _Job, held: Index) -> Indexed:
    is_packed = job.path.suffix in bundle.COMPRESSIONS
    file = storage.absolute(job.unpacked / f"{job.nth}.json") if is_packed else job.path
    found = Indexed(names=(job.name,), files=[file], inputs={job.path.name: held.sha256}, waiting=[job] if is_packed else [])
    for number, one in enumerate(held.tasks):
        found.task(job.nth, number, one)
    return found


def _alone(job: _Job, spreading: Spread) -> _Read:
    """One file alone is read here, while others start to work, or in stretches wherever they do."""
    if not isinstance(job.path, Path) or job.path.suffix in bundle.COMPRESSIONS or job.path.stat().st_size < LARGE:
        return _indexed(job)
    before, started = job.path.stat(), time.time_ns()
    index = ranged(job.path, spreading, hash=job.hash)
    if index is None:
        return _indexed(job)
    found = Indexed(names=(job.name,), files=[job.path], inputs={job.path.name: index.sha256})
    for number, task in enumerate(index.tasks):
        found.task(job.nth, number, task)
    return _Read(job=job, found=found, before=before, started=started, index=index if job.hash else replace(index, tasks=[]))


def _indexed(job: _Job) -> _Read:
    """Find the tasks of a file in one pass, in which it is hashed as well."""
    before, started = job.path.stat() if isinstance(job.path, Path) else None, time.time_ns()
    found = Indexed(names=(job.name,))
    with job.path.open("rb") as file, ThreadPoolExecutor(1) as beside:
        hashed = _Hashed(file, beside)
        if job.path.suffix in bundle.COMPRESSIONS:
            found.files.append(_unpacked(hashed, job))
            with found.files[0].open("rb") as plain:
                tasks = _index(plain, job, found)
        else:
            found.files.append(job.path)
            tasks = _index(hashed, job, found)
        found.inputs[job.path.name] = hashed.rest()
    index = Index(sha256=found.inputs[job.path.name], tasks=tasks)
    return _Read(job=job, found=found, before=before, started=started, index=index)


def _index(stream: Any, job: _Job, found: Indexed) -> list[Task]:
    tasks = []
    for number, one in enumerate(bundle.split(stream, job.name)):
        if isinstance(one, Problem):
            found.problems.append(one)
            break
        task = task_of(one, hash=job.hash)
        if task is None:
            found.problems += _strange(one[1], job.name, f"/{number}")
        else:
            found.task(job.nth, number, task)
            tasks += [task] if job.hash else []
    return tasks


def changed(name: str) -> CorpusError:
    """The sentence on a file that was written to meanwhile."""
    return CorpusError(f"{name} changed while it was read; build again when it is finished")


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
