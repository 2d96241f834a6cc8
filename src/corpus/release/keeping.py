"""Shards that an earlier build wrote, by all that they were made from: who asks for the same again is given the same bytes.

Every shard is hashed as it is copied into the release. Only what came of a job without a fault is kept.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpus import codec, shapes
from corpus.cache import Shelf, fingerprint
from corpus.card import Tally
from corpus.model import Shard
from corpus.release.entries import Entry
from corpus.release.sharding import Job, Part, written
from corpus.release.spreading import Spread, few_here
from corpus.tables import Config

KIND = "shards"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A part without its files: of each shard config, SHA-256, rows and bytes, in the order in which the files follow."""

    shards: list[tuple[Config, str, int, int]]
    digests: list[tuple[str, str]]
    tally: list[tuple[str, str, int]]
    annotators: list[str]
    undecided: list[str]
    without_text: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where parts are kept: `common` stands for the code and all that every row depends on.

    `stamp` of an entry stands for the bytes that it is read from, None where these are not known, and `still` tells
    of entries whether these are there yet. `reading` is called before any document is read.
    """

    shelf: Shelf
    common: str
    stamp: Callable[[Entry], str | None]
    still: Callable[[Sequence[Entry]], bool]
    reading: Callable[[], None] = lambda: None

    def taken(self, job: Job) -> Part | None:
        """What came of the same job before, its shards copied to where this job's belong; None where it is to be done."""
        key = self._key(job)
        if key is None or not isinstance(job.folder, Path):
            return None
        with self.shelf.opened(KIND, key) as entry:
            if entry is None:
                return None
            kept = shapes.plainly_read(entry[0], _Kept)
            part = None if kept is None else _copied(job, job.folder, kept, entry[1])
        if part is None:
            self.shelf.damaged(KIND, key)
        else:
            self.shelf.given[KIND] += 1
        return part

    def keep(self, job: Job, part: Part) -> None:
        """Remember what came of a job, if it is without a fault and all that it was made from lies as it did."""
        key = self._key(job)
        folder = job.folder
        if key is None or part.problems or not isinstance(folder, Path) or not self.still(job.entries):
            return
        kept = _Kept(
            shards=[(_config(job, one), one.sha256, one.rows or 0, part.sizes[one.path]) for one in part.shards],
            digests=part.digests,
            tally=[(of, what, number) for (of, what), number in sorted(part.tally.items())],
            annotators=sorted(part.annotators),
            undecided=part.undecided,
            without_text=part.without_text,
        )
        self.shelf.put(KIND, key, shapes.spelt_plainly(kept), (folder / one.path for one in part.shards))

    def _key(self, job: Job) -> str | None:
        stamps = [self.stamp(one) for one in job.entries]
        if None in stamps:
            return None
        lines = (codec.sorted_line([one.document, one.story, stamp]) for one, stamp in zip(job.entries, stamps, strict=True))
        return fingerprint(self.common, job.name, codec.sorted_line(list(job.configs)), b"".join(lines))


def parted(made: Iterable[Job], spreading: Spread, keeping: Keeping | None) -> tuple[Part, list[tuple[Job, Part]]]:
    """What came of all jobs, and of each that had to be done."""
    part, anew = Part(), []
    for job in made:
        held = None if keeping is None else keeping.taken(job)
        if held is None:
            anew.append(job)
        else:
            part.add(held)
    if anew and keeping is not None:
        keeping.reading()
    named = {job.name: job for job in anew}
    work = spreading if keeping is None else few_here(spreading, sum(len(job.entries) for job in anew))
    done = [(named[name], one) for name, one in work(_named, anew)]
    for _, one in done:
        part.add(one)
    return part, done


def _named(job: Job) -> tuple[str, Part]:
    return job.name, written(job)


def _config(job: Job, shard: Shard) -> Config:
    return next(config for config in job.configs if shard.path == f"{config}/{job.name}")


def _copied(job: Job, folder: Path, kept: _Kept, file: BinaryIO) -> Part | None:
    """The part, with its files written under names that the job gives; None, and no file, where one is not what it should be."""
    configs = [config for config, *_ in kept.shards]
    if len({*configs}) < len(configs) or not {*configs} <= {*job.configs}:
        return None
    whole = all(_copy(file, folder / config / job.name, digest, size) for config, digest, _, size in kept.shards)
    if not whole or file.read(1):
        _remove(folder / config / job.name for config in configs)
        return None
    paths = [f"{config}/{job.name}" for config in configs]
    facts = list(zip(paths, kept.shards, strict=True))
    return Part(
        shards=[Shard(path=path, sha256=digest, rows=rows) for path, (_, digest, rows, _) in facts],
        sizes={path: size for path, (_, _, _, size) in facts},
        digests=kept.digests,
        tally=Tally({(of, what): number for of, what, number in kept.tally}),
        annotators=set(kept.annotators),
        undecided=kept.undecided,
        without_text=kept.without_text,
    )


def _copy(file: BinaryIO, path: Path, digest: str, size: int) -> bool:
    """Copy the next bytes, and hash them on their way: what is written is what was hashed."""
    path.parent.mkdir(exist_ok=True)
    whole = hashlib.sha256()
    with path.open("wb") as made:
        while size > 0 and (block := _read(file, min(size, _BLOCK))):
            whole.update(block)
            made.write(block)
            size -= len(block)
    return size == 0 and whole.hexdigest() == digest


def _read(file: BinaryIO, size: int) -> bytes:
    """A disk that gives nothing is as a file that ends."""
    try:
        return file.read(size)
    except OSError:
        return b""


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink()
            path.parent.rmdir()  # only if it is empty
