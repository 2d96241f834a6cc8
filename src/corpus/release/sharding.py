"""The shards of one split and bucket, written as their documents are read: rows are held by the batch, never all at once."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus import tables
from corpus.card import Tally
from corpus.model import Shard, Split
from corpus.problems import Problem
from corpus.release.delivering import delivered
from corpus.release.digest import of_document
from corpus.release.entries import Entry, Gathered, Input, batches
from corpus.release.spreading import stopped
from corpus.splits import bucket_of, split_of
from corpus.storage import Place
from corpus.tables import Config, Parts, Row, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The documents of one split and bucket, by id, and the folder that their shards go to, each in one step."""

    input: Input
    entries: Sequence[Entry]
    folder: Place
    name: str  # of each shard in the folder of its config
    split: Split
    configs: Sequence[Config]


@dataclass(slots=True, kw_only=True)
class Part:
    """What came of a job: shards with their sizes, digests by document, counts, who annotated, and the documents that lack something."""

    shards: list[Shard] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    digests: list[tuple[str, str]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    annotators: set[str] = field(default_factory=set)
    undecided: list[str] = field(default_factory=list)
    without_text: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: "Part") -> None:
        """Take in what came of another job."""
        self.shards += other.shards
        self.sizes |= other.sizes
        self.digests += other.digests
        self.tally.update(other.tally)
        self.annotators |= other.annotators
        self.undecided += other.undecided
        self.without_text += other.without_text
        self.problems += other.problems


def jobs(input: Input, entries: Sequence[Entry], folder: Place, buckets: int, configs: Sequence[Config]) -> list[Job]:
    """A job for each split and bucket that has documents, the largest first."""
    held: dict[tuple[Split, int], list[Entry]] = {}
    for one in entries:
        held.setdefault((split_of(one.story), bucket_of(one.story, buckets)), []).append(one)
    made = [
        Job(input=input, entries=some, folder=folder, name=f"{split}-{bucket:05d}-of-{buckets:05d}.parquet", split=split, configs=configs)
        for (split, bucket), some in held.items()
    ]
    return sorted(made, key=lambda one: (-len(one.entries), one.name))


def written(job: Job) -> Part:
    """Read the documents of a job and write their shards; a shard without rows is not made, for load_dataset cannot open it."""
    with delivered(job.folder) as folder:
        return _written(job, folder)


def _written(job: Job, folder: Path) -> Part:
    part, writers = Part(), dict[Config, Writer]()
    try:
        for batch in batches(job.entries):
            if stopped():
                break
            rows: dict[Config, list[Row]] = {config: [] for config in job.configs}
            for one in job.input.gathered(batch):
                _take(part, one, rows)
            if not part.problems:
                _write(job.name, folder, writers, rows)
    finally:
        for writer in writers.values():
            writer.close()
    part.shards += (_shard(folder, writer) for writer in writers.values())
    part.sizes |= {one.path: (folder / one.path).stat().st_size for one in part.shards}
    return part


def _take(part: Part, one: Gathered, rows: dict[Config, list[Row]]) -> None:
    part.problems += one.problems
    if one.problems:
        return
    if not one.readings:
        part.tally["notes", "unread"] += 1
        return
    first, of_record = one.readings[0], one.of_record()
    held: dict[str, list[Row]] = {}
    for reading in one.readings:
        configs = [config for config in rows if config == "annotations" or reading is of_record]
        for config, some in tables.rows_by_config(configs, reading).items():
            rows[config] += some
            held.setdefault(config, []).extend(some)
            part.tally["rows", config] += len(some)
    part.digests.append((one.document, of_document(held)))
    part.annotators.update(reading.annotator for reading in one.readings)
    part.undecided += [one.document] if of_record is None else []
    part.without_text += [one.document] if first.words is None else []
    part.tally["notes", "trimmed"] += len(one.notes)
    part.tally.update([("language", first.article["language"]), ("source", first.article["source"])])
    if of_record is not None:
        part.tally.update(_counts(of_record))


def _counts(reading: Parts) -> Iterator[tuple[str, str]]:
    links = reading.layer["links"]
    yield "documents", "read"
    yield from (("mentions", one["label"]) for one in reading.known.values())
    yield from (("attributions", "read") for _ in reading.layer["attributions"])
    yield from (("links", one["type"]) for one in links)
    yield from (("denials", "linked") for _ in {one["from"] for one in links if one["type"] == "denies"})


def _write(name: str, folder: Path, writers: dict[Config, Writer], rows: dict[Config, list[Row]]) -> None:
    for config, some in rows.items():
        if some and config not in writers:
            path = folder / config / name
            path.parent.mkdir(exist_ok=True)
            writers[config] = Writer(config, path)
        if some:
            writers[config].write(some)


def _shard(folder: Path, writer: Writer) -> Shard:
    with writer.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Shard(path=writer.path.relative_to(folder).as_posix(), sha256=digest, rows=writer.rows)
