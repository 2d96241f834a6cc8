"""Builds a release straight from exports: for collections that never become a tree of small files."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from corpus import bundle, checks, codec, export, schema, shapes, storage
from corpus.manifest import Manifest
from corpus.model import Annotator, Holdings, Source
from corpus.nearness import Clusters
from corpus.problems import CorpusError, Problem
from corpus.release.building import Collection, NotClean, Plan, built
from corpus.release.cluster import chosen
from corpus.release.entries import Entry
from corpus.release.of_exports import Exports, packed
from corpus.release.retelling import retold
from corpus.release.staging import staged
from corpus.storage import Place

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
    files: Sequence[Place], about: Described, plan: Plan, out: Place, *, near: bool = True, tell: Callable[[str], None] = lambda _: None
) -> Manifest:
    """Build into `out` from exports. With `near`, documents that retell each other and name no story are given one.

    `tell` is told in a line what was left out or trimmed.
    """
    for one in files:
        if not one.is_file():
            raise CorpusError(f"{one} is no file")
    before = [storage.stamp(one) for one in files]
    documents = sum(size for size, _ in before) // _A_TASK
    with staged(out) as staging, chosen(plan.cluster, plan.workers, documents, (*files, staging.shards)) as spreading:
        unpacked = (staging.folder if plan.cluster is None else staging.shards) / _READING
        found = _indexed(files, unpacked)
        if found.problems:
            raise NotClean(sorted(found.problems), "the exports")
        input = Exports(
            files=tuple(found.files), names=found.names, sources=about.sources, annotators=about.annotators, all_texts=plan.all_texts
        )
        entries = found.entries()
        if near:
            clusters = Clusters()
            retold(input, entries, spreading, clusters)
            entries, problems = _with_stories(entries, clusters, found)
            if problems:
                raise NotClean(problems, "the exports")
        common = Holdings(sources=about.sources, documents={}, annotators=about.annotators, layers={})
        collection = Collection(
            input=input, entries=entries, common=common, inputs=dict(about.inputs) | found.inputs, name="the exports", tell=tell
        )
        return built(staging, collection, plan, spreading, ready=lambda: _unchanged(files, before, unpacked))


@dataclass(slots=True, kw_only=True)
class _Indexed:
    """Where each task stands: places by document, the story that it names, and the files to read from."""

    names: tuple[str, ...]
    files: list[Place] = field(default_factory=list)
    places: dict[str, bytes] = field(default_factory=dict)
    stories: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        """By document."""
        return [Entry(name, self.stories.get(name, name), places) for name, places in sorted(self.places.items())]


def _indexed(files: Sequence[Place], spool: Place) -> _Indexed:
    found = _Indexed(names=tuple(map(str, files)))
    for nth, path in enumerate(files):
        if path.name in found.inputs:
            raise CorpusError(f"two exports are named {path.name}; a release tells them apart by name")
        with path.open("rb") as file:
            hashed = _Hashed(file)
            if path.suffix in bundle.COMPRESSIONS:
                found.files.append(_unpacked(hashed, path, spool / f"{nth}.json"))
                with found.files[-1].open("rb") as plain:
                    _index(plain, nth, found)
            else:
                found.files.append(storage.absolute(path))
                _index(hashed, nth, found)
            found.inputs[path.name] = hashed.rest()
    return found


def _index(stream: Any, nth: int, found: _Indexed) -> None:
    where = found.names[nth]
    for number, one in enumerate(bundle.split(stream, where)):
        if isinstance(one, Problem):
            found.problems.append(one)
            return
        offset, data = one
        whose = shapes.glance(data)
        if whose is None:
            found.problems += _strange(data, where, f"/{number}")
        else:
            found.places[whose.document] = found.places.get(whose.document, b"") + packed([(nth, offset, len(data), number)])
            if whose.story is not None:
                found.stories[whose.document] = whose.story


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
    told = [replace(one, story=min(named.get(first := clusters.first(one.document), {first}))) for one in entries]
    problems = []
    for first, stories in sorted(named.items()):
        if len(stories) > 1:
            one, other = sorted(stories)[:2]
            message = f"its words are near those of others of its cluster, which is of the stories {one} and {other}"
            hint = "let all near-duplicates name one story"
            problems.append(Problem(where=first, pointer="/story", check="near-duplicates-share-a-story", message=message, hint=hint))
    return told, problems


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash, self.closed = file, hashlib.sha256(), False

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        return data

    def readable(self) -> bool:
        return True

    def rest(self) -> str:
        """Read to the end; the SHA-256 of all."""
        while self.read(1 << 20):
            pass
        return self._hash.hexdigest()


def _unpacked(file: Any, path: Place, spool: Place) -> Place:
    """A compressed export unpacked to where its tasks can be read again."""
    if isinstance(spool, Path):
        spool.parent.mkdir(exist_ok=True)
    try:
        with spool.open("wb") as plain:
            shutil.copyfileobj(bundle.opened(file, Path(path.name)), plain, 1 << 20)
    except OSError as error:
        if error.errno is not None:
            raise
        raise CorpusError(f"{path} cannot be unpacked: {error}") from None
    return storage.absolute(spool)


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


def _unchanged(files: Sequence[Place], before: Sequence[tuple[int, str]], unpacked: Place) -> None:
    storage.remove(unpacked)
    for path, stamp in zip(files, before, strict=True):
        if storage.stamp(path) != stamp:
            raise CorpusError(f"{path} changed while it was read; build again when it is finished")
