"""Builds a release straight from exports: for collections that never become a tree of small files."""

import hashlib
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from corpus import bundle, checks, codec, export, schema
from corpus.audit import uncollected
from corpus.cache import Shelf
from corpus.cache.ledger import stamp_of
from corpus.manifest import Manifest
from corpus.model import Annotator, Holdings, Source
from corpus.nearness import Clusters
from corpus.problems import CorpusError, Problem
from corpus.release.building import Collection, NotClean, Plan, built, staged
from corpus.release.entries import Entry
from corpus.release.indexing import ExportsMemory, Index, Indexed
from corpus.release.of_exports import Exports, packed
from corpus.release.retelling import retold
from corpus.release.spreading import default_workers, spread

_A_TASK = 12_000  # bytes, to guess how many documents there are before they are read
_READING = ".reading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What no task says of a collection: its sources and who annotated, by id, and the hashes of the files that told."""

    sources: Mapping[str, Source]
    annotators: Mapping[str, Annotator]
    inputs: Mapping[str, str]


def described(sources: Iterable[Path], annotators: Path) -> Described:
    """Read source.json files and annotators.json, strictly."""
    told: dict[str, Source] = {}
    inputs: dict[str, str] = {}
    for path in sources:
        source = codec.source_from_json(_told(path, "source", inputs))
        told[source.id] = source
    whole = codec.annotators_from_json(_told(annotators, "annotators", inputs))
    held = Holdings(sources=told, documents={}, annotators={}, layers={})
    problems = [
        problem for path, source in zip(sources, told.values(), strict=False) for problem in checks.of_source(str(path), source, held)
    ]
    if problems:
        raise NotClean(problems, "what describes the collection")
    return Described(sources=told, annotators={one.id: one for one in whole}, inputs=inputs)


def build_from(
    files: Sequence[Path],
    about: Described,
    plan: Plan,
    out: Path,
    *,
    near: bool = True,
    tell: Callable[[str], None] = lambda _: None,
    shelf: Shelf | None = None,
) -> Manifest:
    """Build into `out` from exports. With `near`, documents that retell each other and name no story are given one.

    `tell` is told in a line what was left out or trimmed. What stands on the shelf from earlier builds is not done again.
    """
    for one in files:
        if not one.is_file():
            raise CorpusError(f"{one} is no file")
    common = Holdings(sources=about.sources, documents={}, annotators=about.annotators, layers={})
    memory = ExportsMemory.of(shelf, files, common)
    before = [stamp_of(one.stat()) for one in files]
    documents = sum(one.stat().st_size for one in files) // _A_TASK
    early = memory is None or memory.is_new
    with (
        uncollected(),
        staged(out) as folder,
        spread(plan.workers or default_workers(documents), early=early) as spreading,
    ):
        found = _indexed(files, folder / _READING, memory)
        if found.problems:
            raise NotClean(sorted(found.problems), "the exports")
        input = Exports(
            files=tuple(found.files), names=found.names, sources=about.sources, annotators=about.annotators, all_texts=plan.all_texts
        )
        entries = found.entries()
        if near:
            clusters = Clusters()
            if memory is None:
                retold(input, entries, spreading, clusters)
            else:
                retold(input, entries, spreading, clusters, memory.sketches(found.hashes, found.unpack), memory.still)
            entries, problems = _with_stories(entries, clusters, found)
            if problems:
                raise NotClean(problems, "the exports")
        collection = Collection(
            input=input, entries=entries, common=common, inputs=dict(about.inputs) | found.inputs, name="the exports", tell=tell
        )
        keeping = None if memory is None else memory.keeping(found.hashes, found.unpack, all_texts=plan.all_texts)

        def ready() -> None:
            _unchanged(files, before, folder / _READING)
            if memory is not None:
                memory.keep_indexes()

        return built(folder, collection, plan, out, spreading, ready=ready, keeping=keeping)


@dataclass(slots=True, kw_only=True)
class _Indexed:
    """Where each task stands: places by document, the story that it names, and the files to read from.

    `hashes` has the SHA-256 of each document's tasks, where that is asked for; `waiting` compressed files with where they are to be
    unpacked to and their hash, which are known without having been read.
    """

    names: tuple[str, ...]
    files: list[Path] = field(default_factory=list)
    places: dict[str, bytes] = field(default_factory=dict)
    stories: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    waiting: list[tuple[Path, Path, str]] = field(default_factory=list)

    def task(self, nth: int, number: int, one: Indexed) -> None:
        """Take in a task of the nth file."""
        place = packed([(nth, one.offset, one.length, number)])
        self.places[one.document] = self.places.get(one.document, b"") + place
        if one.story is not None:
            self.stories[one.document] = one.story
        if one.sha256:
            self.hashes[one.document] = self.hashes.get(one.document, "") + one.sha256

    def unpack(self) -> None:
        """Unpack what waits to be."""
        for path, spool, digest in self.waiting:
            with path.open("rb") as file, ThreadPoolExecutor(1) as beside:
                hashed = _Hashed(file, beside)
                _unpacked(hashed, path, spool)
                if hashed.rest() != digest:
                    raise _changed(path)
        self.waiting.clear()

    def entries(self) -> list[Entry]:
        """By document."""
        return [Entry(name, self.stories.get(name, name), places) for name, places in sorted(self.places.items())]


