"""The tasks of one large export, found in stretches at once, wherever the work is spread; knows nothing of what is done with them.

A stretch begins where a task seems to, and is believed only if the tasks before it end there: so all are, one after the other. Where one
is not, or anything is odd, there is no answer, and the file is read from its beginning, by whoever has words for what is odd.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

from corpus import bundle
from corpus.bundle import Found
from corpus.problems import Problem
from corpus.release.spreading import Spread, stopped

LARGE = 256 << 20  # bytes; a smaller file is found through by one process while the others start
_STRETCH = 32 << 20


class Task(NamedTuple):
    """A task in a file: its document, the story that it names, offset and length in bytes (unpacked), SHA-256 of these bytes or ""."""

    document: str
    story: str | None
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The tasks of a file in their order, and the file's own hash."""

    sha256: str
    tasks: list[Task]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """The tasks that begin from one offset to another."""

    path: Path
    begin: int
    end: int
    is_list: bool
    hash: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranged:
    """Where the first of them begins, and the first after them, None at the end of the file; no tasks where anything was odd."""

    begin: int
    first: int | None
    after: int | None
    tasks: list[Task] | None


def task_of(found: Found, *, hash: bool) -> Task | None:
    """A found task that says whose it is."""
    offset, data, whose = found
    if whose is None:
        return None
    return Task(whose.document, whose.story, offset, len(data), hashlib.sha256(data).hexdigest() if hash else "")


def ranged(path: Path, spreading: Spread, *, hash: bool) -> Index | None:
    """All tasks of an export, found in stretches; None where it is to be read from its beginning."""
    size = path.stat().st_size
    with path.open("rb") as file, ThreadPoolExecutor(1) as beside:
        is_list = bundle.is_list(file)
        file.seek(0)
        whole = beside.submit(hashlib.file_digest, file, "sha256")
        jobs = [
            _Stretch(path=path, begin=begin, end=min(begin + _STRETCH, size), is_list=is_list, hash=hash)
            for begin in range(0, size, _STRETCH)
        ]
        tasks = _chained(sorted(spreading(_ranged, jobs), key=lambda one: one.begin))
        return None if tasks is None else Index(sha256=whole.result().hexdigest(), tasks=tasks)


def _chained(found: Sequence[_Ranged]) -> list[Task] | None:
    """All tasks, if each stretch ends where the next that has a task begins, and the last at the end."""
    there = [one for one in found if one.first is not None or one.tasks is None]
    broken = any(one.tasks is None for one in there) or any(one.after != other.first for one, other in pairwise(there))
    if broken or not there or there[0].begin != 0 or there[-1].after is not None:
        return None
    return list(chain.from_iterable(one.tasks or () for one in there))


def _ranged(job: _Stretch) -> _Ranged:
    with job.path.open("rb") as file:
        within = None if job.begin == 0 else bundle.first_task(file, job.begin, is_list=job.is_list)
        if job.begin and (within is None or within.offset >= job.end):
            return _Ranged(begin=job.begin, first=None, after=None, tasks=[])
        file.seek(0 if within is None else within.offset)
        tasks: list[Task] = []
        for one in bundle.split(file, "", within):
            if stopped() or isinstance(one, Problem) or (task := task_of(one, hash=job.hash)) is None:
                return _Ranged(begin=job.begin, first=0, after=None, tasks=None)
            if task.offset >= job.end:
                return _Ranged(begin=job.begin, first=tasks[0].offset if tasks else None, after=task.offset, tasks=tasks)
            tasks.append(task)
    return _Ranged(begin=job.begin, first=tasks[0].offset if tasks else None, after=None, tasks=tasks)
