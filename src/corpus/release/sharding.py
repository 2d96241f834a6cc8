"""The shards of one split and bucket, written as their documents are read: rows are held by the batch, never all at once."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.card import Tally
from corpus.model import Shard, Split
from corpus.problems import Problem
from corpus.release.delivering import delivered
from corpus.release.digest import of_document
from corpus.release.entries import Entry, Gathered, Input, batches
from corpus.release.spreading import stopped
from corpus.splits import bucket_of, split_of
from corpus.storage import Place
from corpus.tables import Batch, Config, Parts, Row, Writer


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
            rows = _taken(part, list(job.input.gathered(batch)), job.configs)
            if not part.problems:
                _write(part, job.name, folder, writers, rows)
    finally:
        for writer in writers.values():
            writer.close()
    part.shards += (_shard(folder, writer) for writer in writers.values())
    part.sizes |= {one.path: (folder / one.path).stat().st_size for one in part.shards}
    return part


def _taken(part: Part, gathered: Sequence[Gathered], configs: Sequence[Config]) -> Batch:
    """The rows of some documents; all else that came of them is added to the part."""
    of_record = [(one, one.of_record()) for one in gathered if one.readings and not one.problems]
    texts = (read.words for _, read in of_record if read is not None and read.words is not None and "tokens" in configs)
    batch = Batch(configs, texts)
    for one, read in of_record:
        held: dict[Config, list[Row]] = {}
        for reading in one.readings:
            wanted = configs if reading is read else [config for config in configs if config == "annotations"]
            for config, some in batch.add(reading, wanted).items():
                held.setdefault(config, []).extend(some)
        part.digests.append((one.document, of_document(held)))
    part.problems += (problem for one in gathered for problem in one.problems)
    part.annotators.update(reading.annotator for one, _ in of_record for reading in one.readings)
    part.undecided += (one.document for one, read in of_record if read is None)
    part.without_text += (one.document for one, _ in of_record if one.readings[0].words is None)
    for of, numbers in _counts(gathered, [read for _, read in of_record if read is not None]):
        part.tally.update({(of, what): number for what, number in numbers.items() if number})
    return batch


def _counts(gathered: Sequence[Gathered], of_record: Sequence[Parts]) -> Iterator[tuple[str, Mapping[str, int]]]:
    whole = [one for one in gathered if not one.problems]
    read = [one for one in whole if one.readings]
    yield "notes", {"unread": len(whole) - len(read), "trimmed": sum(len(one.notes) for one in read)}
    yield "language", Counter(one.readings[0].article["language"] for one in read)
    yield "source", Counter(one.readings[0].article["source"] for one in read)
    yield "documents", {"read": len(of_record)}
    yield "mentions", Counter(one["label"] for read in of_record for one in read.known.values())
    yield "attributions", {"read": sum(len(read.layer["attributions"]) for read in of_record)}
    links = [(nth, one) for nth, read in enumerate(of_record) for one in read.layer["links"]]
    yield "links", Counter(one["type"] for _, one in links)
    yield "denials", {"linked": len({(nth, one["from"]) for nth, one in links if one["type"] == "denies"})}


def _write(part: Part, name: str, folder: Path, writers: dict[Config, Writer], rows: Batch) -> None:
    for config, some in rows.columns().items():
        if config not in writers:
            path = folder / config / name
            path.parent.mkdir(exist_ok=True)
            writers[config] = Writer(config, path)
        writers[config].write(some)
        part.tally["rows", config] += some.num_rows


def _shard(folder: Path, writer: Writer) -> Shard:
    with writer.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Shard(path=writer.path.relative_to(folder).as_posix(), sha256=digest, rows=writer.rows)