def _indexed(files: Sequence[Path], spool: Path, memory: ExportsMemory | None) -> _Indexed:
    found = _Indexed(names=tuple(map(str, files)))
    for nth, path in enumerate(files):
        if path.name in found.inputs:
            raise CorpusError(f"two exports are named {path.name}; a release tells them apart by name")
        packed_ = path.suffix in bundle.COMPRESSIONS
        found.files.append(spool / f"{nth}.json" if packed_ else path)
        known = None if memory is None else memory.indexed(path)
        if known is None:
            found.inputs[path.name] = _read(path, nth, found, memory)
            continue
        found.inputs[path.name] = known.sha256
        found.waiting += [(path, found.files[-1], known.sha256)] if packed_ else []
        for number, one in enumerate(known.tasks):
            found.task(nth, number, one)
    return found


def _read(path: Path, nth: int, found: _Indexed, memory: ExportsMemory | None) -> str:
    """Find the tasks of a file in one pass, in which it is hashed as well."""
    before, started = path.stat(), time.time_ns()
    with path.open("rb") as file, ThreadPoolExecutor(1) as beside:
        hashed = _Hashed(file, beside)
        if found.files[nth] == path:
            tasks = _index(hashed, nth, found, hash=memory is not None)
        else:
            with _unpacked(hashed, path, found.files[nth]).open("rb") as plain:
                tasks = _index(plain, nth, found, hash=memory is not None)
        digest = hashed.rest()
    if memory is not None and not found.problems:
        memory.learn(path, before, started, Index(sha256=digest, tasks=tasks))
    return digest


def _index(stream: Any, nth: int, found: _Indexed, *, hash: bool) -> list[Indexed]:
    where, tasks = found.names[nth], []
    for number, one in enumerate(bundle.split(stream, where)):
        if isinstance(one, Problem):
            found.problems.append(one)
            break
        offset, data, whose = one
        if whose is None:
            found.problems += _strange(data, where, f"/{number}")
        else:
            digest = hashlib.sha256(data).hexdigest() if hash else ""
            task = Indexed(whose.document, whose.story, offset, len(data), digest)
            found.task(nth, number, task)
            if hash:
                tasks.append(task)
    return tasks


def _strange(data: bytes, where: str, pointer: str) -> list[Problem]:
    """Why a task does not say whose it is."""
    task, problems = bundle.task_in(data, where, pointer)
    problems = problems or list(export.shape_problems(task, where, pointer))
    message = "does not say of which document it is, or of which story"
    return problems or [Problem(where=where, pointer=f"{pointer}/data", check="matches-schema", message=message)]


def _with_stories(entries: list[Entry], clusters: Clusters, found: _Indexed) -> tuple[list[Entry], list[Problem]]:
    """Each cluster has one story: the one that its documents name, or the first document's id; two are a fault."""
    named: dict[str, set[str]] = {}
    for name, story in found.stories.items():
        named.setdefault(clusters.first(name), set()).add(story)
    told = [Entry(one.document, min(named.get(first := clusters.first(one.document), {first})), one.places) for one in entries]
    problems = []
    for first, stories in sorted(named.items()):
        if len(stories) > 1:
            one, other = sorted(stories)[:2]
            message = f"its words are near those of others of its cluster, which is of the stories {one} and {other}"
            hint = "let all near-duplicates name one story"
            problems.append(Problem(where=first, pointer="/story", check="near-duplicates-share-a-story", message=message, hint=hint))
    return told, problems


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


def _unpacked(file: Any, path: Path, spool: Path) -> Path:
    """A compressed export unpacked to where its tasks can be read again."""
    spool.parent.mkdir(exist_ok=True)
    try:
        with spool.open("wb") as plain:
            shutil.copyfileobj(bundle.opened(file, path), plain, 1 << 20)
    except OSError as error:
        if error.errno is not None:
            raise
        raise CorpusError(f"{path} cannot be unpacked: {error}") from None
    return spool


def _told(path: Path, kind: schema.Kind, inputs: dict[str, str]) -> Any:
    if not path.is_file():
        raise CorpusError(f"{path} is no file; it is to describe the collection ({kind}.schema.json)")
    data = path.read_bytes()
    value, problems = codec.read_json(data, str(path))
    problems = problems or schema.problems(kind, value, str(path))
    if problems:
        raise NotClean(problems, str(path))
    inputs[f"{kind}:{path.parent.name}/{path.name}" if path.name in inputs else path.name] = hashlib.sha256(data).hexdigest()
    return value


def _unchanged(files: Sequence[Path], before: Sequence[str], reading: Path) -> None:
    shutil.rmtree(reading, ignore_errors=True)
    for path, stamp in zip(files, before, strict=True):
        if stamp_of(path.stat()) != stamp:
            raise _changed(path)


def _changed(path: Path) -> CorpusError:
    return CorpusError(f"{path} changed while it was read; build again when it is finished")
