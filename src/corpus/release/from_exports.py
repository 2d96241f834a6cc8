"""Builds a release straight from exports: for collections that never become a tree of small files."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import checks, codec, schema, storage
from corpus.audit import uncollected
from corpus.cache import Shelf
from corpus.manifest import Manifest
from corpus.model import Annotator, Holdings, Source
from corpus.nearness import Clusters
from corpus.problems import CorpusError, Problem
from corpus.release.building import Collection, NotClean, Plan, built
from corpus.release.cluster import chosen
from corpus.release.entries import Entry
from corpus.release.indexing import Indexed, changed, indexed
from corpus.release.of_exports import Exports
from corpus.release.recalling import ExportsMemory
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
    files: Sequence[Place],
    about: Described,
    plan: Plan,
    out: Place,
    *,
    near: bool = True,
    tell: Callable[[str], None] = lambda _: None,
    shelf: Shelf | None = None,
) -> Manifest:
    """Build into `out` from exports. With `near`, documents that retell each other and name no story are given one.

    `tell` is told in a line what was left out or trimmed. What stands on the shelf from earlier builds of files here is not done again.
    """
    for one in files:
        if not one.is_file():
            raise CorpusError(f"{one} is no file")
    common = Holdings(sources=about.sources, documents={}, annotators=about.annotators, layers={})
    memory = ExportsMemory.of(shelf, [one for one in files if isinstance(one, Path)], common)
    before = [storage.stamp(one) for one in files]
    documents = guessed(before)
    ahead = memory is None or memory.is_new()  # the processes start while this one finds out what there is to do
    with (
        uncollected(),
        staged(out) as staging,
        chosen(plan.cluster, plan.workers, documents, (*files, staging.shards), ahead=ahead) as spreading,
    ):
        unpacked = (staging.folder if plan.cluster is None else staging.shards) / _READING
        found = indexed(files, unpacked, spreading, memory)
        if found.problems:
            raise NotClean(sorted(found.problems), "the exports")
        input = Exports(
            files=tuple(found.files), names=found.names, sources=about.sources, annotators=about.annotators, all_texts=plan.all_texts
        )
        entries = found.entries()
        if near:
            clusters = Clusters()
            if memory is None:
                retold(input, entries, spreading, staging.shards, clusters)
            else:
                retold(input, entries, spreading, staging.shards, clusters, memory.sketches(found.hashes, found.unpack), memory.still)
            entries, problems = _with_stories(entries, clusters, found)
            if problems:
                raise NotClean(problems, "the exports")
        collection = Collection(
            input=input, entries=entries, common=common, inputs=dict(about.inputs) | found.inputs, name="the exports", tell=tell
        )
        keeping = None if memory is None else memory.keeping(found.hashes, found.unpack, all_texts=plan.all_texts)

        def ready() -> None:
            _unchanged(files, before, unpacked)
            if memory is not None:
                memory.keep_indexes()

        return built(staging, collection, plan, spreading, ready=ready, keeping=keeping)


def guessed(stamps: Iterable[tuple[int, str]]) -> int:
    """About how many documents there are in files of these stamps (bytes first), before they are read.

    >>> guessed([(120_000, ""), (6_000, "")])
    10
    """
    return sum(size for size, _ in stamps) // _A_TASK


def _with_stories(entries: list[Entry], clusters: Clusters, found: Indexed) -> tuple[list[Entry], list[Problem]]:
    """Each cluster has one story: the one that its documents name, or the first document's id; two are a fault."""
    named: dict[str, set[str]] = {}
    for name, story in found.stories.items():
        named.setdefault(clusters.first(name), set()).add(story)
    shared = (min(named.get(first := clusters.first(one.document), {first})) for one in entries)
    told = [one if one.story == story else Entry(one.document, story, one.places) for one, story in zip(entries, shared, strict=True)]
    problems = []
    for first, stories in sorted(named.items()):
        if len(stories) > 1:
            one, other = sorted(stories)[:2]
            message = f"its words are near those of others of its cluster, which is of the stories {one} and {other}"
            hint = "let all near-duplicates name one story"
            problems.append(Problem(where=first, pointer="/story", check="near-duplicates-share-a-story", message=message, hint=hint))
    return told, problems


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
            raise changed(str(path))
